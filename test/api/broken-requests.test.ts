import assert from 'node:assert/strict';
import { connect, type AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { refusals, type RefusalCode } from '../../contract/refusals.ts';
import { securityHeaders } from '../../server/platform/http/security-headers.ts';
import { buildServer } from '../../server/platform/http/server.ts';
import { openIdentify } from '../../server/records/access/identify.ts';
import { routes } from '../../server/routes.ts';
import { openTestProgram, type TestProgram } from '../support/program.ts';
import { writesNothing } from './scene.ts';

describe('a request that is none, or never ends', { timeout: 60_000 }, () => {
  let program: TestProgram;
  let app: FastifyInstance;
  let port: number;

  before(async () => {
    program = await openTestProgram();
    app = await buildServer({
      routes, services: program.services, identify: openIdentify(program.services), log: program.services.log, trustProxy: false, secureCookies: false,
      patience: { body: 50, request: 3_600_000 },
    });
    await app.listen({ host: '127.0.0.1', port: 0 });
    ({ port } = app.server.address() as AddressInfo);
  });
  after(async () => {
    await app.close();
    await program.close();
  });

  /** What comes back until the server closes the connection; `trickle` is sent again and again meanwhile. */
  const talk = (text: string, trickle?: string) => new Promise<string>((resolve) => {
    let got = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    const drops = trickle === undefined ? undefined : setInterval(() => socket.writable && socket.write(trickle), 5);
    socket.setEncoding('utf8');
    socket.on('data', (part: string) => void (got += part));
    socket.on('error', () => {});
    socket.on('close', () => {
      clearInterval(drops);
      resolve(got);
    });
  });

  function assertAnswer(text: string, code: RefusalCode, language: 'zh' | 'en', message: string): void {
    const [head = '', body = ''] = text.split('\r\n\r\n');
    const [status, ...lines] = head.split('\r\n');
    const headers = Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]));
    assert.match(status!, new RegExp(`^HTTP/1.1 ${refusals[code].status} `), `${message}: ${text}`);
    assert.equal(headers['content-type'], 'application/problem+json; charset=utf-8', message);
    assert.equal(headers['connection'], 'close', message);
    for (const [name, value] of Object.entries(securityHeaders(false))) assert.equal(headers[name], value, `${message} ${name}`);
    const problem = JSON.parse(body);
    assert.deepEqual([problem.code, problem.status, problem.title], [code, refusals[code].status, refusals[code][language].replace('{limit}', '16 KB')], message);
    assert.match(problem.requestId, /^[0-9a-f]{16}$/, message);
    assert.equal(headers['x-request-id'], problem.requestId, message);
  }

  const ask = (...lines: string[]) => `${['POST /api/v1/session HTTP/1.1', 'Host: x', 'Content-Type: application/json', ...lines].join('\r\n')}\r\n\r\n`;

  test('that no parser understands is answered like every other refusal, in the language it asks for', async () => {
    const broken: [what: string, text: string, code: RefusalCode][] = [
      ['a length that is no number', ask('Content-Length: abc'), 'malformed_request'],
      ['two lengths', ask('Content-Length: 2', 'Content-Length: 3'), 'malformed_request'],
      ['a length and chunks', ask('Content-Length: 2', 'Transfer-Encoding: chunked'), 'malformed_request'],
      ['a header without a name', ask(': x'), 'malformed_request'],
      ['no such method', 'HURRY /api/v1/session HTTP/1.1\r\nHost: x\r\n\r\n', 'malformed_request'],
      ['no host', 'GET /api/v1/session HTTP/1.1\r\n\r\n', 'malformed_request'],
      ['no HTTP', '\u0016\u0003\u0001 hello\r\n\r\n', 'malformed_request'],
      ['headers without end', ask(`X-Long: ${'x'.repeat(20_000)}`), 'headers_too_large'],
    ];
    await writesNothing(program, async () => {
      for (const [what, text, code] of broken) assertAnswer(await talk(text), code, 'zh', what);
    });
    assertAnswer(await talk(ask('Accept-Language: en', 'Content-Length: abc')), 'malformed_request', 'en', 'in English');
  });

  test('with a body that trickles in is given up and told so; one that comes in time is not', async () => {
    await writesNothing(program, async () => {
      assertAnswer(await talk(ask('Accept-Language: en', 'Content-Length: 1000000'), ' '), 'request_timed_out', 'en', 'a length');
      assertAnswer(await talk(ask('Transfer-Encoding: chunked'), '1\r\n \r\n'), 'request_timed_out', 'zh', 'chunks');
    });
    assert.match(await talk(ask('Content-Length: 2', 'Connection: close') + '{}'), /^HTTP\/1.1 422 /);
  });

  test('is bounded as a whole, uploads too', () => {
    assert.equal(app.server.requestTimeout, 3_600_000);
    assert.ok(app.server.headersTimeout > 0 && app.server.headersTimeout <= 60_000);
  });
});
