import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { test } from 'node:test';
import { keepDoing } from './keep-doing.ts';

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
