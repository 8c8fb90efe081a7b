import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import type { Action } from '../../rules/automation/definition.ts';
import { build, everyTenant } from '../../server/platform/db/database.ts';
import { advance, registerReader } from '../../server/platform/facts/readers.ts';
import { askRules } from '../../server/reactions/automation/ask-rules.ts';
import { makeCall } from '../../server/reactions/automation/call.ts';
import { doDueWork } from '../../server/reactions/automation/do-work.ts';
import { openTestProgram, testClock, type TestProgram } from '../support/program.ts';
import { sealKeptHeaders } from '../../server/records/automation/sealed-headers.ts';
import { assertProblem, done, newSession, newTicket } from './scene.ts';

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
    // These tests go through several days.
    const later = new Date(clock.now().getTime() + 90 * 86_400_000);
    await program.database.transact(program.organization.tenantId, (transaction) => transaction.run(build.updateTable('session').set({ expires_at: later, last_seen_at: later }).where('tenant_id', '=', program.organization.tenantId)));
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

  test('are signed by the key before as well while it holds, so that a key can be changed without a call failing', async () => {
    const get = async () => (await done(call('GET', '/automation-signing'))).body;
    const first = await get();
    assert.deepEqual([first.previous, first.changedAt], [null, null]);
    const change = (body: object, version: number) => call('POST', '/automation-signing', body, { 'if-match': `"${version}"` });
    assert.equal((await program.call('POST', '/automation-signing', { as: 'agent', body: {}, headers: { 'if-match': `"${first.version}"` } })).status, 403);
    const second = (await done(change({ keepPreviousDays: 2 }, first.version))).body;
    assertProblem(await change({}, first.version), 'stale_version', 'pressed twice it is changed once');
    assert.deepEqual([second.secret === first.secret, second.previous.secret, Date.parse(second.previous.until) - clock.now().getTime()], [false, first.secret, 2 * 86_400_000]);
    assert.deepEqual(await get(), second);
    const keyOf = (secret: string) => Buffer.from(secret.slice('whsec_'.length), 'base64');
    const signatures = async () => {
      const sent = await callOf({});
      await sent.attempt();
      const [{ headers, body }] = seen.splice(0) as [(typeof seen)[number]];
      const by = (secret: string) => `v1,${createHmac('sha256', keyOf(secret)).update(`${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`).digest('base64')}`;
      return { sent: headers['webhook-signature'], by };
    };
    const both = await signatures();
    assert.equal(both.sent, `${both.by(second.secret)} ${both.by(first.secret)}`);
    clock.advance({ days: 3 });
    const alone = await signatures();
    assert.equal(alone.sent, alone.by(second.secret), 'its time is over');
    assert.equal((await get()).previous, null);
    const third = (await done(change({ keepPreviousDays: 0 }, second.version))).body;
    assert.deepEqual([third.previous, third.secret === second.secret], [null, false]);
    const rows = await program.database.transact(everyTenant, async (transaction) => [await transaction.run(build.selectFrom('automation_signing').selectAll()), await transaction.run(build.selectFrom('fact').selectAll())]);
    for (const { secret } of [first, second, third]) assert.ok(!JSON.stringify(rows).includes(keyOf(secret).toString('base64')) && !JSON.stringify(rows).includes(JSON.stringify(keyOf(secret))), 'nothing at rest holds a key');
  });

  test('carry headers that are sealed when they are kept, and shown to nobody again', async () => {
    const secret = 'Bearer s3cr3t-of-the-erp';
    const headers = { Authorization: secret, 'Content-Type': 'text/plain' };
    const definition = (url: string, more: Record<string, string> = headers) => ({ trigger: { kind: 'facts', facts: ['ticket.created'] }, conditions: { all: [] }, actions: [{ kind: 'call', method: 'POST', url, headers: more }] });
    const { body: rule } = await done(call('POST', '/automation-rules', { name: '密封', definition: definition(`http://${host}/a`) }));
    const kept = rule.draft.actions[0].headers as Record<string, string>;
    assert.match(kept['Authorization']!, /^sealed:[\w-]{40,}$/);
    assert.equal(kept['Content-Type'], 'text/plain');
    const patch = async (draft: unknown) => {
      const { version } = (await done(call('GET', `/automation-rules/${rule.id}`))).body;
      return (await done(call('PATCH', `/automation-rules/${rule.id}`, { draft }, { 'if-match': `"${version}"` }))).body;
    };
    // Written once more, or sent back as it is shown, it is the same draft.
    for (const same of [definition(`http://${host}/a`), rule.draft]) assert.equal((await patch(same)).version, rule.version);
    // What was sealed for one address goes to no other.
    const elsewhere = await patch(definition('https://elsewhere.example/', kept));
    assert.deepEqual(elsewhere.problems.map((problem: { code: string; path: string }) => [problem.code, problem.path]), [['header_again', '/actions/0/headers/Authorization']]);
    assertProblem(await call('POST', `/automation-rules/${rule.id}/publish`, {}, { 'if-match': `"${elsewhere.version}"` }), 'rule_has_problems');
    // Written before there was an address, it is for none: whoever gives one has to write it anew.
    const early = await patch(definition(''));
    const addressed = await patch(definition(`http://${host}/b`, early.draft.actions[0].headers));
    assert.deepEqual(addressed.problems.map((problem: { code: string }) => problem.code), ['header_again']);
    assertProblem(await call('POST', `/automation-rules/${rule.id}/publish`, {}, { 'if-match': `"${addressed.version}"` }), 'rule_has_problems');
    assert.deepEqual((await patch(definition(`http://${host}/b`))).problems, []);

    const sent = await callOf({ headers });
    program.services.privateHosts = [host, `localhost:${host.split(':')[1]!}`];
    let turns = 0;
    answer = (_request, response) => {
      turns += 1;
      if (turns === 1) response.writeHead(307, { location: `http://localhost:${host.split(':')[1]!}/next` }).end();
      else response.end('ok');
    };
    seen.length = 0;
    await sent.attempt();
    answer = (_request, response) => void response.end('ok');
    program.services.privateHosts = [host];
    assert.deepEqual(seen.splice(0).map((request) => request.headers.authorization), [secret, undefined], 'another host it redirects to is not told');
    for (const path of [`/automation-rules/${sent.rule.id}`, `/automation-rules/${sent.rule.id}/versions`, `/automation-rules/${sent.rule.id}/calls`, '/audit?limit=100']) assert.ok(!JSON.stringify((await done(call('GET', path))).body).includes('s3cr3t'), path);
    // The history says which system is called, and no more: the rest may hold keys as well.
    const told = (await done(call('GET', '/audit?limit=100&kind=automation_rule.*'))).body.items as { data: object }[];
    assert.ok(JSON.stringify(told).includes(`http://${host}"`));
    assert.doesNotMatch(JSON.stringify(told), new RegExp(`http://${host}/|sealed:`));
    const rows = await program.database.transact(everyTenant, async (transaction) => [
      await transaction.run(build.selectFrom('automation_rule').selectAll()), await transaction.run(build.selectFrom('automation_rule_version').selectAll()), await transaction.run(build.selectFrom('automation_call').selectAll()), await transaction.run(build.selectFrom('fact').selectAll()),
    ]);
    assert.ok(!JSON.stringify(rows).includes('s3cr3t'), 'nothing at rest holds it');
  });

  test('are listed with what was answered to those who may read the ticket, and to nobody else', async () => {
    const sent = await callOf({});
    const role = (await done(call('POST', '/roles', { name: '规则维护', grants: [{ permission: 'automation.manage', scope: 'organization' }] }))).body;
    const keeper = (await done(call('POST', '/staff', { name: '规则员', job: 'agent', roleIds: [role.id] }))).body;
    const { token } = await newSession(program, keeper.id, { expiresAt: new Date(clock.now().getTime() + 86_400_000) });
    const listed = async (as: 'administrator' | { token: string }) => (await done(program.call('GET', `/automation-rules/${sent.rule.id}/calls`, { as }))).body.items.length;
    assert.deepEqual([await listed('administrator'), await listed({ token })], [1, 0]);
  });

  test('had headers in the open once: they are sealed when the program starts', async () => {
    const { rule, ticket } = await callOf({ headers: { 'X-Key': 'open-key' } });
    const { tenantId } = program.organization;
    const written = { trigger: { kind: 'facts', facts: ['ticket.created'] }, conditions: { all: [] }, actions: [{ kind: 'call', method: 'POST', url: `http://${host}/erp`, headers: { 'X-Key': 'open-key' } }] };
    await program.database.transact(tenantId, async (transaction) => {
      await transaction.run(build.updateTable('automation_rule').set({ definition: JSON.stringify(written), draft: JSON.stringify(written) }).where('id', '=', rule.id));
      await transaction.run(build.updateTable('automation_rule_version').set({ definition: JSON.stringify(written) }).where('rule_id', '=', rule.id));
    });
    const kept = () => program.database.transact(tenantId, async (transaction) => JSON.stringify([await transaction.run(build.selectFrom('automation_rule').selectAll().where('id', '=', rule.id)), await transaction.run(build.selectFrom('automation_rule_version').selectAll().where('rule_id', '=', rule.id))]));
    assert.ok((await kept()).includes('open-key'));
    await sealKeptHeaders(program.services);
    const sealed = await kept();
    assert.ok(!sealed.includes('open-key') && sealed.includes('sealed:'));
    await sealKeptHeaders(program.services);
    assert.equal(await kept(), sealed, 'once');
    assert.ok(ticket.id);
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
