import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeCellFault, type CellFault } from './row-faults.ts';
import { targetOf, type ImportKind } from './targets.ts';

const both = (kind: ImportKind, key: string, fault: Partial<CellFault>): string[] => (['zh', 'en'] as const).map((language) => {
  const target = targetOf(kind, key)!;
  return describeCellFault({ code: 'pattern', heading: language === 'zh' ? target.zh : target.en, mapped: true, target, value: null, within: null, said: '', ...fault }, language);
});

test('a reason names the column and what stands in it, in a sentence', () => {
  assert.deepEqual(both('customers', 'phone', { value: '1380013' }), ['电话「1380013」不是有效的电话号码', 'Phone “1380013” is not a valid phone number']);
  assert.deepEqual(both('customers', 'name', { code: 'required' }), ['姓名是空的，必须填写', 'Name is empty, but required']);
  assert.deepEqual(both('assets', 'name', { code: 'required', mapped: false }), ['文件里没有「设备名称」这一列，而它必须填写', 'the file has no column for Name, which is required']);
  assert.deepEqual(both('tickets', 'priority', { code: 'enum', value: '特别高' }), ['优先级「特别高」认不出来，可以填：紧急、高、普通、低', 'Priority “特别高” is not known; it may be: Urgent, high, normal, low']);
  assert.deepEqual(both('tickets', 'category', { code: 'unknown_reference', value: '给排水/漏气' }), ['分类「给排水/漏气」在系统里没有找到', 'Category “给排水/漏气” was not found']);
  assert.deepEqual(both('assets', 'installedOn', { code: 'format', value: '去年' })[0], '安装日期「去年」不是有效的日期，请写成 2026-11-21 这样');
  assert.deepEqual(both('tickets', 'comments', { code: 'required', value: '[{}]', within: 'at' }), ['沟通记录里缺少「at」', '“at” is missing in Comments']);
});

test('what is long is cut, and never in the middle of a character', () => {
  const [said] = both('customers', 'phone', { value: `${'😀'.repeat(60)}\n` });
  assert.equal(said, `电话「${'😀'.repeat(39)}…」不是有效的电话号码`);
});
