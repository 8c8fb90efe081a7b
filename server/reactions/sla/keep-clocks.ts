import type { FactKind } from '../../../contract/facts.ts';
import { applyEvent, type SlaLedger } from '../../../rules/sla/ledger.ts';
import type { Transaction } from '../../platform/db/database.ts';
import { isImported, type Fact } from '../../platform/facts/fact.ts';
import type { Reader } from '../../platform/facts/readers.ts';
import { activeSla, type ActiveSla } from '../../records/sla/active-policies.ts';
import { readLedgers, writeLedgers, type MovedLedger } from '../../records/sla/clock-rows.ts';
import { isOfStep, slaEventsOf, slaFacts } from '../../records/sla/events.ts';
import { lookUp } from '../../records/sla/look-up.ts';

const kinds: ReadonlySet<FactKind> = new Set(slaFacts);

/**
 * Keeps the clocks of tickets (计时的读取者): folds facts by rules/sla and writes the clocks that are different after them, in the
 * transaction that moves its cursor. Of an organization without policies it knows that after one look-up by key.
 */
export const keepClocks: Reader = {
  name: 'sla',
  kinds,
  async react(transaction, facts) {
    const ofTickets = facts.filter((fact) => fact.ticketId !== null && !isImported(fact));
    if (ofTickets.length === 0) return;
    const byTenant = Map.groupBy(ofTickets, (fact) => fact.tenantId);
    for (const [tenantId, sla] of await activeSla(transaction, [...byTenant.keys()].sort())) await fold(transaction, tenantId, sla, byTenant.get(tenantId)!);
  },
};

async function fold(transaction: Transaction, tenantId: string, sla: ActiveSla, facts: readonly Fact[]): Promise<void> {
  const created = new Set(facts.filter((fact) => fact.kind === 'ticket.created' && fact.recordedAt >= sla.since).map((fact) => fact.ticketId!));
  const others = [...new Set(facts.filter((fact) => !created.has(fact.ticketId!)).map((fact) => fact.ticketId!))].sort();
  const kept = await readLedgers(transaction, tenantId, others, sla.rules, { change: true });
  // Tickets from before the first policy have no clocks.
  const known = facts.filter((fact) => created.has(fact.ticketId!) || kept.has(fact.ticketId!));
  if (known.length === 0) return;
  const looked = await lookUp(transaction, tenantId, sla.needs, known.map((fact) => fact.ticketId!), known.filter((fact) => isOfStep(fact.kind)).map((fact) => fact.subjectId ?? ''));
  const moved: MovedLedger[] = [];
  for (const [ticketId, own] of Map.groupBy(known, (fact) => fact.ticketId!)) {
    const before = kept.get(ticketId);
    const ahead = own.filter((fact) => fact.ticketPosition! > (before?.position ?? 0));
    let ledger: SlaLedger | null = before?.ledger ?? null;
    for (const fact of ahead) for (const event of slaEventsOf(fact, looked(ticketId))) ledger = applyEvent(ledger, event, sla.rules);
    if (ledger && ahead.length > 0) moved.push({
      ticketId, position: ahead.at(-1)!.ticketPosition!, before: before?.ledger ?? null, after: ledger, done: before?.done ?? new Map(), recordedAt: ahead.at(-1)!.recordedAt.getTime(),
    });
  }
  await writeLedgers(transaction, tenantId, moved, sla.calendars);
}
