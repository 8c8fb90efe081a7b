import assert from 'node:assert/strict';
import { test } from 'node:test';
import { joinTags, liftLayers, type MergeLayer, type MergeLayers } from './merge-layers.ts';

interface Customer { name: string; tier: string; tags: string[] }
type Column = keyof Customer;
interface Source { customer: Customer; take: Column[] }

/** What the customer that stays has after merges, by doing them one after another from what it was. */
function fold(base: Customer, sources: readonly Source[]): Customer {
  const made = structuredClone(base);
  for (const { customer, take } of sources) {
    if (take.includes('name')) made.name = customer.name;
    if (take.includes('tier')) made.tier = customer.tier;
    if (take.includes('tags')) made.tags = joinTags(made.tags, customer.tags);
  }
  return made;
}

function merge(target: Customer, { customer, take }: Source): MergeLayers {
  const layers: Record<string, MergeLayer> = {};
  for (const column of take) {
    const before = target[column];
    const after = column === 'tags' ? joinTags(target.tags, customer.tags) : customer[column];
    layers[column] = { before, after, ...(column === 'tags' ? { brought: customer.tags } : {}) };
    Object.assign(target, { [column]: after });
  }
  return layers;
}

test('generated merges undone in any order: what is left is what the others alone would have made', () => {
  let seed = 11;
  const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
  const customer = (): Customer => ({ name: ['甲', '乙', '丙'][random(3)]!, tier: ['普通', '重要'][random(2)]!, tags: ['a', 'b', 'c', 'd'].filter(() => random(2) === 0) });
  for (let round = 0; round < 3_000; round += 1) {
    const base = customer();
    const target = structuredClone(base);
    const sources = Array.from({ length: 1 + random(5) }, (): Source => ({ customer: customer(), take: (['name', 'tier', 'tags'] as const).filter(() => random(3) > 0) }));
    const live = sources.map((source) => ({ source, layers: merge(target, source) }));
    assert.deepEqual(target, fold(base, sources));
    while (live.length > 0) {
      const [undone] = live.splice(random(live.length), 1);
      const place = sources.indexOf(undone!.source);
      const above = live.filter(({ source }) => sources.indexOf(source) > place);
      const { patch, later } = liftLayers({ ...target }, undone!.layers, above.map(({ layers }) => layers));
      Object.assign(target, patch);
      above.forEach((one, index) => (one.layers = later[index]!));
      const expected = fold(base, live.map(({ source }) => source));
      assert.deepEqual({ ...target, tags: target.tags.toSorted() }, { ...expected, tags: expected.tags.toSorted() });
    }
    assert.deepEqual({ ...target, tags: target.tags.toSorted() }, { ...base, tags: base.tags.toSorted() });
  }
});

test('what somebody changed since stays', () => {
  const own: MergeLayers = { name: { before: '目标', after: '甲' }, tags: { before: ['t'], after: ['t', 'a'], brought: ['a'] } };
  assert.deepEqual(liftLayers({ name: '后来改的', tags: ['t', 'a', '手工'] }, own, []).patch, { tags: ['t', '手工'] });
  const upon: MergeLayers = { name: { before: '甲改', after: '乙' } };
  const { patch, later } = liftLayers({ name: '乙', tags: [] }, { name: { before: '目标', after: '甲' } }, [upon]);
  assert.deepEqual([patch, later], [{}, [upon]], 'changed between two merges, the later one goes back to that');
});

test('merges from before it was remembered what each brought', () => {
  const { patch } = liftLayers({ tags: ['t', 'a', 'b'] }, { tags: { before: ['t'], after: ['t', 'a'] } }, [{ tags: { before: ['t', 'a'], after: ['t', 'a', 'b'] } }]);
  assert.deepEqual(patch, { tags: ['t', 'b'] });
});
