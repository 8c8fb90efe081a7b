import { openTokens } from '../access-tokens.ts';
import { escapeHtml, oneLine, plainLines, shortenBytes } from '../escape.ts';
import { callJson, codeIn, saidIn, SendFailure, type ChannelTools, type NoticeSender, type OpenAccount, type OutgoingNotice } from '../notice-channel.ts';

const tokens = openTokens();
const standardBase = 'https://qyapi.weixin.qq.com';
// https://developer.work.weixin.qq.com/document/path/90313
const tokenEnded = new Set([40014, 42001, 40001]);
const wrongAccount = new Set([40013, 40056, 40091, 301002, 301023, 60020, 48002, 50001]);
const tooOften = new Set([45009, 45033, 43004, -1]);

function card(account: Pick<OpenAccount, 'values'>, notice: OutgoingNotice): Record<string, unknown> {
  const common = { touser: notice.address, agentid: Number(account.values['agentId']), enable_duplicate_check: 1, duplicate_check_interval: 1_800 };
  const title = shortenBytes(oneLine(notice.title), 128);
  // A card needs somewhere to lead.
  if (notice.link === null) return { ...common, msgtype: 'text', text: { content: shortenBytes(escapeHtml(`${title}\n${plainLines(notice.body)}`), 2_048) } };
  return { ...common, msgtype: 'textcard', textcard: { title: escapeHtml(title), description: escapeHtml(shortenBytes(plainLines(notice.body), 480)).replaceAll('\n', '<br>') || escapeHtml(title), url: notice.link, btntxt: notice.linkText } };
}

const inGroup = (notice: OutgoingNotice) => ({
  msgtype: 'text',
  text: { content: shortenBytes([oneLine(notice.title), plainLines(notice.body), notice.link].filter(Boolean).join('\n'), 2_048), mentioned_mobile_list: notice.address === '' ? [] : [notice.address] },
});

/**
 * WeCom (企业微信): messages of an own app to a member (应用消息), or of a robot into a group, with a mention of who is meant.
 * The platform drops a repetition of the same message within half an hour (`enable_duplicate_check`).
 * https://developer.work.weixin.qq.com/document/path/90236, …/91770
 */
export const wecom: NoticeSender = {
  channel: 'wecom',
  preview: (account, notice) => JSON.stringify(account.mode === 'robot' ? inGroup(notice) : card(account, notice), null, 2),
  async send(account, notice, tools) {
    if (account.mode === 'robot') {
      check((await callJson(tools, 'POST', account.values['webhookUrl']!, inGroup(notice))).json);
      return { providerId: null };
    }
    const base = account.values['baseUrl'] || standardBase;
    const send = async () => (await callJson(tools, 'POST', `${base}/cgi-bin/message/send?access_token=${encodeURIComponent(await tokenOf(account, tools, base))}`, card(account, notice))).json;
    let answer = await send();
    if (tokenEnded.has(Number(answer['errcode']))) {
      // It was taken back before its time: a new one, once.
      tokens.forget(account);
      answer = await send();
    }
    check(answer);
    // Taken, but for people it does not know or whose licence has ended. It says names in small letters, however they are written.
    const among = (name: string) => typeof answer[name] === 'string' && answer[name].toLowerCase().split('|').includes(notice.address.toLowerCase());
    if (among('invaliduser')) throw new SendFailure('address', `WeCom does not know the member ${notice.address}`);
    if (among('unlicenseduser')) throw new SendFailure('address', `the member ${notice.address} has no licence in WeCom`);
    return { providerId: typeof answer['msgid'] === 'string' ? answer['msgid'] : null };
  },
};

const tokenOf = (account: OpenAccount, tools: ChannelTools, base: string) => tokens.get(account, tools, async () => {
  const { json } = await callJson(tools, 'GET', `${base}/cgi-bin/gettoken?corpid=${encodeURIComponent(account.values['corpId']!)}&corpsecret=${encodeURIComponent(account.values['secret']!)}`, null);
  check(json, true);
  return { token: saidIn(json['access_token']), seconds: Number(json['expires_in']) || 7_200 };
});

function check(answer: Record<string, unknown>, ofToken = false): void {
  const code = codeIn(answer, 'errcode');
  if (code === 0) return;
  const said = `WeCom ${code}: ${saidIn(answer['errmsg'])}`;
  if (tooOften.has(code)) throw new SendFailure(code === -1 ? 'temporary' : 'rate_limited', said, 60);
  if (ofToken || wrongAccount.has(code) || tokenEnded.has(code) || code === 93000) throw new SendFailure('account', said);
  if (code === 81013 || code === 60111 || code === 40003) throw new SendFailure('address', said);
  throw new SendFailure('content', said);
}
