import { dispatchLimits } from '../../../contract/dispatch.ts';
import { dayNumber, dayText } from '../../../rules/calendar/calendar.ts';
import { beginningsIn, openingsOn } from '../../../rules/places/access.ts';
import { hardReasons, propose, type Proposal, type Request, type ScoreWeights } from '../../../rules/routing/propose.ts';
import { prepareRoster, type Roster } from '../../../rules/routing/roster.ts';
import { spanOfDays, type Interval } from '../../../rules/shifts/shifts.ts';
import type { Point } from '../../../rules/places/distance.ts';
import { localDay } from '../../platform/clock/clock.ts';
import type { Context } from '../../platform/context.ts';
import { rosterOfDay, type DayCandidate } from '../../records/dispatch/day-roster.ts';
import type { LiveRoster } from '../../records/dispatch/live-roster.ts';
import type { Wishes } from '../../records/dispatch/preferences/wishes.ts';
import { minutesOf, type VisitNeeds } from '../../records/dispatch/visit-needs.ts';
import type { Configuration } from '../../records/organization/configuration.ts';
import { knowsTravel, travelKnowledge, type TravelKnowledge } from '../../records/travel/times.ts';

/** How far ahead somebody is looked for who can be sent at all, in days. */
const daysAhead = 7;

export interface Question {
  live: LiveRoster;
  configuration: Pick<Configuration, 'categories' | 'organization' | 'travel'>;
  now: Date;
  ticketId: string;
  needs: VisitNeeds;
  minutes: number;
  familiar: Readonly<Record<string, number>>;
  /** Null: as soon as possible. */
  window: { from: Date; to: Date } | null;
  weights: ScoreWeights;
  count: number;
  /** How many days are tried where no window is given; a week when absent. */
  days?: number;
}

export interface Reckoned {
  /** The local day it is reckoned for. */
  day: string;
  candidates: readonly DayCandidate[];
  roster: Roster;
  proposal: Proposal;
  request: Request;
  /** Some of them are on call, and sooner there than anybody at work: they stay before those. */
  calledOut?: boolean;
  /** What is known of the ways that were weighed; absent: all of them are estimated. */
  knowledge?: TravelKnowledge;
}

/** A team's weights where they have something to weigh (有效权重): what nobody has entered tells nothing of anybody. */
export const weighedFor = (weights: ScoreWeights, needs: Pick<VisitNeeds, 'place' | 'wishes' | 'territories'>): ScoreWeights => ({ ...weights, ...(needs.territories.length === 0 ? { territory: 0 } : {}), ...(needs.wishes.preferred.length === 0 ? { preference: 0 } : {}), ...(needs.place === null ? { travel: 0 } : {}) });

/**
 * Whom to send to a ticket (派单计算): on the day of its window, else on the first day within a week on which somebody can be sent. What is urgent goes to those on call
 * as well where nobody at work can be there as soon (待命).
 */
export function reckon({ live, configuration, now, ticketId, needs, minutes, familiar, window, weights, count, days = daysAhead }: Question): Reckoned {
  const { timeZone } = configuration.organization;
  const first = dayNumber(localDay(window?.from ?? now, timeZone));
  const minutesOfCategory = (categoryId: string | null) => minutesOf(configuration, categoryId) ?? dispatchLimits.usualServiceMinutes;
  const onDay = (number: number, byCall: number | null = null): Reckoned => {
    const whole = spanOfDays(timeZone, dayText(number), dayText(number + 1));
    // Of today what is left of it; a window that goes on past midnight is served from the day it begins on.
    const span = { from: Math.max(whole.from, now.getTime()), to: Math.max(whole.to, window?.to.getTime() ?? 0) };
    const candidates = rosterOfDay(live, dayText(number), span, now, minutesOfCategory, ticketId, needs.place?.point ?? null, byCall !== null);
    const roster = prepareRoster(candidates, configuration.travel);
    const request: Request = {
      point: needs.place?.point ?? candidates[0]?.start ?? { lat: 0, lng: 0 }, service: minutes * 60, ...(minutes === needs.minutes ? { serviceBy: secondsBy(needs) } : {}), skills: needs.skills.map(({ skillId, level }) => ({ skill: skillId, level })), familiar, ...wished(needs.wishes), territories: needs.territories, withinTerritory: needs.withinTerritory, urgent: needs.urgent,
      windows: before(windowsIn(window ? { from: window.from.getTime(), to: window.to.getTime() } : span, openingsOn(needs.access, timeZone, number), minutes), byCall ?? Infinity),
    };
    return { day: dayText(number), candidates, roster, request, proposal: propose(roster, request, weights, count) };
  };
  const atWork = onDay(first);
  const today = needs.urgent && live.onCallOn(dayText(first)).size > 0 ? withCalled(atWork, onDay(first, soonestOf(atWork) - soonerByCall), count) : atWork;
  let found = today;
  for (let number = first + 1; window === null && found.proposal.eligible === 0 && number < first + days; number += 1) found = onDay(number);
  // Where nobody can be sent in a week either, the reasons of today are told.
  return found.proposal.eligible === 0 ? today : found;
}

/** Whoever is on call is troubled only where they can be there by so many seconds sooner than those at work. */
const soonerByCall = 3_600;

const soonestOf = ({ proposal: { best } }: Reckoned): number => Math.min(Infinity, ...best.map(({ begins }) => begins));

/** Windows as far as they lie before a moment, in seconds. */
function before(windows: readonly (readonly [number, number])[], until: number): (readonly [number, number])[] {
  const left = windows.filter(([from]) => from <= until).map(([from, to]) => [from, Math.min(to, until)] as const);
  return left.length === 0 ? [[-2, -1]] : left;
}

/** Those on call who can be there so much sooner, before those at work. */
function withCalled(atWork: Reckoned, called: Reckoned, count: number): Reckoned {
  const { best } = called.proposal;
  if (best.length === 0) return atWork;
  const own = new Set(best.map(({ id }) => id));
  const ruledOut = atWork.proposal.ruledOut.slice();
  const wasOut = best.filter(({ id }) => ruledOut[called.roster.indexOf.get(id)!] !== 0).length;
  for (const { id } of best) ruledOut[called.roster.indexOf.get(id)!] = 0;
  return { ...called, calledOut: true, request: atWork.request, proposal: { best: [...best, ...atWork.proposal.best.filter(({ id }) => !own.has(id))].slice(0, count), ruledOut, eligible: atWork.proposal.eligible + wasOut } };
}

/** So many are reckoned anew with what is known of their ways. */
const shortlisted = 40;
const noGap = hardReasons.indexOf('no_gap') + 1;

/**
 * As `reckon`, and then anew with what is known of the ways of those who came out best (派单精算): what a provider said of them, and what was learned. Those behind them stay
 * as they were estimated, as knowing better would hardly bring them to the front.
 */
export async function reckonKnown(context: Pick<Context, 'tenantId' | 'transaction' | 'now'>, question: Question): Promise<Reckoned> {
  const { configuration, weights, needs, count } = question;
  if (needs.place === null || !await knowsTravel(context, configuration)) return reckon(question);
  const first = reckon({ ...question, count: Math.max(count, shortlisted) });
  const { candidates, proposal, request } = first;
  const chosen = new Set(proposal.best.slice(0, shortlisted).map(({ id }) => id));
  const eligible = proposal.eligible - chosen.size;
  // Whom the estimate leaves no time to get there may have it all the same.
  for (const [index, { id }] of candidates.entries()) if (chosen.size < shortlisted && proposal.ruledOut[index] === noGap) chosen.add(id);
  if (chosen.size === 0 || first.calledOut) return first;
  const few = candidates.filter(({ id }) => chosen.has(id));
  const place = request.point;
  const ways = few.flatMap(({ start, stops }) => {
    const points = [start, ...stops.map(({ point }) => point)];
    return points.flatMap((point, index): (readonly [Point, Point])[] => [[point, place], ...(index === 0 ? [] : [[place, point] as const, [points[index - 1]!, point] as const])]);
  });
  const knowledge = await travelKnowledge(context, configuration, ways, first.day);
  const again = propose(prepareRoster(few, configuration.travel, (from, to) => knowledge.known(from, to)?.seconds), request, weights, few.length);
  const ruledOut = proposal.ruledOut.slice();
  few.forEach(({ id }, index) => (ruledOut[first.roster.indexOf.get(id)!] = again.ruledOut[index]!));
  const best = [...again.best, ...proposal.best.filter(({ id }) => !chosen.has(id))].slice(0, count);
  return { ...first, knowledge, proposal: { best, ruledOut, eligible: eligible + again.best.length } };
}

/** What the work takes single people, in seconds. */
export const secondsBy = ({ minutesBy }: Pick<VisitNeeds, 'minutesBy'>): Record<string, number> => Object.fromEntries(Object.entries(minutesBy).map(([id, minutes]) => [id, minutes * 60]));

/** When work may begin, in seconds, while its place is open; where it is not open at all, at a moment that is over. */
export function windowsIn(window: Interval, openings: readonly Interval[] | null, minutes: number): (readonly [number, number])[] {
  const found = beginningsIn(window, openings, minutes * 60_000);
  return found.length === 0 ? [[-2, -1]] : found.map(({ from, to }) => [from / 1_000, to / 1_000] as const);
}

/** What is wished for as the rules take it. */
export const wished = ({ preferred, required, banned }: Wishes): Pick<Request, 'preferred' | 'required' | 'banned'> => ({
  preferred: preferred.map(({ staffId }) => staffId), banned: banned.map(({ staffId }) => staffId), ...(required === null ? {} : { required: required.map(({ staffId }) => staffId) }),
});
