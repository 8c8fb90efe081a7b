import type { FactKind } from '../../../contract/facts.ts';
import type { Clock } from '../../platform/clock/clock.ts';
import { isImported, type Fact } from '../../platform/facts/fact.ts';
import type { Reader } from '../../platform/facts/readers.ts';
import { askCompletions, ofWords, type AskedCompletion } from '../../records/completion/completions.ts';
import { activeConnectors, namedBy } from '../../records/connector/connectors.ts';

/** What was recorded longer ago is no news: after an upgrade, or in a company that came with its history. */
const newsHours = 6;
const kinds: ReadonlySet<FactKind> = new Set<FactKind>(['ticket.created', 'ticket.changed', 'comment.added', 'call.transcribed']);
/** Whoever writes here has chosen what they say where, and a device says nothing. */
const filledInByHand = new Set(['console', 'api', 'alarm']);
/** Which columns, as facts name them, stand behind what a connector asks with. */
const behind: Readonly<Record<string, string>> = { 'ticket.subject': 'subject', 'ticket.priority': 'priority', 'ticket.category': 'categoryId', 'requester.name': 'contactName', 'requester.phone': 'contactPhone', 'requester.email': 'contactEmail', 'location.address': 'address', 'asset.code': 'assetId', 'asset.name': 'assetId' };

/** Puts down which tickets are to be completed (请求补全): by what was said on them, and by the systems that are asked with something that is new. It does nothing of it itself. */
export const askForCompletion = (clock: Clock): Reader => ({
  name: 'completion',
  kinds,
  async react(transaction, facts) {
    const now = clock.now();
    const news = facts.filter((fact) => fact.ticketId !== null && !isImported(fact) && fact.recordedAt.getTime() > now.getTime() - newsHours * 3_600_000);
    const asked: AskedCompletion[] = news.filter(isSaid).map(({ tenantId, ticketId }) => ({ tenant_id: tenantId, ticket_id: ticketId!, source: ofWords }));
    const concerned = news.filter(({ kind }) => kind === 'ticket.created' || kind === 'ticket.changed');
    const connectors = concerned.length === 0 ? [] : await activeConnectors(transaction, [...new Set(concerned.map(({ tenantId }) => tenantId))].sort());
    for (const connector of connectors) {
      const { asksFor } = namedBy(connector);
      for (const fact of concerned) {
        if (fact.tenantId === connector.tenant_id && (fact.kind === 'ticket.created' ? fact.recordedAt >= connector.created_at : touches(fact, connector.id, asksFor))) asked.push({ tenant_id: fact.tenantId, ticket_id: fact.ticketId!, source: connector.id, depth: Number(fact.data['depth']) || 0 });
      }
    }
    await askCompletions(transaction, asked, now);
  },
});

function isSaid({ kind, data, actor }: Fact): boolean {
  // What another program sent by a channel counts as coming by the API, and nobody filled it in.
  if (kind === 'ticket.created') return !filledInByHand.has(String(data['channel'])) || (data['channel'] === 'api' && actor.kind === 'system');
  return kind === 'comment.added' ? data['direction'] === 'inbound' && data['visibility'] === 'public' : kind === 'call.transcribed';
}

function touches({ data }: Fact, connectorId: string, paths: readonly string[]): boolean {
  // What it filled in itself is nothing new to it.
  if (data['connectorId'] === connectorId) return false;
  const after = data['after'] as Record<string, unknown> | undefined;
  if (!after) return false;
  const fields = (after['fields'] ?? {}) as Record<string, unknown>;
  return paths.some((path) => (path.startsWith('fields.') ? Object.hasOwn(fields, path.split('.')[1]!) : behind[path] !== undefined && Object.hasOwn(after, behind[path])));
}
