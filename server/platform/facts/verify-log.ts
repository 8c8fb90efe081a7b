import type { FactKind } from '../../../contract/facts.ts';
import { statement, type Database, type Transaction } from '../db/database.ts';
import { anchorColumns, digestOf, factsBetween, sealOfAnchor, type Anchor } from './anchors.ts';
import { sealOf, type FactActor } from './fact.ts';
import { isOfAnotherKey } from './history-key.ts';
import { judgingOf, type Judging } from './verify.ts';

/** Why a fact without a ticket does not hold. */
export type SealFault = 'altered' | 'unsealed' | 'other_key';
/**
 * Why a seal over a part of the log does not hold (封存点不符): it is not what was written; it or those before it are gone; it
 * was made with another SECRET_KEY; or it holds, and the facts under it are fewer, more or others than there were.
 */
export type AnchorFault = 'seal_altered' | 'seal_missing' | 'seal_other_key' | 'facts_missing' | 'facts_added' | 'facts_altered';

/** A fact that belongs to no ticket and is not as it was written. */
export interface BrokenFact {
  position: number;
  kind: string;
  recordedAt: Date;
  fault: SealFault;
}

/** A part of the log that is not as it was when it was sealed. */
export interface BrokenAnchor {
  number: number;
  /** The facts behind the one position up to the other. */
  from: number;
  to: number;
  expected: number;
  found: number;
  sealedAt: Date;
  fault: AnchorFault;
}

/** What was looked at, and how far the log is sealed. */
export interface LogLooked {
  /** Facts that belong to no ticket. */
  facts: number;
  /** Of them, those of before there was a key. */
  unkeyed: number;
  anchors: number;
  /** The newest seal that there is; null where nothing is sealed yet. */
  newest: { number: number; position: number; seal: string } | null;
}

interface PlainFactRow {
  position: number;
  kind: FactKind;
  subject_id: string | null;
  actor_kind: FactActor['kind'];
  actor_id: string | null;
  actor_name: string | null;
  data: Record<string, unknown>;
  occurred_at: Date;
  recorded_at: Date;
  hash: Buffer | null;
}

const findPlain = statement<PlainFactRow>('history.plain_facts', `
  SELECT position, kind, subject_id, actor_kind, actor_id, actor_name, data, occurred_at, recorded_at, hash
  FROM fact WHERE tenant_id = $1 AND ticket_id IS NULL AND position > $2 ORDER BY position LIMIT $3`);
const findAnchors = statement<Anchor>('history.anchors', `SELECT ${anchorColumns} FROM fact_anchor WHERE tenant_id = $1 AND number > $2 ORDER BY number LIMIT $3`);

const findOneSeal = statement<{ seal: Buffer }>('history.anchor', 'SELECT seal FROM fact_anchor WHERE tenant_id = $1 AND number = $2');

const factsAtOnce = 500;
const anchorsAtOnce = 20;

/**
 * Reckons the seals of an organization's log anew (日志校验): of each fact that belongs to no ticket, and those over all facts,
 * by which it is found when facts are gone, with their ticket or without one, or chains were written anew. In batches.
 */
export async function verifyLog(database: Database, tenantId: string, onFact: (broken: BrokenFact) => void, onAnchor: (broken: BrokenAnchor) => void): Promise<LogLooked> {
  const judging = await database.transact(tenantId, (transaction) => judgingOf(transaction, tenantId));
  const looked: LogLooked = { facts: 0, unkeyed: 0, anchors: 0, newest: null };
  for (let after: number | null = 0; after !== null;) after = await database.transact(tenantId, (transaction) => lookAtFacts(transaction, tenantId, judging, after!, looked, onFact));
  let last: Anchor | null = null;
  for (;;) {
    const more: Anchor[] = await database.transact(tenantId, (transaction) => lookAtAnchors(transaction, tenantId, judging, last, onAnchor));
    looked.anchors += more.length;
    last = more.at(-1) ?? last;
    if (more.length < anchorsAtOnce) break;
  }
  if (last) looked.newest = { number: last.number, position: last.to_position, seal: last.seal.toString('hex') };
  return looked;
}

/** Looks at the next facts without a ticket; returns where it stopped, null at the end. */
async function lookAtFacts(transaction: Transaction, tenantId: string, { key, unsealedUntil }: Judging, after: number, looked: LogLooked, onFact: (broken: BrokenFact) => void): Promise<number | null> {
  const rows = await transaction.query(findPlain, [tenantId, after, factsAtOnce]);
  for (const row of rows) {
    looked.facts += 1;
    const broken = (fault: SealFault) => onFact({ position: row.position, kind: row.kind, recordedAt: row.recorded_at, fault });
    if (row.hash === null) {
      if (row.position > unsealedUntil) broken('unsealed');
      else looked.unkeyed += 1;
    } else if (isOfAnotherKey(key, row.hash)) broken('other_key');
    else if (!row.hash.equals(sealOf(key, tenantId, {
      kind: row.kind, subjectId: row.subject_id ?? undefined, actor: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name }, data: row.data, occurredAt: row.occurred_at, recordedAt: row.recorded_at,
    }))) broken('altered');
  }
  return rows.length < factsAtOnce ? null : rows.at(-1)!.position;
}

/** Looks at the next seals and at the facts under them. */
async function lookAtAnchors(transaction: Transaction, tenantId: string, { key, unsealedUntil }: Judging, before: Anchor | null, onAnchor: (broken: BrokenAnchor) => void): Promise<Anchor[]> {
  const anchors = await transaction.query(findAnchors, [tenantId, before?.number ?? 0, anchorsAtOnce]);
  let previous = before;
  for (const anchor of anchors) {
    // One more than there should be tells that there are more.
    const facts = await factsBetween(transaction, tenantId, anchor.from_position, anchor.to_position, anchor.facts + 1_000);
    const fault = faultOf(anchor, previous);
    if (fault) onAnchor({ number: anchor.number, from: anchor.from_position, to: anchor.to_position, expected: anchor.facts, found: facts.length, sealedAt: anchor.made_at, fault });
    previous = anchor;

    function faultOf({ seal, digest }: Anchor, earlier: Anchor | null): AnchorFault | null {
      if (anchor.number !== (earlier?.number ?? 0) + 1 || anchor.from_position !== (earlier?.to_position ?? 0)) return 'seal_missing';
      if (isOfAnotherKey(key, seal)) return 'seal_other_key';
      if (!seal.equals(sealOfAnchor(key, tenantId, anchor, earlier?.seal ?? null, unsealedUntil))) return 'seal_altered';
      if (facts.length !== anchor.facts) return facts.length < anchor.facts ? 'facts_missing' : 'facts_added';
      return digest.equals(digestOf(facts)) ? null : 'facts_altered';
    }
  }
  return anchors;
}

/** The seal of a number, as hexadecimal text; null when there is none. */
export async function findSeal(transaction: Transaction, tenantId: string, number: number): Promise<string | null> {
  const [anchor] = await transaction.query(findOneSeal, [tenantId, number]);
  return anchor ? anchor.seal.toString('hex') : null;
}
