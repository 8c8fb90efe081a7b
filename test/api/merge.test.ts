import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { sql } from 'kysely';
import { refuseMerge } from '../../rules/ticket/merge.ts';
import { build } from '../../server/platform/db/database.ts';
import { openTestProgram, testClock, type Answer, type TestProgram } from '../support/program.ts';
import { act, assertProblem, done, linkOf, multipart, newSession, newTicket, photoOf, step, upload, writesNothing } from './scene.ts';

const generous = { signedIn: 1_000_000, anonymous: 1_000_000, signIn: 1_000_000, openUploads: 1_000_000, phoneSignIn: 1_000_000 };
// Whatever a person is allowed to be asked in tests: answers of every shape.
// oxlint-disable-next-line typescript/no-explicit-any -- as above
type Any = any;

describe('merging', () => {
  const clock = testClock();
  let program: TestProgram;
  before(async () => {
    program = await openTestProgram({ clock, limits: generous });
  });
  after(() => program?.close());

  const show = async (id: string, as: 'agent' | 'dispatcher' | 'technician' = 'agent'): Promise<Any> => (await done(program.call('GET', `/tickets/${id}`, { as }))).body;
  const timeline = async (id: string): Promise<Any[]> => (await done(program.call('GET', `/tickets/${id}/timeline`, { as: 'administrator' }))).body.items;
  const merge = (id: string, body: unknown, as: 'agent' | 'technician' | 'manager' | 'dispatcher' | { token: string } = 'agent') => program.call('POST', `/tickets/${id}/merge`, { as, body });
  const unmerge = (id: string, as: 'agent' | 'manager' | { token: string } = 'agent') => program.call('POST', `/tickets/${id}/unmerge`, { as, body: {} });
  const say = async (id: string, body: string, visibility = 'public', more = {}): Promise<Any> => (await done(program.call('POST', `/tickets/${id}/comments`, { as: 'agent', body: { body, visibility, ...more } }))).body;
  const progress = async (ticket: Any): Promise<Any> => (await done(program.call('GET', `/progress/${linkOf(ticket)}`))).body;
  const said = (view: Any): string[] => view.messages.map((message: { body: string }) => message.body);
  const write = (ticket: Any, body: string, more = {}) => program.call('POST', `/progress/${linkOf(ticket)}/comments`, { body: { body, ...more } });
  const holds = async (id: string): Promise<void> => assert.deepEqual((await done(program.call('GET', `/tickets/${id}/history/verification`, { as: 'administrator' }))).body.broken, null);
  const pass = () => clock.advance({ minutes: 1 });

  test('is an alias: the source is closed and leads on, keeps its history and its requester, and the target shows its conversation', async () => {
    const source = await newTicket(program, { subject: '水管漏', requester: { name: '王芳', phone: '13800001111' } });
    await say(source.id, '我们马上派人');
    await say(source.id, '楼上也报了', 'internal');
    const target = await newTicket(program, { subject: '楼上水管漏', requester: { name: '李雷', phone: '13800002222' } });
    pass();
    const { body } = await done(merge(source.id, { into: target.number, note: '同一处漏水' }));
    assert.deepEqual(body, { target: { id: target.id, number: target.number, subject: '楼上水管漏', status: 'new' }, results: [{ ticket: source.id, id: source.id, number: source.number, merged: true, problem: null }] });

    const left = await show(source.id);
    assert.deepEqual([left.status, left.mergedInto, left.actions, left.requester.name, left.resolvedAt], ['closed', { id: target.id, number: target.number }, [], '王芳', null]);
    const joined = await show(target.id);
    assert.deepEqual([joined.status, joined.mergedInto, joined.requester.name], ['new', null, '李雷']);
    assert.deepEqual(joined.mergedFrom, [{ id: source.id, number: source.number, subject: '水管漏', status: 'closed' }]);
    const listed = (await done(program.call('GET', '/tickets?status=closed', { as: 'agent' }))).body.items.find((one: Any) => one.id === source.id);
    assert.deepEqual(listed.mergedInto, { id: target.id, number: target.number });

    const own = await timeline(source.id);
    assert.deepEqual(own.map((entry) => [entry.kind, entry.ticketNumber]), [['ticket.created', null], ['comment.added', null], ['comment.added', null], ['ticket.merged', null]]);
    assert.deepEqual([own.at(-1).data.into, own.at(-1).data.note, own.at(-1).data.before.status, own.at(-1).data.after.status], [{ number: target.number }, '同一处漏水', 'new', 'closed']);
    const read = await timeline(target.id);
    assert.deepEqual(read.map((entry) => [entry.kind, entry.ticketNumber]), [
      ['ticket.created', source.number], ['comment.added', source.number], ['comment.added', source.number], ['ticket.created', null], ['merge.received', null],
    ]);
    assert.deepEqual(read.slice(1, 3).map((entry) => entry.comment.body), ['我们马上派人', '楼上也报了']);
    await holds(source.id);
    await holds(target.id);

    // Pages of it go on where they stopped.
    const paged: Any[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body: page } = await done(program.call('GET', `/tickets/${target.id}/timeline?limit=2${cursor && `&cursor=${cursor}`}`, { as: 'agent' }));
      paged.push(...page.items);
      cursor = page.nextCursor;
    }
    assert.deepEqual(paged.map((entry) => entry.id), read.map((entry) => entry.id));
  });

  test('what is to be done to a merged ticket is refused, with where it goes on', async () => {
    const [source, target] = [await newTicket(program), await newTicket(program)];
    await done(merge(source.id, { into: target.id }));
    await writesNothing(program, async () => {
      for (const action of ['reopen', 'assign', 'confirm']) {
        const answer = await program.call('POST', `/tickets/${source.id}/actions/${action}`, { as: 'agent', body: { reason: 'x', assignee: null } });
        assertProblem(answer, 'ticket_merged', action);
        assert.ok(answer.body.title.includes(target.number));
      }
      assertProblem(await program.call('PATCH', `/tickets/${source.id}`, { as: 'agent', body: { subject: 'x' }, headers: { 'if-match': '*' } }), 'ticket_merged');
      assertProblem(await program.call('POST', `/tickets/${source.id}/checklist`, { as: 'agent', body: { items: [{ text: 'x' }] } }), 'ticket_merged');
    });
    assert.equal((await program.call('POST', `/tickets/${source.id}/reveal`, { as: 'agent', body: {} })).status, 200, 'its requester can still be called');
  });

  test('what is said to a merged ticket lands on the target and is shown on both, marked as from it', async () => {
    const [source, target] = [await newTicket(program), await newTicket(program)];
    await done(merge(source.id, { into: target.id }));
    pass();
    const photo = (await done(upload(program, 'agent', { content: await photoOf('#123456'), fields: { visibility: 'internal' } }))).body.id as string;
    const comment = await say(source.id, '现场照片', 'internal', { attachments: [photo] });
    assert.deepEqual([comment.ticketId, comment.origin], [target.id, { kind: 'merged', number: source.number }]);
    const landed = (await timeline(target.id)).at(-1);
    assert.deepEqual([landed.kind, landed.comment.body, landed.ticketNumber, landed.comment.origin.number, landed.comment.files[0].id], ['comment.added', '现场照片', null, source.number, photo]);
    const seen = (await timeline(source.id)).at(-1);
    assert.deepEqual([seen.comment.body, seen.ticketNumber], ['现场照片', target.number]);
    await holds(target.id);
  });

  test('a customer goes on with their own link: they see how it stands and what they are answered, and nothing of the other customer', async () => {
    const source = await newTicket(program, { subject: '五楼停电', requester: { name: '王芳', phone: '13811110001' }, location: { address: '3幢501' } });
    const target = await newTicket(program, { subject: '整栋停电', requester: { name: '李雷', phone: '13811110002' }, location: { address: '3幢102' }, description: '家里有病人' });
    await done(write(source, '什么时候来电'));
    await done(write(target, '我家里有老人'));
    await say(target.id, '合并前的回复');
    pass();
    await done(merge(source.id, { into: target.id }));
    pass();
    const sent = (await done(program.inject({ method: 'POST', url: `/api/v1/progress/${linkOf(source)}/files`, ...multipart({ content: await photoOf('#654321') }) }))).body.uploadToken as string;
    const after = (await done(write(source, '还没来电', { uploads: [sent] }))).body;
    assert.deepEqual([after.number, after.continuesAs, after.subject, after.address], [source.number, target.number, '五楼停电', '3幢501']);
    pass();
    await say(target.id, '二十分钟内恢复');
    await say(target.id, '变压器烧了', 'internal');
    await done(write(target, '老人等不了'));

    const mine = await progress(source);
    assert.deepEqual(said(mine), ['什么时候来电', '还没来电', '二十分钟内恢复']);
    assert.deepEqual(mine.messages.map((message: Any) => message.author), ['王芳', '王芳', 'agent first']);
    assert.ok(!JSON.stringify(mine).includes('病人') && !JSON.stringify(mine).includes('102'), 'nothing of the other customer');
    const file = mine.messages[1].files[0];
    assert.equal((await program.inject({ method: 'GET', url: file.url })).status, 200, 'their photo, although it lies on the target');
    const theirs = await progress(target);
    assert.deepEqual(said(theirs), ['我家里有老人', '合并前的回复', '还没来电', '二十分钟内恢复', '老人等不了']);
    assertProblem(await program.call('GET', `/progress/${linkOf(await newTicket(program))}/files/${file.id}`), 'not_found', 'and by no other link');

    // It stands as the target stands; who is another customer does not settle it.
    await act(program, target.id, 'resolve', { resolution: '已恢复供电' });
    const settled = await progress(source);
    assert.deepEqual([settled.status, settled.resolution, settled.canConfirm, settled.canReopen, settled.canRate, settled.canComment], ['resolved', '已恢复供电', false, false, false, true]);
    await writesNothing(program, async () => {
      assertProblem(await program.call('POST', `/progress/${linkOf(source)}/confirm`, { body: {} }), 'action_not_open');
      assertProblem(await program.call('POST', `/progress/${linkOf(source)}/reopen`, { body: { reason: 'x' } }), 'action_not_open');
      assertProblem(await program.call('POST', `/progress/${linkOf(source)}/rating`, { body: { rating: 1 } }), 'action_not_open');
    });
    assert.equal((await progress(target)).canConfirm, true);
  });

  test('a customer who reported twice settles the one from either link, and finds both in their list', async () => {
    const customer = (await done(program.call('POST', '/customers', { as: 'agent', body: { name: '韩梅', phone: '13811110003' } }))).body.id as string;
    const [source, target] = [await newTicket(program, { requester: { customerId: customer } }), await newTicket(program, { requester: { customerId: customer } })];
    await done(merge(source.id, { into: target.id }));
    await act(program, target.id, 'resolve', { resolution: '已修' });
    const { token } = await newSession(program, customer, { customer: true });
    const own = (await done(program.call('GET', '/portal/first/tickets', { as: { token } }))).body.items;
    assert.deepEqual(own.map((one: Any) => [one.number, one.status]), [[target.number, 'resolved'], [source.number, 'resolved']]);
    const confirmed = (await done(program.call('POST', `/progress/${linkOf(source)}/confirm`, { body: {} }))).body;
    assert.equal(confirmed.status, 'closed');
    assert.equal((await show(target.id)).status, 'closed');
    assert.equal((await done(program.call('POST', `/progress/${linkOf(source)}/rating`, { body: { rating: 5 } }))).body.rating.rating, 5);
    assert.equal((await show(target.id)).rating, 5);
  });

  test('chains lead to their end, and no way leads in a circle', async () => {
    const [a, b, c, d] = await Promise.all(['甲', '乙', '丙', '丁'].map((subject) => newTicket(program, { subject })));
    await done(merge(a.id, { into: b.id }));
    pass();
    await done(merge(b.id, { into: c.id }));
    pass();
    assert.deepEqual([(await show(a.id)).mergedInto.number, (await show(b.id)).mergedInto.number], [c.number, c.number]);
    assert.deepEqual((await show(c.id)).mergedFrom.map((one: Any) => one.number), [a.number, b.number]);
    assert.equal((await say(a.id, '到终点')).ticketId, c.id);
    assert.ok((await timeline(c.id)).some((entry) => entry.comment?.body === '到终点'));
    // Into one that was merged itself is into where that leads.
    assert.equal((await done(merge(d.id, { into: a.id }))).body.target.number, c.number);
    await writesNothing(program, async () => {
      for (const [from, into] of [[c, a], [c, b], [c, c], [c, d]]) assertProblem(await merge(from.id, { into: into.id }), 'merge_into_itself', `${from.subject} into ${into.subject}`);
      for (const from of [a, b]) assertProblem(await merge(from.id, { into: (await newTicketOnce()).id }), 'already_merged');
      assertProblem(await merge(a.id, { into: b.id }), 'already_merged');
      assertProblem(await merge(c.id, {}), 'invalid_input');
      assertProblem(await merge(c.id, { into: a.id, sources: [b.id] }), 'invalid_input');
      assertProblem(await merge(c.id, { into: '20991231-99999' }), 'unknown_reference');
    });
  });
  let once: Any;
  const newTicketOnce = async () => (once ??= await newTicket(program));
  before(() => newTicketOnce());

  test('a parent is not merged into one below it, as it would lie below itself', async () => {
    const [parent, child, grandchild] = [await newTicket(program), await newTicket(program), await newTicket(program)];
    for (const [id, up] of [[child.id, parent.id], [grandchild.id, child.id]]) await done(program.call('POST', `/tickets/${id}/links`, { as: 'agent', body: { kind: 'parent', ticket: up } }));
    for (const into of [child, grandchild]) assertProblem(await merge(parent.id, { into: into.id }), 'merge_into_descendant');
    await done(merge(grandchild.id, { into: parent.id }));
    assert.deepEqual((await show(parent.id)).children, { total: 1, open: 1, resolved: 0, cancelled: 0 });
  });

  test('what is over takes nothing in', async () => {
    const [source, closed, cancelled, resolved] = [await newTicket(program), await newTicket(program), await newTicket(program), await newTicket(program)];
    await act(program, closed.id, 'close', { reason: 'x' });
    await act(program, cancelled.id, 'cancel', { reason: 'x' });
    await act(program, resolved.id, 'resolve', { resolution: 'x' });
    for (const over of [closed, cancelled]) assertProblem(await merge(source.id, { into: over.id }), 'action_not_open');
    assert.equal((await merge(source.id, { into: resolved.id })).status, 200);
  });

  test('of two that merge a pair into each other at once one wins and the other is refused', async () => {
    for (let round = 0; round < 8; round += 1) {
      const [a, b] = [await newTicket(program), await newTicket(program)];
      const answers = await Promise.all([merge(a.id, { into: b.id }), merge(b.id, { into: a.id }, 'dispatcher')]);
      assert.deepEqual(answers.map((answer) => answer.status).sort(), [200, 409]);
      assertProblem(answers.find((answer) => answer.status === 409)!, 'merge_into_itself');
      const [shownA, shownB] = [await show(a.id), await show(b.id)];
      assert.equal([shownA, shownB].filter((one) => one.mergedInto !== null).length, 1);
    }
  });

  test('many into one: each has its own outcome, and what fails keeps none of the others', async () => {
    const target = await newTicket(program);
    const [one, two, merged, elsewhere] = [await newTicket(program), await newTicket(program), await newTicket(program), await newTicket(program)];
    await done(merge(merged.id, { into: elsewhere.id }));
    const { body } = await done(merge(target.id, { sources: [one.number, target.id, merged.id, '20991231-99999', two.id] }));
    assert.deepEqual(body.results.map((result: Any) => [result.ticket, result.merged, result.problem?.code ?? null]), [
      [one.number, true, null], [target.id, false, 'merge_into_itself'], [merged.id, false, 'already_merged'], ['20991231-99999', false, 'unknown_reference'], [two.id, true, null],
    ]);
    assert.ok(body.results[2].problem.title.includes(merged.number));
    assert.deepEqual((await show(target.id)).mergedFrom.map((source: Any) => source.id), [one.id, two.id]);
    for (const { id } of [target, one, two]) await holds(id);
  });

  test('takes rights on both, and tells nobody what they may not see', async () => {
    const { organization } = program;
    const [mine, foreign] = [await newTicket(program, { team: organization.teamId }), await newTicket(program, { team: organization.otherTeamId })];
    const key = async (permissions: string[]) => ({ token: (await done(program.call('POST', '/api-keys', { as: 'administrator', body: { name: permissions.join(), permissions } }))).body.key as string });
    const withoutClosing = await key(['ticket.read', 'ticket.update']);
    await writesNothing(program, async () => {
      assertProblem(await merge(mine.id, { into: foreign.id }, 'technician'), 'forbidden');
      assertProblem(await merge(mine.id, { into: foreign.id }, 'manager'), 'unknown_reference');
      assertProblem(await merge(foreign.id, { into: mine.id }, 'manager'), 'not_found');
      assert.deepEqual((await merge(mine.id, { sources: [foreign.id] }, 'manager')).body.results[0].problem.code, 'unknown_reference');
      assertProblem(await program.call('POST', `/tickets/${mine.id}/merge`, { as: withoutClosing, body: { into: foreign.id } }), 'forbidden');
    }, { except: ['api_key'] });
    await done(merge(foreign.id, { into: mine.id }));
    assertProblem(await unmerge(foreign.id, 'manager'), 'not_found');
    assertProblem(await unmerge(foreign.id, withoutClosing), 'forbidden');
    const seen = (await done(program.call('GET', `/tickets/${mine.id}`, { as: 'manager' }))).body;
    assert.deepEqual(seen.mergedFrom, [{ id: null, number: foreign.number, subject: null, status: null }]);
    assert.equal((await done(unmerge(foreign.id))).body.mergedInto, null);
  });

  test('undone, it stands as it stood: status, wait, timer; what came meanwhile stays where it landed and is shown on both', async () => {
    const cases: [name: string, prepare: (id: string) => Promise<unknown>, expected: [string, string | null]][] = [
      ['new', async () => undefined, ['new', null]],
      ['waiting', (id) => act(program, id, 'wait', { for: 'part' }), ['waiting', 'part']],
      ['resolved', (id) => act(program, id, 'resolve', { resolution: '已修' }), ['resolved', null]],
      ['closed', (id) => act(program, id, 'close', { reason: '重复' }), ['closed', null]],
      ['cancelled', (id) => act(program, id, 'cancel', { reason: '重复' }), ['cancelled', null]],
    ];
    const silence = async (id: string) => (await program.database.transact(program.organization.tenantId, (transaction) => transaction.run(build.selectFrom('timer').select('due_at').where('subject_id', '=', id)))).map((row) => row.due_at.getTime());
    for (const [name, prepare, expected] of cases) {
      const [source, target] = [await newTicket(program, { requester: { name: '王芳' } }), await newTicket(program)];
      await prepare(source.id);
      const before = await show(source.id);
      const due = await silence(source.id);
      pass();
      await done(merge(source.id, { into: target.id }));
      assert.deepEqual(await silence(source.id), [], 'silence does not close it twice');
      pass();
      await done(write(source, '补充'));
      await say(target.id, '答复');
      pass();
      clock.advance({ minutes: 20 });
      const freed = (await done(unmerge(source.id))).body;
      pass();
      assert.deepEqual([freed.status, freed.waitingFor], expected, name);
      for (const property of ['closedAt', 'resolvedAt', 'resolution', 'assignee', 'acceptedAt', 'requester', 'rating']) assert.deepEqual(freed[property], before[property], `${name} ${property}`);
      assert.equal(freed.mergedInto, null);
      const [left] = due;
      // As much silence is left as was when it was merged.
      assert.deepEqual(await silence(source.id), left === undefined ? [] : [left + 22 * 60_000], name);
      assertProblem(await unmerge(source.id), 'not_merged', 'once');

      // A cancelled ticket takes no messages.
      if (name !== 'cancelled') await done(write(source, '撤销之后'));
      await say(target.id, '撤销之后的答复');
      assert.deepEqual(said(await progress(source)), ['补充', '答复', ...name === 'cancelled' ? [] : ['撤销之后']], name);
      assert.deepEqual(said(await progress(target)), ['补充', '答复', '撤销之后的答复']);
      const own = (await timeline(source.id)).map((entry) => [entry.kind, entry.ticketNumber, entry.comment?.body]);
      assert.ok(own.some(([, number, body]) => number === target.number && body === '补充') && own.some(([, number, body]) => number === target.number && body === '答复'), name);
      const theirs = (await timeline(target.id)).map((entry) => [entry.kind, entry.ticketNumber, entry.comment?.origin?.number]);
      assert.ok(theirs.some(([kind, , origin]) => kind === 'comment.added' && origin === source.number), name);
      assert.ok(theirs.every(([, number]) => number === null), 'nothing else of it is read here any more');
      assert.deepEqual((await show(target.id)).mergedFrom, []);
      await holds(source.id);
      await holds(target.id);
    }
  });

  test('undone in the middle of a chain: each goes back to where it was', async () => {
    const [a, b, c] = [await newTicket(program), await newTicket(program), await newTicket(program)];
    await done(merge(a.id, { into: b.id }));
    await done(merge(b.id, { into: c.id }));
    const freed = (await done(unmerge(b.id))).body;
    assert.deepEqual([freed.status, freed.mergedFrom.map((one: Any) => one.id)], ['new', [a.id]]);
    assert.equal((await show(a.id)).mergedInto.id, b.id);
    await done(merge(b.id, { into: c.id }));
    assert.equal((await done(unmerge(a.id))).body.status, 'new');
    assert.deepEqual((await show(c.id)).mergedFrom.map((one: Any) => one.id), [b.id]);
    // And the other way round, now that nothing stands in the way.
    await done(unmerge(b.id));
    await done(merge(c.id, { into: a.id }));
    assert.equal((await show(c.id)).mergedInto.id, a.id);
  });

  test('visits under way go with it, and whoever took part keeps sight of the matter', async () => {
    const { technician } = program.organization.staff;
    const [source, target] = [await newTicket(program), await newTicket(program)];
    const visit = (await act(program, source.id, 'assign', { assignee: technician })).visits[0].id as string;
    await step(program, visit, 'accept');
    assertProblem(await program.call('GET', `/tickets/${target.id}`, { as: 'technician' }), 'not_found');
    await done(merge(source.id, { into: target.id }));
    const moved = (await done(program.call('GET', `/visits/${visit}`, { as: 'technician' }))).body;
    assert.equal(moved.ticket.number, target.number);
    assert.deepEqual((await show(target.id, 'technician')).visits.map((one: Any) => [one.id, one.status]), [[visit, 'accepted']]);
    assert.deepEqual((await timeline(target.id)).filter((entry) => entry.kind === 'visit.moved').map((entry) => entry.data.from), [source.number]);

    // Undone while it is still to come, it comes back; and the technician has no more to do with the target.
    await done(unmerge(source.id));
    assert.equal((await done(program.call('GET', `/visits/${visit}`, { as: 'technician' }))).body.ticket.number, source.number);
    assertProblem(await program.call('GET', `/tickets/${target.id}`, { as: 'technician' }), 'not_found');
    assert.deepEqual((await show(source.id)).status, 'open');

    // Made on the target, it stays there and settles that.
    await done(merge(source.id, { into: target.id }));
    await step(program, visit, 'check_in');
    await step(program, visit, 'complete', { workSummary: '已修' });
    assert.equal((await show(target.id)).status, 'resolved');
    await done(unmerge(source.id));
    assert.deepEqual([(await show(source.id)).visits, (await show(target.id)).visits.map((one: Any) => one.id)], [[], [visit]]);
    assert.equal((await show(target.id, 'technician')).id, target.id, 'they were there');
    for (const { id } of [source, target]) await holds(id);

    // Whoever is to come for both comes once.
    const [one, other] = [await newTicket(program), await newTicket(program)];
    const first = (await act(program, one.id, 'assign', { assignee: technician })).visits[0].id as string;
    const second = (await act(program, other.id, 'assign', { assignee: technician })).visits[0].id as string;
    await done(merge(one.id, { into: other.id }));
    const status = async (id: string) => (await done(program.call('GET', `/visits/${id}`, { as: 'technician' }))).body.status;
    assert.deepEqual([await status(first), await status(second)], ['cancelled', 'scheduled']);
  });

  test('a visit that was called off because somebody came anyway is made again, in whatever order the merges are undone', async () => {
    const { technician } = program.organization.staff;
    const current = async (ticket: Any) => (await show(ticket.id)).visits.filter((visit: Any) => visit.status === 'scheduled' || visit.status === 'accepted').map((visit: Any) => [visit.id, visit.status]);
    for (const order of ['first', 'second'] as const) {
      const [a, b, target, end] = [await newTicket(program), await newTicket(program), await newTicket(program), await newTicket(program)];
      const first = (await act(program, a.id, 'assign', { assignee: technician })).visits[0].id as string;
      const second = (await act(program, b.id, 'assign', { assignee: technician })).visits[0].id as string;
      await step(program, second, 'accept');
      await done(merge(a.id, { into: target.id }));
      pass();
      await done(merge(b.id, { into: target.id }));
      pass();
      await done(merge(target.id, { into: end.id }));
      assert.deepEqual(await current(end), [[first, 'scheduled']]);
      if (order === 'first') {
        await done(unmerge(a.id));
        assert.deepEqual([await current(a), await current(end)], [[[first, 'scheduled']], [[second, 'accepted']]], 'somebody comes for the other one all the same');
        await done(unmerge(b.id));
      } else {
        await done(unmerge(b.id));
        assert.deepEqual([await current(b), await current(end)], [[[second, 'accepted']], [[first, 'scheduled']]]);
        await done(unmerge(a.id));
      }
      assert.deepEqual([await current(a), await current(b), await current(end)], [[[first, 'scheduled']], [[second, 'accepted']], []], order);
      for (const { id } of [a, b, target, end]) await holds(id);
    }

    // Called off by a later merge, it goes back to where it came from first.
    const [one, middle, last] = [await newTicket(program), await newTicket(program), await newTicket(program)];
    const visit = (await act(program, one.id, 'assign', { assignee: technician })).visits[0].id as string;
    const other = (await act(program, last.id, 'assign', { assignee: technician })).visits[0].id as string;
    await done(merge(one.id, { into: middle.id }));
    await done(merge(middle.id, { into: last.id }));
    await done(unmerge(one.id));
    await done(unmerge(middle.id));
    assert.deepEqual([await current(one), await current(middle), await current(last)], [[[visit, 'scheduled']], [], [[other, 'scheduled']]]);
  });

  test('undone, it takes away who came along with it alone, all along the way, and nobody who was asked to help since', async () => {
    const { technician, manager } = program.organization.staff;
    const helpers = async (ticket: Any) => (await done(program.call('GET', `/tickets/${ticket.id}/helpers`, { as: 'administrator' }))).body.items.map((one: Any) => one.id).sort();
    const delegate = async (ticket: Any, staffId: string) => done(program.call('POST', `/tickets/${ticket.id}/helpers`, { as: 'administrator', body: { staffId } }));
    const tickets = async (count: number): Promise<Any[]> => Promise.all(Array.from({ length: count }, () => newTicket(program)));

    // Whoever takes part in two stays until both are gone.
    const [a, b, target] = await tickets(3);
    await delegate(a, technician);
    await delegate(b, technician);
    await done(merge(a.id, { into: target.id }));
    pass();
    await done(merge(b.id, { into: target.id }));
    await done(unmerge(a.id));
    assert.deepEqual(await helpers(target), [technician]);
    await done(unmerge(b.id));
    assert.deepEqual(await helpers(target), []);

    // Asked to help where they took part by a merge only, they stay for their own sake.
    const [c, asked] = await tickets(2);
    await delegate(c, technician);
    await delegate(c, manager);
    await done(merge(c.id, { into: asked.id }));
    await delegate(asked, technician);
    assert.equal((await timeline(asked.id)).filter((entry) => entry.kind === 'ticket.delegated' && entry.ticketNumber === null).length, 1);
    await done(unmerge(c.id));
    assert.deepEqual(await helpers(asked), [technician]);

    // All along the way.
    const [from, over, last] = await tickets(3);
    await delegate(from, technician);
    await delegate(over, manager);
    await done(merge(from.id, { into: over.id }));
    await done(merge(over.id, { into: last.id }));
    assert.deepEqual(await helpers(last), [technician, manager].sort());
    await done(unmerge(from.id));
    assert.deepEqual([await helpers(over), await helpers(last)], [[manager], [manager]]);
    assertProblem(await program.call('GET', `/tickets/${last.id}`, { as: 'technician' }), 'not_found');
    for (const { id } of [a, b, target, c, asked, from, over, last]) await holds(id);
  });

  test('is counted once: a merged ticket is neither closed nor cancelled by it, and no longer stands open', async () => {
    const count = async (measure: string) => {
      await program.catchUp();
      return ((await done(program.call('GET', `/insight/${measure}?by=team`, { as: 'administrator' }))).body.total ?? 0) as number;
    };
    const [source, target] = [await newTicket(program), await newTicket(program)];
    await act(program, source.id, 'resolve', { resolution: 'x' });
    const before = { closed: await count('closed'), resolved: await count('resolved'), reopened: await count('reopened') };
    await done(merge(source.id, { into: target.id }));
    await done(unmerge(source.id));
    await done(merge(source.id, { into: target.id }));
    assert.deepEqual({ closed: await count('closed'), resolved: await count('resolved'), reopened: await count('reopened') }, before);
    const standing = await program.database.transact(program.organization.tenantId, (transaction) => transaction.run(sql<{ status: string; counted: number; there: number }>`
      SELECT status, sum(count)::int AS counted, (SELECT count(*)::int FROM ticket t WHERE t.status = s.status) AS there FROM insight_standing s GROUP BY status`));
    for (const { status, counted, there } of standing) assert.equal(counted, there, status);
  });

  test('whatever is merged, undone and hung below each other at once, there is never a circle, and every history holds', { timeout: 120_000 }, async () => {
    const tickets: Any[] = await Promise.all(Array.from({ length: 6 }, () => newTicket(program)));
    const moves = fc.sample(fc.tuple(fc.constantFrom('merge', 'merge', 'unmerge', 'parent', 'unparent'), fc.nat(5), fc.nat(5)), 150);
    for (let at = 0; at < moves.length; at += 5) {
      const answers: Answer[] = await Promise.all(moves.slice(at, at + 5).map(([kind, x, y]) => {
        const [from, to] = [tickets[x].id as string, tickets[y].id as string];
        if (kind === 'merge') return merge(from, { into: to });
        if (kind === 'unmerge') return unmerge(from);
        return kind === 'parent' ? program.call('POST', `/tickets/${from}/links`, { as: 'agent', body: { kind: 'parent', ticket: to } }) : program.call('DELETE', `/tickets/${from}/links/parent/${to}`, { as: 'agent' });
      }));
      for (const answer of answers) assert.ok(answer.status < 300 || [404, 409, 422].includes(answer.status), answer.text);
      const rows = await program.database.transact(program.organization.tenantId, (transaction) => transaction.run(build.selectFrom('ticket').select(['id', 'merged_into', 'parent_id', 'status']).where('id', 'in', tickets.map(({ id }) => id))));
      const up = new Map(rows.map((row) => [row.id, [row.merged_into, row.parent_id].filter((id) => id !== null)]));
      const reaches = (from: string, to: string, seen = new Set<string>()): boolean => (up.get(from) ?? []).some((next) => next === to || (!seen.has(next) && reaches(next, to, seen.add(next))));
      for (const { id } of tickets) assert.ok(!reaches(id, id), `${id} lies above itself`);
      for (const row of rows) assert.equal(row.merged_into !== null && row.status !== 'closed', false);
    }
    for (const { id } of tickets) await holds(id);
  });
});

describe('the rule of merging', () => {
  test('a ticket is merged once, into another one, that does not lie below it', () => {
    const fine = { sourceId: 'a', sourceMergedInto: null, targetId: 'b', targetReachesSource: false };
    assert.equal(refuseMerge(fine), null);
    assert.equal(refuseMerge({ ...fine, targetId: 'a' }), 'merge_into_itself');
    assert.equal(refuseMerge({ ...fine, sourceMergedInto: 'c' }), 'already_merged');
    assert.equal(refuseMerge({ ...fine, targetReachesSource: true }), 'merge_into_descendant');
    assert.equal(refuseMerge({ ...fine, targetId: 'a', sourceMergedInto: 'c', targetReachesSource: true }), 'merge_into_itself');
  });
});
