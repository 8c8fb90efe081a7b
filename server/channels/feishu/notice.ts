import { createHmac } from 'node:crypto';
import { openTokens } from '../access-tokens.ts';
import { oneLine, plainLines, shorten } from '../escape.ts';
import { callJson, codeIn, saidIn, SendFailure, type ChannelTools, type NoticeSender, type OpenAccount, type OutgoingNotice } from '../notice-channel.ts';

const tokens = openTokens();
const standardBase = 'https://open.feishu.cn';
// https://open.feishu.cn/document/server-docs/im-v1/message/create, …/getting-started/server-error-codes
const tokenEnded = new Set([99991663, 99991664, 99991668, 99991661]);
const wrongAccount = new Set([10003, 10014, 99991672, 230002, 230006, 232009, 19021, 19022, 19024, 9499]);
const tooOften = new Set([99991400, 230020, 11232, 11233, 230049]);
const wrongAddress = new Set([230001, 230013, 230029, 230034, 230053, 99992351, 99992352]);

/** The sign of a robot's call (自定义机器人签名校验): HMAC-SHA256 of nothing, under `timestamp\nsecret`, base64. `timestamp` in seconds. */
export function robotSign(timestamp: number, secret: string): string {
  return createHmac('sha256', `${timestamp}\n${secret}`).update('').digest('base64');
}

// Texts of a post are values, not mark-up: nothing in them is read.
function post(notice: OutgoingNotice, mention: string | null): { zh_cn: { title: string; content: object[][] } } {
  const text = (line: string) => [{ tag: 'text', text: line }];
  return { zh_cn: { title: shorten(oneLine(notice.title), 200), content: [
    ...shorten(plainLines(notice.body), 4_000).split('\n').map(text),
    ...(notice.link === null ? [] : [[{ tag: 'a', text: notice.linkText, href: notice.link }]]),
    ...(mention === null ? [] : [[{ tag: 'at', user_id: mention }]]),
  ] } };
}

const inGroup = (notice: OutgoingNotice) => ({ msg_type: 'post', content: { post: post(notice, notice.address.startsWith('ou_') ? notice.address : null) } });
const toPerson = (notice: OutgoingNotice) => ({ receive_id: notice.address, msg_type: 'post', content: JSON.stringify(post(notice, null)), uuid: notice.reference });

/**
 * Feishu (飞书): messages of an own app to a person, or of a robot into a group (自定义机器人), signed where it has a secret. Within
 * an hour Feishu takes the same `uuid` once.
 */
export const feishu: NoticeSender = {
  channel: 'feishu',
  preview: (account, notice) => JSON.stringify(account.mode === 'robot' ? inGroup(notice) : toPerson(notice), null, 2),
  async send(account, notice, tools) {
    if (account.mode === 'robot') {
      const secret = account.values['secret'];
      const timestamp = Math.floor(tools.now().getTime() / 1_000);
      check((await callJson(tools, 'POST', account.values['webhookUrl']!, { ...(secret ? { timestamp: String(timestamp), sign: robotSign(timestamp, secret) } : {}), ...inGroup(notice) })).json);
      return { providerId: null };
    }
    const base = account.values['baseUrl'] || standardBase;
    const kind = account.values['idType'] || 'open_id';
    const send = async () => (await callJson(tools, 'POST', `${base}/open-apis/im/v1/messages?receive_id_type=${encodeURIComponent(kind)}`, toPerson(notice), { authorization: `Bearer ${await tokenOf(account, tools, base)}` })).json;
    let answer = await send();
    if (tokenEnded.has(Number(answer['code']))) {
      tokens.forget(account);
      answer = await send();
    }
    check(answer);
    const id = (answer['data'] as { message_id?: unknown } | undefined)?.message_id;
    return { providerId: typeof id === 'string' ? id : null };
  },
};

const tokenOf = (account: OpenAccount, tools: ChannelTools, base: string) => tokens.get(account, tools, async () => {
  const { json } = await callJson(tools, 'POST', `${base}/open-apis/auth/v3/tenant_access_token/internal`, { app_id: account.values['appId'], app_secret: account.values['appSecret'] });
  check(json, true);
  return { token: saidIn(json['tenant_access_token']), seconds: Number(json['expire']) || 7_200 };
});

function check(answer: Record<string, unknown>, ofToken = false): void {
  const code = codeIn(answer, 'code', 'StatusCode');
  if (code === 0) return;
  const said = `Feishu ${code}: ${saidIn(answer['msg'] ?? answer['StatusMessage'])}`;
  if (tooOften.has(code)) throw new SendFailure('rate_limited', said, 60);
  if (ofToken || wrongAccount.has(code) || tokenEnded.has(code)) throw new SendFailure('account', said);
  if (wrongAddress.has(code)) throw new SendFailure('address', said);
  throw new SendFailure('content', said);
}
