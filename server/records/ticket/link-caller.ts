import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import type { Writing } from './change.ts';
import { lockLanding, type Landing } from './landing.ts';
import type { TicketRow } from './row.ts';

/** The ticket of the caller's link, and the one it leads to, which is locked: what a customer does with a merged ticket is done to the one it goes on as. */
export async function ownTicket(context: Context): Promise<Landing> {
  if (context.caller.kind !== 'link') throw new Refusal('link_invalid');
  const landing = await lockLanding(context, context.caller.ticketId);
  if (!landing) throw new Refusal('link_invalid');
  return landing;
}

/** Whoever holds the link speaks for the customer; of one that a colleague was shown, the history says so. */
export async function asCustomer(context: Context, ticket: TicketRow): Promise<Context & Pick<Writing, 'handedOn'>> {
  const by = context.caller.kind === 'link' ? context.caller.handedOnBy : null;
  const staff = by === null ? undefined : await context.transaction.first(build.selectFrom('staff').select(['id', 'name']).where('tenant_id', '=', context.tenantId).where('id', '=', by));
  return { ...context, actor: { kind: 'customer', id: ticket.customer_id, name: ticket.contact_name }, ...(staff ? { handedOn: { id: staff.id, name: staff.name } } : {}) };
}
