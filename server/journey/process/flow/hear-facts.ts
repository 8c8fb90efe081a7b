import { awaitableFacts } from '../../../../contract/awaitable-facts.ts';
import type { FactKind } from '../../../../contract/facts.ts';
import type { FlowEvent } from '../../../../rules/workflow/state.ts';
import { statement, type Transaction } from '../../../platform/db/database.ts';
import { newId } from '../../../platform/db/uuid.ts';
import { isImported, type Fact } from '../../../platform/facts/fact.ts';
import type { Reader } from '../../../platform/facts/readers.ts';
import { setTimer } from '../../../platform/timers/timers.ts';

const ending: ReadonlySet<FactKind> = new Set(['ticket.closed', 'ticket.confirmed', 'ticket.cancelled', 'ticket.merged']);

// What happened before a flow began to wait, or along with it, is not what it waits for.
const findWaits = statement<{ position: number; tenant_id: string; instance_id: string; activation: string }>('flow_wait.heard', `
  SELECT heard.position, w.tenant_id, w.instance_id, w.activation
  FROM unnest($1::bigint[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::boolean[]) AS heard (position, tenant_id, ticket_id, kind, transaction, of_children)
    JOIN flow_wait w ON w.tenant_id = heard.tenant_id AND w.ticket_id = heard.ticket_id AND w.fact_kind = heard.kind AND w.of_children = heard.of_children AND w.transaction < heard.transaction::xid8
  ORDER BY heard.position, w.instance_id, w.activation`);
const findRunning = statement<{ tenant_id: string; ticket_id: string; id: string }>('flow_instance.running_of', `
  SELECT i.tenant_id, i.ticket_id, i.id FROM unnest($1::uuid[], $2::uuid[]) AS t (tenant_id, ticket_id)
    JOIN flow_instance i ON i.tenant_id = t.tenant_id AND i.ticket_id = t.ticket_id AND i.status = 'running'`);
const findOnSite = statement<{ tenant_id: string; ticket_id: string; instance_id: string; activation: string }>('task.on_site_of', `
  SELECT k.tenant_id, k.ticket_id, k.instance_id, k.activation FROM unnest($1::uuid[], $2::uuid[]) AS t (tenant_id, ticket_id)
    JOIN task k ON k.tenant_id = t.tenant_id AND k.ticket_id = t.ticket_id AND k.state = 'open' AND k.kind = 'onsite_task'`);

/**
 * Tells flows of the facts they wait for (等待事件): each is handed to its flow once, in a transaction of that flow's own, by
 * a timer that is due at once; so one flow that cannot go on holds up no other, and what fails is tried again. A ticket that
 * ends without its flow ends its flow.
 */
export const hearFacts: Reader = {
  name: 'flows',
  kinds: new Set([...awaitableFacts, ...ending]),
  async react(transaction, all) {
    const facts = all.filter((fact) => fact.ticketId !== null && !isImported(fact));
    if (facts.length === 0) return;
    const heard = facts.flatMap((fact) => [{ fact, ticketId: fact.ticketId!, ofChildren: false }, ...parentOf(fact).map((ticketId) => ({ fact, ticketId, ofChildren: true }))]);
    const byPosition = new Map(facts.map((fact) => [fact.position, fact]));
    const waits = await transaction.query(findWaits, [
      heard.map(({ fact }) => fact.position), heard.map(({ fact }) => fact.tenantId), heard.map(({ ticketId }) => ticketId), heard.map(({ fact }) => fact.kind), heard.map(({ fact }) => fact.transaction), heard.map(({ ofChildren }) => ofChildren),
    ]);
    for (const wait of waits) {
      const fact = byPosition.get(wait.position)!;
      await deliver(transaction, fact, wait.instance_id, { id: `fact ${fact.position} ${wait.activation}`, kind: 'fact', activation: wait.activation, fact: { kind: fact.kind, data: fact.data as never } });
    }
    // A flow that closes its ticket says so itself.
    const ended = facts.filter((fact) => ending.has(fact.kind) && fact.data['flow'] === undefined);
    for (const row of ended.length === 0 ? [] : await transaction.query(findRunning, [ended.map((fact) => fact.tenantId), ended.map((fact) => fact.ticketId)])) {
      const fact = ended.find((one) => one.ticketId === row.ticket_id && one.tenantId === row.tenant_id)!;
      await deliver(transaction, fact, row.id, { id: `fact ${fact.position}`, kind: 'cancel' });
    }
    const visited = facts.filter((fact) => fact.kind === 'visit.completed');
    for (const row of visited.length === 0 ? [] : await transaction.query(findOnSite, [visited.map((fact) => fact.tenantId), visited.map((fact) => fact.ticketId)])) {
      const fact = visited.find((one) => one.ticketId === row.ticket_id && one.tenantId === row.tenant_id)!;
      await deliver(transaction, fact, row.instance_id, { id: `fact ${fact.position}`, kind: 'complete', activation: row.activation, by: fact.actor.kind === 'staff' ? fact.actor.id : null });
    }
  },
};

async function deliver(everybodys: Transaction, fact: Fact, instanceId: string, event: FlowEvent): Promise<void> {
  await setTimer({ ...everybodys, tenantId: fact.tenantId }, { kind: 'flow.deliver', subjectId: newId(fact.recordedAt.getTime()), dueAt: fact.recordedAt, data: { instanceId, event } });
}

function parentOf(fact: Fact): string[] {
  const parentId = (fact.data['now'] as { parentId?: unknown } | undefined)?.parentId;
  return typeof parentId === 'string' ? [parentId] : [];
}
