import { Closed, Id, limits, PageQuery } from '../../../contract/common.ts';
import { CreateCustomerTier, CustomerTier, CustomerTierPage, UpdateCustomerTier, customerLimits } from '../../../contract/customer.ts';
import type { Context } from '../../platform/context.ts';
import { build, statement } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import { Refusal, refuseInput } from '../../platform/errors/refusal.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { readCursor, writeCursor } from '../../platform/http/cursor.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { ensureVersion } from '../ticket/find.ts';

const columns = ['id', 'key', 'name', 'name_en', 'important', 'position', 'active', 'version'] as const;
interface TierRow { id: string; key: string; name: string; name_en: string | null; important: boolean; position: number; active: boolean; version: number }

/** The tiers customers can have (客户等级), in the organization's order; those no longer in use at the end. */
export const listCustomerTiers = useCase({
  summary: 'List customer tiers',
  query: PageQuery,
  answer: CustomerTierPage,
  async run(context, { query }) {
    const limit = query.limit ?? limits.page;
    const rows = (await context.transaction.run(build.selectFrom('customer_tier').select(columns).where('tenant_id', '=', context.tenantId)))
      .sort((a, b) => Number(b.active) - Number(a.active) || a.position - b.position || (a.id < b.id ? -1 : 1));
    // There are at most a few dozen.
    const start = query.cursor === undefined ? 0 : rows.findIndex((row) => row.id === readCursor(query.cursor!, 'customer-tiers')[1]) + 1;
    const page = rows.slice(start, start + limit);
    return { items: page.map(viewTier), nextCursor: start + limit < rows.length ? writeCursor('customer-tiers', ['', page.at(-1)!.id]) : null };
  },
});

/** Adds a tier (新建客户等级). */
export const createCustomerTier = useCase({
  summary: 'Create a customer tier',
  body: CreateCustomerTier,
  answer: CustomerTier,
  status: 201,
  async run(context, { body }) {
    const { transaction, tenantId } = context;
    const present = await transaction.run(build.selectFrom('customer_tier').select(['key', 'name', 'position']).where('tenant_id', '=', tenantId));
    if (present.length >= customerLimits.tiers) throw new Refusal('too_many_tiers', { limit: customerLimits.tiers });
    if (present.some((tier) => tier.key.toLowerCase() === body.key.toLowerCase())) throw refuseInput('/key', 'name_taken', { field: { zh: '等级代码', en: 'The key of the tier' } });
    const row: TierRow = {
      id: newId(context.now.getTime()), key: body.key, name: body.name.trim(), name_en: body.nameEn?.trim() || null, important: body.important ?? false,
      position: body.position ?? Math.max(-1, ...present.map((tier) => tier.position)) + 1, active: true, version: 1,
    };
    await transaction.run(build.insertInto('customer_tier').values({ ...row, tenant_id: tenantId, created_at: context.now }));
    await recordFact(transaction, { kind: 'customer_tier.created', actor: context.actor, data: { key: row.key, name: row.name, important: row.important }, occurredAt: context.now, recordedAt: context.now, subjectId: row.id });
    return viewTier(row);
  },
});

/** Changes a tier or takes it out of use (修改客户等级); who has it keeps it. */
export const updateCustomerTier = useCase({
  summary: 'Change a customer tier',
  params: Closed({ id: Id }),
  body: UpdateCustomerTier,
  answer: CustomerTier,
  versioned: true,
  async run(context, { params, body, ifMatch }) {
    const { transaction, tenantId } = context;
    const row = await transaction.first(build.selectFrom('customer_tier').select(columns).where('tenant_id', '=', tenantId).where('id', '=', params.id).forNoKeyUpdate());
    if (!row) throw new Refusal('not_found');
    ensureVersion(row, ifMatch);
    const after = { name: body.name?.trim() ?? row.name, name_en: body.nameEn === undefined ? row.name_en : body.nameEn?.trim() || null, important: body.important ?? row.important, position: body.position ?? row.position, active: body.active ?? row.active };
    const changed = (Object.keys(after) as (keyof typeof after)[]).filter((column) => after[column] !== row[column]);
    if (changed.length === 0) return viewTier(row);
    const next = { ...row, ...after, version: row.version + 1 };
    await transaction.run(build.updateTable('customer_tier').set({ ...after, version: next.version }).where('tenant_id', '=', tenantId).where('id', '=', row.id));
    const pick = (from: TierRow) => Object.fromEntries(changed.map((column) => [column === 'name_en' ? 'nameEn' : column, from[column]]));
    await recordFact(transaction, { kind: 'customer_tier.changed', actor: context.actor, data: { key: row.key, name: next.name, before: pick(row), after: pick(next) }, occurredAt: context.now, recordedAt: context.now, subjectId: row.id });
    return viewTier(next);
  },
});

const viewTier = ({ name_en: nameEn, ...row }: TierRow): CustomerTier => ({ ...row, nameEn });

/** The key of the tier that a request names by its key or name, in whatever case; refused when there is none in use. */
export async function findTier({ transaction, tenantId }: Pick<Context, 'tenantId' | 'transaction'>, text: string, path = '/tier'): Promise<string> {
  const wanted = text.trim().toLowerCase();
  const tiers = await transaction.run(build.selectFrom('customer_tier').select(['key', 'name', 'name_en', 'active']).where('tenant_id', '=', tenantId));
  const found = tiers.find((tier) => tier.key.toLowerCase() === wanted) ?? tiers.find((tier) => tier.name.toLowerCase() === wanted || tier.name_en?.toLowerCase() === wanted);
  if (!found) throw refuseInput(path, 'unknown_reference', { field: 'tier' });
  if (!found.active) throw refuseInput(path, 'reference_inactive', { field: 'tier' });
  return found.key;
}

const findImportance = statement<{ important: boolean }>('customer_tier.important', 'SELECT important FROM customer_tier WHERE tenant_id = $1 AND key = $2');

/** Whether the organization calls a tier important (重点等级); one that is gone is not. */
export async function isImportantTier({ transaction, tenantId }: Pick<Context, 'tenantId' | 'transaction'>, tier: string | null): Promise<boolean> {
  if (tier === null) return false;
  const [row] = await transaction.query(findImportance, [tenantId, tier]);
  return row?.important ?? false;
}
