import { applyMapping } from '../../../rules/intake/mapping.ts';
import { momentOf, nameOf } from '../inbound-calls.ts';
import { CallRefused, eachOf, json, readJson, type InboundAdapter, type InboundMessage, type InboundPart, type OpenInboundAccount } from '../inbound.ts';
import { multipart } from '../files.ts';
import { asking, SendFailure } from '../notice-channel.ts';
import type { OutboundChannel } from '../outbound.ts';
import { renderChat } from '../render-chat.ts';
import { callGraph, verifyMeta, windowOf } from './meta.ts';
import { fetchMediaAt, listOf, partOf, textIn } from './transfer.ts';

/**
 * Messenger of a page (Facebook Messenger): what people write to the page, and that ours arrived. That something was read it says only up to a time, of no message.
 * https://developers.facebook.com/docs/messenger-platform/reference/webhook-events
 */
export const messenger: InboundAdapter = {
  verify: (account, call) => verifyMeta(account, call),
  decode(account, call, now) {
    const came = readJson(call) as Record<string, unknown>;
    if (came['object'] !== 'page') throw new CallRefused('malformed', 'this is no message to a page');
    const events = listOf(came['entry']).filter((entry) => textIn(entry['id']) === account.values['pageId']).flatMap((entry) => listOf(entry['messaging']));
    return eachOf(events, now, (event) => readEvent(account, event, now));
  },
  acknowledge: () => json({}),
  fetchMedia: (_account, _call, media, tools) => fetchMediaAt(tools, media.media, {}, media),
  async describe(account, sender, tools) {
    const answer = await callGraph(account, tools, `/${encodeURIComponent(sender.ids[0]?.value ?? '')}?fields=name`, null, problemOf);
    const name = textIn(answer['name']);
    return { ...sender, ...(name === '' ? {} : { name }) };
  },
};

function readEvent(account: OpenInboundAccount, event: Record<string, unknown>, now: Date): InboundMessage[] {
  const from = nameOf(partOf(event['sender'])['id']);
  const occurredAt = momentOf(event['timestamp']) ?? now;
  const delivered = partOf(event['delivery'])['mids'];
  if (Array.isArray(delivered)) {
    return delivered.slice(0, 100).flatMap((mid): InboundMessage[] => {
      const providerId = nameOf(mid);
      return providerId === null ? [] : [{ externalId: nameOf(`${providerId}:delivered`)!, thread: nameOf(`receipt ${providerId}`)!, occurredAt, kind: 'receipt', parts: [], values: {}, receipt: { providerId, state: 'delivered' } }];
    });
  }
  const message = partOf(event['message']);
  const postback = partOf(event['postback']);
  const externalId = nameOf(message['mid'] ?? postback['mid']);
  // An echo is what the page itself said; of the rest nothing was said.
  if (from === null || externalId === null || message['is_echo'] === true) return [];
  const text = textIn(message['text']) || textIn(postback['title']);
  const parts = [...(text === '' ? [] : [{ kind: 'text' as const, text }]), ...listOf(message['attachments']).map(partIn)];
  return [{ externalId, thread: from, occurredAt, values: applyMapping(account.mapping, event), parts: parts.length > 0 ? parts : [{ kind: 'text', text: '[…]' }], sender: { ids: [{ kind: 'messenger', value: from }] } }];
}

function partIn(attachment: Record<string, unknown>): InboundPart {
  const type = textIn(attachment['type']);
  const payload = partOf(attachment['payload']);
  const url = textIn(payload['url']);
  const { lat, long } = partOf(payload['coordinates']);
  if (type === 'location' && typeof lat === 'number' && typeof long === 'number') return { kind: 'location', lat, lng: long, crs: 'WGS84', ...(textIn(attachment['title']) === '' ? {} : { address: textIn(attachment['title']) }) };
  const kind = ({ image: 'image', audio: 'voice', video: 'video', file: 'file' } as const)[type];
  if (kind && /^https?:/.test(url)) return { kind, media: url.slice(0, 4_000) };
  return url === '' ? { kind: 'text', text: `[${type.slice(0, 40)}]` } : { kind: 'link', url: url.slice(0, 2_000), title: textIn(attachment['title']) };
}

// https://developers.facebook.com/docs/messenger-platform/error-codes
const problems: Readonly<Record<string, SendFailure['code']>> = { '10/2018278': 'window_closed', '10/2018065': 'window_closed', '551': 'consent', '100/2018001': 'address', '100/2018164': 'address', '1200': 'temporary', '1200/1545041': 'consent', '1545041': 'consent' };
const problemOf = (code: string): SendFailure['code'] | undefined => problems[code];
const kinds: Readonly<Record<string, string>> = { image: 'image', voice: 'audio', video: 'video', file: 'file' };

/** Answers within 24 hours. Nobody drops repetitions. https://developers.facebook.com/docs/messenger-platform/reference/send-api, …/attachment-upload-api */
export const messengerReplies: OutboundChannel = {
  capabilities: (_account, contact, now) => ({
    parts: ['text', 'image', 'voice', 'video', 'file'], textBytes: 2_000, fileBytes: { image: 8_388_608, voice: 25_000_000, video: 25_000_000, file: 25_000_000 },
    ...windowOf(contact, now), template: false, perMinute: 60, deduplicates: false,
  }),
  render: (_account, reply, _contact, capabilities) => renderChat(reply, capabilities),
  async send(account, contact, { content, files: [file] }, _key, tools) {
    const path = `/${encodeURIComponent(account.values['pageId'] ?? '')}`;
    const message = async (): Promise<Record<string, unknown>> => {
      if (!file) return { text: partOf(content['text'])['content'] };
      const type = kinds[String(content['msgtype'])] ?? 'file';
      const { body, contentType } = multipart({ message: JSON.stringify({ attachment: { type, payload: { is_reusable: false } } }) }, 'filedata', { ...file, bytes: await tools.readFile(file) });
      const { attachment_id: id } = await callGraph(account, asking(tools), `${path}/message_attachments`, body, problemOf, { 'content-type': contentType });
      if (textIn(id) === '') throw new SendFailure('temporary', 'Messenger gave the file no name');
      return { attachment: { type, payload: { attachment_id: id } } };
    };
    const answer = await callGraph(account, tools, `${path}/messages`, { recipient: { id: contact.ids['messenger'] ?? contact.thread }, messaging_type: 'RESPONSE', message: await message() }, problemOf);
    return { providerId: textIn(answer['message_id']) || null };
  },
};
