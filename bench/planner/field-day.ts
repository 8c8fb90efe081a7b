import type { PlanProblem } from '../../rules/solver/problem.ts';

/** A day of field service in VROOM's form of input, as far as these instances use it. */
interface FieldDay {
  vehicles: { id: number; start_index: number; end_index: number; skills: number[]; time_window: [number, number] }[];
  jobs: { id: number; location_index: number; service: number; skills: number[]; priority: number; time_windows: [number, number][] }[];
  matrices: Record<string, { durations: number[][] }>;
}

/** What leaving out a visit of priority 1 costs, in seconds of travel: more than any detour is worth. */
export const penaltyOfPriority = 20_000;

/** Reads a day of field service: skills without levels, one shift each, travel as it is on the matrix. */
export function readFieldDay(text: string): PlanProblem {
  const { vehicles, jobs, matrices } = JSON.parse(text) as FieldDay;
  const rows = Object.values(matrices)[0]!.durations;
  const places = rows.length;
  return {
    places, durations: Float64Array.from(rows.flat()),
    visits: jobs.map(({ location_index: place, service, skills, priority, time_windows: windows }) => ({
      place, service, windows, penalty: priority * penaltyOfPriority, skills: skills.map((skill) => ({ skill: String(skill) })),
    })),
    technicians: vehicles.map(({ start_index: start, end_index: end, skills, time_window: window }) => ({
      skills: Object.fromEntries(skills.map((skill) => [String(skill), 1])), shifts: [{ start, end, window }],
    })),
  };
}
