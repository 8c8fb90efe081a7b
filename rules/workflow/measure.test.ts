import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Rule } from '../conditions/json.ts';
import { checkFlow } from './check.ts';
import { carryOutMove, planMove } from './migrate.ts';
import { rehearse } from './rehearse.ts';
import { burstSteps } from './run.ts';
import { Play, flow, node } from './sample-flows.ts';

const s = node('s', 'start');
const e = node('e', 'end');
/** Takes some thousand steps each time. */
const costly: Rule = { reduce: [{ merge: Array.from({ length: 60 }, (_none, row) => Array.from({ length: 40 }, (_one, column) => row * column)) }, { '+': [{ var: 'current' }, { var: 'accumulator' }] }, 0] };

/** A circle in which nobody waits, and each turn asks something costly; with an action in it, each turn is answered. */
function circle(): ReturnType<typeof flow> {
  const definition = flow([s, node('x', 'exclusive'), node('n', 'action'), e], 's > x', 'x > n if any', 'x > e else', 'n > x');
  definition.edges[1]!.condition = { '>=': [costly, 0] };
  return definition;
}

describe('a flow keeps measure', () => {
  test('what its conditions take is limited together, until something comes from outside', () => {
    const play = new Play(circle()).start();
    assert.deepEqual([play.at('x').hold?.code, play.at('x').hold?.detail], ['condition_failed', 'Too Many Steps']);
    assert.ok(play.state!.spent! >= burstSteps);
    assert.ok(play.explanations.filter(({ code }) => code === 'entered').length < 400, 'it was stopped long before it had gone a thousand nodes');
    const before = play.explanations.length;
    play.send({ kind: 'retry' });
    assert.ok(play.explanations.length > before + 10, 'tried again, it goes on as far');
  });

  test('and so is what a whole rehearsal takes', () => {
    const definition = flow([s, node('w', 'wait', { for: { kind: 'timer', due: { after: { amount: 1, unit: 'minutes' } } } }), node('x', 'exclusive'), e], 's > w', 'w > x', ...Array.from({ length: 20 }, () => 'x > e if never'), 'x > w else');
    for (const edge of definition.edges) if (edge.condition) edge.condition = { '<': [costly, 0] };
    const played = rehearse({ definition }, { fields: {}, ticket: {}, startAt: '2026-11-22T02:00:00.000Z', dayOf: (now) => now.slice(0, 10) }, [{ do: 'advance', minutes: 100_000 }, { do: 'next_timer' }]);
    assert.deepEqual(played.refused, { event: 1, code: 'too_much' });
    assert.ok(played.log.filter(({ explanation }) => explanation.code === 'entered').length < 200);
  });

  test('a span of time is as long as ten years, in whatever unit', () => {
    const codes = (amount: number, unit: string) => checkFlow(flow([s, node('w', 'wait', { for: { kind: 'timer', due: { after: { amount, unit } } } }), e], 's > w', 'w > e')).map((finding) => [finding.code, finding.node]);
    assert.deepEqual([codes(3_650, 'days'), codes(3_651, 'days'), codes(5_256_000, 'minutes'), codes(5_256_000, 'hours')], [[], [['shape', 'w']], [], [['shape', 'w']]]);
  });

  test('what could not be kept is told, however deep it lies', () => {
    const withRule = (rule: unknown) => {
      const definition = flow([s, node('x', 'exclusive'), e], 's > x', 'x > e');
      definition.edges[1]!.condition = rule as Rule;
      return checkFlow(definition).map((finding) => finding.code);
    };
    assert.deepEqual([withRule({ '!': ['a'] }), withRule({ '!': ['\0'] }), withRule({ '!': ['\ud800'] })], [[], ['shape'], ['shape']]);
    assert.deepEqual(withRule(JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)), ['shape']);
  });
});

describe('moved to another version', () => {
  test('a task with other outcomes begins anew, so that somebody can still finish it', () => {
    const version = (...keys: string[]) => flow([s, node('a', 'task', { outcomes: keys.map((key) => ({ key, name: { zh: key } })) }), e], 's > a', 'a > e');
    const [from, to] = [{ definition: version('ok', 'bad') }, { definition: version('fine') }];
    const play = new Play(from.definition).start();
    const move = planMove(from, to, play.state!);
    assert.deepEqual(move.stands.map(({ lands, anew }) => [lands, anew]), [['a', true]]);
    const moved = carryOutMove(to, from, play.state!, move, play.view());
    assert.deepEqual(moved.effects.map((effect) => effect.do), ['close_task', 'find_performers']);
  });
});
