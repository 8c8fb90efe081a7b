import { sql } from 'kysely';
import { Type } from 'typebox';
import { Closed, limits } from '../../../../contract/common.ts';
import { DispatchedOfferPage, ListDispatchedOffers, offerLimits, TicketOffers } from '../../../../contract/offer.ts';
import { permits, reachOf } from '../../../../rules/access/policy.ts';
import { staffOf } from '../../../platform/context.ts';
import { build } from '../../../platform/db/database.ts';
import { readCursor, writeCursor } from '../../../platform/http/cursor.ts';
import { useCase } from '../../../platform/http/use-case.ts';
import { reachCondition } from '../../../records/access/reach-condition.ts';
import { modeFor, modesOf } from '../../../records/dispatch/modes.ts';
import { waiting, waitsForSomebody, type OfferRow } from '../../../records/dispatch/offers/rows.ts';
import { configurationOf, nameIn } from '../../../records/organization/configuration.ts';
import { findReadableTicket } from '../../../records/ticket/find.ts';
import { accessOf, priorityName } from '../../../records/ticket/row.ts';
import { viewOffers } from './view-offer.ts';

/** How a ticket was and is offered (工单派单记录): the rings, who was asked and what they said, and what comes next. */
export const showTicketOffers = useCase({
  summary: 'Show how a ticket is offered',
  params: Closed({ id: Type.String({ maxLength: 64 }) }),
  answer: TicketOffers,
  async run(context, { params }) {
    const ticket = await findReadableTicket(context, params.id);
    const [rows, { settings }] = await Promise.all([
      context.transaction.run(build.selectFrom('offer').selectAll().where('tenant_id', '=', context.tenantId).where('ticket_id', '=', ticket.id).orderBy('id', 'desc').limit(offerLimits.shown)),
      modesOf(context, ticket.team_id),
    ]);
    const items = await viewOffers(context, rows as OfferRow[]);
    return {
      items, mode: modeFor(settings, ticket.type_id),
      mayOffer: waitsForSomebody(ticket) && !items.some(({ state }) => state === 'open') && permits(reachOf(staffOf(context), 'ticket.assign'), accessOf(ticket)),
    };
  },
});

/** Offers of the tickets one gives out (派单跟踪): those that run, or those nobody took whose ticket still waits for somebody. Newest first. */
export const listDispatchedOffers = useCase({
  summary: 'List offers of the tickets one gives out',
  query: ListDispatchedOffers,
  answer: DispatchedOfferPage,
  async run(context, { query }) {
    const state = query.state ?? 'lapsed';
    const limit = query.limit ?? limits.defaultPage;
    const sort = `offers-${state}`;
    // Of what nobody took only the latest counts: offered once more since, it waits for nobody here. That is looked up for the tickets that wait, as
    // offers that lapsed become ever more; those that run are few.
    const latest = state === 'lapsed' ? sql`order by one.id desc limit 1` : sql`and one.state = 'open'`;
    const theirs = sql<OfferRow>`(select * from offer one where one.tenant_id = ticket.tenant_id and one.ticket_id = ticket.id ${latest})`.as('offer');
    let select = build.selectFrom('ticket').innerJoinLateral(theirs, (join) => join.onTrue())
      .selectAll('offer').select(['ticket.number', 'ticket.subject', 'ticket.priority', 'ticket.team_id as ticket_team_id'])
      .where('ticket.tenant_id', '=', context.tenantId).where('offer.state', '=', state).where(sql<boolean>`${sql.raw(waiting)}`)
      .where(reachCondition(reachOf(staffOf(context), 'ticket.assign')));
    if (query.cursor !== undefined) select = select.where('offer.id', '<', readCursor(query.cursor, sort)[1]);
    const rows = await context.transaction.run(select.orderBy('offer.id', 'desc').limit(limit + 1));
    const page = rows.slice(0, limit);
    const { teams } = await configurationOf(context);
    const offers = await viewOffers(context, page as OfferRow[]);
    return {
      items: page.map((row, index) => {
        const team = row.ticket_team_id === null ? undefined : teams.get(row.ticket_team_id);
        return { offer: offers[index]!, ticket: { id: row.ticket_id, number: row.number, subject: row.subject, priority: priorityName(row.priority), team: team ? { id: team.id, name: nameIn(context.language, team) } : null } };
      }),
      nextCursor: rows.length > limit ? writeCursor(sort, ['', page.at(-1)!.id]) : null,
    };
  },
});
