import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import Fastify, { type FastifyInstance } from 'fastify';
import { openFolderStore } from './folder-store.ts';
import { downloadHeaders, readRange, sendBlob, type Download } from './headers.ts';

const dispose: (() => Promise<unknown>)[] = [];
let app: FastifyInstance;
let file: Download;
before(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'download-'));
  dispose.push(() => rm(folder, { recursive: true }));
  const store = openFolderStore(folder);
  await writeFile(join(folder, 'source'), '0123456789');
  await store.put('tenant/3f/id', join(folder, 'source'), 'video/mp4');
  file = { storageKey: 'tenant/3f/id', name: '现场.mp4', mediaType: 'video/mp4', size: 10, tag: 'abc' };
  app = Fastify();
  dispose.push(() => app.close());
  app.get('/', (request, reply) => sendBlob(request, reply, store, file, { asAttachment: false }));
  app.get('/unsized', (request, reply) => sendBlob(request, reply, store, { ...file, size: null }, { asAttachment: false }));
  app.get('/missing', (request, reply) => sendBlob(request, reply, store, { ...file, storageKey: 'tenant/3f/none' }, { asAttachment: false }));
});
after(async () => {
  for (const one of dispose.reverse()) await one();
});

const headersOf = (name: string, mediaType: string, asAttachment = false) => downloadHeaders({ name, mediaType, tag: 'x' }, { asAttachment });

test('only what browsers show without running it is shown in the page', () => {
  const shown = ['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif', 'video/mp4', 'video/webm', 'audio/mpeg', 'audio/mp4', 'audio/ogg', 'audio/wav', 'application/pdf'];
  for (const mediaType of shown) assert.match(headersOf('a', mediaType)['content-disposition']!, /^inline;/, mediaType);
  for (const mediaType of ['text/html', 'image/svg+xml', 'text/plain', 'application/json', 'application/xml', 'application/zip', 'image/heic', 'application/octet-stream']) {
    assert.match(headersOf('a', mediaType)['content-disposition']!, /^attachment;/, mediaType);
  }
  assert.match(headersOf('a', 'image/jpeg', true)['content-disposition']!, /^attachment;/);
  for (const mediaType of ['text/plain', 'image/jpeg', 'application/pdf']) {
    const headers = headersOf('a', mediaType);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.match(headers['content-security-policy']!, /default-src 'none'/);
    assert.doesNotMatch(headers['content-security-policy']!, /script|unsafe-eval|allow-/);
    assert.match(headers['cache-control']!, /^private,/);
  }
  assert.match(headersOf('a', 'text/plain')['content-security-policy']!, /^sandbox;/);
  assert.match(headersOf('a', 'application/pdf', true)['content-security-policy']!, /^sandbox;/);
});

test('names travel in both forms and cannot break out of the header', () => {
  assert.equal(headersOf('report 1.pdf', 'application/pdf')['content-disposition'], 'inline; filename="report 1.pdf"');
  assert.equal(headersOf("现场'1'(*).jpg", 'image/jpeg')['content-disposition'], "inline; filename=\"__'1'(*).jpg\"; filename*=UTF-8''%E7%8E%B0%E5%9C%BA%271%27%28%2A%29.jpg");
  assert.equal(headersOf('a"; x="\\.exe\r\nSet-Cookie: a=b', 'text/plain')['content-disposition'], "attachment; filename=\"a_; x=__.exe__Set-Cookie: a=b\"; filename*=UTF-8''a%22%3B%20x%3D%22%5C.exe%0D%0ASet-Cookie%3A%20a%3Db");
});

test('ranges', () => {
  const cases: [string | undefined, ReturnType<typeof readRange>][] = [
    [undefined, 'whole'], ['bytes=0-', { start: 0, end: 9 }], ['bytes=2-4', { start: 2, end: 4 }], ['bytes=5-99', { start: 5, end: 9 }],
    ['bytes=-3', { start: 7, end: 9 }], ['bytes=-99', { start: 0, end: 9 }], ['bytes=9-9', { start: 9, end: 9 }],
    ['bytes=10-', 'none'], ['bytes=-0', 'none'], ['bytes=4-2', 'whole'], ['bytes=0-1,3-4', 'whole'], ['items=0-1', 'whole'], ['bytes=-', 'whole'],
    ['bytes=99999999999999999999-', 'whole'],
  ];
  for (const [header, expected] of cases) assert.deepEqual(readRange(header, 10), expected, header);
  assert.equal(readRange('bytes=0-', 0), 'none');
});

test('the whole, a part, nothing new, and what is not there', async () => {
  const get = (headers: Record<string, string> = {}, url = '/', method: 'GET' | 'HEAD' = 'GET') => app.inject({ method, url, headers });
  const whole = await get();
  assert.deepEqual([whole.statusCode, whole.body, whole.headers['content-length'], whole.headers['content-type'], whole.headers['accept-ranges'], whole.headers.etag], [200, '0123456789', '10', 'video/mp4', 'bytes', '"abc"']);
  const part = await get({ range: 'bytes=2-4' });
  assert.deepEqual([part.statusCode, part.body, part.headers['content-length'], part.headers['content-range']], [206, '234', '3', 'bytes 2-4/10']);
  assert.equal((await get({ range: 'bytes=2-4', 'if-range': '"abc"' })).statusCode, 206);
  assert.equal((await get({ range: 'bytes=2-4', 'if-range': '"old"' })).body, '0123456789');
  const beyond = await get({ range: 'bytes=10-' });
  assert.deepEqual([beyond.statusCode, beyond.body, beyond.headers['content-range'], beyond.headers['content-type']], [416, '', 'bytes */10', undefined]);
  for (const known of ['"abc"', 'W/"abc"', '"x", "abc"', '*']) assert.equal((await get({ 'if-none-match': known })).statusCode, 304, known);
  assert.equal((await get({ 'if-none-match': '"x"' })).statusCode, 200);
  const head = await get({}, '/', 'HEAD');
  assert.deepEqual([head.statusCode, head.body, head.headers['content-length']], [200, '', '10']);
  const unsized = await get({ range: 'bytes=2-4' }, '/unsized');
  assert.deepEqual([unsized.statusCode, unsized.body, unsized.headers['accept-ranges']], [200, '0123456789', undefined]);
});

test('when the bytes are missing, no header of the file has been set', async () => {
  const answer = await app.inject({ url: '/missing', headers: { range: 'bytes=2-4' } });
  assert.equal(answer.statusCode, 500);
  assert.equal(answer.headers.etag, undefined);
  assert.equal(answer.headers['content-disposition'], undefined);
});
