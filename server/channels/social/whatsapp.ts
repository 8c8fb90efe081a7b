import { oneLine, shorten } from '../escape.ts';
import { applyMapping } from '../../../rules/intake/mapping.ts';
import { momentOf, nameOf } from '../inbound-calls.ts';
import { CallRefused, MediaLost, eachOf, json, readJson, type InboundAdapter, type InboundMessage, type InboundPart, type OpenInboundAccount, type SenderId } from '../inbound.ts';
import { multipart } from '../files.ts';
import { asking, SendFailure } from '../notice-channel.ts';
import type { OutboundChannel, ReceiptState } from '../outbound.ts';
import { renderChat } from '../render-chat.ts';
import { callGraph, graphKey, verifyMeta, windowOf } from './meta.ts';
import { fetchMediaAt, listOf, partOf, textIn } from './transfer.ts';

/**
 * WhatsApp Cloud API: messages and what became of ours, for the phone number of the account; what is for another number of the same app is passed over.
 * https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/payload-examples
 */
export const whatsapp: InboundAdapter = {
  verify: (account, call) => verifyMeta(account, call),
  decode(account, call, now) {
    const came = readJson(call) as Record<string, unknown>;
    if (came['object'] !== 'whatsapp_business_account') throw new CallRefused('malformed', 'this is no message of WhatsApp');
    const items = listOf(came['entry']).flatMap((entry) => listOf(entry['changes'])).flatMap(({ field, value: given }) => {
      const value = partOf(given);
      if (field !== 'messages' || textIn(partOf(value['metadata'])['phone_number_id']) !== account.values['phoneNumberId']) return [];
      const names = new Map(listOf(value['contacts']).map((contact) => [textIn(contact['wa_id']), textIn(partOf(contact['profile'])['name'])]));
      return [...listOf(value['messages']).map((message) => ({ message, names })), ...listOf(value['statuses']).map((status) => ({ status }))];
    });
    return eachOf(items, now, (item) => ('status' in item ? readStatus(item.status, now) : readMessage(account, item.message, item.names, now)));
  },
  acknowledge: () => json({}),
  async fetchMedia(account, _call, media, tools) {
    const answer = await callGraph(account, asking(tools), `/${encodeURIComponent(media.media)}`, null, problemOf).catch((error: unknown) => {
      if (error instanceof SendFailure && error.code === 'content') throw new MediaLost(error.message);
      throw error;
    });
    const url = textIn(answer['url']);
    if (url === '') throw new MediaLost('WhatsApp has no such file any more');
    return fetchMediaAt(tools, url, graphKey(account), media);
  },
};

function readMessage(account: OpenInboundAccount, message: Record<string, unknown>, names: ReadonlyMap<string, string>, now: Date): InboundMessage {
  const from = nameOf(message['from']);
  const externalId = nameOf(message['id']);
  if (from === null || externalId === null) throw new CallRefused('malformed', 'a message lacks its id or who wrote it');
  const base = { externalId, thread: from, occurredAt: momentOf(textIn(message['timestamp'])) ?? now, values: applyMapping(account.mapping, message) };
  const type = textIn(message['type']);
  if (type === 'reaction' || type === 'system' || type === '') return { ...base, kind: 'event', parts: [] };
  // Whoever writes there has proven the number to WhatsApp.
  const ids: SenderId[] = [{ kind: 'whatsapp', value: from }, ...(/^[1-9]\d{6,14}$/.test(from) ? [{ kind: 'phone', value: phoneOf(from), verified: true as const }] : [])];
  const name = names.get(from);
  return { ...base, parts: partsIn(message, type), sender: { ids, ...(name ? { name } : {}) } };
}

/** As numbers are kept: those of the mainland without their country code. */
const phoneOf = (waId: string): string => (/^861[3-9]\d{9}$/.test(waId) ? waId.slice(2) : `+${waId}`);

function partsIn(message: Record<string, unknown>, type: string): InboundPart[] {
  const content = partOf(message[type]);
  const caption = textIn(content['caption']);
  const said: InboundPart[] = caption === '' ? [] : [{ kind: 'text', text: caption }];
  const file = { media: textIn(content['id']), ...(textIn(content['filename']) === '' ? {} : { name: textIn(content['filename']) }), ...(textIn(content['mime_type']) === '' ? {} : { contentType: textIn(content['mime_type']) }) };
  switch (type) {
    case 'text': return [{ kind: 'text', text: textIn(content['body']) }];
    case 'image': case 'sticker': return [...said, { kind: 'image', ...file }];
    case 'audio': return [{ kind: 'voice', ...file }];
    case 'video': return [...said, { kind: 'video', ...file }];
    case 'document': return [...said, { kind: 'file', ...file }];
    case 'location': {
      const { latitude, longitude } = content;
      const address = [textIn(content['name']), textIn(content['address'])].filter(Boolean).join(' ');
      return typeof latitude === 'number' && typeof longitude === 'number' ? [{ kind: 'location', lat: latitude, lng: longitude, crs: 'WGS84', ...(address === '' ? {} : { address }) }] : [{ kind: 'text', text: address || '[location]' }];
    }
    case 'button': return [{ kind: 'text', text: textIn(content['text']) }];
    case 'interactive': return [{ kind: 'text', text: textIn(partOf(content['button_reply'] ?? content['list_reply'])['title']) || '[interactive]' }];
    default: return [{ kind: 'text', text: `[${type.slice(0, 40)}]` }];
  }
}

const states: Readonly<Record<string, ReceiptState>> = { sent: 'sent', delivered: 'delivered', read: 'read', failed: 'failed' };

function readStatus(status: Record<string, unknown>, now: Date): InboundMessage[] {
  const providerId = nameOf(status['id']);
  const state = states[textIn(status['status'])];
  if (providerId === null || !state) return [];
  const [error] = listOf(status['errors']);
  const said = error ? `${textIn(error['code'])}: ${textIn(error['title']) || textIn(error['message'])}` : '';
  // By itself: what comes before the answer is written down must not hold up what the customer writes.
  return [{ externalId: nameOf(`${providerId}:${state}`)!, thread: nameOf(`receipt ${providerId}`)!, occurredAt: momentOf(textIn(status['timestamp'])) ?? now, kind: 'receipt', parts: [], values: {}, receipt: { providerId, state, ...(said === '' ? {} : { said }) } }];
}

// https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes
const problems: Readonly<Record<string, SendFailure['code']>> = {
  131047: 'window_closed', 131026: 'address', 131021: 'address', 131030: 'address', 131045: 'account', 131031: 'account', 131042: 'account', 131050: 'consent', 131016: 'temporary', 130429: 'rate_limited', 131048: 'rate_limited', 131056: 'rate_limited', 80007: 'rate_limited',
  132000: 'account', 132001: 'account', 132005: 'account', 132007: 'account', 132012: 'account', 132015: 'account', 132016: 'account', 133010: 'account',
};
const problemOf = (code: string): SendFailure['code'] | undefined => problems[code];
const kinds: Readonly<Record<string, string>> = { image: 'image', voice: 'audio', video: 'video', file: 'document' };
const longestParameter = 60;

/**
 * Answers within 24 hours; beyond, a message of an approved template with the number and the subject of the ticket, in this order. Nobody drops repetitions.
 * https://developers.facebook.com/docs/whatsapp/cloud-api/guides/send-messages, …/reference/media
 */
export const whatsappReplies: OutboundChannel = {
  capabilities: (account, contact, now) => ({
    parts: ['text', 'image', 'voice', 'video', 'file'], textBytes: 4_096, fileBytes: { image: 5_242_880, voice: 16_777_216, video: 16_777_216, file: 26_214_400 },
    ...windowOf(contact, now), template: (account.values['templateName'] ?? '') !== '', perMinute: 60, deduplicates: false,
  }),
  render: (account, reply, _contact, capabilities, as) => (as === 'free' ? renderChat(reply, capabilities) : [{
    files: [], content: {
      type: 'template', template: {
        name: account.values['templateName'], language: { code: account.values['templateLanguage'] || 'zh_CN' },
        components: [{ type: 'body', parameters: [reply.ticket.number, reply.ticket.subject].map((text) => ({ type: 'text', text: shorten(oneLine(text), longestParameter) || '-' })) }],
      },
    },
  }]),
  async send(account, contact, { content, files: [file] }, _key, tools) {
    const path = `/${encodeURIComponent(account.values['phoneNumberId'] ?? '')}`;
    const message = async (): Promise<Record<string, unknown>> => {
      if (content['type'] === 'template') return content;
      if (!file) return { type: 'text', text: { body: partOf(content['text'])['content'], preview_url: false } };
      const type = kinds[String(content['msgtype'])] ?? 'document';
      const { body, contentType } = multipart({ messaging_product: 'whatsapp', type: file.mediaType }, 'file', { ...file, bytes: await tools.readFile(file) });
      const { id } = await callGraph(account, asking(tools), `${path}/media`, body, problemOf, { 'content-type': contentType });
      if (textIn(id) === '') throw new SendFailure('temporary', 'WhatsApp gave the file no name');
      return { type, [type]: { id, ...(type === 'document' ? { filename: file.name } : {}) } };
    };
    const answer = await callGraph(account, tools, `${path}/messages`, { messaging_product: 'whatsapp', recipient_type: 'individual', to: contact.ids['whatsapp'] ?? contact.thread, ...await message() }, problemOf);
    return { providerId: textIn(listOf(answer['messages'])[0]?.['id']) || null };
  },
};
