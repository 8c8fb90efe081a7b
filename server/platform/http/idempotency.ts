import { createHash } from 'node:crypto';
import type { Caller } from '../context.ts';
import { isDatabaseError, sharedStatement, statement, type Transaction } from '../db/database.ts';
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
const lockAndFind = sharedStatement<{ caller: string; key: string; lock: string }, Found>('idempotency.lock_and_find', `
  SELECT given.place, pg_try_advisory_xact_lock(given.lock) AS free, k.request_hash, k.status, k.body, k.headers
  FROM json_to_recordset($2) AS given (place integer, caller text, key text, lock bigint)
    LEFT JOIN idempotency_key k ON k.tenant_id = $1 AND k.caller = given.caller AND k.key = given.key`);
const keep = sharedStatement<{ caller: string; key: string; hash: string; status: number; body: string | null; headers: Record<string, string>; at: Date }, never>('idempotency.keep', `
  INSERT INTO idempotency_key (tenant_id, caller, key, request_hash, status, body, headers, created_at)
  SELECT $1, caller, key, hash, status, body, headers, at
  FROM json_to_recordset($2) AS given (caller text, key text, hash bytea, status smallint, body text, headers jsonb, at timestamptz)`);

const forget = statement<never>('idempotency.forget', 'DELETE FROM idempotency_key WHERE tenant_id = $1 AND caller = $2 AND key = $3');

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
 * as it may do less than its owner and must not be given the answers of others. Those without an account share one
 * place in their organization: the address of a phone changes with its network, and a key is a random one of which
 * others know nothing; who repeats it has to know the whole request as well.
 */
export function senderOf(caller: Caller): string {
  switch (caller.kind) {
    case 'staff': return caller.via === 'api_key' ? `api_key ${caller.credentialId}` : `staff ${caller.subject.staffId}`;
    case 'customer': return `customer ${caller.customerId}`;
    case 'link': return `link ${caller.ticketId}`;
    case 'visitor': return caller.visitorId === null ? 'portal' : `visitor ${caller.visitorId}`;
    case 'nobody': return 'portal';
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
 * and a repetition gets the same answer. Another body under the same key and a repetition in flight are refused. So is a
 * refusal that counted a guess (`keepsWrites`): it is given again without counting.
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
  const lock = createHash('sha256').update(place).digest().readBigInt64BE(0).toString();
  let replayed = false;
  const attempt = () => transact(async (transaction) => {
    replayed = false;
    const found = (await transaction.queryTogether(lockAndFind, { caller: request.caller, key: request.key, lock }))[0]!;
    const refusedBefore = found.status !== null && found.status >= 400;
    if (refusedBefore && found.request_hash!.equals(requestHash)) throw again(found.body!);
    if (found.status !== null && !refusedBefore) {
      if (!found.request_hash!.equals(requestHash)) throw new Refusal('idempotency_key_reused');
      replayed = true;
      return { status: found.status, headers: found.headers!, body: openBody(found.body, request.sealWith) };
    }
    if (!found.free) throw new Refusal('idempotency_key_in_flight');
    const row = { caller: request.caller, key: request.key, hash: `\\x${requestHash.toString('hex')}`, at: request.now };
    // What was refused may be sent once more with another body.
    if (refusedBefore) await transaction.query(forget, [tenantId, request.caller, request.key]);
    const answer = await effect(transaction).catch(async (error: unknown) => {
      // A guess that was counted stays counted, once.
      if (error instanceof Refusal && error.keepsWrites) await transaction.queryTogether(keep, { ...row, status: error.status, body: refusalText(error), headers: {} });
      throw error;
    });
    const body = answer.body !== null && request.sealWith ? request.sealWith.seal('idempotency', answer.body).toString('base64') : answer.body;
    await transaction.queryTogether(keep, { ...row, status: answer.status, body, headers: answer.headers });
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

function refusalText({ code, parameters, errors, details }: Refusal): string {
  return JSON.stringify({ code, parameters, errors, details });
}

/** The refusal that was kept, as it was. */
function again(text: string): Refusal {
  const { code, parameters, errors, details } = JSON.parse(text) as Pick<Refusal, 'code' | 'parameters'> & { errors?: Refusal['errors']; details?: Refusal['details'] };
  return new Refusal(code, parameters, { ...(errors ? { errors } : {}), ...(details ? { details } : {}) });
}

function openBody(body: string | null, sealedWith: Secrets | undefined): string | null {
  if (body === null || !sealedWith) return body;
  const opened = sealedWith.open('idempotency', Buffer.from(body, 'base64'));
  // The secret key was changed since: the answer cannot be given again.
  if (!opened) throw new Refusal('idempotency_key_reused');
  return opened.toString();
}
