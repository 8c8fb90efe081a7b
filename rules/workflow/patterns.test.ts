import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { Play, flow, node } from './sample-flows.ts';

/** The control-flow patterns of docs/workflow-patterns.md that are supported, one test each. */

const s = node('s', 'start');
const e = node('e', 'end');
const tasks = (...ids: string[]) => ids.map((id) => node(id, 'task'));
const proven = new Set<number>();
const pattern = (number: number, name: string, run: () => void) => {
  proven.add(number);
  test(`${number} ${name}`, run);
};
const done = (play: Play) => assert.deepEqual([play.state!.status, play.state!.tokens, play.state!.forks, play.state!.scopes], ['completed', [], [], []]);

describe('workflow control-flow patterns', () => {
  pattern(1, 'Sequence', () => {
    const play = new Play(flow([s, ...tasks('a', 'b'), e], 's > a', 'a > b', 'b > e')).start();
    assert.deepEqual(play.open(), ['a']);
    play.complete('a');
    assert.deepEqual(play.open(), ['b']);
    play.complete('b');
    done(play);
  });

  pattern(2, 'Parallel split', () => {
    const play = new Play(flow([s, node('f', 'parallel'), ...tasks('a', 'b'), e], 's > f', 'f > a', 'f > b', 'a > e', 'b > e')).start();
    assert.deepEqual(play.open(), ['a', 'b']);
  });

  pattern(3, 'Synchronization', () => {
    const play = new Play(flow([s, node('f', 'parallel'), ...tasks('a', 'b', 'c'), node('j', 'parallel'), e], 's > f', 'f > a', 'f > b', 'a > j', 'b > j', 'j > c', 'c > e')).start();
    play.complete('b');
    assert.deepEqual(play.open(), ['a']);
    play.complete('a');
    assert.deepEqual(play.open(), ['c']);
    play.complete('c');
    done(play);
  });

  pattern(4, 'Exclusive choice', () => {
    const choice = () => new Play(flow([s, node('x', 'exclusive'), ...tasks('a', 'b', 'c'), e], 's > x', 'x > a if first', 'x > b if second', 'x > c else', 'a > e', 'b > e', 'c > e'));
    for (const [fields, way] of [[{ first: true, second: true }, 'a'], [{ second: true }, 'b'], [{}, 'c']] as const) {
      const play = choice();
      play.fields = fields;
      assert.deepEqual(play.start().open(), [way]);
    }
  });

  pattern(5, 'Simple merge', () => {
    const play = new Play(flow([s, node('x', 'exclusive'), ...tasks('a', 'b'), node('m', 'exclusive'), ...tasks('c'), e], 's > x', 'x > a if go', 'x > b else', 'a > m', 'b > m', 'm > c', 'c > e')).start();
    play.complete('b');
    assert.deepEqual(play.open(), ['c']);
  });

  const multiChoice = (fields: Record<string, unknown>) => new Play(flow([s, node('o', 'inclusive'), ...tasks('a', 'b', 'c'), node('j', 'inclusive'), ...tasks('d'), e],
    's > o', 'o > a if a', 'o > b if b', 'o > c else', 'a > j', 'b > j', 'c > j', 'j > d', 'd > e'), fields).start();
  pattern(6, 'Multi-choice', () => {
    assert.deepEqual(multiChoice({ a: true, b: true }).open(), ['a', 'b']);
    assert.deepEqual(multiChoice({ b: true }).open(), ['b']);
    assert.deepEqual(multiChoice({}).open(), ['c']);
  });

  pattern(7, 'Structured synchronizing merge', () => {
    const both = multiChoice({ a: true, b: true });
    both.complete('a');
    assert.deepEqual(both.open(), ['b']);
    both.complete('b');
    assert.deepEqual(both.open(), ['d']);
    const one = multiChoice({ b: true });
    one.complete('b');
    assert.deepEqual(one.open(), ['d']);
  });

  pattern(8, 'Multi-merge', () => {
    const play = new Play(flow([s, node('f', 'parallel'), ...tasks('a', 'b'), node('m', 'exclusive'), ...tasks('c'), e], 's > f', 'f > a', 'f > b', 'a > m', 'b > m', 'm > c', 'c > e')).start();
    play.complete('a');
    assert.deepEqual(play.open(), ['b', 'c']);
    play.complete('b');
    assert.deepEqual(play.open(), ['c', 'c']);
  });

  pattern(10, 'Arbitrary cycles', () => {
    // Two ways into the loop and two out of it.
    const play = new Play(flow([s, node('x', 'exclusive'), ...tasks('a', 'b'), node('y', 'exclusive'), node('z', 'exclusive'), e],
      's > x', 'x > a if first', 'x > b else', 'a > y', 'y > e if out', 'y > b else', 'b > z', 'z > e if out', 'z > a else')).start();
    assert.deepEqual(play.open(), ['b']);
    for (const next of ['a', 'b', 'a']) {
      play.complete(play.open()[0]!);
      assert.deepEqual(play.open(), [next]);
    }
    play.fields['out'] = true;
    play.complete('a');
    done(play);
  });

  pattern(11, 'Implicit termination', () => {
    const play = new Play(flow([s, node('f', 'parallel'), ...tasks('a', 'b'), e, node('e2', 'end')], 's > f', 'f > a', 'f > b', 'a > e', 'b > e2')).start();
    play.complete('a');
    assert.equal(play.state!.status, 'running');
    play.complete('b');
    done(play);
  });

  pattern(12, 'Multiple instances without synchronization', () => {
    const play = new Play(flow([s, ...tasks('ask'), node('f', 'parallel'), node('x', 'exclusive'), ...tasks('do'), e, node('e2', 'end')], 's > ask', 'ask > f', 'f > do', 'f > x', 'x > ask if more', 'x > e2 else', 'do > e'), { more: true }).start();
    play.complete('ask');
    play.complete('ask');
    play.fields['more'] = false;
    play.complete('ask');
    assert.deepEqual(play.open(), ['do', 'do', 'do']);
    for (let count = 0; count < 3; count += 1) play.complete('do');
    done(play);
  });

  pattern(13, 'Multiple instances with a number known at design time', () => {
    const play = new Play(flow([s, node('a', 'task', { multi: { mode: 'parallel', over: { count: 3 } } }), ...tasks('b'), e], 's > a', 'a > b', 'b > e')).start();
    assert.deepEqual(play.open(), ['a', 'a', 'a']);
    play.complete('a');
    play.complete('a');
    assert.deepEqual(play.open(), ['a']);
    play.complete('a');
    assert.deepEqual(play.open(), ['b']);
  });

  pattern(14, 'Multiple instances with a number known at run time', () => {
    const multi = (mode: string) => new Play(flow([s, node('a', 'task', { multi: { mode, over: { items: { var: 'fields.shops' } } }, performers: [{ kind: 'expression', expression: 'item' }] }), ...tasks('b'), e], 's > a', 'a > b', 'b > e'), { shops: ['x', 'y', 'z'] }).start();
    const parallel = multi('parallel');
    assert.deepEqual(parallel.state!.tokens.flatMap((token) => token.seats?.map((seat) => seat.who.id) ?? []), ['x', 'y', 'z']);
    const sequential = multi('sequential');
    for (const shop of ['x', 'y', 'z']) {
      assert.deepEqual(sequential.at('a').item, shop);
      assert.deepEqual(sequential.open(), ['a']);
      sequential.complete('a');
    }
    assert.deepEqual(sequential.open(), ['b']);
    const early = new Play(flow([s, node('a', 'task', { multi: { mode: 'parallel', over: { count: 5 }, until: { '>=': [{ var: 'instances.completed' }, 2] } } }), e], 's > a', 'a > e')).start();
    early.complete('a');
    early.complete('a');
    done(early);
    const none = new Play(flow([s, node('a', 'task', { multi: { mode: 'parallel', over: { items: { var: 'fields.none' } } } }), e], 's > a', 'a > e')).start();
    done(none);
  });

  pattern(16, 'Deferred choice', () => {
    const play = () => new Play(flow([s, node('w', 'wait', { for: { kind: 'fact', fact: 'comment.added', condition: { '==': [{ var: 'fact.data.visibility' }, 'public'] } }, timers: [{ id: 'late', due: { after: { amount: 2, unit: 'days' } }, interrupting: true }] }), ...tasks('a', 'b'), e], 's > w', 'w > a', 'late > b', 'a > e', 'b > e')).start();
    const heard = play();
    const fact = (visibility: string) => ({ kind: 'fact' as const, activation: heard.at('w').id, fact: { kind: 'comment.added', data: { visibility } } });
    assert.equal(heard.send(fact('internal')).answer, 'ignored');
    assert.equal(heard.send(fact('public')).answer, 'applied');
    assert.deepEqual(heard.open(), ['a']);
    const late = play();
    const { id } = late.at('w');
    late.fire('w', 'late');
    assert.deepEqual(late.open(), ['b']);
    assert.equal(late.send({ kind: 'fact', activation: id, fact: { kind: 'comment.added', data: { visibility: 'public' } } }).answer, 'stale');
  });

  pattern(19, 'Cancel activity', () => {
    const timers = (interrupting: boolean) => ({ timers: [{ id: 'late', due: { after: { amount: 30, unit: 'minutes' } }, interrupting }] });
    const lines = ['s > a', 'a > e', 'late > b', 'b > e2'];
    const cut = new Play(flow([s, node('a', 'task', timers(true)), ...tasks('b'), e, node('e2', 'end')], ...lines)).start();
    cut.fire('a', 'late');
    assert.deepEqual(cut.open(), ['b']);
    const beside = new Play(flow([s, node('a', 'task', timers(false)), ...tasks('b'), e, node('e2', 'end')], ...lines)).start();
    beside.fire('a', 'late');
    assert.deepEqual(beside.open(), ['a', 'b']);
    beside.complete('a');
    beside.complete('b');
    done(beside);
    const child = flow([s, ...tasks('inner'), e], 's > inner', 'inner > e');
    const sub = new Play(flow([s, node('sub', 'subflow', timers(true)), ...tasks('b'), e, node('e2', 'end')], 's > sub', 'sub > e', 'late > b', 'b > e2'), {}, { other: child }).start();
    assert.deepEqual(sub.open(), ['inner']);
    sub.fire('sub', 'late');
    assert.deepEqual([sub.open(), sub.state!.scopes], [['b'], []]);
  });

  pattern(20, 'Cancel case', () => {
    const stop = new Play(flow([s, node('f', 'parallel'), ...tasks('a', 'b'), e, node('t', 'terminate')], 's > f', 'f > a', 'f > b', 'a > e', 'b > t')).start();
    stop.complete('b');
    assert.deepEqual([stop.state!.status, stop.state!.tokens], ['terminated', []]);
    const cancelled = new Play(flow([s, node('f', 'parallel'), ...tasks('a', 'b'), e], 's > f', 'f > a', 'f > b', 'a > e', 'b > e')).start();
    cancelled.send({ kind: 'cancel' });
    assert.deepEqual([cancelled.state!.status, cancelled.state!.tokens], ['cancelled', []]);
    // Inside of a sub-flow, a terminating end ends only that.
    const inner = flow([s, node('f', 'parallel'), ...tasks('x', 'y'), e, node('t', 'terminate')], 's > f', 'f > x', 'f > y', 'x > e', 'y > t');
    const sub = new Play(flow([s, node('sub', 'subflow'), ...tasks('b'), e], 's > sub', 'sub > b', 'b > e'), {}, { other: inner }).start();
    sub.complete('y');
    assert.deepEqual(sub.open(), ['b']);
  });

  test('the table in docs says the same', () => {
    const table = readFileSync(new URL('../../docs/workflow-patterns.md', import.meta.url), 'utf8');
    const rows = [...table.matchAll(/^\| (\d+) \| [^|]+ \| (yes|in part|no) \|/gm)];
    assert.deepEqual(rows.map((row) => Number(row[1])), Array.from({ length: 20 }, (_none, index) => index + 1));
    assert.deepEqual(rows.filter((row) => row[2] !== 'no').map((row) => Number(row[1])), [...proven].sort((a, b) => a - b));
  });
});
