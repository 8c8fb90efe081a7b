import { listChannels, listRecordings, recordedBy, recorderPrefix, type AriEvent } from '../../channels/phone/ari.ts';
import type { OpenInboundAccount } from '../../channels/inbound.ts';
import { outsideTools } from '../../channels/notice-channel.ts';
import type { Services } from '../../platform/context.ts';
import { statement } from '../../platform/db/database.ts';
import type { HeardAccount } from '../../records/channel/holds.ts';

const recentMilliseconds = 86_400_000;
// What was asked for just now may not be there yet.
const dialMilliseconds = 60_000;

const findOpen = statement<{ name: string }>('call.find_open', `
  SELECT external_id AS name FROM call WHERE tenant_id = $1 AND account_id = $2 AND state IN ('ringing', 'answered') AND (dial_state IS NULL OR (dial_state = 'asked' AND started_at < $3))
  UNION SELECT thread FROM inbox_message WHERE tenant_id = $1 AND account_id = $2 AND state = 'waiting'`);
const findUnrecorded = statement<{ name: string }>('call.find_unrecorded', `
  SELECT external_id AS name FROM call WHERE tenant_id = $1 AND account_id = $2 AND external_id = ANY($3) AND recording_state = 'none' AND started_at > $4`);

/**
 * What Asterisk would have told while nobody listened (补听事件): calls that are over, and recordings that are there. Asked for once it is listened to again; when
 * they ended nobody knows, so it is now.
 */
export async function missedEvents({ database, clock, privateHosts }: Services, { tenantId, row }: HeardAccount, account: OpenInboundAccount): Promise<AriEvent[]> {
  const tools = outsideTools(clock, privateHosts ?? []);
  const now = clock.now();
  const timestamp = now.toISOString();
  // Ours first: what begins after that is not taken for what has ended.
  const open = await database.look(tenantId, findOpen, [tenantId, row.id, new Date(now.getTime() - dialMilliseconds)]);
  const channels = new Set(await listChannels(account, tools));
  const over: AriEvent[] = open.filter(({ name }) => !channels.has(name)).map(({ name }) => ({ type: 'ChannelDestroyed', timestamp, channel: { id: name } }));
  if (account.values['record'] !== 'record_yes') return over;
  // One that is still being recorded is told of when it is finished.
  const recorded = (await listRecordings(account, tools)).filter((name) => !channels.has(name)).flatMap((name) => recordedBy(name) ?? []).filter((name) => !channels.has(name));
  const unrecorded = recorded.length === 0 ? [] : await database.look(tenantId, findUnrecorded, [tenantId, row.id, recorded, new Date(now.getTime() - recentMilliseconds)]);
  return [...over, ...unrecorded.map(({ name }): AriEvent => ({ type: 'RecordingFinished', timestamp, recording: { name: recorderPrefix + name } }))];
}
