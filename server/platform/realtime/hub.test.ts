import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fact } from '../facts/fact.ts';
import { openHub, type Happening, type Receiver } from './hub.ts';

const first = '00000000-0000-7000-8000-000000000001';
const second = '00000000-0000-7000-8000-000000000002';

function happening(tenantId: string, position: number): Happening {
  const fact: Fact = {
    tenantId, position, transaction: '700', kind: 'organization.changed', ticketId: null, ticketPosition: null, subjectId: null,
    actor: { kind: 'system', id: null, name: null }, data: {}, occurredAt: new Date(0), recordedAt: new Date(0),
  };
  return { fact, access: null };
}

function receiver(tenantId: string): Receiver & { got: number[][]; ended: number } {
  const made = {
    tenantId, got: [] as number[][], ended: 0,
    take: (happenings: readonly Happening[]) => void made.got.push(happenings.map(({ fact }) => fact.position)),
    end: () => void (made.ended += 1),
  };
  return made;
}

test('a receiver gets its organization’s facts, each batch once and in order, and nothing of others', () => {
  const hub = openHub();
  const [one, two, stranger] = [receiver(first), receiver(first), receiver(second)];
  for (const each of [one, two, stranger]) hub.join(each);
  hub.deliver([happening(first, 1), happening(second, 2), happening(first, 3)]);
  hub.deliver([happening(first, 4)]);
  hub.deliver([]);
  assert.deepEqual(one.got, [[1, 3], [4]]);
  assert.deepEqual(two.got, [[1, 3], [4]]);
  assert.deepEqual(stranger.got, [[2]]);
});

test('who left gets nothing more, and may leave twice', () => {
  const hub = openHub();
  const [one, two] = [receiver(first), receiver(first)];
  const leave = hub.join(one);
  hub.join(two);
  assert.equal(hub.receivers, 2);
  leave();
  leave();
  assert.equal(hub.receivers, 1);
  hub.deliver([happening(first, 1)]);
  assert.deepEqual([one.got, two.got], [[], [[1]]]);
});

test('when all have left and one comes again, leaving late takes nobody away', () => {
  const hub = openHub();
  const leave = hub.join(receiver(first));
  leave();
  const late = receiver(first);
  hub.join(late);
  leave();
  hub.deliver([happening(first, 1)]);
  assert.deepEqual(late.got, [[1]]);
  assert.equal(hub.receivers, 1);
});

test('receivers may leave and join while they are being told', () => {
  const hub = openHub();
  const late = receiver(first);
  const leaving = receiver(first);
  const last = receiver(first);
  const leave = hub.join({ ...leaving, take: (happenings) => {
    leaving.take(happenings);
    leave();
    hub.join(late);
  } });
  hub.join(last);
  hub.deliver([happening(first, 1)]);
  hub.deliver([happening(first, 2)]);
  assert.deepEqual(leaving.got, [[1]]);
  assert.deepEqual(last.got, [[1], [2]]);
  assert.deepEqual(late.got, [[2]], 'who joins while a batch is told gets the next one');
});

test('when the program stops all are told, also those who then leave', () => {
  const hub = openHub();
  const receivers = [receiver(first), receiver(first), receiver(second)];
  for (const each of receivers) {
    const leave = hub.join({ ...each, end: () => {
      each.end();
      leave();
    } });
  }
  hub.endAll();
  assert.deepEqual(receivers.map(({ ended }) => ended), [1, 1, 1]);
  assert.equal(hub.receivers, 0);
});
