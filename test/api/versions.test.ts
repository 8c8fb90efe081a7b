import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { UseCase } from '../../server/platform/http/use-case.ts';
import { routes } from '../../server/routes.ts';
import { openTestProgram, type Answer, type TestProgram } from '../support/program.ts';
import { act, assertProblem, done, newTicket, writesNothing } from './scene.ts';

describe('versions', () => {
  let program: TestProgram;
  before(async () => {
    program = await openTestProgram();
  });
  after(() => program.close());

  const patch = (path: string, body: unknown, ifMatch?: string) => program.call('PATCH', path, { as: 'administrator', body, headers: ifMatch === undefined ? {} : { 'if-match': ifMatch } });
  const tagOf = async (path: string) => String((await done(program.call('GET', path, { as: 'administrator' }))).headers['etag']);

  test('every PATCH needs one', () => {
    // One's own preferences are nobody else's to change, and each of them stands for itself.
    // An upload has its offset instead.
    const changing = routes.filter((route) => route.method === 'PATCH' && route.path !== '/api/v1/preferences' && route.path !== '/api/v1/uploads/{id}');
    assert.ok(changing.length >= 2);
    for (const route of changing) assert.equal((route.handler as UseCase).versioned, true, route.path);
  });

  test('stand in the ETag of whatever can be changed, and rise with each change', async () => {
    const made = await done(program.call('POST', '/tickets', { as: 'agent', body: { subject: '门禁坏了' } }));
    const path = `/tickets/${made.body.id}`;
    assert.equal(made.headers['etag'], '"1"');
    assert.equal(await tagOf(path), '"1"');
    const changed = await patch(path, { subject: '门禁坏了，进不去' }, '"1"');
    assert.deepEqual([changed.status, changed.headers['etag'], changed.body.version], [200, '"2"', 2]);
    assert.equal(await tagOf(path), '"2"');
    const same = await patch(path, { subject: '门禁坏了，进不去' }, '"2"');
    assert.deepEqual([same.status, same.headers['etag']], [200, '"2"'], 'saving what is there already is no change');
    await done(program.call('POST', `${path}/comments`, { as: 'agent', body: { body: '已联系', visibility: 'internal' } }));
    assert.equal(await tagOf(path), '"2"', 'what is said about it does not change it');
    const assigned = await act(program, made.body.id, 'assign', { assignee: program.organization.staff.technician });
    assert.equal(assigned.version, 3);
    assert.equal((await program.call('GET', `/visits/${assigned.visits[0].id}`, { as: 'technician' })).headers['etag'], '"1"');
    assert.equal(await tagOf(`/staff/${program.organization.staff.agent}`), '"1"');
  });

  test('a change without one is refused with 428, one from an older state with 412, and neither writes anything', async () => {
    const { id } = await newTicket(program);
    await done(patch(`/tickets/${id}`, { priority: 'high' }, '"1"'));
    await writesNothing(program, async () => {
      for (const path of [`/tickets/${id}`, `/staff/${program.organization.staff.agent}`]) {
        const body = path.startsWith('/tickets') ? { priority: 'low' } : { name: '改名' };
        assertProblem(await patch(path, body), 'version_required', path);
        for (const stale of ['"0"', '"3"', '"99"', 'W/"7"', '2', '"two"', '"2', '""', '"-1"', '"1", "2"', '"2.0"', `"${'9'.repeat(40)}"`]) assertProblem(await patch(path, body, stale), 'stale_version', `${path} ${stale}`);
      }
      assertProblem(await patch(`/tickets/${id}`, { priority: 'low' }, '"1"'), 'stale_version');
    });
    assertProblem(await patch(`/tickets/${id}`, { priority: 'low' }, 'W/"2"'), 'stale_version', 'a weak tag does not say that it is the same');
    assert.equal((await patch(`/tickets/${id}`, { priority: 'low' }, '*')).status, 200, 'whatever version there is');
  });

  test('a step of a ticket or a visit takes one when it is given', async () => {
    const { id } = await newTicket(program);
    const step = (path: string, ifMatch: string, as: 'agent' | 'technician', body: unknown) => program.call('POST', path, { as, body, headers: { 'if-match': ifMatch } });
    await writesNothing(program, async () => assertProblem(await step(`/tickets/${id}/actions/wait`, '"4"', 'agent', { for: 'part' }), 'stale_version'));
    assert.equal((await step(`/tickets/${id}/actions/wait`, '"1"', 'agent', { for: 'part' })).status, 200);
    const visit = (await act(program, id, 'assign', { assignee: program.organization.staff.technician })).visits[0];
    await writesNothing(program, async () => assertProblem(await step(`/visits/${visit.id}/actions/accept`, '"4"', 'technician', {}), 'stale_version'));
    assert.equal((await step(`/visits/${visit.id}/actions/accept`, '"1"', 'technician', {})).status, 200);
  });

  test('of many who change the same version at once exactly one wins, and no change is lost', async () => {
    for (const record of ['ticket', 'staff'] as const) {
      const path = record === 'ticket' ? `/tickets/${(await newTicket(program)).id}` : `/staff/${program.organization.staff.dispatcher}`;
      const seen = new Set<string>();
      for (let round = 1; round <= 5; round += 1) {
        const answers: Answer[] = await Promise.all(Array.from({ length: 8 }, (_, index) => patch(path, record === 'ticket' ? { description: `${round}-${index}` } : { name: `${round}-${index}` }, `"${round}"`)));
        const won = answers.filter((answer) => answer.status === 200);
        assert.equal(won.length, 1, answers.map((answer) => answer.status).join(' '));
        for (const answer of answers) if (answer !== won[0]) assertProblem(answer, 'stale_version');
        const now = (await program.call('GET', path, { as: 'administrator' })).body;
        assert.equal(now.version, round + 1);
        const text = record === 'ticket' ? now.description : now.name;
        assert.equal(text, record === 'ticket' ? won[0]!.body.description : won[0]!.body.name);
        seen.add(text);
      }
      assert.equal(seen.size, 5);
    }
  });

  test('changes to different properties that were not told of each other do not undo each other', async () => {
    const { id } = await newTicket(program);
    const change = async (body: Record<string, unknown>): Promise<void> => {
      for (;;) {
        const answer = await patch(`/tickets/${id}`, body, await tagOf(`/tickets/${id}`));
        if (answer.status === 200) return;
        assertProblem(answer, 'stale_version');
      }
    };
    await Promise.all([change({ subject: '新标题' }), change({ description: '新描述' }), change({ priority: 'urgent' }), change({ tags: ['漏水'] }), change({ location: { address: '3号楼' } })]);
    const now = (await program.call('GET', `/tickets/${id}`, { as: 'administrator' })).body;
    assert.deepEqual([now.subject, now.description, now.priority, now.tags, now.location.address, now.version], ['新标题', '新描述', 'urgent', ['漏水'], '3号楼', 6]);
  });

  test('who saved from an old one is told what changed since, by whom and when, and what there is now', async () => {
    const { organization } = program;
    const { agent, dispatcher } = organization.staff;
    const { id, priority } = await newTicket(program, { subject: '漏水', tags: ['a', 'b'], location: { lat: 30.1, lng: 120.1, address: '3幢' } });
    const as = (who: 'agent' | 'dispatcher', body: unknown) => done(program.call('PATCH', `/tickets/${id}`, { as: who, body, headers: { 'if-match': '*' } }));
    await as('agent', { subject: '水管漏水', priority: 'low' });
    await as('dispatcher', { location: { lat: 30.1, lng: 120.1, address: '3幢2单元' }, category: organization.categoryId });
    await done(program.call('POST', `/tickets/${id}/comments`, { as: 'agent', body: { body: '不算修改', visibility: 'internal' } }));
    await as('agent', { subject: '水管爆裂', tags: ['a', 'c'] });
    await act(program, id, 'wait', { for: 'part' });
    await writesNothing(program, async () => {
      const from = async (version: number) => {
        const answer = await patch(`/tickets/${id}`, { subject: '我的' }, `"${version}"`);
        assertProblem(answer, 'stale_version');
        const { current, changes } = answer.body.details;
        assert.deepEqual(current, (await done(program.call('GET', `/tickets/${id}`, { as: 'administrator' }))).body);
        for (const change of changes) assert.ok(!Number.isNaN(Date.parse(change.at)));
        return changes.map((change: { property: string; before: unknown; after: unknown; actor: { id: string } }) => [change.property, change.before, change.after, change.actor.id]);
      };
      const second = [['category', null, organization.categoryId, dispatcher], ['location', { lat: 30.1, lng: 120.1, address: '3幢' }, { lat: 30.1, lng: 120.1, address: '3幢2单元' }, dispatcher]];
      const third = [['subject', '水管漏水', '水管爆裂', agent], ['tags', ['a', 'b'], ['a', 'c'], agent]];
      const fourth = [['status', 'new', 'waiting', dispatcher], ['waitingFor', null, 'part', dispatcher]];
      const sorted = (list: unknown[][]) => list.toSorted((x, y) => String(x[0]).localeCompare(String(y[0])));
      const all = await from(1);
      assert.deepEqual(sorted(all.slice(0, 2)), [['priority', priority, 'low', agent], ['subject', '漏水', '水管漏水', agent]]);
      assert.deepEqual([sorted(all.slice(2, 4)), sorted(all.slice(4, 6)), sorted(all.slice(6))], [second, third, fourth]);
      assert.deepEqual(sorted(await from(4)), fourth);
      for (const never of [0, 6, 99]) assert.deepEqual(await from(never), [], `version ${never}`);
    });
  });

  test('of many who take the same step at once exactly one takes it', async () => {
    const { id } = await newTicket(program);
    const answers = await Promise.all(Array.from({ length: 8 }, () => program.call('POST', `/tickets/${id}/actions/cancel`, { as: 'dispatcher', body: { reason: '重复' } })));
    assert.equal(answers.filter((answer) => answer.status === 200).length, 1);
    for (const answer of answers) if (answer.status !== 200) assertProblem(answer, 'action_not_open');
    const timeline = (await program.call('GET', `/tickets/${id}/timeline`, { as: 'agent' })).body.items as { kind: string }[];
    assert.equal(timeline.filter(({ kind }) => kind === 'ticket.cancelled').length, 1);
  });
});
