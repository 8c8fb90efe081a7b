import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bigramQuery } from './bigrams.ts';
import { readSearch } from './search-query.ts';

test('words are looked for in any order, phrases just as they stand', () => {
  const read = readSearch('水管 “三号楼 地下室” KFR');
  assert.deepEqual(read.phrases, ['三号楼 地下室']);
  assert.deepEqual(read.marked, ['三号楼 地下室', '水管', 'kfr']);
  assert.equal(read.whole, '水管 三号楼 地下室 kfr');
  const words = read.terms!.split(' & ');
  for (const word of ["'水管'", "'三号'", "'号楼'", "'地下'", "'下室'", "'kfr':*"]) assert.ok(words.includes(word), word);
});

test('quotes come in many forms, and half a pair is nothing special', () => {
  for (const typed of ['"no water"', '“no water”', '「no water」', '『no water』', '"NO   ＷＡＴＥＲ"']) assert.deepEqual(readSearch(typed).phrases, ['no water'], typed);
  for (const typed of ['"no water', 'no water”', '「no water']) assert.deepEqual(readSearch(typed).phrases, [], typed);
  // A pair of characters is one word of the index already.
  assert.deepEqual(readSearch('"漏水"').phrases, []);
});

test('a ticket’s number in full is told from everything else', () => {
  assert.equal(readSearch(' 20261121-00042 ').number, '20261121-00042');
  for (const typed of ['20261121', '00042', '20261121-00042 漏水', '1121-42']) assert.equal(readSearch(typed).number, null, typed);
});

test('a mobile number is one number, however it is written', () => {
  for (const typed of ['13800138000', '138 0013 8000', '138-0013-8000', '+86 13800138000', '86 138 0013 8000']) assert.equal(readSearch(typed).terms, bigramQuery('13800138000'), typed);
  assert.notEqual(readSearch('138 0013').terms, readSearch('1380013').terms);
});

test('nothing is looked for where nothing can be', () => {
  for (const typed of ['', '  ', '""', '“，。”', '🔥']) assert.equal(readSearch(typed).terms, null, typed);
});

test('whatever is typed is understood, and without quotes it is what its words say', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (typed) => {
    const read = readSearch(typed);
    if (!/["“”「」『』]/.test(typed) && !/1\d{2}/.test(typed)) {
      assert.equal(read.terms, bigramQuery(typed.toWellFormed()));
      assert.deepEqual(read.phrases, []);
    }
    if (read.terms !== null) assert.ok(!/''|\0/.test(read.terms.replaceAll('\0', '')));
  }), { numRuns: 1_000 });
});
