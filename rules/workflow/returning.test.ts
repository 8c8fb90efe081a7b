import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ApprovalNode } from './definition.ts';
import { Play, flow, node } from './sample-flows.ts';

const s = node('s', 'start');
const e = node('e', 'end');
const three = ['anna', 'bert', 'cora'].map((id) => ({ kind: 'person', id }));
const signed = (more: Partial<ApprovalNode>) => new Play(flow([s, node('sign', 'approval', { performers: three, ...more }), node('t', 'task'), e], 's > sign', 'sign > t', 't > e')).start();
const signers = (play: Play) => play.at('sign').seats!.map((seat) => seat.who.id);

describe('an approval that is voted on again', () => {
  for (const [name, more] of [['all', {}], ['in sequence', { mode: 'sequence' }], ['a quorum', { mode: 'quorum', quorum: { count: 2 } }]] as const) {
    test(`${name}: sent back, everybody has a seat again`, () => {
      const play = signed(more);
      for (const { id } of three) if (play.state!.tokens[0]!.node === 'sign') play.vote('sign', id);
      play.send({ kind: 'return', activation: play.at('t').id, by: 'p', to: 'sign' });
      assert.deepEqual(signers(play), ['anna', 'bert', 'cora']);
      play.vote('sign', 'anna');
      assert.deepEqual(play.open(), ['sign'], 'one vote is not enough');
    });
  }

  test('a refusal that is taken back does not leave the decision to who refused', () => {
    const play = signed({});
    const { id } = play.at('sign');
    play.vote('sign', 'anna', 'rejected');
    assert.equal(play.send({ kind: 'withdraw', step: id, by: 'anna' }).answer, 'applied');
    assert.deepEqual(signers(play), ['anna', 'bert', 'cora']);
    play.vote('sign', 'anna');
    assert.deepEqual(play.open(), ['sign']);
  });
});
