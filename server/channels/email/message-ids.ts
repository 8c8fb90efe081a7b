import { createHmac, hash } from 'node:crypto';
import { isSame } from '../inbound-calls.ts';

/** The name of a mail's thread (邮件会话): of the first mail that its references name, or of the mail itself. */
export const threadOf = (root: string): string => `m${hash('sha256', root.trim().toLowerCase()).slice(0, 20)}`;
/** The thread of somebody who took part in one that is not theirs. */
export const besideThread = (thread: string, address: string): string => `${thread.slice(0, 21)}-${hash('sha256', address.trim().toLowerCase()).slice(0, 8)}`;

// Of a conversation with a customer, or of one beside a ticket.
const threadPattern = '(?:m[0-9a-f]{20}(?:-[0-9a-f]{8})?|s[0-9a-f]{32})';
const sign = (secret: string, ...parts: string[]): string => createHmac('sha256', secret).update(JSON.stringify(parts)).digest('hex').slice(0, 20);

/**
 * The Message-ID of a mail of ours: it names the thread in a way that nobody else can make up, so that whatever answers it finds its way
 * back (RFC 5322 §3.6.4). The same key gives the same name.
 */
export const signMessageId = (secret: string, thread: string, key: string, domain: string): string => `<${thread}.${hash('sha256', key).slice(0, 16)}.${sign(secret, 'id', thread, hash('sha256', key).slice(0, 16))}@${domain}>`;

/** The thread of a Message-ID that is ours; null of all others. */
export function readMessageId(secret: string, id: string): string | null {
  const match = new RegExp(`^<?(${threadPattern})\\.([0-9a-f]{16})\\.([0-9a-f]{20})@`, 'i').exec(id.trim());
  if (!match) return null;
  const [thread, key, given] = [match[1]!.toLowerCase(), match[2]!.toLowerCase(), match[3]!.toLowerCase()];
  return isSame(given, sign(secret, 'id', thread, key)) ? thread : null;
}

/** What stands after the + of an address, and at the foot of a mail, for programs that keep no references. */
export const signMark = (secret: string, thread: string): string => `${thread}.${sign(secret, 'mark', thread)}`;

/** The thread of the first mark in a text that is ours. */
export function findMark(secret: string, text: string): string | null {
  // Nobody is asked about more than a few.
  for (const match of [...text.matchAll(new RegExp(`\\b(${threadPattern})\\.([0-9a-f]{20})\\b`, 'gi'))].slice(0, 20)) {
    const thread = match[1]!.toLowerCase();
    if (isSame(match[2]!.toLowerCase(), sign(secret, 'mark', thread))) return thread;
  }
  return null;
}
