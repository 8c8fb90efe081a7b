import { blockReasons, type Relaxation } from '../solver/explain.ts';
import type { DayJob } from './day.ts';

/** Why a job is not in a plan (未排原因), in words: as the planner says, or as it takes more people than are free together. */
export const leftOutReasons = { ...blockReasons, no_crew: { zh: '没有这么多人同时有空', en: 'not so many people are free at the same time' } } as const;
export type LeftOutReason = keyof typeof leftOutReasons;

/** A job that is not in the plan, why, and what would have to give way. */
export interface LeftOutJob {
  job: DayJob;
  reason: LeftOutReason;
  skill: string | null;
  relaxations: {
    kind: Relaxation['kind'];
    person: string;
    /** By how much. */
    seconds: number | null;
    skill: string | null;
  }[];
}
