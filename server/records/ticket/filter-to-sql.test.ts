import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { sql } from 'kysely';
import { permits, type Path, type TicketAccess } from '../../../rules/access/policy.ts';
import { checkFilter, operatorsFor } from '../../../rules/conditions/check-filter.ts';
import { prepareFilter, type FilterRecord } from '../../../rules/conditions/filter-to-logic.ts';
import { periods, ticketProperties, type Filter, type FilterContext, type FilterOperator, type Properties } from '../../../rules/conditions/filter.ts';
import { resolveFilter } from '../../../rules/conditions/resolve-filter.ts';
import { fieldProperties, keysUnder } from '../../../rules/forms/field-properties.ts';
import type { FieldDefinition, Form } from '../../../rules/forms/form.ts';
import { priorities, ticketStatuses, waitingReasons } from '../../../rules/ticket/lifecycle.ts';
import { openTestProgram, type TestProgram } from '../../../test/support/program.ts';
import { build, type Transaction } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import { systemActor } from '../../platform/context.ts';
import { indexFields } from './index-fields-job.ts';
import { insertNewTicket } from './insert.ts';
import { writeTicketKeys } from './keys.ts';
import { filterableProperties } from './filter-columns.ts';
import { predicateToSql } from './filter-to-sql.ts';
import { priorityRank } from './row.ts';
import { selectCount, selectPage, ticketSet, type Order } from './ticket-set.ts';

const words = (zh: string) => ({ zh });
const option = (key: string) => ({ key, label: words(key) });
const fields: FieldDefinition[] = [
  { key: 'note', kind: 'text', label: words('备注') }, { key: 'floor', kind: 'number', label: words('楼层'), decimals: 2 }, { key: 'fee', kind: 'money', label: words('费用'), currencies: ['CNY'] },
  { key: 'day', kind: 'date', label: words('日期') }, { key: 'hour', kind: 'time', label: words('时间') }, { key: 'moment', kind: 'date_time', label: words('时刻') },
  { key: 'urgent', kind: 'boolean', label: words('急') }, { key: 'size', kind: 'choice', label: words('大小'), options: ['s', 'm', 'l'].map(option) },
  { key: 'parts', kind: 'choices', label: words('部件'), options: ['pump', 'pipe', 'valve'].map(option) },
  { key: 'place', kind: 'tree', label: words('位置'), options: [{ ...option('in'), children: [option('in_a'), option('in_b')] }, option('out')] },
  { key: 'expert', kind: 'person', label: words('专家') }, { key: 'photo', kind: 'file', label: words('照片') },
];
// The same again with an index: both ways of looking have to find the same.
const form: Form = { fields: [...fields, ...fields.filter((field) => field.kind !== 'file').map((field) => ({ ...field, key: `${field.key}X`, indexed: true }))] as FieldDefinition[] };
const properties: Properties = { ...ticketProperties, ...fieldProperties(form) };
const now = '2026-03-15T10:20:30.400Z';

describe('a filter in SQL', () => {
  let program: TestProgram;
  let records: Map<string, FilterRecord>;
  let context: FilterContext;
  let known: { people: string[]; teams: string[]; departments: string[]; types: string[]; categories: string[]; customers: string[]; accounts: string[]; assets: string[]; sites: string[]; parents: string[] };

  before(async () => {
    program = await openTestProgram();
    const { organization, database } = program;
    const tenant_id = organization.tenantId;
    let seed = 7;
    const random = () => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
      return seed / 0x80000000;
    };
    const pick = <Value>(values: readonly Value[]): Value => values[Math.floor(random() * values.length)]!;
    const some = <Value>(values: readonly Value[]): Value[] => values.filter(() => random() < 0.4);
    const subcategory = newId();
    known = {
      people: Object.values(organization.staff), teams: [organization.teamId, organization.otherTeamId], departments: [organization.departmentId, organization.otherDepartmentId], types: [organization.typeId],
      categories: [organization.categoryId, subcategory], customers: [newId(), newId()], accounts: [newId(), newId()], assets: [newId(), newId()], sites: [newId(), newId()], parents: [],
    };
    records = new Map();
    await database.transact(tenant_id, async (transaction) => {
      const created_at = now;
      await transaction.run(build.insertInto('form_version').values({ tenant_id, type_id: organization.typeId, number: 77, form: JSON.stringify(form), published_at: now }));
      await transaction.run(build.updateTable('ticket_type').set({ form_version: 77 }).where('tenant_id', '=', tenant_id).where('id', '=', organization.typeId));
      await transaction.run(build.insertInto('category').values({ tenant_id, id: subcategory, parent_id: organization.categoryId, level: 2, name: '水管', created_at }));
      await transaction.run(build.insertInto('account').values(known.accounts.map((id) => ({ tenant_id, id, name: '万科', created_at }))));
      await transaction.run(build.insertInto('site').values(known.sites.map((id, index) => ({ tenant_id, id, account_id: known.accounts[index]!, name: '园区', created_at }))));
      await transaction.run(build.insertInto('customer').values(known.customers.map((id, index) => ({ tenant_id, id, name: '王芳', account_id: index === 0 ? known.accounts[0]! : null, created_at }))));
      await transaction.run(build.insertInto('asset').values(known.assets.map((id, index) => ({ tenant_id, id, code: `A${index}`, name: '水泵', site_id: index === 0 ? known.sites[0]! : null, created_at }))));
    });
    await indexFields(program.services, { tenantId: tenant_id, typeId: organization.typeId });
    for (let number = 1; number <= 60; number += 1) {
      const id = newId();
      const values: Record<string, unknown> = {};
      for (const field of fields) {
        const value = valueOf(field, random, pick, some);
        if (value === undefined) continue;
        values[field.key] = value;
        if (field.kind !== 'file') values[`${field.key}X`] = value;
      }
      const moment = (chance: number) => (random() < chance ? new Date(Date.parse(now) - Math.floor(random() * 90) * 86_400_000 + Math.floor(random() * 3) * 3_600_000) : null);
      const createdAt = moment(1)!;
      const actor = random() < 0.6 ? { kind: pick(['staff', 'api_key', 'customer'] as const), id: pick(known.people), name: null } : systemActor;
      const status = pick(ticketStatuses);
      const row = {
        subject: pick(['厨房漏水 A-1', 'İstanbul 水管', 'Straße 100%', "it's_here\\"]), description: pick(['', '漏水 ABC', 'x'.repeat(50)]), status, waiting_for: status === 'waiting' ? pick(waitingReasons) : null, priority: pick(priorities),
        channel: pick(['phone', 'portal', 'api']), category_id: pick([null, ...known.categories]), department_id: pick([null, ...known.departments]), team_id: pick([null, ...known.teams]), assignee_id: pick([null, ...known.people]),
        customer_id: pick([null, ...known.customers]), asset_id: pick([null, ...known.assets]), tags: some(['急', 'VIP', 'a b']), participant_ids: some(known.people.slice(0, 3)), rating: pick([null, 1, 3, 5]), reopened_count: pick([0, 0, 2]),
        parent_id: known.parents.length > 0 ? pick([null, ...known.parents]) : null, updated_at: moment(1)!, accepted_at: moment(0.5), resolved_at: moment(0.5), closed_at: moment(0.3),
      };
      const watchers = some(known.people.slice(0, 3));
      await database.transact(tenant_id, async (transaction) => {
        await insertNewTicket({ tenantId: tenant_id, transaction, now: createdAt, actor }, {
          ...row, id, number: `20260101-${String(number).padStart(5, '0')}`, type_id: organization.typeId, priority: priorityRank(row.priority), priority_explanation: {}, contact_name: null, contact_phone: null, contact_email: null, address: null, lat: null, lng: null, fields: values, form_version: 77,
        });
        const { participant_ids, waiting_for, rating, reopened_count, parent_id, updated_at, accepted_at, resolved_at, closed_at } = row;
        await transaction.run(build.updateTable('ticket').set({ participant_ids, waiting_for, rating, reopened_count, parent_id, updated_at, accepted_at, resolved_at, closed_at }).where('tenant_id', '=', tenant_id).where('id', '=', id));
        await writeTicketKeys(transaction, null, (await transaction.first(build.selectFrom('ticket').selectAll().where('id', '=', id)))!, ['participant_ids']);
        for (const staff_id of watchers) await transaction.run(build.insertInto('ticket_watcher').values({ tenant_id, staff_id, created_at: createdAt, ticket_id: id, watched_at: now }));
      });
      known.parents.push(id);
      const at = (date: Date | null) => date?.toISOString() ?? null;
      records.set(id, {
        number: `20260101-${String(number).padStart(5, '0')}`, subject: row.subject, description: row.description, status, statusId: null, waitingFor: row.waiting_for, priority: row.priority, type: organization.typeId, category: row.category_id,
        channel: row.channel, department: row.department_id, team: row.team_id, assignee: row.assignee_id, createdBy: actor.kind === 'staff' || actor.kind === 'api_key' ? actor.id : null, watcher: watchers, participant: row.participant_ids,
        customer: row.customer_id, account: row.customer_id === known.customers[0] ? known.accounts[0] : null, asset: row.asset_id, site: row.asset_id === known.assets[0] ? known.sites[0] : null, parent: row.parent_id, tag: row.tags, rating: row.rating,
        reopenedCount: row.reopened_count, createdAt: at(createdAt), updatedAt: at(row.updated_at), acceptedAt: at(row.accepted_at), resolvedAt: at(row.resolved_at), closedAt: at(row.closed_at), fields: values,
      });
    }
    context = {
      now, me: organization.staff.agent, myTeams: [organization.otherTeamId], timeZone: 'Asia/Shanghai',
      below: (property, entry) => (property === 'category' && entry === organization.categoryId ? known.categories : property.startsWith('fields.place') ? keysUnder((fields[9] as Extract<FieldDefinition, { kind: 'tree' }>).options, entry) : [entry]),
    };
  });
  after(() => program.close());

  /** A filter of any shape, of values that occur, do not occur, and could break SQL. */
  function filters(): fc.Arbitrary<Filter> {
    const names = [...filterableProperties, ...form.fields.map((field) => `fields.${field.key}`)];
    const single = fc.constantFrom(...names).chain((property) => {
      const definition = properties[property]!;
      return fc.constantFrom(...operatorsFor(definition)).chain((operator) => valuesFor(property, operator).map((value): Filter => ({ property, operator, ...(value === undefined ? {} : { value }) }) as Filter));
    }).filter((filter) => checkFilter(filter, properties).length === 0);
    return fc.letrec<{ filter: Filter }>((tie) => ({
      filter: fc.oneof({ maxDepth: 3, withCrossShrink: true }, single, single, fc.array(tie('filter'), { maxLength: 3 }).map((all) => ({ all })), fc.array(tie('filter'), { maxLength: 3 }).map((any) => ({ any })), tie('filter').map((not) => ({ not }))),
    })).filter;
  }

  function valuesFor(property: string, operator: FilterOperator): fc.Arbitrary<unknown> {
    if (operator === 'empty' || operator === 'not_empty') return fc.constant(undefined);
    if (operator === 'during') return fc.constantFrom(...periods);
    const day = fc.integer({ min: 0, max: 120 }).map((back) => new Date(Date.parse(now) - back * 86_400_000).toISOString());
    const { kind, keys } = properties[property]!;
    if (operator === 'within_last' || operator === 'older_than' || operator === 'within_next') return fc.record({ n: fc.integer({ min: 1, max: 60 }), unit: fc.constantFrom(...kind === 'date_time' ? ['minute', 'hour', 'day', 'week', 'month'] : ['day', 'week', 'month']) });
    const odd = fc.constantFrom("'; DROP TABLE ticket; --", '%', '\\', '𠮷', 'none', newId());
    const one: fc.Arbitrary<unknown> = (() => {
      switch (kind) {
        case 'number': return fc.constantFrom(-3.25, -1, 0, 1, 2.5, 3, 5, 1e14);
        case 'money': return fc.constantFrom(-500, 0, 500, 1000);
        case 'boolean': return fc.boolean();
        case 'date': return day.map((moment) => moment.slice(0, 10));
        case 'time': return fc.constantFrom('00:00', '08:30', '12:00', '23:59');
        case 'date_time': return fc.oneof(day, day.map((moment) => moment.slice(0, 10)), fc.constantFrom(...[...records.values()].slice(0, 5).map((record) => record['createdAt'] as string)));
        case 'text': return fc.oneof(fc.constantFrom('漏水', 'a-1', 'İ', 'i̇', 'STRASSE', 'straße', '100%', "it's_", '00001', 'abc', 'x'.repeat(190)), odd);
        case 'person': return fc.oneof(fc.constantFrom('me', ...known.people), odd);
        case 'team': return fc.oneof(fc.constantFrom('mine', ...known.teams), odd);
        case 'set': return keys ? fc.constantFrom(...keys) : property === 'tag' ? fc.oneof(fc.constantFrom('急', 'VIP', 'a b', 'me'), odd) : fc.oneof(fc.constantFrom('me', ...known.people), odd);
        default: return keys ? fc.constantFrom(...keys) : fc.oneof(fc.constantFrom(...referencesOf(property)), odd);
      }
    })();
    if (['in', 'not_in', 'contains_all'].includes(operator)) return fc.array(one, { minLength: 1, maxLength: 3 });
    if (operator === 'between') return fc.tuple(one, one);
    return one;
  }

  function referencesOf(property: string): string[] {
    const ids = { type: known.types, category: known.categories, department: known.departments, customer: known.customers, account: known.accounts, asset: known.assets, site: known.sites, parent: known.parents.slice(0, 5), statusId: [newId()], channel: ['phone', 'portal', 'email'] } as Record<string, string[]>;
    return ids[property] ?? [newId()];
  }

  const inTenant = <Result>(work: (transaction: Transaction) => Promise<Result>) => program.database.transact(program.organization.tenantId, work);

  async function holdsFor(filter: Filter, indexed: boolean): Promise<string[]> {
    const target = { properties, indexedFields: new Map(indexed ? form.fields.filter((field) => field.indexed).map((field) => [field.key, [program.organization.typeId]]) : []) };
    const predicate = resolveFilter(filter, properties, context);
    const set = ticketSet({ tenantId: program.organization.tenantId }, [{}], predicate, target);
    const [plain, page, count] = await inTenant(async (transaction) => [
      await transaction.run(sql<{ id: string }>`select id FROM ticket WHERE tenant_id = ${program.organization.tenantId} AND ${predicateToSql(predicate, target)}`),
      await transaction.run(selectPage(set, { column: 'created_at', direction: 'desc' }, null, 100)) as unknown as { id: string }[],
      await transaction.first(selectCount(set, 1_000)),
    ] as const);
    const ids = plain.map((row) => row.id).sort();
    // The way a list reads them, led by a table of its own where there is one, is the same.
    assert.deepEqual(page.map((row) => row.id).sort(), ids, JSON.stringify(filter));
    assert.equal(count!.count, ids.length);
    return ids;
  }

  test('holds for exactly the tickets that its reading in memory means, with and without an index', async () => {
    let found = 0;
    await fc.assert(fc.asyncProperty(filters(), async (filter) => {
      const means = prepareFilter(filter, properties, context);
      const expected = [...records].filter(([, record]) => means(record)).map(([id]) => id).sort();
      for (const indexed of [false, true]) assert.deepEqual(await holdsFor(filter, indexed), expected, `${JSON.stringify(filter)} ${indexed ? 'by index' : ''}`);
      if (expected.length > 0 && expected.length < records.size) found += 1;
    }), { numRuns: 400, seed: 20261122 });
    assert.ok(found > 80, `${found} filters told tickets apart`);
  });

  test('within a reach, a list holds exactly the tickets that may be read and are meant, each once and in its order', async () => {
    const { people, teams, departments, types } = known;
    const narrowed = fc.option(fc.constantFrom(types, [newId()]), { nil: undefined }).map((typeIds) => (typeIds ? { typeIds } : {}));
    const path: fc.Arbitrary<Path> = fc.oneof(
      narrowed, fc.tuple(narrowed, fc.constantFrom(...people)).map(([narrow, person]) => ({ ...narrow, people: person })),
      fc.tuple(narrowed, fc.subarray([...teams, newId()], { minLength: 1 })).map(([narrow, teamIds]) => ({ ...narrow, teamIds })),
      fc.tuple(narrowed, fc.subarray([...departments, newId()], { minLength: 1 })).map(([narrow, departmentIds]) => ({ ...narrow, departmentIds })),
    );
    const orders: Order[] = [{ column: 'created_at', direction: 'desc' }, { column: 'created_at', direction: 'asc' }, { column: 'updated_at', direction: 'desc' }, { column: 'resolved_at', direction: 'desc' }];
    // Filters that are the permission themselves are met often.
    const mine = fc.constantFrom<Filter>({ property: 'assignee', operator: 'is', value: 'me' }, { property: 'team', operator: 'is', value: 'mine' }, { property: 'participant', operator: 'contains', value: 'me' }, { property: 'createdBy', operator: 'in', value: ['me', people[0]!] }, { property: 'type', operator: 'is', value: types[0]! });
    const meant = fc.oneof(filters(), fc.tuple(mine, filters()).map(([one, other]): Filter => ({ all: [one, other] })), mine);
    const target = { properties, indexedFields: new Map() };
    const keys: Record<Order['column'], string> = { created_at: 'createdAt', updated_at: 'updatedAt', resolved_at: 'resolvedAt' };
    await fc.assert(fc.asyncProperty(fc.array(path, { maxLength: 3 }), meant, fc.constantFrom(...orders), async (reach, filter, order) => {
      const means = prepareFilter(filter, properties, context);
      const key = (id: string) => records.get(id)![keys[order.column]] as string | null;
      const expected = [...records].filter(([id, record]) => means(record) && permits(reach, accessOf(record)) && key(id) !== null).map(([id]) => id)
        .sort((a, b) => (order.direction === 'desc' ? -1 : 1) * (key(a)! < key(b)! ? -1 : key(a)! > key(b)! ? 1 : a < b ? -1 : 1));
      const set = ticketSet({ tenantId: program.organization.tenantId }, reach, resolveFilter(filter, properties, context), target);
      const read = (after: { moment: string; id: string } | null, limit: number) => inTenant(async (transaction) => (await transaction.run(selectPage(set, order, after, limit)) as unknown as { id: string }[]).map((row) => row.id));
      assert.deepEqual(await read(null, 100), expected, JSON.stringify([reach, filter]));
      // And so does the rest behind any place in it.
      const middle = expected[Math.floor(expected.length / 2)];
      if (middle !== undefined) assert.deepEqual(await read({ moment: key(middle)!, id: middle }, 5), expected.slice(expected.indexOf(middle) + 1, expected.indexOf(middle) + 6));
    }), { numRuns: 300, seed: 20261122 });
  });

  test('knows every standard property', () => {
    assert.deepEqual([...filterableProperties].sort(), Object.keys(ticketProperties).sort());
  });

  test('a test of something that is gone holds for nothing, and never breaks the query', async () => {
    const target = { properties, indexedFields: new Map() };
    for (const property of ['fields.gone', 'nothing', 'constructor', '__proto__']) {
      const rows = await inTenant((transaction) => transaction.run(sql`select 1 FROM ticket WHERE ${predicateToSql({ property, test: 'one_of', values: ['x'] }, target)}`));
      assert.equal(rows.length, 0, property);
    }
  });
});

function accessOf(record: FilterRecord): TicketAccess {
  const id = (property: string) => (record[property] ?? null) as string | null;
  return { typeId: id('type')!, departmentId: id('department'), teamId: id('team'), assigneeId: id('assignee'), creatorId: id('createdBy'), participantIds: record['participant'] as string[] };
}

function valueOf(field: FieldDefinition, random: () => number, pick: <Value>(values: readonly Value[]) => Value, some: <Value>(values: readonly Value[]) => Value[]): unknown {
  if (random() < 0.2) return undefined;
  if (random() < 0.1) return null;
  // Emptied in one way or another.
  if (random() < 0.05) return field.kind === 'choices' || field.kind === 'file' ? [] : field.kind === 'text' || field.kind === 'choice' ? '' : null;
  switch (field.kind) {
    case 'text': return pick(['漏水 A-1', 'ABC', 'Straße', 'x'.repeat(300)]);
    case 'number': return pick([-3.25, -1, 0, 1, 2.5, 3, 1e14]);
    case 'money': return { amount: pick([-500, 0, 500, 1000]), currency: 'CNY' };
    case 'date': return new Date(Date.parse(now) - Math.floor(random() * 120) * 86_400_000).toISOString().slice(0, 10);
    case 'time': return pick(['00:00', '08:30', '12:00', '23:59']);
    case 'date_time': return new Date(Date.parse(now) - Math.floor(random() * 120) * 86_400_000).toISOString();
    case 'boolean': return random() < 0.5;
    case 'choice': return pick(['s', 'm', 'l']);
    case 'choices': return some(['pump', 'pipe', 'valve']);
    case 'tree': return pick(['in', 'in_a', 'in_b', 'out']);
    case 'file': return [newId()];
    default: return newId();
  }
}
