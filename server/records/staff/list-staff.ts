import { sql } from 'kysely';
import { limits } from '../../../contract/common.ts';
import { ListStaff, StaffPage } from '../../../contract/organization.ts';
import { build } from '../../platform/db/database.ts';
import { containing } from '../../platform/db/like.ts';
import { readCursor, writeCursor } from '../../platform/http/cursor.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { staffColumns, viewStaff } from './view-staff.ts';

/** Members of staff (员工列表), oldest first, those who have left among them. `q` is part of the name or the e-mail address. */
export const listStaff = useCase({
  summary: 'List staff',
  query: ListStaff,
  answer: StaffPage,
  async run(context, { query }) {
    const limit = query.limit ?? limits.defaultPage;
    let select = build.selectFrom('staff').select(staffColumns).where('tenant_id', '=', context.tenantId);
    if (query.job !== undefined) select = select.where('job', '=', query.job);
    if (query.team !== undefined) {
      select = select.where(sql<boolean>`EXISTS (SELECT 1 FROM team_member m WHERE m.tenant_id = staff.tenant_id AND m.staff_id = staff.id AND m.team_id = ${query.team}::uuid)`);
    }
    if (query.skill !== undefined) {
      select = select.where(sql<boolean>`EXISTS (SELECT 1 FROM staff_skill k WHERE k.tenant_id = staff.tenant_id AND k.staff_id = staff.id AND k.skill_id = ${query.skill}::uuid)`);
    }
    const q = query.q?.trim();
    if (q) select = select.where((either) => either.or([either('name', 'ilike', containing(q)), either('email', 'ilike', containing(q))]));
    if (query.cursor !== undefined) select = select.where('id', '>', readCursor(query.cursor, 'staff')[1]);
    const rows = await context.transaction.run(select.orderBy('id').limit(limit + 1));
    return {
      items: await viewStaff(context, rows.slice(0, limit)),
      nextCursor: rows.length > limit ? writeCursor('staff', ['', rows[limit - 1]!.id]) : null,
    };
  },
});
