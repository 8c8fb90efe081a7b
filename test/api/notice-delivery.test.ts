import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { NoticeDelivery } from '../../contract/notice.ts';
import { build, everyTenant, statement } from '../../server/platform/db/database.ts';
import { advance, registerReader, type Reader } from '../../server/platform/facts/readers.ts';
import { deliverDue } from '../../server/reactions/notices/run-notices.ts';
import { leaseSeconds, sendDue, type Lanes } from '../../server/reactions/notices/send-deliveries.ts';
import { openNotices } from '../../server/reactions/notices/write-notices.ts';
import { flow, node } from '../../rules/workflow/sample-flows.ts';
import { openFakePlatform, type FakePlatform } from '../support/fake-platform.ts';
import { openFakeSmtp, type FakeSmtp } from '../support/fake-smtp.ts';
import { openTestProgram, testClock, type Person, type TestClock, type TestProgram } from '../support/program.ts';
import { act, assertProblem, done, newTicket } from './scene.ts';

describe('notices on their way out', { timeout: 240_000 }, () => {
  let program: TestProgram;
  let notices: Reader;
  let clock: TestClock;
  let smtp: FakeSmtp;
  let robot: FakePlatform;
  before(async () => {
    clock = testClock();
    [smtp, robot] = await Promise.all([openFakeSmtp(), openFakePlatform()]);
    program = await openTestProgram({ clock, limits: { signedIn: 100_000, anonymous: 100_000, signIn: 100_000, openUploads: 100_000, phoneSignIn: 100_000 } });
    program.services.privateHosts = ['127.0.0.1'];
    notices = openNotices(clock);
    await registerReader(program.database, notices.name);
    const { staff, teamId, departmentId } = program.organization;
    await program.database.transact(program.organization.tenantId, async (transaction) => {
      await transaction.run(build.updateTable('team').set({ lead_id: staff.manager }).where('id', '=', teamId));
      for (const [place, id] of Object.values(staff).entries()) await transaction.run(build.updateTable('staff').set({ phone: `1380000111${place}`, email: `person${place}@first.example` }).where('id', '=', id));
      await transaction.run(build.updateTable('staff').set({ job: 'manager', department_id: departmentId }).where('id', '=', staff.manager));
    });
    await setUp('email', { mode: 'smtp', settings: { host: '127.0.0.1', port: String(smtp.port), security: 'none', from: 'notices@anju.example', fromName: '安居物业' } });
    await setUp('dingtalk', { mode: 'robot', settings: { webhookUrl: `${robot.url}/robot/send?access_token=t`, secret: 'SECabc' } });
  });
  after(async () => {
    await Promise.all([program.close(), smtp.close(), robot.close()]);
  });
  beforeEach(async () => {
    await settleAll();
    smtp.mails.length = robot.calls.length = 0;
    smtp.refuse = null;
    smtp.silent = false;
    robot.answer = () => ({ body: { errcode: 0, errmsg: 'ok' } });
  });

  const setUp = (channel: string, body: unknown) => done(program.call('PATCH', `/notice-accounts/${channel}`, { as: 'administrator', body, headers: { 'if-match': '*' } }));
  const readLog = async () => {
    while (await advance(program.database, notices) > 0);
  };
  const deliver = async () => {
    await readLog();
    clock.advance({ minutes: 1, seconds: 5 });
    while (await deliverDue(program.services) > 0);
  };
  /** Leaves nothing behind for the next test, and every channel well. */
  const settleAll = async () => {
    await readLog();
    await program.database.transact(everyTenant, async (transaction) => {
      for (const text of ["UPDATE notice_bundle SET closed_at = coalesce(closed_at, created_at), escalate_at = NULL, due_at = created_at - interval '1 day'", "UPDATE notice_delivery SET state = 'suppressed', reason = 'expired', sent_at = NULL WHERE state IN ('waiting', 'sending') OR sent_at IS NOT NULL", 'UPDATE notice_account SET failures = 0, open_until = NULL']) {
        await transaction.query(statement(`test.${text.length}`, text), []);
      }
    });
  };
  const deliveries = async (query = '') => (await done(program.call('GET', `/notice-deliveries?limit=200${query}`, { as: 'administrator' }))).body.items as NoticeDelivery[];
  const of = async (person: Person) => (await deliveries()).filter((one) => one.staff.id === program.organization.staff[person] && one.reason !== 'expired').reverse();
  const urgentFor = async (subject: string) => {
    const { id } = await newTicket(program, { subject, team: program.organization.teamId }, 'dispatcher');
    await done(program.call('PATCH', `/tickets/${id}`, { as: 'dispatcher', body: { priority: 'urgent' }, headers: { 'if-match': '*' } }));
    return act(program, id, 'assign', { assignee: program.organization.staff.technician }, 'dispatcher');
  };
  const mentioned = async (ticket: { id: string }, body: string) => done(program.call('POST', `/tickets/${ticket.id}/comments`, { as: 'agent', body: { body, visibility: 'internal', mentions: [program.organization.staff.dispatcher] } }));

  test('what is urgent goes out on two channels at once, and one sees how and when', async () => {
    const ticket = await urgentFor('三号梯');
    await deliver();
    assert.deepEqual(smtp.mails.map((mail) => [mail.from, mail.to, mail.subject]), [['notices@anju.example', 'person4@first.example', `派给您：${ticket.number} 三号梯`]]);
    assert.ok(smtp.mails[0]!.parts[0]!.includes(`/tickets/${ticket.number}`));
    assert.match(smtp.mails[0]!.raw, /^Auto-Submitted: auto-generated\r$/m);
    assert.equal(robot.calls.length, 1);
    assert.deepEqual(robot.calls[0]!.json.at, { atMobiles: ['13800001114'], isAtAll: false });
    assert.ok(robot.calls[0]!.query.get('sign') && robot.calls[0]!.query.get('timestamp'));
    assert.deepEqual((await of('technician')).map((one) => [one.channel, one.state, one.urgency, one.address, one.ticket?.number]).sort(), [
      ['dingtalk', 'sent', 'urgent', '138****1114', ticket.number], ['email', 'sent', 'urgent', 'p***@first.example', ticket.number],
    ]);
    const { items } = (await done(program.call('GET', '/notifications', { as: 'technician' }))).body;
    assert.deepEqual([items[0].urgency, items[0].carried], ['urgent', true]);
    const shown = (await done(program.call('GET', `/notifications/${items[0].id}/deliveries`, { as: 'technician' }))).body.items as NoticeDelivery[];
    assert.deepEqual(shown.map((one) => [one.channel, one.state, one.sentAt !== null]).sort(), [['dingtalk', 'sent', true], ['email', 'sent', true]]);
    assertProblem(await program.call('GET', `/notifications/${items[0].id}/deliveries`, { as: 'agent' }), 'not_found', 'another’s is not there');
    while (await deliverDue(program.services) > 0);
    assert.equal(smtp.mails.length, 1, 'looked at again, nothing goes out twice');
  });

  test('what is about a task leads to the task', async () => {
    const as = 'administrator';
    const definition = flow([node('start', 'start'), node('check', 'task', { performers: [{ kind: 'person', id: program.organization.staff.dispatcher }] }), node('end', 'end')], 'start > check', 'check > end');
    const made = (await done(program.call('POST', '/flows', { as, body: { name: '复核', definition } }))).body;
    const type = (await done(program.call('POST', '/ticket-types', { as, body: { key: 'to_check', name: '要复核的', form: { fields: [] } } }))).body;
    await done(program.call('PATCH', `/flows/${made.id}`, { as, body: { types: [type.id] }, headers: { 'if-match': `"${made.version}"` } }));
    const draft = (await done(program.call('GET', `/flows/${made.id}/draft`, { as }))).body;
    await done(program.call('POST', `/flows/${made.id}/publish`, { as, body: {}, headers: { 'if-match': `"${draft.version}"` } }));
    const ticket = (await done(program.call('POST', '/tickets', { as, body: { type: 'to_check', subject: '配电房' } }))).body;
    const [task] = (await done(program.call('GET', `/tasks?ticket=${ticket.id}`, { as: 'dispatcher' }))).body.items;
    await deliver();
    assert.equal(smtp.mails.length, 1);
    assert.ok(smtp.mails[0]!.parts[0]!.includes(`/tickets/${ticket.number}#task-${task.id}`), smtp.mails[0]!.parts[0]);
  });

  test('many at once are one message, with their number and the first few', async () => {
    const ticket = await newTicket(program, { subject: '水泵房', team: program.organization.teamId }, 'dispatcher');
    for (let turn = 1; turn <= 8; turn += 1) await mentioned(ticket, `第 ${turn} 次看一下`);
    await deliver();
    assert.equal(smtp.mails.length, 1);
    assert.equal(smtp.mails[0]!.subject, '8 条通知：提到您等');
    assert.equal(smtp.mails[0]!.parts[0]!.match(/提到您：/g)?.length, 5);
    assert.ok(smtp.mails[0]!.parts[0]!.includes('还有 3 条'));
    assert.deepEqual((await of('dispatcher')).map((one) => [one.channel, one.count]).sort(), [['dingtalk', 8], ['email', 8]]);
  });

  test('ten thousand at once are one message a minute, not ten thousand', async () => {
    const { tenantId, staff } = program.organization;
    const ticket = await newTicket(program, { subject: '断网', team: program.organization.teamId }, 'dispatcher');
    await readLog();
    await program.database.transact(tenantId, (transaction) => transaction.query(statement<never>('test.many_facts', `
      INSERT INTO fact (tenant_id, kind, ticket_id, subject_id, actor_kind, actor_id, actor_name, data, occurred_at, recorded_at)
      SELECT $1, 'automation.notified', $2, NULL, 'system', NULL, NULL, jsonb_build_object('staffIds', jsonb_build_array($3::text), 'urgency', 'urgent', 'preview', 'n'), $4, $4 FROM generate_series(1, 10000)`), [tenantId, ticket.id, staff.dispatcher, clock.now()]));
    await deliver();
    assert.deepEqual([smtp.mails.length, robot.calls.length], [1, 1]);
    assert.ok(smtp.mails[0]!.subject.startsWith('10000 条通知'));
    assert.deepEqual((await of('dispatcher')).filter((one) => one.urgency === 'urgent').map((one) => one.count), [10_000, 10_000]);
  });

  test('read in the inbox before it was due, it is not sent', async () => {
    const ticket = await newTicket(program, { subject: '灯坏了', team: program.organization.teamId }, 'dispatcher');
    await mentioned(ticket, '看一下');
    await readLog();
    const { items } = (await done(program.call('GET', '/notifications?unread=true', { as: 'dispatcher' }))).body;
    await done(program.call('POST', '/notifications/read', { as: 'dispatcher', body: { upTo: items[0].id } }));
    await deliver();
    assert.equal(smtp.mails.length + robot.calls.length, 0);
    assert.deepEqual((await of('dispatcher')).at(-1)?.reason, 'already_read');
  });

  test('a channel that is down is tried again, then the next one; each step can be seen, and the account shows that it fails', async () => {
    await done(program.call('PATCH', '/notice-settings', { as: 'dispatcher', body: { channels: { mentioned: ['dingtalk'] } }, headers: { 'if-match': '*' } }));
    robot.answer = () => ({ status: 503, body: 'down' });
    const ticket = await newTicket(program, { subject: '门禁', team: program.organization.teamId }, 'dispatcher');
    await mentioned(ticket, '看一下');
    await deliver();
    let [first] = await of('dispatcher').then((all) => all.slice(-1));
    assert.deepEqual([first!.channel, first!.state, first!.attempts, first!.reason], ['dingtalk', 'waiting', 1, 'temporary']);
    assert.match(first!.problem!, /503/);
    for (const minutes of [1, 3, 11, 61]) {
      clock.advance({ minutes });
      while (await deliverDue(program.services) > 0);
    }
    const all = await of('dispatcher');
    first = all.find((one) => one.id === first!.id);
    const second = all.find((one) => one.insteadOf === 'dingtalk' && one.ticket?.id === ticket.id)!;
    assert.deepEqual([first!.state, first!.attempts, second.channel, second.state], ['failed', 5, 'email', 'sent']);
    assert.equal(smtp.mails.at(-1)!.subject, `提到您：${ticket.number} 门禁`);
    const account = (await done(program.call('GET', '/notice-accounts/dingtalk', { as: 'administrator' }))).body;
    assert.deepEqual([account.health.state, account.health.failures], ['resting', 5]);
    assert.match(account.health.lastFailure, /503/);

    // While it rests, what is urgent goes another way at once.
    robot.calls.length = smtp.mails.length = 0;
    await urgentFor('四号梯');
    await readLog();
    clock.advance({ seconds: 5 });
    while (await deliverDue(program.services) > 0);
    assert.deepEqual([robot.calls.length, smtp.mails.length], [0, 1]);

    // By hand, once it is up again.
    robot.answer = () => ({ body: { errcode: 0 } });
    clock.advance({ minutes: 40 });
    await done(program.call('POST', `/notice-deliveries/${first!.id}/retry`, { as: 'administrator', body: {} }));
    while (await deliverDue(program.services) > 0);
    assert.equal((await deliveries()).find((one) => one.id === first!.id)!.state, 'sent');
    assert.equal((await done(program.call('GET', '/notice-accounts/dingtalk', { as: 'administrator' }))).body.health.state, 'well');
    assertProblem(await program.call('POST', `/notice-deliveries/${first!.id}/retry`, { as: 'administrator', body: {} }), 'delivery_not_retryable');
  });

  test('an address that is refused for good is not tried again; what the other side said is kept', async () => {
    smtp.refuse = () => '550 5.1.1 no such user';
    await urgentFor('漏水');
    await deliver();
    const mail = (await of('technician')).find((one) => one.channel === 'email' && one.state === 'failed')!;
    assert.deepEqual([mail.reason, mail.problemCode, mail.attempts, mail.problem], ['address', 'recipient', 1, '550 5.1.1 no such user']);
  });

  test('a node that dies between sending and writing it down: after its lease the same message goes out under the same reference', async () => {
    await done(program.call('PATCH', '/notice-settings', { as: 'dispatcher', body: { channels: { mentioned: ['email'] } }, headers: { 'if-match': '*' } }));
    const ticket = await newTicket(program, { subject: '水表', team: program.organization.teamId }, 'dispatcher');
    await mentioned(ticket, '看一下');
    await readLog();
    clock.advance({ minutes: 2 });
    // As the claim leaves it when the process is gone.
    await deliverDue({ ...program.services, database: dyingAfterSend(program) }).catch(() => {});
    assert.equal(smtp.mails.length, 1);
    assert.equal((await of('dispatcher')).at(-1)!.state, 'sending');
    assert.equal(await sendDue(program.services, clock.now()), 0, 'nobody else takes it meanwhile');
    clock.advance({ seconds: leaseSeconds + 1 });
    while (await deliverDue(program.services) > 0);
    assert.equal(smtp.mails.length, 2);
    const ids = smtp.mails.map((mail) => /^Message-ID: (.*)$/m.exec(mail.raw)![1]);
    assert.equal(ids[0], ids[1], 'by which mailboxes show one');
    assert.deepEqual([(await of('dispatcher')).at(-1)!.state, (await of('dispatcher')).at(-1)!.attempts], ['sent', 2]);
  });

  test('a service that hangs keeps no other waiting: each account goes on by itself', async () => {
    robot.answer = () => null;
    const lanes: Lanes = new Map();
    const mail = `${program.organization.tenantId} email`;
    const round = () => deliverDue(program.services, clock.now(), lanes);
    await urgentFor('停电');
    await readLog();
    clock.advance({ minutes: 1, seconds: 5 });
    while (await round() > 0);
    // What was urgent goes on both: the mail has arrived while the robot says nothing.
    await lanes.get(mail);
    assert.equal((await of('technician')).findLast((one) => one.channel === 'email')?.state, 'sent');
    assert.deepEqual([...lanes.keys()], [`${program.organization.tenantId} dingtalk`]);
    await done(program.call('PATCH', '/notice-settings', { as: 'dispatcher', body: { channels: { mentioned: ['email', 'dingtalk'] } }, headers: { 'if-match': '*' } }));
    await mentioned(await newTicket(program, { subject: '水表', team: program.organization.teamId }, 'dispatcher'), '看一下');
    await readLog();
    clock.advance({ minutes: 2 });
    while (await round() > 0);
    await lanes.get(mail);
    assert.equal((await of('dispatcher')).findLast((one) => one.channel === 'email')?.state, 'sent');
    assert.equal((await of('dispatcher')).findLast((one) => one.channel === 'dingtalk')?.state, 'waiting', 'in the lane that hangs, one after the other');
    robot.closeConnections();
    await Promise.all(lanes.values());
    robot.answer = () => ({ body: { errcode: 0, errmsg: 'ok' } });
    clock.advance({ minutes: 3 });
    for (let turns = 0; turns < 4; turns += 1) {
      await round();
      await Promise.all(lanes.values());
    }
    assert.equal((await of('dispatcher')).findLast((one) => one.channel === 'dingtalk')?.state, 'sent');
    assert.equal((await of('technician')).findLast((one) => one.channel === 'dingtalk')?.state, 'sent');
  });

  test('quiet hours hold back what is not urgent until they are over, by one’s own clock; a digest gathers', async () => {
    const shown = (zone: string, minutes: number) => new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(clock.now().getTime() + minutes * 60_000);
    await done(program.call('PATCH', '/preferences', { as: 'dispatcher', body: { quietHours: { from: shown('America/New_York', -60), to: shown('America/New_York', 120) } } }));
    await done(program.call('PATCH', '/notice-settings', { as: 'dispatcher', body: { timeZone: 'America/New_York', channels: { mentioned: ['email'] } }, headers: { 'if-match': '*' } }));
    const ticket = await newTicket(program, { subject: '夜里', team: program.organization.teamId }, 'dispatcher');
    await mentioned(ticket, '一');
    await deliver();
    assert.equal(smtp.mails.length, 0);
    clock.advance({ minutes: 60 });
    await mentioned(ticket, '二');
    await deliver();
    assert.equal(smtp.mails.length, 0);
    clock.advance({ minutes: 60 });
    while (await deliverDue(program.services) > 0);
    assert.deepEqual(smtp.mails.map((mail) => mail.subject), ['2 条通知：提到您等']);
    await done(program.call('PATCH', '/preferences', { as: 'dispatcher', body: { quietHours: null } }));

    await done(program.call('PATCH', '/notice-settings', { as: 'dispatcher', body: { digest: { every: 'hour', at: '09:00' } }, headers: { 'if-match': '*' } }));
    await mentioned(ticket, '三');
    await readLog();
    const [bundle] = await program.database.transact(program.organization.tenantId, (transaction) => transaction.run(build.selectFrom('notice_bundle').select('due_at').where('tenant_id', '=', program.organization.tenantId).where('closed_at', 'is', null)));
    assert.equal(bundle!.due_at.getTime() % 3_600_000, 0);
    await done(program.call('PATCH', '/notice-settings', { as: 'dispatcher', body: { digest: { every: 'off', at: '09:00' } }, headers: { 'if-match': '*' } }));
  });

  test('nobody answers: the next channel, then the lead; whoever answers ends it', async () => {
    await setUp('sms', { mode: 'gateway', settings: { url: `${robot.url}/sms`, secret: 'token' } });
    const ticket = await urgentFor('五号门');
    await deliver();
    assert.deepEqual((await of('technician')).slice(-2).map((one) => one.channel).sort(), ['dingtalk', 'sms'], 'by the order that all have');
    clock.advance({ minutes: 11 });
    while (await deliverDue(program.services) > 0);
    assert.deepEqual((await of('technician')).slice(-1).map((one) => [one.channel, one.state, one.step]), [['email', 'sent', 1]]);
    assert.equal((await done(program.call('GET', '/notifications', { as: 'manager' }))).body.items.length, 0);
    clock.advance({ minutes: 11 });
    while (await deliverDue(program.services) > 0);
    clock.advance({ minutes: 1 });
    while (await deliverDue(program.services) > 0);
    const { items } = (await done(program.call('GET', '/notifications', { as: 'manager' }))).body;
    assert.deepEqual(items.map((one: { reason: string; ticket: { number: string }; for: { id: string } }) => [one.reason, one.ticket.number, one.for.id]), [['unanswered', ticket.number, program.organization.staff.technician]]);
    assert.deepEqual((await of('manager')).map((one) => [one.channel, one.escalatedFrom?.id]).sort(), [['dingtalk', program.organization.staff.technician], ['sms', program.organization.staff.technician]]);
    const own = (await done(program.call('GET', '/notifications', { as: 'technician' }))).body.items[0];
    const told = (await done(program.call('GET', `/notifications/${own.id}/deliveries`, { as: 'technician' }))).body.items as NoticeDelivery[];
    assert.ok(told.some((one) => one.staff.id === program.organization.staff.manager), 'one sees who was told in one’s place');
    // The manager answers: nobody else is told.
    await done(program.call('POST', `/notifications/${items[0].id}/acknowledge`, { as: 'manager', body: {} }));
    const before = (await deliveries()).length;
    for (let turn = 0; turn < 4; turn += 1) {
      clock.advance({ minutes: 11 });
      while (await deliverDue(program.services) > 0);
    }
    assert.equal((await deliveries()).length, before);
    await done(program.call('PATCH', '/notice-accounts/sms', { as: 'administrator', body: { active: false }, headers: { 'if-match': '*' } }));
  });

  test('a broken promise is told to whom its policy says, by the channels it names', async () => {
    const { tenantId, staff, teamId, departmentId } = program.organization;
    const ticket = await newTicket(program, { subject: '六号楼', team: teamId }, 'dispatcher');
    await settleAll();
    await program.database.transact(tenantId, (transaction) => transaction.query(statement<never>('test.promises', `
      INSERT INTO fact (tenant_id, kind, ticket_id, actor_kind, data, occurred_at, recorded_at) SELECT $1, kind, $2, 'system', data, $5, $5 FROM unnest($3::text[], $4::jsonb[]) AS given (kind, data)`), [tenantId, ticket.id,
      ['sla.warned', 'sla.escalated'], [
        { metric: 'acceptance', dueAt: '2026-11-22T07:00:00.000Z', whom: [{ kind: 'staff', id: staff.agent }], urgency: 'normal', now: { teamId, departmentId, assigneeId: null } },
        { metric: 'acceptance', dueAt: '2026-11-22T07:00:00.000Z', whom: [{ kind: 'department_head' }, { kind: 'team_lead' }], channels: ['email', 'dingtalk'], urgency: 'urgent', now: { teamId, departmentId, assigneeId: null } },
      ].map((data) => JSON.stringify(data)), clock.now()]));
    await deliver();
    assert.deepEqual(smtp.mails.map((mail) => [mail.to, mail.subject]).sort(), [['person1@first.example', `超时升级：${ticket.number} 六号楼`], ['person3@first.example', `时限快到了：${ticket.number} 六号楼`]]);
    assert.ok(smtp.mails[0]!.parts[0]!.includes('接单时限 11/22 15:00'));
    assert.deepEqual((await of('manager')).slice(-2).map((one) => [one.channel, one.urgency]).sort(), [['dingtalk', 'urgent'], ['email', 'urgent']]);
  });

  test('somebody who does something about the ticket has answered', async () => {
    const ticket = await urgentFor('停电');
    await deliver();
    await act(program, ticket.id, 'accept', {}, 'technician');
    const before = (await deliveries()).length;
    clock.advance({ minutes: 30 });
    while (await deliverDue(program.services) > 0);
    assert.equal((await deliveries()).length, before);
  });

  test('what somebody wrote becomes no header, no mark-up and no mention', async () => {
    const evil = '坏\r\nBcc: all@example.com <script>alert(1)</script> [点我](http://evil.example) @13900000000 {{link}}';
    const ticket = await newTicket(program, { subject: evil.replace('\r\n', ' '), team: program.organization.teamId }, 'dispatcher');
    await done(program.call('PATCH', '/notice-settings', { as: 'dispatcher', body: { channels: { mentioned: ['email', 'dingtalk'] } }, headers: { 'if-match': '*' } }));
    await mentioned(ticket, evil);
    await deliver();
    const [mail] = smtp.mails;
    assert.doesNotMatch(mail!.raw.slice(0, mail!.raw.indexOf('\r\n\r\n')), /^Bcc:/im);
    assert.ok(mail!.parts[1]!.includes('&lt;script&gt;') && !mail!.parts[1]!.includes('<script>'));
    assert.ok(mail!.parts[0]!.includes('{{link}}'), 'a value is no template');
    const { text } = robot.calls[0]!.json.markdown as { text: string };
    assert.ok(!text.includes('](http://evil.example)') && !text.includes('<script>') && !text.includes('@13900000000'));
  });

  test('secrets are never shown, stay when they are left out, and facts say only that they changed', async () => {
    const account = (await done(program.call('GET', '/notice-accounts/dingtalk', { as: 'administrator' }))).body;
    assert.deepEqual([account.settings, account.secrets.sort()], [{}, ['secret', 'webhookUrl']]);
    const changed = (await setUp('email', { settings: { host: '127.0.0.1', port: String(smtp.port), security: 'none', from: 'notices@anju.example', user: 'u', password: 'geheim-123' } })).body;
    assert.deepEqual(changed.secrets, ['password']);
    const kept = (await setUp('email', { settings: { host: '127.0.0.1', port: String(smtp.port), security: 'none', from: 'notices@anju.example' } })).body;
    assert.deepEqual([kept.secrets, kept.settings.user], [['password'], undefined]);
    for (const path of ['/notice-accounts', '/audit?limit=200', '/notice-deliveries']) assert.ok(!(await done(program.call('GET', path, { as: 'administrator' }))).text.includes('geheim-123'), path);
    const stored = await program.database.transact(program.organization.tenantId, (transaction) => transaction.query(statement<{ text: string }>('test.rows', 'SELECT a::text || encode(a.sealed, \'escape\') AS text FROM notice_account a'), []));
    assert.ok(stored.every((row) => !row.text.includes('geheim-123')));
    for (const [settings, path] of [[{ host: 'a b', port: '25', security: 'tls', from: 'a@b.example' }, '/settings/host'], [{ host: 'h', port: '99999', security: 'tls', from: 'a@b.example' }, '/settings/port'], [{ host: 'h', port: '25', security: 'tls', from: 'x\r\nBcc: y@z' }, '/settings/from'], [{ host: 'h', port: '25', security: 'tls', from: 'a@b.example', extra: '1' }, '/settings/extra']] as const) {
      const refused = await program.call('PATCH', '/notice-accounts/email', { as: 'administrator', body: { settings }, headers: { 'if-match': '*' } });
      assert.equal(refused.status, 422, path);
      assert.equal(refused.body.errors[0].path, path);
    }
    assertProblem(await program.call('GET', '/notice-accounts', { as: 'agent' }), 'forbidden');
    assertProblem(await program.call('GET', '/notice-deliveries', { as: 'agent' }), 'forbidden');
  });

  test('a test message goes the way of all messages and says what became of it; inner addresses are refused', async () => {
    const sent = (await done(program.call('POST', '/notice-accounts/dingtalk/test', { as: 'administrator', body: {} }))).body as NoticeDelivery;
    assert.equal(sent.state, 'waiting');
    while (await deliverDue(program.services) > 0);
    assert.equal((await done(program.call('GET', `/notice-deliveries/${sent.id}`, { as: 'administrator' }))).body.state, 'sent');
    program.services.privateHosts = [];
    const inner = (await done(program.call('POST', '/notice-accounts/dingtalk/test', { as: 'administrator', body: {} }))).body as NoticeDelivery;
    while (await deliverDue(program.services) > 0);
    const shown = (await done(program.call('GET', `/notice-deliveries/${inner.id}`, { as: 'administrator' }))).body as NoticeDelivery;
    assert.deepEqual([shown.state, shown.reason], ['failed', 'account']);
    assert.match(shown.problem!, /internal network/);
    program.services.privateHosts = ['127.0.0.1'];
    assertProblem(await program.call('GET', `/notice-deliveries/${inner.id}`, { as: 'agent' }), 'not_found');
  });

  test('an address that somebody types is used once the code came back from there', async () => {
    await setUp('sms', { mode: 'gateway', settings: { url: `${robot.url}/sms` }, active: true });
    assertProblem(await program.call('POST', '/notice-addresses', { as: 'agent', body: { channel: 'sms', address: '010-12345678' } }), 'invalid_input');
    await done(program.call('POST', '/notice-addresses', { as: 'agent', body: { channel: 'sms', address: '+86 139 1234 5678' } }));
    assertProblem(await program.call('POST', '/notice-addresses', { as: 'agent', body: { channel: 'sms', address: '13912345679' } }), 'phone_code_too_soon');
    while (await deliverDue(program.services) > 0);
    const call = robot.calls.find((one) => one.path === '/sms')!;
    assert.equal(call.json.phone, '13912345678');
    const code = /\d{6}/.exec(call.json.text)![0];
    const wrong = code === '000000' ? '000001' : '000000';
    assertProblem(await program.call('POST', '/notice-addresses/sms/confirm', { as: 'agent', body: { code: wrong } }), 'address_code_wrong');
    const ofAgent = async () => (await done(program.call('GET', '/notice-settings', { as: 'agent' }))).body.addresses.find((one: { channel: string }) => one.channel === 'sms');
    assert.deepEqual([(await ofAgent()).source, (await ofAgent()).pending.address], ['record', '13912345678']);
    assert.equal((await program.call('POST', '/notice-addresses/sms/confirm', { as: 'agent', body: { code } })).status, 204);
    assert.deepEqual([(await ofAgent()).source, (await ofAgent()).address], ['own', '13912345678']);
    assert.equal((await program.call('DELETE', '/notice-addresses/sms', { as: 'agent' })).status, 204);
    assert.equal((await ofAgent()).source, 'record');
    // Five wrong guesses, and the right one does not help any more.
    clock.advance({ minutes: 2 });
    robot.calls.length = 0;
    await done(program.call('POST', '/notice-addresses', { as: 'agent', body: { channel: 'sms', address: '13912345678' } }));
    while (await deliverDue(program.services) > 0);
    const second = /\d{6}/.exec(robot.calls.at(-1)!.json.text)![0];
    for (let turn = 0; turn < 5; turn += 1) assertProblem(await program.call('POST', '/notice-addresses/sms/confirm', { as: 'agent', body: { code: second === '111111' ? '222222' : '111111' } }), 'address_code_wrong');
    assertProblem(await program.call('POST', '/notice-addresses/sms/confirm', { as: 'agent', body: { code: second } }), 'address_code_wrong');
    await done(program.call('PATCH', '/notice-accounts/sms', { as: 'administrator', body: { active: false }, headers: { 'if-match': '*' } }));
  });

  test('templates: a draft changes nothing until it is published; unknown variables are refused', async () => {
    const path = '/notice-templates/mentioned/email/zh-CN';
    const draft = { title: '【{{organization}}】{{actor}}找您', body: '{{ticket.number}}\n{{preview}}' };
    assertProblem(await program.call('POST', `${path}/publish`, { as: 'administrator', body: {} }), 'nothing_to_publish');
    assertProblem(await program.call('PATCH', path, { as: 'administrator', body: { draft: { ...draft, title: '{{customer.phone}}' } }, headers: { 'if-match': '*' } }), 'invalid_input');
    await done(program.call('PATCH', path, { as: 'administrator', body: { draft }, headers: { 'if-match': '"0"' } }));
    const preview = (await done(program.call('POST', `${path}/preview`, { as: 'administrator', body: draft }))).body;
    assert.equal(preview.title, '【Test first】赵敏找您');
    assert.match(preview.payload, /^Subject: /m);
    const ticket = await newTicket(program, { subject: '模板', team: program.organization.teamId }, 'dispatcher');
    await done(program.call('PATCH', '/notice-settings', { as: 'dispatcher', body: { channels: { mentioned: ['email'] } }, headers: { 'if-match': '*' } }));
    await mentioned(ticket, '一');
    await deliver();
    assert.equal(smtp.mails.at(-1)!.subject, `提到您：${ticket.number} 模板`);
    await done(program.call('POST', `${path}/publish`, { as: 'administrator', body: {} }));
    await mentioned(ticket, '二');
    await deliver();
    assert.match(smtp.mails.at(-1)!.subject, /^【Test first】.+找您$/);
    // Without a draft, publishing goes back to the standard words.
    await done(program.call('POST', `${path}/publish`, { as: 'administrator', body: {} }));
    assert.equal((await done(program.call('GET', path, { as: 'administrator' }))).body.published, null);
  });

  // As Alibaba Cloud (SmsReport) and Tencent Cloud (短信下发状态通知) have them in their documents.
  const reports = {
    aliyun: (id: string, success: boolean, reference: string) => [{ phone_number: '13900001234', send_time: '2017-01-01 11:12:13', report_time: '2017-02-02 22:23:24', success, err_code: success ? 'DELIVERED' : 'MK:0001', err_msg: success ? '用户接收成功' : '关机', sms_size: '1', biz_id: id, out_id: reference }],
    tencent: (id: string, success: boolean) => [{ user_receive_time: '2015-10-17 08:03:04', nationcode: '86', mobile: '13900001234', report_status: success ? 'SUCCESS' : 'FAIL', errmsg: success ? 'DELIVRD' : 'UNDELIV', description: success ? '用户短信送达成功' : '用户不在服务区', sid: id }],
  };

  test('receipts of text messages: only at the secret address, only onward, and what did not arrive goes another way', async () => {
    let taken = 0;
    robot.answer = (call) => {
      if (call.path === '/robot/send') return { body: { errcode: 0, errmsg: 'ok' } };
      taken += 1;
      return { body: call.query.has('Action') || call.headers['x-acs-action'] ? { Code: 'OK', Message: 'OK', BizId: `biz ${taken}` } : { Response: { SendStatusSet: [{ Code: 'Ok', Message: 'send success', SerialNo: `sid ${taken}` }] } } };
    };
    const textOf = async (person: Person) => (await of(person)).findLast((one) => one.channel === 'sms')!;
    const settings = {
      aliyun: { accessKeyId: 'k', accessKeySecret: 's', signName: '安居', templateCode: 'SMS_1', baseUrl: robot.url }, tencent: { secretId: 'k', secretKey: 's', sdkAppId: '1400', signName: '安居', templateId: '7', region: 'ap-guangzhou', baseUrl: robot.url },
    };
    await done(program.call('PATCH', '/notice-settings', { as: 'technician', body: { urgent: ['sms', 'email', 'dingtalk'] }, headers: { 'if-match': '*' } }));
    for (const mode of ['aliyun', 'tencent'] as const) {
      const { body: account } = await setUp('sms', { mode, settings: settings[mode], active: true });
      const url = new URL(account.receiptUrl as string);
      const tell = (body: unknown, path = url.pathname) => program.inject({ method: 'POST', url: path, headers: { 'content-type': 'application/json' }, payload: typeof body === 'string' ? body : JSON.stringify(body) });
      const good = mode === 'aliyun' ? { code: 0, msg: '接收成功' } : { result: 0, errmsg: 'OK' };
      await urgentFor(`短信 ${mode}`);
      await deliver();
      const name = `${mode === 'aliyun' ? 'biz' : 'sid'} ${taken}`;
      assert.deepEqual([(await textOf('technician')).state, (await of('technician')).slice(-2).map((one) => one.channel).sort()], ['sent', ['email', 'sms']]);
      // Whoever does not know the address says nothing, and what is unreadable is nothing.
      assert.equal((await tell(reports[mode](name, true, ''), `${url.pathname.slice(0, -3)}abc`)).status, 404);
      assert.equal((await tell('not json')).status, 400);
      assert.deepEqual((await tell(reports[mode]('another', true, ''))).body, good, 'of a message that is not ours');
      assert.equal((await textOf('technician')).state, 'sent');
      assert.deepEqual((await tell(reports[mode](name, true, ''))).body, good);
      const arrived = await textOf('technician');
      assert.deepEqual([arrived.state, arrived.problem], ['delivered', null]);
      // Late or again it changes nothing.
      await tell(reports[mode](name, false, ''));
      assert.equal((await textOf('technician')).state, 'delivered');

      await urgentFor(`没到 ${mode}`);
      await deliver();
      const lost = `${mode === 'aliyun' ? 'biz' : 'sid'} ${taken}`;
      assert.deepEqual((await tell(reports[mode](lost, false, ''))).body, good);
      const failed = await textOf('technician');
      assert.deepEqual([failed.state, failed.problemCode, failed.problem], ['failed', 'carrier', mode === 'aliyun' ? 'MK:0001: 关机' : 'UNDELIV: 用户不在服务区']);
      await tell(reports[mode](lost, true, ''));
      assert.equal((await textOf('technician')).state, 'failed');
      while (await deliverDue(program.services) > 0);
      assert.deepEqual([(await of('technician')).at(-1)!.channel, (await of('technician')).at(-1)!.insteadOf, (await of('technician')).at(-1)!.state], ['dingtalk', 'sms', 'sent']);
    }
    // One that comes while the message is still being written down is asked for again.
    const { body: account } = await done(program.call('GET', '/notice-accounts/sms', { as: 'administrator' }));
    const { body: trial } = await done(program.call('POST', '/notice-accounts/sms/test', { as: 'administrator', body: { address: '13900001234' } }));
    await program.database.transact(program.organization.tenantId, (transaction) => transaction.run(build.updateTable('notice_delivery').set({ state: 'sending' }).where('id', '=', trial.id)));
    const early = await program.inject({ method: 'POST', url: new URL(account.receiptUrl as string).pathname, payload: JSON.stringify(reports.tencent('sid early', true)) });
    assert.equal(early.body.result, 1);
    await done(program.call('PATCH', '/notice-settings', { as: 'technician', body: { urgent: [] }, headers: { 'if-match': '*' } }));
    await done(program.call('PATCH', '/notice-accounts/sms', { as: 'administrator', body: { active: false }, headers: { 'if-match': '*' } }));
    assert.equal((await done(program.call('GET', '/notice-accounts/email', { as: 'administrator' }))).body.receiptUrl, null);
  });

  test('all that is missing in the account of a channel is named at once; why a channel fails is a word in both languages', async () => {
    const refused = await program.call('PATCH', '/notice-accounts/wecom', { as: 'administrator', body: { mode: 'app', settings: { agentId: 'x', stray: '1' } }, headers: { 'if-match': '*' } });
    assertProblem(refused, 'invalid_input');
    assert.deepEqual(refused.body.errors.map((error: { path: string; code: string }) => [error.path, error.code]), [['/settings/corpId', 'required'], ['/settings/agentId', 'pattern'], ['/settings/secret', 'required'], ['/settings/stray', 'unknown']]);
    program.services.privateHosts = [];
    try {
      const { body: trial } = await done(program.call('POST', '/notice-accounts/dingtalk/test', { as: 'administrator', body: { address: '13900001234' } }));
      while (await deliverDue(program.services) > 0);
      const seen = (await done(program.call('GET', `/notice-deliveries/${trial.id}`, { as: 'administrator' }))).body as NoticeDelivery;
      assert.deepEqual([seen.state, seen.reason, seen.problemCode], ['failed', 'account', 'private_address']);
      assert.equal((await done(program.call('GET', '/notice-accounts/dingtalk', { as: 'administrator' }))).body.health.lastFailureCode, 'private_address');
    } finally {
      program.services.privateHosts = ['127.0.0.1'];
    }
  });
});

/** A database that goes away when what was sent is to be written down. */
function dyingAfterSend(program: TestProgram): TestProgram['database'] {
  const { database } = program;
  return {
    ...database,
    transact: (tenantId, work, options) => database.transact(tenantId, (transaction) => work({
      ...transaction,
      query: (asked, values) => (asked.name === 'notice.settle' ? Promise.reject(new Error('the process is gone')) : transaction.query(asked, values)),
    }), options),
  };
}
