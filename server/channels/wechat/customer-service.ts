import { applyMapping } from '../../../rules/intake/mapping.ts';
import { momentOf, nameOf } from '../inbound-calls.ts';
import { CallRefused, type InboundAdapter, type InboundMessage, type InboundPart, type OpenInboundAccount } from '../inbound.ts';
import { saidIn, SendFailure } from '../notice-channel.ts';
import type { OutboundChannel } from '../outbound.ts';
import { acknowledged, fieldIn, openCallback, verifyCallback } from './callbacks.ts';
import { windowOf } from './official-account.ts';
import { renderChat } from '../render-chat.ts';
import { withMenu } from './menu.ts';
import { wecomPlatform } from './wecom-platform.ts';

type Item = Readonly<Record<string, unknown>>;
const part = (item: Item, name: string): Item => (typeof item[name] === 'object' && item[name] !== null ? item[name] as Item : {});
// Written by the customer; by the system; by a colleague in WeCom's own window.
const origins = { customer: 3, system: 4 } as const;
const pageSize = 1_000;

/**
 * WeChat customer service (微信客服): a callback only says that there is something, and is answered by asking for it (`kf/sync_msg`) from the cursor on, which is
 * kept in the transaction of the messages. Callbacks come for several service desks of a company: a thread is a customer at a desk.
 * https://developer.work.weixin.qq.com/document/path/94670, …/94677
 */
export const wechatKf: InboundAdapter = {
  verify(account, call, now) {
    // The signature is over what is encrypted, and a page of messages would stand beside it.
    if (isPage(call.body)) throw new CallRefused('malformed', 'callbacks come in XML');
    return verifyCallback(account, call, now, account.values['corpId'] ?? '', 'sealed');
  },
  /** Of a callback nothing; of a page that was kept its messages. */
  decode: (account, call, now) => (isPage(call.body) ? readPage(account, call.body, now) : []),
  acknowledge: () => acknowledged,
  hints(account, call) {
    const said = openCallback(account, call, account.values['corpId'] ?? '');
    const place = nameOf(fieldIn(said, 'OpenKfId'));
    return fieldIn(said, 'Event') === 'kf_msg_or_event' && place !== null ? [{ place, hint: fieldIn(said, 'Token') || null }] : [];
  },
  async pull(account, place, cursor, hint, tools) {
    const answer = await wecomPlatform.call(account, tools, '/cgi-bin/kf/sync_msg', { open_kfid: place, limit: pageSize, voice_format: 0, ...(cursor === null ? {} : { cursor }), ...(hint === null ? {} : { token: hint }) });
    const raw = Buffer.from(JSON.stringify({ msg_list: answer['msg_list'] ?? [] }));
    const next = saidIn(answer['next_cursor']);
    if (next === '') throw new SendFailure('temporary', 'WeCom gave no cursor');
    // Not by whether the page is full: it may be shorter, and there is more.
    return { messages: readPage(account, raw, tools.now()), raw, cursor: next, more: Number(answer['has_more']) === 1 };
  },
  fetchMedia: (account, _call, media, tools) => wecomPlatform.download(account, tools, media.media, media.kind),
  async describe(account, sender, tools) {
    const id = sender.ids[0]?.value ?? '';
    const answer = await wecomPlatform.call(account, tools, '/cgi-bin/kf/customer/batchget', { external_userid_list: [id] });
    const [found] = Array.isArray(answer['customer_list']) ? answer['customer_list'] as Item[] : [];
    const [name, unionid] = [saidIn(found?.['nickname']), saidIn(found?.['unionid'])];
    return { ids: [...sender.ids, ...(unionid === '' ? [] : [{ kind: 'unionid', value: unionid, verified: true as const }])], ...(name === '' ? {} : { name }) };
  },
};

/** A page as it was kept, which is never taken from a call. */
const isPage = (body: Buffer): boolean => body[0] === 0x7b;

function readPage(account: OpenInboundAccount, body: Buffer, now: Date): InboundMessage[] {
  const list = (JSON.parse(body.toString('utf8')) as { msg_list?: unknown }).msg_list;
  if (!Array.isArray(list)) throw new CallRefused('malformed', 'the page has no list of messages');
  return (list as Item[]).flatMap((item) => readItem(account, item, now) ?? []);
}

function readItem(account: OpenInboundAccount, item: Item, now: Date): InboundMessage | null {
  const event = part(item, 'event');
  const desk = saidIn(item['open_kfid']) || saidIn(event['open_kfid']);
  const customer = saidIn(item['external_userid']) || saidIn(event['external_userid']);
  const externalId = nameOf(item['msgid']);
  if (externalId === null) return null;
  const base = { externalId, thread: nameOf(`${desk} ${customer}`) ?? externalId, occurredAt: momentOf(item['send_time']) ?? now, values: applyMapping(account.mapping, item) };
  if (item['msgtype'] === 'event') {
    const failed = nameOf(event['fail_msgid']);
    if (saidIn(event['event_type']) !== 'msg_send_fail' || failed === null) return { ...base, kind: 'event', parts: [] };
    return { ...base, kind: 'receipt', parts: [], receipt: { providerId: failed, state: 'failed', said: failures[Number(event['fail_type'])] ?? `fail_type ${saidIn(event['fail_type'])}` } };
  }
  // What a colleague answered elsewhere, or the platform itself, is no customer's word.
  if (Number(item['origin']) !== origins.customer || customer === '') return { ...base, kind: 'event', parts: [] };
  return { ...base, parts: partsOf(item), sender: { ids: [{ kind: 'external_userid', value: customer }] }, replyContext: { openKfId: desk } };
}

const failures: Readonly<Record<number, string>> = {
  1: '客服账号已删除', 2: '应用已关闭', 4: '会话已过期，超过 48 小时', 5: '会话已关闭', 6: '超过 5 条限制', 8: '主体未验证', 10: '用户拒收消息', 11: '企业未有成员登录企业微信', 12: '发送的消息为客服组件禁发的消息类型',
};

function partsOf(item: Item): InboundPart[] {
  const type = saidIn(item['msgtype']);
  const said = part(item, type);
  const media = saidIn(said['media_id']);
  switch (type) {
    case 'text': return [{ kind: 'text', text: saidIn(said['content']) }];
    case 'image': case 'voice': case 'video': case 'file': return [{ kind: type, media }];
    case 'location': {
      const [lat, lng] = [Number(said['latitude']), Number(said['longitude'])];
      const address = [saidIn(said['address']), saidIn(said['name'])].filter((line) => line !== '').join(' ');
      if (!(Math.abs(lat) <= 90 && Math.abs(lng) <= 180)) return [{ kind: 'text', text: address }];
      return [{ kind: 'location', lat, lng, crs: 'GCJ02', ...(address === '' ? {} : { address }) }];
    }
    case 'link': return [{ kind: 'link', title: [saidIn(said['title']), saidIn(said['desc'])].filter((line) => line !== '').join(' '), url: saidIn(said['url']) }];
    case 'miniprogram': return [{ kind: 'link', title: saidIn(said['title']), url: saidIn(said['pagepath']) }];
    default: return [{ kind: 'text', text: `[${type}]` }];
  }
}

/** Answers to customers of a service desk: five within 48 hours, known again by a name of ours (msgid). https://developer.work.weixin.qq.com/document/path/94677 */
export const wechatKfReplies: OutboundChannel = {
  capabilities: (_account, contact, now) => ({
    parts: ['text', 'image', 'voice', 'video', 'file'], textBytes: 2_048, fileBytes: { image: 10_485_760, voice: 2_097_152, video: 10_485_760, file: 20_971_520 },
    ...windowOf(contact, now), template: false, perMinute: null, deduplicates: true,
  }),
  render: (_account, reply, _contact, capabilities) => withMenu(renderChat(reply, capabilities), reply, ({ id, label }) => ({ type: 'click', click: { id, content: label } })),
  async send(account, contact, { content, files: [file] }, key, tools) {
    const type = String(content['msgtype']);
    const media = file ? { [type]: { media_id: await wecomPlatform.upload(account, tools, type, { ...file, bytes: await tools.readFile(file) }) } } : {};
    const answer = await wecomPlatform.call(account, tools, '/cgi-bin/kf/send_msg', { touser: contact.ids['external_userid'] ?? '', open_kfid: contact.replyContext['openKfId'] ?? '', msgid: key, ...content, ...media });
    return { providerId: saidIn(answer['msgid']) || key };
  },
};
