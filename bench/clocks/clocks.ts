import type pg from 'pg';
import { setTimeout as wait } from 'node:timers/promises';
import { makeFolder } from '../cleanup.ts';
import { percentile, show } from '../figures.ts';
import { postgresVersion } from '../machine.ts';
import { processorTime } from '../processes.ts';
import { makeCategories, startProgram, untilReadersCaughtUp, withDatabase, type Program } from '../program.ts';
import type { Report } from '../report.ts';
import { startLoad } from '../create/load.ts';

const clocksATicket = 4;
const acting = 2_000;
const metrics = ['acceptance', 'first_response', 'arrival', 'resolution'] as const;

/** Running clocks in the hundred thousands: how late warnings and breaches are told while tickets are created, and what looking costs when nothing is due. */
export async function measureClocks({ quick }: { quick: boolean }): Promise<{ report: Report; postgres: string }> {
  const running = quick ? 100_000 : 1_000_000;
  const seconds = quick ? 10 : 40;
  const folder = await makeFolder();
  const program = await startProgram(folder.path);
  const load = startLoad();
  const answer = await withDatabase(program, async (client) => {
    const policyId = await makePolicy(program);
    const categoryIds = await makeCategories(program, ['给排水', '供配电', '电梯', '空调暖通']);
    const round = { url: program.url, apiKey: program.apiKey, categoryIds, connections: 16, keyed: false };
    await load.run({ ...round, seconds: quick ? 2 : 5 });
    await untilReadersCaughtUp(client);
    await multiply(client, running / clocksATicket);
    const idle = await measureIdle(program, quick ? 10 : 30);
    const from = await makeDue(client, policyId, seconds);
    const created = await load.run({ ...round, seconds: seconds + 2 });
    await untilReadersCaughtUp(client);
    const late = await untilTold(client, from);
    const { rows: [counted] } = await client.query<{ running: number }>('SELECT count(*)::int AS running FROM sla_clock WHERE stopped_at IS NULL');
    const report: Report = [{
      title: 'Running clocks',
      columns: ['Running clocks', 'Told while creating', 'Late p50 ms', 'p99 ms', 'most ms', 'Tickets/s meanwhile', 'Idle: % of a core', 'of it program', 'database'],
      rows: [[
        show(counted!.running), show(late.length), show(percentile(late, 0.5)), show(percentile(late, 0.99)), show(Math.max(...late)), show((created.created * 1_000) / created.milliseconds),
        show(idle.program + idle.database), show(idle.program), show(idle.database),
      ]],
      remarks: [
        `${show(acting)} breaches fall due within ${seconds} s, evenly, while tickets (with ${clocksATicket} clocks each) are created at 16 connections. Wanted: p99 under 2,000 ms.`,
        'Idle is the whole program with nothing to do, readers, timers and automation included; sweeps are a part of it. Wanted: under 5 % of a core.',
      ],
    }];
    return { report, postgres: await postgresVersion(client) };
  });
  await load.stop();
  await program.stop();
  await folder.remove();
  return answer;
}

async function makePolicy(program: Program): Promise<string> {
  const { items } = await program.call<{ items: { id: string; key: string }[] }>('GET', '/calendars');
  const calendar = items.find(({ key }) => key === 'always')!.id;
  const targets = metrics.map((metric) => ({ key: metric, metric, party: 'customer', minutes: 40_000, calendar, pauses: [], warnings: [], ladder: [] }));
  const { id, version } = await program.call<{ id: string; version: number }>('POST', '/sla-policies', { name: 'bench', definition: { targets } });
  const published = await fetch(`${program.url}/api/v1/sla-policies/${id}/publish`, {
    method: 'POST', headers: { authorization: `Bearer ${program.apiKey}`, 'content-type': 'application/json', 'if-match': `"${version}"` }, body: JSON.stringify({ enable: true }),
  });
  if (!published.ok) throw new Error(`the policy was not published: ${published.status} ${await published.text()}`);
  return id;
}

/** Many tickets like one of those that were made, each with its clocks. */
async function multiply(client: pg.Client, tickets: number): Promise<void> {
  const { rows: [model] } = await client.query<{ ticket_id: string; columns: string }>(`
    SELECT (SELECT ticket_id FROM sla_ticket ORDER BY ticket_id LIMIT 1) AS ticket_id,
      (SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns WHERE table_name = 'ticket' AND table_schema = 'public' AND column_name NOT IN ('id', 'number')) AS columns`);
  await client.query('CREATE TEMP TABLE made AS SELECT gen_random_uuid() AS id, n FROM generate_series(1, $1::int) n', [tickets]);
  // Their chains are those of the model: nobody verifies them here.
  await client.query(`INSERT INTO ticket (id, number, ${model!.columns}) SELECT made.id, 'bench-' || made.n, ${model!.columns} FROM ticket, made WHERE ticket.id = '${model!.ticket_id}'`);
  for (const [table, rest] of [
    ['sla_ticket', 'position, at, ledger, due_at, due_metric, breached_at'],
    ['sla_clock', 'key, metric, team_id, step, cycle, policy_id, target_key, started_at, due_at, breached_at, stopped_at, outcome, paused, record, done, act_at'],
  ] as const) await client.query(`INSERT INTO ${table} (tenant_id, ticket_id, ${rest}) SELECT tenant_id, made.id, ${rest} FROM ${table}, made WHERE ticket_id = '${model!.ticket_id}'`);
  await client.query('VACUUM ANALYZE ticket');
  await client.query('VACUUM ANALYZE sla_clock');
  await client.query('VACUUM ANALYZE sla_ticket');
  await client.query('CHECKPOINT');
}

/** What the program takes of a core when nothing is due and nobody asks, in percent. */
async function measureIdle(program: Program, seconds: number): Promise<{ program: number; database: number }> {
  await wait(5_000);
  const before = processorTime(program.processId);
  await wait(seconds * 1_000);
  const after = processorTime(program.processId);
  const share = (part: 'program' | 'database') => (before && after ? (after[part] - before[part]) / seconds / 10 : Number.NaN);
  return { program: share('program'), database: share('database') };
}

/** Moves clocks back so that they fall due one after another from two seconds on. */
async function makeDue(client: pg.Client, policyId: string, seconds: number): Promise<Date> {
  const { rows: [row] } = await client.query<{ now: Date }>("SELECT clock_timestamp() + interval '2 seconds' AS now");
  const from = row!.now;
  await client.query(`
    WITH chosen AS (SELECT c.tenant_id, c.ticket_id, c.key, c.due_at, row_number() OVER (ORDER BY c.ticket_id) AS n FROM sla_clock c JOIN ticket t ON t.tenant_id = c.tenant_id AND t.id = c.ticket_id
      WHERE c.policy_id = $1 AND c.key = 'resolution#1' AND t.number LIKE 'bench-%' LIMIT $2),
    moved AS (SELECT chosen.*, (extract(epoch FROM chosen.due_at - ($3::timestamptz + n * $4::float8 * interval '1 millisecond')) * 1000)::bigint AS by FROM chosen)
    UPDATE sla_clock c SET started_at = c.started_at - moved.by * interval '1 millisecond', due_at = c.due_at - moved.by * interval '1 millisecond', act_at = c.act_at - moved.by * interval '1 millisecond',
      record = jsonb_set(jsonb_set(c.record, '{phases,0,at}', to_jsonb((c.record #>> '{phases,0,at}')::bigint - moved.by)), '{promises,0,at}', to_jsonb((c.record #>> '{promises,0,at}')::bigint - moved.by))
    FROM moved WHERE c.tenant_id = moved.tenant_id AND c.ticket_id = moved.ticket_id AND c.key = moved.key`, [policyId, acting, from, (seconds * 1_000) / acting]);
  return from;
}

/** How late each was told, in milliseconds, by the database's clock. */
async function untilTold(client: pg.Client, from: Date): Promise<number[]> {
  for (const started = performance.now(); ;) {
    const { rows } = await client.query<{ late: number }>("SELECT (extract(epoch FROM recorded_at - occurred_at) * 1000)::float8 AS late FROM fact WHERE kind = 'sla.breached' AND occurred_at >= $1", [from]);
    if (rows.length >= acting) return rows.map((row) => row.late);
    if (performance.now() - started > 60_000) throw new Error(`only ${rows.length} of ${acting} breaches were told`);
    await wait(200);
  }
}
