import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Secret, TOTP } from 'otpauth';
import { build, everyTenant } from '../../server/platform/db/database.ts';
import { newId } from '../../server/platform/db/uuid.ts';
import { csrfToken } from '../../server/platform/http/server.ts';
import { hashToken } from '../../server/platform/secrets.ts';
import { openTestProgram, testClock, type TestProgram } from '../support/program.ts';
import { assertProblem, done, isSentenceOf, newSession, writesNothing } from './scene.ts';

const password = 'correct horse battery';
const generous = { signedIn: 1_000_000, anonymous: 1_000_000, signIn: 1_000_000, openUploads: 1_000_000, phoneSignIn: 1_000_000 };

describe('identity', () => {
  const clock = testClock();
  let program: TestProgram;
  before(async () => {
    program = await openTestProgram({ clock, limits: generous });
  });
  after(() => program.close());

  const signIn = (body: Record<string, unknown>) => program.call('POST', '/session', { body });
  const whoIs = async (token: string) => (await program.call('GET', '/session', { as: { token } })).body.staff?.id ?? null;
  /** A member of staff made for one test, with what they sign in by. */
  async function hire(name: string, more: Record<string, unknown> = {}): Promise<{ id: string; email: string; token: string }> {
    const email = `${name}@first.example`;
    const { id } = (await done(program.call('POST', '/staff', { as: 'administrator', body: { name, job: 'agent', email, ...more } }))).body;
    const { password_hash: hash } = (await program.database.transact(program.organization.tenantId, (transaction) => transaction.first(build.selectFrom('staff').select('password_hash').where('id', '=', program.organization.staff.agent))))!;
    await program.database.transact(program.organization.tenantId, (transaction) => transaction.run(build.updateTable('staff').set({ password_hash: hash }).where('id', '=', id)));
    return { id, email, token: (await newSession(program, id)).token };
  }
  const facts = (kind: string, subjectId?: string) => program.database.transact(program.organization.tenantId, (transaction) => transaction.run(build.selectFrom('fact').selectAll()
    .where('kind', '=', kind).where((where) => (subjectId === undefined ? where.val(true) : where('subject_id', '=', subjectId))).orderBy('position')));

  describe('signing in', () => {
    test('works by e-mail and by phone, however they are written', async () => {
      const { agent } = program.organization.staff;
      const phone = '13900003005';
      for (const body of [{ email: 'agent@first.example' }, { email: ' Agent@First.EXAMPLE ' }, { email: phone }, { phone }, { phone: '+86 139-0000-3005' }, { email: '0086 13900003005' }, { email: 'agent@first.example', organization: 'first' }]) {
        const answer = await signIn({ ...body, password });
        assert.equal(answer.status, 201, JSON.stringify(body));
        assert.equal(answer.body.staff.id, agent);
        assert.equal(await whoIs(answer.body.token), agent);
        assert.equal(answer.body.csrfToken, csrfToken(program.services, answer.body.token));
        const cookie = String(answer.headers['set-cookie']);
        assert.match(cookie, new RegExp(`^bihuan_session=${answer.body.token}; Path=/; Expires=[^;]+; HttpOnly; SameSite=Lax$`));
        const byCookie = await program.inject({ method: 'GET', url: '/api/v1/session', headers: { cookie: `bihuan_session=${answer.body.token}` } });
        assert.deepEqual([byCookie.body.staff.id, byCookie.body.csrfToken], [agent, answer.body.csrfToken]);
      }
      assert.equal((await facts('session.started')).length, 7);
      assert.ok(!JSON.stringify(await program.database.transact(everyTenant, (transaction) => transaction.run(build.selectFrom('session').selectAll()))).includes(password));
    });

    test('tells neither what was wrong nor who is known', async () => {
      const gone = await hire('gone');
      await program.database.transact(program.organization.tenantId, (transaction) => transaction.run(build.updateTable('staff').set({ active: false }).where('id', '=', gone.id)));
      await done(program.call('POST', '/staff', { as: 'administrator', body: { name: '没有密码', job: 'agent', email: 'bare@first.example' } }));
      const attempts = [
        { email: 'agent@first.example', password: 'wrong' }, { email: 'nobody@first.example', password }, { email: 'gone@first.example', password }, { email: 'bare@first.example', password },
        { email: 'bare@first.example', password: 'x' }, { email: 'agent@first.example', password, organization: 'nowhere' }, { phone: '13999999999', password }, { password }, { email: 'xyz', password },
        { email: "' OR 1=1 --", password }, { email: '%%%', password: '%' },
      ];
      for (const body of attempts) {
        const answer = await signIn(body);
        assertProblem(answer, 'wrong_credentials', JSON.stringify(body));
        const { requestId: _requestId, ...rest } = answer.body;
        assert.deepEqual(rest, { type: '/api/docs/refusals#wrong_credentials', title: 'The account or the password is not right.', status: 401, code: 'wrong_credentials' });
        assert.equal(answer.headers['set-cookie'], undefined);
      }
    });

    test('five wrong passwords in a row lock an account for a quarter of an hour, and no other', async () => {
      const staff = await hire('locked');
      const wrong = () => signIn({ email: staff.email, password: 'wrong' });
      const right = () => signIn({ email: staff.email, password });
      for (let attempt = 0; attempt < 4; attempt += 1) assertProblem(await wrong(), 'wrong_credentials');
      assert.equal((await right()).status, 201, 'a right one in between starts the count anew');
      for (let attempt = 0; attempt < 5; attempt += 1) assertProblem(await wrong(), 'wrong_credentials');
      for (const attempt of [right, wrong]) {
        const answer = await attempt();
        assertProblem(answer, 'account_locked');
        assert.equal(answer.headers['retry-after'], '900');
        assert.ok(isSentenceOf(answer.body.title, 'account_locked', 'en') && answer.body.title.includes('15'));
      }
      assert.deepEqual((await facts('session.refused', staff.id)).map((fact) => (fact.data as { locked: boolean }).locked), [false, false, false, false, false, false, false, false, true]);
      assert.equal((await signIn({ email: 'agent@first.example', password })).status, 201);
      assert.equal(await whoIs(staff.token), staff.id, 'who is signed in already stays so');
      clock.advance({ minutes: 14, seconds: 59 });
      assertProblem(await right(), 'account_locked');
      clock.advance({ seconds: 1 });
      assert.equal((await right()).status, 201);
    });

    test('that is tried with many passwords at the same moment is locked all the same', async () => {
      const staff = await hire('hurried');
      for (const answer of await Promise.all(Array.from({ length: 12 }, () => signIn({ email: staff.email, password: 'wrong' })))) assert.ok([401, 429].includes(answer.status), answer.text);
      assertProblem(await signIn({ email: staff.email, password }), 'account_locked');
    });

    test('asks for the organization where an account belongs to several, however many those are', async () => {
      const staff = await hire('everywhere');
      const { password_hash: hash } = (await program.database.transact(everyTenant, (transaction) => transaction.first(build.selectFrom('staff').select('password_hash').where('id', '=', staff.id))))!;
      // Other organizations that happen to know the same address, under another password.
      for (let index = 0; index < 25; index += 1) {
        const tenant = newId();
        await program.database.transact(tenant, async (transaction) => {
          await transaction.run(build.insertInto('organization').values({ tenant_id: tenant, slug: `other-${index}`, name: `其他 ${index}`, created_at: clock.now() }));
          await transaction.run(build.insertInto('staff').values({ tenant_id: tenant, id: newId(), name: 'x', email: staff.email, job: 'agent', created_at: clock.now() }));
        });
      }
      const second = await program.foundAnother('second');
      await program.database.transact(second.tenantId, (transaction) => transaction.run(build.updateTable('staff').set({ email: staff.email, password_hash: hash }).where('tenant_id', '=', second.tenantId).where('id', '=', second.staff.agent)));
      const answer = await signIn({ email: staff.email, password });
      assertProblem(answer, 'organization_ambiguous');
      assert.deepEqual(answer.body.organizations.toSorted((a: { slug: string }, b: { slug: string }) => a.slug.localeCompare(b.slug)), [{ slug: 'first', name: 'Test first' }, { slug: 'second', name: 'Test second' }]);
      assert.equal((await signIn({ email: staff.email, password, organization: 'first' })).body.staff.id, staff.id);
      assert.equal((await signIn({ email: staff.email, password, organization: 'second' })).body.staff.id, second.staff.agent);
      assertProblem(await signIn({ email: staff.email, password, organization: 'third' }), 'wrong_credentials');
      await program.database.transact(second.tenantId, (transaction) => transaction.run(build.updateTable('staff').set({ email: null }).where('tenant_id', '=', second.tenantId).where('id', '=', second.staff.agent)));
      assert.equal((await signIn({ email: staff.email, password })).body.staff.id, staff.id, 'the password tells which one is meant');
    });

    test('shows the organization as it is now', async () => {
      const staff = await hire('newcomer');
      await signIn({ email: staff.email, password });
      const department = (await done(program.call('POST', '/departments', { as: 'administrator', body: { name: '新部门' } }))).body;
      const team = (await done(program.call('POST', '/teams', { as: 'administrator', body: { name: '新班组', departmentId: department.id, memberIds: [staff.id] } }))).body;
      await program.database.transact(program.organization.tenantId, (transaction) => transaction.run(build.updateTable('staff').set({ department_id: department.id }).where('id', '=', staff.id)));
      const me = (await signIn({ email: staff.email, password })).body.staff;
      assert.deepEqual([me.teams, me.department], [[{ id: team.id, name: '新班组' }], { id: department.id, name: '新部门' }]);
    });
  });

  describe('two-factor sign-in', () => {
    const codeFor = (secret: string, periods = 0) => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: clock.now().getTime() + periods * 30_000 });
    const confirm = (token: string, code: string) => program.call('POST', '/session/second-factor/confirm', { as: { token }, body: { code } });
    const disable = (token: string, code: string) => program.call('POST', '/session/second-factor/disable', { as: { token }, body: { code } });

    async function enrol(name: string): Promise<{ id: string; email: string; token: string; secret: string }> {
      const staff = await hire(name);
      const setup = (await done(program.call('POST', '/session/second-factor', { as: { token: staff.token } }))).body;
      assert.match(setup.secret, /^[A-Z2-7]{32}$/);
      assert.ok(setup.uri.startsWith('otpauth://totp/') && setup.uri.includes(`secret=${setup.secret}`));
      assert.ok(setup.qrCode.startsWith('<svg '));
      return { ...staff, secret: setup.secret };
    }

    test('takes the password once more, unless one has just signed in', async () => {
      const { id, token } = await hire('left-alone');
      const start = (body: Record<string, unknown> = {}) => program.call('POST', '/session/second-factor', { as: { token }, body });
      clock.advance({ minutes: 5 });
      await writesNothing(program, async () => assertProblem(await start(), 'password_needed', 'a session left open'));
      assertProblem(await start({ currentPassword: 'a guess of mine' }), 'wrong_credentials');
      const { failed_sign_ins: failed } = (await program.database.transact(program.organization.tenantId, (transaction) => transaction.first(build.selectFrom('staff').select('failed_sign_ins').where('id', '=', id))))!;
      assert.equal(failed, 1, 'a session left open is no place to guess at');
      assert.equal((await start({ currentPassword: password })).status, 201);
      const { token: fresh } = await hire('just-signed-in');
      assert.equal((await program.call('POST', '/session/second-factor', { as: { token: fresh } })).status, 201);
    });

    test('is on once a code of it was shown, and then needed', async () => {
      const staff = await enrol('careful');
      assert.equal((await signIn({ email: staff.email, password })).status, 201, 'not yet on');
      assertProblem(await confirm(staff.token, '000000' === codeFor(staff.secret) ? '111111' : '000000'), 'second_factor_wrong');
      assert.equal((await confirm(staff.token, codeFor(staff.secret))).status, 204);
      assertProblem(await confirm(staff.token, codeFor(staff.secret, 1)), 'second_factor_already_on');
      assertProblem(await program.call('POST', '/session/second-factor', { as: { token: staff.token } }), 'second_factor_already_on');
      assert.equal((await facts('second_factor.enabled', staff.id)).length, 1);

      assertProblem(await signIn({ email: staff.email, password }), 'second_factor_required');
      assertProblem(await signIn({ email: staff.email, password: 'wrong', code: codeFor(staff.secret) }), 'wrong_credentials');
      for (const wrong of ['abcdef', '1234567', codeFor(staff.secret, 5), codeFor(staff.secret, -3)]) assertProblem(await signIn({ email: staff.email, password, code: wrong }), 'second_factor_wrong', wrong);
      assertProblem(await signIn({ email: staff.email, password, code: codeFor(staff.secret) }), 'account_locked', 'wrong codes lock like wrong passwords');
      clock.advance({ minutes: 15 });
      const answer = await signIn({ email: staff.email, password, code: codeFor(staff.secret) });
      assert.deepEqual([answer.status, answer.body.staff.secondFactor], [201, true]);
    });

    test('takes each code once, even from two at the same moment, and none older than the last', async () => {
      const staff = await enrol('once');
      const code = codeFor(staff.secret);
      assert.equal((await confirm(staff.token, code)).status, 204);
      assertProblem(await signIn({ email: staff.email, password, code }), 'second_factor_wrong', 'the code that turned it on is spent');
      assertProblem(await signIn({ email: staff.email, password, code: codeFor(staff.secret, -1) }), 'second_factor_wrong', 'so is the one before');
      clock.advance({ seconds: 60 });
      const next = codeFor(staff.secret);
      const both = await Promise.all([signIn({ email: staff.email, password, code: next }), signIn({ email: staff.email, password, code: next })]);
      assert.deepEqual(both.map((answer) => answer.status).sort(), [201, 401]);
      clock.advance({ seconds: 60 });
      assert.equal((await signIn({ email: staff.email, password, code: codeFor(staff.secret, 1) })).status, 201, 'a clock may be half a minute fast');
    });

    test('is turned off by a code, not by guessing', async () => {
      const staff = await enrol('off');
      await done(confirm(staff.token, codeFor(staff.secret)));
      assertProblem(await disable(staff.token, codeFor(staff.secret)), 'second_factor_wrong', 'a spent one');
      clock.advance({ seconds: 60 });
      const right = codeFor(staff.secret);
      for (let guess = 0; guess < 4; guess += 1) assertProblem(await disable(staff.token, `00000${guess}`), 'second_factor_wrong');
      assertProblem(await disable(staff.token, right), 'account_locked');
      assertProblem(await signIn({ email: staff.email, password, code: right }), 'account_locked');
      clock.advance({ minutes: 15 });
      assert.equal((await disable(staff.token, codeFor(staff.secret))).status, 204);
      assertProblem(await disable(staff.token, codeFor(staff.secret, 1)), 'second_factor_not_started');
      assert.equal((await signIn({ email: staff.email, password })).status, 201);
      assert.equal((await facts('second_factor.disabled', staff.id)).length, 1);
    });

    test('keeps its secret sealed', async () => {
      const staff = await enrol('sealed');
      const row = (await program.database.transact(program.organization.tenantId, (transaction) => transaction.first(build.selectFrom('staff').select('totp_secret').where('id', '=', staff.id))))!;
      const bytes = Buffer.from(Secret.fromBase32(staff.secret).bytes);
      assert.ok(row.totp_secret!.length > bytes.length && !row.totp_secret!.includes(bytes));
      assert.deepEqual(program.services.secrets.open('totp', row.totp_secret!), bytes);
    });
  });

  describe('sessions', () => {
    test('are listed to their owner only, and end at once when revoked', async () => {
      const staff = await hire('manifold');
      const [one, two] = [(await signIn({ email: staff.email, password })).body.token as string, (await signIn({ email: staff.email, password })).body.token as string];
      const sessions = (await done(program.call('GET', '/sessions', { as: { token: one } }))).body.items as { id: string; current: boolean; address: string }[];
      assert.equal(sessions.length, 3);
      assert.equal(sessions.filter((session) => session.current).length, 1);
      assert.equal(sessions.find((session) => session.current)!.address, '127.0.0.1');
      const other = (await done(program.call('GET', '/sessions', { as: { token: two } }))).body.items.find((session: { current: boolean }) => session.current).id as string;
      assertProblem(await program.call('DELETE', `/sessions/${other}`, { as: 'administrator' }), 'not_found', 'not even an administrator ends another’s by its id');
      assert.equal(await whoIs(two), staff.id);
      assert.equal((await program.call('DELETE', `/sessions/${other}`, { as: { token: one } })).status, 204);
      assertProblem(await program.call('GET', '/categories', { as: { token: two } }), 'session_expired');
      assertProblem(await program.call('DELETE', `/sessions/${other}`, { as: { token: one } }), 'not_found');
      assert.equal((await program.call('GET', '/sessions', { as: { token: one } })).body.items.length, 2);
      assert.equal((await facts('session.revoked', other)).length, 1);
    });

    test('end by signing out, with their cookie', async () => {
      const { token } = await hire('leaving');
      const cookie = { cookie: `bihuan_session=${token}`, 'x-csrf-token': csrfToken(program.services, token) };
      const out = await program.inject({ method: 'DELETE', url: '/api/v1/session', headers: cookie });
      assert.equal(out.status, 204);
      assert.match(String(out.headers['set-cookie']), /^bihuan_session=; Max-Age=0; Path=\/; Expires=Thu, 01 Jan 1970/);
      assertProblem(await program.inject({ method: 'DELETE', url: '/api/v1/session', headers: { ...cookie, 'accept-language': 'en' } }), 'session_expired');
      assert.equal(await whoIs(token), null);
    });

    test('end after fourteen days', async () => {
      const staff = await hire('lasting');
      const { token, expiresAt } = (await signIn({ email: staff.email, password })).body;
      assert.equal(Date.parse(expiresAt) - clock.now().getTime(), 14 * 86_400_000);
      const later = await newSession(program, program.organization.staff.administrator);
      clock.advance({ days: 13, minutes: 1_439 });
      assert.equal(await whoIs(token), staff.id);
      clock.advance({ minutes: 1 });
      assertProblem(await program.call('GET', '/categories', { as: { token } }), 'session_expired');
      // The others were to last a day; from here on they last as long as the tests.
      await program.database.transact(everyTenant, (transaction) => transaction.run(build.updateTable('session').set({ expires_at: new Date(clock.now().getTime() + 3_650 * 86_400_000) }).where('staff_id', 'in', Object.values(program.organization.staff))));
      assert.ok(await whoIs(later.token));
    });

    test('a changed password ends all others at once', async () => {
      const staff = await hire('changing');
      const other = (await signIn({ email: staff.email, password })).body.token as string;
      const change = (currentPassword: string, newPassword: string) => program.call('POST', '/session/password', { as: { token: staff.token }, body: { currentPassword, newPassword } });
      await writesNothing(program, async () => {
        for (const weak of ['short', '1234567890', 'PASSWORD123', 'aaaaaaaaaaaa', '密码密码密码']) {
          const answer = await change(password, weak);
          assertProblem(answer, 'password_too_weak', weak);
          assert.equal(answer.body.errors[0].path, '/newPassword');
        }
      });
      assertProblem(await change('wrong', 'a new horse battery'), 'wrong_credentials');
      assert.equal((await change(password, 'a new horse battery')).status, 204);
      assert.equal(await whoIs(staff.token), staff.id);
      assertProblem(await program.call('GET', '/categories', { as: { token: other } }), 'session_expired');
      assertProblem(await signIn({ email: staff.email, password }), 'wrong_credentials');
      assert.equal((await signIn({ email: staff.email, password: 'a new horse battery' })).status, 201);
      assert.deepEqual((await facts('password.changed', staff.id)).map((fact) => fact.data), [{}]);
      const { password_hash: hash } = (await program.database.transact(program.organization.tenantId, (transaction) => transaction.first(build.selectFrom('staff').select('password_hash').where('id', '=', staff.id))))!;
      assert.match(hash!, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
      for (let guess = 0; guess < 5; guess += 1) assertProblem(await change('guess', 'another horse battery'), 'wrong_credentials');
      assertProblem(await change('a new horse battery', 'another horse battery'), 'account_locked', 'a found phone is no place to guess the password at');
    });

    test('a deactivated person is out at once, with sessions and keys', async () => {
      const role = (await done(program.call('GET', '/roles', { as: 'administrator' }))).body.items.find((one: { key: string }) => one.key === 'administrator').id;
      const staff = await hire('dismissed', { roleIds: [role] });
      const key = (await done(program.call('POST', '/api-keys', { as: { token: staff.token }, body: { name: 'x' } }))).body.key as string;
      assert.equal((await program.call('GET', '/tickets', { as: { token: key } })).status, 200);
      await done(program.call('PATCH', `/staff/${staff.id}`, { as: 'administrator', headers: { 'if-match': '"1"' }, body: { active: false } }));
      const out = async (message: string) => {
        assertProblem(await program.call('GET', '/tickets', { as: { token: staff.token } }), 'session_expired', message);
        assertProblem(await program.call('GET', '/tickets', { as: { token: key } }), 'api_key_ended', message);
      };
      await out('at once');
      assertProblem(await signIn({ email: staff.email, password }), 'wrong_credentials');
      await done(program.call('PATCH', `/staff/${staff.id}`, { as: 'administrator', headers: { 'if-match': '"2"' }, body: { active: true } }));
      await out('what was ended stays ended');
    });

    test('a role taken away is gone at the next request', async () => {
      const staff = await hire('demoted', { roleIds: [(await done(program.call('GET', '/roles', { as: 'administrator' }))).body.items[0].id] });
      assert.equal((await program.call('GET', '/audit', { as: { token: staff.token } })).status, 200);
      await done(program.call('PATCH', `/staff/${staff.id}`, { as: 'administrator', headers: { 'if-match': '"1"' }, body: { roleIds: [] } }));
      assertProblem(await program.call('GET', '/audit', { as: { token: staff.token } }), 'forbidden');
    });
  });

  describe('API keys', () => {
    const make = (body: Record<string, unknown>, as: Parameters<TestProgram['call']>[2] = { as: 'administrator' }) => program.call('POST', '/api-keys', { body, ...as });

    test('may do what they were given and what their owner may, whichever is less', async () => {
      const key = (await done(make({ name: 'reader', permissions: ['ticket.read', 'ticket.create'] }))).body;
      const as = { token: key.key as string };
      const ticket = (await done(program.call('POST', '/tickets', { as, body: { subject: '来自程序' } }))).body;
      assert.deepEqual([ticket.channel, ticket.createdBy.kind, ticket.actions], ['api', 'api_key', []]);
      assert.equal((await program.call('GET', `/tickets/${ticket.id}`, { as })).status, 200);
      assertProblem(await program.call('GET', '/customers', { as }), 'forbidden');
      assertProblem(await program.call('POST', `/tickets/${ticket.id}/actions/cancel`, { as, body: { reason: 'x' } }), 'forbidden');
      assert.equal((await program.call('GET', '/api-keys', { as: 'administrator' })).body.items[0].permissions.length, 2);

      const maker = (await done(make({ name: 'maker', permissions: ['api_key.manage', 'ticket.read'] }))).body.key as string;
      const exceeding = await make({ name: 'wider', permissions: ['ticket.read', 'ticket.cancel'] }, { as: { token: maker } });
      assertProblem(exceeding, 'grant_exceeds_own');
      const made = (await done(make({ name: 'as wide' }, { as: { token: maker } }))).body;
      assert.deepEqual(made.permissions.toSorted(), ['api_key.manage', 'ticket.read']);
      assertProblem(await program.call('GET', '/customers', { as: { token: made.key } }), 'forbidden');
      assertProblem(await make({ name: 'x' }, { as: 'agent' }), 'forbidden');
    });

    test('are shown once and kept as hashes', async () => {
      const made = (await done(make({ name: '只显示一次' }))).body;
      assert.match(made.key, /^bhk_[\w-]{22}_[\w-]{43}$/);
      const listed = (await done(program.call('GET', '/api-keys', { as: 'administrator' }))).body.items.find((one: { id: string }) => one.id === made.id);
      assert.equal(listed.prefix, `…${made.key.slice(-4)}`);
      assert.ok(!('key' in listed));
      const everything = await program.database.transact(everyTenant, async (transaction) => JSON.stringify([await transaction.run(build.selectFrom('api_key').selectAll()), await transaction.run(build.selectFrom('fact').select('data'))]));
      assert.ok(!everything.includes(made.key));
      assert.equal(listed.lastUsedAt, null);
    });

    test('end when they expire and when they are revoked', async () => {
      const expiresAt = new Date(clock.now().getTime() + 3_600_000).toISOString();
      const [short, long] = [(await done(make({ name: 'short', expiresAt }))).body, (await done(make({ name: 'long' }))).body];
      const use = (key: string) => program.call('GET', '/tickets', { as: { token: key } });
      clock.advance({ seconds: 3_599 });
      assert.equal((await use(short.key)).status, 200);
      clock.advance({ seconds: 1 });
      assertProblem(await use(short.key), 'api_key_ended');
      assert.equal((await use(long.key)).status, 200);
      await done(program.call('DELETE', `/api-keys/${long.id}`, { as: 'administrator' }));
      assertProblem(await use(long.key), 'api_key_ended');
      assertProblem(await program.call('DELETE', `/api-keys/${long.id}`, { as: 'administrator' }), 'not_found');
      assert.deepEqual([(await facts('api_key.created', long.id)).length, (await facts('api_key.revoked', long.id)).length], [1, 1]);
    });

    test('one that the operator chose works though it names no organization', async () => {
      const chosen = 'operators-own-key-2026-with-no-form';
      await program.database.transact(program.organization.tenantId, (transaction) => transaction.run(build.insertInto('api_key').values({
        tenant_id: program.organization.tenantId, id: newId(), staff_id: program.organization.staff.administrator, name: 'chosen', token_hash: hashToken(chosen), prefix: '…form', permissions: null, created_at: clock.now(), expires_at: null,
      })));
      assert.equal((await program.call('GET', '/tickets', { as: { token: chosen } })).status, 200);
      assertProblem(await program.call('GET', '/tickets', { as: { token: `${chosen}x` } }), 'not_signed_in');
    });
  });
});
