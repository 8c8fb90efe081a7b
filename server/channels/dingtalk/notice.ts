import { createHmac } from 'node:crypto';
import { openTokens } from '../access-tokens.ts';
import { escapeMarkdown, oneLine, plainLines, shorten } from '../escape.ts';
import { callJson, codeIn, saidIn, SendFailure, type ChannelTools, type NoticeSender, type OpenAccount, type OutgoingNotice } from '../notice-channel.ts';

const tokens = openTokens();
const standardBase = 'https://oapi.dingtalk.com';
// https://open.dingtalk.com/document/orgapp/server-side-error-codes-1
const tokenEnded = new Set([40014, 42001, 40001, 33012]);
const wrongAccount = new Set([40013, 40089, 40078, 50001, 52013, 60011, 60020, 88]);
const tooOften = new Set([90018, 90002, 90004, 130101, 410100, 143105]);

/** The sign of a robot's call (机器人加签): HMAC-SHA256 of `timestamp\nsecret` under the secret, base64, for the query. */
export function robotSign(timestamp: number, secret: string): string {
  return createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64');
}

function markdown(notice: OutgoingNotice, mention: string | null): { title: string; text: string } {
  const lines = plainLines(notice.body).split('\n').map(escapeMarkdown);
  const text = [`#### ${escapeMarkdown(oneLine(notice.title))}`, ...lines, notice.link === null ? '' : `[${escapeMarkdown(notice.linkText)}](${notice.link})`, mention === null ? '' : `@${mention}`].filter((line) => line !== '').join('\n\n');
  return { title: shorten(oneLine(notice.title), 60), text: shorten(text, 4_500) };
}

const isPhone = (text: string) => /^\+?[0-9-]{6,20}$/.test(text);
const inGroup = (notice: OutgoingNotice) => {
  const mention = isPhone(notice.address) ? notice.address : null;
  return { msgtype: 'markdown', markdown: markdown(notice, mention), at: { atMobiles: mention === null ? [] : [mention], isAtAll: false } };
};
const workNotice = (account: Pick<OpenAccount, 'values'>, notice: OutgoingNotice) => ({ agent_id: Number(account.values['agentId']), userid_list: notice.address, msg: { msgtype: 'markdown', markdown: markdown(notice, null) } });

/**
 * DingTalk (钉钉): work notices (工作通知) to a member, or a robot in a group (自定义机器人) that mentions who is meant, signed where it has
 * a secret. DingTalk gives one member the same words once a day, so a repetition arrives once.
 * https://open.dingtalk.com/document/orgapp/asynchronous-sending-of-enterprise-session-messages, …/custom-robot-access
 */
export const dingtalk: NoticeSender = {
  channel: 'dingtalk',
  preview: (account, notice) => JSON.stringify(account.mode === 'robot' ? inGroup(notice) : workNotice(account, notice), null, 2),
  async send(account, notice, tools) {
    if (account.mode === 'robot') {
      const url = new URL(account.values['webhookUrl']!);
      const secret = account.values['secret'];
      if (secret) {
        const timestamp = tools.now().getTime();
        url.searchParams.set('timestamp', String(timestamp));
        url.searchParams.set('sign', robotSign(timestamp, secret));
      }
      check((await callJson(tools, 'POST', url.href, inGroup(notice))).json);
      return { providerId: null };
    }
    const base = account.values['baseUrl'] || standardBase;
    const send = async () => (await callJson(tools, 'POST', `${base}/topapi/message/corpconversation/asyncsend_v2?access_token=${encodeURIComponent(await tokenOf(account, tools, base))}`, workNotice(account, notice))).json;
    let answer = await send();
    if (tokenEnded.has(codeOf(answer))) {
      tokens.forget(account);
      answer = await send();
    }
    check(answer);
    return { providerId: answer['task_id'] === undefined ? null : saidIn(answer['task_id']) };
  },
};

const tokenOf = (account: OpenAccount, tools: ChannelTools, base: string) => tokens.get(account, tools, async () => {
  const { json } = await callJson(tools, 'GET', `${base}/gettoken?appkey=${encodeURIComponent(account.values['appKey']!)}&appsecret=${encodeURIComponent(account.values['appSecret']!)}`, null);
  check(json, true);
  return { token: saidIn(json['access_token']), seconds: Number(json['expires_in']) || 7_200 };
});

/** The code that says what is wrong: calls of the older kind wrap it in 88. */
const codeOf = (answer: Record<string, unknown>): number => (answer['errcode'] === 88 && answer['sub_code'] !== undefined ? codeIn(answer, 'sub_code') : codeIn(answer, 'errcode'));

function check(answer: Record<string, unknown>, ofToken = false): void {
  const code = codeOf(answer);
  if (code === 0) return;
  const said = `DingTalk ${code}: ${saidIn(answer['sub_msg'] ?? answer['errmsg'])}`;
  if (code === -1) throw new SendFailure('temporary', said, 30);
  // A robot that called more than twenty times in a minute is shut out for ten.
  if (tooOften.has(code)) throw new SendFailure('rate_limited', said, code === 130101 ? 600 : 60);
  // 310000: the robot's sign, key word or address is refused.
  if (ofToken || wrongAccount.has(code) || tokenEnded.has(code) || code === 310000 || code === 300001) throw new SendFailure('account', said);
  if (code === 33013 || code === 60121 || code === 50002) throw new SendFailure('address', said);
  throw new SendFailure('content', said);
}
