import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { sql } from 'kysely';
import { ticketSorts } from '../../contract/ticket.ts';
import { priorities, ticketStatuses } from '../../rules/ticket/lifecycle.ts';
import { build } from '../../server/platform/db/database.ts';
import { newId } from '../../server/platform/db/uuid.ts';
import { insertNewTicket } from '../../server/records/ticket/insert.ts';
import { writeTicketKeys } from '../../server/records/ticket/keys.ts';
import { systemActor } from '../../server/platform/context.ts';
import { openTestProgram, type Person, type TestProgram } from '../support/program.ts';
import { act, assertProblem, done, newTicket } from './scene.ts';

const people: Person[] = ['administrator', 'manager', 'dispatcher', 'agent', 'technician'];
interface Line { id: string; number: string; createdAt: string; updatedAt: string; priority: string; status: string }

describe('lists', () => {
  let program: TestProgram;
  const ids: string[] = [];

  /** Writes a ticket as it may lie about: whose it is, when it was made and how pressing it is, by chance. */
  async function scatter(number: number, random: () => number): Promise<string> {
    const { organization, database } = program;
    const pick = <Value>(values: readonly Value[]): Value => values[Math.floor(random() * values.length)]!;
    const id = newId();
    const people = Object.values(organization.staff);
    const team = pick([null, organization.teamId, organization.otherTeamId]);
    // Few moments for many tickets: what is equal in the sort must still have an order.
    const createdAt = new Date(Date.UTC(2026, 0, 1 + Math.floor(random() * 3), Math.floor(random() * 4)));
    const creator = pick([null, ...people]);
    await database.transact(organization.tenantId, async (transaction) => {
      await insertNewTicket({ tenantId: organization.tenantId, transaction, now: createdAt, actor: creator === null ? systemActor : { kind: pick(['staff', 'api_key', 'customer'] as const), id: creator, name: null } }, {
        id, number: `20260101-${String(number).padStart(5, '0')}`, type_id: organization.typeId, subject: `第 ${number} 件`, description: '', status: pick(ticketStatuses),
        priority: 1 + Math.floor(random() * 4), priority_explanation: { score: 0, overridden: false, factors: [] }, channel: pick(['portal', 'console', 'api']), category_id: pick([null, organization.categoryId]),
        team_id: team, department_id: team === null ? pick([null, organization.departmentId]) : team === organization.teamId ? organization.departmentId : organization.otherDepartmentId,
        assignee_id: pick([null, ...people]), customer_id: null, contact_name: null, contact_phone: null, contact_email: null, asset_id: null, address: null, lat: null, lng: null, tags: [], fields: {},
      });
      await transaction.run(sql`UPDATE ticket SET updated_at = ${new Date(createdAt.getTime() + Math.floor(random() * 3) * 3_600_000)}, participant_ids = ${random() < 0.2 ? [pick(people)] : []}::uuid[] WHERE tenant_id = ${organization.tenantId} AND id = ${id}`);
      await writeTicketKeys(transaction, null, (await transaction.first(build.selectFrom('ticket').selectAll().where('id', '=', id)))!);
    });
    return id;
  }

  before(async () => {
    program = await openTestProgram();
    // The same chance every time.
    let seed = 20261121;
    const random = () => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
      return seed / 0x80000000;
    };
    for (let number = 1; number <= 90; number += 1) ids.push(await scatter(number, random));
  });
  after(() => program.close());

  test('a place that no page ever gave is refused, whatever it says', async () => {
    const id = newId();
    const place = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url');
    const at = '2026-01-01T00:00:00.000Z';
    for (const group of ['abc', '99999', '0', '-1']) {
      assertProblem(await program.call('GET', `/tickets?sort=priority&status=open&cursor=${place('priority', at, id, group, null, null, null)}`, { as: 'administrator' }), 'invalid_cursor', group);
      assertProblem(await program.call('GET', `/tickets?sort=priority&q=件&cursor=${place('priority', at, id, group, null, null, null)}`, { as: 'administrator' }), 'invalid_cursor', group);
    }
    for (const [moment, asOf] of [[at, '9999-12-31T23:59:59.999Z'], ['9999-12-31T23:59:59.999Z', at]] as const) {
      assertProblem(await program.call('GET', `/tickets?q=件&sort=relevance&cursor=${place('relevance', moment, id, null, asOf, 5, 10)}`, { as: 'administrator' }), 'invalid_cursor', asOf);
    }
  });

  /** All pages of a list, by its cursors or by its Link headers. */
  async function walk(path: string, { as = 'administrator' as Person, byLink = false, between = async () => {} }: { as?: Person; byLink?: boolean; between?: () => Promise<void> } = {}): Promise<Line[]> {
    const lines: Line[] = [];
    let next: string | null = path;
    for (let pages = 0; next !== null; pages += 1) {
      assert.ok(pages < 500, 'the list has no end');
      const { body, headers }: Awaited<ReturnType<TestProgram['call']>> = await done(program.call('GET', next, { as }));
      lines.push(...body.items);
      const link = /^<([^>]+)>; rel="next"$/.exec(String(headers['link'] ?? ''))?.[1];
      assert.equal(link === undefined, body.nextCursor === null, 'Link and nextCursor tell the same');
      if (link !== undefined) assert.equal(new URL(link, 'http://x').searchParams.get('cursor'), body.nextCursor);
      next = body.nextCursor === null ? null : byLink ? link! : `${path}${path.includes('?') ? '&' : '?'}cursor=${body.nextCursor}`;
      await between();
    }
    return lines;
  }

  const keyOf: Record<(typeof ticketSorts)[number], (line: Line) => string | number> = {
    createdAt: (line) => line.createdAt, '-createdAt': (line) => line.createdAt, updatedAt: (line) => line.updatedAt, '-updatedAt': (line) => line.updatedAt, priority: (line) => priorities.indexOf(line.priority as never),
  };

  for (const sort of ticketSorts) {
    test(`page by page give every ticket once, sorted by ${sort}`, async () => {
      for (const [limit, byLink] of [[sort === 'priority' ? 1 : 9, false], [40, true], [200, false]] as const) {
        const lines = await walk(`/tickets?sort=${sort}&limit=${limit}`, { byLink });
        assert.deepEqual(lines.map((line) => line.id).sort(), [...ids].sort(), `${limit} at a time`);
        const keys = lines.map((line) => keyOf[sort](line));
        const sorted = keys.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0) * (sort.startsWith('-') ? -1 : 1));
        assert.deepEqual(keys, sorted);
      }
    });
  }

  test('stay whole while new tickets arrive: none of the old ones is left out or comes twice', async () => {
    const before = new Set(ids);
    for (const sort of ticketSorts) {
      const arrived: string[] = [];
      const lines = await walk(`/tickets?sort=${sort}&limit=20`, { between: async () => void arrived.push((await newTicket(program)).id) });
      const seen = lines.map((line) => line.id);
      assert.equal(new Set(seen).size, seen.length, 'none twice');
      assert.deepEqual(seen.filter((id) => before.has(id)).sort(), [...before].sort(), `none left out, by ${sort}`);
      ids.push(...arrived);
      for (const id of arrived) before.add(id);
    }
  });

  test('go on behind a ticket that was the last of a page and is gone from the list', async () => {
    const path = '/tickets?status=new,open&sort=createdAt&limit=5';
    const first = (await done(program.call('GET', path, { as: 'administrator' }))).body;
    const rest = (await walk(path)).slice(5).map((line) => line.id);
    await act(program, first.items[4].id, 'cancel', { reason: '重复' });
    const second = (await done(program.call('GET', `${path}&cursor=${first.nextCursor}`, { as: 'administrator' }))).body;
    assert.deepEqual(second.items.map((line: Line) => line.id), rest.slice(0, 5));
  });

  test('show each person exactly the tickets that they may open', async () => {
    const reached: Record<string, number> = {};
    for (const as of people) {
      const listed = new Set((await walk('/tickets?limit=200', { as })).map((line) => line.id));
      for (const id of ids) {
        const single = await program.call('GET', `/tickets/${id}`, { as });
        assert.equal(single.status, listed.has(id) ? 200 : 404, `${as} ${id}`);
        if (single.status === 404) assertProblem(single, 'not_found');
      }
      reached[as] = listed.size;
    }
    assert.equal(reached['administrator'], ids.length);
    assert.ok(reached['technician']! > 10 && reached['technician']! < reached['manager']! && reached['manager']! < ids.length, JSON.stringify(reached));
    assertProblem(await program.call('GET', '/tickets', { as: 'stranger' }), 'forbidden');
  });

  test('show roles of every width what they may open, pages included', async () => {
    const { organization } = program;
    const sample = ids.slice(0, 40);
    for (const scope of ['own', 'team', 'department', 'organization'] as const) {
      for (const narrowed of [false, true]) {
        const role = (await done(program.call('POST', '/roles', { as: 'administrator', body: { name: `${scope} ${narrowed}`, grants: [{ permission: 'ticket.read', scope, ...(narrowed ? { ticketTypeIds: [organization.typeId] } : {}) }] } }))).body.id as string;
        const version = String((await program.call('GET', `/staff/${organization.staff.stranger}`, { as: 'administrator' })).headers['etag']);
        await done(program.call('PATCH', `/staff/${organization.staff.stranger}`, { as: 'administrator', headers: { 'if-match': version }, body: { roleIds: [role], teamIds: [organization.otherTeamId] } }));
        const listed = new Set((await walk('/tickets?limit=3&status=new,open', { as: 'stranger' })).map((line) => line.id));
        for (const id of sample) {
          const single = await program.call('GET', `/tickets/${id}`, { as: 'stranger' });
          if (single.status === 200 && !['new', 'open'].includes(single.body.status)) continue;
          assert.equal(single.status === 200, listed.has(id), `${scope} ${id}`);
        }
        assert.ok(listed.size > 0, scope);
      }
    }
  });

  test('keep what they are filtered by: a page never holds more than what was asked for', async () => {
    const { organization } = program;
    const all = await walk('/tickets?limit=200');
    const whole = await Promise.all(all.map(async (line) => (await program.call('GET', `/tickets/${line.id}`, { as: 'administrator' })).body));
    const filters = fc.record({
      status: fc.option(fc.subarray([...ticketStatuses], { minLength: 1 })), priority: fc.option(fc.subarray([...priorities], { minLength: 1 })),
      team: fc.option(fc.constantFrom('none', 'mine', organization.teamId, organization.otherTeamId)), assignee: fc.option(fc.constantFrom('none', 'me', organization.staff.agent)),
      category: fc.option(fc.constant(organization.categoryId)), channel: fc.option(fc.constantFrom('portal', 'console', 'api', 'phone')), sort: fc.option(fc.constantFrom(...ticketSorts)),
    });
    await fc.assert(fc.asyncProperty(filters, fc.integer({ min: 3, max: 60 }), async ({ status, priority, team, assignee, category, channel, sort }, limit) => {
      const query = new URLSearchParams({ limit: String(limit) });
      for (const [name, value] of Object.entries({ status: status?.join(','), priority: priority?.join(','), team, assignee, category, channel, sort })) if (value) query.set(name, value);
      const expected = whole.filter((ticket) =>
        (!status || status.includes(ticket.status)) && (!priority || priority.includes(ticket.priority)) &&
        (!team || (team === 'none' ? ticket.team === null : team === 'mine' ? false : ticket.team?.id === team)) &&
        (!assignee || (assignee === 'none' ? ticket.assignee === null : ticket.assignee?.id === (assignee === 'me' ? organization.staff.administrator : assignee))) &&
        (!category || ticket.category?.id === category) && (!channel || ticket.channel === channel));
      assert.deepEqual((await walk(`/tickets?${query.toString()}`)).map((line) => line.id).sort(), expected.map((ticket) => ticket.id).sort(), query.toString());
    }), { seed: 20261121, numRuns: 25 });
  });

  test('find tickets by number and by words once the index has read of them, within the reach of who looks', async () => {
    const hidden = await newTicket(program, { subject: '配电房跳闸，全楼停电', description: '请尽快派电工' }, 'administrator');
    await program.catchUp();
    const find = async (q: string, as: Person = 'administrator') => (await done(program.call('GET', `/tickets?q=${encodeURIComponent(q)}`, { as }))).body.items.map((line: Line) => line.id);
    for (const q of ['跳闸', '全楼停电', '电工', hidden.number, '配电房 电工']) assert.deepEqual(await find(q), [hidden.id], q);
    assert.deepEqual(await find('跳闸', 'technician'), []);
    assert.deepEqual(await find(hidden.number, 'technician'), []);
    assert.deepEqual(await find('没有这样的词'), []);
  });

  test('of other records page the same way', async () => {
    for (let index = 0; index < 7; index += 1) {
      await done(program.call('POST', '/customers', { as: 'administrator', body: { name: `客户 ${index}` } }));
      await done(program.call('POST', '/assets', { as: 'administrator', body: { code: `A-${index}`, name: `设备 ${index}` } }));
      await done(program.call('POST', '/departments', { as: 'administrator', body: { name: `部门 ${index}` } }));
      await done(program.call('POST', '/teams', { as: 'administrator', body: { name: `班组 ${index}`, departmentId: program.organization.departmentId } }));
      await done(program.call('POST', '/categories', { as: 'administrator', body: { name: `分类 ${index}`, ...(index % 2 ? { parentId: program.organization.categoryId } : {}) } }));
      await done(program.call('POST', '/api-keys', { as: 'administrator', body: { name: `密钥 ${index}` } }));
      const ticket = await newTicket(program, { assignee: program.organization.staff.technician });
      if (index === 0) for (let note = 0; note < 5; note += 1) await done(program.call('POST', `/tickets/${ticket.id}/comments`, { as: 'agent', body: { body: `${note}`, visibility: 'internal' } }));
      if (index === 0) assert.equal((await walk(`/tickets/${ticket.id}/timeline?limit=2`)).length, (await walk(`/tickets/${ticket.id}/timeline`)).length);
    }
    for (const path of ['/customers', '/assets', '/departments', '/teams', '/categories', '/api-keys', '/staff', '/roles', '/channels', '/ticket-types', '/visits', '/visits?state=current', '/audit']) {
      const at = path.includes('?') ? '&' : '?';
      const whole = await walk(`${path}${at}limit=200`);
      const paged = await walk(`${path}${at}limit=2`, { byLink: true });
      assert.deepEqual(paged.map((line) => line.id), whole.map((line) => line.id), path);
      assert.equal(new Set(paged.map((line) => line.id)).size, paged.length, path);
      assert.ok(whole.length > 0, path);
    }
  });
});
