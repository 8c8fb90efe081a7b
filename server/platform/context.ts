import type { MapTiles } from '../../contract/map.ts';
import type { Language } from '../../contract/refusals.ts';
import type { Subject } from '../../rules/access/policy.ts';
import type { Clock } from './clock/clock.ts';
import type { Database, Transaction } from './db/database.ts';
import type { FactActor } from './facts/fact.ts';
import type { BlobStore } from './files/blob-store.ts';
import type { Logger } from './log.ts';
import type { Hub } from './realtime/hub.ts';
import type { Secrets } from './secrets.ts';

/** Who is asking (调用者), as the credentials say. */
export type Caller =
  | { kind: 'nobody' }
  | { kind: 'staff'; via: 'session' | 'api_key'; subject: Subject; name: string; credentialId: string; expiresAt: Date | null; accessChangesAt?: Date | null; passwordChangeDue?: boolean }
  | { kind: 'customer'; customerId: string; name: string; credentialId: string; expiresAt: Date }
  | { kind: 'link'; ticketId: string; handedOnBy: string | null }
  /** Somebody at a chat on a website; without a visitor whoever has just come. */
  | { kind: 'visitor'; accountId: string; visitorId: string | null; round: number };

/** What the composition root hands to every use-case. */
export interface Services {
  database: Database;
  clock: Clock;
  secrets: Secrets;
  blobs: BlobStore;
  hub: Hub;
  log: Logger;
  publicUrl: string;
  smsConfigured: boolean;
  /**
   * Takes mail to people outside the house also where no account of the organization sends it yet: for tests. The account by which staff
   * get their notices is none: nobody reads its mailbox.
   */
  mailConfigured?: boolean;
  /** The port at which mail servers deliver; absent where none is open. */
  mailPort?: number;
  /** What maps are drawn on; absent: a plain base that needs no network. */
  mapTiles?: MapTiles;
  /** Hosts of the own network that calls to the outside may reach all the same. */
  privateHosts?: readonly string[];
}

/** Everything a use-case may need beside its input: the transaction, the actor, the tenant and the time. */
export interface Context {
  tenantId: string;
  transaction: Transaction;
  now: Date;
  caller: Caller;
  actor: FactActor;
  language: Language;
  requestId: string;
  /** A UUID that is the same for each repetition of a request under its Idempotency-Key; absent without one. */
  idempotentId?: string;
  remoteAddress: string;
  /** What a page has to send along with changes; null unless the session's cookie was sent. */
  csrfToken: string | null;
  userAgent: string;
  /** What cached configuration has to be at least as new as. */
  configurationVersion: number;
  /** At a chat on a website: the origin of the other page that calls; null where it is a page of this program, or none. */
  foreignOrigin?: string | null;
  services: Services;
}

/** A context whose caller is a member of staff. */
export function staffOf(context: Context): Subject {
  if (context.caller.kind !== 'staff') throw new Error('this use-case is for staff only');
  return context.caller.subject;
}

/** The actor that facts name for a caller. */
export function actorOf(caller: Caller, linkName: string | null = null): FactActor {
  switch (caller.kind) {
    case 'staff': return { kind: caller.via === 'api_key' ? 'api_key' : 'staff', id: caller.subject.staffId, name: caller.name };
    case 'customer': return { kind: 'customer', id: caller.customerId, name: caller.name };
    case 'link': return { kind: 'customer', id: null, name: linkName };
    case 'visitor': case 'nobody': return { kind: 'customer', id: null, name: null };
  }
}

/** The program itself as an actor: timers and readers. */
export const systemActor: FactActor = { kind: 'system', id: null, name: null };
