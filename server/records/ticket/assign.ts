import { localDay } from '../../platform/clock/clock.ts';
import type { Context } from '../../platform/context.ts';
import { sharedStatement } from '../../platform/db/database.ts';
import { refuseInput } from '../../platform/errors/refusal.ts';
import { configurationOf, type Configuration } from '../organization/configuration.ts';
import { windowForVisit } from '../dispatch/appointments/rows.ts';
import { tellMoved } from '../dispatch/appointments/tell-moved.ts';
import { lockDaysOf } from '../dispatch/lock-days.ts';
import { cancelCurrentVisits, scheduleVisit, type VisitPlan } from '../visit/schedule.ts';
import { findMembers } from '../visit/members.ts';
import { techniciansWhoCame } from '../visit/queries.ts';
import { changeTicket, tellOnTicket, type Writing } from './change.ts';
import { findTeam } from './references.ts';
import type { TicketRow } from './row.ts';

export interface Assignment {
  assigneeId: string | null;
  teamId?: string | undefined;
  note?: string | undefined;
  /** Asks for an on-site visit; a technician always gets one. */
  visit?: { windowStart?: string | undefined; windowEnd?: string | undefined; /** Who comes along. */ members?: readonly string[] | undefined; plan?: VisitPlan | undefined } | undefined;
  /** Why somebody is sent against the rules, and against which (违规派单). */
  override?: { reason: string; rules: readonly string[] } | undefined;
}

/**
 * Gives a ticket to a person (派单), or takes it back with null. A technician gets a visit scheduled; visits under way
 * with somebody else are called off, as two people must not set out for one job unasked.
 */
export async function assignTicket(context: Context & Writing, ticket: TicketRow, assignment: Assignment): Promise<TicketRow> {
  const configuration = await configurationOf(context);
  const { assigneeId, teamId } = assignment;
  const team = teamId === undefined ? undefined : findTeam(configuration, teamId);
  const assignee = assigneeId === null ? null : await findAssignee(context, assigneeId);

  // Without a team of its own the ticket follows its assignee's.
  const followed = team ?? (ticket.team_id === null && assignee?.team_id ? configuration.teams.get(assignee.team_id) : undefined);
  const onSite = assignee !== null && (assignee.job === 'technician' || assignment.visit !== undefined);
  // Whoever it is taken from has no more to do with it, unless they have worked on it.
  const participants = new Set(await techniciansWhoCame(context, ticket.id));
  if (assignee) participants.add(assignee.id);
  const members = assignee === null ? [] : await findMembers(context, assignment.visit?.members ?? [], assignee.id, '/visit/members');
  for (const { id } of members) participants.add(id);
  const window = onSite ? await windowForVisit(context, ticket.id, { windowStart: assignment.visit?.windowStart, windowEnd: assignment.visit?.windowEnd }) : null;
  // Whoever asks whether there is room with them waits, and sees this.
  if (window !== null) await lockDaysOf(context, [assignee!.id, ...members.map(({ id }) => id)], daysOf(context, configuration, window, assignment.visit?.plan?.planned_start ?? null));

  let current = await changeTicket(context, ticket, {
    assignee_id: assigneeId,
    accepted_at: null,
    // Offered to a person, it is no longer lying around; it counts as in progress once somebody has it.
    ...(ticket.status === 'waiting' ? { status: 'open', waiting_for: null } : ticket.status === 'new' && assignee ? { status: 'open' } : {}),
    ...(followed ? { team_id: followed.id, department_id: followed.departmentId } : {}),
    participant_ids: [...participants],
  }, { kind: 'ticket.assigned', data: { assigneeName: assignee?.name ?? null, ...(assignment.note ? { note: assignment.note } : {}), ...(assignment.override ? { override: assignment.override } : {}) } });

  for (const visit of await cancelCurrentVisits(context, ticket.id)) {
    current = await tellOnTicket(context, current, { kind: 'visit.cancelled', subjectId: visit.id, data: { technicianId: visit.technician_id, reason: 'reassigned' } });
  }
  if (assignee && window !== null) {
    const visit = await scheduleVisit(context, { ticketId: ticket.id, technicianId: assignee.id, windowStart: window.windowStart, windowEnd: window.windowEnd, note: assignment.note, members, plan: assignment.visit?.plan });
    current = await tellOnTicket(context, current, { kind: 'visit.scheduled', subjectId: visit.id, data: { technicianId: assignee.id, technicianName: assignee.name, windowStart: window.windowStart ?? null, windowEnd: window.windowEnd ?? null, ...(assignment.visit?.plan?.planned_start ? { plannedStart: assignment.visit.plan.planned_start.toISOString() } : {}) } });
    if (window.moved !== null) {
      current = await tellMoved(context, current, { window: { from: new Date(window.windowStart!), to: new Date(window.windowEnd!) }, before: window.moved, reason: assignment.override?.reason, visit: { id: visit.id, technicianId: assignee.id } });
    }
    if (members.length > 0) current = await tellOnTicket(context, current, { kind: 'visit.members_changed', subjectId: visit.id, data: { members, addedIds: members.map(({ id }) => id) } });
  }
  return current;
}

/** On which local days a visit takes room: that of its window and the one it is planned for; without either today. */
function daysOf({ now }: Context, { organization }: Configuration, { windowStart }: { windowStart?: string | undefined }, planned: Date | null): string[] {
  const moments = [...windowStart === undefined ? [] : [new Date(windowStart)], ...planned === null ? [] : [planned]];
  return (moments.length === 0 ? [now] : moments).filter((moment) => !Number.isNaN(moment.getTime())).map((moment) => localDay(moment, organization.timeZone));
}

interface Assignee {
  id: string;
  name: string;
  job: string;
  active: boolean;
  /** One of their teams. */
  team_id: string | null;
}
const findStaff = sharedStatement<{ id: string }, Assignee>('assign.assignee', `
  WITH given AS MATERIALIZED (SELECT * FROM json_to_recordset($2) AS given (place integer, id uuid))
  SELECT given.place, s.id, s.name, s.job, s.active, (
    SELECT m.team_id FROM team_member m JOIN team t ON t.tenant_id = m.tenant_id AND t.id = m.team_id WHERE m.tenant_id = s.tenant_id AND m.staff_id = s.id AND t.active ORDER BY m.team_id LIMIT 1) AS team_id
  FROM given JOIN staff s ON s.tenant_id = $1 AND s.id = given.id AND s.id = ANY (ARRAY(SELECT id FROM given))`);

async function findAssignee(context: Context, id: string): Promise<Assignee> {
  const [row] = await context.transaction.queryTogether(findStaff, { id });
  if (!row) throw refuseInput('/assignee', 'unknown_reference', { field: 'assignee' });
  if (!row.active) throw refuseInput('/assignee', 'reference_inactive', { field: 'assignee' });
  return row;
}
