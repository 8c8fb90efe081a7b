import type { ChannelHealth } from '../../../contract/channel.ts';
import type { Context } from '../../platform/context.ts';
import { statement } from '../../platform/db/database.ts';

interface Replies {
  id: string;
  sent: number;
  failed: number;
  failing: number;
  last_failed_at: Date | null;
  failure: string | null;
  failure_detail: string | null;
  since: Date | null;
}

// Of very many answers the newest say how it stands. What is tried again has not been settled. What lies with one customer (their window is
// closed, they take no more) or with the answer itself tells nothing of the channel, nor does a pause that nobody was refused for.
const reckon = statement<Replies>('outgoing_message.health', `
  WITH lately AS MATERIALIZED (
    (SELECT id AS message, conversation_id, state, failure, failure_detail, settled_at AS at FROM outgoing_message WHERE tenant_id = $1 AND settled_at > $3 ORDER BY settled_at DESC LIMIT 5000)
    UNION ALL
    (SELECT id, conversation_id, state, failure, failure_detail, created_at FROM outgoing_message WHERE tenant_id = $1 AND state IN ('queued', 'sending') AND failure IS NOT NULL AND conversation_id IS NOT NULL LIMIT 1000)),
  told AS (
    SELECT c.account_id AS id, l.message, l.failure, l.failure_detail, l.at, l.state NOT IN ('sent', 'delivered', 'read') AS failed, max(l.at) FILTER (WHERE l.state IN ('sent', 'delivered', 'read')) OVER (PARTITION BY c.account_id) AS well_at
    FROM lately l JOIN conversation c ON c.tenant_id = $1 AND c.id = l.conversation_id
    WHERE c.account_id = ANY($2::uuid[]) AND (l.state IN ('sent', 'delivered', 'read') OR l.failure IN ('account', 'temporary', 'refused', 'unknown') OR (l.failure = 'rate_limited' AND l.state = 'failed')))
  SELECT id, count(*) FILTER (WHERE NOT failed)::int AS sent, count(*) FILTER (WHERE failed)::int AS failed, count(*) FILTER (WHERE failed AND (well_at IS NULL OR at > well_at))::int AS failing, max(at) FILTER (WHERE failed) AS last_failed_at,
    (array_agg(failure ORDER BY at DESC, message DESC) FILTER (WHERE failed))[1] AS failure, (array_agg(failure_detail ORDER BY at DESC, message DESC) FILTER (WHERE failed))[1] AS failure_detail,
    min(at) FILTER (WHERE failed AND (well_at IS NULL OR at > well_at)) AS since
  FROM told GROUP BY id`);

export type ReplyHealth = ChannelHealth['replies'];
export const noReplies: ReplyHealth = { sent: 0, failed: 0, failing: 0, lastFailedAt: null, failure: null, failureDetail: null, failingSince: null };

/** What became of the answers of a day that go back by channels (回复健康), by their ids; those without any are left out. */
export async function replyHealthOf({ tenantId, transaction, now }: Context, ids: readonly string[]): Promise<Map<string, ReplyHealth>> {
  const rows = await transaction.query(reckon, [tenantId, ids, new Date(now.getTime() - 86_400_000)]);
  return new Map(rows.map((row) => [row.id, {
    sent: row.sent, failed: row.failed, failing: row.failing, lastFailedAt: row.last_failed_at?.toISOString() ?? null, failure: row.failure, failureDetail: row.failure_detail?.slice(0, 300) ?? null, failingSince: row.since?.toISOString() ?? null,
  }]));
}
