import type { Services } from '../../platform/context.ts';
import { systemActor } from '../../platform/context.ts';
import { build, everyTenant, statement } from '../../platform/db/database.ts';
import { changeTicket, tellOnTicket, type Writing } from '../ticket/change.ts';
import { lockTicket } from '../ticket/find.ts';
import type { TicketRow } from '../ticket/row.ts';
import { leaveVisits } from '../visit/members.ts';
import { techniciansWhoCame } from '../visit/queries.ts';
import { cancelVisitsNotBegun } from '../visit/schedule.ts';

// In one order, so that two who give back at once wait for each other rather than for ever.
const findTheirs = statement<{ id: string }>('staff.tickets_left', `
  SELECT id FROM ticket WHERE tenant_id = $1 AND assignee_id = $2 AND status IN ('new', 'open', 'waiting')
  UNION SELECT ticket_id FROM visit WHERE tenant_id = $1 AND technician_id = $2 AND status IN ('scheduled', 'accepted')
  ORDER BY id`);
const findThoseWhoLeft = statement<{ tenant_id: string; id: string; name: string }>('staff.left_with_work', `
  SELECT s.tenant_id, s.id, s.name FROM staff s WHERE NOT s.active AND (
    EXISTS (SELECT FROM ticket t WHERE t.tenant_id = s.tenant_id AND t.assignee_id = s.id AND t.status IN ('new', 'open', 'waiting'))
    OR EXISTS (SELECT FROM visit v WHERE v.tenant_id = s.tenant_id AND v.technician_id = s.id AND v.status IN ('scheduled', 'accepted')))
  LIMIT 100`);

/**
 * What somebody who left had in hand goes back to the queue of its team (离职交还工单): visits they have not set out for
 * are called off, unfinished tickets are nobody's. A visit under way stays as it is, for a colleague to decide about:
 * they may be standing in somebody's kitchen (`needsTakeover`).
 */
export async function giveBackWork(context: Writing, staff: { id: string; name: string }): Promise<void> {
  await leaveVisits(context, staff.id);
  for (const { id } of await context.transaction.query(findTheirs, [context.tenantId, staff.id])) {
    const ticket = await lockTicket(context, id);
    if (ticket) await giveBack(context, ticket, staff);
  }
}

async function giveBack(context: Writing, ticket: TicketRow, staff: { id: string; name: string }): Promise<void> {
  const said = { cause: 'staff_left', staffName: staff.name };
  let current = ticket;
  for (const visit of await cancelVisitsNotBegun(context, ticket.id, staff.id)) {
    current = await tellOnTicket(context, current, { kind: 'visit.cancelled', subjectId: visit.id, data: { technicianId: staff.id, technicianName: staff.name, ...said } });
  }
  if (ticket.assignee_id !== staff.id || !['new', 'open', 'waiting'].includes(ticket.status)) return;
  const running = await context.transaction.first(build.selectFrom('visit').select('id')
    .where('tenant_id', '=', context.tenantId).where('ticket_id', '=', ticket.id).where('technician_id', '=', staff.id).where('status', 'in', ['travelling', 'on_site']));
  await changeTicket(context, current, {
    assignee_id: null, accepted_at: null, participant_ids: await techniciansWhoCame(context, ticket.id),
    // What nobody had taken on lies there as if it had just come.
    ...(ticket.status === 'open' && ticket.accepted_at === null ? { status: 'new' } : {}),
  }, { kind: 'ticket.returned', data: { ...said, ...(running ? { visit: running.id } : {}) } });
}

/**
 * Gives back what lies with people who have left all the same: an assignment that had looked at them a moment before
 * they left, or a ticket of theirs that was reopened. Each person in a transaction of its own.
 */
export async function giveBackOfThoseWhoLeft({ database, log }: Pick<Services, 'database' | 'log'>, now: Date): Promise<void> {
  for (const { tenant_id: tenantId, ...staff } of await database.transact(everyTenant, (transaction) => transaction.query(findThoseWhoLeft, []))) {
    try {
      await database.transact(tenantId, (transaction) => giveBackWork({ tenantId, transaction, now, actor: systemActor }, staff));
    } catch (error) {
      log.error({ error, tenantId, staff: staff.id }, 'the work of somebody who left could not be given back; it will be tried again');
    }
  }
}
