import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { standardColumns, viewLimits } from '../../contract/view.ts';
import { ticketStatuses } from '../../rules/ticket/lifecycle.ts';
import { newId } from '../../server/platform/db/uuid.ts';
import { standardViews } from '../../server/records/view/standard-views.ts';
import { openTestProgram, testClock, type Answer, type Person, type TestOrganization, type TestProgram } from '../support/program.ts';
import { act, assertProblem, done, newTicket } from './scene.ts';

const unfinished = { property: 'status', operator: 'in', value: ['new', 'open', 'waiting'] };
interface Line { id: string; number: string; subject: string; status: string; tags: string[] }

describe('views', () => {
  let program: TestProgram;
  let other: TestOrganization;
  const clock = testClock();

  before(async () => {
    program = await openTestProgram({ clock });
    other = await program.foundAnother('other');
  });
  after(() => program.close());

  const call = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, as: Person, body?: unknown, headers: Record<string, string> = {}) => program.call(method, path, { as, headers, ...(body === undefined ? {} : { body }) });
  const create = async (as: Person, more: Record<string, unknown> = {}) => (await done(call('POST', '/views', as, { kind: 'personal', name: '我的视图', filter: { all: [unfinished] }, ...more }))).body;
  const lines = async (path: string, as: Person = 'administrator'): Promise<Line[]> => (await done(call('GET', path, as))).body.items;
  const numbers = (some: readonly Line[]) => some.map((line) => line.number).sort();

  test('come with the program: known by key, in Chinese and English, each of them opens, and nobody changes them', async () => {
    const listed = (await done(call('GET', '/views?kind=standard', 'technician'))).body.items;
    assert.deepEqual(listed.map((view: { id: string }) => view.id), standardViews.map((view) => view.key));
    for (const view of listed) {
      assert.ok(/[一-龥]/.test(view.name) && /^[ -~’]+$/.test(view.nameEn), view.id);
      assert.equal(view.editable, false);
      for (const column of view.columns) assert.ok(standardColumns.includes(column), column);
      await done(call('GET', `/tickets?view=${view.id}`, 'technician'));
      await done(call('POST', '/tickets/search', 'manager', { view: view.id }));
      assertProblem(await call('PATCH', `/views/${view.id}`, 'administrator', { name: 'x' }, { 'if-match': '"1"' }), 'forbidden');
      assertProblem(await call('DELETE', `/views/${view.id}`, 'administrator'), 'forbidden');
    }
    for (const path of ['/views/nothing', '/tickets?view=nothing', `/tickets?view=${newId()}`]) assertProblem(await call('GET', path, 'administrator'), 'not_found');
  });

  test('show what they say: my open tickets, unassigned ones, those of my team, what was resolved lately', async () => {
    const { staff, teamId } = program.organization;
    const mine = await newTicket(program, { subject: '我的' });
    await act(program, mine.id, 'assign', { assignee: staff.agent });
    const done1 = await newTicket(program, { subject: '已解决' });
    await act(program, done1.id, 'resolve', { resolution: '好了' });
    const loose = await newTicket(program, { subject: '没人', team: teamId });
    const of = async (view: string, as: Person) => new Set((await lines(`/tickets?view=${view}`, as)).map((line) => line.id));
    assert.ok((await of('my_open', 'agent')).has(mine.id) && !(await of('my_open', 'dispatcher')).has(mine.id));
    assert.ok((await of('unassigned', 'dispatcher')).has(loose.id) && !(await of('unassigned', 'dispatcher')).has(mine.id));
    assert.ok((await of('my_team', 'technician')).size === 0, 'a technician sees what is their own');
    assert.ok((await of('created_by_me', 'agent')).has(done1.id));
    assert.deepEqual([...(await of('recently_resolved', 'agent'))], [done1.id]);
    assert.ok((await of('all', 'agent')).size >= 3);
    // Narrowed by parameters, a filter and words at once.
    assert.deepEqual((await lines(`/tickets?view=unassigned&team=${teamId}`)).map((line) => line.id), [loose.id]);
    assert.deepEqual((await lines(`/tickets?view=all&filter=${encodeURIComponent(JSON.stringify({ property: 'subject', operator: 'is', value: '没人' }))}`)).map((line) => line.id), [loose.id]);
  });

  test('of one’s own are one’s own: made, changed, starred, listed and removed, and nobody else’s to see', async () => {
    const view = await create('agent', { nameEn: 'Mine', icon: 'fire', columns: ['number', 'subject', 'fields.floor'], sort: '-updatedAt', grouping: 'status', favourite: true });
    assert.deepEqual({ kind: view.kind, name: view.name, nameEn: view.nameEn, icon: view.icon, sort: view.sort, grouping: view.grouping, favourite: view.favourite, editable: view.editable, owner: view.owner.id, problems: view.problems, version: view.version },
      { kind: 'personal', name: '我的视图', nameEn: 'Mine', icon: 'fire', sort: '-updatedAt', grouping: 'status', favourite: true, editable: true, owner: program.organization.staff.agent, problems: [], version: 1 });
    for (const as of ['administrator', 'dispatcher'] as const) {
      assertProblem(await call('GET', `/views/${view.id}`, as), 'not_found');
      assertProblem(await call('GET', `/tickets?view=${view.id}`, as), 'not_found');
      assertProblem(await call('DELETE', `/views/${view.id}`, as), 'not_found');
      assert.ok(!(await done(call('GET', '/views', as))).text.includes(view.id));
    }
    assertProblem(await call('PATCH', `/views/${view.id}`, 'agent', { name: '改名' }), 'version_required');
    const changed = await done(call('PATCH', `/views/${view.id}`, 'agent', { name: '改名', grouping: null }, { 'if-match': '"1"' }));
    assert.deepEqual([changed.body.name, changed.body.grouping, changed.body.version, changed.headers['etag']], ['改名', null, 2, '"2"']);
    assertProblem(await call('PATCH', `/views/${view.id}`, 'agent', { name: '又改' }, { 'if-match': '"1"' }), 'stale_version');
    assert.equal((await done(call('PATCH', `/views/${view.id}`, 'agent', { name: '改名' }, { 'if-match': '"2"' }))).body.version, 2, 'what is there already is no change');

    await done(call('POST', '/views/my_open/favourite', 'agent', { favourite: true, position: 0 }));
    const stars = (await done(call('GET', '/views?favourite=true', 'agent'))).body.items;
    assert.deepEqual(stars.map((one: { id: string }) => one.id).sort(), ['my_open', view.id].sort());
    assert.deepEqual((await done(call('POST', `/views/${view.id}/favourite`, 'agent', { favourite: false }))).body.favourite, false);
    await done(call('DELETE', `/views/${view.id}`, 'agent'));
    assertProblem(await call('GET', `/views/${view.id}`, 'agent'), 'not_found');
    const facts = await program.database.transact(program.organization.tenantId, (transaction) => transaction.run(sql<{ kind: string; data: Record<string, unknown> }>`SELECT kind, data FROM fact WHERE subject_id = ${view.id} ORDER BY position`));
    assert.deepEqual(facts.map((fact) => fact.kind), ['view.created', 'view.changed', 'view.removed']);
    assert.ok(!JSON.stringify(facts).includes('我的视图'), 'what somebody keeps for themselves is not spread');
  });

  test('of a team are made by who leads it or its department, and seen by its members', async () => {
    const { organization } = program;
    const body = { kind: 'team', teamId: organization.teamId, name: '班组的', filter: { all: [] } };
    for (const as of ['agent', 'technician', 'dispatcher'] as const) assertProblem(await call('POST', '/views', as, body), 'forbidden');
    const view = (await done(call('POST', '/views', 'manager', body))).body;
    assert.deepEqual([view.kind, view.team.id, view.editable], ['team', organization.teamId, true]);
    assert.equal((await done(call('GET', `/views/${view.id}`, 'technician'))).body.editable, false, 'a member sees it');
    assertProblem(await call('GET', `/views/${view.id}`, 'agent'), 'not_found');
    assertProblem(await call('PATCH', `/views/${view.id}`, 'technician', { name: 'x' }, { 'if-match': '"1"' }), 'forbidden');
    // The manager's department ends where another begins.
    assertProblem(await call('POST', '/views', 'manager', { ...body, teamId: organization.otherTeamId }), 'forbidden');
    assertProblem(await call('PATCH', `/views/${view.id}`, 'manager', { teamId: organization.otherTeamId }, { 'if-match': '"1"' }), 'forbidden');
    const team = (await done(call('PATCH', `/teams/${organization.otherTeamId}`, 'administrator', { leadId: organization.staff.agent }, { 'if-match': String((await call('GET', `/teams/${organization.otherTeamId}`, 'administrator')).headers['etag']) }))).body;
    assert.equal(team.lead.id, organization.staff.agent);
    const led = (await done(call('POST', '/views', 'agent', { ...body, teamId: organization.otherTeamId }))).body;
    assert.equal(led.editable, true, 'who leads a team keeps its views');
    for (const [broken, path] of [[{ kind: 'team' }, '/teamId'], [{ kind: 'shared', teamId: organization.teamId }, '/teamId']] as const) {
      assert.equal((await call('POST', '/views', 'administrator', { ...body, teamId: undefined, ...broken })).body.errors[0].path, path);
    }
    assertProblem(await call('POST', '/views', 'administrator', { ...body, teamId: other.teamId }), 'unknown_reference');
  });

  test('that all share are made by who keeps the settings', async () => {
    const body = { kind: 'shared', name: '大家的', filter: { all: [unfinished] } };
    for (const as of ['agent', 'manager', 'dispatcher'] as const) assertProblem(await call('POST', '/views', as, body), 'forbidden');
    const view = (await done(call('POST', '/views', 'administrator', body))).body;
    assert.equal((await done(call('GET', `/views/${view.id}`, 'technician'))).body.name, '大家的');
    assertProblem(await call('DELETE', `/views/${view.id}`, 'manager'), 'forbidden');
    const own = await create('administrator');
    const moved = (await done(call('PATCH', `/views/${own.id}`, 'administrator', { kind: 'shared' }, { 'if-match': '"1"' }))).body;
    assert.deepEqual([moved.kind, moved.owner], ['shared', null]);
  });

  test('are listed page by page: standard, shared, of the team, one’s own', async () => {
    for (let index = 0; index < 5; index += 1) await create('manager', { name: `第 ${index}` });
    const whole = (await done(call('GET', '/views', 'manager'))).body.items as { id: string; kind: string }[];
    const kinds = ['standard', 'shared', 'team', 'personal'];
    assert.deepEqual(whole.map((view) => view.kind), whole.map((view) => view.kind).toSorted((a, b) => kinds.indexOf(a) - kinds.indexOf(b)));
    const paged: { id: string }[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Answer = await done(call('GET', `/views?limit=4${cursor ? `&cursor=${cursor}` : ''}`, 'manager'));
      paged.push(...page.body.items);
      cursor = page.body.nextCursor;
    }
    assert.deepEqual(paged.map((view) => view.id), whole.map((view) => view.id));
    assertProblem(await call('GET', '/views?cursor=x', 'manager'), 'invalid_cursor');
  });

  test('take no filter that is not one, and say what is wrong where', async () => {
    const wrong: [filter: unknown, path: string, code: string][] = [
      [{ property: 'nothing', operator: 'is', value: 'x' }, '/filter/property', 'unknown_property'],
      [{ all: [unfinished, { property: 'priority', operator: 'contains', value: 'x' }] }, '/filter/all/1/operator', 'operator'],
      [{ property: 'status', operator: 'is', value: 'gone' }, '/filter/value', 'unknown_key'],
      [{ property: 'createdAt', operator: 'before', value: 'yesterday' }, '/filter/value', 'value'],
      [{}, '/filter', 'not_a_filter'],
      [JSON.parse(`${'{"not":'.repeat(10)}{"all":[]}${'}'.repeat(10)}`), `/filter${'/not'.repeat(6)}`, 'too_deep'],
      [{ all: Array.from({ length: 60 }, () => unfinished) }, '/filter/all/50', 'too_many_tests'],
    ];
    for (const [filter, path, code] of wrong) {
      for (const answer of [await call('POST', '/views', 'agent', { kind: 'personal', name: 'x', filter }), await call('POST', '/tickets/search', 'agent', { filter })]) {
        assertProblem(answer, 'invalid_input', JSON.stringify(filter));
        assert.deepEqual([answer.body.errors[0].path, answer.body.errors[0].code], [path, code]);
      }
    }
    assertProblem(await call('GET', '/tickets?filter={', 'agent'), 'invalid_input');
    assertProblem(await call('GET', `/tickets?filter=${encodeURIComponent('{"property":"subject","operator":"is","value":"\\u0000"}')}`, 'agent'), 'invalid_input');
  });

  test('whose field or team is gone still open, say so, and never let more through', async () => {
    const { tenantId, typeId } = program.organization;
    const marked = await newTicket(program, { subject: '有标签', tags: ['要紧'] });
    const withFilter = async (filter: unknown) => {
      const view = await create('agent');
      // As it was saved when the field was still there.
      await program.database.transact(tenantId, (transaction) => transaction.run(sql`UPDATE ticket_view SET filter = ${JSON.stringify(filter)} WHERE tenant_id = ${tenantId} AND id = ${view.id}`));
      const shown = (await done(call('GET', `/views/${view.id}`, 'agent'))).body;
      const answer = (await done(call('GET', `/tickets?view=${view.id}&limit=200`, 'agent'))).body;
      assert.deepEqual(answer.problems, shown.problems, 'the list says the same');
      return { problems: shown.problems as { path: string; property: string; code: string; message: string }[], found: new Set((answer.items as Line[]).map((line) => line.id)) };
    };
    const gone = { property: 'fields.gone', operator: 'is', value: 'x' };
    const tagged = { property: 'tag', operator: 'contains', value: '要紧' };
    const alone = await withFilter(gone);
    assert.deepEqual([alone.found.size, alone.problems.map(({ path, property, code }) => [path, property, code])], [0, [['/property', 'fields.gone', 'unknown_property']]]);
    assert.match(alone.problems[0]!.message, /fields\.gone/);
    assert.equal((await withFilter({ all: [tagged, gone] })).found.size, 0);
    assert.equal((await withFilter({ not: gone })).found.size, 0, 'its opposite lets nothing through either');
    assert.equal((await withFilter({ not: { any: [tagged, gone] } })).found.size, 0);
    assert.deepEqual([...(await withFilter({ any: [tagged, gone] })).found], [marked.id]);
    assert.deepEqual([...(await withFilter({ not: { all: [{ not: tagged }, { not: gone }] } })).found], [marked.id]);
    const elsewhere = await withFilter({ any: [tagged, { property: 'team', operator: 'is', value: newId() }] });
    assert.deepEqual([[...elsewhere.found], elsewhere.problems.map(({ path, code }) => [path, code])], [[marked.id], [['/any/1/value', 'unknown_reference']]]);
    assert.deepEqual([...(await withFilter({ nonsense: 1 })).found], []);
    assert.ok(typeId);
  });

  test('are counted: exactly while they hold few, and each for what the one who asks may see', async () => {
    const { body: before } = await done(call('GET', '/views/counts?views=unassigned,my_open,all', 'agent'));
    assert.deepEqual(before.items.map((one: { view: string }) => one.view), ['unassigned', 'my_open', 'all']);
    const count = async (view: string, as: Person): Promise<number> => (await done(call('GET', `/views/counts?views=${view}`, as))).body.items[0].count;
    for (const as of ['administrator', 'manager', 'agent', 'technician'] as const) {
      for (const { key } of standardViews) assert.equal(await count(key, as), (await lines(`/tickets?view=${key}&limit=200`, as)).length, `${key} for ${as}`);
    }
    const shown = await count('unassigned', 'agent');
    await newTicket(program, { subject: '又一件' });
    clock.advance({ minutes: 2 });
    assert.equal(await count('unassigned', 'agent'), shown + 1);
    // Of what is not there, or not theirs, nothing is said.
    const own = await create('manager');
    assert.deepEqual((await done(call('GET', `/views/counts?views=${own.id},nothing,urgent`, 'agent'))).body.items.map((one: { view: string }) => one.view), ['urgent']);
    assert.equal((await call('GET', `/views/counts?views=${Array.from({ length: 101 }, () => newId()).join(',')}`, 'agent')).status, 422);
    assert.ok((await done(call('GET', '/views/counts', 'agent'))).body.items.length >= standardViews.length);
  });

  test('count no further than they have to: “1,000+”', async () => {
    const { tenantId, typeId } = other;
    await program.database.transact(tenantId, (transaction) => transaction.run(sql`
      INSERT INTO ticket (tenant_id, id, number, type_id, subject, description, status, priority, priority_explanation, channel, created_by_kind, created_at, updated_at)
      SELECT ${tenantId}, gen_random_uuid(), 'N-' || n, ${typeId}, 'x', '', 'new', 3, '{}', 'api', 'system', now() - make_interval(mins => n), now() FROM generate_series(1, ${viewLimits.count + 5}) n`));
    const counted = (await done(program.call('GET', '/views/counts?views=open,urgent', { as: 'administrator', of: other }))).body.items;
    assert.deepEqual(counted.map(({ count, capped }: { count: number; capped: boolean }) => [count, capped]), [[viewLimits.count, true], [0, false]]);
  });

  test('group their lines: group after group, each in the order asked for, over pages', async () => {
    const { teamId, otherTeamId, staff } = program.organization;
    for (const [index, more] of [{ team: teamId }, { team: otherTeamId }, {}, { team: teamId, priority: 'urgent' }, { priority: 'low', team: otherTeamId }].entries()) await newTicket(program, { subject: `组 ${index}`, ...more });
    await act(program, (await newTicket(program)).id, 'assign', { assignee: staff.agent });
    const keyOf: Record<string, (line: Record<string, { id: string } | string | null>) => string> = {
      status: (line) => line['status'] as string, priority: (line) => line['priority'] as string, channel: (line) => line['channel'] as string,
      team: (line) => (line['team'] as { id: string } | null)?.id ?? 'none', assignee: (line) => (line['assignee'] as { id: string } | null)?.id ?? 'none', department: (line) => (line['department'] as { id: string } | null)?.id ?? 'none', type: (line) => (line['type'] as { id: string }).id,
    };
    for (const [grouping, key] of Object.entries(keyOf)) {
      for (const as of ['administrator', 'manager'] as const) {
        const all = await lines('/tickets?limit=200&sort=-createdAt', as);
        const paged: Line[] = [];
        for (let cursor: string | null = ''; cursor !== null;) {
          const page: Answer = await done(call('GET', `/tickets?grouping=${grouping}&sort=-createdAt&limit=3${cursor ? `&cursor=${cursor}` : ''}`, as));
          paged.push(...page.body.items);
          cursor = page.body.nextCursor;
        }
        assert.deepEqual(numbers(paged), numbers(all), `${grouping} for ${as}`);
        const groups = paged.map((line) => key(line as never));
        // Each group in one piece, and within it the newest first.
        assert.equal(groups.filter((group, index) => group !== groups[index - 1]).length, new Set(groups).size, grouping);
        for (const group of new Set(groups)) assert.deepEqual(paged.filter((line) => key(line as never) === group), all.filter((line) => key(line as never) === group));
      }
    }
    const statuses = (await lines('/tickets?grouping=status&limit=200')).map((line) => ticketStatuses.indexOf(line.status as never));
    assert.deepEqual(statuses, statuses.toSorted((a, b) => a - b));
    assertProblem(await call('GET', `/tickets?grouping=team&cursor=${(await call('GET', '/tickets?grouping=status&limit=1', 'administrator')).body.nextCursor}`, 'administrator'), 'invalid_cursor');
  });

  test('are no more than can be kept', async () => {
    const { tenantId, staff } = program.organization;
    await program.database.transact(tenantId, (transaction) => transaction.run(sql`
      INSERT INTO ticket_view (tenant_id, id, kind, owner_id, name, filter, sort, position, created_at, updated_at)
      SELECT ${tenantId}, gen_random_uuid(), 'personal', ${staff.dispatcher}, 'x', '{"all": []}', '-createdAt', n, now(), now() FROM generate_series(1, ${viewLimits.views}) n`));
    assertProblem(await call('POST', '/views', 'dispatcher', { kind: 'personal', name: 'x', filter: { all: [] } }), 'too_many_views');
  });
});
