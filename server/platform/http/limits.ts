import type { FastifyRequest } from 'fastify';
import type { Clock } from '../clock/clock.ts';
import { Refusal } from '../errors/refusal.ts';

/** How often one may ask: requests a minute (请求限额). */
export interface Limits {
  /** Of one member of staff's credentials. */
  signedIn: number;
  /** Of one address without credentials, of one link and of one customer; and failures to say who asks, of one address. */
  anonymous: number;
  /** At sign-in, of one address. */
  signIn: number;
  /** Sending files without an account, of one address. */
  openUploads: number;
  /** Asking for and giving codes by text message, of one address: texts go to strangers and cost money. */
  phoneSignIn: number;
}

export const standardLimits: Limits = { signedIn: 600_000, anonymous: 1_200, signIn: 60, openUploads: 60, phoneSignIn: 10 };

const minute = 60_000;
const mostAddresses = 20_000;
// Of one credential at one node: each costs a connection and a turn at every fact.
export const mostStreams = { link: 20, other: 50 };

/** How many of a minute's requests a request may be one of, and with which others it is counted. */
export function limitOf(request: FastifyRequest, limits: Limits): { most: number; key: string } {
  const { access } = request.routeOptions.config;
  const { ip } = request;
  if (access === undefined) return { most: limits.anonymous * 10, key: `page ${ip}` };
  if (access === 'public') return { most: limits.signIn, key: `sign-in ${ip}` };
  const url = request.routeOptions.url ?? '';
  if (request.method === 'POST' && (access === 'portal' || access === 'link') && url.endsWith('/files')) return { most: limits.openUploads, key: `upload ${ip}` };
  if (request.method === 'POST' && access === 'portal' && (url.endsWith('/codes') || url.endsWith('/session'))) return { most: limits.phoneSignIn, key: `phone ${ip}` };
  const credential = credentialOf(request);
  // Anybody makes links and customers by reporting something.
  return { most: request.identified?.caller.kind === 'staff' ? limits.signedIn : limits.anonymous, key: credential ?? `anonymous ${ip}` };
}

/** The credential a request came with; null for none. */
function credentialOf(request: FastifyRequest): string | null {
  const caller = request.identified?.caller;
  switch (caller?.kind) {
    case 'staff': case 'customer': return `${caller.kind} ${caller.credentialId}`;
    case 'link': return `link ${caller.ticketId}`;
    default: return null;
  }
}

/**
 * Counts requests that fail to say who asks, by address and minute, as nobody's own limit counts them: an address with
 * too many is refused before anything is looked up. Each node counts by itself.
 */
export function countFailures(clock: Clock, most: number): { ensureFew(address: string): void; note(address: string): void } {
  const counts = new Map<string, { failures: number; endsAt: number }>();
  const present = (address: string) => {
    const count = counts.get(address);
    return count && count.endsAt > clock.now().getTime() ? count : undefined;
  };
  return {
    ensureFew(address) {
      const count = present(address);
      if (count && count.failures >= most) throw new Refusal('rate_limited', { seconds: Math.max(1, Math.ceil((count.endsAt - clock.now().getTime()) / 1000)) });
    },
    note(address) {
      const count = present(address);
      if (count) {
        count.failures += 1;
        return;
      }
      counts.delete(address);
      if (counts.size >= mostAddresses) counts.delete(counts.keys().next().value!);
      counts.set(address, { failures: 1, endsAt: clock.now().getTime() + minute });
    },
  };
}

/** Counts the event streams that are open, by credential; gives back what to call when one has ended. */
export function countStreams(): (request: FastifyRequest) => () => void {
  const open = new Map<string, number>();
  return (request) => {
    const key = credentialOf(request) ?? `address ${request.ip}`;
    const held = open.get(key) ?? 0;
    if (held >= (request.identified.caller.kind === 'link' ? mostStreams.link : mostStreams.other)) throw new Refusal('rate_limited', { seconds: minute / 1000 });
    open.set(key, held + 1);
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      const left = open.get(key)! - 1;
      if (left > 0) open.set(key, left);
      else open.delete(key);
    };
  };
}
