import { hash } from 'node:crypto';
import { applyMapping } from '../../../rules/intake/mapping.ts';
import { openTokens } from '../access-tokens.ts';
import { isSame, momentOf, nameOf } from '../inbound-calls.ts';
import { CallRefused, json, readJson, type InboundAdapter, type InboundMessage, type InboundPart } from '../inbound.ts';
import { asking, baseOf, SendFailure, type ChannelTools, type OpenAccount } from '../notice-channel.ts';
import type { OutboundChannel } from '../outbound.ts';
import { renderChat } from '../render-chat.ts';
import { callSocial, fetchMediaAt, listOf, partOf, problemIn, textIn } from './transfer.ts';

const standardBase = 'https://open.douyin.com';

/**
 * Private messages of Douyin (抖音私信): webhooks signed with `sha1(secret + body)`; the address is checked by an event that is answered with its challenge.
 * https://developer.open-douyin.com/docs/resource/zh-CN/dop/develop/webhooks/overview, …/mini-app/develop/tutorial/open-capabilities/management/im-messaging-access
 */
export const douyin: InboundAdapter = {
  verify(account, call) {
    const secret = account.values['clientSecret'] ?? '';
    if (call.method !== 'POST') throw new CallRefused('method', 'calls are made by POST');
    const expected = hash('sha1', Buffer.concat([Buffer.from(secret), call.body]));
    if (secret === '' || !isSame((call.headers['x-douyin-signature'] ?? '').toLowerCase(), expected)) throw new CallRefused('signature', 'the signature is missing or wrong: compare the client secret', { what: 'compare', name: 'client secret' });
    const event = readJson(call) as Record<string, unknown>;
    if (event['client_key'] !== account.values['clientKey']) throw new CallRefused('signature', 'it is for another app', { what: 'other_app', name: textIn(event['client_key']) });
    const challenge = event['event'] === 'verify_webhook' ? contentOf(event)['challenge'] : undefined;
    return typeof challenge === 'number' || typeof challenge === 'string' ? json({ challenge }) : null;
  },
  decode(account, call, now) {
    const event = readJson(call) as Record<string, unknown>;
    const content = contentOf(event);
    const externalId = nameOf(content['server_message_id']) ?? nameOf(call.headers['msg-id']) ?? hash('sha256', call.body);
    const from = nameOf(event['from_user_id']);
    const base = { externalId, thread: from ?? externalId, occurredAt: momentOf(content['create_time']) ?? now, values: applyMapping(account.mapping, { ...event, content }) };
    // What we sent ourselves, what was read, who opened the page of messages.
    if (event['event'] !== 'im_receive_msg') return [{ ...base, externalId: nameOf(`${textIn(event['event'])}:${externalId}`)!, kind: 'event', parts: [] }];
    if (from === null) throw new CallRefused('malformed', 'from_user_id is missing');
    const name = textIn(listOf(content['user_infos']).find((person) => person['open_id'] === from)?.['nick_name']);
    return [{
      ...base, parts: [partIn(content)], sender: { ids: [{ kind: 'douyin_openid', value: from }], ...(name === '' ? {} : { name }) },
      replyContext: { account: textIn(event['to_user_id']), message: textIn(content['server_message_id']), conversation: textIn(content['conversation_short_id']) },
    }] satisfies InboundMessage[];
  },
  acknowledge: () => json({}),
  fetchMedia: (_account, _call, media, tools) => fetchMediaAt(tools, media.media, {}, media),
};

/** What an event is about: an object, or its text. */
function contentOf(event: Record<string, unknown>): Record<string, unknown> {
  if (typeof event['content'] !== 'string') return partOf(event['content']);
  try {
    return partOf(JSON.parse(event['content']));
  } catch {
    throw new CallRefused('malformed', 'its content is no JSON');
  }
}

function partIn(content: Record<string, unknown>): InboundPart {
  const type = textIn(content['message_type']);
  const url = textIn(content['resource_url']);
  if (type === 'text') return { kind: 'text', text: textIn(content['text']) };
  if (/^https?:/.test(url) && (type === 'image' || type === 'video')) return { kind: type, media: url.slice(0, 4_000) };
  return { kind: 'text', text: `[${type.slice(0, 40)}]` };
}

const tokens = openTokens();
const tokenEnded = new Set(['2190002', '2190008', '28001003', '28001008', '10008']);
// https://developer.open-douyin.com/docs/resource/zh-CN/dop/develop/openapi/status-code
const problems: Readonly<Record<string, SendFailure['code']>> = {
  2100004: 'temporary', 28001005: 'temporary', 28001006: 'temporary', 2100001: 'rate_limited', 28001002: 'account', 28001018: 'account', 28001019: 'account', 2190001: 'rate_limited', 2190004: 'account',
  28003017: 'quota_spent', 28001007: 'content', 28003069: 'window_closed', 28003070: 'consent',
};

function failureIn(tools: ChannelTools, status: number, answer: Record<string, unknown>): { code: string; failure: SendFailure } | null {
  const data = partOf(answer['data']);
  const given = [data['error_code'], answer['err_no'], partOf(answer['extra'])['error_code']].find((one) => one !== undefined);
  const code = textIn(given);
  if (status < 400 && code === '0') return null;
  const said = `Douyin ${code || status}: ${textIn(data['description']) || textIn(answer['err_msg']) || textIn(answer['message'])}`;
  // What is taken says so.
  const problem = problemIn(tools, status, problems[code], code === '' || tokenEnded.has(code) ? 'account' : 'content');
  return { code, failure: new SendFailure(problem, said, problem === 'rate_limited' ? 60 : null) };
}

const tokenOf = (account: OpenAccount, tools: ChannelTools): Promise<string> => tokens.get(account, tools, async () => {
  const { status, json: answer } = await callSocial(asking(tools), `${baseOf(account, standardBase)}/oauth/client_token/`, { client_key: account.values['clientKey'], client_secret: account.values['clientSecret'], grant_type: 'client_credential' });
  const data = partOf(answer['data']);
  const token = textIn(data['access_token']);
  if (token === '') throw failureIn(tools, status, answer)?.failure ?? new SendFailure('account', 'Douyin gave no token');
  return { token, seconds: Number(data['expires_in']) || 7_200 };
});

async function callDouyin(account: OpenAccount, tools: ChannelTools, path: string, body: unknown): Promise<Record<string, unknown>> {
  for (let time = 0; ; time += 1) {
    const token = await tokenOf(account, tools);
    const { status, json: answer } = await callSocial(tools, `${baseOf(account, standardBase)}${path}`, body, { 'access-token': token });
    const failed = failureIn(tools, status, answer);
    if (!failed) return answer;
    if (time > 0 || !tokenEnded.has(failed.code)) throw failed.failure;
    // Somebody else may have fetched a new one meanwhile, which is not to be lost again.
    if (await tokenOf(account, tools) === token) tokens.forget(account);
  }
}

/** Answers to what somebody wrote, as texts; until when it takes them the platform says itself. Nobody drops repetitions. */
export const douyinReplies: OutboundChannel = {
  capabilities: () => ({ parts: ['text'], textBytes: 1_500, fileBytes: {}, open: true, closesAt: null, quota: null, template: false, perMinute: 30, deduplicates: false }),
  render: (_account, reply, _contact, capabilities) => renderChat(reply, capabilities),
  async send(account, contact, { content }, _key, tools) {
    const { account: own = '', message = '', conversation = '' } = contact.replyContext;
    const answer = await callDouyin(account, tools, `/im/send/msg/?open_id=${encodeURIComponent(own)}`, {
      msg_id: message, conversation_id: conversation, to_user_id: contact.ids['douyin_openid'] ?? contact.thread, scene: 'im_reply_msg', content: { msg_type: 1, text: { text: partOf(content['text'])['content'] } },
    });
    return { providerId: textIn(partOf(answer['data'])['msg_id']) || null };
  },
};
