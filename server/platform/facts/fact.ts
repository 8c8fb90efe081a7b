import { hash } from 'node:crypto';
import type { FactKind } from '../../../contract/facts.ts';
import { sharedStatement, statement, type Transaction } from '../db/database.ts';

/** Who did it (执行者). For an API key, `id` is its owner; for an automation rule, `id` is the rule. */
export interface FactActor {
  kind: 'staff' | 'api_key' | 'customer' | 'system' | 'rule';
  id: string | null;
  name: string | null;
}

/** What facts that nobody made by hand come from (起因): the automation rules that led to them, oldest first, and what the last of them answered. */
export interface FactCause {
  rules: readonly string[];
  /** The kind of the fact that the last rule answered; absent where its time had come. */
  fact?: FactKind;
}

/** The rules that led to a fact, oldest first; none for what somebody did by hand. */
export function causeOf(fact: Pick<Fact, 'data'>): readonly string[] {
  const rules = (fact.data['cause'] as { rules?: unknown } | undefined)?.rules;
  return Array.isArray(rules) ? rules.filter((id): id is string => typeof id === 'string') : [];
}

/** What a fact of this transaction says, with what the transaction comes from. */
export function withCause(transaction: Pick<Transaction, 'cause'>, data: Record<string, unknown>): Record<string, unknown> {
  return transaction.cause ? { ...data, cause: transaction.cause } : data;
}

/** A fact about to be written (事件). */
export interface NewFact {
  kind: FactKind;
  actor: FactActor;
  /** What happened: plain JSON; for changes, `before` and `after` of what changed. */
  data: Record<string, unknown>;
  /** When it happened; facts from a phone without network are recorded later. */
  occurredAt: Date;
  recordedAt: Date;
  subjectId?: string | undefined;
}

/** A fact as readers get it. */
export interface Fact {
  tenantId: string;
  position: number;
  transaction: string;
  kind: FactKind;
  ticketId: string | null;
  ticketPosition: number | null;
  subjectId: string | null;
  actor: FactActor;
  data: Record<string, unknown>;
  occurredAt: Date;
  recordedAt: Date;
}

/** Whether a fact tells of what happened elsewhere, long ago, and was taken over (导入的历史): it is no news to anybody. */
export const isImported = (fact: Pick<Fact, 'data'>): boolean => fact.data['imported'] === true;

/** The end of a ticket's chain: how many facts it has and the hash of the newest (防篡改链). */
export interface ChainEnd {
  length: number;
  hash: Buffer | null;
}

const insertFact = statement<never>('fact.insert', `
  INSERT INTO fact (tenant_id, kind, ticket_id, ticket_position, subject_id, actor_kind, actor_id, actor_name, data, occurred_at, recorded_at, previous_hash, hash)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`);

/** What the program does once facts are durable: wake the readers. */
type Wake = () => void;
let wake: Wake = () => {};

/** Says who is to be woken when facts have been committed; called once by the composition root. */
export function onFactsCommitted(callback: Wake): void {
  wake = callback;
}

/** Marks a transaction that writes facts by its own statement, so that the readers are woken after its commit. */
export function announceFacts(transaction: Transaction): void {
  transaction.afterCommit(() => wake());
}

/** Writes a fact that belongs to no ticket, in the transaction of the change it tells of. */
export async function recordFact(transaction: Transaction, fact: NewFact): Promise<void> {
  announceFacts(transaction);
  await transaction.query(insertFact, [
    transaction.tenantId, fact.kind, null, null, fact.subjectId ?? null, fact.actor.kind, fact.actor.id, fact.actor.name,
    JSON.stringify(withCause(transaction, fact.data)), fact.occurredAt, fact.recordedAt, null, null,
  ]);
}

const insertFacts = statement<never>('fact.insert_many', `
  INSERT INTO fact (tenant_id, kind, subject_id, actor_kind, actor_id, actor_name, data, occurred_at, recorded_at)
  SELECT $1, kind, subject, $4, $5, $6, data, $8, $8 FROM unnest($2::text[], $3::uuid[], $7::jsonb[]) AS given (kind, subject, data)`);

/** Writes many facts that belong to no ticket, of one actor at one moment, in the order given (批量事件). */
export async function recordFacts(transaction: Transaction, by: { actor: FactActor; at: Date }, facts: readonly Pick<NewFact, 'kind' | 'data' | 'subjectId'>[]): Promise<void> {
  if (facts.length === 0) return;
  announceFacts(transaction);
  await transaction.query(insertFacts, [
    transaction.tenantId, facts.map((fact) => fact.kind), facts.map((fact) => fact.subjectId ?? null), by.actor.kind, by.actor.id, by.actor.name,
    facts.map((fact) => JSON.stringify(withCause(transaction, fact.data))), by.at,
  ]);
}

interface GivenFact {
  kind: string;
  ticket_id: string;
  ticket_position: number;
  subject_id: string | null;
  actor_kind: string;
  actor_id: string | null;
  actor_name: string | null;
  data: Record<string, unknown>;
  occurred_at: Date;
  recorded_at: Date;
  /** As text of a bytea. */
  previous_hash: string | null;
  hash: string;
}

const insertTicketFacts = sharedStatement<GivenFact, never>('fact.insert_together', `
  INSERT INTO fact (tenant_id, kind, ticket_id, ticket_position, subject_id, actor_kind, actor_id, actor_name, data, occurred_at, recorded_at, previous_hash, hash)
  SELECT $1, kind, ticket_id, ticket_position, subject_id, actor_kind, actor_id, actor_name, data, occurred_at, recorded_at, previous_hash, hash
  FROM json_to_recordset($2) AS given (place integer, kind text, ticket_id uuid, ticket_position integer, subject_id uuid, actor_kind text, actor_id uuid, actor_name text, data jsonb,
    occurred_at timestamptz, recorded_at timestamptz, previous_hash bytea, hash bytea) ORDER BY place`);

/**
 * Writes a fact of a ticket as the next link of the ticket's chain and returns the new end of the chain.
 *
 * @param together many tickets of this transaction go through the same at this moment: their facts go in one statement
 */
export async function recordTicketFact(transaction: Transaction, ticketId: string, end: ChainEnd, told: NewFact, together = false): Promise<ChainEnd> {
  announceFacts(transaction);
  const fact = { ...told, data: withCause(transaction, told.data) };
  const next = nextLink(transaction.tenantId, ticketId, end, fact);
  if (together) {
    await transaction.queryTogether(insertTicketFacts, {
      kind: fact.kind, ticket_id: ticketId, ticket_position: next.length, subject_id: fact.subjectId ?? null, actor_kind: fact.actor.kind, actor_id: fact.actor.id, actor_name: fact.actor.name,
      data: fact.data, occurred_at: fact.occurredAt, recorded_at: fact.recordedAt, previous_hash: end.hash && `\\x${end.hash.toString('hex')}`, hash: `\\x${next.hash.toString('hex')}`,
    });
    return next;
  }
  await transaction.query(insertFact, [
    transaction.tenantId, fact.kind, ticketId, next.length, fact.subjectId ?? null, fact.actor.kind, fact.actor.id, fact.actor.name,
    JSON.stringify(fact.data), fact.occurredAt, fact.recordedAt, end.hash, next.hash,
  ]);
  return next;
}

/**
 * Writes facts of many tickets, in the order given and by one statement, each as the next link of its ticket's chain (批量工单事件).
 *
 * @param ends where the chains of the tickets end; all of them are locked
 * @returns where they end now
 */
export async function recordTicketFacts(transaction: Transaction, ends: ReadonlyMap<string, ChainEnd>, told: readonly (NewFact & { ticketId: string })[]): Promise<Map<string, ChainEnd>> {
  const after = new Map(ends);
  announceFacts(transaction);
  // Asked for at one moment, so that they go together.
  await Promise.all(told.map(({ ticketId, ...given }) => {
    const fact = { ...given, data: withCause(transaction, given.data) };
    const end = after.get(ticketId)!;
    const next = nextLink(transaction.tenantId, ticketId, end, fact);
    after.set(ticketId, next);
    return transaction.queryTogether(insertTicketFacts, {
      kind: fact.kind, ticket_id: ticketId, ticket_position: next.length, subject_id: fact.subjectId ?? null, actor_kind: fact.actor.kind, actor_id: fact.actor.id, actor_name: fact.actor.name,
      data: fact.data, occurred_at: fact.occurredAt, recorded_at: fact.recordedAt, previous_hash: end.hash && `\\x${end.hash.toString('hex')}`, hash: `\\x${next.hash.toString('hex')}`,
    });
  }));
  return after;
}

/** The chain after one more fact: SHA-256 over the hash before and the fact in canonical JSON. */
export function nextLink(tenantId: string, ticketId: string, end: ChainEnd, fact: NewFact): { length: number; hash: Buffer } {
  const length = end.length + 1;
  const link = canonicalJson({
    tenantId, ticketId, length, kind: fact.kind, subjectId: fact.subjectId ?? null,
    actor: [fact.actor.kind, fact.actor.id, fact.actor.name],
    data: fact.data, occurredAt: fact.occurredAt.toISOString(), recordedAt: fact.recordedAt.toISOString(),
  });
  return { length, hash: hash('sha256', end.hash ? Buffer.concat([end.hash, Buffer.from(link)]) : link, 'buffer') };
}

/** JSON with sorted keys and without undefined members: the same text before and after a stay in jsonb. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (value instanceof Date) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = Object.keys(value).sort()
    .filter((key) => (value as Record<string, unknown>)[key] !== undefined)
    .map((key) => `${JSON.stringify(key)}:${canonicalJson((value as Record<string, unknown>)[key])}`);
  return `{${members.join(',')}}`;
}
