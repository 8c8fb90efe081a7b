import type { TicketHistory } from '../../../rules/sla/simulate.ts';
import type { FactKind } from '../../../contract/facts.ts';
import { statement, type Transaction } from '../../platform/db/database.ts';
import type { FactActor } from '../../platform/facts/fact.ts';
import type { SlaNeeds } from '../../records/sla/active-policies.ts';
import { slaEventsOf, slaFacts } from '../../records/sla/events.ts';
import { lookUp } from '../../records/sla/look-up.ts';

interface Line { ticket_id: string; kind: FactKind; subject_id: string | null; actor_kind: FactActor['kind']; occurred_at: Date; data: Record<string, unknown> }

// Of what facts say only what clocks go by: the rest is most of it.
const findFacts = statement<Line>('sla.histories', `
  SELECT ticket_id, kind, subject_id, actor_kind, occurred_at, jsonb_strip_nulls(jsonb_build_object(
    'typeId', data -> 'typeId', 'visibility', data -> 'visibility', 'direction', data -> 'direction')) || jsonb_build_object(
    'now', jsonb_build_object('status', data #> '{now,status}', 'teamId', data #> '{now,teamId}', 'priority', data #> '{now,priority}', 'assigneeId', data #> '{now,assigneeId}'),
    'before', jsonb_build_object('status', data #> '{before,status}'),
    'after', coalesce((SELECT jsonb_object_agg(key, value) FROM jsonb_each(data -> 'after') WHERE key IN ('status', 'waitingFor', 'statusId', 'priority', 'typeId', 'customerId')), '{}')) AS data
  FROM fact WHERE tenant_id = $1 AND ticket_id = ANY($2::uuid[]) AND kind = ANY($3::text[]) AND data -> 'imported' IS DISTINCT FROM 'true'::jsonb
  ORDER BY ticket_id, ticket_position`);

/** What happened to some tickets, as clocks see it (计时历史): by the same reading of facts as the running system. */
export async function historiesOf(transaction: Transaction, needs: SlaNeeds, ticketIds: readonly string[]): Promise<TicketHistory[]> {
  const { tenantId } = transaction;
  const lines = await transaction.query(findFacts, [tenantId, [...ticketIds], [...slaFacts]]);
  const looked = await lookUp(transaction, tenantId, needs, ticketIds, lines.filter((line) => line.kind.startsWith('task.')).map((line) => line.subject_id ?? ''));
  return [...Map.groupBy(lines, (line) => line.ticket_id)].map(([id, own]) => ({
    id, events: own.flatMap((line) => slaEventsOf({ kind: line.kind, data: line.data, subjectId: line.subject_id, occurredAt: line.occurred_at, actor: { kind: line.actor_kind } }, looked(id))),
  }));
}
