import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { inflateRawSync } from 'node:zlib';
import { sql } from 'kysely';
import { parseCsv } from '../../rules/text/csv.ts';
import { openTestProgram, type Answer, type Person, type TestProgram } from '../support/program.ts';
import { act, assertProblem, done, newTicket } from './scene.ts';

/** The files of an archive by name, read as its central directory says (APPNOTE.TXT 4.3). */
function unzip(bytes: Buffer): Map<string, string> {
  const files = new Map<string, string>();
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [packed, size, name, offset] = [bytes.readUInt32LE(at + 20), bytes.readUInt32LE(at + 24), bytes.readUInt16LE(at + 28), bytes.readUInt32LE(at + 42)];
    const start = offset + 30 + bytes.readUInt16LE(offset + 26) + bytes.readUInt16LE(offset + 28);
    const content = inflateRawSync(bytes.subarray(start, start + packed));
    assert.equal(content.length, size);
    files.set(bytes.toString('utf8', at + 46, at + 46 + name), content.toString());
    at += 46 + name + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return files;
}

/** The cells of a sheet, row by row; what is empty is not written. */
function cellsOf(sheet: string): string[][] {
  return [...sheet.matchAll(/<row r="\d+">(.*?)<\/row>/gs)].map(([, row]) => [...row!.matchAll(/<c r="[A-Z]+\d+"[^>]*>(?:<is><t[^>]*>(.*?)<\/t><\/is>|<v>(.*?)<\/v>)<\/c>/gs)].map(([, text, value]) => (text ?? value)!));
}

describe('export', () => {
  let program: TestProgram;

  before(async () => {
    program = await openTestProgram();
    for (let index = 0; index < 12; index += 1) {
      const ticket = await newTicket(program, { subject: `第 ${index} 件`, requester: { name: '王芳', phone: '13800138000' }, tags: index % 2 ? ['单'] : [] }, 'administrator');
      if (index % 3 === 0) await act(program, ticket.id, 'assign', { assignee: program.organization.staff.technician });
    }
    for (const subject of ['=1+1', '+cmd|x', '-2', '@SUM(A1)', '"引号", 逗号\n换行', '<script>alert(1)</script> & ]]>', '\t制表', '🔥 مرحبا _x0041_', 'x'.repeat(200)]) await newTicket(program, { subject }, 'administrator');
  });
  after(() => program.close());

  const take = async (query: string, as: Person = 'administrator'): Promise<Answer & { bytes: Buffer }> => {
    const response = await program.app.inject({ method: 'GET', url: `/api/v1/tickets/export?${query}`, headers: { authorization: `Bearer ${program.organization.tokens[as]}`, 'accept-language': 'en' } });
    return { status: response.statusCode, headers: response.headers, body: response.statusCode === 200 ? undefined : JSON.parse(response.body), text: response.body, bytes: response.rawPayload };
  };
  const rowsOf = (answer: Answer): string[][] => parseCsv(answer.text.replace(/^\uFEFF/, '')).map((record) => record.cells);
  const walk = async (query: string, as: Person): Promise<{ number: string; subject: string }[]> => {
    const found: { number: string; subject: string }[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Answer = await done(program.call('GET', `/tickets?${query}&limit=7${cursor ? `&cursor=${cursor}` : ''}`, { as }));
      found.push(...page.body.items);
      cursor = page.body.nextCursor;
    }
    return found;
  };

  test('holds what the list shows to the same person, in the same order, with the same masks', async () => {
    for (const as of ['administrator', 'manager', 'agent', 'technician'] as const) {
      for (const query of ['sort=-createdAt', 'sort=createdAt', 'view=unassigned', 'view=all&tag=单', 'sort=priority', 'sort=-updatedAt', 'status=new,open', `filter=${encodeURIComponent('{"property":"subject","operator":"contains","value":"件"}')}`]) {
        const answer = await take(`format=csv&columns=number,subject,phone&${query}`, as);
        assert.equal(answer.status, 200, answer.text.slice(0, 300));
        const [headings, ...rows] = rowsOf(answer);
        assert.deepEqual(headings, ['Number', 'Subject', 'Phone']);
        assert.deepEqual(rows.map((row) => row[0]), (await walk(query, as)).map((line) => line.number), `${query} for ${as}`);
        assert.ok(!answer.text.includes('13800138000'));
      }
    }
    assert.match((await take('format=csv')).text, /138\*\*\*\*8000/);
    assertProblem(await take('format=csv', 'stranger'), 'forbidden');
  });

  test('as CSV opens in a spreadsheet as what it is: in UTF-8, with every text a text', async () => {
    const answer = await take('format=csv&columns=subject&sort=createdAt');
    assert.equal(answer.headers['content-type'], 'text/csv; charset=utf-8');
    assert.match(String(answer.headers['content-disposition']), /^attachment; filename="tickets-\d{4}-\d\d-\d\d\.csv"$/);
    assert.deepEqual([...answer.bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf]);
    const subjects = rowsOf(answer).slice(1).map((row) => row[0]!);
    for (const [written, shown] of [['=1+1', "'=1+1"], ['+cmd|x', "'+cmd|x"], ['-2', "'-2"], ['@SUM(A1)', "'@SUM(A1)"]] as const) assert.ok(subjects.includes(shown) && !subjects.includes(written), written);
    // A subject is one line.
    assert.ok(subjects.includes('"引号", 逗号 换行'), JSON.stringify(subjects));
    assert.ok(subjects.every((subject) => !/^[=+\-@\t\r]/.test(subject)));
  });

  test('as XLSX is a workbook with the columns asked for, times as times, numbers as numbers', async () => {
    const answer = await take('format=xlsx&columns=number,subject,priority,rating,createdAt&sort=createdAt');
    assert.match(String(answer.headers['content-type']), /spreadsheetml/);
    const files = unzip(answer.bytes);
    assert.deepEqual([...files.keys()].sort(), ['[Content_Types].xml', '_rels/.rels', 'xl/_rels/workbook.xml.rels', 'xl/styles.xml', 'xl/workbook.xml', 'xl/worksheets/sheet1.xml']);
    for (const [name, text] of files) assert.ok(text.startsWith('<?xml version="1.0" encoding="UTF-8"'), name);
    const sheet = files.get('xl/worksheets/sheet1.xml')!;
    const [headings, ...rows] = cellsOf(sheet);
    assert.deepEqual(headings, ['Number', 'Subject', 'Priority', 'Rating', 'Created']);
    const listed = await walk('sort=createdAt', 'administrator');
    assert.deepEqual(rows.map((row) => row[0]), listed.map((line) => line.number));
    assert.ok(rows.some((row) => row[1] === '=1+1'), 'a text in a workbook is no formula');
    assert.ok(!/<f>/.test(sheet));
    assert.ok(rows.some((row) => row[1] === '&lt;script&gt;alert(1)&lt;/script&gt; &amp; ]]&gt;'));
    assert.ok(rows.some((row) => row[1]!.includes('_x005F_x0041_')), 'a text that looks like a code stays as it is');
    // Days since 1899-12-30, in the organization's zone.
    const first = (await done(program.call('GET', '/tickets?sort=createdAt&limit=1', { as: 'administrator' }))).body.items[0];
    assert.ok(Math.abs(Number(rows[0]!.at(-1)) - ((Date.parse(first.createdAt) + 8 * 3_600_000) / 86_400_000 + 25_569)) < 1e-5);
  });

  test('stands in the audit trail: who, what, in which form, and how much went out', async () => {
    await take('format=csv&view=unassigned&columns=number', 'manager');
    const facts = (await done(program.call('GET', '/audit?limit=50', { as: 'administrator' }))).body.items.filter((fact: { kind: string }) => fact.kind.startsWith('export.'));
    const [ended, started] = facts;
    assert.deepEqual([started.kind, started.actor.id, started.data.view, started.data.format, started.data.columns], ['export.started', program.organization.staff.manager, 'unassigned', 'csv', ['number']]);
    assert.deepEqual([ended.kind, ended.subjectId, ended.data.complete], ['export.ended', started.subjectId, true]);
    assert.equal(ended.data.rows, (await walk('view=unassigned', 'manager')).length);
  });

  test('says what is wrong before it begins', async () => {
    for (const query of ['', 'format=pdf', 'format=csv&view=nothing', 'format=csv&filter={', 'format=csv&columns=a,b-c', 'format=csv&q=x', 'format=csv&status=gone']) {
      const answer = await take(query);
      assert.ok(answer.status >= 400 && answer.status < 500 && String(answer.headers['content-type']).startsWith('application/problem+json'), `${query} ${answer.status}`);
    }
    const head = await program.app.inject({ method: 'HEAD', url: '/api/v1/tickets/export?format=csv', headers: { authorization: `Bearer ${program.organization.tokens.administrator}` } });
    assert.equal(head.statusCode, 200);
  });

  test('takes fields of the type as columns, in words, masked ones masked', async () => {
    const { tenantId, typeId } = program.organization;
    const form = { fields: [
      { key: 'floor', kind: 'number', label: { zh: '楼层', en: 'Floor' } }, { key: 'size', kind: 'choice', label: { zh: '大小' }, options: [{ key: 's', label: { zh: '小', en: 'Small' } }] }, { key: 'secret', kind: 'text', label: { zh: '证件号' }, masked: true },
    ] };
    await program.database.transact(tenantId, async (transaction) => {
      await transaction.run(sql`INSERT INTO form_version (tenant_id, type_id, number, form, published_at) VALUES (${tenantId}, ${typeId}, 50, ${JSON.stringify(form)}, now())`);
      await transaction.run(sql`UPDATE ticket_type SET form_version = 50 WHERE tenant_id = ${tenantId} AND id = ${typeId}`);
      await transaction.run(sql`UPDATE organization SET configuration_version = configuration_version + 1 WHERE tenant_id = ${tenantId}`);
    });
    const ticket = await newTicket(program, { subject: '有字段', fields: { floor: 12, size: 's', secret: '330102199001011234' } }, 'administrator');
    const query = `columns=number,fields.floor,fields.size,fields.secret,fields.gone&filter=${encodeURIComponent('{"property":"fields.floor","operator":"more","value":10}')}`;
    const [headings, row] = rowsOf(await take(`format=csv&${query}`));
    assert.deepEqual(headings, ['Number', 'Floor', '大小', '证件号']);
    assert.deepEqual(row!.slice(0, 3), [ticket.number, '12', 'Small']);
    assert.ok(row![3] !== '330102199001011234' && row![3]!.includes('*'));
    const [line] = (await done(program.call('GET', `/tickets?${query}`, { as: 'administrator' }))).body.items;
    assert.deepEqual([line.fields.floor, line.fields.size, line.fields.secret === '330102199001011234'], [12, 's', false]);
    // What is shown masked cannot be read out by asking for it letter by letter.
    assertProblem(await program.call('POST', '/tickets/search', { as: 'administrator', body: { filter: { property: 'fields.secret', operator: 'starts_with', value: '33' } } }), 'invalid_input');
  });

  test('goes out as it is read: many rows, over several sheets’ worth of chunks, and a reader who leaves ends it', async () => {
    const { tenantId, typeId } = program.organization;
    await program.database.transact(tenantId, (transaction) => transaction.run(sql`
      INSERT INTO ticket (tenant_id, id, number, type_id, subject, description, status, priority, priority_explanation, channel, created_by_kind, created_at, updated_at)
      SELECT ${tenantId}, gen_random_uuid(), 'N-' || n, ${typeId}, '很多 ' || n, '', 'closed', 3, '{}', 'api', 'system', now() - make_interval(mins => n), now() FROM generate_series(1, 3000) n`));
    const rows = rowsOf(await take('format=csv&columns=number,subject&status=closed'));
    assert.equal(rows.length, 3_001);
    assert.equal(cellsOf(unzip((await take('format=xlsx&columns=number,subject&status=closed')).bytes).get('xl/worksheets/sheet1.xml')!).length, 3_001);

    await program.app.listen({ port: 0, host: '127.0.0.1' });
    const address = program.app.server.address() as { port: number };
    const leaving = new AbortController();
    const response = await fetch(`http://127.0.0.1:${address.port}/api/v1/tickets/export?format=csv`, { headers: { authorization: `Bearer ${program.organization.tokens.administrator}` }, signal: leaving.signal });
    await response.body!.getReader().read();
    leaving.abort();
    for (let tries = 0; tries < 100; tries += 1) {
      const [fact] = (await done(program.call('GET', '/audit?limit=1', { as: 'administrator' }))).body.items;
      if (fact.kind === 'export.ended') break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    // Nothing is left open: as many as may run at once can begin anew.
    assert.deepEqual((await Promise.all([take('format=csv&columns=number&tag=单'), take('format=csv&columns=number&tag=单')])).map((answer) => answer.status), [200, 200]);
  });
});
