import type { InboundAdapter } from '../inbound.ts';
import type { OutboundChannel } from '../outbound.ts';
import { acknowledged, openCallback, verifyCallback } from './callbacks.ts';
import { sendCustomerMessage, wechat, windowOf } from './official-account.ts';
import { readMessage } from './read-message.ts';
import { renderChat } from './render.ts';

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

export const miniProgramReplies: OutboundChannel = {
  capabilities: (_account, contact, now) => ({
    parts: ['text', 'image'], textBytes: 2_048, fileBytes: { image: 10_485_760 }, ...windowOf(contact, now), template: false, perMinute: null, deduplicates: false,
  }),
  render: (_account, reply, _contact, capabilities) => renderChat(reply, capabilities),
  async send(account, contact, { content, files: [file] }, _key, tools) {
    await sendCustomerMessage(account, contact, content, file ? { ...file, bytes: await tools.readFile(file) } : null, tools);
    return { providerId: null };
  },
};
