import { Type } from 'typebox';
import { AddLink, LinkKind, ListLinks, TicketLink, TicketLinkPage } from '../../../contract/collaboration.ts';
import { Closed, limits } from '../../../contract/common.ts';
import { permits, reachOf } from '../../../rules/access/policy.ts';
import { linkRules } from '../../../rules/ticket/links.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { Refusal, refuseInput } from '../../platform/errors/refusal.ts';
import { readCursor, writeCursor } from '../../platform/http/cursor.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { endOfWay, ensureNotMerged, lockTickets, mergedInto, oneAtATime } from '../../records/ticket/alias.ts';
import { withMerged } from '../../records/ticket/family.ts';
import { findReadableTicket, findTicket } from '../../records/ticket/find.ts';
import { linksOf, linkTickets, placeOf, unlinkTickets } from '../../records/ticket/link.ts';
import { endsOf, viewLinked } from '../../records/ticket/relations.ts';
import { accessOf, type TicketRow } from '../../records/ticket/row.ts';

const params = Closed({ id: Type.String({ maxLength: 64 }) });

/** The tickets that belong together with this one (关联工单列表), by kind; with the links of those merged into it. */
export const listLinks = useCase({
  summary: 'List the links of a ticket',
  params,
  query: ListLinks,
  answer: TicketLinkPage,
  async run(context, { params, query }) {
    const ticket = await findReadableTicket(context, params.id);
    const limit = query.limit ?? limits.defaultPage;
    const sources = await mergedInto(context, ticket.id);
    const numbers = new Map(sources.map((source) => [source.id, source.number]));
    const found = await linksOf(context, [ticket.id, ...numbers.keys()], query.kind, query.cursor === undefined ? null : readCursor(query.cursor, 'links'), limit + 1);
    const page = found.slice(0, limit);
    const ends = await endsOf(context, page.map((link) => link.otherId));
    return {
      items: page.map((link) => ({ kind: link.kind, ticket: viewLinked(context, ends.get(link.otherId)!), via: numbers.get(link.viaId) ?? null })),
      nextCursor: found.length > limit ? writeCursor('links', placeOf(page.at(-1)!)) : null,
    };
  },
});

/** Says how a ticket belongs together with another one that the caller may read (关联工单). */
export const addLink = useCase({
  summary: 'Link a ticket with another',
  params,
  body: AddLink,
  answer: TicketLink,
  status: 201,
  async run(context, { params, body }) {
    await oneAtATime(context);
    const named = await findReadableTicket(context, params.id);
    const found = await findTicket(context, body.ticket);
    const reach = reachOf(staffOf(context), 'ticket.read');
    if (!found || !permits(reach, accessOf(found))) throw refuseInput('/ticket', 'unknown_reference', { field: 'ticket' });
    const otherId = await endOfWay(context, found.id);
    const locked = await lockTickets(context, [named.id, otherId]);
    const [ticket, other] = [locked.get(named.id)!, locked.get(otherId)!];
    ensureMay(context, ticket);
    await ensureNotMerged(context, ticket);
    if (other.id === ticket.id) throw new Refusal('link_to_itself', { number: found.number });
    // What it was merged into may be out of the caller's sight.
    if (!permits(reach, accessOf(other))) throw refuseInput('/ticket', 'unknown_reference', { field: 'ticket' });
    // A parent is written on the child: that changes it, too.
    if (linkRules[body.kind].stored === 'parent') ensureMay(context, other);
    const linked = await linkTickets(context, body.kind, ticket, other);
    return { kind: body.kind, ticket: viewLinked(context, linked.other), via: null };
  },
});

/** Takes a link away (解除关联). The other ticket is named by id or number; it need not be one that the caller may read. */
export const removeLink = useCase({
  summary: 'Remove a link of a ticket',
  params: Closed({ id: Type.String({ maxLength: 64 }), kind: LinkKind, other: Type.String({ maxLength: 64, description: 'Id or number' }) }),
  answer: null,
  async run(context, { params }) {
    await oneAtATime(context);
    const named = await findReadableTicket(context, params.id);
    const found = await findTicket(context, params.other);
    if (!found) throw new Refusal('not_found');
    const [own, others] = await Promise.all([withMerged(context, named.id), withMerged(context, await endOfWay(context, found.id))]);
    const links = (await linksOf(context, own, params.kind, null, mostLooked)).filter((link) => others.includes(link.otherId));
    if (links.length === 0) throw new Refusal('not_found');
    const locked = await lockTickets(context, [named.id, ...links.flatMap((link) => [link.viaId, link.otherId])]);
    ensureMay(context, locked.get(named.id)!);
    for (const link of links) {
      const [ticket, other] = [locked.get(link.viaId)!, locked.get(link.otherId)!];
      // The row that changes is the child's.
      if (params.kind === 'child') ensureMay(context, other);
      await unlinkTickets(context, params.kind, ticket, other);
      // Several may hang on one of them; each goes on from what the one before left.
      for (const id of [link.viaId, link.otherId]) locked.set(id, (await findTicket(context, id))!);
    }
  },
});

// All that a ticket and what was merged into it can have of one kind.
const mostLooked = 1_000_000;

function ensureMay(context: Context, ticket: TicketRow): void {
  const subject = staffOf(context);
  if (!permits(reachOf(subject, 'ticket.update'), accessOf(ticket))) throw new Refusal('forbidden');
}
