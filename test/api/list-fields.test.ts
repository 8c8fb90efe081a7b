import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { FieldDefinition } from '../../rules/forms/form.ts';
import { newId } from '../../server/platform/db/uuid.ts';
import { writeFieldPlace } from '../../server/records/ticket/field-order.ts';
import { indexFields } from '../../server/records/ticket/index-fields-job.ts';
import { systemClock } from '../../server/platform/clock/clock.ts';
import { openTestProgram, type Person, type TestProgram } from '../support/program.ts';
import { assertProblem, done } from './scene.ts';

interface Line { id: string; createdAt: string; status: string; fields: Record<string, unknown> }

const label = (zh: string) => ({ zh });
const indexed = true;
const fields: FieldDefinition[] = [
  { key: 'floor', kind: 'number', label: label('楼层'), indexed }, { key: 'note', kind: 'text', label: label('备注'), indexed }, { key: 'due', kind: 'date', label: label('期望日期'), indexed },
  { key: 'fee', kind: 'money', label: label('费用'), currencies: ['CNY'], indexed }, { key: 'paid', kind: 'boolean', label: label('已付'), indexed },
  { key: 'grade', kind: 'choice', label: label('等级'), indexed, options: ['low', 'high', 'middle'].map((key) => ({ key, label: label(key) })) },
  { key: 'plain', kind: 'number', label: label('未索引') },
];
const values: Record<string, unknown>[] = [
  { floor: 12, note: '乙', due: '2026-05-01', fee: { amount: 1250, currency: 'CNY' }, paid: true, grade: 'middle', plain: 1 },
  { floor: -3, note: 'Beta', due: '2026-04-01', fee: { amount: 90, currency: 'CNY' }, paid: false, grade: 'low' },
  { floor: 2.0, note: 'alpha', due: '2025-12-31', fee: { amount: 100_000, currency: 'CNY' }, paid: true, grade: 'high' },
  { floor: 12, note: 'ALPHA', grade: 'low' }, { note: '甲🔥', paid: false }, {}, { floor: 100, due: '2026-05-01', grade: 'high' }, {}, { floor: 0 },
];

describe('lists in order of fields', { timeout: 240_000 }, () => {
  let program: TestProgram;
  const made: string[] = [];
  before(async () => {
    program = await openTestProgram();
    const post = (path: string, body: unknown, as: Person = 'administrator') => program.call('POST', path, { as, body });
    const type = (await done(post('/ticket-types', { key: 'repair', name: '维修', form: { fields } }))).body;
    for (let round = 0; round < 3; round += 1) {
      for (const some of values) made.push((await done(post('/tickets', { subject: '按字段排序', type: type.id, fields: some, priority: round === 0 ? 'high' : 'normal' }, round === 1 ? 'agent' : 'administrator'))).body.id);
      // Of another type, without any of them.
      made.push((await done(post('/tickets', { subject: '别的类型' }))).body.id);
    }
    await indexFields({ database: program.database, clock: systemClock }, { tenantId: program.organization.tenantId, typeId: type.id });
  });
  after(() => program.close());

  async function walk(query: string, { as = 'administrator' as Person, limit = 4, from = '' } = {}): Promise<Line[]> {
    const lines: Line[] = [];
    for (let cursor: string | null = from; cursor !== null;) {
      const { body }: Awaited<ReturnType<TestProgram['call']>> = await done(program.call('GET', `/tickets?${query}&limit=${limit}${cursor ? `&cursor=${cursor}` : ''}`, { as }));
      lines.push(...body.items);
      cursor = body.nextCursor;
      assert.ok(lines.length < 500, 'the list has no end');
    }
    return lines;
  }
  const rank: Record<string, (value: unknown) => string | number | null> = {
    floor: (value) => (value as number | undefined) ?? null, note: (value) => (value === undefined ? null : Buffer.from((value as string).toLowerCase()).toString('hex')), due: (value) => (value as string | undefined) ?? null,
    fee: (value) => (value as { amount: number } | undefined)?.amount ?? null, paid: (value) => (value === undefined ? null : Number(value)), grade: (value) => (value === undefined ? null : ['low', 'high', 'middle'].indexOf(value as string)),
  };
  function inOrder(lines: readonly Line[], key: string, falling: boolean): Line[] {
    const turn = falling ? -1 : 1;
    const of = (line: Line) => rank[key]!(line.fields[key]);
    const byTime = (a: Line, b: Line) => (a.createdAt < b.createdAt || (a.createdAt === b.createdAt && a.id < b.id) ? -1 : 1);
    return lines.toSorted((a, b) => {
      const [x, y] = [of(a), of(b)];
      if (x === null || y === null) return x === y ? -byTime(a, b) : x === null ? 1 : -1;
      return turn * (x < y ? -1 : x > y ? 1 : byTime(a, b));
    });
  }

  for (const way of ['sorted', 'walked'] as const) {
    for (const key of Object.keys(rank)) {
      test(`each ticket comes once, those without a value last: ${key}, ${way}`, async () => {
        for (const falling of [false, true]) {
          const sort = `${falling ? '-' : ''}fields.${key}`;
          // A place says how it was come to: from before everything on the index of values is walked.
          const value = key === 'grade' ? (falling ? '3' : '1') : falling ? '\u{10ffff}' : '';
          const from = way === 'sorted' ? '' : writeFieldPlace(sort, null, { way: 'walk', value, moment: falling ? '9998-01-01T00:00:00.000Z' : '0001-01-01T00:00:00.000Z', id: newId() });
          const lines = await walk(`sort=${sort}&columns=fields.${key}`, { from });
          assert.deepEqual(lines.map((line) => line.id).sort(), [...made].sort(), sort);
          assert.deepEqual(lines.map((line) => line.id), inOrder(lines, key, falling).map((line) => line.id), sort);
        }
      });
    }
  }

  test('hold for whoever asks, within a filter, a grouping and a search', async () => {
    const sort = 'sort=-fields.floor&columns=fields.floor';
    const all = await walk(sort);
    for (const as of ['agent', 'technician', 'dispatcher'] as const) {
      const seen = new Set((await walk('sort=-createdAt', { as })).map((line) => line.id));
      for (const from of ['', writeFieldPlace('-fields.floor', null, { way: 'walk', value: '\u{10ffff}', moment: '9998-01-01T00:00:00.000Z', id: newId() })]) {
        assert.deepEqual((await walk(sort, { as, from })).map((line) => line.id), all.filter((line) => seen.has(line.id)).map((line) => line.id), as);
      }
    }
    const high = await walk(`${sort}&priority=high`);
    assert.deepEqual(high.map((line) => line.id), inOrder(high, 'floor', true).map((line) => line.id));
    assert.ok(high.length === values.length);
    const grouped = await walk(`${sort}&grouping=priority`);
    assert.deepEqual(grouped.map((line) => line.id), [...high, ...inOrder(all.filter((line) => !high.some((one) => one.id === line.id)), 'floor', true)].map((line) => line.id));
    await program.catchUp();
    const found = await walk(`${sort}&q=${encodeURIComponent('按字段')}`);
    assert.ok(found.length >= values.length);
    assert.deepEqual(found.map((line) => line.id), inOrder(found, 'floor', true).map((line) => line.id));
  });

  test('are exported in the same order', async () => {
    const listed = await walk('sort=fields.note&columns=number', { limit: 200 }) as (Line & { number: string })[];
    const response = await program.app.inject({ method: 'GET', url: '/api/v1/tickets/export?format=csv&columns=number&sort=fields.note', headers: { authorization: `Bearer ${program.organization.tokens.administrator}` } });
    assert.equal(response.statusCode, 200);
    assert.deepEqual(response.body.replace(/^\uFEFF/, '').trim().split(/\r?\n/).slice(1).map((line) => line.replaceAll('"', '')), listed.map((line) => line.number));
  });

  test('that are not to be had are refused; of a view that lost its field the newest come first, and it says so', async () => {
    for (const sort of ['fields.plain', '-fields.nothing', 'fields.grade.x', 'floor']) assertProblem(await program.call('GET', `/tickets?sort=${sort}`, { as: 'administrator' }), 'invalid_input');
    const post = (path: string, body: unknown) => program.call('POST', path, { as: 'administrator', body });
    assertProblem(await post('/views', { kind: 'personal', name: '按未索引', filter: { all: [] }, sort: 'fields.plain' }), 'invalid_input');
    const view = (await done(post('/views', { kind: 'personal', name: '按楼层', filter: { all: [] }, columns: ['number', 'fields.floor'], sort: '-fields.floor' }))).body;
    assert.deepEqual([view.sort, view.problems], ['-fields.floor', []]);
    assert.equal((await done(program.call('GET', `/tickets?view=${view.id}`, { as: 'administrator' }))).body.items[0].fields.floor, 100);
    const type = (await done(program.call('GET', '/ticket-types', { as: 'administrator' }))).body.items.find((one: { key: string }) => one.key === 'repair');
    const edit = async (path: string, method: 'PATCH' | 'POST', body: unknown, version: number) => (await done(program.call(method, path, { as: 'administrator', body, headers: { 'if-match': `"${version}"` } }))).body;
    const draft = (await done(program.call('GET', `/ticket-types/${type.id}/draft`, { as: 'administrator' }))).body;
    const saved = await edit(`/ticket-types/${type.id}/draft`, 'PATCH', { form: { fields: fields.filter((field) => field.key !== 'floor') } }, draft.version);
    await edit(`/ticket-types/${type.id}/publish`, 'POST', {}, saved.version);
    const shown = (await done(program.call('GET', `/views/${view.id}`, { as: 'administrator' }))).body;
    assert.deepEqual(shown.problems.map((problem: { path: string; code: string; property: string }) => [problem.path, problem.code, problem.property]), [['/sort', 'not_sortable', 'fields.floor']]);
    const newest = await walk('sort=-createdAt', { limit: 200 });
    for (const query of ['', '&sort=-fields.floor']) {
      const { items, problems } = (await done(program.call('GET', `/tickets?view=${view.id}${query}&limit=200`, { as: 'administrator' }))).body;
      assert.deepEqual(items.map((line: Line) => line.id), newest.map((line) => line.id));
      assert.equal(problems[0].code, 'not_sortable');
    }
    await done(program.call('PATCH', `/views/${view.id}`, { as: 'administrator', body: { name: '仍可改名' }, headers: { 'if-match': `"${view.version}"` } }));
  });

  test('a place that was not written by us is refused', async () => {
    const place = (value: unknown, way = 'sort') => Buffer.from(JSON.stringify(['fields.floor', null, way, value, '2026-01-01T00:00:00.000Z', newId()])).toString('base64url');
    const sort = 'sort=fields.fee';
    for (const cursor of [place('x').replace('floor', 'fee'), 'x', Buffer.from(JSON.stringify(['fields.fee', null, 'sort', 'x', '2026-01-01T00:00:00.000Z', newId()])).toString('base64url'), Buffer.from(JSON.stringify(['fields.fee', null, 'walk', '\u0000', '2026-01-01T00:00:00.000Z', newId()])).toString('base64url')]) {
      assertProblem(await program.call('GET', `/tickets?${sort}&cursor=${cursor}`, { as: 'administrator' }), 'invalid_cursor');
    }
  });

  test('the groups of a list are counted as the list shows them', async () => {
    const count = async (body: Record<string, unknown>, as: Person = 'administrator') => (await done(program.call('POST', '/tickets/group-counts', { as, body }))).body.items as { group: string; count: number; capped: boolean }[];
    for (const as of ['administrator', 'agent', 'technician'] as const) {
      const lines = await walk('sort=-createdAt&priority=high', { as, limit: 200 });
      const some = await count({ filter: { property: 'priority', operator: 'is', value: 'high' }, grouping: 'status', groups: ['new', 'open', 'closed'] }, as);
      assert.deepEqual(some.map((one) => [one.group, one.count, one.capped]), ['new', 'open', 'closed'].map((status) => [status, lines.filter((line) => line.status === status).length, false]), as);
    }
    const [nobody] = await count({ view: 'all', grouping: 'assignee', groups: ['none'] });
    assert.equal(nobody!.count, (await walk('assignee=none', { limit: 200 })).length);
    for (const body of [{ grouping: 'status', groups: ['x'] }, { grouping: 'type', groups: ['none'] }, { grouping: 'assignee', groups: ['me'] }, { grouping: 'status', groups: [] }]) {
      assertProblem(await program.call('POST', '/tickets/group-counts', { as: 'administrator', body }), 'invalid_input');
    }
  });

  test('a customer is asked for with all who were merged with them, in filters, views and counts', async () => {
    const post = async (path: string, body: unknown) => (await done(program.call('POST', path, { as: 'administrator', body }))).body;
    const [kept, gone, stranger] = await Promise.all(['王芳', '王方', '李雷'].map((name) => post('/customers', { name }))) as { id: string }[];
    const tickets = await Promise.all([kept, gone, stranger].map((one) => post('/tickets', { subject: '报修', requester: { customerId: one!.id } }))) as { id: string }[];
    await post(`/customers/${gone!.id}/merge`, { into: kept!.id });
    const both = [tickets[0]!.id, tickets[1]!.id].sort();
    for (const { id } of [kept!, gone!]) {
      const filter = { all: [{ property: 'customer', operator: 'is', value: id }] };
      const view = await post('/views', { kind: 'personal', name: `客户 ${id}`, filter });
      for (const query of [`filter=${encodeURIComponent(JSON.stringify(filter))}`, `view=${view.id}`, `customer=${id}`]) assert.deepEqual((await walk(query)).map((line) => line.id).sort(), both, query);
      assert.equal((await done(program.call('GET', `/views/counts?views=${view.id}`, { as: 'administrator' }))).body.items[0].count, 2);
      const without = await walk(`filter=${encodeURIComponent(JSON.stringify({ property: 'customer', operator: 'is_not', value: id }))}`, { limit: 200 });
      assert.ok(!without.some((line) => both.includes(line.id)) && without.some((line) => line.id === tickets[2]!.id));
    }
  });
});
