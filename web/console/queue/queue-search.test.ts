import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkFilter } from '../../../rules/conditions/check-filter.ts';
import { ticketProperties } from '../../../rules/conditions/filter.ts';
import { narrowingFilter, readQueueSearch, withoutNarrowing } from './queue-search.ts';

test('an address is read as it was written, and nonsense is left out', () => {
  assert.deepEqual(
    JSON.parse(JSON.stringify(readQueueSearch({ view: 'urgent', status: 'new,open', q: 20261121, ticket: '20261121-00042', other: 1 }))),
    { view: 'urgent', status: 'new,open', q: '20261121', ticket: '20261121-00042' },
  );
  assert.deepEqual(JSON.parse(JSON.stringify(readQueueSearch({ status: {}, q: '' }))), {});
});

test('what narrows a view is a filter that can be read', () => {
  const filter = narrowingFilter({ view: 'all', status: 'new,open', category: 'c1', tag: '返修', team: 'mine', q: '漏水' });
  assert.deepEqual(filter, {
    all: [
      { property: 'status', operator: 'in', value: ['new', 'open'] }, { property: 'team', operator: 'is', value: 'mine' },
      { property: 'category', operator: 'under', value: 'c1' }, { property: 'tag', operator: 'contains', value: '返修' },
    ],
  });
  assert.deepEqual(checkFilter(filter, ticketProperties), []);
  assert.equal(narrowingFilter({ view: 'all', ticket: 'x', q: '漏水' }), undefined);
});

test('without what narrows it, view, words and the open ticket stay', () => {
  assert.deepEqual(withoutNarrowing({ view: 'all', status: 'new', q: '漏水', ticket: 'x' }), { view: 'all', q: '漏水', ticket: 'x' });
});
