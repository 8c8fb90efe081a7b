import { applyMapping } from '../../../rules/intake/mapping.ts';
import { extensionOf } from '../files.ts';
import { momentOf, nameOf } from '../inbound-calls.ts';
import { CallRefused, json, type InboundAdapter, type InboundMessage, type OpenInboundAccount, type SenderId } from '../inbound.ts';
import { saidIn } from '../notice-channel.ts';
import { openEvent, verifyEvent, within, type Said } from './events.ts';
import { call, download } from './platform.ts';
import { partsOf } from './read-content.ts';

/**
 * An own app of Feishu with a robot (飞书自建应用机器人): what people write to it, alone or by @ in a group, and what they have read of its answers, as encrypted
 * events of version 2. In a group it is one conversation for each person, as each has a matter of their own.
 * https://open.feishu.cn/document/server-docs/im-v1/message/events/receive, …/events/message_read
 */
export const feishu: InboundAdapter = {
  verify: verifyEvent,
  decode: (account, hook, now) => readEvent(account, openEvent(account, hook), now),
  acknowledge: () => json({}),
  async fetchMedia(account, _call, media, tools) {
    const [messageId = '', key = ''] = media.media.split('/', 2);
    const { body, contentType, name } = await download(account, tools, messageId, key, media.kind === 'image' ? 'image' : 'file');
    return { bytes: body, contentType, name: media.name ?? name ?? `${media.kind}${extensionOf(contentType)}` };
  },
  async describe(account, sender, tools) {
    const id = sender.ids.find(({ kind }) => kind === 'open_id')?.value ?? '';
    const data = await call(account, tools, 'GET', `/contact/v3/users/${encodeURIComponent(id)}?user_id_type=open_id`, null);
    const name = saidIn(within(data, 'user')['name']).trim();
    return { ...sender, ...(name === '' ? {} : { name: name.slice(0, 200) }) };
  },
};

function readEvent(account: OpenInboundAccount, said: Said, now: Date): InboundMessage[] {
  const [header, event] = [within(said, 'header'), within(said, 'event')];
  const type = saidIn(header['event_type']);
  const eventId = nameOf(header['event_id']);
  if (eventId === null || type === '') throw new CallRefused('malformed', 'event_id or event_type is missing');
  const base = { thread: eventId, occurredAt: momentOf(header['create_time']) ?? now, values: applyMapping(account.mapping, said), parts: [] };
  if (type === 'im.message.receive_v1') return [readMessage(account, said, event, { ...base, externalId: eventId, kind: 'event' }, now)];
  if (type !== 'im.message.message_read_v1') return [{ ...base, externalId: eventId, kind: 'event' }];
  const read = (Array.isArray(event['message_id_list']) ? event['message_id_list'] as unknown[] : []).flatMap((id) => nameOf(id) ?? []);
  const at = momentOf(within(event, 'reader')['read_time']) ?? base.occurredAt;
  return read.map((providerId) => ({ ...base, externalId: nameOf(`${eventId} ${providerId}`)!, occurredAt: at, kind: 'receipt', receipt: { providerId, state: 'read' } }));
}

function readMessage(account: OpenInboundAccount, said: Said, event: Said, otherwise: InboundMessage, now: Date): InboundMessage {
  const [sender, message] = [within(event, 'sender'), within(event, 'message')];
  const who = within(sender, 'sender_id');
  const [openId, unionId, messageId, chatId] = [nameOf(who['open_id']), nameOf(who['union_id']), nameOf(message['message_id']), saidIn(message['chat_id'])];
  if (openId === null || messageId === null) throw new CallRefused('malformed', 'message_id or open_id is missing');
  const group = saidIn(message['chat_type']) !== 'p2p';
  const mentions = Array.isArray(message['mentions']) ? message['mentions'] as Said[] : [];
  // What another program says, or people among themselves, is not said to us.
  if (saidIn(sender['sender_type']) !== 'user' || (group && mentions.length === 0)) return otherwise;
  const ids: SenderId[] = [{ kind: 'open_id', value: openId }, ...(unionId === null ? [] : [{ kind: 'feishu_union_id', value: unionId, verified: true as const }])];
  return {
    // The same message comes in another event when Feishu was not heard.
    externalId: messageId, thread: nameOf(group ? `${chatId} ${openId}` : openId)!, occurredAt: momentOf(message['create_time']) ?? now, values: applyMapping(account.mapping, said),
    parts: partsOf(message, messageId, mentions), sender: { ids }, replyContext: { conversation: group ? 'group' : 'single', messageId, chatId, openId },
  };
}
