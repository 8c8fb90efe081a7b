import type { Context } from '../../../platform/context.ts';
import { NeedsOwnTransaction, sharedStatement } from '../../../platform/db/database.ts';
import type { InstanceRow } from '../../../records/flow/instance/rows.ts';
import type { TicketRow } from '../../../records/ticket/row.ts';
import type { TaskRow } from './view-task.ts';

/** A task whose ticket is locked until the transaction ends, and with it the run: nobody changes a run without its ticket. */
export interface LockedTask {
  task: TaskRow;
  ticket: TicketRow;
  instance: InstanceRow;
}

type Given = { id: string };
type OfTicket = 'number' | 'subject' | 'priority' | 'status';
type Found = Omit<TaskRow, OfTicket> & Pick<InstanceRow, 'flow_id' | 'held' | 'started_at' | 'ended_at'> & { flow_number: number; run_status: InstanceRow['status']; run_state: InstanceRow['state']; run_version: number };

// The ticket of a task never changes, so it does not matter how the task stood before the lock was had.
const ticketOf = `SELECT given.place, t.* FROM json_to_recordset($2) AS given (place integer, id uuid) JOIN task k ON k.tenant_id = $1 AND k.id = given.id
  JOIN ticket t ON t.tenant_id = $1 AND t.id = k.ticket_id FOR NO KEY UPDATE OF t`;
const lockTicket = sharedStatement<Given, TicketRow & { place: number }>('task.lock_ticket', ticketOf);
const lockFreeTicket = sharedStatement<Given, TicketRow & { place: number }>('task.lock_free_ticket', `${ticketOf} SKIP LOCKED`);
const find = sharedStatement<Given, Found & { place: number }>('task.find', `
  SELECT given.place, k.id, k.instance_id, k.ticket_id, k.activation, k.node, k.scope, k.kind, k.content, k.state, k.seats, k.claimed_by, k.outcome, k.completed_by, k.created_at, k.due_at, k.overdue, k.completed_at, k.version,
    i.flow_id, i.number AS flow_number, i.status AS run_status, i.state AS run_state, i.held, i.version AS run_version, i.started_at, i.ended_at
  FROM json_to_recordset($2) AS given (place integer, id uuid) JOIN task k ON k.tenant_id = $1 AND k.id = given.id JOIN flow_instance i ON i.tenant_id = $1 AND i.id = k.instance_id`);

/**
 * Locks the ticket of a task and says how the task stands behind the lock; null when there is none.
 *
 * In a commit shared with others the lock is not waited for, and whose ticket is not to be had takes a transaction of their
 * own: so those who share one never wait while they hold what others wait for, and no two of them are at one ticket.
 */
export async function lockTask(context: Pick<Context, 'transaction'>, id: string): Promise<LockedTask | null> {
  const { transaction } = context;
  // Sent together: the second looks when the first has its locks.
  const [[locked], [found]] = await Promise.all([transaction.queryTogether(transaction.shared ? lockFreeTicket : lockTicket, { id }), transaction.queryTogether(find, { id })]);
  if (!found) return null;
  if (!locked || !transaction.claim(`ticket ${locked.id}`)) throw new NeedsOwnTransaction();
  const { place: _place, ...ticket } = locked;
  const { place: _other, flow_id, flow_number, run_status, run_state, held, run_version, started_at, ended_at, ...task } = found;
  return {
    ticket: ticket as TicketRow, task: withTicket(task, ticket as TicketRow),
    instance: { id: task.instance_id, ticket_id: task.ticket_id, flow_id, number: flow_number, status: run_status, state: run_state, held, version: run_version, started_at, ended_at },
  };
}

/** A task with what is shown of its ticket. */
export function withTicket(task: Omit<TaskRow, OfTicket>, { number, subject, priority, status }: TicketRow): TaskRow {
  return { ...task, number, subject, priority, status };
}
