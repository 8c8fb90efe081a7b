import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openTestProgram, type TestProgram } from '../support/program.ts';
import { act, assertProblem, done, newTicket, writesNothing } from './scene.ts';

const wide = { signedIn: 100_000, anonymous: 100_000, signIn: 100_000, openUploads: 100_000, phoneSignIn: 100_000 };

describe('the desk', { timeout: 120_000 }, () => {
  let program: TestProgram;
  before(async () => void (program = await openTestProgram({ limits: wide })));
  after(() => program.close());
  const etag = async (path: string, as: 'agent' | 'administrator' | 'manager' = 'agent') => ({ 'if-match': String((await done(program.call('GET', path, { as }))).headers['etag']) });

  test('somebody watches a ticket, and lets go of it; once is as good as twice', async () => {
    const ticket = await newTicket(program);
    const path = `/tickets/${ticket.id}/watchers`;
    const first = (await done(program.call('POST', `${path}/me`, { as: 'agent' }))).body;
    assert.deepEqual([first.staff.id, (await done(program.call('POST', `${path}/me`, { as: 'agent' }))).body], [program.organization.staff.agent, first]);
    await done(program.call('POST', `${path}/${program.organization.staff.dispatcher}`, { as: 'agent' }));
    assert.deepEqual((await done(program.call('GET', path, { as: 'agent' }))).body.items.map((one: { staff: { id: string } }) => one.staff.id).sort(), [program.organization.staff.agent, program.organization.staff.dispatcher].sort());
    assert.equal((await done(program.call('GET', `${path}?limit=1`, { as: 'agent' }))).body.items.length, 1);
    // The ticket says who watches it, but was not changed by it.
    const kinds = (await done(program.call('GET', `/tickets/${ticket.id}/timeline`, { as: 'agent' }))).body.items.map((entry: { kind: string }) => entry.kind);
    assert.deepEqual(kinds, ['ticket.created', 'watcher.added', 'watcher.added']);
    assert.equal((await done(program.call('GET', `/tickets/${ticket.id}`, { as: 'agent' }))).body.version, ticket.version);
    await done(program.call('DELETE', `${path}/me`, { as: 'agent' }));
    await done(program.call('DELETE', `${path}/me`, { as: 'agent' }));
    assert.deepEqual((await done(program.call('GET', path, { as: 'agent' }))).body.items.length, 1);
  });

  test('nobody is made to watch what they may not see, and nobody without the right makes others watch', async () => {
    const ticket = await newTicket(program);
    const { technician, agent, stranger } = program.organization.staff;
    await writesNothing(program, async () => {
      for (const person of [technician, stranger]) assertProblem(await program.call('POST', `/tickets/${ticket.id}/watchers/${person}`, { as: 'agent' }), 'watcher_cannot_read');
      assertProblem(await program.call('POST', `/tickets/${ticket.id}/watchers/me`, { as: 'technician' }), 'not_found');
      assertProblem(await program.call('POST', `/tickets/${ticket.id}/watchers/nobody`, { as: 'agent' }), 'not_found');
    });
    await act(program, ticket.id, 'assign', { assignee: technician });
    await done(program.call('POST', `/tickets/${ticket.id}/watchers/me`, { as: 'technician' }));
    assertProblem(await program.call('POST', `/tickets/${ticket.id}/watchers/${agent}`, { as: 'technician' }), 'forbidden');
    // Whoever may see it no longer still lets go.
    await act(program, ticket.id, 'assign', { assignee: agent });
    assertProblem(await program.call('GET', `/tickets/${ticket.id}/watchers`, { as: 'technician' }), 'not_found');
    await done(program.call('DELETE', `/tickets/${ticket.id}/watchers/me`, { as: 'technician' }));
    assertProblem(await program.call('DELETE', `/tickets/${ticket.id}/watchers/me`, { as: 'technician' }), 'not_found');
  });

  test('a canned reply is one’s own, a team’s or everybody’s, and filled in with what the reader may see', async () => {
    const { otherTeamId, teamId } = program.organization;
    const create = (body: object, as: 'agent' | 'administrator' | 'manager' | 'technician' = 'agent') => program.call('POST', '/canned-replies', { as, body });
    const own = (await done(create({ kind: 'personal', name: '我的问候', shortcut: 'hi', category: '问候', body: '{{customer.name|您好}}，我是 {{agent.name}}，{{ticket.number}}，电话 {{customer.phone}}{{asset.name}}' }))).body;
    assertProblem(await create({ kind: 'shared', name: 'x', body: 'x' }), 'forbidden');
    assertProblem(await create({ kind: 'team', teamId: otherTeamId, name: 'x', body: 'x' }), 'forbidden');
    assertProblem(await create({ kind: 'team', name: 'x', body: 'x' }), 'invalid_input');
    assertProblem(await create({ kind: 'personal', name: 'x', body: '{{customer.secret}}' }), 'invalid_input');
    const shared = (await done(create({ kind: 'shared', name: '全员', body: '已派工' }, 'administrator'))).body;
    const ofTeam = (await done(create({ kind: 'team', teamId, name: '水电', body: '马上到' }, 'manager'))).body;
    assertProblem(await create({ kind: 'team', teamId: otherTeamId, name: 'x', body: 'x' }, 'manager'), 'forbidden');

    const listed = async (as: 'agent' | 'technician' | 'manager', query = '') => (await done(program.call('GET', `/canned-replies${query}`, { as }))).body.items.map((one: { id: string }) => one.id).sort();
    assert.deepEqual(await listed('agent'), [own.id, shared.id].sort());
    assert.deepEqual(await listed('technician'), [ofTeam.id, shared.id].sort());
    assert.deepEqual(await listed('agent', `?q=${encodeURIComponent('HI')}`), [own.id]);
    assert.deepEqual(await listed('agent', `?category=${encodeURIComponent('问候')}`), [own.id]);
    assert.deepEqual(await listed('agent', '?q=%25'), []);
    assertProblem(await program.call('GET', `/canned-replies/${own.id}`, { as: 'administrator' }), 'not_found');

    const ticket = await newTicket(program, { requester: { name: '王芳', phone: '13812345678' } });
    const render = (body: object) => program.call('POST', `/canned-replies/${own.id}/render`, { as: 'agent', body: { ticketId: ticket.id, ...body } });
    assert.deepEqual((await done(render({ preview: true }))).body, { text: `王芳，我是 agent first，${ticket.number}，电话 138****5678`, missing: ['asset.name'] });
    await done(render({}));
    assert.equal((await done(program.call('GET', `/canned-replies/${own.id}`, { as: 'agent' }))).body.useCount, 1);
    assertProblem(await program.call('POST', `/canned-replies/${shared.id}/render`, { as: 'technician', body: { ticketId: ticket.id } }), 'not_found');

    assertProblem(await program.call('PATCH', `/canned-replies/${shared.id}`, { as: 'agent', body: { name: 'y' }, headers: { 'if-match': '"1"' } }), 'forbidden');
    const archived = (await done(program.call('PATCH', `/canned-replies/${own.id}`, { as: 'agent', body: { active: false }, headers: await etag(`/canned-replies/${own.id}`) }))).body;
    assert.deepEqual([archived.active, archived.version], [false, 2]);
    assert.deepEqual([await listed('agent'), await listed('agent', '?archived=true')], [[shared.id], [own.id]]);
    assertProblem(await program.call('PATCH', `/canned-replies/${own.id}`, { as: 'agent', body: { name: 'z' }, headers: { 'if-match': '"1"' } }), 'stale_version');
    // What is one's own is not told; what is shared is.
    const told = (await done(program.call('GET', '/audit?kind=canned_reply.created', { as: 'administrator' }))).body.items.map((entry: { subjectId: string }) => entry.subjectId);
    assert.deepEqual(told.sort(), [shared.id, ofTeam.id].sort());
  });

  test('a draft is kept on the server, and two devices do not overwrite each other', async () => {
    const ticket = await newTicket(program);
    const place = `ticket:${ticket.id}:reply`;
    const save = (body: object, as: 'agent' | 'dispatcher' = 'agent') => program.call('POST', '/drafts', { as, body: { place, ...body } });
    const first = (await done(save({ content: { body: '写了一半' } }))).body;
    assert.deepEqual([first.version, first.content], [1, { body: '写了一半' }]);
    assert.equal((await done(save({ content: { body: '又一些' }, version: 1 }))).body.version, 2);
    const conflict = await save({ content: { body: '别的设备' }, version: 1 });
    assertProblem(conflict, 'draft_conflict');
    assert.deepEqual([conflict.body.stored.content, conflict.body.stored.version, conflict.body.given], [{ body: '又一些' }, 2, { body: '别的设备' }]);
    assert.equal((await done(save({ content: { body: '又一些' }, version: 1 }))).body.version, 2, 'the same again is no conflict');
    assert.deepEqual((await done(program.call('GET', `/drafts?place=${place}`, { as: 'agent' }))).body.items.map((one: { version: number }) => one.version), [2]);
    assert.deepEqual((await done(program.call('GET', '/drafts', { as: 'dispatcher' }))).body.items, []);
    await done(save({ content: { other: true } }, 'dispatcher'));
    for (const name of ['new-ticket', 'new-ticket:2', 'new-ticket:3']) await done(program.call('POST', '/drafts', { as: 'agent', body: { place: name, content: {} } }));
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: { items: { place: string }[]; nextCursor: string | null } = (await done(program.call('GET', `/drafts?limit=1${cursor ? `&cursor=${cursor}` : ''}`, { as: 'agent' }))).body;
      seen.push(...page.items.map((one) => one.place));
      cursor = page.nextCursor;
    }
    assert.deepEqual(seen.sort(), ['new-ticket', 'new-ticket:2', 'new-ticket:3', place].sort());
    await done(program.call('DELETE', `/drafts?place=${place}`, { as: 'agent' }));
    await done(program.call('DELETE', `/drafts?place=${place}`, { as: 'agent' }));
    assert.deepEqual((await done(program.call('GET', `/drafts?place=${place}`, { as: 'agent' }))).body.items, []);
    assert.equal((await done(program.call('GET', `/drafts?place=${place}`, { as: 'dispatcher' }))).body.items.length, 1);
    assertProblem(await program.call('POST', '/drafts', { as: 'agent', body: { place: 'new-ticket', content: { body: '长'.repeat(22_000) } } }), 'body_too_large');
    for (const wrong of ['', '../x', 'a b', 'ticket:', 'X']) assertProblem(await program.call('POST', '/drafts', { as: 'agent', body: { place: wrong, content: {} } }), 'invalid_input');
    assertProblem(await program.call('GET', '/drafts?cursor=bm9uc2Vuc2U', { as: 'agent' }), 'invalid_cursor');
  });

  test('two devices that begin at once make one draft', async () => {
    const answers = await Promise.all(['甲', '乙', '丙'].map((body) => program.call('POST', '/drafts', { as: 'dispatcher', body: { place: 'new-ticket', content: { body } } })));
    assert.deepEqual(answers.map((answer) => answer.status).sort(), [200, 409, 409]);
  });

  test('preferences are checked, and changed one by one', async () => {
    const standard = (await done(program.call('GET', '/preferences', { as: 'agent' }))).body;
    assert.deepEqual([standard.undoSeconds, standard.language, standard.notify.mentioned], [15, null, { inApp: true, desktop: true, sound: true }]);
    const changed = (await done(program.call('PATCH', '/preferences', { as: 'agent', body: { undoSeconds: 5, quietHours: { from: '22:00', to: '07:30' }, notify: { watching: { inApp: false, desktop: false, sound: false } }, shortcuts: { 'ticket.reply': 'r' } } }))).body;
    assert.deepEqual((await done(program.call('GET', '/preferences', { as: 'agent' }))).body, changed);
    assert.deepEqual([changed.undoSeconds, changed.notify.watching.inApp, changed.notify.mentioned, changed.theme], [5, false, standard.notify.mentioned, 'system']);
    assert.equal((await done(program.call('PATCH', '/preferences', { as: 'agent', body: { quietHours: null } }))).body.quietHours, null);
    assertProblem(await program.call('PATCH', '/preferences', { as: 'agent', body: {} }), 'nothing_to_change');
    for (const wrong of [{ undoSeconds: 61 }, { quietHours: { from: '24:00', to: '07:00' } }, { notify: { nonsense: { inApp: true, desktop: true, sound: true } } }, { theme: 'pink' }, { other: 1 }, { shortcuts: { 'A b': 'x' } }]) {
      assertProblem(await program.call('PATCH', '/preferences', { as: 'agent', body: wrong }), 'invalid_input', JSON.stringify(wrong));
    }
    assert.deepEqual((await done(program.call('GET', '/preferences', { as: 'dispatcher' }))).body, standard, 'they are one’s own');
  });
});
