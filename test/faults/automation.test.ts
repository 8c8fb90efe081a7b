import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { migrate } from '../../server/platform/db/migrate.ts';
import { openTestCluster } from '../support/postgres.ts';
import { ensureWhole } from './invariants.ts';
import { call, create, makeDirectory, openClient, startProgram, until, type Answer, type ProgramProcess } from './program-process.ts';

const wave = 24;
const kills = 3;

/** Rules that leave marks: a comment, a child, and one more by the first one's own doing. */
const rules = [
  { name: '留痕', trigger: { kind: 'facts', facts: ['ticket.created'] }, conditions: { property: 'subject', operator: 'starts_with', value: 'rule' }, actions: [{ kind: 'comment', visibility: 'internal', body: '收到' }, { kind: 'create', relation: 'child', subject: '子任务' }, { kind: 'tag', tags: ['已处理'] }] },
  { name: '接力', trigger: { kind: 'facts', facts: ['ticket.changed'] }, conditions: { all: [{ property: 'tag', operator: 'contains', value: '已处理' }, { property: 'event.actor', operator: 'is', value: 'rule' }] }, actions: [{ kind: 'comment', visibility: 'internal', body: '接力' }] },
];

test('rules act once for each fact, on two nodes of which one after the other is killed at any moment', { skip: process.platform === 'win32' && 'no signals', timeout: 300_000 }, async (context) => {
  const database = await (await openTestCluster(migrate)).cloneDatabase();
  const directory = makeDirectory();
  let started = 0;
  const start = () => startProgram({ ROLE: 'all', DATABASE_URL: database.connectionString, SECRET_KEY: 'the key that all nodes of this test share', DATA_DIR: join(directory, `node-${(started += 1)}`) });
  const nodes: [ProgramProcess, ProgramProcess] = [await start(), await start()];
  const client = await openClient(database.connection);
  for (const { name, ...definition } of rules) {
    const made = await call(nodes[0], 'POST', '/api/v1/automation-rules', { body: { name, definition } });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    const published = await call(nodes[0], 'POST', `/api/v1/automation-rules/${made.body.id}/publish`, { body: { enable: true }, headers: { 'if-match': `"${made.body.version}"` } });
    assert.equal(published.status, 200, JSON.stringify(published.body));
  }

  const answered: string[] = [];
  let next = 0;
  const count = async (text: string) => (await client.query<{ count: number }>(text)).rows[0]!.count;
  const acted = () => count("SELECT count(*)::int AS count FROM automation_run WHERE outcome = 'matched'");
  // Whoever asks a node that is killed asks again, under the same key, until there is an answer.
  const send = async (last: number) => {
    for (let index = next++; index < last; index = next++) {
      let made: Answer | null = null;
      while (made?.status !== 201) {
        made = (await create(nodes[index % 2]!, 'rule', index)).answer;
        if (made?.status !== 201) await wait(50);
      }
      answered.push(made.body.id);
    }
  };
  for (let killed = 0; killed < kills; killed += 1) {
    const before = await acted();
    const sending = Promise.all([send(wave * (killed + 1)), send(wave * (killed + 1)), send(wave * (killed + 1))]);
    // In the midst of the work, wherever it is just then.
    await until(async () => await acted() >= before + 5);
    const doomed = killed % 2 as 0 | 1;
    nodes[doomed].kill('SIGKILL');
    await nodes[doomed].ended;
    nodes[doomed] = await start();
    await sending;
  }
  await until(async () => await count('SELECT count(*)::int AS count FROM automation_work') === 0
    && await count("SELECT count(*)::int AS count FROM ticket t WHERE t.subject LIKE 'rule %' AND NOT EXISTS (SELECT 1 FROM automation_run r WHERE r.ticket_id = t.id AND r.fact_kind = 'ticket.created')") === 0);
  await until(async () => await count("SELECT count(*)::int AS count FROM message WHERE body = '接力'") >= await count("SELECT count(*)::int AS count FROM ticket WHERE subject LIKE 'rule %'"));

  const { rows: made } = await client.query<{ id: string; tags: string[]; received: number; relayed: number; children: number; runs: number }>(`
    SELECT t.id, t.tags, (SELECT count(*)::int FROM message m WHERE m.ticket_id = t.id AND m.body = '收到') AS received, (SELECT count(*)::int FROM message m WHERE m.ticket_id = t.id AND m.body = '接力') AS relayed,
      (SELECT count(*)::int FROM ticket c WHERE c.parent_id = t.id) AS children, (SELECT count(*)::int FROM automation_run r WHERE r.ticket_id = t.id AND r.outcome = 'matched') AS runs
    FROM ticket t WHERE t.subject LIKE 'rule %'`);
  assert.deepEqual(made.map((ticket) => ticket.id).sort(), answered.toSorted());
  for (const ticket of made) assert.deepEqual({ ...ticket, id: '' }, { id: '', tags: ['已处理'], received: 1, relayed: 1, children: 1, runs: 2 });
  assert.equal(await count("SELECT count(*)::int AS count FROM automation_run WHERE outcome = 'parked'"), 0);
  await ensureWhole(client);
  context.diagnostic(`${made.length} tickets, ${kills} nodes killed`);

  await client.end();
  for (const node of nodes) node.kill('SIGTERM');
  for (const node of nodes) assert.equal((await node.ended).code, 0);
});
