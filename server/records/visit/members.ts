import type { Reference } from '../../../contract/common.ts';
import { currentVisitStatuses } from '../../../rules/ticket/visit-lifecycle.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { invalidInput, refuseInput } from '../../platform/errors/refusal.ts';

type Reading = Pick<Context, 'tenantId' | 'transaction'>;

/** The colleagues that come along (同行人员), in the order they were named: at work here, each once, and not the one who leads. `path` is the JSON pointer of the list. */
export async function findMembers({ tenantId, transaction }: Reading, ids: readonly string[], leadId: string, path: string): Promise<Reference[]> {
  if (ids.length === 0) return [];
  const rows = await transaction.run(build.selectFrom('staff').select(['id', 'name', 'active']).where('tenant_id', '=', tenantId).where('id', 'in', [...ids]));
  return ids.map((id, index) => {
    const found = rows.find((row) => row.id === id.toLowerCase());
    if (!found) throw refuseInput(`${path}/${index}`, 'unknown_reference', { field: 'memberIds' });
    if (!found.active) throw refuseInput(`${path}/${index}`, 'reference_inactive', { field: 'memberIds' });
    if (found.id === leadId) throw invalidInput(`${path}/${index}`, 'is_the_lead', { zh: '带队的人不用再列为同行', en: 'leads the visit already' });
    return { id: found.id, name: found.name };
  });
}

/** Writes who comes beside the technician of a visit, instead of whoever did. */
export async function writeMembers({ tenantId, transaction, now }: Pick<Context, 'tenantId' | 'transaction' | 'now'>, visitId: string, members: readonly Reference[]): Promise<void> {
  await transaction.run(build.deleteFrom('visit_member').where('tenant_id', '=', tenantId).where('visit_id', '=', visitId));
  if (members.length > 0) await transaction.run(build.insertInto('visit_member').values(members.map(({ id }, place) => ({ tenant_id: tenantId, visit_id: visitId, staff_id: id, place, added_at: now }))));
}

/** Takes somebody out of the visits of others that are not over (离职退出同行): they will not come. */
export async function leaveVisits({ tenantId, transaction }: Reading, staffId: string): Promise<void> {
  await transaction.run(build.deleteFrom('visit_member').where('tenant_id', '=', tenantId).where('staff_id', '=', staffId)
    .where('visit_id', 'in', build.selectFrom('visit_member as m').innerJoin('visit as v', (join) => join.onRef('v.tenant_id', '=', 'm.tenant_id').onRef('v.id', '=', 'm.visit_id'))
      .select('m.visit_id').where('m.tenant_id', '=', tenantId).where('m.staff_id', '=', staffId).where('v.status', 'in', currentVisitStatuses)));
}
