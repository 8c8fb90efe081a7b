import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { test } from 'node:test';
import { keepDoing } from './keep-doing.ts';
import { keepInOrder } from './keep-in-order.ts';

const long = 600_000;
const until = async (holds: () => boolean) => {
  while (!holds()) await setImmediate();
};

test('goes on at once while there is something to do, and is woken from its pause', { timeout: 10_000 }, async () => {
  let turns = 0;
  const work = keepDoing(async () => (++turns % 3 === 0 ? long : 0), () => long);
  await until(() => turns === 3);
  work.wake();
  await until(() => turns === 6);
  await work.stop();
  assert.equal(turns, 6);
});

test('woken while it is at it, it looks again without a pause', { timeout: 10_000 }, async () => {
  let turns = 0;
  let letGo = (): void => {};
  const work = keepDoing(async () => {
    turns += 1;
    await new Promise<void>((resolve) => (letGo = resolve));
    return long;
  }, () => long);
  await until(() => turns === 1);
  work.wake();
  letGo();
  await until(() => turns === 2);
  const stopped = work.stop();
  letGo();
  await stopped;
  assert.equal(turns, 2);
});

test('stopped in the midst of a turn, it waits for its end and neither pauses nor complains', { timeout: 10_000 }, async () => {
  let letGo = (_error?: Error): void => {};
  const told: unknown[] = [];
  const work = keepDoing(() => new Promise((_resolve, reject) => (letGo = (error) => reject(error ?? new Error('closed')))), (error) => {
    told.push(error);
    return long;
  });
  const stopped = work.stop();
  letGo();
  await stopped;
  assert.deepEqual(told, []);
});

test('what a turn throws is told, and it goes on after the pause for it', { timeout: 10_000 }, async () => {
  const told: string[] = [];
  let turns = 0;
  const work = keepDoing(async () => {
    if (++turns < 3) throw new Error(`no ${turns}`);
    return long;
  }, (error) => {
    told.push((error as Error).message);
    return 1;
  });
  await until(() => turns === 3);
  await work.stop();
  assert.deepEqual(told, ['no 1', 'no 2']);
});

test('what came is kept in its order, each again until it is; there is an end to what may wait, and to what is waited for', { timeout: 10_000 }, async () => {
  const kept: string[] = [];
  const failures: number[] = [];
  let away = true;
  const queue = keepInOrder(4, (_error, attempt) => (failures.push(attempt), attempt === 1 ? 1 : 0));
  const keep = (what: string) => queue.add(what.slice(0, 1), async () => {
    await setImmediate();
    if (away && what.startsWith('a')) throw new Error('away');
    kept.push(what);
  });
  assert.deepEqual(['a1', 'a2', 'b1', 'a3', 'b2'].map(keep), [true, true, true, true, false]);
  await until(() => failures.length > 3 && kept.length > 0);
  assert.deepEqual([kept, failures.slice(0, 3)], [['b1'], [1, 2, 3]], 'nobody waits for another name');
  away = false;
  assert.equal(await queue.end(5_000), 0);
  assert.deepEqual(kept, ['b1', 'a1', 'a2', 'a3']);
  const lost = keepInOrder(9, (error) => (String(error).includes('never') ? null : long));
  lost.add('a', () => Promise.reject(new Error('never')));
  lost.add('b', () => Promise.reject(new Error('away')));
  lost.add('b', () => Promise.resolve());
  assert.equal(await lost.end(10), 2);
});
