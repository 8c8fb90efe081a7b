import { everyTenant, statement, type Database } from '../db/database.ts';
import { Refusal, type InputError } from '../errors/refusal.ts';
import type { Secrets } from '../secrets.ts';
import type { IdempotentRequest, KeptAnswer } from './idempotency.ts';

/** Sets or takes away the session's cookie. */
export interface CookieChange {
  token: string | null;
  expiresAt: Date | null;
}

/** An answer with the cookie that goes with it. */
export type AnswerOutside = KeptAnswer & { cookie?: CookieChange };

interface KeptRefusal {
  code: Refusal['code'];
  parameters: Refusal['parameters'];
  errors?: InputError[] | undefined;
  details?: Record<string, unknown> | undefined;
}

const keptMilliseconds = 10 * 60_000;
// Whoever was at work for as long has died of it.
const workMilliseconds = 60_000;
const processing = 102;

// Takes a key that is free: new, forgotten, left behind by a node that died, or used for something else that was refused.
const claim = statement<{ one: number }>('idempotency.claim', `
  INSERT INTO idempotency_key AS k (tenant_id, caller, key, request_hash, status, body, headers, created_at)
  VALUES ($1, $2, $3, $4, ${processing}, NULL, '{}', $5)
  ON CONFLICT (tenant_id, caller, key) DO UPDATE
    SET request_hash = excluded.request_hash, status = excluded.status, body = NULL, created_at = excluded.created_at
    WHERE k.created_at <= $6 OR (k.status = ${processing} AND k.created_at <= $7) OR (k.status >= 400 AND k.request_hash <> excluded.request_hash)
  RETURNING 1 AS one`);
const find = statement<{ request_hash: Buffer; status: number; body: string | null }>('idempotency.find', `
  SELECT request_hash, status, body FROM idempotency_key WHERE tenant_id = $1 AND caller = $2 AND key = $3`);
// Only while the claim is still one's own.
const settle = statement<never>('idempotency.settle', `
  UPDATE idempotency_key SET status = $5, body = $6 WHERE tenant_id = $1 AND caller = $2 AND key = $3 AND created_at = $4 AND status = ${processing}`);
const letGo = statement<never>('idempotency.let_go', `
  DELETE FROM idempotency_key WHERE tenant_id = $1 AND caller = $2 AND key = $3 AND created_at = $4 AND status = ${processing}`);

/**
 * As `onceOnly`, for a request that belongs to no organization yet, the sign-in (登录幂等): it has transactions of its
 * own, so the key is claimed before its effect and the answer kept after it, across all nodes. A repetition within ten
 * minutes starts no second session: it gets the same answer, with the cookie, as the first may never have come.
 * A refusal that counted a guess (`keepsWrites`) is given again without counting; what was refused may be sent once more
 * with another body. Should the database go away between effect and answer, the repetition is one of its own.
 *
 * Nothing is kept in clear: the answer is sealed, and `fingerprint` has to be a keyed hash, as the request holds a
 * password that a plain one would let guess.
 */
export async function onceOutside(
  database: Database, secrets: Secrets, { caller, key, fingerprint, now }: IdempotentRequest, effect: () => Promise<AnswerOutside>,
): Promise<AnswerOutside & { replayed: boolean }> {
  const place = [everyTenant, caller, key];
  const requestHash = Buffer.from(fingerprint, 'base64');
  const earlier = (milliseconds: number) => new Date(now.getTime() - milliseconds);
  const run = <Row>(text: { name: string; text: string; row?: Row }, ...values: unknown[]) => database.transact(everyTenant, (transaction) => transaction.query(text, [...place, ...values]));

  const claimed = await run(claim, requestHash, now, earlier(keptMilliseconds), earlier(workMilliseconds));
  if (claimed.length === 0) {
    const [found] = await run(find);
    // Gone since: it was let go this very moment.
    if (!found || found.status === processing) throw new Refusal('idempotency_key_in_flight');
    if (!found.request_hash.equals(requestHash)) throw new Refusal('idempotency_key_reused');
    return { ...open(secrets, found.body!), replayed: true };
  }
  const keep = (status: number, content: object) => run(settle, now, status, secrets.seal('idempotency', JSON.stringify(content)).toString('base64'));
  try {
    const answer = await effect();
    await keep(answer.status, { answer });
    return { ...answer, replayed: false };
  } catch (error) {
    if (error instanceof Refusal && error.keepsWrites) {
      const { code, parameters, errors, details } = error;
      await keep(error.status, { refusal: { code, parameters, errors, details } satisfies KeptRefusal });
    } else {
      // If that fails too, the claim lapses by itself.
      await run(letGo, now).catch(() => {});
    }
    throw error;
  }
}

function open(secrets: Secrets, body: string): AnswerOutside {
  const opened = secrets.open('idempotency', Buffer.from(body, 'base64'));
  // The secret key was changed since: the answer cannot be given again.
  if (!opened) throw new Refusal('idempotency_key_reused');
  const { answer, refusal } = JSON.parse(opened.toString()) as { answer?: AnswerOutside; refusal?: KeptRefusal };
  if (refusal) throw new Refusal(refusal.code, refusal.parameters, { ...(refusal.errors ? { errors: refusal.errors } : {}), ...(refusal.details ? { details: refusal.details } : {}) });
  const { cookie, ...rest } = answer!;
  return { ...rest, ...(cookie ? { cookie: { token: cookie.token, expiresAt: cookie.expiresAt && new Date(cookie.expiresAt) } } : {}) };
}
