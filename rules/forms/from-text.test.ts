import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromText } from './from-text.ts';
import type { FieldDefinition } from './form.ts';
import { inWords } from './in-words.ts';

const field = (more: Record<string, unknown>) => ({ key: 'f', label: { zh: '字段' }, ...more }) as unknown as FieldDefinition;
const options = [{ key: 'leak', label: { zh: '漏水', en: 'Leak' } }, { key: 'old', label: { zh: '噪音' }, retired: true }, { key: 'noise', label: { zh: '噪音' } }];
const tree = [{ key: 'house', label: { zh: '房屋' }, children: [{ key: 'roof', label: { zh: '屋面' } }, { key: 'other1', label: { zh: '其他' } }] }, { key: 'road', label: { zh: '道路' }, children: [{ key: 'other2', label: { zh: '其他' } }] }];

test('cells are read as people write them', () => {
  const cases: [Record<string, unknown>, string, unknown][] = [
    [{ kind: 'text' }, ' a ', 'a'], [{ kind: 'text' }, '  ', null], [{ kind: 'number' }, '1,234.5', 1_234.5], [{ kind: 'number' }, '－１２', -12], [{ kind: 'number' }, '1e5', '1e5'], [{ kind: 'number' }, '12个', '12个'], [{ kind: 'number' }, '0x10', '0x10'],
    [{ kind: 'money', currencies: ['CNY', 'JPY'] }, '¥1,234.50', { amount: 123_450, currency: 'CNY' }], [{ kind: 'money', currencies: ['CNY'] }, '12.5元', { amount: 1_250, currency: 'CNY' }], [{ kind: 'money', currencies: ['CNY', 'JPY'] }, '500 JPY', { amount: 500, currency: 'JPY' }], [{ kind: 'money', currencies: ['CNY'] }, '-0.01', { amount: -1, currency: 'CNY' }],
    [{ kind: 'money', currencies: ['CNY'] }, '1.005', '1.005'], [{ kind: 'money', currencies: ['CNY'] }, '5 USD', '5 USD'], [{ kind: 'money', currencies: ['JPY'] }, '1.5', '1.5'],
    [{ kind: 'date' }, '2026/1/5', '2026-01-05'], [{ kind: 'date' }, '2026年11月21日', '2026-11-21'], [{ kind: 'date' }, '20261121', '2026-11-21'], [{ kind: 'date' }, '2026-02-30', '2026-02-30'], [{ kind: 'time' }, '9:05', '09:05'], [{ kind: 'time' }, '9点30分', '09:30'], [{ kind: 'time' }, '25:00', '25:00'],
    [{ kind: 'date_time' }, '2026-11-21 08:00', '2026-11-21T00:00:00.000Z'], [{ kind: 'date_time' }, '2026/11/21', '2026-11-20T16:00:00.000Z'], [{ kind: 'date_time' }, '2026-11-21T08:00:00Z', '2026-11-21T08:00:00.000Z'], [{ kind: 'date_time' }, '2026-11-21 08:00:00+08:00', '2026-11-21T00:00:00.000Z'], [{ kind: 'date_time' }, 'soon', 'soon'],
    [{ kind: 'boolean' }, '是', true], [{ kind: 'boolean' }, 'No', false], [{ kind: 'boolean' }, 'maybe', 'maybe'], [{ kind: 'choice', options }, 'leak', 'leak'], [{ kind: 'choice', options }, 'LEAK', 'leak'], [{ kind: 'choice', options }, '噪音', 'noise'], [{ kind: 'choice', options }, '火灾', '火灾'], [{ kind: 'choices', options }, '漏水、噪音；x', ['leak', 'noise', 'x']],
    [{ kind: 'tree', options: tree }, 'roof', 'roof'], [{ kind: 'tree', options: tree }, '房屋/屋面', 'roof'], [{ kind: 'tree', options: tree }, '屋面', 'roof'], [{ kind: 'tree', options: tree }, '其他', '其他'], [{ kind: 'tree', options: tree }, '道路 / 其他', 'other2'], [{ kind: 'tree', options: tree }, '房屋/没有', '房屋/没有'], [{ kind: 'place' }, '3号楼', { address: '3号楼' }],
  ];
  for (const [more, cell, value] of cases) assert.deepEqual(fromText(field(more), cell, 'Asia/Shanghai'), value, JSON.stringify([more['kind'], cell]));
});

test('answers are told in words', () => {
  const names: Record<string, string> = { p1: '王强' };
  const cases: [Record<string, unknown>, unknown, string, string][] = [
    [{ kind: 'text' }, null, '', ''], [{ kind: 'boolean' }, false, '否', 'No'], [{ kind: 'number', unit: { zh: '米', en: 'm' } }, 1.5, '1.5 米', '1.5 m'], [{ kind: 'money', currencies: ['CNY'] }, { amount: -5, currency: 'CNY' }, '-0.05 CNY', '-0.05 CNY'], [{ kind: 'money', currencies: ['JPY'] }, { amount: 500, currency: 'JPY' }, '500 JPY', '500 JPY'],
    [{ kind: 'choice', options }, 'leak', '漏水', 'Leak'], [{ kind: 'choices', options }, ['leak', 'gone'], '漏水、gone', 'Leak, gone'], [{ kind: 'tree', options: tree }, 'other2', '道路 / 其他', '道路 / 其他'], [{ kind: 'person' }, 'p1', '王强', '王强'], [{ kind: 'place' }, { lat: 1, lng: 2, address: null }, '1, 2', '1, 2'],
    [{ kind: 'formula', result: 'money', formula: 1 }, { amount: 100, currency: 'KWD' }, '0.100 KWD', '0.100 KWD'], [{ kind: 'formula', result: 'boolean', formula: 1 }, true, '是', 'Yes'], [{ kind: 'table', columns: [{ key: 'a', kind: 'text', label: { zh: 'A' } }, { key: 'b', kind: 'boolean', label: { zh: 'B' } }] }, [{ a: 'x', b: true }, { a: null, b: false }], 'x, 是\n否', 'x, Yes\nNo'],
  ];
  for (const [more, value, zh, en] of cases) {
    assert.equal(inWords(field(more), value, 'zh', (id) => names[id]), zh);
    assert.equal(inWords(field(more), value, 'en', (id) => names[id]), en);
  }
});
