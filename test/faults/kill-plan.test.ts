import assert from 'node:assert/strict';
import { test } from 'node:test';
import type pg from 'pg';
import type { DayPlan } from '../../contract/day-plan.ts';
import { localDay } from '../../server/platform/clock/clock.ts';
import { ensureReadersExact, ensureWhole } from './invariants.ts';
import { call, makeDirectory, openEmbedded, startProgram, until, type ProgramProcess } from './program-process.ts';
import { hireTechnicians, there } from './technicians.ts';

const tickets = 12;
// Tomorrow, whatever the time of day is.
const date = localDay(new Date(Date.now() + 86_400_000), 'Asia/Shanghai');

type Answer = Awaited<ReturnType<typeof call>>;
async function done(asked: Promise<Answer>): Promise<Answer> {
  const answer = await asked;
  assert.ok(answer.status < 300, `${answer.status} ${JSON.stringify(answer.body)}`);
  return answer;
}

const planOf = async (program: ProgramProcess, id: string): Promise<DayPlan> => (await done(call(program, 'GET', `/api/v1/dispatch/plans/${id}`))).body as DayPlan;

/** What a plan would have changed of tickets, and what there is of visits. */
async function standing(client: pg.Client): Promise<{ assigned: number; visits: number; planned: number; told: number }> {
  const { rows: [row] } = await client.query(`
    SELECT (SELECT count(*)::int FROM ticket WHERE assignee_id IS NOT NULL) AS assigned, (SELECT count(*)::int FROM visit) AS visits,
      (SELECT count(*)::int FROM visit WHERE planned_start IS NOT NULL) AS planned, (SELECT count(*)::int FROM fact WHERE kind = 'ticket.assigned') AS told`);
  return row;
}
const untouched = { assigned: 0, visits: 0, planned: 0, told: 0 };

test('kill -9 while a day is planned and while a plan is applied: nothing is half done, and both can be asked for again', { timeout: 300_000, skip: process.platform === 'win32' && 'no signals' }, async () => {
  const dataDirectory = makeDirectory();
  let program = await startProgram({ DATA_DIR: dataDirectory });
  let client = await openEmbedded(dataDirectory);
  const kill = async () => {
    program.kill('SIGKILL');
    assert.equal((await program.ended).signal, 'SIGKILL');
    await client.end().catch(() => undefined);
  };
  const restart = async () => {
    program = await startProgram({ DATA_DIR: dataDirectory });
    client = await openEmbedded(dataDirectory);
  };
  /** What nobody is heard of any more is found so, and tried again, without waiting for it. */
  const letRetry = async () => {
    await client.query("UPDATE pgboss.job SET heartbeat_on = now() - interval '1 minute' WHERE name = 'dispatch.plan_day' AND state = 'active'");
    await client.query("UPDATE pgboss.job SET start_after = now() WHERE name = 'dispatch.plan_day' AND state = 'retry'");
  };
  const { teamId } = await hireTechnicians(client, 3);
  for (let index = 0; index < tickets; index += 1) {
    await done(call(program, 'POST', '/tickets', { body: { subject: `水管漏水 ${index}`, team: teamId, location: { address: '世纪大道 1 号', lat: there.lat + (index % 4) / 100, lng: there.lng + index / 200 } } }));
  }
  const ask = (seconds: number) => call(program, 'POST', '/api/v1/dispatch/plans', { body: { date, teamIds: [teamId], seconds } });

  // In the middle of the search: it is begun again by itself, and nobody can ask for another one meanwhile.
  const first = (await done(ask(30))).body.id as string;
  await until(async () => (await planOf(program, first)).state === 'running');
  await kill();
  await restart();
  assert.deepEqual([(await planOf(program, first)).state, await standing(client)], ['running', untouched]);
  assert.equal((await ask(1)).body.code, 'plan_under_way');
  await client.query("UPDATE day_plan SET request = jsonb_set(request, '{seconds}', '1')");
  await letRetry();
  await until(async () => (await client.query("SELECT 1 FROM pgboss.job WHERE name = 'dispatch.plan_day' AND state = 'retry'")).rows.length > 0);
  await letRetry();
  await until(async () => (await planOf(program, first)).state === 'ready');
  assert.equal((await planOf(program, first)).items.length, tickets);
  await done(call(program, 'POST', `/api/v1/dispatch/plans/${first}/actions/withdraw`, { body: {} }));

  // Its last attempt takes the program down as well: it has failed, says why, and may be asked for anew.
  const second = (await done(ask(30))).body.id as string;
  await until(async () => (await planOf(program, second)).state === 'running');
  await client.query("UPDATE pgboss.job SET retry_count = retry_limit WHERE name = 'dispatch.plan_day' AND state = 'active'");
  await kill();
  await restart();
  await letRetry();
  await until(async () => (await planOf(program, second)).state === 'failed');
  assert.deepEqual([(await planOf(program, second)).failure?.code, await standing(client)], ['given_up', untouched]);

  const third = (await done(ask(1))).body.id as string;
  await until(async () => (await planOf(program, third)).state === 'ready');
  const { items } = await planOf(program, third);
  assert.equal(items.length, tickets);

  // In the middle of applying: the first tickets are written, and wait for their facts when the program goes.
  const apply = () => call(program, 'POST', `/api/v1/dispatch/plans/${third}/actions/apply`, { body: {}, headers: { 'idempotency-key': 'apply-once' } });
  await client.query('BEGIN');
  await client.query('LOCK TABLE fact IN SHARE MODE');
  const broken = apply().catch(() => null);
  await until(async () => (await client.query("SELECT 1 FROM pg_locks WHERE relation = 'fact'::regclass AND NOT granted AND mode = 'RowExclusiveLock'")).rows.length > 0);
  await kill();
  assert.equal(await broken, null);
  await restart();
  assert.deepEqual([await standing(client), (await planOf(program, third)).state], [untouched, 'ready']);

  // Asked for once more, it is applied whole; and however often that is said, once.
  const applied = (await done(apply())).body as DayPlan;
  assert.deepEqual([applied.state, applied.items.map(({ outcome }) => outcome?.code)], ['applied', Array.from({ length: tickets }, () => 'applied')]);
  assert.deepEqual((await done(apply())).body, applied);
  assert.equal((await done(call(program, 'POST', `/api/v1/dispatch/plans/${third}/actions/apply`, { body: {} }))).body.state, 'applied');
  assert.deepEqual(await standing(client), { assigned: tickets, visits: tickets, planned: tickets, told: tickets });
  await ensureWhole(client, { dataDirectory });
  await ensureReadersExact(client);
  await client.end();
  program.kill('SIGTERM');
  assert.equal((await program.ended).code, 0);
});
