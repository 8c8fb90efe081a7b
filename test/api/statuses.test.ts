import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { newId } from '../../server/platform/db/uuid.ts';
import { openTestProgram, type Answer, type TestProgram } from '../support/program.ts';
import { act, assertProblem, done, newTicket, writesNothing } from './scene.ts';

describe('statuses of an organization’s own', () => {
  let program: TestProgram;
  before(async () => {
    program = await openTestProgram();
  });
  after(() => program.close());

  interface Status { id: string; class: string; name: string; version: number; position: number; color: string; waitingFor: string | null }
  const as = 'administrator';
  const make = async (body: Record<string, unknown>): Promise<Status> => (await done(program.call('POST', '/ticket-statuses', { as, body }))).body;
  const patch = (status: { id: string; version: number }, body: Record<string, unknown>): Promise<Answer> =>
    program.call('PATCH', `/ticket-statuses/${status.id}`, { as, body, headers: { 'if-match': `"${status.version}"` } });
  const set = (id: string, body: Record<string, unknown>, who: 'dispatcher' | 'technician' | 'agent' = 'dispatcher') => program.call('POST', `/tickets/${id}/actions/set_status`, { as: who, body });
  const list = async (query = ''): Promise<Status[]> => (await done(program.call('GET', `/ticket-statuses${query}`, { as }))).body.items;
  const show = async (id: string) => (await done(program.call('GET', `/tickets/${id}`, { as }))).body;
  const timeline = async (id: string) => (await done(program.call('GET', `/tickets/${id}/timeline`, { as }))).body.items as { kind: string; data: Record<string, never> }[];

  test('are made in one of the classes, ordered, renamed and archived, each with its fact', async () => {
    const contacted = await make({ class: 'open', name: '已联系客户', nameEn: 'Contacted', color: 'accent' });
    const quoted = await make({ class: 'open', name: '已报价' });
    const part = await make({ class: 'waiting', name: '等配件到货', waitingFor: 'part', color: 'warning' });
    assert.deepEqual([contacted.position, quoted.position, quoted.color, part.waitingFor], [0, 1, 'neutral', 'part']);
    assert.deepEqual((await list()).map((status) => status.name), ['已联系客户', '已报价', '等配件到货'], 'by class, then in order');
    await done(patch(quoted, { position: 0, nameEn: 'Quoted' }));
    assert.deepEqual((await list()).map((status) => status.name), ['已报价', '已联系客户', '等配件到货']);
    assert.deepEqual((await list('?limit=1&archived=true')).length, 1);
    const renamed = (await done(patch(part, { name: '等备件', color: 'danger', waitingFor: 'supplier' }))).body;
    assert.deepEqual([renamed.name, renamed.color, renamed.waitingFor, renamed.version], ['等备件', 'danger', 'supplier', 2]);
    const facts = (await done(program.call('GET', '/audit?kind=ticket_status.*', { as }))).body.items;
    assert.deepEqual([facts[0].kind, facts[0].data.before, facts[0].data.after], ['ticket_status.changed', { name: '等配件到货', color: 'warning', waitingFor: 'part' }, { name: '等备件', color: 'danger', waitingFor: 'supplier' }]);

    await writesNothing(program, async () => {
      for (const [body, code, path] of [
        [{ class: 'waiting', name: 'x' }, 'invalid_input', '/waitingFor'], [{ class: 'open', name: 'x', waitingFor: 'part' }, 'invalid_input', '/waitingFor'], [{ class: 'asleep', name: 'x' }, 'invalid_input', '/class'],
        [{ class: 'open', name: '已报价' }, 'name_taken', '/name'], [{ class: 'open', name: 'x', color: 'pink' }, 'invalid_input', '/color'],
      ] as const) {
        const answer = await program.call('POST', '/ticket-statuses', { as, body });
        assertProblem(answer, code, JSON.stringify(body));
        assert.equal(answer.body.errors[0].path, path);
      }
      assertProblem(await program.call('POST', '/ticket-statuses', { as: 'agent', body: { class: 'open', name: 'x' } }), 'forbidden');
      assertProblem(await patch(contacted, { class: 'new' }), 'invalid_input', 'the class stays');
      assertProblem(await patch({ id: contacted.id, version: 9 }, { name: 'x' }), 'stale_version');
    }, { except: ['organization'] });
    await make({ class: 'waiting', name: '已报价', waitingFor: 'customer' });
  });

  test('a ticket takes one by an action that leads into its class, by set_status or by a change within the class', async () => {
    const [working, supplier, done1, closed] = [await make({ class: 'open', name: '维修中', nameEn: 'Under repair', color: 'teal' }), await make({ class: 'waiting', name: '等厂家', waitingFor: 'supplier' }), await make({ class: 'resolved', name: '待回访' }), await make({ class: 'closed', name: '已归档' })];
    const ticket = await newTicket(program);
    assert.deepEqual([ticket.ownStatus, ticket.status], [null, 'new']);
    const offered = (await show(ticket.id)).statusChoices as { status: string; class: string; needs: string | null }[];
    assert.ok(offered.some((choice) => choice.status === working.id && choice.needs === null) && offered.some((choice) => choice.status === done1.id && choice.needs === 'resolution'));

    const started = (await done(set(ticket.id, { status: working.id }))).body;
    assert.deepEqual([started.status, started.ownStatus], ['open', { id: working.id, name: 'Under repair', color: 'teal' }]);
    const waiting = (await done(set(ticket.id, { status: supplier.id, reason: '缺件' }))).body;
    assert.deepEqual([waiting.status, waiting.waitingFor, waiting.ownStatus.name], ['waiting', 'supplier', '等厂家']);
    const resumed = await act(program, ticket.id, 'resume');
    assert.deepEqual([resumed.status, resumed.ownStatus], ['open', null], 'a step into another class leaves it');
    const again = (await done(program.call('PATCH', `/tickets/${ticket.id}`, { as, body: { status: working.id }, headers: { 'if-match': `"${resumed.version}"` } }))).body;
    assert.equal(again.ownStatus.id, working.id);
    const plain = (await done(set(ticket.id, { status: 'open' }))).body;
    assert.equal(plain.ownStatus, null);
    assertProblem(await program.call('PATCH', `/tickets/${ticket.id}`, { as, body: { status: supplier.id }, headers: { 'if-match': `"${plain.version}"` } }), 'status_not_reachable');
    const resolved = await act(program, ticket.id, 'resolve', { resolution: '已修好', status: done1.id });
    assert.deepEqual([resolved.status, resolved.ownStatus.id, resolved.resolution], ['resolved', done1.id, '已修好']);
    const archived = (await done(set(ticket.id, { status: closed.id }))).body;
    assert.deepEqual([archived.status, archived.ownStatus.name], ['closed', '已归档']);
    const reopened = (await done(set(ticket.id, { status: working.id, reason: '又坏了' }))).body;
    assert.deepEqual([reopened.status, reopened.ownStatus.id, reopened.reopenedCount], ['open', working.id, 1]);

    const kinds = (await timeline(ticket.id)).map((entry) => entry.kind);
    assert.deepEqual(kinds, ['ticket.created', 'ticket.status_changed', 'ticket.waiting_started', 'ticket.waiting_ended', 'ticket.changed', 'ticket.status_changed', 'ticket.resolved', 'ticket.closed', 'ticket.reopened']);
    const wait = (await timeline(ticket.id))[2]!;
    assert.deepEqual([wait.data['ownStatus'], wait.data['for'], (wait.data['after'] as unknown as { statusId: string }).statusId], ['等厂家', 'supplier', supplier.id]);
    const { version } = await show(ticket.id);
    await done(set(ticket.id, { status: working.id }));
    assert.equal((await show(ticket.id)).version, version, 'the status it has already is no change');
    await program.catchUp();
    const standing = (await done(program.call('GET', '/insight/backlog?by=status', { as }))).body;
    assert.match(JSON.stringify(standing), /"open"/, 'the classes are counted as before');
  });

  test('whoever may not take the step may not choose the status, and no step leads back to new', async () => {
    const [fresh, working, gone, answered] = [await make({ class: 'new', name: '待分诊' }), await make({ class: 'open', name: '施工中' }), await make({ class: 'cancelled', name: '误报' }), await make({ class: 'resolved', name: '已答复' })];
    const ticket = await newTicket(program);
    await act(program, ticket.id, 'assign', { assignee: program.organization.staff.technician });
    await writesNothing(program, async () => {
      assertProblem(await set(ticket.id, { status: fresh.id }), 'status_not_reachable');
      assertProblem(await set(ticket.id, { status: 'new' }), 'status_not_reachable');
      assertProblem(await set(ticket.id, { status: gone.id, reason: 'x' }, 'technician'), 'forbidden');
      assertProblem(await set(ticket.id, { status: gone.id }), 'invalid_input', 'a reason is needed');
      assertProblem(await set(ticket.id, { status: answered.id }), 'invalid_input', 'a resolution is needed');
      assertProblem(await set(ticket.id, {}), 'invalid_input');
      assertProblem(await set(ticket.id, { status: newId() }), 'unknown_reference');
      assertProblem(await set(ticket.id, { status: 'asleep' }), 'unknown_reference');
      assertProblem(await program.call('POST', `/tickets/${ticket.id}/actions/resolve`, { as: 'dispatcher', body: { resolution: 'x', status: working.id } }), 'invalid_input', 'resolving does not lead there');
      assertProblem(await program.call('POST', `/tickets/${ticket.id}/actions/set_status`, { as: 'stranger', body: { status: working.id } }), 'forbidden');
    });
    const mine = (await done(program.call('GET', `/tickets/${ticket.id}`, { as: 'technician' }))).body.statusChoices as { class: string }[];
    assert.deepEqual([...new Set(mine.map((choice) => choice.class))], ['open', 'waiting', 'resolved'], 'what a technician may do to their own');
    await done(set(ticket.id, { status: working.id }, 'technician'));
    assert.equal((await done(set(ticket.id, { status: answered.id, resolution: '已修好' }, 'technician'))).body.ownStatus.name, '已答复');
  });

  test('an archived one stays on its tickets and is chosen no more', async () => {
    const status = await make({ class: 'open', name: '旧状态' });
    const ticket = await newTicket(program);
    await done(set(ticket.id, { status: status.id }));
    await done(patch(status, { active: false }));
    assert.equal((await show(ticket.id)).ownStatus.name, '旧状态');
    assert.ok(!(await list()).some((one) => one.id === status.id) && (await list('?archived=true')).some((one) => one.id === status.id));
    const other = await newTicket(program);
    assertProblem(await set(other.id, { status: status.id }), 'reference_inactive');
    assert.ok(!(await show(other.id)).statusChoices.some((choice: { status: string }) => choice.status === status.id));
    const fact = (await done(program.call('GET', '/audit?kind=ticket_status.archived', { as }))).body.items[0];
    assert.deepEqual(fact.data.after, { active: false });
    await done(patch({ ...status, version: 2 }, { active: true }));
    await done(set(other.id, { status: status.id }));
  });
});
