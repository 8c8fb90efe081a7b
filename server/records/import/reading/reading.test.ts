import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { csvLine } from '../../../../rules/imports/cells.ts';
import { makeXlsx, makeZip, type Cell } from '../../../../test/support/make-xlsx.ts';
import { Refusal } from '../../../platform/errors/refusal.ts';
import { bytesAtHand, type Bytes } from './bytes.ts';
import { guessSeparator, openCsv, type CellRow } from './csv.ts';
import { detectEncoding } from './encoding.ts';
import { openTable, type TableRow } from './table.ts';
import { openXml } from './xml.ts';

async function readAll(content: Buffer | string, options?: Parameters<typeof openTable>[1]) {
  const table = await openTable(bytesAtHand(Buffer.from(content)), options);
  const rows: TableRow[] = [];
  for await (const some of table.rows()) rows.push(...some);
  return { ...table, rows };
}
const valuesOf = (rows: readonly TableRow[]) => rows.map((row) => row.values);
const refused = (code: string, english?: RegExp) => (error: unknown) => error instanceof Refusal && error.code === code && (english === undefined || english.test(error.message));

/** Bytes that know how many readers have not come to their end. */
function watched(content: Buffer): { bytes: Bytes; reading: () => number } {
  let reading = 0;
  const plain = bytesAtHand(content);
  return {
    reading: () => reading,
    bytes: {
      ...plain,
      async *pieces(start, end) {
        reading += 1;
        try {
          yield* plain.pieces(start, end);
        } finally {
          reading -= 1;
        }
      },
    },
  };
}

/** Streams are closed some turns after they were let go of. */
async function settled(reading: () => number): Promise<void> {
  for (let turn = 0; turn < 100 && reading() > 0; turn += 1) await setImmediate();
}

describe('what was opened', () => {
  const long = `名称,编号\n${'泵,1\n'.repeat(60_000)}`;
  const sheet = makeXlsx({ 泵: [['名称', '编号'], ...Array.from({ length: 6_000 }, (_, row): Cell[] => [`泵 ${row} ${row * 7919 % 10_007}`, row])] });
  for (const [kind, content] of [['CSV', Buffer.from(long)], ['XLSX', sheet]] as const) {
    test(`is closed again, read through, in part or not at all: ${kind}`, async () => {
      const { bytes, reading } = watched(content);
      const unread = await openTable(bytes);
      await unread.close();
      await settled(reading);
      assert.equal(reading(), 0, 'only the heading was wanted');
      for await (const rows of (await openTable(bytes)).rows()) {
        assert.ok(rows.length > 0);
        break;
      }
      await settled(reading);
      assert.equal(reading(), 0, 'in part');
      let total = 0;
      for await (const rows of (await openTable(bytes)).rows()) total += rows.length;
      assert.deepEqual([total, reading()], [kind === 'CSV' ? 60_000 : 6_000, 0]);
    });
  }
  test('is closed when it has no heading', async () => {
    const { bytes, reading } = watched(Buffer.from(`"名称,编号\n${'a,b\n'.repeat(60_000)}`));
    await assert.rejects(openTable(bytes), refused('import_no_columns'));
    assert.equal(reading(), 0);
  });
});

describe('CSV', () => {
  const parse = (text: string, separator = ',', cuts: readonly number[] = []): CellRow[] => {
    const parser = openCsv(separator);
    const rows: CellRow[] = [];
    let at = 0;
    for (const cut of [...cuts].sort((a, b) => a - b)) if (cut > at && cut < text.length) rows.push(...parser.push(text.slice(at, at = cut)));
    rows.push(...parser.push(text.slice(at)), ...parser.end());
    return rows;
  };

  const cases: [says: string, text: string, rows: unknown[][]][] = [
    ['plain rows', 'a,b\nc,d\n', [[1, 'a', 'b'], [2, 'c', 'd']]],
    ['any line ends, none at the end', 'a,b\r\nc,d\re,f', [[1, 'a', 'b'], [2, 'c', 'd'], [3, 'e', 'f']]],
    ['quotes with separators, line ends and quotes in them', '"a,""b""","c\r\nd"\ne,f', [[1, 'a,"b"', 'c\r\nd'], [3, 'e', 'f']]],
    ['blank lines', '\n\na\n\n ,\n', [[3, 'a']]],
    ['rows of uneven length', 'a\nb,c,d\n,,e', [[1, 'a'], [2, 'b', 'c', 'd'], [3, '', '', 'e']]],
    ['text beside a quote', '"a"b,c"d\n', [[1, 'ab', 'c"d']]],
    ['guarded formulas', "'=1+1,'+86,''=x,'ok", [[1, '=1+1', '+86', "'=x", "'ok"]]],
    ['nothing', '', []],
  ];
  for (const [says, text, rows] of cases) test(`reads ${says}`, () => assert.deepEqual(parse(text).map((row) => [row.line, ...row.cells]), rows));

  test('a quote that is never closed spoils its own line only', () => {
    const rows = parse('a,"b\nc,d\ne,f\n');
    assert.deepEqual(rows, [{ line: 1, cells: ['a', '"b'], fault: 'unclosed_quote' }, { line: 2, cells: ['c', 'd'] }, { line: 3, cells: ['e', 'f'] }]);
    const long = `x,"y\n${'z,w\n'.repeat(60_000)}`;
    const many = parse(long);
    assert.deepEqual([many.length, many[0]!.fault, many[1]!.line, many.at(-1)!.line], [60_001, 'unclosed_quote', 2, 60_001]);
  });

  test('a cell may be so long and no longer, a row have so many cells', () => {
    assert.equal(parse(`${'x'.repeat(32_767)},b`)[0]!.fault, undefined);
    assert.deepEqual([parse(`${'x'.repeat(32_768)},b`)[0]!.fault, parse(`"${'x'.repeat(40_000)}",b`)[0]!.fault], ['cell_too_long', 'cell_too_long']);
    assert.equal(parse('x,'.repeat(200))[0]!.fault, 'too_many_columns');
    assert.equal(parse(`${'x'.repeat(10_000_000)}\ny`).length, 2, 'nor does it take memory');
  });

  const cell = fc.string({ unit: fc.constantFrom('a', '王', '"', ',', '\n', '\r', ' ', '=', '+', '-', '@', "'", '\t', ';', '😀', '\u202e', '1'), maxLength: 8 });
  test('what is written comes back as it was, wherever the file is cut into pieces', () => {
    fc.assert(fc.property(fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 6 }), fc.array(fc.nat(200), { maxLength: 8 }), (rows, cuts) => {
      const wanted = rows.filter((row) => row.some((one) => one !== ''));
      const read = parse(rows.map(csvLine).join(''), ',', cuts);
      assert.deepEqual(read.map((row) => row.cells), wanted);
    }), { numRuns: 2_000 });
  });

  test('any text at all is read without an end that never comes, and the same in pieces', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', "'", '=', ' '), maxLength: 60 });
    fc.assert(fc.property(text, fc.array(fc.nat(60), { maxLength: 10 }), (content, cuts) => {
      assert.deepEqual(parse(content, ',', cuts), parse(content));
    }), { numRuns: 3_000 });
  });

  test('the separator is the one that fits', () => {
    for (const [text, separator] of [['a,b\nc,d', ','], ['a;b,c\nd;e', ';'], ['a\tb\nc\td', '\t'], ['姓名，电话\n王芳，138', '，'], ['a|b\nc|d', '|'], ['one column\nonly', ','], ['"a;b",c\n"d;e",f', ','], ['price;1,5\nprice;2,5\nprice;3', ';']] as const) {
      assert.equal(guessSeparator(text), separator, text);
    }
  });
});

describe('text files', () => {
  test('are told apart by how they are written', async () => {
    const text = '姓名,电话\n王芳,13812345678\n李雷,\n';
    const utf16 = (big: boolean) => {
      const bytes = Buffer.from(text, 'utf16le');
      return big ? bytes.swap16() : bytes;
    };
    // 王芳 and the rest in GBK.
    const gbk = Buffer.from('d0d5c3fb2cb5e7bbb00acdf5b7bc2c31333831323334353637380ac0eec0d72c0a', 'hex');
    for (const [content, encoding] of [
      [Buffer.from(text), 'utf-8'], [Buffer.from(`\ufeff${text}`), 'utf-8'], [gbk, 'gb18030'], [Buffer.concat([Buffer.from([0xff, 0xfe]), utf16(false)]), 'utf-16le'], [Buffer.concat([Buffer.from([0xfe, 0xff]), utf16(true)]), 'utf-16be'], [utf16(false), 'utf-16le'], [utf16(true), 'utf-16be'],
    ] as const) {
      assert.equal(await detectEncoding(bytesAtHand(content)), encoding);
      const { columns, rows } = await readAll(content);
      assert.deepEqual([columns, valuesOf(rows)], [['姓名', '电话'], [['王芳', '13812345678'], ['李雷', '']]], encoding);
    }
    await assert.rejects(readAll(Buffer.from([0, 1, 0, 2, 3, 0])), refused('import_unreadable'));
    await assert.rejects(readAll(gzipSync('a,b')), refused('import_unreadable'));
    await assert.rejects(readAll(Buffer.from(text), { encoding: 'utf-16le' }), Refusal);
    // It turns out late that it is no UTF-8.
    assert.equal((await readAll(Buffer.concat([Buffer.from('a,b\n'.repeat(50_000)), gbk]))).encoding, 'gb18030');
  });

  test('say their separator, have a heading, and rows beside it are told', async () => {
    assert.deepEqual((await readAll('sep=;\r\na;b\r\n1;2')).rows, [{ line: 2, values: ['1', '2'] }]);
    assert.deepEqual((await readAll('a,b\n1,2,3\n4\n')).rows, [{ line: 2, values: ['1', '2'], fault: 'too_many_columns' }, { line: 3, values: ['4', ''] }]);
    for (const content of ['', '   \n', '\ufeff']) await assert.rejects(readAll(content), refused('import_unreadable', /empty/), JSON.stringify(content));
    await assert.rejects(readAll('[{"a":1}]'), refused('import_unreadable', /JSON Lines/));
    await assert.rejects(readAll(Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)])), refused('import_unreadable', /\.xlsx/));
  });

  test('of JSON have a column for every member, those of an object in it among them', async () => {
    const { columns, rows, format } = await readAll('{"subject":"灯","requester":{"name":"王芳","phone":"138"},"tags":["a","b"]}\n\n{"subject":2,"comments":[{"body":"x"}],"late":null}\nnot json\n[1]\n{"__proto__":{"x":1},"subject":"三"}\n');
    assert.deepEqual([format, columns], ['jsonl', ['subject', 'requester.name', 'requester.phone', 'tags', 'comments', 'late', '__proto__.x']]);
    assert.deepEqual(valuesOf(rows), [['灯', '王芳', '138', ['a', 'b']], [2, null, null, null, [{ body: 'x' }], null], [], [], ['三', null, null, null, null, null, 1]]);
    assert.deepEqual(rows.map((row) => [row.line, row.fault]), [[1, undefined], [3, undefined], [4, 'malformed_json'], [5, 'not_an_object'], [6, undefined]]);
    const long = await readAll(`{"a":1}\n{"a":"${'x'.repeat(5_000_000)}"}\n{"a":3}\n`);
    assert.deepEqual(long.rows.map((row) => row.fault), [undefined, 'line_too_long', undefined]);
  });
});

describe('Excel workbooks', () => {
  test('give text as it is, numbers in full, days and moments, what formulas came to', async () => {
    const content = makeXlsx({ 客户: [
      ['姓名', '电话', '日期', '时间', '是', '公式', '小数', null, '尾'],
      ['王芳 <b>&amp;', 13812345678, { serial: 45413, format: 'date' }, { serial: 45413.39583333, format: 'date_time' }, true, { formula: 'A1&"x"', value: '=姓名x' }, 0.1 + 0.2, null, { inline: ' 空格 ' }],
      [],
      ['😀\u202e', 1e20, { serial: 1, format: 'date' }, { serial: 0.5, format: 'date_time' }, false, '', -0.5],
    ] });
    const { format, columns, rows, sheets } = await readAll(content);
    assert.deepEqual([format, columns, sheets], ['xlsx', ['姓名', '电话', '日期', '时间', '是', '公式', '小数', '', '尾'], ['客户']]);
    assert.deepEqual(rows, [
      { line: 2, values: ['王芳 <b>&amp;', '13812345678', '2024-05-01', '2024-05-01 09:30:00', 'TRUE', '=姓名x', '0.3', '', ' 空格 '] },
      { line: 4, values: ['😀\u202e', '100000000000000000000', '1900-01-01', '1899-12-31 12:00:00', 'FALSE', '', '-0.5', '', ''] },
    ]);
  });

  test('count days from 1904 where they say so, leave hidden sheets out, and give the sheet that is asked for', async () => {
    const content = makeXlsx({ 藏: [['x'], ['secret']], 一: [['d'], [{ serial: 0, format: 'date' }]], 二: [['b'], ['2']] }, { hidden: ['藏'], from1904: true });
    assert.deepEqual(valuesOf((await readAll(content)).rows), [['1904-01-01']]);
    assert.deepEqual(valuesOf((await readAll(content, { sheet: '二' })).rows), [['2']]);
    await assert.rejects(readAll(content, { sheet: '藏' }), refused('import_unreadable', /no sheet/));
  });

  test('with prefixes, rich text, readings, CDATA, comments and UTF-16 parts', async () => {
    const sheet = '<?xml version="1.0"?><x:worksheet xmlns:x="m"><!-- <row> --><x:sheetData><x:row><x:c t="s"><x:v>0</x:v></x:c><x:c t=\'s\'><x:v>1</x:v></x:c></x:row><x:row r="2"><x:c r="B2" t="inlineStr"><x:is><x:t><![CDATA[<a> & b]]></x:t></x:is></x:c></x:row></x:sheetData></x:worksheet>';
    const strings = '<sst><si><r><t>东</t></r><r><t>京</t></r><rPh sb="0" eb="1"><t>トウキョウ</t></rPh></si><si><t>&#x4e8c;&#20108;</t></si></sst>';
    const content = makeXlsx({ a: [['a']] }, { parts: { 'xl/worksheets/sheet1.xml': Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(sheet, 'utf16le')]), 'xl/sharedStrings.xml': strings } });
    const { columns, rows } = await readAll(content);
    assert.deepEqual([columns, valuesOf(rows)], [['东京', '二二'], [['', '<a> & b']]]);
  });

  test('any table of cells comes back', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', '王', '<', '&', '"', "'", ']', '>', '\n', ' ', '=', '😀', '\u202e'), minLength: 1, maxLength: 12 });
    await fc.assert(fc.asyncProperty(fc.array(fc.array(fc.oneof(text, fc.constant(null)), { minLength: 1, maxLength: 5 }), { maxLength: 8 }), async (cells) => {
      const table = [['h1', 'h2', 'h3', 'h4', 'h5'] as Cell[], ...cells];
      const { rows } = await readAll(makeXlsx({ s: table }));
      const wanted = cells.map((row) => Array.from({ length: 5 }, (_, index) => row[index] ?? '')).filter((row) => row.some((one) => one !== ''));
      assert.deepEqual(valuesOf(rows), wanted);
    }), { numRuns: 60 });
  });

  test('that are no workbooks, damaged, locked or made to harm are refused with a reason', async () => {
    const good = makeXlsx({ a: [['h'], ['x']] });
    const lol = '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">]><sst><si><t>&lol2;</t></si></sst>';
    const sheet = (inner: string) => makeXlsx({ a: [['h'], ['x']] }, { parts: { 'xl/worksheets/sheet1.xml': inner } });
    const sheetAt = good.indexOf('xl/worksheets/sheet1.xml') + 24;
    const plain = makeZip({ 'xl/workbook.xml': '<workbook><sheets/></workbook>' }, { method: 0 });
    const flipped = Buffer.from(plain);
    flipped.write('wxrkbook', plain.indexOf('<workbook>') + 1);
    const attempts: [what: string, content: Buffer, reason: RegExp][] = [
      ['an archive of something else', makeZip({ 'readme.txt': 'x' }), /no Excel workbook/],
      ['cut off', good.subarray(0, good.length - 40), /damaged/],
      ['half of it', Buffer.concat([good.subarray(0, 300), good.subarray(600)]), /damaged|no Excel/],
      ['locked', makeZip({ 'xl/workbook.xml': 'x' }, { flags: 1 }), /password/],
      ['a billion laughs', makeXlsx({ a: [['h'], ['x']] }, { parts: { 'xl/sharedStrings.xml': lol } }), /document type/],
      ['a file of the machine', sheet('<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><worksheet>&f;</worksheet>'), /document type/],
      ['an unknown entity', sheet('<worksheet><sheetData><row><c t="str"><v>&nbsp;</v></c></row></sheetData></worksheet>'), /entity/],
      ['nested without end', sheet('<a>'.repeat(5_000)), /deep/],
      ['a tag without end', sheet(`<worksheet><row ${'x'.repeat(100_000)}`), /damaged/],
      ['crossed tags', sheet('<worksheet><sheetData></worksheet></sheetData>'), /damaged/],
      ['a bomb', sheet(`<worksheet><sheetData>${' '.repeat(60_000_000)}</sheetData></worksheet>`), /too much/],
      ['bytes that do not unpack', Buffer.from(good).fill(0xaa, sheetAt, sheetAt + 20), /damaged/],
      ['bytes that unpack to others', flipped, /damaged/],
    ];
    for (const [what, content, reason] of attempts) await assert.rejects(readAll(content), refused('import_unreadable', reason), what);
  });

  test('without references stand where they were written, empty ones too; rows have rising numbers, whatever they say', async () => {
    const rows = ['<row><c t="str"><v>name</v></c><c t="str"><v>phone</v></c><c t="str"><v>note</v></c></row>', '<row r="7"><c/><c t="inlineStr"><is><t></t></is></c><c t="str"><v>third</v></c></row>',
      '<row r="7"><c t="str"><v>again</v></c></row>', '<row r="99999999999"><c t="str"><v>far</v></c></row>', '<row r="2.5"><c r="C6" t="str"><v>C</v></c></row>', '<row r="20"><c r="B20" t="str"><v>B</v></c><c t="str"><v>C</v></c></row>'];
    const { rows: read } = await readAll(makeXlsx({ a: [['x']] }, { parts: { 'xl/worksheets/sheet1.xml': `<worksheet><sheetData>${rows.join('')}</sheetData></worksheet>` } }));
    assert.deepEqual(read.map((row) => [row.line, ...row.values]), [[7, '', '', 'third'], [8, 'again', '', ''], [9, 'far', '', ''], [10, '', '', 'C'], [20, '', 'B', 'C']]);
  });

  test('with characters that cannot be stored come with a mark in their place', async () => {
    const sheet = '<worksheet><sheetData><row><c t="str"><v>a&#xD800;b</v></c></row><row><c t="str"><v>&#xDC00;x</v></c></row></sheetData></worksheet>';
    const workbook = await readAll(makeXlsx({ a: [['x']] }, { parts: { 'xl/worksheets/sheet1.xml': sheet } }));
    assert.deepEqual([workbook.columns, workbook.rows.map((row) => row.values)], [['a\ufffdb'], [['\ufffdx']]]);
    // A pair that is cut in two by the limit of a cell.
    const cut = await readAll(makeXlsx({ a: [['x'], [`${'字'.repeat(32_766)}😀`]] }));
    assert.ok((cut.rows[0]!.values[0] as string).isWellFormed());
    const lines = await readAll('{"a\\ud800":"\\ud800","b":{"c":["x\\u0000y",{"d\\u0000":"\\udc00"},1,null,true]}}\n');
    assert.deepEqual([lines.columns, lines.rows[0]!.values], [['a\ufffd', 'b.c'], ['\ufffd', ['x\ufffdy', { 'd\ufffd': '\ufffd' }, 1, null, true]]]);
    const deep = await readAll(`{"a":1}\n{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}\n`);
    assert.deepEqual(deep.rows.map((row) => row.fault), [undefined, 'malformed_json']);
    const text = await readAll('a\0,b\n1\0,2\n', { encoding: 'utf-8' });
    assert.deepEqual([text.columns, text.rows[0]!.values], [['a\ufffd', 'b'], ['1\ufffd', '2']]);
  });

  test('with more strings than a table can use are refused before they fill the memory', { timeout: 60_000 }, async () => {
    // What lies between them keeps it from being packed too well.
    const strings = `<sst>${Array.from({ length: 4_000 }, (_, index) => `${'<si/>'.repeat(1_001)}<!--${(index * 7_919_317 % 1_000_003).toString(36)}${(index * 104_729).toString(36)}${(index * 15_485_863).toString(36)}-->`).join('')}</sst>`;
    await assert.rejects(readAll(makeXlsx({ a: [['h'], ['x']] }, { parts: { 'xl/sharedStrings.xml': strings } })), refused('import_unreadable', /strings/));
  });

  test('a sheet of 100,000 rows takes no more memory than its strings', { timeout: 60_000 }, async () => {
    const rows = Array.from({ length: 100_000 }, (_, index): Cell[] => [`客户${index}`, index, index % 7 === 0 ? null : `备注 ${index % 100}`]);
    const content = makeXlsx({ s: [['姓名', '序号', '备注'], ...rows] });
    const table = await openTable(bytesAtHand(content));
    let count = 0;
    let most = 0;
    for await (const some of table.rows()) {
      count += some.length;
      most = Math.max(most, some.length);
    }
    assert.equal(count, 100_000);
    assert.ok(most < 5_000, `${most} rows at once`);
  });
});

describe('XML', () => {
  const heard = (text: string, cuts: readonly number[] = []): string[] => {
    const told: string[] = [];
    let open = '';
    const flush = () => {
      if (open !== '') told.push(`text ${open}`);
      open = '';
    };
    const reader = openXml({
      open(name, attribute) {
        flush();
        told.push(`open ${name} ${attribute('a') ?? ''}`);
      },
      close(name) {
        flush();
        told.push(`close ${name}`);
      },
      text: (part) => void (open += part),
    });
    let at = 0;
    for (const cut of [...cuts].sort((a, b) => a - b)) if (cut > at && cut < text.length) reader.push(text.slice(at, at = cut));
    reader.push(text.slice(at));
    reader.end();
    flush();
    return told;
  };

  test('is heard the same, wherever it is cut into pieces', () => {
    const text = '<?xml version="1.0"?><x:r a="1 &gt; 0 &amp; >" xmlns:a="no"><!-- a > b --><c a=\'"\'/>t &lt; &#65;&#x42;<![CDATA[ <raw> ]]> end</x:r>';
    const whole = heard(text);
    assert.deepEqual(whole, ['open r 1 > 0 & >', 'open c "', 'close c', 'text t < AB <raw>  end', 'close r']);
    fc.assert(fc.property(fc.array(fc.nat(text.length), { maxLength: 20 }), (cuts) => assert.deepEqual(heard(text, cuts), whole)), { numRuns: 1_000 });
  });
});
