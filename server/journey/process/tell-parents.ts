import type { FactKind } from '../../../contract/facts.ts';
import { systemActor } from '../../platform/context.ts';
import type { Transaction } from '../../platform/db/database.ts';
import type { Fact } from '../../platform/facts/fact.ts';
import type { Reader } from '../../platform/facts/readers.ts';
import { endOfWay, lockTickets } from '../../records/ticket/alias.ts';
import { tellOnTicket, type Writing } from '../../records/ticket/change.ts';
import { childCounts, withMerged } from '../../records/ticket/family.ts';

const kinds: ReadonlySet<FactKind> = new Set(['ticket.resolved', 'ticket.confirmed', 'ticket.closed', 'ticket.cancelled', 'ticket.reopened', 'ticket.merged', 'ticket.unmerged', 'comment.added']);

/** Of a great many children that move at once, this many are named. */
const mostNamed = 50;

/**
 * Lets a parent's timeline say how its children fare (子工单进展): what was settled, reopened or answered by its customer. All
 * of a batch is told once, with the counts of that moment and the children's numbers; what was said stays with the child,
 * as not everybody who reads the parent may read that.
 */
export const tellParents: Reader = {
  name: 'parents',
  kinds,
  async react(transaction, facts) {
    const told = facts.filter((fact) => parentOf(fact) !== null && (fact.kind !== 'comment.added' || fact.data['direction'] === 'inbound'));
    const byTenant = [...Map.groupBy(told, (fact) => fact.tenantId)].sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [tenantId, ofTenant] of byTenant) await tellOf(tenantId, transaction, ofTenant);
  },
};

async function tellOf(tenantId: string, everybodys: Transaction, facts: readonly Fact[]): Promise<void> {
  // The reader's transaction is everybody's; what is written here is this organization's.
  const context: Writing = { tenantId, transaction: { ...everybodys, tenantId }, now: facts.reduce((latest, fact) => (fact.recordedAt > latest ? fact.recordedAt : latest), new Date(0)), actor: systemActor };
  const ends = new Map<string, string>();
  for (const id of new Set(facts.map((fact) => parentOf(fact)!))) ends.set(id, await endOfWay(context, id));
  const parents = await lockTickets(context, ends.values());
  for (const [id, ofParent] of Map.groupBy(facts, (fact) => ends.get(parentOf(fact)!)!)) {
    const parent = parents.get(id);
    // A child that was merged into its parent is the parent.
    const progress = ofParent.filter((fact) => fact.ticketId !== id);
    if (!parent || progress.length === 0) continue;
    await tellOnTicket(context, parent, {
      kind: 'children.progressed',
      data: {
        children: progress.slice(0, mostNamed).map((fact) => ({ number: fact.data['number'], what: whatOf(fact.kind), at: fact.occurredAt.toISOString() })),
        more: Math.max(0, progress.length - mostNamed),
        counts: await childCounts(context, await withMerged(context, id)),
        visibility: 'internal',
      },
    });
  }
}

const whatOf = (kind: FactKind): string => (kind === 'comment.added' ? 'answered' : kind.slice('ticket.'.length));

function parentOf(fact: Fact): string | null {
  const parentId = (fact.data['now'] as { parentId?: unknown } | undefined)?.parentId;
  return typeof parentId === 'string' ? parentId : null;
}
