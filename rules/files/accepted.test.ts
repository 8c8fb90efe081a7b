import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileRefusal, largestPortalFile, pickerAccept } from './accepted.ts';

const file = (name: string, type = '', size = 1_000) => ({ name, type, size });
const largest = largestPortalFile;

test('a file is judged by what it seems to be before it is sent', () => {
  const rows: [ReturnType<typeof file>, ('image' | 'video' | 'audio' | 'pdf' | 'document')[] | undefined, string | null][] = [
    [file('a.jpg', 'image/jpeg'), undefined, null],
    [file('合同.pdf', 'application/pdf'), undefined, null],
    [file('合同', 'application/pdf'), ['pdf'], null],
    [file('报价.XLSX'), ['document'], null],
    [file('报价.xlsx'), ['pdf'], 'kind'],
    [file('setup.exe', 'application/x-msdownload'), undefined, 'kind'],
    [file('page.html', 'text/html'), undefined, 'kind'],
    [file('a.jpg', 'image/jpeg'), ['pdf', 'document'], 'kind'],
    [file('a.pdf', 'application/pdf', 0), undefined, 'empty'],
    [file('a.pdf', 'application/pdf', largest), undefined, null],
    [file('a.pdf', 'application/pdf', largest + 1), undefined, 'tooLarge'],
    [file('nothing'), undefined, 'kind'],
  ];
  for (const [one, families, expected] of rows) assert.equal(fileRefusal(one, { ...(families ? { families } : {}), largest }), expected, one.name);
});

test('a picker offers what is taken', () => {
  assert.equal(pickerAccept(['image', 'pdf']), 'image/*,.pdf');
  assert.ok(pickerAccept(['document']).includes('.docx') && !pickerAccept(['document']).includes('.pdf'));
});
