import { planDay, type Planned, type PlannedJob } from '../../../../../rules/day-plan/planned.ts';
import { travelOf, type TravelData } from '../../../../../rules/day-plan/travel.ts';
import type { Day } from '../../../../../rules/day-plan/day.ts';
import type { Keep } from '../../../../../rules/day-plan/problem.ts';

/** What is sent to the thread: a day without what cannot be sent. */
export interface PlanInput {
  day: Omit<Day, 'travel'>;
  travel: TravelData;
  keep: Keep;
  anew: boolean;
  milliseconds: number;
  /** Jobs whose limits of time do not count. */
  relaxed: string[];
  /** Instead of time. */
  rounds?: number;
}

/** What comes back: jobs by their ids. */
export interface PlanOutput extends Omit<Planned, 'jobs' | 'leftOut'> {
  jobs: (Omit<PlannedJob, 'job'> & { id: string })[];
  leftOut: (Omit<Planned['leftOut'][number], 'job'> & { id: string })[];
}

/** Plans a day in a thread of its own (排程线程). */
export function planInThread({ day, travel, relaxed, ...planning }: PlanInput): PlanOutput {
  const { jobs, leftOut, ...planned } = planDay({ ...day, travel: travelOf(travel) }, { ...planning, relaxed: new Set(relaxed), now: () => performance.now() });
  return { ...planned, jobs: jobs.map(({ job, ...rest }) => ({ id: job.id, ...rest })), leftOut: leftOut.map(({ job, ...rest }) => ({ id: job.id, ...rest })) };
}
