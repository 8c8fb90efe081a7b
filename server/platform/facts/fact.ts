import { hash } from 'node:crypto';
import type { FactKind } from '../../../contract/facts.ts';
import { sharedStatement, statement, type Transaction } from '../db/database.ts';
import { seal, type HistoryKey } from './history-key.ts';

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
  const data = withCause(transaction, fact.data);
  await transaction.query(insertFact, [
    transaction.tenantId, fact.kind, null, null, fact.subjectId ?? null, fact.actor.kind, fact.actor.id, fact.actor.name,
    JSON.stringify(data), fact.occurredAt, fact.recordedAt, null, sealedBy(transaction, { ...fact, data }),
  ]);
}

const insertFacts = statement<never>('fact.insert_many', `
  INSERT INTO fact (tenant_id, kind, subject_id, actor_kind, actor_id, actor_name, data, occurred_at, recorded_at, hash)
  SELECT $1, kind, subject, $4, $5, $6, data, $8, $8, hash FROM unnest($2::text[], $3::uuid[], $7::jsonb[], $9::bytea[]) AS given (kind, subject, data, hash)`);

/** Writes many facts that belong to no ticket, of one actor at one moment, in the order given (批量事件). */
export async function recordFacts(transaction: Transaction, by: { actor: FactActor; at: Date }, facts: readonly Pick<NewFact, 'kind' | 'data' | 'subjectId'>[]): Promise<void> {
  if (facts.length === 0) return;
  announceFacts(transaction);
  const told = facts.map((fact): NewFact => ({ ...fact, data: withCause(transaction, fact.data), actor: by.actor, occurredAt: by.at, recordedAt: by.at }));
  await transaction.query(insertFacts, [
    transaction.tenantId, told.map((fact) => fact.kind), told.map((fact) => fact.subjectId ?? null), by.actor.kind, by.actor.id, by.actor.name,
    told.map((fact) => JSON.stringify(fact.data)), by.at, told.map((fact) => sealedBy(transaction, fact)),
  ]);
}

/** A fact of a ticket with its place in the ticket's chain, as it is written. */
export interface LinkedFact {
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

/** Linked facts in statements: the columns they fill beside the tenant's, and the record they come as. */
export const linkedColumns = 'kind, ticket_id, ticket_position, subject_id, actor_kind, actor_id, actor_name, data, occurred_at, recorded_at, previous_hash, hash';
export const linkedRecord = `kind text, ticket_id uuid, ticket_position integer, subject_id uuid, actor_kind text, actor_id uuid, actor_name text, data jsonb,
    occurred_at timestamptz, recorded_at timestamptz, previous_hash bytea, hash bytea`;

const insertTicketFacts = sharedStatement<LinkedFact, never>('fact.insert_together', `
  INSERT INTO fact (tenant_id, ${linkedColumns}) SELECT $1, ${linkedColumns} FROM json_to_recordset($2) AS given (place integer, ${linkedRecord}) ORDER BY place`);

const asBytes = (hash: Buffer) => `\\x${hash.toString('hex')}`;

/** A fact as the next link of a ticket's chain, still to be written (`writeTicketFacts`), and the chain's end after it. */
export function linkTicketFact(transaction: Transaction, ticketId: string, end: ChainEnd, told: NewFact): { end: ChainEnd & { hash: Buffer }; link: LinkedFact } {
  const fact = { ...told, data: withCause(transaction, told.data) };
  const next = nextLink(transaction.historyKey, transaction.tenantId, ticketId, end, fact);
  return {
    end: next,
    link: {
      kind: fact.kind, ticket_id: ticketId, ticket_position: next.length, subject_id: fact.subjectId ?? null, actor_kind: fact.actor.kind, actor_id: fact.actor.id, actor_name: fact.actor.name,
      data: fact.data, occurred_at: fact.occurredAt, recorded_at: fact.recordedAt, previous_hash: end.hash && asBytes(end.hash), hash: asBytes(next.hash),
    },
  };
}

/** Writes linked facts in the order given, by one statement, with those of others who share the commit. */
export async function writeTicketFacts(transaction: Transaction, links: readonly LinkedFact[]): Promise<void> {
  if (links.length === 0) return;
  announceFacts(transaction);
  // Asked for at one moment, so that they go together.
  await Promise.all(links.map((link) => transaction.queryTogether(insertTicketFacts, link)));
}

/**
 * Writes a fact of a ticket as the next link of the ticket's chain and returns the new end of the chain.
 *
 * @param together many tickets of this transaction go through the same at this moment: their facts go in one statement
 */
export async function recordTicketFact(transaction: Transaction, ticketId: string, end: ChainEnd, told: NewFact, together = false): Promise<ChainEnd> {
  if (together) {
    const { end: next, link } = linkTicketFact(transaction, ticketId, end, told);
    await writeTicketFacts(transaction, [link]);
    return next;
  }
  announceFacts(transaction);
  const fact = { ...told, data: withCause(transaction, told.data) };
  const next = nextLink(transaction.historyKey, transaction.tenantId, ticketId, end, fact);
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
  await writeTicketFacts(transaction, told.map(({ ticketId, ...fact }) => {
    const { end, link } = linkTicketFact(transaction, ticketId, after.get(ticketId)!, fact);
    after.set(ticketId, end);
    return link;
  }));
  return after;
}

/**
 * The chain after one more fact (链上的下一环): the MAC of the link before and the fact in canonical JSON. Without a key, as it was
 * before there were keys: SHA-256 over the hash before and the fact.
 */
export function nextLink(key: HistoryKey | undefined, tenantId: string, ticketId: string, end: ChainEnd, fact: NewFact): { length: number; hash: Buffer } {
  const length = end.length + 1;
  const link = canonicalJson({ tenantId, ticketId, length, ...saidBy(fact) });
  if (key) return { length, hash: seal(key, (end.hash?.toString('hex') ?? '') + link) };
  return { length, hash: hash('sha256', end.hash ? Buffer.concat([end.hash, Buffer.from(link)]) : link, 'buffer') };
}

/** The seal of a fact that belongs to no ticket, and so to no chain (单条封印): it tells that the program wrote it, just so. */
export const sealOf = (key: HistoryKey, tenantId: string, fact: NewFact): Buffer => seal(key, canonicalJson({ tenantId, ...saidBy(fact) }));

/** As `sealOf`, for whoever writes the fact by a statement of their own; null without a key. */
export const sealedBy = (transaction: Transaction, fact: NewFact): Buffer | null => (transaction.historyKey ? sealOf(transaction.historyKey, transaction.tenantId, fact) : null);

const saidBy = (fact: NewFact): Record<string, unknown> => ({
  kind: fact.kind, subjectId: fact.subjectId ?? null, actor: [fact.actor.kind, fact.actor.id, fact.actor.name],
  data: fact.data, occurredAt: fact.occurredAt.toISOString(), recordedAt: fact.recordedAt.toISOString(),
});

/** JSON with sorted keys and without undefined members: the same text before and after a stay in jsonb. Every fact goes through it, so it is written for speed. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== 'object' || value instanceof Date) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const record = value as Record<string, unknown>;
  let text = '';
  for (const key of Object.keys(record).sort()) {
    const member = record[key];
    if (member !== undefined) text += `${text === '' ? '' : ','}${nameAsJson(key)}:${canonicalJson(member)}`;
  }
  return `{${text}}`;
}

// The names in facts are few and come again and again.
const names = new Map<string, string>();
const mostNames = 1_000;

function nameAsJson(name: string): string {
  let text = names.get(name);
  if (text === undefined) {
    text = JSON.stringify(name);
    if (names.size < mostNames) names.set(name, text);
  }
  return text;
}
