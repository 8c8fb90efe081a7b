import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { routes } from '../../server/routes.ts';
import { openTestProgram, type TestProgram } from '../support/program.ts';
import { assertProblem, done } from './scene.ts';

const first = 'set by somebody else';
const own = 'chosen by myself alone';

describe('a password that a colleague set', { timeout: 60_000 }, () => {
  let program: TestProgram;
  before(async () => {
    program = await openTestProgram({ limits: { signedIn: 100_000, anonymous: 100_000, signIn: 100_000, openUploads: 100_000, phoneSignIn: 100_000 } });
  });
  after(() => program.close());

  const signIn = (email: string, password: string) => program.inject({ method: 'POST', url: '/api/v1/session', payload: { email, password } });
  const ask = (token: string, method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, payload?: object) => program.inject({ method, url: `/api/v1${path}`, ...(payload ? { payload } : {}), headers: { authorization: `Bearer ${token}`, 'accept-language': 'en' } });
  const change = (token: string, currentPassword: string, newPassword: string) => ask(token, 'POST', '/session/password', { currentPassword, newPassword });

  async function newcomer(email: string): Promise<string> {
    const { organization } = program;
    const roles = (await done(program.call('GET', '/roles', { as: 'administrator' }))).body.items as { id: string; key: string }[];
    const role = roles.find(({ key }) => key === 'administrator')!.id;
    const made = await done(program.call('POST', '/staff', { as: 'administrator', body: { name: '新人', email, job: 'administrator', password: first, roleIds: [role], departmentId: organization.departmentId } }));
    return made.body.id as string;
  }

  test('opens nothing but the way to one’s own, whatever their roles', async () => {
    await newcomer('newcomer@first.example');
    const started = await signIn('newcomer@first.example', first);
    assert.equal(started.status, 201, started.text);
    assert.equal(started.body.staff.passwordChangeDue, true);
    const { token } = started.body;
    for (const route of routes) {
      if (route.path.includes('/portal/') || ['public', 'link', 'scan', 'portal', 'chat', 'visit', 'customer', 'leaving_customer'].includes(route.access)) continue;
      if (route.handler.kind === 'use-case' && route.handler.whilePasswordDue) continue;
      const path = route.path.slice('/api/v1'.length).replaceAll(/\{\w+\}/g, '01900000-0000-7000-8000-000000000000');
      // Before anything of the request is looked at: what it says does not matter.
      assertProblem(await ask(token, route.method, path, route.method === 'GET' || route.method === 'DELETE' ? undefined : {}), 'password_change_required', `${route.method} ${route.path}`);
    }
    assert.deepEqual(routes.filter(({ handler }) => handler.kind === 'use-case' && handler.whilePasswordDue).map(({ method, path }) => `${method} ${path}`).sort(), ['DELETE /api/v1/session', 'GET /api/v1/session', 'POST /api/v1/session/password']);
    assert.equal((await ask(token, 'GET', '/session')).body.staff.passwordChangeDue, true);
  });

  test('by cookie it opens no more', async () => {
    const started = await signIn('newcomer@first.example', first);
    const cookie = String(started.headers['set-cookie']).split(';')[0]!;
    const refused = await program.inject({ method: 'GET', url: '/api/v1/tickets', headers: { cookie } });
    assert.deepEqual([refused.status, refused.body.code], [403, 'password_change_required']);
    const feed = await program.inject({ method: 'GET', url: '/api/v1/feed', headers: { cookie } });
    assert.deepEqual([feed.status, feed.body.code], [403, 'password_change_required']);
  });

  test('is changed into one that is strong and another, by whoever knows it; then all is open', async () => {
    const { body: { token } } = await signIn('newcomer@first.example', first);
    const { body: { token: other } } = await signIn('newcomer@first.example', first);
    assertProblem(await change(token, 'a guess, no more', own), 'wrong_credentials');
    assertProblem(await change(token, first, 'short'), 'password_too_weak');
    assertProblem(await change(token, first, first), 'password_unchanged');
    assertProblem(await ask(token, 'GET', '/tickets'), 'password_change_required');
    assert.equal((await change(token, first, own)).status, 204);
    assert.equal((await ask(token, 'GET', '/tickets')).status, 200);
    assert.equal((await ask(token, 'GET', '/session')).body.staff.passwordChangeDue, false);
    // Whoever else had signed in with the first one is out.
    assertProblem(await ask(other, 'GET', '/session/../tickets'.replace('/session/..', '')), 'session_expired');
    assertProblem(await signIn('newcomer@first.example', first), 'wrong_credentials');
    assert.equal((await signIn('newcomer@first.example', own)).body.staff.passwordChangeDue, false);
  });

  test('after a reset it has to be changed again, and signing out is open meanwhile', async () => {
    const id = await newcomer('forgetful@first.example');
    const { body: { token } } = await signIn('forgetful@first.example', first);
    await change(token, first, own);
    const version = (await done(program.call('GET', `/staff/${id}`, { as: 'administrator' }))).body.version as number;
    await done(program.call('PATCH', `/staff/${id}`, { as: 'administrator', body: { password: 'reset by the office' }, headers: { 'if-match': `"${version}"` } }));
    assertProblem(await ask(token, 'GET', '/tickets'), 'session_expired');
    const { body } = await signIn('forgetful@first.example', 'reset by the office');
    assert.equal(body.staff.passwordChangeDue, true);
    assertProblem(await ask(body.token, 'POST', '/api-keys', { name: 'a way round' }), 'password_change_required');
    assert.equal((await ask(body.token, 'DELETE', '/session')).status, 204);
    assertProblem(await ask(body.token, 'POST', '/session/password', { currentPassword: 'reset by the office', newPassword: own }), 'session_expired');
  });

  test('those who chose theirs long ago notice nothing', async () => {
    const started = await signIn('agent@first.example', 'correct horse battery');
    assert.deepEqual([started.status, started.body.staff.passwordChangeDue], [201, false]);
    assert.equal((await ask(started.body.token, 'GET', '/tickets')).status, 200);
  });
});
