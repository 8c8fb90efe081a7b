import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { textFormats, type TextFormat } from './form.ts';
import { isMask, maskPattern, withFormat, withMask } from './text-formats.ts';

test('named formats take what they are for, and bring it into one form', () => {
  const cases: Record<TextFormat, { good: [string, string][]; bad: string[] }> = {
    phone: {
      good: [['13812345678', '13812345678'], ['138-1234-5678', '13812345678'], ['+86 138 1234 5678', '+8613812345678'], ['(021) 6288-8888', '0216288-8888'], ['021-62888888', '021-62888888'], ['0571-87654321-802', '0571-87654321-802'], ['400-820-8820', '400-820-8820'], ['12345', '12345'], ['62888888', '62888888'], ['+14155552671', '+14155552671'], ['１３８１２３４５６７８', '13812345678']],
      bad: ['1381234567', '23812345678', '138123456789', 'abc', '138-12-34', '+0123456', ''],
    },
    email: { good: [['a.b+c@Example.COM', 'a.b+c@example.com'], ['wang@公司.cn', 'wang@公司.cn']], bad: ['a@b', '@b.cn', 'a b@c.cn', 'a..b@c.cn', '.a@c.cn', 'a@-c.cn', 'a@c.cn.', 'a', `${'x'.repeat(65)}@c.cn`] },
    url: { good: [['https://example.com/a?b=1', 'https://example.com/a?b=1'], ['http://公司.cn', 'http://公司.cn']], bad: ['javascript:alert(1)', 'example.com', 'https://', 'ftp://a.cn', 'https://user:pass@a.cn', 'https://a b.cn', 'data:text/html,x'] },
    // Check characters reckoned by hand from GB 11643 and GB 32100.
    cn_id: { good: [['11010519491231002X', '11010519491231002X'], ['11010519491231002x', '11010519491231002X'], ['440524188001010014', '440524188001010014']], bad: ['110105194912310021', '11010519490231002X', '99010519491231002X', '110105491231002', '11010519491331002X', ''] },
    cn_uscc: { good: [['91350100M000100Y43', '91350100M000100Y43'], ['91350100m000100y43', '91350100M000100Y43']], bad: ['91350100M000100Y44', '91350100I000100Y43', '91350100M000100Y4', ''] },
    cn_plate: { good: [['沪A12345', '沪A12345'], ['京AD12345', '京AD12345'], ['粤B·1234挂', '粤B1234挂'], ['京A12345D', '京A12345D'], ['苏E 1234警', '苏E1234警'], ['粤Z1234港', '粤Z1234港'], ['使123456', '使123456']], bad: ['A12345', '沪I12345', '沪A1234', '沪A1234567', '沪A123456', '沪AO2345'] },
    cn_postcode: { good: [['200000', '200000'], ['２０００００', '200000']], bad: ['20000', 'abcdef'] },
    digits: { good: [['0012', '0012']], bad: ['1.5', '-1', 'a', ''] },
  };
  assert.deepEqual(Object.keys(cases).sort(), [...textFormats].sort());
  for (const [format, { good, bad }] of Object.entries(cases) as [TextFormat, (typeof cases)[TextFormat]][]) {
    for (const [typed, stored] of good) {
      assert.equal(withFormat(format, typed), stored, `${format} ${typed}`);
      assert.equal(withFormat(format, stored), stored, `${format} ${stored}`);
    }
    for (const typed of bad) assert.equal(withFormat(format, typed), null, `${format} ${typed}`);
  }
});

test('a mask takes what has its form, and what is stored fits the published pattern', () => {
  const cases: [string, string, string | null][] = [['AA-9999', 'kf-0012', 'KF-0012'], ['AA-9999', 'KF0012', null], ['aa', 'xY', 'xY'], ['**', 'a1', 'a1'], ['**', 'a-', null], ['9', '１', '1'], ['\\99', '95', '95'], ['\\99', '85', null], ['№9', '№5', '№5'], ['A\\', 'B\\', 'B\\'], ['[9].+', '[5].+', '[5].+']];
  for (const [mask, typed, stored] of cases) {
    assert.equal(withMask(mask, typed), stored, `${mask} ${typed}`);
    if (stored !== null) assert.match(stored, new RegExp(maskPattern(mask), 'u'));
  }
  assert.ok(isMask('X-9') && !isMask('X-') && !isMask('\\9'));
});

test('nothing that is typed, however long or strange, is too much for a format or a mask', () => {
  const nasty = fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.tuple(fc.constantFrom('a', '1', '.', '-', '@', ' ', '９', 'a.', '0-'), fc.integer({ min: 1, max: 20_000 })).map(([part, times]) => part.repeat(times)));
  fc.assert(fc.property(nasty, nasty, (typed, mask) => {
    for (const format of textFormats) {
      const stored = withFormat(format, typed);
      if (stored !== null) assert.equal(withFormat(format, stored), stored);
    }
    const stored = withMask(mask, typed);
    if (stored !== null) assert.equal(withMask(mask, stored), stored);
  }), { numRuns: 100 });
});
