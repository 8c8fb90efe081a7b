import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { migrate } from '../../server/platform/db/migrate.ts';
import { openTestCluster } from '../support/postgres.ts';
import { ensureWhole } from './invariants.ts';
import { call, create, makeDirectory, openClient, startProgram, until, type ProgramProcess } from './program-process.ts';

const tickets = 900;
const lanes = 12;

test('promises are told once each, by two nodes of which one is killed in the midst of a backlog', { skip: process.platform === 'win32' && 'no signals', timeout: 300_000 }, async (context) => {
  const database = await (await openTestCluster(migrate)).cloneDatabase();
  const directory = makeDirectory();
  let started = 0;
  const start = () => startProgram({ ROLE: 'all', DATABASE_URL: database.connectionString, SECRET_KEY: 'the key that all nodes of this test share', DATA_DIR: join(directory, `node-${(started += 1)}`) });
  const first: ProgramProcess = await start();
  const client = await openClient(database.connection);
  const count = async (text: string) => (await client.query<{ count: number }>(text)).rows[0]!.count;
  const calendars = await call(first, 'GET', '/api/v1/calendars');
  const always = calendars.body.items.find((calendar: { key: string }) => calendar.key === 'always').id as string;
  const definition = { targets: [{ key: 'a', metric: 'acceptance', party: 'customer', minutes: 60, calendar: always, pauses: [], warnings: [50], ladder: [{ afterMinutes: 15, whom: [{ kind: 'manager' }] }] }] };
  const made = await call(first, 'POST', '/api/v1/sla-policies', { body: { name: '标准', definition } });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const published = await call(first, 'POST', `/api/v1/sla-policies/${made.body.id}/publish`, { body: { enable: true }, headers: { 'if-match': `"${made.body.version}"` } });
  assert.equal(published.status, 200, JSON.stringify(published.body));
  let next = 0;
  await Promise.all(Array.from({ length: lanes }, async () => {
    for (let index = next++; index < tickets; index = next++) assert.equal((await create(first, 'promise', index)).answer?.status, 201);
  }));
  await until(async () => await count('SELECT count(*)::int AS count FROM sla_clock') === tickets);
  first.kill('SIGTERM');
  assert.equal((await first.ended).code, 0);

  // As if everybody had been away for six hours.
  await client.query(`
    UPDATE sla_clock SET started_at = started_at - interval '6 hours', due_at = due_at - interval '6 hours', act_at = act_at - interval '6 hours',
      record = jsonb_set(jsonb_set(record, '{phases,0,at}', to_jsonb((record #>> '{phases,0,at}')::bigint - 21600000)), '{promises,0,at}', to_jsonb((record #>> '{promises,0,at}')::bigint - 21600000))`);
  const told = () => count("SELECT count(*)::int AS count FROM fact WHERE kind IN ('sla.warned', 'sla.breached', 'sla.escalated')");
  const nodes = await Promise.all([start(), start()]);
  await until(async () => await told() > 0);
  nodes[0].kill('SIGKILL');
  await nodes[0].ended;
  const atKill = await told();
  await until(async () => await told() >= tickets * 3);
  // Whatever was doubled would come now.
  await wait(1_500);
  const { rows } = await client.query<{ kind: string; clocks: number; facts: number }>(`
    SELECT kind, count(DISTINCT ticket_id)::int AS clocks, count(*)::int AS facts FROM fact WHERE kind LIKE 'sla.%ed' AND ticket_id IS NOT NULL GROUP BY kind ORDER BY kind`);
  assert.deepEqual(rows, ['sla.breached', 'sla.escalated', 'sla.warned'].map((kind) => ({ kind, clocks: tickets, facts: tickets })));
  assert.equal(await count('SELECT count(*)::int AS count FROM sla_clock WHERE act_at IS NOT NULL'), 0);
  assert.equal(await count(`SELECT count(*)::int AS count FROM fact a JOIN fact b ON b.tenant_id = a.tenant_id AND b.ticket_id = a.ticket_id AND b.ticket_position > a.ticket_position
    WHERE a.kind LIKE 'sla.%ed' AND b.kind LIKE 'sla.%ed' AND b.occurred_at < a.occurred_at`), 0, 'each ticket hears of them in order');
  await ensureWhole(client);
  context.diagnostic(`killed after ${atKill} of ${tickets * 3}`);
  await client.end();
  nodes[1].kill('SIGTERM');
  assert.equal((await nodes[1].ended).code, 0);
});
