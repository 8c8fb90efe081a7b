import type { FlowState, Token } from '../../../../rules/workflow/state.ts';
import { build, statement, type Transaction } from '../../../platform/db/database.ts';
import { clearTimer, setTimer } from '../../../platform/timers/timers.ts';

/** A flow's run on a ticket as it lies in the database. */
export interface InstanceRow {
  id: string;
  ticket_id: string;
  flow_id: string;
  number: number;
  status: FlowState['status'];
  state: FlowState;
  held: number;
  version: number;
  started_at: Date;
  ended_at: Date | null;
}

const columns = 'id, ticket_id, flow_id, number, status, state, held, version, started_at, ended_at';
const lockById = statement<InstanceRow>('flow_instance.lock', `SELECT ${columns} FROM flow_instance WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE`);
const lockOfTicket = statement<InstanceRow>('flow_instance.lock_running', `SELECT ${columns} FROM flow_instance WHERE tenant_id = $1 AND ticket_id = $2 AND status = 'running' FOR NO KEY UPDATE`);
const findLatest = statement<InstanceRow>('flow_instance.latest', `SELECT ${columns} FROM flow_instance WHERE tenant_id = $1 AND ticket_id = $2 ORDER BY id DESC LIMIT 1`);
const insert = statement<never>('flow_instance.insert', `
  INSERT INTO flow_instance (tenant_id, id, ticket_id, flow_id, number, status, state, held, started_at, ended_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`);

/** A run, locked until the transaction ends. Its ticket is locked before it, always. */
export async function lockInstance(transaction: Transaction, id: string): Promise<InstanceRow | undefined> {
  return (await transaction.query(lockById, [transaction.tenantId, id]))[0];
}

/** The run under way on a ticket that is locked. */
export async function lockRunning(transaction: Transaction, ticketId: string): Promise<InstanceRow | undefined> {
  return (await transaction.query(lockOfTicket, [transaction.tenantId, ticketId]))[0];
}

/** The latest run on a ticket. */
export async function findInstance(transaction: Transaction, ticketId: string): Promise<InstanceRow | undefined> {
  return (await transaction.query(findLatest, [transaction.tenantId, ticketId]))[0];
}

/** The ticket of a run; it is locked first. */
export async function ticketOfInstance(transaction: Transaction, id: string): Promise<string | undefined> {
  return (await transaction.first(build.selectFrom('flow_instance').select('ticket_id').where('tenant_id', '=', transaction.tenantId).where('id', '=', id)))?.ticket_id;
}

const endedStatuses = new Set(['completed', 'terminated', 'cancelled']);
export const heldIn = (state: FlowState): number => state.tokens.filter((token) => token.hold).length;

/** Writes a run that has not begun yet, for its tasks to refer to. */
export async function insertInstance(transaction: Transaction, row: InstanceRow): Promise<void> {
  await transaction.query(insert, [transaction.tenantId, row.id, row.ticket_id, row.flow_id, row.number, row.status, JSON.stringify(row.state), row.held, row.started_at, row.ended_at]);
}

/** A run in the state it has come to. */
export function instanceIn(row: InstanceRow, state: FlowState, now: Date): InstanceRow {
  return { ...row, state, status: state.status, held: heldIn(state), version: row.version + 1, ended_at: endedStatuses.has(state.status) ? row.ended_at ?? now : null };
}

/** Sets the timer of the next moment something is due in a run, where that is another one than before. */
export async function setNextDue(transaction: Transaction, row: InstanceRow, state: FlowState): Promise<void> {
  const due = nextDue(state);
  if (due === nextDue(row.state)) return;
  if (due === null) await clearTimer(transaction, 'flow.due', row.id);
  else await setTimer(transaction, { kind: 'flow.due', subjectId: row.id, dueAt: new Date(due) });
}

/** Everything that is due in a run, by activation and timer. */
export function duesOf(state: FlowState): { activation: string; timer: string; dueAt: string }[] {
  return state.tokens.flatMap((token: Token) => [
    ...(token.timers ?? []).map((timer) => ({ activation: token.id, timer: timer.id, dueAt: timer.dueAt })),
    ...(token.limitAt === undefined ? [] : [{ activation: token.id, timer: '#limit', dueAt: token.limitAt }]),
    ...(token.dueAt === undefined ? [] : [{ activation: token.id, timer: '#due', dueAt: token.dueAt }]),
  ]).sort((a, b) => (a.dueAt < b.dueAt ? -1 : a.dueAt > b.dueAt ? 1 : 0));
}

const nextDue = (state: FlowState): string | null => (state.status === 'running' ? (duesOf(state)[0]?.dueAt ?? null) : null);
