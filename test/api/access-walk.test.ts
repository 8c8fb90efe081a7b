import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { permissions, type Permission } from '../../rules/access/permissions.ts';
import { ticketActions } from '../../rules/ticket/lifecycle.ts';
import { visitActions } from '../../rules/ticket/visit-lifecycle.ts';
import { everyTenant } from '../../server/platform/db/database.ts';
import { newId } from '../../server/platform/db/uuid.ts';
import { csrfToken } from '../../server/platform/http/server.ts';
import type { Route } from '../../server/platform/http/use-case.ts';
import { newToken } from '../../server/records/access/tokens.ts';
import { routes } from '../../server/routes.ts';
import { openTestProgram, type TestOrganization, type TestProgram } from '../support/program.ts';
import { ask as askRoute, casesOf, entitled, furnish, leavesTrace, name, needsCredentials, needsPermission, type Scene } from './requests.ts';
import { assertProblem, contentOf, done, newSession, newTicket, step, writesNothing } from './scene.ts';
import { takeTurns } from './turns.ts';

const isForCustomers = (route: Route) => route.access === 'customer' || route.access === 'leaving_customer';

describe('every route', () => {
  let program: TestProgram;
  let scene: Scene;
  let second: TestOrganization;
  let cases: ReturnType<typeof casesOf>;

  before(async () => {
    program = await openTestProgram({ limits: { signedIn: 100_000, anonymous: 100_000, signIn: 100_000, openUploads: 100_000, phoneSignIn: 100_000 } });
    second = await program.foundAnother('second');
    scene = await furnish(program, program.organization);
    cases = casesOf(program, scene);
  });
  after(() => program.close());

  const ask = (route: Route, different: Parameters<typeof askRoute>[3] = {}) => askRoute(program, cases, route, different);

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
    const credentials: Record<string, [token: string, code: 'not_signed_in' | 'session_expired' | 'api_key_ended']> = {
      'forged session': [newToken('session', organization.tenantId), 'not_signed_in'],
      'forged key': [newToken('api_key', organization.tenantId), 'not_signed_in'],
      'session passed off as a key': [real.replace('bhs_', 'bhk_'), 'not_signed_in'],
      'one letter changed': [`${real.slice(0, -1)}${real.endsWith('A') ? 'B' : 'A'}`, 'not_signed_in'],
      'of an organization that is not there': [newToken('session', newId()), 'not_signed_in'],
      'taken to another organization': [`${newToken('session', second.tenantId).slice(0, 26)}${real.slice(26)}`, 'not_signed_in'],
      'of nobody’s making': ['correct-horse-battery-staple-and-so-on', 'not_signed_in'],
      expired: [expired.token, 'session_expired'],
      revoked: [revoked.token, 'session_expired'],
      'revoked key': [revokedKey.key, 'api_key_ended'],
      'expired key': [expiredKey.key, 'api_key_ended'],
      'deactivated owner': [ofGone.token, 'session_expired'],
    };
    const some = takeTurns(Object.entries(credentials), 5);
    const wrong = takeTurns(['Basic YTpi', 'Bearer', `Bearer ${'x'.repeat(301)}`, `Bearer ${real} ${real}`], 1);
    // Whoever leaves, and has left already, is told so.
    await walk((route) => needsCredentials(route) && route.access !== 'leaving_customer', async (route) => {
      for (const [kind, [token, code]] of some()) assertProblem(await ask(route, { token }), code, `${name(route)}, ${kind}`);
      assertProblem(await ask(route, { cookie: expired.token }), 'session_expired', `${name(route)}, expired cookie`);
      for (const authorization of wrong()) {
        assertProblem(await ask(route, { headers: { authorization } }), 'not_signed_in', `${name(route)}, ${authorization.slice(0, 20)}`);
      }
    });
    const asking = await program.inject({ method: 'GET', url: '/api/v1/session', headers: { authorization: `Bearer ${revoked.token}` } });
    assert.deepEqual([asking.status, asking.body], [200, { csrfToken: null, staff: null, feedPlace: null }], 'who asks who they are gets told: nobody');
  });

  test('answers 403 to a member of staff without a role where a permission is needed', async () => {
    await walk(needsPermission, async (route) => {
      assertProblem(await ask(route, { token: program.organization.tokens.stranger }), 'forbidden', name(route));
    });
  });

  test('answers 403 to customers where staff is meant, and to staff where customers are', async () => {
    await walk((route) => needsCredentials(route) || route.access === 'maybe_signed_in', async (route) => {
      const token = isForCustomers(route) ? program.organization.tokens.administrator : scene.customerSession.token;
      assertProblem(await ask(route, { token }), 'forbidden', name(route));
    });
  });

  test('answers 403 to an API key that was not given its permission, whatever its owner holds', async () => {
    const keys = new Map<Permission, string>();
    for (const permission of Object.keys(permissions) as Permission[]) {
      keys.set(permission, (await done(program.call('POST', '/api-keys', { as: 'administrator', body: { name: permission, permissions: [permission] } }))).body.key);
    }
    const empty = (await done(program.call('POST', '/api-keys', { as: 'administrator', body: { name: 'nothing', permissions: [] } }))).body.key as string;
    const others = takeTurns([...keys.keys()], 6);
    await walk(needsPermission, async (route) => {
      // Its own, and each of the others with some of the routes.
      for (const permission of new Set([route.access as Permission, ...others()])) {
        const token = keys.get(permission)!;
        if (permission !== route.access) assertProblem(await ask(route, { token }), 'forbidden', `${name(route)} with ${permission} only`);
        else if (route.method === 'GET' && !leavesTrace(route)) assert.equal((await ask(route, { token })).status, 200, `${name(route)} with its permission`);
      }
      assertProblem(await ask(route, { token: empty }), 'forbidden', `${name(route)} with nothing`);
    });
  });

  test('lets nobody past it do what its actions need further permissions for', async () => {
    const reading = (await done(program.call('POST', '/api-keys', { as: 'administrator', body: { name: 'reading', permissions: ['ticket.read', 'visit.work'] } }))).body.key as string;
    const { id } = scene.ticket;
    await writesNothing(program, async () => {
      for (const action of ticketActions) assertProblem(await program.call('POST', `/tickets/${id}/actions/${action}`, { as: { token: reading }, body: { reason: 'x', assignee: program.organization.staff.agent, resolution: 'x', for: 'part' } }), 'forbidden', action);
      for (const visibility of ['public', 'internal']) assertProblem(await program.call('POST', `/tickets/${id}/comments`, { as: { token: reading }, body: { body: 'x', visibility } }), 'forbidden', visibility);
      for (const action of visitActions) assertProblem(await program.call('POST', `/visits/${scene.visit}/actions/${action}`, { as: { token: reading }, body: {} }), 'visit_not_yours', action);
    });
    assert.deepEqual((await program.call('GET', `/tickets/${id}/actions`, { as: { token: reading } })).body, { actions: [] });
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
    const ours = (route: Route) => (needsCredentials(route) && !isForCustomers(route) && /\{(id|token)\}/.test(route.path));
    await walk(ours, async (route) => {
      assertProblem(await ask(route, { token: second.tokens.administrator }), 'not_found', name(route));
    });
    const customer = (await done(program.call('POST', '/customers', { as: 'administrator', of: second, body: { name: '别家的客户' } }))).body.id as string;
    const { token } = await newSession(program, customer, { of: second, customer: true });
    await walk(isForCustomers, async (route) => assertProblem(await ask(route, { token }), 'not_found', name(route)));
  });

  test('lists nothing of another organization', async () => {
    const secrets = [program.organization.tenantId, ...Object.values(program.organization.staff), scene.ticket.id, scene.customer, scene.asset.id, scene.visit, scene.key.id,
      program.organization.teamId, program.organization.departmentId, program.organization.categoryId, program.organization.typeId, '13800001111', 'LIFT-1', 'first'] as string[];
    await walk((route) => route.method === 'GET' && needsCredentials(route) && !isForCustomers(route) && !leavesTrace(route) && !/\{(id|token)\}/.test(route.path) && route.path !== '/api/v1/feed', async (route) => {
      const answer = await ask(route, { token: second.tokens.administrator });
      // Nobody of the other organization has a softphone, and whose technicians are asked for is a record of this one.
      assert.equal(answer.status, /\/(telephone\/(softphone|wire\.js)|technician-preferences)$/.test(route.path) ? 404 : 200, name(route));
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
      ['POST', '/tickets', { template: scene.ticketTemplate }],
      ['POST', `/tickets/${mine.id}/actions/set_status`, { status: scene.status }],
      ['PATCH', `/tickets/${mine.id}`, { status: scene.status }, { 'if-match': ticketVersion }],
      ['POST', '/ticket-types', { key: 'x', name: 'x', copyFrom: first.typeId }],
      ['POST', '/ticket-templates', { name: 'x', type: first.typeId }],
      ['POST', '/ticket-templates', { name: 'x', categoryId: first.categoryId }],
      ['POST', '/ticket-templates', { name: 'x', teamId: first.teamId }],
      ['PATCH', `/departments/${second.departmentId}`, { parentId: first.departmentId }, { 'if-match': '"1"' }],
      ['PATCH', `/departments/${second.departmentId}`, { active: false, moveTo: first.departmentId }, { 'if-match': '"1"' }],
      ['PATCH', `/teams/${second.teamId}`, { departmentId: first.departmentId }, { 'if-match': '"1"' }],
      ['PATCH', `/teams/${second.teamId}`, { addMemberIds: [first.staff.agent] }, { 'if-match': '"1"' }],
      ['PATCH', `/categories/${second.categoryId}`, { parentId: first.categoryId }, { 'if-match': '"1"' }],
      ['PATCH', `/categories/${second.categoryId}`, { teamId: first.teamId }, { 'if-match': '"1"' }],
      ['POST', '/roles', { name: 'x', grants: [{ permission: 'ticket.read', scope: 'own', ticketTypeIds: [first.typeId] }] }],
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
    await walk((route) => route.access === 'visit' || route.access === 'chat', async (route) => {
      const [own, another] = route.access === 'visit' ? [scene.chat.visit, scene.chat.channel] : [scene.chat.channel, scene.chat.visit];
      for (const [kind, token] of Object.entries({ ...forged, altered: `${own.slice(0, -1)}${own.endsWith('A') ? 'B' : 'A'}`, 'of another kind': another, 'two halves': own.slice(0, -22) + another.slice(-22), long: 'A'.repeat(200) })) {
        const answer = await ask(route, { params: { token, channel: token } });
        if (token.length <= 200) assertProblem(answer, 'link_invalid', `${name(route)}, ${kind}`);
      }
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
      const cookie = isForCustomers(route) ? scene.customerSession.token : tokens.administrator;
      assertProblem(await ask(route, { cookie }), 'csrf_token_missing', name(route));
      for (const wrong of ['', 'x', csrfToken(program.services, tokens.agent), tokens.administrator]) {
        assertProblem(await ask(route, { cookie, headers: { 'x-csrf-token': wrong } }), 'csrf_token_missing', `${name(route)}, with ${wrong.slice(0, 8)}`);
      }
    });
    await walk((route) => needsPermission(route) && route.method === 'GET' && !leavesTrace(route), async (route) => assert.equal((await ask(route, { cookie: tokens.administrator })).status, 200, name(route)));
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
      if ((await cases[name(route)]?.())?.endless) continue;
      const answer = await ask(route, { token: await entitled(program, cases, route) });
      assert.ok(answer.status >= 200 && answer.status < 300, `${name(route)} ${answer.status} ${answer.text.slice(0, 300)}`);
      if (name(route) === 'POST /api/v1/session/second-factor') scene.authenticator = answer.body.secret;
    }
    // A visit that was accepted goes on: its technician is the only one who can.
    assertProblem(await program.call('POST', `/visits/${scene.visit}/actions/start_travel`, { as: 'administrator', body: {} }), 'visit_not_yours');
    assert.equal((await step(program, scene.visit, 'start_travel')).status, 'travelling');
  });
});
