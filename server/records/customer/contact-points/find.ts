import type { Context } from '../../../platform/context.ts';
import { build, statement } from '../../../platform/db/database.ts';
import { Refusal } from '../../../platform/errors/refusal.ts';
import { recordFact } from '../../../platform/facts/fact.ts';
import { familyOf } from '../family.ts';
import { lockCustomer, type ContactRow } from '../view-detail.ts';
import type { CustomerRow } from '../view-customer.ts';

const lockContact = statement<ContactRow>('contact_point.lock_by_id', `
  SELECT p.id, p.kind, p.value, p.label, p.verified_at, p.preferred, p.created_at, p.version, p.customer_id, c.name AS customer_name
  FROM contact_point p JOIN customer c ON c.tenant_id = p.tenant_id AND c.id = p.customer_id
  WHERE p.tenant_id = $1 AND p.id = $2 AND p.customer_id = ANY($3::uuid[]) FOR NO KEY UPDATE OF p`);

/** A customer and one of the contact points shown with them, both locked; refused when either is not there. */
export async function lockContactPoint(context: Pick<Context, 'tenantId' | 'transaction'>, customerId: string, contactId: string): Promise<{ customer: CustomerRow; contact: ContactRow }> {
  const customer = await lockCustomer(context, customerId);
  if (!customer) throw new Refusal('not_found');
  const [contact] = await context.transaction.query(lockContact, [context.tenantId, contactId, await familyOf(context, customerId)]);
  if (!contact) throw new Refusal('not_found');
  return { customer, contact };
}

/**
 * Ends what was opened by a proven phone number that is now another's or nobody's (撤销登录): whoever holds the old number
 * must not go on reading.
 */
export async function endCustomerSessions(context: Context, customerId: string): Promise<void> {
  const { transaction, tenantId, actor, now } = context;
  const sessions = await transaction.run(build.updateTable('session').set({ revoked_at: now })
    .where('tenant_id', '=', tenantId).where('customer_id', '=', customerId).where('revoked_at', 'is', null).where('expires_at', '>', now).returning('id'));
  for (const session of sessions) await recordFact(transaction, { kind: 'session.revoked', actor, data: { customerId }, occurredAt: now, recordedAt: now, subjectId: session.id });
}
