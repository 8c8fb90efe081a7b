import type { TicketHistory } from '../../../rules/sla/simulate.ts';
import type { FactKind } from '../../../contract/facts.ts';
import { statement, type Transaction } from '../../platform/db/database.ts';
import type { FactActor } from '../../platform/facts/fact.ts';
import type { SlaNeeds } from '../../records/sla/active-policies.ts';
import { isOfStep, slaEventsOf, slaFacts } from '../../records/sla/events.ts';
import { lookUp } from '../../records/sla/look-up.ts';
import { partiesOf, pastsOf, thenOf, type PastTicket, type Then } from './past.ts';
import { asItWas, historyOf } from './replay-rules.ts';

interface Line { ticket_id: string; kind: FactKind; subject_id: string | null; actor_kind: FactActor['kind']; occurred_at: Date; recorded_at: Date; data: Record<string, unknown> }

// Of what facts say only what clocks go by: the rest is most of it.
const findFacts = statement<Line>('sla.histories', `
  SELECT ticket_id, kind, subject_id, actor_kind, occurred_at, recorded_at, jsonb_strip_nulls(jsonb_build_object(
    'typeId', data -> 'typeId', 'visibility', data -> 'visibility', 'direction', data -> 'direction')) || jsonb_build_object(
    'now', jsonb_build_object('status', data #> '{now,status}', 'teamId', data #> '{now,teamId}', 'priority', data #> '{now,priority}', 'assigneeId', data #> '{now,assigneeId}'),
    'before', jsonb_build_object('status', data #> '{before,status}') || CASE WHEN data -> 'before' ? 'customerId' THEN jsonb_build_object('customerId', data #> '{before,customerId}') ELSE '{}' END,
    'after', coalesce((SELECT jsonb_object_agg(key, value) FROM jsonb_each(data -> 'after') WHERE key IN ('status', 'waitingFor', 'statusId', 'priority', 'typeId', 'customerId')), '{}')) AS data
  FROM fact WHERE tenant_id = $1 AND ticket_id = ANY($2::uuid[]) AND kind = ANY($3::text[]) AND data -> 'imported' IS DISTINCT FROM 'true'::jsonb
  ORDER BY ticket_id, ticket_position`);

const findCustomers = statement<{ id: string; customer_id: string | null }>('sla.histories_customers', 'SELECT id, customer_id FROM ticket WHERE tenant_id = $1 AND id = ANY($2::uuid[])');

/**
 * What happened to some tickets, as clocks see it (计时历史): by the same reading of facts as the running system. What facts of a
 * ticket do not tell is looked up as it was then: the tier by the facts of its customer, what conditions ask for by all facts of the ticket.
 */
export async function historiesOf(transaction: Transaction, needs: SlaNeeds, ticketIds: readonly string[]): Promise<TicketHistory[]> {
  if (needs.record) {
    const pasts = await pastsOf(transaction, ticketIds);
    const { parties: then, steps } = await surroundingsThen(transaction, pasts, needs);
    return pasts.map((past) => historyOf(past, asItWas(past), then, { steps }, true));
  }
  const { tenantId } = transaction;
  const lines = await transaction.query(findFacts, [tenantId, [...ticketIds], [...slaFacts]]);
  const own = Map.groupBy(lines, (line) => line.ticket_id);
  const [looked, customers] = await Promise.all([
    lookUp(transaction, tenantId, { ...needs, tier: false }, ticketIds, lines.filter((line) => isOfStep(line.kind)).map((line) => line.subject_id ?? '')),
    needs.tier ? transaction.query(findCustomers, [tenantId, [...ticketIds]]) : [],
  ]);
  const customerOf = new Map(customers.map((row) => [row.id, row.customer_id]));
  const moved = lines.flatMap((line) => [of(line, 'before', 'customerId'), of(line, 'after', 'customerId')]);
  const then = needs.tier ? await thenOf(transaction, [...customers.map((row) => row.customer_id), ...moved].filter((id): id is string => typeof id === 'string'), []) : null;
  return [...own].map(([id, facts]) => {
    // Whose it was at first is what the first change of it says.
    const first = facts.find((line) => of(line, 'before', 'customerId') !== undefined);
    let customer: unknown = first ? of(first, 'before', 'customerId') : customerOf.get(id);
    return {
      id, events: facts.flatMap((line) => {
        const next = of(line, 'after', 'customerId');
        if (next !== undefined) customer = next;
        const tier = then?.tier(customer, line.recorded_at.getTime()) ?? null;
        return slaEventsOf({ kind: line.kind, data: line.data, subjectId: line.subject_id, occurredAt: line.occurred_at, actor: { kind: line.actor_kind } }, { ...looked(id), tier });
      }),
    };
  });
}

const of = (line: Line, side: 'before' | 'after', column: string): unknown => (line.data[side] as Record<string, unknown> | undefined)?.[column];

/** What belonged to the customers and assets of tickets, and the keys of their steps. */
export async function surroundingsThen(transaction: Transaction, pasts: readonly PastTicket[], needs: Pick<SlaNeeds, 'step'>): Promise<{ parties: Then; steps: ReadonlyMap<string, string> }> {
  const { customers, assets } = partiesOf(pasts);
  const tasks = pasts.flatMap(({ facts }) => facts.filter((fact) => isOfStep(fact.kind)).map((fact) => fact.subjectId ?? ''));
  const [then, looked] = await Promise.all([thenOf(transaction, customers, assets), lookUp(transaction, transaction.tenantId, { tier: false, record: false, step: needs.step }, [], tasks)]);
  return { parties: then, steps: looked('').steps };
}
