import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { build, statement } from '../../server/platform/db/database.ts';
import { advance, registerReader } from '../../server/platform/facts/readers.ts';
import { runImport } from '../../server/journey/intake/import/run-import.ts';
import { continueImport } from '../../server/journey/intake/import/continue-import.ts';
import { forgetImports } from '../../server/records/import/forget-imports.ts';
import { runDueTimers } from '../../server/platform/timers/timers.ts';
import { timerHandlers } from '../../server/timers.ts';
import { readersOf, reactionsTo } from '../../server/reactions.ts';
import { makeXlsx } from '../support/make-xlsx.ts';
import { openTestProgram, testClock, type Answer, type Person, type TestProgram } from '../support/program.ts';
import { assertProblem, contentOf, done, multipart, newSession, newTicket, upload, writesNothing } from './scene.ts';

const clock = testClock();

interface Said {
  name?: string;
  fields?: Record<string, string>;
  as?: Person;
  language?: string;
  headers?: Record<string, string>;
}

describe('imports', () => {
  let program: TestProgram;
  before(async () => {
    program = await openTestProgram({ clock });
  });
  after(() => program.close());

  const call = (method: 'GET' | 'POST' | 'PATCH', path: string, body?: unknown, options: Parameters<TestProgram['call']>[2] = {}): Promise<Answer> => program.call(method, path, { as: 'administrator', ...(body === undefined ? {} : { body }), ...options });
  const get = async (path: string) => (await done(call('GET', path))).body;
  const of = () => program.organization.tenantId;
  const send = (path: string, kind: string, content: Buffer | string, { name = 'file.csv', fields = {}, as = 'administrator', language = 'en', headers = {} }: Said = {}) => {
    const form = multipart({ name, type: 'application/octet-stream', content, fields: { kind, ...fields } });
    return program.inject({ method: 'POST', url: `/api/v1${path}`, payload: form.payload, headers: { ...form.headers, authorization: `Bearer ${program.organization.tokens[as]}`, 'accept-language': language, ...headers } });
  };
  const submit = (kind: string, content: Buffer | string, said: Said = {}) => send('/imports', kind, content, said);
  const work = (importId: string) => runImport(program.services, { tenantId: of(), importId });
  /** Imports a file and waits for its end. */
  const run = async (kind: string, content: Buffer | string, said: Said = {}) => {
    const { id } = (await done(submit(kind, content, said))).body;
    await work(id);
    return get(`/imports/${id}`);
  };
  const issuesOf = async (id: string) => (await get(`/imports/${id}/issues?limit=200`)).items as { row: number; column: string | null; code: string; message: string }[];
  const counts = (one: { counts: Record<string, number> }) => [one.counts['created'], one.counts['updated'], one.counts['present'], one.counts['failed']];
  const inTenant = <Result>(work: Parameters<typeof program.database.transact<Result>>[1]) => program.database.transact(of(), work);

  test('say what can be imported, and give a template that can be imported', async () => {
    const { items } = await get('/import-kinds');
    assert.deepEqual(items.map((one: { kind: string; allowed: boolean }) => [one.kind, one.allowed]), [['tickets', true], ['customers', true], ['accounts', true], ['assets', true], ['staff', true], ['hotline_cases', true]]);
    for (const kind of ['customers', 'accounts', 'tickets']) {
      const template = await call('GET', `/import-kinds/${kind}/template.csv`, undefined, { headers: { 'accept-language': 'zh-CN' } });
      assert.match(String(template.headers['content-type']), /^text\/csv/);
      const preview = (await done(send('/imports/preview', kind, template.text))).body;
      assert.deepEqual([preview.missing, preview.mapping.length], [[], preview.columns.length], kind);
    }
    assertProblem(await call('GET', '/import-kinds/planets/template.csv'), 'invalid_identifier');
    assertProblem(await call('GET', '/import-kinds', undefined, { as: 'manager' }), 'forbidden');
  });

  describe('a preview', () => {
    test('finds out how the file is written and what its columns say, and keeps nothing', async () => {
      const before = await contentOf(program);
      const gbk = Buffer.from('d0d5c3fb2cb5e7bbb02cc6e4cbfb0acdf5b7bc2c31333831323334353637382c780a', 'hex');
      const preview = (await done(send('/imports/preview', 'customers', gbk))).body;
      assert.deepEqual([preview.format, preview.encoding, preview.separator, preview.mapping, preview.missing], ['csv', 'gb18030', ',', [{ column: 0, target: 'name' }, { column: 1, target: 'phone' }], []]);
      assert.deepEqual(preview.columns[0], { column: 0, header: '姓名', samples: ['王芳'] });
      const sheet = (await done(send('/imports/preview', 'assets', makeXlsx({ 设备: [['资产编号', 'Name', '型号'], ['A', 'b', 'c']], 其他: [['x']] }), { name: 'a.xlsx' }))).body;
      assert.deepEqual([sheet.format, sheet.sheets, sheet.mapping.map((one: { target: string }) => one.target)], ['xlsx', ['设备', '其他'], ['code', 'name', 'model']]);
      const lines = (await done(send('/imports/preview', 'tickets', '{"subject":"灯","requester":{"name":"王芳"},"comments":[]}\n'))).body;
      assert.deepEqual([lines.format, lines.mapping.map((one: { target: string }) => one.target)], ['jsonl', ['subject', 'requester.name', 'comments']]);
      assert.deepEqual(await contentOf(program), before);
    });

    test('of what cannot be read, or by whom it may not be, is a documented answer', async () => {
      await writesNothing(program, async () => {
        for (const path of ['/imports/preview', '/imports']) {
          assertProblem(await send(path, 'customers', Buffer.from([1, 0, 2, 0, 0, 9])), 'import_unreadable');
          assertProblem(await send(path, 'customers', ''), 'file_empty');
          assertProblem(await send(path, 'customers', '\n\n'), 'import_unreadable');
          assertProblem(await send(path, 'planets', 'a'), 'invalid_input');
          assertProblem(await send(path, 'customers', 'a', { fields: { surprise: '1' } }), 'invalid_input');
          assertProblem(await send(path, 'customers', 'a', { fields: { mapping: '{' } }), 'invalid_input');
          assertProblem(await send(path, 'customers', '姓名\nx', { as: 'agent' }), 'forbidden');
          assertProblem(await call('POST', path, { kind: 'customers', fileId: '01a2003a-fbe1-70a2-9972-12ed28b06e46' }), 'unknown_reference');
          assertProblem(await call('POST', path, { kind: 'customers' }), 'invalid_input');
        }
        assertProblem(await submit('customers', '电话\n13800001111'), 'import_targets_missing');
        for (const mapping of [[{ column: 9, target: 'name' }], [{ column: 0, target: 'soul' }], [{ column: 0, target: 'name' }, { column: 0, target: 'phone' }], [{ column: 0, target: 'name' }, { column: 1, target: 'name' }]]) {
          assertProblem(await submit('customers', '姓名,电话\nx,1', { fields: { mapping: JSON.stringify(mapping) } }), 'invalid_input', JSON.stringify(mapping));
        }
      });
    });

    test('remembers how columns were mapped, and which were left out', async () => {
      const content = '乙方称呼,电话,姓名\n王芳,13812340001,不要\n';
      await run('customers', content, { fields: { mapping: JSON.stringify([{ column: 0, target: 'name' }, { column: 1, target: 'phone' }]) } });
      const preview = (await done(send('/imports/preview', 'customers', content))).body;
      assert.deepEqual([preview.mapping, preview.proposedBy[0].by], [[{ column: 0, target: 'name' }, { column: 1, target: 'phone' }], 'remembered']);
    });
  });

  describe('of customers', () => {
    test('take good rows in and give bad ones back, each with its row, column and reason', async () => {
      await newTicket(program, { requester: { name: '已有的人', phone: '13900000001' } });
      const content = [
        '姓名,手机号,邮箱,客户等级,客户单位,标签,备注,外部编号,身份证号',
        '王芳,13812345671,wang@a.example,VIP,江畔国际中心,"老客户;怕狗",上门前打电话,C-1,330105199001011234',
        ',13812345672,,,,,,,',
        '李雷,13812345671,,,,,,,',
        '韩梅,abc,,,,,,,',
        '赵强,13812345673,not-an-address,钻石,,,,,',
        '已改名,13900000001,,,,,,,',
        '<b>👨‍👩‍👧</b>,13812345674,,,,,,,',
        "'=HYPERLINK(1),13812345675,,,,,,,",
      ].join('\n');
      const done1 = await run('customers', content, { language: 'zh-CN' });
      assert.deepEqual([done1.status, done1.counts.rows, ...counts(done1)], ['completed', 8, 3, 2, 0, 3]);
      const issues = await issuesOf(done1.id);
      assert.deepEqual(issues.map((issue) => [issue.row, issue.column]), [[3, '姓名'], [5, '手机号'], [6, '邮箱']]);
      assert.deepEqual(issues.map((issue) => issue.message), ['姓名是空的，必须填写', '手机号「abc」不是有效的电话号码', '邮箱「not-an-address」不是有效的邮箱地址']);
      const [wang] = (await get('/customers?q=13812345671')).items;
      assert.equal(wang.name, '李雷', 'the later row of the same number changed the one before');
      const shown = await get(`/customers/${wang.id}`);
      assert.deepEqual([shown.phone, shown.email, shown.tier, shown.account.name, shown.tags, shown.externalId, shown.idNumber, shown.noteCount], ['138****5671', 'w***@a.example', 'VIP', '江畔国际中心', ['老客户', '怕狗'], 'C-1', '330***********1234', 1]);
      assert.equal((await get('/customers?q=13900000001')).items[0].name, '已改名');
      assert.equal((await get('/customers?q=13812345674')).items[0].name, '<b>👨‍👩‍👧</b>');
      assert.equal((await get('/customers?q=13812345675')).items[0].name, '=HYPERLINK(1)');
      // Once more: nothing new, nothing changed but by the two that quarrel about a number.
      const again = await run('customers', content);
      assert.deepEqual(counts(again), [0, 2, 3, 3], 'the first and the third row change the same customer in turn');
    });

    test('give a result file that can be mended and sent again', async () => {
      const imported = await run('customers', '姓名,电话,备注\n=危险,+86 137 0000 0001,"多行\n备注, 有逗号"\n无效电话,12,"-1+1"\n,13700000002,x\n', { language: 'zh-CN' });
      assert.deepEqual(counts(imported), [1, 0, 0, 2]);
      const result = await call('GET', `/imports/${imported.id}/result.csv`);
      assert.match(String(result.headers['content-disposition']), /attachment/);
      assert.equal(result.text.slice(1).split('\r\n').length, 4);
      assert.equal(result.text, '\ufeff导入结果：行,导入结果：列,导入结果：原因,姓名,电话,备注\r\n4,电话,电话「12」不是有效的电话号码,无效电话,12,\'-1+1\r\n5,姓名,姓名是空的，必须填写,,13700000002,x\r\n', 'what begins like a formula is guarded');
      const fixed = await run('customers', result.text.replace('无效电话,12,', '电话好了,13700000003,').replace('，必须填写,,', '，必须填写,补上名字,'), { language: 'zh-CN' });
      assert.deepEqual(counts(fixed), [2, 0, 0, 0], JSON.stringify(await issuesOf(fixed.id)));
      const note = await get(`/customers/${(await get('/customers?q=13700000003')).items[0].id}/notes`);
      assert.equal(note.items[0].body, '-1+1', 'and comes back as it was');
      assertProblem(await call('GET', `/imports/${imported.id}/result.csv`, undefined, { as: { token: (await keyFor('import.run')).key } }), 'forbidden');
      assert.equal((await call('GET', `/imports/${imported.id}/result.csv`, undefined, { as: 'manager' })).status, 403);
    });

    async function keyFor(permission: string): Promise<{ key: string }> {
      const role = (await done(call('POST', '/roles', { name: `导入员${permission}${Math.random()}`, grants: [{ permission, scope: 'organization' }] }))).body.id;
      const person = (await done(call('POST', '/staff', { name: '另一个', job: 'agent', roleIds: [role] }))).body.id as string;
      return { key: (await newSession(program, person)).token };
    }

    test('in a dry run say what would happen and write nothing', async () => {
      const content = '姓名,电话\n试跑甲,13600000001\n试跑乙,abc\n试跑丙,13600000003\n';
      const { id } = (await done(submit('customers', content, { fields: { dryRun: 'true' } }))).body;
      const before = await contentOf(program);
      await work(id);
      const shown = await get(`/imports/${id}`);
      assert.deepEqual([shown.dryRun, shown.status, ...counts(shown)], [true, 'completed', 2, 0, 0, 1]);
      const afterwards = await contentOf(program);
      for (const table of ['customer', 'contact_point', 'imported_record', 'record_search']) assert.equal(afterwards[table], before[table], table);
      assert.deepEqual((await get(`/customers?q=${encodeURIComponent('试跑')}`)).items, []);
    });
  });

  test('of accounts, assets and staff', async () => {
    const accounts = await run('accounts', '名称,类型,编号\n西畔花园,小区,XP\n东畔花园,行星,DP\n');
    assert.deepEqual([counts(accounts), (await issuesOf(accounts.id)).map(({ column, message }) => [column, message])], [[1, 0, 0, 1], [['类型', '类型 “行星” is not known; it may be: Company, household, building, community, shop, institution, other']]]);
    assert.deepEqual(counts(await run('accounts', '名称,类型,编号\n西畔花园一期,小区,XP\n')), [0, 1, 0, 0], 'known by its code');

    const assets = await run('assets', makeXlsx({ s: [
      ['设备编号', '设备名称', '上级设备', '客户单位', '安装日期', '重要性', '属性', 'attributes.功率'],
      ['JZ-1', '供水机组', null, 'XP', { serial: 45413, format: 'date' }, '高', null, 7.5],
      ['JZ-1-1', '水泵', 'JZ-1', 'XP', '2024年5月1日', '低', null, null],
      ['JZ-2', '孤儿', '没有', null, null, null, null, null],
      ['JZ-3', '坏日期', null, null, '去年', null, null, null],
      ['JZ-4', '坏单位', null, '不存在', null, null, null, null],
    ] }), { name: 'assets.xlsx' });
    assert.deepEqual([counts(assets), (await issuesOf(assets.id)).map((issue) => [issue.row, issue.column])], [[2, 0, 0, 3], [[4, '上级设备'], [5, '安装日期'], [6, '客户单位']]]);
    const pump = (await get('/assets?q=JZ-1-1')).items[0];
    assert.deepEqual([pump.parent.code, pump.account.name, pump.installedOn, pump.criticality], ['JZ-1', '西畔花园一期', '2024-05-01', 'low']);
    assert.deepEqual((await get('/assets?q=供水机组')).items[0].attributes, { 功率: '7.5' });
    const rehearsal = await run('assets', '设备编号,设备名称,上级设备\nR-1,甲,\nR-2,乙,R-1\n', { fields: { dryRun: 'true' } });
    assert.deepEqual(counts(rehearsal), [2, 0, 0, 0], 'a rehearsal knows what earlier rows would have made');

    // Like teams and roles, skills are those that are there; either name will do.
    for (const body of [{ name: '电工', nameEn: 'Electrician' }, { name: '水暖', nameEn: 'Plumber' }]) await done(program.call('POST', '/skills', { as: 'administrator', body }));
    const staff = await run('staff', '姓名,邮箱,岗位,部门,班组,角色,技能\n陈师傅,chen@first.example,工程师,工程部,水电班,工程师,电工:3;plumber\n无名,,工程师,,,,\n吴经理,wu@first.example,经理,没有的部门,,,\n');
    assert.deepEqual([counts(staff), (await issuesOf(staff.id)).map((issue) => [issue.row, issue.column])], [[1, 0, 0, 2], [[3, '邮箱'], [4, '部门']]]);
    const chen = (await get('/staff?q=陈师傅')).items[0];
    assert.deepEqual([chen.job, chen.department.name, chen.teams.map((team: { name: string }) => team.name), chen.roles.map((role: { name: string }) => role.name), chen.skills.map(({ skill, level }: { skill: string; level: number }) => ({ skill, level }))], ['technician', '工程部', ['水电班'], ['Technician'], [{ skill: 'Electrician', level: 3 }, { skill: 'Plumber', level: 1 }]]);
    assert.deepEqual(counts(await run('staff', '姓名,邮箱,岗位\n陈师傅,ｃhen@first.example,工程师\n')), [0, 0, 1, 0], 'in letters of full width, too');
  });

  test('good rows go in and every bad one is told, whatever stands in it and however it is numbered', async () => {
    const lines = await run('customers', '{"姓名":"好一","邮箱":"good1@example.com"}\n{"姓名":"坏\\ud800","邮箱":"\\udc00\\u0000"}\n{"姓名":"好二","邮箱":"good2@example.com"}\n', { name: 'a.jsonl', language: 'zh-CN', fields: { mapping: JSON.stringify([{ column: 0, target: 'name' }, { column: 1, target: 'email' }]) } });
    assert.deepEqual([lines.status, counts(lines), (await issuesOf(lines.id)).map((issue) => issue.row)], ['completed', [2, 0, 0, 1], [2]]);
    const row = (r: string, name: string, email: string) => `<row r="${r}"><c t="str"><v>${name}</v></c><c t="str"><v>${email}</v></c></row>`;
    const sheet = `<worksheet><sheetData>${row('1', 'name', 'email')}${row('2', '同号一', 'no')}${row('2', '同号二', 'no')}${row('99999999999', '远', 'no')}${row('5', '好三', 'good3@example.com')}</sheetData></worksheet>`;
    const workbook = await run('customers', makeXlsx({ a: [['x']] }, { parts: { 'xl/worksheets/sheet1.xml': sheet } }), { name: 'a.xlsx', fields: { mapping: JSON.stringify([{ column: 0, target: 'name' }, { column: 1, target: 'email' }]) } });
    assert.deepEqual([workbook.status, counts(workbook), (await issuesOf(workbook.id)).map((issue) => issue.row)], ['completed', [1, 0, 0, 3], [2, 3, 4]]);
  });

  describe('of tickets', () => {
    const history = [
      { externalId: 'OLD-1', subject: '厨房水管漏水', description: '<script>alert(1)</script>', status: '已关闭', category: '水电', requester: { name: '王芳', phone: '13512340001' }, assignee: 'technician@first.example', createdAt: '2024-05-01 09:30', resolvedAt: '2024-05-01 15:00', closedAt: '2024-05-08T15:00:00+08:00', resolution: '更换角阀', rating: 5, tags: ['漏水'], channel: '电话',
        comments: [{ at: '2024-05-01 10:00', author: '王芳', body: '还在漏' }, { at: '2024-05-01 10:05', author: 'agent@first.example', visibility: 'public', body: '师傅已出发' }, { at: '2024-05-01 11:00', author: '离职的老张', visibility: 'internal', body: '缺配件' }] },
      { externalId: 'OLD-2', subject: '电梯异响', status: 'open', priority: '高', createdAt: '2024-06-02T00:00:00Z' },
      { externalId: 'OLD-3', subject: '倒着的时间', createdAt: '2024-06-02T00:00:00Z', closedAt: '2024-06-01T00:00:00Z', status: 'closed' },
      { externalId: 'OLD-4', subject: '未来', createdAt: '2199-01-01T00:00:00Z' },
      { externalId: 'OLD-5', subject: '没有这个状态', status: '漂着' },
      { externalId: 'OLD-6', subject: '没有这个人', assignee: '不存在的人' },
      { externalId: 'OLD-7', subject: '坏评论', comments: [{ body: '没有时间' }] },
    ];
    const lines = (list: unknown[]) => list.map((one) => JSON.stringify(one)).join('\n');

    test('keep the times and authors of their history, say that they were imported, and tell nobody', async () => {
      const imported = await run('tickets', `${lines(history)}\nnot json\n`, { language: 'zh-CN' });
      assert.deepEqual(counts(imported), [2, 0, 0, 6], JSON.stringify(await issuesOf(imported.id)));
      assert.deepEqual((await issuesOf(imported.id)).map((issue) => issue.message), ['closedAt「2024-06-01T00:00:00Z」早于创建时间', 'createdAt「2199-01-01T00:00:00Z」在将来', 'status「漂着」认不出来，可以填：待受理、处理中、等待中、已解决、已关闭、已取消，或自定义状态的名称', 'assignee「不存在的人」在系统里没有找到', 'comments里缺少「at」', '这一行不是有效的 JSON']);
      assert.deepEqual((await issuesOf(imported.id)).map((issue) => [issue.row, issue.code]), [[3, 'minimum'], [4, 'maximum'], [5, 'enum'], [6, 'unknown_reference'], [7, 'required'], [8, 'malformed_json']]);
      await program.catchUp();
      const found = (await get(`/tickets?q=${encodeURIComponent('厨房水管漏水')}`)).items[0];
      const shown = await get(`/tickets/${found.id}`);
      assert.match(shown.number, /^20240501-\d{5}$/, 'a number of its own day');
      assert.deepEqual(shown.imported, { number: 'OLD-1' });
      assert.ok((await get('/tickets?q=OLD-1')).items.some((one: { id: string }) => one.id === found.id), 'found by the number it had');
      assert.deepEqual([shown.status, shown.createdAt, shown.resolvedAt, shown.closedAt, shown.resolution, shown.rating, shown.channel, shown.tags, shown.assignee.name, shown.team.name, shown.updatedAt],
        ['closed', '2024-05-01T01:30:00.000Z', '2024-05-01T07:00:00.000Z', '2024-05-08T07:00:00.000Z', '更换角阀', 5, 'phone', ['漏水'], 'technician first', '水电班', '2024-05-08T07:00:00.000Z']);
      const { items } = await get(`/tickets/${found.id}/timeline`);
      assert.deepEqual(items.map((entry: { kind: string; at: string; actor: { kind: string; name: string | null } }) => [entry.kind, entry.at, entry.actor.kind, entry.actor.name]), [
        ['ticket.created', '2024-05-01T01:30:00.000Z', 'staff', 'administrator first'], ['ticket.assigned', '2024-05-01T01:30:00.000Z', 'staff', 'administrator first'],
        ['comment.added', '2024-05-01T02:00:00.000Z', 'customer', '王芳'], ['comment.added', '2024-05-01T02:05:00.000Z', 'staff', 'agent first'], ['comment.added', '2024-05-01T03:00:00.000Z', 'staff', '离职的老张'],
        ['ticket.resolved', '2024-05-01T07:00:00.000Z', 'staff', 'administrator first'], ['ticket.closed', '2024-05-08T07:00:00.000Z', 'staff', 'administrator first'], ['ticket.rated', '2024-05-08T07:00:00.000Z', 'customer', '王芳'],
      ]);
      assert.ok(items.every((entry: { recordedAt: string; data: { imported?: boolean } }) => entry.recordedAt === clock.now().toISOString() && entry.data.imported === true), 'recorded now, and marked');
      assert.deepEqual(items[2].comment.body, '还在漏');
      const notices = await inTenant((transaction) => transaction.query(statement<{ count: number }>('test.notices', 'SELECT count(*)::int AS count FROM notification'), []));
      assert.equal(notices[0]!.count, 0);
      for (const reader of readersOf(reactionsTo(program.services, { send: async () => {}, work: async () => {}, stop: async () => {} }))) {
        await registerReader(program.database, reader.name);
        while (await advance(program.database, reader) > 0);
      }
      assert.deepEqual(await inTenant((transaction) => transaction.query(statement<{ reason: string; fact_kind: string }>('test.told', 'SELECT reason, fact_kind FROM notification WHERE tenant_id = $1 AND ticket_id = $2'), [program.organization.tenantId, found.id])), [], 'nobody is told');
      const verification = await call('GET', `/tickets/${found.id}/history/verification`);
      assert.equal(verification.status, 200, verification.text);
      const daily = await get('/insight/closed?by=day&from=2024-05-01&to=2024-05-31');
      assert.ok(JSON.stringify(daily).includes('2024-05-08'), 'the boards count it on its day');
    });

    test('imported again are there already; numbers of a day do not repeat', async () => {
      assert.deepEqual(counts(await run('tickets', lines(history))), [0, 0, 2, 5]);
      const more = await run('tickets', `标题,创建时间,状态\n同一天的另一张,2024-05-01 08:00,已关闭\n同一天的第三张,2024-05-01 08:00,已取消\n没有编号也认得,2024-07-01,处理中\n`);
      assert.deepEqual(counts(more), [3, 0, 0, 0]);
      assert.deepEqual(counts(await run('tickets', `标题,创建时间,状态\n没有编号也认得,2024-07-01,处理中\n没有编号也认得,2024-07-02,处理中\n`)), [1, 0, 1, 0], 'by what the row says');
      const numbers = await inTenant((transaction) => transaction.run(build.selectFrom('ticket').select('number').where('tenant_id', '=', of()).where('number', 'like', '20240501-%').orderBy('number')));
      assert.deepEqual(numbers.map((row) => row.number), ['20240501-00001', '20240501-00002', '20240501-00003']);
    });

    test('are found by the number they had elsewhere, and it is marked', async () => {
      assert.deepEqual(counts(await run('tickets', '主题,外部编号\n旧系统的工单,GD-20190308-77\n')), [1, 0, 0, 0]);
      await program.catchUp();
      const { items } = await get('/tickets?q=GD-20190308-77');
      assert.deepEqual(items.map((one: { subject: string }) => one.subject), ['旧系统的工单']);
      const mark = items[0].highlights.find((one: { property: string }) => one.property === 'formerNumber');
      assert.deepEqual([mark.text, mark.ranges.length > 0], ['GD-20190308-77', true]);
    });

    test('of today take the numbers that all tickets of today take', async () => {
      await run('tickets', '标题\n刚刚发生\n');
      await newTicket(program, { subject: '之后' });
      const rows = await inTenant((transaction) => transaction.run(build.selectFrom('ticket').select(['number']).where('tenant_id', '=', of())));
      assert.equal(new Set(rows.map((row) => row.number)).size, rows.length);
    });

    test('by a key that may not see customers link nobody', async () => {
      const { key } = (await done(call('POST', '/api-keys', { name: '导入程序', permissions: ['import.run', 'ticket.create'] }))).body;
      const form = multipart({ name: 'a.csv', content: '标题,电话,报修人\n无权看客户,13512340001,张三\n', fields: { kind: 'tickets' } });
      const { id } = (await done(program.inject({ method: 'POST', url: '/api/v1/imports', payload: form.payload, headers: { ...form.headers, authorization: `Bearer ${key}` } }))).body;
      await work(id);
      const [row] = await inTenant((transaction) => transaction.run(build.selectFrom('ticket').select(['contact_name', 'created_by_kind']).where('subject', '=', '无权看客户')));
      assert.deepEqual([row!.contact_name, row!.created_by_kind], ['张三', 'api_key']);
    });
  });

  describe('in the background', () => {
    const many = (count: number, mark: string) => `姓名,外部编号\n${Array.from({ length: count }, (_, index) => `${mark}${index},${mark}-${index}`).join('\n')}\n`;

    test('killed in the middle go on exactly where they were, nothing twice', { timeout: 60_000 }, async () => {
      const { id } = (await done(submit('customers', many(1_150, '断点')))).body;
      // A program that dies in the middle of a batch: whatever it had not committed is gone with it.
      let batches = 0;
      const dying = { ...program.services, database: { ...program.database, transact: (async (tenant: string, task: never, options: never) => {
        const result = await program.database.transact(tenant, async (transaction) => {
          const inner = await (task as (t: typeof transaction) => Promise<unknown>)(transaction);
          if (batches++ >= 4) throw new Error('Connection terminated unexpectedly');
          return inner;
        }, options);
        return result;
      }) as never } };
      await runImport({ ...dying, database: { ...dying.database, get statistics() { return program.database.statistics; } } }, { tenantId: of(), importId: id }).catch(() => {});
      const halfway = await get(`/imports/${id}`);
      assert.equal(halfway.status, 'running');
      assert.ok(halfway.counts.processed > 0 && halfway.counts.processed < 1_150, String(halfway.counts.processed));
      await work(id);
      assert.equal((await get(`/imports/${id}`)).counts.processed, halfway.counts.processed, 'somebody else may be at it still');
      clock.advance({ minutes: 2 });
      const before = await lastFact();
      await runDueTimers(program.database, { ...timerHandlers, 'import.continue': continueImport }, clock.now(), program.services.log);
      assert.equal((await lastFact()).kind, 'import.resumed', `after ${before.kind}`);
      await work(id);
      const shown = await get(`/imports/${id}`);
      assert.deepEqual([shown.status, shown.counts.processed, ...counts(shown)], ['completed', 1_150, 1_150, 0, 0, 0]);
      const rows = await inTenant((transaction) => transaction.run(build.selectFrom('customer').select('name').where('tenant_id', '=', of()).where('name', 'like', '断点%')));
      assert.deepEqual([rows.length, new Set(rows.map((row) => row.name)).size], [1_150, 1_150]);
    });

    const lastFact = async () => {
      const facts = await inTenant((transaction) => transaction.run(build.selectFrom('fact').select(['kind']).where('tenant_id', '=', of()).orderBy('position', 'desc').limit(1)));
      return facts[0]!;
    };

    test('are taken up by one only, however many try', { timeout: 60_000 }, async () => {
      const { id } = (await done(submit('customers', many(120, '并行')))).body;
      await Promise.all(Array.from({ length: 5 }, () => work(id)));
      assert.deepEqual(counts(await get(`/imports/${id}`)), [120, 0, 0, 0]);
    });

    test('two at once with the same rows make each record once', { timeout: 60_000 }, async () => {
      const content = `姓名,电话\n${Array.from({ length: 60 }, (_, index) => `同行${index},134${String(index).padStart(8, '0')}`).join('\n')}\n`;
      const ids = await Promise.all([submit('customers', content), submit('customers', content)].map(async (answer) => (await done(answer)).body.id as string));
      await Promise.all(ids.map(work));
      const shown = await Promise.all(ids.map((id) => get(`/imports/${id}`)));
      assert.equal(shown[0].counts.created + shown[1].counts.created, 60, JSON.stringify(shown.map((one) => one.counts)));
      assert.equal((await get(`/customers?q=${encodeURIComponent('同行')}&limit=200`)).items.length, 60);
    });

    test('can be cancelled; what was imported stays', async () => {
      const { id } = (await done(submit('customers', many(10, '取消')))).body;
      assert.equal((await done(call('POST', `/imports/${id}/cancel`))).body.status, 'cancelled');
      await work(id);
      assert.deepEqual(counts(await get(`/imports/${id}`)), [0, 0, 0, 0]);
      assertProblem(await call('POST', `/imports/${(await run('customers', many(1, '完了'))).id}/cancel`), 'import_finished');
      assert.equal((await done(call('POST', `/imports/${id}/cancel`))).body.status, 'cancelled', 'once more does no harm');
    });

    test('stop when whoever asked may not import any more', async () => {
      const role = (await done(call('POST', '/roles', { name: '导入', grants: [{ permission: 'import.run', scope: 'organization' }, { permission: 'customer.write', scope: 'organization' }] }))).body.id;
      const version = async () => `"${(await get(`/staff/${program.organization.staff.agent}`)).version}"`;
      const roles = (await get(`/staff/${program.organization.staff.agent}`)).roles.map((one: { id: string }) => one.id);
      await done(call('PATCH', `/staff/${program.organization.staff.agent}`, { roleIds: [...roles, role] }, { headers: { 'if-match': await version() } }));
      const { id } = (await done(submit('customers', many(5, '越权'), { as: 'agent' }))).body;
      await done(call('PATCH', `/staff/${program.organization.staff.agent}`, { roleIds: roles }, { headers: { 'if-match': await version() } }));
      await work(id);
      const shown = await get(`/imports/${id}`);
      assert.deepEqual([shown.status, shown.error.code, ...counts(shown)], ['failed', 'import_not_allowed', 0, 0, 0, 0]);
    });

    test('that turn out wrong halfway fail as a whole before anything is written', async () => {
      const { id } = (await done(submit('customers', `姓名\n${'a\n'.repeat(100_001)}`))).body;
      await work(id);
      const shown = await get(`/imports/${id}`);
      assert.deepEqual([shown.status, shown.error.code, shown.counts.processed], ['failed', 'import_too_many_rows', 0]);
    });

    test('so many at once and no more, one for an Idempotency-Key', async () => {
      const open: string[] = [];
      const key = { 'idempotency-key': 'import-once' };
      for (let count = 0; count < 5; count += 1) open.push((await done(submit('customers', many(1, `限${count}`), count === 0 ? { headers: key } : {}))).body.id);
      const replayed = await submit('customers', many(1, '限0'), { headers: key });
      assert.deepEqual([replayed.status, replayed.body.id, replayed.headers['idempotency-replayed']], [201, open[0], 'true']);
      assertProblem(await submit('customers', many(2, '限0'), { headers: key }), 'idempotency_key_reused');
      assertProblem(await submit('customers', many(1, '多')), 'too_many_imports');
      for (const id of open) await work(id);
      assert.equal((await submit('customers', many(1, '又可以'))).status, 201);
    });
  });

  test('leave what stood in a file out of the log', async () => {
    await run('customers', '姓名,电话,邮箱,证件号\n保密,13255556666,hidden.person@a.example,330105198001015555\n坏行,x,hidden.other@a.example,\n');
    const everything = await inTenant((transaction) => transaction.query(statement<{ data: unknown }>('test.facts', 'SELECT data FROM fact'), []));
    for (const secret of ['13255556666', 'hidden.person@a.example', '330105198001015555', 'hidden.other@a.example']) assert.ok(!JSON.stringify(everything).includes(secret), secret);
  });

  test('take files that were sent before, and forget all files after a month', async () => {
    const sent = (await done(upload(program, 'administrator', { name: '客户.csv', type: 'text/csv', content: '姓名\n先传一\n先传二\n先传三\n' }))).body.id;
    const { id } = (await done(call('POST', '/imports', { kind: 'customers', fileId: sent }))).body;
    await work(id);
    assert.deepEqual(counts(await get(`/imports/${id}`)), [3, 0, 0, 0]);
    const other = (await done(upload(program, 'agent', { name: '客户.csv', type: 'text/csv', content: '姓名\n别人的\n' }))).body.id;
    assertProblem(await call('POST', '/imports', { kind: 'customers', fileId: other }), 'unknown_reference');
    const bad = await run('customers', '姓名,电话\n坏,1\n');
    assert.ok(bad.resultUrl);
    clock.advance({ days: 31 });
    assert.ok(await forgetImports(program.services, new Date(clock.now().getTime() - 30 * 86_400_000)) > 3);
    const left = await inTenant((transaction) => transaction.query(statement<{ count: number }>('test.left', 'SELECT count(*)::int AS count FROM import_issue'), []));
    assert.equal(left[0]!.count, 0);
    const kept = await inTenant((transaction) => transaction.run(build.selectFrom('import_job').select(['source_key', 'rows_key', 'failed']).where('id', '=', bad.id)));
    assert.deepEqual(kept, [{ source_key: null, rows_key: null, failed: 1 }]);
  });
});
