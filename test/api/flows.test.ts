// oxlint-disable unicorn/no-thenable -- `then` says what happens when a limit passes; nobody awaits a definition
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { build, everyTenant } from '../../server/platform/db/database.ts';
import { advance, registerReader } from '../../server/platform/facts/readers.ts';
import { runDueTimers } from '../../server/platform/timers/timers.ts';
import { hearFacts } from '../../server/journey/process/flow/hear-facts.ts';
import { makeFlowCall } from '../../server/journey/process/flow/call.ts';
import { timerHandlers } from '../../server/timers.ts';
import { node, flow as flowOf } from '../../rules/workflow/sample-flows.ts';
import type { FlowDefinition, FlowNode } from '../../rules/workflow/definition.ts';
import { openTestProgram, testClock, type Answer, type Person, type TestProgram } from '../support/program.ts';
import { assertProblem, done, writesNothing } from './scene.ts';

describe('flows', { timeout: 300_000 }, () => {
  const clock = testClock();
  let program: TestProgram;
  before(async () => {
    program = await openTestProgram({ clock });
    await registerReader(program.database, hearFacts.name);
  });
  after(() => program.close());

  const as = 'administrator';
  const s = node('start', 'start');
  const e = node('end', 'end');
  let names = 0;
  const person = (who: Person) => ({ kind: 'person' as const, id: program.organization.staff[who] });

  const heard = async () => {
    while (await advance(program.database, hearFacts, 100) > 0);
    while (await runDueTimers(program.database, timerHandlers, clock.now(), program.services.log) > 0);
  };

  interface Made { id: string; type: string; typeKey: string }
  /** A published flow with a ticket type of its own. */
  async function made(definition: FlowDefinition, fields: unknown[] = []): Promise<Made> {
    names += 1;
    const flow = (await done(program.call('POST', '/flows', { as, body: { name: `流程 ${names}`, definition } }))).body;
    const type = (await done(program.call('POST', '/ticket-types', { as, body: { key: `kind_${names}`, name: `类型 ${names}`, form: { fields } } }))).body;
    const named = (await done(patch(`/flows/${flow.id}`, { types: [type.id] }, flow.version))).body;
    assert.deepEqual(named.types.map((one: { id: string }) => one.id), [type.id]);
    await publish(flow.id);
    return { id: flow.id, type: type.id, typeKey: type.key };
  }
  const patch = (path: string, body: unknown, version: number) => program.call('PATCH', path, { as, body, headers: { 'if-match': `"${version}"` } });
  async function publish(id: string) {
    const draft = (await done(program.call('GET', `/flows/${id}/draft`, { as }))).body;
    return (await done(program.call('POST', `/flows/${id}/publish`, { as, body: {}, headers: { 'if-match': `"${draft.version}"` } }))).body;
  }
  const ticketOf = async (flow: Made, more: Record<string, unknown> = {}) => (await done(program.call('POST', '/tickets', { as: 'agent', body: { type: flow.typeKey, subject: '流程测试', ...more } }))).body;
  const flowState = async (id: string) => (await done(program.call('GET', `/tickets/${id}/flow`, { as }))).body;
  const tasks = async (who: Person, query = '') => (await done(program.call('GET', `/tasks${query}`, { as: who }))).body.items as { id: string; node: string; ticket: { id: string }; actions: string[]; seats: { id: string }[]; version: number }[];
  const taskOf = async (who: Person, ticketId: string, at?: string) => {
    const found = (await tasks(who, `?ticket=${ticketId}`)).filter((task) => at === undefined || task.node === at);
    assert.equal(found.length, 1, `${who} has one task${at === undefined ? '' : ` at ${at}`}`);
    return found[0]!;
  };
  const act = (who: Person, task: string, action: string, body: unknown = {}) => program.call('POST', `/tasks/${task}/actions/${action}`, { as: who, body });
  const timeline = async (id: string) => ((await done(program.call('GET', `/tickets/${id}/timeline`, { as }))).body.items as { kind: string; title: string }[]).map((entry) => entry.kind);

  test('are drafted, checked, published and rolled back', async () => {
    const flow = (await done(program.call('POST', '/flows', { as, body: { name: '退款' } }))).body;
    assert.deepEqual([flow.published, flow.hasDraft, flow.definition], [null, true, null]);
    const draft = (await done(program.call('GET', `/flows/${flow.id}/draft`, { as }))).body;
    assert.deepEqual(draft.findings, []);
    const bad = flowOf([s, node('a', 'task', { performers: [] }), e], 'start > a', 'a > end');
    const saved = (await done(patch(`/flows/${flow.id}/draft`, { definition: bad }, draft.version))).body;
    assert.deepEqual(saved.findings.map((finding: { node: string; code: string }) => [finding.node, finding.code]), [['a', 'missing_assignee']]);
    const refused = await program.call('POST', `/flows/${flow.id}/publish`, { as, body: {}, headers: { 'if-match': `"${saved.version}"` } });
    assertProblem(refused, 'flow_has_problems');
    assert.match(refused.body.errors[0].path, /^\/definition\/a/);
    assert.deepEqual((await done(program.call('POST', `/flows/${flow.id}/draft/check`, { as, body: { definition: { nodes: [], edges: [] } } }))).body.findings.map((finding: { code: string }) => finding.code), ['no_start', 'no_end']);
    const good = flowOf([s, node('a', 'task', { performers: [person('agent')] }), e], 'start > a', 'a > end');
    await done(patch(`/flows/${flow.id}/draft`, { definition: good }, saved.version));
    assert.equal((await publish(flow.id)).published, 1);
    assertProblem(await program.call('POST', `/flows/${flow.id}/publish`, { as, body: {}, headers: { 'if-match': '"9"' } }), 'stale_version');
    const next = (await done(program.call('GET', `/flows/${flow.id}/draft`, { as }))).body;
    await done(patch(`/flows/${flow.id}/draft`, { definition: flowOf([s, e], 'start > end') }, next.version));
    assert.equal((await publish(flow.id)).published, 2);
    const back = (await done(program.call('POST', `/flows/${flow.id}/versions/1/restore`, { as, body: { note: '还是原来的好' } }))).body;
    assert.deepEqual([back.published, back.definition], [3, good]);
    const versions = (await done(program.call('GET', `/flows/${flow.id}/versions`, { as }))).body.items;
    assert.deepEqual(versions.map((version: { number: number; restored: number | null; current: boolean }) => [version.number, version.restored, version.current]), [[3, 1, true], [2, null, false], [1, null, false]]);
    assert.deepEqual((await done(program.call('GET', `/flows/${flow.id}/versions/2`, { as }))).body.definition.nodes.length, 2);
  });

  test('begin with the ticket, give tasks to people, set statuses, and end with the ticket closed', async () => {
    const flow = await made(flowOf([
      s, node('look', 'task', { performers: [person('agent')], status: { status: 'open' }, fields: [{ key: 'amount', required: true }] }), node('x', 'exclusive'),
      node('sign', 'approval', { performers: [person('manager'), person('dispatcher')], mode: 'all' }), node('pay', 'task', { performers: [{ kind: 'team', id: program.organization.teamId }] }), node('end', 'end', { status: { status: 'closed' } }),
    ], 'start > look', 'look > x', 'x > sign if large', 'x > pay else', 'sign > pay on approved', 'sign > look on rejected', 'pay > end'), [
      { key: 'amount', kind: 'number', label: { zh: '金额' } }, { key: 'large', kind: 'boolean', label: { zh: '大额' } },
    ]);
    const ticket = await ticketOf(flow, { fields: { large: true } });
    assert.equal(ticket.status, 'open', 'the flow began in the transaction that made the ticket');
    assert.deepEqual((await flowState(ticket.id)).line.map((step: { node: string; state: string }) => [step.node, step.state]), [['look', 'current'], ['sign', 'next'], ['pay', 'next'], ['end', 'next']]);
    const look = await taskOf('agent', ticket.id);
    assert.deepEqual(look.actions, ['complete', 'hand_over']);
    assertProblem(await act('dispatcher', look.id, 'complete', {}), 'forbidden');
    assertProblem(await act('manager', look.id, 'complete', {}), 'not_found', 'not in their department, and not theirs');
    const missing = await act('agent', look.id, 'complete');
    assertProblem(missing, 'invalid_input');
    assert.equal(missing.body.errors[0].path, '/fields/amount');
    assertProblem(await act('agent', look.id, 'complete', { fields: { amount: 1, large: false } }), 'invalid_input', 'only what the step asks for');
    await done(act('agent', look.id, 'complete', { fields: { amount: 12_000 } }));
    assertProblem(await act('agent', look.id, 'complete', { fields: { amount: 1 } }), 'task_not_open');
    assert.deepEqual((await done(program.call('GET', `/tickets/${ticket.id}`, { as }))).body.fields, { large: true, amount: 12_000 });

    const sign = await taskOf('manager', ticket.id);
    const shown = (await done(program.call('GET', `/tasks/${sign.id}`, { as: 'manager' }))).body;
    assert.deepEqual([shown.returnTargets.map((target: { node: string }) => target.node), shown.actions], [['look'], ['approve', 'reject', 'add_signer', 'hand_over', 'return']]);
    assert.deepEqual(sign, shown, 'the list says all that the task itself says');
    assert.deepEqual((await done(program.call('GET', '/tasks?scope=all&limit=100', { as }))).body.items.find((task: { id: string }) => task.id === sign.id).returnTargets, shown.returnTargets);
    await done(act('manager', sign.id, 'approve', { comment: '同意' }));
    assertProblem(await act('manager', sign.id, 'approve'), 'vote_given');
    assert.equal((await tasks('manager', `?ticket=${ticket.id}`)).length, 0, 'who has voted has it no longer');
    await done(act('dispatcher', sign.id, 'approve'));

    assert.equal((await tasks('technician', `?scope=team&ticket=${ticket.id}`)).length + (await tasks('dispatcher', `?scope=team&ticket=${ticket.id}`)).length + (await tasks('agent', `?scope=team&ticket=${ticket.id}`)).length > 0, true);
    const member = (['agent', 'dispatcher', 'technician'] as const)[(await Promise.all((['agent', 'dispatcher', 'technician'] as const).map((who) => tasks(who, `?scope=team&ticket=${ticket.id}`)))).findIndex((list) => list.length > 0)]!;
    const [pay] = await tasks(member, `?scope=team&ticket=${ticket.id}`);
    await done(act(member, pay!.id, 'claim'));
    await done(act(member, pay!.id, 'complete'));
    const closed = (await done(program.call('GET', `/tickets/${ticket.id}`, { as }))).body;
    assert.equal(closed.status, 'closed');
    const state = await flowState(ticket.id);
    assert.deepEqual([state.instance.status, state.tasks, state.line.map((step: { node: string }) => step.node)], ['completed', [], ['look', 'sign', 'pay']]);
    for (const kind of ['flow.started', 'task.opened', 'task.completed', 'approval.voted', 'approval.decided', 'flow.ended']) assert.ok((await timeline(ticket.id)).includes(kind), kind);
    assert.deepEqual((await done(program.call('GET', `/tickets/${ticket.id}/history/verification`, { as }))).body.intact ?? true, true);
  });

  test('of two who answer at the same moment one wins and the other is told', async () => {
    const flow = await made(flowOf([s, node('a', 'approval', { performers: [person('agent'), person('manager'), person('dispatcher')], mode: 'any' }), node('b', 'task', { performers: [person('agent')] }), e], 'start > a', 'a > b on approved', 'a > end on rejected', 'b > end'));
    const ticket = await ticketOf(flow);
    const task = await taskOf('agent', ticket.id);
    const answers: Answer[] = await Promise.all([act('agent', task.id, 'approve'), act('manager', task.id, 'reject'), act('dispatcher', task.id, 'approve')]);
    assert.deepEqual(answers.map((answer) => answer.status).sort(), [200, 409, 409]);
    for (const answer of answers.filter((one) => one.status === 409)) assertProblem(answer, 'task_not_open');
    const { instance, tasks: open } = await flowState(ticket.id);
    assert.equal(answers[1]!.status === 200 ? instance.status : open[0].node, answers[1]!.status === 200 ? 'completed' : 'b');
  });

  test('a condition that fails holds the ticket visibly, and goes on when it is tried again', async () => {
    const definition = flowOf([s, node('x', 'exclusive', { name: { zh: '看金额', en: 'Large or not' } }), node('a', 'task', { performers: [person('agent')] }), e], 'start > x', 'x > a', 'x > end else', 'a > end');
    definition.edges[1]!.condition = { '>': [{ '/': [1, { var: 'fields.n' }] }, 0] };
    const flow = await made(definition, [{ key: 'n', kind: 'number', label: { zh: '数' } }]);
    const ticket = await ticketOf(flow, { fields: { n: 0 } });
    const state = await flowState(ticket.id);
    assert.deepEqual([state.line[0].state, state.line[0].hold.code, state.instance.held.length], ['held', 'condition_failed', 1]);
    const held = (await done(program.call('GET', '/flow-instances?held=true', { as }))).body.items;
    assert.ok(held.some((one: { ticket: { id: string } }) => one.ticket.id === ticket.id));
    const named = (await done(program.call('GET', `/flow-instances?ticket=${ticket.id}`, { as, headers: { 'accept-language': 'en' } }))).body.items[0];
    assert.deepEqual([named.held.map((one: { name: string }) => one.name), named.stands.map((one: { node: string; name: string; held: boolean }) => [one.node, one.name, one.held])], [['Large or not'], [['x', 'Large or not', true]]], 'steps go by their names');
    assert.ok((await timeline(ticket.id)).includes('flow.held'));
    const shown = (await done(program.call('GET', `/tickets/${ticket.id}`, { as }))).body;
    await done(program.call('PATCH', `/tickets/${ticket.id}`, { as, body: { fields: { n: 3 } }, headers: { 'if-match': `"${shown.version}"` } }));
    await done(program.call('POST', `/flow-instances/${state.instance.id}/retry`, { as, body: {} }));
    assert.equal((await taskOf('agent', ticket.id)).node, 'a');
    assertProblem(await program.call('POST', `/flow-instances/${state.instance.id}/retry`, { as, body: {} }), 'flow_not_held');
  });

  test('time limits and border timers come when they are due', async () => {
    const flow = await made(flowOf([
      s, node('a', 'task', { performers: [person('agent')], limit: { span: { amount: 30, unit: 'minutes' }, then: { do: 'reassign', to: [person('manager')] } }, timers: [{ id: 'late', due: { after: { amount: 2, unit: 'hours' } }, interrupting: true }] }),
      node('b', 'task', { performers: [person('dispatcher')] }), e,
    ], 'start > a', 'a > end', 'late > b', 'b > end'));
    const ticket = await ticketOf(flow);
    clock.advance({ minutes: 29 });
    await heard();
    assert.equal((await taskOf('agent', ticket.id)).node, 'a');
    clock.advance({ minutes: 2 });
    await heard();
    assert.deepEqual([(await tasks('agent', `?ticket=${ticket.id}`)).length, (await taskOf('manager', ticket.id)).node], [0, 'a']);
    clock.advance({ minutes: 120 });
    await heard();
    await heard();
    assert.deepEqual([(await tasks('manager', `?ticket=${ticket.id}`)).length, (await taskOf('dispatcher', ticket.id)).node], [0, 'b']);
  });

  test('waits for facts that come later, each once; a ticket that is cancelled ends its flow', async () => {
    const flow = await made(flowOf([
      s, node('w', 'wait', { for: { kind: 'fact', fact: 'comment.added', condition: { '==': [{ var: 'fact.data.visibility' }, 'internal'] } } }), node('b', 'task', { performers: [person('agent')] }), e,
    ], 'start > w', 'w > b', 'b > end'));
    const ticket = await ticketOf(flow);
    const comment = (visibility: string) => done(program.call('POST', `/tickets/${ticket.id}/comments`, { as: 'agent', body: { body: '好', visibility } }));
    await heard();
    assert.equal((await tasks('agent', `?ticket=${ticket.id}`)).length, 0);
    await comment('public');
    await heard();
    assert.equal((await tasks('agent', `?ticket=${ticket.id}`)).length, 0, 'its condition does not hold');
    await comment('internal');
    await comment('internal');
    await heard();
    const task = await taskOf('agent', ticket.id);
    await done(program.call('POST', `/tickets/${ticket.id}/actions/cancel`, { as, body: { reason: '不用了' } }));
    await heard();
    assert.equal((await flowState(ticket.id)).instance.status, 'cancelled');
    assertProblem(await act('agent', task.id, 'complete'), 'task_not_open');
  });

  test('calls outside are made by a job, answered once; a private address holds the flow', async () => {
    const call = node('c', 'action', { action: { do: 'http_call', method: 'POST', url: 'http://127.0.0.1:9/{{ticket.number}}', into: { x: 'id' } } });
    const definition: FlowDefinition = { ...flowOf([s, call, e], 'start > c', 'c > end'), variables: [{ key: 'x', name: { zh: '编号' }, kind: 'text' }] };
    const ticket = await ticketOf(await made(definition));
    const row = await program.database.transact(everyTenant, (transaction) => transaction.first(build.selectFrom('flow_call').selectAll().where('ticket_id', '=', ticket.id)));
    assert.match((row!.request as { url: string }).url, new RegExp(`${ticket.number}$`));
    await makeFlowCall(program.services, { tenantId: row!.tenant_id, callId: row!.id });
    const state = await flowState(ticket.id);
    assert.deepEqual([state.line[0].hold?.code, state.instance.status], ['action_failed', 'running']);
    assert.match(state.line[0].hold.message, /127\.0\.0\.1 lies within an internal network/);
    await writesNothing(program, async () => {
      await makeFlowCall(program.services, { tenantId: row!.tenant_id, callId: row!.id });
    });
  });

  test('actions set fields, make children with flows of their own, and tell people; a model that is not set up holds', async () => {
    const child = await made(flowOf([s, node('k', 'task', { performers: [person('dispatcher')] }), e], 'start > k', 'k > end'));
    const nodes: FlowNode[] = [
      s, node('set', 'action', { action: { do: 'set_fields', fields: { total: { '+': [{ var: 'fields.n' }, 1] } }, ticket: { priority: 'high', addTags: ['复核'] } } }),
      node('child', 'action', { action: { do: 'create_child', type: child.typeKey, subject: '子单 {{fields.total}}', into: 'made' } }),
      node('tell', 'action', { action: { do: 'notify', to: [person('manager')], text: { zh: '合计 {{fields.total}}' } } }), node('parts', 'action', { action: { do: 'request_parts', lines: [{ part: '滤芯', quantity: { var: 'fields.n' } }] } }),
      node('ask', 'action', { action: { do: 'ask_llm', prompt: '总结', into: 'made' } }), e,
    ];
    const flow = await made({ ...flowOf(nodes, 'start > set', 'set > child', 'child > tell', 'tell > parts', 'parts > ask', 'ask > end'), variables: [{ key: 'made', name: { zh: '子单' }, kind: 'text' }] }, [{ key: 'n', kind: 'number', label: { zh: '数' } }, { key: 'total', kind: 'number', label: { zh: '合计' } }]);
    const ticket = await ticketOf(flow, { fields: { n: 4 } });
    const shown = (await done(program.call('GET', `/tickets/${ticket.id}`, { as }))).body;
    assert.deepEqual([shown.fields, shown.priority, shown.tags, shown.children.total], [{ n: 4, total: 5 }, 'high', ['复核'], 1]);
    const childTask = (await tasks('dispatcher')).find((task) => task.node === 'k')!;
    assert.equal((await done(program.call('GET', `/tickets/${childTask.ticket.id}`, { as }))).body.subject, '子单 5');
    assert.equal((await flowState(ticket.id)).line.at(-2).hold?.code ?? (await flowState(ticket.id)).line.find((step: { hold: unknown }) => step.hold).hold.code, 'not_configured');
  });

  test('send back, take back, hand over, add a signer', async () => {
    const flow = await made(flowOf([s, node('a', 'task', { performers: [person('agent')] }), node('b', 'approval', { performers: [person('manager')] }), e], 'start > a', 'a > b', 'b > end on approved', 'b > a on rejected'));
    const ticket = await ticketOf(flow);
    const first = await taskOf('agent', ticket.id);
    await done(act('agent', first.id, 'complete'));
    assert.ok((await done(program.call('GET', `/tasks/${first.id}`, { as: 'agent' }))).body.actions.includes('withdraw'));
    assertProblem(await act('manager', first.id, 'withdraw'), 'forbidden');
    await done(act('agent', first.id, 'withdraw'));
    const again = await taskOf('agent', ticket.id);
    await done(act('agent', again.id, 'complete'));
    const sign = await taskOf('manager', ticket.id);
    await done(act('manager', sign.id, 'add_signer', { staffIds: [program.organization.staff.dispatcher], position: 'before' }));
    assertProblem(await act('manager', sign.id, 'approve'), 'vote_not_open');
    assertProblem(await act('agent', again.id, 'withdraw'), 'task_touched');
    await done(act('dispatcher', sign.id, 'hand_over', { staffIds: [program.organization.staff.technician] }));
    assertProblem(await act('dispatcher', sign.id, 'approve'), 'forbidden');
    await done(act('technician', sign.id, 'return', { to: 'a', comment: '缺材料' }));
    assert.equal((await taskOf('agent', ticket.id)).node, 'a');
    assert.ok((await timeline(ticket.id)).includes('task.returned'));
  });

  test('ended tasks come as they ended, the latest first, page by page; open ones are counted', async () => {
    const counts = async (who: Person) => (await done(program.call('GET', '/tasks/counts', { as: who }))).body as { mine: number; team: number };
    const before = await counts('agent');
    const flow = await made(flowOf([s, node('a', 'task', { performers: [person('agent')] }), e], 'start > a', 'a > end'));
    const tickets = [await ticketOf(flow), await ticketOf(flow), await ticketOf(flow)];
    assert.deepEqual(await counts('agent'), { ...before, mine: before.mine + 3 });
    // Done in another order than they came.
    for (const index of [1, 2, 0]) {
      clock.advance({ seconds: 5 });
      await done(act('agent', (await taskOf('agent', tickets[index]!.id)).id, 'complete'));
    }
    assert.deepEqual(await counts('agent'), before);
    const found: string[] = [];
    for (let cursor = ''; found.length < 3;) {
      const page = (await done(program.call('GET', `/tasks?state=completed&limit=1${cursor}`, { as: 'agent' }))).body;
      found.push(page.items[0].ticket.id);
      cursor = `&cursor=${page.nextCursor}`;
    }
    assert.deepEqual(found, [tickets[0]!.id, tickets[2]!.id, tickets[1]!.id]);
    const open = (await done(program.call('GET', '/tasks?scope=all&limit=1', { as }))).body;
    assertProblem(await program.call('GET', `/tasks?state=completed&cursor=${open.nextCursor}`, { as: 'agent' }), 'invalid_cursor');
  });

  test('a type without a flow starts none, and a run keeps the version it began with', async () => {
    const plain = (await done(program.call('POST', '/tickets', { as: 'agent', body: { subject: '没有流程' } }))).body;
    assert.deepEqual(await flowState(plain.id), { instance: null, line: [], tasks: [], definition: null });
    const flow = await made(flowOf([s, node('a', 'task', { performers: [person('agent')] }), e], 'start > a', 'a > end'));
    const ticket = await ticketOf(flow);
    const draft = (await done(program.call('GET', `/flows/${flow.id}/draft`, { as }))).body;
    await done(patch(`/flows/${flow.id}/draft`, { definition: flowOf([s, node('z', 'task', { performers: [person('manager')] }), e], 'start > z', 'z > end') }, draft.version));
    await publish(flow.id);
    const later = await ticketOf(flow);
    assert.deepEqual([(await flowState(ticket.id)).instance.number, (await flowState(later.id)).instance.number], [1, 2]);
    assert.equal((await taskOf('manager', later.id)).node, 'z');
    await done(act('agent', (await taskOf('agent', ticket.id)).id, 'complete'));
    assert.equal((await flowState(ticket.id)).instance.status, 'completed');
    const started = (await done(program.call('POST', `/tickets/${plain.id}/flow`, { as, body: { flowId: flow.id } }))).body;
    assert.equal(started.status, 'running');
    assertProblem(await program.call('POST', `/tickets/${plain.id}/flow`, { as, body: { flowId: flow.id } }), 'flow_running');
    await done(program.call('POST', `/flow-instances/${started.id}/cancel`, { as, body: { reason: '不需要' } }));
    assert.equal((await flowState(plain.id)).instance.status, 'cancelled');
  });

  test('running tickets move to another version on request, each where the preview said', async () => {
    const flow = await made(flowOf([s, node('a', 'task', { performers: [person('agent')] }), node('b', 'task', { name: { zh: '回访业主', en: 'Call back' }, performers: [person('agent')] }), e], 'start > a', 'a > b', 'b > end'));
    const [first, second] = [await ticketOf(flow), await ticketOf(flow)];
    await done(act('agent', (await taskOf('agent', second.id)).id, 'complete'));
    const draft = (await done(program.call('GET', `/flows/${flow.id}/draft`, { as }))).body;
    await done(patch(`/flows/${flow.id}/draft`, { definition: flowOf([s, node('a', 'task', { performers: [person('agent')] }), node('c', 'task', { performers: [person('manager')] }), e], 'start > a', 'a > c', 'c > end') }, draft.version));
    await publish(flow.id);
    const ask = async (path: string, body: unknown) => (await done(program.call('POST', `/flows/${flow.id}/migration${path}`, { as, body }))).body;
    const where = (answer: { items: { ticket: { id: string }; moves: boolean; stands: { lands: string | null }[]; problems: { code: string }[] }[] }, id: string) => answer.items.find((item) => item.ticket.id === id)!;
    const refused = await ask('/preview', {});
    assert.deepEqual([where(refused, first.id).stands[0]!.lands, where(refused, second.id).problems.map((problem) => problem.code), refused.refused], ['a', ['node_gone'], 1]);
    assert.match((where(refused, second.id).problems[0] as unknown as { message: string }).message, /“(Call back|回访业主)”/);
    assert.deepEqual((await done(program.call('GET', `/flow-instances?flow=${flow.id}`, { as }))).body.items.map((one: { stands: { node: string }[] }) => one.stands.map(({ node: at }) => at)), [['b'], ['a']]);
    const preview = await ask('/preview', { map: { b: 'c' } });
    assert.deepEqual([where(preview, second.id).stands[0]!.lands, preview.refused, preview.moved], ['c', 0, 0]);
    const before = await taskOf('agent', first.id);
    const moved = await ask('', { map: { b: 'c' } });
    assert.deepEqual(moved.items, preview.items);
    assert.equal((await taskOf('agent', first.id)).id, before.id, 'what goes on in the same step keeps its task');
    assert.equal((await taskOf('manager', second.id)).node, 'c');
    assert.equal((await tasks('agent', `?ticket=${second.id}`)).length, 0);
    await done(act('manager', (await taskOf('manager', second.id)).id, 'complete'));
    assert.deepEqual([(await flowState(second.id)).instance.status, (await flowState(second.id)).instance.number], ['completed', 2]);
    assert.deepEqual((await ask('', {})).items, []);
  });

  test('a draft is tried with a sample ticket and a clock of its own, and nothing is written', async () => {
    const flow = (await done(program.call('POST', '/flows', { as, body: { name: '试运行', definition: flowOf([
      s, node('x', 'exclusive'), node('a', 'task', { performers: [person('agent')], timers: [{ id: 'late', due: { after: { amount: 1, unit: 'days' } }, interrupting: true }] }), node('b', 'approval', { performers: [{ kind: 'expression', expression: 'assignee_manager' }] }), e,
    ], 'start > x', 'x > a if go', 'x > end else', 'a > b', 'late > end', 'b > end on approved', 'b > a on rejected') } }))).body;
    await writesNothing(program, async () => {
      const run = async (events: unknown[], fields: Record<string, unknown> = { go: true }) => (await done(program.call('POST', `/flows/${flow.id}/test`, { as, body: { ticket: { fields }, startAt: '2026-11-22T01:00:00Z', events } }))).body;
      const first = await run([]);
      assert.deepEqual([first.status, first.stands.map((stand: { node: string; phase: string }) => [stand.node, stand.phase]), first.visited], ['running', [['a', 'open']], ['start', 'x', 'a']]);
      assert.equal((await run([], {})).status, 'completed');
      const { activation } = first.stands[0];
      const second = await run([{ do: 'complete', activation }]);
      assert.deepEqual([second.stands[0].node, second.stands[0].mayReturnTo, second.stands[0].performers], ['b', ['a'], ['The assignee’s manager']]);
      const late = await run([{ do: 'next_timer' }]);
      assert.deepEqual([late.status, late.now], ['completed', '2026-11-23T01:00:00.000Z']);
      const over = await run([{ do: 'complete', activation }, { do: 'complete', activation }]);
      assert.deepEqual([over.refused.event, over.refused.code], [1, 'not_open']);
    });
  });
});
