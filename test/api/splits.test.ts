import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openTestProgram, type TestProgram } from '../support/program.ts';
import { act, assertProblem, done, linkOf, newTicket, photoOf, upload, writesNothing } from './scene.ts';

// oxlint-disable-next-line typescript/no-explicit-any -- answers of every shape
type Any = any;

describe('splitting', () => {
  let program: TestProgram;
  before(async () => {
    program = await openTestProgram();
  });
  after(() => program?.close());

  const split = (id: string, body: unknown, as: 'agent' | 'technician' | 'manager' = 'agent') => program.call('POST', `/tickets/${id}/split`, { as, body });
  const timeline = async (id: string): Promise<Any[]> => (await done(program.call('GET', `/tickets/${id}/timeline`, { as: 'administrator' }))).body.items;
  const say = async (id: string, body: string, visibility: string, attachments: string[] = []): Promise<Any> => (await done(program.call('POST', `/tickets/${id}/comments`, { as: 'agent', body: { body, visibility, attachments } }))).body;
  const send = async (shade: string, visibility: string) => (await done(upload(program, 'agent', { content: await photoOf(shade), fields: { visibility } }))).body.id as string;

  test('takes along those answers that were chosen, to another type those of which it has the like', async () => {
    const text = (key: string) => ({ key, kind: 'text', label: { zh: key } });
    const type = async (key: string, fields: unknown[]) => (await done(program.call('POST', '/ticket-types', { as: 'administrator', body: { key, name: key, form: { fields } } }))).body.id as string;
    const [first, second] = [await type('first_kind', [text('room'), text('cause'), { key: 'count', kind: 'number', label: { zh: '数量' } }]), await type('second_kind', [text('room'), { key: 'count', kind: 'text', label: { zh: '数量' } }, text('floor')])];
    const original = await newTicket(program, { type: first, fields: { room: '1203', cause: '老化', count: 2 } });
    const said = await say(original.id, '另外一件事', 'internal');
    const fieldsOf = async (more: Record<string, unknown>) => (await done(split(original.id, { messageIds: [said.id], subject: '拆出来的', ...more }))).body.fields;
    assert.deepEqual(await fieldsOf({}), { room: '1203', cause: '老化', count: 2 });
    assert.deepEqual(await fieldsOf({ fieldKeys: ['room'] }), { room: '1203' });
    assert.deepEqual(await fieldsOf({ fieldKeys: [] }), {});
    assert.deepEqual([await fieldsOf({ type: second }), await fieldsOf({ type: second, fieldKeys: ['room', 'count', 'cause'] })], [{}, { room: '1203' }]);
    const refused = await split(original.id, { messageIds: [said.id], subject: 'x', fieldKeys: ['room', 'floor'] });
    assert.deepEqual([refused.status, refused.body.errors[0].path], [422, '/fieldKeys/1']);
  });

  test('asks the form as creating does: what it requires goes along, formulas are reckoned anew, masked answers stay masked, files are the new ticket’s own', async () => {
    const text = (key: string, more: Record<string, unknown> = {}) => ({ key, kind: 'text', label: { zh: key }, ...more });
    const type = async (key: string, fields: unknown[]) => (await done(program.call('POST', '/ticket-types', { as: 'administrator', body: { key, name: key, form: { fields } } }))).body.id as string;
    const sum = { key: 'copy', kind: 'formula', result: 'text', label: { zh: '抄' }, formula: { '??': [{ var: 'fields.note' }, 'none'] } };
    const photo = { key: 'photo', kind: 'file', label: { zh: '照片' } };
    const full = await type('split_full', [text('cause', { required: true }), text('note'), sum, text('idno', { masked: true }), photo]);
    const [open, closed] = [await type('split_open', [text('idno'), photo]), await type('split_closed', [text('idno', { masked: true })])];
    const original = await newTicket(program, { type: full, fields: { cause: '老化', note: '记', idno: '330102199001019999', photo: [await send('#334455', 'internal')] } });
    const said = await say(original.id, '另外一件事', 'internal');
    const refused = await split(original.id, { messageIds: [said.id], subject: 'x', fieldKeys: ['note'] });
    assertProblem(refused, 'invalid_input');
    assert.equal(refused.body.errors[0].path, '/fields/cause');
    const fieldsOf = async (more: Record<string, unknown>) => (await done(split(original.id, { messageIds: [said.id], subject: '拆出来的', ...more }))).body;
    assert.deepEqual((await fieldsOf({ fieldKeys: ['cause'] })).fields, { cause: '老化', copy: 'none' });
    assert.equal((await fieldsOf({ type: open, fieldKeys: ['idno'] })).fields.idno, undefined, 'nobody would mask it there');
    assert.equal((await fieldsOf({ type: closed, fieldKeys: ['idno'] })).fields.idno, '******');
    for (const more of [{}, { type: open, fieldKeys: ['photo'] }, { fieldKeys: ['cause', 'photo'] }]) {
      const made = await fieldsOf(more);
      const [file] = made.fields.photo;
      assert.notEqual(file, original.fields.photo[0]);
      assert.deepEqual([made.files.map((one: Any) => one.id), (await program.call('GET', `/files/${file}`, { as: 'agent' })).status], [[file], 200]);
    }
    const team = (await done(program.call('POST', '/teams', { as: 'administrator', body: { name: '旧班组', departmentId: program.organization.departmentId } }))).body;
    await done(program.call('PATCH', `/teams/${team.id}`, { as: 'administrator', body: { active: false }, headers: { 'if-match': `"${team.version}"` } }));
    assertProblem(await split(original.id, { messageIds: [said.id], subject: 'x', team: team.id }), 'reference_inactive');
  });

  test('makes a new ticket out of chosen messages, with their files, for the same customer and place; what was said stays where it was', async () => {
    const { organization } = program;
    const original = await newTicket(program, {
      subject: '停电，门禁也坏了', requester: { name: '王芳', phone: '13800001111' }, category: organization.categoryId, location: { lat: 30.27, lng: 120.15, address: '3幢501' }, tags: ['夜间'], priority: 'high', attachments: [await send('#111111', 'public')],
    });
    await done(program.call('POST', `/progress/${linkOf(original)}/comments`, { body: { body: '门禁刷不开' } }));
    const photo = await send('#222222', 'public');
    const reply = await say(original.id, '门禁这是另一件事，我们另开一张单', 'public', [photo]);
    const internal = await say(original.id, '门禁厂家电话见通讯录', 'internal');
    await say(original.id, '电力已在抢修', 'public');
    const before = await timeline(original.id);
    const inbound = before.find((entry) => entry.comment?.direction === 'inbound').comment;

    const { body: made, status } = await done(split(original.id, { messageIds: [internal.id, inbound.id, reply.id], subject: '门禁刷不开', fileIds: [original.files[0].id] }));
    assert.equal(status, 201);
    assert.deepEqual([made.subject, made.status, made.priority, made.requester.name, made.requester.phone, made.location.address, made.category.id, made.team.id, made.tags, made.assignee], ['门禁刷不开', 'new', 'high', '王芳', '138****1111', '3幢501', organization.categoryId, organization.teamId, ['夜间'], null]);
    assert.equal(made.createdBy.id, organization.staff.agent);
    const copied = (await timeline(made.id)).filter((entry) => entry.comment !== null);
    assert.deepEqual(copied.map((entry) => [entry.kind, entry.comment.body, entry.comment.visibility, entry.comment.direction, entry.comment.author.name, entry.comment.origin]), [
      ['comment.copied', '门禁刷不开', 'public', 'inbound', '王芳', { kind: 'copied', number: original.number }],
      ['comment.copied', reply.body, 'public', 'outbound', 'agent first', { kind: 'copied', number: original.number }],
      ['comment.copied', internal.body, 'internal', 'internal', 'agent first', { kind: 'copied', number: original.number }],
    ]);
    assert.deepEqual(copied.map((entry) => [entry.actor.id, entry.comment.createdAt]), [inbound, reply, internal].map((message) => [organization.staff.agent, message.createdAt]));
    const [file] = copied[1].comment.files;
    assert.notEqual(file.id, photo);
    assert.equal((await program.call('GET', `/files/${file.id}`, { as: 'agent' })).status, 200);
    assert.equal(made.files.length, 2);

    // On the original nothing is gone, and it says what became of it.
    const after_ = await timeline(original.id);
    assert.deepEqual(after_.slice(0, before.length), before);
    assert.deepEqual(after_.slice(before.length).map((entry) => [entry.kind, entry.data.into ?? entry.data.ticket]), [['ticket.split', { number: made.number }], ['link.added', { number: made.number }]]);
    assert.deepEqual((await done(program.call('GET', `/tickets/${made.id}/links`, { as: 'agent' }))).body.items.map((item: Any) => [item.kind, item.ticket.id]), [['related', original.id]]);

    // The customer of the new one reads what is public of it, files and all.
    const seen = (await done(program.call('GET', `/progress/${linkOf(made)}`))).body;
    assert.deepEqual(seen.messages.map((message: Any) => [message.body, message.files.length]), [['门禁刷不开', 0], [reply.body, 1]]);
    assert.equal((await program.inject({ method: 'GET', url: seen.messages[1].files[0].url })).status, 200);
    for (const { id } of [original, made]) assert.equal((await done(program.call('GET', `/tickets/${id}/history/verification`, { as: 'administrator' }))).body.broken, null);

    // It is found by what was said.
    await program.catchUp();
    const found = (await done(program.call('GET', `/tickets?q=${encodeURIComponent('通讯录')}`, { as: 'agent' }))).body.items.map((one: Any) => one.id);
    assert.ok(found.includes(made.id) && found.includes(original.id));
  });

  test('as a child, to another team, type and category, or with no link at all', async () => {
    const { organization } = program;
    const original = await newTicket(program, { category: organization.categoryId });
    const { id } = await say(original.id, '账单也错了', 'internal');
    const child = (await done(split(original.id, { messageIds: [id], subject: '账单', link: 'child', team: organization.otherTeamId, category: null, priority: 'low', description: '核对账单' }))).body;
    assert.deepEqual([child.parent.id, child.team.id, child.department.id, child.category, child.priority, child.description, child.priorityExplanation.overridden], [original.id, organization.otherTeamId, organization.otherDepartmentId, null, 'low', '核对账单', true]);
    const lonely = (await done(split(original.id, { messageIds: [id], subject: '再来一张', link: 'none', team: null }))).body;
    assert.deepEqual([lonely.parent, lonely.team], [null, null]);
    assert.deepEqual((await done(program.call('GET', `/tickets/${lonely.id}/links`, { as: 'agent' }))).body.items, []);
  });

  test('also of what was said on a ticket that was merged into it', async () => {
    const [source, target] = [await newTicket(program), await newTicket(program)];
    const { id } = await say(source.id, '另一件事', 'internal');
    await done(program.call('POST', `/tickets/${source.id}/merge`, { as: 'agent', body: { into: target.id } }));
    assertProblem(await split(source.id, { messageIds: [id], subject: 'x' }), 'ticket_merged');
    assert.equal((await split(target.id, { messageIds: [id], subject: '另一件' })).status, 201);
  });

  test('takes nothing that is not the ticket’s, and no rights that one lacks; then nothing is made', async () => {
    const [original, other] = [await newTicket(program), await newTicket(program)];
    await act(program, other.id, 'assign', { assignee: program.organization.staff.technician });
    const [own, foreign] = [await say(original.id, '一', 'internal'), await say(other.id, '二', 'internal')];
    await writesNothing(program, async () => {
      const attempts: [Record<string, unknown>, string][] = [
        [{ messageIds: [own.id, foreign.id] }, '/messageIds/1'], [{ messageIds: [own.id], fileIds: [own.id] }, '/fileIds/0'],
        [{ messageIds: [own.id], team: own.id }, '/team'], [{ messageIds: [own.id], type: 'nothing' }, '/type'], [{ messageIds: [own.id], category: 'nothing' }, '/category'],
      ];
      for (const [body, path] of attempts) {
        const answer = await split(original.id, { subject: 'x', ...body });
        assertProblem(answer, 'unknown_reference', path);
        assert.equal(answer.body.errors[0].path, path);
      }
      assertProblem(await split(original.id, { messageIds: [own.id], subject: 'x' }, 'technician'), 'not_found');
      assertProblem(await split('20991231-00001', { messageIds: [own.id], subject: 'x' }), 'not_found');
      assertProblem(await split(other.id, { messageIds: [foreign.id], subject: 'x' }, 'technician'), 'forbidden');
    });
  });
});
