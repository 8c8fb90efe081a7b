import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSearchAddress } from './search-address.ts';

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test('an address is read as it was written', () => {
  const filter = { all: [{ property: 'status', operator: 'in', value: ['new'] }] };
  assert.deepEqual(plain(readSearchAddress({ q: 138, status: 'new', filter, sort: 'priority' })), { q: '138', status: 'new', filter, sort: 'priority' });
});

test('nonsense is left out', () => {
  for (const filter of ['x', 3, [], {}, { all: 'x' }, { all: [null] }, { property: 'nobody', operator: 'is', value: 1 }]) assert.deepEqual(plain(readSearchAddress({ filter, sort: 'random', q: '' })), {}, JSON.stringify(filter));
});
