import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ViewShape } from '../data/columns.ts';
import { changedParts } from './view-draft.ts';

const view: ViewShape = { filter: { all: [{ property: 'status', operator: 'in', value: ['new'] }] }, columns: ['number', 'subject'], sort: '-createdAt', grouping: null };

test('only what differs from the saved view counts as changed', () => {
  assert.deepEqual(changedParts(view, {}), []);
  assert.deepEqual(changedParts(view, { columns: ['number', 'subject'], sort: '-createdAt', grouping: null }), []);
  assert.deepEqual(changedParts(view, { columns: ['subject', 'number'], grouping: 'team' }), ['columns', 'grouping']);
  assert.deepEqual(changedParts({ ...view, grouping: 'team' }, { grouping: null }), ['grouping'], 'taking the groups away is a change');
});
