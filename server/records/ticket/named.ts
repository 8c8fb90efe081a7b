import { isPlaceholderName, standsFor } from '../../../rules/intake/placeholders.ts';
import type { Context } from '../../platform/context.ts';
import { statement } from '../../platform/db/database.ts';
import { wholeFamiliesOf } from '../customer/family.ts';
import type { TicketRow } from './row.ts';

const mostNames = 200;
const findKnown = statement<{ kind: string; value: string }>('ticket.known_by', `
  SELECT kind, value FROM channel_identity WHERE tenant_id = $1 AND customer_id = ANY($2::uuid[])
  UNION ALL SELECT kind, value FROM contact_point WHERE tenant_id = $1 AND customer_id = ANY($2::uuid[]) AND kind = 'phone' LIMIT ${mostNames}`);

/**
 * Whether nobody has said so far how the contact of a ticket is called (联系人未留名): there is no name, or the one that was made of what is known of them. What
 * somebody entered is a name, though it looks like one of those.
 */
export async function isUnnamed(context: Pick<Context, 'tenantId' | 'transaction'>, { contact_name: name, contact_phone: phone, customer_id: customerId }: Pick<TicketRow, 'contact_name' | 'contact_phone' | 'customer_id'>): Promise<boolean> {
  if (name === null || name === '') return true;
  if (!isPlaceholderName(name)) return false;
  const ofContact = phone === null ? [] : [{ kind: 'phone', value: phone }];
  const ids = customerId === null ? [] : (await wholeFamiliesOf(context, [customerId])).get(customerId)!;
  const known = [...ofContact, ...ids.length === 0 ? [] : await context.transaction.query(findKnown, [context.tenantId, ids])];
  return standsFor(name, [...known, ...known.filter(({ kind }) => kind === 'phone').map(({ value }) => ({ kind: 'caller', value }))]);
}
