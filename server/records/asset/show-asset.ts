import { Closed, Id } from '../../../contract/common.ts';
import { Asset } from '../../../contract/organization.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { selectAssets, viewAsset } from './view-asset.ts';

/** One asset (设备详情). */
export const showAsset = useCase({
  summary: 'Show an asset',
  params: Closed({ id: Id }),
  answer: Asset,
  async run(context, { params }) {
    const row = await context.transaction.first(selectAssets(context).where('asset.id', '=', params.id));
    if (!row) throw new Refusal('not_found');
    return viewAsset(context, row);
  },
});
