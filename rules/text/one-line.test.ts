import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { oneLine, readableText } from './one-line.ts';

test('a text of several lines becomes one', () => {
  assert.equal(oneLine(' 厨房漏水\r\n\t3 幢\u2028 1 单元　'), '厨房漏水 3 幢 1 单元');
  assert.equal(oneLine('一行'), '一行');
  assert.equal(oneLine(' \n '), '');
});

test('what cannot be seen, or turns around what stands behind it, is left out; what a script or a picture needs stays', () => {
  for (const [said, kept] of [
    ['invoice\u202Efdp.exe', 'invoicefdp.exe'], ['\u2066王\u2069小明', '王小明'], ['管\u200B理\uFEFF员', '管理员'], ['a\u00ADb\u2060c', 'abc'], ['\u200F\u200E', ''], ['ㅤ', ''], ['x\u0007y\u009Bz', 'x y z'], ['半\uD83D个', '半个'], ['\uDC00', ''],
    // A family, a rainbow, a flag of England, a heart; joiners of Persian and Hindi; marks within Arabic and Hebrew.
    ['👨‍👩‍👧 家', '👨‍👩‍👧 家'], ['🏳️‍🌈', '🏳️‍🌈'], ['🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}', '🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}'], ['❤️', '❤️'], ['می\u200Cخواهم', 'می\u200Cخواهم'], ['क्\u200Dष', 'क्\u200Dष'],
    ['محمد\u200E (3)', 'محمد\u200E (3)'], ['דוד כהן', 'דוד כהן'], ['王\u200D小\u200C明', '王小明'], ['a\u{E0041}b', 'ab'], ['e\u0301', 'e\u0301'],
  ] as const) assert.equal(oneLine(said), kept, JSON.stringify(said));
});

test('of any text the same once more changes nothing, and nothing dangerous is left', () => {
  const piece = fc.oneof(fc.constantFrom('\u202A', '\u202E', '\u2066', '\u2069', '\u200B', '\u200C', '\u200D', '\u200E', '\u200F', '\uFEFF', '\u2060', '\0', '\n', '\uD800', '\uDFFF', '👩', '💻', '🏴', '\u{E0067}', '\u{E007F}', 'ا', 'ک', 'क', '्', '王', 'a', ' ', '\uFE0F'), fc.string({ unit: 'binary', maxLength: 3 }));
  fc.assert(fc.property(fc.array(piece, { maxLength: 30 }).map((all) => all.join('')), (said) => {
    const kept = oneLine(said);
    assert.equal(oneLine(kept), kept);
    assert.ok(kept.isWellFormed() && kept === kept.trim());
    assert.doesNotMatch(kept, /[\p{Cc}\u202A-\u202E\u2066-\u2069\u200B\uFEFF\u2060\u2028\u2029]| {2}/u);
    if (/^[\p{L}\p{N} ]*$/u.test(said)) assert.equal(kept, said.replace(/[\s\u3164\uFFA0\u115F\u1160]+/gu, (gap) => (/\s/.test(gap) ? ' ' : '')).replace(/ +/g, ' ').trim());
  }), { numRuns: Number(process.env['MANY'] ?? 300) });
});

test('a text of several lines keeps them, and nothing that turns it around or is not seen', () => {
  assert.equal(readableText('\u202E人工\r\n\t3 幢\u2028两行\n👨\u200D👩\u200D👧 می\u200Cخواهم'), '人工\r\n\t3 幢\u2028两行\n👨\u200D👩\u200D👧 می\u200Cخواهم');
  assert.deepEqual(['\u200B', '\u202E\u2060', 'a\u0007b\0c', '半\uD83D个'].map(readableText), ['', '', 'abc', '半个']);
});
