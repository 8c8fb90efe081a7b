import type { InboundChannel } from '../../../contract/channel.ts';
import type { Context } from '../../platform/context.ts';
import { statement } from '../../platform/db/database.ts';
import { secretsOf, signHook, type ChannelRow } from './accounts.ts';

const countWaiting = statement<{ waiting: number; quarantined: number }>('inbox_message.count', `
  SELECT (SELECT count(*)::int FROM (SELECT 1 FROM inbox_message WHERE tenant_id = $1 AND account_id = $2 AND state = 'waiting' LIMIT 1000) AS waiting) AS waiting,
    (SELECT count(*)::int FROM (SELECT 1 FROM inbox_message WHERE tenant_id = $1 AND account_id = $2 AND state = 'quarantined' LIMIT 1000) AS quarantined) AS quarantined`);

/** A channel as the console shows it (渠道账号视图): no secret, and how it fares. */
export async function viewChannel(context: Context, row: ChannelRow): Promise<InboundChannel> {
  const [counts] = await context.transaction.query(countWaiting, [context.tenantId, row.id]);
  const { mode = 'token', ...settings } = row.settings;
  const refusedLast = row.last_refused_at !== null && (row.last_received_at === null || row.last_refused_at > row.last_received_at);
  return {
    id: row.id, kind: row.kind, name: row.name, active: row.active, mode, settings, secrets: Object.keys(secretsOf(context.services.secrets, row) ?? {}), mapping: row.mapping,
    url: `${context.services.publicUrl}/hooks/${row.kind}/${signHook(context.services.secrets, context.tenantId, row.id)}`,
    health: {
      state: !row.active ? 'off' : refusedLast ? 'refusing' : row.last_received_at === null ? 'unused' : 'well',
      lastReceivedAt: row.last_received_at?.toISOString() ?? null, lastRefusedAt: row.last_refused_at?.toISOString() ?? null, lastRefusal: row.last_refusal, waiting: counts!.waiting, quarantined: counts!.quarantined,
    },
    version: row.version, createdAt: row.created_at.toISOString(),
  };
}
