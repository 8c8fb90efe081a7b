import { createHash } from 'node:crypto';
import { oneLine, plainLines, shorten } from '../escape.ts';
import { reach, SendFailure, type NoticeSender, type OutgoingNotice } from '../notice-channel.ts';
import { encryptPush, type PushKeys } from './encrypt.ts';
import { vapidAuthorization } from './vapid.ts';

/** A browser that takes pushes; the `address` of a notice holds one as JSON. */
export interface PushSubscriptionData {
  endpoint: string;
  keys: PushKeys;
}

/** What the service worker reads. `tag` is the same for a repetition, which then replaces what is shown. */
const payloadOf = (notice: OutgoingNotice) => ({ title: shorten(oneLine(notice.title), 120), body: shorten(plainLines(notice.body), 500), url: notice.link, tag: notice.reference, urgent: notice.urgent });

/**
 * Web push (浏览器推送, RFC 8030) to one browser. While the browser is away, the service keeps one message of a Topic: a repetition replaces the first.
 */
export const webPush: NoticeSender = {
  channel: 'web_push',
  preview: (_account, notice) => JSON.stringify(payloadOf(notice), null, 2),
  async send(account, notice, tools) {
    const { endpoint, keys } = JSON.parse(notice.address) as PushSubscriptionData;
    let body: Buffer;
    try {
      body = encryptPush(Buffer.from(JSON.stringify(payloadOf(notice))), keys);
    } catch (error) {
      throw new SendFailure('address', `the browser's keys cannot be used: ${error instanceof Error ? error.message : ''}`);
    }
    const answer = await reach(tools, {
      method: 'POST', url: endpoint, body,
      headers: {
        authorization: vapidAuthorization(endpoint, account.values['subject']!, { publicKey: account.values['publicKey']!, privateKey: account.values['privateKey']! }, tools.now()),
        'content-type': 'application/octet-stream', 'content-encoding': 'aes128gcm', ttl: String(notice.urgent ? 3_600 : 86_400), urgency: notice.urgent ? 'high' : 'normal',
        topic: createHash('sha256').update(notice.reference).digest('base64url').slice(0, 32),
      },
    });
    if (answer.status >= 200 && answer.status < 300) return { providerId: null };
    const said = `the push service answered ${answer.status} ${answer.body.slice(0, 100)}`.trim();
    // 404 and 410: the browser has taken the subscription back.
    if (answer.status === 404 || answer.status === 410) throw new SendFailure('address', said);
    if (answer.status === 429) throw new SendFailure('rate_limited', said, 60);
    if (answer.status >= 500) throw new SendFailure('temporary', said);
    throw new SendFailure(answer.status === 413 ? 'content' : 'account', said);
  },
};
