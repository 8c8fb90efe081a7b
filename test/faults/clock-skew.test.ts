import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { openFakeSmtp, type FakeSmtp } from '../support/fake-smtp.ts';
import { migrate } from '../../server/platform/db/migrate.ts';
import { openTestCluster } from '../support/postgres.ts';
import { ensureWhole } from './invariants.ts';
import { apiKey, call, create, makeDirectory, openClient, startProgram, until, type ProgramProcess } from './program-process.ts';

const apart = 7 * 60_000;
const tickets = 24;
let smtp: FakeSmtp;
after(() => smtp?.close());

/** The program on a machine whose clock is off by so many milliseconds. */
const skewed = (milliseconds: number) => `--import=data:text/javascript,${encodeURIComponent(`
  const own = Date, now = () => own.now() + ${milliseconds};
  globalThis.Date = new Proxy(own, {
    construct: (target, given) => (given.length === 0 ? new own(now()) : Reflect.construct(target, given)),
    apply: () => new own(now()).toString(),
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  });`)}`;

test('two nodes whose clocks are a quarter of an hour apart agree on what is when: no clock is missing or early, nothing is told twice', { timeout: 240_000 }, async () => {
  smtp = await openFakeSmtp();
  const database = await (await openTestCluster(migrate)).cloneDatabase();
  const directory = makeDirectory();
  const start = (off: number) => startProgram({
    ROLE: 'all', DATABASE_URL: database.connectionString, SECRET_KEY: 'the key that all nodes of this test share', DATA_DIR: join(directory, `node${off}`), OUTGOING_PRIVATE_HOSTS: '127.0.0.1', NODE_OPTIONS: skewed(off),
  });
  const fast: ProgramProcess = await start(apart);
  const slow: ProgramProcess = await start(-apart);
  const client = await openClient(database.connection);
  const one = async <Value>(text: string) => (await client.query<{ value: Value }>(text)).rows[0]!.value;
  for (const node of [fast, slow]) assert.match(node.output(), /the clock of this machine is off/, 'each of them is wrong indeed, and says so');

  // Published where it is later, created where it is earlier: none may be from before the policy.
  const always = (await call(fast, 'GET', '/api/v1/calendars')).body.items.find((calendar: { key: string }) => calendar.key === 'always').id as string;
  const definition = { targets: [{ key: 'a', metric: 'acceptance', party: 'customer', minutes: 60, calendar: always, pauses: [], warnings: [50], ladder: [{ afterMinutes: 15, whom: [{ kind: 'manager' }] }] }] };
  const made = await call(fast, 'POST', '/api/v1/sla-policies', { body: { name: '标准', definition } });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const published = await call(fast, 'POST', `/api/v1/sla-policies/${made.body.id}/publish`, { body: { enable: true }, headers: { 'if-match': `"${made.body.version}"` } });
  assert.equal(published.status, 200, JSON.stringify(published.body));
  for (let index = 0; index < tickets; index += 1) assert.equal((await create(index % 2 === 0 ? slow : fast, 'skew', index)).answer?.status, 201);

  await until(async () => await one<number>("SELECT count(*)::int AS value FROM sla_clock") === tickets);
  assert.equal(await one<number>("SELECT count(*)::int AS value FROM fact WHERE abs(extract(epoch FROM recorded_at - clock_timestamp())) > 120"), 0, 'facts happen when they happen');
  assert.equal(await one<number>("SELECT count(*)::int AS value FROM sla_clock WHERE abs(extract(epoch FROM started_at - clock_timestamp())) > 120"), 0, 'clocks begin when they begin');

  // A mail that is under way on the slow node is nothing for the fast one, by whose clock it would have been given up.
  const patched = await fetch(`${slow.url}/api/v1/notice-accounts/email`, {
    method: 'PATCH', headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', 'if-match': '*' },
    body: JSON.stringify({ mode: 'smtp', settings: { host: '127.0.0.1', port: String(smtp.port), security: 'none', from: 'notices@faults.example' } }),
  });
  assert.equal(patched.status, 200, await patched.text());
  smtp.silent = true;
  for (let turn = 1; turn <= 3; turn += 1) {
    assert.equal((await call(slow, 'POST', '/api/v1/notice-accounts/email/test', { body: { address: `li${turn}@example.com` } })).status, 201);
    await until(() => smtp.mails.length >= turn);
  }
  // Whatever was doubled would come now.
  await wait(3_000);
  assert.deepEqual(smtp.mails.map((mail) => mail.to).sort(), ['li1@example.com', 'li2@example.com', 'li3@example.com']);
  smtp.silent = false;

  // All promises come due, on both nodes at once.
  await client.query(`
    UPDATE sla_clock SET started_at = started_at - interval '6 hours', due_at = due_at - interval '6 hours', act_at = act_at - interval '6 hours',
      record = jsonb_set(jsonb_set(record, '{phases,0,at}', to_jsonb((record #>> '{phases,0,at}')::bigint - 21600000)), '{promises,0,at}', to_jsonb((record #>> '{promises,0,at}')::bigint - 21600000))`);
  await until(async () => await one<number>("SELECT count(*)::int AS value FROM fact WHERE kind IN ('sla.warned', 'sla.breached', 'sla.escalated')") >= tickets * 3);
  await wait(1_500);
  const { rows } = await client.query<{ kind: string; clocks: number; facts: number }>(`
    SELECT kind, count(DISTINCT ticket_id)::int AS clocks, count(*)::int AS facts FROM fact WHERE kind LIKE 'sla.%ed' AND ticket_id IS NOT NULL GROUP BY kind ORDER BY kind`);
  assert.deepEqual(rows, ['sla.breached', 'sla.escalated', 'sla.warned'].map((kind) => ({ kind, clocks: tickets, facts: tickets })));
  await ensureWhole(client);
  await client.end();
  for (const node of [fast, slow]) node.kill('SIGTERM');
  for (const node of [fast, slow]) {
    const { code, output, complaints } = await node.ended;
    assert.equal(code, 0, `${output.slice(-2_000)}${complaints}`);
  }
});
