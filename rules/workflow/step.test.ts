// oxlint-disable unicorn/no-thenable -- `then` says what happens when a limit passes; nobody awaits a definition
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { holdSentence } from './explain.ts';
import { Play, flow, node } from './sample-flows.ts';
import { step } from './step.ts';

const s = node('s', 'start');
const e = node('e', 'end');

describe('a flow', () => {
  test('goes from step to step and ends', () => {
    const play = new Play(flow([s, node('a', 'task'), node('b', 'task'), e], 's > a', 'a > b', 'b > e')).start();
    assert.deepEqual(play.open(), ['a']);
    play.complete('a');
    assert.deepEqual(play.open(), ['b']);
    play.complete('b');
    assert.equal(play.state!.status, 'completed');
    assert.deepEqual(play.state!.tokens, []);
    assert.deepEqual(play.effects.at(-1), { do: 'end', status: 'completed' });
  });

  test('applies every event once', () => {
    const play = new Play(flow([s, node('a', 'task'), node('b', 'task'), e], 's > a', 'a > b', 'b > e')).start();
    const event = { kind: 'complete' as const, id: 'once', activation: play.at('a').id, by: 'p' };
    assert.equal(play.send(event).answer, 'applied');
    const before = structuredClone(play.state);
    assert.equal(play.send(event).answer, 'duplicate');
    assert.deepEqual(play.send({ ...event, id: 'another' }).reason, 'not_open');
    assert.deepEqual(play.state, before);
    assert.equal(play.send({ kind: 'start' }).reason, 'started');
  });

  test('answers of instructions count once, and those that were asked again are stale', () => {
    const play = new Play(flow([s, node('a', 'action', { action: { do: 'http_call', method: 'GET', url: 'https://a.example' } }), e], 's > a', 'a > e')).start();
    const { id, ask } = play.at('a');
    assert.equal(play.send({ kind: 'answer', activation: id, ask, ok: false, reason: 'HTTP 500' }).answer, 'applied');
    assert.equal(play.at('a').hold!.code, 'action_failed');
    assert.equal(play.at('a').hold!.detail, 'HTTP 500');
    assert.deepEqual((['zh-CN', 'en'] as const).map((language) => holdSentence(play.at('a').hold!, language)), ['动作没有成功：对方系统回答 HTTP 500', 'The action did not succeed: the other system answered HTTP 500']);
    assert.equal(holdSentence({ code: 'action_failed', detail: 'private_address: 10.0.0.5 lies within an internal network' }, 'zh-CN'), '动作没有成功：地址 10.0.0.5 在内部网络中，不允许调用');
    assert.equal(holdSentence({ code: 'action_failed', detail: '别的' }, 'zh-CN'), '动作没有成功：别的');
    assert.equal(play.send({ kind: 'retry' }).answer, 'applied');
    assert.equal(play.send({ kind: 'answer', activation: id, ask, ok: true }).answer, 'stale');
    assert.equal(play.send({ kind: 'answer', activation: id, ask: play.at('a').ask, ok: true }).answer, 'applied');
    assert.equal(play.state!.status, 'completed');
  });

  test('a failing condition holds the token with the reason, and goes on when it is tried again', () => {
    const definition = flow([s, node('a', 'task'), node('x', 'exclusive'), node('b', 'task'), e], 's > a', 'a > x', 'x > b', 'b > e');
    definition.edges[2]!.condition = { '>': [{ '/': [1, { var: 'fields.n' }] }, 0] };
    const play = new Play(definition, { n: 0 }).start();
    play.complete('a');
    assert.deepEqual(play.open(), []);
    assert.equal(play.at('x').hold!.code, 'condition_failed');
    assert.equal(play.at('x').hold!.edge, definition.edges[2]!.id);
    play.fields['n'] = 2;
    play.send({ kind: 'retry', activation: play.at('x').id });
    assert.deepEqual(play.open(), ['b']);
    assert.deepEqual(play.effects.filter((effect) => effect.do === 'release_hold').length, 1);
  });

  test('a branch without a way is held, not lost', () => {
    const play = new Play(flow([s, node('x', 'exclusive'), node('a', 'task'), e], 's > x', 'x > a if go', 'a > e')).start();
    assert.equal(play.at('x').hold!.code, 'no_way');
    assert.equal(play.send({ kind: 'retry' }).answer, 'applied');
    assert.equal(play.at('x').hold!.code, 'no_way');
    play.fields['go'] = true;
    play.send({ kind: 'retry' });
    assert.deepEqual(play.open(), ['a']);
  });

  test('a step nobody can do, a status that is refused, an endless loop: all are held', () => {
    const play = new Play(flow([s, node('a', 'task', { status: { status: 'open' } }), e], 's > a', 'a > e'));
    play.people['a'] = [];
    play.refusing.set('a', 'the ticket is closed');
    play.start();
    assert.equal(play.at('a').hold!.code, 'status_refused');
    play.refusing.clear();
    play.send({ kind: 'retry' });
    assert.equal(play.at('a').hold!.code, 'nobody');
    play.people['a'] = [{ kind: 'team', id: 'night' }];
    play.send({ kind: 'retry' });
    assert.deepEqual(play.open(), ['a']);
    const circle = new Play(flow([s, node('x', 'exclusive'), node('y', 'exclusive'), e], 's > x', 'x > y', 'y > x else', 'y > e if never')).start();
    assert.equal(circle.state!.tokens[0]!.hold!.code, 'too_many_steps');
  });

  test('nothing that is given is changed', () => {
    const play = new Play(flow([s, node('f', 'parallel'), node('a', 'task'), node('b', 'task'), node('j', 'parallel'), e], 's > f', 'f > a', 'f > b', 'a > j', 'b > j', 'j > e')).start();
    const frozen = deepFreeze(structuredClone(play.state!));
    const result = step(play.bundle, frozen, { id: 'x', kind: 'complete', activation: play.at('a').id, by: 'p' }, play.view());
    assert.equal(result.answer, 'applied');
  });

  test('values of actions are put in, set fields are read by what follows', () => {
    const set = node('set', 'action', { action: { do: 'set_fields', fields: { total: { '+': [{ var: 'fields.n' }, 1] } }, vars: { twice: { '*': [{ var: 'fields.n' }, 2] } } } });
    const call = node('call', 'action', { action: { do: 'http_call', method: 'POST', url: 'https://a.example/{{fields.name}}?n={{vars.twice}}', body: { n: { var: 'fields.total' } }, into: { answer: 'id' } } });
    const play = new Play(flow([s, set, call, e], 's > set', 'set > call', 'call > e'), { n: 20, name: '甲 & 乙' }).start();
    const act = play.effects.find((effect) => effect.do === 'act' && effect.action.do === 'http_call');
    assert.ok(act?.do === 'act' && act.action.do === 'http_call');
    assert.equal(act.action.url, `https://a.example/${encodeURIComponent('甲 & 乙')}?n=40`);
    assert.deepEqual(act.action.body, { n: 21 });
    play.send({ kind: 'answer', activation: act.activation, ask: act.ask, ok: true, vars: { answer: 7 } });
    assert.equal(play.state!.vars['answer'], 7);
    assert.equal(play.state!.status, 'completed');
  });

  test('what fails may go on by its own outcome', () => {
    const call = node('c', 'action', { action: { do: 'http_call', method: 'GET', url: 'https://a.example' }, whenFailed: 'continue' });
    const play = new Play(flow([s, call, node('mend', 'task'), e], 's > c', 'c > e on done', 'c > mend on failed', 'mend > e')).start();
    play.send({ kind: 'answer', activation: play.at('c').id, ask: play.at('c').ask, ok: false, reason: 'timeout' });
    assert.deepEqual(play.open(), ['mend']);
  });

  test('a claimed task is done by who claimed it', () => {
    const play = new Play(flow([s, node('a', 'task'), e], 's > a', 'a > e')).start();
    const { id } = play.at('a');
    assert.equal(play.send({ kind: 'claim', activation: id, by: 'x' }).answer, 'applied');
    assert.equal(play.send({ kind: 'claim', activation: id, by: 'y' }).reason, 'claimed');
    assert.equal(play.send({ kind: 'complete', activation: id, by: 'y' }).reason, 'claimed');
    assert.equal(play.send({ kind: 'release', activation: id, by: 'x' }).answer, 'applied');
    assert.equal(play.send({ kind: 'hand_over', activation: id, by: 'x', to: { kind: 'person', id: 'z' } }).answer, 'applied');
    assert.deepEqual(play.at('a').seats!.map((seat) => [seat.who.id, seat.from]), [['z', 'x']]);
    assert.equal(play.complete('a', undefined, 'z').answer, 'applied');
  });

  test('time limits remind, give to others, or finish', () => {
    const limit = (then: unknown) => ({ limit: { span: { amount: 2, unit: 'hours' }, then } });
    const remind = new Play(flow([s, node('a', 'task', limit({ do: 'notify', to: [{ kind: 'person', id: 'boss' }] })), e], 's > a', 'a > e')).start();
    assert.equal(remind.at('a').limitAt, '2026-11-22T04:00:00.000Z');
    remind.fire('a', '#limit');
    assert.ok(remind.effects.some((effect) => effect.do === 'remind'));
    assert.deepEqual([remind.open(), remind.at('a').overdue], [['a'], true]);
    const give = new Play(flow([s, node('a', 'task', limit({ do: 'reassign', to: [{ kind: 'person', id: 'boss' }] })), e], 's > a', 'a > e'));
    give.start();
    give.fire('a', '#limit');
    assert.deepEqual(give.at('a').seats!.map((seat) => seat.who.id), ['boss']);
    const agree = new Play(flow([s, node('a', 'approval', limit({ do: 'complete', outcome: 'approved' })), node('b', 'task'), e], 's > a', 'a > b on approved', 'a > e on rejected', 'b > e')).start();
    agree.fire('a', '#limit');
    assert.deepEqual(agree.open(), ['b']);
    assert.equal(agree.send({ kind: 'timer', activation: 't2', timer: '#limit' }).answer, 'stale');
  });

  test('a step that reminds is not reminded of twice by the same moment', () => {
    const timers = [{ id: 'nudge', due: { after: { amount: 1, unit: 'hours' } }, interrupting: false, times: 3 }];
    const play = new Play(flow([s, node('a', 'task', { timers }), node('n', 'action'), e, node('e2', 'end')], 's > a', 'a > e', 'nudge > n', 'n > e2')).start();
    const first = play.at('a').timers![0]!.dueAt;
    assert.equal(play.send({ kind: 'timer', activation: play.at('a').id, timer: 'nudge', dueAt: first }).answer, 'applied');
    assert.equal(play.send({ kind: 'timer', activation: play.at('a').id, timer: 'nudge', dueAt: first }).answer, 'stale');
    assert.deepEqual(play.at('a').timers, [{ id: 'nudge', dueAt: '2026-11-22T04:00:00.000Z', left: 2 }]);
    play.complete('a');
    assert.equal(play.state!.status, 'completed');
  });
});

describe('approvals', () => {
  const approval = (more: Record<string, unknown>) => {
    const play = new Play(flow([s, node('a', 'approval', more), node('yes', 'task'), node('no', 'task'), e], 's > a', 'a > yes on approved', 'a > no on rejected', 'yes > e', 'no > e'));
    play.people['a'] = ['x', 'y', 'z'].map((id) => ({ kind: 'person', id }));
    return play.start();
  };

  test('all: everybody agrees, the first refusal decides', () => {
    const play = approval({ mode: 'all' });
    play.vote('a', 'y');
    assert.equal(play.vote('a', 'y', 'rejected').reason, 'voted');
    play.vote('a', 'x');
    assert.deepEqual(play.open(), ['a']);
    play.vote('a', 'z');
    assert.deepEqual(play.open(), ['yes']);
    const refused = approval({ mode: 'all' });
    refused.vote('a', 'z', 'rejected');
    assert.deepEqual(refused.open(), ['no']);
  });

  test('any: the first vote decides', () => {
    const play = approval({ mode: 'any' });
    play.vote('a', 'z');
    assert.deepEqual(play.open(), ['yes']);
    const refused = approval({ mode: 'any' });
    refused.vote('a', 'x', 'rejected');
    assert.deepEqual(refused.open(), ['no']);
  });

  test('sequence: one after another', () => {
    const play = approval({ mode: 'sequence' });
    assert.equal(play.vote('a', 'y').reason, 'not_your_turn');
    for (const one of ['x', 'y', 'z']) assert.equal(play.vote('a', one).answer, 'applied');
    assert.deepEqual(play.open(), ['yes']);
  });

  test('quorum: so many agree, refused when that cannot be reached', () => {
    const play = approval({ mode: 'quorum', quorum: { count: 2 } });
    play.vote('a', 'x', 'rejected');
    play.vote('a', 'y');
    assert.deepEqual(play.open(), ['a']);
    play.vote('a', 'z');
    assert.deepEqual(play.open(), ['yes']);
    const refused = approval({ mode: 'quorum', quorum: { percent: 60 } });
    refused.vote('a', 'x', 'rejected');
    refused.vote('a', 'z', 'rejected');
    assert.deepEqual(refused.open(), ['no']);
    const few = approval({ mode: 'quorum', quorum: { count: 4 } });
    assert.equal(few.at('a').hold!.code, 'quorum_unmet');
  });

  test('a signer before: the one who asked waits for them; after: the decision does', () => {
    const before = approval({ mode: 'any' });
    const seat = (play: Play, who: string) => play.at('a').seats!.find((one) => one.who.id === who)!.id;
    const add = (play: Play, by: string, who: string, position: 'before' | 'after') => play.send({ kind: 'add_signer', activation: play.at('a').id, seat: seat(play, by), by, who: [{ kind: 'person', id: who }], position });
    assert.equal(add(before, 'x', 'lawyer', 'before').answer, 'applied');
    assert.equal(before.vote('a', 'x').reason, 'not_your_turn');
    before.vote('a', 'lawyer');
    assert.deepEqual(before.open(), ['a']);
    before.vote('a', 'x');
    assert.deepEqual(before.open(), ['yes']);
    const after = approval({ mode: 'any' });
    add(after, 'x', 'lawyer', 'after');
    assert.equal(after.vote('a', 'lawyer').reason, 'not_your_turn');
    after.vote('a', 'x');
    assert.deepEqual(after.open(), ['a']);
    after.vote('a', 'lawyer', 'rejected');
    assert.deepEqual(after.open(), ['no']);
    const sequence = approval({ mode: 'sequence' });
    add(sequence, 'x', 'lawyer', 'after');
    sequence.vote('a', 'x');
    assert.equal(sequence.vote('a', 'y').reason, 'not_your_turn');
    for (const one of ['lawyer', 'y', 'z']) assert.equal(sequence.vote('a', one).answer, 'applied', one);
    assert.deepEqual(sequence.open(), ['yes']);
    assert.equal(approval({ mode: 'all', mayAddSigner: false }).send({ kind: 'add_signer', activation: 't2', seat: 'v4', by: 'x', who: [], position: 'after' }).answer, 'refused');
  });

  test('a vote is handed over', () => {
    const play = approval({ mode: 'all' });
    const hand = (from: string, to: string) => play.send({ kind: 'hand_over', activation: play.at('a').id, seat: play.at('a').seats!.find((one) => one.who.id === from)!.id, by: from, to: { kind: 'person', id: to } });
    assert.equal(hand('x', 'w').answer, 'applied');
    assert.equal(play.vote('a', 'x').reason, 'no_seat');
    assert.equal(hand('w', 'y').reason, 'voted');
    for (const one of ['w', 'y', 'z']) play.vote('a', one);
    assert.deepEqual(play.open(), ['yes']);
  });

  test('a refusal may end the whole flow', () => {
    const play = new Play(flow([s, node('f', 'parallel'), node('a', 'approval', { whenRejected: 'terminate' }), node('b', 'task'), e], 's > f', 'f > a', 'f > b', 'a > e', 'b > e')).start();
    play.vote('a', 'p', 'rejected');
    assert.equal(play.state!.status, 'terminated');
    assert.deepEqual(play.effects.filter((effect) => effect.do === 'close_task').map((effect) => [effect.node, effect.how]), [['a', 'completed'], ['b', 'superseded']]);
  });
});

describe('going back', () => {
  test('to an earlier step, and on again; who did it does it again', () => {
    const play = new Play(flow([s, node('a', 'task'), node('b', 'task'), node('c', 'task'), e], 's > a', 'a > b', 'b > c', 'c > e')).start();
    play.complete('a', undefined, 'anna');
    play.complete('b');
    assert.equal(play.send({ kind: 'return', activation: play.at('c').id, by: 'p', to: 'e' }).reason, 'no_such_step');
    play.send({ kind: 'return', activation: play.at('c').id, by: 'p', to: 'a' });
    assert.deepEqual([play.open(), play.at('a').seats!.map((seat) => seat.who.id), play.at('a').trail], [['a'], ['anna'], []]);
    play.complete('a', undefined, 'anna');
    assert.deepEqual(play.open(), ['b']);
  });

  test('out of one of several ways ends the others, so that nothing is done twice', () => {
    const play = new Play(flow([s, node('a', 'task'), node('f', 'parallel'), node('b', 'task'), node('c', 'task'), node('j', 'parallel'), node('d', 'task'), e], 's > a', 'a > f', 'f > b', 'f > c', 'b > j', 'c > j', 'j > d', 'd > e')).start();
    play.complete('a');
    play.complete('c');
    play.send({ kind: 'return', activation: play.at('b').id, by: 'p', to: 'a' });
    assert.deepEqual([play.open(), play.state!.tokens.length, play.state!.forks], [['a'], 1, []]);
    play.complete('a');
    play.complete('b');
    play.complete('c');
    assert.deepEqual(play.open(), ['d']);
    // What lies before the fork is still known behind the join.
    assert.deepEqual(play.at('d').trail.map((entry) => entry.node), ['a']);
    play.send({ kind: 'return', activation: play.at('d').id, by: 'p', to: 'a' });
    assert.deepEqual(play.open(), ['a']);
  });

  test('taking back works until the next has begun', () => {
    const definition = flow([s, node('a', 'task'), node('f', 'parallel'), node('b', 'task'), node('c', 'task'), e], 's > a', 'a > f', 'f > b', 'f > c', 'b > e', 'c > e');
    const play = new Play(definition).start();
    const { id } = play.at('a');
    play.complete('a', undefined, 'anna');
    assert.equal(play.send({ kind: 'withdraw', step: id, by: 'bert' }).reason, 'not_allowed');
    assert.equal(play.send({ kind: 'withdraw', step: id, by: 'anna' }).answer, 'applied');
    assert.deepEqual([play.open(), play.state!.tokens.length], [['a'], 1]);
    const again = play.at('a').id;
    play.complete('a', undefined, 'anna');
    play.complete('b');
    assert.equal(play.send({ kind: 'withdraw', step: again, by: 'anna' }).reason, 'touched');
    const claimed = new Play(definition).start();
    const first = claimed.at('a').id;
    claimed.complete('a', undefined, 'anna');
    claimed.send({ kind: 'claim', activation: claimed.at('c').id, by: 'x' });
    assert.equal(claimed.send({ kind: 'withdraw', step: first, by: 'anna' }).reason, 'touched');
  });

  test('what was done by the program meanwhile cannot be taken back', () => {
    const play = new Play(flow([s, node('a', 'task'), node('n', 'action'), node('b', 'task'), e], 's > a', 'a > n', 'n > b', 'b > e')).start();
    const { id } = play.at('a');
    play.complete('a', undefined, 'anna');
    assert.equal(play.send({ kind: 'withdraw', step: id, by: 'anna' }).reason, 'touched');
  });
});

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) deepFreeze(inner);
    Object.freeze(value);
  }
  return value;
}
