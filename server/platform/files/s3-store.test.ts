import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import type { BlobStore, StoredBlob } from './blob-store.ts';
import { BlobMissing } from './blob-store.ts';
import { openBlobStore } from './open-blob-store.ts';
import { openS3Store } from './s3-store.ts';

const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
const region = 'cn-north-1';

const sha256 = (data: Buffer | string) => createHash('sha256').update(data).digest('hex');
const hmac = (key: Buffer | string, data: string) => createHmac('sha256', key).update(data).digest();

/**
 * What is wrong with the signature of a request, or null: recomputed as
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html describes.
 */
function signatureFault(request: IncomingMessage, body: Buffer): string | null {
  const match = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(request.headers.authorization ?? '');
  if (!match) return 'no signature of version 4';
  const [, accessKeyId, day, place, signedHeaders, signature] = match as unknown as [string, string, string, string, string, string];
  if (accessKeyId !== credentials.accessKeyId || place !== region) return 'another key or region';
  const signed = signedHeaders.split(';');
  for (const needed of ['host', 'x-amz-content-sha256', 'x-amz-date']) if (!signed.includes(needed)) return `${needed} is not signed`;
  const declared = String(request.headers['x-amz-content-sha256']);
  if (declared !== sha256(body)) return 'the signature does not cover the body';
  const time = String(request.headers['x-amz-date']);
  if (!time.startsWith(day) || Math.abs(Date.now() - Date.parse(time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))) > 900_000) return 'signed at another time';
  const url = new URL(request.url ?? '/', 'http://host');
  const encode = (text: string) => encodeURIComponent(text).replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  const query = [...url.searchParams].map(([name, value]) => `${encode(name)}=${encode(value)}`).sort().join('&');
  const canonical = [
    request.method, url.pathname, query,
    ...signed.map((name) => `${name}:${String(request.headers[name] ?? '').trim().replaceAll(/ +/g, ' ')}`), '',
    signedHeaders, declared,
  ].join('\n');
  const scope = `${day}/${region}/s3/aws4_request`;
  const key = hmac(hmac(hmac(hmac(`AWS4${credentials.secretAccessKey}`, day), region), 's3'), 'aws4_request');
  const expected = createHmac('sha256', key).update(`AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonical)}`).digest('hex');
  return expected === signature ? null : 'the signature is wrong';
}

/** A service that speaks as much S3 as a blob store needs, and trusts no unsigned request. */
let server: Server;
const objects = new Map<string, { body: Buffer; type: string }>();
let requests: string[] = [];
let faults: string[] = [];
/** How many objects it lists at a time, at most. */
let mostListed = 1_000;
/** How many of the next requests it is too busy for. */
let busy = 0;

function answerError(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' }).end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`);
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await buffer(request);
  requests.push(`${request.method} ${request.url}`);
  const fault = signatureFault(request, body);
  if (fault !== null) {
    faults.push(fault);
    return answerError(response, 403, 'SignatureDoesNotMatch');
  }
  if (busy > 0) {
    busy -= 1;
    return answerError(response, 503, 'SlowDown');
  }
  const [, bucket, ...rest] = new URL(request.url ?? '/', 'http://host').pathname.split('/');
  if (bucket !== 'bucket') return answerError(response, 404, 'NoSuchBucket');
  const key = rest.join('/');
  const asked = new URL(request.url ?? '/', 'http://host').searchParams;
  if (request.method === 'GET' && asked.get('list-type') === '2') {
    const [prefix, after, most] = [asked.get('prefix') ?? '', asked.get('start-after') ?? '', Math.min(Number(asked.get('max-keys')), mostListed)];
    const found = [...objects.keys()].filter((name) => name.startsWith(prefix) && name > after).sort();
    const shown = found.slice(0, most).map((name) => `<Contents><Key>${name}</Key><LastModified>2026-11-21T08:00:00.000Z</LastModified><Size>1</Size></Contents>`);
    return void response.writeHead(200, { 'content-type': 'application/xml' }).end(`<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>bucket</Name><IsTruncated>${found.length > most}</IsTruncated>${shown.join('')}</ListBucketResult>`);
  }
  const found = objects.get(key);
  if (request.method === 'PUT') {
    objects.set(key, { body, type: String(request.headers['content-type']) });
    response.writeHead(200, { etag: '"x"' }).end();
  } else if (request.method === 'DELETE') {
    objects.delete(key);
    response.writeHead(204).end();
  } else if (!found) {
    answerError(response, 404, 'NoSuchKey');
  } else {
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    if (!range) return void response.writeHead(200, { 'content-type': found.type, 'content-length': found.body.length }).end(found.body);
    const part = found.body.subarray(Number(range[1]), Number(range[2]) + 1);
    response.writeHead(206, { 'content-length': part.length, 'content-range': `bytes ${range[1]}-${range[2]}/${found.body.length}` }).end(part);
  }
}

let folder: string;
let store: BlobStore;
let endpoint: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 's3-store-'));
  server = createServer((request, response) => void serve(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  store = openS3Store({ bucket: 'bucket', prefix: 'bihuan/files/', region, endpoint, credentials, workFolder: folder });
});
after(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});
/** Forgets what earlier tests left with the service. */
function startAfresh(): void {
  requests = [];
  faults = [];
  busy = 0;
  objects.clear();
}

async function source(content: Buffer | string): Promise<string> {
  const path = join(folder, 'source');
  await writeFile(path, content);
  return path;
}

test('blobs are put under the prefix and got back, whole and in ranges, every request rightly signed', async () => {
  startAfresh();
  // Larger than any buffer on the way.
  const content = Buffer.alloc(3_000_000, 'Bihuan 闭环 ');
  await store.put('tenant/3f/id', await source(content), 'image/png');
  assert.deepEqual([...objects.keys()], ['bihuan/files/tenant/3f/id']);
  assert.equal(objects.get('bihuan/files/tenant/3f/id')?.type, 'image/png');
  assert.ok(content.equals(await buffer(await store.get('tenant/3f/id'))));
  assert.ok(content.subarray(1_000, 2_001).equals(await buffer(await store.get('tenant/3f/id', { start: 1_000, end: 2_000 }))));
  await store.remove('tenant/3f/id');
  await store.remove('tenant/3f/id');
  assert.equal(objects.size, 0);
  assert.deepEqual(faults, []);
});

async function everything(blobs: AsyncIterable<StoredBlob>): Promise<StoredBlob[]> {
  const found: StoredBlob[] = [];
  for await (const blob of blobs) found.push(blob);
  return found;
}

test('all blobs under the prefix are listed page by page, from any place on; what else is in the bucket is nobody’s business', async () => {
  startAfresh();
  const keys = ['t/3f/1', 't/3f/1-thumbnail', 't/3f/2', 't/40/1', 'u/3f/1'];
  for (const key of keys) await store.put(key, await source('x'), 'text/plain');
  objects.set('bihuan/files/READ.ME', { body: Buffer.from('x'), type: '' });
  objects.set('bihuan/other/t/3f/1', { body: Buffer.from('x'), type: '' });
  const listed = async (from: BlobStore, after = '') => (await everything(from.list(after))).map((blob) => blob.key);
  for (const most of [1_000, 2, 1]) {
    mostListed = most;
    requests = [];
    assert.deepEqual(await listed(store), keys);
    for (const [index, key] of keys.entries()) assert.deepEqual(await listed(store, key), keys.slice(index + 1), key);
  }
  mostListed = 1_000;
  assert.deepEqual((await everything(store.list('t/40/1')))[0], { key: 'u/3f/1', storedAt: new Date('2026-11-21T08:00:00Z') });
  const whole = openS3Store({ bucket: 'bucket', prefix: '', region, endpoint, credentials, workFolder: folder });
  assert.ok((await listed(whole)).includes('bihuan/files/t/3f/1'));
  assert.deepEqual(faults, []);
});

test('an empty blob', async () => {
  startAfresh();
  await store.put('tenant/3f/empty', await source(''), 'text/plain');
  assert.equal((await buffer(await store.get('tenant/3f/empty'))).length, 0);
});

test('a missing blob is missing, a missing bucket is an error', async () => {
  startAfresh();
  await assert.rejects(store.get('tenant/3f/none'), BlobMissing);
  const elsewhere = openS3Store({ bucket: 'nowhere', prefix: '', region, endpoint, credentials, workFolder: folder });
  await assert.rejects(elsewhere.get('tenant/3f/none'), { name: 'NoSuchBucket' });
});

test('while the service is busy, requests are repeated', async () => {
  startAfresh();
  busy = 1;
  await store.put('tenant/3f/id', await source('patience'), 'text/plain');
  assert.equal(requests.length, 2);
  busy = 1;
  assert.equal((await buffer(await store.get('tenant/3f/id'))).toString(), 'patience');
  busy = 1;
  await store.remove('tenant/3f/id');
  assert.equal(objects.size, 0);
  assert.equal(requests.length, 6);
  assert.deepEqual(faults, []);
});

test('a wrong key is refused at once, without repeating', async () => {
  startAfresh();
  const stranger = openS3Store({ bucket: 'bucket', prefix: '', region, endpoint, credentials: { ...credentials, secretAccessKey: 'guessed' }, workFolder: folder });
  await assert.rejects(stranger.put('tenant/3f/id', await source('x'), 'text/plain'), { name: 'SignatureDoesNotMatch' });
  assert.equal(requests.length, 1);
  assert.equal(objects.size, 0);
});

test('no key leads out of the prefix', async () => {
  startAfresh();
  await assert.rejects(store.get('../other/id'), /not a blob key/);
  assert.equal(requests.length, 0);
});

test('BLOB_URL chooses between folder and bucket', async () => {
  startAfresh();
  const chosen = openBlobStore({
    dataDirectory: folder,
    blobs: { kind: 's3', bucket: 'bucket', prefix: 'p/', region, endpoint, pathStyle: true, ...credentials, sessionToken: undefined },
  });
  await chosen.put('tenant/3f/id', await source('x'), 'text/plain');
  assert.deepEqual([...objects.keys()], ['p/tenant/3f/id']);
  const local = openBlobStore({ dataDirectory: folder, blobs: { kind: 'folder', directory: join(folder, 'files') } });
  await local.put('tenant/3f/id', await source('y'), 'text/plain');
  assert.equal((await buffer(await local.get('tenant/3f/id'))).toString(), 'y');
  await writeFile(join(folder, 'taken'), '');
  assert.throws(() => openBlobStore({ dataDirectory: folder, blobs: { kind: 'folder', directory: join(folder, 'taken') } }), /^ConfigurationError: BLOB_URL must name a folder .* \(EEXIST\)\.$/);
  assert.throws(() => openBlobStore({ dataDirectory: join(folder, 'taken'), blobs: { kind: 'folder', directory: join(folder, 'taken', 'files') } }), /DATA_DIR must name a folder/);
});
