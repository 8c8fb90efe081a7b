import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Category } from '../../../contract/organization.ts';
import { categoryOptions, categoryPath } from './category-tree.ts';

const category = (id: string, name: string, nameEn: string | null, parentId: string | null): Category => ({ id, name, nameEn, parentId, path: [], level: parentId === null ? 1 : 2, team: null, version: 1 });
const all = [category('water', '给排水', 'Water', null), category('leak', '漏水', null, 'water'), category('power', '强电', 'Power', null)];

test('pickers get the tree in the reader’s language, falling back to the name', () => {
  assert.deepEqual(categoryOptions(all, 'en'), [{ value: 'water', label: 'Water', children: [{ value: 'leak', label: '漏水' }] }, { value: 'power', label: 'Power' }]);
  assert.equal(categoryOptions(all, 'zh-CN')[0]?.label, '给排水');
});

test('a path goes from the first level down; of an unknown category there is none', () => {
  assert.deepEqual(categoryPath(all, 'leak'), ['water', 'leak']);
  assert.deepEqual(categoryPath(all, 'gone'), []);
});
