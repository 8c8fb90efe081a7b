import { sql } from 'kysely';
import { limits } from '../../../../contract/common.ts';
import { dispatchModeNames, ListOffers, PooledOfferPage, type PooledOffer } from '../../../../contract/offer.ts';
import type { StartSource } from '../../../../contract/dispatch.ts';
import { areaOf, roughly, withoutNumbers, type OfferMode } from '../../../../rules/routing/offers.ts';
import { staffOf, type Context } from '../../../platform/context.ts';
import { build } from '../../../platform/db/database.ts';
import { readCursor, writeCursor } from '../../../platform/http/cursor.ts';
import { useCase } from '../../../platform/http/use-case.ts';
import { nextOf, waiting, type CandidateRow, type KeptPlan, type OfferRow } from '../../../records/dispatch/offers/rows.ts';
import type { NamedNeeds } from '../../../records/dispatch/visit-needs.ts';
import { configurationOf, nameIn, type Configuration } from '../../../records/organization/configuration.ts';
import { priorityName, type TicketRow } from '../../../records/ticket/row.ts';
import { reasonsAgainst, windowOf, windowOfVisit } from './eligible.ts';

/** So many are looked at for one page, of which those that one can no longer be sent to are left out. */
const mostLookedAt = 400;

/** What is offered to the caller now (抢单池), in the order it was opened; what they can no longer be sent to is not there. */
export const listOffers = useCase({
  summary: 'List what is offered to the caller',
  query: ListOffers,
  answer: PooledOfferPage,
  async run(context, { query }) {
    const limit = query.limit ?? limits.defaultPage;
    const configuration = await configurationOf(context);
    const { staffId } = staffOf(context);
    const items: PooledOffer[] = [];
    let after = query.cursor === undefined ? null : readCursor(query.cursor, 'pool')[1];
    for (let looked = 0; looked < mostLookedAt;) {
      const rows = await offered(context, staffId, after, limit + 1);
      const found = await reasonsAgainst(context, configuration, staffId, rows.map(({ offer, candidate, ticket }) => ({ ticket, teamId: offer.team_id, window: windowOf(offer), begins: candidate.begins_at })));
      for (const [index, row] of rows.entries()) {
        if (items.length === limit) return { items, nextCursor: writeCursor('pool', ['', items.at(-1)!.id]) };
        const { against, needs } = found[index]!;
        if (against === null) items.push(view(context, configuration, row, needs));
        after = row.offer.id;
      }
      looked += rows.length;
      if (rows.length <= limit) return { items, nextCursor: null };
    }
    return { items, nextCursor: after === null ? null : writeCursor('pool', ['', after]) };
  },
});

interface Offered { offer: OfferRow; candidate: CandidateRow; ticket: TicketRow; others: number }

async function offered({ tenantId, transaction, now }: Context, staffId: string, after: string | null, limit: number): Promise<Offered[]> {
  const rows = await transaction.run(sql<{ offer: string; others: number }>`
    select c.offer_id AS offer, (SELECT count(*)::int FROM offer_candidate other WHERE other.tenant_id = c.tenant_id AND other.offer_id = c.offer_id AND other.state = 'offered' AND other.staff_id <> c.staff_id) AS others
    FROM offer_candidate c JOIN offer ON offer.tenant_id = c.tenant_id AND offer.id = c.offer_id AND offer.state = 'open' AND (offer.window_end IS NULL OR offer.window_end > ${now}) JOIN ticket ON ticket.tenant_id = offer.tenant_id AND ticket.id = offer.ticket_id AND ${sql.raw(waiting)}
    WHERE c.tenant_id = ${tenantId} AND c.staff_id = ${staffId} AND c.state = 'offered' AND (${after}::uuid IS NULL OR c.offer_id > ${after}::uuid) ORDER BY c.offer_id LIMIT ${limit}`) as unknown as { offer: string; others: number }[];
  if (rows.length === 0) return [];
  const ids = rows.map(({ offer }) => offer);
  const [offers, candidates] = await Promise.all([
    transaction.run(build.selectFrom('offer').selectAll().where('tenant_id', '=', tenantId).where('id', 'in', ids)),
    transaction.run(build.selectFrom('offer_candidate').selectAll().where('tenant_id', '=', tenantId).where('offer_id', 'in', ids).where('staff_id', '=', staffId)),
  ]);
  const tickets = await transaction.run(build.selectFrom('ticket').selectAll().where('tenant_id', '=', tenantId).where('id', 'in', offers.map((offer) => offer.ticket_id)));
  return rows.map(({ offer: id, others }) => {
    const offer = offers.find((one) => one.id === id) as OfferRow;
    return { offer, others, candidate: candidates.find((one) => one.offer_id === id) as CandidateRow, ticket: tickets.find((one) => one.id === offer.ticket_id) as TicketRow };
  });
}

function view(context: Context, configuration: Configuration, { offer, candidate, ticket, others }: Offered, needs: NamedNeeds): PooledOffer {
  const exact = (offer.plan as KeptPlan).place === 'address';
  const english = context.language === 'en';
  const category = ticket.category_id === null ? undefined : configuration.categories.get(ticket.category_id);
  const text = ticket.address === null ? null : exact ? ticket.address : areaOf(ticket.address) || null;
  const point = needs.place?.point ?? null;
  const window = windowOfVisit(needs, windowOf(offer), context.now);
  return {
    id: offer.id, mode: offer.mode as OfferMode, title: dispatchModeNames[offer.mode as OfferMode][english ? 'en' : 'zh'],
    subject: withoutNumbers(ticket.subject), priority: priorityName(ticket.priority), type: nameIn(context.language, configuration.types.get(ticket.type_id)!), category: category ? [...english ? category.pathEn : category.path] : null,
    place: text === null && point === null ? null : { text, lat: point && (exact ? point.lat : roughly(point.lat)), lng: point && (exact ? point.lng : roughly(point.lng)), exact },
    windowStart: window?.from.toISOString() ?? null, windowEnd: window?.to.toISOString() ?? null, minutes: needs.minutes,
    skills: needs.skills.map(({ skillId }) => nameIn(context.language, needs.names.get(skillId)!)),
    metres: candidate.metres, travelMinutes: candidate.travel_seconds === null ? null : Math.round(candidate.travel_seconds / 60), startsFrom: candidate.starts_from as StartSource,
    offeredAt: candidate.offered_at.toISOString(), until: offer.next_at!.toISOString(), widens: nextOf(offer, 0) === 'widen', others,
  };
}
