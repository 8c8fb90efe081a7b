import { createHmac } from 'node:crypto';
import { CallRefused, type HookCall, type OpenInboundAccount } from './inbound.ts';
import { isSame } from './inbound-calls.ts';

const skewMilliseconds = 300_000;
const keyOf = (secret: string): Buffer => (secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret));
const signature = (key: Buffer, id: string, timestamp: string, body: string | Buffer): string => createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64');

/** Refuses a call that is not signed by the account's secret as Standard Webhooks are (standard-webhooks spec 1.0.0). */
export function ensureSigned(account: OpenInboundAccount, { headers, body }: HookCall, now: Date): void {
  const id = headers['webhook-id'] ?? '';
  const timestamp = headers['webhook-timestamp'] ?? '';
  const secret = account.values['secret'] ?? '';
  const key = keyOf(secret);
  const expected = signature(key, id, timestamp, body);
  const given = (headers['webhook-signature'] ?? '').split(' ', 10).flatMap((one) => (one.startsWith('v1,') ? [one.slice(3)] : []));
  if (key.length === 0 || id === '' || !given.some((one) => isSame(one, expected))) throw new CallRefused('signature', 'the signature is missing or wrong');
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(now.getTime() - Number(timestamp) * 1_000) > skewMilliseconds) throw new CallRefused('stale', 'signed more than five minutes ago, or in the future');
}

/** The headers of a call of ours, signed in the same way (签名外呼). */
export function signedHeaders(secret: string, id: string, now: Date, body: string): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / 1_000));
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature(keyOf(secret), id, timestamp, body)}` };
}
