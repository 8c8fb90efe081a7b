import { evaluate } from './evaluate.ts';
import type { DraftRoute, DraftStop, Plan, PlanDraft, PlanProblem, PlanRoute, PlanSecondPerson, PlanStop, PlanTechnician, PlanVisit } from './problem.ts';
import { windowsOf } from './schedule.ts';

/** What an event does to a plan (事件影响): the plan as it now comes out, and what is to be looked at. */
export interface Affected {
  /** The plan there was with its times as the problem now has them. */
  stood: Plan;
  /** Visits the event has freed, or made late: around them is searched. */
  focus: number[];
  /** Routes that break a rule, or have other times than before. */
  changed: PlanRoute[];
}

/** A part of a problem: these technicians with all they have, and these visits that nobody has. */
export interface Surroundings {
  technicians: number[];
  visits: number[];
}

/** A part as a problem of its own, and the way back. */
export interface Excerpt {
  problem: PlanProblem;
  from: PlanDraft;
  focus: number[];
  /** The whole plan with what was found for the part; null where that leaves out what has to stay. */
  putBack(found: Plan): PlanDraft | null;
}

/** Who may do it and is nearest, for each visit; and who is nearest, whether they may or not: they may make room. */
const nearestAble = 20;
const nearestAny = 8;
/** Beyond so many, the part is not worth being one. */
const techniciansAtMost = 90;
const focusAtMost = 60;
/** Of what was left out before, so many are tried again. */
const triedAgain = 30;
/** Leaving out what has to stay costs more than anything else there may be. */
const held = 1e12;

/** Seconds by which a plan that was kept somewhere may differ from itself. */
const rounding = 1;

const keyOf = ({ technician, shift }: DraftRoute): string => `${technician} ${shift}`;

/** What is different now that the problem has changed (变化分析): what is planned no more, what breaks a rule, what has another time. */
export function affectedBy(problem: PlanProblem, current: Plan): Affected {
  const { plan: stood, faults } = evaluate(problem, current);
  const was = new Map(current.routes.flatMap(({ stops }) => stops.filter(({ kind }) => kind === 'visit').map(({ index, begins }) => [index, begins] as const)));
  const leftOut = new Set(current.unassigned);
  const broken = new Set(faults.map(({ technician, shift }) => `${technician} ${shift}`));
  const wrong = new Set(faults.flatMap(({ visit }) => (visit === undefined ? [] : [visit])));
  const focus = new Set(stood.unassigned.filter((visit) => !leftOut.has(visit)));
  const changed: PlanRoute[] = [];
  for (const route of stood.routes) {
    let isChanged = broken.has(keyOf(route));
    for (const { kind, index, begins } of route.stops) {
      if (kind === 'break') continue;
      const late = kind === 'visit' && Math.abs(begins - (was.get(index) ?? begins)) > (problem.visits[index]!.promised?.tolerance ?? 0);
      if (late || wrong.has(index)) focus.add(index);
      if (late || wrong.has(index) || (kind === 'visit' && Math.abs(begins - (was.get(index) ?? begins)) > rounding)) isChanged = true;
    }
    if (!isChanged) continue;
    changed.push(route);
    // Broken as a whole, by a shift that ends sooner or holds less: anything of it may have to go.
    if (!route.stops.some(({ kind, index }) => kind !== 'break' && focus.has(index)) && broken.has(keyOf(route))) for (const { kind, index } of route.stops) if (kind !== 'break') focus.add(index);
  }
  // Nothing had to give way: perhaps something that was left out finds room.
  if (focus.size === 0) for (const visit of pressing(problem, stood.unassigned).slice(0, triedAgain)) focus.add(visit);
  return { stood, focus: [...focus], changed };
}

const pressing = ({ visits }: PlanProblem, some: readonly number[]): number[] => some.toSorted((a, b) => visits[b]!.penalty - visits[a]!.penalty || a - b);

/**
 * The technicians an event concerns (受影响范围): those whose routes have changed, and those nearest to what is to be put
 * in, by the detour it would be at about the time. Null where that would be most of them anyway.
 */
export function surroundingsOf(problem: PlanProblem, { stood, focus, changed }: Affected): Surroundings | null {
  if (focus.length > focusAtMost) return null;
  const stops = stopsOf(stood).filter(({ kind }) => kind !== 'break');
  const gaps = gapsOf(problem, stood);
  const chosen = new Set<number>(changed.map(({ technician }) => technician));
  const sought = new Set(focus);
  for (const { index, technician } of stops) if (sought.has(index)) chosen.add(technician);
  for (const visit of focus) {
    const detours = detoursOf(problem, visit, gaps);
    const near = [...detours.keys()].filter((technician) => detours[technician]! < Infinity).sort((a, b) => detours[a]! - detours[b]! || a - b);
    const able = near.filter((technician) => mayDo(problem, visit, technician));
    for (const technician of [...able.slice(0, nearestAble), ...near.slice(0, nearestAny)]) chosen.add(technician);
  }
  // Two people who come together are looked at together, as far as there is room for both.
  const pairs = Map.groupBy(stops.filter(({ index }) => problem.visits[index]!.second), ({ index }) => index);
  for (const both of pairs.values()) if (chosen.size < techniciansAtMost && both.some(({ technician }) => chosen.has(technician))) for (const { technician } of both) chosen.add(technician);
  if (chosen.size > techniciansAtMost || chosen.size * 4 > problem.technicians.length * 3) return null;
  const open = new Set(focus.filter((visit) => stood.unassigned.includes(visit)));
  for (const visit of pressing(problem, stood.unassigned).slice(0, triedAgain)) open.add(visit);
  return { technicians: [...chosen].sort((a, b) => a - b), visits: [...open].sort((a, b) => a - b) };
}

const stopsOf = ({ routes }: Plan): (PlanStop & { technician: number })[] => routes.flatMap(({ technician, stops }) => stops.map((stop) => ({ ...stop, technician })));

/** Whether somebody may do a visit, or come along to it. */
function mayDo({ visits, technicians }: PlanProblem, index: number, technician: number): boolean {
  const visit = visits[index]!;
  const skills = technicians[technician]!.skills ?? {};
  const suits = ({ skills: asked = [], required, banned }: PlanSecondPerson, locked: number | undefined): boolean =>
    (locked === undefined || locked === technician) && (!required || required.includes(technician)) && !banned?.includes(technician)
    && asked.every(({ skill, level = 1, missingCost }) => missingCost !== undefined || (Object.hasOwn(skills, skill) && skills[skill]! >= level));
  return suits(visit, visit.lock?.technician) || (visit.second !== undefined && suits(visit.second, visit.lock?.second));
}

/** Between two stops of somebody's day, before the first or after the last: from when on and until when one could be somewhere else. */
interface Gap {
  technician: number;
  from: number;
  to: number | null;
  since: number;
  until: number;
  /** What the way through it costs as it is. */
  costs: number;
}

function gapsOf({ visits, technicians, places, durations, costs = durations }: PlanProblem, stood: Plan): Gap[] {
  const routes = new Map(stood.routes.map((route) => [keyOf(route), route]));
  // What follows may be put off as far as its own windows allow.
  const latest = visits.map((visit) => windowsOf(visit).reduce((last, [, end]) => Math.max(last, end), -Infinity));
  return technicians.flatMap(({ shifts }, technician) => shifts.flatMap((shift, at) => {
    const stops = (routes.get(keyOf({ technician, shift: at, stops: [] }))?.stops ?? []).filter(({ kind }) => kind !== 'break');
    return Array.from({ length: stops.length + 1 }, (_, index): Gap => {
      const [before, after] = [stops[index - 1], stops[index]];
      const from = before ? visits[before.index]!.place : shift.start;
      const to = after ? visits[after.index]!.place : shift.end;
      return {
        technician, from, to, since: before?.ends ?? shift.window[0], costs: stops.length === 0 || to === null ? 0 : costs[from * places + to]!,
        until: after ? Math.max(after.begins, Math.min(latest[after.index]!, shift.window[1])) : shift.window[1],
      };
    });
  }));
}

/** The least detour a visit would be for each technician at about its time, as their days now stand; Infinity without a place for it. */
function detoursOf({ visits, technicians, places, durations, costs = durations }: PlanProblem, index: number, gaps: readonly Gap[]): Float64Array {
  const { place } = visits[index]!;
  const windows = windowsOf(visits[index]!);
  const least = new Float64Array(technicians.length).fill(Infinity);
  for (const { technician, from, to, since, until, costs: direct } of gaps) {
    const detour = costs[from * places + place]! + (to === null ? 0 : costs[place * places + to]!) - direct;
    if (detour < least[technician]! && windows.some(([start, end]) => start <= until && end >= since)) least[technician] = detour;
  }
  return least;
}

/**
 * Cuts a part out of a problem (截取子问题). A visit for two of which only one is in the part is held there as it is.
 *
 * @param visits those of the problem, with what was promised of each
 */
export function cutOut(problem: PlanProblem, visits: readonly PlanVisit[], { stood, focus }: Affected, part: Surroundings): Excerpt {
  const technicianAt = new Map(part.technicians.map((technician, at) => [technician, at]));
  const placeAt = new Map<number, number>();
  const numberOf = (place: number): number => {
    if (!placeAt.has(place)) placeAt.set(place, placeAt.size);
    return placeAt.get(place)!;
  };
  const someOf = (list: readonly number[]): number[] => list.map((technician) => technicianAt.get(technician) ?? -1);
  const [inside, outside] = [stood.routes.filter(({ technician }) => technicianAt.has(technician)), stood.routes.filter(({ technician }) => !technicianAt.has(technician))];
  const elsewhere = new Set(outside.flatMap(({ stops }) => stops.filter(({ kind }) => kind !== 'break').map(({ index }) => index)));
  // What each visit of the part is in the whole.
  const meant: DraftStop[] = [];
  const cut: PlanVisit[] = [];
  const at = new Map<number, number>();
  const add = (meaning: DraftStop, visit: PlanVisit): number => meant.push(meaning) && cut.push(visit) - 1;
  const asItIs = (index: number): PlanVisit => {
    const visit = visits[index]!;
    const { preferred, serviceBy, lock, promised, second } = visit;
    return {
      ...visit, place: numberOf(visit.place), ...whom(visit), ...(preferred ? { preferred: someOf(preferred) } : {}),
      ...(serviceBy ? { serviceBy: own(serviceBy) } : {}), ...(second ? { second: { ...second, ...whom(second) } } : {}),
      ...(lock ? { lock: { ...lock, ...(lock.technician === undefined ? {} : { technician: someOf([lock.technician])[0]! }), ...(lock.second === undefined ? {} : { second: someOf([lock.second])[0]! }) } } : {}),
      ...(promised ? { promised: { ...promised, ...(promised.technician === undefined ? {} : { technician: someOf([promised.technician])[0]! }) } } : {}),
    };
  };
  const heldAt = ({ kind, index, begins }: PlanStop, technician: number): PlanVisit => {
    const { place, service, serviceBy, demand } = visits[index]!;
    const asked = kind === 'visit' ? visits[index]! : visits[index]!.second!;
    return { place: numberOf(place), service, ...(serviceBy ? { serviceBy: own(serviceBy) } : {}), ...(demand ? { demand } : {}), ...(asked.skills ? { skills: asked.skills } : {}), penalty: held, windows: [[begins, begins]], lock: { technician: technicianAt.get(technician)! } };
  };
  const from = inside.map(({ technician, shift, stops }): DraftRoute => ({
    technician: technicianAt.get(technician)!, shift,
    stops: stops.map((stop): DraftStop => {
      const { kind, index, begins } = stop;
      if (kind === 'break') return { kind, index };
      // Held: it belongs to somebody outside of the part as well.
      if (elsewhere.has(index) && visits[index]!.second) return { kind: 'visit', index: add({ kind, index, begins }, heldAt(stop, technician)) };
      if (!at.has(index)) at.set(index, add({ kind: 'visit', index }, asItIs(index)));
      return { kind, index: at.get(index)!, begins };
    }),
  }));
  for (const index of part.visits) if (!at.has(index)) at.set(index, add({ kind: 'visit', index }, asItIs(index)));
  const technicians = part.technicians.map((technician): PlanTechnician => {
    const { shifts, ...rest } = problem.technicians[technician]!;
    return { ...rest, shifts: shifts.map((shift) => ({ ...shift, start: numberOf(shift.start), end: shift.end === null ? null : numberOf(shift.end) })) };
  });
  const chosen = [...placeAt.keys()];
  const portion = (matrix: Float64Array): Float64Array => {
    const small = new Float64Array(chosen.length * chosen.length);
    chosen.forEach((a, row) => chosen.forEach((b, column) => (small[row * chosen.length + column] = matrix[a * problem.places + b]!)));
    return small;
  };
  return {
    problem: {
      places: chosen.length, durations: portion(problem.durations), ...(problem.costs ? { costs: portion(problem.costs) } : {}), visits: cut, technicians,
      ...(problem.skills ? { skills: problem.skills } : {}), ...(problem.weights ? { weights: problem.weights } : {}),
    },
    from: { routes: from }, focus: focus.flatMap((index) => at.get(index) ?? []),
    putBack: ({ routes, unassigned }) => (unassigned.some((visit) => cut[visit]!.penalty === held) ? null : {
      routes: [...outside, ...routes.map(({ technician, shift, stops }): DraftRoute => ({
        technician: part.technicians[technician]!, shift,
        stops: stops.map(({ kind, index, begins }): DraftStop => (kind === 'break' ? { kind, index } : { kind: meant[index]!.kind === 'second' ? 'second' : kind, index: meant[index]!.index, begins })),
      }))].sort((a, b) => a.technician - b.technician || a.shift - b.shift),
    }),
  };

  function own(serviceBy: NonNullable<PlanVisit['serviceBy']>): (readonly [number, number])[] {
    return serviceBy.flatMap(([technician, seconds]) => (technicianAt.has(technician) ? [[technicianAt.get(technician)!, seconds] as const] : []));
  }

  function whom({ required, banned }: Pick<PlanSecondPerson, 'required' | 'banned'>): Pick<PlanSecondPerson, 'required' | 'banned'> {
    return { ...(required ? { required: someOf(required) } : {}), ...(banned ? { banned: someOf(banned) } : {}) };
  }
}
