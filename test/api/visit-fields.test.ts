import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openTestProgram, type TestProgram } from '../support/program.ts';
import { act, done, newTicket, step } from './scene.ts';

describe('the end of a visit', { timeout: 60_000 }, () => {
  let program: TestProgram;
  before(async () => {
    program = await openTestProgram();
  });
  after(() => program.close());

  test('asks for what the form wants of a ticket that is resolved', async () => {
    const { staff } = program.organization;
    const type = (await done(program.call('POST', '/ticket-types', { as: 'administrator', body: {
      key: 'meter', name: '水表', form: { fields: [
        { key: 'reading', kind: 'number', label: { zh: '读数' }, required: { '==': [{ var: 'ticket.status' }, 'resolved'] } }, { key: 'seal', kind: 'text', label: { zh: '铅封号' } },
      ] },
    } }))).body.id as string;
    const ticket = await newTicket(program, { type });
    await act(program, ticket.id, 'assign', { assignee: staff.technician, visit: {} });
    const visit = (await done(program.call('GET', '/visits?technician=me&state=current', { as: 'technician' }))).body.items[0];
    await step(program, visit.id, 'accept');
    await step(program, visit.id, 'check_in');
    const complete = (body: Record<string, unknown>) => program.call('POST', `/visits/${visit.id}/actions/complete`, { as: 'technician', body: { workSummary: '换表', ...body } });
    const refused = await complete({});
    assert.equal(refused.status, 422, refused.text);
    assert.deepEqual(refused.body.errors.map((error: { path: string; code: string }) => [error.path, error.code]), [['/fields/reading', 'required']]);
    assert.equal((await done(program.call('GET', `/visits/${visit.id}`, { as: 'technician' }))).body.status, 'on_site', 'nothing was done');
    assert.equal((await complete({ fields: { reading: 'x' } })).status, 422);
    assert.equal((await done(complete({ fields: { reading: 1024, seal: 'A-7' } }))).body.status, 'completed');
    const settled = (await done(program.call('GET', `/tickets/${ticket.id}`, { as: 'dispatcher' }))).body;
    assert.deepEqual([settled.status, settled.fields], ['resolved', { reading: 1024, seal: 'A-7' }]);
  });
});
