import { ImportedCase } from '../../../../../contract/import.ts';
import { momentIn, withoutEmpty, wordIn } from '../../../../../rules/imports/values.ts';
import type { Context } from '../../../../platform/context.ts';
import { build } from '../../../../platform/db/database.ts';
import { refuseInput } from '../../../../platform/errors/refusal.ts';
import { lockCaseNumbered } from '../../../../records/hotline/rows.ts';
import { openCase } from '../../take-case.ts';
import { checked, said, saidPlain, type KindHandler } from '../kind.ts';

const truths = { yes: ['是', '紧急', '特急', '加急', 'y', 'true', '1', 'urgent'], no: ['否', '普通', '一般', 'n', 'false', '0', 'normal'] };

/** Cases of a hotline that come as a file (导入热线派单): known by their number; one that is there already stays as it is. */
export const hotlineCases: KindHandler = {
  kind: 'hotline_cases',
  permission: 'ticket.create',
  async take(context, row) {
    const moment = (target: string) => (row.said.has(target) ? momentIn(row.said.get(target)!, row.timeZone) : undefined);
    const found = checked<ImportedCase>(context, ImportedCase, withoutEmpty({
      caseNumber: saidPlain(row, 'caseNumber'), title: said(row, 'title'), content: said(row, 'content'), code: saidPlain(row, 'code'), codeName: said(row, 'codeName'), citizenName: said(row, 'citizenName'), citizenPhone: saidPlain(row, 'citizenPhone'),
      address: said(row, 'address'), dispatchedAt: moment('dispatchedAt'), deadline: moment('deadline'), urgent: row.said.has('urgent') ? wordIn(row.said.get('urgent')!, truths) : undefined,
    }));
    const channel = await hotlineSaid(context, said(row, 'channel'));
    if (await lockCaseNumbered(context.transaction, channel.id, found.caseNumber)) return 'present';
    const { dispatchedAt, deadline, urgent, ...rest } = found;
    await openCase(context, channel, { type: 'case.dispatched', ...rest, ...(deadline === undefined ? {} : { deadline: new Date(deadline).getTime() }), ...(urgent === 'yes' ? { urgent: true } : {}) }, dispatchedAt === undefined ? context.now : new Date(dispatchedAt));
    return 'created';
  },
};

async function hotlineSaid({ tenantId, transaction }: Context, name: string | undefined): Promise<{ id: string; name: string }> {
  let select = build.selectFrom('channel_account').select(['id', 'name']).where('tenant_id', '=', tenantId).where('kind', '=', 'hotline').where('archived_at', 'is', null);
  if (name !== undefined) select = select.where('name', '=', name);
  const [only, second] = await transaction.run(select.orderBy('id').limit(2));
  if (!only || second) throw refuseInput('/channel', 'unknown_reference', { field: 'channel' });
  return only;
}
