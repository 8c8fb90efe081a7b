import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { build, everyTenant } from '../../server/platform/db/database.ts';
import { openTestProgram, testClock, type Answer, type TestProgram } from '../support/program.ts';
import { assertProblem, done, isSentenceOf, keepFirstPassword, linkOf, newSession, newTicket, photoOf, upload, writesNothing } from './scene.ts';

const password = 'correct horse battery';

describe('access that has ended', { timeout: 60_000 }, () => {
  const clock = testClock();
  let program: TestProgram;
  let administratorRole: string;
  before(async () => {
    program = await openTestProgram({ clock, limits: { signedIn: 100_000, anonymous: 100_000, signIn: 100_000, openUploads: 100_000, phoneSignIn: 100_000 } });
    administratorRole = (await done(program.call('GET', '/roles', { as: 'administrator' }))).body.items.find((role: { key: string }) => role.key === 'administrator').id;
  });
  after(() => program.close());

  const facts = (kind: string, subjectId: string) => program.database.transact(program.organization.tenantId, (transaction) => transaction.run(build.selectFrom('fact').selectAll()
    .where('kind', '=', kind).where('subject_id', '=', subjectId).orderBy('position')));

  describe('of a customer', () => {
    const leave = (token: string | null, org = 'first') => program.call('DELETE', `/portal/${org}/session`, token === null ? {} : { as: { token } });
    const newCustomer = async (of = program.organization) => (await done(program.call('POST', '/customers', { as: 'administrator', of, body: { name: '王芳' } }))).body.id as string;

    test('by signing out: at once, once, and this session only', async () => {
      const customer = await newCustomer();
      const [here, there] = [await newSession(program, customer, { customer: true }), await newSession(program, customer, { customer: true })];
      const tickets = ({ token }: { token: string }) => program.call('GET', '/portal/first/tickets', { as: { token } });
      assert.equal((await tickets(here)).status, 200);
      const out = await leave(here.token);
      assert.deepEqual([out.status, out.text, out.headers['set-cookie']], [204, '', undefined]);
      assertProblem(await tickets(here), 'session_expired');
      assert.equal((await tickets(there)).status, 200);
      const [fact, ...more] = await facts('session.ended', here.id);
      assert.deepEqual([fact!.actor_kind, fact!.actor_id, fact!.actor_name, more.length], ['customer', customer, '王芳', 0]);
      await writesNothing(program, async () => assert.equal((await leave(here.token)).status, 204, 'whoever asks again, as the answer was lost, is told the same'));
      const over = await newSession(program, customer, { customer: true, expiresAt: clock.now() });
      assert.equal((await leave(over.token)).status, 204, 'nor is it wrong to leave what has run out');
    });

    test('by nobody else', async () => {
      const second = await program.foundAnother('second');
      const { token } = await newSession(program, await newCustomer(second), { of: second, customer: true });
      await writesNothing(program, async () => {
        assertProblem(await leave(null), 'not_signed_in');
        assertProblem(await leave(`${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`), 'not_signed_in');
        assertProblem(await leave(program.organization.tokens.agent), 'forbidden', 'staff sign out elsewhere');
        assertProblem(await leave(token), 'not_found', 'of another organization');
      });
      assert.equal((await leave(token, 'second')).status, 204);
    });
  });

  describe('of API keys', () => {
    type Key = { id: string; key: string; expiresAt: string | null };
    const make = (as: { token: string }, body: Record<string, unknown> = {}) => program.call('POST', '/api-keys', { as, body: { name: 'x', ...body } });
    const made = async (as: { token: string }, body: Record<string, unknown> = {}) => (await done(make(as, body))).body as Key;
    const use = ({ key }: { key: string }, language = 'en') => program.call('GET', '/tickets', { as: { token: key }, headers: { 'accept-language': language } });
    const by = ({ key }: Key) => ({ token: key });
    const session = async () => newSession(program, program.organization.staff.administrator);
    /** Another administrator, for whom something may end. */
    const hire = async (name: string) => {
      const id = (await done(program.call('POST', '/staff', { as: 'administrator', body: { name, job: 'agent', email: `${name}@first.example`, password, roleIds: [administratorRole] } }))).body.id as string;
      await keepFirstPassword(program, id);
      return id;
    };
    const setActive = (id: string, version: number, active: boolean) => done(program.call('PATCH', `/staff/${id}`, { as: 'administrator', headers: { 'if-match': `"${version}"` }, body: { active } }));

    test('says so in words of its own', async () => {
      const [revoked, expired] = [await made(await session()), await made(await session(), { expiresAt: new Date(clock.now().getTime() + 60_000).toISOString() })];
      await done(program.call('DELETE', `/api-keys/${revoked.id}`, { as: 'administrator' }));
      clock.advance({ seconds: 60 });
      for (const key of [revoked, expired]) {
        for (const language of ['zh-CN', 'en'] as const) {
          const answer = await use(key, language);
          assertProblem(answer, 'api_key_ended');
          assert.ok(isSentenceOf(answer.body.title, 'api_key_ended', language), answer.body.title);
          assert.equal(answer.headers['www-authenticate'], 'Bearer');
        }
      }
    });

    test('a key dies with the key it was made with, and those it made with it', async () => {
      const maker = await made(await session());
      const [child, sibling] = [await made(by(maker)), await made(by(maker), { permissions: ['ticket.read', 'api_key.manage'] })];
      const grandchild = await made(by(sibling));
      const apart = await made(await session());
      for (const key of [maker, child, sibling, grandchild, apart]) assert.equal((await use(key)).status, 200);
      await done(program.call('DELETE', `/api-keys/${maker.id}`, { as: 'administrator' }));
      for (const key of [maker, child, sibling, grandchild]) assertProblem(await use(key), 'api_key_ended');
      assert.equal((await use(apart)).status, 200, 'one made by a person is nobody else’s');
      for (const key of [maker, child, sibling, grandchild]) assert.equal((await facts('api_key.revoked', key.id)).length, 1);
      const listed = (await done(program.call('GET', '/api-keys', { as: 'administrator' }))).body.items as { id: string; revokedAt: string | null }[];
      for (const key of [child, grandchild]) assert.equal(listed.find((one) => one.id === key.id)!.revokedAt, clock.now().toISOString());
    });

    test('a key lives no longer than the key it was made with', async () => {
      const expiresAt = new Date(clock.now().getTime() + 3_600_000).toISOString();
      const later = new Date(clock.now().getTime() + 3_600_001).toISOString();
      const maker = await made(await session(), { expiresAt });
      const exceeding = await make(by(maker), { expiresAt: later });
      assertProblem(exceeding, 'invalid_input');
      assert.deepEqual([exceeding.body.errors[0].path, exceeding.body.errors[0].code], ['/expiresAt', 'maximum']);
      assert.equal((await made(by(maker), { expiresAt })).expiresAt, expiresAt);
      const child = await made(by(maker));
      assert.equal(child.expiresAt, expiresAt, 'without an end of its own it has that of its maker');
      assert.equal((await made(by(child))).expiresAt, expiresAt);
      clock.advance({ minutes: 60 });
      for (const key of [maker, child]) assertProblem(await use(key), 'api_key_ended');
    });

    test('a person’s keys die with their being active, for good, also those made with keys', async () => {
      const id = await hire('leaving');
      const own = await made(await newSession(program, id));
      const child = await made(by(own));
      await setActive(id, 1, false);
      for (const key of [own, child]) assertProblem(await use(key), 'api_key_ended');
      await setActive(id, 2, true);
      for (const key of [own, child]) assertProblem(await use(key), 'api_key_ended', 'what was ended stays ended');
    });

    test('no key comes into being beside the end of its maker or its owner', async () => {
      const waiting = () => program.database.transact(everyTenant, (transaction) => transaction.run(build.selectFrom('pg_locks' as never).select('granted' as never).where('granted' as never, '=', false as never).where('locktype' as never, '=', 'transactionid' as never)));
      const tenant = program.organization.tenantId;
      /** What comes of making a key, and the keys there are then, where an end is written but not yet committed when it is asked for. */
      async function beside(as: { token: string }, owner: string, end: 'maker' | 'owner'): Promise<{ answer: Answer; alive: number }> {
        let answer: Promise<Answer> | undefined;
        await program.database.transact(tenant, async (transaction) => {
          // In the order in which the program does it.
          if (end === 'owner') await transaction.run(build.updateTable('staff').set({ active: false }).where('tenant_id', '=', tenant).where('id', '=', owner));
          await transaction.run(build.updateTable('api_key').set({ revoked_at: clock.now() }).where('tenant_id', '=', tenant).where('staff_id', '=', owner).where('revoked_at', 'is', null));
          answer = make(as);
          let settled = false;
          void answer.then(() => (settled = true));
          while (!settled && (await waiting()).length === 0);
        });
        const keys = await program.database.transact(tenant, (transaction) => transaction.run(build.selectFrom('api_key').select('id').where('staff_id', '=', owner).where('revoked_at', 'is', null)));
        return { answer: await answer!, alive: keys.length };
      }
      const owner = await hire('raced-maker');
      const maker = await made(await newSession(program, owner));
      const ofMaker = await beside(by(maker), owner, 'maker');
      assertProblem(ofMaker.answer, 'api_key_ended');
      assert.equal(ofMaker.alive, 0);
      const leaver = await hire('raced-owner');
      const ofOwner = await beside(await newSession(program, leaver), leaver, 'owner');
      assertProblem(ofOwner.answer, 'session_expired');
      assert.equal(ofOwner.alive, 0);
    });
  });

  describe('of files', () => {
    test('shows nothing more: a browser asks again, and is refused', async () => {
      const ticket = await newTicket(program, { attachments: [(await done(upload(program, 'agent', { content: await photoOf('#123456'), fields: { visibility: 'public' } }))).body.id] });
      const [file] = (await done(program.call('GET', `/tickets/${ticket.id}`, { as: 'agent' }))).body.files as { url: string; thumbnailUrl: string }[];
      const { token } = await newSession(program, program.organization.staff.agent);
      const tags: string[] = [];
      for (const url of [file!.url, file!.thumbnailUrl]) {
        const first = await done(program.call('GET', url, { as: { token } }));
        assert.equal(first.headers['cache-control'], 'private, no-cache', url);
        const tag = String(first.headers['etag']);
        assert.match(tag, /^"[^"]+"$/);
        tags.push(tag);
        const again = await program.call('GET', url, { as: { token }, headers: { 'if-none-match': tag } });
        assert.deepEqual([again.status, again.text, again.headers['cache-control']], [304, '', 'private, no-cache']);
      }
      await done(program.call('DELETE', '/session', { as: { token } }));
      for (const [index, url] of [file!.url, file!.thumbnailUrl].entries()) {
        const refused = await program.call('GET', url, { as: { token }, headers: { 'if-none-match': tags[index]! } });
        assertProblem(refused, 'session_expired', url);
        assert.equal(refused.headers['cache-control'], 'no-store');
        assertProblem(await program.call('GET', url, { as: 'stranger', headers: { 'if-none-match': tags[index]! } }), 'not_found', url);
      }
      const progress = (await done(program.call('GET', `/progress/${linkOf(ticket)}`))).body.files[0] as { url: string; thumbnailUrl: string };
      for (const url of [progress.url, progress.thumbnailUrl]) assert.equal((await done(program.call('GET', url))).headers['cache-control'], 'private, no-cache');
    });
  });
});
