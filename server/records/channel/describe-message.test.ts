import assert from 'node:assert/strict';
import { test } from 'node:test';
import { showAt, type MaskLevel } from '../../../rules/privacy/masks.ts';
import type { Masks } from '../customer/personal-data/masks.ts';
import { previewOf, shownValues, whoWrote } from './describe-message.ts';
import type { InboxContent } from './inbox.ts';

const at = (level: MaskLevel) => ({ show: (datum, value) => showAt(level, datum, value) }) as Masks;
const mail = (from: string): InboxContent => ({ parts: [], values: { 'mail.from': from } });
const receipt = (said: string): InboxContent => ({ parts: [], values: {}, kind: 'receipt', receipt: { providerId: 'x', state: 'failed', said } });

test('addresses and numbers of people stand in no list but as the reader may see them, whoever says them', () => {
  const who = (content: InboxContent) => (['raw', 'masked', 'hidden'] as const).map((level) => whoWrote(content, at(level)));
  assert.deepEqual(who(mail('王芳 <wang@example.com>')), ['王芳 <wang@example.com>', '王芳 <w***@example.com>', '王芳']);
  assert.deepEqual(who(mail('wang@example.com')), ['wang@example.com', 'w***@example.com', null]);
  // Of many a mail the name is the address once more.
  assert.deepEqual(who({ ...mail('wang@example.com <wang@example.com>'), sender: { ids: [], name: 'wang@example.com' } }), ['wang@example.com', 'w***@example.com', null]);
  const said = (content: InboxContent) => (['raw', 'masked', 'hidden'] as const).map((level) => previewOf(content, 'zh-CN', at(level)));
  assert.deepEqual(said(receipt('5.1.1 <wang@example.com>: no such user')), ['回执 · failed · 5.1.1 <wang@example.com>: no such user', '回执 · failed · 5.1.1 <w***@example.com>: no such user', '回执 · failed · 5.1.1 : no such user']);
  assert.deepEqual(said(receipt('13712345678 停机')), ['回执 · failed · 13712345678 停机', '回执 · failed · 137****5678 停机', '回执 · failed · 停机']);
});

test('what was read of a message is shown as the reader may see it, and the rest as it is', () => {
  const values = { subject: '请回电 13712345678', 'requester.phone': 13712345678, 'requester.email': 'wang@example.com', 'location.lat': 30.2, tags: ['a'] };
  assert.deepEqual(shownValues(values, at('raw')), { ...values, 'requester.phone': '13712345678' });
  assert.deepEqual(shownValues(values, at('masked')), { ...values, subject: '请回电 137****5678', 'requester.phone': '137****5678', 'requester.email': 'w***@example.com' });
});
