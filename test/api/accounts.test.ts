import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { build } from '../../server/platform/db/database.ts';
import { newId } from '../../server/platform/db/uuid.ts';
import { advance, registerReader } from '../../server/platform/facts/readers.ts';
import { indexRecords } from '../../server/reactions/search/index-records.ts';
import { openTestProgram, testClock, type Answer, type TestProgram } from '../support/program.ts';
import { assertProblem, done, newTicket, writesNothing } from './scene.ts';

const clock = testClock();

describe('accounts', () => {
  let program: TestProgram;
  before(async () => {
    program = await openTestProgram({ clock });
    await registerReader(program.database, indexRecords.name);
  });
  after(() => program.close());

  const call = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown, options: Parameters<TestProgram['call']>[2] = {}): Promise<Answer> => program.call(method, path, { as: 'administrator', ...(body === undefined ? {} : { body }), ...options });
  const get = async (path: string) => (await done(call('GET', path))).body;
  const make = async (body: Record<string, unknown>) => (await done(call('POST', '/accounts', body))).body;
  const patch = (path: string, body: unknown, version: number) => call('PATCH', path, body, { headers: { 'if-match': `"${version}"` } });

  test('are made, changed, archived and taken back, each with its trace', async () => {
    const made = await make({ name: ' 江畔国际 ', kind: 'building', code: 'HT-2026-01', tier: 'vip', address: '江畔路1号', description: '甲级写字楼', externalId: 'ERP-9' });
    assert.deepEqual([made.name, made.kind, made.code, made.tier, made.memberCount, made.version], ['江畔国际', 'building', 'HT-2026-01', 'VIP', 0, 1]);
    const changed = (await done(patch(`/accounts/${made.id}`, { name: '江畔国际中心', tier: null }, 1))).body;
    assert.deepEqual([changed.name, changed.tier, changed.version], ['江畔国际中心', null, 2]);
    await done(patch(`/accounts/${made.id}`, { archived: true }, 2));
    assert.deepEqual((await get('/accounts?q=江畔国际')).items, []);
    assertProblem(await call('POST', '/customers', { name: 'x', accountId: made.id }), 'reference_inactive');
    assert.equal((await get('/accounts?q=江畔国际&archived=true')).items.length, 1);
    await done(patch(`/accounts/${made.id}`, { archived: false }, 3));
    const facts = await program.database.transact(program.organization.tenantId, (transaction) => transaction.run(build.selectFrom('fact').select(['kind', 'data']).where('subject_id', '=', made.id).orderBy('position')));
    assert.deepEqual(facts.map((fact) => fact.kind), ['account.created', 'account.changed', 'account.archived', 'account.restored']);
    assert.deepEqual(facts[1]!.data, { name: '江畔国际中心', before: { name: '江畔国际', tier: 'VIP' }, after: { name: '江畔国际中心', tier: null } });
    await writesNothing(program, async () => {
      assertProblem(await call('POST', '/accounts', { name: '别家', code: 'HT-2026-01' }), 'name_taken');
      assertProblem(await call('POST', '/accounts', { name: '别家', externalId: 'ERP-9' }), 'name_taken');
      assertProblem(await call('POST', '/accounts', { name: '别家', kind: 'planet' }), 'invalid_input');
      assertProblem(await call('POST', '/accounts', { name: '别家', tier: '没有' }), 'unknown_reference');
      assertProblem(await patch(`/accounts/${made.id}`, { name: 'x' }, 1), 'stale_version');
      assertProblem(await call('GET', `/accounts/${newId()}`), 'not_found');
    });
  });

  test('have members, places and assets, counted; their history is that of the members', async () => {
    const account = await make({ name: '西畔花园', kind: 'community' });
    const [first, second] = await Promise.all(['业主甲', '业主乙'].map(async (name) => (await done(call('POST', '/customers', { name, accountId: account.id }))).body));
    const site = (await done(call('POST', `/accounts/${account.id}/sites`, { name: '3幢' }))).body;
    await done(call('POST', '/assets', { code: 'XP-DT-01', name: '电梯', siteId: site.id }));
    assert.deepEqual([(await get(`/accounts/${account.id}`)).memberCount, (await get(`/accounts/${account.id}`)).siteCount, (await get(`/accounts/${account.id}`)).assetCount], [2, 1, 1]);
    assert.deepEqual((await get(`/customers?account=${account.id}`)).items.map((one: { name: string }) => one.name).sort(), ['业主乙', '业主甲'].sort());
    await newTicket(program, { subject: '甲报修', requester: { customerId: first.id } });
    await newTicket(program, { subject: '乙报修', requester: { customerId: second.id } });
    const history = (await get(`/accounts/${account.id}/timeline`)).items;
    assert.deepEqual(history.filter((one: { kind: string }) => one.kind === 'ticket').map((one: { ticket: { subject: string } }) => one.ticket.subject).sort(), ['乙报修', '甲报修'].sort());
    assert.deepEqual(history.filter((one: { kind: string }) => one.kind === 'change').map((one: { change: { kind: string } }) => one.change.kind), ['site.created', 'account.created']);
    // Merged, the two are one member.
    await done(call('POST', `/customers/${first.id}/merge`, { into: second.id }));
    assert.equal((await get(`/accounts/${account.id}`)).memberCount, 1);
    assert.equal((await get(`/accounts/${account.id}/timeline?kinds=ticket`)).items.length, 2);
  });

  test('are listed by name, the newest, or the oldest', async () => {
    const parent = await make({ name: '排序集团' });
    for (const name of ['周记', '安居', '李氏']) await make({ name: `${name}分部`, parentId: parent.id });
    const names = async (query: string) => (await get(`/accounts?${query}`)).items.map((one: { name: string }) => one.name.slice(0, 2));
    for (const within of [`parent=${parent.id}`, `q=${encodeURIComponent('分部')}`]) {
      assert.deepEqual([await names(`${within}&sort=name`), await names(`${within}&sort=-name`), await names(within), await names(`${within}&sort=createdAt`)], [['安居', '李氏', '周记'], ['周记', '李氏', '安居'], ['李氏', '安居', '周记'], ['周记', '安居', '李氏']], within);
    }
  });

  test('places say whom to ask for, masked, and how to get in', async () => {
    const account = await make({ name: '地点单位' });
    const path = `/accounts/${account.id}/sites`;
    const site = (await done(call('POST', path, { name: '总部', address: '望江路9号', lat: 30.24, lng: 120.17, contactName: '门岗', contactPhone: '0571-8888 7777', accessNotes: '访客登记，地库B1' }))).body;
    assert.deepEqual([site.contactPhone, site.location, site.account.name], ['0571****7777', { lat: 30.24, lng: 120.17 }, '地点单位']);
    const changed = (await done(patch(`${path}/${site.id}`, { contactPhone: '13911113333', accessNotes: null }, 1))).body;
    assert.deepEqual([changed.contactPhone, changed.accessNotes, changed.version], ['139****3333', null, 2]);
    assert.equal((await done(call('POST', `${path}/${site.id}/reveal`, { reason: '联系门岗' }))).body.value, '13911113333');
    await writesNothing(program, async () => {
      assertProblem(await call('POST', path, { name: '半个', lat: 30 }), 'invalid_input');
      assertProblem(await call('POST', `/accounts/${newId()}/sites`, { name: 'x' }), 'not_found');
      assertProblem(await patch(`/accounts/${newId()}/sites/${site.id}`, { name: 'x' }, 2), 'not_found');
      assertProblem(await patch(`${path}/${site.id}`, { name: 'x' }, 1), 'stale_version');
      assertProblem(await call('POST', `${path}/${site.id}/reveal`, {}), 'invalid_input');
    });
    await done(patch(`${path}/${site.id}`, { archived: true }, 2));
    assert.deepEqual([(await get(path)).items.length, (await get(`${path}?archived=true`)).items.length], [0, 1]);
    assertProblem(await call('POST', '/assets', { code: 'X-1', name: 'x', siteId: site.id }), 'reference_inactive');
    const log = JSON.stringify(await program.database.transact(program.organization.tenantId, (transaction) => transaction.run(build.selectFrom('fact').select('data').where('subject_id', '=', account.id))));
    assert.ok(!log.includes('13911113333') && !log.includes('057188887777'));
  });

  test('are found by name, code and address, newest first, page by page', async () => {
    for (let count = 0; count < 9; count += 1) {
      clock.advance({ seconds: count % 2 });
      await make({ name: `翻页公司${count}`, code: `PG-${count}`, kind: count % 2 === 0 ? 'shop' : 'company' });
    }
    const pages = async (query: string) => {
      const found: string[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const page: { items: { name: string }[]; nextCursor: string | null } = await get(`/accounts?limit=2&${query}${cursor === '' ? '' : `&cursor=${cursor}`}`);
        found.push(...page.items.map((one) => one.name));
        cursor = page.nextCursor;
      }
      return found;
    };
    for (const round of ['before', 'after']) {
      assert.deepEqual(await pages(`q=${encodeURIComponent('翻页')}`), Array.from({ length: 9 }, (_, count) => `翻页公司${8 - count}`), round);
      assert.deepEqual(await pages(`q=${encodeURIComponent('翻页公司')}&kind=shop`), ['翻页公司8', '翻页公司6', '翻页公司4', '翻页公司2', '翻页公司0']);
      assert.deepEqual(await pages('q=PG-3'), ['翻页公司3']);
      while (await advance(program.database, indexRecords) > 0);
    }
    assertProblem(await call('GET', '/accounts?cursor=x'), 'invalid_cursor');
  });
});
