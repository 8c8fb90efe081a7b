import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { build } from '../../server/platform/db/database.ts';
import { openTestProgram, type TestProgram } from '../support/program.ts';
import { act, assertProblem, done, newTicket, writesNothing } from './scene.ts';

describe('macros', { timeout: 120_000 }, () => {
  let program: TestProgram;
  before(async () => void (program = await openTestProgram({ limits: { signedIn: 100_000, anonymous: 100_000, signIn: 100_000, openUploads: 100_000, phoneSignIn: 100_000 } })));
  after(() => program.close());
  type Person = 'agent' | 'administrator' | 'technician' | 'manager';
  // oxlint-disable-next-line typescript/no-explicit-any -- answers of every shape
  const make = async (steps: object[], more: object = {}, as: Person = 'agent'): Promise<any> => (await done(program.call('POST', '/macros', { as, body: { kind: 'personal', name: '先关总阀', steps, ...more } }))).body;
  const apply = (ticket: { id: string }, macro: { id: string }, body: object = {}, as: Person = 'agent', headers: Record<string, string> = {}) => program.call('POST', `/tickets/${ticket.id}/macros/${macro.id}`, { as, body, headers });
  const show = async (ticket: { id: string }) => (await done(program.call('GET', `/tickets/${ticket.id}`, { as: 'agent' }))).body;
  const kinds = async (ticket: { id: string }) => (await done(program.call('GET', `/tickets/${ticket.id}/timeline`, { as: 'agent' }))).body.items.map((entry: { kind: string }) => entry.kind);

  test('takes all its steps at once, each as by hand, and says what changed', async () => {
    const { staff, categoryId, teamId } = program.organization;
    const ticket = await newTicket(program, { requester: { name: '王芳', phone: '13812345678' }, tags: ['旧'], priority: 'low' });
    const macro = await make([
      { kind: 'set', priority: 'urgent', category: categoryId },
      { kind: 'tag', tags: ['漏水', '旧'] }, { kind: 'untag', tags: ['旧'] },
      { kind: 'act', action: 'assign', assignee: 'me', team: teamId },
      { kind: 'checklist', items: ['关总阀', '拍照'] },
      { kind: 'reply', body: '{{customer.name|您}}好，{{ticket.number}} 由 {{ticket.assignee}} 处理，优先级{{ticket.priority}}' },
      { kind: 'note', body: '电话 {{customer.phone}}' },
      { kind: 'act', action: 'wait', for: 'part', reason: '等 {{ticket.number}} 的配件' },
    ]);
    let preview: unknown;
    await writesNothing(program, async () => {
      preview = (await done(apply(ticket, macro, { dryRun: true }))).body;
    });
    const applied = (await done(apply(ticket, macro))).body;
    assert.deepEqual(preview, { ...applied, dryRun: true, ticket: null }, 'the preview says what then happens');
    const changes = Object.fromEntries(applied.changes.map((change: { property: string; after: unknown }) => [change.property, change.after]));
    assert.deepEqual([changes.priority, changes.status, changes.waitingFor, changes.tags, changes.assignee], ['urgent', 'waiting', 'part', ['漏水'], { id: staff.agent, name: 'agent first' }]);
    assert.deepEqual(applied.messages, [
      { visibility: 'public', body: `王芳好，${ticket.number} 由 agent first 处理，优先级Urgent` }, { visibility: 'internal', body: '电话 138****5678' },
    ]);
    assert.equal(applied.checklistItems, 2);
    const after = await show(ticket);
    assert.deepEqual([after.priority, after.status, after.tags, after.checklist], ['urgent', 'waiting', ['漏水'], { done: 0, total: 2 }]);
    const told = await kinds(ticket);
    assert.equal(told[1], 'macro.applied');
    assert.deepEqual(told.filter((kind: string) => ['comment.added', 'ticket.assigned', 'ticket.waiting_started'].includes(kind)), ['ticket.assigned', 'comment.added', 'comment.added', 'ticket.waiting_started']);
    assert.equal((await done(program.call('GET', `/macros/${macro.id}`, { as: 'agent' }))).body.useCount, 1);
  });

  test('is refused as a whole when one step is, naming it', async () => {
    const ticket = await newTicket(program);
    const macro = await make([{ kind: 'note', body: '先记一笔' }, { kind: 'act', action: 'resume' }, { kind: 'tag', tags: ['x'] }]);
    await writesNothing(program, async () => {
      for (const body of [{}, { dryRun: true }]) {
        const answer = await apply(ticket, macro, body);
        assertProblem(answer, 'macro_step_refused');
        assert.deepEqual([answer.body.step, answer.body.stepCode], [1, 'action_not_open']);
        assert.match(answer.body.title, /step 2 .*“New”/);
      }
    });
  });

  test('fills in nothing that could not be written by hand', async () => {
    const full = await newTicket(program, { tags: Array.from({ length: 20 }, (_, index) => `t${index}`), subject: '长'.repeat(200) });
    for (const step of [{ kind: 'tag', tags: ['one more'] }, { kind: 'set', subject: '关于{{ticket.subject}}' }, { kind: 'note', body: '{{asset.name}}' }]) {
      const answer = await apply(full, await make([step]));
      assertProblem(answer, 'macro_step_refused', JSON.stringify(step));
      assert.equal(answer.body.stepCode, 'invalid_input');
    }
  });

  test('allows nobody more than they may do by hand', async () => {
    const shared = await make([{ kind: 'note', body: '看过' }, { kind: 'set', priority: 'low' }], { kind: 'shared', name: '降级' }, 'administrator');
    const ticket = await newTicket(program);
    assertProblem(await apply(ticket, shared, {}, 'technician'), 'not_found');
    await act(program, ticket.id, 'assign', { assignee: program.organization.staff.technician });
    await writesNothing(program, async () => {
      const answer = await apply(ticket, shared, {}, 'technician');
      assertProblem(answer, 'macro_step_refused');
      assert.deepEqual([answer.body.step, answer.body.stepCode], [1, 'forbidden']);
    });
    const own = await make([{ kind: 'note', body: 'x' }]);
    assertProblem(await apply(ticket, own, {}, 'administrator'), 'not_found', 'somebody else’s own');
    assertProblem(await apply(ticket, own, {}, 'agent', { 'if-match': '"99"' }), 'stale_version');
    const gone = await program.call('PATCH', `/macros/${own.id}`, { as: 'agent', body: { active: false }, headers: { 'if-match': '"1"' } });
    assert.equal(gone.status, 200);
    assertProblem(await apply(ticket, own), 'macro_not_available');
  });

  test('is offered where its condition holds, and refused elsewhere', async () => {
    const macro = await make([{ kind: 'tag', tags: ['加急'] }], { condition: { all: [{ property: 'priority', operator: 'is', value: 'urgent' }, { property: 'assignee', operator: 'empty' }] } });
    const [urgent, normal] = [await newTicket(program, { priority: 'urgent' }), await newTicket(program, { priority: 'normal' })];
    const offered = async (ticket: { number: string }) => (await done(program.call('GET', `/macros?ticket=${ticket.number}`, { as: 'agent' }))).body.items.some((one: { id: string }) => one.id === macro.id);
    assert.deepEqual([await offered(urgent), await offered(normal)], [true, false]);
    assertProblem(await apply(normal, macro), 'macro_not_available');
    await done(apply(urgent, macro));
    assertProblem(await program.call('POST', '/macros', { as: 'agent', body: { kind: 'personal', name: 'x', steps: [{ kind: 'tag', tags: ['x'] }], condition: { property: 'nonsense', operator: 'is', value: 1 } } }), 'invalid_input');
  });

  test('what was somebody’s own stays theirs when it is shared: its versions, and in the audit trail', async () => {
    const own = (await done(program.call('POST', '/macros', { as: 'administrator', body: { kind: 'personal', name: '私下', steps: [{ kind: 'note', body: '心里话' }] } }))).body;
    await done(program.call('PATCH', `/macros/${own.id}`, { as: 'administrator', body: { kind: 'shared', name: '公开', steps: [{ kind: 'note', body: '大家用' }] }, headers: { 'if-match': '"1"' } }));
    const names = async (as: 'agent' | 'administrator') => (await done(program.call('GET', `/macros/${own.id}/versions`, { as }))).body.items.map((one: { name: string }) => one.name);
    assert.deepEqual([await names('agent'), await names('administrator')], [['公开'], ['公开', '私下']]);
    const reply = (await done(program.call('POST', '/canned-replies', { as: 'administrator', body: { kind: 'personal', name: '私下的话', body: '悄悄话' } }))).body;
    await done(program.call('PATCH', `/canned-replies/${reply.id}`, { as: 'administrator', body: { kind: 'shared', body: '公开的话' }, headers: { 'if-match': '"1"' } }));
    const facts = await program.database.transact(program.organization.tenantId, (transaction) => transaction.run(build.selectFrom('fact').select('data').where('subject_id', 'in', [own.id, reply.id]).orderBy('position')));
    assert.equal(facts.length, 2);
    for (const { data } of facts) assert.deepEqual([(data as { before: unknown }).before, /心里话|悄悄话|私下"/.test(JSON.stringify(data))], [{ kind: 'personal' }, false]);
  });

  test('keeps what it said before, and takes no step that could never be taken', async () => {
    const macro = await make([{ kind: 'note', body: '一' }]);
    await done(program.call('PATCH', `/macros/${macro.id}`, { as: 'agent', body: { steps: [{ kind: 'note', body: '二' }], name: '改过' }, headers: { 'if-match': '"1"' } }));
    assert.equal((await done(program.call('PATCH', `/macros/${macro.id}`, { as: 'agent', body: { name: '改过' }, headers: { 'if-match': '"2"' } }))).body.version, 2, 'saving what is there is no change');
    const versions = (await done(program.call('GET', `/macros/${macro.id}/versions`, { as: 'agent' }))).body.items;
    assert.deepEqual(versions.map((one: { version: number; name: string; steps: { body: string }[] }) => [one.version, one.name, one.steps[0]!.body]), [[2, '改过', '二'], [1, '先关总阀', '一']]);
    const nobody = '018f0000-0000-7000-8000-000000000000';
    const wrong: object[] = [
      { kind: 'reply', body: '{{nonsense}}' }, { kind: 'set' }, { kind: 'set', category: nobody }, { kind: 'act', action: 'assign', assignee: nobody }, { kind: 'act', action: 'transfer', team: nobody }, { kind: 'act', action: 'transfer' },
      { kind: 'act', action: 'cancel' }, { kind: 'act', action: 'resolve' }, { kind: 'act', action: 'explode' }, { kind: 'checklist' }, { kind: 'checklist', template: nobody }, { kind: 'tag', tags: [] }, { kind: 'run', code: '1' }, { kind: 'note', body: 'x', extra: 1 },
    ];
    await writesNothing(program, async () => {
      for (const step of wrong) {
        const answer = await program.call('POST', '/macros', { as: 'agent', body: { kind: 'personal', name: 'x', steps: [step] } });
        assert.equal(answer.status, 422, `${JSON.stringify(step)} ${answer.text}`);
      }
    });
  });
});
