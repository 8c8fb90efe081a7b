import { oneLine, shorten } from '../escape.ts';
import { callJson, saidIn, type ChannelTools, type OpenAccount, type SendFailure } from '../notice-channel.ts';
import type { InboundAdapter } from '../inbound.ts';
import type { Capabilities, Contact, OutboundChannel, OutgoingReply } from '../outbound.ts';
import { acknowledged, openCallback, verifyCallback } from './callbacks.ts';
import { openPlatform, type Platform } from './platform.ts';
import { readMessage } from './read-message.ts';
import { renderChat } from '../render-chat.ts';
import { withMenu } from './menu.ts';

const hour = 3_600_000;
/** Free messages may go out for 48 hours after somebody wrote, five of them. */
export const windowHours = 48;
export const windowMessages = 5;

/** What WeChat's codes mean. https://developers.weixin.qq.com/doc/offiaccount/Getting_Started/Global_Return_Code.html */
const problems: Readonly<Record<number, SendFailure['code']>> = {
  40003: 'address', 43004: 'consent', 43019: 'consent', 43101: 'consent', 45015: 'window_closed', 45047: 'quota_spent', 45009: 'rate_limited', 45011: 'rate_limited', 45064: 'rate_limited',
  40013: 'account', 40125: 'account', 40164: 'account', 40243: 'account', 41001: 'account', 41002: 'account', 41004: 'account', 48001: 'account', 48004: 'account', 50001: 'account', 50002: 'account', 61004: 'account', 40037: 'account',
};

/** WeChat's interface for official accounts and mini programs; the token is the stable one, which many may ask for. */
export const wechat: Platform = openPlatform({
  name: 'WeChat', standardBase: 'https://api.weixin.qq.com', problemOf: (code) => problems[code],
  fetchToken: async (base, account, tools) => (await callJson(tools, 'POST', `${base}/cgi-bin/stable_token`, { grant_type: 'client_credential', appid: account.values['appId'], secret: account.values['appSecret'] })).json,
});

/** Whether and until when free messages may go out after somebody wrote. */
export function windowOf({ lastInboundAt, sentSince }: Contact, now: Date, messages = windowMessages): Pick<Capabilities, 'open' | 'closesAt' | 'quota'> {
  const closesAt = lastInboundAt && new Date(lastInboundAt.getTime() + windowHours * hour);
  return { open: closesAt !== null && closesAt > now, closesAt, quota: { left: Math.max(0, messages - sentSince), of: messages } };
}

/** A customer-service message of an official account or a mini program, with the file it carries handed over first. */
export async function sendCustomerMessage(account: OpenAccount, contact: Contact, content: Readonly<Record<string, unknown>>, file: { name: string; mediaType: string; bytes: Buffer } | null, tools: ChannelTools): Promise<void> {
  const type = String(content['msgtype']);
  const media = file ? { [type]: { media_id: await wechat.upload(account, tools, type, file) } } : {};
  await wechat.call(account, tools, '/cgi-bin/message/custom/send', { touser: contact.ids['openid'] ?? contact.thread, ...content, ...media });
}

/**
 * WeChat official account (微信公众号), the mode in which everything is encrypted (安全模式). Answers go out as customer-service messages within 48 hours, and
 * as a message of the account's template beyond, of which the platform says later what became of it.
 * https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Receiving_standard_messages.html, …/Service_Center_messages.html, …/Template_Message_Interface.html
 */
export const officialAccount: InboundAdapter = {
  verify: (account, call, now) => verifyCallback(account, call, now, account.values['appId'] ?? '', 'plain'),
  decode: (account, call, now) => [readMessage(account, openCallback(account, call, account.values['appId'] ?? ''), 'openid', now)],
  acknowledge: () => acknowledged,
  fetchMedia: (account, _call, media, tools) => wechat.download(account, tools, media.media, media.kind),
  async describe(account, sender, tools) {
    const openid = sender.ids.find(({ kind }) => kind === 'openid')?.value ?? '';
    const answer = await wechat.call(account, tools, `/cgi-bin/user/info?openid=${encodeURIComponent(openid)}&lang=zh_CN`, null);
    const [unionid, name] = [saidIn(answer['unionid']), saidIn(answer['remark']) || saidIn(answer['nickname'])];
    return { ids: [...sender.ids, ...(unionid === '' ? [] : [{ kind: 'unionid', value: unionid, verified: true as const }])], ...(name === '' ? {} : { name }) };
  },
};

const templateStandard = 'character_string1={number};thing2={subject}';
// https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-message-management/subscribe-message/sendMessage.html, "参数值限制说明"
const longest: Readonly<Record<string, number>> = { thing: 20, character_string: 32, phrase: 5, name: 10, const: 20, short_thing: 10 };

/** What a template says, as the account is set; each value as long as its kind allows. */
export function templateData(account: OpenAccount, { ticket, organization, author }: OutgoingReply): Record<string, { value: string }> {
  const values: Readonly<Record<string, string>> = { number: ticket.number, subject: ticket.subject, organization, author: author ?? organization };
  return Object.fromEntries((account.values['templateData'] || templateStandard).split(';').flatMap((pair) => {
    const [name = '', text = ''] = pair.split('=', 2).map((part) => part.trim());
    if (name === '') return [];
    const filled = oneLine(text.replace(/\{(\w+)\}/g, (_, key: string) => values[key] ?? ''));
    return [[name, { value: shorten(filled, longest[name.replace(/\d+$/, '')] ?? 20) || '-' }]];
  }));
}

export const officialAccountReplies: OutboundChannel = {
  capabilities: (account, contact, now) => ({
    parts: ['text', 'image', 'voice', 'video'], textBytes: 2_048, fileBytes: { image: 10_485_760, voice: 2_097_152, video: 10_485_760 },
    ...windowOf(contact, now), template: (account.values['templateId'] ?? '') !== '', perMinute: null, deduplicates: false,
  }),
  render: (account, reply, _contact, capabilities, as) => (as === 'free' ? withMenu(renderChat(reply, capabilities), reply, ({ id, label }) => ({ id, content: label }))
    : [{ content: { template: true, template_id: account.values['templateId'], url: reply.link, data: templateData(account, reply) }, files: [] }]),
  async send(account, contact, { content, files: [file] }, key, tools) {
    const { template, ...rest } = content;
    if (template !== true) {
      await sendCustomerMessage(account, contact, rest, file ? { ...file, bytes: await tools.readFile(file) } : null, tools);
      return { providerId: null };
    }
    const answer = await wechat.call(account, tools, '/cgi-bin/message/template/send', { touser: contact.ids['openid'] ?? contact.thread, client_msg_id: key, ...rest });
    return { providerId: saidIn(answer['msgid']) || null };
  },
};
