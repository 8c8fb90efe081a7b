import type { FastifyRequest } from 'fastify';
import type { Clock } from '../clock/clock.ts';
import { Refusal } from '../errors/refusal.ts';
import { networkOf } from './network.ts';

/** How often one may ask: requests a minute (请求限额). */
export interface Limits {
  /** Of one session of a member of staff. */
  signedIn: number;
  /** Of one API key; as of a session when absent. */
  apiKey?: number;
  /** Of one network without credentials, of one link and of one customer; and failures to say who asks, of one network. */
  anonymous: number;
  /** Of one secret address that a calendar reads; as `standardLimits` when absent. */
  calendar?: number;
  /** At sign-in, of one network. */
  signIn: number;
  /** Sending files without an account, of one network. */
  openUploads: number;
  /** Asking which windows can be promised, of one link: each is reckoned from the days of everybody. 30 when absent. */
  windows?: number;
  /** Asking for and giving codes by text message, of one network: texts go to strangers and cost money. */
  phoneSignIn: number;
}

export const standardLimits: Limits & { calendar: number } = { signedIn: 3_000, apiKey: 60_000, anonymous: 1_200, calendar: 30, signIn: 60, openUploads: 60, phoneSignIn: 10 };

const calendarPath = '/api/v1/calendar-feeds/:token';
const minute = 60_000;
const windowsAsked = 30;
const mostNetworks = 20_000;
// Of one credential at one node: each costs a connection and a turn at every fact.
export const mostStreams = { link: 20, other: 50 };

/** How many of a minute's requests a request may be one of, and with which others it is counted. */
export function limitOf(request: FastifyRequest, limits: Limits): { most: number; key: string } {
  const { access } = request.routeOptions.config;
  const from = (matter: string) => `${matter} ${networkOf(request.ip)}`;
  if (access === undefined) return { most: limits.anonymous * 10, key: from('page') };
  // Behind one network there are the calendars of a whole company; whose address it is, is known before anybody is.
  if (access === 'public' && request.routeOptions.url === calendarPath) return { most: limits.calendar ?? standardLimits.calendar, key: `calendar ${(request.params as { token: string }).token.replace(/\.ics$/, '')}` };
  if (access === 'public') return { most: limits.signIn, key: from('sign-in') };
  const url = request.routeOptions.url ?? '';
  if (request.method === 'POST' && (access === 'portal' || access === 'link' || access === 'visit') && url.endsWith('/files')) return { most: limits.openUploads, key: from('upload') };
  if (request.method === 'POST' && access === 'portal' && (url.endsWith('/codes') || url.endsWith('/session'))) return { most: limits.phoneSignIn, key: from('phone') };
  const credential = credentialOf(request);
  if (request.method === 'GET' && access === 'link' && url.endsWith('/appointment') && 'windows' in (request.query as object)) return { most: limits.windows ?? windowsAsked, key: `windows ${credential ?? from('anonymous')}` };
  // Anybody makes links and customers by reporting something.
  const caller = request.identified?.caller;
  const most = caller?.kind !== 'staff' ? limits.anonymous : caller.via === 'api_key' ? limits.apiKey ?? limits.signedIn : limits.signedIn;
  return { most, key: credential ?? from('anonymous') };
}

/** The credential a request came with; null for none. */
function credentialOf(request: FastifyRequest): string | null {
  const caller = request.identified?.caller;
  switch (caller?.kind) {
    case 'staff': case 'customer': return `${caller.kind} ${caller.credentialId}`;
    case 'link': return `link ${caller.ticketId}`;
    case 'visitor': return caller.visitorId === null ? null : `visitor ${caller.visitorId}`;
    default: return null;
  }
}

/**
 * Counts requests that fail to say who asks, by network and minute, as nobody's own limit counts them: a network with
 * too many is refused before anything is looked up. Each node counts by itself.
 */
export function countFailures(clock: Clock, most: number): { ensureFew(address: string): void; note(address: string): void } {
  const counts = new Map<string, { failures: number; endsAt: number }>();
  const present = (network: string) => {
    const count = counts.get(network);
    return count && count.endsAt > clock.now().getTime() ? count : undefined;
  };
  return {
    ensureFew(address) {
      // Most of the time nobody has failed, and no address has to be read.
      const count = counts.size === 0 ? undefined : present(networkOf(address));
      if (count && count.failures >= most) throw new Refusal('rate_limited', { seconds: Math.max(1, Math.ceil((count.endsAt - clock.now().getTime()) / 1000)) });
    },
    note(address) {
      const network = networkOf(address);
      const count = present(network);
      if (count) {
        count.failures += 1;
        return;
      }
      counts.delete(network);
      if (counts.size >= mostNetworks) counts.delete(counts.keys().next().value!);
      counts.set(network, { failures: 1, endsAt: clock.now().getTime() + minute });
    },
  };
}

/** Counts the event streams that are open, by credential; gives back what to call when one has ended. */
export function countStreams(): (request: FastifyRequest) => () => void {
  const open = new Map<string, number>();
  return (request) => {
    const key = credentialOf(request) ?? `network ${networkOf(request.ip)}`;
    const held = open.get(key) ?? 0;
    if (held >= (['link', 'visitor'].includes(request.identified.caller.kind) ? mostStreams.link : mostStreams.other)) throw new Refusal('rate_limited', { seconds: minute / 1000 });
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
