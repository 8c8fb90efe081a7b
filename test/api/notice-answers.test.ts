import assert from 'node:assert/strict';
import { createECDH, randomBytes } from 'node:crypto';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { NoticeDelivery } from '../../contract/notice.ts';
import { build, everyTenant, statement } from '../../server/platform/db/database.ts';
import { advance, registerReader, type Reader } from '../../server/platform/facts/readers.ts';
import { deliverDue } from '../../server/reactions/notices/run-notices.ts';
import { openNotices } from '../../server/reactions/notices/write-notices.ts';
import { openFakePlatform, type FakePlatform } from '../support/fake-platform.ts';
import { openTestProgram, testClock, type Person, type TestClock, type TestProgram } from '../support/program.ts';
import { act, assertProblem, done, newTicket } from './scene.ts';

describe('several urgent things in one message, and channels under load', { timeout: 180_000 }, () => {
  let program: TestProgram;
  let notices: Reader;
  let clock: TestClock;
  let platform: FakePlatform;
  before(async () => {
    clock = testClock();
    platform = await openFakePlatform();
    program = await openTestProgram({ clock, limits: { signedIn: 100_000, anonymous: 100_000, signIn: 100_000, openUploads: 100_000, phoneSignIn: 100_000 } });
    program.services.privateHosts = ['127.0.0.1'];
    notices = openNotices(clock);
    await registerReader(program.database, notices.name);
    const { staff, teamId, tenantId } = program.organization;
    await program.database.transact(tenantId, async (transaction) => {
      const later = new Date(clock.now().getTime() + 90 * 86_400_000);
      await transaction.run(build.updateTable('session').set({ expires_at: later, last_seen_at: later }).where('tenant_id', '=', tenantId));
      await transaction.run(build.updateTable('team').set({ lead_id: staff.manager }).where('id', '=', teamId));
      for (const [place, id] of Object.values(staff).entries()) await transaction.run(build.updateTable('staff').set({ phone: `1380000111${place}`, email: `person${place}@first.example` }).where('id', '=', id));
    });
    await setUp('sms', { mode: 'gateway', settings: { url: `${platform.url}/sms` } });
    await setUp('dingtalk', { mode: 'robot', settings: { webhookUrl: `${platform.url}/robot` } });
  });
  after(() => Promise.all([program.close(), platform.close()]));
  beforeEach(async () => {
    await readLog();
    await program.database.transact(everyTenant, async (transaction) => {
      for (const text of ["UPDATE notice_bundle SET closed_at = coalesce(closed_at, created_at), escalate_at = NULL, due_at = created_at - interval '1 day'", "UPDATE notice_delivery SET state = 'suppressed', reason = 'expired', sent_at = NULL WHERE state IN ('waiting', 'sending') OR sent_at IS NOT NULL", 'UPDATE notice_account SET failures = 0, open_until = NULL']) {
        await transaction.query(statement(`test.${text.length}`, text), []);
      }
    });
    platform.calls.length = 0;
    platform.answer = () => ({ body: { errcode: 0, errmsg: 'ok' } });
  });

  const setUp = (channel: string, body: unknown) => done(program.call('PATCH', `/notice-accounts/${channel}`, { as: 'administrator', body, headers: { 'if-match': '*' } }));
  const readLog = async () => {
    while (await advance(program.database, notices) > 0);
  };
  const sendAll = async () => {
    while (await deliverDue(program.services) > 0);
  };
  const deliver = async () => {
    await readLog();
    clock.advance({ minutes: 1, seconds: 5 });
    await sendAll();
  };
  const deliveries = async () => ((await done(program.call('GET', '/notice-deliveries?limit=200', { as: 'administrator' }))).body.items as NoticeDelivery[]).filter((one) => one.reason !== 'expired');
  const notificationsOf = async (person: Person) => (await done(program.call('GET', '/notifications?limit=100', { as: person }))).body.items as { id: string; reason: string; ticket: { number: string } | null }[];
  const urgentFor = async (subject: string) => {
    const { id } = await newTicket(program, { subject, priority: 'urgent', team: program.organization.teamId }, 'dispatcher');
    return act(program, id, 'assign', { assignee: program.organization.staff.technician }, 'dispatcher') as Promise<{ id: string; number: string }>;
  };
  const tell = (rows: readonly { kind: string; ticketId: string; data: object }[]) => program.database.transact(program.organization.tenantId, (transaction) => transaction.query(statement<never>('test.tell', `
    INSERT INTO fact (tenant_id, kind, ticket_id, actor_kind, data, occurred_at, recorded_at) SELECT $1, kind, ticket_id, 'system', data, $5, $5 FROM unnest($2::text[], $3::uuid[], $4::jsonb[]) AS given (kind, ticket_id, data)`),
    [program.organization.tenantId, rows.map((row) => row.kind), rows.map((row) => row.ticketId), rows.map((row) => JSON.stringify(row.data)), clock.now()]));
  const later = async (minutes: number) => {
    clock.advance({ minutes });
    await sendAll();
    clock.advance({ minutes: 1 });
    await sendAll();
  };

  test('one of several is acknowledged: the others go on to whoever comes next', async () => {
    const tickets = [await urgentFor('甲'), await urgentFor('乙'), await urgentFor('丙')];
    await deliver();
    const own = await notificationsOf('technician');
    const seen = own.find((one) => one.ticket?.number === tickets[0]!.number)!;
    await done(program.call('POST', `/notifications/${seen.id}/acknowledge`, { as: 'technician', body: {} }));
    await later(11);
    const told = (await notificationsOf('manager')).filter((one) => one.reason === 'unanswered').map((one) => one.ticket?.number).sort();
    assert.deepEqual(told, [tickets[1]!.number, tickets[2]!.number].sort(), 'each that nobody answered, not the first alone');
    // As one message of two, not two.
    assert.deepEqual((await deliveries()).filter((one) => one.staff.id === program.organization.staff.manager && one.escalatedFrom !== null).map((one) => one.count), [2, 2]);
    for (const one of await notificationsOf('technician')) await done(program.call('POST', `/notifications/${one.id}/acknowledge`, { as: 'technician', body: {} }));
    for (const one of await notificationsOf('manager')) await done(program.call('POST', `/notifications/${one.id}/acknowledge`, { as: 'manager', body: {} }));
    const before = (await deliveries()).length;
    await later(11);
    await later(11);
    assert.equal((await deliveries()).length, before, 'all were acknowledged');
  });

  test('acknowledged before the message left: what comes into the same message later has a ladder of its own', async () => {
    await urgentFor('先来');
    await readLog();
    const [first] = await notificationsOf('technician');
    await done(program.call('POST', `/notifications/${first!.id}/acknowledge`, { as: 'technician', body: {} }));
    const second = await urgentFor('后来');
    await deliver();
    await later(11);
    assert.deepEqual((await notificationsOf('manager')).filter((one) => one.reason === 'unanswered').map((one) => one.ticket?.number).filter((number) => number === second.number), [second.number]);
  });

  test('more than one look takes are handed on all the same', async () => {
    const ticket = await urgentFor('成批');
    await readLog();
    await tell(Array.from({ length: 620 }, (_, index) => ({ kind: 'automation.notified', ticketId: ticket.id, data: { staffIds: [program.organization.staff.agent], urgency: 'urgent', preview: `第 ${index}` } })));
    await deliver();
    const before = (await deliveries()).filter((one) => one.staff.id === program.organization.staff.manager).length;
    await later(11);
    const { tenantId, staff } = program.organization;
    const rows = await program.database.transact(tenantId, (transaction) => transaction.run(build.selectFrom('notification').select('id').where('tenant_id', '=', tenantId).where('staff_id', '=', staff.manager).where('for_id', '=', staff.agent).where('reason', '=', 'unanswered')));
    assert.equal(rows.length, 620);
    assert.ok((await deliveries()).filter((one) => one.staff.id === staff.manager).length - before <= 4, 'two messages of each urgency and person, not hundreds');
  });

  test('channels that one rung asks for do not take away those of what else is urgent', async () => {
    await setUp('feishu', { mode: 'robot', settings: { webhookUrl: `${platform.url}/feishu` } });
    platform.answer = ({ path }) => ({ body: path === '/feishu' ? { code: 0 } : { errcode: 0 } });
    const { teamId, departmentId, staff } = program.organization;
    const ticket = await newTicket(program, { subject: '两样', team: teamId }, 'dispatcher');
    await readLog();
    const promise = { metric: 'acceptance', dueAt: '2026-11-22T07:00:00.000Z', whom: [{ kind: 'staff', id: staff.agent }], urgency: 'urgent', now: { teamId, departmentId, assigneeId: null } };
    await tell([{ kind: 'sla.escalated', ticketId: ticket.id, data: { ...promise, channels: ['sms'] } }, { kind: 'sla.escalated', ticketId: ticket.id, data: { ...promise, metric: 'resolution' } }]);
    await deliver();
    assert.deepEqual((await deliveries()).filter((one) => one.staff.id === staff.agent && one.ticket?.number === ticket.number).map((one) => one.channel).sort(), ['dingtalk', 'feishu', 'sms']);
    await setUp('feishu', { active: false });
  });

  test('a rung that names nobody there is keeps nobody else from being told', async () => {
    const { teamId, departmentId, staff } = program.organization;
    const ticket = await newTicket(program, { subject: '写错了人', team: teamId }, 'dispatcher');
    await readLog();
    await tell([{ kind: 'sla.escalated', ticketId: ticket.id, data: { metric: 'acceptance', dueAt: null, urgency: 'urgent', now: { teamId, departmentId, assigneeId: null },
      whom: [{ kind: 'team', id: '水电组' }, { kind: 'staff', id: 'zhang' }, { kind: 'role', id: 'boss' }, { kind: 'staff', id: staff.agent }], channels: ['fax'] } }]);
    await readLog();
    assert.ok((await notificationsOf('agent')).some((one) => one.ticket?.number === ticket.number));
  });

  test('a robot gets no more than it takes in a minute, however many are due at once', async () => {
    const { tenantId } = program.organization;
    const ids: string[] = [];
    for (let turn = 0; turn < 30; turn += 1) ids.push((await done(program.call('POST', '/notice-accounts/dingtalk/test', { as: 'administrator', body: {} }))).body.id as string);
    await deliverDue(program.services);
    const calls = () => platform.calls.filter((call) => call.path === '/robot').length;
    assert.equal(calls(), 18);
    const states = await program.database.transact(tenantId, (transaction) => transaction.run(build.selectFrom('notice_delivery').select(['state', 'reason']).where('tenant_id', '=', tenantId).where('id', 'in', ids)));
    assert.deepEqual([states.filter((row) => row.state === 'sent').length, states.filter((row) => row.state === 'waiting' && row.reason === 'rate_limited').length], [18, 12]);
    for (let turn = 0; turn < 6; turn += 1) {
      clock.advance({ seconds: 25 });
      await sendAll();
    }
    assert.equal(calls(), 30, 'the others follow');
  });

  test('pushes go to all browsers side by side, and never into the own network', async () => {
    await setUp('web_push', { settings: { subject: 'mailto:admin@first.example' } });
    const keys = { p256dh: createECDH('prime256v1').generateKeys('base64url'), auth: randomBytes(16).toString('base64url') };
    for (const place of [1, 2, 3]) await done(program.call('POST', '/notice-devices', { as: 'agent', body: { name: `浏览器 ${place}`, face: 'console', endpoint: `${platform.url}/push/${place}`, keys } }));
    await done(program.call('PATCH', '/notice-settings', { as: 'agent', body: { channels: { mentioned: ['web_push'] }, urgent: ['web_push'] }, headers: { 'if-match': '*' } }));
    const ticket = await newTicket(program, { subject: '推送', team: program.organization.teamId }, 'dispatcher');
    await done(program.call('POST', `/tickets/${ticket.id}/comments`, { as: 'dispatcher', body: { body: '看', visibility: 'internal', mentions: [program.organization.staff.agent] } }));
    await deliver();
    assert.equal(platform.calls.filter((call) => call.path.startsWith('/push')).length, 0, 'hosts of the own network are there for rules, not for addresses that anybody writes down');
    const [refused] = (await deliveries()).filter((one) => one.channel === 'web_push' && one.staff.id === program.organization.staff.agent);
    assert.equal(refused!.state, 'failed');
    assert.match(refused!.problem!, /internal network/);
  });

  test('nobody makes everybody their address, and codes do not rain', async () => {
    await setUp('wecom', { mode: 'app', settings: { corpId: 'ww1', agentId: '1', secret: 's', baseUrl: platform.url } });
    for (const address of ['@all', '@ALL', '@']) assertProblem(await program.call('POST', '/notice-addresses', { as: 'agent', body: { channel: 'wecom', address } }), 'invalid_input', address);
    for (let turn = 0; turn < 10; turn += 1) {
      await done(program.call('POST', '/notice-addresses', { as: 'agent', body: { channel: 'sms', address: '13912345678' } }));
      clock.advance({ minutes: 2 });
    }
    const refused = await program.call('POST', '/notice-addresses', { as: 'agent', body: { channel: 'sms', address: '13912345679' } });
    assertProblem(refused, 'phone_code_too_soon');
    clock.advance({ days: 1 });
    await done(program.call('POST', '/notice-addresses', { as: 'agent', body: { channel: 'sms', address: '13912345678' } }));
    await setUp('wecom', { active: false });
  });

  test('a secret is not sent elsewhere by whoever does not know it', async () => {
    const settings = { host: 'smtp.first.example', port: '465', security: 'tls', from: 'notices@first.example', user: 'notices' };
    await setUp('email', { mode: 'smtp', settings: { ...settings, password: 'geheim-7' }, active: false });
    const change = (body: object) => program.call('PATCH', '/notice-accounts/email', { as: 'administrator', body, headers: { 'if-match': '*' } });
    const refused = await change({ settings: { ...settings, host: 'smtp.evil.example' } });
    assertProblem(refused, 'invalid_input');
    assert.equal(refused.body.errors[0].path, '/settings/password');
    assert.deepEqual((await done(change({ settings: { ...settings, user: 'other' } }))).body.secrets, ['password'], 'where it goes has not changed');
    assert.deepEqual((await done(change({ settings: { ...settings, host: 'smtp.second.example', password: 'geheim-8' } }))).body.secrets, ['password']);
    assert.deepEqual((await done(change({ settings: { ...settings, host: 'smtp.third.example', password: '' } }))).body.secrets, [], 'or given up');
    await setUp('wecom', { mode: 'app', settings: { corpId: 'ww1', agentId: '1', secret: 's' }, active: false });
    assertProblem(await program.call('PATCH', '/notice-accounts/wecom', { as: 'administrator', body: { settings: { corpId: 'ww1', agentId: '1', baseUrl: 'https://evil.example' } }, headers: { 'if-match': '*' } }), 'invalid_input');
  });

  test('somebody left between the news and the message: it goes on at once', async () => {
    const ticket = await urgentFor('离职');
    await readLog();
    const { tenantId, staff } = program.organization;
    const active = (value: boolean) => program.database.transact(tenantId, (transaction) => transaction.run(build.updateTable('staff').set({ active: value }).where('tenant_id', '=', tenantId).where('id', '=', staff.technician)));
    await active(false);
    await deliver();
    await later(1);
    assert.ok((await notificationsOf('manager')).some((one) => one.reason === 'unanswered' && one.ticket?.number === ticket.number));
    await active(true);
  });
});
