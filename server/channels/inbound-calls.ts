import { hash, timingSafeEqual } from 'node:crypto';
import { CallRefused, type HookCall, type OpenInboundAccount } from './inbound.ts';

/** A text or number as a name of at most 200 characters; longer ones become their hash. */
export function nameOf(value: unknown): string | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const text = String(value).trim().toWellFormed();
  return text === '' ? null : text.length <= 200 && !/\p{Cc}/u.test(text) ? text : hash('sha256', text);
}

/** RFC 3339, or seconds or milliseconds since 1970. */
export function momentOf(value: unknown): Date | null {
  const seconds = typeof value === 'number' ? value : typeof value === 'string' && /^\d{9,13}$/.test(value) ? Number(value) : null;
  const moment = seconds === null ? new Date(typeof value === 'string' ? value : Number.NaN) : new Date(seconds < 100_000_000_000 ? seconds * 1_000 : seconds);
  return Number.isNaN(moment.getTime()) || moment.getUTCFullYear() < 1970 || moment.getUTCFullYear() > 9_998 ? null : moment;
}

/** Whether two secrets are the same, told in a time that says nothing of where they differ. */
export function isSame(given: string, expected: string): boolean {
  return expected !== '' && timingSafeEqual(hash('sha256', given, 'buffer'), hash('sha256', expected, 'buffer'));
}

/** Refuses a call without the account's token. */
export function ensureToken(account: OpenInboundAccount, { headers }: HookCall): void {
  const given = /^Bearer\s+(\S+)$/i.exec(headers['authorization'] ?? '')?.[1] ?? headers['x-token'] ?? '';
  if (!isSame(given, account.values['token'] ?? '')) throw new CallRefused('signature', 'the token is missing or wrong');
}
