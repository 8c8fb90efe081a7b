import { sql, type RawBuilder } from 'kysely';
import { actsFor, permits, reachOf } from '../../../rules/access/policy.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { reachCondition } from '../access/reach-condition.ts';
import { wayOf } from '../ticket/alias.ts';
import { findTicket } from '../ticket/find.ts';
import { accessOf } from '../ticket/row.ts';
import { ticketSet } from '../ticket/ticket-set.ts';
import { findCall, lockCall, type CallRow } from './rows.ts';

/** Whoever sees every ticket sees every call (看得到全部通话). */
export const seesAll = (context: Context): boolean => reachOf(staffOf(context), 'ticket.read').some((path) => Object.keys(path).length === 0);

/** Own calls are those of whom somebody stands in for, too. */
const ownPeople = (context: Context): string[] => [staffOf(context).staffId, ...staffOf(context).coversFor ?? []];

/** The condition that the ticket of a call, or one it was merged into, is one the caller may read. */
const onReadableTicket = (context: Context): RawBuilder<boolean> => sql<boolean>`EXISTS (
  WITH RECURSIVE way AS (
    SELECT c.ticket_id AS id
    UNION ALL
    SELECT t.merged_into FROM way JOIN ticket t ON t.tenant_id = c.tenant_id AND t.id = way.id WHERE t.merged_into IS NOT NULL)
  SELECT FROM way JOIN ticket t ON t.tenant_id = c.tenant_id AND t.id = way.id WHERE ${reachCondition(reachOf(staffOf(context), 'ticket.read'), 't')})`;

/**
 * Which calls somebody sees (通话可见范围): their own and those of whom they stand in for, those of tickets they may read or that were merged into one of
 * these, and all, where they read all tickets. The condition on `call` under the alias c, for lists that are short anyway; `maySee` is its row form.
 */
export function visibleCalls(context: Context): RawBuilder<boolean> {
  if (seesAll(context)) return sql<boolean>`TRUE`;
  return sql<boolean>`(c.staff_id = ANY(${ownPeople(context)}::uuid[]) OR (c.ticket_id IS NOT NULL AND ${onReadableTicket(context)}))`;
}

/**
 * The same calls for lists that may be long: ids of the newest of those that fulfil conditions on c, each once. Every way to a call reads an index of its
 * own, so that whoever sees few of very many calls has no longer to wait.
 */
export function newestVisible(context: Context, conditions: RawBuilder<unknown>, most: number): RawBuilder<unknown> {
  const { tenantId } = context;
  const newest = (from: RawBuilder<unknown>, where: readonly RawBuilder<unknown>[]) => sql`SELECT c.id FROM ${from} WHERE ${sql.join([...where, sql`c.tenant_id = ${tenantId}`, conditions], sql` AND `)} ORDER BY c.id DESC LIMIT ${most}`;
  if (seesAll(context)) return newest(sql`call c`, []);
  const { sources } = ticketSet(context, reachOf(staffOf(context), 'ticket.read'), { all: [] }, { properties: {}, indexedFields: new Map() });
  const mergedInto = sources.map(({ from, conditions: where }) => sql`SELECT m.id FROM ${from} JOIN ticket m ON m.tenant_id = ticket.tenant_id AND m.merged_into = ticket.id WHERE ${sql.join(where, sql` AND `)}`);
  const ways = [
    ...ownPeople(context).map((staffId) => newest(sql`call c`, [sql`c.staff_id = ${staffId}::uuid`])),
    ...sources.map(({ from, conditions: where }) => newest(sql`${from} JOIN call c ON c.tenant_id = ticket.tenant_id AND c.ticket_id = ticket.id`, where)),
    newest(sql`merged JOIN call c ON c.ticket_id = merged.id`, []),
  ];
  return sql`WITH RECURSIVE merged AS (
      (${sql.join(mergedInto, sql` UNION `)})
      UNION
      SELECT m.id FROM merged JOIN ticket m ON m.tenant_id = ${tenantId} AND m.merged_into = merged.id)
    SELECT id FROM (${sql.join(ways.map((way) => sql`(${way})`), sql` UNION `)}) found ORDER BY id DESC LIMIT ${most}`;
}

async function maySee(context: Context, call: CallRow): Promise<boolean> {
  const subject = staffOf(context);
  if (seesAll(context) || actsFor(subject, call.staff_id)) return true;
  if (call.ticket_id === null) return false;
  const reach = reachOf(subject, 'ticket.read');
  for (const id of await wayOf(context, call.ticket_id)) {
    const ticket = await findTicket(context, id);
    if (ticket && permits(reach, accessOf(ticket))) return true;
  }
  return false;
}

/** A call the caller may see, locked where it is to be changed; for everybody else there is none. */
export async function visibleCall(context: Context, id: string, lock = false): Promise<CallRow> {
  const call = lock ? await lockCall(context.transaction, id) : await findCall(context.transaction, id);
  if (!call || !await maySee(context, call)) throw new Refusal('not_found');
  return call;
}
