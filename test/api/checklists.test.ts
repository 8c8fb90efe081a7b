import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { collaborationLimits } from '../../contract/collaboration.ts';
import { openTestProgram, type TestProgram } from '../support/program.ts';
import { act, assertProblem, done, newTicket, step, writesNothing } from './scene.ts';

// oxlint-disable-next-line typescript/no-explicit-any -- answers of every shape
type Any = any;
type Who = 'agent' | 'technician' | 'administrator' | 'dispatcher';

describe('checklists', () => {
  let program: TestProgram;
  before(async () => {
    program = await openTestProgram({ limits: { signedIn: 100_000, anonymous: 100_000, signIn: 100_000, openUploads: 100_000, phoneSignIn: 100_000 } });
  });
  after(() => program?.close());

  const read = async (id: string): Promise<Any> => (await done(program.call('GET', `/tickets/${id}/checklist`, { as: 'agent' }))).body;
  const add = (id: string, body: unknown, as: Who = 'agent') => program.call('POST', `/tickets/${id}/checklist`, { as, body });
  const change = (id: string, item: Any, body: unknown, as: Who = 'agent', version = item.version) => program.call('PATCH', `/tickets/${id}/checklist/${item.id}`, { as, body, headers: { 'if-match': `"${version}"` } });
  const texts = (list: Any): string[] => list.items.map((item: Any) => item.text);
  const timeline = async (id: string): Promise<Any[]> => (await done(program.call('GET', `/tickets/${id}/timeline`, { as: 'administrator' }))).body.items;
  const progressOf = async (id: string) => (await done(program.call('GET', `/tickets/${id}`, { as: 'agent' }))).body.checklist;
  const template = async (body: Record<string, unknown>): Promise<Any> => (await done(program.call('POST', '/checklist-templates', { as: 'administrator', body }))).body;
  const retire = (made: Any) => done(program.call('PATCH', `/checklist-templates/${made.id}`, { as: 'administrator', body: { active: false }, headers: { 'if-match': '*' } }));

  test('are written, ticked, given to people, put in order and taken away, each step told', async () => {
    const { agent, technician } = program.organization.staff;
    const { id } = await newTicket(program);
    assert.deepEqual([await read(id), await progressOf(id)], [{ items: [], done: 0, total: 0 }, null]);
    const list = (await done(add(id, { items: [{ text: ' 关总阀 ' }, { text: '拍照', assignee: technician, dueAt: '2026-12-01T06:00:00.000Z' }, { text: '换角阀' }] }))).body;
    assert.deepEqual([texts(list), list.done, list.total, list.items[1].assignee.id, list.items[1].dueAt, list.items[0].required], [['关总阀', '拍照', '换角阀'], 0, 3, technician, '2026-12-01T06:00:00.000Z', false]);

    const [valve, photo] = list.items;
    const ticked = await done(change(id, valve, { done: true }));
    assert.deepEqual([ticked.body.done.by, ticked.headers['etag'], Number.isNaN(Date.parse(ticked.body.done.at))], [{ id: agent, name: 'agent first' }, '"2"', false]);
    assert.deepEqual(await progressOf(id), { done: 1, total: 3 });
    const lists = (await done(program.call('GET', '/tickets', { as: 'agent' }))).body.items.find((one: Any) => one.id === id);
    assert.deepEqual(lists.checklist, { done: 1, total: 3 });
    assertProblem(await change(id, valve, { done: false }), 'stale_version');
    assertProblem(await program.call('PATCH', `/tickets/${id}/checklist/${valve.id}`, { as: 'agent', body: { done: false } }), 'version_required');
    const before = (await timeline(id)).length;
    await done(change(id, ticked.body, { done: true }));
    assert.equal((await timeline(id)).length, before, 'ticking what is ticked is no news');
    await done(change(id, photo, { text: '拍照存档', assignee: null, dueAt: null, done: true }));
    await done(change(id, ticked.body, { done: false }));

    const order = [list.items[2].id, photo.id, valve.id];
    assert.deepEqual(texts((await done(program.call('POST', `/tickets/${id}/checklist/order`, { as: 'agent', body: { itemIds: order } }))).body), ['换角阀', '拍照存档', '关总阀']);
    assertProblem(await program.call('POST', `/tickets/${id}/checklist/order`, { as: 'agent', body: { itemIds: order.slice(1) } }), 'checklist_changed');
    assertProblem(await program.call('POST', `/tickets/${id}/checklist/order`, { as: 'agent', body: { itemIds: [...order.slice(1), program.organization.teamId] } }), 'unknown_reference');
    assert.equal((await program.call('DELETE', `/tickets/${id}/checklist/${photo.id}`, { as: 'agent' })).status, 204);
    assertProblem(await program.call('DELETE', `/tickets/${id}/checklist/${photo.id}`, { as: 'agent' }), 'not_found');
    assert.deepEqual([texts(await read(id)), await progressOf(id)], [['换角阀', '关总阀'], { done: 0, total: 2 }]);

    const told = (await timeline(id)).filter((entry) => entry.kind.startsWith('checklist.'));
    assert.deepEqual(told.map((entry) => [entry.kind.slice(10), entry.data.text ?? null, entry.data.done, entry.data.total]), [
      ['added', null, 0, 3], ['item_done', '关总阀', 1, 3], ['changed', '拍照存档', 2, 3], ['item_done', '拍照存档', 2, 3], ['item_reopened', '关总阀', 1, 3], ['changed', null, 1, 3], ['item_removed', '拍照存档', 0, 2],
    ]);
    assert.deepEqual(told[2]!.data.before, { text: '拍照', dueAt: '2026-12-01T06:00:00.000Z', assigneeId: technician });
    assert.equal((await done(program.call('GET', `/tickets/${id}/history/verification`, { as: 'administrator' }))).body.broken, null);
    assert.equal((await done(program.call('GET', `/tickets/${id}`, { as: 'agent' }))).body.version, 1, 'the ticket itself has not changed');
  });

  test('of many who tick at once none is lost', async () => {
    const { id } = await newTicket(program);
    const { items } = (await done(add(id, { items: Array.from({ length: 12 }, (_, index) => ({ text: `第 ${index + 1} 项` })) }))).body;
    await Promise.all(items.map((item: Any) => done(change(id, item, { done: true }))));
    assert.deepEqual([(await read(id)).done, await progressOf(id)], [12, { done: 12, total: 12 }]);
    const twice = await Promise.all([1, 2, 3].map(() => change(id, { ...items[0], version: 2 }, { done: false })));
    assert.deepEqual(twice.map((answer) => answer.status).sort(), [200, 412, 412]);
  });

  test('come from templates, by hand or with the ticket’s type; what that demands has to be done before it is resolved', async () => {
    const { typeId } = program.organization;
    const free = await template({ name: '回访', items: ['问满意度', '问是否复发'] });
    const { id } = await newTicket(program);
    const list = (await done(add(id, { template: free.id }))).body;
    assert.deepEqual([texts(list), list.items[0].template, list.items[0].required], [['问满意度', '问是否复发'], { id: free.id, name: '回访' }, false]);
    assert.equal((await act(program, id, 'resolve', { resolution: '已修' })).status, 'resolved', 'nobody demands it');

    const strict = await template({ name: '完工检查', nameEn: 'On completion', items: ['清理现场', '客户签字'], ticketTypeIds: [typeId], requiredBeforeResolve: true });
    assert.deepEqual(strict.ticketTypes.map((type: Any) => type.id), [typeId]);
    const ticket = await newTicket(program);
    assert.deepEqual(ticket.checklist, { done: 0, total: 2 });
    const report = (await done(program.call('POST', '/portal/first/reports', { body: { description: '楼道灯不亮', contact: {} } }))).body;
    assert.deepEqual(texts(await read(report.number)), ['清理现场', '客户签字'], 'whoever made it');
    const demanded = (await read(ticket.id)).items;
    assert.deepEqual(demanded.map((item: Any) => [item.required, item.template.name]), [[true, 'On completion'], [true, 'On completion']]);
    await writesNothing(program, async () => {
      const refused = await program.call('POST', `/tickets/${ticket.id}/actions/resolve`, { as: 'agent', body: { resolution: '已修' } });
      assertProblem(refused, 'checklist_open');
      assert.ok(refused.body.title.startsWith('2 '));
      assertProblem(await program.call('DELETE', `/tickets/${ticket.id}/checklist/${demanded[0].id}`, { as: 'agent' }), 'checklist_item_required');
      assertProblem(await change(ticket.id, demanded[0], { text: '不用清理' }), 'checklist_item_required');
    });

    // Also where it is resolved on the spot.
    const visit = (await act(program, ticket.id, 'assign', { assignee: program.organization.staff.technician })).visits[0].id as string;
    for (const action of ['accept', 'check_in']) await step(program, visit, action);
    assertProblem(await program.call('POST', `/visits/${visit}/actions/complete`, { as: 'technician', body: { workSummary: '已修' } }), 'checklist_open');
    for (const item of demanded) await done(change(ticket.id, item, { done: true }, 'technician'));
    assert.equal((await step(program, visit, 'complete', { workSummary: '已修' })).ticket.status, 'resolved');
    const duplicate = await newTicket(program);
    assert.equal((await act(program, duplicate.id, 'close', { reason: '重复' })).status, 'closed', 'who only closes need not do it');

    // Out of use, it comes with no new ticket; what stands on tickets already stays.
    await retire(strict);
    assert.equal((await newTicket(program)).checklist, null);
    assert.deepEqual(texts(await read(report.number)), ['清理现场', '客户签字']);
    assertProblem(await add(id, { template: strict.id }), 'reference_inactive');
    await retire(free);
  });

  test('templates are changed from the version one saw, and differ by name while they are in use', async () => {
    const made = await template({ name: '巡检', items: ['看', '听'] });
    const path = `/checklist-templates/${made.id}`;
    const patch = (body: unknown, ifMatch = '"1"') => program.call('PATCH', path, { as: 'administrator', body, headers: { 'if-match': ifMatch } });
    assertProblem(await program.call('POST', '/checklist-templates', { as: 'administrator', body: { name: ' 巡检 ', items: ['x'] } }), 'name_taken');
    assertProblem(await program.call('POST', '/checklist-templates', { as: 'agent', body: { name: 'x', items: ['x'] } }), 'forbidden');
    assertProblem(await patch({ ticketTypeIds: [program.organization.teamId] }), 'unknown_reference');
    assertProblem(await patch({ name: 'x' }, '"7"'), 'stale_version');
    const changed = (await done(patch({ items: ['看', '听', '问'], requiredBeforeResolve: true }))).body;
    assert.deepEqual([changed.items, changed.requiredBeforeResolve, changed.version], [['看', '听', '问'], true, 2]);
    assert.equal((await done(patch({ items: ['看', '听', '问'] }, '"2"'))).body.version, 2, 'saving what is there is no change');
    await retire(made);
    const again = await template({ name: '巡检', items: ['x'] });
    assertProblem(await patch({ active: true }, '"3"'), 'name_taken');
    const listed = async (query = '') => (await done(program.call('GET', `/checklist-templates${query}`, { as: 'agent' }))).body.items.map((one: Any) => one.id);
    assert.ok((await listed()).includes(made.id) && (await listed()).includes(again.id));
    assert.ok(!(await listed('?active=true')).includes(made.id) && (await listed('?active=false')).includes(made.id));
    assert.deepEqual((await done(program.call('GET', path, { as: 'technician' }))).body.active, false);
    await retire(again);
  });

  test('take only those who may work on the ticket, people who work here, and no more than fits', async () => {
    const { organization } = program;
    const { id } = await newTicket(program);
    const gone = (await done(program.call('POST', '/staff', { as: 'administrator', body: { name: '离职', job: 'agent' } }))).body.id as string;
    await done(program.call('PATCH', `/staff/${gone}`, { as: 'administrator', body: { active: false }, headers: { 'if-match': '"1"' } }));
    await writesNothing(program, async () => {
      assertProblem(await add(id, { items: [{ text: 'x' }] }, 'technician'), 'not_found');
      assertProblem(await add(id, {}), 'invalid_input');
      assertProblem(await add(id, { items: [{ text: 'x' }], template: id }), 'invalid_input');
      assertProblem(await add(id, { template: id }), 'unknown_reference');
      const unknown = await add(id, { items: [{ text: 'x' }, { text: 'y', assignee: organization.teamId }] });
      assertProblem(unknown, 'unknown_reference');
      assert.equal(unknown.body.errors[0].path, '/items/1/assignee');
      assertProblem(await add(id, { items: [{ text: 'x', assignee: gone }] }), 'reference_inactive');
    });
    for (let filled = 0; filled < collaborationLimits.checklistItems; filled += 100) await done(add(id, { items: Array.from({ length: 100 }, (_, index) => ({ text: `${filled + index}` })) }));
    assertProblem(await add(id, { items: [{ text: '多一项' }] }), 'too_many_checklist_items');
    await act(program, id, 'close', { reason: 'x' });
    assertProblem(await change(id, (await read(id)).items[0], { done: true }), 'action_not_open');
  });
});
