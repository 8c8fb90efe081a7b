import type { Permission } from '../../../rules/access/permissions.ts';
import { permits, reachOf } from '../../../rules/access/policy.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { build, statement } from '../../platform/db/database.ts';
import { isId } from '../../platform/db/uuid.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { ensureNotMerged } from './alias.ts';
import { accessOf, type TicketRow } from './row.ts';

const lockById = statement<TicketRow>('ticket.lock_by_id', 'SELECT * FROM ticket WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE');
const lockByNumber = statement<TicketRow>('ticket.lock_by_number', 'SELECT * FROM ticket WHERE tenant_id = $1 AND number = $2 FOR NO KEY UPDATE');

/** A ticket by id or number that the caller may read; whatever they may not see does not exist for them. */
export async function findReadableTicket(context: Context, idOrNumber: string): Promise<TicketRow> {
  const row = await findTicket(context, idOrNumber);
  if (!row || !permits(reachOf(staffOf(context), 'ticket.read'), accessOf(row))) throw new Refusal('not_found');
  return row;
}

/** A ticket by id or number, whoever asks. */
export function findTicket(context: Pick<Context, 'tenantId' | 'transaction'>, idOrNumber: string): Promise<TicketRow | undefined> {
  return context.transaction.first(build.selectFrom('ticket').selectAll()
    .where('tenant_id', '=', context.tenantId)
    .where(isId(idOrNumber) ? 'id' : 'number', '=', idOrNumber));
}

/**
 * A ticket about to be changed: locked until the transaction ends. Refused with not_found when the caller may not read
 * it, with forbidden when they may read it but do not hold the permission on it, with ticket_merged when it goes on as
 * another one, unless that makes no difference.
 */
export async function lockTicketFor(context: Context, idOrNumber: string, permission: Permission, { merged = 'refused' }: { merged?: 'refused' | 'taken' } = {}): Promise<TicketRow> {
  const row = await lockTicket(context, idOrNumber);
  const subject = staffOf(context);
  if (!row || !permits(reachOf(subject, 'ticket.read'), accessOf(row))) throw new Refusal('not_found');
  if (!permits(reachOf(subject, permission), accessOf(row))) throw new Refusal('forbidden');
  if (merged === 'refused') await ensureNotMerged(context, row);
  return row;
}

/** Locks a ticket without asking who is there: for the program itself, and for holders of the ticket's own link. */
export async function lockTicket(context: Pick<Context, 'tenantId' | 'transaction'>, idOrNumber: string): Promise<TicketRow | undefined> {
  const [row] = await context.transaction.query(isId(idOrNumber) ? lockById : lockByNumber, [context.tenantId, idOrNumber]);
  return row;
}

/** Refuses a change that was made from an older version than the present one. */
export function ensureVersion(row: { version: number }, ifMatch: number | null): void {
  if (ifMatch !== null && ifMatch !== row.version) throw new Refusal('stale_version');
}
