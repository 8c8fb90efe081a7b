import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { after, before, beforeEach, test } from 'node:test';
import type { Fixture } from './fixture/main.ts';
import { openBrowser, type TestBrowser, type TestPage } from '../../test/support/browser.ts';
import { serveFaces, type ApiAnswer } from '../../test/support/faces.ts';
import { buildFixturePage } from '../../test/support/fixture-page.ts';

declare const fixture: Fixture;

type Seen = { method: string; url: string; headers: IncomingMessage['headers']; body: string };

let page: TestPage;
let chromium: TestBrowser;
let site: Awaited<ReturnType<typeof serveFaces>>;
let built: Awaited<ReturnType<typeof buildFixturePage>>;
let seen: Seen[] = [];
let respond: (seen: Seen, ...rest: Parameters<ApiAnswer>) => void = (_seen, _request, response) => response.writeHead(204).end();

before(async () => {
  built = await buildFixturePage();
  site = await serveFaces({
    pages: { '/fixture/': built.folder },
    async answer(request, response) {
      if (request.url === '/api/v1/feed') {
        response.writeHead(204).end();
        return;
      }
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const one = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString('latin1') };
      seen.push(one);
      respond(one, request, response);
    },
  });
  chromium = await openBrowser();
  page = await chromium.newPage({ baseURL: site.url });
  await page.goto('/fixture/');
});

after(async () => {
  await chromium?.close();
  await site?.close();
  await built?.remove();
});

beforeEach(() => {
  seen = [];
});

const json = (body: unknown, status = 200, headers: Record<string, string> = {}): typeof respond => (_seen, _request, response) => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
};

test('a list is asked for with its query and tells its next page', async () => {
  respond = json([{ id: '1' }], 200, { link: '</api/v1/tickets?cursor=abc>; rel="next"', etag: '"v1"' });
  const answer = await page.evaluate(() => fixture.api.get('/tickets', { query: { status: ['new', 'open'], q: '漏水', limit: 50, team: null } }));
  assert.deepEqual(answer, { data: [{ id: '1' }], status: 200, etag: '"v1"', next: '/api/v1/tickets?cursor=abc' });
  assert.equal(seen[0]?.url, `/api/v1/tickets?status=new&status=open&q=${encodeURIComponent('漏水')}&limit=50`);
  assert.equal(seen[0]?.headers['accept-language'], 'zh-CN');
  await page.evaluate((next) => fixture.api.get(next as string), answer.next);
  assert.equal(seen[1]?.url, '/api/v1/tickets?cursor=abc');
});

test('a change carries the token of the session, the ETag it is based on, and on POST a fresh key', async () => {
  respond = json({ csrfToken: 'token-1', staff: { id: 's' } });
  await page.evaluate(() => fixture.api.session());
  respond = json({}, 201);
  await page.evaluate(async () => {
    await fixture.api.post('/tickets', { subject: '水管爆裂' });
    await fixture.api.post('/tickets', { subject: '水管爆裂' });
    await fixture.api.patch('/tickets/1', { priority: 'urgent' }, { ifMatch: '"v1"' });
  });
  const [, first, second, change] = seen;
  assert.equal(first?.headers['x-csrf-token'], 'token-1');
  assert.match(String(first?.headers['idempotency-key']), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.notEqual(first?.headers['idempotency-key'], second?.headers['idempotency-key']);
  assert.equal(Buffer.from(first?.body ?? '', 'latin1').toString('utf8'), '{"subject":"水管爆裂"}');
  assert.equal(change?.headers['if-match'], '"v1"');
  assert.equal(change?.headers['idempotency-key'], undefined);
});

test('an attempt that the network lost is repeated with the same key, a change without a key is not', async () => {
  respond = (_seen, request, response) => (seen.length < 3 ? request.socket.destroy() : json({ id: 't' }, 201)(_seen, request, response));
  const posted = await page.evaluate(() => fixture.outcome(() => fixture.api.post<{ id: string }>('/tickets', { subject: 'a' })));
  assert.equal(posted.result?.data.id, 't');
  assert.equal(seen.length, 3);
  assert.equal(new Set(seen.map(({ headers }) => headers['idempotency-key'])).size, 1);
  seen = [];
  respond = (_seen, _request, response) => void response.writeHead(503).end();
  const patched = await page.evaluate(() => fixture.outcome(() => fixture.api.patch('/tickets/1', {})));
  assert.equal(patched.problem?.status, 503);
  assert.equal(seen.length, 1);
});

test('while another attempt with its key runs, a request waits and asks for that one’s answer', async () => {
  respond = (...given) => (seen.length < 5 ? json({ code: 'idempotency_key_in_flight', title: '请稍候' }, 409) : json({ id: 't' }, 201))(...given);
  const posted = await page.evaluate(() => fixture.outcome(() => fixture.api.post<{ id: string }>('/tickets', {}, { idempotencyKey: 'k' })));
  assert.equal(posted.result?.data.id, 't');
  assert.deepEqual(seen.map(({ headers }) => headers['idempotency-key']), Array(5).fill('k'));
  seen = [];
  respond = json({ code: 'idempotency_key_in_flight', title: '请稍候' }, 409);
  const never = await page.evaluate(() => fixture.outcome(() => fixture.api.post('/tickets', {})));
  assert.deepEqual([never.problem?.code, seen.length], ['idempotency_key_in_flight', 11], 'but not for ever');
});

test('without a network the problem says so in the language in use', async () => {
  await page.context().setOffline(true);
  const lost = await page.evaluate(() => fixture.outcome(() => fixture.api.get('/tickets')));
  await page.context().setOffline(false);
  assert.equal(lost.problem?.code, 'network_unreachable');
  assert.match(lost.problem?.title ?? '', /网络/);
});

test('a refusal becomes a problem with its code and its fields, and HTML from a proxy a sentence', async () => {
  const errors = [{ path: '/subject', code: 'too_long', message: '主题最多 200 个字' }];
  respond = json({ status: 422, code: 'invalid_input', title: '提交的内容有误', errors, type: '/api/docs/refusals#invalid_input', organizations: [{ slug: 'a' }] }, 422);
  const refused = await page.evaluate(() => fixture.outcome(() => fixture.api.post('/tickets', {})));
  assert.deepEqual(refused.problem, { status: 422, code: 'invalid_input', title: '提交的内容有误', errors, extensions: { organizations: [{ slug: 'a' }] }, retryAfter: undefined });
  respond = (_seen, _request, response) => void response.writeHead(429, { 'retry-after': '7' }).end('<h1>slow down</h1>');
  const limited = await page.evaluate(() => fixture.outcome(() => fixture.api.get('/tickets')));
  assert.equal(limited.problem?.code, 'answer_unreadable');
  assert.equal(limited.problem?.retryAfter, 7);
});

test('a stale session token is fetched anew, once', async () => {
  respond = (one, request, response) => {
    if (one.url.endsWith('/session')) json({ csrfToken: 'token-2', staff: { id: 's' } })(one, request, response);
    else if (one.headers['x-csrf-token'] === 'token-2') json({ done: true })(one, request, response);
    else json({ code: 'csrf_token_invalid', title: '请刷新' }, 403)(one, request, response);
  };
  const answer = await page.evaluate(async () => {
    fixture.api.setCsrfToken('stale');
    return fixture.outcome(() => fixture.api.delete<{ done: boolean }>('/tickets/1/watchers/me'));
  });
  assert.equal(answer.result?.data.done, true);
  assert.deepEqual(seen.map(({ method }) => method), ['DELETE', 'GET', 'DELETE']);
});

test('a file sent with a stale token is sent again with the one that holds', async () => {
  respond = (one, request, response) => {
    if (one.url.endsWith('/session')) json({ csrfToken: 'token-3', staff: { id: 's' } })(one, request, response);
    else if (one.headers['x-csrf-token'] === 'token-3') json({ id: 'f1' }, 201)(one, request, response);
    else json({ code: 'csrf_token_missing', title: '请刷新' }, 403)(one, request, response);
  };
  const answer = await page.evaluate(async () => {
    fixture.api.setCsrfToken(null);
    return fixture.outcome(() => fixture.api.upload(new Blob(['x']), { name: 'x.jpg' }));
  });
  assert.equal((answer.result as { id: string } | undefined)?.id, 'f1');
  assert.deepEqual(seen.map(({ method }) => method), ['POST', 'GET', 'POST']);
});

test('a file whose way was cut off is sent again under the same key', async () => {
  respond = (one, request, response) => {
    if (seen.length === 1) request.socket.destroy();
    else if (seen.length === 2) json({ code: 'unavailable', title: '稍后再试' }, 503)(one, request, response);
    else json({ id: 'f1' }, 201)(one, request, response);
  };
  const answer = await page.evaluate(() => fixture.outcome(() => fixture.api.upload(new Blob(['x']), { name: 'x.csv' })));
  assert.equal((answer.result as { id: string } | undefined)?.id, 'f1');
  assert.equal(seen.length, 3);
  assert.equal(new Set(seen.map(({ headers }) => headers['idempotency-key'])).size, 1);
});

test('the end of the session is announced, and asking who is signed in is no error', async () => {
  respond = json({ code: 'not_signed_in', title: '请先登录' }, 401);
  const told = await page.evaluate(async () => {
    let count = 0;
    const stop = fixture.api.onSignedOut(() => (count += 1));
    const session = await fixture.api.session();
    const afterSession = count;
    await fixture.outcome(() => fixture.api.get('/tickets'));
    stop();
    return { session, afterSession, count };
  });
  assert.deepEqual(told, { session: null, afterSession: 0, count: 1 });
});

test('a file is sent as a form and tells its progress', async () => {
  respond = json({ id: 'f1', name: '照片.jpg' }, 201);
  const sent = await page.evaluate(async () => {
    const shares: number[] = [];
    const file = await fixture.api.upload(new Blob([new Uint8Array(300_000)]), { name: '照片.jpg', onProgress: (share) => shares.push(share) });
    return { id: file.id, last: shares[shares.length - 1] };
  });
  assert.deepEqual(sent, { id: 'f1', last: 1 });
  assert.match(String(seen[0]?.headers['content-type']), /^multipart\/form-data; boundary=/);
  assert.match(Buffer.from(seen[0]?.body.slice(0, 400) ?? '', 'latin1').toString('utf8'), /name="file"; filename="照片\.jpg"/);
});
