import { CallRefused, json, readJson, type InboundAdapter, type InboundMessage } from '../inbound.ts';

/** Messages of a visitor as they are kept together (收件原文): what `decode` reads again. */
export const rawOf = (...messages: InboundMessage[]): Buffer => Buffer.from(JSON.stringify(messages));

/**
 * Chat on websites (网页聊天). Its pages write at addresses of the API, under a visitor's token; nobody calls it from outside, so every call is
 * refused. What was kept is read again as it stands.
 */
export const webChat: InboundAdapter = {
  verify() {
    throw new CallRefused('method', 'this channel takes no calls: its pages write by /api/v1/chat-visits');
  },
  decode(_account, call) {
    const kept = readJson(call);
    if (!Array.isArray(kept)) throw new CallRefused('malformed', 'these are no messages of a visitor');
    return kept.map((message: InboundMessage & { occurredAt: string | Date }) => {
      const occurredAt = new Date(message?.occurredAt);
      if (typeof message?.externalId !== 'string' || typeof message.thread !== 'string' || Number.isNaN(occurredAt.getTime())) throw new CallRefused('malformed', 'this is no message of a visitor');
      return { ...message, occurredAt };
    });
  },
  acknowledge: () => json({ received: true }),
};
