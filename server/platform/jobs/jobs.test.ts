import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import pg from 'pg';
import pino from 'pino';
import { jobKinds, type JobKind } from '../../../contract/jobs.ts';
import { openTestCluster } from '../../../test/support/postgres.ts';
import { openJobs, type JobHandler, type Jobs } from './jobs.ts';

async function leaveEmpty(): Promise<void> {}
const database = await (await openTestCluster(leaveEmpty)).cloneDatabase();
const client = new pg.Client(database.connection);
await client.connect();
const nodes: Jobs[] = [];

const complaints: Record<string, unknown>[] = [];
const log = pino({ level: 'warn', serializers: { error: pino.stdSerializers.err } }, { write: (line: string) => void complaints.push(JSON.parse(line) as Record<string, unknown>) });

async function openNode(): Promise<Jobs> {
  const node = await openJobs(database.connection, log);
  nodes.push(node);
  return node;
}

interface JobRow {
  id: string;
  name: JobKind;
  state: string;
  retry_count: number;
  data: Record<string, unknown>;
}

const rows = async (mark: string): Promise<JobRow[]> =>
  (await client.query<JobRow>("SELECT id, name, state::text, retry_count, data FROM pgboss.job WHERE data->>'mark' = $1 ORDER BY data->>'index', name", [mark])).rows;
const states = async (mark: string) => (await rows(mark)).map((row) => row.state);

/** Waits until something holds. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** What the handlers below do with a job of a mark; without one it is simply done. */
const effects = new Map<string, JobHandler>();
const runs: { mark: string; index: number; node: number; id: string }[] = [];
const runsOf = (mark: string) => runs.filter((run) => run.mark === mark);
const handlersOf = (node: number): Record<JobKind, JobHandler> => {
  const handler: JobHandler = async (data, job) => {
    const { mark, index } = data as { mark: string; index: number };
    runs.push({ mark, index, node, id: job.id });
    await effects.get(mark)?.(data, job);
  };
  return Object.fromEntries(Object.keys(jobKinds).map((kind) => [kind, handler])) as Record<JobKind, JobHandler>;
};

/** Hands jobs on; carries none out. */
const sender = await openNode();
const sms = (mark: string, index = 0, node = sender) => node.send('sms.send_phone_code', `${mark} ${index}`, { mark, index });

/** Lets nodes carry out what is there while a test looks on. */
async function working(count: number, look: () => Promise<void>): Promise<void> {
  const workers = await Promise.all(Array.from({ length: count }, openNode));
  await Promise.all(workers.map((node, index) => node.work(handlersOf(index))));
  await look();
  await Promise.all(workers.map((node) => node.stop()));
}

/** The test does not wait for the pause before the next attempt. */
async function letRetry(mark: string): Promise<void> {
  await client.query("UPDATE pgboss.job SET start_after = now() WHERE data->>'mark' = $1 AND state = 'retry'", [mark]);
}

describe('the job queue', () => {
  after(async () => {
    await Promise.all(nodes.map((node) => node.stop()));
    await client.end();
    await database.drop();
  });

  test('makes one job of an origin, however often and from wherever it is handed on', async () => {
    const other = await openNode();
    await Promise.all([sms('same'), sms('same'), sms('same', 0, other)]);
    await sms('same');
    assert.equal((await rows('same')).length, 1);
    await sms('same', 1);
    await sender.send('file.make_thumbnail', 'same 0', { mark: 'same', index: 0 });
    assert.deepEqual((await rows('same')).map((row) => row.name).sort(), ['file.make_thumbnail', 'sms.send_phone_code', 'sms.send_phone_code']);
    await other.stop();
  });

  test('lets a job wait that is told to, and no other', async () => {
    await sender.send('file.make_thumbnail', 'waits', { mark: 'waits', index: 0 }, 3_600);
    await sender.send('file.make_thumbnail', 'waits not', { mark: 'waits', index: 1 });
    const { rows: found } = await client.query<{ later: boolean }>("SELECT start_after > created_on + interval '50 minutes' AS later FROM pgboss.job WHERE data->>'mark' = 'waits' ORDER BY data->>'index'");
    assert.deepEqual(found.map((row) => row.later), [true, false]);
    await working(1, () => until(async () => (await states('waits'))[1] === 'completed'));
    assert.deepEqual(await states('waits'), ['created', 'completed']);
  });

  test('takes over how often a kind is tried and how long it may take when the program is renewed', async () => {
    await client.query('UPDATE pgboss.queue SET retry_limit = 77, expire_seconds = 77');
    await (await openNode()).stop();
    const { rows: queues } = await client.query<{ name: string; retry_limit: number; expire_seconds: number }>('SELECT name, retry_limit, expire_seconds FROM pgboss.queue WHERE name = ANY($1)', [Object.keys(jobKinds)]);
    assert.deepEqual(Object.fromEntries(queues.map((queue) => [queue.name, { attempts: queue.retry_limit, seconds: queue.expire_seconds }])), jobKinds);
  });

  test('has each job carried out once by the nodes that share the work, under one id', async () => {
    for (let index = 0; index < 120; index += 1) await sms('shared', index);
    const ids = (await rows('shared')).map((row) => row.id);
    await working(2, () => until(async () => (await states('shared')).every((state) => state === 'completed')));
    assert.deepEqual(runsOf('shared').map((run) => run.index).toSorted((a, b) => a - b), Array.from({ length: 120 }, (_, index) => index));
    assert.deepEqual(runsOf('shared').map((run) => run.id).toSorted(), ids.toSorted());
  });

  test('tries a failed job again, by itself: the rest of its batch stands; and gives it up after its last attempt', async () => {
    const failing = new Set([1, 3]);
    effects.set('batch', async (data) => {
      if (failing.has(data['index'] as number)) throw new Error('the gateway refused');
    });
    for (let index = 0; index < 5; index += 1) await sms('batch', index);
    complaints.length = 0;
    await working(1, async () => {
      await until(async () => (await states('batch')).join() === 'completed,retry,completed,retry,completed');
      assert.deepEqual(complaints.map((complaint) => (complaint['error'] as { message: string }).message), ['the gateway refused', 'the gateway refused']);
      const { rows: pauses } = await client.query("SELECT DISTINCT start_after > now() AS pause FROM pgboss.job WHERE data->>'mark' = 'batch' AND state = 'retry'");
      assert.deepEqual(pauses, [{ pause: true }]);
      failing.delete(1);
      await client.query("UPDATE pgboss.job SET retry_limit = retry_count + 1 WHERE data->>'mark' = 'batch' AND data->>'index' = '3'");
      await letRetry('batch');
      await until(async () => (await states('batch')).join() === 'completed,completed,completed,failed,completed');
    });
    assert.deepEqual(runsOf('batch').map((run) => run.index).toSorted(), [0, 1, 1, 2, 3, 3, 4]);
    const { rows: given } = await client.query("SELECT output->>'message' AS reason FROM pgboss.job WHERE data->>'mark' = 'batch' AND state = 'failed'");
    assert.deepEqual(given, [{ reason: 'the gateway refused' }]);
  });

  test('what is given up is handed to whoever waits for it, also when it went down with its program', async () => {
    effects.set('exhausted', async () => {
      throw new Error('always');
    });
    for (const index of [0, 1]) await sender.send('dispatch.plan_day', `exhausted ${index}`, { mark: 'exhausted', index });
    await client.query("UPDATE pgboss.job SET retry_count = retry_limit WHERE data->>'mark' = 'exhausted'");
    // Begun by a program that was killed: nobody tells how it ended, it is only not heard of any more.
    await client.query("UPDATE pgboss.job SET state = 'active', started_on = now() - interval '40 seconds', heartbeat_on = now() - interval '40 seconds' WHERE data->>'mark' = 'exhausted' AND data->>'index' = '1'");
    const toldOf = async () => (await client.query<{ index: string }>("SELECT data->>'index' AS index FROM pgboss.job WHERE name = 'dispatch.give_up_plan' AND data->>'mark' = 'exhausted' ORDER BY 1")).rows.map(({ index }) => index);
    await working(1, () => until(async () => (await toldOf()).join() === '0,1'));
    assert.deepEqual((await rows('exhausted')).filter(({ name }) => name === 'dispatch.plan_day').map(({ state }) => state), ['failed', 'failed']);
  });

  test('does not do again what was done when the batch ran out of time, and goes on with the rest', async () => {
    let letGo = () => {};
    const hanging = new Promise<void>((resolve) => (letGo = resolve));
    effects.set('slow', (data) => (data['index'] === 1 ? hanging : Promise.resolve()));
    for (let index = 0; index < 3; index += 1) await sms('slow', index);
    await client.query("UPDATE pgboss.job SET expire_seconds = 1 WHERE data->>'mark' = 'slow'");
    await working(1, async () => {
      await until(async () => (await states('slow')).filter((state) => state === 'retry').length >= 2);
      assert.deepEqual(await states('slow'), ['completed', 'retry', 'retry']);
      letGo();
      await letRetry('slow');
      await until(async () => (await states('slow')).every((state) => state === 'completed'));
    });
    assert.deepEqual(runsOf('slow').map((run) => run.index).toSorted(), [0, 1, 1, 2], 'the one that hung may have been half done: it comes again');
  });

  test('calls to the outside do not wait for one another: one that hangs holds up none of its batch, and no later batch', { timeout: 60_000 }, async () => {
    let letGo = () => {};
    const hanging = new Promise<void>((resolve) => (letGo = resolve));
    effects.set('outside', (data) => (data['index'] === 0 ? hanging : Promise.resolve()));
    const call = (index: number) => sender.send('flow.call', `outside ${index}`, { mark: 'outside', index });
    for (let index = 0; index < 4; index += 1) await call(index);
    await working(1, async () => {
      await until(async () => (await states('outside')).join() === 'active,completed,completed,completed');
      await call(4);
      await until(async () => (await states('outside')).join() === 'active,completed,completed,completed,completed');
      letGo();
      await until(async () => (await states('outside'))[0] === 'completed');
    });
  });

  test('at rest, begins what another process handed on, and what is due after a pause', { timeout: 20_000 }, async () => {
    await working(1, async () => {
      // What is there at the start is fetched without being looked for.
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      await sms('handed', 0);
      await sender.send('file.make_thumbnail', 'handed later', { mark: 'handed', index: 1 }, 2);
      await until(async () => (await states('handed')).join() === 'completed,completed');
    });
  });

  test('finishes what it is at before it stops', async () => {
    let begun = () => {};
    const beginning = new Promise<void>((resolve) => (begun = resolve));
    let finish = () => {};
    const finishing = new Promise<void>((resolve) => (finish = resolve));
    effects.set('last', async () => {
      begun();
      await finishing;
    });
    await sms('last');
    const worker = await openNode();
    await worker.work(handlersOf(0));
    await beginning;
    const stopping = worker.stop();
    finish();
    await stopping;
    assert.deepEqual(await states('last'), ['completed']);
  });
});
