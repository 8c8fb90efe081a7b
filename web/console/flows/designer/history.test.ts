import assert from 'node:assert/strict';
import { test } from 'node:test';
import { redo, startHistory, step, undo } from './history.ts';

test('steps go back and forth, and a new step forgets what lay ahead', () => {
  const third = step(step(step(startHistory(0), 1), 2), 3);
  assert.equal(undo(undo(third)).value, 1);
  assert.equal(redo(undo(third)).value, 3);
  assert.equal(redo(step(undo(third), 9)).value, 9);
  assert.equal(undo(step(undo(third), 9)).value, 2);
  assert.equal(undo(startHistory(0)).value, 0);
  assert.equal(redo(startHistory(0)).value, 0);
});

test('what is typed letter by letter is undone at once; something else is a step of its own', () => {
  let history = startHistory('');
  for (const typed of ['a', 'ab', 'abc']) history = step(history, typed, 'name');
  assert.equal(history.past.length, 1);
  assert.equal(undo(history).value, '');
  assert.equal(undo(step(history, 'abcd', 'other')).value, 'abc');
  // After an undo the same field begins a step of its own.
  assert.equal(undo(step(undo(history), 'x', 'name')).value, '');
});

test('a step that changes nothing is none, and what is kept is limited', () => {
  const history = startHistory({});
  assert.equal(step(history, history.value), history);
  let long = startHistory(0);
  for (let value = 1; value <= 500; value += 1) long = step(long, value);
  assert.ok(long.past.length <= 200);
  assert.equal(undo(long).value, 499);
});
