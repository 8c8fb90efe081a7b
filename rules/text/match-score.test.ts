import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matchScore, type Matched } from './match-score.ts';
import { readSearch } from './search-query.ts';

const day = 86_400_000;
const ticket: Matched = { number: '20261121-00042', subject: '厨房漏水', names: ['王芳', null], address: '文澜府12-201', phone: '13800138000', age: 0 };
const score = (typed: string, more: Partial<Matched> = {}) => matchScore(readSearch(typed), { ...ticket, ...more });

/** Each of these is a better answer than the next. */
const falling: [string, string, Partial<Matched>][] = [
  ['the number itself', '20261121-00042', { age: 3_000 * day }],
  ['the number’s end with its day', '1121-42', { age: 3_000 * day }],
];

test('a number outweighs everything that is merely fresh', () => {
  for (const [what, typed, more] of falling) assert.ok(score(typed, more) > score('漏水'), what);
  assert.ok(score('20261121-00042') > score('1121-42'));
  assert.ok(score('42') > score('42', { number: '20261121-00043', subject: '42号楼漏水' }));
});

test('the whole phone number counts more than its end, and no other part of it counts', () => {
  assert.ok(score('13800138000', { subject: 'x' }) > score('8000', { subject: 'x' }));
  assert.ok(score('8000', { subject: 'x' }) > score('1380', { subject: 'x' }));
  assert.equal(score('1380', { subject: 'x' }), score('9999', { subject: 'x' }));
});

test('what stands in the subject or is somebody’s name comes before what was said somewhere', () => {
  const somewhere = score('门禁');
  for (const better of [{ subject: '门禁失灵' }, { names: ['门禁公司'] }, { address: '门禁室' }]) assert.ok(score('门禁', better) > somewhere);
  assert.ok(score('漏水 厨房', { subject: '厨房漏水' }) > score('漏水 厨房', { subject: '厨房' }));
});

test('of equal matches the fresher comes first, and an old subject beats a fresh mention', () => {
  assert.ok(score('漏水') > score('漏水', { age: day }));
  assert.ok(score('漏水', { age: 400 * day }) > score('漏水', { subject: '别的事' }));
});
