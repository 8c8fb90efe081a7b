import { awaitableFacts } from '../../../contract/awaitable-facts.ts';
import type { FlowFinding as FlowFindingView } from '../../../contract/flow.ts';
import { factKinds } from '../../../contract/facts.ts';
import { isObject } from '../../../rules/conditions/json.ts';
import type { FieldDefinition } from '../../../rules/forms/form.ts';
import { checkFlow, type FlowSurroundings } from '../../../rules/workflow/check.ts';
import type { FlowDefinition } from '../../../rules/workflow/definition.ts';
import { findingSentence, type FlowFinding } from '../../../rules/workflow/finding.ts';
import type { Context } from '../../platform/context.ts';
import { build, statement } from '../../platform/db/database.ts';
import { isId } from '../../platform/db/uuid.ts';
import { hasLlm } from '../llm/llm-setting.ts';
import { configurationOf } from '../organization/configuration.ts';
import { staleHeaders } from './sealed-headers.ts';

const findTypesOf = statement<{ id: string }>('flow.types', 'SELECT id FROM ticket_type WHERE tenant_id = $1 AND flow_id = $2');
const findPublished = statement<{ id: string; definition: FlowDefinition; subflows: Record<string, FlowDefinition> }>('flow.published', `
  SELECT f.id, v.definition, v.subflows FROM flow f JOIN flow_version v ON v.tenant_id = f.tenant_id AND v.flow_id = f.id AND v.number = f.published
  WHERE f.tenant_id = $1 AND f.id = ANY($2::uuid[]) AND f.active`);

/** The published flows that a definition calls, with those they call in turn (子流程), by id. */
export async function subflowsOf(context: Context, definition: unknown): Promise<Record<string, FlowDefinition>> {
  const nodes = isObject(definition) && Array.isArray(definition['nodes']) ? (definition['nodes'] as unknown[]) : [];
  const ids = nodes.flatMap((node) => (isObject(node) && node['kind'] === 'subflow' && typeof node['flow'] === 'string' && isId(node['flow']) ? [node['flow']] : []));
  if (ids.length === 0) return {};
  const rows = await context.transaction.query(findPublished, [context.tenantId, [...new Set(ids)].slice(0, 200)]);
  return Object.assign({}, ...rows.map((row) => ({ ...row.subflows, [row.id]: row.definition }))) as Record<string, FlowDefinition>;
}

/** What a flow may name and read (检查环境): the forms of the types that go through it, people, teams, other flows. */
async function surroundingsOf(context: Context, flowId: string, definition: unknown, subflows: Readonly<Record<string, FlowDefinition>>): Promise<FlowSurroundings> {
  const configuration = await configurationOf(context);
  const types = (await context.transaction.query(findTypesOf, [context.tenantId, flowId])).flatMap((row) => configuration.types.get(row.id) ?? []);
  const people = new Set(collect(definition, new Set()));
  const active = people.size === 0 ? [] : await context.transaction.run(build.selectFrom('staff').select('id').where('tenant_id', '=', context.tenantId).where('active', '=', true).where('id', 'in', [...people].slice(0, 2_000)));
  const known = new Set(active.map((row) => row.id));
  const fields = new Map<string, FieldDefinition>();
  for (const type of types) for (const field of type.form.fields) fields.set(field.key, field);
  return {
    hasLlm: await hasLlm(context),
    ...(types.length > 0 ? { fields: [...fields.values()] } : {}),
    isPerson: (id) => known.has(id), isTeam: (id) => configuration.teams.get(id)?.active ?? false, isStatus: (id) => configuration.statuses.get(id)?.active ?? false,
    isTicketType: (name) => [...configuration.types.values()].some((type) => type.active && (type.id === name || type.key === name)),
    isFact: (kind) => Object.hasOwn(factKinds, kind) && (awaitableFacts as readonly string[]).includes(kind),
    subflow: (id) => (id === flowId || calls(subflows, id, flowId) ? 'circular' : Object.hasOwn(subflows, id) ? 'published' : null),
  };
}

function calls(subflows: Readonly<Record<string, FlowDefinition>>, from: string, wanted: string, depth = 0): boolean {
  return depth < 10 && (subflows[from]?.nodes ?? []).some((node) => node.kind === 'subflow' && (node.flow === wanted || calls(subflows, node.flow, wanted, depth + 1)));
}

/** Everything in a definition that looks like an id: the people among them are looked up at once. */
function collect(value: unknown, found: Set<string>, depth = 0): Set<string> {
  if (depth > 40 || found.size > 2_000) return found;
  if (typeof value === 'string') {
    if (value.length === 36 && isId(value)) found.add(value);
  } else if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) collect(inner, found, depth + 1);
  }
  return found;
}

/** What keeps a flow from being published, or deserves a second look (流程检查). */
export async function findingsOf(context: Context, flowId: string, definition: unknown): Promise<FlowFinding[]> {
  return [...checkFlow(definition, await surroundingsOf(context, flowId, definition, await subflowsOf(context, definition))), ...staleHeaders(context, definition)];
}

export function viewFindings(context: Pick<Context, 'language'>, findings: readonly FlowFinding[]): FlowFindingView[] {
  return findings.map((finding) => ({ level: finding.level, node: finding.node, edge: finding.edge ?? null, at: finding.at ?? null, code: finding.code, message: findingSentence(finding, context.language) }));
}
