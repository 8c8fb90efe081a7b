import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkReport, phoneError } from './check.ts';

test('phone numbers as people write them are taken', () => {
  for (const phone of ['13812345678', '+86 138 1234 5678', '0571-8888 9633', '(0571)88889633', ' 110 ']) assert.equal(phoneError(phone), null, phone);
});

test('what is no phone number is said to be none', () => {
  assert.equal(phoneError('  '), 'report.phoneMissing');
  for (const phone of ['12', '---', '138x1234567', '1'.repeat(31), '138+12345678']) assert.equal(phoneError(phone), 'report.phoneWrong', phone);
});

test('a request needs a few words and a phone number', () => {
  assert.deepEqual(checkReport({ description: ' 漏 ', phone: '' }), { description: 'report.descriptionMissing', phone: 'report.phoneMissing' });
  assert.deepEqual(checkReport({ description: '漏水', phone: '13812345678' }), {});
});
