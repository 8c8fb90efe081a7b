import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import type { Calendar } from '../../contract/calendar.ts';
import type { AutomationRule } from '../../contract/automation.ts';
import type { Breach, Policy, PolicyDefinition, Simulation, SimulationResult, TicketClocks } from '../../contract/sla.ts';
import type { Definition } from '../../rules/automation/definition.ts';
import type { SlaTarget } from '../../rules/sla/policy.ts';
import { flow as flowOf, node } from '../../rules/workflow/sample-flows.ts';
import { build } from '../../server/platform/db/database.ts';
import { advance, registerReader } from '../../server/platform/facts/readers.ts';
import { askRules } from '../../server/reactions/automation/ask-rules.ts';
import { doDueWork } from '../../server/reactions/automation/do-work.ts';
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

  /** Eight tickets and what people do about them, the same each time; whatever else is at work may act in between. */
  const live = async (meanwhile: () => Promise<void>): Promise<{ from: string; to: string; ids: string[] }> => {
    const from = clock.now().toISOString();
    const ids: string[] = [];
    for (let index = 0; index < 8; index += 1) {
      const { id } = await newTicket(program, { subject: `${['甲', '乙', '丙', '丁'][index % 4]} 报修`, priority: (['normal', 'low', 'high'] as const)[index % 3] });
      ids.push(id);
      await meanwhile();
      clock.advance(minutes(4));
      if (index % 4 === 1) await done(program.call('POST', `/tickets/${id}/comments`, { as: 'dispatcher', body: { body: '在看了', visibility: 'public' } }));
      await meanwhile();
      if (index % 2 === 0) {
        await act(program, id, 'assign', { assignee: program.organization.staff.agent });
        await meanwhile();
        clock.advance(minutes(9));
        await act(program, id, 'accept', {}, 'agent');
      }
      await meanwhile();
      if (index % 4 === 2) await act(program, id, 'wait', { for: 'part' }, 'agent');
      clock.advance(minutes(11));
      await meanwhile();
      if (index % 4 === 0) await act(program, id, 'resolve', { resolution: '好了' }, 'agent');
      await meanwhile();
    }
    clock.advance(minutes(30));
    await meanwhile();
    return { from, to: clock.now().toISOString(), ids };
  };
  const simulated = async (body: object): Promise<SimulationResult> => {
    const { body: asked } = await done(call('POST', '/sla-simulations', body));
    await runSimulation(program.services, { tenantId: program.organization.tenantId, simulationId: asked.id });
    const { state, result } = (await done(call('GET', `/sla-simulations/${asked.id}`))).body as Simulation;
    assert.equal(state, 'done');
    return result!;
  };
  /** What has really become of some tickets, counted as a simulation counts. */
  const reality = async (ids: readonly string[]) => {
    const { tenantId } = program.organization;
    return program.database.transact(tenantId, async (transaction) => {
      const clocks = await transaction.run(build.selectFrom('sla_clock').select(['metric', 'breached_at', 'outcome']).where('tenant_id', '=', tenantId).where('ticket_id', 'in', ids).where('team_id', 'is', null));
      const tickets = await transaction.run(build.selectFrom('ticket').select(['team_id', 'tags', 'priority']).where('tenant_id', '=', tenantId).where('id', 'in', ids).orderBy('id'));
      const runs = await transaction.run(build.selectFrom('automation_run').select(['rule_id', 'ticket_id']).where('tenant_id', '=', tenantId).where('ticket_id', 'in', ids).where('outcome', '=', 'matched'));
      return {
        metrics: Object.fromEntries(['acceptance', 'resolution'].map((metric) => [metric, clocks.filter((one) => one.metric === metric && one.breached_at !== null).length])),
        load: Object.fromEntries([...Map.groupBy(tickets, (ticket) => ticket.team_id ?? 'none')].map(([team, own]) => [team, own.length])),
        times: (ruleId: string) => runs.filter((run) => run.rule_id === ruleId).length,
      };
    });
  };

  test('rules are simulated as they really act: what held, and what is tried, on the same histories', () => alone(async () => {
    const asked = askRules(clock);
    await registerReader(program.database, asked.name);
    while (await advance(program.database, asked) > 0);
    const settle = async () => {
      for (let moved = 1; moved > 0;) moved = await advance(program.database, asked) + await doDueWork(program.services, clock.now());
    };
    const { teamId } = program.organization;
    const { body: other } = await done(call('POST', '/teams', { name: '模拟二班', departmentId: ((await done(call('GET', '/departments'))).body.items as { id: string }[])[0]!.id }));
    await publish('标准', { targets: [target('acceptance', 10, { key: 'pressing', priorities: ['urgent'] }), target('acceptance', 20), target('resolution', 25, { key: 'fast', priorities: ['urgent', 'high'] }), target('resolution', 60, { pauses: [{ status: 'waiting' }] })] });
    const has = (value: string) => ({ property: 'subject', operator: 'contains', value }) as const;
    const first: Definition = { trigger: { kind: 'facts', facts: ['ticket.created'] }, conditions: has('甲'), actions: [{ kind: 'set', priority: 'urgent' }, { kind: 'assign', to: { team: teamId } }] };
    const chained: Definition = { trigger: { kind: 'facts', facts: ['ticket.transferred'] }, conditions: { all: [{ property: 'event.teamBefore', operator: 'empty' }, { property: 'event.actor', operator: 'is', value: 'rule' }] }, actions: [{ kind: 'tag', tags: ['派过'] }, { kind: 'comment', visibility: 'internal', body: '已派' }] };
    const late: Definition = { trigger: { kind: 'facts', facts: ['ticket.created'], after: { n: 15, unit: 'minute' } }, conditions: { all: [{ property: 'status', operator: 'is', value: 'new' }, { property: 'createdAt', operator: 'older_than', value: { n: 10, unit: 'minute' } }] }, actions: [{ kind: 'set', priority: 'urgent' }], once: { per: 'ticket' } };
    const wider: Definition = { ...first, conditions: { any: [has('甲'), has('乙')] }, actions: [{ kind: 'set', priority: 'high' }, { kind: 'assign', to: { team: other.id } }] };
    const onRule = async (name: string, definition: Definition, stopAfterMatch = false): Promise<AutomationRule> => {
      const { body: rule } = await done(call('POST', '/automation-rules', { name, definition, stopAfterMatch }));
      return (await done(call('POST', `/automation-rules/${rule.id}/publish`, { enable: true }, { 'if-match': `"${rule.version}"` }))).body;
    };
    const held = [await onRule('甲类', first), await onRule('派过', chained)];
    const past = await live(async () => {
      await settle();
      await sweep();
    });
    const result = await simulated({ from: past.from, to: past.to, rules: [{ id: held[0]!.id, name: '甲乙类', definition: wider }, { id: held[1]!.id, name: '派过', definition: chained }, { name: '没人理', definition: late }] });
    const was = await reality(past.ids);

    // The draft comes into force, and the same happens again.
    for (const rule of held) await done(call('PATCH', `/automation-rules/${rule.id}`, { archived: true }, { 'if-match': `"${((await done(call('GET', `/automation-rules/${rule.id}`))).body as AutomationRule).version}"` }));
    const next = [await onRule('甲乙类', wider), await onRule('派过2', chained), await onRule('没人理', late)];
    const again = await live(async () => {
      await settle();
      await sweep();
    });
    const would = await reality(again.ids);
    for (const rule of next) await done(call('PATCH', `/automation-rules/${rule.id}`, { archived: true }, { 'if-match': `"${((await done(call('GET', `/automation-rules/${rule.id}`))).body as AutomationRule).version}"` }));

    const breached = (side: 'before' | 'after') => Object.fromEntries(result.byMetric.map((group) => [group.key, group[side].breached]));
    assert.deepEqual([breached('before'), breached('after')], [was.metrics, would.metrics]);
    const load = (side: 'ticketsBefore' | 'tickets') => Object.fromEntries(result.load.filter((line) => line[side]).map((line) => [line.key, line[side]]));
    assert.deepEqual([load('ticketsBefore'), load('tickets')], [was.load, would.load]);
    const times = result.rules!.rules.map((rule) => [rule.name, rule.before?.times ?? null, rule.after?.times ?? null]);
    assert.deepEqual(times, [['甲乙类', was.times(held[0]!.id), would.times(next[0]!.id)], ['派过', was.times(held[1]!.id), would.times(next[1]!.id)], ['没人理', null, would.times(next[2]!.id)]]);
    assert.ok(times.every(([, , acted]) => Number(acted) > 0) && was.metrics['resolution'] !== would.metrics['resolution'], JSON.stringify([times, was, would]));
    assert.equal(result.unknownTickets, 0);
    assert.ok(result.examples.some((one) => one.changes?.some((change) => change.property === 'team' && change.after?.name === '模拟二班')));
    // What nobody kept is said, and not guessed.
    const guessed = await simulated({ from: past.from, to: past.to, rules: [{ name: '快到期', definition: { ...first, conditions: { property: 'dueAt', operator: 'within_next', value: { n: 1, unit: 'hour' } } } }] });
    assert.deepEqual([guessed.tickets, guessed.unknownTickets, guessed.unknown!.map(({ why, name, tickets }) => [why, name, tickets])], [0, 8, [['condition', '快到期', 8]]]);
  }));

  test('a flow is simulated with the answers and the times of then, and says what was never asked', () => alone(async () => {
    const { staff } = program.organization;
    const by = (who: 'agent' | 'dispatcher') => [{ kind: 'person', id: staff[who] }];
    const outcomes = [{ key: 'fine', name: { zh: '可修' } }, { key: 'broken', name: { zh: '要换' } }];
    // oxlint-disable-next-line unicorn/no-thenable -- “then” is what a time limit leads to
    const short = { span: { amount: 20, unit: 'minutes' }, then: { do: 'complete', outcome: 'fine' } };
    const played = flowOf([
      node('start', 'start'), node('look', 'task', { performers: by('agent'), outcomes, status: { status: 'open' } }), node('agree', 'approval', { performers: [...by('agent'), ...by('dispatcher')], mode: 'all' }),
      node('mend', 'task', { performers: by('agent') }), node('end', 'end', { status: { status: 'resolved' } }),
    ], 'start > look', 'look > agree on broken', 'look > mend on fine', 'agree > mend on approved', 'agree > end on rejected', 'mend > end');
    const { body: flow } = await done(call('POST', '/flows', { name: '模拟流程', definition: played }));
    const { body: type } = await done(call('POST', '/ticket-types', { key: 'simulated_flow', name: '模拟流程', form: { fields: [] } }));
    await done(call('PATCH', `/flows/${flow.id}`, { types: [type.id] }, { 'if-match': `"${flow.version}"` }));
    const publishFlow = async () => done(call('POST', `/flows/${flow.id}/publish`, {}, { 'if-match': `"${(await done(call('GET', `/flows/${flow.id}/draft`))).body.version}"` }));
    await publishFlow();
    await publish('环节', { targets: [target('step', 30), target('resolution', 60)] });
    const taskOf = async (who: 'agent' | 'dispatcher', ticketId: string) => ((await done(program.call('GET', `/tasks?ticket=${ticketId}`, { as: who }))).body.items as { id: string; node: string; seats: { id: string }[] }[])[0]!;
    const answer = async (who: 'agent' | 'dispatcher', ticketId: string, action: string, body: object = {}) => done(program.call('POST', `/tasks/${(await taskOf(who, ticketId)).id}/actions/${action}`, { as: who, body }));
    const lived = async () => {
      const from = clock.now().toISOString();
      const ids: string[] = [];
      for (let index = 0; index < 6; index += 1) {
        const { id } = await newTicket(program, { subject: `流程 ${index}`, type: 'simulated_flow' });
        ids.push(id);
        clock.advance(minutes(10 + 7 * index));
        await answer('agent', id, 'complete', { outcome: index % 2 === 0 ? 'fine' : 'broken' });
        if (index % 2 === 1) {
          clock.advance(minutes(5));
          await answer('agent', id, 'approve');
          clock.advance(minutes(31));
          await answer('dispatcher', id, 'approve');
        }
        if (index === 4) continue;
        clock.advance(minutes(12 + index));
        await answer('agent', id, 'complete');
      }
      await sweep();
      return { from, to: clock.now().toISOString(), ids };
    };
    const past = await lived();
    const was = await reality(past.ids);
    const tried = (definition: unknown) => simulated({ from: past.from, to: past.to, flow: { id: flow.id, definition } });
    const brokenSteps = async (ids: readonly string[]) => program.database.transact(program.organization.tenantId, async (transaction) => (await transaction.run(build.selectFrom('sla_clock').select('key').where('tenant_id', '=', program.organization.tenantId).where('ticket_id', 'in', ids).where('metric', '=', 'step').where('breached_at', 'is not', null))).length);
    const stepsBroken = (result: SimulationResult, side: 'before' | 'after') => result.byMetric.find((group) => group.key === 'step')![side].breached;

    // The very flow they went through comes to the very same.
    const same = await tried(played);
    assert.deepEqual([same.affected, same.unknownTickets, same.flow!.runs], [0, 0, 6]);
    assert.deepEqual(same.flow!.before, same.flow!.after);
    assert.deepEqual(same.flow!.steps.map((one) => [one.key, one.before!.entered, one.after!.entered]), [['look', 6, 6], ['agree', 3, 3], ['mend', 6, 6]]);
    assert.equal(stepsBroken(same, 'before'), await brokenSteps(past.ids));

    // One vote is enough: it is over sooner, and so is all that follows.
    const quicker = await tried({ ...played, nodes: played.nodes.map((one) => (one.id === 'agree' ? { ...one, mode: 'any' } : one)) });
    assert.deepEqual([quicker.unknownTickets, quicker.flow!.after.ended, quicker.flow!.steps.find((one) => one.key === 'agree')], [0, 5, { key: 'agree', name: 'agree', before: { entered: 3, minutes: 36 }, after: { entered: 3, minutes: 5 } }]);
    assert.equal(stepsBroken(quicker, 'after'), stepsBroken(quicker, 'before') - 3);
    assert.ok(quicker.byMetric.find((group) => group.key === 'resolution')!.after.breached < was.metrics['resolution']!);

    // A limit that finishes a step by itself acts where it took longer.
    const limited = await tried({ ...played, nodes: played.nodes.map((one) => (one.id === 'look' ? { ...one, limit: short } : one)) });
    assert.deepEqual([limited.unknownTickets, limited.flow!.steps.find((one) => one.key === 'agree')?.after?.entered], [0, 1]);

    // A step nobody was ever asked to take, and an outcome nobody could choose.
    const longer = await tried(flowOf([...played.nodes.filter((one) => one.id !== 'mend'), node('check', 'task', { name: { zh: '复核', en: 'Check' }, performers: by('dispatcher') }), played.nodes.find((one) => one.id === 'mend')!], 'start > look', 'look > agree on broken', 'look > check on fine', 'check > mend', 'agree > mend on approved', 'agree > end on rejected', 'mend > end'));
    assert.deepEqual([longer.tickets, longer.unknownTickets, longer.unknown], [3, 3, [{ why: 'never_asked', key: 'check', name: '复核', tickets: 3 }]]);
    assertProblem(await call('POST', '/sla-simulations', { from: past.from, to: past.to, flow: { id: flow.id, definition: flowOf([node('start', 'start')]) } }), 'flow_cannot_run');
    assertProblem(await call('POST', '/sla-simulations', { from: past.from, to: past.to, rules: [], flow: { id: flow.id, definition: played } }), 'invalid_input');
  }));

  test('tiers and conditions are simulated as they were then, whatever became of them since', () => alone(async () => {
    const from = clock.now();
    const [vip] = (await done(call('GET', '/customer-tiers'))).body.items as { key: string }[];
    await publish('重点', { tiers: [vip!.key], targets: [target('acceptance', 10)] });
    await publish('没人看', { condition: { property: 'watcher', operator: 'empty' }, targets: [target('acceptance', 15)] });
    await publish('标准', { targets: [target('acceptance', 90)] });
    const { body: customer } = await done(call('POST', '/customers', { name: '等级会变', phone: '13900001234', tier: vip!.key }));
    const made = await done(program.call('POST', '/tickets', { as: 'agent', body: { subject: '重点客户', requester: { customerId: customer.id } } }));
    const unwatched = await newTicket(program, { subject: '没人看' });
    await read();
    clock.advance(minutes(40));
    await sweep();
    // Since then the customer is nobody special, and somebody watches.
    const { body: present } = await done(call('GET', `/customers/${customer.id}`));
    await done(call('PATCH', `/customers/${customer.id}`, { tier: null }, { 'if-match': `"${present.version}"` }));
    await done(program.call('POST', `/tickets/${unwatched.id}/watchers/${program.organization.staff.agent}`, { as: 'dispatcher', body: {} }));
    await read();
    const policies = ((await done(call('GET', '/sla-policies'))).body.items as Policy[]).filter((policy) => policy.enabled && !policy.archived).map(({ id, name, definition }) => ({ id, name, definition }));
    const result = await simulated({ from: from.toISOString(), to: new Date(clock.now().getTime() + 1).toISOString(), policies });
    const late = (await done(call('GET', '/sla-breaches'))).body.items as Breach[];
    assert.deepEqual(late.map((breach) => breach.ticket.id).sort(), [made.body.id, unwatched.id].sort());
    assert.deepEqual([result.affected, result.all.before.breached, result.all.after.breached], [0, 2, 2]);
  }));
});
