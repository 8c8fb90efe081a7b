import { hash } from 'node:crypto';
import { applyMapping } from '../../../rules/intake/mapping.ts';
import { isSame, momentOf, nameOf } from '../inbound-calls.ts';
import { CallRefused, readJson, type HookAnswer, type InboundAdapter, type InboundPart } from '../inbound.ts';
import { baseOf, SendFailure } from '../notice-channel.ts';
import type { OutboundChannel } from '../outbound.ts';
import { renderChat } from '../render-chat.ts';
import { callSocial, fetchMediaAt, partOf, problemIn, textIn } from './transfer.ts';

const skewMilliseconds = 600_000;
const windowMilliseconds = 48 * 3_600_000;
const plain = (body: string): HookAnswer => ({ status: 200, contentType: 'text/plain; charset=utf-8', body });

/**
 * Private messages of Weibo (微博私信, 粉丝服务平台): calls bear `sha1(sort(appsecret, timestamp, nonce))`, which says who calls and when, and nothing of the body;
 * the address is checked by its echo. Messages have no name: one is known by its bytes, which bear who wrote when.
 * https://open.weibo.com/wiki/Messages_api, …/Eps/receive
 */
export const weibo: InboundAdapter = {
  verify(account, { method, query }, now) {
    const { signature = '', timestamp = '', nonce = '', echostr = '' } = query;
    const secret = account.values['appSecret'] ?? '';
    if (secret === '' || !isSame(signature, hash('sha1', [secret, timestamp, nonce].sort().join('')))) throw new CallRefused('signature', 'the signature is missing or wrong: compare the App Secret', { what: 'compare', name: 'App Secret' });
    const at = momentOf(timestamp);
    if (!at || Math.abs(now.getTime() - at.getTime()) > skewMilliseconds) throw new CallRefused('stale', 'signed more than ten minutes ago, or in the future');
    if (method === 'POST') return null;
    if (echostr === '') throw new CallRefused('method', 'calls are made by POST');
    return plain(echostr.slice(0, 200).replace(/[^\w-]/g, ''));
  },
  decode(account, call, now) {
    const came = readJson(call) as Record<string, unknown>;
    const from = nameOf(came['sender_id']);
    const type = textIn(came['type']);
    if (from === null || type === '') throw new CallRefused('malformed', 'sender_id or type is missing');
    const base = { externalId: hash('sha256', call.body), thread: from, occurredAt: momentOf(came['created_at']) ?? now, values: applyMapping(account.mapping, came) };
    if (type === 'event' || type === 'mention') return [{ ...base, kind: 'event', parts: [] }];
    return [{ ...base, parts: partsIn(came, type), sender: { ids: [{ kind: 'weibo_uid', value: from }] } }];
  },
  // Anything else would be said to the customer.
  acknowledge: () => plain(''),
  fetchMedia: (account, _call, media, tools) => fetchMediaAt(tools, `${baseOf(account, 'https://upload.api.weibo.com')}/2/mss/msget?access_token=${encodeURIComponent(account.values['accessToken'] ?? '')}&fid=${encodeURIComponent(media.media)}`, {}, media),
};

const degreeIn = (value: unknown): number => (textIn(value) === '' ? Number.NaN : Number(textIn(value)));

function partsIn(came: Record<string, unknown>, type: string): InboundPart[] {
  const data = partOf(came['data']);
  const text = textIn(came['text']);
  // Each side has a name of its own for a file: the receiver's is ours.
  const media = textIn(data['tovfid']);
  if ((type === 'image' || type === 'voice') && media !== '') return [{ kind: type, media }];
  const [lat, lng] = [degreeIn(data['latitude']), degreeIn(data['longitude'])];
  const address = text.replace(/^我在(这里|这里:|：)?[:：]?\s*/, '');
  if (type === 'position' && Math.abs(lat) <= 90 && Math.abs(lng) <= 180) return [{ kind: 'location', lat, lng, crs: 'GCJ02', ...(address === '' ? {} : { address }) }];
  return [{ kind: 'text', text: text || `[${type.slice(0, 40)}]` }];
}

// https://open.weibo.com/wiki/Error_code
const problems: Readonly<Record<string, SendFailure['code']>> = {
  10001: 'temporary', 10009: 'temporary', 10010: 'temporary', 10011: 'temporary', 10022: 'rate_limited', 10023: 'rate_limited', 10024: 'rate_limited', 10004: 'account', 10005: 'account', 10006: 'account', 10013: 'account', 10014: 'account',
  21301: 'account', 21314: 'account', 21315: 'account', 21316: 'account', 21317: 'account', 21327: 'account', 21332: 'account', 20003: 'address', 26402: 'window_closed', 26403: 'quota_spent', 26404: 'consent',
};

/** Answers within 48 hours, as texts of 300 characters. Nobody drops repetitions. https://open.weibo.com/wiki/2/messages/reply */
export const weiboReplies: OutboundChannel = {
  capabilities: (_account, { lastInboundAt }, now) => {
    const closesAt = lastInboundAt && new Date(lastInboundAt.getTime() + windowMilliseconds);
    return { parts: ['text'], textBytes: 900, fileBytes: {}, open: closesAt !== null && closesAt > now, closesAt, quota: null, template: false, perMinute: null, deduplicates: false };
  },
  render: (_account, reply, _contact, capabilities) => renderChat(reply, capabilities),
  async send(account, contact, { content }, _key, tools) {
    const data = encodeURIComponent(JSON.stringify({ text: partOf(content['text'])['content'] }));
    const form = new URLSearchParams({ access_token: account.values['accessToken'] ?? '', type: 'text', data, receiver_id: contact.ids['weibo_uid'] ?? contact.thread, save_sender_box: '1' });
    const { status, json: answer } = await callSocial(tools, `${baseOf(account, 'https://m.api.weibo.com')}/2/messages/reply.json`, form);
    if (status < 400 && (answer['result'] === true || answer['result'] === 'true')) return { providerId: null };
    const code = textIn(answer['error_code']);
    const problem = problemIn(tools, status, problems[code], code === '' ? 'account' : 'content');
    throw new SendFailure(problem, `Weibo ${code || status}: ${textIn(answer['error'])}`, problem === 'rate_limited' ? 60 : null);
  },
};
