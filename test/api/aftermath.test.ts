import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import Fastify from 'fastify';
import { limits } from '../../contract/common.ts';
import { build } from '../../server/platform/db/database.ts';
import { giveBackOfThoseWhoLeft } from '../../server/records/staff/give-back.ts';
import { openTestProgram, type TestProgram } from '../support/program.ts';
import { act, assertProblem, done, linkOf, newSession, newTicket, photoOf, step, upload, writesNothing } from './scene.ts';

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

  test('what says nothing is no longer in a list than anything else', async () => {
    const { body: report } = await done(program.call('POST', '/portal/first/reports', { body: { description: '？'.repeat(20_000), contact: {} } }));
    const ticket = await show(report.number);
    assert.deepEqual([ticket.subject, ticket.description.length], ['？'.repeat(limits.subject), 20_000]);
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

  test('a visit that cannot be finished ends without resolving, and the ticket lies with the dispatchers, saying why', async () => {
    const bench = async () => (await done(program.call('GET', '/tickets?assignee=none&status=new,open,waiting', { as: 'dispatcher' }))).body.items as { id: string; waitingFor: string | null }[];
    const cases = [
      { reached: ['accept'], obstacle: 'part_needed', note: '缺 DN20 角阀', ticket: ['waiting', 'part'], kind: 'ticket.waiting_started' },
      { reached: ['accept', 'start_travel'], obstacle: 'no_access', note: undefined, ticket: ['waiting', 'customer'], kind: 'ticket.waiting_started' },
      { reached: ['accept', 'start_travel', 'check_in'], obstacle: 'return_visit', note: '要等墙面干透', ticket: ['open', null], kind: 'ticket.returned' },
    ] as const;
    for (const { reached, obstacle, note, ticket: [status, waitingFor], kind } of cases) {
      const { id } = await newTicket(program, { location: { lat: 30.2741, lng: 120.1551, address: '3栋' } });
      const visit = await giveToTechnician(id);
      for (const action of reached) await step(program, visit, action);
      const photo = (await done(upload(program, 'technician', { content: await photoOf(`#3355${reached.length}0`), fields: { purpose: 'photo', visibility: 'public' } }))).body.id as string;
      const ended = await step(program, visit, 'report_obstacle', { obstacle, ...(note ? { note } : {}), attachments: [photo], location: { lat: 30.2746, lng: 120.1557 }, accuracy: 9 });
      assert.deepEqual([ended.status, ended.actions, ended.completedAt, ended.obstacle.kind, ended.obstacle.note], ['incomplete', [], null, obstacle, note ?? null]);
      assert.ok(!Number.isNaN(Date.parse(ended.obstacle.at)));
      assert.ok((await visitsOf('done')).some((one: { id: string }) => one.id === visit));
      assert.ok(!(await visitsOf('current')).some((one: { id: string }) => one.id === visit));

      const after = await show(id);
      assert.deepEqual([after.status, after.waitingFor, after.assignee, after.acceptedAt, after.visits[0].obstacle.kind], [status, waitingFor, null, null, obstacle]);
      assert.equal(after.files[0].visibility, 'internal', 'a photo of what stands in the way is for colleagues');
      assert.ok((await bench()).some((one) => one.id === id && one.waitingFor === waitingFor), 'on the dispatcher’s bench');
      const { items } = (await done(program.call('GET', `/tickets/${id}/timeline`, { as: 'dispatcher' }))).body;
      const [told, moved] = items.slice(-2);
      assert.deepEqual([told.kind, told.data.obstacle, told.data.note, told.data.distance > 70, moved.kind, moved.data.reason], ['visit.obstacle_reported', obstacle, note ?? null, true, kind, note]);
      assert.equal((await program.call('GET', `/tickets/${id}`, { as: 'technician' })).status, 200, 'they were there');

      // The customer learns what it is about, not what colleagues tell each other.
      const seen = await program.call('GET', `/progress/${linkOf(after)}`);
      assert.deepEqual([seen.body.technician, seen.body.obstacle.kind, seen.body.files], [null, obstacle, []]);
      assert.ok(note === undefined || !seen.text.includes(note));
      for (const action of ['complete', 'report_obstacle', 'check_in']) assertProblem(await program.call('POST', `/visits/${visit}/actions/${action}`, { as: 'technician', body: { obstacle: 'no_access', workSummary: 'x' } }), 'visit_step_not_open');

      // Sent again, it goes its way.
      const again = await giveToTechnician(id);
      const next = (await done(program.call('GET', `/progress/${linkOf(after)}`))).body;
      assert.deepEqual([(await show(id)).status, next.technician.status, next.obstacle], ['open', 'scheduled', null]);
      for (const action of ['accept', 'check_in'] as const) await step(program, again, action);
      await step(program, again, 'complete', { workSummary: '已修' });
      const settled = (await done(program.call('GET', `/progress/${linkOf(after)}`))).body;
      assert.deepEqual([settled.status, settled.technician.status, settled.obstacle], ['resolved', 'completed', null]);
    }
  });

  test('an obstacle says which, and what colleagues need to go on; without it nothing is written', async () => {
    const { id } = await newTicket(program);
    const visit = await giveToTechnician(id);
    const report = (body: unknown) => program.call('POST', `/visits/${visit}/actions/report_obstacle`, { as: 'technician', body });
    await writesNothing(program, async () => {
      assertProblem(await report({ obstacle: 'no_access' }), 'visit_step_not_open', 'not before it was accepted');
    });
    await step(program, visit, 'accept');
    await writesNothing(program, async () => {
      for (const body of [{}, { note: 'x' }, { obstacle: 'rain' }, { obstacle: 'part_needed' }, { obstacle: 'return_visit', note: '  ' }, { obstacle: 'no_access', note: 'x'.repeat(1_001) }]) assertProblem(await report(body), 'invalid_input', JSON.stringify(body));
    });
    await act(program, id, 'resolve', { resolution: '电话指导' });
    assertProblem(await report({ obstacle: 'no_access' }), 'visit_step_not_open');
  });

  describe('whoever leaves gives back what they had', () => {
    let people = 0;
    const hire = async (job: 'technician' | 'agent'): Promise<{ id: string; token: string }> => {
      const { organization } = program;
      const roles = (await done(program.call('GET', '/roles', { as: 'administrator' }))).body.items as { id: string; key: string }[];
      people += 1;
      const { id } = (await done(program.call('POST', '/staff', { as: 'administrator', body: { name: `小${people}`, job, departmentId: organization.departmentId, teamIds: [organization.teamId], roleIds: [roles.find((role) => role.key === job)!.id] } }))).body;
      return { id, token: (await newSession(program, id)).token };
    };
    const dismiss = async (id: string) => {
      const { version } = (await done(program.call('GET', `/staff/${id}`, { as: 'administrator' }))).body;
      return (await done(program.call('PATCH', `/staff/${id}`, { as: 'administrator', body: { active: false }, headers: { 'if-match': `"${version}"` } }))).body;
    };
    const give = async (id: string, to: string) => (await act(program, id, 'assign', { assignee: to })).visits.at(-1)?.id as string;
    const told = async (id: string) => (await done(program.call('GET', `/tickets/${id}/timeline`, { as: 'administrator' }))).body.items as { kind: string; actor: { kind: string }; data: Record<string, unknown> }[];

    test('visits that have not begun are called off, the ticket is back in its team’s queue, and it says why', async () => {
      for (const steps of [[], ['accept']]) {
        const { id: technician, token } = await hire('technician');
        const { id } = await newTicket(program);
        const visit = await give(id, technician);
        for (const action of steps) await step(program, visit, action, {}, { token });
        const before = await show(id);
        assert.deepEqual((await dismiss(technician)).openTickets, 0);
        const ticket = await show(id);
        assert.deepEqual([ticket.status, ticket.assignee, ticket.acceptedAt, ticket.team, ticket.visits[0].status, ticket.visits[0].needsTakeover], [steps.length === 0 ? 'new' : 'open', null, null, before.team, 'cancelled', false]);
        const [visitTold, ticketTold] = (await told(id)).slice(-2);
        assert.deepEqual([visitTold!.kind, visitTold!.data['cause'], ticketTold!.kind, ticketTold!.data['cause'], ticketTold!.data['staffName'], ticketTold!.actor.kind], ['visit.cancelled', 'staff_left', 'ticket.returned', 'staff_left', `小${people}`, 'staff']);
        assert.ok((await done(program.call('GET', '/tickets?assignee=none&status=new,open', { as: 'dispatcher' }))).body.items.some((one: { id: string }) => one.id === id));
      }
    });

    test('a visit under way stays, and says that somebody has to take it over', async () => {
      for (const steps of [['accept', 'start_travel'], ['accept', 'start_travel', 'check_in']]) {
        const { id: technician, token } = await hire('technician');
        const { id } = await newTicket(program);
        const visit = await give(id, technician);
        for (const action of steps) await step(program, visit, action, {}, { token });
        assert.equal((await show(id)).visits[0].needsTakeover, false);
        await dismiss(technician);
        const ticket = await show(id);
        assert.deepEqual([ticket.status, ticket.assignee, ticket.visits[0].status, ticket.visits[0].needsTakeover], ['open', null, steps.length === 2 ? 'travelling' : 'on_site', true]);
        assert.deepEqual([(await told(id)).at(-1)!.kind, (await told(id)).at(-1)!.data['visit']], ['ticket.returned', visit]);
        // Given to somebody else, it is called off like any other.
        await give(id, program.organization.staff.technician);
        assert.deepEqual((await show(id)).visits.map((one: { status: string; needsTakeover: boolean }) => [one.status, one.needsTakeover]), [['cancelled', false], ['scheduled', false]]);
      }
    });

    test('what waits goes on waiting, what is finished stays as it is, and others keep theirs', async () => {
      const { id: agent } = await hire('agent');
      const [waiting, resolved, others] = [await newTicket(program), await newTicket(program), await newTicket(program)];
      for (const { id } of [waiting, resolved]) await act(program, id, 'assign', { assignee: agent });
      await act(program, others.id, 'assign', { assignee: program.organization.staff.agent });
      await act(program, waiting.id, 'wait', { for: 'customer' });
      await act(program, resolved.id, 'resolve', { resolution: '已答复' });
      const kept = [await show(resolved.id), await show(others.id)];
      await dismiss(agent);
      const left = await show(waiting.id);
      assert.deepEqual([left.status, left.waitingFor, left.assignee], ['waiting', 'customer', null]);
      assert.deepEqual([await show(resolved.id), await show(others.id)].map(({ updatedAt, version }) => [updatedAt, version]), kept.map(({ updatedAt, version }) => [updatedAt, version]));
      assert.deepEqual((await told(waiting.id)).filter((entry) => entry.kind === 'ticket.returned').length, 1);
    });

    test('what came to them at the very moment they left is given back a little later', async () => {
      const { id: technician } = await hire('technician');
      const { id } = await newTicket(program);
      const visit = await give(id, technician);
      // As an assignment does that had looked at them before they left.
      await program.database.transact(program.organization.tenantId, (transaction) => transaction.run(build.updateTable('staff').set({ active: false }).where('id', '=', technician)));
      await giveBackOfThoseWhoLeft(program.services, program.services.clock.now());
      const ticket = await show(id);
      assert.deepEqual([ticket.status, ticket.assignee, ticket.visits[0].id, ticket.visits[0].status], ['new', null, visit, 'cancelled']);
      const facts = (await told(id)).length;
      assert.equal((await told(id)).at(-1)!.actor.kind, 'system');
      await giveBackOfThoseWhoLeft(program.services, program.services.clock.now());
      assert.equal((await told(id)).length, facts, 'once');
    });
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
