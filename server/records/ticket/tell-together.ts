import { statement, type Transaction } from '../../platform/db/database.ts';
import { recordTicketFacts, type NewFact } from '../../platform/facts/fact.ts';
import { camelCase } from './change.ts';
import type { TicketRow } from './row.ts';

// Whoever works on one of them keeps it: it is looked at again later.
const lockSome = statement<TicketRow>('ticket.lock_some', 'SELECT * FROM ticket WHERE tenant_id = $1 AND id = ANY($2::uuid[]) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED');
const writeEnds = statement<never>('ticket.write_ends', `
  UPDATE ticket SET history_length = given.length, history_hash = given.hash FROM json_to_recordset($2) AS given (id uuid, length int, hash bytea)
  WHERE ticket.tenant_id = $1 AND ticket.id = given.id`);

/** Locks those of these tickets that nobody is working on, until the transaction ends. */
export const lockFreeTickets = (transaction: Transaction, ids: readonly string[]): Promise<TicketRow[]> => transaction.query(lockSome, [transaction.tenantId, [...ids]]);

/** Whom and what a ticket concerns, as its facts say it. */
export function concernedBy(ticket: TicketRow): Record<string, unknown> {
  const names = ['status', 'team_id', 'department_id', 'assignee_id', 'category_id', 'priority', 'channel', 'created_at', 'parent_id'] as const;
  return Object.fromEntries(names.map((name) => {
    const value = ticket[name];
    return [camelCase(name), value instanceof Date ? value.toISOString() : value];
  }));
}

/**
 * Tells of what happened on many tickets without changing them (批量记事): in the order given, each fact the next link of its
 * ticket's chain, all of them by two statements. The tickets are locked. It does not count as an update of them.
 */
export async function tellTogether(transaction: Transaction, tickets: readonly TicketRow[], facts: readonly (NewFact & { ticketId: string })[]): Promise<void> {
  if (facts.length === 0) return;
  const told = new Set(facts.map((fact) => fact.ticketId));
  const ends = await recordTicketFacts(transaction, new Map(tickets.map((ticket) => [ticket.id, { length: ticket.history_length, hash: ticket.history_hash }])), facts);
  await transaction.query(writeEnds, [transaction.tenantId, JSON.stringify([...told].map((id) => ({ id, length: ends.get(id)!.length, hash: `\\x${ends.get(id)!.hash!.toString('hex')}` })))]);
}
