import assert from 'node:assert/strict';
import { test } from 'node:test';
import type pg from 'pg';
import { ensureWhole } from './invariants.ts';
import { call, create, makeStartedDirectory, openEmbedded, startProgram, type ProgramProcess } from './program-process.ts';

const tickets = 40;
type Answer = Awaited<ReturnType<typeof call>>;

/** A start, two ways at once, a join, a last step. */
const definition = (staffId: string) => ({
  nodes: [
    { id: 'start', kind: 'start', name: { zh: '开始' } }, { id: 'fork', kind: 'parallel', name: { zh: '并行' } }, { id: 'join', kind: 'parallel', name: { zh: '汇合' } }, { id: 'end', kind: 'end', name: { zh: '结束' } },
    ...['a', 'b', 'c'].map((id) => ({ id, kind: 'task', name: { zh: id }, performers: [{ kind: 'person', id: staffId }] })),
  ],
  edges: [['start', 'fork'], ['fork', 'a'], ['fork', 'b'], ['a', 'join'], ['b', 'join'], ['join', 'c'], ['c', 'end']].map(([from, to], index) => ({ id: `e${index}`, from, to })),
});

async function done(asked: Promise<Answer>): Promise<Answer> {
  const answer = await asked;
  assert.ok(answer.status < 300, `${answer.status} ${JSON.stringify(answer.body)}`);
  return answer;
}

/** What the rows of tasks say is what the state of each run says: nothing is half written. */
async function ensureFlowsWhole(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ id: string; status: string; open: string[]; stands: string[]; opened: number; facts: number; ended: number; closed: number }>(`
    SELECT i.id, i.status,
      coalesce((SELECT array_agg(k.activation ORDER BY k.activation) FROM task k WHERE k.instance_id = i.id AND k.state = 'open'), '{}') AS open,
      coalesce((SELECT array_agg(t ->> 'id' ORDER BY t ->> 'id') FROM jsonb_array_elements(i.state -> 'tokens') AS t WHERE t ->> 'phase' = 'open'), '{}') AS stands,
      (SELECT count(*)::int FROM task k WHERE k.instance_id = i.id) AS opened, (SELECT count(*)::int FROM fact f WHERE f.ticket_id = i.ticket_id AND f.kind = 'task.opened') AS facts,
      (SELECT count(*)::int FROM task k WHERE k.instance_id = i.id AND k.state = 'completed') AS ended, (SELECT count(*)::int FROM fact f WHERE f.ticket_id = i.ticket_id AND f.kind = 'task.completed') AS closed
    FROM flow_instance i`);
  for (const row of rows) {
    assert.deepEqual(row.open, row.stands, `tasks and tokens of ${row.id}`);
    assert.deepEqual([row.opened, row.ended], [row.facts, row.closed], `tasks and facts of ${row.id}`);
    assert.equal(row.status === 'running', row.stands.length > 0, `${row.id} is never stuck`);
  }
}

test('kill -9 while flows go on: no token is lost or doubled, and all of them come to their end', { timeout: 240_000, skip: process.platform === 'win32' && 'no signals' }, async (context) => {
  const dataDirectory = await makeStartedDirectory();
  let program: ProgramProcess = await startProgram({ DATA_DIR: dataDirectory });
  const me = ((await done(call(program, 'GET', '/api/v1/staff'))).body.items as { id: string; job: string }[]).find((person) => person.job === 'administrator')!.id;
  const flowId = (await done(call(program, 'POST', '/api/v1/flows', { body: { name: '并行', definition: definition(me) } }))).body.id as string;
  await done(call(program, 'POST', `/api/v1/flows/${flowId}/publish`, { body: {}, headers: { 'if-match': '"1"' } }));
  const made = await Promise.all(Array.from({ length: tickets }, async (_, index) => (await create(program, 'flow', index)).answer!.body.id as string));

  for (const killAfter of [15, 40, 60]) {
    let answered = 0;
    const count = (answer: Answer | null) => {
      if (answer && answer.status < 300 && (answered += 1) === killAfter) program.kill('SIGKILL');
      return answer;
    };
    const ask = (path: string, body: object) => call(program, 'POST', path, { body }).then(count).catch(() => null);
    await Promise.all(made.map(async (ticket) => {
      const flow = await call(program, 'GET', `/tickets/${ticket}/flow`).catch(() => null);
      if (flow?.body.instance === null) await ask(`/tickets/${ticket}/flow`, { flowId });
      const tasks = (await call(program, 'GET', `/api/v1/tasks?ticket=${ticket}`).catch(() => null))?.body?.items as { id: string }[] | undefined;
      // Each twice at once: one of the two is told that it comes too late.
      await Promise.all((tasks ?? []).flatMap((task) => [ask(`/api/v1/tasks/${task.id}/actions/complete`, {}), ask(`/api/v1/tasks/${task.id}/actions/complete`, {})]));
    }));
    if (answered < killAfter) program.kill('SIGKILL');
    await program.ended;
    context.diagnostic(`${answered} were answered`);
    program = await startProgram({ DATA_DIR: dataDirectory });
    const client = await openEmbedded(dataDirectory);
    await ensureFlowsWhole(client);
    await ensureWhole(client, { dataDirectory });
    await client.end();
  }

  for (const ticket of made) {
    if ((await done(call(program, 'GET', `/tickets/${ticket}/flow`))).body.instance === null) await done(call(program, 'POST', `/tickets/${ticket}/flow`, { body: { flowId } }));
    for (let round = 0; round < 3; round += 1) {
      for (const task of (await done(call(program, 'GET', `/api/v1/tasks?ticket=${ticket}`))).body.items as { id: string }[]) await done(call(program, 'POST', `/api/v1/tasks/${task.id}/actions/complete`, { body: {} }));
    }
  }
  const client = await openEmbedded(dataDirectory);
  const { rows } = await client.query<{ status: string; tasks: number }>("SELECT i.status, (SELECT count(*)::int FROM task k WHERE k.instance_id = i.id AND k.state = 'completed') AS tasks FROM flow_instance i");
  assert.equal(rows.length, tickets);
  for (const row of rows) assert.deepEqual(row, { status: 'completed', tasks: 3 }, 'each step was done once');
  await ensureFlowsWhole(client);
  await client.end();
  program.kill('SIGTERM');
  assert.equal((await program.ended).code, 0);
});
