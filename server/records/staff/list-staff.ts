import { sql, type RawBuilder } from 'kysely';
import { limits } from '../../../contract/common.ts';
import { ListStaff, StaffPage } from '../../../contract/organization.ts';
import type { staffSorts } from '../../../contract/record-sorts.ts';
import { maySound, soundsLike } from '../../../rules/text/pinyin.ts';
import type { Context } from '../../platform/context.ts';
import { statement } from '../../platform/db/database.ts';
import { containing } from '../../platform/db/like.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { rowsOf } from '../customer/search/branches.ts';
import { pageInOrder, type RecordOrder } from '../customer/search/order.ts';
import { staffColumns, viewStaff, type StaffRow } from './view-staff.ts';

const id = sql`s.id`;
// Surnames as customers have them (0026); nobody has so many people that it would take an index.
const byName = { value: sql`translate(s.name, '沈曾仇翟覃', '申增丘宅秦') COLLATE name_order`, type: 'text', of: (row: StaffRow & { sort_name: string }) => row.sort_name } as const;
const orders: Record<(typeof staffSorts)[number], RecordOrder<StaffRow & { sort_name: string }>> = {
  createdAt: { name: 'staff', column: null, id, direction: 'asc' },
  '-createdAt': { name: 'staff:-createdAt', column: null, id, direction: 'desc' },
  name: { name: 'staff:name', column: byName, id, direction: 'asc' },
  '-name': { name: 'staff:-name', column: byName, id, direction: 'desc' },
};
const columns = sql`${sql.join(staffColumns.map((column) => sql.ref(`s.${column}`)))}, translate(s.name, '沈曾仇翟覃', '申增丘宅秦') AS sort_name`;

/** Members of staff (员工列表), oldest first unless asked for otherwise. `q` is part of the name as it is written or said, or of the e-mail address. */
export const listStaff = useCase({
  summary: 'List staff',
  query: ListStaff,
  answer: StaffPage,
  async run(context, { query }) {
    const { transaction, tenantId } = context;
    const q = query.q?.trim() ?? '';
    const wanted: RawBuilder<unknown>[] = [
      sql`s.tenant_id = ${tenantId}`,
      ...(query.job === undefined ? [] : [sql`s.job = ${query.job}`]), ...(query.active === undefined ? [] : [sql`s.active = ${query.active}`]),
      ...(query.team === undefined ? [] : [sql`EXISTS (SELECT 1 FROM team_member m WHERE m.tenant_id = s.tenant_id AND m.staff_id = s.id AND m.team_id = ${query.team}::uuid)`]),
      ...(query.skill === undefined ? [] : [sql`EXISTS (SELECT 1 FROM staff_skill k WHERE k.tenant_id = s.tenant_id AND k.staff_id = s.id AND k.skill_id = ${query.skill}::uuid)`]),
      ...(q === '' ? [] : [sql`(s.name ILIKE ${containing(q)} OR s.email ILIKE ${containing(q)} OR s.id = ANY(${await soundingLike(context, q)}::uuid[]))`]),
    ];
    const { rows, nextCursor } = await pageInOrder(orders[query.sort ?? 'createdAt'], query.cursor, query.limit ?? limits.defaultPage, ({ conditions, by, most }) => (
      rowsOf<StaffRow & { sort_name: string }>(transaction, sql`select ${columns} FROM staff s WHERE ${sql.join([...wanted, ...conditions], sql` AND `)} ${by} LIMIT ${most}`)));
    return { items: await viewStaff(context, rows), nextCursor };
  },
});

const findAllNames = statement<{ id: string; name: string }>('staff.allNames', 'SELECT id, name FROM staff WHERE tenant_id = $1 LIMIT 50000');

/** Whose names are read like this in pinyin. An organization has so many people that all of their names are gone through. */
async function soundingLike({ transaction, tenantId }: Context, typed: string): Promise<string[]> {
  if (!maySound(typed)) return [];
  return (await transaction.query(findAllNames, [tenantId])).filter((one) => soundsLike(one.name, typed)).map((one) => one.id);
}
