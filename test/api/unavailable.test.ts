import assert from 'node:assert/strict';
import { connect, type AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import type { FastifyInstance } from 'fastify';
import { describeRefusal, type Language } from '../../contract/refusals.ts';
import { openDatabase, type Transaction } from '../../server/platform/db/database.ts';
import { buildServer } from '../../server/platform/http/server.ts';
import { route, useCase, type Route, type UseCase } from '../../server/platform/http/use-case.ts';
import { openIdentify } from '../../server/records/access/identify.ts';
import { routes } from '../../server/routes.ts';
import { openTestProgram, type Answer, type TestProgram } from '../support/program.ts';
import { assertProblem } from './scene.ts';

describe('what cannot be answered just now', { timeout: 60_000 }, () => {
  let program: TestProgram;
  before(async () => {
    program = await openTestProgram();
  });
  after(() => program.close());

  const serve = (own: readonly Route[], services = program.services): Promise<FastifyInstance> =>
    buildServer({ routes: own, services, identify: openIdentify(services), log: program.services.log, trustProxy: false, secureCookies: false });
  const doing = (run: UseCase['run']) => ({ ...useCase({ summary: 'x', answer: null, run: async () => {} }), run });

  async function ask(app: FastifyInstance, method: 'GET' | 'POST', url: string, language: Language, body?: unknown): Promise<Answer> {
    const response = await app.inject({
      method, url, headers: { authorization: `Bearer ${program.organization.tokens.agent}`, 'accept-language': language, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    });
    return { status: response.statusCode, headers: response.headers, body: JSON.parse(response.body), text: response.body };
  }

  function assertUnavailable(answer: Answer, language: Language, message: string): void {
    assertProblem(answer, 'unavailable', message);
    assert.match(String(answer.headers['retry-after']), /^[1-9]\d?$/, message);
    assert.equal(answer.body.title, describeRefusal('unavailable', { seconds: Number(answer.headers['retry-after']) }, language), message);
  }

  test('because the database is away: 503 for staff, customers and strangers, in both languages', async () => {
    const database = openDatabase({ connection: { host: '/nowhere/at/all', user: 'x', database: 'x' }, role: null });
    const app = await serve(routes, { ...program.services, database });
    try {
      for (const language of ['zh-CN', 'en'] as const) {
        assertUnavailable(await ask(app, 'GET', '/api/v1/tickets', language), language, 'staff');
        assertUnavailable(await ask(app, 'POST', '/api/v1/tickets', language, { subject: 'x' }), language, 'staff');
        assertUnavailable(await ask(app, 'GET', '/api/v1/portal/first', language), language, 'customers');
        assertUnavailable(await ask(app, 'POST', '/api/v1/session', language, { email: 'agent@first.example', password: 'x' }), language, 'strangers');
        assertUnavailable(await ask(app, 'GET', '/api/v1/feed', language), language, 'the feed');
      }
    } finally {
      await app.close();
      await database.close();
    }
  });

  test('because the database went away in the midst of it', async () => {
    // As who connected: the role to work under may end nothing.
    const leave = async (transaction: Transaction) => {
      await transaction.run(sql`SELECT set_config('role', 'none', true)`);
      await transaction.run(sql`SELECT pg_terminate_backend(pg_backend_pid())`);
    };
    const ways: Record<string, UseCase['run']> = {
      'at a statement': async ({ transaction }) => leave(transaction),
      // Whether it was carried out is not known either.
      'at the commit': async ({ transaction }) => leave(transaction).catch(() => {}),
    };
    for (const [way, run] of Object.entries(ways)) {
      const app = await serve([route('GET', '/api/v1/tickets', 'signed_in', doing(run))]);
      for (const language of ['zh-CN', 'en'] as const) assertUnavailable(await ask(app, 'GET', '/api/v1/tickets', language), language, way);
      await app.close();
    }
  });

  test('but a fault of the program stays one', async () => {
    const faults: Record<string, UseCase['run']> = {
      'a wrong statement': async ({ transaction }) => transaction.run(sql`SELECT nothing FROM nowhere`),
      'a file that is not there': async () => {
        throw Object.assign(new Error('ENOENT: no such file or directory'), { code: 'ENOENT', syscall: 'open' });
      },
      'a bug': async () => {
        throw new TypeError('x is not a function');
      },
    };
    for (const [fault, run] of Object.entries(faults)) {
      const app = await serve([route('GET', '/api/v1/tickets', 'signed_in', doing(run))]);
      const answer = await ask(app, 'GET', '/api/v1/tickets', 'en');
      assertProblem(answer, 'internal_error', fault);
      assert.equal(answer.headers['retry-after'], undefined);
      await app.close();
    }
  });

  test('because the program is stopping: what comes behind a request under way is told so, in the form of all refusals', async () => {
    for (const language of ['zh-CN', 'en'] as const) {
      let letGo = () => {};
      let arrived = () => {};
      const underWay = new Promise<void>((resolve) => (arrived = resolve));
      const app = await serve([...routes.filter((one) => one.path === '/api/v1/portal/{org}'), route('GET', '/api/v1/slow', 'public', doing(async () => {
        arrived();
        await new Promise<void>((resolve) => (letGo = resolve));
      }))]);
      let closing = () => {};
      const isClosing = new Promise<void>((resolve) => (closing = resolve));
      app.addHook('preClose', async () => closing());
      await app.listen({ port: 0, host: '127.0.0.1' });
      const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
      let said = '';
      socket.on('data', (chunk: Buffer) => (said += chunk.toString()));
      const over = new Promise<void>((resolve) => socket.on('close', () => resolve()));
      socket.write('GET /api/v1/slow HTTP/1.1\r\nhost: x\r\n\r\n');
      await underWay;
      const closed = app.close();
      await isClosing;
      const lookedAt = new Promise<void>((resolve) => app.server.on('request', () => resolve()));
      socket.write(`GET /api/v1/portal/first HTTP/1.1\r\nhost: x\r\naccept-language: ${language}\r\n\r\n`);
      await lookedAt;
      letGo();
      await closed;
      await over;
      assert.match(said, /^HTTP\/1\.1 204 /, 'what was under way is answered');
      const [head = '', body = ''] = said.slice(said.indexOf('HTTP/1.1 ', 1)).split('\r\n\r\n');
      assert.match(head, /^HTTP\/1\.1 503 /);
      const headers = Object.fromEntries(head.split('\r\n').slice(1).map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]));
      assertUnavailable({ status: 503, headers, body: JSON.parse(body), text: body }, language, said);
      assert.equal(headers['connection'], 'close');
    }
  });
});
