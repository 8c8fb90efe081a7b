import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { linkKinds, linkRules, seenAs, storedLink } from '../../rules/ticket/links.ts';
import { countChildren } from '../../rules/ticket/collaboration.ts';
import { build } from '../../server/platform/db/database.ts';
import { newId } from '../../server/platform/db/uuid.ts';
import { openTestProgram, type TestProgram } from '../support/program.ts';
import { openFamily } from './children.ts';
import { act, assertProblem, done, linkOf, newTicket, photoOf, upload, writesNothing } from './scene.ts';

const generous = { signedIn: 1_000_000, anonymous: 1_000_000, signIn: 1_000_000, openUploads: 1_000_000, phoneSignIn: 1_000_000 };
// oxlint-disable-next-line typescript/no-explicit-any -- answers of every shape
type Any = any;
type Who = 'agent' | 'dispatcher' | 'manager' | 'technician' | 'administrator';

describe('links', () => {
  let program: TestProgram;
  let family: Awaited<ReturnType<typeof openFamily>>;
  before(async () => {
    program = await openTestProgram({ limits: generous });
    family = await openFamily(program);
  });
  after(() => program?.close());

  const link = (id: string, kind: string, ticket: string, as: Who = 'agent') => program.call('POST', `/tickets/${id}/links`, { as, body: { kind, ticket } });
  const unlink = (id: string, kind: string, other: string, as: Who = 'agent') => program.call('DELETE', `/tickets/${id}/links/${kind}/${other}`, { as });
  const list = async (id: string, query = '', as: Who = 'agent'): Promise<Any> => (await done(program.call('GET', `/tickets/${id}/links${query}`, { as }))).body;
  const linked = async (id: string, as: Who = 'agent'): Promise<[string, string][]> => (await list(id, '', as)).items.map((item: Any) => [item.kind, item.ticket.number]);
  const show = async (id: string, as: Who = 'agent'): Promise<Any> => (await done(program.call('GET', `/tickets/${id}`, { as }))).body;
  const timeline = async (id: string): Promise<Any[]> => (await done(program.call('GET', `/tickets/${id}/timeline`, { as: 'administrator' }))).body.items;
  const tickets = (count: number, more: Record<string, unknown> = {}): Promise<Any[]> => Promise.all(Array.from({ length: count }, (_, index) => newTicket(program, { subject: `第 ${index + 1} 张`, ...more })));
  const holds = async (id: string): Promise<void> => assert.equal((await done(program.call('GET', `/tickets/${id}/history/verification`, { as: 'administrator' }))).body.broken, null);

  test('of every kind stand on both tickets, each from its own side, and go from both', async () => {
    for (const kind of linkKinds) {
      const [a, b] = await tickets(2);
      const { status, body } = await link(a.id, kind, b.number);
      assert.deepEqual([status, body], [201, { kind, ticket: { id: b.id, number: b.number, subject: b.subject, status: 'new' }, via: null }]);
      assert.deepEqual(await linked(a.id), [[kind, b.number]]);
      assert.deepEqual(await linked(b.id), [[linkRules[kind].inverse, a.number]]);
      for (const [one, seen, other] of [[a, kind, b], [b, linkRules[kind].inverse, a]] as const) {
        const told = (await timeline(one.id)).at(-1);
        assert.deepEqual([told.kind, told.data.link, told.data.ticket], ['link.added', seen, { number: other.number }]);
      }
      await writesNothing(program, async () => {
        assertProblem(await link(a.id, kind, b.id), 'already_linked', kind);
        assertProblem(await link(b.id, linkRules[kind].inverse, a.id), 'already_linked', kind);
      });
      assert.equal((await unlink(b.number, linkRules[kind].inverse, a.number)).status, 204);
      assert.deepEqual([await linked(a.id), await linked(b.id)], [[], []]);
      assertProblem(await unlink(a.id, kind, b.id), 'not_found', 'once');
      assert.equal((await timeline(a.id)).at(-1).kind, 'link.removed');
      await holds(a.id);
      await holds(b.id);
    }
  });

  test('never lead to oneself or round in a circle', async () => {
    const [a, b, c] = await tickets(3);
    for (const kind of linkKinds) assertProblem(await link(a.id, kind, a.number), 'link_to_itself', kind);
    for (const kind of ['parent', 'blocks', 'duplicate_of']) {
      await done(link(a.id, kind, b.id));
      await done(link(b.id, kind, c.id));
      await writesNothing(program, async () => {
        assertProblem(await link(b.id, kind, a.id), kind === 'parent' ? 'has_parent' : 'link_circle', kind);
        assertProblem(await link(c.id, kind, a.id), 'link_circle', kind);
        assertProblem(await link(a.id, linkRules[kind as 'parent'].inverse, c.id), 'link_circle', kind);
      });
    }
    const [other] = await tickets(1);
    assertProblem(await link(a.id, 'parent', other.id), 'has_parent');
    await done(program.call('POST', `/tickets/${other.id}/merge`, { as: 'agent', body: { into: a.id } }));
    assertProblem(await link(a.id, 'related', other.id), 'link_to_itself', 'it was merged into it');
    assertProblem(await link(other.id, 'related', c.id), 'ticket_merged');
  });

  test('of many who would close a circle together at once not all succeed', { timeout: 60_000 }, async () => {
    for (let round = 0; round < 6; round += 1) {
      for (const kind of ['parent', 'blocks']) {
        const ring = await tickets(3);
        const answers = await Promise.all(ring.map((one, index) => link(one.id, kind, ring[(index + 1) % ring.length].id)));
        const refused = answers.filter((answer) => answer.status !== 201);
        assert.equal(refused.length, 1, answers.map((answer) => answer.status).join());
        assertProblem(refused[0]!, 'link_circle');
      }
    }
  });

  test('are at most 500 of a ticket, and as many children', async () => {
    const [full, other] = await tickets(2);
    const { tenantId, typeId } = program.organization;
    const now = new Date();
    const many = Array.from({ length: 500 }, () => newId()).sort();
    await program.database.transact(tenantId, async (transaction) => {
      for (const [index, id] of many.entries()) {
        await transaction.run(build.insertInto('ticket').values({
          tenant_id: tenantId, id, number: `20200101-${String(index).padStart(5, '0')}`, type_id: typeId, subject: 'x', description: '', status: index % 5 === 0 ? 'resolved' : 'open', priority: 3, priority_explanation: '{}',
          channel: 'api', created_by_kind: 'system', created_at: now, updated_at: now, parent_id: full.id,
        }));
        const [from, to] = [full.id, id].sort() as [string, string];
        await transaction.run(build.insertInto('ticket_link').values({ tenant_id: tenantId, ticket_id: from, kind: 'related', other_id: to, created_at: now }));
      }
    });
    assertProblem(await link(full.id, 'related', other.id), 'too_many_links');
    assertProblem(await link(other.id, 'blocks', full.id), 'too_many_links');
    assertProblem(await link(full.id, 'child', other.id), 'too_many_links');
    assertProblem(await link(other.id, 'parent', full.id), 'too_many_links');
    assert.equal((await link(full.id, 'parent', other.id)).status, 201, 'a parent is no child');
    assert.deepEqual((await show(full.id)).children, { total: 500, open: 400, resolved: 100, cancelled: 0 });

    // Page by page, each once.
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Any = await list(full.id, `?limit=200${cursor && `&cursor=${cursor}`}`);
      seen.push(...page.items.map((item: Any) => `${item.kind} ${item.ticket.id}`));
      cursor = page.nextCursor;
    }
    assert.deepEqual(seen, [...many.map((id) => `child ${id}`), `parent ${other.id}`, ...many.map((id) => `related ${id}`)]);
    assert.deepEqual((await list(full.id, '?kind=parent')).items.map((item: Any) => item.ticket.id), [other.id]);
  });

  test('show of a ticket that one may not read its number and nothing else, and lead to none such', async () => {
    const { organization } = program;
    const [mine, foreign] = [await newTicket(program, { team: organization.teamId, subject: '水电' }), await newTicket(program, { team: organization.otherTeamId, subject: '机密' })];
    await writesNothing(program, async () => {
      for (const kind of linkKinds) assertProblem(await link(mine.id, kind, foreign.id, 'manager'), 'unknown_reference', kind);
      assertProblem(await link(foreign.id, 'related', mine.id, 'manager'), 'not_found');
      assertProblem(await link(mine.id, 'related', foreign.id, 'technician'), 'forbidden');
    });
    for (const kind of ['related', 'parent']) await done(link(mine.id, kind, foreign.id));
    const items = (await list(mine.id, '', 'manager')).items;
    for (const item of items) assert.deepEqual(item.ticket, { id: null, number: foreign.number, subject: null, status: null });
    const shown = await program.call('GET', `/tickets/${mine.id}`, { as: 'manager' });
    assert.deepEqual(shown.body.parent, { id: null, number: foreign.number, subject: null, status: null });
    const told = await program.call('GET', `/tickets/${mine.id}/timeline`, { as: 'manager' });
    for (const { text } of [shown, told]) assert.ok(!text.includes('机密') && !text.includes(foreign.id), 'nothing else of it');
    // It can be taken away by whoever may change this one.
    assert.equal((await unlink(mine.id, 'related', foreign.number, 'manager')).status, 204);
    assert.equal((await unlink(mine.id, 'parent', foreign.number, 'manager')).status, 204);
    await done(link(foreign.id, 'parent', mine.id));
    assertProblem(await unlink(mine.id, 'child', foreign.number, 'manager'), 'forbidden', 'that changes the other one');
  });

  test('of a merged ticket are those of the one it goes on as, with where they were made', async () => {
    const [target, source, child, friend] = await tickets(4);
    await done(link(source.id, 'child', child.id));
    await done(link(source.id, 'related', friend.id));
    await done(program.call('POST', `/tickets/${source.id}/merge`, { as: 'agent', body: { into: target.id } }));
    assert.deepEqual((await list(target.id)).items.map((item: Any) => [item.kind, item.ticket.number, item.via]), [['child', child.number, source.number], ['related', friend.number, source.number]]);
    assert.deepEqual([(await show(target.id)).children, (await show(child.id)).parent.number], [{ total: 1, open: 1, resolved: 0, cancelled: 0 }, target.number]);
    assert.equal((await unlink(target.id, 'related', friend.id)).status, 204);
    assert.equal((await unlink(target.id, 'child', child.id)).status, 204);
    assert.deepEqual([await linked(target.id), await linked(friend.id), (await show(child.id)).parent], [[], [], null]);
    await done(program.call('POST', `/tickets/${source.id}/unmerge`, { as: 'agent', body: {} }));
    assert.deepEqual(await linked(source.id), []);
  });

  test('a parent’s resolution asks each child’s form what it wants there, and leaves open what has no answer', async () => {
    const cause = { key: 'cause', kind: 'text', label: { zh: '原因' }, required: { '==': [{ var: 'ticket.status' }, 'resolved'] } };
    const type = (await done(program.call('POST', '/ticket-types', { as: 'administrator', body: { key: 'asks_cause', name: '要原因', form: { fields: [cause] } } }))).body.id as string;
    const parent = await newTicket(program, { subject: '整栋停水' });
    const [asked, answered] = [await newTicket(program, { type }), await newTicket(program, { type, fields: { cause: '阀门' } })];
    for (const child of [asked, answered]) await done(link(child.id, 'parent', parent.id));
    await family.settle();
    await act(program, parent.id, 'resolve', { resolution: '已供水', children: 'resolve' });
    await family.settle(3);
    assert.deepEqual([(await show(asked.id)).status, (await show(answered.id)).status], ['new', 'resolved']);
    const [carried] = (await timeline(parent.id)).filter((entry) => entry.kind === 'children.carried');
    assert.deepEqual([carried.data.done, carried.data.left], [1, [{ number: asked.number, outcome: 'invalid_input' }]]);
    await holds(asked.id);
  });

  test('a parent’s resolution settles its open children, each once, however often the job is run', async () => {
    const parent = await newTicket(program, { subject: '整栋停电' });
    const children = await tickets(12);
    for (const child of children) await done(link(child.id, 'parent', parent.id));
    const [waiting, resolved, cancelled, merged, strict, ...open] = children;
    await act(program, waiting.id, 'wait', { for: 'supplier' });
    await act(program, resolved.id, 'resolve', { resolution: '自己的办法' });
    await act(program, cancelled.id, 'cancel', { reason: '误报' });
    const [elsewhere] = await tickets(1);
    await done(program.call('POST', `/tickets/${merged.id}/merge`, { as: 'agent', body: { into: elsewhere.id } }));
    const template = (await done(program.call('POST', '/checklist-templates', { as: 'administrator', body: { name: '送电前', items: ['验电'], ticketTypeIds: [program.organization.typeId], requiredBeforeResolve: true } }))).body;
    await done(program.call('POST', `/tickets/${strict.id}/checklist`, { as: 'agent', body: { template: template.id } }));
    const visit = (await act(program, open[0].id, 'assign', { assignee: program.organization.staff.technician })).visits[0].id as string;
    await family.settle();

    const answer = await act(program, parent.id, 'resolve', { resolution: '供电已恢复', children: 'resolve' });
    assert.deepEqual(answer.children, { total: 11, open: 9, resolved: 1, cancelled: 1 }, 'not in the request');
    await family.settle(3);
    for (const child of [waiting, ...open]) {
      const shown = await show(child.id);
      assert.deepEqual([shown.status, shown.resolution], ['resolved', '供电已恢复']);
      const told = (await timeline(child.id)).filter((entry) => entry.kind === 'ticket.resolved');
      assert.deepEqual([told.length, told[0].data.parentNumber, told[0].actor.name], [1, parent.number, 'dispatcher first']);
      await holds(child.id);
    }
    assert.equal((await done(program.call('GET', `/visits/${visit}`, { as: 'technician' }))).body.status, 'cancelled');
    assert.deepEqual([(await show(resolved.id)).resolution, (await show(cancelled.id)).status, (await show(elsewhere.id)).status, (await show(strict.id)).status], ['自己的办法', 'cancelled', 'new', 'open'].map((status, index) => (index === 3 ? 'new' : status)));

    const own = await timeline(parent.id);
    const carried = own.filter((entry) => entry.kind === 'children.carried');
    assert.deepEqual(carried.map((entry) => [entry.data.step, entry.data.done, entry.data.left]), [['resolved', 8, [{ number: strict.number, outcome: 'checklist_open' }]]]);
    const progressed = own.filter((entry) => entry.kind === 'children.progressed');
    const named = progressed.flatMap((entry) => entry.data.children.map((child: Any) => `${child.number} ${child.what}`));
    assert.deepEqual(named.toSorted(), [...open, waiting, resolved].map((child) => `${child.number} resolved`).concat(`${cancelled.number} cancelled`, `${merged.number} merged`).toSorted());
    assert.deepEqual(progressed.at(-1).data.counts, { total: 11, open: 1, resolved: 9, cancelled: 1 });
    assert.ok(own.every((entry) => !('childIds' in entry.data)));
    await holds(parent.id);
    await done(program.call('PATCH', `/checklist-templates/${template.id}`, { as: 'administrator', body: { active: false }, headers: { 'if-match': '*' } }));
  });

  test('a parent’s resolution leaves its children alone unless told otherwise, and those out of the actor’s reach always', async () => {
    const { organization } = program;
    const parent = await newTicket(program, { team: organization.teamId });
    const [inside, outside] = [await newTicket(program, { team: organization.teamId }), await newTicket(program, { team: organization.otherTeamId })];
    for (const child of [inside, outside]) await done(link(child.id, 'parent', parent.id));
    await act(program, parent.id, 'resolve', { resolution: '已修', children: 'leave' }, 'manager');
    await family.settle();
    assert.deepEqual([(await show(inside.id)).status, (await show(outside.id)).status], ['new', 'new']);
    await act(program, parent.id, 'reopen', { reason: '没好' }, 'manager');
    await act(program, parent.id, 'resolve', { resolution: '已修', children: 'resolve' }, 'manager');
    await family.settle();
    assert.deepEqual([(await show(inside.id)).status, (await show(outside.id)).status], ['resolved', 'new']);
  });

  test('a public reply on a parent reaches each child’s own customer once, with its files; their answers show on the parent', async () => {
    const parent = await newTicket(program);
    const children = await Promise.all(['王芳', '李雷', '韩梅'].map((name) => newTicket(program, { requester: { name } })));
    for (const child of children) await done(link(child.id, 'parent', parent.id));
    const [first, merged, closed] = children;
    // Merged into the other child, it is told once, there.
    await done(program.call('POST', `/tickets/${merged.id}/merge`, { as: 'agent', body: { into: first.id } }));
    await act(program, closed.id, 'close', { reason: 'x' });
    const photo = (await done(upload(program, 'agent', { content: await photoOf('#aa5500'), fields: { visibility: 'public' } }))).body.id as string;
    const say = (body: Record<string, unknown>) => program.call('POST', `/tickets/${parent.id}/comments`, { as: 'agent', body });
    assertProblem(await say({ body: '内部', visibility: 'internal', toChildren: true }), 'invalid_input');
    await done(say({ body: '只说给自己', visibility: 'public' }));
    await done(say({ body: '预计两小时恢复', visibility: 'public', toChildren: true, attachments: [photo] }));
    await family.settle(2);

    const seen = (await done(program.call('GET', `/progress/${linkOf(first)}`))).body;
    assert.deepEqual(seen.messages.map((message: Any) => [message.body, message.author, message.files.length]), [['预计两小时恢复', 'agent first', 1]]);
    assert.equal((await program.inject({ method: 'GET', url: seen.messages[0].files[0].url })).status, 200);
    assert.deepEqual((await done(program.call('GET', `/progress/${linkOf(merged)}`))).body.messages.map((message: Any) => message.body), ['预计两小时恢复']);
    assert.deepEqual((await done(program.call('GET', `/progress/${linkOf(closed)}`))).body.messages, []);
    const told = (await timeline(first.id)).filter((entry) => entry.comment !== null && entry.ticketNumber === null);
    assert.deepEqual(told.map((entry) => [entry.comment.origin, entry.data.parentNumber]), [[{ kind: 'parent', number: parent.number }, parent.number]]);

    await done(program.call('POST', `/progress/${linkOf(first)}/comments`, { body: { body: '收到，谢谢' } }));
    await family.settle();
    const answered = (await timeline(parent.id)).at(-1);
    assert.deepEqual([answered.kind, answered.data.children.map((child: Any) => [child.number, child.what])], ['children.progressed', [[first.number, 'answered']]]);
    assert.ok(!JSON.stringify(answered).includes('收到'), 'what was said stays with the child');
    for (const { id } of [parent, first]) await holds(id);
  });
});

describe('the rules of links', () => {
  test('every kind has an inverse that is its mirror, and both are kept as one', () => {
    for (const kind of linkKinds) {
      const { inverse, zh, en } = linkRules[kind];
      assert.equal(linkRules[inverse].inverse, kind);
      assert.deepEqual(storedLink(kind, 'a', 'b'), storedLink(inverse, 'b', 'a'));
      const stored = storedLink(kind, 'a', 'b');
      assert.equal(seenAs(stored.kind, stored.from === 'a' ? 'from' : 'to'), kind);
      assert.match(zh, /\p{Script=Han}/u);
      assert.match(en, /^[A-Z]/);
    }
  });

  test('children are counted by how they stand, and those merged elsewhere not at all', () => {
    const states = (['new', 'open', 'waiting', 'resolved', 'closed', 'cancelled'] as const).flatMap((status) => [{ status, merged: false }, { status, merged: true }]);
    assert.deepEqual(countChildren(states), { total: 6, open: 3, resolved: 2, cancelled: 1 });
    assert.deepEqual(countChildren([]), { total: 0, open: 0, resolved: 0, cancelled: 0 });
  });
});
