import { SendFailure } from '../notice-channel.ts';
import type { OutboundChannel } from '../outbound.ts';

const largest = 52_428_800;

/** Answers to visitors of websites (网页聊天回复): laid where their page fetches them. What is laid down twice under a key lies there once. */
export const webChatReplies: OutboundChannel = {
  capabilities: () => ({
    parts: ['text', 'image', 'voice', 'video', 'file'], textBytes: 1_000_000, fileBytes: { image: largest, voice: largest, video: largest, file: largest },
    open: true, closesAt: null, quota: null, template: false, perMinute: null, deduplicates: true,
  }),
  render: (_account, reply) => [{ content: { text: reply.text, author: reply.author ?? reply.organization }, files: reply.files }],
  async send(account, contact, { content, files }, key, tools) {
    if (!tools.lay) throw new SendFailure('temporary', 'nothing can be laid down from here');
    return { providerId: await tools.lay({ accountId: account.id, thread: contact.thread, key, text: typeof content['text'] === 'string' ? content['text'] : '', author: typeof content['author'] === 'string' ? content['author'] : null, files }) };
  },
};
