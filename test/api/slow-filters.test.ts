import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import pg from 'pg';
import type { Context } from '../../server/platform/context.ts';
import { Refusal } from '../../server/platform/errors/refusal.ts';
import { withPatience } from '../../server/records/view/patience.ts';
import { openTestProgram, type TestOrganization, type TestProgram } from '../support/program.ts';
import { assertProblem, done, newTicket } from './scene.ts';

describe('filters that no index leads to', () => {
  let program: TestProgram;
  let other: TestOrganization;
  before(async () => {
    program = await openTestProgram();
    other = await program.foundAnother('other');
  });
  after(() => program.close());

  test('are given up in the end and say so, a few at a time, and leave everybody else their connections', { timeout: 60_000 }, async () => {
    await newTicket(program, {}, 'administrator');
    const filter = { property: 'description', operator: 'contains', value: '没有这样的话' };
    const list = () => program.call('POST', '/tickets/search', { as: 'administrator', body: { filter } });
    const blocking = new pg.Client(program.connectionString);
    await blocking.connect();
    try {
      // Nothing is read while somebody holds the whole table.
      await blocking.query('BEGIN; LOCK TABLE ticket IN ACCESS EXCLUSIVE MODE');
      const answers = await Promise.all([list(), list(), list(), list(), program.call('POST', '/tickets/bulk', { as: 'administrator', body: { selection: { filter }, action: { kind: 'note', body: 'x' }, dryRun: true } })]);
      const slow = answers.filter((answer) => answer.body.code === 'filter_too_slow');
      const turnedAway = answers.filter((answer) => answer.body.code === 'too_many_slow_filters');
      assert.deepEqual([slow.length, turnedAway.length], [2, 3], answers.map((answer) => answer.text).join('\n'));
      for (const answer of slow) assertProblem(answer, 'filter_too_slow');
      for (const answer of turnedAway) {
        assertProblem(answer, 'too_many_slow_filters');
        assert.equal(Number(answer.headers['retry-after']) > 0, true);
      }
      await done(program.call('GET', '/ticket-types', { as: 'administrator' }));
    } finally {
      await blocking.end();
    }
    assert.deepEqual((await done(list())).body.items, []);
  });

  test('do not begin an export that could not go on: it is refused before the file begins, and holds nothing', { timeout: 60_000 }, async () => {
    await newTicket(program, {}, 'administrator');
    const take = () => program.call('GET', `/tickets/export?format=csv&filter=${encodeURIComponent(JSON.stringify({ property: 'description', operator: 'contains', value: '没有这样的话' }))}`, { as: 'administrator' });
    const blocking = new pg.Client(program.connectionString);
    await blocking.connect();
    try {
      await blocking.query('BEGIN; LOCK TABLE ticket IN ACCESS EXCLUSIVE MODE');
      assertProblem(await take(), 'filter_too_slow');
    } finally {
      await blocking.end();
    }
    const facts = (await done(program.call('GET', '/audit?kind=export.*', { as: 'administrator' }))).body.items as { kind: string; data: { rows?: number; complete?: boolean } }[];
    assert.deepEqual(facts.map(({ kind }) => kind), ['export.ended', 'export.started']);
    assert.deepEqual(facts[0]!.data, { rows: 0, complete: false });
    const [one, two] = await Promise.all([take(), take()]);
    assert.deepEqual([one.status, two.status, one.text.trim().split('\n').length], [200, 200, 1]);
  });

  test('run again with more time, all statements of a list together; the transaction goes on behind it', async () => {
    const { services, database, organization: { tenantId } } = program;
    const patience = { quick: 150, slow: 60_000, mostOfOne: 1, mostOfAll: 2 };
    const inContext = <Result>(of: string, work: (context: Context) => Promise<Result>) => database.transact(of, (transaction) => work({ tenantId: of, transaction, services } as Context));
    let attempts = 0;
    const rows = await inContext(tenantId, async (context) => {
      const read = await withPatience(context, async ({ transaction }) => {
        attempts += 1;
        await transaction.run(sql`select pg_sleep(0.3)`);
        return transaction.run(sql<{ one: number }>`select 1 AS one`);
      }, patience);
      return [...read, ...await context.transaction.run(sql<{ one: number }>`select 2 AS one`)];
    });
    assert.deepEqual([attempts, rows], [2, [{ one: 1 }, { one: 2 }]]);

    // One after another they are as slow as one.
    const codes = await inContext(tenantId, (context) => withPatience(context, async ({ transaction }) => {
      for (let at = 0; at < 100; at += 1) await transaction.run(sql`select pg_sleep(0.05)`);
    }, { ...patience, slow: 150 })).catch((error: unknown) => (error instanceof Refusal ? error.code : error));
    assert.equal(codes, 'filter_too_slow');

    // Of one organization no more than its share, while another has one left.
    let release: () => void = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    let second: () => void = () => {};
    const running = new Promise<void>((resolve) => (second = resolve));
    let tries = 0;
    const first = inContext(tenantId, (context) => withPatience(context, async ({ transaction }) => {
      tries += 1;
      if (tries === 1) return transaction.run(sql`select pg_sleep(10)`);
      second();
      return held;
    }, patience));
    await running;
    const slowOnce = (of: string) => {
      let tried = false;
      return inContext(of, (context) => withPatience(context, async ({ transaction }) => {
        if (tried) return 'read';
        tried = true;
        return transaction.run(sql`select pg_sleep(10)`);
      }, patience)).catch((error: unknown) => (error instanceof Refusal ? error.code : error));
    };
    assert.deepEqual([await slowOnce(tenantId), await slowOnce(other.tenantId)], ['too_many_slow_filters', 'read']);
    release();
    await first;
    assert.equal(await slowOnce(tenantId), 'read');
  });
});
