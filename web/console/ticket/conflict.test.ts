import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VersionChange } from '../../../contract/collaboration.ts';
import { contested, editOf, propertiesOf } from './conflict.ts';

const change = (property: string, before: unknown, after: unknown): VersionChange => ({ property, before, after, actor: { kind: 'staff', id: null, name: '王芳' }, at: '2026-11-01T08:00:00.000Z' });

test('only what both changed, and to different values, is contested', () => {
  const changes = [change('subject', '漏水', '厨房漏水'), change('priority', 'normal', 'high')];
  assert.deepEqual(contested({ tags: ['急'] }, changes), []);
  assert.deepEqual(contested({ priority: 'high' }, changes), [], 'both wanted the same');
  assert.deepEqual(contested({ subject: '水管爆裂' }, changes).map(({ property }) => property), ['subject']);
});

test('several changes of one property stand as one, from the first before to the last after', () => {
  const [only, ...more] = contested({ subject: '丙' }, [change('subject', '甲', '乙'), change('subject', '乙', '丁')]);
  assert.deepEqual([only?.before, only?.after, more.length], ['甲', '丁', 0]);
});

test('a field of the form is contested by itself, and an edit comes back from its properties as it was', () => {
  const edit = { subject: '甲', fields: { room: '101', floor: null } };
  assert.deepEqual(editOf(propertiesOf(edit)), edit);
  assert.deepEqual(contested(edit, [change('fields.room', '100', '102')]).map(({ property }) => property), ['fields.room']);
});
