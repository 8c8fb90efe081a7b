import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { Secret, TOTP } from 'otpauth';
import { permissions, type Permission } from '../../rules/access/permissions.ts';
import { everyTenant } from '../../server/platform/db/database.ts';
import { newId } from '../../server/platform/db/uuid.ts';
import { csrfToken } from '../../server/platform/http/server.ts';
import type { Route } from '../../server/platform/http/use-case.ts';
import { newToken } from '../../server/records/access/tokens.ts';
import { routes } from '../../server/routes.ts';
import { openTestProgram, type Answer, type TestOrganization, type TestProgram } from '../support/program.ts';
import { act, assertProblem, contentOf, done, linkOf, multipart, newSession, newTicket, phoneCode, photoOf, step, upload, writesNothing } from './scene.ts';

/** A request to a route that is right in every respect: whoever is entitled gets what they ask for. */
interface Case {
  params?: Record<string, string>;
  query?: string;
  body?: unknown;
  headers?: Record<string, string>;
  /** An upload instead of a body. */
  form?: ReturnType<typeof multipart>;
  /** The token of somebody entitled; the administrator's when absent. */
  token?: string;
  /** Server-sent events: an answer to those who may have it never ends. */
  endless?: true;
}

const name = (route: Route) => `${route.method} ${route.path}`;
const needsCredentials = (route: Route) => !['public', 'portal', 'link', 'scan', 'maybe_signed_in'].includes(route.access);
const needsPermission = (route: Route): route is Route & { access: Permission } => route.access in permissions;

/** An organization with one record of every kind, and for each route a request that works. */
async function furnish(program: TestProgram, of: TestOrganization) {
  const call = (method: 'GET' | 'POST', path: string, body?: unknown) => done(program.call(method, path, { as: 'administrator', of, ...(body === undefined ? {} : { body }) }));
  const customer = (await call('POST', '/customers', { name: '王芳', phone: '13800001111', email: 'wang@example.com' })).body.id as string;
  const asset = (await call('POST', '/assets', { code: 'LIFT-1', name: '1号电梯', customerId: customer })).body as { id: string; scanUrl: string };
  const key = (await call('POST', '/api-keys', { name: 'for programs' })).body as { id: string; key: string };
  const photo = await photoOf();
  const send = async (visibility: string) => (await done(upload(program, 'administrator', { content: photo, fields: { visibility, purpose: 'photo' } }, { of }))).body.id as string;
  const ticket = await newTicket(program, { requester: { customerId: customer }, attachments: [await send('public')], category: of.categoryId }, 'administrator', of);
  await done(program.call('POST', `/tickets/${ticket.id}/comments`, { as: 'administrator', of, body: { body: '内部照片', visibility: 'internal', attachments: [await send('internal')] } }));
  const shown = (await call('GET', `/tickets/${ticket.id}`)).body;
  const file = shown.files.find((one: { visibility: string }) => one.visibility === 'public').id as string;
  const internalFile = shown.files.find((one: { visibility: string }) => one.visibility === 'internal').id as string;
  const assigned = await act(program, ticket.id, 'assign', { assignee: of.staff.technician }, 'administrator', of);
  const resolved = await Promise.all(['one', 'two', 'three'].map(async (subject) => {
    const other = await newTicket(program, { subject }, 'administrator', of);
    return act(program, other.id, 'resolve', { resolution: '已修好' }, 'administrator', of);
  }));
  const spare = await newSession(program, of.staff.administrator, { of });
  const leaving = await newSession(program, of.staff.stranger, { of });
  const customerSession = await newSession(program, customer, { of, customer: true });
  const otherTicket = await newTicket(program, { subject: '另一件' }, 'administrator', of);
  const spareFile = await send('internal');
  return {
    of, customer, asset, key, photo, ticket, file, internalFile, spareFile, spare, leaving, customerSession, otherTicket,
    visit: assigned.visits[0].id as string, link: linkOf(ticket), resolvedLinks: resolved.map(linkOf) as [string, string, string],
    scan: asset.scanUrl.slice(asset.scanUrl.lastIndexOf('/') + 1),
  };
}
type Scene = Awaited<ReturnType<typeof furnish>>;

let authenticator: string | undefined;
const codeOf = (secret: string | undefined, periods: number): string => (secret === undefined ? '000000'
  : new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + periods * 30_000 }));

/** What has to be said to each route; those that need nothing said are not here. A route that is missing fails a test. */
function casesOf(program: TestProgram, scene: Scene): Record<string, () => Case | Promise<Case>> {
  const { of } = scene;
  const version = async (path: string) => ({ 'if-match': String((await program.call('GET', path, { as: 'administrator', of })).headers['etag']) });
  const id = scene.ticket.id as string;
  const org = { org: of.slug };
  const link = { token: scene.link };
  return {
    'POST /api/v1/session': () => ({ body: { email: `agent@${of.slug}.example`, password: 'correct horse battery' } }),
    'DELETE /api/v1/session': () => ({ token: scene.leaving.token }),
    'DELETE /api/v1/sessions/{id}': () => ({ params: { id: scene.spare.id } }),
    'POST /api/v1/session/second-factor': () => ({}),
    'POST /api/v1/session/second-factor/confirm': () => ({ body: { code: codeOf(authenticator, -1) } }),
    'POST /api/v1/session/second-factor/disable': () => ({ body: { code: codeOf(authenticator, 0) } }),
    'POST /api/v1/session/password': () => ({ body: { currentPassword: 'correct horse battery', newPassword: 'another horse battery' }, token: of.tokens.manager }),
    'POST /api/v1/api-keys': () => ({ body: { name: 'another', permissions: ['ticket.read'] } }),
    'DELETE /api/v1/api-keys/{id}': () => ({ params: { id: scene.key.id } }),

    'POST /api/v1/tickets': () => ({ body: { subject: '灯不亮', requester: { name: '李雷', phone: '13800002222' } } }),
    'GET /api/v1/tickets/{id}': () => ({ params: { id } }),
    'PATCH /api/v1/tickets/{id}': async () => ({ params: { id }, body: { subject: '厨房水管爆裂，已关总阀' }, headers: await version(`/tickets/${id}`) }),
    'GET /api/v1/tickets/{id}/timeline': () => ({ params: { id } }),
    'POST /api/v1/tickets/{id}/comments': () => ({ params: { id }, body: { body: '马上到', visibility: 'public' } }),
    'GET /api/v1/tickets/{id}/actions': () => ({ params: { id } }),
    'POST /api/v1/tickets/{id}/actions/{action}': () => ({ params: { id: scene.otherTicket.id, action: 'close' }, body: { reason: '重复' } }),
    'POST /api/v1/tickets/{id}/reveal': () => ({ params: { id }, body: { reason: '回访' } }),

    'GET /api/v1/visits/{id}': () => ({ params: { id: scene.visit } }),
    'POST /api/v1/visits/{id}/actions/{action}': () => ({ params: { id: scene.visit, action: 'accept' }, body: {}, token: of.tokens.technician }),

    'POST /api/v1/files': () => ({ form: multipart({ content: scene.photo }) }),
    'GET /api/v1/files/{id}': () => ({ params: { id: scene.file } }),
    'GET /api/v1/files/{id}/thumbnail': () => ({ params: { id: scene.file } }),

    'POST /api/v1/departments': () => ({ body: { name: '保洁部', parentId: of.departmentId } }),
    'POST /api/v1/teams': () => ({ body: { name: '电梯班', departmentId: of.departmentId, memberIds: [of.staff.technician] } }),
    'POST /api/v1/staff': () => ({ body: { name: '新来的', job: 'agent', email: `new@${of.slug}.example` } }),
    'GET /api/v1/staff/{id}': () => ({ params: { id: of.staff.agent } }),
    'PATCH /api/v1/staff/{id}': async () => ({ params: { id: of.staff.agent }, body: { name: '改了名' }, headers: await version(`/staff/${of.staff.agent}`) }),
    'POST /api/v1/roles': () => ({ body: { name: '只读', grants: [{ permission: 'ticket.read', scope: 'team' }] } }),
    'POST /api/v1/categories': () => ({ body: { name: '漏水', parentId: of.categoryId } }),
    'POST /api/v1/customers': () => ({ body: { name: '赵强' } }),
    'GET /api/v1/customers/{id}': () => ({ params: { id: scene.customer } }),
    'POST /api/v1/assets': () => ({ body: { code: 'PUMP-7', name: '水泵' } }),
    'GET /api/v1/assets/{id}': () => ({ params: { id: scene.asset.id } }),

    'GET /api/v1/insight/{measure}': () => ({ params: { measure: 'created' } }),
    'GET /api/v1/feed': () => ({ endless: true }),

    'GET /api/v1/portal/{org}': () => ({ params: org }),
    'POST /api/v1/portal/{org}/files': () => ({ params: org, form: multipart({ content: scene.photo }) }),
    'POST /api/v1/portal/{org}/reports': () => ({ params: org, body: { description: '电梯里灯坏了', contact: { name: '韩梅', phone: '13800003333' } } }),
    'POST /api/v1/portal/{org}/codes': () => ({ params: org, body: { phone: '13800001111' } }),
    'POST /api/v1/portal/{org}/session': async () => ({ params: org, body: await phoneCode(program, of).catch(() => ({ phone: '13800001111', code: '000000' })) }),
    'GET /api/v1/portal/{org}/tickets': () => ({ params: org, token: scene.customerSession.token }),
    'GET /api/v1/scan/{token}': () => ({ params: { token: scene.scan } }),
    'GET /api/v1/progress/{token}': () => ({ params: link }),
    'POST /api/v1/progress/{token}/comments': () => ({ params: link, body: { body: '还在漏' } }),
    'POST /api/v1/progress/{token}/confirm': () => ({ params: { token: scene.resolvedLinks[0] }, body: {} }),
    'POST /api/v1/progress/{token}/reopen': () => ({ params: { token: scene.resolvedLinks[1] }, body: { reason: '又漏了' } }),
    'POST /api/v1/progress/{token}/rating': () => ({ params: { token: scene.resolvedLinks[2] }, body: { rating: 5 } }),
    'POST /api/v1/progress/{token}/files': () => ({ params: link, form: multipart({ content: scene.photo }) }),
    'GET /api/v1/progress/{token}/files/{id}': () => ({ params: { ...link, id: scene.file } }),
    'GET /api/v1/progress/{token}/files/{id}/thumbnail': () => ({ params: { ...link, id: scene.file } }),
    'GET /api/v1/progress/{token}/feed': () => ({ params: link, endless: true }),
  };
}

describe('every route', () => {
  let program: TestProgram;
  let scene: Scene;
  let second: TestOrganization;
  let cases: Record<string, () => Case | Promise<Case>>;

  before(async () => {
    program = await openTestProgram({ limits: { signedIn: 100_000, anonymous: 100_000, signIn: 100_000 } });
    second = await program.foundAnother('second');
    scene = await furnish(program, program.organization);
    cases = casesOf(program, scene);
  });
  after(() => program.close());

  async function ask(route: Route, { token, cookie, headers = {}, params }: { token?: string; cookie?: string; headers?: Record<string, string>; params?: Record<string, string> } = {}): Promise<Answer> {
    const one: Case = await cases[name(route)]?.() ?? {};
    const url = route.path.replaceAll(/\{(\w+)\}/g, (_, part: string) => encodeURIComponent({ ...one.params, ...params }[part] ?? assert.fail(`no {${part}} for ${name(route)}`)));
    const payload = one.form ? one.form.payload : one.body === undefined ? undefined : JSON.stringify(one.body);
    return program.inject({
      method: route.method, url: `${url}${one.query ?? ''}`,
      headers: {
        'accept-language': 'en', ...(one.form ? one.form.headers : one.body === undefined ? {} : { 'content-type': 'application/json' }), ...one.headers,
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...(cookie === undefined ? {} : { cookie: `bihuan_session=${cookie}` }), ...headers,
      },
      ...(payload === undefined ? {} : { payload }),
    });
  }

  async function walk(chosen: (route: Route) => boolean, visit: (route: Route) => Promise<void>, options: Parameters<typeof writesNothing>[2] = {}): Promise<void> {
    const some = routes.filter(chosen);
    assert.ok(some.length > 0);
    await writesNothing(program, async () => {
      for (const route of some) await visit(route);
    }, options);
  }

  test('has a case here, and every case has a route', () => {
    const silent = (route: Route) => route.method === 'GET' && !route.path.includes('{');
    assert.deepEqual(routes.filter((route) => !silent(route) && !(name(route) in cases)).map(name), [], 'add a valid request for each new route to casesOf()');
    assert.deepEqual(Object.keys(cases).filter((key) => !routes.some((route) => name(route) === key)), []);
    assert.equal(new Set(routes.map(name)).size, routes.length);
  });

  test('answers 401 to nobody', async () => {
    await walk(needsCredentials, async (route) => {
      const answer = await ask(route);
      assertProblem(answer, 'not_signed_in', name(route));
      assert.equal(answer.headers['www-authenticate'], 'Bearer');
    });
  });

  test('answers 401 to credentials that are forged, expired, revoked or whose owner was deactivated', async () => {
    const { organization } = program;
    const { administrator } = organization.staff;
    const past = new Date(Date.now() - 1_000);
    const expired = await newSession(program, administrator, { expiresAt: past });
    const revoked = await newSession(program, administrator, { revokedAt: past });
    const keyOf = async () => (await done(program.call('POST', '/api-keys', { as: 'administrator', body: { name: 'short-lived' } }))).body as { id: string; key: string };
    const [revokedKey, expiredKey] = [await keyOf(), await keyOf()];
    await done(program.call('DELETE', `/api-keys/${revokedKey.id}`, { as: 'administrator' }));
    await program.database.transact(organization.tenantId, (transaction) => transaction.run(sql`UPDATE api_key SET expires_at = ${past} WHERE id = ${expiredKey.id}`));
    const gone = (await done(program.call('POST', '/staff', { as: 'administrator', body: { name: '离职', job: 'manager' } }))).body;
    const ofGone = await newSession(program, gone.id);
    await program.database.transact(organization.tenantId, (transaction) => transaction.run(sql`UPDATE staff SET active = false WHERE id = ${gone.id}`));
    const real = organization.tokens.administrator;
    const credentials: Record<string, [token: string, code: 'not_signed_in' | 'session_expired']> = {
      'forged session': [newToken('session', organization.tenantId), 'not_signed_in'],
      'forged key': [newToken('api_key', organization.tenantId), 'not_signed_in'],
      'session passed off as a key': [real.replace('bhs_', 'bhk_'), 'not_signed_in'],
      'one letter changed': [`${real.slice(0, -1)}${real.endsWith('A') ? 'B' : 'A'}`, 'not_signed_in'],
      'of an organization that is not there': [newToken('session', newId()), 'not_signed_in'],
      'taken to another organization': [real.replace(real.split('_')[1]!, newToken('session', second.tenantId).split('_')[1]!), 'not_signed_in'],
      'of nobody’s making': ['correct-horse-battery-staple-and-so-on', 'not_signed_in'],
      expired: [expired.token, 'session_expired'],
      revoked: [revoked.token, 'session_expired'],
      'revoked key': [revokedKey.key, 'session_expired'],
      'expired key': [expiredKey.key, 'session_expired'],
      'deactivated owner': [ofGone.token, 'session_expired'],
    };
    await walk(needsCredentials, async (route) => {
      for (const [kind, [token, code]] of Object.entries(credentials)) assertProblem(await ask(route, { token }), code, `${name(route)}, ${kind}`);
      assertProblem(await ask(route, { cookie: expired.token }), 'session_expired', `${name(route)}, expired cookie`);
      for (const authorization of ['Basic YTpi', 'Bearer', `Bearer ${'x'.repeat(301)}`, `Bearer ${real} ${real}`]) {
        assertProblem(await ask(route, { headers: { authorization } }), 'not_signed_in', `${name(route)}, ${authorization.slice(0, 20)}`);
      }
    });
    const asking = await program.inject({ method: 'GET', url: '/api/v1/session', headers: { authorization: `Bearer ${revoked.token}` } });
    assert.deepEqual([asking.status, asking.body], [200, { csrfToken: null, staff: null }], 'who asks who they are gets told: nobody');
  });

  test('answers 403 to a member of staff without a role where a permission is needed', async () => {
    await walk(needsPermission, async (route) => {
      assertProblem(await ask(route, { token: program.organization.tokens.stranger }), 'forbidden', name(route));
    });
  });

  test('answers 403 to customers where staff is meant, and to staff where customers are', async () => {
    await walk((route) => needsCredentials(route) || route.access === 'maybe_signed_in', async (route) => {
      const token = route.access === 'customer' ? program.organization.tokens.administrator : scene.customerSession.token;
      assertProblem(await ask(route, { token }), 'forbidden', name(route));
    });
  });

  test('answers 403 to an API key that was not given its permission, whatever its owner holds', async () => {
    const keys = new Map<Permission, string>();
    for (const permission of Object.keys(permissions) as Permission[]) {
      keys.set(permission, (await done(program.call('POST', '/api-keys', { as: 'administrator', body: { name: permission, permissions: [permission] } }))).body.key);
    }
    const empty = (await done(program.call('POST', '/api-keys', { as: 'administrator', body: { name: 'nothing', permissions: [] } }))).body.key as string;
    await walk(needsPermission, async (route) => {
      for (const [permission, token] of keys) {
        if (permission !== route.access) assertProblem(await ask(route, { token }), 'forbidden', `${name(route)} with ${permission} only`);
        else if (route.method === 'GET') assert.equal((await ask(route, { token })).status, 200, `${name(route)} with its permission`);
      }
      assertProblem(await ask(route, { token: empty }), 'forbidden', `${name(route)} with nothing`);
    });
  });

  test('keeps a person’s own sign-in out of the reach of their API keys', async () => {
    // Signing out is nothing that a key could do harm by.
    const own = routes.filter((route) => /^\/api\/v1\/sessions?(\/|$)/.test(route.path) && needsCredentials(route) && name(route) !== 'DELETE /api/v1/session');
    assert.ok(own.length >= 6);
    await writesNothing(program, async () => {
      for (const route of own) assertProblem(await ask(route, { token: scene.key.key }), 'forbidden', name(route));
    });
  });

  test('answers 404 to an administrator of another organization who names this one’s records', async () => {
    const ours = (route: Route) => (needsCredentials(route) && route.access !== 'customer' && /\{(id|token)\}/.test(route.path));
    await walk(ours, async (route) => {
      assertProblem(await ask(route, { token: second.tokens.administrator }), 'not_found', name(route));
    });
    const customer = (await done(program.call('POST', '/customers', { as: 'administrator', of: second, body: { name: '别家的客户' } }))).body.id as string;
    const { token } = await newSession(program, customer, { of: second, customer: true });
    await walk((route) => route.access === 'customer', async (route) => assertProblem(await ask(route, { token }), 'not_found', name(route)));
  });

  test('lists nothing of another organization', async () => {
    const secrets = [program.organization.tenantId, ...Object.values(program.organization.staff), scene.ticket.id, scene.customer, scene.asset.id, scene.visit, scene.key.id,
      program.organization.teamId, program.organization.departmentId, program.organization.categoryId, program.organization.typeId, '13800001111', 'LIFT-1', 'first'] as string[];
    await walk((route) => route.method === 'GET' && needsCredentials(route) && route.access !== 'customer' && !/\{(id|token)\}/.test(route.path) && route.path !== '/api/v1/feed', async (route) => {
      const answer = await ask(route, { token: second.tokens.administrator });
      assert.equal(answer.status, 200, name(route));
      for (const secret of secrets) assert.ok(!answer.text.includes(secret), `${name(route)} shows ${secret} of another organization`);
    });
  });

  test('refuses records of another organization wherever a body can name one, and writes nothing', async () => {
    const mine = await newTicket(program, {}, 'administrator', second);
    const first = program.organization;
    const role = (await done(program.call('GET', '/roles', { as: 'administrator' }))).body.items[0].id as string;
    const foreignFile = scene.spareFile;
    const ticketVersion = String((await program.call('GET', `/tickets/${mine.id}`, { as: 'administrator', of: second })).headers['etag']);
    const staffVersion = String((await program.call('GET', `/staff/${second.staff.agent}`, { as: 'administrator', of: second })).headers['etag']);
    const attempts: [method: 'POST' | 'PATCH', path: string, body: Record<string, unknown>, headers?: Record<string, string>][] = [
      ['POST', '/tickets', { subject: 'x', team: first.teamId }],
      ['POST', '/tickets', { subject: 'x', assignee: first.staff.agent }],
      ['POST', '/tickets', { subject: 'x', category: first.categoryId }],
      ['POST', '/tickets', { subject: 'x', type: first.typeId }],
      ['POST', '/tickets', { subject: 'x', assetId: scene.asset.id }],
      ['POST', '/tickets', { subject: 'x', requester: { customerId: scene.customer } }],
      ['POST', '/tickets', { subject: 'x', attachments: [foreignFile] }],
      ['PATCH', `/tickets/${mine.id}`, { category: first.categoryId }, { 'if-match': ticketVersion }],
      ['PATCH', `/tickets/${mine.id}`, { assetId: scene.asset.id }, { 'if-match': ticketVersion }],
      ['POST', `/tickets/${mine.id}/comments`, { body: 'x', visibility: 'internal', mentions: [first.staff.agent] }],
      ['POST', `/tickets/${mine.id}/comments`, { body: 'x', visibility: 'internal', attachments: [foreignFile] }],
      ['POST', `/tickets/${mine.id}/actions/assign`, { assignee: first.staff.agent }],
      ['POST', `/tickets/${mine.id}/actions/assign`, { team: first.teamId }],
      ['POST', `/tickets/${mine.id}/actions/transfer`, { team: first.teamId }],
      ['POST', '/departments', { name: 'x', parentId: first.departmentId }],
      ['POST', '/teams', { name: 'x', departmentId: first.departmentId }],
      ['POST', '/teams', { name: 'x', departmentId: second.departmentId, memberIds: [first.staff.agent] }],
      ['POST', '/staff', { name: 'x', job: 'agent', departmentId: first.departmentId }],
      ['POST', '/staff', { name: 'x', job: 'agent', teamIds: [first.teamId] }],
      ['POST', '/staff', { name: 'x', job: 'agent', roleIds: [role] }],
      ['PATCH', `/staff/${second.staff.agent}`, { departmentId: first.departmentId }, { 'if-match': staffVersion }],
      ['PATCH', `/staff/${second.staff.agent}`, { teamIds: [first.teamId] }, { 'if-match': staffVersion }],
      ['PATCH', `/staff/${second.staff.agent}`, { roleIds: [role] }, { 'if-match': staffVersion }],
      ['POST', '/roles', { name: 'x', grants: [{ permission: 'ticket.read', scope: 'own', ticketTypeIds: [first.typeId] }] }],
      ['POST', '/categories', { name: 'x', parentId: first.categoryId }],
      ['POST', '/categories', { name: 'x', teamId: first.teamId }],
      ['POST', '/assets', { code: 'x', name: 'x', customerId: scene.customer }],
    ];
    // A ticket takes its number before its files are looked at; numbers may be skipped.
    await writesNothing(program, async () => {
      for (const [method, path, body, headers = {}] of attempts) {
        assertProblem(await program.call(method, path, { as: 'administrator', of: second, body, headers }), 'unknown_reference', `${method} ${path} ${JSON.stringify(body)}`);
      }
    }, { except: ['number_block'] });
  });

  test('answers 404 to a link or a code that is forged, altered, of another kind or of an organization that is not there', async () => {
    const other = scene.resolvedLinks[0];
    const forged = { nonsense: 'x', altered: `${scene.link.slice(0, -1)}${scene.link.endsWith('A') ? 'B' : 'A'}`, padded: `${scene.link}=`, 'of another kind': scene.scan, 'two halves': scene.link.slice(0, -22) + other.slice(-22), long: 'A'.repeat(420) };
    await walk((route) => route.access === 'link', async (route) => {
      for (const [kind, token] of Object.entries(forged)) assertProblem(await ask(route, { params: { token } }), 'link_invalid', `${name(route)}, ${kind}`);
    });
    await walk((route) => route.access === 'scan', async (route) => {
      for (const [kind, token] of Object.entries({ ...forged, 'of another kind': scene.link })) assertProblem(await ask(route, { params: { token } }), 'link_invalid', `${name(route)}, ${kind}`);
    });
    await walk((route) => route.access === 'portal', async (route) => {
      for (const org of ['nobody', 'FIRST', 'first ', '\0', '\ud83d\ude00', '安居', `${'a'.repeat(64)}`, '../first', "first' OR '1'='1"]) assertProblem(await ask(route, { params: { org } }), 'not_found', `${name(route)}, ${org}`);
    });
  });

  test('shows the holder of a link this ticket’s files and no other’s, and none that is internal', async () => {
    await walk((route) => route.access === 'link' && route.path.includes('/files/{id}'), async (route) => {
      for (const id of [scene.internalFile, scene.spareFile, newId()]) assertProblem(await ask(route, { params: { id } }), 'not_found', name(route));
      assertProblem(await ask(route, { params: { token: scene.resolvedLinks[0] } }), 'not_found', `${name(route)}, by another ticket’s link`);
    });
  });

  test('answers 403 to a change that comes by cookie without the page’s token, and lets a read pass', async () => {
    const { tokens } = program.organization;
    const changes = (route: Route) => needsCredentials(route) && route.method !== 'GET';
    await walk(changes, async (route) => {
      const cookie = route.access === 'customer' ? scene.customerSession.token : tokens.administrator;
      assertProblem(await ask(route, { cookie }), 'csrf_token_missing', name(route));
      for (const wrong of ['', 'x', csrfToken(program.services, tokens.agent), tokens.administrator]) {
        assertProblem(await ask(route, { cookie, headers: { 'x-csrf-token': wrong } }), 'csrf_token_missing', `${name(route)}, with ${wrong.slice(0, 8)}`);
      }
    });
    await walk((route) => needsPermission(route) && route.method === 'GET', async (route) => assert.equal((await ask(route, { cookie: tokens.administrator })).status, 200, name(route)));
    const session = await program.inject({ method: 'GET', url: '/api/v1/session', headers: { cookie: `bihuan_session=${tokens.administrator}` } });
    assert.equal(session.body.csrfToken, csrfToken(program.services, tokens.administrator));
    assert.equal((await ask(routes.find((route) => name(route) === 'POST /api/v1/customers')!, { cookie: tokens.administrator, headers: { 'x-csrf-token': session.body.csrfToken } })).status, 201);
  });

  test('is bound by row-level security: a query that forgets its tenant finds only its own', async () => {
    const tables = Object.keys(await contentOf(program, second.tenantId));
    assert.ok(tables.length > 25);
    for (const table of tables) {
      const count = (tenantId: string) => program.database.transact(tenantId, async (transaction) =>
        (await transaction.first(sql<{ count: number }>`SELECT count(*) AS count FROM ${sql.table(table)} WHERE tenant_id = ${program.organization.tenantId}`))!.count);
      // Search looks past it by design, for the one tenant it is told.
      assert.equal(await count(second.tenantId), 0, table);
      assert.equal(await count(newId()), 0, table);
    }
    assert.ok(await program.database.transact(everyTenant, async (transaction) => (await transaction.run(sql`SELECT 1 FROM ticket`)).length) > 0);
  });

  test('does what it is for when asked by somebody entitled', async () => {
    for (const route of routes) {
      const one: Case = await cases[name(route)]?.() ?? {};
      if (one.endless) continue;
      const token = needsCredentials(route) || route.access === 'maybe_signed_in' ? one.token ?? program.organization.tokens.administrator : undefined;
      const answer = await ask(route, token === undefined ? {} : { token });
      assert.ok(answer.status >= 200 && answer.status < 300, `${name(route)} ${answer.status} ${answer.text.slice(0, 300)}`);
      if (name(route) === 'POST /api/v1/session/second-factor') authenticator = answer.body.secret;
    }
    // A visit that was accepted goes on: its technician is the only one who can.
    assertProblem(await program.call('POST', `/visits/${scene.visit}/actions/start_travel`, { as: 'administrator', body: {} }), 'visit_not_yours');
    assert.equal((await step(program, scene.visit, 'start_travel')).status, 'travelling');
  });
});
