import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { crc32, deflateSync } from 'node:zlib';
import { Refusal } from '../errors/refusal.ts';
import { loadImages } from './image.ts';
import { inspectFile, maximumFileBytes, maximumPortalFileBytes, sizeInWords } from './inspect.ts';
import { amr, compoundOf, elf, isoMediaOf, mp3, officeOf, oggOf, page, pdf, program, wav, webm, zipOf } from './sample-files.ts';

let folder: string;
let count = 0;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'inspect-'));
});
after(() => rm(folder, { recursive: true }));

async function inspect(content: Buffer | string, name: string, type = ''): Promise<{ mediaType: string; name: string; width: number | null; height: number | null }> {
  const path = join(folder, String(count += 1));
  await writeFile(path, content);
  return inspectFile(path, name, type);
}

async function refused(content: Buffer | string, name: string, type = ''): Promise<string> {
  const error = await inspect(content, name, type).then((found) => assert.fail(`${name} was accepted as ${found.mediaType}`), (thrown: unknown) => thrown);
  assert.ok(error instanceof Refusal, String(error));
  return error.code;
}

async function image(format: 'jpeg' | 'png' | 'webp' | 'gif' | 'avif' | 'tiff', width = 30, height = 20): Promise<Buffer> {
  const sharp = await loadImages();
  return sharp({ create: { width, height, channels: 3, background: '#1a56db' } }).toFormat(format).toBuffer();
}

test('images are what their content says, with their size', async () => {
  for (const format of ['jpeg', 'png', 'webp', 'gif', 'avif', 'tiff'] as const) {
    const found = await inspect(await image(format), `现场.${format}`, `image/${format}`);
    assert.deepEqual([found.mediaType, found.name, found.width, found.height], [`image/${format}`, `现场.${format}`, 30, 20]);
  }
});

test('a photo taken upright counts its width and height as shown', async () => {
  const sharp = await loadImages();
  const turned = await sharp(await image('jpeg')).withMetadata({ orientation: 6 }).toBuffer();
  const found = await inspect(turned, 'IMG_0001.JPG');
  assert.deepEqual([found.width, found.height], [20, 30]);
});

test('sound, film and documents are accepted', async () => {
  const cases: [Buffer, string, string, string][] = [
    [amr, '语音.amr', 'audio/amr', 'audio/amr'],
    [mp3, 'a.mp3', 'audio/mpeg', 'audio/mpeg'],
    [wav, 'a.wav', 'audio/x-wav', 'audio/wav'],
    [oggOf('OpusHead'), 'a.ogg', 'audio/ogg', 'audio/ogg'],
    [isoMediaOf('M4A '), 'a.m4a', 'audio/x-m4a', 'audio/mp4'],
    [isoMediaOf('isom'), 'a.mp4', 'video/mp4', 'video/mp4'],
    [isoMediaOf('qt  '), 'IMG_1.MOV', 'video/quicktime', 'video/quicktime'],
    [webm, 'a.webm', 'video/webm', 'video/webm'],
    [isoMediaOf('heic'), 'IMG_2.HEIC', 'image/heic', 'image/heic'],
    [pdf, '报告.pdf', 'application/pdf', 'application/pdf'],
    [zipOf({ 'a.txt': 'a' }), 'a.zip', 'application/zip', 'application/zip'],
    [compoundOf(['a', 'b', 'c', 'd', 'WordDocument']), '合同.doc', 'application/msword', 'application/msword'],
    [compoundOf(['Workbook']), '台账.et', '', 'application/vnd.ms-excel'],
    [compoundOf(['PowerPoint Document']), 'a.ppt', '', 'application/vnd.ms-powerpoint'],
  ];
  for (const [content, name, declared, mediaType] of cases) {
    assert.equal((await inspect(content, name, declared)).mediaType, mediaType, name);
  }
  for (const [kind, folderName, extension] of [['wordprocessingml.document', 'word', 'docx'], ['spreadsheetml.sheet', 'xl', 'xlsx'], ['presentationml.presentation', 'ppt', 'pptx']] as const) {
    const mediaType = `application/vnd.openxmlformats-officedocument.${kind}`;
    assert.equal((await inspect(officeOf(mediaType, folderName), `a.${extension}`)).mediaType, mediaType);
  }
});

test('recordings of sound in a container of film are sound when the sender says so', async () => {
  assert.equal((await inspect(webm, 'blob', 'audio/webm;codecs=opus')).mediaType, 'audio/webm');
  assert.equal((await inspect(isoMediaOf('iso5'), '录音.m4a', '')).mediaType, 'audio/mp4');
  assert.equal((await inspect(webm, 'blob', 'video/webm')).mediaType, 'video/webm');
});

test('text is told by its bytes, in UTF-8 and, for tables and notes, in GB 18030', async () => {
  assert.equal((await inspect('水管爆裂，请尽快处理\n', '说明.txt', 'text/plain')).mediaType, 'text/plain');
  assert.equal((await inspect('\uFEFF编号,名称\n1,水泵\n', '设备.csv', 'application/vnd.ms-excel')).mediaType, 'text/csv');
  assert.equal((await inspect('{"a":1}', 'a.json')).mediaType, 'application/json');
  assert.equal((await inspect('<p align="center">标题</p>\n\n# 正文', 'README.md')).mediaType, 'text/markdown');
  assert.equal((await inspect('BMW 车位被占，MZ 号楼', '')).mediaType, 'text/plain');
  assert.equal((await inspect('MZ 号楼电梯故障', '备注.txt')).mediaType, 'text/plain');
  // 编号 in GBK
  const gbk = Buffer.from([0xb1, 0xe0, 0xba, 0xc5, 0x2c, 0x31, 0x0d, 0x0a]);
  assert.equal((await inspect(gbk, '导出.csv')).mediaType, 'text/csv');
  assert.equal(await refused(gbk, '导出'), 'file_type_refused');
  assert.equal(await refused(Buffer.concat([Buffer.from('a,b\n'), Buffer.from([0])]), 'a.csv'), 'file_type_mismatch');
  assert.equal((await inspect('<?xml version="1.0"?><发票><金额>1</金额></发票>', '发票.xml')).mediaType, 'application/xml');
});

test('what runs is refused under its own name', async () => {
  assert.equal(await refused(program, 'setup.exe', 'application/x-msdownload'), 'file_type_refused');
  assert.equal(await refused(elf, 'tool', ''), 'file_type_refused');
  assert.equal(await refused(page, 'index.html', 'text/html'), 'file_type_refused');
  assert.equal(await refused('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', 'logo.svg', 'image/svg+xml'), 'file_type_refused');
  assert.equal(await refused('<?xml version="1.0"?>\n<!-- x -->\n<s:svg xmlns:s="http://www.w3.org/2000/svg"/>', 'a', ''), 'file_type_refused');
  assert.equal(await refused('alert(1)', 'a.js', 'text/javascript'), 'file_type_refused');
  assert.equal(await refused('@echo off', 'a.BAT'), 'file_type_refused');
  assert.equal(await refused('#!/bin/sh\nrm -rf /', 'a'), 'file_type_refused');
  assert.equal(await refused(zipOf({ 'META-INF/MANIFEST.MF': 'Manifest-Version: 1.0' }), 'a.jar'), 'file_type_refused');
  assert.equal(await refused(Buffer.from([9, 8, 7, 0, 1, 2, 3]), 'a.bin'), 'file_type_refused');
  assert.equal(await refused(compoundOf(['!_StringData', 'SummaryInformation']), 'setup.msi'), 'file_type_refused');
});

test('what runs is refused under an innocent name', async () => {
  assert.equal(await refused(page, 'photo.jpg', 'image/jpeg'), 'file_type_mismatch');
  assert.equal(await refused(program, 'photo.jpg', 'image/jpeg'), 'file_type_mismatch');
  assert.equal(await refused(page, 'photo', 'image/jpeg'), 'file_type_mismatch');
  assert.equal(await refused(page, '说明.txt', 'text/plain'), 'file_type_mismatch');
  assert.equal(await refused('\n\n <!-- 注释 --> <ScRiPt>alert(1)</script>', 'a.csv'), 'file_type_mismatch');
  assert.equal(await refused(`<!--${'x'.repeat(9_000)}--><script>alert(1)</script>`, 'a.txt'), 'file_type_mismatch');
  assert.equal(await refused('<html><body>', 'a.md'), 'file_type_mismatch');
  assert.equal(await refused('<?php system($_GET[0]);', 'a.txt'), 'file_type_mismatch');
  assert.equal(await refused('{\\rtf1\\ansi}', 'a.doc'), 'file_type_mismatch');
  assert.equal(await refused(officeOf('application/vnd.ms-word.document.macroEnabled', 'word'), 'a.docx'), 'file_type_mismatch');
  assert.equal(await refused(compoundOf(['Workbook', '_VBA_PROJECT_CUR', 'VBA']), 'a.xls'), 'file_type_mismatch');
  assert.equal(await refused(compoundOf(['!_StringData']), 'a.doc'), 'file_type_mismatch');
  for (const active of [
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>',
    '<?xml version="1.0"?><?xml-stylesheet href="a.xsl"?><x/>',
    `<?xml version="1.0"?><x>${'y'.repeat(100_000)}<h:script xmlns:h="http://www.w3.org/1999/xhtml">alert(1)</h:script></x>`,
  ]) assert.equal(await refused(active, 'a.xml'), 'file_type_mismatch');
});

test('accepted content under a name of another family, or one that systems run, is a lie', async () => {
  assert.equal(await refused(await image('png'), 'photo.exe', 'image/png'), 'file_type_mismatch');
  assert.equal(await refused(await image('png'), 'photo.jpg.scr '), 'file_type_mismatch');
  assert.equal(await refused(await image('png'), '报告.pdf'), 'file_type_mismatch');
  assert.equal(await refused('hello', 'photo.jpg', 'image/jpeg'), 'file_type_mismatch');
  assert.equal(await refused(pdf, 'photo', 'image/jpeg'), 'file_type_mismatch');
  assert.equal(await refused(zipOf({ a: 'a' }), 'a.pdf'), 'file_type_mismatch');
});

test('a name within the family is tolerated, and the file kept as what it is', async () => {
  const found = await inspect(await image('png'), 'photo.jpg', 'image/jpeg');
  assert.deepEqual([found.mediaType, found.name], ['image/png', 'photo.png'], 'under a name that is true');
  assert.equal((await inspect(await image('png'), '现场.JPEG', 'image/jpeg')).name, '现场.png');
  assert.equal((await inspect(await image('jpeg'), 'a.b.png', 'image/png')).name, 'a.b.jpg');
  for (const name of ['a.jpeg', 'a.JPG', 'a.jfif', 'a']) assert.equal((await inspect(await image('jpeg'), name, 'image/jpeg')).name, name, 'which is true already');
  assert.equal((await inspect(zipOf({ 'OFD.xml': '<ofd/>' }), '发票.ofd', '')).mediaType, 'application/zip');
  assert.equal((await inspect(await image('jpeg'), 'image', 'application/octet-stream')).mediaType, 'image/jpeg');
  assert.equal((await inspect(await image('jpeg'), 'photo.unknown', '')).mediaType, 'image/jpeg');
});

test('damaged and oversized images are refused, a blank file too', async () => {
  assert.equal(await refused('', 'a.txt'), 'file_empty');
  assert.equal(await refused(Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.from('not an image at all \0')]), 'a.jpg'), 'file_type_mismatch');
  // A PNG of a few bytes that says it is 30,000 × 30,000.
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const frame = Buffer.alloc(4);
    frame.writeUInt32BE(data.length);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([frame, body, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(30_000, 0);
  header.writeUInt32BE(30_000, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const bomb = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', header), chunk('IDAT', deflateSync(Buffer.alloc(1_000))), chunk('IEND', Buffer.alloc(0))]);
  assert.equal(await refused(bomb, 'a.png', 'image/png'), 'file_too_large');
});

test('limits are said in words', () => {
  assert.equal(sizeInWords(maximumFileBytes), '50 MB');
  assert.equal(sizeInWords(maximumPortalFileBytes), '20 MB');
});
