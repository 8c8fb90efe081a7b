// oxlint-disable unicorn/no-thenable -- `then` says what happens when a limit passes; nobody awaits a definition
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Performer } from './definition.ts';
import { Play, flow, node } from './sample-flows.ts';

const s = node('s', 'start');
const e = node('e', 'end');
const failing: Performer = { kind: 'rule', rule: { '/': [1, { var: 'fields.n' }] } };
const byField: Performer = { kind: 'expression', expression: 'field', field: 'who' };

describe('who acts, by a rule or a field', () => {
  test('is told by its ids; a rule that fails holds the step with its reason, and goes on when it is mended', () => {
    const play = new Play(flow([s, node('a', 'task', { performers: [{ kind: 'rule', rule: { if: [{ '>': [{ '/': [6, { var: 'fields.n' }] }, 1] }, 'anna', ['bert', 'cora']] } }, byField] }), e], 's > a', 'a > e'), { n: 0, who: 'dora' }).start();
    assert.deepEqual([play.at('a').hold?.code, play.at('a').hold?.detail], ['rule_failed', 'NaN']);
    play.fields['n'] = 12;
    play.send({ kind: 'retry' });
    const asked = play.effects.find((effect) => effect.do === 'find_performers');
    assert.deepEqual(asked?.performers, [{ kind: 'rule', rule: ['bert', 'cora'] }, { kind: 'rule', rule: ['dora'] }]);
    assert.deepEqual(play.open(), ['a']);
  });

  test('when a limit passes, those who can be told are reminded, and who has it keeps it where nobody else can be', () => {
    const remind = new Play(flow([s, node('a', 'task', { limit: { span: { amount: 1, unit: 'hours' }, then: { do: 'notify', to: [failing, byField] } } }), e], 's > a', 'a > e'), { n: 0, who: 'dora' }).start();
    remind.fire('a', '#limit');
    assert.deepEqual(remind.effects.find((effect) => effect.do === 'remind')?.to, [{ kind: 'rule', rule: ['dora'] }]);
    const give = new Play(flow([s, node('a', 'task', { limit: { span: { amount: 1, unit: 'hours' }, then: { do: 'reassign', to: [failing] } } }), e], 's > a', 'a > e'), { n: 0 }).start();
    give.fire('a', '#limit');
    assert.deepEqual([give.open(), give.at('a').seats!.map((seat) => seat.who.id), give.explanations.at(-1)?.code], [['a'], ['p'], 'nobody_else']);
  });
});
