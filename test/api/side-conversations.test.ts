import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { build } from '../../server/platform/db/database.ts';
import { openTestProgram, type TestProgram } from '../support/program.ts';
import { act, assertProblem, done, newTicket, photoOf, upload, writesNothing } from './scene.ts';

// oxlint-disable-next-line typescript/no-explicit-any -- answers of every shape
type Any = any;
type Who = 'agent' | 'technician' | 'administrator' | 'manager' | 'stranger' | 'dispatcher';

describe('side conversations', () => {
  let program: TestProgram;
  before(async () => {
    program = await openTestProgram({ limits: { signedIn: 100_000, anonymous: 100_000, signIn: 100_000, openUploads: 100_000, phoneSignIn: 100_000 } });
  });
  after(() => program?.close());

  const open = (id: string, body: Record<string, unknown>, as: Who = 'agent') => program.call('POST', `/tickets/${id}/side-conversations`, { as, body: { subject: '请帮忙', body: '看一下', ...body } });
  const reply = (id: string, body: Record<string, unknown>, as: Who) => program.call('POST', `/side-conversations/${id}/messages`, { as, body: { body: '好的', ...body } });
  const show = (id: string, as: Who) => program.call('GET', `/side-conversations/${id}`, { as });
  const messages = async (id: string, as: Who): Promise<Any[]> => (await done(program.call('GET', `/side-conversations/${id}/messages`, { as }))).body.items;
  const mine = async (as: Who, query = ''): Promise<string[]> => (await done(program.call('GET', `/side-conversations${query}`, { as }))).body.items.map((one: Any) => one.id);
  const say = async (id: string, body: string, attachments: string[] = []): Promise<Any> => (await done(program.call('POST', `/tickets/${id}/comments`, { as: 'agent', body: { body, visibility: 'internal', attachments } }))).body;
  const send = async (shade: string, as: Who = 'agent') => (await done(upload(program, as, { content: await photoOf(shade) }))).body.id as string;
  const timeline = async (id: string): Promise<Any[]> => (await done(program.call('GET', `/tickets/${id}/timeline`, { as: 'administrator' }))).body.items;
  const outbox = (): Promise<Any[]> => program.database.transact(program.organization.tenantId, (transaction) => transaction.run(build.selectFrom('outgoing_message').selectAll().orderBy('id')));

  test('with a team are seen and answered by its people, who see of the ticket what is quoted and nothing else', async () => {
    const { organization } = program;
    const ticket = await newTicket(program, { subject: '客户的私事', team: organization.otherTeamId, requester: { name: '王芳', phone: '13800001111' } });
    const [shown, hidden] = [await send('#334455'), await send('#556677')];
    const quoted = await say(ticket.id, '水表走得很快', [shown]);
    await say(ticket.id, '客户在打官司', [hidden]);
    const opened = (await done(open(ticket.id, { team: organization.teamId, subject: '水表会不会坏了', quoteIds: [quoted.id], shareFileIds: [shown] }))).body;
    assert.deepEqual([opened.kind, opened.team.id, opened.state, opened.messageCount, opened.ticket.id, opened.openedBy.name], ['team', organization.teamId, 'open', 1, ticket.id, 'agent first']);

    assertProblem(await program.call('GET', `/tickets/${ticket.id}`, { as: 'technician' }), 'not_found');
    assert.deepEqual(await mine('technician'), [opened.id]);
    const seen = await done(show(opened.id, 'technician'));
    assert.deepEqual([seen.body.ticket, seen.body.subject], [{ id: null, number: ticket.number }, '水表会不会坏了']);
    const [first] = await messages(opened.id, 'technician');
    assert.deepEqual([first.body, first.quotes.map((quote: Any) => [quote.author, quote.body]), first.files.map((file: Any) => file.id)], ['看一下', [['agent first', '水表走得很快']], [shown]]);
    for (const text of [seen.text, JSON.stringify(first)]) assert.ok(!text.includes('私事') && !text.includes('官司') && !text.includes('王芳'), text);
    assert.equal((await program.call('GET', `/files/${shown}`, { as: 'technician' })).status, 200);
    assertProblem(await program.call('GET', `/files/${hidden}`, { as: 'technician' }), 'not_found');

    const photo = await send('#778899', 'technician');
    const answer = (await done(reply(opened.id, { body: '表没问题，是暗管漏', attachments: [photo] }, 'technician'))).body;
    assert.deepEqual([answer.direction, answer.author.name, answer.delivery, answer.files[0].id], ['internal', 'technician first', null, photo]);
    assert.equal((await program.call('GET', `/files/${photo}`, { as: 'agent' })).status, 200);
    await writesNothing(program, async () => {
      for (const more of [{ quoteIds: [quoted.id] }, { shareFileIds: [hidden] }]) assertProblem(await reply(opened.id, more, 'technician'), 'forbidden');
    });
    const told = (await timeline(ticket.id)).filter((entry) => entry.kind.startsWith('side_conversation.'));
    assert.deepEqual(told.map((entry) => [entry.kind, entry.actor.name, entry.data.preview, entry.files.map((file: Any) => file.id)]), [
      ['side_conversation.opened', 'agent first', '看一下', []], ['side_conversation.replied', 'technician first', '表没问题，是暗管漏', [photo]],
    ]);
    assert.deepEqual(told[0].data.audience, { teamId: organization.teamId, departmentId: null, address: null });
    assert.deepEqual((await done(program.call('GET', `/tickets/${ticket.id}/side-conversations`, { as: 'agent' }))).body.items.map((one: Any) => [one.id, one.messageCount]), [[opened.id, 2]]);

    // Nobody else.
    assertProblem(await show(opened.id, 'stranger'), 'forbidden');
    assertProblem(await show((await done(open(ticket.id, { team: organization.otherTeamId }))).body.id, 'technician'), 'not_found');
    assert.deepEqual(await mine('administrator'), [], 'who reads the ticket is not asked');
  });

  test('say whose answer is awaited, and are listed by it for both sides', async () => {
    const { organization } = program;
    const ticket = await newTicket(program, { team: organization.otherTeamId });
    const opened = (await done(open(ticket.id, { team: organization.teamId, body: '阀门型号是什么？' }))).body;
    assert.deepEqual([opened.awaits, opened.lastMessage], ['asked', { author: 'agent first', preview: '阀门型号是什么？' }]);
    const awaiting = async (as: Who, box: string) => (await mine(as, `?box=${box}&awaiting=true`)).includes(opened.id);
    assert.deepEqual([await awaiting('technician', 'asked'), await awaiting('agent', 'opened'), await awaiting('agent', 'all')], [true, false, false]);
    await done(reply(opened.id, { body: 'DN20' }, 'technician'));
    assert.deepEqual([await awaiting('technician', 'all'), await awaiting('agent', 'opened')], [false, true]);
    assert.deepEqual((await done(show(opened.id, 'agent'))).body.lastMessage, { author: 'technician first', preview: 'DN20' });
    // A colleague who reads the ticket asks on for them.
    await done(reply(opened.id, { body: '还有库存吗？' }, 'administrator'));
    assert.deepEqual([await awaiting('technician', 'asked'), await awaiting('agent', 'opened')], [true, false]);
    assert.ok((await mine('agent', '?box=opened')).includes(opened.id) && !(await mine('agent', '?box=asked')).includes(opened.id));
    const closed = (await done(program.call('POST', `/side-conversations/${opened.id}/close`, { as: 'agent' }))).body;
    assert.deepEqual([closed.awaits, await awaiting('technician', 'all')], [null, false]);
    // Page by page over both ways, each once.
    const ids: string[] = [];
    for (let cursor = ''; ; ) {
      const { items, nextCursor } = (await done(program.call('GET', `/side-conversations?box=all&limit=1${cursor}`, { as: 'agent' }))).body;
      ids.push(...items.map((one: Any) => one.id));
      if (nextCursor === null) break;
      cursor = `&cursor=${nextCursor}`;
    }
    assert.deepEqual(ids, await mine('agent', '?box=all&limit=200'));
  });

  test('with a department reach everybody in it, and those above', async () => {
    const { organization } = program;
    const below = (await done(program.call('POST', '/departments', { as: 'administrator', body: { name: '水电组', parentId: organization.departmentId } }))).body.id as string;
    await done(program.call('PATCH', `/staff/${organization.staff.technician}`, { as: 'administrator', body: { departmentId: below }, headers: { 'if-match': '*' } }));
    const ticket = await newTicket(program, { team: organization.otherTeamId });
    const wide = (await done(open(ticket.id, { department: organization.departmentId }))).body.id as string;
    const narrow = (await done(open(ticket.id, { department: below }))).body.id as string;
    const other = (await done(open(ticket.id, { department: organization.otherDepartmentId }))).body.id as string;
    const ids = new Set([wide, narrow, other]);
    const asked = async (as: Who) => (await mine(as)).filter((id) => ids.has(id)).sort();
    assert.deepEqual([await asked('technician'), await asked('manager'), await asked('agent')], [[wide, narrow].sort(), [wide, narrow].sort(), [other]]);
    assert.equal((await reply(wide, {}, 'technician')).status, 201);
  });

  test('with a supplier leave by e-mail: the mail lies in the outbox, with what is quoted', async () => {
    const ticket = await newTicket(program, { subject: '3幢电梯停运' });
    const quoted = await say(ticket.id, '主板烧了\n型号 A-7');
    const photo = await send('#99aabb');
    const opened = (await done(open(ticket.id, { email: { address: 'Parts@Supplier.Example', name: '备件商' }, subject: '请报主板价格', body: '请报价', quoteIds: [quoted.id], attachments: [photo] }))).body;
    assert.deepEqual([opened.kind, opened.email], ['email', { address: 'parts@supplier.example', name: '备件商' }]);
    const [message] = await messages(opened.id, 'agent');
    assert.deepEqual([message.direction, message.delivery], ['outbound', { state: 'queued', address: 'parts@supplier.example', sentAt: null }]);
    const [mail, ...more] = await outbox();
    assert.deepEqual([more.length, mail.state, mail.attempts, mail.channel, mail.recipient_address, mail.recipient_name, mail.subject, mail.file_ids, mail.ticket_id, mail.side_message_id], [0, 'queued', 0, 'email', 'parts@supplier.example', '备件商', `请报主板价格 [#${ticket.number}]`, [photo], ticket.id, message.id]);
    assert.match(mail.body, /^请报价\n\nagent first .+\n> 主板烧了\n> 型号 A-7$/);
    await done(reply(opened.id, { body: '急用' }, 'agent'));
    assert.equal((await outbox()).length, 2);
    const [{ data }] = (await timeline(ticket.id)).filter((entry) => entry.kind === 'side_conversation.opened') as [Any];
    assert.equal(data.audience.address, 'parts@supplier.example');

    // An answer to somebody outside takes the right to answer.
    const visit = await act(program, ticket.id, 'assign', { assignee: program.organization.staff.technician });
    assert.ok(visit.visits.length > 0);
    const noting = { token: (await done(program.call('POST', '/api-keys', { as: 'administrator', body: { name: 'notes', permissions: ['ticket.read', 'ticket.note'] } }))).body.key as string };
    await writesNothing(program, async () => {
      assertProblem(await program.call('POST', `/tickets/${ticket.id}/side-conversations`, { as: noting, body: { subject: 'x', body: 'x', email: { address: 'a@b.example' } } }), 'forbidden');
      assertProblem(await program.call('POST', `/side-conversations/${opened.id}/messages`, { as: noting, body: { body: 'x' } }), 'forbidden');
    }, { except: ['api_key'] });
  });

  test('are closed and opened again, by those who take part; a closed one takes nothing', async () => {
    const { organization } = program;
    const ticket = await newTicket(program, { team: organization.otherTeamId });
    const { id } = (await done(open(ticket.id, { team: organization.teamId }))).body;
    const turn = (to: 'close' | 'reopen', as: Who) => program.call('POST', `/side-conversations/${id}/${to}`, { as });
    assertProblem(await turn('reopen', 'agent'), 'side_conversation_open');
    const closed = (await done(turn('close', 'technician'))).body;
    assert.deepEqual([closed.state, closed.closedAt !== null, closed.version], ['closed', true, 2]);
    await writesNothing(program, async () => {
      assertProblem(await reply(id, {}, 'agent'), 'side_conversation_closed');
      assertProblem(await turn('close', 'agent'), 'side_conversation_closed');
    });
    assert.ok(!(await mine('technician', '?state=open')).includes(id) && (await mine('technician', '?state=closed')).includes(id));
    assert.deepEqual((await done(turn('reopen', 'agent'))).body.closedAt, null);
    assert.equal((await reply(id, {}, 'technician')).status, 201);
    assert.deepEqual((await timeline(ticket.id)).map((entry) => entry.kind).filter((kind) => kind.startsWith('side_')).map((kind) => kind.slice(18)), ['opened', 'closed', 'reopened', 'replied']);
    assert.equal((await done(program.call('GET', `/tickets/${ticket.id}/history/verification`, { as: 'administrator' }))).body.broken, null);
  });

  test('go on with the ticket that theirs was merged into', async () => {
    const { organization } = program;
    const [source, target] = [await newTicket(program), await newTicket(program)];
    const { id } = (await done(open(source.id, { team: organization.teamId }))).body;
    await done(program.call('POST', `/tickets/${source.id}/merge`, { as: 'agent', body: { into: target.id } }));
    await done(reply(id, { body: '后来的' }, 'technician'));
    assert.equal((await timeline(target.id)).at(-1).data.preview, '后来的');
    assert.deepEqual((await done(program.call('GET', `/tickets/${target.id}/side-conversations`, { as: 'agent' }))).body.items.map((one: Any) => [one.id, one.ticket.number]), [[id, target.number]]);
    assertProblem(await open(source.id, { team: organization.teamId }), 'ticket_merged');
  });

  test('say with whom, once, and with somebody who is there', async () => {
    const { organization } = program;
    const ticket = await newTicket(program);
    const other = await say((await newTicket(program)).id, '别处');
    await writesNothing(program, async () => {
      assertProblem(await open(ticket.id, {}), 'invalid_input');
      assertProblem(await open(ticket.id, { team: organization.teamId, department: organization.departmentId }), 'invalid_input');
      assertProblem(await open(ticket.id, { team: organization.departmentId }), 'unknown_reference');
      assertProblem(await open(ticket.id, { department: organization.teamId }), 'unknown_reference');
      for (const [body, path] of [[{ quoteIds: [other.id] }, '/quoteIds/0'], [{ shareFileIds: [other.id] }, '/shareFileIds/0'], [{ attachments: [other.id] }, '/attachments']] as const) {
        const answer = await open(ticket.id, { team: organization.teamId, ...body });
        assertProblem(answer, 'unknown_reference', path);
        assert.equal(answer.body.errors[0].path, path);
      }
      assertProblem(await open(ticket.id, { team: organization.teamId }, 'technician'), 'not_found');
    });
  });
});
