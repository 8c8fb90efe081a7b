import type { PlanProblem, PlanShift, PlanTechnician, PlanVisit, TimeWindow } from './problem.ts';
import type { Random } from './random.ts';

/** What problems made by chance are to have (生成算例). */
export interface SampleKind {
  visits: number;
  technicians: number;
  /** Everything there is, or a plain day of windows and skills only. */
  rich: boolean;
}

const hour = 3_600;
const skills = ['boiler', 'lift', 'water', 'door'] as const;

/** A day by chance: asymmetric travel, and if rich all that a problem may have. */
export function sampleProblem(random: Random, { visits, technicians, rich }: SampleKind): PlanProblem {
  const whole = (from: number, to: number): number => from + Math.floor(random() * (to - from + 1));
  const some = (count: number, of: number): number[] => Array.from({ length: count }, () => whole(0, of - 1)).filter((one, index, all) => all.indexOf(one) === index);
  const often = (share: number): boolean => rich && random() < share;
  const places = visits + technicians;
  const spots = Array.from({ length: places }, () => [random() * 40, random() * 40] as const);
  const durations = new Float64Array(places * places);
  for (let a = 0; a < places; a += 1) for (let b = 0; b < places; b += 1) {
    if (a !== b) durations[a * places + b] = Math.round(Math.hypot(spots[a]![0] - spots[b]![0], spots[a]![1] - spots[b]![1]) * 90 * (1 + random() * 0.2)) + 60;
  }
  const windowFrom = (first: number, last: number, shortest: number): TimeWindow => {
    const start = whole(first, last - shortest);
    return [start, start + whole(shortest, last - start)];
  };
  const visitsOf = Array.from({ length: visits }, (_, place): PlanVisit => {
    const windows = random() < 0.8 ? [windowFrom(8 * hour, 18 * hour, hour), ...(often(0.3) ? [windowFrom(8 * hour, 18 * hour, hour)] : [])] : [];
    const technician = whole(0, technicians - 1);
    return {
      place, service: whole(10, 90) * 60, penalty: whole(1, 10) * 10_000,
      ...(windows.length > 0 ? { windows } : {}),
      ...(random() < 0.6 ? { skills: [{ skill: skills[whole(0, 3)]!, level: whole(1, 3), ...(often(0.2) ? { missingCost: 2_000 } : {}) }] } : {}),
      ...(often(0.2) ? { serviceBy: [[technician, whole(10, 60) * 60] as const] } : {}),
      ...(often(0.15) ? { required: some(3, technicians) } : {}),
      ...(often(0.2) ? { preferred: some(2, technicians), notPreferredCost: 900 } : {}),
      ...(often(0.2) ? { banned: some(2, technicians) } : {}),
      ...(rich ? { demand: [whole(0, 5), whole(0, 3)] } : {}),
      ...(often(0.15) && technicians > 1 ? { second: often(0.5) ? { skills: [{ skill: skills[whole(0, 3)]! }] } : {} } : {}),
      ...(often(0.1) && windows.length > 0 ? { lock: { range: [windows[0]![0], windows[0]![1] - 60] as const } } : {}),
      ...(often(0.2) ? { promised: { technician, technicianCost: 1_200, begin: whole(9, 16) * hour, tolerance: 1_800, beginCost: 600 } } : {}),
    };
  });
  const shift = (start: number, from: number, to: number): PlanShift => ({
    start, end: often(0.2) ? null : often(0.2) ? whole(0, places - 1) : start, window: [from, to],
    ...(often(0.5) && to - from >= 5 * hour ? { breaks: [{ windows: [[from + 2 * hour, from + 4 * hour]], duration: whole(1, 2) * 1_800 }] } : {}),
    ...(rich ? { capacity: [whole(15, 40), whole(8, 20)] } : {}),
    ...(often(0.2) ? { mostVisits: whole(2, 6) } : {}),
    ...(often(0.3) ? { fixedCost: whole(0, 30) * 60 } : {}),
  });
  const techniciansOf = Array.from({ length: technicians }, (_, index): PlanTechnician => ({
    skills: Object.fromEntries(skills.filter(() => random() < 0.7).map((skill) => [skill, whole(1, 4)])),
    shifts: often(0.3) ? [shift(visits + index, 8 * hour, 12 * hour), shift(visits + index, 13 * hour, 18 * hour)] : [shift(visits + index, whole(7, 9) * hour, whole(16, 19) * hour)],
  }));
  return { places, durations, skills: [...skills], visits: visitsOf, technicians: techniciansOf, ...(rich ? { weights: { overskill: 120 } } : {}) };
}
