import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { build } from '../../server/platform/db/database.ts';
import { advance, registerReader, type Reader } from '../../server/platform/facts/readers.ts';
import { followSignals } from '../../server/platform/realtime/signals.ts';
import { isQuiet, tellNotified } from '../../server/reactions/feed/tell-notified.ts';
import { openNotices } from '../../server/reactions/notices/write-notices.ts';
import { openTestProgram, type Person, type TestProgram } from '../support/program.ts';
import { openEventSource } from './event-source.ts';
import { act, assertProblem, done, linkOf, newTicket } from './scene.ts';

interface Line { id: string; reason: string; factKind: string; ticket: { id: string } | null; preview: string | null; for: { id: string } | null; readAt: string | null; actor: string | null }

describe('notifications', { timeout: 120_000 }, () => {
  let program: TestProgram;
  let notices: Reader;
  before(async () => {
    program = await openTestProgram({ limits: { signedIn: 100_000, anonymous: 100_000, signIn: 100_000, openUploads: 100_000, phoneSignIn: 100_000 } });
    notices = openNotices(program.services.clock);
    await registerReader(program.database, notices.name);
    await program.database.transact(program.organization.tenantId, (transaction) => transaction.run(build.updateTable('team').set({ lead_id: program.organization.staff.manager }).where('id', '=', program.organization.teamId)));
  });
  after(() => program.close());
  const read = async () => {
    while (await advance(program.database, notices) > 0);
  };
  /** What somebody was told of a ticket, the oldest first. */
  const toldOf = async (person: Person, ticket: { id: string }): Promise<string[]> => {
    await read();
    const { items } = (await done(program.call('GET', '/notifications?limit=200', { as: person }))).body as { items: Line[] };
    return items.filter((line) => line.ticket?.id === ticket.id).map((line) => `${line.reason} ${line.factKind}`).reverse();
  };

  test('people hear of what concerns them, once, and not of what they did themselves', async () => {
    const { staff, teamId } = program.organization;
    const ticket = await newTicket(program, { requester: { name: '王芳', phone: '13812345678' }, team: teamId, priority: 'normal' });
    await done(program.call('POST', `/tickets/${ticket.id}/watchers/me`, { as: 'dispatcher' }));
    await act(program, ticket.id, 'assign', { assignee: staff.technician }, 'agent');
    await act(program, ticket.id, 'decline', { reason: '不在附近' }, 'technician');
    await act(program, ticket.id, 'assign', { assignee: staff.agent }, 'dispatcher');
    await done(program.call('POST', `/tickets/${ticket.id}/comments`, { as: 'agent', body: { body: '@dispatcher 看一下', visibility: 'internal', mentions: [staff.dispatcher, staff.agent] } }));
    await done(program.call('POST', `/progress/${linkOf(ticket)}/comments`, { body: { body: '还在漏水' } }));
    await act(program, ticket.id, 'resolve', { resolution: '已换阀门' }, 'agent');
    assert.deepEqual(await toldOf('agent', ticket), ['returned ticket.declined', 'assigned ticket.assigned', 'replied comment.added']);
    assert.deepEqual(await toldOf('manager', ticket), ['returned ticket.declined'], 'the lead of the team');
    assert.deepEqual(await toldOf('dispatcher', ticket), ['watching ticket.assigned', 'watching ticket.declined', 'mentioned comment.added', 'watching comment.added', 'watching ticket.resolved']);
    assert.deepEqual(await toldOf('technician', ticket), [], 'it left their sight before they could be told');
    // The log read again from its beginning tells nothing twice.
    await program.database.transact('00000000-0000-0000-0000-000000000000', (transaction) => transaction.run(build.updateTable('fact_reader').set({ transaction: '0', position: 0 }).where('name', '=', notices.name)));
    assert.equal((await toldOf('dispatcher', ticket)).length, 5);
    const { items } = (await done(program.call('GET', '/notifications', { as: 'agent' }))).body as { items: Line[] };
    assert.deepEqual([items[0]!.preview, items[0]!.actor, items[0]!.readAt], ['还在漏水', '王芳', null]);
  });

  test('who is asked beside a ticket hears of it, whether or not they read the ticket, and so does who asked', async () => {
    const { staff, teamId, otherTeamId } = program.organization;
    const ticket = await newTicket(program, { team: otherTeamId });
    const asked = (await done(program.call('POST', `/tickets/${ticket.id}/side-conversations`, { as: 'agent', body: { subject: '借把扳手', body: '谁有大号的？', team: teamId } }))).body;
    await done(program.call('POST', `/side-conversations/${asked.id}/messages`, { as: 'technician', body: { body: '我有' } }));
    await done(program.call('POST', `/side-conversations/${asked.id}/messages`, { as: 'agent', body: { body: '放门卫室' } }));
    await read();
    const beside = async (person: Person) => ((await done(program.call('GET', '/notifications?limit=200', { as: person }))).body.items as (Line & { sideConversation: { id: string; subject: string } | null })[])
      .filter((line) => line.sideConversation?.id === asked.id).map((line) => [line.reason, line.preview, line.ticket?.id ?? null]).reverse();
    assert.deepEqual(await beside('technician'), [['side_conversation', '谁有大号的？', null], ['side_conversation', '放门卫室', null]]);
    assert.deepEqual(await beside('agent'), [['side_conversation', '我有', ticket.id]]);
    assert.deepEqual(await beside('dispatcher'), [], 'nobody asked them');
    await done(program.call('POST', `/side-conversations/${asked.id}/close`, { as: 'technician' }));
    await read();
    assert.equal((await beside('agent')).length, 2);
    assert.ok(staff.agent);
  });

  test('who is given a point of a checklist hears of it', async () => {
    const { staff } = program.organization;
    const ticket = await newTicket(program, { assignee: staff.technician }, 'dispatcher');
    const { items } = (await done(program.call('POST', `/tickets/${ticket.id}/checklist`, { as: 'dispatcher', body: { items: [{ text: '拍照' }, { text: '量水压', assignee: staff.agent }] } }))).body;
    await done(program.call('PATCH', `/tickets/${ticket.id}/checklist/${items[0].id}`, { as: 'dispatcher', body: { assignee: staff.technician }, headers: { 'if-match': '*' } }));
    await done(program.call('PATCH', `/tickets/${ticket.id}/checklist/${items[0].id}`, { as: 'dispatcher', body: { text: '拍三张照' }, headers: { 'if-match': '*' } }));
    assert.deepEqual(await toldOf('agent', ticket), ['checklist checklist.added']);
    assert.deepEqual((await toldOf('technician', ticket)).filter((line) => line.startsWith('checklist')), ['checklist checklist.changed']);
  });

  test('something urgent that nobody has calls those who hand out work', async () => {
    const { staff } = program.organization;
    const urgent = await newTicket(program, { priority: 'urgent' }, 'agent');
    const taken = await newTicket(program, { priority: 'urgent', assignee: staff.agent }, 'dispatcher');
    const normal = await newTicket(program, { priority: 'high' }, 'agent');
    assert.deepEqual([await toldOf('dispatcher', urgent), await toldOf('dispatcher', taken), await toldOf('dispatcher', normal)], [['urgent ticket.created'], [], []]);
    assert.deepEqual([await toldOf('agent', urgent), await toldOf('technician', urgent)], [[], []]);
    const ours = await newTicket(program, { priority: 'urgent', team: program.organization.teamId }, 'dispatcher');
    assert.deepEqual([await toldOf('manager', ours), await toldOf('dispatcher', ours)], [['urgent ticket.created'], []], 'the lead of its team; nobody of what they took down themselves');
  });

  test('a mentioned team is its members, as far as they may see the ticket', async () => {
    const { teamId, otherTeamId } = program.organization;
    const ticket = await newTicket(program);
    await done(program.call('POST', `/tickets/${ticket.id}/comments`, { as: 'dispatcher', body: { body: '@水电班 @客服班', visibility: 'internal', mentionTeams: [teamId, otherTeamId] } }));
    assert.deepEqual([await toldOf('agent', ticket), await toldOf('technician', ticket)], [['team_mentioned comment.added'], []]);
  });

  test('whoever watched a ticket that was merged hears of the one it went into', async () => {
    const [source, target] = [await newTicket(program), await newTicket(program)];
    await done(program.call('POST', `/tickets/${source.id}/watchers/me`, { as: 'agent' }));
    await done(program.call('POST', `/tickets/${source.id}/merge`, { as: 'dispatcher', body: { into: target.id } }));
    await done(program.call('POST', `/tickets/${target.id}/comments`, { as: 'dispatcher', body: { body: '一起处理', visibility: 'internal' } }));
    assert.deepEqual([await toldOf('agent', source), await toldOf('agent', target)], [['watching ticket.merged'], ['watching comment.added']]);
  });

  test('a colleague who is asked to help is told, and the ticket is theirs as well', async () => {
    const { staff } = program.organization;
    const ticket = await newTicket(program, { assignee: staff.agent }, 'dispatcher');
    assertProblem(await program.call('GET', `/tickets/${ticket.id}`, { as: 'technician' }), 'not_found');
    assert.equal((await done(program.call('GET', `/tickets/${ticket.id}/helpers`, { as: 'agent' }))).body.mayDelegate, true);
    const helped = (await done(program.call('POST', `/tickets/${ticket.id}/helpers`, { as: 'agent', body: { staffId: staff.technician, note: '帮忙看下' } }))).body;
    assert.deepEqual(helped.assignee.id, staff.agent, 'the assignee stays');
    await done(program.call('POST', `/tickets/${ticket.id}/helpers`, { as: 'agent', body: { staffId: staff.technician } }));
    assert.deepEqual(await toldOf('technician', ticket), ['delegated ticket.delegated']);
    assert.deepEqual((await done(program.call('GET', `/tickets/${ticket.id}/helpers`, { as: 'technician' }))).body.items.map((one: { id: string }) => one.id), [staff.technician]);
    await done(program.call('DELETE', `/tickets/${ticket.id}/helpers/${staff.technician}`, { as: 'technician' }));
    assertProblem(await program.call('GET', `/tickets/${ticket.id}`, { as: 'technician' }), 'not_found');
    assert.deepEqual(await toldOf('technician', ticket), [], 'what left their sight is not shown in the list either');
    await act(program, ticket.id, 'resolve', { resolution: '好了' }, 'agent');
    assertProblem(await program.call('POST', `/tickets/${ticket.id}/helpers`, { as: 'agent', body: { staffId: staff.technician } }), 'action_not_open');
  });

  test('they are counted, read one by one and up to one, and left out where somebody does not want them', async () => {
    const ticket = await newTicket(program);
    const mention = (body: string) => done(program.call('POST', `/tickets/${ticket.id}/comments`, { as: 'agent', body: { body, visibility: 'internal', mentions: [program.organization.staff.administrator] } }));
    for (const body of ['一', '二', '三']) await mention(body);
    await read();
    const list = async (query = '') => ((await done(program.call('GET', `/notifications${query}`, { as: 'administrator' }))).body as { items: Line[]; nextCursor: string | null });
    const count = async () => (await done(program.call('GET', '/notifications/count', { as: 'administrator' }))).body;
    const { items: [third, second, first] } = await list();
    assert.deepEqual([third!.preview, await count()], ['三', { unread: 3, capped: false }]);
    await done(program.call('POST', `/notifications/${second!.id}/read`, { as: 'administrator' }));
    assertProblem(await program.call('POST', `/notifications/${second!.id}/read`, { as: 'agent' }), 'not_found');
    assert.deepEqual((await list('?unread=true')).items.map((line) => line.id), [third!.id, first!.id]);
    const page = await list('?limit=1');
    assert.deepEqual((await list(`?limit=1&cursor=${page.nextCursor}`)).items.map((line) => line.id), [second!.id]);
    await mention('四');
    await read();
    await done(program.call('POST', '/notifications/read', { as: 'administrator', body: { upTo: third!.id } }));
    assert.deepEqual(await count(), { unread: 1, capped: false });
    await done(program.call('PATCH', '/preferences', { as: 'administrator', body: { notify: { mentioned: { inApp: false, desktop: true, sound: true } } } }));
    await mention('五');
    await read();
    assert.deepEqual(await count(), { unread: 1, capped: false });
  });

  test('they come by the feed to the person alone, whichever node wrote them', async () => {
    const signals = await followSignals(program.database, program.services.hub, program.services.log, (people) => void tellNotified(program.services, people));
    const base = `${await program.app.listen({ port: 0, host: '127.0.0.1' })}/api/v1`;
    const follow = async (person: Person) => {
      const source = await openEventSource(`${base}/feed`, { authorization: `Bearer ${program.organization.tokens[person]}` });
      await source.next((event) => event.event === 'ready');
      return source;
    };
    const [agent, dispatcher] = [await follow('agent'), await follow('dispatcher')];
    try {
      const ticket = await newTicket(program, {}, 'dispatcher');
      await done(program.call('PATCH', '/preferences', { as: 'agent', body: { desktopNotifications: true } }));
      await act(program, ticket.id, 'assign', { assignee: program.organization.staff.agent }, 'dispatcher');
      await read();
      const { data } = await agent.next((event) => event.event === 'notification');
      assert.deepEqual([data.reason, data.ticket.number, data.actor, data.desktop, data.sound], ['assigned', ticket.number, 'dispatcher first', true, true]);
      assert.equal(dispatcher.events.filter((event) => event.event === 'notification').length, 0);
    } finally {
      agent.cut();
      dispatcher.cut();
      await signals.stop();
    }
  });

  test('quiet hours go by the organization’s clock, also over midnight', () => {
    const at = (time: string) => new Date(`2026-11-21T${time}:00+08:00`);
    const night = { from: '22:00', to: '07:30' };
    for (const [time, quiet] of [['21:59', false], ['22:00', true], ['00:00', true], ['07:29', true], ['07:30', false]] as const) assert.equal(isQuiet(night, at(time), 'Asia/Shanghai'), quiet, time);
    assert.equal(isQuiet({ from: '12:00', to: '13:00' }, at('12:30'), 'Asia/Shanghai'), true);
    assert.equal(isQuiet({ from: '12:00', to: '13:00' }, at('12:30'), 'Europe/London'), false);
    assert.equal(isQuiet(null, at('12:30'), 'Asia/Shanghai'), false);
  });
});
