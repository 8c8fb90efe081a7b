import { ImapFlow } from 'imapflow';
import { addressOutside } from '../../platform/egress/call-outside.ts';
import type { OpenInboundAccount } from '../inbound.ts';
import { mailLimits } from './read-mail.ts';

/** How far a mailbox was read (RFC 3501 §2.3.1.1): numbers mean something only as long as their validity stays. */
export interface MailboxPlace {
  validity: bigint;
  uid: number;
}

/** A mail as it was fetched: whole, or its head where it is too large. */
export interface FetchedMail {
  uid: number;
  raw: Buffer;
  tooLarge: boolean;
}

/** An open mailbox (IMAP 邮箱). */
export interface Mailbox {
  validity: bigint;
  /** The number of the newest mail that is there. */
  newest: number;
  /** What came after a number, oldest first. */
  after(uid: number): AsyncGenerator<FetchedMail>;
  /** What came on or after a day: for a mailbox whose numbers mean something else now. */
  since(day: Date): AsyncGenerator<FetchedMail>;
  /** Until something comes, a minute has passed, or `end` says so. */
  wait(end: AbortSignal): Promise<void>;
  close(): void;
}

const connectMilliseconds = 20_000;
const idleMilliseconds = 60_000;
const socketMilliseconds = 300_000;
const headBytes = 65_536;

/**
 * Opens the mailbox of an account (打开邮箱), by the address that was checked; read only: nothing in it is marked, moved or deleted.
 *
 * @throws OutsideFailure, or the error of the connection
 */
export async function openMailbox({ values }: OpenInboundAccount, privateHosts: readonly string[]): Promise<Mailbox> {
  const { host = '', port = '993', security = 'tls', mailbox = 'INBOX', user, address: own = '', password = '' } = values;
  const { address } = await addressOutside(host, port, privateHosts);
  const client = new ImapFlow({
    host: address, port: Number(port), secure: security === 'tls', doSTARTTLS: security === 'tls' ? undefined : security === 'starttls', auth: { user: user || own, pass: password }, logger: false,
    ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }), connectionTimeout: connectMilliseconds, greetingTimeout: connectMilliseconds, socketTimeout: socketMilliseconds, maxIdleTime: 240_000, disableAutoIdle: true,
  });
  // Whoever waits hears of it by the connection that closes.
  client.on('error', () => {});
  try {
    await client.connect();
    const lock = await client.getMailboxLock(mailbox, { readOnly: true });
    const open = client.mailbox;
    if (!open) throw new Error(`there is no mailbox ${mailbox}`);
    async function* fetch(uids: readonly { uid: number; size: number }[]): AsyncGenerator<FetchedMail> {
      for (const { uid, size } of uids) {
        const tooLarge = size > mailLimits.bytes;
        const found = await client.fetchOne(String(uid), tooLarge ? { headers: true } : { source: true }, { uid: true });
        // Somebody deleted it meanwhile.
        const raw = found ? (tooLarge ? found.headers?.subarray(0, headBytes) : found.source) : undefined;
        if (raw) yield { uid, raw, tooLarge };
      }
    }
    const listed = async (range: string): Promise<{ uid: number; size: number }[]> => {
      const uids: { uid: number; size: number }[] = [];
      for await (const one of client.fetch(range, { uid: true, size: true }, { uid: true })) uids.push({ uid: one.uid, size: one.size ?? 0 });
      return uids.sort((one, other) => one.uid - other.uid);
    };
    return {
      validity: open.uidValidity, newest: (open.uidNext ?? 1) - 1,
      // "n:*" always names the newest mail, also where its number is lower.
      after: async function* (uid) {
        yield* fetch((await listed(`${uid + 1}:*`)).filter((one) => one.uid > uid));
      },
      since: async function* (day) {
        const uids = await client.search({ since: day }, { uid: true });
        if (Array.isArray(uids) && uids.length > 0) yield* fetch(await listed(uids.join(',')));
      },
      async wait(end) {
        const news = new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, idleMilliseconds);
          const done = (): void => {
            clearTimeout(timer);
            resolve();
          };
          client.once('exists', done);
          client.once('close', done);
          end.addEventListener('abort', done, { once: true });
        });
        // It ends by itself where the line is broken already.
        const idling = client.usable ? client.idle().catch(() => false) : Promise.resolve(false);
        await Promise.race([news, idling]);
        if (!client.usable) throw new Error('the mail server closed the connection');
        // Any other command ends the idling.
        await client.noop();
        await idling;
      },
      close() {
        lock.release();
        client.close();
      },
    };
  } catch (error) {
    client.close();
    throw error;
  }
}
