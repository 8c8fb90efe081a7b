import type { Selectable } from 'kysely';
import type { CallEvent, Segment } from '../../../rules/telephony/call.ts';
import { statement, type Transaction } from '../../platform/db/database.ts';
import type { CallTable } from '../../platform/db/tables.ts';
import { signalChannel } from '../../platform/realtime/signals.ts';
import type { Context } from '../../platform/context.ts';

/** A call as it lies in the database (通话). */
export type CallRow = Omit<Selectable<CallTable>, 'events' | 'transcript' | 'heard' | 'state' | 'direction' | 'customer_by' | 'recording_state' | 'transcript_state' | 'dial_state'> & {
  events: CallEvent[];
  transcript: Segment[] | null;
  /** Staff id → when they listened last, RFC 3339. */
  heard: Record<string, string>;
  state: 'ringing' | 'answered' | 'ended' | 'missed';
  direction: 'inbound' | 'outbound';
  customer_by: 'number' | 'chosen' | null;
  recording_state: 'none' | 'waiting' | 'kept' | 'lost';
  transcript_state: 'none' | 'waiting' | 'done' | 'failed';
  dial_state: 'waiting' | 'asked' | 'failed' | null;
};

const findById = statement<CallRow>('call.find', 'SELECT * FROM call WHERE tenant_id = $1 AND id = $2');
const lockById = statement<CallRow>('call.lock', 'SELECT * FROM call WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE');
const lockByName = statement<CallRow>('call.lock_by_name', 'SELECT * FROM call WHERE tenant_id = $1 AND account_id = $2 AND external_id = $3 FOR NO KEY UPDATE');
const put = statement<never>('call.put', `
  INSERT INTO call (tenant_id, id, account_id, external_id, events, direction, state, caller, callee, number, agent, staff_id, started_at, answered_at, ended_at, customer_id, customer_by, ticket_id, calls_back,
    recording_state, recording_url, transcript_state, transcript, transcript_text, due_at, created_at, dial_state)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27)
  ON CONFLICT (tenant_id, id) DO UPDATE SET events = excluded.events, direction = excluded.direction, state = excluded.state, caller = excluded.caller, callee = excluded.callee, number = excluded.number,
    agent = excluded.agent, staff_id = excluded.staff_id, started_at = excluded.started_at, answered_at = excluded.answered_at, ended_at = excluded.ended_at, customer_id = excluded.customer_id, customer_by = excluded.customer_by,
    ticket_id = excluded.ticket_id, calls_back = excluded.calls_back, recording_state = excluded.recording_state, recording_url = excluded.recording_url, transcript_state = excluded.transcript_state,
    transcript = excluded.transcript, transcript_text = excluded.transcript_text, due_at = excluded.due_at, dial_state = excluded.dial_state, version = call.version + 1`);

export const findCall = async (transaction: Transaction, id: string): Promise<CallRow | undefined> => (await transaction.query(findById, [transaction.tenantId, id]))[0];
export const lockCall = async (transaction: Transaction, id: string): Promise<CallRow | undefined> => (await transaction.query(lockById, [transaction.tenantId, id]))[0];
export const lockCallNamed = async (transaction: Transaction, accountId: string, name: string): Promise<CallRow | undefined> => (await transaction.query(lockByName, [transaction.tenantId, accountId, name]))[0];

/** Writes a call as it is now (登记通话): new, or with a version more. It is due only as long as something is to be done for it. */
export async function putCall(transaction: Transaction, row: CallRow): Promise<void> {
  const waits = row.dial_state === 'waiting' || row.recording_state === 'waiting' || row.transcript_state === 'waiting';
  await transaction.query(put, [
    row.tenant_id, row.id, row.account_id, row.external_id, JSON.stringify(row.events), row.direction, row.state, row.caller, row.callee, row.number, row.agent, row.staff_id, row.started_at, row.answered_at, row.ended_at,
    row.customer_id, row.customer_by, row.ticket_id, row.calls_back, row.recording_state, row.recording_url, row.transcript_state, row.transcript === null ? null : JSON.stringify(row.transcript), row.transcript_text, waits ? row.due_at : null, row.created_at, row.dial_state,
  ]);
}

/** What was said, as text that is searched and read (转写全文). */
export const wordsOf = (segments: readonly Segment[]): string => segments.map(({ text }) => text).join('\n').slice(0, 100_000);

/** Tells whose telephone it is, and nobody else, that a call of theirs is another one now (来电提示); on every node, once it is written. */
export function announceCall(context: Pick<Context, 'tenantId' | 'transaction' | 'services'>, callId: string, staffIds: readonly (string | null)[]): void {
  const calling = [...new Set(staffIds.filter((id) => id !== null))].map((staffId) => ({ tenantId: context.tenantId, staffId, id: callId }));
  if (calling.length === 0) return;
  const { database, log } = context.services;
  context.transaction.afterCommit(() => {
    database.notify(signalChannel, JSON.stringify({ calling })).catch((error: unknown) => log.warn({ error }, 'who is being called could not be told at once; they find it when they look'));
  });
}
