import { limits } from '../../../contract/common.ts';
import { AssetPage, ListAssets } from '../../../contract/organization.ts';
import { containing } from '../../platform/db/like.ts';
import { readCursor, writeCursor } from '../../platform/http/cursor.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { selectAssets, viewAsset } from './view-asset.ts';

/** Assets (设备列表), newest first. `q` is part of the name, the code, the model or the serial number. */
export const listAssets = useCase({
  summary: 'List assets',
  query: ListAssets,
  answer: AssetPage,
  async run(context, { query }) {
    const limit = query.limit ?? limits.defaultPage;
    let select = selectAssets(context);
    const q = query.q?.trim();
    if (q) {
      select = select.where((either) => either.or((['asset.name', 'asset.code', 'asset.model', 'asset.serial_number'] as const).map((column) => either(column, 'ilike', containing(q)))));
    }
    if (query.cursor !== undefined) select = select.where('asset.id', '<', readCursor(query.cursor, 'assets')[1]);
    const rows = await context.transaction.run(select.orderBy('asset.id', 'desc').limit(limit + 1));
    return {
      items: rows.slice(0, limit).map((row) => viewAsset(context, row)),
      nextCursor: rows.length > limit ? writeCursor('assets', ['', rows[limit - 1]!.id]) : null,
    };
  },
});
