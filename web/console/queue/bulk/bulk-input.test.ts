import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actionOf, noInput } from './bulk-input.ts';

test('what is missing keeps an action from being sent', () => {
  for (const kind of ['assign', 'transfer', 'reply', 'note', 'tag', 'untag', 'set_category', 'resolve', 'reopen', 'cancel', 'macro', 'set_status'] as const) assert.equal(actionOf(kind, { ...noInput, text: '  ' }), null, kind);
});

test('an action is written as the API takes it', () => {
  assert.deepEqual(actionOf('assign', { ...noInput, person: 'p', text: '请尽快' }), { kind: 'assign', assignee: 'p', note: '请尽快' });
  assert.deepEqual(actionOf('close', noInput), { kind: 'close' });
  assert.deepEqual(actionOf('close', { ...noInput, text: ' 重复 ' }), { kind: 'close', reason: '重复' });
  assert.deepEqual(actionOf('set_priority', { ...noInput, priority: 'urgent' }), { kind: 'set', set: { priority: 'urgent' } });
  assert.deepEqual(actionOf('tag', { ...noInput, tags: ['返修'] }), { kind: 'tag', tags: ['返修'] });
  assert.deepEqual(actionOf('wait', noInput), { kind: 'wait', for: 'customer' });
  assert.deepEqual(actionOf('resolve', { ...noInput, text: '已修好' }), { kind: 'resolve', resolution: '已修好' });
  assert.deepEqual(actionOf('macro', { ...noInput, macro: 'm' }), { kind: 'macro', macroId: 'm' });
  assert.deepEqual(actionOf('set_status', { ...noInput, status: { id: 's', class: 'open' } }), { kind: 'set_status', status: 's' });
  assert.equal(actionOf('set_status', { ...noInput, status: { id: 's', class: 'resolved' } }), null, 'a solution is asked for');
  assert.deepEqual(actionOf('set_status', { ...noInput, status: { id: 's', class: 'resolved' }, text: '已修好' }), { kind: 'set_status', status: 's', resolution: '已修好' });
});
