import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ticketProperties } from '../conditions/filter.ts';
import { checkPolicy, checkPolicyOrder, describeSlaProblem, slaProblems } from './check-policy.ts';
import { choosePolicy, describeChoice, policyChooser, targetFor } from './choose-policy.ts';
import { policy, shanghai, target, ticket } from './sample-policies.ts';
import type { SlaPolicy } from './policy.ts';

const surroundings = { properties: ticketProperties, timeZone: 'Asia/Shanghai' };
const now = shanghai('2026-11-20 15:00');
const named = (id: string, more: Partial<SlaPolicy>) => policy([target('resolution', 60)], { id, name: id, nameEn: id, ...more });

test('the first policy that fits is taken, and the others say why not', () => {
  const policies = [
    named('停用', { active: false }), named('电梯', { types: ['lift'] }), named('紧急', { priorities: ['urgent'] }), named('金牌', { tiers: ['gold'] }),
    named('加急', { condition: { property: 'tag', operator: 'contains', value: '加急' } }), named('无等级', { tiers: ['none'] }), named('其余', {}),
  ];
  const choice = choosePolicy(policies, { ...ticket, record: { tag: ['漏水'] } }, surroundings, now);
  assert.equal(choice.policy?.id, '无等级');
  assert.deepEqual(choice.looked.map(({ mismatch }) => mismatch), ['inactive', 'type', 'priority', 'tier', 'condition', null]);
  assert.deepEqual(describeChoice(choice, 'zh').slice(-2), ['跳过“加急”：条件不满足', '采用“无等级”：全部符合']);
  assert.deepEqual(describeChoice(choice, 'en').slice(0, 2), ['“停用” passed over: inactive', '“电梯” passed over: another type of ticket']);
  assert.equal(choosePolicy(policies, { ...ticket, record: { tag: ['加急'] } }, surroundings, now).policy?.id, '加急');
  assert.equal(choosePolicy(policies, { ...ticket, tier: 'silver' }, surroundings, now).policy?.id, '其余');
  const none = choosePolicy(policies.slice(0, 3), ticket, surroundings, now);
  assert.deepEqual([none.policy, describeChoice(none, 'zh').at(-1)], [null, '没有适用的策略，不计时']);
});

test('a condition that speaks of now is read as of then; one with problems holds for nothing', () => {
  const fresh = named('新单', { condition: { property: 'createdAt', operator: 'within_last', value: { n: 1, unit: 'hour' } } });
  const wrong = named('坏', { condition: { property: 'nonsense', operator: 'is', value: 'x' } });
  const choose = policyChooser([wrong, fresh], surroundings);
  const record = { createdAt: new Date(now).toISOString() };
  assert.equal(choose({ ...ticket, record }, now + 1_800_000).policy?.id, '新单');
  assert.equal(choose({ ...ticket, record }, now + 7_200_000).policy, null);
  assert.equal(choose(ticket, now).policy, null);
});

test('targets are chosen by metric, party, team, step and scope, the first that fits', () => {
  const targets = [
    target('resolution', 60, { key: 'urgent', priorities: ['urgent'] }), target('resolution', 480), target('resolution', 30, { key: 'power', party: 'team', team: 'power' }), target('resolution', 45, { key: 'teams', party: 'team' }),
    target('step', 10, { key: 'diagnose', step: 'diagnose' }), target('step', 20, { key: 'steps' }),
  ];
  const find = (metric: 'resolution' | 'step' | 'arrival', team: string | null, step: string | null, priority: 'urgent' | 'low' = 'low') => targetFor(policy(targets), { ...ticket, priority }, { metric, team, step })?.key;
  assert.deepEqual([find('resolution', null, null, 'urgent'), find('resolution', null, null), find('resolution', 'power', null), find('resolution', 'water', null)], ['urgent', 'resolution', 'power', 'teams']);
  assert.deepEqual([find('step', null, 'diagnose'), find('step', null, 'repair'), find('arrival', null, null), find('step', 'water', 'repair')], ['diagnose', 'steps', undefined, undefined]);
});

const vocabulary = { properties: ticketProperties, isCalendar: (id: string) => id === 'office' };
const codes = (value: unknown) => checkPolicy(value, vocabulary).map(({ path, code }) => `${path} ${code}`);

test('each mistake of a policy is found where it stands', () => {
  const rung = { afterMinutes: 0, whom: [{ kind: 'manager' }] };
  const changes: [object, string[]][] = [
    [{}, []], [{ pauses: [{ status: 'waiting', waitingFor: ['part'] }, { statusId: 's' }], warnings: [50, 90], ladder: [{ percent: 50, whom: [{ kind: 'assignee' }] }, rung, { afterMinutes: 30, whom: [{ kind: 'role', id: 'r' }], channels: ['sms', 'wecom'] }] }, []],
    [{ minutes: 0 }, ['minutes minutes']], [{ minutes: 10 * 365 * 24 * 60 }, ['minutes minutes']], [{ minutes: 1.5 }, ['minutes minutes']], [{ minutes: '60' }, ['minutes minutes']],
    [{ calendar: 'gone' }, ['calendar unknown_calendar']], [{ metric: 'joy' }, ['metric metric']], [{ party: 'me' }, ['party party']], [{ team: 'water' }, ['team party']], [{ party: 'team', team: 'water' }, []], [{ step: 's' }, ['step step']], [{ metric: 'step', step: 's' }, []],
    [{ key: '' }, ['key key']], [{ priorities: ['sofort'] }, ['priorities/0 priority']], [{ priorities: [] }, ['priorities list']], [{ types: ['a', 'a'] }, ['types list']], [{ tiers: 'gold' }, ['tiers list']],
    [{ startsWith: 'accepted' }, []], [{ metric: 'acceptance', startsWith: 'accepted' }, ['startsWith starts_with']], [{ metric: 'next_response', startsWith: 'assigned' }, ['startsWith starts_with']], [{ whenReopened: 'x' }, ['whenReopened choice']], [{ whenChanged: 'x' }, ['whenChanged choice']],
    [{ warnings: [90, 50] }, ['warnings percent']], [{ warnings: [100] }, ['warnings percent']], [{ warnings: [50, 50] }, ['warnings percent']], [{ warnings: undefined }, ['warnings percent']],
    [{ pauses: undefined }, ['pauses too_many']], [{ pauses: [{ status: 'resolved' }] }, ['pauses/0 pause']], [{ pauses: [{ status: 'open', waitingFor: ['part'] }] }, ['pauses/0/waitingFor pause']], [{ pauses: [{ status: 'waiting', waitingFor: [] }] }, ['pauses/0/waitingFor pause']], [{ pauses: ['waiting'] }, ['pauses/0 pause']],
    [{ ladder: [{ whom: [{ kind: 'manager' }] }] }, ['ladder/0 rung']], [{ ladder: [{ ...rung, percent: 50 }] }, ['ladder/0 rung']], [{ ladder: [rung, { percent: 80, whom: rung.whom }] }, ['ladder/1 rung_order']], [{ ladder: [{ afterMinutes: 0, whom: [] }] }, ['ladder/0/whom recipients']],
    [{ ladder: [{ afterMinutes: 0, whom: [{ kind: 'staff' }] }] }, ['ladder/0/whom recipients']], [{ ladder: [{ afterMinutes: -1, whom: rung.whom }] }, ['ladder/0 rung']], [{ ladder: [{ ...rung, channels: [] }] }, ['ladder/0/channels list']],
  ];
  for (const [change, expected] of changes) assert.deepEqual(codes(policy([{ ...target('resolution', 60), ...change } as never])), expected.map((line) => `/targets/0/${line}`), JSON.stringify(change));
  for (const odd of [null, [], 'policy', 1]) assert.deepEqual(codes(odd), [' not_a_policy']);
  assert.deepEqual(codes({ ...policy([]), name: '', version: 0, active: 1, condition: { all: [{ property: 'x' }] } }), ['/name text', '/version version', '/active flag', '/condition/all/0 not_a_filter', '/targets targets']);
  assert.deepEqual(codes(policy([target('resolution', 60), target('resolution', 30)])), ['/targets/1/key key']);
});

test('what can never come to its turn is named', () => {
  assert.deepEqual(codes(policy([target('resolution', 60), target('resolution', 30, { key: 'urgent', priorities: ['urgent'] })])), ['/targets/1 never_reached']);
  assert.deepEqual(codes(policy([target('resolution', 30, { key: 'urgent', priorities: ['urgent', 'high'] }), target('resolution', 60), target('step', 5, { key: 'a', step: 'x' }), target('step', 9, { key: 'b' })])), []);
  const order = checkPolicyOrder([named('a', { types: ['lift', 'repair'] }), named('b', { types: ['lift'], condition: { all: [] } }), named('c', { condition: { all: [] } }), named('d', {}), named('e', { active: false })]);
  assert.deepEqual(order, [{ path: '/1', code: 'never_reached', params: { by: 'a' } }]);
});

test('every problem has its sentence in both languages', () => {
  for (const code of Object.keys(slaProblems)) {
    for (const language of ['zh', 'en'] as const) {
      const sentence = describeSlaProblem({ path: '', code, params: { limit: 10, by: 'x' } }, language);
      assert.match(sentence, language === 'zh' ? /\p{Script=Han}/u : /^[a-z]/);
      assert.doesNotMatch(sentence, /[{}]/);
    }
  }
});
