import { test } from 'node:test';
import pg from 'pg';
import { openTestCluster } from '../../../test/support/postgres.ts';
import { openLog } from '../log.ts';
import { migrate } from './migrate.ts';
import { keepStatistics } from './statistics.ts';

test('a table that has grown from nothing is analyzed soon, also one whose rows are under row-level security', { timeout: 60_000 }, async () => {
  const clone = await (await openTestCluster(migrate)).cloneDatabase();
  const client = new pg.Client(clone.connection);
  await client.connect();
  await client.query('CREATE TABLE grown (id int PRIMARY KEY, filler text)');
  await client.query('ALTER TABLE grown ENABLE ROW LEVEL SECURITY');
  await client.query('ALTER TABLE grown FORCE ROW LEVEL SECURITY');
  await client.query('CREATE POLICY everything ON grown USING (true)');
  const keeper = keepStatistics(clone.connection, openLog('silent'));
  const known = async () => (await client.query("SELECT relpages FROM pg_class WHERE relname = 'grown'")).rows[0].relpages as number;
  const growTo = async (pages: number) => {
    while (await known() < pages) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  await client.query("INSERT INTO grown SELECT n, repeat('x', 100) FROM generate_series(1, 5000) n");
  await growTo(50);
  await client.query("INSERT INTO grown SELECT n, repeat('x', 100) FROM generate_series(5001, 20000) n");
  await growTo(200);
  await keeper.stop();
  await client.end();
  await clone.drop();
});
