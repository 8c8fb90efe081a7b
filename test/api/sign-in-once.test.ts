import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { Secret, TOTP } from 'otpauth';
import { build, everyTenant, type Compilable } from '../../server/platform/db/database.ts';
import { newId } from '../../server/platform/db/uuid.ts';
import { openTestProgram, testClock, type Answer, type TestProgram } from '../support/program.ts';
import { assertProblem, done, keepFirstPassword, newSession } from './scene.ts';

const password = 'correct horse battery';

describe('a sign-in with an Idempotency-Key', { timeout: 60_000 }, () => {
  const clock = testClock();
  let program: TestProgram;
  before(async () => {
    program = await openTestProgram({ clock, limits: { signedIn: 100_000, anonymous: 100_000, signIn: 100_000, openUploads: 100_000, phoneSignIn: 100_000 } });
  });
  after(() => program.close());

  const send = (key: string, body: Record<string, unknown>, headers: Record<string, string> = {}): Promise<Answer> => program.call('POST', '/session', { body, headers: { 'idempotency-key': key, ...headers } });
  const agent = { email: 'agent@first.example', password };
  const rows = <Row>(query: Compilable<Row>) => program.database.transact(everyTenant, (transaction) => transaction.run(query));
  const sessionsOf = async (staffId: string) => (await rows(build.selectFrom('session').select('id').where('staff_id', '=', staffId))).length;
  const factsOf = async (kind: string) => (await rows(build.selectFrom('fact').select('position').where('kind', '=', kind))).length;
  /** A member of staff made for one test. */
  async function hire(name: string): Promise<{ id: string; email: string }> {
    const email = `${name}@first.example`;
    const { id } = (await done(program.call('POST', '/staff', { as: 'administrator', body: { name, job: 'agent', email, password } }))).body;
    await keepFirstPassword(program, id);
    return { id, email };
  }

  test('that is repeated is the same session, cookie and all', async () => {
    const { id, email } = await hire('repeating');
    const key = newId();
    const [first, again, once] = [await send(key, { email, password }), await send(key, { email, password }), await send(key, { email, password })];
    assert.deepEqual([first.status, again.status, again.text, once.text], [201, 201, first.text, first.text]);
    assert.deepEqual([first.headers['idempotency-replayed'], again.headers['idempotency-replayed']], [undefined, 'true']);
    // The first answer may never have come, and with it the cookie.
    assert.match(String(again.headers['set-cookie']), new RegExp(`^bihuan_session=${first.body.token};.*HttpOnly`));
    assert.equal(again.headers['set-cookie'], first.headers['set-cookie']);
    assert.equal(await sessionsOf(id), 1);
    assert.equal((await program.call('GET', '/session', { as: { token: again.body.token } })).body.staff.id, id);
    assert.equal((await send(newId(), { email, password })).status, 201);
    assert.equal(await sessionsOf(id), 2, 'another key is another sign-in');
  });

  test('that is sent many times at the same moment starts one session', async () => {
    const { id, email } = await hire('hasty');
    const key = newId();
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(key, { email, password })));
    for (const answer of answers) if (answer.status !== 201) assertProblem(answer, 'idempotency_key_in_flight');
    assert.equal(answers.filter((answer) => answer.status === 201 && answer.headers['idempotency-replayed'] === undefined).length, 1);
    assert.equal(await sessionsOf(id), 1);
    assert.equal((await send(key, { email, password })).headers['idempotency-replayed'], 'true');
  });

  test('that is wrong counts once, for an account that is there and for one that is not', async () => {
    const { email } = await hire('counted');
    const refusedBefore = await factsOf('session.refused');
    for (const login of [email, 'nobody-here@first.example']) {
      const key = newId();
      assertProblem(await send(key, { email: login, password: 'wrong' }), 'wrong_credentials', login);
      for (let repetition = 0; repetition < 7; repetition += 1) {
        const again = await send(key, { email: login, password: 'wrong' }, { 'accept-language': 'zh-CN' });
        assertProblem(again, 'wrong_credentials', login);
        assert.equal(again.body.title, '账号或密码不对。');
      }
      for (let more = 0; more < 4; more += 1) assertProblem(await send(newId(), { email: login, password: 'wrong' }), 'wrong_credentials', `${login} ${more}`);
      assertProblem(await send(newId(), { email: login, password: 'wrong' }), 'account_locked', `${login}: five were counted`);
    }
    assert.equal(await factsOf('session.refused'), refusedBefore + 5);
  });

  test('that guesses while signed in, or by a phone code, counts once as well', async () => {
    const { tenantId, slug } = program.organization;
    const { id, email } = await hire('guessing');
    const { token } = (await done(send(newId(), { email, password }))).body;
    const change = (key: string, currentPassword: string) => program.call('POST', '/session/password', { as: { token }, body: { currentPassword, newPassword: 'another correct horse' }, headers: { 'idempotency-key': key } });
    const failures = async () => (await rows(build.selectFrom('staff').select('failed_sign_ins').where('id', '=', id)))[0]!.failed_sign_ins;
    const key = newId();
    for (let repetition = 0; repetition < 7; repetition += 1) assertProblem(await change(key, 'wrong'), 'wrong_credentials');
    assert.equal(await failures(), 1);
    assertProblem(await change(newId(), 'wrong'), 'wrong_credentials');
    assert.equal(await failures(), 2, 'another key is another guess');
    // What was refused is mended under its key, and is then done once.
    assert.deepEqual([(await change(key, password)).status, (await change(key, password)).status], [204, 204]);
    assert.equal(await failures(), 0);

    const phone = '13900007777';
    const digest = program.services.secrets.digest('phone-code', `${tenantId} ${phone} 246810`);
    const now = program.services.clock.now();
    await program.database.transact(tenantId, (transaction) => transaction.run(build.insertInto('phone_code').values({
      tenant_id: tenantId, phone, code_hash: digest, created_at: now, expires_at: new Date(now.getTime() + 300_000), attempts_left: 5, hour_started_at: now, codes_in_hour: 1,
    })));
    const enter = (once: string, code: string) => program.call('POST', `/portal/${slug}/session`, { body: { phone, code }, headers: { 'idempotency-key': once } });
    const left = async () => (await rows(build.selectFrom('phone_code').select('attempts_left').where('phone', '=', phone)))[0]!.attempts_left;
    const guess = newId();
    for (let repetition = 0; repetition < 7; repetition += 1) assertProblem(await enter(guess, '111111'), 'phone_code_wrong');
    assert.equal(await left(), 4);
    assertProblem(await enter(newId(), '111111'), 'phone_code_wrong');
    assert.equal(await left(), 3);
    assert.equal((await enter(guess, '246810')).status, 201);
  });

  test('that was refused can be mended under the same key; one that went well cannot be another', async () => {
    const { id, email } = await hire('mending');
    const key = newId();
    assertProblem(await send(key, { email, password: 'wrong' }), 'wrong_credentials');
    assert.equal((await send(key, { email, password })).status, 201);
    assertProblem(await send(key, { email, password: 'wrong' }), 'idempotency_key_reused');
    assertProblem(await send(key, { email: 'agent@first.example', password }), 'idempotency_key_reused');
    assert.equal((await send(key, { email, password })).headers['idempotency-replayed'], 'true');
    assert.equal(await sessionsOf(id), 1);
  });

  test('answers again although its code of the authenticator is spent', async () => {
    const { id, email } = await hire('two-factor');
    const { token } = await newSession(program, id);
    const { secret } = (await done(program.call('POST', '/session/second-factor', { as: { token } }))).body;
    const code = () => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: clock.now().getTime() });
    await done(program.call('POST', '/session/second-factor/confirm', { as: { token }, body: { code: code() } }));
    clock.advance({ seconds: 60 });
    const key = newId();
    for (let attempt = 0; attempt < 2; attempt += 1) assertProblem(await send(key, { email, password }), 'second_factor_required');
    const body = { email, password, code: code() };
    const [first, again] = [await send(key, body), await send(key, body)];
    assert.deepEqual([first.status, again.text], [201, first.text]);
    assertProblem(await send(newId(), body), 'second_factor_wrong', 'spent for everybody else');
  });

  test('leaves nothing behind that could be read or guessed from', async () => {
    const { email } = await hire('secretive');
    const key = newId();
    const body = { email, password };
    const answer = await done(send(key, body));
    const [kept] = await rows(build.selectFrom('idempotency_key').selectAll().where('key', '=', key));
    const text = JSON.stringify(kept);
    for (const secret of [answer.body.token, answer.body.csrfToken, password, email]) assert.ok(!text.includes(secret), secret);
    assert.doesNotMatch(kept!.body!, /[{}"]/);
    // A plain hash of the request would be a quick way to try passwords.
    assert.ok(!kept!.request_hash.equals(createHash('sha256').update(`POST /api/v1/session\n${JSON.stringify(body)}`).digest()));
    assertProblem(await send('two words', body), 'idempotency_key_invalid');
  });

  test('is its sender’s, and forgotten after ten minutes', async () => {
    const key = newId();
    const first = await done(send(key, agent));
    const elsewhere = await program.inject({ method: 'POST', url: '/api/v1/session', remoteAddress: '203.0.113.9', headers: { 'idempotency-key': key, 'content-type': 'application/json' }, payload: JSON.stringify(agent) });
    assert.equal(elsewhere.status, 201);
    assert.notEqual(elsewhere.body.token, first.body.token);
    clock.advance({ minutes: 9 });
    assert.equal((await done(send(key, agent))).text, first.text);
    clock.advance({ minutes: 1 });
    assert.notEqual((await done(send(key, agent))).body.token, first.body.token);
  });

  test('that another node is at work on is refused; one whose node died is taken over after a minute', async () => {
    const key = newId();
    await program.database.transact(everyTenant, (transaction) => transaction.run(build.insertInto('idempotency_key').values({
      tenant_id: everyTenant, caller: 'network 127.0.0.1', key, request_hash: Buffer.alloc(32), status: 102, body: null, headers: '{}', created_at: clock.now(),
    })));
    assertProblem(await send(key, agent), 'idempotency_key_in_flight');
    clock.advance({ seconds: 59 });
    assertProblem(await send(key, agent), 'idempotency_key_in_flight');
    clock.advance({ seconds: 1 });
    assert.equal((await send(key, agent)).status, 201);
  });
});
