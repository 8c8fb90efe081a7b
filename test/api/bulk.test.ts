import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { viewLimits } from '../../contract/view.ts';
import { newId } from '../../server/platform/db/uuid.ts';
import type { Fact } from '../../server/platform/facts/fact.ts';
import { handOn } from '../../server/reactions/hand-on.ts';
import { continueBulk } from '../../server/journey/process/bulk.ts';
import { openTestProgram, type Answer, type Person, type TestOrganization, type TestProgram } from '../support/program.ts';
import { act, assertProblem, done, newTicket, writesNothing } from './scene.ts';

interface Result { ticketId: string; number: string | null; outcome: string; code: string | null; message: string | null }

describe('bulk', () => {
  let program: TestProgram;
  let other: TestOrganization;

  before(async () => {
    program = await openTestProgram();
    other = await program.foundAnother('other');
  });
  after(() => program.close());

  const bulk = (as: Person, body: Record<string, unknown>, headers: Record<string, string> = {}): Promise<Answer> => program.call('POST', '/tickets/bulk', { as, body, headers });
  const make = async (count: number, more: Record<string, unknown> = {}): Promise<string[]> => {
    const ids: string[] = [];
    for (let index = 0; index < count; index += 1) ids.push((await newTicket(program, { subject: `第 ${index} 件`, ...more }, 'administrator')).id);
    return ids;
  };
  const show = async (id: string) => (await done(program.call('GET', `/tickets/${id}`, { as: 'administrator' }))).body;
  const outcomes = (run: { results: Result[] }) => run.results.map((result) => result.outcome);

  test('says before it does anything what would become of each ticket, and then does just that', async () => {
    const [open, closed, foreign] = [...await make(2), (await newTicket(program, {}, 'administrator', other)).id];
    await act(program, closed!, 'close', {}, 'administrator');
    const ids = [open!, closed!, foreign!, newId()];
    const action = { kind: 'resolve', resolution: '一起修好了' };
    let preview: Answer['body'];
    // The numbers handed out to facts that were undone again are skipped.
    await writesNothing(program, async () => {
      preview = (await done(bulk('agent', { selection: { ids }, action, dryRun: true }))).body;
    });
    assert.deepEqual([preview.id, preview.state, preview.total, preview.counts], [null, 'preview', 4, { pending: 0, done: 1, unchanged: 0, refused: 3, failed: 0 }]);
    assert.deepEqual(preview.results.map(({ outcome, code }: Result) => [outcome, code]), [['done', null], ['refused', 'action_not_open'], ['refused', 'not_found'], ['refused', 'not_found']]);
    assert.equal(preview.results[1].message, 'The ticket is “Closed” now, so it cannot be resolved.');
    assert.equal(preview.results[2].number, null);

    const run = (await done(bulk('agent', { selection: { ids }, action }))).body;
    assert.deepEqual([run.state, run.total, run.counts], ['done', 4, preview.counts]);
    assert.deepEqual(run.results.map(({ ticketId, outcome, code }: Result) => [ticketId, outcome, code]), preview.results.map(({ ticketId, outcome, code }: Result) => [ticketId, outcome, code]));
    assert.equal((await show(open!)).status, 'resolved');
    assert.equal((await program.call('GET', `/tickets/${foreign}`, { as: 'administrator', of: other })).body.status, 'new');
    const seen = (await done(program.call('GET', `/bulk-runs/${run.id}`, { as: 'agent' }))).body;
    assert.deepEqual([seen.state, seen.counts, seen.createdBy.id], ['done', run.counts, program.organization.staff.agent]);
    // A Chinese reader is told in Chinese.
    const results = (await done(program.call('GET', `/bulk-runs/${run.id}/results?outcome=refused`, { as: 'agent', headers: { 'accept-language': 'zh' } }))).body.items;
    assert.match(results[0].message, /工单现在是“已关闭”/);
  });

  test('applies a macro to each ticket, which says where it does not fit; answers come with a step', async () => {
    const [plain, wet] = [...await make(1), ...await make(1, { tags: ['漏水'] })];
    const macro = (await done(program.call('POST', '/macros', { as: 'administrator', body: {
      kind: 'shared', name: '漏水升级', condition: { all: [{ property: 'tag', operator: 'contains', value: '漏水' }] }, steps: [{ kind: 'set', priority: 'urgent' }, { kind: 'note', body: '已升级 {{ticket.number}}' }],
    } }))).body.id as string;
    const body = { selection: { ids: [plain!, wet!] }, action: { kind: 'macro', macroId: macro } };
    const preview = (await done(bulk('administrator', { ...body, dryRun: true }))).body;
    assert.deepEqual(preview.results.map(({ outcome, code }: Result) => [outcome, code]), [['refused', 'macro_not_available'], ['done', null]]);
    assert.equal((await show(wet!)).priority, 'normal', 'looking changes nothing');
    const run = (await done(bulk('administrator', body))).body;
    assert.deepEqual(outcomes(run), ['refused', 'done']);
    assert.deepEqual([(await show(wet!)).priority, (await show(plain!)).priority], ['urgent', 'normal']);

    const type = (await done(program.call('POST', '/ticket-types', { as: 'administrator', body: {
      key: 'leak', name: '漏水', form: { fields: [{ key: 'cause', kind: 'text', label: { zh: '原因' }, required: { '==': [{ var: 'ticket.status' }, 'resolved'] } }] },
    } }))).body.id as string;
    const [asked] = await make(1, { type });
    const resolve = (more: Record<string, unknown>) => bulk('administrator', { selection: { ids: [asked] }, action: { kind: 'resolve', resolution: '换了阀门', ...more } });
    assert.deepEqual(outcomes((await done(resolve({}))).body), ['refused']);
    assert.deepEqual(outcomes((await done(resolve({ fields: { cause: '老化' } }))).body), ['done']);
    assert.deepEqual((await show(asked!)).fields, { cause: '老化' });
  });

  test('does each kind of thing by the rules of the same thing done alone', async () => {
    const { organization } = program;
    const [id] = await make(1, { tags: ['旧'] });
    const category = (await done(program.call('POST', '/categories', { as: 'administrator', body: { name: '漏水', parentId: organization.categoryId } }))).body.id;
    const take = async (action: Record<string, unknown>, expected = 'done') => {
      const run = (await done(bulk('administrator', { selection: { ids: [id] }, action }))).body;
      assert.deepEqual(outcomes(run), [expected], JSON.stringify([action, run.results]));
    };
    await take({ kind: 'assign', assignee: organization.staff.agent, note: '请看一下' });
    await take({ kind: 'transfer', team: organization.teamId });
    await take({ kind: 'tag', tags: ['急', '旧'] });
    await take({ kind: 'tag', tags: ['急'] }, 'unchanged');
    await take({ kind: 'untag', tags: ['旧', '没有'] });
    await take({ kind: 'set', set: { priority: 'high', category } });
    await take({ kind: 'set', set: { priority: 'high' } }, 'unchanged');
    await take({ kind: 'set', set: { fields: { nothing: 1 } } }, 'refused');
    await take({ kind: 'note', body: '批量备注' });
    await take({ kind: 'reply', body: '批量回复' });
    await take({ kind: 'wait', for: 'part', reason: '缺件' });
    await take({ kind: 'resume' });
    await take({ kind: 'resolve' }, 'refused');
    await take({ kind: 'resolve', resolution: '好了' });
    await take({ kind: 'close' });
    await take({ kind: 'reopen', reason: '没好' });
    const ticket = await show(id!);
    assert.deepEqual([ticket.status, ticket.priority, ticket.tags, ticket.category.id, ticket.team.id], ['open', 'high', ['急'], category, organization.teamId]);
    const timeline = (await done(program.call('GET', `/tickets/${id}/timeline?limit=200`, { as: 'administrator' }))).body.items;
    assert.deepEqual(timeline.filter((entry: { comment: unknown }) => entry.comment).map((entry: { comment: { body: string; visibility: string } }) => [entry.comment.body, entry.comment.visibility]), [['批量备注', 'internal'], ['批量回复', 'public']]);
    for (const [action, path] of [[{ kind: 'reply' }, '/action/body'], [{ kind: 'tag' }, '/action/tags'], [{ kind: 'set' }, '/action/set'], [{ kind: 'macro' }, '/action/macroId']] as const) {
      const answer = await bulk('administrator', { selection: { ids: [id] }, action });
      assert.deepEqual([answer.status, answer.body.errors[0].path], [422, path]);
    }
  });

  test('does for nobody what they may not do by hand', async () => {
    const [mine, theirs] = await make(2);
    await act(program, mine!, 'assign', { assignee: program.organization.staff.technician });
    const run = (await done(bulk('technician', { selection: { ids: [mine, theirs] }, action: { kind: 'close' } }))).body;
    assert.deepEqual(run.results.map(({ outcome, code }: Result) => [outcome, code]), [['refused', 'forbidden'], ['refused', 'not_found']]);
    assert.deepEqual([(await show(mine!)).status, (await show(theirs!)).status], ['open', 'new']);
    assertProblem(await bulk('stranger', { selection: { ids: [mine] }, action: { kind: 'close' } }), 'forbidden');
    const key = (await done(program.call('POST', '/api-keys', { as: 'administrator', body: { name: 'reads', permissions: ['ticket.read'] } }))).body.key;
    const byKey = (await done(program.call('POST', '/tickets/bulk', { as: { token: key }, body: { selection: { ids: [mine] }, action: { kind: 'note', body: 'x' } } }))).body;
    assert.deepEqual(byKey.results.map((result: Result) => result.code), ['forbidden']);
    for (const as of ['agent', 'manager'] as const) {
      for (const [method, path] of [['GET', ''], ['GET', '/results'], ['POST', '/cancel']] as const) assertProblem(await program.call(method, `/bulk-runs/${run.id}${path}`, { as, ...(method === 'POST' ? { body: {} } : {}) }), 'not_found');
    }
  });

  test('touches what a view and a filter hold, when that is what the caller believes', async () => {
    const ids = await make(3, { tags: ['批次'] });
    const filter = { property: 'tag', operator: 'contains', value: '批次' };
    const selection = { view: 'unassigned', filter };
    const action = { kind: 'set', set: { priority: 'low' } };
    const preview = (await done(bulk('agent', { selection, action, dryRun: true }))).body;
    assert.deepEqual([preview.total, preview.counts.done], [3, 3]);
    assert.equal((await bulk('agent', { selection, action })).body.errors[0].path, '/selection/expectedCount');
    await make(1, { tags: ['批次'] });
    const changed = await bulk('agent', { selection: { ...selection, expectedCount: 3 }, action });
    assertProblem(changed, 'selection_changed');
    const run = (await done(bulk('agent', { selection: { ...selection, expectedCount: 4 }, action }))).body;
    assert.deepEqual([run.state, run.counts.done], ['done', 4]);
    for (const id of ids) assert.equal((await show(id)).priority, 'low');
    assertProblem(await bulk('agent', { selection: { filter: { any: [] }, expectedCount: 0 }, action }), 'selection_empty');
    assertProblem(await bulk('agent', { selection: {}, action }), 'invalid_input');
    assertProblem(await bulk('agent', { selection: { ids, filter }, action }), 'invalid_input');
    assertProblem(await bulk('agent', { selection: { view: newId(), expectedCount: 1 }, action }), 'not_found');
    // What somebody may not see is in no selection of theirs.
    assertProblem(await bulk('technician', { selection: { filter, expectedCount: 4 }, action }), 'selection_empty');
  });

  test('does nothing twice, however often it is sent', async () => {
    const ids = await make(2);
    const body = { id: newId(), selection: { ids }, action: { kind: 'note', body: '只有一次' } };
    const first = (await done(bulk('agent', body))).body;
    const again = (await done(bulk('agent', body))).body;
    assert.deepEqual(again, first);
    assert.equal((await done(bulk('agent', { ...body, id: undefined }, { 'idempotency-key': 'bulk-1' }))).headers['idempotency-replayed'], undefined);
    assert.equal((await done(bulk('agent', { ...body, id: undefined }, { 'idempotency-key': 'bulk-1' }))).headers['idempotency-replayed'], 'true');
    for (const id of ids) {
      const timeline = (await done(program.call('GET', `/tickets/${id}/timeline`, { as: 'agent' }))).body.items;
      assert.equal(timeline.filter((entry: { comment: unknown }) => entry.comment).length, 2);
    }
    assertProblem(await bulk('agent', { ...body, action: { kind: 'note', body: '别的' } }), 'bulk_id_reused');
    assertProblem(await bulk('manager', body), 'bulk_id_reused');
  });

  test('does nothing twice when the program went down in the middle and the same request comes again with its key', async () => {
    const ids = await make(4);
    const body = { selection: { ids }, action: { kind: 'note', body: '掉电也只有一次' } };
    const { database } = program.services;
    const notes = async () => Promise.all(ids.map(async (id) => (await done(program.call('GET', `/tickets/${id}/timeline`, { as: 'agent' }))).body.items.filter((entry: { comment: unknown }) => entry.comment).length));
    // The request's own, that of the run and those of two tickets come through.
    let left = 4;
    program.services.database = { ...database, transact: ((...given: Parameters<typeof database.transact>) => {
      left -= 1;
      return left < 0 ? Promise.reject(new Error('the machine went down')) : database.transact(...given);
    }) as typeof database.transact };
    const broken = await bulk('agent', body, { 'idempotency-key': 'bulk-broken' });
    program.services.database = database;
    assert.equal(broken.status, 500);
    assert.equal((await notes()).filter((count) => count === 1).length, 2, 'it broke off in the middle');
    assertProblem(await bulk('agent', { ...body, action: { kind: 'note', body: '别的' } }, { 'idempotency-key': 'bulk-broken' }), 'idempotency_key_reused');
    const run = (await done(bulk('agent', body, { 'idempotency-key': 'bulk-broken' }))).body;
    assert.deepEqual([run.state, run.counts.done], ['done', 4]);
    assert.deepEqual(await notes(), [1, 1, 1, 1]);
    const another = (await done(bulk('manager', body, { 'idempotency-key': 'bulk-broken' }))).body;
    assert.notEqual(another.id, run.id, 'a key is its sender’s');
  });

  test('each run is handed to the queue, so that one whose program went down comes to its end', async () => {
    const sent: [kind: string, data: unknown, afterSeconds: number | undefined][] = [];
    const reader = handOn({ send: async (kind, _origin, data, afterSeconds) => void sent.push([kind, data, afterSeconds]), work: async () => {}, stop: async () => {} });
    const fact = (inBackground: boolean) => ({ kind: 'bulk_run.started', tenantId: 't', subjectId: 'r', position: 1, data: { inBackground } }) as unknown as Fact;
    await reader.react(null, [fact(true), fact(false)]);
    assert.deepEqual(sent, [['ticket.run_bulk', { tenantId: 't', runId: 'r' }, 0], ['ticket.run_bulk', { tenantId: 't', runId: 'r' }, 90]]);
  });

  test('goes on in the background where it is much: what was broken off goes on where it stopped, as its owner and no further', async () => {
    const { tenantId, staff } = program.organization;
    const ids = await make(viewLimits.bulkAtOnce + 10);
    await act(program, ids[3]!, 'cancel', { reason: '重复' }, 'administrator');
    const run = (await done(bulk('dispatcher', { selection: { ids }, action: { kind: 'resolve', resolution: '统一处理' } }))).body;
    assert.deepEqual([run.state, run.counts.pending, run.results], ['running', ids.length, []]);
    // The first attempt breaks down after some tickets.
    let left = 20;
    const failing = { ...program.services, database: { ...program.services.database, transact: ((tenant: string, work: never) => {
      left -= 1;
      return left < 0 ? Promise.reject(new Error('the machine went down')) : program.services.database.transact(tenant, work);
    }) as typeof program.services.database.transact } };
    await assert.rejects(continueBulk(failing, { tenantId, runId: run.id }), /went down/);
    const midway = (await done(program.call('GET', `/bulk-runs/${run.id}`, { as: 'dispatcher' }))).body;
    assert.ok(midway.state === 'running' && midway.counts.done > 0 && midway.counts.pending > 0, JSON.stringify(midway.counts));
    // Two at once do not get in each other's way.
    await Promise.all([continueBulk(program.services, { tenantId, runId: run.id }), continueBulk(program.services, { tenantId, runId: run.id })]);
    const ended = (await done(program.call('GET', `/bulk-runs/${run.id}`, { as: 'dispatcher' }))).body;
    assert.deepEqual([ended.state, ended.counts], ['done', { pending: 0, done: ids.length - 1, unchanged: 0, refused: 1, failed: 0 }]);
    assert.ok(ended.finishedAt);
    const facts = await program.database.transact(tenantId, (transaction) => transaction.run(sql<{ count: number; actors: string[] }>`SELECT count(*)::int AS count, array_agg(DISTINCT actor_id) AS actors FROM fact WHERE kind = 'ticket.resolved' AND ticket_id = ANY(${ids}::uuid[])`));
    assert.deepEqual(facts[0], { count: ids.length - 1, actors: [staff.dispatcher] });

    const pages: Result[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Answer = await done(program.call('GET', `/bulk-runs/${run.id}/results?limit=17${cursor ? `&cursor=${cursor}` : ''}`, { as: 'dispatcher' }));
      pages.push(...page.body.items);
      cursor = page.body.nextCursor;
    }
    assert.deepEqual(pages.map((result) => result.ticketId), ids);
    assertProblem(await program.call('POST', `/bulk-runs/${run.id}/cancel`, { as: 'dispatcher', body: {} }), 'bulk_run_over');
    assert.equal((await done(program.call('GET', '/bulk-runs?limit=1', { as: 'dispatcher' }))).body.items[0].id, run.id);
  });

  test('can be called off: what is done stays done, the rest is left alone; and who has left does nothing more', async () => {
    const { tenantId, staff } = program.organization;
    const ids = await make(viewLimits.bulkAtOnce + 1);
    const start = async () => (await done(bulk('dispatcher', { selection: { ids }, action: { kind: 'note', body: '备注' } }))).body.id as string;
    const first = await start();
    const cancelled = (await done(program.call('POST', `/bulk-runs/${first}/cancel`, { as: 'dispatcher', body: {} }))).body;
    assert.deepEqual([cancelled.state, cancelled.counts.pending], ['cancelled', ids.length]);
    await continueBulk(program.services, { tenantId, runId: first });
    assert.equal((await done(program.call('GET', `/bulk-runs/${first}`, { as: 'dispatcher' }))).body.counts.done, 0);

    const second = await start();
    await program.database.transact(tenantId, (transaction) => transaction.run(sql`UPDATE staff SET active = false WHERE id = ${staff.dispatcher}`));
    await continueBulk(program.services, { tenantId, runId: second });
    await program.database.transact(tenantId, (transaction) => transaction.run(sql`UPDATE staff SET active = true WHERE id = ${staff.dispatcher}`));
    const left = (await done(program.call('GET', `/bulk-runs/${second}`, { as: 'dispatcher' }))).body;
    assert.deepEqual([left.state, left.counts.refused], ['done', ids.length]);
  });

  test('takes no more than it can carry', async () => {
    const { tenantId, typeId } = other;
    await program.database.transact(tenantId, (transaction) => transaction.run(sql`
      INSERT INTO ticket (tenant_id, id, number, type_id, subject, description, status, priority, priority_explanation, channel, created_by_kind, created_at, updated_at)
      SELECT ${tenantId}, gen_random_uuid(), 'N-' || n, ${typeId}, 'x', '', 'new', 3, '{}', 'api', 'system', now() - make_interval(mins => n), now() FROM generate_series(1, ${viewLimits.bulkTickets + 1}) n`));
    const answer = await program.call('POST', '/tickets/bulk', { as: 'administrator', of: other, body: { selection: { view: 'open' }, action: { kind: 'close' }, dryRun: true } });
    assertProblem(answer, 'selection_too_large');
    assertProblem(await bulk('administrator', { selection: { ids: Array.from({ length: viewLimits.bulkIds + 1 }, () => newId()) }, action: { kind: 'close' } }), 'invalid_input');
  });
});
