import { laid, type Columns, type PastFact } from '../../../rules/automation/replay.ts';
import type { FilterRecord } from '../../../rules/conditions/filter-to-logic.ts';
import type { FactKind } from '../../../contract/facts.ts';
import { build, statement, type Transaction } from '../../platform/db/database.ts';
import type { FactActor } from '../../platform/facts/fact.ts';
import { camelCase } from '../../records/ticket/change.ts';
import { priorityName } from '../../records/ticket/row.ts';

/** A fact of a ticket as it is played again. */
export interface PastLine extends PastFact {
  readonly kind: FactKind;
  readonly occurredAt: Date;
  readonly subjectId: string | null;
  readonly actor: { readonly kind: FactActor['kind'] };
  /** The run of a flow that did it; empty where it is not known which. */
  readonly flow: string | null;
}

/** A ticket as it was made, and what has happened to it since (工单往事), by facts alone. */
export interface PastTicket {
  readonly id: string;
  readonly made: Columns;
  readonly facts: readonly PastLine[];
}

interface Line {
  ticket_id: string; turn: string; kind: FactKind; subject_id: string | null; actor_kind: FactActor['kind']; actor_id: string | null; occurred_at: Date; recorded_at: Date;
  before: Columns | null; after: Columns | null; by_rule: boolean; flow: string | null; text: string | null; visibility: string | null; direction: string | null;
}
const findFacts = statement<Line>('sla.past_facts', `
  SELECT ticket_id, transaction::text AS turn, kind, subject_id, actor_kind, actor_id, occurred_at, recorded_at, data -> 'before' AS before, data -> 'after' AS after, data ? 'cause' OR actor_kind = 'rule' AS by_rule,
    coalesce(data ->> 'instanceId', CASE WHEN data ? 'flow' AND kind <> 'flow.started' THEN '' END) AS flow,
    CASE WHEN kind = 'comment.added' AND $3 THEN (SELECT m.body FROM message m WHERE m.tenant_id = fact.tenant_id AND m.id = fact.subject_id) ELSE coalesce(data ->> 'reason', data ->> 'resolution', data ->> 'note') END AS text,
    data ->> 'visibility' AS visibility, data ->> 'direction' AS direction
  FROM fact WHERE tenant_id = $1 AND ticket_id = ANY($2::uuid[]) AND data -> 'imported' IS DISTINCT FROM 'true'::jsonb ORDER BY ticket_id, ticket_position`);
const findWatchers = statement<{ ticket_id: string; staff_id: string }>('sla.past_watchers', 'SELECT ticket_id, staff_id FROM ticket_watcher WHERE tenant_id = $1 AND ticket_id = ANY($2::uuid[]) ORDER BY staff_id');

/** Facts that change nothing people would call the ticket. */
const quiet: ReadonlySet<string> = new Set(['watcher.added', 'watcher.removed', 'automation.notified']);

/** Takes tickets back to how they were made, change by change, and keeps what happened in its order. `texts`: with what comments say. */
export async function pastsOf(transaction: Transaction, ticketIds: readonly string[], texts = false): Promise<PastTicket[]> {
  const { tenantId } = transaction;
  const [rows, lines, watchers] = await Promise.all([
    transaction.run(build.selectFrom('ticket').selectAll().where('tenant_id', '=', tenantId).where('id', 'in', [...ticketIds])),
    transaction.query(findFacts, [tenantId, [...ticketIds], texts]), transaction.query(findWatchers, [tenantId, [...ticketIds]]),
  ]);
  const linesOf = Map.groupBy(lines, (line) => line.ticket_id);
  const watchersOf = Map.groupBy(watchers, (row) => row.ticket_id);
  return rows.flatMap((row) => {
    const own = linesOf.get(row.id) ?? [];
    if (own[0]?.kind !== 'ticket.created') return [];
    const byStaff = row.created_by_kind === 'staff' || row.created_by_kind === 'api_key';
    const now: Columns = {
      ...Object.fromEntries(Object.entries(row).filter(([column]) => column !== 'history_hash').map(([column, value]) => [camelCase(column), value instanceof Date ? value.toISOString() : value])),
      createdBy: byStaff ? row.created_by_id : null, watchers: (watchersOf.get(row.id) ?? []).map((one) => one.staff_id),
    };
    return [takenBack(row.id, now, own)];
  });
}

function takenBack(id: string, now: Columns, lines: readonly Line[]): PastTicket {
  let columns: Record<string, unknown> = { ...now };
  const facts: PastLine[] = [];
  for (const line of lines.toReversed()) {
    let after: Columns = line.after ?? {};
    let before: Columns = line.before ?? {};
    if (line.kind === 'watcher.added' || line.kind === 'watcher.removed') {
      const present = columns['watchers'] as string[];
      const others = present.filter((one) => one !== line.subject_id);
      after = { watchers: present };
      before = { watchers: line.kind === 'watcher.added' ? others : [...others, line.subject_id] };
    }
    columns = { ...columns, ...before, ...(before['fields'] ? { fields: laid(columns['fields'], before['fields']) } : {}) };
    facts.push({
      kind: line.kind, at: line.recorded_at.getTime(), occurredAt: line.occurred_at, turn: line.turn, after, byRule: line.by_rule, quiet: quiet.has(line.kind), subjectId: line.subject_id, actor: { kind: line.actor_kind }, flow: line.flow,
      event: { actor: line.actor_kind, person: line.actor_kind === 'staff' || line.actor_kind === 'api_key' ? line.actor_id : null, text: line.text, visibility: line.visibility, direction: line.direction },
    });
  }
  return { id, made: { ...columns, updatedAt: columns['createdAt'] }, facts: facts.reverse() };
}

/** What belonged to customers and assets when (当时的等级、单位与站点): what it was is what a later change says it was before. */
export interface Then {
  tier(customerId: unknown, at: number): string | null;
  account(customerId: unknown, at: number): string | null;
  site(assetId: unknown, at: number): string | null;
}

interface Change { subject_id: string; at: Date; name: string; was: string | null }
const findChanges = statement<Change>('sla.past_changes', `
  SELECT subject_id, recorded_at AS at, name, data -> 'before' ->> name AS was
  FROM fact CROSS JOIN (VALUES ('tier'), ('accountId'), ('siteId')) AS names (name)
  WHERE tenant_id = $1 AND subject_id = ANY($2::uuid[]) AND kind IN ('customer.changed', 'asset.changed') AND data -> 'after' ? name ORDER BY recorded_at, position`);
const findCustomers = statement<{ id: string; tier: string | null; account_id: string | null }>('sla.past_customers', 'SELECT id, tier, account_id FROM customer WHERE tenant_id = $1 AND id = ANY($2::uuid[])');
const findAssets = statement<{ id: string; site_id: string | null }>('sla.past_assets', 'SELECT id, site_id FROM asset WHERE tenant_id = $1 AND id = ANY($2::uuid[])');

/** Looks up what belonged to these customers and assets at whatever moment. */
export async function thenOf(transaction: Transaction, customerIds: readonly string[], assetIds: readonly string[]): Promise<Then> {
  const { tenantId } = transaction;
  const [customers, assets] = [[...new Set(customerIds)], [...new Set(assetIds)]];
  const [present, places, changes] = await Promise.all([
    customers.length > 0 ? transaction.query(findCustomers, [tenantId, customers]) : [], assets.length > 0 ? transaction.query(findAssets, [tenantId, assets]) : [],
    customers.length + assets.length > 0 ? transaction.query(findChanges, [tenantId, [...customers, ...assets]]) : [],
  ]);
  const changesOf = Map.groupBy(changes, (change) => `${change.name} ${change.subject_id}`);
  const at = (name: string, now: ReadonlyMap<string, string | null>) => (id: unknown, moment: number): string | null => {
    if (typeof id !== 'string') return null;
    const next = changesOf.get(`${name} ${id}`)?.find((change) => change.at.getTime() > moment);
    return next ? next.was : now.get(id) ?? null;
  };
  return {
    tier: at('tier', new Map(present.map((row) => [row.id, row.tier]))), account: at('accountId', new Map(present.map((row) => [row.id, row.account_id]))),
    site: at('siteId', new Map(places.map((row) => [row.id, row.site_id]))),
  };
}

/** A ticket as conditions see it, as it was at a moment (当时的条件值). What clocks had come to is not known. */
export function recordThen(columns: Columns, then: Then, at: number): FilterRecord {
  const of = (column: string): unknown => columns[column] ?? null;
  return {
    number: of('number'), subject: of('subject'), description: of('description'), status: of('status'), statusId: of('statusId'), waitingFor: of('waitingFor'), priority: priorityName(Number(columns['priority'] ?? 3)),
    type: of('typeId'), category: of('categoryId'), channel: of('channel'), department: of('departmentId'), team: of('teamId'), assignee: of('assigneeId'), createdBy: of('createdBy'),
    watcher: columns['watchers'] ?? [], participant: columns['participantIds'] ?? [], customer: of('customerId'), account: then.account(columns['customerId'], at), asset: of('assetId'), site: then.site(columns['assetId'], at),
    parent: of('parentId'), tag: columns['tags'] ?? [], rating: of('rating'), reopenedCount: of('reopenedCount'),
    createdAt: of('createdAt'), updatedAt: of('updatedAt'), acceptedAt: of('acceptedAt'), resolvedAt: of('resolvedAt'), closedAt: of('closedAt'), dueAt: null, breachedAt: null,
    fields: (columns['fields'] ?? {}) as Record<string, unknown>,
  };
}

/** The customers and the assets that tickets have had. */
export function partiesOf(pasts: readonly PastTicket[]): { customers: string[]; assets: string[] } {
  const all = (column: string) => pasts.flatMap(({ made, facts }) => [made[column], ...facts.map(({ after }) => after[column])]).filter((id): id is string => typeof id === 'string');
  return { customers: all('customerId'), assets: all('assetId') };
}
