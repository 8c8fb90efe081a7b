import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareCustomers, leastScore, likeness, sameEmail, samePhone, type Comparable } from './duplicates.ts';

const nobody: Comparable = { name: '', address: null, accountId: null, phones: [], emails: [], idNumber: null };
const customer = (more: Partial<Comparable>): Comparable => ({ ...nobody, ...more });

test('numbers of the same line are one, whatever prefix was dialled', () => {
  assert.ok(samePhone('13800001111', '+8613800001111'));
  assert.ok(samePhone('0571-88886666', '88886666'));
  assert.ok(!samePhone('13800001111', '13800001112'));
  assert.ok(!samePhone('1111', '13800001111'), 'four digits tell nobody apart');
});

test('addresses of the same mailbox are one', () => {
  assert.ok(sameEmail('Wang.Fang+shop@Example.com', 'wang.fang@example.com'));
  assert.ok(!sameEmail('wang@example.com', 'wang@example.org'));
  assert.ok(!sameEmail('', 'a@b.c'));
});

const cases: [says: string, one: Partial<Comparable>, other: Partial<Comparable>, reasons: string[], likely: boolean][] = [
  ['the same number says it nearly alone', { name: '王芳', phones: ['13800001111'] }, { name: '王女士', phones: ['+8613800001111'] }, ['same_phone'], true],
  ['the same ID number', { name: '王芳', idNumber: 'x' }, { name: '王方', idNumber: 'x' }, ['same_id_number'], true],
  ['name and address together', { name: '王芳', address: '西畔花园3幢2单元501室' }, { name: '王芳', address: '西畔花园 3 幢 2 单元 501 室' }, ['similar_name', 'similar_address'], true],
  ['the neighbour of the same name is somebody else', { name: '王芳', address: '西畔花园3幢2单元501室' }, { name: '王芳', address: '西畔花园3幢2单元502室' }, ['similar_name'], true],
  ['another name at the same address', { name: '王芳', address: '西畔花园3幢2单元501室' }, { name: '李雷', address: '西畔花园3幢2单元501室' }, ['similar_address'], true],
  ['no word of them is alike', { name: '王芳', address: '西畔花园3幢' }, { name: '李雷', address: '望江门外12号' }, [], false],
  ['those whose name nobody knows are not alike by it', { name: '业主' }, { name: '业主' }, [], false],
  ['colleagues of one company are not one', { name: '王芳', accountId: 'a' }, { name: '李雷', accountId: 'a' }, ['same_account'], false],
  ['a name in letters', { name: 'Anna Müller' }, { name: 'anna müller' }, ['similar_name'], true],
];
for (const [says, one, other, reasons, likely] of cases) {
  test(`of two customers: ${says}`, () => {
    const found = compareCustomers(customer(one), customer(other));
    assert.deepEqual(found.reasons.map((reason) => reason.reason), reasons);
    assert.equal(found.score >= leastScore, likely);
  });
}

test('likeness is the same both ways, lies between 0 and 1, and is 1 of a text with itself', () => {
  const text = fc.string({ unit: fc.constantFrom('王', '芳', '园', 'a', 'b', ' ', '3', '😀') });
  fc.assert(fc.property(text, text, (a, b) => {
    const alike = likeness(a, b);
    assert.equal(alike, likeness(b, a));
    assert.ok(alike >= 0 && alike <= 1);
    if (/[\p{L}\p{N}]/u.test(a)) assert.equal(likeness(a, a), 1);
  }));
});

test('a comparison does not depend on who is compared with whom', () => {
  const customers = fc.record({
    name: fc.constantFrom('王芳', '王方', '李雷', '业主', 'Anna'), address: fc.constantFrom(null, '西畔花园3幢', '西畔花园4幢', '望江门'), accountId: fc.constantFrom(null, 'a', 'b'),
    phones: fc.subarray(['13800001111', '+8613800001111', '88886666']), emails: fc.subarray(['a@b.c', 'A+x@b.c']), idNumber: fc.constantFrom(null, 'x'),
  });
  fc.assert(fc.property(customers, customers, (a, b) => {
    assert.equal(compareCustomers(a, b).score, compareCustomers(b, a).score);
  }));
});
