import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alarmStep, flappingMilliseconds, isNoted, type AlarmStanding, type AlarmStep } from './alarm.ts';

const untouched = { untouched: true, finished: false, reopens: true };
const begun = { untouched: false, finished: false, reopens: true };
const finished = { untouched: false, finished: true, reopens: true };
const standing = (more: Partial<AlarmStanding>): AlarmStanding => ({ episode: 'e1', state: 'raised', since: 1_000, count: 1, ticket: untouched, ...more });

const cases: [string, AlarmStanding | null, { episode?: string; state: 'raised' | 'cleared'; at?: number }, AlarmStep['do']][] = [
  ['a first alarm opens a ticket', null, { state: 'raised' }, 'open'],
  ['an end without a beginning is only noted', null, { state: 'cleared' }, 'note_over'],
  ['the beginning that comes after its end opens nothing', standing({ state: 'cleared', ticket: null }), { state: 'raised', at: 500 }, 'ignore'],
  ['the same again is counted', standing({}), { state: 'raised', at: 2_000 }, 'repeat'],
  ['over before anybody began: the ticket is withdrawn', standing({}), { state: 'cleared', at: 2_000 }, 'withdraw'],
  ['over while somebody is at it: they are told', standing({ ticket: begun }), { state: 'cleared', at: 2_000 }, 'recovered'],
  ['over, and the ticket was done before', standing({ ticket: finished }), { state: 'cleared', at: 2_000 }, 'note_over'],
  ['the end told twice', standing({ state: 'cleared' }), { state: 'cleared', at: 2_000 }, 'ignore'],
  ['the end of an episode before this one, come late', standing({ episode: 'e2', since: 5_000 }), { episode: 'e1', state: 'cleared', at: 3_000 }, 'ignore'],
  ['the beginning of an episode before this one, come late', standing({ episode: 'e2', since: 5_000 }), { episode: 'e1', state: 'raised', at: 3_000 }, 'ignore'],
  ['on although the ticket was finished: it is opened again', standing({ ticket: finished }), { state: 'raised', at: 2_000 }, 'again'],
  ['the same, and the ticket cannot be opened again', standing({ ticket: { ...finished, reopens: false } }), { state: 'raised', at: 2_000 }, 'open'],
  ['back while the ticket is worked on', standing({ state: 'cleared', ticket: begun }), { episode: 'e2', state: 'raised', at: 9_000_000 }, 'again'],
  ['back soon after it was over', standing({ state: 'cleared', ticket: finished }), { episode: 'e2', state: 'raised', at: 1_000 + flappingMilliseconds }, 'again'],
  ['back long after it was over', standing({ state: 'cleared', ticket: finished }), { episode: 'e2', state: 'raised', at: 1_001 + flappingMilliseconds }, 'open'],
  ['a new episode though the last was never said to be over', standing({ ticket: begun }), { episode: 'e2', state: 'raised', at: 2_000 }, 'again'],
  ['back, and there was never a ticket', standing({ state: 'cleared', ticket: null }), { episode: 'e2', state: 'raised', at: 2_000 }, 'open'],
];
for (const [what, before, news, expected] of cases) test(what, () => assert.equal(alarmStep(before, { episode: 'e1', at: 1_000, ...news }).do, expected));

test('of many repetitions few are noted', () => {
  assert.deepEqual(Array.from({ length: 600 }, (_, index) => index).filter(isNoted), [2, 5, 10, 20, 50, 100, 200, 500]);
});

test('whatever the order in which one episode is told, no more than one ticket is made, and it ends as over', () => {
  const news = [{ state: 'raised', at: 1 }, { state: 'raised', at: 2 }, { state: 'cleared', at: 3 }] as const;
  const orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
  for (const order of orders) {
    let known = null as AlarmStanding | null;
    let opened = 0;
    for (const index of order) {
      const step = alarmStep(known, { episode: 'e', ...news[index]! });
      if (step.do === 'open') opened += 1;
      if (step.do === 'ignore') continue;
      known = { episode: 'e', state: news[index]!.state, since: news[index]!.at, count: (known?.count ?? 0) + 1, ticket: step.do === 'open' ? untouched : known?.ticket ?? null };
    }
    assert.ok(opened <= 1, order.join());
    assert.equal(known!.state, 'cleared', order.join());
  }
});
