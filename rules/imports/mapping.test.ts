import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { csvLine, guardCell, unguardCell } from './cells.ts';
import { missingTargets, plainHeading, proposeMapping, rememberedHeading } from './mapping.ts';
import { importTargets, pathOf, targetOf, type ImportKind } from './targets.ts';
import { dayIn, listIn, momentIn, numberIn, textIn, wordIn } from './values.ts';

const kinds = Object.keys(importTargets) as ImportKind[];
const proposed = (kind: ImportKind, headings: string[], remembered?: Map<string, string | null>) => proposeMapping(kind, headings, remembered).map(({ column, target }) => `${headings[column]} → ${target}`);

test('columns are recognized by their headings in either language, whatever their case, width and marks', () => {
  assert.deepEqual(proposed('customers', ['姓名（必填）', 'Mobile Phone', '手 机：', 'E-MAIL', '客户等级*', '备注', '其他']), ['姓名（必填） → name', '手 机： → phone', 'E-MAIL → email', '客户等级* → tier', '备注 → note']);
  assert.deepEqual(proposed('tickets', ['工单号', '标题', 'requester.phone', 'created at', '处理人']), ['工单号 → externalId', '标题 → subject', 'requester.phone → requester.phone', 'created at → createdAt', '处理人 → assignee']);
  assert.deepEqual(proposed('assets', ['编号', '设备名称', 'attributes.功率', 'attributes.']), ['编号 → code', '设备名称 → name', 'attributes.功率 → attributes.功率']);
});

test('a name of its own goes before one that may mean several, and nothing is said twice', () => {
  assert.deepEqual(proposed('customers', ['客户', '姓名', '姓名']), ['姓名 → name']);
});

test('what was remembered goes before what the heading says, but for what is needed and nobody else says', () => {
  const remembered = new Map<string, string | null>([['姓名', null], ['称呼', 'name'], ['电话', 'otherPhone']]);
  assert.deepEqual(proposed('customers', ['姓名', '称呼', '电话'], remembered), ['称呼 → name', '电话 → otherPhone']);
  assert.deepEqual(proposed('customers', ['姓名', '电话'], remembered), ['姓名 → name', '电话 → otherPhone']);
  assert.deepEqual(proposed('accounts', ['称呼'], new Map([['称呼', 'no such target']])), []);
});

test('every heading of a template is recognized as what it is, in both languages', () => {
  for (const kind of kinds) for (const language of ['zh', 'en'] as const) {
    const targets = importTargets[kind];
    assert.deepEqual(proposeMapping(kind, targets.map((target) => target[language])).map(({ target }) => target), targets.map((target) => target.key), `${kind} ${language}`);
    assert.deepEqual(missingTargets(kind, proposeMapping(kind, targets.map((target) => target[language]))), []);
    assert.equal(new Set(targets.map(pathOf)).size, targets.length, `${kind} two say the same place`);
  }
});

test('any headings get each column and each target once at most', () => {
  const heading = fc.oneof(fc.constantFrom(...kinds.flatMap((kind) => importTargets[kind].flatMap(({ zh, en, aliases }) => [zh, en, ...aliases]))), fc.string({ maxLength: 6 }));
  fc.assert(fc.property(fc.constantFrom(...kinds), fc.array(heading, { maxLength: 12 }), (kind, headings) => {
    const found = proposeMapping(kind, headings, new Map(headings.slice(0, 2).map((one) => [rememberedHeading(one), 'name'])));
    assert.equal(new Set(found.map(({ column }) => column)).size, found.length);
    assert.equal(new Set(found.map(({ target }) => target)).size, found.length);
    for (const { column, target } of found) assert.ok(targetOf(kind, target) && column < headings.length);
  }));
  assert.equal(plainHeading('（必填）'), '');
});

test('a cell that goes out and comes back is what it was, and none begins a formula', () => {
  const text = fc.string({ unit: fc.constantFrom('=', '+', '-', '@', '＝', '＋', '－', '＠', "'", 'a', '1', '.', '\t', ' '), maxLength: 8 });
  fc.assert(fc.property(text, (cell) => {
    const out = guardCell(cell);
    assert.ok(!/^[=@\t\r＝＋－＠]/.test(out) && (!/^[+-]/.test(out) || /^[+-]\d+(\.\d+)?$/.test(out)), out);
    assert.equal(unguardCell(out), cell);
  }));
  assert.equal(csvLine(['=1+1', 'a"b', ' c', '-5', '']), "'=1+1,\"a\"\"b\",\" c\",-5,\r\n");
});

test('values are read as people write them, and what is none stays what it is', () => {
  const zone = 'Asia/Shanghai';
  for (const [read, cases] of [
    [numberIn, [['1,234.5', 1234.5], [' 12 ', 12], ['twelve', 'twelve'], [3, 3]]],
    [(value: never) => dayIn(value, zone), [['2024年5月1日', '2024-05-01'], ['2024/5/1', '2024-05-01'], ['2024-05-01 00:00:00', '2024-05-01'], ['去年', '去年'], [20240501, 20240501]]],
    [(value: never) => momentIn(value, zone), [['2024-05-01 09:30', '2024-05-01T01:30:00.000Z'], ['2024-05-01T09:30:00+09:00', '2024-05-01T00:30:00.000Z'], ['2024年5月1日', '2024-04-30T16:00:00.000Z'], ['soon', 'soon']]],
    [listIn, [['a;b，c、 a', ['a', 'b', 'c']], [['x'], ['x']], ['', []]]],
    [(value: never) => wordIn(value, { high: ['高'], low: ['低'] }), [['高', 'high'], ['HIGH', 'high'], ['中', '中'], [1, 1]]],
    [textIn, [['  ', null], [0, '0'], [false, 'false'], [null, null], [['a'], '["a"]']]],
  ] as [(value: never) => unknown, [unknown, unknown][]][]) {
    for (const [value, wanted] of cases) assert.deepEqual(read(value as never), wanted, JSON.stringify(value));
  }
});
