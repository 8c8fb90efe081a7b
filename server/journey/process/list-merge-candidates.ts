import { Type } from 'typebox';
import { LikeQuery, MergeCandidates, mergeReasonNames } from '../../../contract/collaboration.ts';
import { Closed } from '../../../contract/common.ts';
import { wordsFor } from '../../../rules/intake/placeholders.ts';
import type { Context } from '../../platform/context.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { normalisePhone } from '../../platform/masking.ts';
import { tellOnTicket } from '../../records/ticket/change.ts';
import { findReadableTicket, lockTicketFor } from '../../records/ticket/find.ts';
import { keepApart } from '../../records/ticket/kept-apart.ts';
import { mergeCandidates, type Candidate, type Compared, type Crowd } from '../../records/ticket/merge-candidates.ts';
import { viewLinked } from '../../records/ticket/relations.ts';
import { statusOf, type TicketRow } from '../../records/ticket/row.ts';

/** Tickets that may be the same matter as this one (疑似重复工单), each with its reasons, for whoever is about to merge; and whether many are on about it. */
export const listMergeCandidates = useCase({
  summary: 'Propose tickets to merge with',
  params: Closed({ id: Type.String({ maxLength: 64 }) }),
  answer: MergeCandidates,
  run: async (context, { params }) => view(context, await mergeCandidates(context, await findReadableTicket(context, params.id))),
});

/** The same for a request that is being written (新建查重). */
export const listLikeTickets = useCase({
  summary: 'Propose tickets that a new request may belong to',
  query: LikeQuery,
  answer: MergeCandidates,
  async run(context, { query }) {
    const draft: Compared = {
      id: null, customer_id: query.customer ?? null, contact_phone: query.phone === undefined ? null : normalisePhone(query.phone), asset_id: query.asset ?? null, category_id: query.category ?? null, address: query.address ?? null, lat: null, lng: null,
      subject: query.subject ?? '', description: '', created_at: context.now, merged_into: null, parent_id: null,
    };
    return view(context, await mergeCandidates(context, draft));
  },
});

/** Remembers that two tickets are two matters (不是同一件事): they are proposed no more. */
export const keepTicketsApart = useCase({
  summary: 'Say that another ticket is not the same matter',
  params: Closed({ id: Type.String({ maxLength: 64 }), other: Type.String({ maxLength: 64 }) }),
  answer: MergeCandidates,
  async run(context, { params }) {
    const other = await findReadableTicket(context, params.other);
    const ticket = await lockTicketFor(context, params.id, 'ticket.update');
    if (other.id === ticket.id) throw new Refusal('link_to_itself', { number: ticket.number });
    const told = await keepApart(context, 'ticket', ticket.id, other.id) ? await tellOnTicket(context, ticket, { kind: 'ticket.kept_apart', quiet: true, data: { from: { id: other.id, number: other.number }, visibility: 'internal' } }) : ticket;
    return view(context, await mergeCandidates(context, told));
  },
});

function view(context: Context, { candidates, crowd }: { candidates: Candidate[]; crowd: Crowd | null }): MergeCandidates {
  // Found within the caller's reach.
  const linked = (ticket: Pick<TicketRow, 'id' | 'number' | 'subject' | 'status' | 'status_id'>) => ({ id: ticket.id, number: ticket.number, subject: wordsFor(ticket.subject, context.language), status: statusOf(ticket as TicketRow) });
  return {
    items: candidates.map(({ ticket, score, reasons, offered }) => ({
      ticket: linked(ticket), createdAt: ticket.created_at.toISOString(), score, offered,
      reasons: reasons.map((code) => ({ code, title: mergeReasonNames[code][context.language === 'en' ? 'en' : 'zh'] })),
    })),
    crowd: crowd && { people: crowd.people, reason: crowd.reason, tickets: crowd.tickets.map((ticket) => ({ ...linked(ticket), address: ticket.address, createdAt: ticket.created_at.toISOString(), sure: ticket.sure })), parent: crowd.parent && viewLinked(context, crowd.parent) },
  };
}
