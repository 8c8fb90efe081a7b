import { Closed, Id } from '../../../contract/common.ts';
import { Staff } from '../../../contract/organization.ts';
import { build } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { staffColumns, viewStaff } from './view-staff.ts';

/** One member of staff (员工详情). */
export const showStaff = useCase({
  summary: 'Show a member of staff',
  params: Closed({ id: Id }),
  answer: Staff,
  async run(context, { params }) {
    const rows = await context.transaction.run(build.selectFrom('staff').select(staffColumns).where('tenant_id', '=', context.tenantId).where('id', '=', params.id));
    const [staff] = await viewStaff(context, rows);
    if (!staff) throw new Refusal('not_found');
    return staff;
  },
});
