import { createHmac } from 'node:crypto';
import { applyMapping } from '../../../rules/intake/mapping.ts';
import { isSame, momentOf, nameOf } from '../inbound-calls.ts';
import { CallRefused, eachOf, json, readJson, type InboundAdapter, type InboundMessage, type InboundPart, type OpenInboundAccount } from '../inbound.ts';
import { baseOf, SendFailure, type ChannelTools, type OpenAccount } from '../notice-channel.ts';
import type { OutboundChannel } from '../outbound.ts';
import { renderChat } from '../render-chat.ts';
import { callSocial, fetchMediaAt, listOf, partOf, problemIn, textIn, type SocialAnswer } from './transfer.ts';

const keyOf = (account: OpenAccount): Record<string, string> => ({ authorization: `Bearer ${account.values['accessToken'] ?? ''}` });
const apiOf = (account: OpenAccount): string => baseOf(account, 'https://api.line.me');

/**
 * A LINE official account (LINE 官方账号, Messaging API): events signed over their bytes with the channel secret (base64 HMAC-SHA256), known by `webhookEventId`. In a group
 * only what mentions the bot is for it, and each person there has a conversation of their own.
 * https://developers.line.biz/en/reference/messaging-api/#signature-validation, …#webhook-event-objects
 */
export const line: InboundAdapter = {
  verify(account, { headers, body }) {
    const secret = account.values['channelSecret'] ?? '';
    if (secret === '' || !isSame(headers['x-line-signature'] ?? '', createHmac('sha256', secret).update(body).digest('base64'))) throw new CallRefused('signature', 'the signature is missing or wrong: compare the channel secret', { what: 'compare', name: 'channel secret' });
    return null;
  },
  decode(account, call, now) {
    const came = readJson(call) as Record<string, unknown>;
    // "Verify" in the console of LINE sends a list of none.
    if (!Array.isArray(came['events'])) throw new CallRefused('malformed', 'this is no message of LINE');
    return eachOf(listOf(came['events']), now, (event) => readEvent(account, event, now));
  },
  acknowledge: () => json({}),
  fetchMedia: (account, _call, media, tools) => fetchMediaAt(tools, `${baseOf(account, 'https://api-data.line.me')}/v2/bot/message/${encodeURIComponent(media.media)}/content`, keyOf(account), media),
  async describe(account, sender, tools) {
    const answer = await callLine(account, tools, `/v2/bot/profile/${encodeURIComponent(sender.ids[0]?.value ?? '')}`, null);
    const name = textIn(answer.json['displayName']);
    return { ...sender, ...(name === '' ? {} : { name }) };
  },
};

function readEvent(account: OpenInboundAccount, event: Record<string, unknown>, now: Date): InboundMessage {
  const source = partOf(event['source']);
  const user = nameOf(source['userId']);
  const group = nameOf(source['groupId']) ?? nameOf(source['roomId']);
  const thread = group === null || user === null ? user : nameOf(`${group} ${user}`);
  const message = partOf(event['message']);
  const externalId = nameOf(event['webhookEventId']) ?? nameOf(message['id']);
  if (externalId === null) throw new CallRefused('malformed', 'an event lacks its id');
  const base = { externalId, thread: thread ?? externalId, occurredAt: momentOf(event['timestamp']) ?? now, values: applyMapping(account.mapping, event) };
  // Followed, joined, pressed, taken back; somebody else of the account answers at the time (standby); or people of a group speak with each other.
  if (event['type'] !== 'message' || thread === null || user === null || event['mode'] === 'standby' || (group !== null && !mentionsBot(message))) return { ...base, kind: 'event', parts: [] };
  return { ...base, parts: [partIn(message)], sender: { ids: [{ kind: 'line', value: user }] }, replyContext: { to: group ?? user } };
}

/** https://developers.line.biz/en/reference/messaging-api/#wh-text */
const mentionsBot = (message: Record<string, unknown>): boolean => listOf(partOf(message['mention'])['mentionees']).some(({ isSelf }) => isSelf === true);

function partIn(message: Record<string, unknown>): InboundPart {
  const type = textIn(message['type']);
  const media = textIn(message['id']);
  switch (type) {
    case 'text': return { kind: 'text', text: textIn(message['text']) };
    case 'image': return { kind: 'image', media };
    case 'audio': return { kind: 'voice', media };
    case 'video': return { kind: 'video', media };
    case 'file': return { kind: 'file', media, ...(textIn(message['fileName']) === '' ? {} : { name: textIn(message['fileName']) }) };
    case 'location': {
      const { latitude, longitude } = message;
      const address = [textIn(message['title']), textIn(message['address'])].filter(Boolean).join(' ');
      return typeof latitude === 'number' && typeof longitude === 'number' ? { kind: 'location', lat: latitude, lng: longitude, crs: 'WGS84', ...(address === '' ? {} : { address }) } : { kind: 'text', text: address || '[location]' };
    }
    case 'sticker': return { kind: 'text', text: `[${Array.isArray(message['keywords']) ? textIn(message['keywords'][0]) || 'sticker' : 'sticker'}]` };
    default: return { kind: 'text', text: `[${type.slice(0, 40)}]` };
  }
}

async function callLine(account: OpenAccount, tools: ChannelTools, path: string, body: unknown, headers: Record<string, string> = {}): Promise<SocialAnswer> {
  const answer = await callSocial(tools, `${apiOf(account)}${path}`, body, { ...keyOf(account), ...headers });
  // 409: it has taken what bears this key before.
  if (answer.status < 400 || answer.status === 409) return answer;
  const said = `LINE ${answer.status}: ${textIn(answer.json['message'])}`;
  if (answer.status === 429) throw /monthly limit/i.test(said) ? new SendFailure('quota_spent', said) : new SendFailure('rate_limited', said, 60);
  if (answer.status === 401 || answer.status === 403) throw new SendFailure('account', said);
  throw new SendFailure(problemIn(tools, answer.status, undefined, answer.status === 404 || /property, 'to'|failed to send messages/i.test(said) ? 'address' : 'content'), said);
}

const asUuid = (key: string): string => key.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');

/**
 * Answers by push under a key by which LINE drops repetitions (`X-Line-Retry-Key`). The reply token of a message is not used: it lives a minute, and a reply
 * without an answer could not be made again. Files become a link, as LINE fetches them from open addresses only.
 * https://developers.line.biz/en/reference/messaging-api/#send-push-message, …/docs/messaging-api/retrying-api-request/
 */
export const lineReplies: OutboundChannel = {
  capabilities: () => ({ parts: ['text'], textBytes: 5_000, fileBytes: {}, open: true, closesAt: null, quota: null, template: false, perMinute: null, deduplicates: true }),
  render: (_account, reply, _contact, capabilities) => renderChat(reply, capabilities),
  async send(account, contact, { content }, key, tools) {
    const answer = await callLine(account, tools, '/v2/bot/message/push', { to: contact.replyContext['to'] ?? contact.thread, messages: [{ type: 'text', text: partOf(content['text'])['content'] }] }, { 'x-line-retry-key': asUuid(key) });
    return { providerId: textIn(listOf(answer.json['sentMessages'])[0]?.['id']) || null };
  },
};
