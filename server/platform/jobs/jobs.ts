import { createHash } from 'node:crypto';
import type pg from 'pg';
import { PgBoss } from 'pg-boss';
import { jobKinds, type JobKind } from '../../../contract/jobs.ts';
import type { Logger } from '../log.ts';

/** What a job is given; the same job may be run twice, so handlers must not mind. */
export type JobHandler = (data: Record<string, unknown>, job: { id: string }) => Promise<void>;

/** The queue of slow and outside work (任务队列). */
export interface Jobs {
  /** Hands a job on. The same origin always makes the same job, however often it is sent. */
  send(kind: JobKind, origin: string, data: Record<string, unknown>): Promise<void>;
  /** Begins to carry jobs out in this process. */
  work(handlers: Record<JobKind, JobHandler>): Promise<void>;
  stop(): Promise<void>;
}

/** Opens the queue; it lives in the same database, in a schema of its own. */
export async function openJobs(connection: pg.ClientConfig, log: Logger): Promise<Jobs> {
  const boss = new PgBoss({ ...connection as Record<string, unknown>, schema: 'pgboss', max: 4, application_name: 'bihuan jobs' });
  boss.on('error', (error: unknown) => log.error({ error }, 'the job queue reported an error'));
  await boss.start();
  for (const kind of Object.keys(jobKinds) as JobKind[]) {
    const { attempts, seconds } = jobKinds[kind];
    const options = { retryLimit: attempts, retryBackoff: true, retryDelay: 5, expireInSeconds: seconds, deleteAfterSeconds: 7 * 86_400 };
    await boss.createQueue(kind, options);
    // One that an earlier version of the program made stays as it is otherwise.
    await boss.updateQueue(kind, options);
  }
  return {
    async send(kind, origin, data) {
      await boss.send(kind, data, { id: jobId(kind, origin) });
    },
    async work(handlers) {
      for (const kind of Object.keys(jobKinds) as JobKind[]) {
        await boss.work(kind, { batchSize: 50, burstWhenBatchFull: true, pollingIntervalSeconds: 1 }, async (jobs) => {
          for (const job of jobs) {
            // The batch ran out of time: what is left was given back, and comes again.
            if (job.signal.aborted) return;
            try {
              await handlers[kind](job.data as Record<string, unknown>, { id: job.id });
            } catch (error) {
              // One that fails is tried again by itself; the rest of the batch stands.
              log.warn({ error, kind, job: job.id }, 'a job failed; it will be tried again');
              await boss.fail(kind, job, { message: error instanceof Error ? error.message : String(error) });
              continue;
            }
            // Each by itself, or all of a batch that ran out of time would be done again.
            await boss.complete(kind, job);
          }
        });
      }
    },
    stop: () => boss.stop({ graceful: true, timeout: 5_000 }),
  };
}

/** A UUID that follows from what the job comes from (version 8, RFC 9562 §5.8). */
function jobId(kind: JobKind, origin: string): string {
  const bytes = createHash('sha256').update(`${kind} ${origin}`).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
