import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { bigramQuery } from '../../../rules/text/bigrams.ts';
import { systemActor } from '../../platform/context.ts';
import { build, everyTenant, openDatabase, statement, type Database, type Transaction } from '../../platform/db/database.ts';
import { migrate } from '../../platform/db/migrate.ts';
import { newId } from '../../platform/db/uuid.ts';
import type { Fact } from '../../platform/facts/fact.ts';
import { advance, registerReader } from '../../platform/facts/readers.ts';
import { changeTicket, tellOnTicket, type TicketPatch, type Writing } from '../../records/ticket/change.ts';
import { lockTicket } from '../../records/ticket/find.ts';
import { insertNewTicket, type NewTicket } from '../../records/ticket/insert.ts';
import { resolveTicket } from '../../records/ticket/settle.ts';
import { openTestCluster } from '../../../test/support/postgres.ts';
import { handOn } from '../hand-on.ts';
import { indexTickets } from './index-tickets.ts';
import { refreshCustomer } from './refresh-customer.ts';

let database: Database;
let here: Organization;
let elsewhere: Organization;

interface Organization {
  tenantId: string;
  typeId: string;
  customerId: string;
}

before(async () => {
  const cluster = await openTestCluster(migrate);
  database = openDatabase({ connection: (await cluster.cloneDatabase()).connection, role: cluster.migrated.role });
  await registerReader(database, indexTickets.name);
  here = await insertOrganization();
  elsewhere = await insertOrganization();
});

after(() => database?.close());

async function insertOrganization(): Promise<Organization> {
  const [tenantId, typeId, customerId] = [newId(), newId(), newId()];
  const shared = { tenant_id: tenantId, created_at: new Date() };
  await database.transact(tenantId, async (transaction) => {
    await transaction.run(build.insertInto('organization').values({ ...shared, slug: `o-${tenantId}`, name: '样例物业' }));
    await transaction.run(build.insertInto('ticket_type').values({ ...shared, id: typeId, key: 'repair', name: '报修', definition: '{}' }));
    await transaction.run(build.insertInto('customer').values({ ...shared, id: customerId, name: '欧阳明月' }));
  });
  return { tenantId, typeId, customerId };
}

let numbers = 0;

function create({ tenantId, typeId }: Organization, ticket: Partial<NewTicket>): Promise<string> {
  return database.transact(tenantId, async (transaction) => (await insertNewTicket(writing(tenantId, transaction), {
    id: newId(), number: `20261121-${String(numbers += 1).padStart(5, '0')}`, type_id: typeId, subject: '报修', description: '', status: 'new', priority: 3,
    priority_explanation: {}, channel: 'phone', category_id: null, department_id: null, team_id: null, assignee_id: null, customer_id: null,
    contact_name: null, contact_phone: null, contact_email: null, asset_id: null, address: null, lat: null, lng: null, tags: [], fields: {}, ...ticket,
  })).id);
}

function change(tenantId: string, id: string, patch: TicketPatch): Promise<unknown> {
  return database.transact(tenantId, async (transaction) => {
    const context = writing(tenantId, transaction);
    await changeTicket(context, (await lockTicket(context, id))!, patch, { kind: 'ticket.changed' });
  });
}

function comment(tenantId: string, id: string, ...bodies: string[]): Promise<unknown> {
  return database.transact(tenantId, async (transaction) => {
    const context = writing(tenantId, transaction);
    let ticket = (await lockTicket(context, id))!;
    for (const body of bodies) {
      const message = { tenant_id: tenantId, id: newId(), ticket_id: id, direction: 'internal', visibility: 'internal', author_kind: 'staff', body, channel: 'console', created_at: context.now };
      await transaction.run(build.insertInto('message').values(message));
      ticket = await tellOnTicket(context, ticket, { kind: 'comment.added', subjectId: message.id });
    }
  });
}

const writing = (tenantId: string, transaction: Transaction): Writing => ({ tenantId, transaction, now: new Date(), actor: systemActor });

const countUnread = statement<{ unread: number }>('test.unread', `
  SELECT count(*) AS unread FROM fact, fact_reader r WHERE r.name = $1 AND (fact.transaction, fact.position) > (r.transaction, r.position)`);

async function readAll(): Promise<void> {
  for (;;) {
    const [row] = await database.transact(everyTenant, (transaction) => transaction.query(countUnread, [indexTickets.name]));
    if (row!.unread === 0) return;
    // A transaction of somebody else on the same server may hold the reader up.
    if (await advance(database, indexTickets) === 0) await pause(2);
  }
}

const findWords = statement<{ id: string }>('test.find', 'SELECT tickets_with_words($1, $2::tsquery) AS id');

async function search(tenantId: string, typed: string): Promise<string[]> {
  return (await database.transact(tenantId, (transaction) => transaction.query(findWords, [tenantId, bigramQuery(typed)]))).map((row) => row.id);
}

test('a new ticket is found by fragments of all that is known of it, in its own organization only', async () => {
  const id = await create(here, {
    subject: '地下车库水管爆裂', description: '闸阀锈死关不上', address: '梧桐苑七栋', contact_name: '司马光年', contact_phone: '13800138000', customer_id: here.customerId,
  });
  const foreign = await create(elsewhere, { subject: '地下车库水管爆裂' });
  await readAll();
  for (const typed of ['管爆', '车库水管', '阀锈死', '桐苑七', '马光年', '13800138000', '8000', '阳明月', '00001', '爆裂 梧桐']) {
    assert.deepEqual(await search(here.tenantId, typed), [id], typed);
  }
  assert.deepEqual(await search(elsewhere.tenantId, '管爆'), [foreign]);
  assert.deepEqual(await search(here.tenantId, '裂闸'), []);
});

test('a phone number cannot be read out of the search digit by digit', async () => {
  const phone = '13998765432';
  const [id, extension, landline] = [
    await create(here, { subject: '楼道灯不亮', contact_phone: phone }), await create(here, { subject: '楼道灯不亮', contact_phone: '6047' }), await create(here, { subject: '楼道灯不亮', contact_phone: '65551234' }),
  ];
  await readAll();
  const found = async (typed: string) => (await search(here.tenantId, `楼道灯 ${typed}`)).sort();
  assert.deepEqual(await found(phone), [id]);
  assert.deepEqual(await found('5432'), [id]);
  for (let length = 1; length < phone.length; length += 1) assert.deepEqual(await found(phone.slice(0, length)), [], phone.slice(0, length));
  // Of shorter numbers less is shown, and no more is found.
  assert.deepEqual(await found('65551234'), [landline]);
  assert.deepEqual(await found('234'), [landline]);
  assert.deepEqual(await found('6047'), [extension]);
  for (const part of ['1234', '6555', '604', '047']) assert.deepEqual(await found(part), [], part);
});

test('what was changed is found by its new words and no longer by the old', async () => {
  const id = await create(here, { subject: '门禁失灵' });
  await readAll();
  await change(here.tenantId, id, { subject: '道闸失灵' });
  await readAll();
  assert.deepEqual(await search(here.tenantId, '道闸失'), [id]);
  assert.deepEqual(await search(here.tenantId, '门禁'), []);
});

test('what solved a ticket is found', async () => {
  const id = await create(here, { subject: '热水器不点火' });
  await database.transact(here.tenantId, async (transaction) => {
    const context = writing(here.tenantId, transaction);
    await resolveTicket(context, (await lockTicket(context, id))!, '更换脉冲点火器');
  });
  await readAll();
  assert.deepEqual(await search(here.tenantId, '脉冲点火'), [id]);
});

test('tickets of a customer whose name was changed are found by the new name, and no longer by the old', async () => {
  const customerId = newId();
  await database.transact(here.tenantId, (transaction) => transaction.run(build.insertInto('customer').values({ tenant_id: here.tenantId, id: customerId, name: '慕容云海', created_at: new Date() })));
  const ids = await Promise.all(Array.from({ length: 3 }, () => create(here, { subject: '漏水', customer_id: customerId })));
  await readAll();
  assert.deepEqual((await search(here.tenantId, '慕容云海')).sort(), ids.toSorted());
  const renamed = async (name: string) => database.transact(here.tenantId, (transaction) => transaction.run(build.updateTable('customer').set({ name }).where('tenant_id', '=', here.tenantId).where('id', '=', customerId)));
  await renamed('端木青山');
  await refreshCustomer({ database }, { tenantId: here.tenantId, customerId });
  assert.deepEqual([(await search(here.tenantId, '端木青山')).sort(), await search(here.tenantId, '慕容云海')], [ids.toSorted(), []]);
  // The job follows from the fact, where the name is among what changed.
  const sent: unknown[] = [];
  const reader = handOn({ send: async (kind, _origin, data) => void sent.push([kind, data]), work: async () => {}, stop: async () => {} });
  const fact = (before: object, after: object) => ({ kind: 'customer.changed', tenantId: here.tenantId, subjectId: customerId, position: 1, data: { name: '端木青山', before, after } }) as unknown as Fact;
  await reader.react(null, [fact({ tier: null }, { tier: 'gold' }), fact({ name: '慕容云海' }, { name: '端木青山' })]);
  assert.deepEqual(sent, [['search.refresh_customer', { tenantId: here.tenantId, customerId }]]);
  // As it does of a merge, which may give the one that stays another name, and of its end.
  const merged = (kind: string, subjectId: string) => ({ ...fact({}, {}), kind, subjectId, data: { source: { id: newId() }, target: { id: customerId } } }) as unknown as Fact;
  await reader.react(null, [merged('customer.merged', newId()), merged('customer.merged', customerId), merged('customer.unmerged', customerId)]);
  assert.deepEqual(sent.length, 3);
});

test('comments are found, also one that came while its ticket was being read', async () => {
  const id = await create(here, { subject: '投诉' });
  await comment(here.tenantId, id, '邻居装修噪音', '已上门劝导');
  await readAll();
  assert.deepEqual(await search(here.tenantId, '修噪音'), [id]);
  assert.deepEqual(await search(here.tenantId, '门劝导'), [id]);
  assert.deepEqual(await search(here.tenantId, '投诉'), [id]);
});

test('of endless conversations the newest part is searched', async () => {
  const id = await create(here, { subject: '对讲机没有声音' });
  const long = '灯'.repeat(20_000);
  await comment(here.tenantId, id, '最早的说明在此', long, long, long, long, long, '最晚的答复在此');
  await readAll();
  assert.deepEqual(await search(here.tenantId, '最晚的答'), [id]);
  assert.deepEqual(await search(here.tenantId, '对讲机'), [id]);
  assert.deepEqual(await search(here.tenantId, '最早的说'), []);
});

test('the most and the longest words that fit a text fit the index, too', async () => {
  // One stretch without a break, no two pairs alike: of three bytes a character, and of four in half as many.
  const common = Array.from({ length: 100_000 }, (_, index) => String.fromCodePoint(0x4e00 + (index * index) % 20_011)).join('');
  const rare = Array.from({ length: 50_000 }, (_, index) => String.fromCodePoint(0x20000 + (index * 7_919) % 42_000)).join('');
  const ids = [await create(here, { subject: '字库测试', description: common }), await create(here, { subject: '字库测试', description: rare })];
  await readAll();
  assert.deepEqual((await search(here.tenantId, '字库测')).sort(), ids.sort());
});

test('a batch of new tickets costs one query and one write, and goes in together with its cursor or not at all', async () => {
  const ids = await Promise.all(Array.from({ length: 50 }, (_, index) => create(here, { subject: `批量受理${index}` })));
  const facts = ids.map((ticketId): Fact => ({
    tenantId: here.tenantId, position: 1, transaction: '1', kind: 'ticket.created', ticketId, ticketPosition: 1, subjectId: null,
    actor: systemActor, data: {}, occurredAt: new Date(), recordedAt: new Date(),
  }));
  const asked: string[] = [];
  await assert.rejects(database.transact(everyTenant, async (transaction) => {
    await indexTickets.react({ ...transaction, query: (statement, values) => {
      asked.push(statement.name);
      return transaction.query(statement, values);
    } }, facts);
    throw new Error('crash');
  }), /crash/);
  assert.deepEqual(asked, ['ticket_search.texts', 'ticket_search.write']);
  assert.deepEqual(await search(here.tenantId, '批量受理'), []);
  await readAll();
  assert.deepEqual((await search(here.tenantId, '批量受理')).sort(), ids.sort());
});
