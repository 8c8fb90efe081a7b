import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Services } from './platform/context.ts';
import { openLog } from './platform/log.ts';
import { runDueChores, runTimers } from './timers.ts';

// All that chores of these tests touch.
const services = { log: openLog('silent') } as Services;

test('a chore runs once in its interval; one that failed is tried again a minute later', async () => {
  const ran: string[] = [];
  let broken = true;
  const list = [
    { name: 'sound', everyMinutes: 60, run: async () => void ran.push('sound') },
    {
      name: 'broken', everyMinutes: 60, run: async () => {
        ran.push('broken');
        if (broken) throw new Error('the store is away');
      },
    },
  ];
  const dueAt = new Map<string, number>();
  const at = async (seconds: number) => {
    ran.length = 0;
    await runDueChores(services, list, dueAt, new Date(Date.UTC(2026, 10, 21) + seconds * 1000), () => false);
    return [...ran];
  };
  assert.deepEqual(await at(0), ['sound', 'broken']);
  assert.deepEqual(await at(59), []);
  assert.deepEqual(await at(60), ['broken']);
  broken = false;
  assert.deepEqual(await at(120), ['broken']);
  assert.deepEqual(await at(180), [], 'well again, it waits its interval');
  assert.deepEqual(await at(3600), ['sound']);
  assert.deepEqual(await at(120 + 3600), ['broken']);
});

test('nothing more is begun once the program stops', async () => {
  const ran: string[] = [];
  const list = ['first', 'second'].map((name) => ({ name, everyMinutes: 1, run: async () => void ran.push(name) }));
  await runDueChores(services, list, new Map(), new Date(), () => ran.length > 0);
  assert.deepEqual(ran, ['first']);
});

test('a chore that takes its time keeps no timer waiting', { timeout: 10_000 }, async () => {
  let looks = 0;
  const begun = Promise.withResolvers<void>();
  const over = Promise.withResolvers<void>();
  const lookedTwice = Promise.withResolvers<void>();
  const database = { transact: () => Promise.resolve((looks += 1) >= 3 ? (lookedTwice.resolve(), []) : []) };
  const timers = runTimers({ ...services, database, clock: { now: () => new Date() } } as unknown as Services, [{ name: 'learn', everyMinutes: 1, run: () => (begun.resolve(), over.promise) }]);
  await begun.promise;
  looks = 1;
  timers.wake();
  await lookedTwice.promise;
  over.resolve();
  await timers.stop();
});
