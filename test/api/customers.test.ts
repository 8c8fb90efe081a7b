import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { build, everyTenant } from '../../server/platform/db/database.ts';
import { newId } from '../../server/platform/db/uuid.ts';
import { openSecrets } from '../../server/platform/secrets.ts';
import { signTicketToken } from '../../server/records/access/links.ts';
import { sendPhoneCode } from '../../server/records/access/send-phone-code.ts';
import { openTestProgram, testClock, type Answer, type TestProgram } from '../support/program.ts';
import { act, assertProblem, done, linkOf, newTicket, phoneCode, writesNothing } from './scene.ts';

const generous = { signedIn: 1_000_000, anonymous: 1_000_000, signIn: 1_000_000, openUploads: 1_000_000, phoneSignIn: 1_000_000 };

describe('customers', () => {
  const clock = testClock();
  let program: TestProgram;
  before(async () => {
    program = await openTestProgram({ clock, limits: generous });
    // The colleagues stay signed in for as long as the tests, which last half a year.
    await program.database.transact(everyTenant, (transaction) => transaction.run(build.updateTable('session').set({ expires_at: new Date(clock.now().getTime() + 3_650 * 86_400_000) })));
  });
  after(() => program.close());

  const facts = (kind: string) => program.database.transact(program.organization.tenantId, (transaction) => transaction.run(build.selectFrom('fact').selectAll().where('kind', '=', kind).orderBy('position')));

  describe('by link', () => {
    test('follow the one ticket it was made for, for half a year', async () => {
      const [mine, other] = [await newTicket(program, { subject: '我的', requester: { name: '王芳', phone: '13822220001' } }), await newTicket(program, { subject: '别人的' })];
      const link = linkOf(mine);
      const shown = await done(program.call('GET', `/progress/${link}`));
      assert.equal(shown.body.number, mine.number);
      for (const hidden of ['13822220001', other.number, mine.id, program.organization.tenantId, 'internal']) assert.ok(!shown.text.includes(hidden), hidden);
      assertProblem(await program.call('GET', '/tickets', { as: { token: link } }), 'not_signed_in', 'a link is no credential');
      clock.advance({ days: 179 });
      assert.equal((await program.call('GET', `/progress/${link}`)).status, 200);
      clock.advance({ days: 1, minutes: 60 });
      await writesNothing(program, async () => {
        assertProblem(await program.call('GET', `/progress/${link}`), 'link_invalid');
        assertProblem(await program.call('POST', `/progress/${link}/comments`, { body: { body: 'x' } }), 'link_invalid');
      });
      const again = linkOf((await program.call('GET', `/tickets/${mine.id}`, { as: 'agent' })).body);
      assert.equal(again, link, 'the same ticket has one link');
    });

    test('signed with another key, or altered in any byte, opens nothing', async () => {
      const link = linkOf(await newTicket(program));
      const foreign = signTicketToken(openSecrets('another secret key, of forty letters too'), program.organization.tenantId, newId(), clock.now());
      assertProblem(await program.call('GET', `/progress/${foreign}`), 'link_invalid');
      for (let index = 0; index < link.length; index += 1) {
        const altered = `${link.slice(0, index)}${link[index] === 'A' ? 'B' : 'A'}${link.slice(index + 1)}`;
        assertProblem(await program.call('GET', `/progress/${altered}`), 'link_invalid', `byte ${index}`);
      }
      const nowhere = signTicketToken(program.services.secrets, program.organization.tenantId, newId(), clock.now());
      assertProblem(await program.call('GET', `/progress/${nowhere}`), 'link_invalid', 'of a ticket that is not there');
    });
  });

  describe('by phone code', () => {
    let number = 13_900_100_000;
    const nextPhone = () => String(number += 1);
    const request = (phone: string) => program.call('POST', '/portal/first/codes', { body: { phone } });
    const enter = (phone: string, code: string) => program.call('POST', '/portal/first/session', { body: { phone, code } });
    const otherCode = (code: string, step = 1) => String((Number(code) + step) % 1_000_000).padStart(6, '0');

    test('get a code that is nowhere to be read but on the phone', async () => {
      const phone = nextPhone();
      const asked = await request(`+86 ${phone}`);
      assert.deepEqual([asked.status, asked.body], [202, { expiresInSeconds: 300 }]);
      const sent = await phoneCode(program);
      assert.equal(sent.phone, phone);
      assert.match(sent.code, /^\d{6}$/);
      const everything = await program.database.transact(everyTenant, async (transaction) => JSON.stringify([await transaction.run(build.selectFrom('fact').select('data')), await transaction.run(build.selectFrom('phone_code').selectAll())]));
      assert.ok(!everything.includes(`"${sent.code}"`));
      const fact = (await facts('phone_code.requested')).at(-1)!;
      assert.deepEqual((fact.data as { phone: string }).phone, `139****${phone.slice(-4)}`);
      const texts: { phone: string; text: string }[] = [];
      const job = { tenantId: program.organization.tenantId, sealed: (fact.data as { sealed: string }).sealed, requestedAt: clock.now().toISOString() };
      await sendPhoneCode(program.services, async (message) => void texts.push(message), job, 'job 1');
      assert.equal(texts.length, 1);
      assert.equal(texts[0]!.phone, phone);
      assert.ok(texts[0]!.text.includes(sent.code) && texts[0]!.text.includes('Test first'));
      clock.advance({ seconds: 301 });
      await sendPhoneCode(program.services, async (message) => void texts.push(message), job, 'job 1');
      assert.equal(texts.length, 1, 'one that has run out is not sent');
    });

    test('sign in once with it, and see their own tickets only', async () => {
      const phone = nextPhone();
      const mine = await newTicket(program, { subject: '我的水管', requester: { name: '王芳', phone } });
      await newTicket(program, { subject: '别人的电梯', requester: { name: '李雷', phone: nextPhone() } });
      await done(request(phone));
      const { code } = await phoneCode(program);
      const answer = await done(enter(phone, code));
      assert.equal(answer.body.customer.name, '王芳');
      assertProblem(await enter(phone, code), 'phone_code_wrong', 'spent');
      const as = { token: answer.body.token as string };
      const own = await done(program.call('GET', '/portal/first/tickets', { as }));
      assert.deepEqual(own.body.items.map((one: { number: string }) => one.number), [mine.number]);
      assert.equal((await done(program.call('GET', own.body.items[0].url.replace('/t/', '/progress/')))).body.number, mine.number);
      assert.ok(!own.text.includes('别人'));
      for (const path of ['/tickets', '/customers', '/session', '/feed', '/files/' + newId()]) assertProblem(await program.call('GET', path, { as }), 'forbidden', path);
      assertProblem(await program.call('GET', '/portal/second/tickets', { as }), 'not_found');
      clock.advance({ days: 30 });
      assertProblem(await program.call('GET', '/portal/first/tickets', { as }), 'session_expired');
      await act(program, mine.id, 'cancel', { reason: '演习' });
    });

    test('have five tries, not one more, even at the same moment', async () => {
      const phone = nextPhone();
      await done(request(phone));
      const { code } = await phoneCode(program);
      for (let attempt = 1; attempt <= 5; attempt += 1) assertProblem(await enter(phone, otherCode(code, attempt)), 'phone_code_wrong');
      assertProblem(await enter(phone, code), 'phone_code_wrong', 'the right one comes too late');
      clock.advance({ seconds: 61 });
      const another = nextPhone();
      await done(request(another));
      const { code: right } = await phoneCode(program);
      const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => enter(another, otherCode(right, index + 1))));
      for (const answer of answers) assertProblem(answer, 'phone_code_wrong');
      assertProblem(await enter(another, right), 'phone_code_wrong');
      assertProblem(await enter(nextPhone(), right), 'phone_code_wrong', 'another number’s');
    });

    test('have five minutes, and a minute to wait for the next code', async () => {
      const phone = nextPhone();
      await done(request(phone));
      const { code: first } = await phoneCode(program);
      const soon = await request(phone);
      assertProblem(soon, 'phone_code_too_soon');
      assert.equal(soon.headers['retry-after'], '60');
      clock.advance({ seconds: 59 });
      assert.equal((await request(phone)).headers['retry-after'], '1');
      clock.advance({ seconds: 1 });
      await done(request(phone));
      const { code: second } = await phoneCode(program);
      if (first !== second) assertProblem(await enter(phone, first), 'phone_code_wrong', 'the newer one replaced it');
      clock.advance({ seconds: 300 });
      assertProblem(await enter(phone, second), 'phone_code_wrong');
    });

    test('get one text however often they ask at the same moment', async () => {
      const phone = nextPhone();
      const before = (await facts('phone_code.requested')).length;
      const answers = await Promise.all(Array.from({ length: 6 }, () => request(phone)));
      assert.equal(answers.filter((answer) => answer.status === 202).length, 1, answers.map((answer) => answer.status).join(' '));
      for (const answer of answers) if (answer.status !== 202) assertProblem(answer, 'phone_code_too_soon');
      assert.equal((await facts('phone_code.requested')).length, before + 1);
    });

    test('do not hold the program up, however many sign in at the same moment', { timeout: 60_000 }, async () => {
      // More than there are connections to the database.
      const phones = Array.from({ length: 24 }, nextPhone);
      const answers: Answer[] = await Promise.all(phones.map((phone) => enter(phone, '123456')));
      for (const answer of answers) assertProblem(answer, 'phone_code_wrong');
    });

    test('are told where text messages are not set up', async () => {
      const silent = await openTestProgram({ smsConfigured: false });
      try {
        await writesNothing(silent, async () => assertProblem(await silent.call('POST', '/portal/first/codes', { body: { phone: '13800000000' } }), 'sms_not_configured'));
        assert.equal((await silent.call('GET', '/portal/first')).body.phoneSignIn, false);
      } finally {
        await silent.close();
      }
    });
  });

  test('two who report with the same new number at the same moment become one customer', async () => {
    const phone = '13877776666';
    const answers: Promise<Answer>[] = [];
    for (let index = 0; index < 12; index += 1) {
      answers.push(program.call('POST', '/portal/first/reports', { body: { description: `楼道灯不亮 ${index}`, contact: { name: '赵强', phone } } }));
      // So that they do not share one commit.
      await new Promise((resolve) => setImmediate(resolve));
    }
    for (const answer of await Promise.all(answers)) assert.equal(answer.status, 201, answer.text);
    const tickets = await program.database.transact(program.organization.tenantId, (transaction) => transaction.run(sql<{ customer_id: string }>`SELECT customer_id FROM ticket WHERE contact_phone = ${phone}`));
    assert.equal(tickets.length, 12);
    assert.equal(new Set(tickets.map((ticket) => ticket.customer_id)).size, 1);
    assert.notEqual(tickets[0]!.customer_id, null);
  });

  test('who loses the race to enter somebody new is told of the one who won it', { timeout: 60_000 }, async () => {
    const { tenantId } = program.organization;
    const winner = newId();
    const created = { tenant_id: tenantId, created_at: clock.now() };
    let ticket: Promise<Answer> | undefined;
    await program.database.transact(tenantId, async (transaction) => {
      await transaction.run(build.insertInto('customer').values({ ...created, id: winner, name: '先到' }));
      await transaction.run(build.insertInto('contact_point').values({ ...created, kind: 'email', value: 'race@example.com', customer_id: winner }));
      // Knows nothing of what is not committed yet, and has to wait for it at the same place.
      ticket = program.call('POST', '/tickets', { as: 'agent', body: { subject: '后到', requester: { name: '后到', phone: '13866665555', email: 'race@example.com' } } });
      const waiting = () => program.database.transact(everyTenant, (inner) => inner.run(sql`SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = 'transactionid' AND database IS NULL`));
      while ((await waiting()).length === 0);
    });
    const answer = await ticket!;
    assert.deepEqual([answer.status, answer.body.requester?.customerId], [201, winner], answer.text);
  });
});
