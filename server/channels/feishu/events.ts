import { createDecipheriv, hash } from 'node:crypto';
import { isSame } from '../inbound-calls.ts';
import { CallRefused, json, readJson, type HookAnswer, type HookCall, type OpenInboundAccount } from '../inbound.ts';
import { saidIn } from '../notice-channel.ts';

/** What an event of Feishu says, as names and values. */
export type Said = Readonly<Record<string, unknown>>;

/** A field that has fields of its own; empty where there is none. */
export const within = (said: Said, name: string): Said => (typeof said[name] === 'object' && said[name] !== null ? said[name] as Said : {});

const mostBytes = 1_048_576;
// Feishu sends again for six hours and more, and what comes twice is kept once.
const skewMilliseconds = 8 * 3_600_000;

const fieldsOf = (call: HookCall): Said => {
  if (call.body.length > mostBytes) throw new CallRefused('malformed', 'it is too large');
  const value = readJson(call);
  if (Array.isArray(value)) throw new CallRefused('malformed', 'it holds no event');
  return value as Said;
};

/**
 * Opens what an event is sealed in (事件解密): AES-256-CBC under the SHA-256 of the Encrypt Key; the first 16 bytes are the vector.
 * https://open.feishu.cn/document/server-docs/event-subscription-guide/event-subscription-configure-/encrypt-key-encryption-configuration-case
 *
 * @throws CallRefused
 */
export function openSealedEvent(encryptKey: string, sealed: string): string {
  const bytes = Buffer.from(sealed, 'base64');
  try {
    const decipher = createDecipheriv('aes-256-cbc', hash('sha256', encryptKey, 'buffer'), bytes.subarray(0, 16));
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat([decipher.update(bytes.subarray(16)), decipher.final()]));
  } catch {
    throw new CallRefused('signature', 'it cannot be decrypted: compare the Encrypt Key', { what: 'key', name: 'Encrypt Key' });
  }
}

/** What a call says, whenever it came. @throws CallRefused */
export function openEvent(account: OpenInboundAccount, call: HookCall): Said {
  const sealed = saidIn(fieldsOf(call)['encrypt']);
  if (sealed === '') throw new CallRefused('malformed', 'it is not encrypted: set an Encrypt Key', { what: 'plain', name: 'Encrypt Key' });
  return fieldsOf({ ...call, body: Buffer.from(openSealedEvent(account.values['encryptKey'] ?? '', sealed)) });
}

/** The signature of an event (X-Lark-Signature): SHA-256, in hex, over timestamp, nonce, Encrypt Key and the body as it came. */
export const signatureOf = (timestamp: string, nonce: string, encryptKey: string, body: Buffer): string => hash('sha256', Buffer.concat([Buffer.from(timestamp + nonce + encryptKey), body]));

/**
 * Checks an event; answers the question whether the address is ours (challenge), which may come unsigned: it is known by what it was encrypted with.
 * https://open.feishu.cn/document/server-docs/event-subscription-guide/event-subscription-configure-/request-url-configuration-case
 *
 * @throws CallRefused
 */
export function verifyEvent(account: OpenInboundAccount, call: HookCall, now: Date): HookAnswer | null {
  if (call.method !== 'POST') throw new CallRefused('method', 'calls are made by POST');
  const { 'x-lark-request-timestamp': timestamp = '', 'x-lark-request-nonce': nonce = '', 'x-lark-signature': signature = '' } = call.headers;
  if (signature !== '') {
    if (!isSame(signature, signatureOf(timestamp, nonce, account.values['encryptKey'] ?? '', call.body))) throw new CallRefused('signature', 'the signature is wrong: compare the Encrypt Key', { what: 'compare', name: 'Encrypt Key' });
    ensureFresh(timestamp, now);
  }
  const said = openEvent(account, call);
  const isQuestion = saidIn(said['type']) === 'url_verification';
  if (signature === '' && !isQuestion) throw new CallRefused('signature', 'the signature is missing');
  const header = within(said, 'header');
  const expected = account.values['verificationToken'] ?? '';
  if (expected !== '' && !isSame(saidIn(said['token']) || saidIn(header['token']), expected)) throw new CallRefused('signature', 'compare the Verification Token', { what: 'compare', name: 'Verification Token' });
  if (isQuestion) return json({ challenge: saidIn(said['challenge']).slice(0, 300) });
  const app = saidIn(header['app_id']);
  if (app !== account.values['appId']) throw new CallRefused('signature', `it is for ${app.slice(0, 64).replace(/[^\w-]/g, '') || 'no app'}, not for this one`, { what: 'other_app', name: app });
  return null;
}

// In seconds; it has been seen in milliseconds as well.
function ensureFresh(timestamp: string, now: Date): void {
  const at = /^\d{9,16}$/.test(timestamp) ? Number(timestamp) * (timestamp.length > 11 ? 1 : 1_000) : Number.NaN;
  if (!(Math.abs(now.getTime() - at) <= skewMilliseconds)) throw new CallRefused('stale', 'signed hours ago, or in the future');
}
