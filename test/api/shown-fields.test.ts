import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { FieldDefinition, Form } from '../../rules/forms/form.ts';
import { openTestProgram, type Answer, type Person, type TestOrganization, type TestProgram } from '../support/program.ts';
import { assertProblem, done, newSession } from './scene.ts';

describe('what is shown of answers', () => {
  let program: TestProgram;
  let of: TestOrganization;
  let round = 0;
  before(async () => {
    program = await openTestProgram();
  });
  after(() => program.close());
  beforeEach(async () => {
    round += 1;
    of = await program.foundAnother(`shown-${round}`);
  });

  type Who = Person | { token: string };
  const call = (method: 'GET' | 'POST' | 'PATCH', path: string, body?: unknown, who: Who = 'administrator', headers: Record<string, string> = {}) => program.call(method, path, { as: who, of, headers, ...(body === undefined ? {} : { body }) });
  const get = async (path: string, who: Who = 'administrator') => (await done(call('GET', path, undefined, who))).body;
  const text = (key: string, more: Record<string, unknown> = {}) => ({ key, kind: 'text', label: { zh: key }, ...more }) as unknown as FieldDefinition;
  const copyOf = (key: string, of: string) => ({ key, kind: 'formula', result: 'text', label: { zh: key }, formula: { cat: [{ var: `fields.${of}` }] } }) as unknown as FieldDefinition;
  const makeType = async (...fields: FieldDefinition[]) => (await done(call('POST', '/ticket-types', { key: `type_${round}`, name: `类型 ${round}`, form: { fields } }))).body as { id: string; key: string };
  const publish = async (id: string, fields: FieldDefinition[], who: Who = 'administrator'): Promise<Answer> => {
    const { version } = await get(`/ticket-types/${id}/draft`);
    const saved = (await done(call('PATCH', `/ticket-types/${id}/draft`, { form: { fields } satisfies Form }, 'administrator', { 'if-match': `"${version}"` }))).body;
    return call('POST', `/ticket-types/${id}/publish`, {}, who, { 'if-match': `"${saved.version}"` });
  };
  const create = async (type: string, fields: Record<string, unknown>, who: Who = 'administrator') => (await done(call('POST', '/tickets', { subject: '测试', type, fields }, who))).body;
  const found = (key: string, value: string, who: Who = 'administrator', is = 'contains') => call('GET', `/tickets?filter=${encodeURIComponent(JSON.stringify({ property: `fields.${key}`, operator: is, value }))}`, undefined, who);
  /** Everywhere an answer is told of: the ticket, lists, exports, the history, the audit trail. */
  const everywhere = async (ticket: { id: string }, keys: string[], who: Who = 'administrator') => [
    (await done(call('GET', `/tickets/${ticket.id}`, undefined, who))).text,
    (await done(call('GET', `/tickets?columns=${keys.map((key) => `fields.${key}`).join()}`, undefined, who))).text,
    (await done(call('GET', `/tickets/export?format=csv&columns=${keys.map((key) => `fields.${key}`).join()}`, undefined, who))).text,
    (await done(call('GET', `/tickets/${ticket.id}/timeline`, undefined, who))).text,
    ...who === 'administrator' ? [(await done(call('GET', '/audit?limit=100'))).text] : [],
  ].join('\n');

  test('a formula that reads a masked answer is masked with it, and cannot be asked for letter by letter', async () => {
    const type = await makeType(text('idno', { masked: true }), copyOf('copy', 'idno'));
    const ticket = await create(type.key, { idno: '330102199001011234' });
    const changed = (await done(call('PATCH', `/tickets/${ticket.id}`, { fields: { idno: '330102199001015678' } }, 'administrator', { 'if-match': `"${ticket.version}"` }))).body;
    assert.deepEqual(changed.fields, { idno: '******', copy: '******' });
    assert.ok(!/33010219900101/.test(await everywhere(ticket, ['idno', 'copy'])));
    assertProblem(await found('copy', '19900101'), 'invalid_input');
    assert.deepEqual((await done(call('POST', `/tickets/${ticket.id}/reveal`, {}))).body.fields, { idno: '330102199001015678', copy: '330102199001015678' });
  });

  test('the form as it is published now says what is masked, on tickets made before as well; taking a mask off is for who may look behind it', async () => {
    const type = await makeType(text('pin'), text('old'));
    const ticket = await create(type.key, { pin: '778899', old: 'x' });
    const changed = (await done(call('PATCH', `/tickets/${ticket.id}`, { fields: { pin: '778800' } }, 'administrator', { 'if-match': `"${ticket.version}"` }))).body;
    await done(publish(type.id, [text('pin', { masked: true })]));
    assert.equal((await get(`/tickets/${ticket.id}`)).fields.pin, '******');
    assert.ok(!/7788/.test(await everywhere(ticket, ['pin'])), 'nor does the history show it, which was written before');
    assertProblem(await found('pin', '7788', 'administrator', 'starts_with'), 'invalid_input');
    assert.deepEqual((await done(call('POST', `/tickets/${ticket.id}/reveal`, {}))).body.fields, { pin: '778800' });
    const kept = (await done(call('PATCH', `/tickets/${ticket.id}`, { fields: { pin: '******', old: 'y' } }, 'administrator', { 'if-match': `"${changed.version}"` }))).body;
    assert.deepEqual([kept.fields, kept.version], [{ pin: '******', old: 'y' }, changed.version + 1]);

    const setter = await clerk();
    for (const fields of [[text('pin')], [text('pin', { masked: false }), text('more')]]) {
      const refused = await publish(type.id, fields, setter);
      assertProblem(refused, 'grant_exceeds_own');
      assert.equal(refused.body.errors[0].path, '/form/fields/0/masked');
    }
    assertProblem(await publish(type.id, [text('more')], setter), 'grant_exceeds_own', 'without the field its old tickets would show it');
    await done(publish(type.id, [text('more')]));
    assertProblem(await publish(type.id, [text('pin')], setter), 'grant_exceeds_own', 'gone for a while and back without its mask');
    assertProblem(await call('POST', `/ticket-types/${type.id}/versions/1/restore`, {}, setter), 'grant_exceeds_own');
  });

  /** Somebody who sets everything up, and may have nothing revealed. */
  async function clerk(): Promise<Who> {
    const grants = ['organization.write', 'settings.write', 'ticket.read', 'ticket.update'].map((permission) => ({ permission, scope: 'organization' }));
    const role = (await done(call('POST', '/roles', { name: '设置员', grants }))).body;
    const staff = (await done(call('POST', '/staff', { name: '小设', job: 'agent', roleIds: [role.id] }))).body;
    return { token: (await newSession(program, staff.id, { of })).token };
  }

  test('whoever may not reveal cannot make the policy show more than they see', async () => {
    const present = await get('/masks');
    const setter = await clerk();
    const policy = (level: string) => ({ policy: { phone: { everybody: level, roles: {} } } });
    const change = async (body: unknown, who: Who = setter) => call('PATCH', '/masks', body, who, { 'if-match': `"${(await get('/masks')).version}"` });
    const refused = await change(policy('raw'));
    assertProblem(refused, 'grant_exceeds_own');
    assert.equal(refused.body.errors[0].path, '/policy/phone');
    const role = (await get('/roles')).items[0].id as string;
    assertProblem(await change({ policy: { phone: { everybody: 'masked', roles: { [role]: 'raw' } } } }), 'grant_exceeds_own');
    assertProblem(await change({ revealsPerHour: present.revealsPerHour + 1 }), 'grant_exceeds_own');
    await done(change(policy('hidden')));
    assert.equal((await get('/masks')).policy.phone.everybody, 'hidden');
    assertProblem(await change(policy('masked')), 'grant_exceeds_own', 'more than before is more');
    await done(change(policy('raw'), 'administrator'));
  });

  test('a field that is hidden from somebody is hidden wherever answers are shown', async () => {
    const type = await makeType(text('secret', { visible: { in: ['administrator', { var: 'actor.roles' }] }, indexed: true }), text('open'));
    const ticket = await create(type.key, { open: 'x' }, 'agent');
    const first = (await done(call('PATCH', `/tickets/${ticket.id}`, { fields: { secret: 'SECRET-1' } }, 'administrator', { 'if-match': `"${ticket.version}"` }))).body;
    const changed = (await done(call('PATCH', `/tickets/${ticket.id}`, { fields: { secret: 'SECRET-2' } }, 'administrator', { 'if-match': `"${first.version}"` }))).body;
    assert.equal(changed.fields.secret, 'SECRET-2');
    assert.match(await everywhere(ticket, ['secret', 'open']), /SECRET-2/);
    assert.ok(!/SECRET/.test(await everywhere(ticket, ['secret', 'open'], 'agent')));
    assert.deepEqual((await get(`/tickets/${ticket.id}`, 'agent')).fields, { open: 'x' });
    assert.equal((await done(found('secret', 'SECRET', 'administrator', 'starts_with'))).body.items.length, 1);
    assertProblem(await found('secret', 'SECRET', 'agent', 'starts_with'), 'invalid_input');
    assertProblem(await call('GET', '/tickets?sort=fields.secret', undefined, 'agent'), 'invalid_input');
    const stale = await call('PATCH', `/tickets/${ticket.id}`, { fields: { open: 'y' } }, 'agent', { 'if-match': `"${ticket.version}"` });
    assertProblem(stale, 'stale_version');
    assert.ok(!/SECRET/.test(stale.text));
    const saved = (await done(call('PATCH', `/tickets/${ticket.id}`, { fields: { open: 'y' } }, 'agent', { 'if-match': `"${changed.version}"` }))).body;
    assert.deepEqual(saved.fields, { open: 'y' });
    assert.equal((await get(`/tickets/${ticket.id}`)).fields.secret, 'SECRET-2', 'what one does not see one does not lose');
    const view = (await done(call('POST', '/views', { name: '秘密', kind: 'shared', filter: { property: 'fields.secret', operator: 'starts_with', value: 'SECRET' } }))).body;
    const counts = async (who: Who) => (await get(`/views/counts?views=${view.id}`, who)).items.map((one: { count: number }) => one.count);
    assert.deepEqual([await counts('administrator'), await counts('agent')], [[1], [0]]);
  });
});
