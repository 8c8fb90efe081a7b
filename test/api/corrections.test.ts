import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { FieldDefinition } from '../../rules/forms/form.ts';
import { newId } from '../../server/platform/db/uuid.ts';
import { advance, registerReader } from '../../server/platform/facts/readers.ts';
import { keepCustomerMessages } from '../../server/reactions/search/keep-customer-messages.ts';
import { openTestProgram, type Answer, type Person, type TestProgram } from '../support/program.ts';
import { act, assertProblem, done, linkOf, newSession, newTicket } from './scene.ts';

// oxlint-disable-next-line typescript/no-explicit-any -- answers of every shape
type Any = any;

describe('a ticket that was taken down wrongly is put right', { timeout: 180_000 }, () => {
  let program: TestProgram;
  before(async () => {
    program = await openTestProgram({ limits: { signedIn: 1_000_000, anonymous: 1_000_000, signIn: 1_000_000, openUploads: 1_000_000, phoneSignIn: 1_000_000 } });
    await registerReader(program.database, keepCustomerMessages.name);
  });
  after(() => program?.close());

  const get = async (path: string, as: Person = 'administrator'): Promise<Any> => (await done(program.call('GET', path, { as }))).body;
  const post = async (path: string, body: unknown): Promise<Any> => (await done(program.call('POST', path, { as: 'administrator', body }))).body;
  const patch = (id: string, body: unknown, as: Person | { token: string } = 'agent', version = '*'): Promise<Answer> => program.call('PATCH', `/tickets/${id}`, { as, body, headers: { 'if-match': version } });
  const change = async (id: string): Promise<Any> => (await get(`/tickets/${id}/timeline`)).items.find((one: { kind: string }) => one.kind === 'ticket.changed')?.data;
  const catchUp = async (): Promise<void> => {
    await program.catchUp();
    while (await advance(program.database, keepCustomerMessages) > 0);
  };

  describe('who asked', () => {
    test('somebody else takes the place of the wrong caller, with what was said on it; the number stays hidden in the history', async () => {
      const ticket = await newTicket(program, { requester: { name: '打错的人', phone: '13900000001' } });
      await done(program.call('POST', `/tickets/${ticket.id}/comments`, { as: 'agent', body: { body: '师傅下午到', visibility: 'public' } }));
      await catchUp();
      const wrong = ticket.requester.customerId as string;
      const right = await post('/customers', { name: '王欣怡', phone: '13900000002' });
      const changed = (await done(patch(ticket.id, { requester: { customerId: right.id } }))).body;
      assert.deepEqual([changed.requester.customerId, changed.requester.name, changed.requester.phone], [right.id, '王欣怡', '139****0002']);
      const { before: was, after: is } = await change(ticket.id);
      assert.deepEqual([was.contactName, was.contactPhone, is.contactName, is.contactPhone], ['打错的人', '139****0001', '王欣怡', '139****0002']);
      assert.equal((await get(`/tickets/${ticket.id}/history/verification`)).intact, true);
      await catchUp();
      const kinds = async (id: string): Promise<string[]> => (await get(`/customers/${id}/timeline`)).items.map((one: { kind: string }) => one.kind).filter((kind: string) => kind === 'ticket' || kind === 'message');
      assert.deepEqual([(await kinds(right.id)).sort(), await kinds(wrong)], [['message', 'ticket'], []]);
      assert.equal((await get('/tickets?q=%E7%8E%8B%E6%AC%A3%E6%80%A1')).items.some((one: { id: string }) => one.id === ticket.id), true, 'and is found by the right name');
    });

    test('a name alone is put right beside the number; null leaves nobody', async () => {
      const ticket = await newTicket(program, { requester: { name: '王心怡', phone: '13900000003' } });
      const named = (await done(patch(ticket.id, { requester: { customerId: ticket.requester.customerId, name: '王欣怡' } }))).body;
      assert.deepEqual([named.requester.name, named.requester.phone], ['王欣怡', '139****0003']);
      const other = (await done(patch(ticket.id, { requester: { name: '邻居' } }))).body;
      assert.deepEqual([other.requester.customerId, other.requester.name, other.requester.phone], [null, '邻居', null], 'a name alone is somebody else, who left no number');
      const called = (await done(patch(ticket.id, { requester: { name: '邻居', phone: '139 0000 0004' } }))).body;
      assert.deepEqual([called.requester.name, called.requester.phone, called.requester.customerId === null], ['邻居', '139****0004', false]);
      const nobody = (await done(patch(ticket.id, { requester: null }))).body;
      assert.deepEqual([nobody.requester.customerId, nobody.requester.name, nobody.requester.phone], [null, null, null]);
    });

    test('an unknown customer and a number that is none are refused; who may not look customers up names none', async () => {
      const ticket = await newTicket(program, { requester: { name: '王芳', phone: '13900000005' } });
      const refused = await patch(ticket.id, { requester: { customerId: newId() } });
      assert.deepEqual([refused.status, refused.body.errors[0].path], [422, '/requester/customerId']);
      const short = await patch(ticket.id, { requester: { phone: '1-' } });
      assert.deepEqual([short.status, short.body.errors[0].path], [422, '/requester/phone']);
      const role = await post('/roles', { name: '只改工单', grants: [{ permission: 'ticket.read', scope: 'organization' }, { permission: 'ticket.update', scope: 'organization' }] });
      const staff = await post('/staff', { name: '改单员', job: 'agent', email: 'corrector@first.example', roleIds: [role.id] });
      const { token } = await newSession(program, staff.id);
      const someone = await post('/customers', { name: '张三', phone: '13900000006' });
      assertProblem(await patch(ticket.id, { requester: { customerId: someone.id } }, { token }), 'forbidden');
      assert.equal((await done(patch(ticket.id, { requester: { customerId: ticket.requester.customerId, name: '王小芳' } }, { token }))).body.requester.name, '王小芳');
    });

    test('of two who put it right at once the second hears of the first', async () => {
      const ticket = await newTicket(program, { requester: { name: '王芳', phone: '13900000007' } });
      const version = `"${ticket.version}"`;
      await done(patch(ticket.id, { requester: { name: '李四', phone: '13900000008' } }, 'agent', version));
      const late = await patch(ticket.id, { requester: null }, 'agent', version);
      assertProblem(late, 'stale_version');
      assert.deepEqual(late.body.details.changes.map((one: { property: string; before: { name: string; phone: string }; after: { name: string; phone: string } }) => [one.property, one.before.name, one.before.phone, one.after.name, one.after.phone]),
        [['requester', '王芳', '139****0007', '李四', '139****0008']]);
    });
  });

  describe('its type', () => {
    const text = (key: string, more: Record<string, unknown> = {}): FieldDefinition => ({ key, kind: 'text', label: { zh: key }, ...more }) as unknown as FieldDefinition;
    const makeType = (fields: FieldDefinition[]): Promise<Any> => {
      const key = `type_${newId().slice(-6)}`;
      return post('/ticket-types', { key, name: key, form: { fields } });
    };

    test('answers move over where the new form takes them; what it demands has to be there', async () => {
      const from = await makeType([text('floor', { indexed: true }), text('room'), text('identity', { masked: true }), { key: 'amount', kind: 'number', label: { zh: '数' } } as FieldDefinition]);
      const to = await makeType([text('floor', { indexed: true }), text('amount'), text('reason', { required: true })]);
      const ticket = await newTicket(program, { type: from.id, fields: { floor: '3', room: '302', identity: '330106199001011234', amount: 7 } });
      const refused = await patch(ticket.id, { type: to.key });
      assert.deepEqual([refused.status, refused.body.errors.map((one: { path: string; code: string }) => `${one.path} ${one.code}`)], [422, ['/fields/reason required']]);
      const changed = (await done(patch(ticket.id, { type: to.key, fields: { reason: '客户投诉' } }))).body;
      assert.deepEqual([changed.type.id, changed.formVersion, changed.fields], [to.id, 1, { floor: '3', reason: '客户投诉', room: '302' }], 'another kind of answer and one that only its own form hid stay behind');
      const said = await change(ticket.id);
      assert.deepEqual([said.before.typeId, said.after.typeId, said.before.fields.identity, said.before.fields.amount, said.after.fields.amount], [from.id, to.id, '******', 7, null]);
      assert.doesNotMatch(JSON.stringify(said), /330106/);
      assert.equal((await get(`/tickets/${ticket.id}/history/verification`)).intact, true);
      assert.equal((await done(patch(ticket.id, { type: to.id }))).body.version, changed.version, 'the type it has is no change');
      assertProblem(await patch(ticket.id, { type: 'no_such_type' }), 'unknown_reference');
    });

    test('what the new type brings comes with it', async () => {
      const to = await makeType([]);
      await post('/checklist-templates', { name: '投诉必做', items: ['回访客户'], ticketTypeIds: [to.id], requiredBeforeResolve: true });
      const ticket = await newTicket(program);
      assert.deepEqual((await done(patch(ticket.id, { type: to.id }))).body.checklist, { done: 0, total: 1 });
      const settled = await newTicket(program);
      await act(program, settled.id, 'resolve', { resolution: '好了' });
      const late = (await done(patch(settled.id, { type: to.id }))).body;
      assert.deepEqual([late.type.id, late.checklist], [to.id, null], 'but not to one that is done with');
    });

    test('not to a type that one may not work on', async () => {
      const ticket = await newTicket(program);
      const to = await makeType([]);
      const role = await post('/roles', { name: '只管服务请求', grants: [{ permission: 'ticket.read', scope: 'organization' }, { permission: 'ticket.update', scope: 'organization', ticketTypeIds: [program.organization.typeId] }] });
      const staff = await post('/staff', { name: '专人', job: 'agent', email: 'one-type@first.example', roleIds: [role.id] });
      assertProblem(await patch(ticket.id, { type: to.id }, { token: (await newSession(program, staff.id)).token }), 'forbidden');
    });
  });

  describe('two who assign it at once', () => {
    test('the second hears who has it by now, and may go on', async () => {
      const ticket = await newTicket(program);
      const { staff } = program.organization;
      const assign = (assignee: string | null, expectedAssignee?: string | null): Promise<Answer> => program.call('POST', `/tickets/${ticket.id}/actions/assign`, { as: 'dispatcher', body: { assignee, ...(expectedAssignee === undefined ? {} : { expectedAssignee }) } });
      await done(assign(staff.technician, null));
      const late = await assign(staff.agent, null);
      assertProblem(late, 'assigned_meanwhile');
      const { name } = (await get(`/tickets/${ticket.id}`)).assignee;
      assert.ok(late.body.title.includes(name), late.body.title);
      assert.equal((await done(assign(staff.technician, null))).body.assignee.id, staff.technician, 'who has it already may be chosen again');
      assert.equal((await done(assign(staff.agent, staff.technician))).body.assignee.id, staff.agent);
      await done(assign(null, staff.agent));
      assertProblem(await assign(staff.technician, staff.agent), 'taken_back_meanwhile');
      assert.equal((await done(assign(staff.technician))).body.assignee.id, staff.technician, 'who expects nothing is not asked');
    });
  });

  test('a request that was solved at once shows its customer no steps that were never taken', async () => {
    const ticket = await newTicket(program);
    await act(program, ticket.id, 'resolve', { resolution: '电话里说清楚了' });
    const progress = (await done(program.call('GET', `/progress/${linkOf(await get(`/tickets/${ticket.id}`))}`))).body;
    assert.deepEqual(progress.steps.map((one: { step: string; done: boolean; current: boolean; at: string | null }) => [one.step, one.done, one.current, one.at !== null]), [['received', true, false, true], ['resolved', true, true, true], ['closed', false, false, false]]);
    assert.equal(progress.resolution, '电话里说清楚了');
  });

  test('nothing is taken for e-mail while no channel carries it', async () => {
    const silent = await openTestProgram({ mailConfigured: false });
    try {
      const ticket = await newTicket(silent);
      assertProblem(await silent.call('POST', `/tickets/${ticket.id}/side-conversations`, { as: 'agent', body: { subject: '询价', body: '请报价', email: { address: 'supplier@example.com' } } }), 'side_mail_not_configured');
      await done(silent.call('POST', `/tickets/${ticket.id}/side-conversations`, { as: 'agent', body: { subject: '帮忙', body: '请看', team: silent.organization.teamId } }));
    } finally {
      await silent.close();
    }
  });
});
