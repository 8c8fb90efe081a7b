import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { FieldDefinition, Form } from '../../rules/forms/form.ts';
import { build } from '../../server/platform/db/database.ts';
import { newId } from '../../server/platform/db/uuid.ts';
import { openTestProgram, type Answer, type TestOrganization, type TestProgram } from '../support/program.ts';
import { assertProblem, done, photoOf, signature, upload, writesNothing } from './scene.ts';

describe('ticket types and their forms', () => {
  let program: TestProgram;
  let of: TestOrganization;
  let round = 0;
  before(async () => {
    program = await openTestProgram();
  });
  after(() => program.close());
  beforeEach(async () => {
    round += 1;
    of = await program.foundAnother(`forms-${round}`);
  });

  type Who = 'administrator' | 'agent' | 'technician';
  const as = 'administrator';
  const get = async (path: string, who: Who = as) => (await done(program.call('GET', path, { as: who, of }))).body;
  const post = (path: string, body: unknown = {}, who: Who = as) => program.call('POST', path, { as: who, of, body });
  const patch = async (path: string, body: unknown, version?: number, who: Who = as): Promise<Answer> =>
    program.call('PATCH', path, { as: who, of, body, headers: { 'if-match': `"${version ?? (await get(path)).version}"` } });
  const text = (key: string, more: Record<string, unknown> = {}) => ({ key, kind: 'text', label: { zh: key, en: `the ${key}` }, ...more }) as unknown as FieldDefinition;
  const choice = (key: string, ...options: string[]) => ({ key, kind: 'choice', label: { zh: key }, options: options.map((option) => ({ key: option, label: { zh: option } })) }) as FieldDefinition;
  const form = (...fields: FieldDefinition[]): Form => ({ fields });
  const makeType = async (fields: FieldDefinition[] = [], key = `type_${newId().slice(-6)}`) => (await done(post('/ticket-types', { key, name: key, form: form(...fields) }))).body as { id: string; key: string; version: number };
  const save = (id: string, draft: Form, version?: number) => patch(`/ticket-types/${id}/draft`, { form: draft }, version);
  const publish = async (id: string, draft: Form, note?: string): Promise<Answer> => {
    const saved = (await done(save(id, draft))).body;
    return program.call('POST', `/ticket-types/${id}/publish`, { as, of, body: note === undefined ? {} : { note }, headers: { 'if-match': `"${saved.version}"` } });
  };
  const create = (type: string, fields: Record<string, unknown>, more: Record<string, unknown> = {}, who: Who = 'agent') => post('/tickets', { subject: '测试', type, fields, ...more }, who);
  const errorsOf = (answer: Answer): string[] => (answer.body.errors as { path: string; code: string }[]).map((error) => `${error.path} ${error.code}`);

  test('a type is made, changed, made the default and archived; the default one stays', async () => {
    const type = await makeType([text('floor')], 'complaint');
    assert.deepEqual((await get('/ticket-types')).items.map((one: { key: string; formVersion: number }) => [one.key, one.formVersion]), [['service_request', 1], ['complaint', 1]]);
    assert.deepEqual(Object.keys((await get(`/ticket-types/${type.id}`, 'agent')).schema.properties), ['floor']);
    const changed = (await done(patch(`/ticket-types/${type.id}`, { name: '投诉', nameEn: 'Complaint', description: '客户不满', position: 0, isDefault: true }))).body;
    assert.deepEqual([changed.name, changed.nameEn, changed.isDefault, changed.position], ['投诉', 'Complaint', true, 0]);
    assert.deepEqual((await get('/ticket-types')).items.map((one: { key: string; isDefault: boolean }) => [one.key, one.isDefault]), [['complaint', true], ['service_request', false]]);
    assert.equal((await done(post('/tickets', { subject: 'x' }))).body.type.key, 'complaint', 'new tickets take it at once');
    assertProblem(await patch(`/ticket-types/${type.id}`, { active: false }), 'default_type_needed');
    const old = of.typeId;
    const ticket = (await done(post('/tickets', { subject: 'x', type: old }))).body;
    await done(patch(`/ticket-types/${old}`, { active: false }));
    assertProblem(await post('/tickets', { subject: 'x', type: old }), 'reference_inactive');
    assert.equal((await get(`/tickets/${ticket.id}`)).type.key, 'service_request');
    assert.deepEqual((await get('/audit?kind=ticket_type.*')).items.map((one: { kind: string }) => one.kind), ['ticket_type.archived', 'ticket_type.changed', 'ticket_type.created']);
    const copy = (await done(post('/ticket-types', { key: 'copy', name: '副本', copyFrom: type.id }))).body;
    assert.deepEqual(copy.form.fields.map((field: FieldDefinition) => field.key), ['floor']);
    for (const [body, code, path] of [
      [{ key: 'complaint', name: 'x' }, 'name_taken', '/key'], [{ key: 'x', name: '投诉' }, 'name_taken', '/name'], [{ key: 'Bad Key', name: 'x' }, 'invalid_input', '/key'],
      [{ key: 'x', name: 'x', copyFrom: newId() }, 'unknown_reference', '/copyFrom'], [{ key: 'x', name: 'x', form: form(text('Bad')) }, 'form_has_problems', '/form/fields/0/key'],
    ] as const) {
      const answer = await post('/ticket-types', body);
      assertProblem(answer, code, JSON.stringify(body));
      assert.equal(answer.body.errors[0].path, path);
    }
    assertProblem(await post('/ticket-types', { key: 'x', name: 'x' }, 'agent'), 'forbidden');
  });

  test('a draft is kept apart from what is published, checked as it is saved, and published as the next version', async () => {
    const type = await makeType([text('floor')]);
    const first = await get(`/ticket-types/${type.id}/draft`);
    assert.deepEqual([first.changed, first.basedOn, first.problems, first.changedBy], [false, 1, [], null]);
    const broken = (await done(save(type.id, form(text('floor'), text('floor'), { key: 'sum', kind: 'formula', label: { zh: '合计' }, result: 'number', formula: { '+': [{ var: 'fields.nothing' }, 1] } } as FieldDefinition)))).body;
    assert.ok(broken.changed && broken.problems.some((problem: { path: string; field: string; code: string; message: string }) => problem.path === '/fields/1/key' && problem.field === 'floor' && problem.code === 'duplicate_key' && problem.message !== ''));
    assert.equal(broken.changedBy.id, of.staff.administrator);
    const refused = await program.call('POST', `/ticket-types/${type.id}/publish`, { as, of, body: {}, headers: { 'if-match': `"${broken.version}"` } });
    assertProblem(refused, 'form_has_problems');
    assert.equal(refused.body.errors[0].path, '/form/fields/1/key');
    assertProblem(await create(type.key, { room: '1' }), 'unknown_field', 'a draft asks nobody anything');

    const saved = (await done(save(type.id, form(text('floor'), text('room'))))).body;
    assertProblem(await save(type.id, form(text('other')), broken.version), 'stale_version', 'two people at one draft');
    assertProblem(await program.call('POST', `/ticket-types/${type.id}/publish`, { as, of, body: {}, headers: { 'if-match': `"${broken.version}"` } }), 'stale_version');
    assertProblem(await program.call('POST', `/ticket-types/${type.id}/publish`, { as, of, body: {} }), 'version_required');
    const published = (await done(program.call('POST', `/ticket-types/${type.id}/publish`, { as, of, body: { note: '加房号' }, headers: { 'if-match': `"${saved.version}"` } }))).body;
    assert.deepEqual([published.formVersion, published.hasDraft], [2, false]);
    const fact = (await get('/audit?kind=ticket_type.form_published')).items[0];
    assert.deepEqual([fact.data.before, fact.data.after, fact.data.added, fact.data.note], [{ formVersion: 1 }, { formVersion: 2 }, ['room'], '加房号']);
    const ticket = (await done(create(type.key, { room: '1203' }))).body;
    assert.deepEqual([ticket.fields, ticket.formVersion], [{ room: '1203' }, 2], 'no restart, no migration');
    assertProblem(await program.call('POST', `/ticket-types/${type.id}/publish`, { as, of, body: {}, headers: { 'if-match': `"${(await get(`/ticket-types/${type.id}/draft`)).version}"` } }), 'form_unchanged');

    await done(save(type.id, form(text('x'))));
    assert.equal((await program.call('DELETE', `/ticket-types/${type.id}/draft`, { as, of })).status, 204);
    const after_ = await get(`/ticket-types/${type.id}/draft`);
    assert.deepEqual([after_.changed, after_.form.fields.length], [false, 2]);
    assertProblem(await save(type.id, form(text('y')), saved.version), 'stale_version', 'an old draft does not come back under an old number');
    const check = (await done(post(`/ticket-types/${type.id}/draft/check`, { form: form(text('a', { required: { nonsense: [1] } })) }))).body;
    assert.equal(check.problems[0].field, 'a');
    assert.equal((await get(`/ticket-types/${type.id}/draft`)).changed, false, 'checking saves nothing');
    assertProblem(await program.call('GET', `/ticket-types/${type.id}/draft`, { as: 'agent', of }), 'forbidden');
  });

  test('what was published stays: no other kind under a key, options are retired, and an earlier version comes back anew', async () => {
    const type = await makeType([text('floor'), choice('kind', 'a')]);
    const retyped = (await done(save(type.id, form({ key: 'floor', kind: 'number', label: { zh: '楼层' } }, choice('kind', 'a'))))).body;
    assert.deepEqual(retyped.problems.map((problem: { code: string; field: string }) => [problem.code, problem.field]), [['retyped', 'floor']]);
    const gone = (await done(save(type.id, form(choice('kind', 'b'))))).body;
    assert.deepEqual(gone.problems.map((problem: { code: string }) => problem.code), ['option_removed']);
    await done(publish(type.id, form(choice('kind', 'a', 'b'), text('room')), '第二版'));
    const ticket = (await done(create(type.key, { kind: 'b' }))).body;
    const back = (await done(save(type.id, form({ key: 'floor', kind: 'date', label: { zh: '日期' } }, choice('kind', 'a', 'b'))))).body;
    assert.deepEqual(back.problems.map((problem: { code: string }) => problem.code), ['retyped'], 'of versions long past, too');
    await program.call('DELETE', `/ticket-types/${type.id}/draft`, { as, of });

    const restored = (await done(post(`/ticket-types/${type.id}/versions/1/restore`, { note: '还是旧的好' }))).body;
    assert.equal(restored.formVersion, 3);
    assert.deepEqual(restored.form.fields.map((field: FieldDefinition) => field.key), ['floor', 'kind']);
    assert.deepEqual(restored.form.fields[1].options.map((option: { key: string; retired?: boolean }) => [option.key, option.retired ?? false]), [['a', false], ['b', true]]);
    const versions = (await get(`/ticket-types/${type.id}/versions`)).items;
    assert.deepEqual(versions.map((version: { number: number; current: boolean; restored: number | null; note: string | null; fieldCount: number }) => [version.number, version.current, version.restored, version.note, version.fieldCount]),
      [[3, true, 1, '还是旧的好', 2], [2, false, null, '第二版', 2], [1, false, null, null, 2]]);
    const page = await get(`/ticket-types/${type.id}/versions?limit=2`);
    assert.deepEqual((await get(`/ticket-types/${type.id}/versions?limit=2&cursor=${page.nextCursor}`)).items.map((version: { number: number }) => version.number), [1]);
    assertProblem(await post(`/ticket-types/${type.id}/versions/3/restore`), 'form_unchanged');
    assertProblem(await post(`/ticket-types/${type.id}/versions/9/restore`), 'not_found');
    assertProblem(await create(type.key, { kind: 'b' }), 'invalid_input', 'a retired option is chosen no more');

    // The ticket of version 2 goes on with the fields it was made with.
    const version2 = await get(`/ticket-types/${type.id}/versions/${ticket.formVersion}`, 'technician');
    assert.deepEqual([ticket.formVersion, version2.form.fields.map((field: FieldDefinition) => field.key), Object.keys(version2.schema.properties)], [2, ['kind', 'room'], ['kind', 'room']]);
    const edited = (await done(patch(`/tickets/${ticket.id}`, { fields: { room: '1203', kind: 'a' } }, ticket.version, 'agent'))).body;
    assert.deepEqual([edited.fields, edited.formVersion], [{ kind: 'a', room: '1203' }, 2]);
    assertProblem(await patch(`/tickets/${ticket.id}`, { fields: { floor: '3' } }, edited.version, 'agent'), 'unknown_field');

    const compared = await get(`/ticket-types/${type.id}/compare?from=1&to=2`);
    assert.deepEqual(compared.fields.map((field: { key: string; change: string }) => [field.key, field.change]), [['kind', 'changed'], ['room', 'added'], ['floor', 'removed']]);
    await done(save(type.id, form(text('floor', { required: true }), choice('kind', 'a', 'b'))));
    const draft = await get(`/ticket-types/${type.id}/compare?from=3&to=draft`);
    assert.deepEqual(draft.fields[0].properties, [{ property: 'required', before: null, after: true }]);
    assertProblem(await program.call('GET', `/ticket-types/${type.id}/compare?from=1&to=9`, { as, of }), 'unknown_reference');
    assertProblem(await program.call('GET', `/ticket-types/${type.id}/compare?from=1&to=x`, { as, of }), 'invalid_input');
  });

  test('the form is enforced when tickets are made and changed, each wrong answer told beside its field in the reader’s language', async () => {
    const type = await makeType([
      text('room', { required: true, maxLength: 10 }), { key: 'count', kind: 'number', label: { zh: '数量' }, min: 1, max: 9 }, { key: 'price', kind: 'money', label: { zh: '单价' }, currencies: ['CNY'] },
      { key: 'total', kind: 'formula', label: { zh: '合计' }, result: 'money', currency: 'CNY', formula: { '*': [{ var: 'fields.count' }, { var: 'fields.price.amount' }] } } as FieldDefinition,
      choice('kind', 'leak', 'other'), text('detail', { required: { '==': [{ var: 'fields.kind' }, 'other'] }, visible: { '==': [{ var: 'fields.kind' }, 'other'] } }), { key: 'day', kind: 'date', label: { zh: '日期' }, default: 'today' } as FieldDefinition,
    ]);
    const bad = await create(type.key, { count: 10, price: 5, kind: 'nothing', detail: 'x' });
    assertProblem(bad, 'invalid_input');
    assert.deepEqual(errorsOf(bad), ['/fields/room required', '/fields/count maximum', '/fields/price type', '/fields/kind option']);
    assert.equal(bad.body.errors[0].message, 'is required');
    const chinese = await program.call('POST', '/tickets', { as: 'agent', of, body: { subject: 'x', type: type.key, fields: { count: 10, room: 'x' } }, headers: { 'accept-language': 'zh-CN' } });
    assert.equal(chinese.body.errors[0].message, '不能大于 9');
    assert.deepEqual(errorsOf(await create(type.key, { room: 'x', kind: 'other' })), ['/fields/detail required']);
    assert.deepEqual(errorsOf(await create(type.key, { room: 'x', total: 5, ghost: 1 })), ['/fields/ghost unknown_field']);

    const ticket = (await done(create(type.key, { room: ' 1203 ', count: 3, price: { amount: 1250, currency: 'CNY' }, kind: 'leak' }))).body;
    assert.deepEqual([ticket.fields.room, ticket.fields.total, typeof ticket.fields.day], ['1203', { amount: 3750, currency: 'CNY' }, 'string']);
    const changed = (await done(patch(`/tickets/${ticket.id}`, { fields: { count: 4, kind: 'other', detail: '阀门' } }, ticket.version, 'agent'))).body;
    assert.deepEqual([changed.fields.total.amount, changed.fields.detail, changed.fields.room], [5000, '阀门', '1203']);
    const fact = (await get(`/tickets/${ticket.id}/timeline`)).items.at(-1);
    assert.deepEqual([fact.data.before.fields, fact.data.after.fields.count], [{ count: 3, total: { amount: 3750, currency: 'CNY' }, kind: 'leak', detail: null }, 4], 'what changed, and no more');
    assert.deepEqual(errorsOf(await patch(`/tickets/${ticket.id}`, { fields: { detail: null } }, changed.version, 'agent')), ['/fields/detail required']);
    const hidden = (await done(patch(`/tickets/${ticket.id}`, { fields: { kind: 'leak' } }, changed.version, 'agent'))).body;
    assert.ok(!('detail' in hidden.fields), 'what other answers hide has none');
    assert.equal((await done(patch(`/tickets/${ticket.id}`, { fields: { kind: 'leak' } }, hidden.version, 'agent'))).body.version, hidden.version, 'the same answers are no change');
    assert.deepEqual(errorsOf(await create(type.key, { room: { evil: 1 }, count: '3' })), ['/fields/room type', '/fields/count type']);
    const markup = (await done(create(type.key, { room: '<b>\u202E🏠' }))).body;
    assert.equal(markup.fields.room, '<b>\u202E🏠', 'shown as text, kept as text');
  });

  test('what the form wants in a state is asked for by the step that leads there, and may come with it', async () => {
    const type = await makeType([text('cause', { required: { '==': [{ var: 'ticket.status' }, 'resolved'] } }), text('phase', { required: { '==': [{ var: 'ticket.waitingFor' }, 'part'] } }), text('room')]);
    const ticket = (await done(create(type.key, {}))).body;
    const step = (action: string, body: Record<string, unknown>) => post(`/tickets/${ticket.id}/actions/${action}`, body);
    assert.deepEqual(errorsOf(await step('wait', { for: 'part' })), ['/fields/phase required']);
    await done(step('wait', { for: 'customer' }));
    const refused = await step('resolve', { resolution: '已修好' });
    assertProblem(refused, 'invalid_input');
    assert.deepEqual(errorsOf(refused), ['/fields/cause required']);
    assert.equal((await get(`/tickets/${ticket.id}`)).status, 'waiting', 'nothing was done');
    const resolved = (await done(step('resolve', { resolution: '已修好', fields: { cause: '老化', room: '1203' } }))).body;
    assert.deepEqual([resolved.status, resolved.fields], ['resolved', { cause: '老化', room: '1203' }]);
    assert.deepEqual((await get(`/tickets/${ticket.id}/timeline`)).items.slice(-2).map((entry: { kind: string }) => entry.kind), ['ticket.changed', 'ticket.resolved']);
    const own = (await done(post('/ticket-statuses', { class: 'resolved', name: '待验收' }))).body.id;
    const other = (await done(create(type.key, {}))).body;
    assert.deepEqual(errorsOf(await post(`/tickets/${other.id}/actions/set_status`, { status: own, resolution: 'x' })), ['/fields/cause required']);
    await done(post(`/tickets/${other.id}/actions/set_status`, { status: own, resolution: 'x', fields: { cause: '误操作' } }));
    assertProblem(await post(`/tickets/${other.id}/actions/close`, { fields: { ghost: 1 } }), 'unknown_field');
  });

  test('people, customers, assets and files are looked for in this organization and within the caller’s sight', async () => {
    const kinds = ['person', 'customer', 'asset', 'signature'] as const;
    const type = await makeType([...kinds.map((kind) => ({ key: kind, kind, label: { zh: kind } }) as FieldDefinition), { key: 'photos', kind: 'file', label: { zh: '照片' }, accept: ['image'] } as FieldDefinition,
      { key: 'rows', kind: 'table', label: { zh: '明细' }, columns: [{ key: 'who', kind: 'person', label: { zh: '谁' } }] } as FieldDefinition, { key: 'plumber', kind: 'person', label: { zh: '水工' }, teams: [of.teamId] } as FieldDefinition]);
    const other = await program.foundAnother(`elsewhere-${round}`);
    const customer = (await done(post('/customers', { name: '王芳' }))).body.id;
    const asset = (await done(post('/assets', { code: 'A1', name: '水泵' }))).body.id;
    const send = async (who: Who, content: Buffer, fields: Record<string, string>, name = 'a.jpg', mediaType = 'image/jpeg') => (await done(upload(program, who, { content, fields, name, type: mediaType }, { of }))).body.id as string;
    const photo = await send('agent', await photoOf('#112233'), { purpose: 'photo' });
    const ink = await send('agent', await signature(), { purpose: 'signature' }, 's.png', 'image/png');
    const foreign = await send('technician', await photoOf('#445566'), { purpose: 'photo' });
    const paper = await send('agent', Buffer.from('plain text'), {}, 'a.txt', 'text/plain');
    await writesNothing(program, async () => {
      const bad = await create(type.key, { person: other.staff.agent, customer: newId(), asset: newId(), signature: photo, photos: [foreign, paper, newId()], rows: [{ who: other.staff.agent }], plumber: of.staff.agent });
      assertProblem(bad, 'invalid_input');
      assert.deepEqual(errorsOf(bad).sort(), ['/fields/asset reference', '/fields/customer reference', '/fields/person reference', '/fields/photos/0 reference', '/fields/photos/1 file_type_refused', '/fields/photos/2 reference',
        '/fields/plumber team', '/fields/rows/0/who reference', '/fields/signature signature'].sort());
      assert.deepEqual(errorsOf(await create(type.key, { customer, asset }, {}, 'technician')), ['/fields/customer reference'], 'who may not look customers up is not told whether there is one');
    }, { except: ['number_block'] });
    const answered = { person: of.staff.technician, customer, asset, signature: ink, photos: [photo], rows: [{ who: of.staff.agent }], plumber: of.staff.technician };
    const ticket = (await done(create(type.key, answered))).body;
    assert.deepEqual(ticket.fields, answered);
    const shown = await get(`/tickets/${ticket.id}`);
    assert.deepEqual(shown.files.map((file: { id: string }) => file.id).sort(), [photo, ink].sort(), 'the files hang on the ticket');
    assert.deepEqual([shown.fieldNames[customer], shown.fieldNames[asset], shown.fieldNames[of.staff.technician], shown.fieldNames[photo]], ['王芳', '水泵', `technician ${of.slug}`, 'a.jpg']);
    const assigned = (await done(post(`/tickets/${ticket.id}/actions/assign`, { assignee: of.staff.technician }))).body;
    const theirs = await get(`/tickets/${ticket.id}`, 'technician');
    assert.deepEqual([theirs.fieldNames[customer], theirs.fieldNames[asset]], [undefined, '水泵']);
    assert.deepEqual(errorsOf(await create(type.key, { photos: [photo] })), ['/fields/photos/0 file_already_attached']);
    // What was there before is not asked about again.
    const second = await send('agent', await photoOf('#778899'), { purpose: 'photo' });
    const more = (await done(patch(`/tickets/${ticket.id}`, { fields: { photos: [photo, second] } }, assigned.version, 'agent'))).body;
    assert.deepEqual([more.fields.photos, more.files.length], [[photo, second], 3]);
    const staff = await get(`/staff/${of.staff.agent}`);
    await done(patch(`/staff/${of.staff.agent}`, { active: false }, staff.version));
    assert.deepEqual(errorsOf(await create(type.key, { person: of.staff.agent }, {}, as)), ['/fields/person reference_inactive']);
    await done(patch(`/tickets/${ticket.id}`, { fields: { photos: [second] } }, more.version, as));
  });

  test('customers are asked what is meant for them, and what is not is neither shown nor taken', async () => {
    const everyone = { audience: 'everyone' };
    await done(publish(of.typeId, form(text('building', { required: true, ...everyone }), text('internal', { required: true }), { key: 'photo', kind: 'file', label: { zh: '照片' }, ...everyone } as FieldDefinition,
      { key: 'who', kind: 'person', label: { zh: '谁' }, ...everyone } as FieldDefinition)));
    const hidden = await makeType([text('secret', everyone)]);
    const open = await makeType([text('meter', { ...everyone, required: true })]);
    await done(patch(`/ticket-types/${open.id}`, { offered: true }));
    const home = (await program.call('GET', `/portal/${of.slug}`)).body;
    assert.deepEqual(home.types.map((type: { id: string; form: Form }) => [type.id, type.form.fields.map((field) => field.key)]), [[of.typeId, ['building', 'photo', 'who']], [open.id, ['meter']]]);
    const report = (body: Record<string, unknown>) => program.call('POST', `/portal/${of.slug}/reports`, { body: { description: '漏水了', contact: { name: '李雷' }, ...body } });
    assert.deepEqual(errorsOf(await report({})), ['/fields/building required'], 'what only the staff fills in is not asked of customers');
    assert.deepEqual(errorsOf(await report({ fields: { building: '3', internal: 'x' } })), ['/fields/internal read_only']);
    assertProblem(await report({ type: hidden.id, fields: { secret: 'x' } }), 'unknown_reference');
    assert.deepEqual(errorsOf(await report({ fields: { building: '3', who: of.staff.agent } })), ['/fields/who reference']);
    const sent = (await done(upload(program, null, { content: await photoOf('#aabbcc') }, { path: `/api/v1/portal/${of.slug}/files` }))).body.uploadToken;
    const forged = await report({ fields: { building: '3', photo: ['nonsense'] } });
    assertProblem(forged, 'unknown_reference');
    assert.equal(forged.body.errors[0].path, '/fields/photo');
    const { number } = (await done(report({ fields: { building: '3 号楼', photo: [sent] } }))).body;
    const ticket = await get(`/tickets/${number}`);
    assert.deepEqual([ticket.fields.building, ticket.fields.photo.length, ticket.files[0].id], ['3 号楼', 1, ticket.fields.photo[0]]);
    assert.equal((await done(report({ type: open.id, fields: { meter: '12' } }))).status, 201);
  });

  test('masked answers are shown masked, in the history too, and come back unchanged', async () => {
    const type = await makeType([text('idcard', { masked: true }), text('plain')]);
    const ticket = (await done(create(type.key, { idcard: 'AB1234567', plain: 'x' }))).body;
    assert.notEqual(ticket.fields.idcard, 'AB1234567');
    const same = (await done(patch(`/tickets/${ticket.id}`, { fields: { idcard: ticket.fields.idcard, plain: 'y' } }, ticket.version, 'agent'))).body;
    await done(patch(`/tickets/${ticket.id}`, { fields: { idcard: 'CD7654321' } }, same.version, 'agent'));
    const facts = JSON.stringify((await get(`/tickets/${ticket.id}/timeline`)).items) + JSON.stringify((await get('/audit?limit=50')).items);
    assert.ok(!facts.includes('AB1234567') && !facts.includes('CD7654321'));
    const revealed = (await done(post(`/tickets/${ticket.id}/reveal`, { reason: '核对证件' }))).body;
    assert.deepEqual(revealed.fields, { idcard: 'CD7654321' });
  });

  test('a template starts a ticket; what the request says itself comes first', async () => {
    const type = await makeType([text('room'), choice('kind', 'leak'), { key: 'photo', kind: 'file', label: { zh: '照片' } } as FieldDefinition]);
    const checklist = (await done(post('/checklist-templates', { name: '到场检查', items: ['关总阀'] }))).body;
    const template = (await done(post('/ticket-templates', {
      name: '水管爆裂', type: type.key, subject: '水管爆裂', description: '先关总阀', categoryId: of.categoryId, priority: 'urgent', fields: { room: '大堂', kind: 'leak' }, tags: ['抢修'], checklist: ['拍照'], checklistIds: [checklist.id],
    }))).body;
    assert.deepEqual([template.type.id, template.category.path, template.priority, template.checklists[0].name], [type.id, ['水电'], 'urgent', '到场检查']);
    const ticket = (await done(post('/tickets', { template: template.id }, 'agent'))).body;
    assert.deepEqual([ticket.subject, ticket.description, ticket.priority, ticket.category.path, ticket.team.id, ticket.fields, ticket.tags, ticket.checklist], ['水管爆裂', '先关总阀', 'urgent', ['水电'], of.teamId, { room: '大堂', kind: 'leak' }, ['抢修'], { done: 0, total: 2 }]);
    const own = (await done(post('/tickets', { template: template.id, subject: '三楼爆管', fields: { room: '三楼' }, tags: ['夜间'], priority: 'high' }, 'agent'))).body;
    assert.deepEqual([own.subject, own.fields, own.tags, own.priority], ['三楼爆管', { room: '三楼', kind: 'leak' }, ['夜间', '抢修'], 'high']);
    assertProblem(await post('/tickets', { template: template.id, type: 'service_request' }, 'agent'), 'invalid_input');
    assertProblem(await post('/tickets', { template: newId() }, 'agent'), 'unknown_reference');
    assertProblem(await post('/tickets', {}, 'agent'), 'invalid_input', 'without a template a subject is needed');

    const changed = (await done(patch(`/ticket-templates/${template.id}`, { name: '爆管', priority: null, checklistIds: [], nameEn: 'Burst pipe' }))).body;
    assert.deepEqual([changed.priority, changed.checklists, changed.nameEn], [null, [], 'Burst pipe']);
    for (const [body, code, path] of [
      [{ fields: { ghost: 1 } }, 'unknown_field', '/fields/ghost'], [{ fields: { kind: 'other' } }, 'invalid_input', '/fields/kind'], [{ fields: { photo: [newId()] } }, 'invalid_input', '/fields/photo'],
      [{ categoryId: newId() }, 'unknown_reference', '/categoryId'], [{ teamId: newId() }, 'unknown_reference', '/teamId'], [{ checklistIds: [newId()] }, 'unknown_reference', '/checklistIds/0'],
    ] as const) {
      const answer = await patch(`/ticket-templates/${template.id}`, body);
      assertProblem(answer, code, JSON.stringify(body));
      assert.equal(answer.body.errors[0].path, path, JSON.stringify(body));
    }
    // The form goes on without a field the template presets, and is told so while it is a draft.
    const draft = (await done(save(type.id, form(choice('kind', 'leak'))))).body;
    assert.deepEqual(draft.uses, [{ field: 'room', kind: 'template', id: template.id, name: '爆管' }]);
    await done(publish(type.id, form(choice('kind', 'leak'), text('extra'))));
    assert.deepEqual((await done(post('/tickets', { template: template.id }, 'agent'))).body.fields, { kind: 'leak' });
    await done(patch(`/ticket-templates/${template.id}`, { active: false }));
    assertProblem(await post('/tickets', { template: template.id }, 'agent'), 'reference_inactive');
    assert.deepEqual((await get('/ticket-templates')).items, []);
    assert.equal((await get('/ticket-templates?archived=true')).items.length, 1);
    assert.deepEqual((await get('/audit?kind=ticket_template.*')).items.map((one: { kind: string }) => one.kind), ['ticket_template.archived', 'ticket_template.changed', 'ticket_template.created']);
    assertProblem(await post('/ticket-templates', { name: 'x' }, 'agent'), 'forbidden');
  });

  test('an answer to a field that the form hides is refused by its name, and never lost; one that becomes hidden is cleared in the history', async () => {
    const type = await makeType([choice('chargeable', 'yes', 'no'), { key: 'labour', kind: 'number', label: { zh: '工费' }, visible: { '==': [{ var: 'fields.chargeable' }, 'yes'] } } as FieldDefinition]);
    const refused = (answer: Answer) => {
      assertProblem(answer, 'invalid_input');
      assert.deepEqual(answer.body.errors.map((error: { path: string; code: string }) => [error.path, error.code]), [['/fields/labour', 'hidden']]);
      assert.match(answer.body.errors[0].message, /the form hides it/);
    };
    const create = (fields: object, more: object = {}) => post('/tickets', { type: type.key, subject: '修门', fields, ...more }, 'agent');
    for (const fields of [{ labour: '100.00' }, { labour: 100 }, { chargeable: 'no', labour: 100 }]) refused(await create(fields));
    const ticket = (await done(create({ chargeable: 'yes', labour: 100 }))).body;
    const change = (fields: object) => patch(`/tickets/${ticket.id}`, { fields }, undefined, 'agent');
    refused(await change({ chargeable: 'no', labour: 120 }));
    const cleared = (await done(change({ chargeable: 'no', labour: 100 }))).body;
    assert.deepEqual(cleared.fields, { chargeable: 'no' });
    const [last] = (await get(`/tickets/${ticket.id}/timeline`)).items.slice(-1);
    assert.deepEqual([last.data.before.fields, last.data.after.fields], [{ chargeable: 'yes', labour: 100 }, { chargeable: 'no', labour: null }]);
    refused(await change({ labour: 5 }));
    assert.equal((await change({ labour: null })).status, 200, 'nothing is no answer');
    // What a template presets is nobody's answer.
    const template = (await done(post('/ticket-templates', { name: '收费', type: type.key, subject: '修门', fields: { labour: 80 } }))).body;
    assert.deepEqual((await done(post('/tickets', { template: template.id, fields: { chargeable: 'no' } }, 'agent'))).body.fields, { chargeable: 'no' });
    assert.deepEqual((await done(post('/tickets', { template: template.id, fields: { chargeable: 'yes' } }, 'agent'))).body.fields, { chargeable: 'yes', labour: 80 });
    refused(await post('/tickets', { template: template.id, fields: { labour: 90 } }, 'agent'));
    await done(patch(`/ticket-templates/${template.id}`, { active: false }));
  });

  test('views that look at a field about to go are named in the draft', async () => {
    const type = await makeType([text('room'), text('other')]);
    const now = new Date();
    const view = { tenant_id: of.tenantId, filter: JSON.stringify({ all: [{ property: 'fields.room', operator: 'not_empty' }] }), sort: '-createdAt', created_at: now, updated_at: now, position: 0 };
    await program.database.transact(of.tenantId, (transaction) => transaction.run(build.insertInto('ticket_view').values([
      { ...view, id: newId(), kind: 'shared', name: '按房号', columns: ['number', 'fields.other'] }, { ...view, id: newId(), kind: 'personal', owner_id: of.staff.agent, name: '我的', filter: JSON.stringify({ property: 'subject', operator: 'contains', value: 'fields.room' }) },
    ])));
    const draft = (await done(save(type.id, form(text('fresh'))))).body;
    assert.deepEqual(draft.uses.map((use: { field: string; kind: string; name: string }) => [use.field, use.kind, use.name]), [['room', 'view', '按房号'], ['other', 'view', '按房号']]);
    await makeType([text('room')]);
    assert.deepEqual((await get(`/ticket-types/${type.id}/draft`)).uses.map((use: { field: string }) => use.field), ['other'], 'another type still has it');
  });

  test('macros, automation rules and flows that name a field about to go are named in the draft', async () => {
    const type = await makeType([text('cause'), text('untold')]);
    const macro = (await done(post('/macros', { kind: 'shared', name: '补原因', steps: [{ kind: 'set', fields: { cause: '老化' } }] }))).body;
    await done(post('/macros', { kind: 'personal', name: '悄悄话', steps: [{ kind: 'set', fields: { cause: '?' } }] }, 'agent'));
    const rule = (await done(post('/automation-rules', {
      name: '查原因', definition: { trigger: { kind: 'facts', facts: ['ticket.changed'] }, conditions: { all: [{ property: 'fields.cause', operator: 'not_empty' }] }, actions: [{ kind: 'tag', tags: ['有原因'] }] },
    }))).body;
    const flow = (await done(post('/flows', { name: '问原因', definition: {
      nodes: [{ id: 'start', kind: 'start', name: { zh: '开始' } }, { id: 'a', kind: 'task', name: { zh: '问' }, performers: [{ kind: 'person', id: of.staff.administrator }], fields: [{ key: 'cause', required: true }] }, { id: 'end', kind: 'end', name: { zh: '结束' } }],
      edges: [{ id: 'e1', from: 'start', to: 'a' }, { id: 'e2', from: 'a', to: 'end' }],
    } }))).body;
    const named = (draft: { uses: { field: string; kind: string; id: string; name: string }[] }) => draft.uses.map(({ field, kind, id, name }) => [field, kind, id, name]).filter(([, , , name]) => name !== '');
    const draft = (await done(save(type.id, form(text('fresh'))))).body;
    assert.deepEqual(named(draft), [['cause', 'automation_rule', rule.id, '查原因'], ['cause', 'flow', flow.id, '问原因'], ['cause', 'macro', macro.id, '补原因']]);
    assert.deepEqual(draft.uses.filter((use: { name: string }) => use.name === '').map((use: { kind: string }) => use.kind), ['macro'], 'of somebody else’s own without its name');
    assert.deepEqual((await done(post(`/ticket-types/${type.id}/draft/check`, { form: form(text('fresh')) }))).body.uses, draft.uses);
    await done(patch(`/macros/${macro.id}`, { active: false }));
    assert.deepEqual(named(await get(`/ticket-types/${type.id}/draft`)).map(([, kind]) => kind), ['automation_rule', 'flow']);
  });

  test('a hundred kinds of junk for a form are problems, never errors', async () => {
    const type = await makeType();
    const junk: unknown[] = [
      { fields: [{ key: 'a', kind: 'choice', label: { zh: 'a' } }] }, { fields: [{ key: 'a', kind: 'table', label: { zh: 'a' }, columns: 'x' }] }, { fields: [{ key: 'a', kind: 'formula', label: { zh: 'a' }, result: 'number', formula: { var: { var: 'x' } } }] },
      { fields: [{ key: '__proto__', kind: 'text', label: { zh: 'a' } }] }, { fields: [{ key: 'constructor', kind: 'text', label: { zh: 'a' } }] }, { fields: [{ key: 'a', kind: 'text', label: { zh: 'a' }, required: { '==': 1 } }] },
      { fields: [{ key: 'a', kind: 'text', label: { zh: '' } }] }, { fields: [], sections: [{ key: 'A', label: { zh: 'x' } }] }, { fields: [{ key: 'a', kind: 'number', label: { zh: 'a' }, min: 9, max: 1 }] },
    ];
    for (const draft of junk) {
      const answer = await save(type.id, draft as Form);
      assert.equal(answer.status, 200, answer.text);
      assert.ok(answer.body.problems.length > 0, JSON.stringify(draft));
      assert.equal((await program.call('GET', `/ticket-types/${type.id}/compare?from=1&to=draft`, { as, of })).status, 200);
    }
    for (const draft of [{}, { fields: 3 }, { fields: [3] }, { fields: [{ key: 'a', kind: 'magic', label: { zh: 'a' } }] }, { fields: [{ kind: 'text', label: { zh: 'a' } }] }, { fields: [], extra: 1 }]) {
      assertProblem(await save(type.id, draft as Form), 'invalid_input', JSON.stringify(draft));
    }
  });
});
