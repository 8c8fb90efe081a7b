import { sql, type RawBuilder } from 'kysely';
import { factKinds, type FactKind } from '../../../contract/facts.ts';
import { auditKinds, type AuditEntry, type AuditFilters } from '../../../contract/organization.ts';
import { withoutCallDetails } from '../../../rules/automation/call-details.ts';
import { reachOf, type Reach } from '../../../rules/access/policy.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { containing } from '../../platform/db/like.ts';
import { isId } from '../../platform/db/uuid.ts';
import { Refusal, invalidInput, refuseInput } from '../../platform/errors/refusal.ts';
import type { Fact } from '../../platform/facts/fact.ts';
import { factColumns, toFact, type FactRow } from '../../platform/facts/readers.ts';
import { reachCondition } from '../access/reach-condition.ts';
import { findReadableTicket } from '../ticket/find.ts';
import { presentFact } from '../ticket/present-fact.ts';
import { answersInFacts, type ShowAnswers } from '../ticket/shown-fields.ts';

/** A place in the audit trail: when a fact was recorded, and its position. */
export interface AuditPlace {
  recordedAt: string;
  position: number;
}

export interface AuditLines {
  facts: Fact[];
  /** Where to go on; null at the end of the trail. */
  next: AuditPlace | null;
}

// How many facts one request looks at, at most, where what they say or whose they are has to be looked into.
const mostLookedAt = 20_000;

/**
 * Facts of the trail that fit some filters (审计查询), newest first, of tickets only what happened to those the caller may
 * see. Kind, actor, subject, ticket and time are found by index; what facts say is looked into for so many of them at a
 * time, so a page may be short, even empty, before the end: `next` says where it stopped.
 */
export async function auditPage(context: Context, filters: AuditFilters, after: AuditPlace | null, limit: number): Promise<AuditLines> {
  const tenant = context.tenantId;
  const words = filters.q?.trim();
  const ticket = filters.ticket ?? (words && /^\d{8}-\d{1,9}$/.test(words) ? words : undefined);
  const ticketId = ticket === undefined ? undefined : await findTicket(context, ticket);
  if (ticketId === null) {
    if (filters.ticket !== undefined) throw refuseInput('/ticket', 'unknown_reference', { field: 'ticket' });
    return { facts: [], next: null };
  }
  // The narrowest first: it is found by its index, the others are looked for in what it finds.
  const [byIndex, ...others] = [
    ...(ticketId === undefined ? [] : [sql<boolean>`fact.ticket_id = ${ticketId}::uuid`]),
    ...(filters.subject === undefined ? [] : [sql<boolean>`fact.subject_id = ${filters.subject}::uuid`]),
    ...(filters.actor === undefined ? [] : [sql<boolean>`fact.actor_id = ${filters.actor}::uuid`]),
    ...(filters.kind === undefined ? [] : [sql<boolean>`fact.kind IN (${sql.join(kindsOf(filters.kind))})`]),
  ];
  let found = build.selectFrom('fact').where('tenant_id', '=', tenant);
  if (byIndex) found = found.where(byIndex);
  if (filters.from !== undefined) found = found.where('recorded_at', '>=', new Date(filters.from));
  if (filters.to !== undefined) found = found.where('recorded_at', '<', new Date(filters.to));
  if (after) found = found.where(sql<boolean>`(recorded_at, position) < (${after.recordedAt}::timestamptz, ${after.position}::bigint)`);
  const ordered = found.orderBy('recorded_at', 'desc').orderBy('position', 'desc');

  const conditions: RawBuilder<boolean>[] = [...others, ...(filters.actorKind === undefined ? [] : [sql<boolean>`fact.actor_kind = ${filters.actorKind}`])];
  if (words && ticketId === undefined) conditions.push(says(words));
  const reach = reachOf(staffOf(context), 'ticket.read');
  // Whoever sees every ticket sees every fact, and the one ticket that was asked for may be seen.
  if (!seesAll(reach) && ticketId === undefined) {
    conditions.push(sql<boolean>`(fact.ticket_id IS NULL OR EXISTS (
      SELECT 1 FROM ticket WHERE ticket.tenant_id = fact.tenant_id AND ticket.id = fact.ticket_id AND ${reachCondition(reach)}))`);
  }
  const columns = sql<FactRow>`${sql.raw(factColumns)}` as never;
  if (conditions.length === 0) {
    const rows = await context.transaction.run(ordered.select(columns).limit(limit + 1)) as unknown as FactRow[];
    const facts = rows.slice(0, limit).map(toFact);
    return { facts, next: rows.length > limit ? placeOf(facts.at(-1)!) : null };
  }
  let looked = build.selectFrom(ordered.selectAll().limit(mostLookedAt).as('fact')).select(columns);
  for (const condition of conditions) looked = looked.where(condition);
  const rows = await context.transaction.run(looked.orderBy('recorded_at', 'desc').orderBy('position', 'desc').limit(limit + 1)) as unknown as FactRow[];
  const facts = rows.slice(0, limit).map(toFact);
  if (rows.length > limit) return { facts, next: placeOf(facts.at(-1)!) };
  const [last] = await context.transaction.run(ordered.select(['recorded_at', 'position']).offset(mostLookedAt - 1).limit(1));
  return { facts, next: last ? { recordedAt: last.recorded_at.toISOString(), position: last.position } : null };
}

/** Facts as the trail shows them, in the reader's language, answers to forms as the reader may see them. */
export async function viewAuditEntries(context: Context, facts: readonly Fact[]): Promise<AuditEntry[]> {
  const answers = await answersInFacts(context, facts);
  return facts.map((fact) => viewEntry(context, fact, answers(fact)));
}

function viewEntry({ language }: Pick<Context, 'language'>, fact: Fact, show: ShowAnswers): AuditEntry {
  // Only the job that sends it may open what is sealed.
  const { sealed: _sealed, ...shown } = presentFact(fact.data, show);
  const data = fact.kind.startsWith('automation_rule.') ? withoutCallDetails(shown) : shown;
  return {
    id: String(fact.position), kind: fact.kind, title: language === 'en' ? factKinds[fact.kind].en : factKinds[fact.kind].zh,
    at: fact.occurredAt.toISOString(), recordedAt: fact.recordedAt.toISOString(), actor: fact.actor, ticketId: fact.ticketId, subjectId: fact.subjectId, data,
  };
}

const placeOf = (fact: Fact): AuditPlace => ({ recordedAt: fact.recordedAt.toISOString(), position: fact.position });
const seesAll = (reach: Reach): boolean => reach.some((path) => Object.keys(path).length === 0);

/** That a fact, or who is behind it, says these words: among the values, whatever they are called. */
function says(words: string): RawBuilder<boolean> {
  const pattern = containing(words);
  // As they stand in JSON: quick to look for in the whole, and then once more in the values alone.
  const written = containing(JSON.stringify(words).slice(1, -1));
  return sql<boolean>`(fact.actor_name ILIKE ${pattern} OR (fact.data::text ILIKE ${written} AND EXISTS (
    SELECT 1 FROM jsonb_path_query(fact.data, 'strict $.**') AS value WHERE jsonb_typeof(value) IN ('string', 'number') AND value #>> '{}' ILIKE ${pattern})))`;
}

async function findTicket(context: Context, idOrNumber: string): Promise<string | null> {
  return findReadableTicket(context, isId(idOrNumber) ? idOrNumber.toLowerCase() : idOrNumber).then((ticket) => ticket.id, (error: unknown) => {
    if (error instanceof Refusal && error.code === 'not_found') return null;
    throw error;
  });
}

function kindsOf(text: string): FactKind[] {
  const chosen = text.split(',').map((part) => part.trim()).filter(Boolean).flatMap((part) => {
    const kinds = part.endsWith('.*') ? auditKinds.filter((kind) => kind.startsWith(part.slice(0, -1))) : auditKinds.filter((kind) => kind === part);
    if (kinds.length === 0) throw invalidInput('/kind', 'enum', { zh: `没有这种事件：${part}`, en: `is not a kind of fact: ${part}` });
    return kinds;
  });
  if (chosen.length === 0) throw invalidInput('/kind', 'minLength', { zh: '请至少给出一种事件', en: 'needs at least one kind' });
  return [...new Set(chosen)];
}
