import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { newId } from '../../server/platform/db/uuid.ts';
import { writeCursor } from '../../server/platform/http/cursor.ts';
import type { Route, UseCase } from '../../server/platform/http/use-case.ts';
import type { RefusalCode } from '../../contract/refusals.ts';
import { routes } from '../../server/routes.ts';
import { openTestProgram, type Answer, type TestProgram } from '../support/program.ts';
import { mutationsOf, queryMutationsOf } from './mutations.ts';
import { ask as askRoute, casesOf, entitled, furnish, name, type Scene } from './requests.ts';
import { assertProblem, done, isSentenceOf, multipart, newTicket, writesNothing } from './scene.ts';
import { takeTurns } from './turns.ts';

const generous = { signedIn: 1_000_000, anonymous: 1_000_000, signIn: 1_000_000, openUploads: 1_000_000, phoneSignIn: 1_000_000 };
const takesBody = routes.filter((route): route is Route & { handler: UseCase } => route.handler.kind === 'use-case' && route.handler.body !== undefined);
const takesJson = routes.filter((route) => route.handler.kind === 'use-case' && route.method !== 'GET' && route.method !== 'DELETE');
const takesUpload = routes.filter((route) => route.handler.kind === 'stream' && route.handler.form !== undefined);
const takesCursor = routes.filter((route) => route.handler.query !== undefined && 'cursor' in ((route.handler.query as { properties?: object }).properties ?? {}));
const chinese = /[\u4e00-\u9fff]/;

describe('bad input', () => {
  let program: TestProgram;
  let scene: Scene;
  let cases: ReturnType<typeof casesOf>;
  const tokens = new Map<Route, string | undefined>();

  before(async () => {
    program = await openTestProgram({ limits: generous });
    scene = await furnish(program, program.organization);
    cases = casesOf(program, scene);
    for (const route of routes) tokens.set(route, await entitled(program, cases, route));
  });
  after(() => program.close());

  const ask = (route: Route, different: Parameters<typeof askRoute>[3] = {}) => askRoute(program, cases, route, { token: tokens.get(route), ...different });

  const said = new Set<string>();

  /** Asserts the documented problem; in both languages when this route says this, of this kind of mistake, for the first time. */
  async function refused(route: Route, code: RefusalCode, different: Parameters<typeof askRoute>[3], message: string, kind = message): Promise<Answer> {
    const once = `${name(route)} ${code} ${kind}`;
    if (said.has(once)) {
      const answer = await ask(route, different);
      assertProblem(answer, code, `${name(route)} ${message}`);
      return answer;
    }
    said.add(once);
    const [zh, en] = [await ask(route, { ...different, headers: { ...different?.headers, 'accept-language': 'zh-CN' } }), await ask(route, { ...different, headers: { ...different?.headers, 'accept-language': 'en-GB,en;q=0.8' } })];
    for (const answer of [zh, en]) assertProblem(answer, code, `${name(route)} ${message}`);
    assert.ok(isSentenceOf(zh.body.title, code, 'zh-CN'), `${name(route)} ${message} ${zh.body.title}`);
    assert.ok(isSentenceOf(en.body.title, code, 'en'), `${name(route)} ${message} ${en.body.title}`);
    for (const error of zh.body.errors ?? []) assert.match(error.message, chinese, `${name(route)} ${message}`);
    for (const error of en.body.errors ?? []) assert.doesNotMatch(error.message, chinese, `${name(route)} ${message}`);
    return en;
  }

  test('of a body: every property of every route refuses what breaks its type, limit or format, and names the place', async () => {
    let count = 0;
    await writesNothing(program, async () => {
      for (const route of takesBody) {
        const one = await cases[name(route)]!();
        for (const { path, code, value } of mutationsOf(route.handler.body!, one.body)) {
          const what = `${path} ${code} ${JSON.stringify(value).slice(0, 80)}`;
          const { body } = await refused(route, 'invalid_input', { body: value }, what, code);
          // Of what is an object where an object may stand, the object's own mistakes are said.
          const names = (error: { path: string; code: string }) => (error.path === path ? error.code === code : code === 'type' && error.path.startsWith(`${path}/`));
          assert.ok(body.errors.some(names), `${name(route)} ${what} ${JSON.stringify(body.errors)}`);
          count += 1;
        }
      }
    });
    assert.ok(count > 500, `${count} ways`);
  });

  test('of a body that is no object, no JSON, no UTF-8 or has no end', async () => {
    const tooLarge = JSON.stringify({ subject: 'x'.repeat(1_048_576) });
    const noObjects = takeTurns([null, [], 'text', 7, true], 2);
    const noJson = takeTurns(['{', '{"subject":', '{"subject":"x"}}', "{'subject':'x'}", '{"subject":"x",}', 'NaN', '\u0000', '{"a":"\u0001"}', '{"__proto__":{"x":1}}', '{"constructor":{"prototype":{"x":1}}}'], 3);
    const noText = takeTurns([Buffer.from([0xff, 0xfe, 0x7b]), Buffer.concat([Buffer.from('{"subject":"'), Buffer.from([0xc3, 0xe6]), Buffer.from('"}')])], 1);
    await writesNothing(program, async () => {
      for (const route of takesBody) {
        for (const body of noObjects()) await refused(route, 'invalid_input', { body }, JSON.stringify(body), 'no object');
      }
      await refused(takesJson[0]!, 'body_too_large', { payload: tooLarge }, '1 MB and more');
      for (const route of takesJson) {
        for (const payload of noJson()) await refused(route, 'malformed_json', { payload }, payload, 'not JSON');
        for (const payload of noText()) await refused(route, 'malformed_json', { payload }, payload.toString('latin1'), 'not UTF-8');
        await refused(route, 'malformed_json', { payload: '', headers: { 'content-type': 'application/json' } }, 'nothing');
        assertProblem(await ask(route, { payload: tooLarge }), 'body_too_large', name(route));
      }
    });
  });

  test('of a body where none is wanted', async () => {
    const bare = takesJson.filter((route) => (route.handler as UseCase).body === undefined);
    assert.ok(bare.length > 0);
    await writesNothing(program, async () => {
      const bodies = takeTurns([{ surprise: 1 }, [1], 'x'], 1);
      for (const route of bare) for (const body of bodies()) await refused(route, 'invalid_input', { body }, JSON.stringify(body));
    });
  });

  test('of a body nested without end', async () => {
    const deep = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
    const list = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
    await writesNothing(program, async () => {
      for (const route of takesJson) await refused(route, 'invalid_input', { payload: deep(100), headers: { 'idempotency-key': newId() } }, 'deep');
      for (const wanted of ['POST /api/v1/tickets', 'POST /api/v1/session/second-factor', 'POST /api/v1/progress/{token}/confirm']) {
        const route = takesJson.find((one) => name(one) === wanted)!;
        for (const payload of [deep(150_000), list(500_000)]) assertProblem(await ask(route, { payload, headers: { 'idempotency-key': newId() } }), 'invalid_input', `${wanted} ${payload.slice(0, 10)}`);
      }
    });
  });

  test('of a media type that the route does not take', async () => {
    const form = multipart({ content: 'x' });
    const types = takeTurns(['text/plain', 'text/plain; charset=utf-8', 'application/x-www-form-urlencoded', 'application/xml', 'application/octet-stream', 'text/json', 'x', 'application/jsonp'], 2);
    await writesNothing(program, async () => {
      for (const route of takesJson) {
        const payload = JSON.stringify((await cases[name(route)]!()).body ?? {});
        for (const type of types()) {
          await refused(route, 'unsupported_media_type', { payload, headers: { 'content-type': type } }, type, 'type');
        }
        await refused(route, 'unsupported_media_type', { payload: form.payload, headers: form.headers }, 'multipart');
      }
      for (const route of takesUpload) {
        for (const type of [...('body' in route.handler && route.handler.body ? [] : ['application/json']), 'text/plain', 'image/jpeg', 'application/x-www-form-urlencoded']) {
          await refused(route, 'unsupported_media_type', { payload: '{}', headers: { 'content-type': type } }, type);
        }
      }
    });
  });

  test('of a media type: the sentence names what was sent, and is of one language', async () => {
    const send = (type: string | undefined, language: string, path = '/api/v1/tickets') => program.inject({
      method: 'POST', url: path, payload: 'x',
      headers: { authorization: `Bearer ${program.organization.tokens.agent}`, 'accept-language': language, ...(type === undefined ? {} : { 'content-type': type }) },
    });
    for (const [type, named] of [['text/plain; charset=utf-8', 'text/plain'], ['Application/XML', 'application/xml'], ['multipart/form-data; boundary=x', 'multipart/form-data'], ['x', 'x'], [`a/${'b'.repeat(200)}`, `a/${'b'.repeat(98)}`]] as const) {
      assert.equal((await send(type, 'zh-CN')).body.title, `不支持这种内容类型：${named}。`);
      assert.equal((await send(type, 'en')).body.title, `This kind of content is not accepted: ${named}.`);
    }
    // Whether none is named or one is missing, no English stands in the Chinese sentence.
    assert.equal((await send(undefined, 'zh-CN')).body.title, '不支持这种内容类型：未注明。');
    assert.equal((await send(undefined, 'en')).body.title, 'This kind of content is not accepted: none was named.');
    for (const path of ['/api/v1/files', '/api/v1/portal/first/files']) assert.equal((await send('text/plain', 'zh-CN', path)).body.title, '不支持这种内容类型：text/plain。');
  });

  test('of a name with a slash or a tilde is pointed at as RFC 6901 has it', async () => {
    const tickets = routes.find((route) => name(route) === 'POST /api/v1/tickets')!;
    const places: [body: unknown, path: string][] = [
      [{ subject: 'x', 'a/b': 1 }, '/a~1b'], [{ subject: 'x', 'm~n': 1 }, '/m~0n'], [{ subject: 'x', '~1/': 1 }, '/~01~1'], [{ subject: 'x', '': 1 }, '/'],
      [{ subject: 'x', location: { 'lat/lng': 1 } }, '/location/lat~1lng'], [{ subject: 'x', fields: { 'floor/room~': 'a\0b' } }, '/fields/floor~1room~0'],
      [{ subject: 'x', fields: { 'floor/room~': 3 } }, '/fields/floor~1room~0'],
    ];
    for (const [body, path] of places) {
      const answer = await ask(tickets, { body });
      assert.equal(answer.status, 422);
      assert.deepEqual(answer.body.errors.map((error: { path: string }) => error.path), [path], JSON.stringify(body));
    }
    const query = await ask(routes.find((route) => name(route) === 'GET /api/v1/tickets')!, { query: '?a%2Fb~=1' });
    assert.equal(query.body.errors[0].path, '/a~1b~0');
  });

  test('of a query: unknown, repeated, out of range, too long, not storable', async () => {
    await writesNothing(program, async () => {
      for (const route of routes) {
        if (route.handler.query === undefined) continue;
        for (const { query, path, code } of queryMutationsOf(route.handler.query)) {
          const { body } = await refused(route, 'invalid_input', { query }, query.slice(0, 60), code);
          // Of what is an object where an object may stand, the object's own mistakes are said.
          const names = (error: { path: string; code: string }) => (error.path === path ? error.code === code : code === 'type' && error.path.startsWith(`${path}/`));
          assert.ok(body.errors.some(names), `${name(route)}${query.slice(0, 60)} ${JSON.stringify(body.errors)}`);
        }
      }
      const tickets = routes.find((route) => name(route) === 'GET /api/v1/tickets')!;
      for (const query of ['status=open,surprise', 'status=', 'priority=9', 'assignee=somebody', 'team=us', `customer=${newId().toUpperCase()}`, 'asset=x', 'type=surprise', 'category=x', `category=${newId()}`, 'sort=-surprise', 'channel=surprise']) {
        const answer = await ask(tickets, { query: `?${query}` });
        assertProblem(answer, query.startsWith('type') || query.startsWith('category') ? 'unknown_reference' : 'invalid_input', query);
        assert.equal(answer.body.errors[0].path, `/${query.split('=')[0]}`);
      }
      const visits = routes.find((route) => name(route) === 'GET /api/v1/visits')!;
      for (const query of ['technician=somebody', `technician=${newId().toUpperCase()}`]) await refused(visits, 'invalid_input', { query: `?${query}` }, query);
      const insight = routes.find((route) => name(route) === 'GET /api/v1/insight/{measure}')!;
      for (const query of ['from=2026-11-21&to=2026-11-20', 'from=1969-12-31', 'from=0000-01-01', 'from=2020-01-01&to=2026-01-01', 'by=status']) await refused(insight, 'invalid_input', { query: `?${query}` }, query);
      await refused(insight, 'invalid_input', { params: { measure: 'backlog' }, query: '?by=day' }, 'backlog by day');
      await refused(insight, 'invalid_identifier', { params: { measure: 'surprise' } }, 'unknown measure');
    });
  });

  test('of a cursor: forged, altered, of another list or of another sort', async () => {
    assert.ok(takesCursor.length > 10);
    const at = '2026-11-21T08:00:00.000Z';
    const forged = (parts: unknown) => Buffer.from(JSON.stringify(parts)).toString('base64url');
    const sorts = ['-createdAt', 'createdAt', '-updatedAt', 'updatedAt', 'priority', 'customers:createdAt', 'assets', 'staff', 'visit', '-visit', 'api-keys', 'own-tickets', 'teams', 'roles', 'categories', 'departments', 'channels', 'ticket-types'];
    const keys = ["'; DROP TABLE ticket; --", '0000-01-01T00:00:00.000Z', '2026-02-30T00:00:00.000Z', '2026-13-01T00:00:00.000Z', '275760-09-13T00:00:00.000Z', 'infinity', 'NaN', '9'.repeat(64), '-1', '5', '\0'];
    const cursors = [
      '', 'x', '%', '=', 'e30', '🙂', forged(null), forged([]), forged({}), forged(['-createdAt', at]), forged(['-createdAt', at, newId(), 'more']), forged([['-createdAt'], at, newId()]),
      ...sorts.map((sort) => writeCursor(sort, [at, 'x'])), writeCursor('-createdAt', [at, newId().toUpperCase()]), forged(['-createdAt', 5, newId()]), forged(['-createdAt', null, newId()]),
      `${writeCursor('-createdAt', [at, newId()])}!junk`, `${writeCursor('-createdAt', [at, newId()])}=`, ` ${writeCursor('-createdAt', [at, newId()])}`, `${Buffer.from('timeline 1').toString('base64url')}~~`,
      Buffer.from('timeline x').toString('base64url'), Buffer.from('timeline -1').toString('base64url'), Buffer.from('audit 99999999999999999999').toString('base64url'),
    ];
    const some = takeTurns(cursors, 12);
    await writesNothing(program, async () => {
      for (const route of takesCursor) {
        const needed = (route.handler.query as { required?: string[] }).required?.length;
        const own = needed ? (await cases[name(route)]!()).query! : '';
        const query = (cursor: string) => `${own === '' ? '?' : `${own}&`}cursor=${encodeURIComponent(cursor)}`;
        for (const cursor of some()) assertProblem(await ask(route, { query: query(cursor) }), 'invalid_cursor', `${name(route)} ${cursor}`);
        await refused(route, 'invalid_cursor', { query: query('x') }, 'in both languages');
        for (const sort of sorts.filter((one) => one === '-createdAt' || name(route).endsWith(`/${one.split(':')[0]}`))) {
          for (const key of [at, '', ...keys, `1|${at}`, '1|x', '1|0000-01-01T00:00:00.000Z', '5|']) {
            const answer = await ask(route, { query: query(forged([sort, key, newId()])) });
            // One that is all it should be cannot be told from one of ours; whatever it says, it opens nothing and breaks nothing.
            if (answer.status !== 200) assertProblem(answer, 'invalid_cursor', `${name(route)} ${sort} ${key}`);
          }
        }
      }
      const other = writeCursor('assets', ['', newId()]);
      const tickets = routes.find((route) => name(route) === 'GET /api/v1/tickets')!;
      for (const cursor of [other, writeCursor('-updatedAt', [at, newId()])]) assertProblem(await ask(tickets, { query: `?cursor=${cursor}&sort=-createdAt` }), 'invalid_cursor');
      for (const key of keys) assertProblem(await ask(tickets, { query: `?cursor=${forged(['-createdAt', key, newId()])}` }), 'invalid_cursor', key);
    });
  });

  test('of an id in the address: unknown, malformed, in capitals, not storable', async () => {
    const named = routes.filter((route) => /\{(id|action|measure)\}/.test(route.path));
    const unknown = (real: string): string[] => [newId(), '00000000-0000-0000-0000-000000000000', 'x', '0', '-1', 'null', '20261121-99999', '../../session', `${real}0`, `${real} `, `${real}\0`, real.toUpperCase(), `{${real}}`, '🙂', "' OR 1=1", '%', 'x'.repeat(400), 'x'.repeat(600)];
    const some = takeTurns(unknown('').map((_, index) => index), 6);
    await writesNothing(program, async () => {
      for (const route of named) {
        const part = /\{(id|action|measure)\}/.exec(route.path)![1]!;
        const real = (await cases[name(route)]!()).params![part]!;
        const ids = unknown(real);
        for (const wrong of some().map((index) => ids[index]!)) {
          const answer = await ask(route, { params: { [part]: wrong } });
          assert.ok(['not_found', 'invalid_identifier'].includes(answer.body?.code), `${name(route)} ${wrong.slice(0, 60)} ${answer.status} ${answer.text.slice(0, 200)}`);
          assertProblem(answer, answer.body.code, `${name(route)} ${wrong.slice(0, 60)}`);
        }
        await refused(route, part === 'id' && !route.path.startsWith('/api/v1/tickets') ? 'invalid_identifier' : part === 'id' ? 'not_found' : 'invalid_identifier', { params: { [part]: 'x' } }, 'in both languages');
      }
      const action = routes.find((route) => name(route) === 'POST /api/v1/tickets/{id}/actions/{action}')!;
      for (const wrong of ['explode', 'CLOSE', '__proto__', 'constructor']) await refused(action, 'invalid_identifier', { params: { action: wrong } }, wrong);
    });
  });

  test('of an address: broken escapes, unknown paths, methods a path does not take', async () => {
    const authorization = `Bearer ${program.organization.tokens.administrator}`;
    await writesNothing(program, async () => {
      for (const url of ['/api/v1/tickets/%zz', '/api/v1/tickets/%ff', '/api/v1/portal/%E0%A4%A', '/api/v1/nothing', '/api/v2/tickets', '/api', '/api/v1/tickets/x/y/z', '/nothing', '/api/v1/portal//reports', '//api/v1/tickets', '/api/v1/tickets/../../../etc/passwd']) {
        for (const language of ['zh-CN', 'en']) {
          const answer = await program.inject({ method: 'GET', url, headers: { authorization, 'accept-language': language } });
          assertProblem(answer, 'not_found', url);
          assert.equal(chinese.test(answer.body.title), language === 'zh-CN');
        }
      }
      for (const [method, url, allow] of [['PUT', '/api/v1/tickets', 'GET, POST'], ['DELETE', `/api/v1/tickets/${scene.ticket.id}`, 'GET, PATCH'], ['GET', '/api/v1/portal/first/reports', 'POST'], ['PATCH', '/api/v1/session', 'POST, GET, DELETE'], ['OPTIONS', '/api/v1/tickets', 'GET, POST'], ['PUT', '/api/v1/tickets/', 'GET, POST'], ['POST', '/api/v1/feed', 'GET']] as const) {
        const answer = await program.inject({ method, url, headers: { authorization, 'accept-language': 'en' } });
        assertProblem(answer, 'method_not_allowed', `${method} ${url}`);
        assert.equal(answer.headers['allow'], allow);
        assert.equal(answer.headers['access-control-allow-origin'], undefined);
      }
    });
  });

  test('of Accept-Language: answered all the same, in Chinese unless English is asked for', async () => {
    const wanted: [header: string, language: 'zh-CN' | 'en'][] = [
      ['', 'zh-CN'], ['en', 'en'], ['zh', 'zh-CN'], ['zh-TW,en;q=0.9', 'zh-CN'], ['fr-FR,fr;q=0.9,en;q=0.1', 'en'], ['en;q=0,zh', 'zh-CN'], ['en;q=0', 'zh-CN'], ['*', 'zh-CN'], ['EN-us', 'en'],
      ['en;q=x', 'zh-CN'], [';;;,,,', 'zh-CN'], ['en;q=-1', 'zh-CN'], ['xx-yy-zz', 'zh-CN'], [`${'x,'.repeat(3_000)}en`, 'zh-CN'], ['en; q=0.5 , zh; q=0.9', 'zh-CN'], ['__proto__', 'zh-CN'],
    ];
    for (const [header, language] of wanted) {
      const answer = await program.inject({ method: 'GET', url: '/api/v1/tickets', headers: { 'accept-language': header } });
      assertProblem(answer, 'not_signed_in', header);
      assert.ok(isSentenceOf(answer.body.title, 'not_signed_in', language), `${header} ${answer.body.title}`);
    }
  });

  test('of what only the use-case can know is refused by name, in both languages, and writes nothing', async () => {
    const { organization } = program;
    const route = (wanted: string) => routes.find((one) => name(one) === wanted)!;
    const id = scene.ticket.id as string;
    const attempts: [route: string, code: RefusalCode, path: string | null, different: Parameters<typeof askRoute>[3]][] = [
      ['POST /api/v1/tickets', 'unknown_reference', '/type', { body: { subject: 'x', type: 'surprise' } }],
      ['POST /api/v1/tickets', 'unknown_reference', '/category', { body: { subject: 'x', category: ['没有', '这个'] } }],
      ['POST /api/v1/tickets', 'unknown_reference', '/category', { body: { subject: 'x', category: '' } }],
      ['POST /api/v1/tickets', 'unknown_reference', '/team', { body: { subject: 'x', team: newId() } }],
      ['POST /api/v1/tickets', 'unknown_reference', '/assignee', { body: { subject: 'x', assignee: newId() } }],
      ['POST /api/v1/tickets', 'unknown_field', '/fields/floor', { body: { subject: 'x', fields: { floor: 3 } } }],
      ['POST /api/v1/tickets', 'unknown_field', '/fields/constructor', { body: { subject: 'x', fields: { constructor: 3 } } }],
      ['POST /api/v1/tickets', 'invalid_input', '/location/lng', { body: { subject: 'x', location: { lat: 31.2 } } }],
      ['POST /api/v1/tickets', 'invalid_input', '/location/lat', { body: { subject: 'x', location: { lng: 121.4 } } }],
      ['POST /api/v1/tickets', 'invalid_input', '/requester/phone', { body: { subject: 'x', requester: { name: '张三', phone: '---' } } }],
      ['POST /api/v1/tickets', 'unknown_reference', '/attachments', { body: { subject: 'x', attachments: [newId()] } }],
      ['POST /api/v1/tickets', 'file_already_attached', null, { body: { subject: 'x', attachments: [scene.file] } }],
      ['PATCH /api/v1/tickets/{id}', 'nothing_to_change', null, { body: {} }],
      ['PATCH /api/v1/staff/{id}', 'nothing_to_change', null, { body: {} }],
      ['POST /api/v1/tickets/{id}/actions/{action}', 'invalid_input', '/assignee', { params: { id, action: 'assign' }, body: {} }],
      ['POST /api/v1/tickets/{id}/actions/{action}', 'invalid_input', '/team', { params: { id, action: 'transfer' }, body: {} }],
      ['POST /api/v1/tickets/{id}/actions/{action}', 'invalid_input', '/for', { params: { id, action: 'wait' }, body: {} }],
      ['POST /api/v1/tickets/{id}/actions/{action}', 'invalid_input', '/resolution', { params: { id, action: 'resolve' }, body: { resolution: '  ' } }],
      ['POST /api/v1/tickets/{id}/actions/{action}', 'invalid_input', '/reason', { params: { id, action: 'cancel' }, body: {} }],
      ['POST /api/v1/tickets/{id}/actions/{action}', 'action_not_open', null, { params: { id, action: 'resume' }, body: {} }],
      ['POST /api/v1/tickets/{id}/actions/{action}', 'invalid_input', '/visit/windowEnd', { params: { id, action: 'assign' }, body: { assignee: organization.staff.technician, visit: { windowStart: '2026-11-22T10:00:00Z', windowEnd: '2026-11-22T10:00:00Z' } } }],
      ['POST /api/v1/visits/{id}/actions/{action}', 'invalid_input', '/reason', { params: { id: scene.visit, action: 'decline' }, body: { reason: ' ' } }],
      ['POST /api/v1/visits/{id}/actions/{action}', 'visit_step_not_open', null, { params: { id: scene.visit, action: 'complete' }, body: { workSummary: 'x' } }],
      ['POST /api/v1/customers', 'invalid_input', '/phone', { body: { name: 'x', phone: '( )' } }],
      ['POST /api/v1/customers', 'name_taken', '/phone', { body: { name: 'x', phone: '+86 138-0000-1111' } }],
      ['POST /api/v1/customers', 'name_taken', '/email', { body: { name: 'x', email: 'WANG@example.com' } }],
      ['POST /api/v1/staff', 'invalid_input', '/phone', { body: { name: 'x', job: 'agent', phone: '+--' } }],
      ['POST /api/v1/staff', 'name_taken', '/email', { body: { name: 'x', job: 'agent', email: 'Agent@First.example' } }],
      ['POST /api/v1/staff', 'password_too_weak', '/password', { body: { name: 'x', job: 'agent', password: '1234567890' } }],
      ['POST /api/v1/assets', 'name_taken', '/code', { body: { code: 'LIFT-1', name: 'x' } }],
      ['POST /api/v1/assets', 'invalid_input', '/lng', { body: { code: 'x', name: 'x', lat: 1 } }],
      ['POST /api/v1/assets', 'invalid_input', '/warrantyUntil', { body: { code: 'x', name: 'x', warrantyUntil: '0000-01-01' } }],
      ['POST /api/v1/departments', 'name_taken', '/name', { body: { name: ' 工程部 ' } }],
      ['POST /api/v1/teams', 'name_taken', '/name', { body: { name: '水电班', departmentId: organization.departmentId } }],
      ['POST /api/v1/roles', 'name_taken', '/name', { body: { name: '坐席', grants: [] } }],
      ['POST /api/v1/categories', 'name_taken', '/name', { body: { name: '水电' } }],
      ['POST /api/v1/api-keys', 'invalid_input', '/expiresAt', { body: { name: 'x', expiresAt: '2020-01-01T00:00:00Z' } }],
      ['POST /api/v1/session/password', 'password_too_weak', '/newPassword', { body: { currentPassword: 'correct horse battery', newPassword: 'short' } }],
      ['POST /api/v1/session/second-factor/confirm', 'second_factor_not_started', null, { body: { code: '123456' } }],
      ['POST /api/v1/session/second-factor/disable', 'second_factor_not_started', null, { body: { code: '123456' } }],
      ['POST /api/v1/portal/{org}/reports', 'unknown_reference', '/category', { body: { description: '灯坏了', contact: {}, category: newId() } }],
      ['POST /api/v1/portal/{org}/reports', 'link_invalid', null, { body: { description: '灯坏了', contact: {}, assetToken: scene.link } }],
      ['POST /api/v1/portal/{org}/reports', 'unknown_reference', '/uploads/0', { body: { description: '灯坏了', contact: {}, uploads: ['forged'] } }],
      ['POST /api/v1/portal/{org}/reports', 'invalid_input', '/contact/phone', { body: { description: '灯坏了', contact: { phone: '- - -' } } }],
      ['POST /api/v1/portal/{org}/codes', 'invalid_input', '/phone', { body: { phone: '()()()' } }],
      ['POST /api/v1/portal/{org}/session', 'invalid_input', '/phone', { body: { phone: '()()()', code: '123456' } }],
      ['POST /api/v1/portal/{org}/session', 'phone_code_wrong', null, { body: { phone: '13800009999', code: '123456' } }],
      ['GET /api/v1/portal/{org}', 'link_invalid', null, { query: '?asset=forged' }],
      ['POST /api/v1/progress/{token}/confirm', 'action_not_open', null, { params: { token: scene.link } }],
      ['POST /api/v1/progress/{token}/reopen', 'action_not_open', null, { params: { token: scene.link } }],
      ['POST /api/v1/progress/{token}/rating', 'action_not_open', null, { params: { token: scene.link } }],
      ['POST /api/v1/progress/{token}/comments', 'unknown_reference', '/uploads/0', { body: { body: 'x', uploads: ['forged'] } }],
    ];
    await writesNothing(program, async () => {
      for (const [wanted, code, path, different] of attempts) {
        const answer = await refused(route(wanted), code, different, JSON.stringify(different));
        if (path !== null) assert.equal(answer.body.errors?.[0]?.path, path, `${wanted} ${JSON.stringify(different)} ${answer.text}`);
      }
    // A ticket takes its number before its files and its assignee are looked at; numbers may be skipped.
    }, { except: ['number_block'] });
  });

  test('of any shape whatever never makes the program stumble', async () => {
    const junk = fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.string({ unit: 'binary' }), fc.constantFrom(-0, 1e-7, 1e21, 2 ** 53, '\u2028', '0', 'true', '__proto__', "'", '%_\\', '<script>'));
    const seeded = { seed: 20261121, numRuns: 5 };
    for (const route of takesBody) {
      const right = (await cases[name(route)]!()).body as Record<string, unknown>;
      const schema = route.handler.body as unknown as { properties?: object; anyOf?: { properties: object }[] };
      const properties = Object.keys(Object.assign({}, schema.properties, ...(schema.anyOf ?? []).map((one) => one.properties)));
      if (properties.length === 0) continue;
      await fc.assert(fc.asyncProperty(fc.dictionary(fc.constantFrom(...properties), junk, { maxKeys: 3 }), async (different) => {
        const answer = await ask(route, { body: { ...right, ...different } });
        assert.ok(answer.status < 500, `${name(route)} ${JSON.stringify(different)} ${answer.text}`);
      }), seeded);
    }
    const tickets = routes.find((route) => name(route) === 'GET /api/v1/tickets')!;
    const customers = routes.find((route) => name(route) === 'GET /api/v1/customers')!;
    const words = fc.array(fc.oneof(fc.string({ unit: 'binary', maxLength: 5 }), fc.constantFrom("'", '"', '\\', '&', '|', '!', ':*', '<->', '(', ')', '%', '_', '水管', '138', ' ', '\u0001', '*'))).map((parts) => parts.join('').slice(0, 90));
    await fc.assert(fc.asyncProperty(words, async (q) => {
      for (const route of [tickets, customers]) {
        const answer = await ask(route, { query: `?q=${encodeURIComponent(q.toWellFormed())}` });
        if (q.includes('\0')) assertProblem(answer, 'invalid_input', q);
        else assert.equal(answer.status, 200, `${name(route)} ${q} ${answer.text}`);
      }
    }), { seed: 20261121, numRuns: 80 });
    await newTicket(program);
  });
});

test('too many requests: 429 with Retry-After for whoever asks too often, and for nobody else', async () => {
  const program = await openTestProgram({ limits: { signedIn: 4, apiKey: 6, anonymous: 3, signIn: 2, openUploads: 1, phoneSignIn: 1 } });
  try {
    const limited = (answer: Answer) => {
      assertProblem(answer, 'rate_limited');
      assert.match(String(answer.headers['retry-after']), /^[1-9]\d*$/);
      assert.ok(isSentenceOf(answer.body.title, 'rate_limited', 'en'), answer.body.title);
    };
    const list = (as: 'agent' | 'manager') => program.call('GET', '/tickets', { as });
    for (let count = 0; count < 4; count += 1) assert.equal((await list('agent')).status, 200);
    limited(await list('agent'));
    const key = (await done(program.call('POST', '/api-keys', { as: 'administrator', body: { name: '接口' } }))).body.key as string;
    const listByKey = () => program.call('GET', '/tickets', { as: { token: key } });
    for (let count = 0; count < 6; count += 1) assert.equal((await listByKey()).status, 200, 'a program asks more often than a person');
    limited(await listByKey());
    assert.equal((await list('manager')).status, 200, 'another caller is not held up');
    for (let count = 0; count < 3; count += 1) assert.equal((await program.call('GET', '/portal/first')).status, 200);
    limited(await program.call('GET', '/portal/first'));
    assert.equal((await program.inject({ method: 'GET', url: '/api/v1/portal/first', remoteAddress: '203.0.113.7' })).status, 200);
    const signIn = () => program.call('POST', '/session', { body: { email: 'nobody@example.com', password: 'x' } });
    for (let count = 0; count < 2; count += 1) assertProblem(await signIn(), 'wrong_credentials');
    limited(await signIn());
    const send = (path: string, remoteAddress: string) => program.inject({ method: 'POST', url: `/api/v1/portal/first/${path}`, remoteAddress, ...(path === 'files' ? multipart({ content: 'x' }) : { payload: '{"phone":"0"}', headers: { 'content-type': 'application/json' } }) });
    for (const path of ['files', 'codes']) {
      // Of an IPv6 address the network counts, as one connection has all addresses of it.
      assert.notEqual((await send(path, '2001:db8::1')).status, 429, path);
      const again = await send(path, '2001:db8::2:3:4:5');
      assertProblem(again, 'rate_limited', path);
      assert.notEqual((await send(path, '2001:db8:0:1::1')).status, 429, `${path} from another network`);
    }
    const ask = (remoteAddress: string) => program.inject({ method: 'GET', url: '/api/v1/portal/first', remoteAddress });
    for (let host = 1; host < 4; host += 1) assert.equal((await ask(`2001:db8:7::${host}`)).status, 200);
    assertProblem(await ask('2001:db8:7::9'), 'rate_limited');
    const forge = (remoteAddress: string) => program.inject({ method: 'GET', url: '/api/v1/tickets', remoteAddress, headers: { authorization: 'Bearer none' } });
    for (let host = 1; host < 4; host += 1) assert.equal((await forge(`2001:db8:8::${host}`)).status, 401);
    assertProblem(await forge('2001:db8:8::9'), 'rate_limited', 'failures to say who asks');
  } finally {
    await program.close();
  }
});
