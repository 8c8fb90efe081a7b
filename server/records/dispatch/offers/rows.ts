import type { Selectable } from 'kysely';
import type { ModeSettings } from '../../../../contract/offer.ts';
import { whatComes, type Standing, type CandidateState, type OfferMode, type OfferPlan } from '../../../../rules/routing/offers.ts';
import type { Context } from '../../../platform/context.ts';
import { build, statement } from '../../../platform/db/database.ts';
import type { OfferTable, OfferCandidateTable } from '../../../platform/db/tables.ts';
import type { TicketRow } from '../../ticket/row.ts';

export type OfferRow = Selectable<OfferTable>;
export type CandidateRow = Selectable<OfferCandidateTable>;
/** An offer with what one of those asked said to it, and when they could be there. */
export type OwnOffer = OfferRow & { own_state: CandidateState; own_begins: Date };
type Reading = Pick<Context, 'tenantId' | 'transaction'>;

/** What an offer goes by to its end, whatever its team says meanwhile. */
export type KeptPlan = Omit<ModeSettings, 'mode' | 'types'>;

const lockById = statement<OfferRow>('offer.lock', 'SELECT * FROM offer WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE');
const lockOpen = statement<OfferRow>('offer.lock_open', "SELECT * FROM offer WHERE tenant_id = $1 AND ticket_id = $2 AND state = 'open' FOR NO KEY UPDATE");
const findOwn = statement<OwnOffer>('offer.find_own', `
  SELECT o.*, c.state AS own_state, c.begins_at AS own_begins FROM offer o JOIN offer_candidate c ON c.tenant_id = o.tenant_id AND c.offer_id = o.id AND c.staff_id = $3 WHERE o.tenant_id = $1 AND o.id = $2`);
const findFirstCandidates = statement<CandidateRow & { asked: number }>('offer.first_candidates', `
  SELECT c.* FROM unnest($2::uuid[]) AS o (id) CROSS JOIN LATERAL (
    SELECT c.*, (count(*) OVER ())::int AS asked FROM offer_candidate c WHERE c.tenant_id = $1 AND c.offer_id = o.id ORDER BY c.place LIMIT $3) c ORDER BY c.offer_id, c.place`);
const findCandidates = statement<CandidateRow>('offer.candidates', 'SELECT * FROM offer_candidate WHERE tenant_id = $1 AND offer_id = ANY($2::uuid[]) ORDER BY offer_id, place');

/** Locks an offer; its ticket has to be locked before (锁单顺序), or two who do it the other way round would wait for each other. */
export const lockOffer = async ({ tenantId, transaction }: Reading, id: string): Promise<OfferRow | undefined> => (await transaction.query(lockById, [tenantId, id]))[0];
/** Locks the offer that runs on a locked ticket. */
export const lockOpenOffer = async ({ tenantId, transaction }: Reading, ticketId: string): Promise<OfferRow | undefined> => (await transaction.query(lockOpen, [tenantId, ticketId]))[0];

/** An offer that was made to somebody, with what they said to it; nothing for others. */
export const findOfferTo = async ({ tenantId, transaction }: Reading, id: string, staffId: string): Promise<OwnOffer | undefined> => (await transaction.query(findOwn, [tenantId, id, staffId]))[0];

export const candidatesOf = ({ tenantId, transaction }: Reading, offerIds: readonly string[]): Promise<CandidateRow[]> => (offerIds.length === 0 ? Promise.resolve([]) : transaction.query(findCandidates, [tenantId, offerIds]));

/** The first so many of each, with how many there are in all. */
export const firstCandidatesOf = ({ tenantId, transaction }: Reading, offerIds: readonly string[], most: number): Promise<(CandidateRow & { asked: number })[]> =>
  (offerIds.length === 0 ? Promise.resolve([]) : transaction.query(findFirstCandidates, [tenantId, offerIds, most]));

/** Whether a ticket waits for somebody (可派): nobody has it, and it is neither done nor gone on as another one. */
export const waitsForSomebody = (ticket: Pick<TicketRow, 'status' | 'assignee_id' | 'merged_into'>): boolean =>
  ticket.assignee_id === null && ticket.merged_into === null && ['new', 'open', 'waiting'].includes(ticket.status);
/** The same in SQL, of `ticket`. */
export const waiting = "ticket.assignee_id IS NULL AND ticket.merged_into IS NULL AND ticket.status IN ('new', 'open', 'waiting')";

/** Whether the window of its visit is over (时段已过): nobody can come then any more. */
export const isPast = (offer: Pick<OfferRow, 'window_end'>, now: Date): boolean => offer.window_end !== null && offer.window_end <= now;

/** What happens when nobody answers (下一步): where its moment is the end of the window, nothing comes behind it. */
export const nextOf = (offer: Pick<OfferRow, 'mode' | 'plan' | 'ring' | 'next_at' | 'window_end'>, asked: number): 'widen' | 'next' | 'lapse' =>
  (offer.next_at !== null && isPast(offer, offer.next_at) ? 'lapse' : whatComes(planOf(offer), { ring: offer.ring, asked }));

/** The rules' view of an offer. */
export const planOf = (offer: Pick<OfferRow, 'mode' | 'plan'>): OfferPlan & KeptPlan => ({ ...offer.plan as KeptPlan, mode: offer.mode as OfferMode });
export const standingOf = (offer: Pick<OfferRow, 'ring' | 'next_at'>, candidates: readonly CandidateRow[]): Standing =>
  ({ ring: offer.ring, nextAt: offer.next_at?.getTime() ?? Infinity, candidates: candidates.map((row) => ({ id: row.staff_id, state: row.state as CandidateState })) });

/** Says how an offer ended; whoever was asked and has not answered may no longer. */
export async function endOffer({ tenantId, transaction, now }: Pick<Context, 'tenantId' | 'transaction' | 'now'>, offer: OfferRow, how: Pick<OfferRow, 'state'> & Partial<Pick<OfferRow, 'taken_by' | 'taken_by_name' | 'ended_by_name' | 'ended_reason'>>): Promise<void> {
  await transaction.run(build.updateTable('offer').set({ ...how, next_at: null, ended_at: now, version: offer.version + 1 }).where('tenant_id', '=', tenantId).where('id', '=', offer.id));
  await setCandidates({ tenantId, transaction, now }, offer.id, null, how.state === 'lapsed' ? 'passed' : 'missed');
}

/** What some of those asked have answered; null: all who have not. */
export async function setCandidates({ tenantId, transaction, now }: Pick<Context, 'tenantId' | 'transaction' | 'now'>, offerId: string, staffIds: readonly string[] | null, state: CandidateState, reason: string | null = null): Promise<void> {
  if (staffIds?.length === 0) return;
  let update = build.updateTable('offer_candidate').set({ state, reason, answered_at: state === 'missed' || state === 'passed' ? null : now }).where('tenant_id', '=', tenantId).where('offer_id', '=', offerId).where('state', '=', 'offered');
  if (staffIds !== null) update = update.where('staff_id', 'in', staffIds);
  await transaction.run(update);
}
