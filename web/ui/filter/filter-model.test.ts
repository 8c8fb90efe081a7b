import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Filter } from '../../../rules/conditions/filter.ts';
import { partPath, replaceNode, toFilter, toModel } from './filter-model.ts';

const status: Filter = { property: 'status', operator: 'in', value: ['new', 'open'] };
const mine: Filter = { property: 'assignee', operator: 'is', value: 'me' };
const unowned: Filter = { property: 'assignee', operator: 'empty' };

test('a filter is written as it was read', () => {
  for (const filter of [{ all: [] }, { any: [status, { all: [mine, unowned] }] }, { not: { any: [status, mine] } }, { all: [{ not: { any: [] } }] }] satisfies Filter[]) {
    assert.deepEqual(toFilter(toModel(filter)), filter);
  }
});

test('what is no group becomes one that means the same', () => {
  assert.deepEqual(toFilter(toModel(status)), { all: [status] });
  assert.deepEqual(toFilter(toModel({ not: mine })), { not: { any: [mine] } });
  assert.deepEqual(toFilter(toModel({ not: { all: [mine, status] } })), { not: { any: [{ all: [mine, status] }] } });
});

test('a part stands where its path says', () => {
  const model = toModel({ all: [status, { not: { any: [mine, unowned] } }] });
  const path = partPath(partPath('', model.mode, 1), 'none', 1);
  const found = path.split('/').slice(1).reduce((value, key) => (value as Record<string, unknown>)[key], toFilter(model) as unknown);
  assert.deepEqual(found, unowned);
});

test('a part is replaced or taken out wherever it stands', () => {
  const model = toModel({ all: [status, { any: [mine, unowned] }] });
  const group = model.parts[1];
  assert.ok(group !== undefined && 'parts' in group);
  const [first, second] = group.parts;
  assert.deepEqual(toFilter(replaceNode(model, second?.id ?? 0, null)), { all: [status, { any: [mine] }] });
  assert.deepEqual(toFilter(replaceNode(model, first?.id ?? 0, { id: first?.id ?? 0, property: 'team', operator: 'is', value: 'mine' })), { all: [status, { any: [{ property: 'team', operator: 'is', value: 'mine' }, unowned] }] });
  assert.deepEqual(toFilter(replaceNode(model, model.id, null)), { all: [] });
});
