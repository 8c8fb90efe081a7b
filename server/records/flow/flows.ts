import { Closed, Id, limits } from '../../../contract/common.ts';
import { CreateFlow, Flow, FlowPage, ListFlows, UpdateFlow, flowServiceLimits, type FlowSummary } from '../../../contract/flow.ts';
import { flowLimits, type FlowDefinition } from '../../../rules/workflow/definition.ts';
import { holds } from '../../../rules/access/policy.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { build, statement } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import { Refusal, invalidInput, refuseInput } from '../../platform/errors/refusal.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { readCursor, writeCursor } from '../../platform/http/cursor.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { archives, differencesOf } from '../organization/changes.ts';
import { raiseConfigurationVersion } from '../organization/configuration.ts';
import { ensureVersion } from '../ticket/find.ts';
import { sealHeaders, withoutCallDetails } from './sealed-headers.ts';

export interface FlowRow {
  id: string; name: string; name_en: string | null; description: string | null; active: boolean; published: number | null;
  has_draft: boolean; updated_at: Date; version: number; types: { id: string; key: string; name: string; nameEn: string | null }[]; running: number; parked: number;
}

const columns = `
  SELECT f.id, f.name, f.name_en, f.description, f.active, f.published, f.draft IS NOT NULL AS has_draft, f.updated_at, f.version,
    coalesce((SELECT jsonb_agg(jsonb_build_object('id', t.id, 'key', t.key, 'name', t.name, 'nameEn', t.name_en) ORDER BY t.position, t.id) FROM ticket_type t WHERE t.tenant_id = f.tenant_id AND t.flow_id = f.id), '[]') AS types,
    (SELECT count(*)::int FROM (SELECT FROM flow_instance i WHERE i.tenant_id = f.tenant_id AND i.flow_id = f.id AND i.status = 'running' LIMIT 1000) AS capped) AS running,
    (SELECT count(*)::int FROM (SELECT FROM flow_instance i WHERE i.tenant_id = f.tenant_id AND i.flow_id = f.id AND i.status = 'running' AND i.held > 0 LIMIT 1000) AS capped) AS parked
  FROM flow f WHERE f.tenant_id = $1`;
const findFlows = statement<FlowRow>('flow.list', `${columns} AND (f.active OR $2) AND ($3::uuid IS NULL OR f.id < $3) ORDER BY f.id DESC LIMIT $4`);
const findFlow = statement<FlowRow>('flow.show', `${columns} AND f.id = $2`);
const lockFlow = statement<{ id: string; name: string; name_en: string | null; description: string | null; active: boolean; version: number }>('flow.lock', 'SELECT id, name, name_en, description, active, version FROM flow WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE');
const countFlows = statement<{ count: number }>('flow.count', 'SELECT count(*)::int AS count FROM flow WHERE tenant_id = $1');
const setTypes = statement<{ id: string }>('flow.set_types', `
  UPDATE ticket_type SET flow_id = CASE WHEN id = ANY($3::uuid[]) THEN $2::uuid END, version = version + 1
  WHERE tenant_id = $1 AND ((flow_id = $2 AND id <> ALL($3::uuid[])) OR (flow_id IS DISTINCT FROM $2 AND id = ANY($3::uuid[]))) RETURNING id`);

export const listFlows = useCase({
  summary: 'List flows',
  query: ListFlows,
  answer: FlowPage,
  async run(context, { query }) {
    const limit = query.limit ?? limits.page;
    const after = query.cursor === undefined ? null : readCursor(query.cursor, 'flows')[1];
    const rows = await context.transaction.query(findFlows, [context.tenantId, query.archived ?? false, after, limit + 1]);
    return { items: rows.slice(0, limit).map(viewSummary), nextCursor: rows.length > limit ? writeCursor('flows', ['', rows[limit - 1]!.id]) : null };
  },
});

export const showFlow = useCase({
  summary: 'Show a flow and its published definition',
  params: Closed({ id: Id }),
  answer: Flow,
  run: (context, { params }) => viewFlow(context, params.id),
});

/** Makes a flow (新建流程), with a draft to begin with: what was given, a copy, or a start and an end. */
export const createFlow = useCase({
  summary: 'Create a flow',
  body: CreateFlow,
  answer: Flow,
  status: 201,
  async run(context, { body }) {
    const { transaction, tenantId, now } = context;
    const [present] = await transaction.query(countFlows, [tenantId]);
    if (present!.count >= flowServiceLimits.flows) throw new Refusal('limit_reached', { limit: flowServiceLimits.flows });
    const name = body.name.trim();
    await ensureNameFree(context, name, null);
    const model = body.copyFrom === undefined ? null : await modelOf(context, body.copyFrom);
    const definition = sealHeaders(context, body.definition ?? model ?? emptyFlow);
    ensureBearable(definition);
    const id = newId(now.getTime());
    await transaction.run(build.insertInto('flow').values({
      tenant_id: tenantId, id, name, name_en: body.nameEn?.trim() || null, description: body.description?.trim() || null, draft: JSON.stringify(definition), draft_changed_at: now, draft_changed_by: context.actor.id, created_at: now, updated_at: now,
    }));
    await recordFact(transaction, { kind: 'flow.created', actor: context.actor, data: { name }, occurredAt: now, recordedAt: now, subjectId: id });
    return viewFlow(context, id);
  },
});

/** Changes what a flow is called, which ticket types go through it, and whether it is in use (修改流程). */
export const updateFlow = useCase({
  summary: 'Change a flow, or which ticket types go through it',
  params: Closed({ id: Id }),
  body: UpdateFlow,
  answer: Flow,
  versioned: true,
  async run(context, { params, body, ifMatch }) {
    const { transaction, tenantId, now } = context;
    await raiseConfigurationVersion(transaction);
    const [row] = await transaction.query(lockFlow, [tenantId, params.id]);
    if (!row) throw new Refusal('not_found');
    ensureVersion(row, ifMatch);
    const next = {
      name: body.name?.trim() ?? row.name, nameEn: body.nameEn === undefined ? row.name_en : body.nameEn?.trim() || null,
      description: body.description === undefined ? row.description : body.description?.trim() || null, active: body.active ?? row.active,
    };
    await ensureNameFree(context, next.name, row.id);
    const difference = differencesOf({ name: row.name, nameEn: row.name_en, description: row.description, active: row.active }, next);
    const moved = body.types === undefined ? [] : await assignTypes(context, row.id, body.types);
    if (!difference && moved.length === 0) return viewFlow(context, row.id);
    await transaction.run(build.updateTable('flow').set({ name: next.name, name_en: next.nameEn, description: next.description, active: next.active, version: row.version + 1, updated_at: now }).where('tenant_id', '=', tenantId).where('id', '=', row.id));
    await recordFact(transaction, {
      kind: difference && archives(difference) ? 'flow.archived' : 'flow.changed', actor: context.actor, data: { name: next.name, ...difference, ...(moved.length > 0 ? { types: body.types } : {}) }, occurredAt: now, recordedAt: now, subjectId: row.id,
    });
    return viewFlow(context, row.id);
  },
});

async function assignTypes(context: Context, flowId: string, types: readonly string[]): Promise<string[]> {
  const found = types.length === 0 ? [] : await context.transaction.run(build.selectFrom('ticket_type').select('id').where('tenant_id', '=', context.tenantId).where('id', 'in', types));
  const unknown = types.findIndex((id) => !found.some((type) => type.id === id));
  if (unknown >= 0) throw refuseInput(`/types/${unknown}`, 'unknown_reference', { field: 'type' });
  return (await context.transaction.query(setTypes, [context.tenantId, flowId, types])).map((row) => row.id);
}

const emptyFlow: FlowDefinition = {
  nodes: [{ id: 'start', kind: 'start', name: { zh: '开始', en: 'Start' }, box: { x: 240, y: 40 } }, { id: 'end', kind: 'end', name: { zh: '结束', en: 'End' }, box: { x: 240, y: 240 } }],
  edges: [{ id: 'start_end', from: 'start', to: 'end' }],
};

async function modelOf(context: Context, id: string): Promise<FlowDefinition> {
  const row = await context.transaction.first(build.selectFrom('flow').leftJoin('flow_version', (join) => join.onRef('flow_version.tenant_id', '=', 'flow.tenant_id').onRef('flow_version.flow_id', '=', 'flow.id').onRef('flow_version.number', '=', 'flow.published'))
    .select(['flow.draft', 'flow_version.definition']).where('flow.tenant_id', '=', context.tenantId).where('flow.id', '=', id));
  const definition = (row?.definition ?? row?.draft) as FlowDefinition | null | undefined;
  if (!definition) throw refuseInput('/copyFrom', 'unknown_reference', { field: 'flowId' });
  return definition;
}

/** Drafts may be wrong in any way, but not without measure. */
export function ensureBearable(definition: unknown): void {
  if (JSON.stringify(definition).length > flowLimits.bytes) throw invalidInput('/definition', 'too_large', { zh: '流程太大', en: 'is too large' });
}

async function ensureNameFree(context: Context, name: string, except: string | null): Promise<void> {
  const other = await context.transaction.first(build.selectFrom('flow').select('id').where('tenant_id', '=', context.tenantId).where('name', '=', name).where('id', '<>', except ?? '00000000-0000-0000-0000-000000000000'));
  if (other) throw refuseInput('/name', 'name_taken', { field: { zh: '流程名称', en: 'The name of the flow' } });
}

const viewSummary = (row: FlowRow): FlowSummary => ({
  id: row.id, name: row.name, nameEn: row.name_en, description: row.description, active: row.active, published: row.published, hasDraft: row.has_draft,
  types: row.types, running: row.running, parked: row.parked, updatedAt: row.updated_at.toISOString(), version: row.version,
});

/** A flow as its page shows it. */
export async function viewFlow(context: Context, id: string): Promise<Flow> {
  const [row] = await context.transaction.query(findFlow, [context.tenantId, id]);
  if (!row) throw new Refusal('not_found');
  const version = row.published === null ? undefined : await context.transaction.first(build.selectFrom('flow_version').select('definition').where('tenant_id', '=', context.tenantId).where('flow_id', '=', id).where('number', '=', row.published));
  const definition = (version?.definition as FlowDefinition | undefined) ?? null;
  return { ...viewSummary(row), ...(definition === null ? { definition, withheld: false } : shownTo(context, definition)) };
}

/** A published definition as the caller sees it: whole for those who manage flows. */
export function shownTo(context: Context, definition: FlowDefinition): { definition: FlowDefinition; withheld: boolean } {
  return holds(staffOf(context), 'settings.write') ? { definition, withheld: false } : withoutCallDetails(definition);
}
