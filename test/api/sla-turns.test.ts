import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import type { Calendar } from '../../contract/calendar.ts';
import type { Breach, Policy, PolicyDefinition, Simulation, TicketClocks } from '../../contract/sla.ts';
import type { SlaTarget } from '../../rules/sla/policy.ts';
import { build } from '../../server/platform/db/database.ts';
import { advance, registerReader } from '../../server/platform/facts/readers.ts';
import { keepClocks } from '../../server/reactions/sla/keep-clocks.ts';
import { runSimulation } from '../../server/reactions/sla/run-simulation.ts';
import { sweepClocks } from '../../server/reactions/sla/sweep.ts';
import { openTestProgram, testClock, type TestProgram } from '../support/program.ts';
import { act, assertProblem, done, newTicket, step } from './scene.ts';

const minutes = (count: number) => ({ minutes: count });

describe('promises when a ticket’s life takes turns', { timeout: 120_000 }, () => {
  const clock = testClock();
  let program: TestProgram;
  let always = '';
  before(async () => {
    program = await openTestProgram({ clock, limits: { signedIn: 100_000, anonymous: 100_000, signIn: 100_000, openUploads: 100_000, phoneSignIn: 100_000 } });
    await registerReader(program.database, keepClocks.name);
    const { tenantId } = program.organization;
    const later = new Date(clock.now().getTime() + 90 * 86_400_000);
    await program.database.transact(tenantId, (transaction) => transaction.run(build.updateTable('session').set({ expires_at: later, last_seen_at: later }).where('tenant_id', '=', tenantId)));
    always = ((await done(call('GET', '/calendars'))).body.items as Calendar[]).find((calendar) => calendar.key === 'always')!.id;
  });
  after(() => program.close());

  const call = (method: 'GET' | 'POST' | 'PATCH', path: string, body?: unknown, headers: Record<string, string> = {}) => program.call(method, path, { as: 'administrator', headers: { 'accept-language': 'zh-CN', ...headers }, ...(body === undefined ? {} : { body }) });
  const target = (metric: SlaTarget['metric'], count: number, more: Partial<SlaTarget> = {}): SlaTarget => ({ key: metric, metric, party: 'customer', minutes: count, calendar: always, pauses: [], warnings: [], ladder: [], ...more });
  const publish = async (name: string, definition: PolicyDefinition): Promise<Policy> => {
    const { body: policy } = await done(call('POST', '/sla-policies', { name, definition }));
    return (await done(call('POST', `/sla-policies/${policy.id}/publish`, { enable: true }, { 'if-match': `"${policy.version}"` }))).body;
  };
  const read = async () => {
    while (await advance(program.database, keepClocks) > 0);
  };
  const sweep = async () => {
    await read();
    let acted = 0;
    for (let found = -1; found !== 0;) acted += found = (await sweepClocks(program.services, 'run', clock.now())).acted;
    return acted;
  };
  const clocksOf = async (ticketId: string): Promise<TicketClocks['clocks']> => ((await done(call('GET', `/tickets/${ticketId}/sla`))).body as TicketClocks).clocks;
  const outline = async (ticketId: string) => (await clocksOf(ticketId)).map((one) => `${one.key} ${one.status}`).sort();
  const alone = async (work: () => Promise<void>) => {
    const { tenantId } = program.organization;
    try {
      await work();
    } finally {
      for (const policy of (await done(call('GET', '/sla-policies'))).body.items as Policy[]) await done(call('PATCH', `/sla-policies/${policy.id}`, { archived: true }, { 'if-match': `"${policy.version}"` }));
      await read();
      await program.database.transact(tenantId, async (transaction) => {
        await transaction.run(build.deleteFrom('sla_clock').where('tenant_id', '=', tenantId));
        await transaction.run(build.deleteFrom('sla_ticket').where('tenant_id', '=', tenantId));
      });
    }
  };
  const merge = (id: string, into: string) => done(program.call('POST', `/tickets/${id}/merge`, { as: 'dispatcher', body: { into } }));
  const unmerge = (id: string) => done(program.call('POST', `/tickets/${id}/unmerge`, { as: 'dispatcher', body: {} }));
  const taken = async (subject: string): Promise<string> => {
    const { id } = await newTicket(program, { subject });
    await act(program, id, 'assign', { assignee: program.organization.staff.agent });
    await act(program, id, 'accept', {}, 'agent');
    return id;
  };

  test('a merge undone: who had accepted is not asked again, what was solved stays solved, the resolution goes on', () => alone(async () => {
    await publish('标准', { targets: [target('acceptance', 15), target('resolution', 240, { whenReopened: 'start_anew', pauses: [{ status: 'waiting', waitingFor: ['part'] }] })] });
    const goal = await newTicket(program, { subject: '并入这里' });
    const [open, solved, waiting] = [await taken('处理中'), await taken('已解决'), await taken('等备件')];
    await act(program, solved, 'resolve', { resolution: '好了' }, 'agent');
    await act(program, waiting, 'wait', { for: 'part' }, 'agent');
    clock.advance(minutes(10));
    for (const id of [open, solved, waiting]) await merge(id, goal.id);
    await read();
    assert.deepEqual(await outline(open), ['acceptance#1 met', 'resolution#1 cancelled']);
    clock.advance(minutes(60));
    for (const id of [open, solved, waiting]) await unmerge(id);
    await read();
    assert.deepEqual(await outline(open), ['acceptance#1 met', 'resolution#1 running']);
    assert.equal((await clocksOf(open)).find((one) => one.metric === 'resolution')!.remainingMinutes, 230);
    assert.deepEqual(await outline(solved), ['acceptance#1 met', 'resolution#1 met']);
    assert.deepEqual(await outline(waiting), ['acceptance#1 met', 'resolution#1 paused']);
    await act(program, goal.id, 'close', { reason: '结束' });
    clock.advance(minutes(6 * 60));
    await sweep();
    const broken = ((await done(call('GET', '/sla-breaches'))).body.items as Breach[]).filter((breach) => [open, solved, waiting].includes(breach.ticket.id));
    assert.deepEqual(broken.map((breach) => [breach.ticket.id, breach.clock]), [[open, 'resolution#1']], 'of these only what is open and overdue is broken');
  }));

  test('news of a phone that was without network: accepted in time is in time, whatever was said meanwhile', () => alone(async () => {
    await publish('标准', { targets: [target('acceptance', 15), target('resolution', 240)] });
    const { id } = await newTicket(program, { subject: '地下室', team: program.organization.teamId });
    const assigned = await act(program, id, 'assign', { assignee: program.organization.staff.technician, visit: {} });
    const start = clock.now();
    await read();
    clock.advance(minutes(20));
    assert.equal(await sweep(), 1, 'as far as anybody can know');
    await done(program.call('POST', `/tickets/${id}/comments`, { as: 'agent', body: { body: '师傅在路上', visibility: 'public' } }));
    await read();
    const [visit] = (await done(program.call('GET', `/tickets/${id}`, { as: 'dispatcher' }))).body.visits as { id: string }[];
    assert.ok(visit, JSON.stringify(Object.keys(assigned)));
    clock.advance(minutes(20));
    await step(program, visit.id, 'accept', { occurredAt: new Date(start.getTime() + 5 * 60_000).toISOString() });
    await read();
    const [acceptance] = (await clocksOf(id)).filter((one) => one.metric === 'acceptance');
    assert.deepEqual([acceptance!.status, acceptance!.breachedAt, acceptance!.usedMinutes, acceptance!.asksReason], ['met', null, 5, false]);
    const breaches = (await done(call('GET', '/sla-breaches'))).body.items as Breach[];
    assert.ok(!breaches.some((breach) => breach.ticket.id === id));
  }));

  test('changed twice before anybody looked: the promise is that of the last change, and both are told', () => alone(async () => {
    await publish('紧急', { priorities: ['urgent'], targets: [target('resolution', 60)] });
    await publish('低', { priorities: ['low'], targets: [target('resolution', 600)] });
    await publish('标准', { targets: [target('resolution', 240)] });
    const { id } = await newTicket(program, { subject: '来回', priority: 'normal' });
    await read();
    for (const priority of ['urgent', 'low']) {
      clock.advance(minutes(10));
      await done(program.call('PATCH', `/tickets/${id}`, { as: 'dispatcher', body: { priority }, headers: { 'if-match': '*' } }));
    }
    await read();
    const [resolution] = await clocksOf(id);
    assert.deepEqual([resolution!.minutes, resolution!.remainingMinutes], [600, 580]);
    assert.deepEqual(resolution!.lines.filter((line) => line.kind === 'promise').length, 3);
    assert.equal((await done(call('GET', `/tickets/${id}`))).body.sla.dueAt, resolution!.dueAt);
  }));

  test('reopened: acceptance is asked for anew, an answer is not, the resolution goes on', () => alone(async () => {
    await publish('标准', { targets: [target('acceptance', 15), target('first_response', 30), target('resolution', 240)] });
    const id = await taken('没修好');
    clock.advance(minutes(30));
    await act(program, id, 'resolve', { resolution: '好了' }, 'agent');
    clock.advance(minutes(300));
    await act(program, id, 'reopen', { reason: '又漏了' });
    await read();
    assert.deepEqual(await outline(id), ['acceptance#1 met', 'acceptance#2 running', 'first_response#1 met', 'resolution#1 running']);
    assert.equal((await clocksOf(id)).find((one) => one.metric === 'resolution')!.remainingMinutes, 210);
  }));

  test('a simulation speaks the language of its reader', () => alone(async () => {
    const from = clock.now();
    await publish('标准', { targets: [target('acceptance', 10_000)] });
    for (let turn = 0; turn < 3; turn += 1) await newTicket(program, { subject: `模拟 ${turn}`, ...(turn === 0 ? { team: program.organization.teamId } : {}) });
    clock.advance(minutes(60));
    const { body: asked } = await done(call('POST', '/sla-simulations', { from: from.toISOString(), to: clock.now().toISOString(), policies: [{ name: '试', definition: { targets: [target('acceptance', 5), target('acceptance', 3, { key: 'ola', party: 'team' })] } }] }));
    await runSimulation(program.services, { tenantId: program.organization.tenantId, simulationId: asked.id });
    const shown = async (language: string) => ((await done(call('GET', `/sla-simulations/${asked.id}`, undefined, { 'accept-language': language }))).body as Simulation).result!;
    const [zh, en] = [await shown('zh-CN'), await shown('en')];
    assert.deepEqual([zh.byMetric[0]!.name, en.byMetric[0]!.name], ['接单', 'Acceptance']);
    assert.ok(zh.byTeam.some((group) => group.name === '未分派') && en.byTeam.some((group) => group.name === 'No team'), JSON.stringify(en.byTeam.map((group) => group.name)));
    assert.deepEqual(en.byTeam.map((group) => group.key), zh.byTeam.map((group) => group.key));
    assert.ok(zh.examples.length > 0 && zh.examples.every((example) => example.clocks.every((one) => one.name.includes('接单'))), JSON.stringify(zh.examples));
    assert.ok(en.examples.every((example) => example.clocks.every((one) => one.name.includes('Acceptance'))), JSON.stringify(en.examples));
  }));


  test('a policy that names somebody or something there is not is not published, nor tried', () => alone(async () => {
    const nobody = '0198c5aa-0000-7000-8000-00000000000f';
    const { staff, teamId } = program.organization;
    const right = target('acceptance', 15, { ladder: [{ afterMinutes: 0, whom: [{ kind: 'staff', id: staff.agent }, { kind: 'team', id: teamId }, { kind: 'manager' }], channels: ['sms'] }] });
    for (const [wrong, path] of [
      [{ ladder: [{ afterMinutes: 0, whom: [{ kind: 'team', id: '水电组' }] }] }, '/definition/targets/0/ladder/0/whom/0'], [{ ladder: [{ afterMinutes: 0, whom: [{ kind: 'manager' }, { kind: 'staff', id: nobody }] }] }, '/definition/targets/0/ladder/0/whom/1'],
      [{ ladder: [{ percent: 80, whom: [{ kind: 'role', id: nobody }] }] }, '/definition/targets/0/ladder/0/whom/0'], [{ ladder: [{ percent: 80, whom: [{ kind: 'manager' }], channels: ['fax'] }] }, '/definition/targets/0/ladder/0/channels/0'],
      [{ types: [nobody] }, '/definition/targets/0/types/0'], [{ pauses: [{ statusId: nobody }] }, '/definition/targets/0/pauses/0'], [{ party: 'team', team: nobody }, '/definition/targets/0/team'],
    ] as const) {
      const definition = { targets: [{ ...right, ...wrong }] } as PolicyDefinition;
      const { body: policy } = await done(call('POST', '/sla-policies', { name: '写错了', definition }));
      const refused = await call('POST', `/sla-policies/${policy.id}/publish`, { enable: true }, { 'if-match': `"${policy.version}"` });
      assertProblem(refused, 'policy_has_problems');
      assert.deepEqual(refused.body.errors.map((error: { path: string; code: string }) => [error.path, error.code]), [[path, 'unknown']]);
      assertProblem(await call('POST', '/sla-simulations', { from: new Date(clock.now().getTime() - 86_400_000).toISOString(), to: clock.now().toISOString(), policies: [{ name: '试', definition }] }), 'policy_has_problems');
    }
    await publish('写对了', { targets: [right] });
  }));

  test('one ticket whose clock cannot be read keeps no other waiting', () => alone(async () => {
    await publish('标准', { targets: [target('acceptance', 5)] });
    const [broken, sound] = [await newTicket(program, { subject: '坏了' }), await newTicket(program, { subject: '好的' })];
    await read();
    const { tenantId } = program.organization;
    await program.database.transact(tenantId, (transaction) => transaction.run(build.updateTable('sla_clock').set({ record: sql`jsonb_set(record, '{phases}', '[]')` }).where('tenant_id', '=', tenantId).where('ticket_id', '=', broken.id)));
    clock.advance(minutes(6));
    assert.equal((await sweepClocks(program.services, 'run', clock.now())).acted, 1);
    const breaches = (await done(call('GET', '/sla-breaches'))).body.items as Breach[];
    assert.ok(breaches.some((breach) => breach.ticket.id === sound.id));
  }));

  test('two ask for a simulation at the same moment: one is done', () => alone(async () => {
    const body = { from: new Date(clock.now().getTime() - 86_400_000).toISOString(), to: clock.now().toISOString(), policies: [] };
    const answers = await Promise.all([1, 2, 3].map(() => call('POST', '/sla-simulations', body)));
    assert.deepEqual(answers.map((answer) => answer.status).sort(), [201, 409, 409]);
  }));
});
