import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mappingOf, openDraft, readTable, stepDraft, tableText } from './mapping-draft.ts';
import { leavesOf, propose } from '../../../rules/intake/propose-mapping.ts';
import { addressToCall, reachOf } from './kinds.ts';
import { refusalWords } from './refusal-words.ts';
import { itemsOf } from './sample.ts';
import type { sayChannel } from './texts.ts';

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

test('an address says who can call it', () => {
  const reach = (url: string) => reachOf(`${url}/hooks/webhook/x`);
  for (const own of ['http://127.0.0.1:8080', 'http://localhost', 'https://[::1]:8443']) assert.equal(reach(own), 'self', own);
  for (const inner of ['http://10.1.2.3', 'https://192.168.1.5', 'https://172.20.0.1:8443', 'https://service', 'https://help.lan', 'https://[fd00::1]']) assert.equal(reach(inner), 'private', inner);
  assert.deepEqual([reach('http://service.example.cn'), reach('https://service.example.cn'), reach('https://172.32.0.1')], ['plain', 'public', 'public']);
  assert.equal(addressToCall({ kind: 'sms', mode: 'aliyun', url: 'https://a/b' }, undefined), 'https://a/b?token=…');
});

test('what a platform’s call is refused for is told as far as it is known: which secret differs, whose call it was, which mode is wrong', () => {
  const say = ((key: string, values: object = {}) => [key, ...Object.values(values)].join(' ')) as unknown as typeof sayChannel;
  const words = (refusal: string) => refusalWords(say, refusal);
  assert.equal(words('signature: the signature is missing or wrong: compare the Token'), 'check.compare Token');
  assert.equal(words('signature: it cannot be decrypted (the padding is wrong): compare the EncodingAESKey'), 'check.key EncodingAESKey');
  assert.equal(words('signature: it is for wx1234, not for this account'), 'check.otherApp wx1234');
  assert.equal(words('malformed: it is not encrypted: choose the mode that encrypts everything (安全模式)'), 'check.plain');
  assert.equal(words('signature: the token is missing or wrong'), 'check.signature');
  assert.equal(words('account: 192.168.1.5 lies within an internal network'), 'check.private 192.168.1.5');
  assert.equal(words('account: Not authorized'), 'check.account Not authorized');
});
