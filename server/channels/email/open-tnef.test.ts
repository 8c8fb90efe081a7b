import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readMail } from './read-mail.ts';
import { isTnef, openTnef } from './open-tnef.ts';

const number = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
};
const attribute = (level: number, id: number, data: Buffer): Buffer => {
  const sum = Buffer.alloc(2);
  sum.writeUInt16LE(data.reduce((all, byte) => (all + byte) & 0xffff, 0));
  return Buffer.concat([Buffer.from([level]), number(id), number(data.length), data, sum]);
};
const padded = (data: Buffer): Buffer => Buffer.concat([data, Buffer.alloc((4 - (data.length % 4)) % 4)]);
/** Properties of an attachment: a number, a named one, the long name in UTF-16. */
const properties = (name: string): Buffer => {
  const long = Buffer.from(`${name}\0`, 'utf16le');
  return Buffer.concat([number(3), number(0x0e200003), number(5), number(0x80010003), Buffer.alloc(16), number(0), number(7), number(9), number(0x3707001f), number(1), number(long.length), padded(long)]);
};
const packed = Buffer.concat([
  number(0x223e9f78), Buffer.from([1, 0]), attribute(1, 0x00089006, number(0x10000)),
  attribute(2, 0x00069002, Buffer.alloc(14)), attribute(2, 0x00018010, Buffer.from('BAOXIU~1.TXT\0')), attribute(2, 0x0006800f, Buffer.from('第一份')), attribute(2, 0x00069005, properties('报修单 11 月.txt')),
  attribute(2, 0x00069002, Buffer.alloc(14)), attribute(2, 0x00018010, Buffer.from('photo.jpg\0')), attribute(2, 0x0006800f, Buffer.from([0xff, 0xd8, 0xff])),
]);

test('the files within are found, under their whole names', () => {
  assert.ok(isTnef(packed));
  assert.deepEqual(openTnef(packed).map(({ filename, content }) => [filename, content.length]), [['报修单 11 月.txt', 9], ['photo.jpg', 3]]);
});

test('whatever is cut off, changed or made up is read as far as it goes, and nothing is thrown', () => {
  for (let length = 0; length <= packed.length; length += 1) assert.ok(openTnef(packed.subarray(0, length)).length <= 2);
  fc.assert(fc.property(fc.nat(packed.length - 1), fc.integer({ min: 0, max: 255 }), fc.uint8Array({ maxLength: 200 }), (at, byte, tail) => {
    const changed = Buffer.concat([packed, tail]);
    changed[at] = byte;
    assert.ok(openTnef(changed).reduce((sum, { content }) => sum + content.length, 0) <= changed.length);
  }), { numRuns: 2_000 });
});

test('a mail that has one shows the files in its place, and itself where it holds none', async () => {
  const mail = (bytes: Buffer) => Buffer.from(['From: a@example.com', 'Subject: x', 'MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=b', '', '--b', 'Content-Type: text/plain', '', 'see below', '--b', 'Content-Type: application/ms-tnef; name=winmail.dat', 'Content-Disposition: attachment; filename=winmail.dat', 'Content-Transfer-Encoding: base64', '', bytes.toString('base64'), '--b--', ''].join('\r\n'));
  assert.deepEqual((await readMail(mail(packed))).files.map(({ name, contentType }) => [name, contentType]), [['报修单 11 月.txt', 'application/octet-stream'], ['photo.jpg', 'image/jpeg']]);
  assert.deepEqual((await readMail(mail(Buffer.from('no tnef')))).files.map(({ name }) => name), ['winmail.dat']);
});
