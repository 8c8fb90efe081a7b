import { randomFrom } from '../solver/random.ts';
import type { Day, DayJob, DayPerson } from './day.ts';
import { travelOf } from './travel.ts';

/** A job with nothing special, for tests: 30 minutes at a place, nobody's yet. */
export function sampleJob(id: string, place: number, more: Partial<DayJob> = {}): DayJob {
  return {
    id, visitId: more.technician === undefined ? null : id, ticketId: `t${id}`, place, placeKnown: true, service: 1_800, serviceBy: {}, access: null, promised: null, due: null, skills: [], required: null, preferred: [], banned: [],
    crew: [], members: [], territories: [], withinTerritory: false, priority: 3, urgent: false, technician: null, accepted: false, planned: null, lock: null, fixed: null, held: false, along: false, elsewhere: false, ...more,
  };
}

/** Somebody who works from eight to five, for tests. */
export const samplePerson = (id: string, start = 0, more: Partial<DayPerson> = {}): DayPerson => ({ id, skills: {}, shift: [28_800, 61_200], onCall: [], breaks: [], start, room: null, most: null, territories: null, ...more });

/** Points on a street, a kilometre apart: about three minutes each. */
export const street = (count: number) => travelOf({ points: Array.from({ length: count }, (_, index) => ({ lat: 31 + index / 111.2, lng: 121 })) });

export const sampleDay = (people: DayPerson[], jobs: DayJob[], more: Partial<Day> = {}): Day => ({ span: [0, 86_400], now: null, people, jobs, travel: street(40), ...more });

/** A day of chance (随机一天): people with a pause at noon, jobs of which some are promised, held, due or already somebody's. */
export function randomDay(seed: number, people: number, jobs: number): Day {
  const random = randomFrom(seed);
  const below = (count: number) => Math.floor(random() * count);
  const made = Array.from({ length: people }, (_, index) => samplePerson(`p${index}`, below(40), {
    skills: random() < 0.5 ? { lift: 1 + below(3) } : {}, breaks: random() < 0.7 ? [{ from: 43_200, seconds: 3_600, slack: random() < 0.5 ? 1_800 : 0 }] : [],
  }));
  return sampleDay(made, Array.from({ length: jobs }, (_, index) => {
    const owner = random() < 0.5 ? `p${below(people)}` : undefined;
    const from = 30_000 + below(20) * 1_200;
    return sampleJob(String(index).padStart(3, '0'), below(40), {
      service: 600 * (1 + below(6)), priority: 1 + below(4), ...(owner === undefined ? {} : { technician: owner, planned: from }),
      promised: random() < 0.3 ? [from, from + 7_200] : null, due: random() < 0.2 ? { at: from + 9_000, by: random() < 0.5 ? 'begin' : 'end' } : null,
      access: random() < 0.2 ? [[32_400, 41_400], [48_600, 61_200]] : null, skills: random() < 0.2 ? [{ skill: 'lift', level: 1 + below(2) }] : [],
    });
  }));
}
