import type { Services } from '../../platform/context.ts';
import { everyTenant, statement } from '../../platform/db/database.ts';
import { keepMessages } from '../../records/channel/inbox.ts';

const silentHours = 12;
const batch = 1_000;

const findSilent = statement<{ tenant_id: string; account_id: string; external_id: string; at: string }>('call.find_silent', `
  SELECT tenant_id, account_id, external_id, events -> -1 ->> 'at' AS at FROM call
  WHERE state IN ('ringing', 'answered') AND started_at < $1 AND (events -> -1 ->> 'at')::numeric < $2 ORDER BY started_at LIMIT ${batch}`);

/**
 * Ends calls nobody has told of for twelve hours (结束失联通话), with the last that was told of them: that they ended was never heard. It goes the way of what is told of a call, and
 * stands behind all of it: should the end be told after all, that is when it was.
 *
 * @returns how many there were
 */
export async function endSilentCalls({ database }: Pick<Services, 'database'>, now: Date): Promise<number> {
  const before = new Date(now.getTime() - silentHours * 3_600_000);
  const silent = await database.transact(everyTenant, (transaction) => transaction.query(findSilent, [before, before.getTime()]));
  for (const { tenant_id: tenantId, account_id: accountId, external_id: name, at } of silent) {
    const event = { type: 'call.ended' as const, seq: Number.MAX_SAFE_INTEGER, at: Number(at) };
    const message = { externalId: `${name}/silent`.slice(-200), thread: name, occurredAt: new Date(event.at), parts: [], values: {}, kind: 'event' as const, call: { event } };
    await database.transact(tenantId, (transaction) => keepMessages(transaction, accountId, [message], Buffer.from(JSON.stringify(event)), now), { grouped: true });
  }
  return silent.length;
}
