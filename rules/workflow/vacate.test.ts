import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Play, flow, node } from './sample-flows.ts';

const s = node('s', 'start');
const e = node('e', 'end');
const people = (...ids: string[]) => ids.map((id) => ({ kind: 'person', id }));
const only = (kind: 'task' | 'approval', more: Record<string, unknown>) => new Play(flow([s, node('a', kind, more), e], 's > a', 'a > e')).start();
const leaves = (play: Play, who: string) => play.send({ kind: 'vacate', activation: play.at('a').id, who, name: who }).answer;

describe('somebody who has a step leaves', () => {
  test('it is held visibly, and goes on when it is handed over', () => {
    const play = only('task', { performers: people('anna') });
    assert.equal(leaves(play, 'bert'), 'ignored');
    assert.equal(leaves(play, 'anna'), 'applied');
    assert.deepEqual([play.at('a').hold?.code, play.at('a').hold?.detail, play.open()], ['performer_left', 'anna', ['a']]);
    assert.equal(leaves(play, 'anna'), 'ignored', 'told twice it is the same');
    play.send({ kind: 'hand_over', activation: play.at('a').id, by: 'boss', to: { kind: 'person', id: 'cora' } });
    assert.equal(play.at('a').hold, undefined);
    play.complete('a', undefined, 'cora');
    assert.equal(play.state!.status, 'completed');
    assert.deepEqual(play.effects.filter((effect) => effect.do === 'hold' || effect.do === 'release_hold').map((effect) => effect.do), ['hold', 'release_hold']);
  });

  test('tried again, those who act are found anew; where nobody is found it stays held, and stays open', () => {
    const play = only('task', { performers: people('anna') });
    leaves(play, 'anna');
    play.refusing.set('a', '');
    play.send({ kind: 'retry', activation: play.at('a').id });
    assert.deepEqual([play.at('a').hold?.code, play.at('a').hold?.detail, play.open()], ['performer_left', 'anna', ['a']]);
    play.refusing.clear();
    play.people['a'] = [{ kind: 'person', id: 'cora' }];
    play.send({ kind: 'retry' });
    assert.deepEqual([play.at('a').hold, play.at('a').seats!.map((seat) => seat.who.id)], [undefined, ['cora']]);
  });

  test('where another can do it, it goes on; what they had claimed is free again', () => {
    const play = only('task', { performers: people('anna', 'bert') });
    play.send({ kind: 'claim', activation: play.at('a').id, by: 'anna' });
    assert.equal(leaves(play, 'anna'), 'applied');
    assert.deepEqual([play.at('a').hold, play.at('a').claimedBy], [undefined, undefined]);
    assert.equal(leaves(play, 'bert'), 'applied');
    assert.equal(play.at('a').hold?.code, 'performer_left', 'now nobody is left');
  });

  test('a vote that is missing is missed: nobody decides in their place', () => {
    const all = only('approval', { performers: people('anna', 'bert') });
    leaves(all, 'anna');
    assert.equal(all.at('a').hold?.code, 'performer_left');
    all.vote('a', 'bert');
    assert.deepEqual([all.open(), all.at('a').hold?.code], [['a'], 'performer_left']);
    const seat = all.at('a').seats!.find((one) => one.who.id === 'anna')!.id;
    all.send({ kind: 'hand_over', activation: all.at('a').id, seat, by: 'boss', to: { kind: 'person', id: 'cora' } });
    assert.equal(all.at('a').hold, undefined);
    all.vote('a', 'cora');
    assert.equal(all.state!.status, 'completed');

    const any = only('approval', { performers: people('anna', 'bert'), mode: 'any' });
    leaves(any, 'anna');
    assert.equal(any.at('a').hold, undefined);
    const voted = only('approval', { performers: people('anna', 'bert') });
    voted.vote('a', 'anna');
    assert.equal(leaves(voted, 'anna'), 'ignored', 'a vote that was given counts');
  });
});
