import type { FactKind } from '../../../contract/facts.ts';
import { statement, type Transaction } from '../../platform/db/database.ts';
import { isImported, type Fact } from '../../platform/facts/fact.ts';
import type { Reader } from '../../platform/facts/readers.ts';
import { setTimer } from '../../platform/timers/timers.ts';

/** What may need nobody to be found any more. */
const settling: ReadonlySet<FactKind> = new Set(['ticket.assigned', 'ticket.status_changed', 'ticket.resolved', 'ticket.confirmed', 'ticket.closed', 'ticket.cancelled', 'ticket.merged']);
const arriving: ReadonlySet<FactKind> = new Set(['ticket.created', 'ticket.transferred', 'ticket.changed', 'ticket.declined', 'ticket.returned', 'task.opened']);

const findModes = statement<{ tenant_id: string; team_id: string }>('offers.modes', `
  SELECT m.tenant_id, m.team_id FROM unnest($1::uuid[], $2::uuid[]) AS t (tenant_id, team_id) JOIN dispatch_mode m ON m.tenant_id = t.tenant_id AND m.team_id = t.team_id AND m.settings IS NOT NULL`);
const findRunning = statement<{ tenant_id: string; ticket_id: string }>('offers.running', `
  SELECT o.tenant_id, o.ticket_id FROM unnest($1::uuid[], $2::uuid[]) AS t (tenant_id, ticket_id) JOIN offer o ON o.tenant_id = t.tenant_id AND o.ticket_id = t.ticket_id AND o.state = 'open'`);

/**
 * Watches where tickets go (派单监听): one that comes to a team that does not wait for a dispatcher, or back to it, is offered, and what is
 * offered is taken back when its ticket needs nobody any more. Both by timers that are due at once, each in a transaction of its own
 * that locks the ticket first; so nothing waits for a ticket that somebody holds.
 */
export const watchTickets: Reader = {
  name: 'offers',
  kinds: new Set<FactKind>([...settling, ...arriving]),
  async react(transaction, all) {
    const facts = all.filter((fact) => fact.ticketId !== null && !isImported(fact));
    const arrivals = facts.flatMap((fact) => arrivalOf(fact) ?? []);
    const rest = facts.filter((fact) => settling.has(fact.kind));
    if (arrivals.length === 0 && rest.length === 0) return;
    const concerned = [...arrivals.map(({ fact }) => fact), ...rest];
    const [modes, running] = await Promise.all([
      arrivals.length === 0 ? [] : transaction.query(findModes, [arrivals.map(({ fact }) => fact.tenantId), arrivals.map(({ teamId }) => teamId)]),
      transaction.query(findRunning, [concerned.map((fact) => fact.tenantId), concerned.map((fact) => fact.ticketId)]),
    ]);
    const own = new Set(modes.map((row) => `${row.tenant_id} ${row.team_id}`));
    const offered = new Set(running.map((row) => `${row.tenant_id} ${row.ticket_id}`));
    for (const { fact, teamId, task } of arrivals) {
      if (own.has(`${fact.tenantId} ${teamId}`) || offered.has(`${fact.tenantId} ${fact.ticketId}`)) await set(transaction, fact, 'offer.open', task ? { teamId, task } : {});
    }
    for (const fact of rest) if (offered.has(`${fact.tenantId} ${fact.ticketId}`)) await set(transaction, fact, 'offer.due', {});
  },
};

const set = (transaction: Transaction, fact: Fact, kind: 'offer.open' | 'offer.due', data: Record<string, unknown>): Promise<void> =>
  setTimer({ ...transaction, tenantId: fact.tenantId }, { kind, subjectId: fact.ticketId!, dueAt: fact.recordedAt, data });

/** The team that a fact brings a ticket to, or a step on site of its flow; null for what does neither. */
function arrivalOf(fact: Fact): { fact: Fact; teamId: string; task: boolean } | null {
  const { data } = fact;
  if (fact.kind === 'task.opened') {
    const teams = (data['teamIds'] as string[] | undefined) ?? [];
    return data['taskKind'] === 'onsite_task' && teams.length === 1 ? { fact, teamId: teams[0]!, task: true } : null;
  }
  if (!arriving.has(fact.kind) || (fact.kind === 'ticket.changed' && !Object.hasOwn((data['after'] as object | undefined) ?? {}, 'teamId'))) return null;
  const { teamId, assigneeId } = (data['now'] ?? {}) as { teamId?: string | null; assigneeId?: string | null };
  return teamId && !assigneeId ? { fact, teamId, task: false } : null;
}
