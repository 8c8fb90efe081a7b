import type pg from 'pg';
import { PgBoss, type Job } from 'pg-boss';
import { givenUpTo, jobKinds, sideBySide, type JobKind } from '../../../contract/jobs.ts';
import { idOf } from '../db/uuid.ts';
import { keepDoing, type Ongoing } from '../process/keep-doing.ts';
import type { Logger } from '../log.ts';

/** What a job is given; the same job may be run twice, so handlers must not mind. */
export type JobHandler = (data: Record<string, unknown>, job: { id: string }) => Promise<void>;

/** The queue of slow and outside work (任务队列). */
export interface Jobs {
  /**
   * Hands a job on. The same origin always makes the same job, however often it is sent.
   *
   * @param afterSeconds it is not carried out before so much time has passed; at once when absent
   */
  send(kind: JobKind, origin: string, data: Record<string, unknown>, afterSeconds?: number): Promise<void>;
  /** Begins to carry jobs out in this process. */
  work(handlers: Record<JobKind, JobHandler>): Promise<void>;
  stop(): Promise<void>;
}

// A program that was killed tells nobody: its jobs are given to others when they have not been heard of for so long.
const heartbeatSeconds = 10;
const superviseIntervalSeconds = 5;
const longestPauseSeconds = 3_600;
const batchOfOthers = 50;
// While one batch waits for the slowest of its calls, the next is carried out.
const batchesSideBySide = 2;
// One question for all kinds, instead of one for each: a program at rest asks hardly anything. What it wakes fetches by
// itself again, as long as there is more; and in case a waking should be lost, after a while anyhow.
const lookMilliseconds = 1_000;
const backstopSeconds = 30;
// The conditions are those of the queue's own index for fetching.
const kindsDue = `
  SELECT kind FROM unnest($1::text[]) AS kind
  WHERE EXISTS (SELECT FROM pgboss.job WHERE job.name = kind AND job.state < 'active' AND NOT job.blocked AND job.start_after <= now())`;

/** Opens the queue; it lives in the same database, in a schema of its own. */
export async function openJobs(connection: pg.ClientConfig, log: Logger): Promise<Jobs> {
  const boss = new PgBoss({ ...connection as Record<string, unknown>, schema: 'pgboss', max: 4, application_name: 'bihuan jobs', superviseIntervalSeconds, monitorIntervalSeconds: superviseIntervalSeconds });
  boss.on('error', (error: unknown) => log.error({ error }, 'the job queue reported an error'));
  await boss.start();
  for (const kind of Object.keys(jobKinds) as JobKind[]) {
    const { attempts, seconds } = jobKinds[kind];
    const options = { retryLimit: attempts, retryBackoff: true, retryDelay: 5, retryDelayMax: longestPauseSeconds, expireInSeconds: seconds, heartbeatSeconds, deleteAfterSeconds: 7 * 86_400 };
    await boss.createQueue(kind, options);
    // One that an earlier version of the program made stays as it is otherwise.
    await boss.updateQueue(kind, options);
  }
  // Once all of them are there: one that is given up goes to another.
  for (const [kind, next] of Object.entries(givenUpTo)) await boss.updateQueue(kind, { deadLetter: next });
  const workers = new Map<JobKind, string[]>();
  const wake = (kind: JobKind): void => workers.get(kind)?.forEach((worker) => boss.notifyWorker(worker));
  let looking: Ongoing | null = null;
  return {
    async send(kind, origin, data, afterSeconds = 0) {
      await boss.send(kind, data, { id: idOf(`${kind} ${origin}`), ...(afterSeconds > 0 ? { startAfter: afterSeconds } : {}) });
      if (afterSeconds <= 0) wake(kind);
    },
    async work(handlers) {
      for (const kind of Object.keys(jobKinds) as JobKind[]) {
        const carryOut = async (job: Job): Promise<void> => {
          // The batch ran out of time: what is left was given back, and comes again.
          if (job.signal.aborted) return;
          try {
            await handlers[kind](job.data as Record<string, unknown>, { id: job.id });
          } catch (error) {
            // One that fails is tried again by itself; the rest of the batch stands.
            log.warn({ error, kind, job: job.id }, 'a job failed; it will be tried again');
            await boss.fail(kind, job, { message: error instanceof Error ? error.message : String(error) });
            return;
          }
          // Each by itself, or all of a batch that ran out of time would be done again.
          await boss.complete(kind, job);
        };
        const lanes = sideBySide[kind];
        const options = { batchSize: lanes ?? batchOfOthers, burstWhenBatchFull: true, pollingIntervalSeconds: backstopSeconds };
        const work = (): Promise<string> => boss.work<object>(kind, options, async (jobs) => {
          if (lanes === undefined) for (const job of jobs) await carryOut(job);
          else await Promise.all(jobs.map(carryOut));
        });
        workers.set(kind, await Promise.all(Array.from({ length: lanes === undefined ? 1 : batchesSideBySide }, work)));
      }
      looking = keepDoing(
        async () => {
          const { rows } = await boss.getDb().executeSql(kindsDue, [[...workers.keys()]]);
          for (const { kind } of rows as { kind: JobKind }[]) wake(kind);
          return lookMilliseconds;
        },
        (error) => {
          log.error({ error }, 'the job queue could not be looked into; it will be tried again');
          return lookMilliseconds;
        },
      );
    },
    async stop() {
      await looking?.stop();
      await boss.stop({ graceful: true, timeout: 5_000 });
    },
  };
}
