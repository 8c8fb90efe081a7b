/** What the console's pages of customers rest on (客户页所依赖的接口). */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { build } from '../../server/platform/db/database.ts';
import { openTestProgram, testClock, type Answer, type TestProgram } from '../support/program.ts';
import { assertProblem, done, newTicket, writesNothing } from './scene.ts';

const clock = testClock();

describe('pages of customers', () => {
  let program: TestProgram;
  before(async () => {
    program = await openTestProgram({ clock });
  });
  after(() => program.close());

  const call = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown, options: Parameters<TestProgram['call']>[2] = {}): Promise<Answer> => program.call(method, path, { as: 'administrator', ...(body === undefined ? {} : { body }), ...options });
  const get = async (path: string) => (await done(call('GET', path))).body;
  const post = async (path: string, body: unknown) => (await done(call('POST', path, body))).body;
  const patch = (path: string, body: unknown, version: number) => call('PATCH', path, body, { headers: { 'if-match': `"${version}"` } });

  test('one contact point of a kind is the first choice; choosing another takes its place', async () => {
    const customer = await post('/customers', { name: '首选', phone: '13900000001', email: 'first@example.com' });
    const other = await post(`/customers/${customer.id}/contact-points`, { kind: 'phone', value: '13900000002' });
    const [phone, email] = customer.contactPoints;
    assert.deepEqual([phone.preferred, email.preferred, other.preferred], [false, false, false]);
    await done(patch(`/customers/${customer.id}/contact-points/${phone.id}`, { preferred: true }, 1));
    await done(patch(`/customers/${customer.id}/contact-points/${email.id}`, { preferred: true }, 1));
    await done(patch(`/customers/${customer.id}/contact-points/${other.id}`, { preferred: true }, 1));
    const shown = await get(`/customers/${customer.id}`);
    assert.deepEqual(shown.contactPoints.map((one: { id: string; preferred: boolean }) => [one.id, one.preferred]), [[other.id, true], [email.id, true], [phone.id, false]]);
    assert.equal(shown.phone, '139****0002', 'lists show the first choice');
    assertProblem(await patch(`/customers/${customer.id}/contact-points/${phone.id}`, { preferred: true }, 2), 'stale_version');
  });

  test('a merge takes over what was chosen, and undoing it puts back what nobody has changed since', async () => {
    const account = await post('/accounts', { name: '并入单位' });
    const stays = await post('/customers', { name: '张三', address: '1 幢', tags: ['老客户'], idNumber: '330105199001010001' });
    const goes = await post('/customers', { name: '张三丰', address: '2 幢', tier: 'VIP', tags: ['怕狗'], accountId: account.id, accountRole: '业主', idNumber: '330105199001010002', lat: 30.1, lng: 120.2 });
    const merged = await post(`/customers/${goes.id}/merge`, { into: stays.id, take: ['tier', 'address', 'account', 'tags', 'idNumber'] });
    assert.equal(merged.name, '张三');
    assert.deepEqual([merged.tier, merged.address, merged.location, merged.account.id, merged.accountRole, merged.tags, merged.idNumber], ['VIP', '2 幢', { lat: 30.1, lng: 120.2 }, account.id, '业主', ['老客户', '怕狗'], '330***********0002']);
    await done(patch(`/customers/${stays.id}`, { address: '3 幢' }, merged.version));
    await post(`/customers/${goes.id}/unmerge`, {});
    const back = await get(`/customers/${stays.id}`);
    assert.deepEqual([back.tier, back.address, back.account, back.accountRole, back.tags, back.idNumber], [null, '3 幢', null, null, ['老客户'], '330***********0001'], 'the address was changed meanwhile and stays');
    assert.deepEqual([(await get(`/customers/${goes.id}`)).tier, (await get(`/customers/${goes.id}`)).idNumber], ['VIP', '330***********0002']);
    const facts = await program.database.transact(program.organization.tenantId, (transaction) => transaction.run(build.selectFrom('fact').select(['kind', 'data']).where('subject_id', '=', stays.id).orderBy('position')));
    assert.deepEqual(facts.map((fact) => fact.kind), ['customer.created', 'customer.changed', 'customer.merged', 'customer.changed', 'customer.changed', 'customer.unmerged']);
    assert.ok(!JSON.stringify(facts).includes('330105199001010002'));
    await writesNothing(program, async () => {
      assertProblem(await call('POST', `/customers/${goes.id}/merge`, { into: stays.id, take: ['phone'] }), 'invalid_input');
    });
  });

  test('merges undone in another order than they were made put back what was there', async () => {
    const stays = await post('/customers', { name: '目标', tags: ['t'] });
    const [one, other] = await Promise.all([['甲', 'a'], ['乙', 'b']].map(([name, tag]) => post('/customers', { name, tags: [tag] })));
    for (const { id } of [one, other]) await post(`/customers/${id}/merge`, { into: stays.id, take: ['name', 'tags'] });
    await post(`/customers/${one.id}/unmerge`, {});
    const between = await get(`/customers/${stays.id}`);
    assert.deepEqual([between.name, between.tags], ['乙', ['t', 'b']]);
    await post(`/customers/${other.id}/unmerge`, {});
    const back = await get(`/customers/${stays.id}`);
    assert.deepEqual([back.name, back.tags], ['目标', ['t']]);
  });

  test('tickets asked for by a customer are those of everybody who is that person', async () => {
    const [root, alias] = await Promise.all(['本人', '别名'].map((name) => post('/customers', { name })));
    await newTicket(program, { subject: '本人报修', requester: { customerId: root.id } });
    await newTicket(program, { subject: '别名报修', requester: { customerId: alias.id } });
    await post(`/customers/${alias.id}/merge`, { into: root.id });
    for (const id of [root.id, alias.id]) {
      assert.deepEqual((await get(`/tickets?customer=${id}`)).items.map((one: { subject: string }) => one.subject).sort(), ['别名报修', '本人报修'].sort());
    }
    await post(`/customers/${alias.id}/unmerge`, {});
    assert.deepEqual((await get(`/tickets?customer=${root.id}`)).items.map((one: { subject: string }) => one.subject), ['本人报修']);
  });

  test('accounts stand below one another, never below themselves', async () => {
    const group = await post('/accounts', { name: '集团' });
    const branch = await post('/accounts', { name: '分公司', parentId: group.id });
    const office = await post('/accounts', { name: '办事处', parentId: branch.id });
    assert.deepEqual(office.parent, { id: branch.id, name: '分公司' });
    assert.deepEqual([(await get(`/accounts/${group.id}`)).childCount, (await get(`/accounts/${office.id}`)).childCount], [1, 0]);
    assert.deepEqual((await get(`/accounts?parent=${group.id}`)).items.map((one: { name: string }) => one.name), ['分公司']);
    assert.ok(!(await get('/accounts?parent=none')).items.some((one: { name: string }) => one.name === '分公司'));
    await writesNothing(program, async () => {
      assertProblem(await patch(`/accounts/${group.id}`, { parentId: office.id }, 1), 'invalid_input');
      assertProblem(await patch(`/accounts/${group.id}`, { parentId: group.id }, 1), 'invalid_input');
      assertProblem(await call('POST', '/accounts', { name: 'x', parentId: '00000000-0000-7000-8000-000000000000' }), 'unknown_reference');
    });
    assert.equal((await done(patch(`/accounts/${office.id}`, { parentId: null }, 1))).body.parent, null);
  });

  test('phone numbers of colleagues follow the mask policy, too', async () => {
    const colleague = await post('/staff', { name: '张师傅', phone: '13900009999', job: 'technician' });
    assert.equal(colleague.phone, '139****9999');
    const { version } = await get('/masks');
    await done(patch('/masks', { policy: { phone: { everybody: 'raw', roles: {} } } }, version));
    assert.equal((await get(`/staff/${colleague.id}`)).phone, '13900009999');
    await done(patch('/masks', { policy: { phone: { everybody: 'hidden', roles: {} } } }, version + 1));
    assert.equal((await get(`/staff/${colleague.id}`)).phone, null);
    await done(patch('/masks', { policy: { phone: { everybody: 'masked', roles: {} } } }, version + 2));
  });

  test('labels leave out the places that are used up, on sheets of several sizes', async () => {
    const asset = await post('/assets', { code: 'BQ-01', name: '标签' });
    const print = async (body: object) => (await done(call('POST', '/assets/labels', { ids: [asset.id], ...body }))).text;
    assert.match(await print({}), /left:7\.2mm;top:15\.1mm/);
    assert.match(await print({ skip: 4 }), /left:73\.2mm;top:53\.2mm/, 'the fifth place: second row, second column');
    assert.match(await print({ size: 'a4_24', skip: 1 }), /left:70mm;top:0\.4mm/);
    assert.match(await print({ size: '80x50' }), /@page\{size:80mm 50mm/);
    assert.equal((await print({ size: '60x40', skip: 3 })).split('<section>').length - 1, 1);
  });
});
