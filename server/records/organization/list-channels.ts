import { PageQuery, limits } from '../../../contract/common.ts';
import { ChannelPage } from '../../../contract/organization.ts';
import { holds } from '../../../rules/access/policy.ts';
import { staffOf } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { readCursor, writeCursor } from '../../platform/http/cursor.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { isInbound } from '../channel/change-channel.ts';
import { healthOf } from '../channel/view-channel.ts';

/** What the channels that an organization begins with are called in English (founding/found-organization.ts). */
const inEnglish: Readonly<Record<string, string>> = { 服务门户: 'Service portal', 网页表单: 'Web form', 服务邮箱: 'Service mailbox' };

/** The channels by which customers reach the organization (渠道列表), oldest first. */
export const listChannels = useCase({
  summary: 'List channels',
  query: PageQuery,
  answer: ChannelPage,
  async run(context, { query }) {
    const limit = query.limit ?? limits.page;
    let select = build.selectFrom('channel_account').select(['id', 'kind', 'name', 'address', 'active', 'last_received_at', 'last_refused_at', 'last_refusal', 'settings']).where('tenant_id', '=', context.tenantId).where('archived_at', 'is', null);
    if (query.cursor !== undefined) select = select.where('id', '>', readCursor(query.cursor, 'channels')[1]);
    const rows = await context.transaction.run(select.orderBy('id').limit(limit + 1));
    // Pages of this program are kept as paths, as the address people reach it under may change.
    const shown = rows.slice(0, limit);
    const health = holds(staffOf(context), 'settings.write') ? await healthOf(context, shown.filter((row) => isInbound(row.kind))) : null;
    const items = shown.map(({ id, kind, name, address: written, active, settings }) => {
      const address = kind === 'email' ? (settings as { address?: string } | null)?.address ?? written : written;
      return { id, kind, name: context.language === 'en' ? inEnglish[name] ?? name : name, address: address?.startsWith('/') ? `${context.services.publicUrl}${address}` : address, active, health: health?.get(id) ?? null };
    });
    return { items, nextCursor: rows.length > limit ? writeCursor('channels', ['', rows[limit - 1]!.id]) : null };
  },
});
