import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { signTicketToken } from '../../server/records/access/links.ts';
import { openTestProgram, type Person, type TestProgram } from '../support/program.ts';
import { assertProblem, done, newSession, newTicket } from './scene.ts';

type Who = Person | { token: string };

describe('what people see beside what they look for', () => {
  let program: TestProgram;
  before(async () => {
    program = await openTestProgram();
  });
  after(() => program?.close());

  const call = (method: 'GET' | 'POST' | 'PATCH', path: string, body?: unknown, as: Who = 'administrator', headers: Record<string, string> = {}) => program.call(method, path, { as, headers, ...(body === undefined ? {} : { body }) });
  const get = async (path: string, as: Who = 'administrator') => (await done(call('GET', path, undefined, as))).body;
  const customer = async (name: string, phone: string) => (await done(call('POST', '/customers', { name, phone }, 'agent'))).body;

  test('of tickets only those are counted that one may see', async () => {
    const { id } = await customer('数一数', '13900009501');
    for (const by of ['administrator', 'administrator', 'agent'] as const) await newTicket(program, { requester: { customerId: id } }, by);
    const role = (await done(call('POST', '/roles', { name: '只看自己的', grants: [{ permission: 'ticket.read', scope: 'own' }, { permission: 'customer.read', scope: 'organization' }, { permission: 'organization.read', scope: 'organization' }] }))).body;
    const staff = (await done(call('POST', '/staff', { name: '小看', job: 'agent', roleIds: [role.id] }))).body;
    const reader = { token: (await newSession(program, staff.id)).token };
    assert.deepEqual([(await get(`/customers/${id}`)).ticketCount, (await get(`/customers/${id}`, reader)).ticketCount], [3, 0]);
    const { technician } = program.organization.staff;
    const ticket = await newTicket(program, {}, 'administrator');
    await done(call('POST', `/tickets/${ticket.id}/actions/assign`, { assignee: technician }));
    const open = async (as: Who) => (await get('/staff?limit=200', as)).items.find((one: { id: string }) => one.id === technician).openTickets;
    assert.deepEqual([await open('administrator'), await open(reader)], [1, 0]);
  });

  test('a number that the policy hides is neither marked in a search nor told as the reason of a duplicate', async () => {
    const first = await customer('李隐', '13900009559');
    const twin = (await done(call('POST', '/customers', { name: '李隐', email: 'hidden@example.com' }, 'agent'))).body;
    await newTicket(program, { requester: { customerId: first.id } });
    await newTicket(program, { requester: { customerId: twin.id, phone: '13900009559' } });
    await program.catchUp();
    const marked = async () => (await get('/tickets?q=9559')).items.flatMap((one: { highlights?: { property: string; text: string }[] }) => (one.highlights ?? []).filter(({ property }) => property === 'phone').map(({ text }) => text));
    const reason = async () => (await get(`/customers/${twin.id}/duplicates`)).items.flatMap((one: { reasons: { reason: string; detail: string | null }[] }) => one.reasons).find((one: { reason: string }) => one.reason === 'same_phone')?.detail;
    assert.deepEqual([new Set(await marked()), await reason()], [new Set(['139****9559']), '139****9559']);
    const change = async (level: string) => done(call('PATCH', '/masks', { policy: { phone: { everybody: level, roles: {} } } }, 'administrator', { 'if-match': `"${(await get('/masks')).version}"` }));
    await change('hidden');
    assert.deepEqual([await marked(), await reason()], [[], null]);
    await change('raw');
    assert.deepEqual([new Set(await marked()), await reason()], [new Set(['13900009559']), '13900009559']);
    await change('masked');
  });

  test('whoever was put away is not brought back by a phone number', async () => {
    const gone = await customer('已归档', '13900009526');
    await done(call('PATCH', `/customers/${gone.id}`, { archived: true }, 'administrator', { 'if-match': '*' }));
    const { requester } = await newTicket(program, { requester: { name: '来电人', phone: '13900009526' } });
    assert.deepEqual([requester.customerId, requester.name, requester.phone], [null, '来电人', '139****9526']);
  });

  test('an asset that was put away is not chosen for a ticket any more; the one it has stays', async () => {
    const asset = async () => (await done(call('POST', '/assets', { name: '水泵', code: `P-${Math.random().toString(36).slice(2, 8)}` }))).body;
    const [old, other] = [await asset(), await asset()];
    const ticket = await newTicket(program, { assetId: old.id });
    for (const { id } of [old, other]) await done(call('PATCH', `/assets/${id}`, { archived: true }, 'administrator', { 'if-match': '*' }));
    const patch = (body: unknown) => call('PATCH', `/tickets/${ticket.id}`, body, 'administrator', { 'if-match': '*' });
    assertProblem(await patch({ assetId: other.id }), 'reference_inactive');
    assert.equal((await done(patch({ assetId: old.id, subject: '换个说法' }))).body.asset.id, old.id);
  });

  test('two people who set an own status are told so in the words of PATCH', async () => {
    const status = async (name: string) => (await done(call('POST', '/ticket-statuses', { name, class: 'new' }))).body.id as string;
    const [one, two] = [await status('待核实'), await status('待回访')];
    const ticket = await newTicket(program);
    const set = (value: string, version: number) => call('PATCH', `/tickets/${ticket.id}`, { status: value }, 'agent', { 'if-match': `"${version}"` });
    const first = (await done(set(one, ticket.version))).body;
    const changes = async (value: string, version: number) => {
      const stale = await set(value, version);
      assertProblem(stale, 'stale_version');
      return stale.body.details.changes.map((change: { property: string; before: unknown; after: unknown }) => [change.property, change.before, change.after]);
    };
    assert.deepEqual(await changes(two, ticket.version), [['status', 'new', one]]);
    await done(set('new', first.version));
    assert.deepEqual(await changes(two, first.version), [['status', one, 'new']]);
  });

  test('that the audit trail was taken out of the house stands in it', async () => {
    await done(call('GET', '/audit/export?kind=ticket.*'));
    const [fact] = (await get('/audit?kind=audit.exported')).items;
    assert.deepEqual([fact.actor.id, fact.data], [program.organization.staff.administrator, { kind: 'ticket.*' }]);
  });

  test('what is done by a link that a colleague was shown says so, and nobody who is signed in to work is the customer', async () => {
    const ticket = await newTicket(program);
    const own = (await get(`/tickets/${ticket.id}`, 'agent')).progressUrl as string;
    const comments = `/progress/${own.slice(own.lastIndexOf('/') + 1)}/comments`;
    for (const as of ['agent', 'administrator'] as const) assertProblem(await call('POST', comments, { body: '我是客户' }, as), 'staff_on_link');
    const { body: seen } = await done(program.call('POST', comments, { body: { body: '还在漏水' } }));
    assert.equal(seen.messages.length, 1);
    const entry = (await get(`/tickets/${ticket.id}/timeline`)).items.at(-1);
    assert.deepEqual([entry.kind, entry.actor.kind, entry.data.handedOn], ['comment.added', 'customer', { id: program.organization.staff.agent, name: 'agent first' }]);
    const direct = signTicketToken(program.services.secrets, program.organization.tenantId, ticket.id, new Date(ticket.createdAt));
    await done(program.call('POST', `/progress/${direct}/comments`, { body: { body: '好了' } }));
    assert.equal((await get(`/tickets/${ticket.id}/timeline`)).items.at(-1).data.handedOn, undefined);
  });
});
