import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openTestProgram, type TestProgram } from '../support/program.ts';
import { assertProblem, done, photoOf, signature, upload, type Upload } from './scene.ts';

const pdf = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');
const path = '/api/v1/portal/first/files';

describe('documents for a report', { timeout: 60_000 }, () => {
  let program: TestProgram;
  let offered: string;
  let hidden: string;
  before(async () => {
    program = await openTestProgram();
    const form = { fields: [
      { key: 'contract', kind: 'file', label: { zh: '合同' }, audience: 'everyone', accept: ['pdf', 'document'], maxItems: 2 },
      { key: 'voice', kind: 'file', label: { zh: '录音' }, audience: 'everyone', accept: ['audio'] },
      { key: 'papers', kind: 'file', label: { zh: '内部资料' } },
      { key: 'mark', kind: 'signature', label: { zh: '签字' }, audience: 'everyone' },
      { key: 'room', kind: 'text', label: { zh: '房号' }, audience: 'everyone' },
    ] };
    const create = async (key: string, more: object) => (await done(program.call('POST', '/ticket-types', { as: 'administrator', body: { key, name: key, form, ...more } }))).body.id as string;
    offered = await create('lease', { offered: true });
    hidden = await create('inside', { offered: false });
  });
  after(() => program.close());

  const send = (file: Upload) => upload(program, null, file, { path });
  const document = (fields: Record<string, string>) => send({ name: '合同.pdf', type: 'application/pdf', content: pdf, fields });

  test('are taken for a field that asks for them, and come with it', async () => {
    const first = await done(document({ type: offered, field: 'contract' }));
    assert.equal(first.body.mediaType, 'application/pdf');
    const second = await done(send({ name: '清单.csv', type: 'text/csv', content: '房号,面积\n101,80\n', fields: { type: offered, field: 'contract' } }));
    const mark = await done(send({ name: 'signature.png', type: 'image/png', content: await signature(), fields: { type: offered, field: 'mark', purpose: 'signature' } }));
    const sent = await program.inject({ method: 'POST', url: '/api/v1/portal/first/reports', payload: {
      type: offered, description: '退租', contact: { phone: '13812345678' }, fields: { contract: [first.body.uploadToken, second.body.uploadToken], mark: mark.body.uploadToken },
    } });
    assert.equal(sent.status, 201, sent.text);
    const ticket = (await done(program.call('GET', `/tickets/${sent.body.number}`, { as: 'administrator' }))).body;
    assert.deepEqual(ticket.files.map((file: { name: string; purpose: string }) => [file.name, file.purpose]).sort(), [['signature.png', 'signature'], ['合同.pdf', 'attachment'], ['清单.csv', 'attachment']]);
    assert.equal(ticket.fields.contract.length, 2);
  });

  test('are taken for nothing else', async () => {
    const problems: [Record<string, string>, Parameters<typeof assertProblem>[1]][] = [
      [{}, 'file_type_refused'],
      [{ type: offered }, 'file_type_refused'],
      [{ type: offered, field: 'voice' }, 'file_type_refused'],
      [{ type: offered, field: 'mark' }, 'file_type_refused'],
      // What customers do not see of a form takes nothing of theirs.
      [{ type: offered, field: 'papers' }, 'unknown_reference'],
      [{ type: offered, field: 'nothing' }, 'unknown_reference'],
      [{ type: offered, field: 'room' }, 'invalid_input'],
      [{ type: hidden, field: 'contract' }, 'unknown_reference'],
      // The default type has no such field.
      [{ field: 'contract' }, 'unknown_reference'],
    ];
    for (const [fields, code] of problems) assertProblem(await document(fields), code, JSON.stringify(fields));
    assertProblem(await send({ name: 'a.jpg', content: await photoOf(), fields: { type: offered, field: 'contract' } }), 'file_type_refused', 'a photo where a document is asked for');
    // By the content, whatever it calls itself.
    assertProblem(await send({ name: '合同.pdf', type: 'application/pdf', content: Buffer.from(`MZ${'\0'.repeat(200)}`), fields: { type: offered, field: 'contract' } }), 'file_type_mismatch');
    assertProblem(await send({ name: 'page.html', type: 'text/html', content: '<script>1</script>', fields: { type: offered, field: 'contract' } }), 'file_type_refused');
    assertProblem(await send({ name: '合同.pdf', type: 'application/pdf', content: Buffer.concat([pdf, Buffer.alloc(20 * 1024 * 1024)]), fields: { type: offered, field: 'contract' } }), 'file_too_large');
  });
});
