/** How a ticket finds whoever does it (派单方式): given by somebody, open to many, or offered to one after another in an order. */
export const offerModes = ['grab', 'in_turn', 'by_load', 'nearest', 'best_match'] as const;
export type OfferMode = (typeof offerModes)[number];
export const dispatchModes = ['direct', ...offerModes] as const;
export type DispatchMode = (typeof dispatchModes)[number];

/** `lapsed`: nobody took it in time. */
export const offerStates = ['open', 'taken', 'withdrawn', 'lapsed'] as const;
export type OfferState = (typeof offerStates)[number];

/** `passed`: silent until the time was over; `missed`: the offer ended before they answered. */
export const candidateStates = ['offered', 'declined', 'passed', 'missed', 'taken'] as const;
export type CandidateState = (typeof candidateStates)[number];

/** Who is let in (抢单范围): all that is given must hold; null sets no bound. Where nobody knows the place, distances bind nobody. */
export interface Ring {
  /** The first so many in the order of the rings. */
  people: number | null;
  kilometres: number | null;
  /** Of travel. */
  minutes: number | null;
}

/** How an offer goes on by itself (派单规则). */
export interface OfferPlan {
  mode: OfferMode;
  /** From narrow to wide; behind the last comes the whole team. */
  rings: readonly Ring[];
  ringOrder: 'best_match' | 'nearest';
  /** Minutes until a grab goes one ring further, and at last to whom it is escalated. */
  widenMinutes: number;
  /** Minutes one of several has to answer. */
  acceptMinutes: number;
  /** How many are asked one after another. */
  mostCandidates: number;
}

/** Somebody who can be sent: whoever a hard rule keeps back is not among them. */
export interface Eligible {
  id: string;
  score: number;
  /** Seconds, metres; null where the place or where they set out from is not known. */
  travel: number | null;
  metres: number | null;
  /** Visits that day. */
  load: number;
  /** When they were last offered anything, in milliseconds; null for never. */
  lastOfferedAt: number | null;
}

/** How far an offer has come; `ring` is -1 before anybody was asked. */
export interface Standing {
  ring: number;
  /** Milliseconds. */
  nextAt: number;
  candidates: readonly { id: string; state: CandidateState }[];
}

/** What becomes of an offer: it is open to more people, or to the next, until a moment; or nobody is left. */
export type Advance = { state: 'open'; ring: number; nextAt: number; offered: string[]; passed: string[] } | { state: 'lapsed'; passed: string[] };

const minute = 60_000;
const farthest = (value: number | null): number => value ?? Infinity;
const orders: Record<OfferMode, (one: Eligible, other: Eligible) => number> = {
  grab: () => 0,
  best_match: () => 0,
  nearest: (one, other) => farthest(one.travel) - farthest(other.travel) || 0,
  by_load: (one, other) => one.load - other.load,
  // Whoever was never asked comes first.
  in_turn: (one, other) => (one.lastOfferedAt ?? -Infinity) - (other.lastOfferedAt ?? -Infinity) || 0,
};

/** Those who can be sent in the order of a mode (候选顺序): of equals the better match first, then by id. */
export function inOrder(mode: OfferMode, eligible: readonly Eligible[]): Eligible[] {
  return [...eligible].sort((one, other) => orders[mode](one, other) || other.score - one.score || (one.id < other.id ? -1 : 1));
}

/** Who belongs to a ring (圈内人员), the narrower ones included; behind the last ring everybody. */
export function ringMembers({ rings, ringOrder }: Pick<OfferPlan, 'rings' | 'ringOrder'>, ring: number, eligible: readonly Eligible[]): Eligible[] {
  const ordered = inOrder(ringOrder, eligible);
  const members = new Set<Eligible>();
  for (const bounds of rings.slice(0, ring + 1)) {
    const near = ordered.filter(({ travel, metres }) => (bounds.kilometres === null || metres === null || metres <= bounds.kilometres * 1_000) && (bounds.minutes === null || travel === null || travel <= bounds.minutes * 60));
    for (const one of near.slice(0, bounds.people ?? near.length)) members.add(one);
  }
  return ring >= rings.length ? ordered : ordered.filter((one) => members.has(one));
}

/** Whether an offer has to go on: its moment has come, or nobody who was asked may still take it. */
export const isDue = ({ nextAt, candidates }: Standing, now: number): boolean => now >= nextAt || candidates.every(({ state }) => state !== 'offered');

/**
 * How an offer goes on (派单推进): a grab to the next ring that brings somebody, the others to the next in their order; it
 * lapses when nobody is left, or so many were asked as are to be. Null while it is not due.
 *
 * @param eligible who can be sent as things are now; those asked already are asked no second time
 * @param now milliseconds
 */
export function advance(plan: OfferPlan, standing: Standing, eligible: readonly Eligible[], now: number): Advance | null {
  if (!isDue(standing, now)) return null;
  const asked = new Set(standing.candidates.map(({ id }) => id));
  const waiting = standing.candidates.filter(({ state }) => state === 'offered').map(({ id }) => id);
  if (plan.mode === 'grab') {
    for (let ring = standing.ring + 1; ring <= plan.rings.length; ring += 1) {
      const offered = ringMembers(plan, ring, eligible).map(({ id }) => id).filter((id) => !asked.has(id));
      if (offered.length > 0) return { state: 'open', ring, nextAt: now + plan.widenMinutes * minute, offered, passed: [] };
    }
    return { state: 'lapsed', passed: waiting };
  }
  const next = asked.size >= plan.mostCandidates ? undefined : inOrder(plan.mode, eligible).find(({ id }) => !asked.has(id));
  return next === undefined ? { state: 'lapsed', passed: waiting } : { state: 'open', ring: standing.ring + 1, nextAt: now + plan.acceptMinutes * minute, offered: [next.id], passed: waiting };
}

/** What happens when nobody answers (下一步): more people, the next one, or the end. The wider rings may turn out to bring nobody. */
export function whatComes({ mode, rings, mostCandidates }: Pick<OfferPlan, 'mode' | 'rings' | 'mostCandidates'>, { ring, asked }: { ring: number; asked: number }): 'widen' | 'next' | 'lapse' {
  if (mode === 'grab') return ring < rings.length ? 'widen' : 'lapse';
  return asked < mostCandidates ? 'next' : 'lapse';
}

/** A place as it may be told before somebody has taken the job (大致位置): the part of an address before its first number. */
export function areaOf(address: string): string {
  const before = address.split(/[0-9０-９]/u)[0]!.replace(/[\s,，、#＃-]+$/u, '').trim();
  if (before !== '') return before;
  // As in 12 High Street, Flat 3.
  return (/[0-9０-９]+\S*\s+([^0-9０-９,，]+)/u.exec(address)?.[1] ?? '').trim();
}

/** About a kilometre: a hundredth of a degree. */
export const roughly = (degrees: number): number => Math.round(degrees * 100) / 100;

/** Words without what looks like a telephone or document number (隐去号码). */
export const withoutNumbers = (text: string): string => text.replaceAll(/(?:\+?[0-9０-９][\s-]?){7,}/gu, '*** ').trimEnd();
