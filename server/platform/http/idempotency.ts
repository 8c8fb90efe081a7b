import { createHash } from 'node:crypto';
import type { Caller } from '../context.ts';
import { isDatabaseError, statement, type Transaction } from '../db/database.ts';
import { Refusal } from '../errors/refusal.ts';
import type { Secrets } from '../secrets.ts';

/** An answer as it is kept for a repeated request. */
export interface KeptAnswer {
  status: number;
  body: string | null;
  headers: Record<string, string>;
}

interface Found {
  free: boolean;
  request_hash: Buffer | null;
  status: number | null;
  body: string | null;
  headers: Record<string, string> | null;
}

// The lock tells a repetition that arrives while the first is still at work, on whichever node.
const lockAndFind = statement<Found>('idempotency.lock_and_find', `
  SELECT pg_try_advisory_xact_lock($4) AS free, k.request_hash, k.status, k.body, k.headers
  FROM (SELECT 1) AS one LEFT JOIN idempotency_key k ON k.tenant_id = $1 AND k.caller = $2 AND k.key = $3`);
const keep = statement<never>('idempotency.keep', `
  INSERT INTO idempotency_key (tenant_id, caller, key, request_hash, status, body, headers, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`);

const inFlight = new Set<string>();

export interface IdempotentRequest {
  /** By `senderOf`. */
  caller: string;
  key: string;
  /** Method, path and body: what must be the same for the same key. */
  fingerprint: string;
  now: Date;
  /** Given when the answer holds a secret: it is kept sealed. */
  sealWith?: Secrets | undefined;
}

/**
 * Whose a key is (请求方): the person's, as a request may be repeated after they signed in anew. An API key's are its own,
 * as it may do less than its owner and must not be given the answers of others.
 */
export function senderOf(caller: Caller, address: string): string {
  switch (caller.kind) {
    case 'staff': return caller.via === 'api_key' ? `api_key ${caller.credentialId}` : `staff ${caller.subject.staffId}`;
    case 'customer': return `customer ${caller.customerId}`;
    case 'link': return `link ${caller.ticketId}`;
    case 'nobody': return `address ${address}`;
  }
}

/** The key of a request, checked; null when none was sent. */
export function readIdempotencyKey(header: string | string[] | undefined): string | null {
  if (header === undefined) return null;
  if (typeof header !== 'string' || !/^[\x21-\x7e]{1,128}$/.test(header)) throw new Refusal('idempotency_key_invalid');
  return header;
}

/**
 * Gives a request with an Idempotency-Key its effect once (幂等): the answer is kept in the transaction of the effect,
 * and a repetition gets the same answer. Another body under the same key and a repetition in flight are refused.
 *
 * @param transact opens the transaction and runs the work in it
 */
export async function onceOnly(
  tenantId: string, request: IdempotentRequest,
  transact: (work: (transaction: Transaction) => Promise<KeptAnswer>) => Promise<KeptAnswer>,
  effect: (transaction: Transaction) => Promise<KeptAnswer>,
): Promise<KeptAnswer & { replayed: boolean }> {
  const place = `${tenantId} ${request.caller} ${request.key}`;
  if (inFlight.has(place)) throw new Refusal('idempotency_key_in_flight');
  inFlight.add(place);
  const requestHash = createHash('sha256').update(request.fingerprint).digest();
  const lock = createHash('sha256').update(place).digest().readBigInt64BE(0);
  let replayed = false;
  const attempt = () => transact(async (transaction) => {
    replayed = false;
    const found = (await transaction.query(lockAndFind, [tenantId, request.caller, request.key, lock]))[0]!;
    if (found.status !== null) {
      if (!found.request_hash!.equals(requestHash)) throw new Refusal('idempotency_key_reused');
      replayed = true;
      return { status: found.status, headers: found.headers!, body: openBody(found.body, request.sealWith) };
    }
    if (!found.free) throw new Refusal('idempotency_key_in_flight');
    const answer = await effect(transaction);
    const body = answer.body !== null && request.sealWith ? request.sealWith.seal('idempotency', answer.body).toString('base64') : answer.body;
    await transaction.query(keep, [tenantId, request.caller, request.key, requestHash, answer.status, body, JSON.stringify(answer.headers), request.now]);
    return answer;
  });
  try {
    return { ...await attempt().catch((error: unknown) => {
      // Between the look and the lock another node finished the same request: its answer is there now.
      if (isDatabaseError(error, '23505', 'idempotency_key_pkey')) return attempt();
      throw error;
    }), replayed };
  } finally {
    inFlight.delete(place);
  }
}

function openBody(body: string | null, sealedWith: Secrets | undefined): string | null {
  if (body === null || !sealedWith) return body;
  const opened = sealedWith.open('idempotency', Buffer.from(body, 'base64'));
  // The secret key was changed since: the answer cannot be given again.
  if (!opened) throw new Refusal('idempotency_key_reused');
  return opened.toString();
}
