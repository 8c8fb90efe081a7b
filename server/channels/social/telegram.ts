import { applyMapping } from '../../../rules/intake/mapping.ts';
import { isSame, momentOf, nameOf } from '../inbound-calls.ts';
import { CallRefused, MediaLost, json, readJson, type InboundAdapter, type InboundMessage, type InboundPart, type OpenInboundAccount } from '../inbound.ts';
import { multipart } from '../files.ts';
import { asking, baseOf, SendFailure, type ChannelTools, type OpenAccount } from '../notice-channel.ts';
import type { OutboundChannel } from '../outbound.ts';
import { renderChat } from '../render-chat.ts';
import { callSocial, fetchMediaAt, listOf, partOf, problemIn, textIn } from './transfer.ts';

const standardBase = 'https://api.telegram.org';

/**
 * A bot of Telegram (Telegram 机器人): updates come by webhook, known by the bot and `update_id`, with the secret token that was given to setWebhook.
 * https://core.telegram.org/bots/api#setwebhook, …#update, …#getfile
 */
export const telegram: InboundAdapter = {
  verify(account, call) {
    if (!isSame(call.headers['x-telegram-bot-api-secret-token'] ?? '', account.values['token'] ?? '')) throw new CallRefused('signature', 'the secret token is missing or wrong: it goes to setWebhook as secret_token', { what: 'compare', name: 'secret_token' });
    return null;
  },
  decode(account, call, now) {
    const update = readJson(call) as Record<string, unknown>;
    const updateId = nameOf(update['update_id']);
    if (updateId === null) throw new CallRefused('malformed', 'update_id is missing');
    // Each bot counts by itself: another one of the same account begins anew.
    return [readUpdate(account, update, nameOf(`${(account.values['botToken'] ?? '').split(':')[0]}:${updateId}`)!, now)];
  },
  acknowledge: () => json({}),
  async fetchMedia(account, _call, media, tools) {
    const { json: answer } = await call(account, asking(tools), 'getFile', { file_id: media.media }).catch((error: unknown) => {
      // Larger than a bot is given, or gone.
      if (error instanceof SendFailure && error.code === 'content') throw new MediaLost(error.message);
      throw error;
    });
    const path = textIn(partOf(answer['result'])['file_path']);
    if (path === '') throw new MediaLost('Telegram has no such file any more');
    return fetchMediaAt(tools, `${baseOf(account, standardBase)}/file/bot${account.values['botToken'] ?? ''}/${path}`, {}, { kind: media.kind, name: media.name ?? path.split('/').at(-1)! });
  },
};

function readUpdate(account: OpenInboundAccount, update: Record<string, unknown>, externalId: string, now: Date): InboundMessage {
  const message = partOf(update['message']);
  const chat = nameOf(partOf(message['chat'])['id']);
  const from = partOf(message['from']);
  const who = nameOf(from['id']);
  const values = applyMapping(account.mapping, update);
  const text = textIn(message['text']) || textIn(message['caption']);
  // Corrections, channels, presses of buttons, /start: nobody has said anything.
  if (chat === null || who === null || from['is_bot'] === true || /^\/start\b/.test(text)) return { externalId, thread: chat ?? externalId, occurredAt: now, kind: 'event', parts: [], values };
  const name = [textIn(from['first_name']), textIn(from['last_name'])].filter(Boolean).join(' ') || textIn(from['username']);
  return {
    externalId, thread: chat, occurredAt: momentOf(message['date']) ?? now, values, parts: [...(text === '' ? [] : [{ kind: 'text' as const, text }]), ...partsIn(message)],
    sender: { ids: [{ kind: 'telegram_user', value: who }], ...(name === '' ? {} : { name }) }, replyContext: { chat },
  };
}

function partsIn(message: Record<string, unknown>): InboundPart[] {
  const parts: InboundPart[] = [];
  // The same picture in several sizes, the largest last.
  const photo = textIn(listOf(message['photo']).at(-1)?.['file_id']);
  if (photo !== '') parts.push({ kind: 'image', media: photo });
  for (const [field, kind] of [['voice', 'voice'], ['audio', 'voice'], ['video', 'video'], ['video_note', 'video'], ['document', 'file']] as const) {
    const { file_id: id, file_name: name, mime_type: type } = partOf(message[field]);
    if (textIn(id) !== '') parts.push({ kind, media: textIn(id), ...(textIn(name) === '' ? {} : { name: textIn(name) }), ...(textIn(type) === '' ? {} : { contentType: textIn(type) }) });
  }
  const venue = partOf(message['venue']);
  const { latitude, longitude } = partOf(message['location']);
  const address = [textIn(venue['title']), textIn(venue['address'])].filter(Boolean).join(' ');
  if (typeof latitude === 'number' && typeof longitude === 'number') parts.push({ kind: 'location', lat: latitude, lng: longitude, crs: 'WGS84', ...(address === '' ? {} : { address }) });
  const contact = partOf(message['contact']);
  if (textIn(contact['phone_number']) !== '') parts.push({ kind: 'text', text: [textIn(contact['first_name']), textIn(contact['phone_number'])].filter(Boolean).join(' ') });
  const sticker = textIn(partOf(message['sticker'])['emoji']);
  if (sticker !== '') parts.push({ kind: 'text', text: sticker });
  return parts.length > 0 || textIn(message['text']) !== '' || textIn(message['caption']) !== '' ? parts : [{ kind: 'text', text: '[…]' }];
}

/** @throws SendFailure by what Telegram says of it. https://core.telegram.org/bots/api#making-requests */
async function call(account: OpenAccount, tools: ChannelTools, method: string, body: unknown, headers: Record<string, string> = {}): Promise<{ json: Record<string, unknown> }> {
  const { status, json: answer } = await callSocial(tools, `${baseOf(account, standardBase)}/bot${account.values['botToken'] ?? ''}/${method}`, body, headers);
  if (answer['ok'] === true) return { json: answer };
  const said = `Telegram ${status}: ${textIn(answer['description'])}`;
  if (status === 429) throw new SendFailure('rate_limited', said, Number(partOf(answer['parameters'])['retry_after']) || 30);
  if (status === 401 || status === 404) throw new SendFailure('account', said);
  if (status === 403) throw new SendFailure('consent', said);
  throw new SendFailure(problemIn(tools, status, undefined, /chat not found|user is deactivated|PEER_ID_INVALID/i.test(said) ? 'address' : 'content'), said);
}

const methods = { image: ['sendPhoto', 'photo'], voice: ['sendAudio', 'audio'], video: ['sendVideo', 'video'], file: ['sendDocument', 'document'] } as const;

/** Answers of the bot, at any time; nobody drops repetitions. https://core.telegram.org/bots/api#sendmessage, …#sending-files */
export const telegramReplies: OutboundChannel = {
  capabilities: () => ({
    parts: ['text', 'image', 'voice', 'video', 'file'], textBytes: 4_096, fileBytes: { image: 10_000_000, voice: 50_000_000, video: 50_000_000, file: 50_000_000 },
    open: true, closesAt: null, quota: null, template: false, perMinute: 20, deduplicates: false,
  }),
  render: (_account, reply, _contact, capabilities) => renderChat(reply, capabilities),
  async send(account, contact, { content, files: [file] }, _key, tools) {
    const chat = contact.replyContext['chat'] ?? contact.thread;
    const sent = async () => {
      if (!file) return call(account, tools, 'sendMessage', { chat_id: chat, text: partOf(content['text'])['content'] });
      const [method, field] = methods[String(content['msgtype']) as keyof typeof methods] ?? methods.file;
      const { body, contentType } = multipart({ chat_id: chat }, field, { ...file, bytes: await tools.readFile(file) });
      return call(account, tools, method, body, { 'content-type': contentType });
    };
    const id = textIn(partOf((await sent()).json['result'])['message_id']);
    return { providerId: id === '' ? null : `${chat}:${id}` };
  },
};
