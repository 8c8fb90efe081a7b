import { authFields, connectorForms, connectorLimits, Connector, ConnectorList, CreateConnector, UpdateConnector, isConnectorTarget, type ConnectorKind } from '../../../contract/connector.ts';
import { Closed, Id } from '../../../contract/common.ts';
import { checkMapping, type FieldMapping } from '../../../rules/intake/mapping.ts';
import type { Context } from '../../platform/context.ts';
import { build, statement } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import { Refusal, invalidInput, type InputError } from '../../platform/errors/refusal.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { ensureStorable } from '../../platform/http/validation.ts';
import { fillAccountForm, type FilledForm } from '../channel/account-form.ts';
import { mappingWords } from '../channel/change-channel.ts';
import { configurationOf, nameIn, type Configuration } from '../organization/configuration.ts';
import { ensureVersion } from '../ticket/find.ts';
import { findType } from '../ticket/references.ts';
import { findConnector, listedConnectors, lockConnector, namedBy, purpose, secretsOf, type ConnectorRow } from './connectors.ts';

interface Health { source: string; filled: number; failed: number; waiting: number; last_at: Date | null; last_failure: string | null }
const healthOf = statement<Health>('ticket_completion.health', `
  SELECT s.source, h.filled, h.failed, h.waiting, h.last_at, h.last_failure FROM unnest($2::text[]) AS s (source), LATERAL (
    SELECT (count(*) FILTER (WHERE state = 'filled'))::int AS filled, (count(*) FILTER (WHERE state = 'failed'))::int AS failed, (count(*) FILTER (WHERE state = 'waiting'))::int AS waiting, max(settled_at) AS last_at,
      (array_agg(failure || coalesce(': ' || failure_detail, '') ORDER BY settled_at DESC) FILTER (WHERE state = 'failed'))[1] AS last_failure
    FROM (SELECT state, settled_at, failure, failure_detail FROM ticket_completion c WHERE c.tenant_id = $1 AND c.source = s.source AND c.settled_at > $3 ORDER BY settled_at DESC LIMIT 1000) AS lately) AS h`);
const days = 7;

async function viewConnectors(context: Context, rows: readonly ConnectorRow[]): Promise<Connector[]> {
  const configuration = await configurationOf(context);
  const health = new Map((await context.transaction.query(healthOf, [context.tenantId, rows.map(({ id }) => id), new Date(context.now.getTime() - days * 86_400_000)])).map((row) => [row.source, row]));
  return rows.map((row) => {
    const type = row.type_id === null ? undefined : configuration.types.get(row.type_id);
    const { filled = 0, failed = 0, waiting = 0, last_at: lastAt = null, last_failure: lastFailure = null } = health.get(row.id) ?? {};
    return {
      id: row.id, kind: row.kind, name: row.name, active: row.active, type: type ? { id: type.id, name: nameIn(context.language, type) } : null, settings: row.settings, secrets: Object.keys(secretsOf(context.services.secrets, row) ?? {}),
      mapping: row.mapping, asksFor: namedBy(row).asksFor, health: { filled, failed, waiting, lastAt: lastAt?.toISOString() ?? null, lastFailure }, version: row.version, createdAt: row.created_at.toISOString(),
    };
  });
}

export const listConnectors = useCase({
  summary: 'List the other systems that are asked about tickets',
  answer: ConnectorList,
  run: async (context) => ({ items: await viewConnectors(context, await listedConnectors(context.transaction)), nextCursor: null }),
});

export const showConnector = useCase({
  summary: 'Show another system that is asked about tickets',
  params: Closed({ id: Id }),
  answer: Connector,
  async run(context, { params: { id } }) {
    const row = await findConnector(context.transaction, id);
    if (!row || row.archived_at) throw new Refusal('not_found');
    return (await viewConnectors(context, [row]))[0]!;
  },
});

/** Connects another system (连接其他系统). */
export const createConnector = useCase({
  summary: 'Connect another system that is asked about tickets',
  body: CreateConnector,
  answer: Connector,
  status: 201,
  async run(context, { body }) {
    const { tenantId, transaction, now } = context;
    await transaction.run(build.selectFrom('organization').select('tenant_id').where('tenant_id', '=', tenantId).forNoKeyUpdate());
    if ((await listedConnectors(transaction)).length >= connectorLimits.connectors) throw new Refusal('limit_reached', { limit: connectorLimits.connectors });
    const { values, secrets } = fillConnector(body.kind, {}, body.settings ?? {});
    ensureNoCircle(values, body.mapping ?? []);
    const row: ConnectorRow = {
      id: newId(now.getTime()), kind: body.kind, name: body.name.trim(), active: body.active ?? true, type_id: typeNamed(await configurationOf(context), body.type), settings: values,
      sealed: context.services.secrets.seal(purpose, JSON.stringify(secrets)), mapping: checkedMapping(context, body.mapping ?? []), version: 1, archived_at: null, created_at: now,
    };
    await transaction.run(build.insertInto('connector').values({ tenant_id: tenantId, ...row, settings: JSON.stringify(row.settings), mapping: JSON.stringify(row.mapping) }));
    await recordFact(transaction, { kind: 'connector.created', subjectId: row.id, actor: context.actor, occurredAt: now, recordedAt: now, data: { name: row.name, connectorKind: row.kind, ...values } });
    return (await viewConnectors(context, [row]))[0]!;
  },
});

/** Changes a connection, switches it on and off, takes it away (修改连接). Facts tell which settings changed, and of secrets that they did. */
export const updateConnector = useCase({
  summary: 'Change a connection to another system',
  params: Closed({ id: Id }),
  body: UpdateConnector,
  answer: Connector,
  versioned: true,
  async run(context, { params: { id }, body, ifMatch }) {
    const { tenantId, transaction, now } = context;
    const row = await lockConnector(transaction, id);
    if (!row || row.archived_at) throw new Refusal('not_found');
    ensureVersion(row, ifMatch);
    const known = { ...row.settings, ...secretsOf(context.services.secrets, row) };
    const { values, secrets } = fillConnector(row.kind, keptFor(row.kind, known, body.settings), body.settings);
    ensureNoCircle(values, body.mapping ?? row.mapping);
    const next: ConnectorRow = {
      ...row, name: body.name?.trim() ?? row.name, active: body.archived ? false : body.active ?? row.active, type_id: body.type === undefined ? row.type_id : typeNamed(await configurationOf(context), body.type), settings: values,
      sealed: context.services.secrets.seal(purpose, JSON.stringify(secrets)), mapping: body.mapping ? checkedMapping(context, body.mapping) : row.mapping, version: row.version + 1, archived_at: body.archived ? now : null,
    };
    await transaction.run(build.updateTable('connector').set({ name: next.name, active: next.active, type_id: next.type_id, settings: JSON.stringify(next.settings), sealed: next.sealed, mapping: JSON.stringify(next.mapping), version: next.version, archived_at: next.archived_at })
      .where('tenant_id', '=', tenantId).where('id', '=', id));
    const secretsChanged = connectorForms[row.kind].filter((field) => field.secret && secrets[field.name] !== known[field.name]).map((field) => field.name);
    await recordFact(transaction, {
      kind: 'connector.changed', subjectId: id, actor: context.actor, occurredAt: now, recordedAt: now,
      data: { name: next.name, before: { name: row.name, active: row.active, ...row.settings, mapping: row.mapping.length }, after: { name: next.name, active: next.active, ...next.settings, mapping: next.mapping.length }, ...(secretsChanged.length > 0 ? { secretsChanged } : {}), ...(body.archived ? { archived: true } : {}) },
    });
    return (await viewConnectors(context, [next]))[0]!;
  },
});

const placeOf = (address: string | undefined): string => (address !== undefined && URL.canParse(address.replaceAll(/\{\{[^{}]*\}\}/g, 'x')) ? new URL(address.replaceAll(/\{\{[^{}]*\}\}/g, 'x')).origin : '');

/** What one place may know is not another's to have: with another address, the secrets go. */
export function keptFor(kind: ConnectorKind, known: Readonly<Record<string, string>>, given: Readonly<Record<string, string>> | undefined): Record<string, string> {
  const kept = { ...known };
  const moved = (name: string): boolean => given !== undefined && placeOf(given[name]) !== placeOf(known[name]);
  for (const field of connectorForms[kind]) {
    if (!field.secret) continue;
    // What it is given for a client secret goes to the other place: a token is as good as the secret.
    if (moved('url') || moved('baseUrl') || (field.name === 'clientSecret' && moved('tokenUrl'))) delete kept[field.name];
  }
  return kept;
}

/** Reads the settings against the form of the kind, and sees to it that all is there by which we are to say who we are. */
export function fillConnector(kind: ConnectorKind, kept: Readonly<Record<string, string>>, given: Readonly<Record<string, string>> | undefined): FilledForm {
  const filled = fillAccountForm(connectorForms[kind], kept, given);
  const all = { ...filled.values, ...filled.secrets };
  const problems: InputError[] = (authFields[all['auth'] ?? 'none'] ?? []).filter((name) => !all[name]).map((name) => ({ path: `/settings/${name}`, code: 'required' }));
  const address = all['url'] ?? all['baseUrl'] ?? '';
  // Who is asked is not for a ticket to say.
  if (/^https?:\/\/[^/?#]*\{\{/.test(address)) problems.push({ path: `/settings/${kind === 'http' ? 'url' : 'baseUrl'}`, code: 'pattern', message: { zh: '主机名里不能有变量', en: 'takes no variables in its host' } });
  if (problems.length > 0) throw new Refusal('invalid_input', {}, { errors: problems });
  return filled;
}

/** What stands behind a target of a mapping, as a connector asks with it. */
const askedAs: Readonly<Record<string, readonly string[]>> = { category: ['ticket.category'], priority: ['ticket.priority'], subject: ['ticket.subject'], assetCode: ['asset.code', 'asset.name'] };

/** A system that fills in what it asks with would be asked for its own answers. */
function ensureNoCircle(settings: Record<string, string>, mapping: readonly FieldMapping[]): void {
  const paths = namedBy({ settings }).asksFor;
  const line = mapping.findIndex(({ target }) => (askedAs[target] ?? [target]).some((own) => paths.some((path) => path === own || path.startsWith(`${own}.`))));
  if (line >= 0) throw invalidInput(`/mapping/${line}`, 'pattern', { zh: '查询用到的字段不能由它自己填写', en: 'fills in what it asks with' });
}

const typeNamed = (configuration: Configuration, id: string | null | undefined): string | null => (id === null || id === undefined ? null : findType(configuration, id).id);

export function checkedMapping(context: Context, mapping: FieldMapping[]): FieldMapping[] {
  ensureStorable(mapping, context.language, '/mapping');
  const [problem] = checkMapping(mapping, isConnectorTarget);
  if (problem) throw invalidInput(`/mapping/${problem.line}`, problem.code, mappingWords[problem.code]);
  return mapping;
}
