import { dispatchModeNames, offerLimits, type Offer } from '../../../../contract/offer.ts';
import type { StartSource } from '../../../../contract/dispatch.ts';
import type { CandidateState, OfferMode, OfferState } from '../../../../rules/routing/offers.ts';
import type { Context } from '../../../platform/context.ts';
import { build } from '../../../platform/db/database.ts';
import { firstCandidatesOf, nextOf, planOf, type OfferRow } from '../../../records/dispatch/offers/rows.ts';
import { namesOfStaff } from '../../../records/staff/names.ts';

/** An offer as whoever gives out its ticket sees it (派单邀约视图). */
export async function viewOffer(context: Context, id: string): Promise<Offer> {
  const row = await context.transaction.first(build.selectFrom('offer').selectAll().where('tenant_id', '=', context.tenantId).where('id', '=', id));
  return (await viewOffers(context, [row as OfferRow]))[0]!;
}

/** Several, with what belongs to them looked up once. */
export async function viewOffers(context: Context, rows: readonly OfferRow[]): Promise<Offer[]> {
  const candidates = await firstCandidatesOf(context, rows.map(({ id }) => id), offerLimits.candidatesShown);
  const names = await namesOfStaff(context, [...new Set(candidates.map(({ staff_id: id }) => id))]);
  const byOffer = Map.groupBy(candidates, (candidate) => candidate.offer_id);
  const language = context.language === 'en' ? 'en' : 'zh';
  return rows.map((row) => {
    const own = byOffer.get(row.id) ?? [];
    const asked = own[0]?.asked ?? 0;
    const plan = planOf(row);
    return {
      id: row.id, ticketId: row.ticket_id, mode: plan.mode, title: dispatchModeNames[row.mode as OfferMode][language], state: row.state as OfferState, automatic: row.automatic, ring: row.ring, rings: plan.rings.length,
      windowStart: row.window_start?.toISOString() ?? null, windowEnd: row.window_end?.toISOString() ?? null, note: row.note,
      openedAt: row.opened_at.toISOString(), openedBy: row.opened_by_name, takenBy: row.taken_by === null ? null : { id: row.taken_by, name: row.taken_by_name ?? '' },
      endedAt: row.ended_at?.toISOString() ?? null, endedBy: row.ended_by_name, reason: row.ended_reason,
      nextAt: row.next_at?.toISOString() ?? null, next: row.state === 'open' ? nextOf(row, asked) : null,
      candidateCount: asked,
      candidates: own.map((candidate) => ({
        staff: { id: candidate.staff_id, name: names.get(candidate.staff_id) ?? '' }, state: candidate.state as CandidateState, ring: candidate.ring, score: Math.round(candidate.score * 10) / 10,
        metres: candidate.metres, travelMinutes: candidate.travel_seconds === null ? null : Math.round(candidate.travel_seconds / 60), startsFrom: candidate.starts_from as StartSource,
        offeredAt: candidate.offered_at.toISOString(), answeredAt: candidate.answered_at?.toISOString() ?? null, reason: candidate.reason,
      })),
      version: row.version,
    };
  });
}
