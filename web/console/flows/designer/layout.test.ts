import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { backwardArrows, grid, layOut, type Arrow, type Box } from './layout.ts';

const boxes = (...ids: string[]): Box[] => ids.map((id) => ({ id, width: 240, height: 72 }));
const arrows = (...pairs: string[]): Arrow[] => pairs.map((pair, index) => ({ id: `arrow${index}`, from: pair[0]!, to: pair[1]! }));

test('a flow runs downward, its branches in the order of their arrows, and a way back turns nothing over', () => {
  const places = layOut(boxes('s', 'a', 'b', 'c', 'j', 'e'), arrows('sa', 'ab', 'ac', 'bj', 'cj', 'je', 'ca'));
  const at = (id: string) => places.get(id)!;
  assert.ok(at('s').y < at('a').y && at('a').y < at('b').y && at('b').y < at('j').y && at('j').y < at('e').y);
  assert.equal(at('b').y, at('c').y);
  assert.ok(at('b').x < at('c').x, 'the first branch stands on the left');
  assert.equal(at('s').x, at('a').x, 'a straight line stays straight');
  assert.equal(at('a').x, at('j').x);
});

test('an arrow that leads back is known as such, whichever node is named first', () => {
  assert.deepEqual([...backwardArrows(boxes('c', 'b', 'a', 's'), arrows('sa', 'ab', 'bc', 'ca'))], ['arrow3']);
  assert.deepEqual([...backwardArrows(boxes('a', 'b'), arrows('ab', 'ba', 'aa'))], ['arrow1', 'arrow2']);
});

test('whatever the graph, every box gets a place of its own', () => {
  const graph = fc.integer({ min: 1, max: 14 }).chain((size) => fc.record({
    size: fc.constant(size),
    pairs: fc.array(fc.tuple(fc.nat({ max: size - 1 }), fc.nat({ max: size })), { maxLength: 24 }),
  }));
  fc.assert(fc.property(graph, ({ size, pairs }) => {
    const all = boxes(...Array.from({ length: size }, (_, index) => `n${index}`));
    // `n<size>` does not exist: an arrow into nowhere is passed over.
    const drawn = pairs.map(([from, to], index) => ({ id: `arrow${index}`, from: `n${from}`, to: `n${to}` }));
    const places = layOut(all, drawn);
    assert.deepEqual(places, layOut(all, drawn));
    for (const [index, one] of all.entries()) {
      const here = places.get(one.id)!;
      assert.ok(Number.isFinite(here.x) && Number.isFinite(here.y) && here.y % grid === 0);
      for (const other of all.slice(index + 1)) {
        const there = places.get(other.id)!;
        assert.ok(Math.abs(here.x - there.x) >= one.width || Math.abs(here.y - there.y) >= one.height, `${one.id} lies on ${other.id}`);
      }
    }
  }), { numRuns: 150 });
});

test('a long flow is laid out, too', () => {
  const ids = Array.from({ length: 400 }, (_, index) => `n${index}`);
  const places = layOut(boxes(...ids), ids.slice(1).map((to, index) => ({ id: to, from: ids[index]!, to })));
  assert.equal(new Set([...places.values()].map(({ y }) => y)).size, 400);
});
