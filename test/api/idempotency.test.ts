import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { build, everyTenant } from '../../server/platform/db/database.ts';
import { newId } from '../../server/platform/db/uuid.ts';
import type { UseCase } from '../../server/platform/http/use-case.ts';
import { chores } from '../../server/timers.ts';
import { routes } from '../../server/routes.ts';
import { openTestProgram, type Answer, type TestProgram } from '../support/program.ts';
import { act, assertProblem, done, linkOf, newSession, newTicket, phoneCode, multipart, photoOf, upload, writesNothing } from './scene.ts';

describe('an Idempotency-Key', () => {
  let program: TestProgram;
  before(async () => {
    program = await openTestProgram({ limits: { signedIn: 100_000, anonymous: 100_000, signIn: 100_000, openUploads: 100_000, phoneSignIn: 100_000 } });
  });
  after(() => program.close());

  const create = (key: string, body: unknown = { subject: '灯不亮' }, as: Parameters<TestProgram['call']>[2] = { as: 'agent' }) => program.call('POST', '/tickets', { body, headers: { 'idempotency-key': key }, ...as });
  const count = (table: 'ticket' | 'fact' | 'customer' | 'message' | 'file' | 'idempotency_key') => program.database.transact(everyTenant, async (transaction) =>
    Number((await transaction.first(sql<{ count: number }>`SELECT count(*) AS count FROM ${sql.table(table)}`))!.count));
  const keptUnder = (key: string) => program.database.transact(everyTenant, (transaction) => transaction.first(build.selectFrom('idempotency_key').selectAll().where('key', '=', key)));

  test('gives the same answer to the same request, and its effect once', async () => {
    const key = newId();
    const before = await count('ticket');
    const first = await create(key);
    const second = await create(key);
    assert.equal(first.status, 201);
    assert.equal(second.status, 201);
    assert.equal(second.text, first.text);
    assert.equal(second.headers['etag'], first.headers['etag']);
    assert.equal(second.headers['content-type'], first.headers['content-type']);
    assert.equal(first.headers['idempotency-replayed'], undefined);
    assert.equal(second.headers['idempotency-replayed'], 'true');
    assert.equal(await count('ticket'), before + 1);
    const action = () => program.call('POST', `/tickets/${first.body.id}/actions/wait`, { as: 'agent', body: { for: 'part' }, headers: { 'idempotency-key': 'step-1' } });
    const [once, again] = [await action(), await action()];
    assert.equal(once.body.status, 'waiting');
    assert.equal(again.text, once.text, 'a step repeated is answered as it was, not refused as no longer open');
  });

  test('answers 422 to another body, another query or another address', async () => {
    const key = newId();
    const ticket = (await done(create(key))).body;
    await writesNothing(program, async () => {
      assertProblem(await create(key, { subject: '别的' }), 'idempotency_key_reused');
      assertProblem(await create(key, { subject: '灯不亮', description: '' }), 'idempotency_key_reused');
      assertProblem(await program.call('POST', '/customers', { as: 'agent', body: { name: '灯不亮' }, headers: { 'idempotency-key': key } }), 'idempotency_key_reused');
      assertProblem(await program.call('POST', `/tickets/${ticket.id}/comments`, { as: 'agent', body: { body: 'x', visibility: 'internal' }, headers: { 'idempotency-key': key } }), 'idempotency_key_reused');
    });
  });

  test('lets one of many that come at the same moment through', async () => {
    for (const path of ['grouped', 'alone']) {
      const before = { ticket: await count('ticket'), customer: await count('customer') };
      const key = newId();
      const answers = await Promise.all(Array.from({ length: 12 }, () => (path === 'grouped'
        ? create(key, { subject: '同时' })
        : program.call('POST', '/customers', { as: 'agent', body: { name: '同时' }, headers: { 'idempotency-key': key } }))));
      const made = answers.filter((answer) => answer.status === 201);
      for (const answer of answers) if (answer.status !== 201) assertProblem(answer, 'idempotency_key_in_flight');
      assert.ok(made.length >= 1, path);
      assert.equal(new Set(made.map((answer) => answer.text)).size, 1);
      assert.equal(made.filter((answer) => answer.headers['idempotency-replayed'] === undefined).length, 1);
      assert.deepEqual({ ticket: await count('ticket'), customer: await count('customer') }, path === 'grouped' ? { ...before, ticket: before.ticket + 1 } : { ...before, customer: before.customer + 1 });
    }
  });

  test('that another node is at work on answers 409, and is replayed once it is done', async () => {
    const key = newId();
    // Another node is the same program on the same database, with a memory of its own: here, the lock it holds.
    const session = await newSession(program, program.organization.staff.agent);
    const place = `${program.organization.tenantId} staff ${program.organization.staff.agent} ${key}`;
    const { createHash } = await import('node:crypto');
    const lock = createHash('sha256').update(place).digest().readBigInt64BE(0);
    await program.database.transact(program.organization.tenantId, async (transaction) => {
      await transaction.run(sql`SELECT pg_advisory_xact_lock(${lock})`);
      assertProblem(await create(key, undefined, { as: { token: session.token } }), 'idempotency_key_in_flight');
    });
    assert.equal((await create(key, undefined, { as: { token: session.token } })).status, 201);
  });

  test('belongs to whoever sent it', async () => {
    const key = newId();
    const second = await program.foundAnother('second');
    const [agent, dispatcher, other, another] = [await create(key), await create(key, undefined, { as: 'dispatcher' }), await create(key, undefined, { as: 'agent', of: second }),
      await create(key, { subject: '我的' }, { as: { token: (await done(program.call('POST', '/api-keys', { as: 'administrator', body: { name: '接口' } }))).body.key } })];
    for (const answer of [agent, dispatcher, other, another]) assert.deepEqual([answer.status, answer.headers['idempotency-replayed']], [201, undefined]);
    assert.equal(new Set([agent, dispatcher, other, another].map((answer) => answer.body.id)).size, 4);
  });

  test('of a report holds wherever its sender has gone meanwhile: a phone changes its address with its network', async () => {
    const key = newId();
    const report = (remoteAddress: string, description = '水管漏水') => program.inject({ method: 'POST', url: '/api/v1/portal/first/reports', remoteAddress, headers: { 'idempotency-key': key, 'content-type': 'application/json' }, payload: JSON.stringify({ description, contact: {} }) });
    const made = await count('ticket');
    const [first, elsewhere] = [await report('203.0.113.1'), await report('2001:db8::7')];
    assert.deepEqual([first.status, elsewhere.status, elsewhere.headers['idempotency-replayed']], [201, 201, 'true']);
    assert.equal(elsewhere.text, first.text);
    assertProblem(await report('203.0.113.2', '别的地方'), 'idempotency_key_reused');
    assert.equal(await count('ticket'), made + 1);
    const form = multipart({ content: await photoOf() });
    const send = (remoteAddress: string) => program.inject({ method: 'POST', url: '/api/v1/portal/first/files', remoteAddress, payload: form.payload, headers: { ...form.headers, 'idempotency-key': `photo-${key}` } });
    assert.equal((await send('203.0.113.1')).text, (await send('203.0.113.2')).text);
  });

  test('of an attempt that was refused can be used again', async () => {
    const key = newId();
    assertProblem(await create(key, { subject: 'x', team: newId() }), 'unknown_reference');
    assertProblem(await create(key, { subject: '' }), 'invalid_input');
    assertProblem(await program.call('POST', '/tickets', { as: 'stranger', body: { subject: 'x' }, headers: { 'idempotency-key': key } }), 'forbidden');
    assert.equal(await keptUnder(key), undefined);
    const made = await create(key, { subject: '改好了' });
    assert.deepEqual([made.status, made.headers['idempotency-replayed'], made.body.subject], [201, undefined, '改好了']);
  });

  test('that is no key is refused before anything happens', async () => {
    await writesNothing(program, async () => {
      for (const key of ['', ' ', 'a b', 'a\tb', 'x'.repeat(129), 'schlüssel', '钥匙']) {
        const answer = await program.call('POST', '/tickets', { as: 'agent', body: { subject: 'x' }, headers: { 'idempotency-key': Buffer.from(key).toString('latin1') } });
        assertProblem(answer, 'idempotency_key_invalid', key);
      }
    });
    for (const key of ['x'.repeat(128), '"quoted"', '~!@#$%^&*()']) assert.equal((await create(key)).status, 201, key);
  });

  test('is taken by every POST, and its answer kept sealed where it holds a secret', async () => {
    const posts = routes.filter((route) => route.method === 'POST' && route.handler.kind === 'use-case');
    // Whoever can read the table must not find in it what opens a ticket or an account.
    const open = posts.filter((route) => (route.handler as UseCase).secret === false).map((route) => route.path);
    assert.deepEqual(open.sort(), [
      '/api/v1/session/second-factor/confirm', '/api/v1/session/second-factor/disable', '/api/v1/session/password', '/api/v1/portal/{org}/codes',
      '/api/v1/chat-visits/{token}/messages', '/api/v1/chat-visits/{token}/contact', '/api/v1/chat-visits/{token}/seen', '/api/v1/chat-visits/{token}/presence',
      '/api/v1/text/extract', '/api/v1/tickets/{id}/guesses/confirm', '/api/v1/tickets/{id}/completions/{connector}/ask', '/api/v1/connectors', '/api/v1/calls', '/api/v1/channels/try-mapping', '/api/v1/channels/{id}/grants', '/api/v1/hotline-cases/{id}/actions/{action}', '/api/v1/hotline-reports/{id}/retry', '/api/v1/hotline-reports/{id}/skip', '/api/v1/inbox-messages/{id}/actions/{action}', '/api/v1/inbox-messages/actions/{action}', '/api/v1/tickets/search', '/api/v1/tickets/group-counts', '/api/v1/tickets/bulk', '/api/v1/bulk-runs/{id}/cancel', '/api/v1/views', '/api/v1/views/{id}/favourite',
      '/api/v1/tickets/{id}/comments', '/api/v1/tickets/{id}/merge', '/api/v1/tickets/{id}/merge-candidates/{other}/dismiss', '/api/v1/tickets/{id}/links', '/api/v1/tickets/{id}/checklist', '/api/v1/tickets/{id}/checklist/order',
      '/api/v1/tickets/{id}/side-conversations', '/api/v1/side-conversations/{id}/messages', '/api/v1/side-conversations/{id}/close', '/api/v1/side-conversations/{id}/reopen',
      '/api/v1/checklist-templates', '/api/v1/tickets/{id}/watchers/{staffId}', '/api/v1/tickets/{id}/presence', '/api/v1/tickets/{id}/held-replies', '/api/v1/tickets/{id}/deliveries/{deliveryId}/actions/{action}',
      '/api/v1/tickets/{id}/sla/reasons', '/api/v1/sla-policies', '/api/v1/sla-policies/order', '/api/v1/sla-policies/{id}/publish', '/api/v1/sla-policies/{id}/versions/{number}/restore', '/api/v1/sla-simulations', '/api/v1/sla-simulations/{id}/cancel',
      '/api/v1/calendars', '/api/v1/calendars/read-icalendar', '/api/v1/calendars/{id}/publish', '/api/v1/calendars/{id}/versions/{number}/restore',
      '/api/v1/automation-rules', '/api/v1/automation-rules/order', '/api/v1/automation-rules/preview', '/api/v1/automation-rules/{id}/publish', '/api/v1/automation-rules/{id}/try',
      '/api/v1/automation-rules/{id}/versions/{number}/restore', '/api/v1/automation-runs/{id}/retry',
      '/api/v1/flows', '/api/v1/flows/import-bpmn', '/api/v1/flows/{id}/draft/check', '/api/v1/flows/{id}/publish', '/api/v1/flows/{id}/test', '/api/v1/flows/{id}/versions/{number}/restore', '/api/v1/flows/{id}/migration', '/api/v1/flows/{id}/migration/preview',
      '/api/v1/flow-instances/{id}/retry', '/api/v1/flow-instances/{id}/cancel', '/api/v1/tasks/{id}/actions/{action}', '/api/v1/tickets/{id}/flow', '/api/v1/tickets/{id}/gather',
      '/api/v1/macros', '/api/v1/canned-replies', '/api/v1/drafts', '/api/v1/notice-accounts/{channel}/test', '/api/v1/notice-addresses', '/api/v1/notice-addresses/{channel}/confirm', '/api/v1/notice-deliveries/{id}/retry', '/api/v1/notice-devices', '/api/v1/notice-templates/{kind}/{channel}/{language}/preview', '/api/v1/notice-templates/{kind}/{channel}/{language}/publish', '/api/v1/notifications/read', '/api/v1/notifications/{id}/acknowledge', '/api/v1/notifications/{id}/read', '/api/v1/absences',
      '/api/v1/departments', '/api/v1/teams', '/api/v1/teams/{id}/dispatch-weights/preview', '/api/v1/tickets/{id}/offers', '/api/v1/offers/{id}/actions/accept', '/api/v1/dispatch/evaluations', '/api/v1/dispatch/schedules', '/api/v1/dispatch/plans', '/api/v1/dispatch/replans', '/api/v1/dispatch/plans/{id}/actions/apply', '/api/v1/dispatch/plans/{id}/actions/withdraw', '/api/v1/offers/{id}/actions/decline', '/api/v1/offers/{id}/actions/withdraw', '/api/v1/staff', '/api/v1/roles', '/api/v1/categories', '/api/v1/ticket-statuses', '/api/v1/ticket-types',
      '/api/v1/ticket-types/{id}/draft/check', '/api/v1/ticket-types/{id}/publish', '/api/v1/ticket-types/{id}/versions/{number}/restore', '/api/v1/ticket-templates',
      '/api/v1/customers', '/api/v1/customers/{id}/merge', '/api/v1/customers/{id}/unmerge', '/api/v1/customers/{id}/contact-points', '/api/v1/customers/{id}/contact-points/{contactId}/verify', '/api/v1/customers/{id}/duplicates/{other}/dismiss',
      '/api/v1/customers/{id}/notes', '/api/v1/customer-tiers', '/api/v1/skills', '/api/v1/accounts', '/api/v1/accounts/{id}/sites', '/api/v1/tickets/{id}/appointment', '/api/v1/progress/{token}/appointment', '/api/v1/technician-preferences', '/api/v1/territories', '/api/v1/assets', '/api/v1/imports/{id}/cancel', '/api/v1/positions',
    ].sort(), 'whether the answer of a new route opens anything has to be thought about');

    const { id, progressUrl } = await newTicket(program, { requester: { name: '李雷', phone: '13811112222' }, attachments: [(await done(upload(program, 'agent', { content: await photoOf(), fields: { visibility: 'public' } }))).body.id] });
    const link = linkOf({ progressUrl });
    await act(program, id, 'assign', { assignee: program.organization.staff.technician });
    const visit = (await program.call('GET', '/visits?technician=me', { as: 'technician' })).body.items[0].id as string;
    await done(program.call('POST', '/portal/first/codes', { body: { phone: '13811112222' } }));
    const secretsOf: Record<string, [ask: (key: string) => Promise<Answer>, secret: (answer: Answer) => string]> = {
      'an API key': [(key) => program.call('POST', '/api-keys', { as: 'administrator', body: { name: 'x' }, headers: { 'idempotency-key': key } }), (answer) => answer.body.key],
      'an authenticator’s secret': [(key) => program.call('POST', '/session/second-factor', { as: 'agent', headers: { 'idempotency-key': key } }), (answer) => answer.body.secret],
      'a report’s link': [(key) => program.call('POST', '/portal/first/reports', { body: { description: '门锁坏了', contact: {} }, headers: { 'idempotency-key': key } }), (answer) => answer.body.token],
      'a customer’s session': [async (key) => program.call('POST', '/portal/first/session', { body: await phoneCode(program).catch(() => ({})), headers: { 'idempotency-key': key } }), (answer) => answer.body.token],
      'a ticket’s link': [(key) => create(key, { subject: '有链接' }), (answer) => linkOf(answer.body)],
      'the link in the answer of a step': [(key) => program.call('POST', `/tickets/${id}/actions/wait`, { as: 'dispatcher', body: { for: 'part' }, headers: { 'idempotency-key': key } }), (answer) => linkOf(answer.body)],
      'the link in the progress': [(key) => program.call('POST', `/progress/${link}/comments`, { body: { body: '快点' }, headers: { 'idempotency-key': key } }), (answer) => /\/progress\/([^/]+)\/files/.exec(answer.text)![1]!],
      'a customer’s number': [(key) => program.call('POST', `/tickets/${id}/reveal`, { as: 'agent', body: {}, headers: { 'idempotency-key': key } }), (answer) => answer.body.phone],
      'the customer’s number in a visit': [(key) => program.call('POST', `/visits/${visit}/actions/accept`, { as: 'technician', body: {}, headers: { 'idempotency-key': key } }), (answer) => answer.body.ticket.requesterPhone],
    };
    for (const [kind, [ask, secret]] of Object.entries(secretsOf)) {
      const key = `sealed-${newId()}`;
      const first = await ask(key);
      assert.ok(first.status < 300, `${kind} ${first.text}`);
      assert.ok(secret(first).length >= 6, kind);
      const kept = (await keptUnder(key))!;
      assert.ok(!JSON.stringify(kept).includes(secret(first)), `${kind} is kept in the open`);
      assert.doesNotMatch(kept.body!, /[{}"]/);
      const again = await ask(key);
      assert.deepEqual([again.status, again.text, again.headers['idempotency-replayed']], [first.status, first.text, 'true'], kind);
    }
  });

  test('is taken by uploads: the same file under the same key is one file', async () => {
    const [photo, other] = [await photoOf('#aabbcc'), await photoOf('#aabbcd')];
    const before = await count('file');
    const headers = { 'idempotency-key': newId() };
    const send = (content: Buffer, name = 'a.jpg') => upload(program, 'agent', { content, name }, { headers });
    const [first, again] = [await send(photo), await send(photo)];
    assert.deepEqual([first.status, again.status, again.text], [201, 201, first.text]);
    assert.equal(again.headers['idempotency-replayed'], 'true');
    assertProblem(await send(other), 'idempotency_key_reused');
    assertProblem(await send(photo, 'b.jpg'), 'idempotency_key_reused');
    assert.equal(await count('file'), before + 1);
    const open = () => upload(program, null, { content: photo }, { path: '/api/v1/portal/first/files', headers });
    const [token, sameToken] = [await open(), await open()];
    assert.equal(sameToken.text, token.text);
    assert.ok(!JSON.stringify(await program.database.transact(everyTenant, (transaction) => transaction.run(build.selectFrom('idempotency_key').select('body').where('caller', 'like', 'address%')))).includes(token.body.uploadToken));
    assertProblem(await upload(program, 'agent', { content: photo }, { headers: { 'idempotency-key': 'a b' } }), 'idempotency_key_invalid');
  });

  test('keeps the cookie of a session to the first answer', async () => {
    await program.database.transact(everyTenant, (transaction) => transaction.run(sql`DELETE FROM phone_code`));
    await done(program.call('POST', '/portal/first/codes', { body: { phone: '13833334444' } }));
    const code = await phoneCode(program);
    const key = newId();
    const signIn = (body: unknown = code) => program.call('POST', '/portal/first/session', { body, headers: { 'idempotency-key': key } });
    const [first, again] = [await signIn(), await signIn()];
    assert.deepEqual([first.status, again.status, again.text], [201, 201, first.text]);
    assertProblem(await signIn({ ...code, code: '000000' }), 'idempotency_key_reused');
  });

  test('is forgotten after a day', async () => {
    const key = newId();
    const first = (await done(create(key))).body;
    const chore = chores.find(({ name }) => name.includes('idempotency'))!;
    await chore.run(program.services, new Date(Date.now() + 23 * 3_600_000));
    assert.equal((await create(key)).body.id, first.id);
    await chore.run(program.services, new Date(Date.now() + 25 * 3_600_000));
    assert.notEqual((await create(key)).body.id, first.id);
  });
});
