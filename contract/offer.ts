import { Type, type Static } from 'typebox';
import { candidateStates, dispatchModes, offerModes, offerStates, type DispatchMode } from '../rules/routing/offers.ts';
import { priorities } from '../rules/ticket/lifecycle.ts';
import { Closed, Id, limits, Nullable, NullableTimestamp, OneOf, Page, pageQuery, Reference, Timestamp, visible } from './common.ts';
import { startSources } from './dispatch.ts';

/** Ways of giving out tickets (派单方式), in words. */
export const dispatchModeNames: Record<DispatchMode, { zh: string; en: string }> = {
  direct: { zh: '直接指派', en: 'Given by a dispatcher' },
  grab: { zh: '抢单', en: 'Open to whoever is first' },
  in_turn: { zh: '依次派单', en: 'In turn' },
  by_load: { zh: '按负荷派单', en: 'Whoever has least first' },
  nearest: { zh: '就近派单', en: 'Nearest first' },
  best_match: { zh: '最佳匹配', en: 'Best match first' },
};

export const offerLimits = { rings: 5, people: 500, kilometres: 500, minutes: { minimum: 1, maximum: 1_440 }, candidates: 50, types: 50, shown: 10, candidatesShown: 50 } as const;

const minutes = Type.Integer(offerLimits.minutes);
const Ring = Closed({
  people: Nullable(Type.Integer({ minimum: 1, maximum: offerLimits.people, description: 'The first so many' })),
  kilometres: Nullable(Type.Number({ exclusiveMinimum: 0, maximum: offerLimits.kilometres })),
  minutes: Nullable(Type.Integer({ ...offerLimits.minutes, description: 'Of travel' })),
}, { description: 'Who is let in: all that is given must hold. Where nobody knows the place, distances bind nobody' });

export const escalations = ['dispatchers', 'lead', 'both'] as const;
export type Escalation = (typeof escalations)[number];

const ModeSettings = Closed({
  mode: OneOf(dispatchModes, { description: 'How its tickets are given out' }),
  types: Type.Array(Closed({ typeId: Id, mode: OneOf(dispatchModes) }), { maxItems: offerLimits.types, description: 'Types of tickets that are given out otherwise' }),
  rings: Type.Array(Ring, { maxItems: offerLimits.rings, description: 'grab: from narrow to wide; behind the last comes the whole team' }),
  ringOrder: OneOf(['best_match', 'nearest'], { description: 'Who are the first of a ring' }),
  widenMinutes: minutes, acceptMinutes: minutes,
  mostCandidates: Type.Integer({ minimum: 1, maximum: offerLimits.candidates, description: 'How many are asked one after another' }),
  escalateTo: OneOf(escalations, { description: 'Who is told when nobody took it' }),
  place: OneOf(['area', 'address'], { description: 'What is told of the place before somebody has taken it' }),
});
export type ModeSettings = Static<typeof ModeSettings>;

/** Until a team says otherwise its tickets are given by somebody; opened by hand, a grab goes to three, then eight, then all. */
export const usualModes: ModeSettings = {
  mode: 'direct', types: [], rings: [{ people: 3, kilometres: null, minutes: null }, { people: 8, kilometres: null, minutes: null }], ringOrder: 'best_match',
  widenMinutes: 3, acceptMinutes: 5, mostCandidates: 5, escalateTo: 'both', place: 'area',
};

/** How a team gives out its tickets (班组派单方式). */
export const DispatchModes = Closed({
  team: Reference, settings: ModeSettings,
  own: Type.Boolean({ description: 'False while the team goes by the usual settings' }),
  version: Type.Integer({ description: '0 while nothing was ever entered' }),
}, { title: 'DispatchModes' });
export type DispatchModes = Static<typeof DispatchModes>;
export const UpdateDispatchModes = Closed({ settings: Nullable(ModeSettings) }, { title: 'UpdateDispatchModes', description: 'Null: the usual settings again' });

/** Somebody an offer was made to, and what they said (派单候选人). */
const OfferCandidate = Closed({
  staff: Reference, state: OneOf(candidateStates), ring: Type.Integer(), score: Type.Number(),
  metres: Nullable(Type.Integer()), travelMinutes: Nullable(Type.Integer()), startsFrom: OneOf(startSources),
  offeredAt: Timestamp, answeredAt: NullableTimestamp, reason: Nullable(Type.String()),
});

/** A ticket offered to people (派单邀约), as whoever gives it out sees it. */
export const Offer = Closed({
  id: Id, ticketId: Id, mode: OneOf(offerModes), title: Type.String({ description: 'The mode in words' }), state: OneOf(offerStates), automatic: Type.Boolean(),
  ring: Type.Integer({ description: 'grab: how far it is open, from 0; as many as there are rings: to the whole team' }), rings: Type.Integer(),
  windowStart: NullableTimestamp, windowEnd: NullableTimestamp, note: Nullable(Type.String()),
  openedAt: Timestamp, openedBy: Nullable(Type.String()), takenBy: Nullable(Reference), endedAt: NullableTimestamp, endedBy: Nullable(Type.String()), reason: Nullable(Type.String()),
  nextAt: NullableTimestamp, next: Nullable(OneOf(['widen', 'next', 'lapse'], { description: 'What happens then, should nobody answer' })),
  candidateCount: Type.Integer({ description: 'How many were asked so far' }), candidates: Type.Array(OfferCandidate, { description: `The first ${offerLimits.candidatesShown} of them, in the order they were asked` }), version: Type.Integer(),
}, { title: 'Offer' });
export type Offer = Static<typeof Offer>;

export const TicketOffers = Closed({
  items: Type.Array(Offer, { description: `The newest first, at most ${offerLimits.shown}` }),
  mayOffer: Type.Boolean({ description: 'Whether one may be opened by the caller now' }),
  mode: OneOf(dispatchModes, { description: 'How the team gives out tickets of this type' }),
}, { title: 'TicketOffers' });
export type TicketOffers = Static<typeof TicketOffers>;

export const OpenOffer = Closed({
  mode: Type.Optional(OneOf(offerModes, { description: 'The team’s own when absent; a grab where that is none' })),
  windowStart: Type.Optional(Type.String({ format: 'date-time', description: 'The window of the visit; without one: as soon as possible' })),
  windowEnd: Type.Optional(Type.String({ format: 'date-time' })),
  note: Type.Optional(Type.String({ maxLength: limits.reason, description: 'What whoever takes it should know' })),
  override: Type.Optional(Type.String({ minLength: 1, maxLength: limits.reason, pattern: visible, description: 'Why it is another window than the one the customer was promised, which it then takes the place of; refused with `override_needed` without it' })),
}, { title: 'OpenOffer' });
export type OpenOffer = Static<typeof OpenOffer>;
export const DeclineOffer = Closed({ reason: Type.Optional(Type.String({ maxLength: limits.reason })) }, { title: 'DeclineOffer' });
export const WithdrawOffer = Closed({ reason: Type.Optional(Type.String({ maxLength: limits.reason, pattern: visible })) }, { title: 'WithdrawOffer' });

/** An offer as somebody it is made to sees it (抢单池): enough to decide by, and no more of the customer than that takes. */
export const PooledOffer = Closed({
  id: Id, mode: OneOf(offerModes), title: Type.String({ description: 'The mode in words' }),
  subject: Type.String({ description: 'Without what looks like a telephone number' }), priority: OneOf(priorities), type: Type.String(), category: Nullable(Type.Array(Type.String())),
  place: Nullable(Closed({ text: Nullable(Type.String()), lat: Nullable(Type.Number()), lng: Nullable(Type.Number()), exact: Type.Boolean({ description: 'False: about, within a kilometre' }) })),
  windowStart: NullableTimestamp, windowEnd: NullableTimestamp, minutes: Type.Integer({ description: 'How long the work takes' }), skills: Type.Array(Type.String()),
  metres: Nullable(Type.Integer({ description: 'From where they set out, by the straight line' })), travelMinutes: Nullable(Type.Integer()), startsFrom: OneOf(startSources),
  offeredAt: Timestamp, until: Timestamp, widens: Type.Boolean({ description: 'At that moment it is opened to more people, and may still be taken' }), others: Type.Integer({ description: 'How many others may take it at this moment' }),
}, { title: 'PooledOffer' });
export type PooledOffer = Static<typeof PooledOffer>;
export const PooledOfferPage = Page(PooledOffer);
export const ListOffers = Closed(pageQuery);

/** What whoever took an offer has now: the ticket is theirs, with a visit. */
export const TakenOffer = Closed({ offerId: Id, ticketId: Id, ticketNumber: Type.String(), visitId: Nullable(Id) }, { title: 'TakenOffer' });

/** Offers of the tickets that somebody gives out (派单跟踪): those that run, or those that nobody took and that still wait. */
export const ListDispatchedOffers = Closed({ ...pageQuery, state: Type.Optional(OneOf(['open', 'lapsed'], { description: 'lapsed when absent' })) });
export const DispatchedOffer = Closed({
  offer: Offer, ticket: Closed({ id: Id, number: Type.String(), subject: Type.String(), priority: OneOf(priorities), team: Nullable(Reference) }),
}, { title: 'DispatchedOffer' });
export type DispatchedOffer = Static<typeof DispatchedOffer>;
export const DispatchedOfferPage = Page(DispatchedOffer);
