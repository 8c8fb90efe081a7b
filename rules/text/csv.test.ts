import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BrokenCsv, csvLine, parseCsv } from './csv.ts';

test('cells come back as they were written, whatever they hold', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '中', '"', ',', ';', '\t', '\n', '\r', ' ', '=', '😀'), maxLength: 8 });
  fc.assert(fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 5 }), { minLength: 1, maxLength: 6 }), (rows) => {
    // With a heading of commas, so that the separator is not in doubt.
    const text = csvLine(['a,', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) + rows.map((row) => csvLine(row)).join('');
    assert.deepEqual(parseCsv(text).slice(1).map((record) => record.cells), rows.map((row) => row.map((value) => (/^[=+\-@\t\r]/.test(value) ? `'${value}` : value))));
  }));
});

test('each record knows the line it begins on, and empty lines are left out', () => {
  assert.deepEqual(parseCsv('a,b\r\n"1\n2",x\n\n  \ny,z'), [{ line: 1, cells: ['a', 'b'] }, { line: 2, cells: ['1\n2', 'x'] }, { line: 6, cells: ['y', 'z'] }]);
  assert.deepEqual(parseCsv('a;b\n"c;d";e').map((record) => record.cells), [['a', 'b'], ['c;d', 'e']]);
  assert.deepEqual(parseCsv('"a,b,c"\tx\n1\t2').map((record) => record.cells), [['a,b,c', 'x'], ['1', '2']]);
  assert.deepEqual(parseCsv(''), []);
  assert.deepEqual(parseCsv('a,').map((record) => record.cells), [['a', '']]);
});

test('quotes that do not match are told with their line', () => {
  for (const [text, line] of [['"a', 1], ['x\n"a"b', 2], ['x\ny\n"a\nb', 3]] as const) assert.throws(() => parseCsv(text), (error) => error instanceof BrokenCsv && error.line === line);
});

test('what a spreadsheet would run is led by an apostrophe', () => {
  assert.equal(csvLine(['=1+1', '+86', '-x', '@a', 'a=b', 3, null]), "'=1+1,'+86,'-x,'@a,a=b,3,\r\n");
  assert.equal(csvLine(['＝1+1', '＋86', '－x', '＠a']), "'＝1+1,'＋86,'－x,'＠a\r\n");
});
