import { Asset } from '../../../contract/asset.ts';
import { Closed, Id } from '../../../contract/common.ts';
import { HistoryPage, ShowHistory } from '../../../contract/customer.ts';
import { build } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { pageOfHistory } from '../customer/history.ts';
import { viewAssets } from './view-asset.ts';

/** One asset (设备详情). */
export const showAsset = useCase({
  summary: 'Show an asset',
  params: Closed({ id: Id }),
  answer: Asset,
  async run(context, { params }) {
    const row = await context.transaction.first(build.selectFrom('asset').selectAll().where('tenant_id', '=', context.tenantId).where('id', '=', params.id));
    if (!row) throw new Refusal('not_found');
    return (await viewAssets(context, [row]))[0]!;
  },
});

/** The tickets of an asset and what was changed of it (设备履历). */
export const showAssetTimeline = useCase({
  summary: 'Show the history of an asset',
  params: Closed({ id: Id }),
  query: ShowHistory,
  answer: HistoryPage,
  async run(context, { params: { id }, query }) {
    if (!await context.transaction.first(build.selectFrom('asset').select('id').where('tenant_id', '=', context.tenantId).where('id', '=', id))) throw new Refusal('not_found');
    return pageOfHistory(context, { assetId: id, subjectIds: [id] }, query);
  },
});
