import { sql, type RawBuilder } from 'kysely';
import { containing } from '../../../platform/db/like.ts';
import { normalisePhone } from '../../../platform/masking.ts';

const fewestDigits = 3;
const shownDigits = 4;
const mostOwners = 500;

/** The digits of what looks like a phone number or part of one; null for anything else. */
export function phoneDigits(q: string): string | null {
  if (!/^[+\d\s()-]+$/.test(q)) return null;
  const digits = normalisePhone(q).replace('+', '');
  return digits.length >= fewestDigits ? digits : null;
}

/**
 * Ids of customers by a contact point (按联系方式查找) that is typed whole, or by the last four digits, which the mask shows;
 * those merged away give whoever stands for them. Null when what was typed is no contact data.
 */
export function ownersOf(tenantId: string, q: string): RawBuilder<unknown> | null {
  const digits = phoneDigits(q);
  const email = /^[^\s@]+@[^\s@]+$/.test(q) ? q.toLowerCase() : null;
  if (digits === null && email === null) return null;
  const found = [
    ...(digits === null ? [] : [sql`SELECT customer_id FROM contact_point WHERE tenant_id = ${tenantId} AND kind = 'phone' AND value IN (${digits}, ${`+${digits}`})`]),
    ...(digits?.length === shownDigits ? [sql`(SELECT customer_id FROM contact_point WHERE tenant_id = ${tenantId} AND tail = ${digits} LIMIT ${mostOwners})`] : []),
    ...(email === null ? [] : [sql`SELECT customer_id FROM contact_point WHERE tenant_id = ${tenantId} AND kind = 'email' AND value = ${email}`]),
  ];
  return sql`(WITH RECURSIVE way AS (
      SELECT c.id, c.merged_into FROM customer c WHERE c.tenant_id = ${tenantId} AND c.id IN (${sql.join(found, sql` UNION `)})
      UNION
      SELECT c.id, c.merged_into FROM way w JOIN customer c ON c.tenant_id = ${tenantId} AND c.id = w.merged_into)
    SELECT id FROM way WHERE merged_into IS NULL)`;
}

/** The condition that a customer has a phone number with these digits in a row. */
export function hasPhonePart(tenantId: string, customerId: RawBuilder<unknown>, digits: string): RawBuilder<boolean> {
  return sql<boolean>`EXISTS (SELECT 1 FROM contact_point p WHERE p.tenant_id = ${tenantId} AND p.customer_id = ${customerId} AND p.kind = 'phone' AND p.value LIKE ${containing(digits)})`;
}

/** The same of a customer with all that were merged into them: for few, as each is asked by itself. */
export function familyHasPhonePart(tenantId: string, customerId: RawBuilder<unknown>, digits: string): RawBuilder<boolean> {
  return sql<boolean>`EXISTS (
    WITH RECURSIVE family AS (
      SELECT ${customerId} AS id
      UNION
      SELECT m.id FROM family f JOIN customer m ON m.tenant_id = ${tenantId} AND m.merged_into = f.id)
    SELECT 1 FROM family f JOIN contact_point p ON p.tenant_id = ${tenantId} AND p.customer_id = f.id WHERE p.kind = 'phone' AND p.value LIKE ${containing(digits)})`;
}
