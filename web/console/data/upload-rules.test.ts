import assert from 'node:assert/strict';
import { test } from 'node:test';
import { largestFile } from '../../../contract/file.ts';
import { refusalOf } from './upload-rules.ts';

const file = (name: string, type: string, size = 100) => ({ name, type, size });

test('what would surely be refused is told before it is sent', () => {
  assert.equal(refusalOf(file('setup.exe', 'application/x-msdownload')), 'type');
  assert.equal(refusalOf(file('run.SH', 'application/x-sh')), 'type');
  assert.equal(refusalOf(file('page.html', 'text/html')), 'type');
  assert.equal(refusalOf(file('film.mp4', 'video/mp4', largestFile + 1)), 'tooLarge');
  assert.equal(refusalOf(file('nothing.txt', 'text/plain', 0)), 'empty');
});

test('what may be taken is left to the server', () => {
  for (const one of [file('照片.JPG', 'image/jpeg'), file('报价.xlsx', ''), file('note', 'text/plain'), file('scan.xyz', ''), file('photo.raw', 'image/x-raw'), file('film.mp4', 'video/mp4', largestFile)]) assert.equal(refusalOf(one), null, one.name);
});
