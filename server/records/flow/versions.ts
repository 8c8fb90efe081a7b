import { Type } from 'typebox';
import { Closed, Id, PageQuery, limits } from '../../../contract/common.ts';
import { CheckFlow, Flow, FlowCheck, FlowDraft, FlowVersion, FlowVersionPage, PublishFlow, UpdateFlowDraft, type FlowVersionSummary } from '../../../contract/flow.ts';
import { isSame } from '../../../rules/forms/apply-form.ts';
import type { FlowDefinition } from '../../../rules/workflow/definition.ts';
import type { Context } from '../../platform/context.ts';
import { build, statement } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { readCursor, writeCursor } from '../../platform/http/cursor.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { raiseConfigurationVersion } from '../organization/configuration.ts';
import { ensureVersion } from '../ticket/find.ts';
import { ensureBearable, shownTo, viewFlow } from './flows.ts';
import { sealHeaders } from './sealed-headers.ts';
import { findingsOf, subflowsOf, viewFindings } from './surroundings.ts';

interface DraftRow {
  id: string; name: string; published: number | null; definition: FlowDefinition | null; draft: FlowDefinition | null; version: number; based_on: number | null; changed_at: Date | null; changed_by_id: string | null; changed_by_name: string | null;
}
const columns = `
  SELECT f.id, f.name, f.published, v.definition, f.draft, f.draft_version AS version, f.draft_based_on AS based_on, f.draft_changed_at AS changed_at, s.id AS changed_by_id, s.name AS changed_by_name
  FROM flow f LEFT JOIN flow_version v ON v.tenant_id = f.tenant_id AND v.flow_id = f.id AND v.number = f.published
    LEFT JOIN staff s ON s.tenant_id = f.tenant_id AND s.id = f.draft_changed_by
  WHERE f.tenant_id = $1 AND f.id = $2`;
const findDraft = statement<DraftRow>('flow.draft', columns);
const lockDraft = statement<DraftRow>('flow.lock_draft', `${columns} FOR NO KEY UPDATE OF f`);

const idOnly = Closed({ id: Id });

export const showFlowDraft = useCase({
  summary: 'Show the draft of a flow, with its findings', params: idOnly, answer: FlowDraft,
  run: async (context, { params }) => viewDraft(context, await read(context, params.id, findDraft)),
});

/** Saves the draft of a flow (保存草稿), findings and all; nothing runs by it yet. */
export const updateFlowDraft = useCase({
  summary: 'Save the draft of a flow', params: idOnly, body: UpdateFlowDraft, answer: FlowDraft, versioned: true,
  async run(context, { params, body, ifMatch }) {
    const row = await read(context, params.id, lockDraft);
    ensureVersion(row, ifMatch);
    ensureBearable(body.definition);
    const definition = sealHeaders(context, body.definition, [row.definition, row.draft]);
    if (isSame(definition, row.draft ?? row.definition)) return viewDraft(context, row);
    return viewDraft(context, await write(context, row, row.definition !== null && isSame(definition, row.definition) ? null : definition));
  },
});

/** Throws the draft of a flow away (放弃草稿): what is published stands. One that was never published keeps its draft. */
export const discardFlowDraft = useCase({
  summary: 'Throw the draft of a flow away', params: idOnly, answer: null,
  async run(context, { params, ifMatch }) {
    const row = await read(context, params.id, lockDraft);
    ensureVersion(row, ifMatch);
    if (row.published === null) throw new Refusal('flow_not_published');
    if (row.draft !== null) await write(context, row, null);
  },
});

export const checkFlowDraft = useCase({
  summary: 'Check a flow without saving it', params: idOnly, body: CheckFlow, answer: FlowCheck,
  async run(context, { params, body }) {
    await read(context, params.id, findDraft);
    ensureBearable(body.definition);
    return { findings: viewFindings(context, await findingsOf(context, params.id, body.definition)) };
  },
});

/** Publishes the draft as the next version (发布流程): new tickets go by it, what runs stays on its own. If-Match is the version of the draft. */
export const publishFlow = useCase({
  summary: 'Publish the draft of a flow', params: idOnly, body: PublishFlow, answer: Flow, versioned: true,
  async run(context, { params, body, ifMatch }) {
    await raiseConfigurationVersion(context.transaction);
    const row = await read(context, params.id, lockDraft);
    ensureVersion(row, ifMatch);
    if (row.draft === null) throw new Refusal('flow_unchanged');
    await publish(context, row, row.draft, true, { note: body.note });
    return viewFlow(context, row.id);
  },
});

/** Publishes an earlier version anew, as the next one (回滚流程). A draft stays. */
export const restoreFlow = useCase({
  summary: 'Roll a flow back to an earlier version', params: Closed({ id: Id, number: Type.String({ pattern: '^[1-9][0-9]{0,8}$' }) }), body: PublishFlow, answer: Flow,
  async run(context, { params, body }) {
    await raiseConfigurationVersion(context.transaction);
    const row = await read(context, params.id, lockDraft);
    const earlier = await context.transaction.first(build.selectFrom('flow_version').select('definition').where('tenant_id', '=', context.tenantId).where('flow_id', '=', row.id).where('number', '=', Number(params.number)));
    if (!earlier) throw new Refusal('not_found');
    if (isSame(earlier.definition, row.definition)) throw new Refusal('flow_unchanged');
    await publish(context, row, earlier.definition as FlowDefinition, false, { note: body.note, restored: Number(params.number) });
    return viewFlow(context, row.id);
  },
});

const findVersions = statement<{ number: number; published_at: Date; published_by: string | null; published_by_name: string | null; note: string | null; restored: number | null; nodes: number; running: number; current: boolean }>('flow.versions', `
  SELECT v.number, v.published_at, v.published_by, v.published_by_name, v.note, v.restored, jsonb_array_length(v.definition -> 'nodes') AS nodes, f.published = v.number AS current,
    (SELECT count(*)::int FROM (SELECT FROM flow_instance i WHERE i.tenant_id = v.tenant_id AND i.flow_id = v.flow_id AND i.number = v.number AND i.status = 'running' LIMIT 1000) AS capped) AS running
  FROM flow_version v JOIN flow f ON f.tenant_id = v.tenant_id AND f.id = v.flow_id
  WHERE v.tenant_id = $1 AND v.flow_id = $2 AND ($3::int IS NULL OR v.number < $3) AND ($4::int IS NULL OR v.number = $4) ORDER BY v.number DESC LIMIT $5`);

export const listFlowVersions = useCase({
  summary: 'List the versions of a flow', params: idOnly, query: PageQuery, answer: FlowVersionPage,
  async run(context, { params, query }) {
    await read(context, params.id, findDraft);
    const limit = query.limit ?? limits.defaultPage;
    const [after] = query.cursor === undefined ? [null] : readCursor(query.cursor, 'flow-versions');
    if (after !== null && !/^\d{1,9}$/.test(after)) throw new Refusal('invalid_cursor');
    const rows = await context.transaction.query(findVersions, [context.tenantId, params.id, after, null, limit + 1]);
    return { items: rows.slice(0, limit).map(viewVersion), nextCursor: rows.length > limit ? writeCursor('flow-versions', [String(rows[limit - 1]!.number), params.id]) : null };
  },
});

export const showFlowVersion = useCase({
  summary: 'Show one version of a flow', params: Closed({ id: Id, number: Type.String({ pattern: '^[1-9][0-9]{0,8}$' }) }), answer: FlowVersion,
  async run(context, { params }) {
    const [row] = await context.transaction.query(findVersions, [context.tenantId, params.id, null, params.number, 1]);
    const version = row && await context.transaction.first(build.selectFrom('flow_version').select('definition').where('tenant_id', '=', context.tenantId).where('flow_id', '=', params.id).where('number', '=', row.number));
    if (!row || !version) throw new Refusal('not_found');
    return { ...viewVersion(row), flowId: params.id, ...shownTo(context, version.definition as FlowDefinition) };
  },
});

const viewVersion = (row: NonNullable<(typeof findVersions)['row']>): FlowVersionSummary => ({
  number: row.number, publishedAt: row.published_at.toISOString(), publishedBy: row.published_by_name === null ? null : { id: row.published_by, name: row.published_by_name }, note: row.note, restored: row.restored, current: row.current, nodeCount: row.nodes, running: row.running,
});

async function read(context: Context, id: string, reading: typeof findDraft): Promise<DraftRow> {
  const [row] = await context.transaction.query(reading, [context.tenantId, id]);
  if (!row) throw new Refusal('not_found');
  return row;
}

async function write(context: Context, row: DraftRow, draft: FlowDefinition | null): Promise<DraftRow> {
  const { transaction, tenantId, actor, now } = context;
  const based_on = draft === null ? null : row.based_on ?? row.published;
  const changed_at = draft === null ? null : now;
  await transaction.run(build.updateTable('flow').set({
    draft: draft === null ? null : JSON.stringify(draft), draft_version: row.version + 1, draft_based_on: based_on, draft_changed_at: changed_at, draft_changed_by: draft === null ? null : actor.id, updated_at: now,
  }).where('tenant_id', '=', tenantId).where('id', '=', row.id));
  return { ...row, draft, version: row.version + 1, based_on, changed_at, changed_by_id: draft === null ? null : actor.id, changed_by_name: actor.name };
}

async function viewDraft(context: Context, row: DraftRow): Promise<FlowDraft> {
  const definition = row.draft ?? row.definition!;
  return {
    flowId: row.id, definition, basedOn: row.based_on ?? row.published, published: row.published, changed: row.draft !== null, changedAt: row.changed_at?.toISOString() ?? null,
    changedBy: row.changed_by_id === null ? null : { id: row.changed_by_id, name: row.changed_by_name ?? '' }, findings: viewFindings(context, await findingsOf(context, row.id, definition)), version: row.version,
  };
}

async function publish(context: Context, row: DraftRow, definition: FlowDefinition, endsDraft: boolean, { note, restored }: { note?: string | undefined; restored?: number }): Promise<void> {
  const { transaction, tenantId, actor, now } = context;
  const errors = viewFindings(context, await findingsOf(context, row.id, definition)).filter((finding) => finding.level === 'error');
  if (errors.length > 0) {
    throw new Refusal('flow_has_problems', {}, { errors: errors.slice(0, 100).map((finding) => ({ path: `/definition${finding.node === null ? '' : `/${finding.node}`}${finding.edge === null ? '' : `/${finding.edge}`}${finding.at ?? ''}`, code: finding.code, message: finding.node === null ? finding.message : `${finding.node}: ${finding.message}` })) });
  }
  const [last] = await transaction.run(build.selectFrom('flow_version').select('number').where('tenant_id', '=', tenantId).where('flow_id', '=', row.id).orderBy('number', 'desc').limit(1));
  const number = (last?.number ?? 0) + 1;
  await transaction.run(build.insertInto('flow_version').values({
    tenant_id: tenantId, flow_id: row.id, number, definition: JSON.stringify(definition), subflows: JSON.stringify(await subflowsOf(context, definition)), note: note?.trim() || null, restored: restored ?? null, published_by: actor.id, published_by_name: actor.name, published_at: now,
  }));
  await transaction.run(build.updateTable('flow').set((eb) => ({
    published: number, version: eb('version', '+', 1), updated_at: now, ...(endsDraft ? { draft: null, draft_version: row.version + 1, draft_based_on: null, draft_changed_at: null, draft_changed_by: null } : {}),
  })).where('tenant_id', '=', tenantId).where('id', '=', row.id));
  await recordFact(transaction, {
    kind: 'flow.published', actor, occurredAt: now, recordedAt: now, subjectId: row.id,
    data: { name: row.name, before: { number: row.published }, after: { number }, ...(note?.trim() ? { note: note.trim() } : {}), ...(restored === undefined ? {} : { restored }) },
  });
}
