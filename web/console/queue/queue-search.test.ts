import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filterOf, isNarrowed, readQueueSearch } from './queue-search.ts';

test('an address is read as it was written, and nonsense is left out', () => {
  assert.deepEqual(
    JSON.parse(JSON.stringify(readQueueSearch({ view: 'urgent', status: 'new,open', q: 20261121, sort: 'priority', ticket: '20261121-00042', other: 1 }))),
    { view: 'urgent', status: 'new,open', q: '20261121', sort: 'priority', ticket: '20261121-00042' },
  );
  assert.deepEqual(JSON.parse(JSON.stringify(readQueueSearch({ view: 'nobody’s', sort: 'random', status: {}, q: '' }))), {});
});

test('what narrows a view takes the place of what the view says', () => {
  assert.deepEqual(filterOf({ view: 'unassigned', priority: 'high' }, 'mine'), { assignee: 'none', status: 'new,open,waiting', sort: '-createdAt', priority: 'high' });
  assert.deepEqual(filterOf({ view: 'unassigned', assignee: 'me', sort: 'createdAt' }, 'mine'), { assignee: 'me', status: 'new,open,waiting', sort: 'createdAt' });
  assert.deepEqual(filterOf({}, 'all'), { sort: '-createdAt' });
});

test('order and open ticket do not narrow a view', () => {
  assert.equal(isNarrowed({ view: 'all', sort: 'priority', ticket: '20261121-00042' }), false);
  assert.equal(isNarrowed({ q: '漏水' }), true);
});
