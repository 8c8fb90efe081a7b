import { TriedConnector, TryConnector, connectorLimits } from '../../../../contract/connector.ts';
import { asText, isObject } from '../../../../rules/conditions/json.ts';
import { applyMapping, at, type FieldMapping } from '../../../../rules/intake/mapping.ts';
import { askConnector, ConnectorFailure, needsOf, type OpenConnector } from '../../../connectors/http/ask.ts';
import type { Context, Services } from '../../../platform/context.ts';
import { Refusal, invalidInput } from '../../../platform/errors/refusal.ts';
import { stream } from '../../../platform/http/use-case.ts';
import { checkedMapping, fillConnector, keptFor } from '../../../records/connector/change-connector.ts';
import { findConnector, secretsOf } from '../../../records/connector/connectors.ts';
import { configurationOf } from '../../../records/organization/configuration.ts';
import { findReadableTicket } from '../../../records/ticket/find.ts';
import { ticketData } from './ask-connector.ts';

// Somebody waits for it.
const mostSeconds = 10;
const mostPages = 2;
const mostSteps = 5;

/** What stands for `{{…}}` when values are given by their paths; a path that leads through another one's value is none. */
function nested(values: Readonly<Record<string, string>>): Record<string, unknown> {
  const data: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [path, value] of Object.entries(values)) {
    const steps = path.split('.');
    let here: unknown = data;
    for (const step of steps.slice(0, -1)) here = isObject(here) ? (here[step] ??= Object.create(null)) : null;
    if (steps.length > mostSteps || !isObject(here) || isObject(here[steps.at(-1)!])) throw invalidInput('/values', 'pattern', { zh: `“${path}”与别的路径冲突，或者太深`, en: `holds a path that is too deep, or leads through the value of another: ${path}` });
    here[steps.at(-1)!] = value;
  }
  return data;
}

/**
 * Asks another system as it is set up on the screen (试一试): its answer, and what the mapping makes of it. Nothing is filled in and nothing kept; it is asked while
 * whoever sets it up waits for it, and in no transaction.
 */
export const tryConnector = stream({
  summary: 'Ask another system, and fill in nothing',
  body: TryConnector,
  produces: 'application/json',
  answer: TriedConnector,
  async run(context, request, reply) {
    const tried = await tryOut(context.services, await context.transact((inner) => prepare(inner, request.body as TryConnector)));
    return reply.type('application/json; charset=utf-8').send(JSON.stringify(tried));
  },
});

interface Prepared {
  connector: OpenConnector;
  mapping: FieldMapping[];
  data: Record<string, unknown>;
}

async function prepare(context: Context, body: TryConnector): Promise<Prepared> {
  const { transaction, services } = context;
  const row = body.connector === undefined ? undefined : await findConnector(transaction, body.connector);
  if (body.connector !== undefined && (!row || row.archived_at || row.kind !== body.kind)) throw new Refusal('not_found');
  const known = row ? { ...row.settings, ...secretsOf(services.secrets, row) } : {};
  const { values, secrets } = fillConnector(body.kind, keptFor(body.kind, known, body.settings), body.settings ?? (row ? undefined : {}));
  return {
    connector: { kind: body.kind, identity: null, values: { ...values, ...secrets, timeoutSeconds: String(Math.min(mostSeconds, Number(values['timeoutSeconds']) || mostSeconds)) } },
    mapping: checkedMapping(context, body.mapping ?? row?.mapping ?? []),
    data: body.ticket === undefined ? nested(body.values ?? {}) : await ticketData(context, await configurationOf(context), await findReadableTicket(context, body.ticket)),
  };
}

async function tryOut(services: Services, { connector, mapping, data }: Prepared): Promise<TriedConnector> {
  const nothing: TriedConnector = { outcome: 'missing', missing: needsOf(connector).filter((path) => asText(at(data, path)) === ''), reason: null, said: null, milliseconds: 0, answer: null, values: {} };
  if (nothing.missing.length > 0) return nothing;
  const started = services.clock.now().getTime();
  const took = () => Math.max(0, services.clock.now().getTime() - started);
  try {
    const answer = await askConnector(connector, data, { privateHosts: services.privateHosts ?? [], now: () => services.clock.now().getTime(), mostPages });
    return { ...nothing, outcome: 'answered', milliseconds: took(), answer: (JSON.stringify(answer, null, 2) ?? '').slice(0, connectorLimits.sample).toWellFormed(), values: { ...applyMapping(mapping, answer) } };
  } catch (error) {
    if (!(error instanceof ConnectorFailure)) throw error;
    return { ...nothing, outcome: 'failed', reason: error.code, said: error.message, milliseconds: took() };
  }
}
