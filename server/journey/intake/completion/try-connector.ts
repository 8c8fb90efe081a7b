import { TriedConnector, TryConnector, connectorLimits } from '../../../../contract/connector.ts';
import { asText } from '../../../../rules/conditions/json.ts';
import { applyMapping, at } from '../../../../rules/intake/mapping.ts';
import { askConnector, ConnectorFailure, needsOf } from '../../../connectors/http/ask.ts';
import { Refusal } from '../../../platform/errors/refusal.ts';
import { useCase } from '../../../platform/http/use-case.ts';
import { checkedMapping, fillConnector, keptFor } from '../../../records/connector/change-connector.ts';
import { findConnector, secretsOf } from '../../../records/connector/connectors.ts';
import { configurationOf } from '../../../records/organization/configuration.ts';
import { findReadableTicket } from '../../../records/ticket/find.ts';
import { ticketData } from './ask-connector.ts';

// Somebody waits for it.
const mostSeconds = 10;
const mostPages = 2;

/** What stands for `{{…}}` when values are given by their paths. */
function nested(values: Readonly<Record<string, string>>): Record<string, unknown> {
  const data: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [path, value] of Object.entries(values)) {
    const steps = path.split('.').slice(0, 5);
    let here = data;
    for (const step of steps.slice(0, -1)) here = (here[step] ??= Object.create(null)) as Record<string, unknown>;
    if (typeof here === 'object') here[steps.at(-1)!] = value;
  }
  return data;
}

/**
 * Asks another system as it is set up on the screen (试一试): its answer, and what the mapping makes of it. Nothing is filled in and nothing kept; it is asked within
 * the request, as whoever sets it up waits for it.
 */
export const tryConnector = useCase({
  summary: 'Ask another system, and fill in nothing',
  body: TryConnector,
  answer: TriedConnector,
  async run(context, { body }) {
    const { transaction, services } = context;
    const row = body.connector === undefined ? undefined : await findConnector(transaction, body.connector);
    if (body.connector !== undefined && (!row || row.archived_at || row.kind !== body.kind)) throw new Refusal('not_found');
    const known = row ? { ...row.settings, ...secretsOf(services.secrets, row) } : {};
    const { values, secrets } = fillConnector(body.kind, keptFor(body.kind, known, body.settings), body.settings ?? (row ? undefined : {}));
    const mapping = checkedMapping(context, body.mapping ?? row?.mapping ?? []);
    const data = body.ticket === undefined ? nested(body.values ?? {}) : await ticketData(context, await configurationOf(context), await findReadableTicket(context, body.ticket));
    const connector = { kind: body.kind, identity: `try ${context.requestId}`, values: { ...values, ...secrets, timeoutSeconds: String(Math.min(mostSeconds, Number(values['timeoutSeconds']) || mostSeconds)) } };
    const missing = needsOf(connector).filter((path) => asText(at(data, path)) === '');
    const nothing: TriedConnector & { values: Record<string, unknown> } = { outcome: 'missing', missing, reason: null, said: null, milliseconds: 0, answer: null, values: {} };
    if (missing.length > 0) return nothing;
    const started = services.clock.now().getTime();
    const took = () => Math.max(0, services.clock.now().getTime() - started);
    try {
      const answer = await askConnector(connector, data, { privateHosts: services.privateHosts ?? [], now: () => services.clock.now().getTime(), mostPages });
      return { ...nothing, outcome: 'answered' as const, milliseconds: took(), answer: (JSON.stringify(answer, null, 2) ?? '').slice(0, connectorLimits.sample), values: { ...applyMapping(mapping, answer) } };
    } catch (error) {
      if (!(error instanceof ConnectorFailure)) throw error;
      return { ...nothing, outcome: 'failed' as const, reason: error.code, said: error.message, milliseconds: took() };
    }
  },
});
