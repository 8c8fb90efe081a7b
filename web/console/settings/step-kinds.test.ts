import assert from 'node:assert/strict';
import { test } from 'node:test';
import { begun, isComplete, kindOf, stepKinds } from './step-kinds.ts';

test('a step begun is of the kind that was chosen', () => {
  for (const kind of stepKinds) assert.equal(kindOf(begun(kind)), kind);
});

test('a step is complete when it says what the server asks for', () => {
  assert.deepEqual(stepKinds.filter((kind) => isComplete(begun(kind))), ['assign', 'priority', 'category']);
  for (const step of [
    { kind: 'reply', body: 'x' }, { kind: 'act', action: 'transfer', team: 't' }, { kind: 'act', action: 'set_status', status: 'open' }, { kind: 'act', action: 'accept' },
    { kind: 'act', action: 'wait', for: 'part' }, { kind: 'act', action: 'resolve', resolution: 'x' }, { kind: 'set', fields: { room: 1 } }, { kind: 'checklist', template: 'c' },
  ] as const) assert.ok(isComplete(step), JSON.stringify(step));
  for (const step of [{ kind: 'act', action: 'cancel' }, { kind: 'act', action: 'wait' }, { kind: 'act', action: 'resolve', resolution: ' ' }, { kind: 'checklist', items: [' '] }] as const) assert.ok(!isComplete(step as Parameters<typeof isComplete>[0]), JSON.stringify(step));
});

test('one that changes several properties at once is shown as such', () => {
  assert.equal(kindOf({ kind: 'set', priority: 'high', subject: 'x' }), 'set');
  assert.equal(kindOf({ kind: 'set', fields: { a: 1, b: 2 } }), 'set');
});
