// oxlint-disable unicorn/no-thenable -- `then` says what happens when a limit passes; nobody awaits a definition
/** What goes wrong around flows: answers that are none, calls nobody wants any more, facts that come late, visits of others. */
import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, test } from 'node:test';
import { sql } from 'kysely';
import { build, everyTenant } from '../../server/platform/db/database.ts';
import { advance, registerReader } from '../../server/platform/facts/readers.ts';
import { runDueTimers } from '../../server/platform/timers/timers.ts';
import { hearFacts } from '../../server/journey/process/flow/hear-facts.ts';
import { makeFlowCall } from '../../server/journey/process/flow/call.ts';
import { tellOnTicket } from '../../server/records/ticket/change.ts';
import { lockTicket } from '../../server/records/ticket/find.ts';
import { timerHandlers } from '../../server/timers.ts';
import { node, flow as flowOf } from '../../rules/workflow/sample-flows.ts';
import type { FlowAction, FlowDefinition } from '../../rules/workflow/definition.ts';
import { openTestProgram, testClock, type Person, type TestProgram } from '../support/program.ts';
import { assertProblem, done, newSession } from './scene.ts';

describe('flows when something goes wrong', { timeout: 200_000 }, () => {
  const clock = testClock();
  let program: TestProgram;
  let host: string;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  let asked = 0;
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      asked += 1;
      answer(request, response);
    });
  });
  before(async () => {
    program = await openTestProgram({ clock });
    await registerReader(program.database, hearFacts.name);
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    program.services.privateHosts = [host];
  });
  beforeEach(() => {
    asked = 0;
    answer = (_request, response) => void response.end('{}');
  });
  after(async () => {
    server.closeAllConnections();
    server.close();
    await program.close();
  });

  const as = 'administrator';
  const s = node('start', 'start');
  const e = node('end', 'end');
  let names = 0;
  const person = (who: Person) => ({ kind: 'person' as const, id: program.organization.staff[who] });
  const get = async (path: string, who: Person = as) => (await done(program.call('GET', path, { as: who }))).body;
  const patch = (path: string, body: unknown, version: number) => program.call('PATCH', path, { as, body, headers: { 'if-match': `"${version}"` } });
  async function publish(id: string, definition?: FlowDefinition): Promise<void> {
    const draft = await get(`/flows/${id}/draft`);
    const version = definition === undefined ? draft.version : (await done(patch(`/flows/${id}/draft`, { definition }, draft.version))).body.version;
    await done(program.call('POST', `/flows/${id}/publish`, { as, body: {}, headers: { 'if-match': `"${version}"` } }));
  }
  /** A ticket that goes through a flow of its own. */
  async function running(definition: FlowDefinition, { form = [], fields = {} }: { form?: unknown[]; fields?: Record<string, unknown> } = {}): Promise<{ flow: string; ticket: string }> {
    names += 1;
    const flow = (await done(program.call('POST', '/flows', { as, body: { name: `意外 ${names}`, definition } }))).body;
    const type = (await done(program.call('POST', '/ticket-types', { as, body: { key: `hazard_${names}`, name: `意外 ${names}`, form: { fields: form } } }))).body;
    await done(patch(`/flows/${flow.id}`, { types: [type.id] }, flow.version));
    await publish(flow.id);
    return { flow: flow.id, ticket: (await done(program.call('POST', '/tickets', { as: 'agent', body: { type: type.key, subject: '水泵漏水', fields } }))).body.id };
  }
  const calling = (action: Partial<Extract<FlowAction, { do: 'http_call' }>>): FlowDefinition => ({
    ...flowOf([s, node('call', 'action', { action: { do: 'http_call', method: 'GET', url: `http://${host}/`, ...action } }), node('look', 'task', { performers: [person('agent')] }), e], 'start > call', 'call > look', 'look > end'),
    variables: [{ key: 'answer', name: { zh: '回答' }, kind: 'any' }],
  });
  const callAll = async () => {
    for (const { id } of await program.database.transact(everyTenant, (transaction) => transaction.run(build.selectFrom('flow_call').select('id').where('state', '=', 'waiting')))) await makeFlowCall(program.services, { tenantId: program.organization.tenantId, callId: id });
  };
  const places = async (ticket: string): Promise<Record<string, string>> => Object.fromEntries((await get(`/tickets/${ticket}/flow`)).line.map((step: { node: string; state: string }) => [step.node, step.state]));
  const holdOf = async (ticket: string): Promise<string | undefined> => (await get(`/tickets/${ticket}/flow`)).line.find((step: { state: string }) => step.state === 'held')?.hold.message;
  const taskOf = async (who: Person, ticket: string) => (await get(`/tasks?ticket=${ticket}`, who)).items[0] as { id: string; node: string; outcomes: { key: string }[] };
  const act = (who: Person, task: string, action: string, body: unknown = {}) => program.call('POST', `/tasks/${task}/actions/${action}`, { as: who, body });
  const heard = async () => {
    while (await advance(program.database, hearFacts, 100) > 0);
    while (await runDueTimers(program.database, timerHandlers, clock.now(), program.services.log) > 0);
  };
  /** Writes a fact on a ticket as somebody, in a transaction that began before `meanwhile` and writes after it. */
  const tellAfter = (ticket: string, kind: 'comment.added' | 'visit.completed', who: Person, data: Record<string, unknown>, meanwhile: () => Promise<void> = async () => {}) =>
    program.database.transact(program.organization.tenantId, async (transaction) => {
      const { tenantId } = program.organization;
      await transaction.run(sql`SELECT pg_current_xact_id()`);
      await meanwhile();
      const row = await lockTicket({ tenantId, transaction }, ticket);
      await tellOnTicket({ tenantId, transaction, now: clock.now(), actor: { kind: 'staff', id: program.organization.staff[who], name: who } }, row!, { kind, data });
    });

  test('an answer that cannot be kept holds the flow with the reason', async () => {
    for (const body of ['{"x":"\\ud800"}', '{"x":"a\\u0000b"}', `{"x":${'['.repeat(30_000)}${']'.repeat(30_000)}}`]) {
      answer = (_request, response) => void response.end(body);
      const { ticket } = await running(calling({ into: { answer: 'x' } }));
      await callAll();
      assert.match((await holdOf(ticket)) ?? '', /value of x in the answer cannot be kept/, body.slice(0, 20));
    }
  });

  test('what HTTP has no place for holds the flow with the reason', async () => {
    const { ticket } = await running(calling({ headers: [{ name: 'X-Subject', value: '{{ticket.subject}}' }] }));
    await callAll();
    assert.match((await holdOf(ticket)) ?? '', /the request cannot be sent; look at its headers \(Invalid character/);
    assert.equal(asked, 0);
  });

  test('a host that changes the protocol holds the flow with the reason, and holds up nobody', async () => {
    answer = (request) => void request.socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n');
    const { ticket } = await running(calling({ attempts: 1 }));
    await callAll();
    assert.match((await holdOf(ticket)) ?? '', /could not be reached \(it answered with another protocol\)/);
  });

  test('a call that nobody wants any more is not made', async () => {
    const { ticket } = await running(calling({ method: 'POST' }));
    const { instance } = await get(`/tickets/${ticket}/flow`);
    await done(program.call('POST', `/flow-instances/${instance.id}/cancel`, { as, body: { reason: '不需要了' } }));
    await callAll();
    const interrupted = await running(flowOf([
      s, node('call', 'action', { action: { do: 'http_call', method: 'POST', url: `http://${host}/` }, timers: [{ id: 'late', due: { after: { amount: 1, unit: 'hours' } }, interrupting: true }] }), node('look', 'task', { performers: [person('agent')] }), e,
    ], 'start > call', 'call > end', 'late > look', 'look > end'));
    clock.advance({ minutes: 61 });
    await heard();
    assert.equal((await places(interrupted.ticket))['look'], 'current');
    await callAll();
    assert.equal(asked, 0);
    const left = await program.database.transact(everyTenant, (transaction) => transaction.run(build.selectFrom('flow_call').select('id').where('state', '=', 'waiting')));
    assert.deepEqual(left, []);
  });

  test('a fact is heard that is written after the flow began to wait, by a transaction that began before', async () => {
    const { ticket } = await running(flowOf([s, node('a', 'task', { performers: [person('agent')] }), node('w', 'wait', { for: { kind: 'fact', fact: 'comment.added' } }), node('b', 'task', { performers: [person('agent')] }), e], 'start > a', 'a > w', 'w > b', 'b > end'));
    const task = await taskOf('agent', ticket);
    await tellAfter(ticket, 'comment.added', 'agent', {});
    await tellAfter(ticket, 'comment.added', 'agent', {}, async () => {
      await done(act('agent', task.id, 'complete'));
      await heard();
      assert.equal((await places(ticket))['w'], 'current', 'what was said before is not what it waits for');
    });
    await heard();
    assert.equal((await places(ticket))['b'], 'current');
  });

  test('a completed visit ends the step of who drove there, not that of another', async () => {
    const twoSides = flowOf([s, node('f', 'parallel'), node('water', 'onsite_task', { performers: [person('technician')] }), node('power', 'onsite_task', { performers: [person('dispatcher')] }), node('j', 'parallel'), node('check', 'task', { performers: [person('agent')] }), e],
      'start > f', 'f > water', 'f > power', 'water > j', 'power > j', 'j > check', 'check > end');
    const { ticket } = await running(twoSides);
    const visited = async (who: Person) => {
      clock.advance({ minutes: 5 });
      await tellAfter(ticket, 'visit.completed', who, { technicianId: program.organization.staff[who] });
      await heard();
      return places(ticket);
    };
    const first = await visited('technician');
    assert.deepEqual([first['water'], first['power']], ['done', 'current']);
    // Now it is the only one: whoever was sent instead has done it.
    const second = await visited('technician');
    assert.deepEqual([second['power'], second['check']], ['done', 'current']);
  });

  test('of a task with other outcomes in the next version, the new ones are offered and taken', async () => {
    const version = (...keys: string[]) => flowOf([s, node('a', 'task', { performers: [person('agent')], outcomes: keys.map((key) => ({ key, name: { zh: key } })) }), e], 'start > a', 'a > end');
    const { flow, ticket } = await running(version('ok', 'bad'));
    await publish(flow, version('fine', 'poor'));
    assert.equal((await done(program.call('POST', `/flows/${flow}/migration`, { as, body: {} }))).body.moved, 1);
    const task = await taskOf('agent', ticket);
    assert.deepEqual(task.outcomes.map(({ key }) => key), ['fine', 'poor']);
    await done(act('agent', task.id, 'complete', { outcome: 'fine' }));
    assert.equal((await get(`/tickets/${ticket}/flow`)).instance.status, 'completed');
  });

  test('who may keep settings learns of no ticket through a migration that they may not read, and moves none', async () => {
    const definition = flowOf([s, node('a', 'task', { performers: [person('agent')] }), e], 'start > a', 'a > end');
    const { flow } = await running(definition);
    await publish(flow, flowOf([s, node('a', 'task', { performers: [person('agent')] }), node('b', 'task', { performers: [person('agent')] }), e], 'start > a', 'a > b', 'b > end'));
    const role = (await done(program.call('POST', '/roles', { as, body: { name: '流程维护', grants: [{ permission: 'settings.write', scope: 'organization' }] } }))).body;
    const keeper = (await done(program.call('POST', '/staff', { as, body: { name: '流程员', job: 'agent', roleIds: [role.id] } }))).body;
    const { token } = await newSession(program, keeper.id);
    for (const path of ['migration/preview', 'migration']) assert.deepEqual((await done(program.call('POST', `/flows/${flow}/${path}`, { as: { token }, body: {} }))).body, { items: [], moved: 0, refused: 0 }, path);
    assert.equal((await done(program.call('POST', `/flows/${flow}/migration`, { as, body: {} }))).body.moved, 1);
  });

  test('a reminder goes to whom a field names, and a rule that fails holds the step with its reason', async () => {
    const remind = await running(flowOf([s, node('a', 'task', { performers: [person('agent')], limit: { span: { amount: 1, unit: 'hours' }, then: { do: 'notify', to: [{ kind: 'expression', expression: 'field', field: 'who' }] } } }), e], 'start > a', 'a > end'), {
      form: [{ key: 'who', kind: 'person', label: { zh: '负责人' } }], fields: { who: program.organization.staff.manager },
    });
    clock.advance({ minutes: 61 });
    await heard();
    const told = await program.database.transact(everyTenant, (transaction) => transaction.run(build.selectFrom('fact').select('data').where('ticket_id', '=', remind.ticket).where('kind', '=', 'task.overdue')));
    assert.deepEqual(told.map(({ data }) => (data as { staffIds: string[] }).staffIds), [[program.organization.staff.manager]]);
    const failing = await running(flowOf([s, node('a', 'task', { performers: [{ kind: 'rule', rule: { '+': [{ var: 'ticket.subject' }, 1] } }] }), e], 'start > a', 'a > end'));
    assert.match((await holdOf(failing.ticket)) ?? '', /NaN/);
  });

  test('flows that make tickets whose flows make tickets are held before they make too many at once', async () => {
    const type = (await done(program.call('POST', '/ticket-types', { as, body: { key: 'twins', name: '双子', form: { fields: [] } } }))).body;
    const flow = (await done(program.call('POST', '/flows', { as, body: { name: '双子', definition: flowOf([s, ...['a', 'b', 'c', 'd'].map((id) => node(id, 'action', { action: { do: 'create_child', type: 'twins', subject: '又一张' } })), e], 'start > a', 'a > b', 'b > c', 'c > d', 'd > end') } }))).body;
    await done(patch(`/flows/${flow.id}`, { types: [type.id] }, flow.version));
    await publish(flow.id);
    const { id } = (await done(program.call('POST', '/tickets', { as: 'agent', body: { type: 'twins', subject: '第一张' } }))).body;
    const count = async () => (await program.database.transact(everyTenant, (transaction) => transaction.run(build.selectFrom('ticket').select('id').where('type_id', '=', type.id)))).length;
    assert.equal(await count(), 101, 'four to the fifth are 1,364');
    assert.match((await holdOf(id)) ?? '', /100/);
    const { instance } = await get(`/tickets/${id}/flow`);
    await done(program.call('POST', `/flow-instances/${instance.id}/retry`, { as, body: {} }));
    assert.ok(await count() > 101, 'tried again it goes on');
  });

  test('a step of somebody who left is held visibly, also a vote whose turn has not come, until it is handed over', async () => {
    const leaver = (await done(program.call('POST', '/staff', { as, body: { name: '周离', job: 'agent' } }))).body;
    const { ticket } = await running(flowOf([s, node('sign', 'approval', { performers: [person('agent'), { kind: 'person', id: leaver.id }], mode: 'sequence', whenRejected: 'terminate' }), e], 'start > sign', 'sign > end'));
    const other = await running(flowOf([s, node('a', 'task', { performers: [person('agent')] }), e], 'start > a', 'a > end'));
    await done(patch(`/staff/${leaver.id}`, { active: false }, leaver.version));
    await heard();
    assert.match((await holdOf(ticket)) ?? '', /“周离”.*has left/);
    const { items } = await get('/flow-instances?held=true');
    assert.deepEqual(items.map((item: { ticket: { id: string } }) => item.ticket.id).filter((id: string) => id === ticket || id === other.ticket), [ticket]);
    const task = await taskOf('agent', ticket);
    const { seats } = await get(`/tasks/${task.id}`, 'administrator');
    const seat = seats.find((one: { who: { id: string } }) => one.who.id === leaver.id).id;
    await done(act('administrator', task.id, 'hand_over', { staffIds: [program.organization.staff.dispatcher], seat }));
    assert.equal(await holdOf(ticket), undefined);
    await done(act('agent', task.id, 'approve'));
    await done(act('dispatcher', task.id, 'approve'));
    assert.equal((await get(`/tickets/${ticket}/flow`)).instance.status, 'completed');
  });

  test('whoever signs in turn sends nothing back before their turn comes, nor after they have signed', async () => {
    const { ticket } = await running(flowOf([s, node('fill', 'task', { performers: [person('agent')] }), node('sign', 'approval', { performers: [person('manager'), person('dispatcher'), person('administrator')], mode: 'sequence', whenRejected: 'terminate' }), e], 'start > fill', 'fill > sign', 'sign > end'));
    await done(act('agent', (await taskOf('agent', ticket)).id, 'complete'));
    const task = await taskOf('manager', ticket);
    assertProblem(await act('dispatcher', task.id, 'return', { to: 'fill' }), 'vote_not_open');
    await done(act('manager', task.id, 'approve'));
    assertProblem(await act('manager', task.id, 'return', { to: 'fill' }), 'vote_given');
    await done(act('dispatcher', task.id, 'return', { to: 'fill' }));
    assert.equal((await taskOf('agent', ticket)).node, 'fill');
  });

  test('a BPMN file with a condition that cannot be kept is refused', async () => {
    const xml = (rule: string) => `<?xml version="1.0"?><bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="x"><bpmn:process id="p"><bpmn:startEvent id="s"/><bpmn:exclusiveGateway id="g"/><bpmn:endEvent id="e"/><bpmn:sequenceFlow id="f1" sourceRef="s" targetRef="g"/><bpmn:sequenceFlow id="f2" sourceRef="g" targetRef="e"><bpmn:conditionExpression xsi:type="bpmn:tFormalExpression" language="https://jsonlogic.com">${rule}</bpmn:conditionExpression></bpmn:sequenceFlow></bpmn:process></bpmn:definitions>`;
    for (const rule of [`{"!":${'['.repeat(9_000)}${']'.repeat(9_000)}}`, '{"!":["\\u0000"]}', '{"!":["\\ud800"]}']) assertProblem(await program.call('POST', '/flows/import-bpmn', { as, body: { xml: xml(rule) } }), 'invalid_input', rule.slice(0, 20));
    await done(program.call('POST', '/flows/import-bpmn', { as, body: { xml: xml('{"!":["a"]}') } }));
  });
});
