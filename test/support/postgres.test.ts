import assert from 'node:assert/strict';
import { test } from 'node:test';
import pg from 'pg';
import { openTestCluster } from './postgres.ts';

let migrations = 0;
async function migrate(connection: { connectionString: string }): Promise<string> {
  migrations += 1;
  await query(connection, 'CREATE TABLE thing (id int); INSERT INTO thing VALUES (1)');
  return 'as far as it goes';
}

async function query(connection: { connectionString: string }, text: string): Promise<unknown[]> {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

test('every clone starts as the migration left the template, and is its test’s alone', async () => {
  const cluster = await openTestCluster(migrate);
  assert.equal(cluster.migrated, 'as far as it goes');
  const [one, other] = await Promise.all([cluster.cloneDatabase(), cluster.cloneDatabase()]);
  await query(one.connection, 'INSERT INTO thing VALUES (2)');
  assert.deepEqual(await query(one.connection, 'SELECT id FROM thing ORDER BY id'), [{ id: 1 }, { id: 2 }]);
  assert.deepEqual(await query(other.connection, 'SELECT id FROM thing'), [{ id: 1 }]);
  await other.drop();
  await assert.rejects(query(other.connection, 'SELECT 1'), { code: '3D000' });
});

test('a migration runs once however often its cluster is opened', async () => {
  await Promise.all([openTestCluster(migrate), openTestCluster(migrate)]);
  assert.equal(migrations, 1);
});

test('a database can be dropped while somebody is connected', async () => {
  const database = await (await openTestCluster(migrate)).cloneDatabase();
  const client = new pg.Client(database.connection);
  const broken = new Promise((resolve) => client.on('error', resolve));
  await client.connect();
  await database.drop();
  await broken;
  await assert.rejects(query(database.connection, 'SELECT 1'), { code: '3D000' });
});
