import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replyCautions } from './reply-cautions.ts';

const done = '{{customer.name|您}}好，已处理完毕：{{ticket.resolution|已修复}}。';

test('a reply that speaks of a result which nobody wrote down is told', () => {
  assert.deepEqual(replyCautions(done, null, null), ['noResolution']);
  assert.deepEqual(replyCautions(done, '更换了阀门', null), []);
  // Left empty it is told otherwise: the variable has no value.
  assert.deepEqual(replyCautions('已处理：{{ticket.resolution}}', null, null), []);
});

test('a reply in another language than the customer’s is told; variables and marks are of none', () => {
  assert.deepEqual(replyCautions('您好，师傅已出发。', null, 'en'), ['inChinese']);
  assert.deepEqual(replyCautions('Our technician is on the way.', null, 'zh-CN'), ['inEnglish']);
  assert.deepEqual(replyCautions('Hello {{customer.name|您}}, we are on our way.', null, 'en'), []);
  assert.deepEqual(replyCautions('{{ticket.number}}: {{progress.url}}', null, 'zh-CN'), []);
});
