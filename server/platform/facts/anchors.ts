import { hash } from 'node:crypto';
import type { Clock } from '../clock/clock.ts';
import { everyTenant, statement, type Database, type Transaction } from '../db/database.ts';
import type { Logger } from '../log.ts';
import { canonicalJson } from './fact.ts';
import { seal, type HistoryKey } from './history-key.ts';

/** The facts of an organization between two positions, under one seal that holds the one before (封存点). */
export interface Anchor {
  number: number;
  /** The facts behind this position… */
  from_position: number;
  /** …up to this one. */
  to_position: number;
  facts: number;
  /** Over the positions and hashes of these facts. */
  digest: Buffer;
  seal: Buffer;
  made_at: Date;
}

interface FactDigestRow {
  position: number;
  hash: Buffer | null;
  /** Of a fact without a hash, all that it says; null otherwise. */
  said: unknown;
}

export const anchorColumns = 'number, from_position, to_position, facts, digest, seal, made_at';
const findLast = statement<Anchor & { unsealed_until: number }>('fact_anchor.last', `
  SELECT a.*, o.unsealed_until FROM organization o
    LEFT JOIN LATERAL (SELECT ${anchorColumns} FROM fact_anchor WHERE tenant_id = o.tenant_id ORDER BY number DESC LIMIT 1) a ON true
  WHERE o.tenant_id = $1`);
const findFacts = statement<FactDigestRow>('fact_anchor.facts', `
  SELECT position, hash, CASE WHEN hash IS NULL THEN jsonb_build_array(kind, ticket_id, ticket_position, subject_id, actor_kind, actor_id, actor_name, data, extract(epoch FROM occurred_at), extract(epoch FROM recorded_at)) END AS said
  FROM fact WHERE tenant_id = $1 AND position > $2 AND position <= $3 ORDER BY position LIMIT $4`);
const insertAnchor = statement<{ number: number }>('fact_anchor.insert', `
  INSERT INTO fact_anchor (tenant_id, number, from_position, to_position, facts, digest, seal, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
  ON CONFLICT DO NOTHING RETURNING number`);
const findUnsealed = statement<{ tenant_id: string }>('fact_anchor.unsealed', `
  SELECT o.tenant_id FROM organization o
    LEFT JOIN LATERAL (SELECT to_position FROM fact_anchor WHERE tenant_id = o.tenant_id ORDER BY number DESC LIMIT 1) a ON true
  WHERE EXISTS (SELECT FROM fact f WHERE f.tenant_id = o.tenant_id AND f.position > coalesce(a.to_position, 0) AND f.position <= $1)
  ORDER BY o.tenant_id`);
const lookAtEnd = statement<{ position: number; oldest: string; next: string }>('fact_anchor.end', `
  SELECT CASE WHEN is_called THEN last_value ELSE 0 END AS position, pg_snapshot_xmin(pg_current_snapshot())::text AS oldest, pg_snapshot_xmax(pg_current_snapshot())::text AS next FROM fact_position`);

/** So many facts are read at once, and no more are under one seal: it tells where something is wrong no closer than that. */
const factsAtOnce = 2_000;
/** So many seals an organization gets in one go; a large one is sealed for the first time in several. */
const anchorsAtOnce = 50;
/** Longer than a statement may run: whoever took a position before has a transaction number by then, or none will follow. */
const restMilliseconds = 90_000;

/** The facts behind one position up to another one, no more than are sealed at once. */
export const factsBetween = (transaction: Transaction, tenantId: string, from: number, to: number, most = factsAtOnce): Promise<FactDigestRow[]> =>
  transaction.query(findFacts, [tenantId, from, to, most]);

/** What some facts are, in the order of their positions, in one hash. */
export function digestOf(facts: readonly FactDigestRow[]): Buffer {
  return hash('sha256', facts.map(({ position, hash: stored, said }) => `${position} ${stored ? stored.toString('hex') : hash('sha256', canonicalJson(said))}\n`).join(''), 'buffer');
}

/** What is sealed of an anchor: all of it, the seal before, and up to where facts may be without a seal of their own. */
export function sealOfAnchor(key: HistoryKey, tenantId: string, { number, from_position: from, to_position: to, facts, digest, made_at: madeAt }: Omit<Anchor, 'seal'>, previous: Buffer | null, unsealedUntil: number): Buffer {
  return seal(key, canonicalJson({ tenantId, number, from, to, facts, digest: digest.toString('hex'), madeAt: madeAt.toISOString(), previous: previous?.toString('hex') ?? null, unsealedUntil }));
}

/** Puts the next facts of an organization, up to a position behind which nothing can still appear, under a seal; null when there are none, or another node did. */
async function sealNext(transaction: Transaction, tenantId: string, upTo: number, now: Date): Promise<Anchor | null> {
  const key = transaction.historyKey;
  if (!key) throw new Error('the fact log cannot be sealed without a key');
  const [last] = await transaction.query(findLast, [tenantId]);
  if (!last) return null;
  const from = last.to_position ?? 0;
  const facts = await factsBetween(transaction, tenantId, from, upTo);
  if (facts.length === 0) return null;
  const anchor = { number: (last.number ?? 0) + 1, from_position: from, to_position: facts.length < factsAtOnce ? upTo : facts.at(-1)!.position, facts: facts.length, digest: digestOf(facts), made_at: now };
  const sealed = sealOfAnchor(key, tenantId, anchor, last.seal, last.unsealed_until);
  const made = await transaction.query(insertAnchor, [tenantId, anchor.number, anchor.from_position, anchor.to_position, anchor.facts, anchor.digest, sealed, now]);
  return made.length === 0 ? null : { ...anchor, seal: sealed };
}

/**
 * Seals what there is of all organizations up to a position (封存). Running it twice, or on two nodes at once, does no harm.
 *
 * @returns whether there may be more to seal
 */
export async function sealUpTo({ database, log }: { database: Database; log: Logger }, position: number, now: Date): Promise<boolean> {
  const waiting = await database.transact(everyTenant, (transaction) => transaction.query(findUnsealed, [position]));
  let more = false;
  for (const { tenant_id: tenantId } of waiting) {
    let newest: Anchor | null = null;
    for (let made = 0; made <= anchorsAtOnce; made += 1) {
      more ||= made === anchorsAtOnce;
      if (made === anchorsAtOnce) break;
      const anchor = await database.transact(tenantId, (transaction) => sealNext(transaction, tenantId, position, now));
      if (!anchor) break;
      newest = anchor;
    }
    // Outside the database, for whoever has to tell whether its end was cut off.
    if (newest) log.info({ tenant: tenantId, number: newest.number, seal: newest.seal.toString('hex') }, 'the history was sealed');
  }
  return more;
}

/**
 * Seals what has come to rest, each time it is called (定期封存). A position is at rest when every transaction that could
 * have taken an earlier one is over: whoever took one before it was looked at has a transaction number a minute and a half
 * later, and when no transaction is left that was running then, nothing can fall behind it any more.
 */
export function openSealing(rest = restMilliseconds): (services: { database: Database; clock: Clock; log: Logger }) => Promise<void> {
  /** Where the log ended, when, and from which transaction number on others have begun since. */
  const marks: { position: number; at: number; next: bigint | null }[] = [];
  let atRest = 0;
  let sealed = 0;
  return async ({ database, clock, log }) => {
    const now = clock.now();
    const end = (await database.look(everyTenant, lookAtEnd, []))[0]!;
    for (const mark of marks) {
      if (mark.next !== null && BigInt(end.oldest) >= mark.next) atRest = mark.position;
      else if (now.getTime() - mark.at >= rest) mark.next ??= BigInt(end.next);
    }
    while (marks.length > 0 && marks[0]!.position <= atRest) marks.shift();
    if (end.position > Math.max(atRest, marks.at(-1)?.position ?? 0) && marks.length < mostMarks) marks.push({ position: end.position, at: now.getTime(), next: null });
    if (atRest > sealed && !await sealUpTo({ database, log }, atRest, now)) sealed = atRest;
  };
}

// More are of no use while a transaction goes on for long.
const mostMarks = 10;
