import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { standardRoles, type Grant } from '../../rules/access/permissions.ts';
import { build, everyTenant } from '../../server/platform/db/database.ts';
import { newId } from '../../server/platform/db/uuid.ts';
import { buildServer } from '../../server/platform/http/server.ts';
import { route, useCase } from '../../server/platform/http/use-case.ts';
import { openLog } from '../../server/platform/log.ts';
import { openIdentify } from '../../server/records/access/identify.ts';
import { openTestProgram, testClock, type Answer, type TestProgram } from '../support/program.ts';
import { openEventSource } from './event-source.ts';
import { assertProblem, done, linkOf, newSession, newTicket, phoneCode } from './scene.ts';

const password = 'correct horse battery';
const generous = { signedIn: 1_000_000, anonymous: 1_000_000, signIn: 1_000_000, openUploads: 1_000_000, phoneSignIn: 1_000_000 };

describe('what an attacker tries', () => {
  const clock = testClock();
  let program: TestProgram;
  before(async () => {
    program = await openTestProgram({ clock, limits: generous });
  });
  after(() => program.close());

  const inTenant = () => program.organization.tenantId;
  const signIn = (body: Record<string, unknown>) => program.call('POST', '/session', { body });
  /** Somebody who signs in by the password of all, with roles made of these grants. */
  async function hire(name: string, { grants, departmentId }: { grants?: readonly Grant[]; departmentId?: string } = {}): Promise<{ id: string; email: string; token: string }> {
    const roleIds = grants ? [(await done(program.call('POST', '/roles', { as: 'administrator', body: { name: `角色 ${name}`, grants } }))).body.id] : [];
    const email = `${name}@first.example`;
    const { id } = (await done(program.call('POST', '/staff', { as: 'administrator', body: { name, job: 'agent', email, roleIds, ...(departmentId ? { departmentId } : {}) } }))).body;
    await program.database.transact(inTenant(), (transaction) => transaction.run(sql`UPDATE staff SET password_hash = (SELECT password_hash FROM staff WHERE id = ${program.organization.staff.agent}) WHERE id = ${id}`));
    return { id, email, token: (await newSession(program, id)).token };
  }

  describe('at sign-in', () => {
    test('of thirty guesses at the same moment five are looked at', async () => {
      const staff = await hire('rushed');
      const answers: Answer[] = await Promise.all(Array.from({ length: 30 }, () => signIn({ email: staff.email, password: 'wrong' })));
      assert.equal(answers.filter((answer) => answer.body.code === 'wrong_credentials').length, 5, answers.map((answer) => answer.status).join(' '));
      for (const answer of answers.filter(({ status }) => status !== 401)) {
        assertProblem(answer, 'account_locked');
        assert.equal(answer.headers['retry-after'], '900');
      }
      const counted = await program.database.transact(inTenant(), (transaction) => transaction.run(sql`SELECT 1 FROM fact WHERE kind = 'session.refused' AND subject_id = ${staff.id}`));
      assert.equal(counted.length, 5);
    });

    test('an account nobody has locks like one somebody has, whatever organization is named', async () => {
      const known = await hire('enumerated');
      const answersFor = async (email: string) => {
        const codes: string[] = [];
        for (const organization of ['first', 'first', 'first', 'first', 'first', 'first', undefined, 'elsewhere']) {
          const answer = await signIn({ email, password: 'wrong', ...(organization ? { organization } : {}) });
          codes.push(`${answer.body.code} ${String(answer.headers['retry-after'] ?? '')}`);
        }
        return codes;
      };
      const answers = await answersFor(known.email);
      assert.ok(answers.at(-1)!.startsWith('account_locked 900'), answers.join());
      assert.deepEqual(await answersFor('nobody-at-all@first.example'), answers);
      clock.advance({ minutes: 15 });
      assertProblem(await signIn({ email: 'nobody-at-all@first.example', password: 'wrong' }), 'wrong_credentials');
    });

    test('an account locked in one organization opens the other', async () => {
      const staff = await hire('twofold');
      const second = await program.foundAnother('twofold');
      await program.database.transact(second.tenantId, (transaction) => transaction.run(build.updateTable('staff').set({ email: staff.email }).where('tenant_id', '=', second.tenantId).where('id', '=', second.staff.agent)));
      for (let guess = 0; guess < 5; guess += 1) assertProblem(await signIn({ email: staff.email, password: 'wrong', organization: 'first' }), 'wrong_credentials');
      const answer = await signIn({ email: staff.email, password });
      assert.deepEqual([answer.status, answer.body.staff?.id], [201, second.staff.agent], answer.text);
      assertProblem(await signIn({ email: staff.email, password, organization: 'first' }), 'account_locked');
    });

    test('a session does not begin after a reset or a deactivation that came in between', async () => {
      for (const change of [{ password_hash: 'another' }, { active: false }]) {
        const staff = await hire(`raced-${Object.keys(change)[0]!.replace('_', '-')}`);
        let answer: Promise<Answer> | undefined;
        await program.database.transact(inTenant(), async (transaction) => {
          await transaction.run(build.updateTable('staff').set(change).where('tenant_id', '=', inTenant()).where('id', '=', staff.id));
          answer = signIn({ email: staff.email, password });
          const waiting = () => program.database.transact(everyTenant, (inner) => inner.run(sql`SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = 'transactionid' AND database IS NULL`));
          while ((await waiting()).length === 0);
        });
        assertProblem(await answer!, 'wrong_credentials', JSON.stringify(change));
        const sessions = await program.database.transact(inTenant(), (transaction) => transaction.run(build.selectFrom('session').select('id').where('staff_id', '=', staff.id)));
        assert.equal(sessions.length, 1, 'the one the test made');
      }
    });
  });

  describe('with an API key', () => {
    test('nobody changes how its owner or anybody else signs in, and nobody resets themselves', async () => {
      const { administrator } = program.organization.staff;
      const { id: other } = await hire('reset');
      const key = (await done(program.call('POST', '/api-keys', { as: 'administrator', body: { name: 'wide' } }))).body.key as string;
      for (const id of [administrator, other]) for (const body of [{ password: 'a new horse battery' }, { resetSecondFactor: true }]) {
        assertProblem(await program.call('PATCH', `/staff/${id}`, { as: { token: key }, headers: { 'if-match': '"1"' }, body }), 'forbidden', JSON.stringify(body));
      }
      for (const body of [{ password: 'a new horse battery' }, { resetSecondFactor: true }]) {
        assertProblem(await program.call('PATCH', `/staff/${administrator}`, { as: 'administrator', headers: { 'if-match': '"1"' }, body }), 'forbidden', 'of oneself');
      }
      assert.equal((await program.call('PATCH', `/staff/${other}`, { as: 'administrator', headers: { 'if-match': '"1"' }, body: { resetSecondFactor: true } })).status, 200);
    });
  });

  test('a password is looked at and hashed before anything is locked, as that takes its time', async () => {
    const { id } = await hire('slow-hash');
    await program.database.transact(inTenant(), async (transaction) => {
      await transaction.run(sql`SELECT 1 FROM organization FOR UPDATE`);
      assertProblem(await program.call('PATCH', `/staff/${id}`, { as: 'administrator', headers: { 'if-match': '"1"' }, body: { password: 'short' } }), 'password_too_weak');
    });
  });

  describe('with the right to maintain the organization', () => {
    const grants: Grant[] = [
      { permission: 'organization.write', scope: 'organization' }, { permission: 'organization.read', scope: 'organization' }, { permission: 'ticket.read', scope: 'department' },
    ];
    const patch = (as: { token: string }, id: string, body: Record<string, unknown>) => program.call('PATCH', `/staff/${id}`, { as, headers: { 'if-match': '*' }, body });

    test('nobody moves themselves to where they see more', async () => {
      const { departmentId, otherDepartmentId, otherTeamId, teamId } = program.organization;
      const mover = await hire('self-mover', { grants, departmentId });
      for (const body of [{ departmentId: otherDepartmentId }, { teamIds: [otherTeamId] }, { teamIds: [teamId] }, { departmentId: null }, { roleIds: [] }]) assertProblem(await patch(mover, mover.id, body), 'grant_exceeds_own', JSON.stringify(body));
      assertProblem(await program.call('POST', '/teams', { as: mover, body: { name: '自己的', departmentId: otherDepartmentId, memberIds: [mover.id] } }), 'grant_exceeds_own');
      assert.equal((await patch(mover, mover.id, { name: '改名' })).status, 200);
      const { administrator } = program.organization.staff;
      assert.equal((await program.call('PATCH', `/staff/${administrator}`, { as: 'administrator', headers: { 'if-match': '*' }, body: { departmentId: otherDepartmentId } })).status, 200, 'who sees everything sees no more');
    });

    test('nobody moves another, whose rights go by their place, out of their own reach', async () => {
      const { departmentId, otherDepartmentId, otherTeamId, teamId } = program.organization;
      const mover = await hire('mover', { grants, departmentId });
      const friend = await hire('friend', { grants: [{ permission: 'ticket.read', scope: 'department' }], departmentId });
      const roleIds = (await done(program.call('GET', `/staff/${friend.id}`, { as: 'administrator' }))).body.roles.map((role: { id: string }) => role.id) as string[];
      for (const body of [{ departmentId: otherDepartmentId }, { teamIds: [otherTeamId] }]) assertProblem(await patch(mover, friend.id, body), 'grant_exceeds_own', JSON.stringify(body));
      assertProblem(await program.call('POST', '/teams', { as: mover, body: { name: '远处', departmentId: otherDepartmentId, memberIds: [friend.id] } }), 'grant_exceeds_own');
      assertProblem(await program.call('POST', '/staff', { as: mover, body: { name: '新人', job: 'agent', departmentId: otherDepartmentId, roleIds } }), 'grant_exceeds_own');
      const afar = await hire('afar', { departmentId: otherDepartmentId });
      assertProblem(await patch(mover, afar.id, { roleIds }), 'grant_exceeds_own', 'rights given where the giver has none');
      assert.equal((await patch(mover, friend.id, { teamIds: [teamId] })).status, 200, 'within the mover’s department');
      assert.equal((await patch(mover, afar.id, { departmentId })).status, 200, 'somebody whose rights do not go by their place');
      assert.equal((await program.call('POST', '/teams', { as: mover, body: { name: '近处', departmentId, memberIds: [friend.id] } })).status, 201);
    });
  });

  describe('in the audit trail', () => {
    test('nobody reads of tickets they may not see, nor what is sealed, nor ranks', async () => {
      const { departmentId, otherDepartmentId, teamId } = program.organization;
      const { id: hidden } = await newTicket(program, { subject: '隐秘的事' });
      const { id: shown } = await newTicket(program, { subject: '本部门的事' });
      await program.database.transact(inTenant(), async (transaction) => {
        await transaction.run(build.updateTable('ticket').set({ department_id: otherDepartmentId, team_id: null }).where('tenant_id', '=', inTenant()).where('id', '=', hidden));
        await transaction.run(build.updateTable('ticket').set({ department_id: departmentId, team_id: teamId }).where('tenant_id', '=', inTenant()).where('id', '=', shown));
      });
      await done(program.call('POST', `/tickets/${hidden}/comments`, { as: 'administrator', body: { body: '不可外传', visibility: 'internal' } }));
      await done(program.call('PATCH', `/tickets/${shown}`, { as: 'administrator', headers: { 'if-match': '"1"' }, body: { priority: 'urgent' } }));
      await done(program.call('POST', '/portal/first/codes', { body: { phone: '13700001111' } }));
      const manager = await hire('auditor', { grants: standardRoles.find((role) => role.key === 'manager')!.grants, departmentId });
      assertProblem(await program.call('GET', `/tickets/${hidden}`, { as: manager }), 'not_found');
      const seen = await done(program.call('GET', '/audit?limit=100', { as: manager }));
      for (const secret of [hidden, '隐秘的事', '不可外传', 'sealed']) assert.ok(!seen.text.includes(secret), secret);
      const items = seen.body.items as { kind: string; ticketId: string | null; data: { after?: { priority?: unknown } } }[];
      assert.equal(items.find((item) => item.ticketId === shown && item.data.after?.priority !== undefined)?.data.after?.priority, 'urgent');
      assert.ok(items.some((item) => item.kind === 'phone_code.requested'));
      assert.ok((await done(program.call('GET', '/audit?limit=100', { as: 'administrator' }))).text.includes('隐秘的事'));
    });
  });

  describe('with a phone', () => {
    const ask = (phone: string) => program.call('POST', '/portal/first/codes', { body: { phone } });
    const enter = (phone: string, code: string) => program.call('POST', '/portal/first/session', { body: { phone, code } });

    test('there are five codes an hour for a number', async () => {
      const phone = '13700002222';
      for (let sent = 0; sent < 5; sent += 1) {
        await done(ask(phone));
        clock.advance({ seconds: 60 });
      }
      const refused = await ask(phone);
      assertProblem(refused, 'phone_code_too_soon');
      assert.equal(refused.headers['retry-after'], '3300');
      clock.advance({ minutes: 55 });
      await done(ask(phone));
    });

    test('there are five wrong guesses an hour for a number, however many codes are sent', async () => {
      const phone = '13700003333';
      const wrong = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');
      await done(ask(phone));
      for (let guess = 0; guess < 4; guess += 1) assertProblem(await enter(phone, wrong((await phoneCode(program)).code)), 'phone_code_wrong');
      clock.advance({ seconds: 60 });
      await done(ask(phone));
      const { code } = await phoneCode(program);
      assertProblem(await enter(phone, wrong(code)), 'phone_code_wrong');
      assertProblem(await enter(phone, code), 'phone_code_wrong', 'the right one comes too late');
      clock.advance({ seconds: 60 });
      assertProblem(await ask(phone), 'phone_code_too_soon', 'a code that could not be used');
      clock.advance({ minutes: 58 });
      await done(ask(phone));
      await done(enter(phone, (await phoneCode(program)).code));
    });
  });

  describe('with If-Match', () => {
    test('a weak tag is stale, and * stands for any version', async () => {
      const { id } = await newTicket(program);
      const patch = (ifMatch: string, body: Record<string, unknown>) => program.call('PATCH', `/tickets/${id}`, { as: 'agent', headers: { 'if-match': ifMatch }, body });
      assertProblem(await patch('W/"1"', { subject: '弱' }), 'stale_version');
      const changed = await patch('*', { subject: '任意版本' });
      assert.deepEqual([changed.status, changed.headers['etag']], [200, '"2"']);
    });
  });

  test('an Idempotency-Key stays its sender’s through a new session, and an API key’s its own', async () => {
    const { id } = await newTicket(program);
    const { technician } = program.organization.staff;
    await done(program.call('POST', `/tickets/${id}/actions/assign`, { as: 'dispatcher', body: { assignee: technician } }));
    const key = newId();
    const note = (token: string) => program.call('POST', `/tickets/${id}/comments`, { as: { token }, body: { body: '到场', visibility: 'internal' }, headers: { 'idempotency-key': key } });
    const first = await done(note((await newSession(program, technician)).token));
    const again = await done(note((await newSession(program, technician)).token));
    assert.deepEqual([again.headers['idempotency-replayed'], again.text], ['true', first.text]);
    const apiKey = (await done(program.call('POST', '/api-keys', { as: 'administrator', body: { name: 'x' } }))).body.key as string;
    const own = await done(note(program.organization.tokens.administrator));
    const byKey = await done(note(apiKey));
    assert.equal(byKey.headers['idempotency-replayed'], undefined);
    assert.notEqual(byKey.body.id, own.body.id);
  });
});

describe('limits', () => {
  let program: TestProgram | undefined;
  const open = async (limits: Partial<typeof generous>) => (program = await openTestProgram({ limits: { ...generous, ...limits } }));
  const close = async () => program?.close();
  const from = (remoteAddress: string, url: string, headers: Record<string, string> = {}) => program!.inject({ method: 'GET', url: `/api/v1${url}`, remoteAddress, headers: { 'accept-language': 'en', ...headers } });

  test('hold back an address whose credentials fail, and no other', async () => {
    await open({ anonymous: 5 });
    try {
      const forged = { authorization: `Bearer ${'x'.repeat(40)}` };
      for (let count = 0; count < 5; count += 1) assertProblem(await from('203.0.113.1', '/tickets', forged), 'not_signed_in');
      const answer = await from('203.0.113.1', '/tickets', forged);
      assertProblem(answer, 'rate_limited');
      assert.match(String(answer.headers['retry-after']), /^[1-9]\d?$/);
      assertProblem(await from('203.0.113.1', '/progress/abc'), 'rate_limited');
      assertProblem(await from('203.0.113.2', '/tickets', forged), 'not_signed_in');
      assert.equal((await program!.call('GET', '/tickets', { as: 'agent' })).status, 200);
    } finally {
      await close();
    }
  });

  test('of holders of a link and of customers are those of strangers', async () => {
    await open({ anonymous: 3 });
    try {
      const link = linkOf(await newTicket(program!));
      for (let count = 0; count < 3; count += 1) assert.equal((await from('203.0.113.3', `/progress/${link}`)).status, 200);
      assertProblem(await from('203.0.113.4', `/progress/${link}`), 'rate_limited', 'the link counts, not the address');
    } finally {
      await close();
    }
  });

  test('hold text messages to a few a minute from one address', async () => {
    await open({ phoneSignIn: 2 });
    try {
      const ask = (phone: string) => program!.call('POST', '/portal/first/codes', { body: { phone } });
      await done(ask('13700004441'));
      await done(ask('13700004442'));
      assertProblem(await ask('13700004443'), 'rate_limited');
      assertProblem(await program!.call('POST', '/portal/first/session', { body: { phone: '13700004443', code: '123456' } }), 'rate_limited');
      assert.equal((await program!.call('GET', '/portal/first')).status, 200);
    } finally {
      await close();
    }
  });

  test('let one link hold twenty event streams and take a new one when one ends', { timeout: 60_000 }, async () => {
    await open({});
    program!.app.addHook('preClose', async () => program!.services.hub.endAll());
    try {
      const base = `${await program!.app.listen({ port: 0, host: '127.0.0.1' })}/api/v1`;
      const link = linkOf(await newTicket(program!));
      const follow = () => openEventSource(`${base}/progress/${link}/feed`);
      const sources = await Promise.all(Array.from({ length: 20 }, follow));
      for (const source of sources) assert.equal(source.status, 200);
      const refused = await follow();
      assert.equal(refused.status, 429);
      const another = await openEventSource(`${base}/progress/${linkOf(await newTicket(program!))}/feed`);
      assert.equal(another.status, 200);
      const held = program!.services.hub.receivers;
      sources[0]!.cut();
      while (program!.services.hub.receivers === held) await new Promise((resolve) => setImmediate(resolve));
      const next = await follow();
      assert.equal(next.status, 200);
      for (const source of [...sources, refused, another, next]) source.cut();
    } finally {
      await close();
    }
  });
});

test('the log of a fault names the route, not what stood in the address, and no text of a user', async () => {
  const lines: string[] = [];
  const program = await openTestProgram();
  try {
    const log = openLog('info', new Writable({
      write(chunk: Buffer, _encoding, callback) {
        lines.push(chunk.toString());
        callback();
      },
    }));
    const fails = useCase({
      summary: 'x', answer: null,
      async run() {
        const cause = Object.assign(new Error('inner'), { detail: 'cause-detail', where: 'cause-where' });
        throw Object.assign(new Error('failed', { cause }), { code: '23514', detail: 'Failing row contains (a-secret-text)', where: 'a-secret-place', internalQuery: 'a-secret-query', nested: { detail: 'a-secret-inside' } });
      },
    });
    const app = await buildServer({ routes: [route('GET', '/api/v1/progress/{token}', 'public', fails)], services: program.services, identify: openIdentify(program.services), log, trustProxy: false, secureCookies: false });
    const answer = await app.inject({ method: 'GET', url: '/api/v1/progress/a-token-of-somebody' });
    await app.close();
    assert.equal(answer.statusCode, 500);
    const text = lines.join('');
    assert.match(text, /"url":"\/api\/v1\/progress\/:token"/);
    assert.match(text, /23514/);
    for (const secret of ['a-token-of-somebody', 'a-secret', 'cause-detail', 'cause-where']) assert.ok(!text.includes(secret), `${secret} in ${text}`);
  } finally {
    await program.close();
  }
});
