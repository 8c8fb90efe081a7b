import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { openTestProgram, type TestProgram } from '../support/program.ts';
import { act, done, newTicket, step, upload } from './scene.ts';

describe('the end of a visit', { timeout: 60_000 }, () => {
  let program: TestProgram;
  before(async () => {
    program = await openTestProgram();
  });
  after(() => program.close());

  test('asks for what the form wants of a ticket that is resolved', async () => {
    const { staff } = program.organization;
    const type = (await done(program.call('POST', '/ticket-types', { as: 'administrator', body: {
      key: 'meter', name: '水表', form: { fields: [
        { key: 'reading', kind: 'number', label: { zh: '读数' }, required: { '==': [{ var: 'ticket.status' }, 'resolved'] } }, { key: 'seal', kind: 'text', label: { zh: '铅封号' } },
      ] },
    } }))).body.id as string;
    const ticket = await newTicket(program, { type });
    await act(program, ticket.id, 'assign', { assignee: staff.technician, visit: {} });
    const visit = (await done(program.call('GET', '/visits?technician=me&state=current', { as: 'technician' }))).body.items[0];
    await step(program, visit.id, 'accept');
    await step(program, visit.id, 'check_in');
    const complete = (body: Record<string, unknown>) => program.call('POST', `/visits/${visit.id}/actions/complete`, { as: 'technician', body: { workSummary: '换表', ...body } });
    const refused = await complete({});
    assert.equal(refused.status, 422, refused.text);
    assert.deepEqual(refused.body.errors.map((error: { path: string; code: string }) => [error.path, error.code]), [['/fields/reading', 'required']]);
    assert.equal((await done(program.call('GET', `/visits/${visit.id}`, { as: 'technician' }))).body.status, 'on_site', 'nothing was done');
    assert.equal((await complete({ fields: { reading: 'x' } })).status, 422);
    assert.equal((await done(complete({ fields: { reading: 1024, seal: 'A-7' } }))).body.status, 'completed');
    const settled = (await done(program.call('GET', `/tickets/${ticket.id}`, { as: 'dispatcher' }))).body;
    assert.deepEqual([settled.status, settled.fields], ['resolved', { reading: 1024, seal: 'A-7' }]);
  });

  test('brings the form along to its technician, and to nobody else', async () => {
    const { visit, type } = await visitOnForm('along', [{ key: 'reading', kind: 'number', label: { zh: '读数' } }, { key: 'id', kind: 'text', label: { zh: '证件' }, masked: true }], { id: '330102199001011234' });
    const own = (await done(program.call('GET', `/visits/${visit}`, { as: 'technician' }))).body.form;
    assert.deepEqual([own.typeId, own.version, own.ticket.status, own.ticket.type], [type, 1, 'open', type]);
    assert.notEqual(own.values.id, '330102199001011234', 'masked answers stay masked');
    assert.equal((await done(program.call('GET', `/visits/${visit}`, { as: 'dispatcher' }))).body.form, null);
    await step(program, visit, 'accept');
    await step(program, visit, 'check_in');
    await done(program.call('POST', `/visits/${visit}/actions/complete`, { as: 'technician', body: { workSummary: '换表' } }));
    assert.equal((await done(program.call('GET', `/visits/${visit}`, { as: 'technician' }))).body.form, null, 'over');
  });

  test('what the office changed meanwhile is merged field by field, with both versions told where the same field differs', async () => {
    const { visit, ticket } = await visitOnForm('merged', ['reading', 'seal', 'floor'].map((key) => ({ key, kind: 'text', label: { zh: key } })), { reading: '1', seal: 'A', floor: '3' });
    for (const action of ['accept', 'check_in']) await step(program, visit, action);
    const seen = { reading: '1', seal: 'A', floor: '3' };
    const before = new Date(Date.now() - 60_000).toISOString();
    const version = (await done(program.call('GET', `/tickets/${ticket}`, { as: 'dispatcher' }))).headers['etag'];
    await done(program.call('PATCH', `/tickets/${ticket}`, { as: 'dispatcher', body: { fields: { reading: '2', floor: '4' } }, headers: { 'if-match': String(version) } }));
    // Answered before the office changed it, told after.
    const logged = await step(program, visit, 'log_work', { workSummary: '抄表', occurredAt: before, fields: { reading: '9', seal: 'B', floor: '4' }, seen });
    assert.deepEqual(logged.conflicts.map((one: Record<string, unknown>) => [one.field, one.kept, one.rule, (one.technician as { zh: string }).zh, (one.office as { zh: string }).zh]), [['reading', 'office', 'office_later', '9', '2']]);
    const fieldsNow = async () => (await done(program.call('GET', `/tickets/${ticket}`, { as: 'dispatcher' }))).body;
    const merged = await fieldsNow();
    assert.deepEqual([merged.fields, merged.visits[0].conflicts.length], [{ reading: '2', seal: 'B', floor: '4' }, 1]);
    const timeline = (await done(program.call('GET', `/tickets/${ticket}/timeline?limit=100`, { as: 'dispatcher' }))).body.items;
    assert.equal(timeline.find((entry: { kind: string }) => entry.kind === 'visit.work_logged').data.conflicts[0].rule, 'office_later');
    // Answered after: the site holds, and the office’s version is told.
    const completed = await step(program, visit, 'complete', { workSummary: '换表', fields: { reading: '10' }, seen: { reading: '1' } });
    assert.deepEqual(completed.conflicts.map((one: { rule: string }) => one.rule), ['office_later', 'technician_later']);
    assert.equal((await fieldsNow()).fields.reading, '10');
  });

  test('answers are taken with a note and the completion of one’s own visit, and in no other way', async () => {
    const { visit, ticket } = await visitOnForm('narrow', [{ key: 'reading', kind: 'number', label: { zh: '读数' } }, { key: 'locked', kind: 'text', label: { zh: '锁定' }, readOnly: true }]);
    const answer = (action: string, as: 'technician' | 'agent' | 'dispatcher', fields: Record<string, unknown>, body: Record<string, unknown> = { workSummary: '记录' }) =>
      program.call('POST', `/visits/${visit}/actions/${action}`, { as, body: { ...body, fields } });
    const early = await answer('accept', 'technician', { reading: 1 }, {});
    assert.deepEqual([early.status, early.body.errors[0].path], [422, '/fields']);
    await step(program, visit, 'accept');
    const notThere = await answer('log_work', 'technician', { reading: 1 });
    assert.deepEqual([notThere.status, notThere.body.code], [409, 'visit_step_not_open']);
    await step(program, visit, 'check_in');
    // Somebody who may change tickets, and yet is not the one who was sent.
    assert.equal((await answer('log_work', 'dispatcher', { reading: 1 })).body.code, 'forbidden');
    const direct = await program.call('PATCH', `/tickets/${ticket}`, { as: 'technician', body: { fields: { reading: 1 } }, headers: { 'if-match': '"1"' } });
    assert.equal(direct.status, 403, direct.text);
    assert.equal((await answer('log_work', 'technician', { locked: '改' })).status, 422, 'what the form locks stays locked');
    assert.equal((await answer('log_work', 'technician', { nothing: 1 })).status, 422);
    assert.deepEqual((await done(program.call('GET', `/tickets/${ticket}`, { as: 'dispatcher' }))).body.fields, {});
    await done(answer('log_work', 'technician', { reading: 7 }));
    assert.deepEqual((await done(program.call('GET', `/tickets/${ticket}`, { as: 'dispatcher' }))).body.fields, { reading: 7 });
    await done(answer('complete', 'technician', { reading: 8 }));
    const after = await answer('log_work', 'technician', { reading: 9 });
    assert.deepEqual([after.status, after.body.code], [409, 'visit_step_not_open'], 'with the visit the right is over');
    assert.deepEqual((await done(program.call('GET', `/tickets/${ticket}`, { as: 'dispatcher' }))).body.fields, { reading: 8 });
  });

  test('an answer that makes another one necessary is not taken without it', async () => {
    const { visit } = await visitOnForm('hanging', [
      { key: 'reading', kind: 'number', label: { zh: '读数' } },
      { key: 'why', kind: 'text', label: { zh: '原因' }, visible: { '>': [{ var: 'fields.reading' }, 100] }, required: true },
    ]);
    await step(program, visit, 'accept');
    await step(program, visit, 'check_in');
    const complete = (fields: Record<string, unknown>) => program.call('POST', `/visits/${visit}/actions/complete`, { as: 'technician', body: { workSummary: '换表', fields } });
    assert.deepEqual((await complete({ reading: 120 })).body.errors.map((error: { path: string; code: string }) => [error.path, error.code]), [['/fields/why', 'required']]);
    await done(complete({ reading: 120, why: '漏水' }));
  });

  test('what was measured is kept though somebody else settled the ticket meanwhile', async () => {
    const { visit, ticket } = await visitOnForm('settled', [{ key: 'reading', kind: 'number', label: { zh: '读数' }, required: { '==': [{ var: 'ticket.status' }, 'resolved'] } }]);
    await step(program, visit, 'accept');
    await step(program, visit, 'check_in');
    // Resolving calls visits off today; those of before it did are still out there.
    await program.database.transact(program.organization.tenantId, (transaction) => transaction.run(sql`UPDATE ticket SET status = 'resolved', resolved_at = now() WHERE id = ${ticket}`));
    await done(program.call('POST', `/visits/${visit}/actions/complete`, { as: 'technician', body: { workSummary: '换表', fields: { reading: 3 } } }));
    assert.deepEqual((await done(program.call('GET', `/tickets/${ticket}`, { as: 'dispatcher' }))).body.fields, { reading: 3 });
  });

  test('files and signatures are the technician’s own, and hang on the ticket then', async () => {
    const { visit, ticket } = await visitOnForm('files', [{ key: 'proof', kind: 'file', label: { zh: '证明' } }, { key: 'mark', kind: 'signature', label: { zh: '签字' } }]);
    await step(program, visit, 'accept');
    await step(program, visit, 'check_in');
    const send = async (as: 'technician' | 'dispatcher', fields: Record<string, string>, content: Buffer | string, name: string, type: string) => (await done(upload(program, as, { name, type, content, fields }))).body.id as string;
    const foreign = await send('dispatcher', {}, '别人的', 'a.txt', 'text/plain');
    const note = await send('technician', {}, '证明', 'b.txt', 'text/plain');
    const complete = (fields: Record<string, unknown>) => program.call('POST', `/visits/${visit}/actions/complete`, { as: 'technician', body: { workSummary: '换表', fields } });
    assert.deepEqual((await complete({ proof: [foreign] })).body.errors.map((error: { path: string; code: string }) => [error.path, error.code]), [['/fields/proof/0', 'reference']]);
    assert.deepEqual((await complete({ mark: note })).body.errors.map((error: { path: string; code: string }) => [error.path, error.code]), [['/fields/mark', 'signature']]);
    await done(complete({ proof: [note] }));
    const settled = (await done(program.call('GET', `/tickets/${ticket}`, { as: 'dispatcher' }))).body;
    assert.deepEqual([settled.fields.proof, settled.files.map((file: { name: string; visibility: string }) => [file.name, file.visibility])], [[note], [['b.txt', 'internal']]]);
  });

  /** A visit of the technician's to a ticket of a type with these fields. */
  async function visitOnForm(key: string, fields: unknown[], answers?: Record<string, unknown>): Promise<{ type: string; ticket: string; visit: string }> {
    const type = (await done(program.call('POST', '/ticket-types', { as: 'administrator', body: { key, name: key, form: { fields } } }))).body.id as string;
    const ticket = (await newTicket(program, { type, ...(answers ? { fields: answers } : {}) })).id;
    const assigned = (await act(program, ticket, 'assign', { assignee: program.organization.staff.technician, visit: {} }));
    return { type, ticket, visit: assigned.visits[0].id };
  }
});
