import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, test } from 'node:test';
import { build, everyTenant } from '../../server/platform/db/database.ts';
import { makeFlowCall } from '../../server/journey/process/flow/call.ts';
import { node, flow as flowOf } from '../../rules/workflow/sample-flows.ts';
import type { FlowAction, FlowDefinition } from '../../rules/workflow/definition.ts';
import { openTestProgram, type TestProgram } from '../support/program.ts';
import { assertProblem, done } from './scene.ts';

const secret = 'Bearer s3cr3t-of-the-erp-4711';

describe('what flows ask outside', { timeout: 120_000 }, () => {
  let program: TestProgram;
  let host: string;
  let answer: (request: IncomingMessage, response: ServerResponse, body: string) => void;
  const seen: { url: string; headers: IncomingMessage['headers']; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString())).on('end', () => {
      seen.push({ url: request.url!, headers: request.headers, body });
      answer(request, response, body);
    });
  });
  before(async () => {
    program = await openTestProgram();
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    program.services.privateHosts = [host];
  });
  beforeEach(() => {
    seen.length = 0;
    answer = (_request, response) => void response.end('{}');
  });
  after(async () => {
    server.closeAllConnections();
    server.close();
    await program.close();
  });

  const as = 'administrator';
  const get = async (path: string) => (await done(program.call('GET', path, { as }))).body;
  const patch = async (path: string, body: unknown, version: number) => program.call('PATCH', path, { as, body, headers: { 'if-match': `"${version}"` } });
  let names = 0;
  /** A flow with one action, ways for both of its ends, and a ticket type of its own. */
  const withAction = (action: FlowAction): FlowDefinition => ({
    ...flowOf([node('start', 'start'), node('call', 'action', { action }), node('look', 'task', { performers: [{ kind: 'person', id: program.organization.staff.agent }] }), node('end', 'end')], 'start > call', 'call > look', 'look > end'),
    variables: [{ key: 'answer', name: { zh: '回答' }, kind: 'text' }, { key: 'category', name: { zh: '分类' }, kind: 'text' }],
  });
  async function made(definition: FlowDefinition): Promise<{ id: string; type: string }> {
    names += 1;
    const flow = (await done(program.call('POST', '/flows', { as, body: { name: `外部 ${names}`, definition } }))).body;
    const type = (await done(program.call('POST', '/ticket-types', { as, body: { key: `outside_${names}`, name: `外部 ${names}`, form: { fields: [] } } }))).body;
    await done(patch(`/flows/${flow.id}`, { types: [type.id] }, flow.version));
    return { id: flow.id, type: type.key };
  }
  async function publish(id: string) {
    const draft = await get(`/flows/${id}/draft`);
    return program.call('POST', `/flows/${id}/publish`, { as, body: {}, headers: { 'if-match': `"${draft.version}"` } });
  }
  const ticketOf = async (type: string): Promise<string> => (await done(program.call('POST', '/tickets', { as: 'agent', body: { type, subject: '水泵异响' } }))).body.id;
  /** Makes the calls that wait, as the job does. */
  async function callAll(): Promise<void> {
    const rows = await program.database.transact(everyTenant, (transaction) => transaction.run(build.selectFrom('flow_call').select('id').where('state', '=', 'waiting')));
    for (const { id } of rows) await makeFlowCall(program.services, { tenantId: program.organization.tenantId, callId: id }).catch((error: Error) => assert.match(error.message, /^the call came to nothing/));
  }
  const standsAt = async (ticket: string) => {
    const { line, instance } = await get(`/tickets/${ticket}/flow`);
    const step = line.find((one: { state: string }) => one.state === 'current' || one.state === 'held');
    return { node: step?.node, hold: step?.hold?.message as string | undefined, code: step?.hold?.code as string | undefined, instance: instance.id as string };
  };

  test('a header is sealed when it is kept, sent as it was written, and shown to nobody again', async () => {
    const definition = withAction({ do: 'http_call', method: 'POST', url: `http://${host}/{{ticket.number}}`, headers: [{ name: 'Authorization', value: secret }, { name: 'Content-Type', value: 'application/json' }, { name: 'X-Ticket', value: '{{ticket.number}}' }] });
    const flow = await made(definition);
    const first = await get(`/flows/${flow.id}/draft`);
    const [sealed, open, template] = first.definition.nodes[1].action.headers;
    assert.match(sealed.value, /^sealed:[\w-]{40,}$/);
    assert.deepEqual([open.value, template.value], ['application/json', '{{ticket.number}}']);
    // Written once more, or sent back as it is shown, it is the same draft.
    for (const same of [definition, first.definition]) assert.equal((await done(patch(`/flows/${flow.id}/draft`, { definition: same }, first.version))).body.version, first.version);
    await done(publish(flow.id));
    const ticket = await ticketOf(flow.type);
    await callAll();
    assert.deepEqual(seen.map(({ headers }) => [headers.authorization, headers['x-ticket'] === undefined]), [[secret, false]]);
    assert.equal((await standsAt(ticket)).node, 'look');

    const bpmn = await get(`/flows/${flow.id}/bpmn`);
    assert.doesNotMatch(bpmn.xml, /sealed:|Authorization/, 'a file leaves it out');
    assert.match(bpmn.xml, /X-Ticket/);
    assert.doesNotMatch(JSON.stringify((await get(`/tickets/${ticket}/flow`)).definition), /sealed:/);
    // Whoever does not manage flows sees where a call goes, and no more: the rest may hold keys as well.
    for (const path of [`/flows/${flow.id}`, `/flows/${flow.id}/versions/1`]) {
      const [managing, looking] = await Promise.all([get(path), done(program.call('GET', path, { as: 'agent' })).then(({ body }) => body)]);
      assert.deepEqual([managing.withheld, managing.definition.nodes[1].action.headers.length], [false, 3]);
      assert.deepEqual([looking.withheld, looking.definition.nodes[1].action], [true, { do: 'http_call', method: 'POST', url: `http://${host}/` }]);
    }
    assert.equal((await program.call('GET', `/flows/${flow.id}/bpmn`, { as: 'agent' })).status, 403);
    for (const path of [`/flows/${flow.id}`, `/flows/${flow.id}/draft`, `/flows/${flow.id}/versions/1`, `/tickets/${ticket}/timeline`]) assert.ok(!JSON.stringify(await get(path)).includes('s3cr3t'), path);
    const rows = await program.database.transact(everyTenant, async (transaction) => [
      await transaction.run(build.selectFrom('flow').selectAll()), await transaction.run(build.selectFrom('flow_version').selectAll()), await transaction.run(build.selectFrom('flow_call').selectAll()), await transaction.run(build.selectFrom('flow_instance').selectAll()), await transaction.run(build.selectFrom('fact').selectAll()),
    ]);
    assert.ok(!JSON.stringify(rows).includes('s3cr3t'), 'nothing at rest holds it');
  });

  test('a sealed header goes to no other address', async () => {
    const flow = await made(withAction({ do: 'http_call', method: 'POST', url: `http://${host}/a`, headers: [{ name: 'Authorization', value: secret }] }));
    await done(publish(flow.id));
    const draft = await get(`/flows/${flow.id}/draft`);
    const elsewhere = structuredClone(draft.definition);
    elsewhere.nodes[1].action.url = `http://localhost:${host.split(':')[1]}/a`;
    const saved = (await done(patch(`/flows/${flow.id}/draft`, { definition: elsewhere }, draft.version))).body;
    assert.deepEqual(saved.findings.map((finding: { node: string; code: string; level: string }) => [finding.node, finding.code, finding.level]), [['call', 'header_again', 'error']]);
    assertProblem(await publish(flow.id), 'flow_has_problems');
    // Nor is it for whatever address is given later, when it was written before there was one.
    const early = await made(withAction({ do: 'http_call', method: 'POST', url: '', headers: [{ name: 'Authorization', value: secret }] }));
    const without = await get(`/flows/${early.id}/draft`);
    assert.ok(!without.findings.some((finding: { code: string }) => finding.code === 'header_again'));
    const addressed = structuredClone(without.definition);
    addressed.nodes[1].action.url = `http://${host}/a`;
    await done(patch(`/flows/${early.id}/draft`, { definition: addressed }, without.version));
    const refused = await publish(early.id);
    assertProblem(refused, 'flow_has_problems');
    assert.deepEqual(refused.body.errors.map((error: { path: string; code: string }) => [error.path, error.code]), [['/definition/call/action/headers/0', 'header_again']]);
    // Another path of the same system is the same address.
    const nearby = structuredClone(draft.definition);
    nearby.nodes[1].action.url = `http://${host}/b`;
    await done(patch(`/flows/${flow.id}/draft`, { definition: nearby }, saved.version));
    await done(publish(flow.id));
    await ticketOf(flow.type);
    await callAll();
    assert.deepEqual(seen.map(({ url, headers }) => [url, headers.authorization]), [['/b', secret]]);

    // Nor does it follow where the called system redirects to.
    const other = `localhost:${host.split(':')[1]}`;
    program.services.privateHosts = [host, other];
    seen.length = 0;
    answer = (request, response) => (request.url === '/b' ? void response.writeHead(307, { location: `http://${other}/c` }).end() : void response.end('{}'));
    const own = await made(withAction({ do: 'http_call', method: 'POST', url: `http://${host}/b`, headers: [{ name: 'X-Erp-Token', value: secret }] }));
    await done(publish(own.id));
    await ticketOf(own.type);
    await callAll();
    assert.deepEqual(seen.map(({ url, headers }) => [url, headers['x-erp-token']]), [['/b', secret], ['/c', undefined]]);
    program.services.privateHosts = [host];
  });

  test('a language model is off until it is set up, which the check says, and a ticket waits for it visibly', async () => {
    const flow = await made(withAction({ do: 'ask_llm', prompt: '给工单 {{ticket.number}} 分类', into: 'answer', answers: { category: 'result.category' } }));
    assert.deepEqual((await get(`/flows/${flow.id}/draft`)).findings.map((finding: { node: string; code: string; level: string }) => [finding.node, finding.code, finding.level]), [['call', 'llm_off', 'warning']]);
    await done(publish(flow.id));
    const ticket = await ticketOf(flow.type);
    const held = await standsAt(ticket);
    assert.deepEqual([held.node, held.code], ['call', 'not_configured']);

    const off = await get('/llm-setting');
    assert.deepEqual([off.enabled, off.ready, off.hasKey], [false, false, false]);
    const saved = (await done(patch('/llm-setting', { enabled: true, baseUrl: `http://${host}/v1`, model: 'small', key: 'llm-key-0815' }, off.version))).body;
    assert.deepEqual([saved.ready, saved.hasKey, JSON.stringify(saved).includes('0815')], [true, true, false]);
    assert.deepEqual((await get(`/flows/${flow.id}/draft`)).findings, []);

    answer = (_request, response) => void response.end(JSON.stringify({ choices: [{ message: { role: 'assistant', content: '```json\n{"result":{"category":"水电"}}\n```' } }] }));
    await done(program.call('POST', `/flow-instances/${held.instance}/retry`, { as, body: {} }));
    await callAll();
    assert.equal((await standsAt(ticket)).node, 'look');
    const [asked] = seen;
    assert.deepEqual([asked!.url, asked!.headers.authorization], ['/v1/chat/completions', 'Bearer llm-key-0815']);
    const body = JSON.parse(asked!.body);
    assert.deepEqual([body.model, body.response_format, body.messages.length, /^给工单 \d{8}-\d+ 分类$/.test(body.messages[0].content)], ['small', { type: 'json_object' }, 1, true]);
    const instance = await program.database.transact(everyTenant, (transaction) => transaction.first(build.selectFrom('flow_instance').select('state').where('id', '=', held.instance)));
    assert.equal((instance!.state as { vars: Record<string, unknown> }).vars['category'], '水电');
    // The key belongs to its address.
    const moved = (await done(patch('/llm-setting', { baseUrl: `http://${host}/v2` }, saved.version))).body;
    assert.equal(moved.hasKey, false);
    await done(patch('/llm-setting', { baseUrl: `http://${host}/v1`, key: 'llm-key-0815' }, moved.version));
    assertProblem(await program.call('GET', '/llm-setting', { as: 'agent' }), 'forbidden');
    assertProblem(await patch('/llm-setting', { baseUrl: 'file:///etc/passwd' }, moved.version + 1), 'invalid_input');
  });

  const failures: [string, (response: ServerResponse) => void, RegExp][] = [
    ['refuses the key', (response) => void response.writeHead(401).end('{"error":{"message":"wrong key"}}'), /HTTP 401/],
    ['answers garbage', (response) => void response.end('<html>'), /not one of a chat completion/],
    ['talks instead of answering in JSON', (response) => void response.end(JSON.stringify({ choices: [{ message: { content: '我觉得是水电。' } }] })), /with a JSON object and did not/],
    ['leads elsewhere', (response) => void response.writeHead(302, { location: 'http://169.254.169.254/' }).end(), /redirect/],
    ['breaks off', (response) => response.destroy(), /could not be reached \(ECONNRESET\)/],
  ];
  for (const [name, reply, reason] of failures) {
    test(`a model that ${name} parks the ticket with the reason, and it goes on when tried again`, async () => {
      const setting = await get('/llm-setting');
      if (!setting.ready) await done(patch('/llm-setting', { enabled: true, baseUrl: `http://${host}/v1`, model: 'small' }, setting.version));
      const flow = await made(withAction({ do: 'ask_llm', prompt: '分类', into: 'answer', answers: { category: 'category' } }));
      await done(publish(flow.id));
      const ticket = await ticketOf(flow.type);
      answer = (_request, response) => reply(response);
      for (let attempt = 0; attempt < 3; attempt += 1) await callAll();
      const held = await standsAt(ticket);
      assert.deepEqual([held.node, held.code], ['call', 'action_failed']);
      assert.match(held.hold!, reason);
      answer = (_request, response) => void response.end(JSON.stringify({ choices: [{ message: { content: '{"category":"空调"}' } }] }));
      await done(program.call('POST', `/flow-instances/${held.instance}/retry`, { as, body: {} }));
      await callAll();
      assert.equal((await standsAt(ticket)).node, 'look');
    });
  }
});
