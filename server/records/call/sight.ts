import { sql, type RawBuilder } from 'kysely';
import { actsFor, permits, reachOf } from '../../../rules/access/policy.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { reachCondition } from '../access/reach-condition.ts';
import { endOfWay } from '../ticket/alias.ts';
import { findTicket } from '../ticket/find.ts';
import { accessOf } from '../ticket/row.ts';
import { findCall, lockCall, type CallRow } from './rows.ts';

/** Whoever sees every ticket sees every call. */
const seesAll = (context: Context): boolean => reachOf(staffOf(context), 'ticket.read').some((path) => Object.keys(path).length === 0);

/**
 * Which calls somebody sees (通话可见范围): their own and those of whom they stand in for, those of tickets they may read, and all, where they read all
 * tickets. The condition on `call` under the alias c; `maySee` is its row form.
 */
export function visibleCalls(context: Context): RawBuilder<boolean> {
  const subject = staffOf(context);
  if (seesAll(context)) return sql<boolean>`TRUE`;
  return sql<boolean>`(c.staff_id = ANY(${[subject.staffId, ...subject.coversFor ?? []]}::uuid[])
    OR EXISTS (SELECT 1 FROM ticket t WHERE t.tenant_id = c.tenant_id AND t.id = c.ticket_id AND ${reachCondition(reachOf(subject, 'ticket.read'), 't')}))`;
}

async function maySee(context: Context, call: CallRow): Promise<boolean> {
  const subject = staffOf(context);
  if (seesAll(context) || actsFor(subject, call.staff_id)) return true;
  if (call.ticket_id === null) return false;
  const reach = reachOf(subject, 'ticket.read');
  for (const id of [call.ticket_id, await endOfWay(context, call.ticket_id)]) {
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
