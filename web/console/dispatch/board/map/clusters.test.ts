import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clustersOf, type Spot } from './clusters.ts';

const own = (spot: Spot): Spot => spot;

test('what lies apart stays apart; what lies together is one, in the middle of it', () => {
  assert.deepEqual(clustersOf([{ x: 0, y: 0 }, { x: 100, y: 0 }], own, 40).map(({ items }) => items.length), [1, 1]);
  const [one, ...more] = clustersOf([{ x: -1, y: -1 }, { x: 1, y: 1 }, { x: 3, y: 3 }], own, 40);
  assert.deepEqual(more, [], 'also across the edge of a square');
  assert.deepEqual([one!.x, one!.y, one!.items.length], [1, 1, 3]);
});

test('nothing is lost, and no two begin nearer than the distance', () => {
  let seed = 7;
  const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  const spots = Array.from({ length: 3_000 }, () => ({ x: random() * 900, y: random() * 600 }));
  const clusters = clustersOf(spots, own, 48);
  assert.equal(clusters.reduce((sum, { items }) => sum + items.length, 0), spots.length);
  const seeds = clusters.map(({ items }) => items[0]!);
  for (const [at, one] of seeds.entries()) for (const other of seeds.slice(at + 1)) assert.ok(Math.hypot(one.x - other.x, one.y - other.y) >= 48);
});
