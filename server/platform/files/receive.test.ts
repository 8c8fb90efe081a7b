import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import fastifyMultipart from '@fastify/multipart';
import Fastify, { type FastifyInstance } from 'fastify';
import { Refusal } from '../errors/refusal.ts';
import { sendProblem } from '../http/problem.ts';
import { receiveFile, type ReceivedFile } from './receive.ts';

const maximumBytes = 1_000_000;
let work: string;
let app: FastifyInstance;
let url: string;
let seen: (ReceivedFile & { content: Buffer }) | undefined;
let ended: Promise<void>;
let begun: (() => void) | undefined;
let silence: number | undefined;

before(async () => {
  work = await mkdtemp(join(tmpdir(), 'receive-'));
  app = Fastify({ bodyLimit: 1_000 });
  await app.register(fastifyMultipart, { limits: { fileSize: 50_000_000 } });
  app.setErrorHandler((error, request, reply) => {
    assert.ok(error instanceof Refusal, String(error));
    return sendProblem(request, reply, error);
  });
  app.addContentTypeParser('text/plain', (_request, _body, done) => done(null));
  app.post('/', (request, reply) => {
    const run = async () => {
      const received = await receiveFile(request, join(work, 'in'), { maximumBytes, ...(silence ? { silence } : {}) });
      try {
        seen = { ...received, content: await readFile(received.path) };
      } finally {
        await received.dispose();
      }
      return reply.send({ size: received.size });
    };
    const running = run();
    ended = running.then(() => {}, () => {});
    begun?.();
    return running;
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/`;
});
after(async () => {
  await app.close();
  await rm(work, { recursive: true });
});

const leftovers = async () => (await readdir(join(work, 'in')).catch(() => []));

async function post(form: FormData | string, headers: Record<string, string> = {}): Promise<{ status: number; body: { code?: string; title?: string; size?: number } }> {
  seen = undefined;
  const answer = await fetch(url, { method: 'POST', body: form, headers });
  const body = await answer.json() as { code?: string };
  assert.deepEqual(await leftovers(), [], 'nothing stays in the work folder');
  return { status: answer.status, body };
}

function form(...parts: [name: string, value: string | Buffer, fileName?: string, type?: string][]): FormData {
  const made = new FormData();
  for (const [name, value, fileName, type] of parts) {
    if (fileName === undefined) made.append(name, String(value));
    else made.append(name, new Blob([new Uint8Array(Buffer.from(value))], { type: type ?? '' }), fileName);
  }
  return made;
}

test('one file and its fields, before and after it', async () => {
  const content = Buffer.alloc(maximumBytes, '闭环');
  const { status } = await post(form(['purpose', 'photo'], ['file', content, '现场 照片.jpg', 'image/jpeg'], ['visibility', 'public']));
  assert.equal(status, 200);
  assert.ok(seen);
  assert.equal(seen.declaredName, '现场 照片.jpg');
  assert.equal(seen.declaredType, 'image/jpeg');
  assert.deepEqual(seen.fields, { purpose: 'photo', visibility: 'public' });
  assert.equal(seen.size, maximumBytes);
  assert.ok(seen.content.equals(content));
  assert.ok(seen.sha256.equals(createHash('sha256').update(content).digest()));
});

test('a name may come percent-encoded (RFC 8187)', async () => {
  const body = '--b\r\nContent-Disposition: form-data; name="file"; filename*=UTF-8\'\'%E7%85%A7%E7%89%87.jpg\r\n\r\nx\r\n--b--\r\n';
  await post(body, { 'content-type': 'multipart/form-data; boundary=b' });
  assert.equal(seen?.declaredName, '照片.jpg');
});

test('a name is what it was before a browser escaped it for the header', async () => {
  await post('--b\r\nContent-Disposition: form-data; name="file"; filename="%22x%22%0D%0Ay 100%.jpg"\r\n\r\nx\r\n--b--\r\n', { 'content-type': 'multipart/form-data; boundary=b' });
  assert.equal(seen?.declaredName, '"x"  y 100%.jpg');
});

test('a file one byte too large is refused with the limit in words', async () => {
  const { status, body } = await post(form(['file', Buffer.alloc(maximumBytes + 1), 'a']), { 'accept-language': 'en' });
  assert.equal(status, 413);
  assert.equal(body.code, 'file_too_large');
  assert.equal(body.title, 'The file is too large. The limit is 1 MB.');
});

test('a sender of far too much still gets to read the answer, on a connection that goes on', async () => {
  const start = '--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n';
  const end = '\r\n--b--\r\n';
  const head = (length: number) => `POST / HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: ${length}\r\n\r\n`;
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
  let answers = '';
  socket.on('data', (chunk: Buffer) => {
    answers += chunk.toString();
  });
  const answered = async (pattern: RegExp) => {
    while (!pattern.test(answers)) await once(socket, 'data');
    answers = '';
  };
  socket.write(head(30_000_000 + start.length + end.length) + start);
  for (let sent = 0; sent < 30; sent += 1) if (!socket.write(Buffer.alloc(1_000_000))) await once(socket, 'drain');
  socket.write(end);
  await answered(/^HTTP\/1\.1 413 [^]*file_too_large/);
  socket.write(`${head(start.length + 5 + end.length)}${start}hello${end}`);
  await answered(/^HTTP\/1\.1 200 [^]*\{"size":5\}/);
  socket.destroy();
  assert.deepEqual(await leftovers(), []);
});

test('what is no form with one file is refused', async () => {
  const cases: [FormData | string, Record<string, string>, number, string][] = [
    [form(['purpose', 'photo']), {}, 422, 'file_missing'],
    [form(['file', 'only a text']), {}, 422, 'file_missing'],
    [form(['other', 'x', 'a.txt']), {}, 422, 'file_missing'],
    [form(['file', 'x', 'a.txt'], ['file', 'y', 'b.txt']), {}, 422, 'invalid_input'],
    [form(['purpose', 'x'.repeat(5_000)], ['file', 'x', 'a.txt']), {}, 422, 'invalid_input'],
    [form(...Array.from({ length: 20 }, (_, index) => [`f${index}`, 'x'] as [string, string]), ['file', 'x', 'a.txt']), {}, 422, 'invalid_input'],
    [form(['__proto__', 'x'], ['file', 'x', 'a.txt']), {}, 422, 'invalid_input'],
    ['--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\ncut off', { 'content-type': 'multipart/form-data; boundary=b' }, 422, 'invalid_input'],
    ['x', { 'content-type': 'multipart/form-data' }, 422, 'invalid_input'],
    ['', { 'content-type': 'multipart/form-data; boundary=b' }, 422, 'file_missing'],
    ['plain', { 'content-type': 'text/plain' }, 415, 'unsupported_media_type'],
  ];
  for (const [body, headers, status, code] of cases) {
    const answer = await post(body, headers);
    assert.deepEqual([answer.status, answer.body.code], [status, code], JSON.stringify(headers));
  }
});

test('a sender that leaves, at once or midway, or falls silent, leaves nothing behind', async () => {
  const { port } = app.server.address() as AddressInfo;
  for (const manner of ['at once', 'midway', 'silent']) {
    silence = manner === 'silent' ? 30 : undefined;
    const arrived = Promise.withResolvers<void>();
    begun = arrived.resolve;
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    const closed = once(socket, 'close');
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 900000\r\n\r\n--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nhalf a');
    await arrived.promise;
    if (manner === 'midway') while ((await leftovers()).length === 0);
    if (manner !== 'silent') socket.destroy();
    await closed;
    await ended;
    assert.deepEqual(await leftovers(), [], manner);
  }
  silence = undefined;
});
