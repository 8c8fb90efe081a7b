import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { sql } from 'kysely';
import { refillWords } from '../../server/reactions/search/refill-words.ts';
import { openTestProgram, type Answer, type Person, type TestProgram } from '../support/program.ts';
import { act, assertProblem, done, newTicket } from './scene.ts';

interface Line { id: string; number: string; subject: string; createdAt: string; highlights: { property: string; text: string; ranges: [number, number][]; commentId?: string }[] }

describe('search', () => {
  let program: TestProgram;
  const ids: Record<string, string> = {};
  const numbers: Record<string, string> = {};

  before(async () => {
    program = await openTestProgram();
    const make = async (name: string, more: Record<string, unknown>, as: Person = 'agent') => {
      const ticket = await newTicket(program, more, as);
      ids[name] = ticket.id;
      numbers[name] = ticket.number;
    };
    await make('pipe', { subject: '厨房水管爆裂', description: '三号楼 地下室的总阀关不上，<b onclick="x()">水漫</b>到了走廊', requester: { name: '司马光年', phone: '13800138000' }, location: { address: '梧桐苑12-201' }, tags: ['急'] });
    await make('valve', { subject: '总阀关不上', description: '水管没有问题', requester: { name: '李雷', phone: '13911112222' } });
    await make('english', { subject: 'No hot water', description: 'The boiler KFR-35GW shows E1. There is no hot water since Monday.' });
    await make('aside', { subject: '例行巡检', description: '一切正常' });
    await make('named', { subject: '上门回访', requester: { name: '水管家公司', phone: '13700001234' } });
    await done(program.call('POST', `/tickets/${ids['aside']}/comments`, { as: 'agent', body: { body: '顺便看了水管，接头有锈，No  HOT water here', visibility: 'internal' } }));
    await act(program, ids['valve']!, 'resolve', { resolution: '更换球阀密封圈' });
    await make('hidden', { subject: '水管问题（别人的）' }, 'administrator');
    await program.catchUp();
  });
  after(() => program.close());

  const find = async (q: string, { as = 'administrator' as Person, more = '' } = {}): Promise<Line[]> => (await done(program.call('GET', `/tickets?q=${encodeURIComponent(q)}${more}`, { as }))).body.items;
  const names = (lines: readonly Line[]) => lines.map((line) => Object.entries(ids).find(([, id]) => id === line.id)?.[0]);

  test('finds by number, its end, its count; by words, fragments, single characters; by phrases; by English words, in either case', async () => {
    const expected: [q: string, found: string[]][] = [
      [numbers['pipe']!, ['pipe']], [numbers['pipe']!.slice(4), ['pipe']], [String(Number(numbers['pipe']!.split('-')[1])), ['pipe']],
      ['爆裂', ['pipe']], ['裂', ['pipe']], ['总阀关不上', ['valve', 'pipe']], ['“No hot water”', ['english', 'aside']], ['"hot water since"', ['english']], ['"water hot"', []], ['kfr', ['english']], ['BOIL', ['english']],
      ['司马', ['pipe']], ['梧桐苑12-201', ['pipe']], ['水管 总阀', ['pipe', 'valve']], ['水管 电梯', []], ['“地下室的总阀”', ['pipe']], ['“地下室总阀”', []], ['没有这回事', []], ['🔥', []],
    ];
    for (const [q, found] of expected) assert.deepEqual(names(await find(q)).sort(), found.toSorted(), q);
  });

  test('finds by what solved it, also as a phrase, and shows where', async () => {
    for (const q of ['球阀密封', '“更换球阀”']) {
      const found = await find(q);
      assert.deepEqual(names(found), ['valve'], q);
      assert.deepEqual(found[0]!.highlights.map((one) => one.property), ['resolution'], q);
    }
  });

  test('finds a phone number by the whole of it and by its last four digits, and by nothing between', async () => {
    for (const q of ['13800138000', '8000', '138 0013 8000', '+86 138-0013-8000']) assert.ok(names(await find(q)).includes('pipe'), q);
    for (const q of ['1380', '138001', '0138', '13800138', '3800']) assert.ok(!names(await find(q)).includes('pipe'), q);
    const [line] = await find('13800138000');
    assert.ok(!JSON.stringify(line).includes('13800138000'), 'what is masked stays masked');
    assert.deepEqual(line!.highlights.find((one) => one.property === 'phone'), { property: 'phone', text: '138****8000', ranges: [[0, 11]] });
    assert.deepEqual((await find('8000'))[0]!.highlights.find((one) => one.property === 'phone')!.ranges, [[7, 11]]);
  });

  test('shows the best match first: in the subject, as a name, said somewhere; and of equal ones the newest', async () => {
    const found = names(await find('水管'));
    assert.deepEqual(found.slice(0, 3).sort(), ['hidden', 'named', 'pipe']);
    assert.deepEqual(found.slice(3).sort(), ['aside', 'valve']);
    assert.deepEqual(names(await find('水管', { more: '&sort=createdAt' })), ['pipe', 'valve', 'aside', 'named', 'hidden']);
    assert.deepEqual(names(await find('水管', { more: '&sort=-createdAt' })), ['hidden', 'named', 'aside', 'valve', 'pipe']);
    for (const sort of ['-updatedAt', 'updatedAt', 'priority']) assert.equal((await find('水管', { more: `&sort=${sort}` })).length, 5, sort);
    assert.deepEqual(names(await find('水管', { more: '&sort=-resolvedAt' })), ['valve']);
  });

  test('marks where it was found, in plain text, in the conversation too', async () => {
    const byName = new Map((await find('水管')).map((line) => [names([line])[0], line]));
    assert.deepEqual(byName.get('pipe')!.highlights[0], { property: 'subject', text: '厨房水管爆裂', ranges: [[2, 4]] });
    const said = byName.get('aside')!.highlights;
    assert.deepEqual(said.map((one) => [one.property, one.ranges]), [['comment', [[4, 6]]]]);
    assert.match(said[0]!.commentId!, /^[0-9a-f-]{36}$/);
    const [markup] = await find('水漫');
    const description = markup!.highlights.find((one) => one.property === 'description')!;
    assert.ok(description.text.includes('<b onclick="x()">'), 'as it was written: whoever shows it makes it safe');
    assert.equal(description.text.slice(...description.ranges[0]!), '水漫');
    const [number] = await find(String(Number(numbers['pipe']!.split('-')[1])));
    const marked = number!.highlights.find((one) => one.property === 'number')!;
    assert.equal(Number(marked.text.slice(...marked.ranges[0]!)), Number(numbers['pipe']!.split('-')[1]));
  });

  test('keeps to what may be seen, and to what it is narrowed by', async () => {
    assert.deepEqual(await find('水管', { as: 'technician' }), []);
    await act(program, ids['pipe']!, 'assign', { assignee: program.organization.staff.technician });
    assert.deepEqual(names(await find('水管', { as: 'technician' })), ['pipe']);
    assert.deepEqual(names(await find('水管', { more: '&tag=急' })), ['pipe']);
    assert.deepEqual(names(await find('水管', { more: '&status=resolved' })), ['valve']);
    assert.deepEqual(names(await find('水管', { more: '&assignee=none&status=new,open,waiting' })).sort(), ['aside', 'hidden', 'named']);
    const searched = (await done(program.call('POST', '/tickets/search', { as: 'agent', body: { q: '水管', filter: { property: 'tag', operator: 'contains', value: '急' }, columns: ['number'] } }))).body.items;
    assert.deepEqual(names(searched), ['pipe']);
    assertProblem(await program.call('POST', '/tickets/search', { as: 'stranger', body: { q: '水管' } }), 'forbidden');
  });

  test('pages without leaving anything out or showing it twice, ranked or in order of time, however many there are', async () => {
    const { tenantId, typeId } = program.organization;
    // More than are ranked against one another, over a year.
    await program.database.transact(tenantId, async (transaction) => {
      await transaction.run(sql`INSERT INTO ticket (tenant_id, id, number, type_id, subject, description, status, priority, priority_explanation, channel, created_by_kind, created_at, updated_at)
        SELECT ${tenantId}, gen_random_uuid(), 'M-' || n, ${typeId}, CASE WHEN n % 11 = 0 THEN '屋顶漏雨' ELSE '其他' END, '屋顶', CASE WHEN n % 3 = 0 THEN 'open' ELSE 'closed' END, 1 + n % 4, '{}', 'api', 'system', date_trunc('milliseconds', now()) - make_interval(hours => n * 20), now() FROM generate_series(1, 430) n`);
      await transaction.run(sql`INSERT INTO ticket_search (tenant_id, ticket_id, created_at, words)
        SELECT tenant_id, id, created_at, array_to_tsvector(ARRAY['屋', '顶', '屋顶', '~' || replace(tenant_id::text, '-', ''), '~' || replace(tenant_id::text, '-', '') || '/' || floor(extract(epoch FROM created_at) / 2764800)::int]) FROM ticket WHERE tenant_id = ${tenantId} AND description = '屋顶'`);
    });
    const walk = async (more: string, limit: number): Promise<Line[]> => {
      const found: Line[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const page: Answer = await done(program.call('GET', `/tickets?q=屋顶${more}&limit=${limit}${cursor ? `&cursor=${cursor}` : ''}`, { as: 'administrator' }));
        assert.ok(page.body.items.length > 0 || page.body.nextCursor === null);
        found.push(...page.body.items);
        cursor = page.body.nextCursor;
      }
      return found;
    };
    const expected = await program.database.transact(tenantId, (transaction) => transaction.run(sql<{ id: string; status: string }>`SELECT id, status FROM ticket WHERE description = '屋顶' ORDER BY created_at DESC, id DESC`));
    for (const sort of ['relevance', '-createdAt', 'createdAt', '-updatedAt', 'updatedAt', 'priority']) {
      for (const [more, some] of [['', expected], ['&status=open', expected.filter((row) => row.status === 'open')]] as const) {
        for (const limit of sort === 'relevance' && more === '' ? [7, 60] : [100]) {
          const found = (await walk(`&sort=${sort}${more}`, limit)).map((line) => line.id);
          assert.equal(new Set(found).size, found.length, `${sort} none twice`);
          assert.deepEqual(found.toSorted(), some.map((row) => row.id).sort(), `${sort}${more} by ${limit}`);
          if (sort === '-createdAt') assert.deepEqual(found, some.map((row) => row.id));
        }
      }
    }
    const ranked = await walk('', 50);
    assert.deepEqual(ranked.slice(0, 9).map((line) => line.subject), Array(9).fill('屋顶漏雨'), 'of those that were weighed, the subjects come first');
    assertProblem(await program.call('GET', '/tickets?q=屋顶&cursor=abc', { as: 'administrator' }), 'invalid_cursor');
  });

  test('finds customers, accounts, assets and people beside tickets, each for who may see them', async () => {
    const of = await program.foundAnother('everything');
    const post = async (path: string, body: object) => (await done(program.call('POST', path, { as: 'administrator', of, body }))).body;
    const account = await post('/accounts', { name: '云栖物业' });
    const customer = await post('/customers', { name: '云栖大爷', phone: '13900001234' });
    const asset = await post('/assets', { code: 'YQ-1', name: '云栖电梯' });
    const person = await post('/staff', { name: '云栖', job: 'agent', email: 'yunqi@x.example' });
    for (let count = 0; count < 7; count += 1) await post('/tickets', { subject: `云栖报修 ${count}` });
    await program.catchUp();
    const find = async (q: string, as: 'administrator' | 'technician' | 'stranger' = 'administrator') => (await done(program.call('GET', `/search?q=${encodeURIComponent(q)}`, { as, of }))).body;
    const found = await find('云栖');
    assert.deepEqual([found.tickets.count, found.tickets.more, found.tickets.items.length], [7, false, 5]);
    assert.ok(found.tickets.items[0].highlights.length > 0);
    assert.deepEqual(['customers', 'accounts', 'assets', 'staff'].map((kind) => [found[kind].count, found[kind].items.map((item: { id: string }) => item.id)]), [[1, [customer.id]], [1, [account.id]], [1, [asset.id]], [1, [person.id]]]);
    assert.deepEqual((await find('13900001234')).customers.items.map((item: { id: string }) => item.id), [customer.id], 'by the number as well');
    const stranger = await find('云栖', 'stranger');
    assert.deepEqual(stranger, { tickets: null, customers: null, accounts: null, assets: null, staff: null });
    assert.deepEqual((await find('云栖', 'technician')).tickets, { count: 0, more: false, items: [] });
    assertProblem(await program.call('GET', '/search?q=%20', { as: 'administrator', of }), 'invalid_input');
  });

  test('finds what was said beside a ticket, for whoever reads the ticket and for nobody else', async () => {
    const of = await program.foundAnother('beside');
    const ticket = (await done(program.call('POST', '/tickets', { as: 'agent', of, body: { subject: '抄表', team: of.otherTeamId } }))).body;
    const side = (await done(program.call('POST', `/tickets/${ticket.id}/side-conversations`, { as: 'agent', of, body: { subject: '请查表具', body: '是不是装反了', team: of.teamId } }))).body;
    await done(program.call('POST', `/side-conversations/${side.id}/messages`, { as: 'technician', of, body: { body: '叶轮卡滞，已经更换' } }));
    await program.catchUp();
    const find = async (q: string, as: 'agent' | 'technician' = 'agent') => (await done(program.call('GET', `/tickets?q=${encodeURIComponent(q)}`, { as, of }))).body.items as { id: string; highlights: { property: string; text: string; commentId?: string }[] }[];
    for (const q of ['叶轮卡滞', '查表具', '“叶轮卡滞”', '装反']) assert.deepEqual((await find(q)).map((line) => line.id), [ticket.id], q);
    const [mark] = (await find('叶轮卡滞'))[0]!.highlights;
    assert.deepEqual([mark!.property, mark!.text.includes('叶轮卡滞'), mark!.commentId], ['sideConversation', true, undefined]);
    assert.deepEqual(await find('叶轮卡滞', 'technician'), [], 'who takes part in the conversation only does not read the ticket');
  });

  test('writes the words of old tickets anew, and goes on where it was stopped', async () => {
    const of = await program.foundAnother('refilled');
    const ticket = (await done(program.call('POST', '/tickets', { as: 'agent', of, body: { subject: '换灯' } }))).body;
    await done(program.call('POST', `/tickets/${ticket.id}/actions/resolve`, { as: 'administrator', of, body: { resolution: '换了镇流器' } }));
    await program.catchUp();
    const find = async () => ((await done(program.call('GET', `/tickets?q=${encodeURIComponent('镇流器')}`, { as: 'agent', of }))).body.items as unknown[]).length;
    const own = <Row>(text: string) => program.database.transact(of.tenantId, (transaction) => transaction.query<Row>({ name: '', text }, []));
    await own("UPDATE ticket_search SET words = ''::tsvector");
    await refillWords(program.services);
    assert.equal(await find(), 0, 'where nothing is to be done, nothing is');
    // It had come to the newest ticket when it was stopped.
    await own("INSERT INTO search_refill SELECT tenant_id, created_at, id FROM ticket");
    await refillWords(program.services);
    assert.deepEqual([await find(), (await own('SELECT FROM search_refill')).length], [0, 0]);
    await own("INSERT INTO search_refill SELECT tenant_id, 'infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff' FROM organization WHERE tenant_id = current_setting('app.tenant')::uuid");
    await refillWords(program.services);
    assert.deepEqual([await find(), (await own('SELECT FROM search_refill')).length], [1, 0]);
  });

  test('understands whatever is typed', async () => {
    await fc.assert(fc.asyncProperty(fc.oneof(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.string({ unit: fc.constantFrom(...'"“”「」\'\\&|!():*<>- 水管ab12'), maxLength: 60 })), async (typed) => {
      const q = typed.toWellFormed().replaceAll('\0', '');
      const answer = await program.call('POST', '/tickets/search', { as: 'administrator', body: { q } });
      assert.equal(answer.status, 200, `${JSON.stringify(q)} ${answer.text.slice(0, 300)}`);
    }), { numRuns: 120, seed: 20261122 });
  });
});
