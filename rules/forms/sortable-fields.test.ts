import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FieldDefinition } from './form.ts';
import { sortableFields } from './sortable-fields.ts';

const label = { zh: '字段' };
const of = (...fields: FieldDefinition[]) => ({ fields });

test('a field can be sorted by when it is indexed, not masked, and of a kind with an order', () => {
  const found = sortableFields([of(
    { key: 'amount', kind: 'number', label, indexed: true }, { key: 'plain', kind: 'number', label }, { key: 'secret', kind: 'text', label, indexed: true, masked: true },
    { key: 'who', kind: 'person', label, indexed: true }, { key: 'many', kind: 'choices', label, indexed: true, options: [] },
  )]);
  assert.deepEqual([...found.keys()], ['amount']);
});

test('of several forms that have a field, all must agree', () => {
  const number: FieldDefinition = { key: 'amount', kind: 'number', label, indexed: true };
  assert.equal(sortableFields([of(number), of(number), of()]).get('amount')?.length, 2);
  assert.equal(sortableFields([of(number), of({ ...number, indexed: false })]).has('amount'), false);
  assert.equal(sortableFields([of(number), of({ key: 'amount', kind: 'text', label, indexed: true }), of(number)]).has('amount'), false);
});
