import { dayRules, planFailures, planOutcomes, planStateNames, relaxations, type DayPlan, type PlanFailure, type PlanState, type ReplanEvent } from '../../../../../contract/day-plan.ts';
import { leftOutReasons } from '../../../../../rules/day-plan/left-out.ts';
import type { Context } from '../../../../platform/context.ts';
import { build } from '../../../../platform/db/database.ts';
import type { DayPlanRow, StoredPlan } from '../../../../records/dispatch/day/plan-rows.ts';
import { dayTickets } from '../../../../records/dispatch/day/rows.ts';
import { dispatchScope } from '../../../../records/dispatch/day/scope.ts';
import { visitNeedsOf } from '../../../../records/dispatch/visit-needs.ts';
import { nameIn, type Configuration } from '../../../../records/organization/configuration.ts';
import { namesOfStaff } from '../../../../records/staff/names.ts';
import { priorityName } from '../../../../records/ticket/row.ts';
import { viewOrigin } from '../../../../records/travel/view-origin.ts';
import { languageOf, placeOf, viewFigures } from '../view-day.ts';

/** Whether somebody may see a plan: whoever gives out the tickets of all its teams. */
export const isVisible = (context: Context, configuration: Configuration, { team_ids: teamIds }: DayPlanRow): boolean => {
  const scope = dispatchScope(context, configuration);
  return teamIds.every((id) => scope.teamIds.has(id));
};

/** A plan without what is in it, as lists show it. */
export function viewPlanHead(context: Context, { teams }: Pick<Configuration, 'teams'>, row: DayPlanRow): DayPlan {
  const language = languageOf(context);
  return {
    id: row.id, state: row.state as PlanState, title: planStateNames[row.state as PlanState][language], date: row.day, event: row.event as ReplanEvent | null,
    teams: row.team_ids.flatMap((id) => (teams.has(id) ? [{ id, name: nameIn(context.language, teams.get(id)!) }] : [])),
    keep: row.request.keep, seconds: row.request.seconds, promiseMinutes: row.request.promiseMinutes,
    requestedBy: row.requested_by === null ? null : { id: row.requested_by, name: row.requested_by_name ?? '' }, requestedAt: row.requested_at.toISOString(), startedAt: row.started_at?.toISOString() ?? null,
    readyAt: row.ready_at?.toISOString() ?? null, endedAt: row.ended_at?.toISOString() ?? null, endedBy: row.ended_by_name,
    failure: row.failure === null ? null : { code: row.failure as PlanFailure, title: planFailures[row.failure as PlanFailure][language] },
    before: row.result && viewFigures(row.result.before), after: row.result && viewFigures(row.result.after), moved: row.result?.moved ?? 0, bookings: row.result?.bookings ?? 0,
    items: [], leftOut: [], aside: row.result?.aside ?? null, travel: row.result?.travel ?? null, version: row.version,
  };
}

/** A plan with everything in it (排程结果视图): of its tickets those that the caller may read. */
export async function viewPlan(context: Context, configuration: Configuration, row: DayPlanRow): Promise<DayPlan> {
  const head = viewPlanHead(context, configuration, row);
  if (!row.result) return head;
  const { items, leftOut } = row.result;
  const language = languageOf(context);
  const tickets = new Map([...await dayTickets(context, [...items, ...leftOut].map(({ ticketId }) => ticketId))].filter(([, ticket]) => ticket.readable));
  const [needs, names, skills] = await Promise.all([visitNeedsOf(context, configuration, [...tickets.values()]), namesOfStaff(context, peopleIn(row.result)), skillNames(context)]);
  const person = (id: string) => ({ id, name: names.get(id) ?? '' });
  const about = (ticketId: string) => {
    const ticket = tickets.get(ticketId)!;
    return { ticketId, number: ticket.number, subject: ticket.subject, priority: priorityName(ticket.priority) };
  };
  return {
    ...head,
    items: items.filter(({ ticketId }) => tickets.has(ticketId)).map((item) => {
      const outcome = row.outcomes?.[item.ticketId];
      return {
        ...about(item.ticketId), visitId: item.visitId, place: placeOf(tickets.get(item.ticketId)!, needs.get(item.ticketId)!), change: item.change,
        before: item.before && { technician: person(item.before.technicianId), members: [], startsAt: item.before.startsAt, endsAt: item.before.endsAt },
        after: item.after && { technician: person(item.after.technicianId), members: item.after.memberIds.map(person), startsAt: item.after.startsAt, endsAt: item.after.endsAt },
        travelSeconds: item.travelSeconds, travelMetres: item.travelMetres, travelFrom: viewOrigin(language, item.travelFrom), serviceMinutes: item.serviceMinutes, serviceFrom: item.serviceFrom, late: item.late,
        breaks: [...new Set(item.breaks?.map(({ rule }) => rule))].map((code) => ({ code, title: dayRules[code][language] })),
        outcome: outcome ? { code: outcome, title: planOutcomes[outcome][language] } : null,
      };
    }),
    leftOut: leftOut.filter(({ ticketId }) => tickets.has(ticketId)).map((left) => ({
      ...about(left.ticketId), visitId: left.visitId, reason: left.reason, title: leftOutReasons[left.reason][language].replace('{skill}', left.skillId === null ? '' : skills.get(left.skillId) ?? ''),
      relaxations: left.relaxations.map(({ kind, technicianId, minutes, skillId }) => ({
        kind, technician: person(technicianId), minutes,
        title: relaxations[kind][language].replace('{name}', names.get(technicianId) ?? '').replace('{minutes}', String(minutes ?? '')).replace('{skill}', skillId === null ? '' : skills.get(skillId) ?? ''),
      })),
    })),
  };
}

const peopleIn = ({ items, leftOut }: StoredPlan): string[] => [...new Set([
  ...items.flatMap(({ before, after }) => [...before ? [before.technicianId] : [], ...after ? [after.technicianId, ...after.memberIds] : []]), ...leftOut.flatMap((left) => left.relaxations.map(({ technicianId }) => technicianId)),
])];

async function skillNames(context: Context): Promise<Map<string, string>> {
  const rows = await context.transaction.run(build.selectFrom('skill').select(['id', 'name', 'name_en']).where('tenant_id', '=', context.tenantId));
  return new Map(rows.map((row) => [row.id, nameIn(context.language, { name: row.name, nameEn: row.name_en })]));
}
