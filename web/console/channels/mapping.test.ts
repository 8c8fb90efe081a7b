import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mappingOf, openDraft, readTable, stepDraft, tableText } from './mapping-draft.ts';
import { leavesOf, propose } from '../../../rules/intake/propose-mapping.ts';
import { itemsOf } from './sample.ts';

test('typing on in one place is one step back, and what was undone can be done again', () => {
  let draft = openDraft([{ target: 'subject', from: 'a' }], '');
  draft = stepDraft(draft, { do: 'change', key: 0, line: { target: 'subject', from: 'ab' }, part: 'from' });
  draft = stepDraft(draft, { do: 'change', key: 0, line: { target: 'subject', from: 'abc' }, part: 'from' });
  draft = stepDraft(draft, { do: 'add', lines: [{ target: 'tags', value: 'x' }] });
  draft = stepDraft(draft, { do: 'move', key: 1, by: -1 });
  assert.deepEqual(mappingOf(draft.now).map((line) => line.target), ['tags', 'subject']);
  for (let step = 0; step < 3; step += 1) draft = stepDraft(draft, { do: 'undo' });
  assert.deepEqual(mappingOf(draft.now), [{ target: 'subject', from: 'a' }]);
  assert.equal(stepDraft(draft, { do: 'undo' }), draft);
  draft = stepDraft(draft, { do: 'redo' });
  assert.deepEqual(mappingOf(draft.now), [{ target: 'subject', from: 'abc' }]);
  draft = stepDraft(draft, { do: 'remove', key: 0 });
  assert.deepEqual(draft.future, []);
});

test('a sample is taken apart as the adapter would, and says which fields it seems to hold', () => {
  assert.equal(itemsOf('webhook', '', '{"a":'), null);
  assert.equal(itemsOf('webhook', 'list', '{"a":1}'), null);
  assert.equal(itemsOf('webhook', '', '7'), null);
  assert.deepEqual(itemsOf('webhook', 'list', '{"list":[1,2]}'), [1, 2]);
  assert.deepEqual(itemsOf('alertmanager', '', '{"alerts":[{"x":1}]}'), [{ x: 1 }]);
  assert.deepEqual(leavesOf({ a: { b: [1, null] }, 'c.d': 2 }), [{ path: 'a.b.0', value: 1 }, { path: 'a.b.1', value: null }]);
  const lines = propose({ 编号: 'R-1', info: { title: '漏水', 电话: '139' }, phone: '' }, new Set(['externalId']));
  assert.deepEqual(lines.map(({ target, from }) => [target, from]), [['subject', 'info.title'], ['requester.phone', 'info.电话']]);
});

test('a table of words is written and read as pairs', () => {
  assert.deepEqual(readTable('A = urgent\n b＝normal\n\n= x\nno pair'), { A: 'urgent', b: 'normal' });
  assert.equal(readTable(''), undefined);
  assert.equal(tableText({ A: 'urgent', b: 'normal' }), 'A = urgent\nb = normal');
});
