import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { node, flow as flowOf } from '../../rules/workflow/sample-flows.ts';
import type { FlowDefinition } from '../../rules/workflow/definition.ts';
import { openTestProgram, type Answer, type Person, type TestProgram } from '../support/program.ts';
import { assertProblem, done } from './scene.ts';

/** Steps of flows that are taken at the same moment share a commit: what that must not change. */
describe('steps that are taken together', { timeout: 180_000 }, () => {
  let program: TestProgram;
  let client: pg.Client;
  before(async () => {
    program = await openTestProgram();
    client = new pg.Client({ connectionString: program.connectionString });
    await client.connect();
    await client.query("SELECT set_config('app.tenant', $1, false)", [program.organization.tenantId]);
  });
  after(async () => {
    await client.end();
    await program.close();
  });

  const as = 'administrator';
  const person = (who: Person) => ({ kind: 'person' as const, id: program.organization.staff[who] });
  const task = (id: string, who: Person, more: object = {}) => node(id, 'task', { performers: [person(who)], ...more });
  let names = 0;

  async function published(definition: FlowDefinition): Promise<string> {
    const flow = (await done(program.call('POST', '/flows', { as, body: { name: `流程 ${(names += 1)}`, definition } }))).body;
    const draft = (await done(program.call('GET', `/flows/${flow.id}/draft`, { as }))).body;
    await done(program.call('POST', `/flows/${flow.id}/publish`, { as, body: {}, headers: { 'if-match': `"${draft.version}"` } }));
    return flow.id;
  }
  async function begun(flowId: string, count: number): Promise<string[]> {
    const tickets: string[] = [];
    for (let number = 0; number < count; number += 1) {
      const ticket = (await done(program.call('POST', '/tickets', { as, body: { subject: '同时处理' } }))).body;
      await done(program.call('POST', `/tickets/${ticket.id}/flow`, { as, body: { flowId } }));
      tickets.push(ticket.id);
    }
    return tickets;
  }
  const openTasks = async (ticket: string): Promise<{ id: string; node: string }[]> => (await client.query<{ id: string; node: string }>("SELECT id, node FROM task WHERE ticket_id = $1 AND state = 'open' ORDER BY node", [ticket])).rows;
  async function firstTasks(tickets: readonly string[]): Promise<string[]> {
    const ids: string[] = [];
    for (const ticket of tickets) ids.push((await openTasks(ticket))[0]!.id);
    return ids;
  }
  const act = (who: Person, id: string, action = 'complete', body: unknown = {}, headers: Record<string, string> = {}): Promise<Answer> => program.call('POST', `/tasks/${id}/actions/${action}`, { as: who, body, headers });
  const intact = async (ticket: string) => (await done(program.call('GET', `/tickets/${ticket}/history/verification`, { as }))).body;

  test('commit together, each with its task, its next one, its facts and an answer as it is read afterwards', async () => {
    const flowId = await published(flowOf([node('start', 'start'), task('a', 'agent'), task('b', 'manager'), node('end', 'end')], 'start > a', 'a > b', 'b > end'));
    const tickets = await begun(flowId, 24);
    const first = await firstTasks(tickets);
    const answers = await Promise.all(first.map((id) => act('agent', id)));
    for (const [index, answer] of answers.entries()) {
      assert.equal(answer.status, 200, answer.text);
      const read = (await done(program.call('GET', `/tasks/${first[index]}`, { as: 'agent' }))).body;
      assert.deepEqual(answer.body, read);
      assert.deepEqual([answer.body.state, answer.body.version, answer.body.actions, answer.headers['etag']], ['completed', 2, ['withdraw'], '"2"']);
    }
    const transactions = new Set((await client.query("SELECT transaction::text FROM fact WHERE kind = 'task.completed' AND ticket_id = ANY($1)", [tickets])).rows.map((row: { transaction: string }) => row.transaction));
    assert.ok(transactions.size < tickets.length, `${transactions.size} transactions`);
    for (const ticket of tickets) {
      assert.deepEqual((await openTasks(ticket)).map((open) => open.node), ['b']);
      const { rows: facts } = await client.query<{ kind: string; ticket_position: number }>('SELECT kind, ticket_position FROM fact WHERE ticket_id = $1 ORDER BY position', [ticket]);
      assert.deepEqual(facts.map((fact) => fact.kind), ['ticket.created', 'flow.started', 'task.opened', 'task.completed', 'task.opened']);
      assert.deepEqual(facts.map((fact) => fact.ticket_position), [1, 2, 3, 4, 5]);
      assert.equal((await intact(ticket)).intact, true);
      const { rows: [row] } = await client.query('SELECT t.participant_ids, t.version, array_agg(p.staff_id) AS keyed FROM ticket t JOIN ticket_participant p ON p.ticket_id = t.id WHERE t.id = $1 GROUP BY t.tenant_id, t.id', [ticket]);
      assert.deepEqual([...row.participant_ids].sort(), [program.organization.staff.agent, program.organization.staff.manager].sort());
      assert.deepEqual([...row.keyed].sort(), [...row.participant_ids].sort(), 'who takes part is found by it');
    }
  });

  test('of one ticket come one after the other, and a join is passed once', async () => {
    const flowId = await published(flowOf(
      [node('start', 'start'), node('fork', 'parallel'), task('a', 'agent'), task('b', 'agent'), node('join', 'parallel'), task('c', 'agent'), node('end', 'end')],
      'start > fork', 'fork > a', 'fork > b', 'a > join', 'b > join', 'join > c', 'c > end',
    ));
    const tickets = await begun(flowId, 8);
    const both: { id: string }[] = [];
    for (const ticket of tickets) both.push(...await openTasks(ticket));
    assert.equal(both.length, 16);
    // Each twice: of these one is told that it comes too late.
    const answers = await Promise.all(both.flatMap(({ id }) => [act('agent', id), act('agent', id)]));
    for (let index = 0; index < answers.length; index += 2) {
      const two = [answers[index]!, answers[index + 1]!].sort((x, y) => x.status - y.status);
      assert.equal(two[0]!.status, 200, two[0]!.text);
      assertProblem(two[1]!, 'task_not_open');
    }
    for (const ticket of tickets) {
      assert.deepEqual((await openTasks(ticket)).map((open) => open.node), ['c']);
      assert.equal((await intact(ticket)).intact, true);
    }
  });

  test('are no business of those among them that are refused, give the ticket another status, or come again', async () => {
    const plain = await published(flowOf([node('start', 'start'), task('a', 'agent'), task('b', 'agent'), node('end', 'end')], 'start > a', 'a > b', 'b > end'));
    const closing = await published(flowOf([node('start', 'start'), task('a', 'agent'), node('end', 'end', { status: { status: 'closed' } })], 'start > a', 'a > end'));
    const [tickets, ending] = [await begun(plain, 6), await begun(closing, 3)];
    const [ids, last] = [await firstTasks(tickets), await firstTasks(ending)];
    const key = { 'idempotency-key': 'a-step-that-comes-twice' };
    const answers = await Promise.all([
      ...ids.slice(0, 3).map((id) => act('agent', id)), act('agent', ids[3]!, 'complete', {}, key), ...last.map((id) => act('agent', id)),
      act('dispatcher', ids[4]!), act('agent', ids[4]!, 'complete', { fields: { none: 1 } }), act('agent', ids[4]!, 'complete', {}, { 'if-match': '"7"' }), act('agent', ids[5]!, 'hand_over', { staffIds: [program.organization.staff.manager] }),
    ]);
    assert.deepEqual(answers.map((answer) => answer.status), [200, 200, 200, 200, 200, 200, 200, 403, 422, 412, 200]);
    const again = await act('agent', ids[3]!, 'complete', {}, key);
    assert.deepEqual([again.status, again.headers['idempotency-replayed'], again.body], [200, 'true', answers[3]!.body]);
    for (const [index, ticket] of tickets.entries()) assert.deepEqual((await openTasks(ticket)).map((open) => open.node), [index < 4 ? 'b' : 'a']);
    for (const ticket of [...tickets, ...ending]) assert.equal((await intact(ticket)).intact, true);
    for (const ticket of ending) assert.equal((await done(program.call('GET', `/tickets/${ticket}`, { as }))).body.status, 'closed');
  });

  test('do not wait for a ticket that somebody else is working on', async () => {
    const flowId = await published(flowOf([node('start', 'start'), task('a', 'agent'), task('b', 'agent'), node('end', 'end')], 'start > a', 'a > b', 'b > end'));
    const tickets = await begun(flowId, 6);
    const ids = await firstTasks(tickets);
    await client.query('BEGIN');
    await client.query('SELECT FROM ticket WHERE id = $1 FOR NO KEY UPDATE', [tickets[0]]);
    const answers = ids.map((id) => act('agent', id));
    // These are answered while the lock is held.
    for (const answer of await Promise.all(answers.slice(1))) assert.equal(answer.status, 200, answer.text);
    await client.query('COMMIT');
    assert.equal((await answers[0]!).status, 200);
    for (const ticket of tickets) assert.deepEqual((await openTasks(ticket)).map((open) => open.node), ['b']);
  });
});
