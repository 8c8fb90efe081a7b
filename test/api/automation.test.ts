import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { AutomationRule, AutomationRun } from '../../contract/automation.ts';
import { automationLimits, type Definition } from '../../rules/automation/definition.ts';
import { build, everyTenant } from '../../server/platform/db/database.ts';
import { advance, readFacts, registerReader } from '../../server/platform/facts/readers.ts';
import { runDueTimers } from '../../server/platform/timers/timers.ts';
import { askRules } from '../../server/reactions/automation/ask-rules.ts';
import { doDueWork } from '../../server/reactions/automation/do-work.ts';
import { openNotices } from '../../server/reactions/notices/write-notices.ts';
import { timerHandlers } from '../../server/timers.ts';
import { openTestProgram, testClock, type TestProgram } from '../support/program.ts';
import { act, assertProblem, done, newTicket } from './scene.ts';

const everything = { all: [] };
const created: Definition['trigger'] = { kind: 'facts', facts: ['ticket.created'] };
const subjectHas = (value: string) => ({ property: 'subject', operator: 'contains', value }) as const;

describe('automation rules', { timeout: 180_000 }, () => {
  const clock = testClock();
  let program: TestProgram;
  const reader = askRules(clock);
  const notices = openNotices(clock);
  before(async () => {
    program = await openTestProgram({ clock, limits: { signedIn: 100_000, anonymous: 100_000, signIn: 100_000, openUploads: 100_000, phoneSignIn: 100_000 } });
    for (const one of [reader, notices]) await registerReader(program.database, one.name);
    // These tests go through several days.
    const later = new Date(clock.now().getTime() + 90 * 86_400_000);
    await program.database.transact(program.organization.tenantId, (transaction) => transaction.run(build.updateTable('session').set({ expires_at: later, last_seen_at: later }).where('tenant_id', '=', program.organization.tenantId)));
  });
  after(() => program.close());

  const call = (method: 'GET' | 'POST' | 'PATCH', path: string, body?: unknown, headers: Record<string, string> = {}) => program.call(method, path, { as: 'administrator', headers, ...(body === undefined ? {} : { body }) });
  const publish = async (name: string, definition: Partial<Definition>, more: object = {}): Promise<AutomationRule> => {
    const { body: rule } = await done(call('POST', '/automation-rules', { name, definition: { trigger: created, conditions: everything, actions: [{ kind: 'tag', tags: [name] }], ...definition }, ...more }));
    return (await done(call('POST', `/automation-rules/${rule.id}/publish`, { enable: true }, { 'if-match': `"${rule.version}"` }))).body;
  };
  const change = async (id: string, body: object) => {
    const { body: rule } = await done(call('GET', `/automation-rules/${id}`));
    return (await done(call('PATCH', `/automation-rules/${id}`, body, { 'if-match': `"${rule.version}"` }))).body as AutomationRule;
  };
  /** Lets everything happen that follows, until nothing does. */
  const settle = async () => {
    for (let turn = 0; turn < 60; turn += 1) {
      clock.advance({ seconds: 1 });
      let moved = await advance(program.database, reader);
      moved += await runDueTimers(program.database, timerHandlers, clock.now(), program.services.log);
      moved += await doDueWork(program.services, clock.now());
      if (moved === 0) break;
    }
    while (await advance(program.database, notices) > 0);
  };
  const ticketOf = async (id: string) => (await done(call('GET', `/tickets/${id}`))).body;
  const runsOf = async (query: string): Promise<AutomationRun[]> => (await done(call('GET', `/automation-runs?${query}`))).body.items;
  /** Each test has its own rules. */
  const alone = async (work: () => Promise<void>) => {
    try {
      await work();
    } finally {
      for (const rule of (await done(call('GET', '/automation-rules'))).body.items) await change(rule.id, { archived: true });
      await settle();
    }
  };

  test('“new ticket with 漏水 goes to the repair team as urgent”, and the log explains the match and the miss', () => alone(async () => {
    const { teamId } = program.organization;
    const rule = await publish('漏水加急', { conditions: { all: [{ any: [subjectHas('漏水'), { property: 'description', operator: 'contains', value: '漏水' }] }] }, actions: [{ kind: 'set', priority: 'urgent' }, { kind: 'assign', to: { team: teamId } }] });
    const [leak, other] = [await newTicket(program, { subject: '厨房漏水' }), await newTicket(program, { subject: '门锁坏了' })];
    await settle();
    const [wet, dry] = [await ticketOf(leak.id), await ticketOf(other.id)];
    assert.deepEqual([wet.priority, wet.team.id, dry.team], ['urgent', teamId, null]);
    const [match] = await runsOf(`ticket=${leak.number}`);
    assert.deepEqual([match!.outcome, match!.rule.id, match!.factKind, match!.effects.map((effect) => [effect.kind, effect.done])], ['matched', rule.id, 'ticket.created', [['set', true], ['assign', true]]]);
    const [miss] = await runsOf(`ticket=${other.number}`);
    assert.equal(miss!.outcome, 'missed');
    const parts = (miss!.conditions as unknown as { parts: { parts: { property: string; found: unknown; holds: boolean }[] }[] }).parts[0]!.parts;
    assert.deepEqual(parts.map((part) => [part.property, part.found, part.holds]), [['subject', '门锁坏了', false], ['description', '', false]]);
    const timeline = (await done(call('GET', `/tickets/${leak.id}/timeline`))).body.items;
    const assigned = timeline.find((entry: { kind: string }) => entry.kind === 'ticket.transferred');
    assert.deepEqual([assigned.actor.kind, assigned.actor.name], ['rule', '漏水加急']);
    assert.deepEqual(assigned.data.cause, { rules: [rule.id], fact: 'ticket.created' });
    assert.equal((await done(call('GET', `/tickets/${leak.id}/history/verification`))).body.intact, true);
  }));

  test('“the same device three times in three days” makes a preventive ticket, once', () => alone(async () => {
    const asset = (await done(call('POST', '/assets', { code: 'PUMP-3', name: '3号水泵' }))).body.id;
    await publish('三天三次', {
      counts: [{ key: 'device', same: 'asset', within: { n: 3, unit: 'day' } }],
      conditions: { property: 'count.device', operator: 'at_least', value: 3 },
      once: { per: 'asset', within: { n: 3, unit: 'day' } },
      actions: [{ kind: 'create', relation: 'related', subject: '预防性检查：{{asset.name}}', tags: ['预防'] }],
    });
    const tickets = [];
    for (let number = 1; number <= 5; number += 1) {
      tickets.push(await newTicket(program, { subject: `第 ${number} 次`, assetId: asset }));
      await settle();
      clock.advance({ minutes: 30 });
    }
    const found = (await done(call('GET', '/tickets?tag=预防'))).body.items;
    assert.deepEqual(found.map((one: { subject: string }) => one.subject), ['预防性检查：3号水泵']);
    const outcomes = await Promise.all(tickets.map(async (ticket) => (await runsOf(`ticket=${ticket.number}`)).map((run) => [run.outcome, run.reason])));
    assert.deepEqual(outcomes, [[['missed', null]], [['missed', null]], [['matched', null]], [['skipped', 'repeated']], [['skipped', 'repeated']]]);
    const [match] = await runsOf(`ticket=${tickets[2]!.number}`);
    assert.equal((match!.conditions as unknown as { found: number }).found, 3);
    // Long ago does not count.
    clock.advance({ days: 4 });
    const later = await newTicket(program, { subject: '四天后', assetId: asset });
    await settle();
    assert.equal((await runsOf(`ticket=${later.number}`))[0]!.outcome, 'missed');
  }));

  test('act in their order, and stop after a match where they say so', () => alone(async () => {
    const [first, second, third] = [await publish('一', {}), await publish('二', {}, { stopAfterMatch: true }), await publish('三', {})];
    await done(call('POST', '/automation-rules/order', { ids: [second.id, third.id, first.id] }));
    const ticket = await newTicket(program);
    await settle();
    assert.deepEqual((await ticketOf(ticket.id)).tags, ['二']);
    assert.deepEqual((await runsOf(`ticket=${ticket.number}`)).map((run) => [run.rule.name, run.outcome, run.reason]), [['一', 'skipped', 'stopped'], ['三', 'skipped', 'stopped'], ['二', 'matched', null]]);
    assertProblem(await call('POST', '/automation-rules/order', { ids: [first.id] }), 'invalid_input');
  }));

  test('that miss an event together are told apart in the log, each with its reasons, page by page', () => alone(async () => {
    const rules = [];
    for (const word of ['甲', '乙', '丙', '丁', '戊']) rules.push(await publish(word, { conditions: { all: [{ not: { property: 'priority', operator: 'is', value: 'low' } }, { any: [subjectHas(word), { property: 'description', operator: 'contains', value: word }] }] } }));
    const ticket = await newTicket(program, { subject: '丙处漏水', description: '无' });
    await settle();
    const runs = await runsOf(`ticket=${ticket.number}`);
    assert.deepEqual(new Map(runs.map((run) => [run.rule.name, run.outcome])), new Map([['甲', 'missed'], ['乙', 'missed'], ['丙', 'matched'], ['丁', 'missed'], ['戊', 'missed']]));
    assert.deepEqual([runs.length, new Set(runs.map((run) => run.id)).size], [5, 5]);
    const leaf = (property: string, operator: string, value: string, found: string, holds: boolean) => ({ property, operator, value, found, holds });
    assert.deepEqual(runs.find((run) => run.rule.name === '戊')!.conditions, { mode: 'all', holds: false, parts: [
      { mode: 'not', holds: true, parts: [leaf('priority', 'is', 'low', ticket.priority, false)] },
      { mode: 'any', holds: false, parts: [leaf('subject', 'contains', '戊', '丙处漏水', false), leaf('description', 'contains', '戊', '无', false)] },
    ] });
    const paged: string[] = [];
    for (let cursor = ''; ;) {
      const page = (await done(call('GET', `/automation-runs?ticket=${ticket.number}&limit=2${cursor}`))).body;
      paged.push(...page.items.map((run: AutomationRun) => run.id));
      if (page.nextCursor === null) break;
      cursor = `&cursor=${page.nextCursor}`;
    }
    assert.deepEqual(paged, runs.map((run) => run.id));
    for (const rule of rules) {
      const [only, ...more] = await runsOf(`rule=${rule.id}`);
      assert.deepEqual([only!.rule.name, only!.ticket!.number, more.length], [rule.name, ticket.number, 0]);
    }
    assert.deepEqual((await runsOf(`rule=${rules[4]!.id}&outcome=missed`)).length, 1);
    for (const subject of ['又一张', '再一张', '还有一张']) await newTicket(program, { subject, description: '无' });
    await settle();
    for (const query of ['', `rule=${rules[4]!.id}&`, `rule=${rules[0]!.id}&outcome=missed&`]) {
      const whole = (await runsOf(`${query}limit=25`)).map((run) => run.id);
      for (const limit of [1, 3]) {
        const found: string[] = [];
        for (let cursor = ''; ;) {
          const page = (await done(call('GET', `/automation-runs?${query}limit=${limit}${cursor}`))).body;
          found.push(...page.items.map((run: AutomationRun) => run.id));
          if (page.nextCursor === null || found.length >= 25) break;
          cursor = `&cursor=${page.nextCursor}`;
        }
        assert.deepEqual(found.slice(0, 25), whole, `${query} by ${limit}`);
        assert.equal(whole.length, query === '' ? 25 : 4);
      }
    }
    assert.deepEqual(await runsOf(`rule=${rules[4]!.id}&outcome=matched`), []);
  }));

  test('that set each other off end at the depth budget, with both named', () => alone(async () => {
    const changed: Definition['trigger'] = { kind: 'facts', facts: ['ticket.changed'] };
    const ping = await publish('乒', { trigger: changed, conditions: { property: 'priority', operator: 'is', value: 'low' }, actions: [{ kind: 'set', priority: 'high' }] });
    const pong = await publish('乓', { trigger: changed, conditions: { property: 'priority', operator: 'is', value: 'high' }, actions: [{ kind: 'set', priority: 'low' }] });
    const ticket = await newTicket(program, { priority: 'normal' });
    await settle();
    await done(program.call('PATCH', `/tickets/${ticket.id}`, { as: 'agent', body: { priority: 'low' }, headers: { 'if-match': '*' } }));
    await settle();
    const runs = await runsOf(`ticket=${ticket.number}&limit=200`);
    // One fact may set off both, so that there are more of them than a single chain has links.
    const matched = runs.filter((run) => run.outcome === 'matched');
    assert.ok(matched.length >= automationLimits.depth && matched.length <= 2 * automationLimits.perTicketAnHour, String(matched.length));
    assert.ok(runs.every((run) => run.chain.length <= automationLimits.depth));
    const [end] = runs.filter((run) => run.reason === 'loop');
    assert.deepEqual(end!.chain.map((one) => one.name).sort(), ['乒', '乓'].sort());
    assert.deepEqual(new Set(end!.chain.map((one) => one.id)), new Set([ping.id, pong.id]));
  }));

  test('do not answer their own effects', () => alone(async () => {
    await publish('自己', { trigger: { kind: 'facts', facts: ['ticket.changed'] }, actions: [{ kind: 'tag', tags: ['再来'] }, { kind: 'untag', tags: ['再来'] }] });
    const ticket = await newTicket(program, { priority: 'normal' });
    await done(program.call('PATCH', `/tickets/${ticket.id}`, { as: 'agent', body: { priority: 'low' }, headers: { 'if-match': '*' } }));
    await settle();
    assert.deepEqual((await runsOf(`ticket=${ticket.number}`)).map((run) => run.reason ?? run.outcome).sort(), ['matched', 'own_effect', 'own_effect']);
  }));

  test('take every kind of action as by hand', () => alone(async () => {
    const { staff, teamId, otherTeamId } = program.organization;
    const macro = (await done(call('POST', '/macros', { kind: 'shared', name: '贴标', steps: [{ kind: 'tag', tags: ['宏'] }] }))).body.id;
    await publish('全套', {
      conditions: { all: [subjectHas('全套'), { property: 'event.actor', operator: 'is', value: 'staff' }] },
      actions: [
        { kind: 'set', priority: 'high' }, { kind: 'tag', tags: ['a', 'b'] }, { kind: 'untag', tags: ['b'] }, { kind: 'macro', macro }, { kind: 'checklist', items: ['断电'] },
        { kind: 'comment', visibility: 'internal', body: '{{ticket.number}} 由规则处理' }, { kind: 'notify', whom: [{ team: otherTeamId }, { expression: 'creator' }], text: '请看 {{ticket.subject}}' },
        { kind: 'assign', to: { team: teamId } }, { kind: 'watch', whom: [{ person: staff.manager }] }, { kind: 'create', relation: 'child', subject: '子任务：{{ticket.subject}}' },
        { kind: 'status', status: 'waiting', for: 'part' },
      ],
    });
    const ticket = await newTicket(program, { subject: '全套' });
    await settle();
    const [run] = await runsOf(`ticket=${ticket.number}`);
    assert.equal(run!.outcome, 'matched', JSON.stringify(run));
    const after = await ticketOf(ticket.id);
    assert.deepEqual([after.priority, after.tags.sort(), after.team.id, after.status, after.waitingFor, after.checklist.total], ['high', ['a', '宏'].sort(), teamId, 'waiting', 'part', 1]);
    assert.equal((await done(call('GET', `/tickets/${ticket.id}/links?kind=child`))).body.items.length, 1);
    const told = (await done(program.call('GET', '/notifications', { as: 'agent' }))).body.items.filter((one: { reason: string }) => one.reason === 'rule');
    assert.deepEqual(told.map((one: { preview: string }) => one.preview), ['请看 全套']);
    assert.ok((await done(call('GET', `/tickets/${ticket.id}/watchers`))).body.items.some((one: { staff: { id: string } }) => one.staff.id === staff.manager));
  }));

  test('start a flow, or say why not', () => alone(async () => {
    const { body: flow } = await done(call('POST', '/flows', { name: '预防性维护', definition: { nodes: [{ id: 'start', kind: 'start', name: { zh: '开始' } }, { id: 'check', kind: 'task', name: { zh: '检查' }, performers: [{ kind: 'person', id: program.organization.staff.technician }] }, { id: 'end', kind: 'end', name: { zh: '结束' } }], edges: [{ id: 'a', from: 'start', to: 'check' }, { id: 'b', from: 'check', to: 'end' }] } }));
    const draft = (await done(call('GET', `/flows/${flow.id}/draft`))).body;
    await done(call('POST', `/flows/${flow.id}/publish`, {}, { 'if-match': `"${draft.version}"` }));
    const asset = (await done(call('POST', '/assets', { code: 'PUMP-7', name: '7号水泵' }))).body.id;
    await publish('三次则预防', { counts: [{ key: 'device', same: 'asset', within: { n: 3, unit: 'day' } }], conditions: { property: 'count.device', operator: 'at_least', value: 3 }, actions: [{ kind: 'flow', flow: flow.id }] });
    const tickets = [];
    for (const subject of ['一', '二', '三']) tickets.push(await newTicket(program, { subject, assetId: asset }));
    await settle();
    const shown = (await done(call('GET', `/tickets/${tickets[2]!.id}/flow`))).body;
    assert.equal(shown.instance.status, 'running');
    assert.equal((await done(call('GET', `/tickets/${tickets[2]!.id}/timeline`))).body.items.find((entry: { kind: string }) => entry.kind === 'flow.started').actor.kind !== 'customer', true);
    assert.equal((await runsOf(`ticket=${tickets[2]!.number}`))[0]!.effects[0]!.kind, 'flow');
  }));

  test('say what they would do, and do nothing', () => alone(async () => {
    const ticket = await newTicket(program, { subject: '试一试', priority: 'normal' });
    const { body: rule } = await done(call('POST', '/automation-rules', { name: '试', definition: { trigger: created, conditions: { all: [subjectHas('试一试'), { property: 'event.text', operator: 'contains', value: 'x' }] }, actions: [{ kind: 'set', priority: 'urgent' }, { kind: 'comment', visibility: 'internal', body: '好' }] } }));
    const trial = (await done(call('POST', `/automation-rules/${rule.id}/try`, { ticket: ticket.number }))).body;
    assert.deepEqual([trial.holds, trial.effects.map((effect: { kind: string }) => effect.kind), trial.leftOut], [true, ['set', 'comment'], ['event.text']]);
    assert.equal((await ticketOf(ticket.id)).priority, 'normal');
    const preview = (await done(call('POST', '/automation-rules/preview', { definition: rule.draft }))).body;
    assert.deepEqual([preview.items.map((one: { id: string }) => one.id), preview.count], [[ticket.id], 1]);
    assertProblem(await program.call('POST', '/automation-rules/preview', { as: 'agent', body: { definition: rule.draft } }), 'forbidden');
  }));

  test('preview counts by the very same reckoning', () => alone(async () => {
    const asset = (await done(call('POST', '/assets', { code: 'FAN-1', name: '风机' }))).body.id;
    for (const subject of ['一', '二', '三']) await newTicket(program, { subject, assetId: asset });
    const definition = (value: number) => ({ trigger: created, counts: [{ key: 'same', same: 'asset', within: { n: 1, unit: 'day' } }], conditions: { all: [{ property: 'count.same', operator: 'at_least', value }, { property: 'asset', operator: 'is', value: asset }] }, actions: [] });
    assert.equal((await done(call('POST', '/automation-rules/preview', { definition: definition(3) }))).body.count, 3);
    assert.equal((await done(call('POST', '/automation-rules/preview', { definition: definition(4) }))).body.count, 0);
  }));

  test('that cannot work are refused at publishing, each place named', () => alone(async () => {
    const refused = async (definition: object) => {
      const { body: rule } = await done(call('POST', '/automation-rules', { name: '坏', definition: { trigger: created, conditions: everything, actions: [{ kind: 'tag', tags: ['x'] }], ...definition } }));
      const answer = await call('POST', `/automation-rules/${rule.id}/publish`, {}, { 'if-match': `"${rule.version}"` });
      assertProblem(answer, 'rule_has_problems');
      await change(rule.id, { archived: true });
      return answer.body.errors.map((error: { path: string; code: string }) => `${error.path} ${error.code}`);
    };
    assert.deepEqual(await refused({ conditions: { property: 'count.nothing', operator: 'at_least', value: 3 } }), ['/definition/conditions/property unknown_property']);
    assert.deepEqual(await refused({ actions: [] }), ['/definition/actions no_actions']);
    assert.deepEqual(await refused({ trigger: { kind: 'facts', facts: [] } }), ['/definition/trigger/facts no_facts']);
    assert.deepEqual(await refused({ trigger: { kind: 'schedule', every: { kind: 'daily', at: '09:00' } } }), ['/definition/once once_needed']);
    assert.deepEqual(await refused({ actions: [{ kind: 'assign', to: { team: '01890000-0000-7000-8000-000000000000' } }, { kind: 'comment', visibility: 'public', body: '{{nobody}}' }, { kind: 'flow', flow: 'nowhere' }] }),
      ['/definition/actions/1/body unknown_variable', '/definition/actions/0/to unknown_reference', '/definition/actions/2/flow flow_unknown']);
    assertProblem(await call('POST', '/automation-rules', { name: 'x', definition: { trigger: created, conditions: everything, actions: [{ kind: 'shout' }] } }), 'invalid_input');
  }));

  test('that fail are parked where people see it, tried again, and switched off when they go on failing', () => alone(async () => {
    const rule = await publish('会失败', { actions: [{ kind: 'tag', tags: ['先做了'] }, { kind: 'status', status: 'waiting', for: 'part' }, { kind: 'status', status: 'new' }] });
    const good = await publish('不受影响', {});
    const ticket = await newTicket(program);
    await settle();
    assert.deepEqual((await ticketOf(ticket.id)).tags, ['不受影响'], 'nothing of the failed rule is kept, and the others go on');
    const [parked] = await runsOf(`rule=${rule.id}&outcome=parked`);
    assert.deepEqual([parked!.failure!.code, parked!.failure!.action], ['status_not_reachable', 2]);
    assert.ok((await done(call('GET', `/tickets/${ticket.id}/timeline`))).body.items.some((entry: { kind: string }) => entry.kind === 'automation.failed'));
    assertProblem(await call('POST', `/automation-runs/${(await runsOf(`rule=${good.id}`))[0]!.id}/retry`), 'run_not_parked');
    // Mended, and tried again by hand.
    const { body: shown } = await done(call('GET', `/automation-rules/${rule.id}`));
    const mended = await change(rule.id, { draft: { ...shown.definition, actions: [{ kind: 'tag', tags: ['修好了'] }] } });
    const published = (await done(call('POST', `/automation-rules/${rule.id}/publish`, { note: '改好' }, { 'if-match': `"${mended.version}"` }))).body;
    await done(call('POST', `/automation-runs/${parked!.id}/retry`));
    await settle();
    assert.ok((await ticketOf(ticket.id)).tags.includes('修好了'));
    assert.equal((await runsOf(`rule=${rule.id}&outcome=retried`)).length, 1);
    // Rolled back to what fails: ten times, and it is off.
    await done(call('POST', `/automation-rules/${rule.id}/versions/1/restore`, {}));
    assert.deepEqual((await done(call('GET', `/automation-rules/${rule.id}/versions`))).body.items.map((one: { number: number; restored: number | null; current: boolean }) => [one.number, one.restored, one.current]), [[3, 1, true], [2, null, false], [1, null, false]]);
    for (let count = 0; count < automationLimits.failures + 2; count += 1) await newTicket(program);
    await settle();
    const off = (await done(call('GET', `/automation-rules/${rule.id}`))).body as AutomationRule;
    assert.deepEqual([off.enabled, off.failures >= automationLimits.failures, off.suspended !== null, published.enabled], [false, true, true, true]);
    const told = (await done(program.call('GET', '/notifications', { as: 'administrator' }))).body.items;
    assert.ok(told.some((one: { reason: string; preview: string }) => one.reason === 'rule_suspended' && one.preview === '会失败'));
  }));

  test('wait for silence, and speak once in each', () => alone(async () => {
    const quiet = await newTicket(program, { subject: '无人问津' });
    await publish('催办', { trigger: { kind: 'untouched', for: { n: 2, unit: 'hour' } }, conditions: subjectHas('无人问津'), actions: [{ kind: 'comment', visibility: 'internal', body: '两小时没有动静' }] });
    const comments = async () => (await done(call('GET', `/tickets/${quiet.id}/timeline`))).body.items.filter((entry: { kind: string }) => entry.kind === 'comment.added').length;
    await settle();
    assert.equal(await comments(), 0);
    clock.advance({ minutes: 150 });
    await settle();
    assert.equal(await comments(), 1);
    for (let hour = 0; hour < 6; hour += 1) {
      clock.advance({ minutes: 60 });
      await settle();
    }
    assert.equal(await comments(), 1);
    await done(program.call('PATCH', `/tickets/${quiet.id}`, { as: 'agent', body: { priority: 'low' }, headers: { 'if-match': '*' } }));
    clock.advance({ minutes: 150 });
    await settle();
    assert.equal(await comments(), 2);
  }));

  test('run by the clock of the organization, and some time after what happened', () => alone(async () => {
    const ticket = await newTicket(program, { subject: '晨会', priority: 'normal' });
    // How often it was nine in Shanghai (one in UTC) since the epoch: what time of day it is now, the clock of the machine says.
    const nines = () => Math.floor((clock.now().getTime() - 3_600_000) / 86_400_000);
    const before = nines();
    await publish('每天九点', { trigger: { kind: 'schedule', every: { kind: 'daily', at: '09:00' } }, conditions: subjectHas('晨会'), once: { per: 'ticket', within: { n: 20, unit: 'hour' } }, actions: [{ kind: 'comment', visibility: 'internal', body: '早' }] });
    await publish('一小时后', { trigger: { ...created, after: { n: 1, unit: 'hour' } }, conditions: { property: 'assignee', operator: 'empty' }, actions: [{ kind: 'tag', tags: ['没人接'] }] });
    const [left, taken] = [await newTicket(program, { subject: '没人' }), await newTicket(program, { subject: '有人' })];
    await act(program, taken.id, 'assign', { assignee: program.organization.staff.technician });
    await settle();
    assert.deepEqual((await ticketOf(left.id)).tags, []);
    clock.advance({ minutes: 61 });
    await settle();
    assert.deepEqual([(await ticketOf(left.id)).tags, (await ticketOf(taken.id)).tags], [['没人接'], []]);
    const greetings = async () => (await done(call('GET', `/tickets/${ticket.id}/timeline`))).body.items.filter((entry: { kind: string; at: string }) => entry.kind === 'comment.added');
    for (let hour = 0; hour < 48; hour += 1) {
      clock.advance({ minutes: 60 });
      await settle();
    }
    const said = await greetings();
    assert.ok(nines() - before >= 2);
    assert.equal(said.length, nines() - before);
    for (const { at } of said) assert.equal(new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Shanghai', hour: '2-digit' }).format(new Date(at)), '09');
  }));

  test('look at nothing that happened before they were published, nor at history that was taken over', () => alone(async () => {
    const before = await newTicket(program);
    clock.advance({ seconds: 5 });
    const rule = await publish('从现在起', {});
    await settle();
    assert.deepEqual((await ticketOf(before.id)).tags, []);
    assert.deepEqual(await runsOf(`rule=${rule.id}`), []);
    // The same fact once more, as an import writes it.
    const { tenantId } = program.organization;
    const waiting = () => program.database.transact(tenantId, (transaction) => transaction.run(build.selectFrom('automation_work').select('fact_position').where('tenant_id', '=', tenantId)));
    const later = await newTicket(program);
    const [fact] = await program.database.transact(everyTenant, async (transaction) => (await readFacts(transaction, { transaction: '0', position: 0 }, 10_000)).filter((one) => one.ticketId === later.id && one.kind === 'ticket.created'));
    for (const imported of [true, false]) {
      await program.database.transact(everyTenant, (transaction) => reader.react(transaction, [{ ...fact!, data: { ...fact!.data, ...(imported ? { imported: true } : {}) } }]));
      assert.equal((await waiting()).length, imported ? 0 : 1);
    }
  }));

  test('cost organizations without rules nothing but one look-up', async () => {
    const second = await program.foundAnother('rule-free');
    await newTicket(program, {}, 'agent', second);
    await settle();
    const rows = await program.database.transact(second.tenantId, (transaction) => transaction.run(build.selectFrom('automation_work').select('id').where('tenant_id', '=', second.tenantId)));
    assert.deepEqual(rows, []);
  });

  test('are the business of those who keep them', async () => {
    for (const as of ['agent', 'dispatcher', 'manager', 'technician'] as const) assertProblem(await program.call('GET', '/automation-rules', { as }), 'forbidden');
  });

  test('are explained to those who read the audit trail: of the tickets they may read, without what is closed to them', () => alone(async () => {
    const cost = { key: 'cost', kind: 'number', label: { zh: '成本' }, visible: { in: ['administrator', { var: 'actor.roles' }] } };
    const type = (await done(call('POST', '/ticket-types', { key: 'priced', name: '有成本', form: { fields: [cost, { key: 'note', kind: 'text', label: { zh: '备注' } }] } }))).body;
    const { teamId, otherTeamId } = program.organization;
    await publish('贵的', {
      counts: [{ key: 'alike', same: 'asset', within: { n: 3, unit: 'day' } }], conditions: { all: [{ property: 'fields.cost', operator: 'at_least', value: 100 }, { property: 'count.alike', operator: 'at_least', value: 0 }] },
      actions: [{ kind: 'set', fields: { note: 'N-777' } }],
    });
    const opened = async (subject: string, amount: number, team: string) => (await done(call('POST', '/tickets', { type: type.key, subject, fields: { cost: amount }, team }))).body as { id: string; number: string };
    const [mine, other] = [await opened('贵的', 555, teamId), await opened('别人的', 444, otherTeamId)];
    await settle();
    const look = (as: 'administrator' | 'manager' | 'agent', query: string) => program.call('GET', `/automation-runs?${query}`, { as });
    const [whole] = (await done(look('administrator', `ticket=${mine.number}`))).body.items;
    assert.deepEqual([whole.conditions.parts[0].value, whole.conditions.parts[0].found, whole.effects[0].detail], [100, 555, { fields: { note: 'N-777' } }]);
    const [run] = (await done(look('manager', `ticket=${mine.number}`))).body.items;
    assert.deepEqual([run.outcome, run.rule.name, run.rule.counts.map(({ same }: { same: string }) => same)], ['matched', '贵的', ['asset']]);
    assert.deepEqual(run.conditions.parts[0], { property: 'fields.cost', operator: 'at_least', holds: true, found: null, hidden: true });
    assert.equal(run.conditions.parts[1].holds, true);
    assert.doesNotMatch(JSON.stringify(run), /[:[]555\b|N-777/);
    assertProblem(await look('manager', `ticket=${other.number}`), 'not_found');
    assert.ok((await done(look('manager', ''))).body.items.every(({ ticket }: { ticket: { number: string } }) => ticket.number !== other.number));
    assertProblem(await look('agent', ''), 'forbidden');
  }));
});
