import { resolve } from 'node:dns/promises';
import { authenticate } from 'mailauth';

/** What is known of whether a mail is from who it says (邮件验证结果): SPF (RFC 7208), DKIM (RFC 6376), DMARC (RFC 7489). */
export interface MailProof {
  spf: Proof;
  dkim: Proof;
  dmarc: Proof;
}
export type Proof = 'pass' | 'fail' | 'none' | 'unknown';

/** From where a mail was handed over; null where it was fetched from a mailbox, and only its own provider knows. */
export interface MailOrigin {
  ip: string;
  helo: string;
  sender: string;
}

/** Looks names up, as `resolve` of node:dns/promises does. */
export type Resolver = (name: string, type: string) => Promise<unknown>;

const milliseconds = 5_000;
const unknown: MailProof = { spf: 'unknown', dkim: 'unknown', dmarc: 'unknown' };

/**
 * Looks a mail's proofs up. A DNS that does not answer proves nothing either way; the mail comes in all the same.
 *
 * @param resolver for tests; the system's when absent
 */
export async function proveMail(raw: Buffer, origin: MailOrigin | null, resolver: Resolver = (name, type) => resolve(name, type)): Promise<MailProof> {
  const limit = new AbortController();
  const late = new Promise<null>((done) => {
    const timer = setTimeout(() => done(null), milliseconds);
    limit.signal.addEventListener('abort', () => clearTimeout(timer));
  });
  try {
    const result = await Promise.race([
      // The mailbox's own provider wrote the newest Received: it is believed.
      authenticate(raw, { ...(origin ? { ip: origin.ip, helo: origin.helo, sender: origin.sender } : { trustReceived: true }), mta: 'bihuan', resolver: resolver as never, disableArc: true, disableBimi: true }), late,
    ]);
    if (result === null) return unknown;
    const signatures = (result.dkim?.results ?? []).map((one) => proofOf(one.status?.result));
    return {
      spf: result.spf ? proofOf(result.spf.status?.result) : 'none',
      dkim: signatures.find((one) => one === 'pass') ?? signatures.find((one) => one === 'unknown') ?? signatures[0] ?? 'none',
      dmarc: result.dmarc ? proofOf(result.dmarc.status?.result) : 'none',
    };
  } catch {
    return unknown;
  } finally {
    limit.abort();
  }
}

function proofOf(said: string | undefined): Proof {
  switch (said) {
    case 'pass': return 'pass';
    case 'fail': case 'softfail': case 'policy': return 'fail';
    case 'temperror': case 'permerror': case undefined: return 'unknown';
    default: return 'none';
  }
}
