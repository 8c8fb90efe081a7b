import { CallRefused, json, readJson, type InboundAdapter, type InboundMessage } from '../inbound.ts';

/** A message of a visitor as it is kept (收件原文): what `decode` reads again. */
export const rawOf = (message: InboundMessage): Buffer => Buffer.from(JSON.stringify(message));

/**
 * Chat on websites (网页聊天). Its pages write at addresses of the API, under a visitor's token; nobody calls it from outside, so every call is
 * refused. What was kept is read again as it stands.
 */
export const webChat: InboundAdapter = {
  verify() {
    throw new CallRefused('method', 'this channel takes no calls: its pages write by /api/v1/chat-visits');
  },
  decode(_account, call) {
    const kept = readJson(call) as InboundMessage & { occurredAt: string | Date };
    const occurredAt = new Date(kept.occurredAt);
    if (typeof kept.externalId !== 'string' || typeof kept.thread !== 'string' || Number.isNaN(occurredAt.getTime())) throw new CallRefused('malformed', 'this is no message of a visitor');
    return [{ ...kept, occurredAt }];
  },
  acknowledge: () => json({ received: true }),
};
