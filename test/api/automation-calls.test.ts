import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import type { Action } from '../../rules/automation/definition.ts';
import { advance, registerReader } from '../../server/platform/facts/readers.ts';
import { askRules } from '../../server/reactions/automation/ask-rules.ts';
import { makeCall } from '../../server/reactions/automation/call.ts';
import { doDueWork } from '../../server/reactions/automation/do-work.ts';
import { openTestProgram, testClock, type TestProgram } from '../support/program.ts';
import { done, newTicket } from './scene.ts';

describe('calls of automation rules to systems outside', { timeout: 120_000 }, () => {
  const clock = testClock();
  let program: TestProgram;
  let host: string;
  let answer: (request: IncomingMessage, response: ServerResponse, body: string) => void = (_request, response) => void response.end('ok');
  const seen: { headers: IncomingMessage['headers']; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString())).on('end', () => {
      seen.push({ headers: request.headers, body });
      answer(request, response, body);
    });
  });
  const reader = askRules(clock);
  before(async () => {
    program = await openTestProgram({ clock });
    await registerReader(program.database, reader.name);
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    program.services.privateHosts = [host];
  });
  after(async () => {
    server.closeAllConnections();
    server.close();
    await program.close();
  });

  const call = (method: 'GET' | 'POST' | 'PATCH', path: string, body?: unknown, headers: Record<string, string> = {}) => program.call(method, path, { as: 'administrator', headers, ...(body === undefined ? {} : { body }) });
  /** A ticket on which a rule makes one call; the rule is gone afterwards. */
  const callOf = async (action: Partial<Extract<Action, { kind: 'call' }>>) => {
    const { body: rule } = await done(call('POST', '/automation-rules', { name: '通知 ERP', definition: { trigger: { kind: 'facts', facts: ['ticket.created'] }, conditions: { all: [] }, actions: [{ kind: 'call', method: 'POST', url: `http://${host}/erp`, ...action }] } }));
    const published = (await done(call('POST', `/automation-rules/${rule.id}/publish`, { enable: true }, { 'if-match': '"1"' }))).body;
    const ticket = await newTicket(program, { subject: '水泵异响' });
    clock.advance({ seconds: 1 });
    await advance(program.database, reader);
    await doDueWork(program.services, clock.now());
    await done(call('PATCH', `/automation-rules/${rule.id}`, { archived: true }, { 'if-match': `"${published.version}"` }));
    const [made] = (await done(call('GET', `/automation-rules/${rule.id}/calls`))).body.items;
    return { rule, ticket, made, look: async () => (await done(call('GET', `/automation-rules/${rule.id}/calls`))).body.items[0], attempt: () => makeCall(program.services, { tenantId: program.organization.tenantId, callId: made.id }) };
  };

  test('send the ticket, under a key that stays the same, and once it is taken no more', async () => {
    const { ticket, made, look, attempt } = await callOf({ headers: { 'X-Shop': 'anju', Host: 'evil.example' } });
    assert.equal(made.state, 'waiting');
    await attempt();
    await attempt();
    assert.equal(seen.length, 1);
    const [request] = seen.splice(0);
    const body = JSON.parse(request!.body);
    assert.deepEqual([body.ticket.number, body.rule.name, 'progressUrl' in body.ticket], [ticket.number, '通知 ERP', false]);
    assert.deepEqual([request!.headers['idempotency-key'], request!.headers['x-shop'], request!.headers.host], [made.id, 'anju', host]);
    assert.deepEqual([(await look()).state, (await look()).answer], ['done', 'ok']);
  });

  test('are signed by the Standard Webhooks specification, so that the other side can tell who calls', async () => {
    const { secret } = (await done(call('GET', '/automation-signing'))).body;
    assert.equal((await program.call('GET', '/automation-signing', { as: 'agent' })).status, 403);
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
    assert.equal(key.length, 32);
    const signatureOf = (headers: IncomingMessage['headers'], body: string) => `v1,${createHmac('sha256', key).update(`${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`).digest('base64')}`;
    const sent = await callOf({ body: '{"单号":"{{ticket.number}}"}', headers: { 'Webhook-Signature': 'v1,forged' } });
    await sent.attempt();
    const [{ headers, body }] = seen.splice(0) as [(typeof seen)[number]];
    assert.deepEqual([headers['webhook-id'], Number(headers['webhook-timestamp']), headers['webhook-signature']], [sent.made.id, Math.floor(clock.now().getTime() / 1_000), signatureOf(headers, body)]);
    assert.notEqual(signatureOf(headers, `${body} `), headers['webhook-signature']);
    const asked = await callOf({ method: 'GET' });
    await asked.attempt();
    const [got] = seen.splice(0);
    assert.equal(got!.headers['webhook-signature'], signatureOf(got!.headers, ''));
  });

  test('are repeated while the other side cannot, and given up where it will not', async () => {
    answer = (_request, response) => void response.writeHead(503).end('later');
    const busy = await callOf({ body: '{"n":"{{ticket.number}}"}' });
    await assert.rejects(busy.attempt());
    assert.deepEqual([(await busy.look()).state, (await busy.look()).attempts, JSON.parse(seen[0]!.body).n], ['waiting', 1, busy.ticket.number]);
    answer = (_request, response) => void response.end('ok');
    await busy.attempt();
    assert.equal((await busy.look()).state, 'done');

    answer = (_request, response) => void response.writeHead(422).end('no');
    const refused = await callOf({});
    await refused.attempt();
    assert.deepEqual([(await refused.look()).state, (await refused.look()).statusCode], ['failed', 422]);
    const kinds = (await done(call('GET', `/tickets/${refused.ticket.id}/timeline`))).body.items.map((entry: { kind: string }) => entry.kind);
    assert.deepEqual(kinds.filter((kind: string) => kind.startsWith('automation.')), ['automation.call_requested', 'automation.call_failed']);
  });

  test('do not reach the own network, also not by a redirect', async () => {
    seen.length = 0;
    const inside = await callOf({ url: 'http://localhost:1/admin' });
    await inside.attempt();
    assert.match((await inside.look()).problem, /private_address/);
    answer = (_request, response) => void response.writeHead(302, { location: 'http://169.254.169.254/latest' }).end();
    const redirected = await callOf({});
    await redirected.attempt();
    assert.deepEqual([(await redirected.look()).state, /private_address/.test((await redirected.look()).problem)], ['failed', true]);
  });
});
