import type { Permission } from '../../../rules/access/permissions.ts';
import { permits, reachOf } from '../../../rules/access/policy.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { NeedsOwnTransaction, sharedStatement, statement } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { endOfWay } from './alias.ts';
import { findReadableTicket, findTicket, lockTicket } from './find.ts';
import { accessOf, type TicketRow } from './row.ts';

/** A ticket as it was named, and the one on which what comes for it lands. */
export interface Landing {
  /** Locked only when it is the one below. */
  named: TicketRow;
  /** Locked. */
  ticket: TicketRow;
}

// What is merged while it is waited for is not what was asked for.
const lockUnmerged = statement<TicketRow>('ticket.lock_unmerged', 'SELECT * FROM ticket WHERE tenant_id = $1 AND id = $2 AND merged_into IS NULL FOR NO KEY UPDATE');
const lockFree = sharedStatement<{ id: string }, TicketRow & { place: number }>('ticket.lock_free', `
  SELECT given.place, t.* FROM json_to_recordset($2) AS given (place integer, id uuid)
    CROSS JOIN LATERAL (SELECT * FROM ticket l WHERE l.tenant_id = $1 AND l.id = given.id AND l.merged_into IS NULL FOR NO KEY UPDATE SKIP LOCKED) t`);

/**
 * Locks the ticket on which what comes for a ticket lands (落点工单): itself, or where its merges lead. A merged ticket is
 * not locked on the way, as whoever merges takes all in one order.
 *
 * @throws NeedsOwnTransaction in a commit shared with others, where it was merged, or somebody is at it
 */
export async function lockLanding(context: Pick<Context, 'tenantId' | 'transaction'>, ticketId: string): Promise<Landing | undefined> {
  if (context.transaction.shared) return lockLandingTogether(context, ticketId);
  const [locked] = await context.transaction.query(lockUnmerged, [context.tenantId, ticketId]);
  if (locked) return { named: locked, ticket: locked };
  const named = await findTicket(context, ticketId);
  if (!named) return undefined;
  let id = named.merged_into === null ? named.id : await endOfWay(context, named.id);
  for (;;) {
    const ticket = await lockTicket(context, id);
    if (!ticket) return undefined;
    if (ticket.merged_into === null) return { named: ticket.id === named.id ? ticket : named, ticket };
    // It was merged while it was waited for.
    id = await endOfWay(context, id);
  }
}

async function lockLandingTogether({ transaction }: Pick<Context, 'transaction'>, ticketId: string): Promise<Landing> {
  const [locked] = await transaction.queryTogether(lockFree, { id: ticketId });
  if (!locked || !transaction.claim(`ticket ${locked.id}`)) throw new NeedsOwnTransaction();
  const { place: _place, ...ticket } = locked;
  return { named: ticket, ticket };
}

/** As `lockTicketFor`, but a merged ticket leads on: it has to be readable, the permission is needed where it leads to. */
export async function lockLandingFor(context: Context, idOrNumber: string, permission: Permission): Promise<Landing> {
  const { id } = await findReadableTicket(context, idOrNumber);
  const landing = await lockLanding(context, id);
  if (!landing) throw new Refusal('not_found');
  const subject = staffOf(context);
  const access = accessOf(landing.ticket);
  // It may have left the caller's sight while it was waited for.
  if (landing.ticket.id === id && !permits(reachOf(subject, 'ticket.read'), access)) throw new Refusal('not_found');
  if (!permits(reachOf(subject, 'ticket.read'), access) || !permits(reachOf(subject, permission), access)) throw new Refusal('forbidden');
  return landing;
}
