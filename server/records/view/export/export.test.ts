import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Database } from '../../../platform/db/database.ts';
import { Refusal } from '../../../platform/errors/refusal.ts';
import { handOver } from './hand-over.ts';
import { takeTurn } from './turns.ts';

test('whoever holds exports open leaves room for colleagues, and an organization for the others', () => {
  const database = {} as Database;
  const of = (tenantId: string, staffId: string) => takeTurn(database, { tenantId, staffId });
  const refused = (error: unknown) => error instanceof Refusal && error.code === 'too_many_exports';
  const leave = [of('one', 'a'), of('one', 'a')];
  assert.throws(() => of('one', 'a'), refused, 'of one person');
  leave.push(of('one', 'b'));
  assert.throws(() => of('one', 'c'), refused, 'of one organization');
  leave.push(of('two', 'a'));
  assert.throws(() => of('three', 'a'), refused, 'of all');
  leave[0]!();
  leave[0]!();
  of('one', 'd')();
  of('one', 'd');
  assert.throws(() => of('three', 'a'), refused, 'ended twice, a turn frees one place');
});

test('whoever takes nothing is given up before the database gives up the transaction', { timeout: 10_000 }, async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const lines = handOver<number>();
  const given = lines.give(1);
  // A transaction that stands still for a minute is ended by the server.
  t.mock.timers.tick(59_000);
  await assert.rejects(given, /took too long/);
});
