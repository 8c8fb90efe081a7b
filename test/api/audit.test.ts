import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { newId } from '../../server/platform/db/uuid.ts';
import { openTestProgram, testClock, type TestClock, type TestProgram } from '../support/program.ts';
import { act, assertProblem, done, newSession, newTicket } from './scene.ts';

interface Entry { id: string; kind: string; recordedAt: string; actor: { id: string | null; kind: string; name: string | null }; ticketId: string | null; subjectId: string | null; data: Record<string, unknown> }

describe('the audit trail', () => {
  let program: TestProgram;
  let clock: TestClock;
  before(async () => {
    clock = testClock();
    program = await openTestProgram({ clock });
  });
  after(() => program.close());

  const as = 'administrator';
  const page = async (query: string, who: 'administrator' | { token: string } = as) => (await done(program.call('GET', `/audit?${query}`, { as: who }))).body as { items: Entry[]; nextCursor: string | null; lookedBackTo: string | null };
  const all = async (query: string, who: 'administrator' | { token: string } = as): Promise<Entry[]> => {
    const found: Entry[] = [];
    for (let cursor = ''; ;) {
      const { items, nextCursor } = await page(`limit=7&${query}${cursor}`, who);
      found.push(...items);
      if (nextCursor === null) return found;
      cursor = `&cursor=${nextCursor}`;
    }
  };

  test('is asked by kind, actor, subject, ticket, time and words, page by page, newest first', async () => {
    const ticket = await newTicket(program, { subject: '审计用的工单' });
    clock.advance({ minutes: 10 });
    const start = clock.now().toISOString();
    await act(program, ticket.id, 'assign', { assignee: program.organization.staff.technician });
    const category = (await done(program.call('POST', '/categories', { as, body: { name: '百分之百%' } }))).body;
    clock.advance({ minutes: 10 });
    const end = clock.now().toISOString();
    const other = await newTicket(program, { subject: '另一张' }, 'dispatcher');

    assert.deepEqual((await all('kind=category.created')).map((entry) => entry.subjectId), [category.id]);
    assert.deepEqual([...new Set((await all('kind=category.*,ticket.created')).map((entry) => entry.kind))].sort(), ['category.created', 'ticket.created']);
    assert.ok((await all(`actor=${program.organization.staff.dispatcher}`)).every((entry) => entry.actor.id === program.organization.staff.dispatcher));
    assert.ok((await all('actorKind=system')).every((entry) => entry.actor.kind === 'system'));
    assert.deepEqual((await all(`subject=${category.id}`)).map((entry) => entry.kind), ['category.created']);
    for (const named of [ticket.id, ticket.number]) assert.deepEqual((await all(`ticket=${named}`)).map((entry) => entry.kind), ['visit.scheduled', 'ticket.assigned', 'ticket.created']);
    assert.deepEqual(new Set((await all(`from=${start}&to=${end}`)).map((entry) => entry.kind)), new Set(['ticket.assigned', 'visit.scheduled', 'category.created']));
    assert.deepEqual((await all(`from=${end}`)).map((entry) => entry.ticketId), [other.id]);
    assert.deepEqual((await all(`q=${encodeURIComponent('百分之百%')}`)).map((entry) => entry.subjectId), [category.id], '% is a letter like any other');
    assert.deepEqual((await all(`q=${encodeURIComponent('另一张')}`)).map((entry) => entry.ticketId), [other.id]);
    assert.deepEqual((await all('q=before')), [], 'what things are called is not what they say');
    assert.equal((await all(`q=${ticket.number}`)).length, 3, 'a ticket by its number');
    assert.deepEqual(await all('q=20200101-99999'), []);
    assert.ok((await all(`q=${encodeURIComponent('technician first')}`)).some((entry) => entry.kind === 'ticket.assigned'));

    const whole = await all('');
    assert.equal(new Set(whole.map((entry) => entry.id)).size, whole.length);
    assert.deepEqual(whole.map((entry) => entry.recordedAt), whole.map((entry) => entry.recordedAt).toSorted().toReversed());
    assert.equal(whole.length, (await page('limit=200')).items.length);

    for (const [query, code] of [['kind=nothing', 'invalid_input'], ['kind=,', 'invalid_input'], ['actor=me', 'invalid_input'], ['from=yesterday', 'invalid_input'], ['cursor=abc', 'invalid_cursor'], [`ticket=${newId()}`, 'unknown_reference'], ['surprise=1', 'invalid_input']] as const) {
      assertProblem(await program.call('GET', `/audit?${query}`, { as }), code, query);
    }
    assertProblem(await program.call('GET', '/audit', { as: 'agent' }), 'forbidden');
  });

  test('shows of tickets only what happened to those the reader may see, however few they are', async () => {
    const role = (await done(program.call('POST', '/roles', { as, body: { name: '审计员', grants: [{ permission: 'audit.read', scope: 'organization' }, { permission: 'ticket.read', scope: 'team' }] } }))).body.id;
    const staff = (await done(program.call('POST', '/staff', { as, body: { name: '审计', job: 'manager', roleIds: [role], teamIds: [program.organization.teamId] } }))).body.id;
    const who = { token: (await newSession(program, staff)).token };
    const seen = await newTicket(program, { subject: '看得见', category: program.organization.categoryId });
    const unseen = await newTicket(program, { subject: '看不见' });
    const entries = await all('', who);
    assert.ok(entries.some((entry) => entry.ticketId === seen.id) && !entries.some((entry) => entry.ticketId === unseen.id) && entries.some((entry) => entry.ticketId === null));
    assertProblem(await program.call('GET', `/audit?ticket=${unseen.id}`, { as: who }), 'unknown_reference');
    assert.deepEqual(await all(`q=${unseen.number}`, who), []);
    const csv = await program.call('GET', '/audit/export', { as: who });
    assert.ok(csv.text.includes(seen.number) && !csv.text.includes(unseen.number));
  });

  test('words are looked for so many entries at a time, and the page says how far', async () => {
    const tenantId = program.organization.tenantId;
    await program.database.transact(tenantId, (transaction) => transaction.run(sql`
      INSERT INTO fact (tenant_id, kind, subject_id, actor_kind, actor_name, data, occurred_at, recorded_at)
      SELECT ${tenantId}, 'session.started', NULL, 'system', 'nobody', CASE WHEN n = 1 THEN '{"name": "针"}'::jsonb ELSE '{"name": "草"}'::jsonb END, now() - interval '2 days' + n * interval '1 millisecond', now() - interval '2 days' + n * interval '1 millisecond'
      FROM generate_series(1, 30000) AS n`));
    const first = await page(`q=${encodeURIComponent('针')}`);
    assert.deepEqual(first.items, []);
    assert.ok(first.nextCursor !== null && first.lookedBackTo !== null);
    const second = await page(`q=${encodeURIComponent('针')}&cursor=${first.nextCursor}`);
    assert.deepEqual([second.items.length, second.nextCursor, second.lookedBackTo], [1, null, null]);
    const csv = await program.call('GET', `/audit/export?q=${encodeURIComponent('针')}`, { as });
    assert.equal(csv.text.trim().split('\r\n').length, 2);
    assert.equal((await program.call('GET', '/audit/export?kind=session.started', { as })).text.trim().split('\r\n').length, 30_001, 'all of it, in one stream');
  });

  test('is exported as a CSV that no spreadsheet runs', async () => {
    await done(program.call('POST', '/categories', { as, body: { name: '=HYPERLINK("x"),\n"引号"' } }));
    const csv = await program.call('GET', '/audit/export?kind=category.created', { as, headers: { 'accept-language': 'zh-CN' } });
    assert.equal(csv.status, 200);
    assert.match(String(csv.headers['content-type']), /^text\/csv/);
    assert.match(String(csv.headers['content-disposition']), /^attachment; filename="audit-\d{4}-\d\d-\d\d\.csv"$/);
    assert.ok(csv.text.startsWith('\uFEFF时间,记录时间,事件'));
    const line = csv.text.split('\r\n')[1]!;
    assert.match(line, /category\.created,分类已建立,staff,administrator first,/);
    assert.ok(line.includes('{""name"":""=HYPERLINK'), 'quotes are doubled, the document stays one cell');
    assertProblem(await program.call('GET', '/audit/export?kind=nothing', { as }), 'invalid_input');
    assertProblem(await program.call('GET', '/audit/export', { as: 'agent' }), 'forbidden');
  });
});
