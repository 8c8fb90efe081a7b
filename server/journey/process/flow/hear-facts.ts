import { awaitableFacts } from '../../../../contract/awaitable-facts.ts';
import type { FactKind } from '../../../../contract/facts.ts';
import type { FlowEvent } from '../../../../rules/workflow/state.ts';
import { statement, type Transaction } from '../../../platform/db/database.ts';
import { newId } from '../../../platform/db/uuid.ts';
import { isImported, type Fact } from '../../../platform/facts/fact.ts';
import type { Reader } from '../../../platform/facts/readers.ts';
import { setTimer } from '../../../platform/timers/timers.ts';

const ending: ReadonlySet<FactKind> = new Set(['ticket.closed', 'ticket.confirmed', 'ticket.cancelled', 'ticket.merged']);

// What happened before a flow began to wait, or along with it, is not what it waits for. That is what could be seen then: a
// transaction that took its number early, by a key of its request or another ticket, may still write late.
const findWaits = statement<{ position: number; tenant_id: string; instance_id: string; activation: string }>('flow_wait.heard', `
  SELECT heard.position, w.tenant_id, w.instance_id, w.activation
  FROM unnest($1::bigint[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::boolean[]) AS heard (position, tenant_id, ticket_id, kind, transaction, of_children)
    JOIN flow_wait w ON w.tenant_id = heard.tenant_id AND w.ticket_id = heard.ticket_id AND w.fact_kind = heard.kind AND w.of_children = heard.of_children
      AND w.transaction <> heard.transaction::xid8 AND CASE WHEN w.snapshot IS NULL THEN w.transaction < heard.transaction::xid8 ELSE NOT pg_visible_in_snapshot(heard.transaction::xid8, w.snapshot) END
  ORDER BY heard.position, w.instance_id, w.activation`);
const findRunning = statement<{ tenant_id: string; ticket_id: string; id: string }>('flow_instance.running_of', `
  SELECT i.tenant_id, i.ticket_id, i.id FROM unnest($1::uuid[], $2::uuid[]) AS t (tenant_id, ticket_id)
    JOIN flow_instance i ON i.tenant_id = t.tenant_id AND i.ticket_id = t.ticket_id AND i.status = 'running'`);
// Of the steps on site that were open when a visit was completed: that of who drove there, theirs or their team's; else the only
// one there is, whoever was named for it.
const findOnSite = statement<{ position: number; tenant_id: string; instance_id: string; activation: string }>('task.on_site_of', `
  SELECT visited.position, k.tenant_id, k.instance_id, k.activation
  FROM unnest($1::bigint[], $2::uuid[], $3::uuid[], $4::uuid[], $5::timestamptz[]) AS visited (position, tenant_id, ticket_id, staff_id, at)
    JOIN LATERAL (
      SELECT k.tenant_id, k.instance_id, k.activation, count(*) OVER () AS open, row_number() OVER (ORDER BY near.rank, k.id) AS place, near.rank
      FROM task k CROSS JOIN LATERAL (SELECT min(CASE
          WHEN k.claimed_by = visited.staff_id OR seat.who ->> 'id' = visited.staff_id::text THEN 1
          WHEN EXISTS (SELECT FROM team_member m WHERE m.tenant_id = k.tenant_id AND m.staff_id = visited.staff_id AND m.team_id::text = seat.who ->> 'id') THEN 2 ELSE 3 END) AS rank
        FROM (SELECT value -> 'who' AS who FROM jsonb_array_elements(k.seats)) AS seat) AS near
      WHERE k.tenant_id = visited.tenant_id AND k.ticket_id = visited.ticket_id AND k.state = 'open' AND k.kind = 'onsite_task' AND k.created_at <= visited.at
    ) k ON k.place = 1 AND (k.rank < 3 OR k.open = 1)`);

// Also where it is not their turn yet.
const findOfThoseWhoLeft = statement<{ position: number; instance_id: string; activation: string }>('task.of_who_left', `
  SELECT gone.position, k.instance_id, k.activation FROM unnest($1::bigint[], $2::uuid[], $3::uuid[]) AS gone (position, tenant_id, staff_id)
    JOIN task k ON k.tenant_id = gone.tenant_id AND k.state = 'open' AND (k.claimed_by = gone.staff_id OR k.seats @> jsonb_build_array(jsonb_build_object('who', jsonb_build_object('id', gone.staff_id))))
    JOIN staff s ON s.tenant_id = gone.tenant_id AND s.id = gone.staff_id AND NOT s.active
  ORDER BY gone.position, k.id`);

/**
 * Tells flows of the facts they wait for (等待事件): each is handed to its flow once, in a transaction of that flow's own, by
 * a timer that is due at once; so one flow that cannot go on holds up no other, and what fails is tried again. A ticket that
 * ends without its flow ends its flow.
 */
export const hearFacts: Reader = {
  name: 'flows',
  kinds: new Set<FactKind>([...awaitableFacts, ...ending, 'staff.changed']),
  async react(transaction, all) {
    await tellOfThoseWhoLeft(transaction, all.filter((fact) => fact.kind === 'staff.changed' && (fact.data['after'] as { active?: unknown } | undefined)?.active === false));
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
    for (const row of visited.length === 0 ? [] : await transaction.query(findOnSite, [visited.map((fact) => fact.position), visited.map((fact) => fact.tenantId), visited.map((fact) => fact.ticketId), visited.map(whoDrove), visited.map((fact) => fact.recordedAt)])) {
      const fact = byPosition.get(row.position)!;
      await deliver(transaction, fact, row.instance_id, { id: `fact ${fact.position} ${row.activation}`, kind: 'complete', activation: row.activation, by: fact.actor.kind === 'staff' ? fact.actor.id : null });
    }
  },
};

/** Steps that somebody has who left: their flows say so (离职人员的步骤). */
async function tellOfThoseWhoLeft(transaction: Transaction, facts: readonly Fact[]): Promise<void> {
  if (facts.length === 0) return;
  const byPosition = new Map(facts.map((fact) => [fact.position, fact]));
  for (const row of await transaction.query(findOfThoseWhoLeft, [facts.map((fact) => fact.position), facts.map((fact) => fact.tenantId), facts.map((fact) => fact.subjectId)])) {
    const fact = byPosition.get(row.position)!;
    await deliver(transaction, fact, row.instance_id, { id: `fact ${fact.position} ${row.activation}`, kind: 'vacate', activation: row.activation, who: fact.subjectId!, name: typeof fact.data['name'] === 'string' ? fact.data['name'] : '' });
  }
}

async function deliver(everybodys: Transaction, fact: Fact, instanceId: string, event: FlowEvent): Promise<void> {
  await setTimer({ ...everybodys, tenantId: fact.tenantId }, { kind: 'flow.deliver', subjectId: newId(fact.recordedAt.getTime()), dueAt: fact.recordedAt, data: { instanceId, event } });
}

function parentOf(fact: Fact): string[] {
  const parentId = (fact.data['now'] as { parentId?: unknown } | undefined)?.parentId;
  return typeof parentId === 'string' ? [parentId] : [];
}

const whoDrove = (fact: Fact): string | null => {
  const technician = fact.data['technicianId'];
  return typeof technician === 'string' ? technician : fact.actor.kind === 'staff' ? fact.actor.id : null;
};
