import assert from 'node:assert/strict';
import { test } from 'node:test';
import { phoneProblem, takesTextMessages } from './phone-number.ts';

test('numbers that somebody can be called back on are taken as people write them', () => {
  const numbers = [
    '13812345678', '138 1234 5678', '138-1234-5678', ' 19912345678 ', '+86 138 1234 5678', '0086 13812345678', '+8613812345678',
    '0571-88889633', '(0571) 8888 9633', '010-6512 3456', '0571-88889633-8001', '0431 8765432', '+86 571 8888 9633', '+86 10 65123456', '400-820-8820',
    '+852 5123 4567', '+1 (415) 555-0132', '0044 20 7946 0958', '+49 30 901820',
  ];
  for (const number of numbers) assert.equal(phoneProblem(number), null, number);
});

test('what stops short is told from what is no number at all', () => {
  for (const number of ['110', '12', '138', '1381234567', '0571-888', '+1 415', '+86 138 1234', '400-820']) assert.equal(phoneProblem(number), 'incomplete', number);
  for (const number of ['88889633', '6512345']) assert.equal(phoneProblem(number), 'areaCode', number);
  for (const number of ['', '---', '12x', '138x1234567', '138+12345678', '138123456789', '1'.repeat(31), '12345678901', '+0 123 456 789', '+1234567890123456', '057188889633123', '+86 88889633']) {
    assert.notEqual(phoneProblem(number), null, number);
  }
  assert.equal(phoneProblem('138123456789'), 'wrong');
  assert.equal(phoneProblem('138x1234567'), 'wrong');
});

test('text messages go to mobile phones', () => {
  for (const number of ['138 1234 5678', '+86 13812345678', '+852 5123 4567']) assert.ok(takesTextMessages(number), number);
  for (const number of ['0571-88889633', '+86 571 88889633', '400-820-8820', '010-65123456-8001']) assert.ok(!takesTextMessages(number), number);
});
