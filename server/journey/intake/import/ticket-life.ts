import type { ImportedTicket } from '../../../../contract/import.ts';
import type { TicketStatus, WaitingFor } from '../../../../rules/ticket/lifecycle.ts';
import type { Context } from '../../../platform/context.ts';
import { refuseInput } from '../../../platform/errors/refusal.ts';
import type { FactActor, LinkedFact } from '../../../platform/facts/fact.ts';
import { normalisePhone } from '../../../platform/masking.ts';
import { setNewTimer } from '../../../platform/timers/timers.ts';
import { insertMessage, tellOfMessage } from '../../../records/conversation/add-message.ts';
import { changeTicket, writeTicketRow, type TicketPatch, type Writing } from '../../../records/ticket/change.ts';
import type { TicketRow } from '../../../records/ticket/row.ts';
import { recordRating, silenceDays } from '../../../records/ticket/settle.ts';
import { staffSaid } from './find.ts';

/** What happened to a ticket elsewhere. */
export interface Life extends Omit<ImportedTicket, 'createdAt' | 'resolvedAt' | 'closedAt'> {
  createdAt: Date;
  resolvedAt: Date | null;
  closedAt: Date | null;
  status: TicketStatus;
  statusId: string | null;
  /** For whom, where its status says that it waits. */
  waitingFor: WaitingFor;
}

type Step = { at: Date; take: (writing: Writing, ticket: TicketRow) => Promise<TicketRow> };

/**
 * Takes an imported ticket through what it went through elsewhere (补录历史), in the order of time: given to somebody, what
 * was said, resolved, closed or cancelled, rated. Each step is a fact at its own time that says it was imported.
 *
 * @param heldFacts given for a plain life of a ticket that is not written yet: the facts are kept there
 */
export async function liveThrough(context: Context, ticket: TicketRow, life: Life, heldFacts?: LinkedFact[]): Promise<TicketRow> {
  const imported = { recordedAt: context.now };
  const steps = [...await assignment(context, life), ...await conversation(context, ticket, life)].sort((a, b) => a.at.getTime() - b.at.getTime());
  const last = steps.at(-1)?.at ?? life.createdAt;
  // What was said after the end was said then; the end stands where it was.
  steps.push(...endOf(life, last));
  steps.sort((a, b) => a.at.getTime() - b.at.getTime());
  if (steps.length === 0) return ticket;
  let current = ticket;
  for (const { at, take } of steps) current = await take({ tenantId: context.tenantId, transaction: context.transaction, actor: context.actor, now: at, holdRow: true, imported, ...heldFacts ? { heldFacts } : {} }, current);
  if (!heldFacts) await writeTicketRow(context, current);
  if (current.status === 'resolved') await setNewTimer(context.transaction, { kind: 'ticket.close_after_silence', subjectId: ticket.id, dueAt: new Date(context.now.getTime() + silenceDays * 86_400_000) });
  return current;
}

/** Whether nothing of a life is written beside the ticket and its facts: such a ticket can be written once, when it is over. */
export const isPlain = (life: Pick<Life, 'comments' | 'rating'>): boolean => (life.comments ?? []).length === 0 && life.rating === undefined;

const isOver = (status: TicketStatus): boolean => status === 'resolved' || status === 'closed' || status === 'cancelled';

async function assignment(context: Context, life: Life): Promise<Step[]> {
  if (life.assignee === undefined) return [];
  const [person] = await staffSaid(context, life.assignee);
  if (!person!.active && !isOver(life.status)) throw refuseInput('/assignee', 'reference_inactive', { field: 'assignee' });
  return [{
    at: life.createdAt,
    take: (writing, ticket) => changeTicket(writing, ticket, { assignee_id: person!.id, participant_ids: [person!.id], ...(life.status === 'new' ? {} : { status: 'open' }) }, { kind: 'ticket.assigned', data: { assigneeName: person!.name } }),
  }];
}

async function conversation(context: Context, ticket: TicketRow, life: Life): Promise<Step[]> {
  const steps: Step[] = [];
  const known = new Map<string, FactActor>();
  for (const comment of life.comments ?? []) {
    const author = comment.author?.trim() ?? '';
    const actor = known.get(author) ?? await actorOf(context, ticket, author);
    known.set(author, actor);
    const visibility = comment.visibility ?? 'public';
    const direction = actor.kind === 'customer' ? 'inbound' : visibility === 'public' ? 'outbound' : 'internal';
    steps.push({
      at: new Date(comment.at),
      take: async (writing, current) => {
        const by = { ...writing, actor };
        return tellOfMessage(by, current, await insertMessage(by, current, { body: comment.body, visibility: actor.kind === 'customer' ? 'public' : visibility, direction, mentions: [] }), []);
      },
    });
  }
  return steps;
}

/** Who wrote it: the customer, a colleague who is known here, or somebody who was one elsewhere. */
async function actorOf(context: Context, ticket: TicketRow, author: string): Promise<FactActor> {
  const word = author.toLowerCase();
  const isCustomer = ['customer', 'requester', '客户', '报修人', '业主'].includes(word) || (author !== '' && (author === ticket.contact_name || word === ticket.contact_email || normalisePhone(author) === ticket.contact_phone));
  if (isCustomer) return { kind: 'customer', id: ticket.customer_id, name: ticket.contact_name };
  if (author === '') return { kind: 'system', id: null, name: null };
  const people = await staffSaid(context, author);
  return people.length === 1 ? { kind: 'staff', id: people[0]!.id, name: people[0]!.name } : { kind: 'staff', id: null, name: author };
}

function endOf(life: Life, last: Date): Step[] {
  const { status, statusId, resolution } = life;
  const change = (patch: TicketPatch, kind: Parameters<typeof changeTicket>[3]['kind'], data: Record<string, unknown> = {}) => (writing: Writing, ticket: TicketRow) => changeTicket(writing, ticket, { ...patch, ...(statusId === null ? {} : { status_id: statusId }) }, { kind, data });
  const rated = (at: Date): Step[] => (life.rating === undefined ? [] : [{ at, take: async (writing, ticket) => await recordRating({ ...writing, actor: { kind: 'customer', id: ticket.customer_id, name: ticket.contact_name } }, ticket, life.rating!, null) ?? ticket }]);
  switch (status) {
    case 'new': return statusId === null ? [] : [{ at: last, take: change({ status }, 'ticket.status_changed') }];
    case 'open': return [{ at: last, take: (writing, ticket) => (ticket.status === 'open' && statusId === null ? Promise.resolve(ticket) : change({ status }, 'ticket.status_changed')(writing, ticket)) }];
    case 'waiting': return [{ at: last, take: change({ status, waiting_for: life.waitingFor }, 'ticket.waiting_started', { for: life.waitingFor }) }];
    case 'cancelled': return [{ at: life.closedAt ?? last, take: change({ status, closed_at: life.closedAt ?? last }, 'ticket.cancelled') }];
    case 'resolved': case 'closed': {
      const resolvedAt = life.resolvedAt ?? life.closedAt ?? last;
      const closedAt = life.closedAt ?? (last > resolvedAt ? last : resolvedAt);
      const resolved: Step = { at: resolvedAt, take: (writing, ticket) => changeTicket(writing, ticket, { status: 'resolved', resolution: resolution ?? null, resolved_at: resolvedAt, waiting_for: null, ...(status === 'resolved' && statusId !== null ? { status_id: statusId } : {}) }, { kind: 'ticket.resolved', data: { resolution: resolution ?? null } }) };
      return status === 'resolved' ? [resolved, ...rated(resolvedAt)] : [resolved, { at: closedAt, take: change({ status, closed_at: closedAt }, 'ticket.closed', { reason: 'imported' }) }, ...rated(closedAt)];
    }
  }
}

