import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labelPlace, pathOf, routeEdge, type Corner, type Rectangle } from './route-edge.ts';

const box = (x: number, y: number): Rectangle => ({ x, y, width: 240, height: 76 });
const foot = (one: Rectangle): Corner => ({ x: one.x + one.width / 2, y: one.y + one.height });
const head = (one: Rectangle): Corner => ({ x: one.x + one.width / 2, y: one.y });
const route = (from: Rectangle, to: Rectangle, others: Rectangle[] = []) => routeEdge(foot(from), head(to), from, to, others);

function crosses(way: readonly Corner[], one: Rectangle): boolean {
  return way.slice(1).some((end, index) => {
    const start = way[index]!;
    return Math.max(start.x, end.x) > one.x && Math.min(start.x, end.x) < one.x + one.width && Math.max(start.y, end.y) > one.y && Math.min(start.y, end.y) < one.y + one.height;
  });
}

test('boxes below each other are joined by a straight line, others with one bend', () => {
  assert.equal(route(box(0, 0), box(0, 200)).length, 2);
  const way = route(box(0, 0), box(300, 200));
  assert.equal(way.length, 4);
  assert.ok(way.every((corner, index) => index === 0 || corner.x === way[index - 1]!.x || corner.y === way[index - 1]!.y), 'level and upright pieces only');
});

test('a way that skips a step runs past it', () => {
  const middle = box(0, 130);
  const way = route(box(0, 0), box(0, 260), [middle]);
  assert.ok(!crosses(way, middle));
  const wide = [box(-260, 130), box(0, 130), box(260, 130)];
  assert.ok(wide.every((one) => !crosses(route(box(0, 0), box(0, 260), wide), one)));
});

test('however close two boxes stand, the way is one that can be drawn', () => {
  for (const [x, y] of [[0, 76], [0, 80], [0, 90], [40, 84], [300, 100], [0, 0], [-500, -90], [10, 40]] as const) {
    const way = route(box(0, 0), box(x, y));
    assert.ok(way.every((corner) => Number.isFinite(corner.x) && Number.isFinite(corner.y)), `${x} ${y}`);
    assert.match(pathOf(way), /^[MLQ\d., -]+$/);
  }
});

test('a way back goes round on the right of all that stands beside it', () => {
  const [top, middle, bottom] = [box(0, 0), box(40, 130), box(0, 260)];
  const way = route(bottom, top, [middle]);
  assert.ok(Math.max(...way.map(({ x }) => x)) > 280);
  assert.ok(!crosses(way, middle));
  // To itself, too.
  assert.ok(route(top, top).length >= 4);
});

test('corners are rounded, and the label stands before the target, or on the longest piece', () => {
  const way = [{ x: 0, y: 0 }, { x: 0, y: 20 }, { x: 200, y: 20 }, { x: 200, y: 60 }];
  assert.equal(pathOf(way), 'M0,0 L0,10 Q0,20 10,20 L190,20 Q200,20 200,30 L200,60');
  assert.deepEqual(labelPlace(way), { x: 200, y: 36 });
  assert.deepEqual(labelPlace(way, true), { x: 100, y: 20 }, 'where others join before the target, it stands apart from them');
  assert.deepEqual(labelPlace([{ x: 0, y: 0 }, { x: 0, y: 100 }]), { x: 0, y: 50 });
  assert.deepEqual(labelPlace([{ x: 0, y: 0 }, { x: 0, y: 20 }, { x: -80, y: 20 }, { x: -80, y: 220 }, { x: 0, y: 220 }, { x: 0, y: 240 }]), { x: -80, y: 120 });
  assert.deepEqual(labelPlace([{ x: 0, y: 0 }, { x: 0, y: 20 }, { x: 300, y: 20 }, { x: 300, y: -80 }, { x: 200, y: -80 }, { x: 200, y: -60 }]), { x: 300, y: -30 }, 'a way round the side is told by its lane, however long the rest');
});
