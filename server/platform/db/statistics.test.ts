import assert from 'node:assert/strict';
import { test } from 'node:test';
import pg from 'pg';
import { openTestCluster } from '../../../test/support/postgres.ts';
import { openLog } from '../log.ts';
import { migrate } from './migrate.ts';
import { keepStatistics } from './statistics.ts';

test('a table that has grown from nothing is analyzed at once', async () => {
  const clone = await (await openTestCluster(migrate)).cloneDatabase();
  const client = new pg.Client(clone.connection);
  await client.connect();
  await client.query('CREATE TABLE grown (id int PRIMARY KEY, filler text)');
  const keeper = await keepStatistics(clone.connection, openLog('silent'));
  await client.query("INSERT INTO grown SELECT n, repeat('x', 100) FROM generate_series(1, 5000) n");
  const known = async () => (await client.query("SELECT relpages FROM pg_class WHERE relname = 'grown'")).rows[0].relpages as number;
  while (await known() < 50) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal((await client.query("SELECT count(*)::int AS known FROM pg_stats WHERE tablename = 'grown'")).rows[0].known, 2);
  await keeper.stop();
  await client.end();
  await clone.drop();
});
