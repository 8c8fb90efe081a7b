// oxlint-disable unicorn/no-thenable -- `then` says what happens when a limit passes; nobody awaits a definition
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { build } from '../../server/platform/db/database.ts';
import { runDueTimers } from '../../server/platform/timers/timers.ts';
import { activeCalendars } from '../../server/records/calendar/active-calendars.ts';
import { addWorkingTime } from '../../rules/calendar/working-time.ts';
import { timerHandlers } from '../../server/timers.ts';
import { node, flow as flowOf } from '../../rules/workflow/sample-flows.ts';
import { openTestProgram, testClock, type TestProgram } from '../support/program.ts';
import { done } from './scene.ts';

describe('what flows do when their time comes', { timeout: 120_000 }, () => {
  const clock = testClock();
  let program: TestProgram;
  before(async () => {
    program = await openTestProgram({ clock });
  });
  after(() => program.close());
  const as = 'administrator';

  test('one that a timer woke makes a child ticket with a flow of its own', async () => {
    const agent = { kind: 'person' as const, id: program.organization.staff.agent };
    const publish = async (name: string, definition: ReturnType<typeof flowOf>) => {
      const flow = (await done(program.call('POST', '/flows', { as, body: { name, definition } }))).body;
      const draft = (await done(program.call('GET', `/flows/${flow.id}/draft`, { as }))).body;
      await done(program.call('POST', `/flows/${flow.id}/publish`, { as, body: {}, headers: { 'if-match': `"${draft.version}"` } }));
      return (await done(program.call('GET', `/flows/${flow.id}`, { as }))).body;
    };
    const child = await publish('子流程单', flowOf([node('start', 'start'), node('look', 'task', { performers: [agent] }), node('end', 'end')], 'start > look', 'look > end'));
    const type = (await done(program.call('POST', '/ticket-types', { as, body: { key: 'inspection', name: '巡检', form: { fields: [] } } }))).body;
    await done(program.call('PATCH', `/flows/${child.id}`, { as, body: { types: [type.id] }, headers: { 'if-match': `"${child.version}"` } }));
    const parent = await publish('到时派生', flowOf([node('start', 'start'), node('pause', 'wait'), node('make', 'action', { action: { do: 'create_child', type: 'inspection', subject: '到时巡检' } }), node('end', 'end')], 'start > pause', 'pause > make', 'make > end'));
    const ticket = (await done(program.call('POST', '/tickets', { as: 'agent', body: { subject: '到时派生' } }))).body;
    await done(program.call('POST', `/tickets/${ticket.id}/flow`, { as, body: { flowId: parent.id } }));
    clock.advance({ minutes: 61 });
    while (await runDueTimers(program.database, timerHandlers, clock.now(), program.services.log) > 0);
    assert.equal((await done(program.call('GET', `/tickets/${ticket.id}/flow`, { as }))).body.instance.status, 'completed');
    const { items } = (await done(program.call('GET', '/tasks', { as: 'agent' }))).body;
    assert.deepEqual(items.map((task: { node: string; ticket: { subject: string } }) => [task.node, task.ticket.subject]), [['look', '到时巡检']]);
  });

  test('limits in working time go by the calendar of the organization, others by the clock', async () => {
    const agent = { kind: 'person' as const, id: program.organization.staff.agent };
    const limit = (calendar: 'working' | 'elapsed') => ({ span: { amount: 20, unit: 'hours' as const, calendar }, then: { do: 'complete' as const } });
    const definition = flowOf([node('start', 'start'), node('fork', 'parallel'), node('worked', 'task', { performers: [agent], limit: limit('working') }), node('elapsed', 'task', { performers: [agent], limit: limit('elapsed') }), node('join', 'parallel'), node('end', 'end')],
      'start > fork', 'fork > worked', 'fork > elapsed', 'worked > join', 'elapsed > join', 'join > end');
    const flow = (await done(program.call('POST', '/flows', { as, body: { name: '工时', definition } }))).body;
    const draft = (await done(program.call('GET', `/flows/${flow.id}/draft`, { as }))).body;
    await done(program.call('POST', `/flows/${flow.id}/publish`, { as, body: {}, headers: { 'if-match': `"${draft.version}"` } }));
    const ticket = (await done(program.call('POST', '/tickets', { as: 'agent', body: { subject: '工时' } }))).body;
    await done(program.call('POST', `/tickets/${ticket.id}/flow`, { as, body: { flowId: flow.id } }));

    const calendar = await program.database.transact(program.organization.tenantId, async (transaction) => (await activeCalendars(transaction)).default!.calendar);
    const hours = 3_600_000;
    const expected = addWorkingTime(calendar, clock.now().getTime(), 20 * hours).at!;
    // Twenty hours of work are never done within twenty hours.
    assert.ok(expected > clock.now().getTime() + 24 * hours);
    const { items } = (await done(program.call('GET', `/tasks?ticket=${ticket.id}`, { as: 'agent' }))).body as { items: { node: string; dueAt: string }[] };
    const due = Object.fromEntries(items.map((task) => [task.node, Date.parse(task.dueAt)]));
    assert.deepEqual(due, { worked: expected, elapsed: clock.now().getTime() + 20 * hours });

    // By then everybody would have to sign in again.
    const tasks = async () => Object.fromEntries((await program.database.transact(program.organization.tenantId, (transaction) => transaction.run(build.selectFrom('task').select(['node', 'state']).where('ticket_id', '=', ticket.id)))).map((row) => [row.node, row.state]));
    const at = async (moment: number) => {
      clock.advance({ seconds: (moment - clock.now().getTime()) / 1_000 });
      while (await runDueTimers(program.database, timerHandlers, clock.now(), program.services.log) > 0);
    };
    await at(expected - 1_000);
    assert.deepEqual(await tasks(), { worked: 'open', elapsed: 'completed' });
    await at(expected);
    assert.deepEqual(await tasks(), { worked: 'completed', elapsed: 'completed' });
  });
});
