import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { newId } from '../../server/platform/db/uuid.ts';
import { openTestProgram, type Answer, type TestProgram } from '../support/program.ts';
import { assertProblem, done, newTicket, upload, writesNothing } from './scene.ts';

describe('categories', () => {
  let program: TestProgram;
  before(async () => {
    program = await openTestProgram();
  });
  after(() => program.close());

  const as = 'administrator';
  const make = async (name: string, parentId?: string, more: Record<string, unknown> = {}) => (await done(program.call('POST', '/categories', { as, body: { name, ...(parentId ? { parentId } : {}), ...more } }))).body;
  const patch = (category: { id: string; version: number }, body: Record<string, unknown>): Promise<Answer> =>
    program.call('PATCH', `/categories/${category.id}`, { as, body, headers: { 'if-match': `"${category.version}"` } });
  const show = async (id: string) => (await done(program.call('GET', `/categories/${id}`, { as }))).body;
  const all = async (query = 'limit=200') => {
    const items: { id: string; path: string[]; parentId: string | null; position: number; active: boolean; level: number }[] = [];
    for (let cursor = ''; ;) {
      const page = (await done(program.call('GET', `/categories?${query}${cursor}`, { as }))).body;
      items.push(...page.items);
      if (page.nextCursor === null) return items;
      cursor = `&cursor=${page.nextCursor}`;
    }
  };
  const facts = async (kind: string) => (await done(program.call('GET', `/audit?kind=${kind}&limit=200`, { as }))).body.items;
  const load = (text: string, more: Record<string, unknown> = {}) => program.call('POST', '/categories/import', { as, body: { text, ...more } });

  test('a category is renamed, moved with what lies below it, ordered and given a team, each with its fact', async () => {
    const [a, b] = [await make('甲'), await make('乙')];
    const below = await make('子', a.id);
    const leaf = await make('孙', below.id);
    const renamed = (await done(patch(below, { name: '子类', nameEn: 'Child', teamId: program.organization.teamId }))).body;
    assert.deepEqual([renamed.name, renamed.nameEn, renamed.team?.name, renamed.version], ['子类', 'Child', '水电班', 2]);
    const fact = (await facts('category.changed'))[0];
    assert.deepEqual([fact.subjectId, fact.data.before.name, fact.data.after.name, fact.data.after.team.name], [below.id, '子', '子类', '水电班']);

    const moved = (await done(patch(renamed, { parentId: b.id }))).body;
    assert.deepEqual([moved.path, moved.level], [['乙', 'Child'], 2]);
    assert.deepEqual((await show(leaf.id)).path, ['乙', 'Child', '孙']);
    const top = (await done(patch(moved, { parentId: null }))).body;
    assert.deepEqual([top.level, (await show(leaf.id)).level], [1, 2]);
    // The leaf could now have a level below it, and no more.
    const deeper = await make('第三级', leaf.id);
    assertProblem(await patch(top, { parentId: b.id }).then(async (answer) => {
      // Two levels below fit under the second, three do not.
      assert.equal(answer.status, 422);
      return answer;
    }), 'invalid_input');
    assert.deepEqual((await show(deeper.id)).level, 3);

    const siblings = (await all()).filter((category) => category.parentId === null).map((category) => category.id);
    await done(patch(await show(top.id), { position: 0 }));
    assert.deepEqual((await all()).filter((category) => category.parentId === null).map((category) => category.id), [top.id, ...siblings.filter((id) => id !== top.id)]);
    await done(patch(await show(top.id), { position: 99_999 }));
    assert.equal((await all()).filter((category) => category.parentId === null).at(-1)!.id, top.id);
  });

  test('nothing is moved below itself, below the third level, onto a name that is taken, or below what is not there', async () => {
    const a = await make('循环甲');
    const b = await make('循环乙', a.id);
    const c = await make('循环丙', b.id);
    const other = await make('循环丁');
    await make('循环乙', other.id);
    const refused: [Record<string, unknown>, { id: string; version: number }, string, string][] = [
      [{ parentId: a.id }, a, 'invalid_input', '/parentId'], [{ parentId: c.id }, a, 'invalid_input', '/parentId'], [{ parentId: b.id }, other, 'invalid_input', '/parentId'],
      [{ parentId: other.id }, b, 'name_taken', '/parentId'], [{ name: '循环丁' }, a, 'name_taken', '/name'], [{ parentId: newId() }, b, 'unknown_reference', '/parentId'],
      [{ teamId: newId() }, b, 'unknown_reference', '/teamId'], [{ position: -1 }, b, 'invalid_input', '/position'], [{ name: '  ' }, b, 'invalid_input', '/name'], [{ level: 1 }, b, 'invalid_input', '/level'],
    ];
    await writesNothing(program, async () => {
      for (const [body, category, code, path] of refused) {
        const answer = await patch(category, body);
        assertProblem(answer, code as 'invalid_input', JSON.stringify(body));
        assert.equal(answer.body.errors[0].path, path, JSON.stringify(body));
      }
      assertProblem(await patch({ id: a.id, version: 9 }, { name: 'x' }), 'stale_version');
      assertProblem(await program.call('PATCH', `/categories/${a.id}`, { as, body: { name: 'x' } }), 'version_required');
      assertProblem(await patch(a, {}), 'nothing_to_change');
      assertProblem(await patch({ id: newId(), version: 1 }, { name: 'x' }), 'not_found');
      // Saving what is there already leaves no trace.
      assert.equal((await done(patch(a, { name: '循环甲' }))).body.version, 1);
    }, { except: ['organization'] });
  });

  test('an archived category stays on its tickets, is taken by nothing new and takes its branch along', async () => {
    const a = await make('旧类');
    const b = await make('旧子类', a.id);
    const ticket = await newTicket(program, { category: b.id });
    const archived = (await done(patch(a, { active: false }))).body;
    assert.equal(archived.active, false);
    assert.equal((await facts('category.archived'))[0].subjectId, a.id);
    assert.deepEqual((await done(program.call('GET', `/tickets/${ticket.id}`, { as }))).body.category.path, ['旧类', '旧子类']);
    for (const category of [a.id, b.id, ['旧类', '旧子类']]) assertProblem(await program.call('POST', '/tickets', { as, body: { subject: 'x', category } }), 'reference_inactive');
    const version = (await done(program.call('GET', `/tickets/${ticket.id}`, { as }))).body.version;
    await done(program.call('PATCH', `/tickets/${ticket.id}`, { as, body: { category: b.id, subject: '还是旧类' }, headers: { 'if-match': `"${version}"` } }));
    const listed = (await all()).map((category) => category.id);
    assert.ok(!listed.includes(a.id) && !listed.includes(b.id));
    const everything = await all('limit=3&archived=true');
    assert.ok(everything.some((category) => category.id === a.id && !category.active) && everything.some((category) => category.id === b.id));
    assertProblem(await program.call('POST', '/categories', { as, body: { name: 'x', parentId: b.id } }), 'reference_inactive');
    assertProblem(await patch(await show(b.id), { parentId: a.id, position: 1, nameEn: 'Old' }).then((answer) => {
      assert.equal(answer.status, 200, 'what lies below may be renamed');
      return program.call('POST', '/categories', { as, body: { name: 'y', parentId: a.id } });
    }), 'reference_inactive');
    await done(patch(await show(a.id), { active: true }));
    await newTicket(program, { category: ['旧类', '旧子类'] });
  });

  test('customers choose among those below one of the first level that are in use', async () => {
    const top = await make('门窗');
    const [frames, locks] = [await make('窗框', top.id, { nameEn: 'Frames' }), await make('门锁', top.id)];
    const handle = await make('把手松动', frames.id);
    const { version } = await show(locks.id);
    await done(patch({ id: locks.id, version }, { active: false }));
    const home = (await done(program.call('GET', '/portal/first'))).body;
    assert.deepEqual(home.categories.filter((one: { id: string }) => [top.id, program.organization.categoryId].includes(one.id)).map((one: { name: string; deeper: boolean }) => [one.name, one.deeper]), [['水电', false], ['门窗', true]]);
    const { body } = await done(program.call('GET', `/portal/first/categories/${top.id}`));
    assert.deepEqual(body, { items: [{ id: frames.id, name: '窗框', nameEn: 'Frames', items: [{ id: handle.id, name: '把手松动', nameEn: null }] }] });
    assert.deepEqual((await done(program.call('GET', `/portal/first/categories/${program.organization.categoryId}`))).body, { items: [] });
    for (const id of [frames.id, newId()]) assertProblem(await program.call('GET', `/portal/first/categories/${id}`), 'not_found');
    await done(patch(await show(top.id), { active: false }));
    assertProblem(await program.call('GET', `/portal/first/categories/${top.id}`), 'not_found');
  });

  test('a file of categories is imported row by row, and sent again it changes nothing', async () => {
    const text = '{"l1": "城乡建设", "l2": "安全生产", "l3": "事故处理"}\n{"l1": "城乡建设", "l2": "安全生产", "l3": "安全隐患"}\n\n{"l1":"城乡建设","l2":"供水"}\r\n{"l1": "城乡建设", "l2": "安全生产", "l3": "事故处理"}\n';
    const dry = (await done(load(text, { dryRun: true }))).body;
    assert.deepEqual([dry.dryRun, dry.rows, dry.made, dry.categoriesMade, dry.results[0].categoryId], [true, 4, 3, 5, null]);
    assert.ok(!(await all()).some((category) => category.path[0] === '城乡建设'), 'a dry run writes nothing');
    const first = (await done(load(text))).body;
    assert.deepEqual([first.rows, first.made, first.present, first.refused, first.categoriesMade], [4, 3, 1, 0, 5]);
    assert.deepEqual(first.results.map((result: { row: number; outcome: string }) => [result.row, result.outcome]), [[1, 'made'], [2, 'made'], [4, 'made'], [5, 'present']]);
    assert.equal(first.results[3].categoryId, first.results[0].categoryId);
    assert.deepEqual((await all()).filter((category) => category.path[0] === '城乡建设').map((category) => category.path.join('/')),
      ['城乡建设', '城乡建设/安全生产', '城乡建设/供水', '城乡建设/安全生产/事故处理', '城乡建设/安全生产/安全隐患']);
    assert.deepEqual((await facts('categories.imported'))[0].data, { rows: 4, made: 3, present: 1, refused: 0, categoriesMade: 5 });
    assert.equal((await facts('category.created')).filter((fact: { data: { imported?: true } }) => fact.data.imported).length, 5);
    const version = await program.call('GET', '/organization', { as });
    const key = { 'idempotency-key': 'categories-1' };
    const once = await done(program.call('POST', '/categories/import', { as, body: { text }, headers: key }));
    const repeated = await done(program.call('POST', '/categories/import', { as, body: { text }, headers: key }));
    assert.deepEqual([repeated.body, repeated.headers['idempotency-replayed'], once.headers['idempotency-replayed']], [once.body, 'true', undefined]);
    assertProblem(await program.call('POST', '/categories/import', { as, body: { text: '别的' }, headers: key }), 'idempotency_key_reused');
    const again = (await done(load(text))).body;
    assert.deepEqual([again.made, again.present, again.categoriesMade], [0, 4, 0]);
    assert.deepEqual((await program.call('GET', '/organization', { as })).body, version.body);
    assert.deepEqual((await newTicket(program, { category: '城乡建设/安全生产/安全隐患' })).category.path, ['城乡建设', '安全生产', '安全隐患'], 'tickets can take them at once');
  });

  test('good rows go in and bad rows are told with row, column and reason', async () => {
    const csv = [
      '一级分类,二级分类,三级分类,班组', '教育文体,教育收费,,', '教育文体,,校车,', ',空的,,', `教育文体,${'长'.repeat(101)},,`, '教育文体,招生,小学,水电班', '教育文体,招生,中学,没有这个班', ',,,', '"教育, 体育","多行\n名称",x,', '教育文体,招生,小学,',
    ].join('\r\n');
    const answer = (await done(load(csv))).body;
    assert.deepEqual(answer.results.map((result: { row: number; outcome: string; column: string | null; code: string | null }) => [result.row, result.outcome, result.column, result.code]), [
      [2, 'made', null, null], [3, 'refused', '二级分类', 'required'], [4, 'refused', '一级分类', 'required'], [5, 'refused', '二级分类', 'maxLength'], [6, 'made', null, null],
      [7, 'refused', '班组', 'unknown_reference'], [8, 'refused', '一级分类', 'required'], [9, 'made', null, null], [11, 'present', null, null],
    ]);
    assert.ok(answer.results.every((result: { message: string | null; outcome: string }) => (result.outcome === 'refused') === (result.message !== null)));
    const made = await all();
    assert.ok(made.some((category) => category.path.join('|') === '教育, 体育|多行\n名称|x'));
    assert.equal((await show(answer.results[4].categoryId)).team.name, '水电班');
    const chinese = (await done(program.call('POST', '/categories/import', { as, body: { text: csv }, headers: { 'accept-language': 'zh-CN' } }))).body;
    assert.equal(chinese.results[1].message, '第 2 级不能空着');
  });

  test('files of other shapes are understood: lists, paths, other column names, no heading, tabs, a mark in front', async () => {
    const shapes: [text: string, more: Record<string, unknown>, path: string[]][] = [
      ['["形状一","子","孙"]', {}, ['形状一', '子', '孙']],
      ['[{"level1":"形状二","level2":"子"},{"level1":"形状二","level2":"又一个"}]', {}, ['形状二', '子']],
      ['{"path":"形状三/子/孙"}', {}, ['形状三', '子', '孙']], ['{"path":["形状四","带/斜线"]}', {}, ['形状四', '带/斜线']], ['{"category":"形状五 > 子"}', {}, ['形状五', '子']],
      ['{"部门":"形状六","领域":"子","现象":"孙"}', {}, ['形状六', '子', '孙']], ['形状七,子,孙', {}, ['形状七', '子', '孙']], ['\uFEFFL1\tL2\tL3\n形状八\t子\t孙', {}, ['形状八', '子', '孙']],
      ['编号;大类;中类;小类\n1;形状九;子;孙', {}, ['形状九', '子', '孙']], ['代码,名称,上级\nx,子,形状十', { columns: { level1: '上级', level2: '名称' } }, ['形状十', '子']],
      ['{"Level 1":"形状十一","Level_2":"子","Level-3":null}', {}, ['形状十一', '子']], ['{"l1":"形状十二","l2":3}', { format: 'jsonl' }, ['形状十二', '3']],
    ];
    for (const [text, more, path] of shapes) {
      const answer = (await done(load(text, more))).body;
      assert.equal(answer.refused, 0, `${text} ${JSON.stringify(answer.results)}`);
      assert.deepEqual(answer.results[0].path, path, text);
    }
    const bad = (await done(load('{"l1":"坏一","l2":"a","l3":"b","l4":"c"}\nnot json\n{"l1":{"x":1}}\n"text"\n{"l1":"坏二"}', { format: 'jsonl' }))).body;
    assert.deepEqual(bad.results.map((result: { outcome: string; column: string | null; code: string | null }) => [result.outcome, result.column, result.code]),
      [['refused', 'l4', 'maximum'], ['refused', null, 'type'], ['refused', 'l1', 'type'], ['refused', null, 'type'], ['made', null, null]]);
  });

  test('a file comes as a form too, in the encodings spreadsheets save; what is no text or too much is refused', async () => {
    const path = '/api/v1/categories/import';
    // 表单,导入 in GB 18030.
    const gbk = await upload(program, as, { name: 'a.csv', type: 'text/csv', content: Buffer.from('b1edb5a52cb5bcc8eb', 'hex') }, { path });
    assert.deepEqual(gbk.body.results[0].path, ['表单', '导入']);
    const utf16 = await upload(program, as, { name: 'a.csv', content: Buffer.from('\uFEFF宽字符,导入', 'utf16le'), fields: { format: 'csv', dryRun: 'true' } }, { path });
    assert.deepEqual([utf16.body.dryRun, utf16.body.results[0].path], [true, ['宽字符', '导入']]);
    const mapped = await upload(program, as, { name: 'a.csv', content: 'x,y\n映射,b', fields: { columns: '{"level1":"x"}' } }, { path });
    assert.deepEqual(mapped.body.results[0].path, ['映射']);
    await writesNothing(program, async () => {
      assertProblem(await upload(program, as, { content: Buffer.from([0, 1, 2, 0, 255]) }, { path }), 'invalid_input');
      assertProblem(await upload(program, as, { content: 'x', fields: { columns: '{' } }, { path }), 'invalid_input');
      assertProblem(await upload(program, as, { content: 'a,b\n1,2', fields: { columns: '{"level1":"c"}' } }, { path }), 'invalid_input');
      assertProblem(await load('a,b,c,d\n1,2,3,4'), 'invalid_input', 'four columns nobody can tell apart');
      assertProblem(await load('\n\n'), 'invalid_input');
      assertProblem(await load('"a'), 'invalid_input');
      assertProblem(await load('x', { format: 'xlsx' }), 'invalid_input');
      const many = await load(Array.from({ length: 5_001 }, (_, index) => `太多,${index}`).join('\n'));
      assertProblem(many, 'import_too_large');
      assert.match(many.body.title, /5001|5,001/);
      assertProblem(await program.call('POST', '/categories/import', { as: 'agent', body: { text: 'x' } }), 'forbidden');
    });
  });

  test('5,000 rows at once', { timeout: 60_000 }, async () => {
    const text = Array.from({ length: 5_000 }, (_, index) => `批量${index % 10},${Math.floor(index / 10) % 50},${index}`).join('\n');
    const answer = (await done(load(text))).body;
    assert.deepEqual([answer.made, answer.refused, answer.categoriesMade], [5_000, 0, 10 + 500 + 5_000]);
    assert.deepEqual((await done(load(text))).body.present, 5_000);
  });

  test('the real tree of 517 paths goes in once', async (t) => {
    const file = process.env['CATEGORY_TREE'] ?? '';
    if (!existsSync(file)) return t.skip('CATEGORY_TREE names no file');
    const answer = (await done(load(readFileSync(file, 'utf8')))).body;
    assert.deepEqual([answer.rows, answer.made + answer.present, answer.refused], [517, 517, 0]);
    assert.equal((await done(load(readFileSync(file, 'utf8')))).body.present, 517);
  });
});
