import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import Fastify from 'fastify';
import { openTestProgram, type TestProgram } from '../support/program.ts';
import { act, assertProblem, done, linkOf, newTicket, step } from './scene.ts';

describe('what a step leaves behind', () => {
  let program: TestProgram;
  before(async () => {
    program = await openTestProgram();
  });
  after(() => program.close());

  const show = async (id: string) => (await done(program.call('GET', `/tickets/${id}`, { as: 'dispatcher' }))).body;
  const visitsOf = async (state: 'current' | 'done') => (await done(program.call('GET', `/visits?technician=me&state=${state}`, { as: 'technician' }))).body.items;
  const giveToTechnician = async (id: string) => (await act(program, id, 'assign', { assignee: program.organization.staff.technician })).visits.at(-1).id as string;

  test('a comment whose beginning would be cut through an emoji is taken', async () => {
    const { id } = await newTicket(program);
    const body = `${'好'.repeat(139)}👍 谢谢`;
    const { body: comment } = await done(program.call('POST', `/tickets/${id}/comments`, { as: 'agent', body: { body, visibility: 'public' } }));
    assert.equal(comment.body, body);
  });

  test('a stranger who types a known number learns no name', async () => {
    await done(program.call('POST', '/customers', { as: 'agent', body: { name: '王小明', phone: '13999998888' } }));
    const { body: report } = await done(program.call('POST', '/portal/first/reports', { body: { description: '门口的灯坏了', contact: { phone: '139 9999 8888' } } }));
    await done(program.call('POST', `/progress/${report.token}/comments`, { body: { body: '请尽快' } }));
    const { text } = await program.call('GET', `/progress/${report.token}`);
    assert.ok(!text.includes('王小明'), text);
  });

  test('whoever a job was taken from has no more to do with it, unless they worked on it', async () => {
    const { id } = await newTicket(program);
    const visit = await giveToTechnician(id);
    await step(program, visit, 'decline', { reason: '今天排满了' });
    assertProblem(await program.call('GET', `/tickets/${id}`, { as: 'technician' }), 'not_found');
    assertProblem(await program.call('POST', `/tickets/${id}/reveal`, { as: 'technician', body: {} }), 'not_found');
    assertProblem(await program.call('POST', `/tickets/${id}/actions/resolve`, { as: 'technician', body: { resolution: 'x' } }), 'not_found');

    await giveToTechnician(id);
    await act(program, id, 'assign', { assignee: program.organization.staff.agent });
    assertProblem(await program.call('GET', `/tickets/${id}`, { as: 'technician' }), 'not_found');
    await giveToTechnician(id);
    await act(program, id, 'transfer', { team: program.organization.otherTeamId });
    assertProblem(await program.call('GET', `/tickets/${id}`, { as: 'technician' }), 'not_found');

    const again = await giveToTechnician(id);
    for (const action of ['accept', 'check_in'] as const) await step(program, again, action, {});
    await step(program, again, 'complete', { workSummary: '已修' });
    await act(program, id, 'reopen', { reason: '又坏了' });
    await act(program, id, 'assign', { assignee: program.organization.staff.agent });
    assert.equal((await program.call('GET', `/tickets/${id}`, { as: 'technician' })).status, 200, 'they were there');
  });

  test('what was reopened after a visit lies with the dispatchers, and its customer sees a new beginning', async () => {
    const { id } = await newTicket(program);
    const visit = await giveToTechnician(id);
    for (const action of ['accept', 'check_in'] as const) await step(program, visit, action, {});
    await step(program, visit, 'complete', { workSummary: '已修' });
    const reopened = await act(program, id, 'reopen', { reason: '又漏了' });
    assert.equal(reopened.status, 'open');
    assert.equal(reopened.assignee, null);
    const unassigned = (await done(program.call('GET', '/tickets?assignee=none&status=new,open', { as: 'dispatcher' }))).body.items;
    assert.ok(unassigned.some((ticket: { id: string }) => ticket.id === id));
    const progress = (await done(program.call('GET', `/progress/${linkOf(await show(id))}`))).body;
    assert.equal(progress.technician, null);
    assert.deepEqual(progress.steps.filter((one: { current: boolean }) => one.current).map((one: { step: string }) => one.step), ['received']);
  });

  test('what was solved or closed by telephone sends nobody out', async () => {
    for (const [action, body] of [['resolve', { resolution: '电话指导已解决' }], ['close', { reason: '重复' }]] as const) {
      const { id } = await newTicket(program);
      const visit = await giveToTechnician(id);
      const settled = await act(program, id, action, body);
      assert.equal(settled.visits.at(-1).status, 'cancelled');
      assert.ok(!(await visitsOf('current')).some((one: { id: string }) => one.id === visit));
    }
  });
});

test('as many proxies are believed as were said, and not one more', async () => {
  const { trustedHops } = await import('../../server/platform/http/trusted-hops.ts');
  const app = Fastify({ trustProxy: trustedHops(1) });
  app.get('/', async (request) => request.ip);
  const { body } = await app.inject({ url: '/', remoteAddress: '10.0.0.1', headers: { 'x-forwarded-for': '6.6.6.6, 203.0.113.9' } });
  assert.equal(body, '203.0.113.9');
  await app.close();
});
