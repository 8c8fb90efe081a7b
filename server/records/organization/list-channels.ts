import { PageQuery, limits } from '../../../contract/common.ts';
import { ChannelPage } from '../../../contract/organization.ts';
import { build } from '../../platform/db/database.ts';
import { readCursor, writeCursor } from '../../platform/http/cursor.ts';
import { useCase } from '../../platform/http/use-case.ts';

/** What the channels that an organization begins with are called in English (founding/found-organization.ts). */
const inEnglish: Readonly<Record<string, string>> = { 服务门户: 'Service portal', 网页表单: 'Web form', 服务邮箱: 'Service mailbox' };

/** The channels by which customers reach the organization (渠道列表), oldest first. */
export const listChannels = useCase({
  summary: 'List channels',
  query: PageQuery,
  answer: ChannelPage,
  async run(context, { query }) {
    const limit = query.limit ?? limits.page;
    let select = build.selectFrom('channel_account').select(['id', 'kind', 'name', 'address', 'active']).where('tenant_id', '=', context.tenantId).where('archived_at', 'is', null);
    if (query.cursor !== undefined) select = select.where('id', '>', readCursor(query.cursor, 'channels')[1]);
    const rows = await context.transaction.run(select.orderBy('id').limit(limit + 1));
    // Pages of this program are kept as paths, as the address people reach it under may change.
    const items = rows.slice(0, limit).map((row) => ({ ...row, name: context.language === 'en' ? inEnglish[row.name] ?? row.name : row.name, address: row.address?.startsWith('/') ? `${context.services.publicUrl}${row.address}` : row.address }));
    return { items, nextCursor: rows.length > limit ? writeCursor('channels', ['', rows[limit - 1]!.id]) : null };
  },
});
