import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factPerson, factTitle, linkWords, otherTicket } from './fact-words.ts';

const words = { note: '新的内部备注', watcher: (name: string) => `关注人 ${name}`, helper: (name: string) => `协办 ${name}` };
const told = (kind: string, data: Record<string, unknown>, by = '林晓雨') => ({ kind, title: '标题', actor: { name: by }, data });

test('a link says how the tickets hang together, whichever side names the other', () => {
  assert.deepEqual([linkWords({ link: 'blocked_by' }, 'zh-CN'), linkWords({ link: 'duplicate_of' }, 'en'), linkWords({ link: 'toString' }, 'en'), linkWords({}, 'en')], ['被阻塞', 'Duplicate of', undefined, undefined]);
  assert.deepEqual([otherTicket({ ticket: { number: '1' } }), otherTicket({ other: { number: '2' } }), otherTicket({ ticket: null })], ['1', '2', undefined]);
});

test('a note is not called a reply', () => {
  assert.deepEqual([factTitle(told('comment.added', { visibility: 'internal' }), words), factTitle(told('comment.added', { visibility: 'public' }), words)], ['新的内部备注', '标题']);
});

test('whom it is about is said when that is somebody else', () => {
  assert.equal(factPerson(told('watcher.added', { staffName: '陈晨' }), words), '关注人 陈晨');
  assert.equal(factPerson(told('watcher.added', { staffName: '林晓雨' }), words), undefined, 'who watches by themselves');
  assert.equal(factPerson(told('ticket.delegated', { helperName: '陈晨' }), words), '协办 陈晨');
  assert.equal(factPerson(told('ticket.assigned', { staffName: '陈晨' }), words), undefined);
});
