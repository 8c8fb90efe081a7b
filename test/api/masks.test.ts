import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { build, everyTenant } from '../../server/platform/db/database.ts';
import { newId } from '../../server/platform/db/uuid.ts';
import { openTestProgram, testClock, type Answer, type Person, type TestProgram } from '../support/program.ts';
import { assertProblem, contentOf, done, newTicket, writesNothing } from './scene.ts';

const clock = testClock();

describe('masks', () => {
  let program: TestProgram;
  let customer: { id: string };
  let ticket: { id: string };
  let contactId: string;
  const secrets = { phone: '13712345678', email: 'secret.name@example.com', idNumber: '330105199001011234', openid: 'oAb3SECRETxyz9k' };

  before(async () => {
    program = await openTestProgram({ clock });
    customer = (await done(call('POST', '/customers', { name: '保密', phone: secrets.phone, email: secrets.email, idNumber: secrets.idNumber }))).body;
    await done(call('POST', `/customers/${customer.id}/contact-points`, { kind: 'wechat_openid', value: secrets.openid }));
    ticket = await newTicket(program, { requester: { customerId: customer.id }, team: program.organization.teamId }, 'administrator');
    contactId = (await get(`/customers/${customer.id}`)).contactPoints.find((one: { kind: string }) => one.kind === 'phone').id;
  });
  after(() => program.close());

  const call = (method: 'GET' | 'POST' | 'PATCH', path: string, body?: unknown, options: Parameters<TestProgram['call']>[2] = {}): Promise<Answer> => program.call(method, path, { as: 'administrator', ...(body === undefined ? {} : { body }), ...options });
  const get = async (path: string, as: Person = 'administrator') => (await done(call('GET', path, undefined, { as }))).body;
  const decide = async (body: unknown, as: Person = 'administrator') => call('PATCH', '/masks', body, { as, headers: { 'if-match': `"${(await get('/masks')).version}"` } });
  const roleOf = async (key: string) => (await get('/roles')).items.find((role: { key: string }) => role.key === key).id as string;

  test('hide phone, e-mail, ID number and openid from everybody until the policy says otherwise', async () => {
    assert.deepEqual((await get('/masks', 'technician')).mine, { phone: 'masked', email: 'masked', id_number: 'masked', identifier: 'masked', sensitive: 'masked' });
    for (const path of [`/customers/${customer.id}`, '/customers', `/customers/${customer.id}/timeline`, `/customers/${customer.id}/duplicates`, `/tickets/${ticket.id}`, '/tickets']) {
      const { text } = await done(call('GET', path));
      for (const secret of Object.values(secrets)) assert.ok(!text.includes(secret), `${path} shows ${secret}`);
    }
    const shown = await get(`/customers/${customer.id}`);
    assert.deepEqual([shown.phone, shown.email, shown.idNumber], ['137****5678', 's***@example.com', '330***********1234']);
  });

  test('are decided by kind of datum and by role: all, masked, or nothing', async () => {
    const [agent, dispatcher] = [await roleOf('agent'), await roleOf('dispatcher')];
    await done(decide({ policy: { phone: { everybody: 'masked', roles: { [agent]: 'raw', [dispatcher]: 'hidden' } }, id_number: { everybody: 'hidden', roles: {} } } }));
    const seen = async (as: Person) => {
      const shown = await get(`/customers/${customer.id}`, as);
      return [shown.phone, shown.email, shown.idNumber];
    };
    assert.deepEqual(await seen('agent'), [secrets.phone, 's***@example.com', null]);
    assert.deepEqual(await seen('dispatcher'), [null, 's***@example.com', null]);
    assert.deepEqual(await seen('manager'), ['137****5678', 's***@example.com', null]);
    assert.equal((await get(`/tickets/${ticket.id}`, 'agent')).requester.phone, secrets.phone, 'on tickets, too');
    assert.deepEqual((await get('/masks', 'agent')).mine.phone, 'raw');
    // A key that may not reveal sees no more than masks, whatever its owner sees.
    const key = (await done(call('POST', '/api-keys', { name: 'narrow', permissions: ['customer.read'] }, { as: 'administrator' }))).body.key as string;
    await done(decide({ policy: { phone: { everybody: 'raw', roles: {} } } }));
    assert.equal((await done(program.call('GET', `/customers/${customer.id}`, { as: { token: key } }))).body.phone, '137****5678');
    await done(decide({ policy: { phone: { everybody: 'masked', roles: {} }, id_number: { everybody: 'masked', roles: {} } } }));
    const facts = await program.database.transact(program.organization.tenantId, (transaction) => transaction.run(build.selectFrom('fact').select('data').where('kind', '=', 'mask_policy.changed')));
    assert.equal(facts.length, 3);
  });

  test('are for administrators to decide, from the version they saw', async () => {
    assertProblem(await decide({ revealsPerHour: 5 }, 'manager'), 'forbidden');
    assertProblem(await call('PATCH', '/masks', { revealsPerHour: 5 }, { headers: { 'if-match': '"0"' } }), 'stale_version');
    await writesNothing(program, async () => {
      const { version } = await get('/masks');
      assert.equal((await done(decide({ policy: { phone: { everybody: 'masked', roles: {} } } }))).body.version, version, 'what stands already is no change');
    }, { except: ['organization'] });
    for (const body of [{ policy: { phone: { everybody: 'seen', roles: {} } } }, { policy: { voice: { everybody: 'raw', roles: {} } } }, { policy: {} }, { revealsPerHour: 0 }, { policy: { phone: { everybody: 'raw', roles: { x: 'raw' } } } }]) {
      assert.equal((await decide(body)).status, 422, JSON.stringify(body));
    }
    assertProblem(await decide({ policy: { phone: { everybody: 'raw', roles: { [newId()]: 'raw' } } } }), 'unknown_reference');
  });

  test('are lifted for a reason, by those who may, and that stands in the log without what was seen', async () => {
    assertProblem(await call('POST', `/customers/${customer.id}/reveal`, {}), 'invalid_input');
    assertProblem(await call('POST', `/customers/${customer.id}/reveal`, { reason: ' ' }), 'invalid_input');
    const revealed = (await done(call('POST', `/customers/${customer.id}/reveal`, { reason: '核对身份' }, { as: 'agent' }))).body;
    assert.deepEqual([revealed.idNumber, revealed.contactPoints.map((one: { value: string }) => one.value).sort()], [secrets.idNumber, [secrets.phone, secrets.email, secrets.openid].sort()]);
    assert.equal((await done(call('POST', `/customers/${customer.id}/contact-points/${contactId}/reveal`, { reason: '回电' }, { as: 'agent' }))).body.value, secrets.phone);
    assert.equal((await done(call('POST', `/tickets/${ticket.id}/reveal`, { reason: '回电' }, { as: 'agent' }))).body.phone, secrets.phone);
    const facts = await program.database.transact(program.organization.tenantId, (transaction) => transaction.run(build.selectFrom('fact').select(['data', 'subject_id', 'actor_id']).where('kind', '=', 'personal_data.revealed').where('ticket_id', 'is', null).orderBy('position')));
    assert.deepEqual(facts.map((fact) => fact.data), [{ name: '保密', what: 'customer', reason: '核对身份' }, { name: '保密', what: 'contact_point', contactId, contactKind: 'phone', reason: '回电' }]);
    assert.ok(facts.every((fact) => fact.subject_id === customer.id && fact.actor_id === program.organization.staff.agent));
    const everything = await program.database.transact(everyTenant, async (transaction) => JSON.stringify([await transaction.run(build.selectFrom('fact').select('data')), await transaction.run(build.selectFrom('customer').selectAll())]));
    for (const secret of Object.values(secrets)) assert.ok(!everything.includes(secret), `${secret} is to be read`);
  });

  test('of a customer are lifted in a department only by a ticket of theirs there', async () => {
    const reveal = (id: string) => call('POST', `/customers/${id}/reveal`, { reason: '回访' }, { as: 'manager' });
    await done(reveal(customer.id));
    const stranger = (await done(call('POST', '/customers', { name: '没有工单', phone: '13700000001' }))).body;
    await writesNothing(program, async () => assertProblem(await reveal(stranger.id), 'forbidden'));
    assert.deepEqual([(await get(`/customers/${stranger.id}`, 'manager')).mayReveal, (await get(`/customers/${customer.id}`, 'manager')).mayReveal], [false, true]);
    assertProblem(await call('POST', `/customers/${newId()}/reveal`, { reason: '回访' }), 'not_found');
  });

  test('are lifted so often an hour and no more, also at the same moment, whatever is revealed', { timeout: 60_000 }, async () => {
    await done(decide({ revealsPerHour: 5 }));
    clock.advance({ minutes: 61 });
    const ask = (index: number) => index % 2 === 0 ? call('POST', `/customers/${customer.id}/reveal`, { reason: '批量' }, { as: 'dispatcher' }) : call('POST', `/tickets/${ticket.id}/reveal`, { reason: '批量' }, { as: 'dispatcher' });
    assert.equal((await get('/masks', 'dispatcher')).revealsLeft, 5);
    const answers = await Promise.all(Array.from({ length: 12 }, (_, index) => ask(index)));
    assert.equal(answers.filter((answer) => answer.status === 200).length, 5);
    for (const answer of answers) if (answer.status !== 200) assertProblem(answer, 'too_many_reveals');
    assert.equal((await get('/masks', 'dispatcher')).revealsLeft, 0);
    clock.advance({ minutes: 20 });
    const before = await contentOf(program);
    const late = await ask(0);
    assertProblem(late, 'too_many_reveals');
    assert.equal(late.headers['retry-after'], String(40 * 60));
    assert.deepEqual(await contentOf(program), before);
    await done(call('POST', `/customers/${customer.id}/reveal`, { reason: '别人' }, { as: 'agent' }));
    clock.advance({ minutes: 41 });
    await done(ask(0));
  });
});
