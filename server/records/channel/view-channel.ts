import { inboundForms, type ChannelHealth, type InboundChannel } from '../../../contract/channel.ts';
import type { Context } from '../../platform/context.ts';
import { statement } from '../../platform/db/database.ts';
import { idSince } from '../../platform/db/uuid.ts';
import { refusedLast, secretsOf, signHook, type ChannelRow } from './accounts.ts';
import { noReplies, replyHealthOf } from './reply-health.ts';

interface Counts {
  id: string;
  waiting: number;
  quarantined: number;
  last_minute: number;
  last_day: number;
}

// Ids begin with the time they were made at: what came since is read off the index.
const count = statement<Counts>('inbox_message.count', `
  SELECT a.id,
    (SELECT count(*)::int FROM (SELECT 1 FROM inbox_message m WHERE m.tenant_id = $1 AND m.account_id = a.id AND m.state = 'waiting' LIMIT 1000) AS waiting) AS waiting,
    (SELECT count(*)::int FROM (SELECT 1 FROM inbox_message m WHERE m.tenant_id = $1 AND m.account_id = a.id AND m.state = 'quarantined' LIMIT 1000) AS quarantined) AS quarantined,
    (SELECT count(*)::int FROM (SELECT 1 FROM inbox_message m WHERE m.tenant_id = $1 AND m.account_id = a.id AND m.id > $3::uuid LIMIT 10000) AS lately) AS last_minute,
    (SELECT count(*)::int FROM (SELECT 1 FROM inbox_message m WHERE m.tenant_id = $1 AND m.account_id = a.id AND m.id > $4::uuid LIMIT 10000) AS today) AS last_day
  FROM unnest($2::uuid[]) AS a (id)`);

/** How channels fare (渠道健康), by their ids. */
export async function healthOf(context: Context, rows: readonly Pick<ChannelRow, 'id' | 'active' | 'last_received_at' | 'last_refused_at' | 'last_refusal'>[]): Promise<Map<string, ChannelHealth>> {
  if (rows.length === 0) return new Map();
  const now = context.now.getTime();
  const counts = new Map((await context.transaction.query(count, [context.tenantId, rows.map((row) => row.id), idSince(now - 60_000), idSince(now - 86_400_000)])).map((row) => [row.id, row]));
  const replies = await replyHealthOf(context, rows.map((row) => row.id));
  return new Map(rows.map((row) => {
    // One that came alone is told of nobody.
    const alone = row.last_refused_at !== null && row.last_refused_at.getTime() === row.last_received_at?.getTime();
    const { waiting = 0, quarantined = 0, last_minute: lastMinute = 0, last_day: lastDay = 0 } = counts.get(row.id) ?? {};
    return [row.id, {
      state: !row.active ? 'off' : refusedLast(row) ? 'refusing' : row.last_received_at === null ? 'unused' : 'well',
      lastReceivedAt: row.last_received_at?.toISOString() ?? null, lastRefusedAt: alone ? null : row.last_refused_at?.toISOString() ?? null, lastRefusal: alone ? null : row.last_refusal, waiting, quarantined, replies: replies.get(row.id) ?? noReplies, lastMinute, lastDay,
    }];
  }));
}

/** A channel as the console shows it (渠道账号视图): no secret, and how it fares. */
export async function viewChannel(context: Context, row: ChannelRow): Promise<InboundChannel> {
  const { mode = Object.keys(inboundForms[row.kind])[0]!, ...settings } = row.settings;
  return {
    id: row.id, kind: row.kind, name: row.name, active: row.active, mode, settings, secrets: Object.keys(secretsOf(context.services.secrets, row) ?? {}), mapping: row.mapping,
    // A chat is no address to call but a page of its own, which websites hold.
    url: `${context.services.publicUrl}/${row.kind === 'web_chat' ? 'chat' : `hooks/${row.kind}`}/${signHook(context.services.secrets, context.tenantId, row.id)}`,
    mailPort: row.kind === 'email' && mode === 'smtp' ? context.services.mailPort ?? null : null,
    health: (await healthOf(context, [row])).get(row.id)!,
    version: row.version, createdAt: row.created_at.toISOString(),
  };
}
