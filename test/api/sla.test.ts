import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { after, before, describe, test } from 'node:test';
import type { Calendar } from '../../contract/calendar.ts';
import type { Breach, BreachSummary, Policy, PolicyDefinition, Simulation, TicketClocks } from '../../contract/sla.ts';
import type { SlaTarget } from '../../rules/sla/policy.ts';
import { build, everyTenant } from '../../server/platform/db/database.ts';
import { advance, readFacts, registerReader } from '../../server/platform/facts/readers.ts';
import { verifyHistories } from '../../server/platform/facts/verify.ts';
import { keepClocks } from '../../server/reactions/sla/keep-clocks.ts';
import { refreshClocks } from '../../server/reactions/sla/refresh.ts';
import { runSimulation } from '../../server/reactions/sla/run-simulation.ts';
import { sweepClocks, type SweepPlace } from '../../server/reactions/sla/sweep.ts';
import { openTestProgram, testClock, type TestProgram } from '../support/program.ts';
import { act, assertProblem, done, newTicket } from './scene.ts';

const minutes = (count: number) => ({ minutes: count });

describe('promises', { timeout: 180_000 }, () => {
  const clock = testClock();
  let program: TestProgram;
  let always = '';
  before(async () => {
    program = await openTestProgram({ clock, limits: { signedIn: 100_000, anonymous: 100_000, signIn: 100_000, openUploads: 100_000, phoneSignIn: 100_000 } });
    await registerReader(program.database, keepClocks.name);
    const later = new Date(clock.now().getTime() + 90 * 86_400_000);
    await program.database.transact(program.organization.tenantId, (transaction) => transaction.run(build.updateTable('session').set({ expires_at: later, last_seen_at: later }).where('tenant_id', '=', program.organization.tenantId)));
    always = (await calendars()).find((calendar) => calendar.key === 'always')!.id;
  });
  after(() => program.close());

  const call = (method: 'GET' | 'POST' | 'PATCH', path: string, body?: unknown, headers: Record<string, string> = {}) => program.call(method, path, { as: 'administrator', headers: { 'accept-language': 'zh-CN', ...headers }, ...(body === undefined ? {} : { body }) });
  const calendars = async (): Promise<Calendar[]> => (await done(call('GET', '/calendars'))).body.items;
  const target = (metric: SlaTarget['metric'], count: number, more: Partial<SlaTarget> = {}): SlaTarget => ({ key: metric, metric, party: 'customer', minutes: count, calendar: always, pauses: [], warnings: [], ladder: [], ...more });
  const publish = async (name: string, definition: PolicyDefinition): Promise<Policy> => {
    const { body: policy } = await done(call('POST', '/sla-policies', { name, definition }));
    return (await done(call('POST', `/sla-policies/${policy.id}/publish`, { enable: true }, { 'if-match': `"${policy.version}"` }))).body;
  };
  const change = async (id: string, body: object): Promise<Policy> => {
    const { body: policy } = await done(call('GET', `/sla-policies/${id}`));
    return (await done(call('PATCH', `/sla-policies/${id}`, body, { 'if-match': `"${policy.version}"` }))).body;
  };
  const read = async () => {
    while (await advance(program.database, keepClocks) > 0);
  };
  const sweep = async () => {
    await read();
    let acted = 0;
    for (let place: SweepPlace | null | undefined; ;) {
      const swept = await sweepClocks(program.services, 'run', clock.now(), place ?? undefined);
      acted += swept.acted;
      place = swept.after;
      if (swept.acted === 0 && !place) return acted;
    }
  };
  const factsOf = async (ticketId: string) => (await program.database.transact(everyTenant, (transaction) => readFacts(transaction, { transaction: '0', position: 0 }, 100_000))).filter((fact) => fact.ticketId === ticketId && fact.kind.startsWith('sla.'));
  const clocksOf = async (ticketId: string): Promise<TicketClocks> => (await done(call('GET', `/tickets/${ticketId}/sla`))).body;
  /** Each test has its own clocks. */
  const forget = () => program.database.transact(program.organization.tenantId, async (transaction) => {
    await transaction.run(build.deleteFrom('sla_clock').where('tenant_id', '=', program.organization.tenantId));
    await transaction.run(build.deleteFrom('sla_ticket').where('tenant_id', '=', program.organization.tenantId));
  });
  const alone = async (work: () => Promise<void>) => {
    try {
      await work();
    } finally {
      for (const policy of (await done(call('GET', '/sla-policies'))).body.items as Policy[]) await change(policy.id, { archived: true });
      await read();
      await forget();
    }
  };

  test('a ticket from before the first policy has no clocks; one after it has, and its list line says when it is due', () => alone(async () => {
    const early = await newTicket(program, { subject: '早先' });
    await read();
    await publish('标准', { targets: [target('acceptance', 15), target('resolution', 240)] });
    const late = await newTicket(program, { subject: '后来' });
    await read();
    const due = new Date(clock.now().getTime() + 15 * 60_000).toISOString();
    assert.deepEqual((await clocksOf(early.id)).clocks, []);
    const { clocks, policy, choice } = await clocksOf(late.id);
    assert.deepEqual(clocks.map(({ metric, status, remainingMinutes }) => ({ metric, status, remainingMinutes })), [
      { metric: 'acceptance', status: 'running', remainingMinutes: 15 }, { metric: 'resolution', status: 'running', remainingMinutes: 240 },
    ]);
    assert.equal(policy?.name, '标准');
    assert.deepEqual(choice, ['采用“标准”：全部符合']);
    clock.advance({ seconds: 1 });
    assert.deepEqual((await done(call('GET', `/tickets/${late.id}`))).body.sla, { dueAt: due, metric: 'acceptance', breachedAt: null });
    assert.equal((await done(call('GET', `/tickets/${early.id}`))).body.sla, null);
    const sorted = (await done(call('POST', '/tickets/search', { sort: 'dueAt', columns: ['dueAt'] }))).body.items as { id: string }[];
    assert.deepEqual(sorted.map((line) => line.id), [late.id]);
    const soon = (await done(call('POST', '/tickets/search', { filter: { property: 'dueAt', operator: 'within_next', value: { n: 1, unit: 'hour' } } }))).body.items as { id: string }[];
    assert.deepEqual(soon.map((line) => line.id), [late.id]);
    const none = (await done(call('POST', '/tickets/search', { filter: { property: 'breachedAt', operator: 'not_empty' } }))).body.items;
    assert.deepEqual(none, []);
  }));

  test('warns, breaches and calls people in, each once and in order, also after a stop of hours', () => alone(async () => {
    await publish('标准', { targets: [target('acceptance', 60, { warnings: [50, 80], ladder: [{ afterMinutes: 0, whom: [{ kind: 'team_lead' }] }, { afterMinutes: 30, whom: [{ kind: 'manager' }], channels: ['sms', 'wecom'] }] })] });
    const { id } = await newTicket(program, { subject: '无人接单' });
    const start = clock.now().getTime();
    assert.equal(await sweep(), 0);
    clock.advance(minutes(30));
    assert.equal(await sweep(), 1);
    assert.equal(await sweep(), 0, 'each once');
    clock.advance({ minutes: 6 * 60 });
    assert.equal(await sweep(), 4);
    const facts = await factsOf(id);
    assert.deepEqual(facts.map((fact) => [fact.kind, (fact.occurredAt.getTime() - start) / 60_000]), [
      ['sla.warned', 30], ['sla.warned', 48], ['sla.breached', 60], ['sla.escalated', 60], ['sla.escalated', 90],
    ]);
    assert.deepEqual({ ...facts.at(-1)!.data, now: null, number: null, policyId: null }, {
      number: null, clock: 'acceptance#1', metric: 'acceptance', party: 'customer', teamId: null, step: null, policyId: null, policyVersion: 1, target: 'acceptance', minutes: 60,
      dueAt: new Date(start + 3_600_000).toISOString(), moment: '0:escalation:1', afterMinutes: 30, channels: ['sms', 'wecom'], whom: [{ kind: 'manager' }], urgency: 'urgent', run: 'run', now: null,
    });
    const report = (await done(call('GET', `/tickets/${id}/history/verification`))).body;
    assert.equal(report.intact, true);
    assert.ok(verifyHistories);
  }));

  test('what happened in time and is not read yet is no breach, and a pause moves the deadline', () => alone(async () => {
    await publish('标准', { targets: [target('resolution', 60, { pauses: [{ status: 'waiting', waitingFor: ['part'] }] })] });
    const { id } = await newTicket(program, { subject: '等备件' });
    await read();
    await act(program, id, 'assign', { assignee: program.organization.staff.agent });
    await act(program, id, 'accept', {}, 'agent');
    clock.advance(minutes(20));
    await act(program, id, 'wait', { for: 'part' }, 'agent');
    clock.advance(minutes(120));
    assert.deepEqual(await sweepClocks(program.services, 'run', clock.now()), { due: 1, acted: 0, after: null }, 'the news is not taken in');
    assert.equal(await sweep(), 0);
    const [paused] = (await clocksOf(id)).clocks;
    assert.equal(paused!.status, 'paused');
    assert.equal(paused!.remainingMinutes, 40);
    assert.equal((await done(call('GET', `/tickets/${id}`))).body.sla.dueAt, null);
    await act(program, id, 'resume', {}, 'agent');
    await read();
    const [running] = (await clocksOf(id)).clocks;
    assert.equal(running!.dueAt, new Date(clock.now().getTime() + 40 * 60_000).toISOString());
    assert.ok(running!.lines.some((line) => line.kind === 'paused'));
    assert.ok(running!.picture.segments.some((segment) => segment.kind === 'paused'));
    clock.advance(minutes(41));
    assert.equal(await sweep(), 1);
  }));

  test('a change of priority promises something else, with what was used and why', () => alone(async () => {
    await publish('紧急', { priorities: ['urgent'], targets: [target('resolution', 60)] });
    await publish('标准', { targets: [target('resolution', 240)] });
    const { id, version } = await newTicket(program, { subject: '升级', priority: 'normal' });
    await read();
    clock.advance(minutes(30));
    await done(program.call('PATCH', `/tickets/${id}`, { as: 'dispatcher', body: { priority: 'urgent' }, headers: { 'if-match': `"${version}"` } }));
    await read();
    const { clocks: [resolution], policy } = await clocksOf(id);
    assert.equal(policy?.name, '紧急');
    assert.equal(resolution!.remainingMinutes, 30);
    assert.equal(resolution!.lines.filter((line) => line.kind === 'promise').length, 2);
    assert.match(resolution!.lines.filter((line) => line.kind === 'promise')[1]!.text, /4 小时.*1 小时/);
  }));

  test('a policy that is archived lets its clocks run; a new version counts for running tickets when asked', () => alone(async () => {
    const policy = await publish('标准', { targets: [target('resolution', 60)] });
    const { id } = await newTicket(program, { subject: '跑着' });
    await read();
    const drafted = await change(policy.id, { draft: { targets: [target('resolution', 30)] } });
    await done(call('POST', `/sla-policies/${policy.id}/publish`, { running: true }, { 'if-match': `"${drafted.version}"` }));
    await refreshClocks(program.services, { tenantId: program.organization.tenantId, anew: true });
    assert.equal((await clocksOf(id)).clocks[0]!.minutes, 30);
    await change(policy.id, { archived: true });
    await act(program, id, 'assign', { assignee: program.organization.staff.agent });
    await read();
    assert.equal((await clocksOf(id)).clocks[0]!.status, 'running');
    clock.advance(minutes(31));
    assert.equal(await sweep(), 1);
  }));

  test('a breach asks for its reason, and the reason stands in the team’s list', () => alone(async () => {
    await publish('标准', { targets: [target('acceptance', 5), target('acceptance', 2, { key: 'ola', party: 'team' })] });
    const { id, number } = await newTicket(program, { subject: '超时了', team: program.organization.teamId });
    await read();
    assertProblem(await call('POST', `/tickets/${id}/sla/reasons`, { clock: 'acceptance#1', reason: 'parts' }), 'clock_not_breached');
    clock.advance(minutes(10));
    assert.equal(await sweep(), 2);
    const list = async (query = '') => ((await done(program.call('GET', `/sla-breaches?${query}`, { as: 'administrator' }))).body.items as Breach[]).filter((breach) => breach.ticket.number === number);
    assert.deepEqual((await list('explained=false')).map(({ clock: key, internal }) => [key, internal]), [['acceptance#1', false], [`acceptance@${program.organization.teamId}.1#1`, true]]);
    assert.deepEqual((await clocksOf(id)).clocks.map((one) => one.asksReason), [true, true]);
    const { body } = await done(call('POST', `/tickets/${id}/sla/reasons`, { clock: 'acceptance#1', reason: 'workload', note: '高峰期' }));
    assert.equal((body as TicketClocks).clocks[0]!.reason?.note, '高峰期');
    assert.deepEqual((await list('explained=true')).map((breach) => [breach.reason?.reason, breach.reason?.note]), [['workload', '高峰期']]);
    // The same said twice is said once.
    const told = async () => ((await done(call('GET', `/tickets/${id}/timeline`))).body.items as { kind: string }[]).filter((entry) => entry.kind === 'sla.breach_explained').length;
    await done(call('POST', `/tickets/${id}/sla/reasons`, { clock: 'acceptance#1', reason: 'workload', note: ' 高峰期 ' }));
    assert.equal(await told(), 1);
    await done(call('POST', `/tickets/${id}/sla/reasons`, { clock: 'acceptance#1', reason: 'workload', note: '人手不够' }));
    assert.equal(await told(), 2);
    // By team and by reason, of whatever period.
    const { teamId } = program.organization;
    const summary = async (query: string) => (await done(program.call('GET', `/sla-breaches/summary?${query}`, { as: 'administrator' }))).body as BreachSummary;
    const since = new Date(clock.now().getTime() - 600_000).toISOString();
    assert.deepEqual(await summary(`from=${since}`), {
      breached: 2, unexplained: 1, teams: [{ team: { id: teamId, name: (await summary('')).teams.find((line) => line.team?.id === teamId)!.team!.name }, breached: 2, unexplained: 1 }], reasons: [{ reason: 'workload', breached: 1 }, { reason: null, breached: 1 }],
    });
    assert.deepEqual([(await summary(`from=${since}&reason=workload`)).breached, (await list(`from=${since}&reason=workload`)).length, (await summary(`to=${since}&team=${teamId}`)).breached, (await summary(`from=${new Date(clock.now().getTime() + 1).toISOString()}`)).breached], [1, 1, 0, 0]);
    assertProblem(await program.call('GET', '/sla-breaches/summary?team=x', { as: 'administrator' }), 'invalid_input');
    assertProblem(await call('POST', `/tickets/${id}/sla/reasons`, { clock: 'nothing#1', reason: 'parts' }), 'not_found');
    const page = (await done(program.call('GET', '/sla-breaches?limit=1', { as: 'administrator' }))).body;
    assert.ok(page.items.length >= 1);
    assert.ok(page.nextCursor === null || typeof page.nextCursor === 'string');
  }));

  test('breaches that come at once are told in one run, and none is lost or doubled between two nodes', { timeout: 170_000 }, () => alone(async () => {
    await publish('标准', { targets: [target('acceptance', 5)] });
    const tickets = await Promise.all(Array.from({ length: 60 }, (_, index) => newTicket(program, { subject: `一起 ${index}` })));
    await read();
    clock.advance(minutes(6));
    const swept = await Promise.all([sweepClocks(program.services, 'run', clock.now()), sweepClocks(program.services, 'run', clock.now())]);
    let acted = swept.reduce((sum, one) => sum + one.acted, 0);
    acted += await sweep();
    assert.equal(acted, tickets.length);
    const facts = await Promise.all(tickets.map((ticket) => factsOf(ticket.id)));
    assert.ok(facts.every((own) => own.length === 1 && own[0]!.data['run'] === 'run'));
  }));

  test('what cannot be acted on keeps nobody else waiting', () => alone(async () => {
    await publish('标准', { targets: [target('acceptance', 5)] });
    const { id } = await newTicket(program, { subject: '排在后面' });
    await read();
    // Clocks of an organization whose policies are gone, all due before ours.
    const { tenantId } = await program.foundAnother('stuck');
    await program.database.transact(tenantId, (transaction) => transaction.run(sql`
      INSERT INTO sla_clock (tenant_id, ticket_id, key, metric, cycle, policy_id, target_key, started_at, record, act_at)
      SELECT ${tenantId}::uuid, gen_random_uuid(), 'acceptance#1', 'acceptance', 1, gen_random_uuid(), 'x', '2026-01-01', '{}', '2026-01-01' FROM generate_series(1, 900)`));
    clock.advance(minutes(6));
    assert.equal((await sweepClocks(program.services, 'run', clock.now())).acted, 0);
    await sweep();
    assert.equal((await factsOf(id)).length, 1);
    await program.database.transact(tenantId, (transaction) => transaction.run(build.deleteFrom('sla_clock').where('tenant_id', '=', tenantId)));
  }));

  test('calendars that cannot be meant are refused with what is wrong; a used one stays', () => alone(async () => {
    const definition = { timeZone: 'Asia/Shanghai', windows: [{ weekday: 1, startsMinute: 540, endsMinute: 720 }], sources: ['cn'], exceptions: {} };
    const { body: calendar } = await done(call('POST', '/calendars', { key: 'mondays', name: '周一', definition }));
    assertProblem(await call('POST', '/calendars', { key: 'mondays', name: '再来', definition }), 'name_taken');
    for (const [wrong, code] of [
      [{ windows: [] }, 'no_working_time'], [{ timeZone: 'Mars/Base' }, 'unknown_zone'], [{ windows: [...definition.windows, { weekday: 1, startsMinute: 600, endsMinute: 660 }] }, 'overlap'], [{ sources: ['moon'] }, 'unknown_source'],
    ] as const) {
      const drafted: Calendar = (await done(call('PATCH', `/calendars/${calendar.id}`, { draft: { ...definition, ...wrong } }, { 'if-match': `"${(await done(call('GET', `/calendars/${calendar.id}`))).body.version}"` }))).body;
      assert.deepEqual(drafted.problems.map((problem) => problem.code), [code]);
      const refused = await call('POST', `/calendars/${calendar.id}/publish`, {}, { 'if-match': `"${drafted.version}"` });
      assertProblem(refused, 'calendar_has_problems');
      assert.equal(refused.body.errors[0].code, code);
    }
    const mended: Calendar = (await done(call('PATCH', `/calendars/${calendar.id}`, { draft: definition }, { 'if-match': `"${(await done(call('GET', `/calendars/${calendar.id}`))).body.version}"` }))).body;
    const published: Calendar = (await done(call('POST', `/calendars/${calendar.id}/publish`, {}, { 'if-match': `"${mended.version}"` }))).body;
    assert.equal(published.publishedVersion, 1);
    await publish('周一的', { targets: [{ ...target('resolution', 60), calendar: calendar.id }] });
    assertProblem(await call('PATCH', `/calendars/${calendar.id}`, { archived: true }, { 'if-match': `"${published.version}"` }), 'calendar_in_use');
    assertProblem(await call('PATCH', `/calendars/${calendar.id}`, { default: true, archived: true }, { 'if-match': '*' }), 'calendar_not_published', 'nothing that is put away counts where none is named');
    const { body: ics } = await done(call('POST', '/calendars/read-icalendar', { timeZone: 'Asia/Shanghai', meaning: 'closed', text: 'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:厂庆\r\nDTSTART;VALUE=DATE:20260501\r\nRRULE:FREQ=YEARLY;COUNT=2\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n' }));
    assert.deepEqual(Object.keys(ics.days), ['2026-05-01', '2027-05-01']);
    const [source] = (await done(call('GET', '/holiday-sources'))).body.items;
    assert.equal(source.days['2026-10-01'].kind, 'holiday');
    assert.equal(source.knownUntil, 2026);
  }));

  test('targets of zero and of ten years are refused', () => alone(async () => {
    for (const count of [0, 5_256_000]) {
      const { body: policy } = await done(call('POST', '/sla-policies', { name: '不可能', definition: { targets: [target('resolution', count)] } }));
      assert.deepEqual((policy as Policy).problems.map((problem) => problem.code), ['minutes']);
      assertProblem(await call('POST', `/sla-policies/${policy.id}/publish`, {}, { 'if-match': `"${policy.version}"` }), 'policy_has_problems');
    }
  }));

  test('the simulator says what really comes of a policy', { timeout: 170_000 }, () => alone(async () => {
    const from = clock.now();
    await publish('标准', { targets: [target('acceptance', 10_000), target('resolution', 10_000)] });
    const made: string[] = [];
    for (let index = 0; index < 12; index += 1) {
      const { id, version } = await newTicket(program, { subject: `历史 ${index}`, priority: (['urgent', 'normal', 'low'] as const)[index % 3] });
      made.push(id);
      clock.advance({ minutes: 7 });
      if (index % 2 === 0) {
        await act(program, id, 'assign', { assignee: program.organization.staff.agent });
        clock.advance({ minutes: index });
        await act(program, id, 'accept', {}, 'agent');
      }
      if (index % 4 === 0) await act(program, id, 'wait', { for: 'part' }, 'agent');
      clock.advance({ minutes: 9 });
      if (index % 8 === 0) await act(program, id, 'resume', {}, 'agent');
      if (index % 3 === 0) await program.call('PATCH', `/tickets/${id}`, { as: 'dispatcher', body: { priority: 'high' }, headers: { 'if-match': `"${version + 9}"` } });
      if (index % 4 === 2) await act(program, id, 'resolve', { resolution: '好了' }, 'agent');
    }
    await sweep();
    const tried: PolicyDefinition = { targets: [target('acceptance', 12, { warnings: [50] }), target('resolution', 25, { pauses: [{ status: 'waiting' }] })] };
    const { body: asked } = await done(call('POST', '/sla-simulations', { from: from.toISOString(), to: new Date(clock.now().getTime() + 1).toISOString(), policies: [{ name: '试', definition: tried }] }));
    assertProblem(await call('POST', '/sla-simulations', { from: from.toISOString(), to: clock.now().toISOString(), policies: [] }), 'simulation_under_way');
    await runSimulation(program.services, { tenantId: program.organization.tenantId, simulationId: asked.id });
    const { result, state, done: through, total } = (await done(call('GET', `/sla-simulations/${asked.id}`))).body as Simulation;
    assert.deepEqual([state, through, total], ['done', 12, 12]);

    // The same histories under the same policy, really kept: what the program has read is read anew.
    const { tenantId } = program.organization;
    for (const policy of (await done(call('GET', '/sla-policies'))).body.items as Policy[]) await change(policy.id, { archived: true });
    await publish('试', tried);
    await forget();
    await program.database.transact(everyTenant, async (transaction) => {
      const facts = (await readFacts(transaction, { transaction: '0', position: 0 }, 100_000)).filter((fact) => made.includes(fact.ticketId ?? '') && keepClocks.kinds.has(fact.kind));
      await keepClocks.react(transaction, facts);
    });
    await sweep();
    const rows = await program.database.transact(tenantId, (transaction) => transaction.run(build.selectFrom('sla_clock').select(['metric', 'breached_at', 'outcome']).where('tenant_id', '=', tenantId).where('ticket_id', 'in', made)));
    const count = (metric: string) => {
      const own = rows.filter((row) => row.metric === metric);
      const breached = own.filter((row) => row.breached_at !== null).length;
      const kept = own.filter((row) => row.breached_at === null);
      return { met: kept.filter((row) => row.outcome === 'met').length, breached, running: kept.filter((row) => row.outcome === null).length, void: kept.filter((row) => row.outcome === 'cancelled').length };
    };
    for (const { key, after: found } of result!.byMetric) {
      const { met, breached, running, void: none } = found;
      assert.deepEqual({ met, breached, running, void: none }, count(key), key);
    }
    assert.ok(result!.all.after.breached > 0 && result!.all.after.met > 0 && result!.nowBreached > 0);
    assert.equal(result!.all.before.breached, 0);
    assertProblem(await call('POST', `/sla-simulations/${asked.id}/cancel`), 'simulation_ended');
  }));
});
