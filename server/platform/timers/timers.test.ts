import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import pino from 'pino';
import { timerKinds, type TimerKind } from '../../../contract/timers.ts';
import { openTestProgram } from '../../../test/support/program.ts';
import { everyTenant, openDatabase, statement, type Transaction } from '../db/database.ts';
import { newId } from '../db/uuid.ts';
import { clearTimer, runDueTimers, setTimer, type DueTimer, type TimerHandler } from './timers.ts';

const program = await openTestProgram();
const otherNode = openDatabase({ connection: { connectionString: program.connectionString }, role: null, connections: 4 });
after(async () => {
  await otherNode.close();
  await program.close();
});
const { database, organization: { tenantId } } = program;
const silent = pino({ level: 'silent' });
const kind = 'ticket.close_after_silence';
const noon = new Date('2026-11-21T04:00:00Z');
const offset = (seconds: number) => new Date(noon.getTime() + seconds * 1000);

const set = (subjectId: string, dueAt: Date, data?: Record<string, unknown>, tenant = tenantId) =>
  database.transact(tenant, (transaction) => setTimer(transaction, { kind, subjectId, dueAt, ...(data ? { data } : {}) }));
const clear = (subjectId: string) => database.transact(tenantId, (transaction) => clearTimer(transaction, kind, subjectId));
const run = (handler: TimerHandler, now: Date, { node = database, log = silent, limit = 100 } = {}) => runDueTimers(node, Object.fromEntries(timerKinds.map((one) => [one, handler])) as Record<TimerKind, TimerHandler>, now, log, limit);
const standing = async (): Promise<{ subject: string; due_at: Date; attempts: number }[]> => database.transact(everyTenant, (transaction) =>
  transaction.query(statement('test.timers', 'SELECT subject_id AS subject, due_at, attempts FROM timer ORDER BY due_at, subject_id'), []));
const empty = () => database.transact(everyTenant, (transaction) => transaction.query(statement('test.no_timers', 'DELETE FROM timer'), []));

/** An effect in the database, so that it can be seen whether it came about once. */
const leaveMark = (transaction: Transaction, timer: DueTimer) => transaction.query(
  statement('test.mark', "INSERT INTO account (tenant_id, id, name, created_at) VALUES ($1, $2, $3, now())"), [timer.tenantId, newId(), `mark ${timer.subjectId}`]);
const marks = async (): Promise<string[]> => (await database.transact(everyTenant, (transaction) =>
  transaction.query(statement<{ name: string }>('test.marks', "SELECT name FROM account WHERE name LIKE 'mark %' ORDER BY name"), []))).map((row) => row.name.slice(5));

describe('timers', () => {
  test('are carried out when they are due, oldest first, with what they were given, and are gone then', async () => {
    await empty();
    const [early, late, future] = [newId(), newId(), newId()];
    const other = await program.foundAnother('timers');
    await set(late, offset(-10), { reason: 'late' });
    await set(early, offset(-20), undefined, other.tenantId);
    await set(future, offset(1));
    const seen: DueTimer[] = [];
    assert.equal(await run(async (_transaction, timer) => void seen.push(timer), noon), 2);
    assert.deepEqual(seen, [
      { tenantId: other.tenantId, kind, subjectId: early, dueAt: offset(-20), data: {} },
      { tenantId, kind, subjectId: late, dueAt: offset(-10), data: { reason: 'late' } },
    ]);
    assert.deepEqual((await standing()).map((timer) => timer.subject), [future]);
    assert.equal(await run(async () => {}, noon), 0);
    assert.equal(await run(async () => {}, offset(1)), 1, 'due to the very moment');
  });

  test('work in the transaction of their own organization', async () => {
    await empty();
    const subject = newId();
    await set(subject, noon);
    let tenant = '';
    await run(async (transaction, timer) => {
      tenant = transaction.tenantId;
      await leaveMark(transaction, timer);
    }, noon);
    assert.equal(tenant, tenantId);
    assert.ok((await marks()).includes(subject));
  });

  test('called off do not happen; calling off what is not there is no error', async () => {
    await empty();
    const subject = newId();
    await set(subject, noon);
    await clear(subject);
    await clear(subject);
    assert.equal(await run(async () => assert.fail('it was called off'), noon), 0);
  });

  test('called off or moved after they were found due do not happen either', async () => {
    await empty();
    const [first, calledOff, moved] = [newId(), newId(), newId()];
    await set(first, offset(-3));
    await set(calledOff, offset(-2));
    await set(moved, offset(-1));
    const seen: string[] = [];
    await run(async (_transaction, timer) => {
      seen.push(timer.subjectId);
      await clear(calledOff);
      await set(moved, offset(100));
    }, noon);
    assert.deepEqual(seen, [first]);
    assert.deepEqual((await standing()).map((timer) => [timer.subject, timer.due_at]), [[moved, offset(100)]]);
  });

  test('are one of a kind for a subject: set again, they move and take the new data', async () => {
    await empty();
    const subject = newId();
    await set(subject, noon, { round: 1 });
    await set(subject, offset(60), { round: 2 });
    assert.equal(await run(async () => assert.fail('it was moved'), noon), 0);
    const rounds: unknown[] = [];
    await run(async (_transaction, timer) => void rounds.push(timer.data['round']), offset(60));
    assert.deepEqual(rounds, [2]);
  });

  test('lock what they are about before themselves, and look again whether they still stand', async () => {
    await empty();
    const [calledOff, standing] = [newId(), newId()];
    for (const subject of [calledOff, standing]) await set(subject, noon);
    const order: string[] = [];
    const handler: TimerHandler = Object.assign(async (_transaction: Transaction, timer: DueTimer) => void order.push(`happened ${timer.subjectId}`), {
      lock: async (_transaction: Transaction, subjectId: string) => {
        order.push(`locked ${subjectId}`);
        // Whoever has the subject still gets at the timer: nobody holds it yet.
        if (subjectId === calledOff) await clear(calledOff);
      },
    });
    assert.equal(await run(handler, noon), 1);
    assert.deepEqual(order.filter((line) => line.endsWith(calledOff)), [`locked ${calledOff}`]);
    assert.deepEqual(order.filter((line) => line.endsWith(standing)), [`locked ${standing}`, `happened ${standing}`]);
  });

  test('set by a transaction that is rolled back were never set', async () => {
    await empty();
    await assert.rejects(database.transact(tenantId, async (transaction) => {
      await setTimer(transaction, { kind, subjectId: newId(), dueAt: noon });
      throw new Error('second thoughts');
    }));
    assert.deepEqual(await standing(), []);
  });

  test('happen once, however many nodes look at the same moment', async () => {
    await empty();
    const subjects = Array.from({ length: 30 }, () => newId()).sort();
    for (const subject of subjects) await set(subject, noon);
    const before = (await marks()).length;
    const nodes = [database, otherNode, database, otherNode];
    const done = await Promise.all(nodes.map((node) => run(leaveMarkSlowly, noon, { node })));
    assert.equal(done.reduce((sum, count) => sum + count, 0), 30);
    const made = await marks();
    assert.equal(made.length - before, 30);
    for (const subject of subjects) assert.equal(made.filter((mark) => mark === subject).length, 1);
  });

  test('whose handler fails have no effect, come back later and later, and hold nobody up', async () => {
    await empty();
    const [failing, ...others] = [newId(), newId(), newId()];
    await set(failing!, offset(-10));
    for (const subject of others) await set(subject, offset(-5));
    const complaints: Record<string, unknown>[] = [];
    const log = pino({ level: 'error' }, { write: (line: string) => void complaints.push(JSON.parse(line) as Record<string, unknown>) });
    const handler: TimerHandler = async (transaction, timer) => {
      await leaveMark(transaction, timer);
      if (timer.subjectId === failing) throw new Error('it failed');
    };
    assert.equal(await run(handler, noon, { log }), 2);
    const made = await marks();
    assert.deepEqual([failing!, ...others].map((subject) => made.includes(subject)), [false, true, true]);
    assert.equal(complaints.length, 1);
    assert.equal(complaints[0]!['subjectId'], failing);

    const pauses: number[] = [];
    let now = noon;
    for (let attempt = 1; attempt <= 13; attempt += 1) {
      const [timer] = await standing();
      assert.equal(timer!.attempts, attempt);
      pauses.push((timer!.due_at.getTime() - now.getTime()) / 1000);
      assert.equal(await run(handler, new Date(timer!.due_at.getTime() - 1)), 0, 'not before');
      now = timer!.due_at;
      await run(handler, now);
    }
    assert.deepEqual(pauses, [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600, 3600]);
  });

  test('more failing ones than are looked up at a time do not block those behind them', async () => {
    await empty();
    const failing = new Set(Array.from({ length: 5 }, () => newId()));
    for (const subject of failing) await set(subject, offset(-10));
    const sound = newId();
    await set(sound, noon);
    const seen: string[] = [];
    const handler: TimerHandler = async (_transaction, timer) => {
      if (failing.has(timer.subjectId)) throw new Error('it failed');
      seen.push(timer.subjectId);
    };
    await run(handler, noon, { limit: 5 });
    await run(handler, noon, { limit: 5 });
    assert.deepEqual(seen, [sound]);
  });

  test('that failed and were set anew meanwhile keep the new moment', async () => {
    await empty();
    const subject = newId();
    await set(subject, noon);
    let moving: Promise<unknown> = Promise.resolve();
    await run(async (_transaction, timer) => {
      // Waits for the lock of the timer that is at work, and gets it when this has failed.
      moving = otherNode.transact(tenantId, (transaction) => setTimer(transaction, { kind, subjectId: timer.subjectId, dueAt: offset(7 * 86_400) }));
      await until(async () => (await waitingForLocks()) > 0);
      throw new Error('it failed');
    }, noon);
    await moving;
    assert.deepEqual((await standing()).map((timer) => timer.due_at), [offset(7 * 86_400)]);
  });
});

const leaveMarkSlowly: TimerHandler = async (transaction, timer) => {
  await leaveMark(transaction, timer);
  await transaction.query(statement('test.sleep', 'SELECT pg_sleep(0.005)'), []);
};

async function waitingForLocks(): Promise<number> {
  const [row] = await database.transact(everyTenant, (transaction) => transaction.query(
    statement<{ count: number }>('test.waiting', 'SELECT count(*)::int AS count FROM pg_locks WHERE NOT granted AND pid IN (SELECT pid FROM pg_stat_activity WHERE datname = current_database())'), []));
  return row!.count;
}

/** Waits until something holds. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
}
