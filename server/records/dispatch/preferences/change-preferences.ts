import { sql } from 'kysely';
import { Closed, Id } from '../../../../contract/common.ts';
import { ListTechnicianPreferences, preferenceLimits, SetTechnicianPreference, TechnicianPreference, TechnicianPreferences, type PreferenceKind, type PreferenceSubject } from '../../../../contract/technician-preference.ts';
import type { Context } from '../../../platform/context.ts';
import { build } from '../../../platform/db/database.ts';
import { newId } from '../../../platform/db/uuid.ts';
import { Refusal, refuseInput } from '../../../platform/errors/refusal.ts';
import { recordFact } from '../../../platform/facts/fact.ts';
import { useCase } from '../../../platform/http/use-case.ts';
import { familyOf } from '../../customer/family.ts';

interface Row {
  id: string;
  customer_id: string | null;
  site_id: string | null;
  asset_id: string | null;
  staff_id: string;
  staff_name: string;
  kind: string;
  reason: string | null;
  created_by_name: string | null;
  created_at: Date;
}
const columnOf = { customer: 'customer_id', site: 'site_id', asset: 'asset_id' } as const satisfies Record<PreferenceSubject, string>;
const rows = () => build.selectFrom('technician_preference as p').innerJoin('staff as s', (join) => join.onRef('s.tenant_id', '=', 'p.tenant_id').onRef('s.id', '=', 'p.staff_id'))
  .select(['p.id', 'p.customer_id', 'p.site_id', 'p.asset_id', 'p.staff_id', 's.name as staff_name', 'p.kind', 'p.reason', 'p.created_by_name', 'p.created_at']);

/** Whom a customer, a place or an asset wants, has to have, or does not accept (指定工程师列表); of a customer also what was said of those merged into them. */
export const listTechnicianPreferences = useCase({
  summary: 'List the technicians that a customer, a site or an asset wants or does not accept',
  query: ListTechnicianPreferences,
  answer: TechnicianPreferences,
  async run(context, { query: { of, subjectId } }) {
    await findSubject(context, of, subjectId);
    const ids = of === 'customer' ? await familyOf(context, subjectId) : [subjectId];
    const found = await context.transaction.run(rows().where('p.tenant_id', '=', context.tenantId).where(`p.${columnOf[of]}`, 'in', ids).orderBy('p.created_at').orderBy('p.id').limit(preferenceLimits.each * 4));
    return { items: found.map(view) };
  },
});

/** Says that a technician is preferred, required or not accepted (指定工程师), and why; what was said of them before is replaced. */
export const setTechnicianPreference = useCase({
  summary: 'Say that a customer, a site or an asset prefers, requires or does not accept a technician',
  body: SetTechnicianPreference,
  answer: TechnicianPreference,
  status: 201,
  async run(context, { body: { of, subjectId, staffId, kind, reason } }) {
    const { transaction, tenantId, now, actor } = context;
    // Whoever says something waits for the others, so that the limit holds.
    const subject = await findSubject(context, of, subjectId, true);
    const staff = await transaction.first(build.selectFrom('staff').select(['id', 'name', 'active']).where('tenant_id', '=', tenantId).where('id', '=', staffId));
    if (!staff) throw refuseInput('/staffId', 'unknown_reference', { field: 'staffId' });
    const all = await transaction.run(rows().where('p.tenant_id', '=', tenantId).where(`p.${columnOf[of]}`, '=', subjectId));
    const before = all.find((row) => row.staff_id === staffId);
    if (!staff.active && kind !== 'banned') throw refuseInput('/staffId', 'reference_inactive', { field: 'staffId' });
    if (!before && all.length >= preferenceLimits.each) throw new Refusal('limit_reached', { limit: preferenceLimits.each });
    const said = { kind, reason: reason?.trim() || null };
    if (before && before.kind === kind && before.reason === said.reason) return view(before);
    const values = { ...said, created_by_name: actor.name, created_at: now };
    const row = { id: before?.id ?? newId(now.getTime()), customer_id: null, site_id: null, asset_id: null, [columnOf[of]]: subjectId, staff_id: staffId, ...values };
    if (before) await transaction.run(build.updateTable('technician_preference').set(values).where('tenant_id', '=', tenantId).where('id', '=', before.id));
    else await transaction.run(build.insertInto('technician_preference').values({ tenant_id: tenantId, ...row }));
    await tell(context, 'technician_preference.set', subject, { technician: { id: staff.id, name: staff.name }, ...changeOf(staff.name, before, said) });
    return view({ ...row, staff_name: staff.name });
  },
});

/** Takes such a word back (取消指定). */
export const removeTechnicianPreference = useCase({
  summary: 'Take back what was said of a technician',
  params: Closed({ id: Id }),
  answer: null,
  async run(context, { params }) {
    const { transaction, tenantId } = context;
    const row = await transaction.first(rows().where('p.tenant_id', '=', tenantId).where('p.id', '=', params.id).modifyEnd(sql`FOR UPDATE OF p`));
    if (!row) throw new Refusal('not_found');
    await transaction.run(build.deleteFrom('technician_preference').where('tenant_id', '=', tenantId).where('id', '=', row.id));
    const { of, subjectId } = subjectOf(row);
    await tell(context, 'technician_preference.removed', await findSubject(context, of, subjectId), { technician: { id: row.staff_id, name: row.staff_name }, ...changeOf(row.staff_name, row, undefined) });
  },
});

type Said = Pick<Row, 'kind' | 'reason'> | undefined;
const propertyOf: Record<string, string> = { preferred: 'preferredTechnician', required: 'requiredTechnician', banned: 'bannedTechnician' };

/** What was said of somebody and what is, as histories show it. */
function changeOf(name: string, before: Said, after: Said): { before: Record<string, string | null>; after: Record<string, string | null> } {
  const words = (said: NonNullable<Said>): string => (said.reason === null ? name : `${name} · ${said.reason}`);
  const of = (side: Said, other: Said): Record<string, string | null> => ({ ...(other ? { [propertyOf[other.kind]!]: null } : {}), ...(side ? { [propertyOf[side.kind]!]: words(side) } : {}) });
  return { before: of(before, after), after: of(after, before) };
}

interface Subject { of: PreferenceSubject; id: string; name: string; /** In whose history it stands. */ toldOf: string }

async function findSubject({ transaction, tenantId }: Context, of: PreferenceSubject, id: string, lock = false): Promise<Subject> {
  const locked = <Select extends { forNoKeyUpdate(): Select }>(select: Select): Select => (lock ? select.forNoKeyUpdate() : select);
  if (of === 'site') {
    const site = await transaction.first(locked(build.selectFrom('site').select(['name', 'account_id']).where('tenant_id', '=', tenantId).where('id', '=', id)));
    if (!site) throw new Refusal('not_found');
    return { of, id, name: site.name, toldOf: site.account_id };
  }
  const record = of === 'customer'
    ? await transaction.first(locked(build.selectFrom('customer').select('name').where('tenant_id', '=', tenantId).where('id', '=', id)))
    : await transaction.first(locked(build.selectFrom('asset').select('name').where('tenant_id', '=', tenantId).where('id', '=', id)));
  if (!record) throw new Refusal('not_found');
  return { of, id, name: record.name, toldOf: id };
}

function tell({ transaction, actor, now }: Context, kind: 'technician_preference.set' | 'technician_preference.removed', subject: Subject, data: Record<string, unknown>): Promise<unknown> {
  return recordFact(transaction, { kind, actor, data: { name: subject.name, of: subject.of, ...(subject.of === 'site' ? { siteId: subject.id } : {}), ...data }, occurredAt: now, recordedAt: now, subjectId: subject.toldOf });
}

const subjectOf = (row: Pick<Row, 'customer_id' | 'site_id' | 'asset_id'>): { of: PreferenceSubject; subjectId: string } =>
  (row.customer_id !== null ? { of: 'customer', subjectId: row.customer_id } : row.site_id !== null ? { of: 'site', subjectId: row.site_id } : { of: 'asset', subjectId: row.asset_id! });

const view = (row: Row): TechnicianPreference => ({
  id: row.id, ...subjectOf(row), technician: { id: row.staff_id, name: row.staff_name }, kind: row.kind as PreferenceKind, reason: row.reason, by: row.created_by_name, createdAt: row.created_at.toISOString(),
});
