import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkReport, phoneError } from './check.ts';

test('what is wrong with a phone number is told apart', () => {
  for (const phone of ['13812345678', '+86 138 1234 5678', '0571-8888 9633', '(0571)88889633', '+852 5123 4567']) assert.equal(phoneError(phone), null, phone);
  assert.equal(phoneError('  '), 'report.phoneMissing');
  for (const phone of ['138', ' 110 ']) assert.equal(phoneError(phone), 'report.phoneIncomplete', phone);
  assert.equal(phoneError('88889633'), 'report.phoneAreaCode');
  for (const phone of ['138x1234567', '---', '1'.repeat(31)]) assert.equal(phoneError(phone), 'report.phoneWrong', phone);
});

test('a request needs a few words and a phone number', () => {
  assert.deepEqual(checkReport({ description: ' 漏 ', phone: '' }), { description: 'report.descriptionMissing', phone: 'report.phoneMissing' });
  assert.deepEqual(checkReport({ description: '漏水', phone: '13812345678' }), {});
  assert.deepEqual(checkReport({ description: '漏'.repeat(20_001), phone: '13812345678' }), { description: 'report.descriptionLong' });
});
