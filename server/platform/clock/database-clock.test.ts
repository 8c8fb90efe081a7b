import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Database } from '../db/database.ts';
import { followDatabase } from './database-clock.ts';

/** A database whose clock stands, and a machine's clock that is off and moves while an answer travels. */
function scene(off: number, travels: readonly number[] = [2]) {
  const right = Date.parse('2026-11-22T04:00:00Z');
  const own = { time: right + off };
  let turn = 0;
  const warnings: unknown[] = [];
  const database = {
    look: async () => {
      const travel = travels[turn++ % travels.length]!;
      own.time += travel;
      return [{ now: new Date(own.time - off - travel / 2) }];
    },
  } as unknown as Pick<Database, 'look'>;
  return { own, warnings, open: () => followDatabase(database, { warn: (...said: unknown[]) => void warnings.push(said) }, () => own.time), real: () => own.time - off };
}

test('the time is that of the database, however wrong the machine’s own clock is, and the difference is said', async () => {
  for (const off of [7 * 60_000, -7 * 60_000, 3_000, -86_400_000]) {
    const { open, real, warnings } = scene(off);
    const clock = await open();
    assert.ok(Math.abs(clock.now().getTime() - real()) <= 2, String(off));
    assert.equal(warnings.length, 1);
    await clock.stop();
  }
});

test('what is as near as clocks are kept is left alone, whatever the way there takes', async () => {
  for (const travels of [[2], [4_000], [2_000, 1, 3_000]]) {
    const { open, real, warnings } = scene(40, travels);
    const clock = await open();
    assert.equal(clock.now().getTime(), real() + 40, String(travels));
    assert.deepEqual(warnings, []);
    await clock.stop();
  }
});
