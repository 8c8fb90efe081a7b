import type { InboundAdapter } from '../inbound.ts';
import type { OpenOutboundAccount, OutboundChannel, OutgoingReply } from '../outbound.ts';
import { acknowledged, openCallback, verifyCallback } from './callbacks.ts';
import { sendCustomerMessage, templateData, wechat, windowOf } from './official-account.ts';
import { readMessage } from './read-message.ts';
import { renderChat } from '../render-chat.ts';

/**
 * Customer messages of a WeChat mini program (微信小程序客服消息): callbacks as of an official account, in XML or JSON; answers in text and pictures for 48
 * hours, five of them.
 * https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/customer-message/receive.html
 */
export const miniProgram: InboundAdapter = {
  verify: (account, call, now) => verifyCallback(account, call, now, account.values['appId'] ?? '', 'plain'),
  decode: (account, call, now) => [readMessage(account, openCallback(account, call, account.values['appId'] ?? ''), 'openid', now)],
  acknowledge: () => ({ ...acknowledged, body: 'success' }),
  fetchMedia: (account, _call, media, tools) => wechat.download(account, tools, media.media, media.kind),
};

/** The page of the mini program that a message opens; `{number}` stands for the ticket's. */
function pageOf(account: OpenOutboundAccount, { ticket }: OutgoingReply): { page?: string } {
  const page = account.values['templatePage'] ?? '';
  return page === '' ? {} : { page: page.replaceAll('{number}', encodeURIComponent(ticket.number)) };
}

export const miniProgramReplies: OutboundChannel = {
  capabilities: (account, contact, now) => ({
    parts: ['text', 'image'], textBytes: 2_048, fileBytes: { image: 10_485_760 }, ...windowOf(contact, now), perMinute: null, deduplicates: false,
    // Each was agreed to beforehand, one for each time.
    template: (contact.grants?.[account.values['templateId'] ?? ''] ?? 0) > 0, ...((account.values['templateId'] ?? '') === '' ? {} : { needsGrant: true as const }),
  }),
  render: (account, reply, _contact, capabilities, as) => (as === 'free' ? renderChat(reply, capabilities)
    : [{ content: { subscription: true, template_id: account.values['templateId'], ...pageOf(account, reply), data: templateData(account, reply) }, files: [] }]),
  async send(account, contact, { content, files: [file] }, _key, tools) {
    const { subscription, ...rest } = content;
    if (subscription === true) {
      // https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-message-management/subscribe-message/sendMessage.html
      await wechat.call(account, tools, '/cgi-bin/message/subscribe/send', { touser: contact.ids['openid'] ?? contact.thread, ...rest });
      return { providerId: null };
    }
    await sendCustomerMessage(account, contact, content, file ? { ...file, bytes: await tools.readFile(file) } : null, tools);
    return { providerId: null };
  },
};
