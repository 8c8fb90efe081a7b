import type { Context } from '../../platform/context.ts';
import { statement } from '../../platform/db/database.ts';

type Reading = Pick<Context, 'tenantId' | 'transaction'>;

// UNION leaves out what was found before, so that not even a circle would go on for ever.
const findFamilies = statement<{ root: string; id: string }>('customer.families', `
  WITH RECURSIVE family AS (
    SELECT id AS root, id FROM unnest($2::uuid[]) AS wanted (id)
    UNION
    SELECT f.root, c.id FROM family f JOIN customer c ON c.tenant_id = $1 AND c.merged_into = f.id)
  SELECT root, id FROM family`);
const findRoot = statement<{ id: string; name: string; tier: string | null; archived: boolean }>('customer.root', `
  WITH RECURSIVE way AS (
    SELECT id, merged_into FROM customer WHERE tenant_id = $1 AND id = $2
    UNION
    SELECT c.id, c.merged_into FROM way w JOIN customer c ON c.tenant_id = $1 AND c.id = w.merged_into)
  SELECT c.id, c.name, c.tier, c.archived_at IS NOT NULL AS archived FROM way w JOIN customer c ON c.tenant_id = $1 AND c.id = w.id WHERE w.merged_into IS NULL`);

const findWholeFamilies = statement<{ asked: string; id: string }>('customer.whole_families', `
  WITH RECURSIVE up AS (
    SELECT id AS asked, id, merged_into FROM customer WHERE tenant_id = $1 AND id = ANY($2::uuid[])
    UNION
    SELECT u.asked, c.id, c.merged_into FROM up u JOIN customer c ON c.tenant_id = $1 AND c.id = u.merged_into),
  down AS (
    SELECT asked, id FROM up WHERE merged_into IS NULL
    UNION
    SELECT d.asked, c.id FROM down d JOIN customer c ON c.tenant_id = $1 AND c.merged_into = d.id)
  SELECT asked, id FROM down`);

/** A customer with all that were merged into them, and into those (合并后的客户): the customer's own id first. */
export async function familyOf(context: Reading, id: string): Promise<string[]> {
  return (await familiesOf(context, [id])).get(id)!;
}

/** As `familyOf`, of several customers at once, by their ids. */
export async function familiesOf({ transaction, tenantId }: Reading, ids: readonly string[]): Promise<Map<string, string[]>> {
  const families = new Map(ids.map((id) => [id, [id]]));
  if (ids.length === 0) return families;
  for (const { root, id } of await transaction.query(findFamilies, [tenantId, ids])) if (id !== root) families.get(root)!.push(id);
  return families;
}

/** The customer that stands for one that may have been merged away; undefined when there is none of this id. */
export async function rootOf({ transaction, tenantId }: Reading, id: string): Promise<{ id: string; name: string; tier: string | null; archived: boolean } | undefined> {
  return (await transaction.query(findRoot, [tenantId, id]))[0];
}

/** As `wholeFamilyOf`, of several customers at once, by their ids; whoever does not exist is alone. */
export async function wholeFamiliesOf({ transaction, tenantId }: Reading, ids: readonly string[]): Promise<Map<string, string[]>> {
  const families = new Map<string, string[]>();
  if (ids.length === 0) return families;
  for (const { asked, id } of await transaction.query(findWholeFamilies, [tenantId, ids])) families.set(asked, [...families.get(asked) ?? [], id]);
  return families;
}

/** The family of whoever stands for a customer: all that is shown together with them. */
export async function wholeFamilyOf(context: Reading, id: string): Promise<string[]> {
  return familyOf(context, (await rootOf(context, id))?.id ?? id);
}
