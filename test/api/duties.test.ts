import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { openTestProgram, type TestProgram } from '../support/program.ts';
import { furnish } from './requests.ts';
import { act, assertProblem, done, newTicket, step } from './scene.ts';

describe('what is in somebody’s hands', { timeout: 120_000 }, () => {
  let program: TestProgram;
  before(async () => {
    program = await openTestProgram({ limits: { signedIn: 1_000_000, anonymous: 1_000_000, signIn: 1_000_000, openUploads: 1_000_000, phoneSignIn: 1_000_000 } });
  });
  after(() => program?.close());

  const duties = async (id: string): Promise<Record<string, number>> => (await done(program.call('GET', `/staff/${id}/duties`, { as: 'administrator' }))).body;

  test('is counted before they are deactivated, and what went back says why', async () => {
    const { technician, agent, administrator } = program.organization.staff;
    assert.deepEqual(await duties(technician), { openTickets: 0, plannedVisits: 0, visitUnderWay: 0, tasks: 0, approvals: 0 });
    const [planned, underWay] = [await newTicket(program, { subject: '漏水' }), await newTicket(program, { subject: '跳闸' })];
    for (const ticket of [planned, underWay]) await act(program, ticket.id, 'assign', { assignee: technician });
    const visit = (await done(program.call('GET', `/tickets/${underWay.id}`, { as: 'administrator' }))).body.visits[0];
    await step(program, visit.id, 'accept');
    await step(program, visit.id, 'start_travel');
    assert.deepEqual(await duties(technician), { openTickets: 2, plannedVisits: 1, visitUnderWay: 1, tasks: 0, approvals: 0 });
    assertProblem(await program.call('GET', `/staff/${technician}/duties`, { as: 'agent' }), 'forbidden', 'only who may deactivate them');
    assertProblem(await program.call('GET', `/staff/${planned.id}/duties`, { as: 'administrator' }), 'not_found');

    await done(program.call('PATCH', `/staff/${technician}`, { as: 'administrator', body: { active: false }, headers: { 'if-match': '*' } }));
    assert.deepEqual(await duties(technician), { openTickets: 0, plannedVisits: 0, visitUnderWay: 1, tasks: 0, approvals: 0 });
    const titles = async (language: string) => ((await done(program.call('GET', `/tickets/${planned.id}/timeline`, { as: 'administrator', headers: { 'accept-language': language } }))).body.items as { kind: string; title: string }[])
      .filter(({ kind }) => kind === 'ticket.returned' || kind === 'visit.cancelled').map(({ title }) => title);
    const name = 'technician first';
    for (const title of await titles('zh-CN')) assert.ok(title.endsWith(`（停用了 ${name}）`), title);
    for (const title of await titles('en')) assert.ok(title.endsWith(` (${name} was deactivated)`), title);
    assert.equal((await titles('en')).length, 2);
    assert.deepEqual([(await duties(agent)).tasks, (await duties(administrator)).tasks], [0, 0]);
  });

  test('has the tasks and approvals that wait for them by name', async () => {
    const of = await program.foundAnother('second');
    const scene = await furnish(program, of);
    const theirs = async () => (await done(program.call('GET', `/staff/${of.staff.administrator}/duties`, { as: 'administrator', of }))).body;
    const { tasks, approvals } = await theirs();
    assert.ok(tasks > 0);
    await program.database.transact(of.tenantId, (transaction) => transaction.run(sql`UPDATE task SET kind = 'approval' WHERE tenant_id = ${of.tenantId} AND id = ${scene.task}`));
    assert.deepEqual([(await theirs()).tasks, (await theirs()).approvals], [tasks - 1, approvals + 1]);
  });
});
