import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { build } from '../../server/platform/db/database.ts';
import { newId } from '../../server/platform/db/uuid.ts';
import { advance, registerReader } from '../../server/platform/facts/readers.ts';
import { indexRecords } from '../../server/reactions/search/index-records.ts';
import { keepCustomerMessages } from '../../server/reactions/search/keep-customer-messages.ts';
import { openTestProgram, testClock, type Answer, type TestProgram } from '../support/program.ts';
import { assertProblem, contentOf, done, newSession, newTicket, writesNothing } from './scene.ts';

const clock = testClock();

interface Shown {
  kind: string;
  change: { kind: string } | null;
  note: { body: string } | null;
  message: { body: string } | null;
  ticket: { subject: string } | null;
}
let last = 0;
const nextPhone = () => `138${String((last += 1)).padStart(8, '0')}`;

describe('customers', () => {
  let program: TestProgram;
  before(async () => {
    program = await openTestProgram({ clock });
    for (const reader of [indexRecords, keepCustomerMessages]) await registerReader(program.database, reader.name);
  });
  after(() => program.close());

  const call = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown, as: Parameters<TestProgram['call']>[2] = {}): Promise<Answer> => program.call(method, path, { as: 'administrator', ...(body === undefined ? {} : { body }), ...as });
  const get = async (path: string, as: Parameters<TestProgram['call']>[2] = {}) => (await done(call('GET', path, undefined, as))).body;
  const make = async (body: Record<string, unknown>) => (await done(call('POST', '/customers', body))).body;
  const patch = async (id: string, body: Record<string, unknown>, version?: number) => call('PATCH', `/customers/${id}`, body, { headers: { 'if-match': `"${version ?? (await get(`/customers/${id}`)).version}"` } });
  const namesOf = async (query: string, as: Parameters<TestProgram['call']>[2] = {}) => (await get(`/customers?${query}`, as)).items.map((one: { name: string }) => one.name);
  const index = async () => {
    for (const reader of [indexRecords, keepCustomerMessages]) while (await advance(program.database, reader) > 0);
  };
  const facts = (subject: string) => program.database.transact(program.organization.tenantId, (transaction) => transaction.run(build.selectFrom('fact').select(['kind', 'data', 'actor_id']).where('tenant_id', '=', program.organization.tenantId).where('subject_id', '=', subject).orderBy('position')));

  describe('profiles', () => {
    test('hold a tier of the list, an account, tags, a language, an ID number, an id of elsewhere', async () => {
      const account = (await done(call('POST', '/accounts', { name: '江畔集团' }))).body;
      const made = await make({ name: ' 王芳 ', phone: '+86 138-0013-8000', email: 'Wang@Example.com', tier: 'vip', address: '西畔花园3幢501室', accountId: account.id, accountRole: '行政', language: 'zh-CN', tags: ['老客户', ' 怕狗 '], idNumber: '33010519900101123x', externalId: 'CRM-1', lat: 30.2, lng: 120.1 });
      assert.equal(made.name, '王芳');
      assert.equal(made.tier, 'VIP', 'by its key, however it is written');
      assert.deepEqual([made.phone, made.email, made.idNumber], ['138****8000', 'w***@example.com', '330***********123X']);
      assert.deepEqual([made.account.name, made.accountRole, made.language, made.tags, made.externalId, made.location], ['江畔集团', '行政', 'zh-CN', ['老客户', '怕狗'], 'CRM-1', { lat: 30.2, lng: 120.1 }]);
      assert.deepEqual(made.contactPoints.map((point: { kind: string; verifiedAt: string | null }) => [point.kind, point.verifiedAt]), [['phone', null], ['email', null]]);
      const changed = (await done(patch(made.id, { tier: '重要客户', tags: [], address: null, idNumber: '330105199001011230' }))).body;
      assert.deepEqual([changed.tier, changed.tags, changed.address, changed.idNumber, changed.version], ['重要', [], null, '330***********1230', 2]);
      const [, fact] = await facts(made.id);
      assert.deepEqual(fact!.data, {
        name: '王芳', before: { tier: 'VIP', tags: ['老客户', '怕狗'], address: '西畔花园3幢501室', idNumber: '330***********123X' }, after: { tier: '重要', tags: [], address: null, idNumber: '330***********1230' },
      });
      await writesNothing(program, async () => {
        assert.equal((await done(patch(made.id, { tier: '重要', idNumber: ' 330105199001011230'.trim() }))).body.version, 2, 'saving what is there is no change');
        assertProblem(await patch(made.id, { name: '又改' }, 1), 'stale_version');
        assertProblem(await call('PATCH', `/customers/${made.id}`, { name: '又改' }), 'version_required');
        assertProblem(await patch(made.id, { tier: '钻石' }), 'unknown_reference');
        assertProblem(await patch(made.id, { accountId: newId() }), 'unknown_reference');
        assertProblem(await patch(made.id, { lat: null }), 'invalid_input');
        assertProblem(await call('POST', '/customers', { name: '别人', externalId: 'CRM-1' }), 'name_taken');
      });
      const stored = await contentTextOf('customer');
      assert.ok(!stored.includes('330105199001011230') && !stored.includes('33010519900101123X'), 'the ID number is sealed');
    });

    test('two who change the same version: one is told so', async () => {
      const made = await make({ name: '并发' });
      const answers = await Promise.all(['一', '二', '三', '四'].map((name) => patch(made.id, { name }, 1)));
      assert.deepEqual(answers.map((answer) => answer.status).sort(), [200, 412, 412, 412]);
    });

    test('are archived: lists leave them out, nothing new is theirs, tickets keep them', async () => {
      const made = await make({ name: '归档的人', phone: nextPhone() });
      const ticket = await newTicket(program, { requester: { customerId: made.id } });
      const archived = (await done(patch(made.id, { archived: true }))).body;
      assert.notEqual(archived.archivedAt, null);
      assert.deepEqual([await namesOf(`q=${encodeURIComponent('归档的人')}`), await namesOf(`archived=true&q=${encodeURIComponent('归档的人')}`)], [[], ['归档的人']]);
      assertProblem(await program.call('POST', '/tickets', { as: 'agent', body: { subject: 'x', requester: { customerId: made.id } } }), 'reference_inactive');
      assert.equal((await get(`/tickets/${ticket.id}`)).requester.customerId, made.id);
      assert.equal((await done(patch(made.id, { archived: false }))).body.archivedAt, null);
      assert.deepEqual((await facts(made.id)).map((fact) => fact.kind), ['customer.created', 'customer.archived', 'customer.restored']);
    });

    test('tiers are data', async () => {
      const made = (await done(call('POST', '/customer-tiers', { key: 'gold', name: '黄金', nameEn: 'Gold' }))).body;
      assertProblem(await call('POST', '/customer-tiers', { key: 'GOLD', name: '另一个' }), 'name_taken');
      const customer = await make({ name: '金客户', tier: '黄金' });
      assert.equal(customer.tier, 'gold');
      await done(call('PATCH', `/customer-tiers/${made.id}`, { active: false }, { headers: { 'if-match': '"1"' } }));
      assertProblem(await call('POST', '/customers', { name: '迟到', tier: 'gold' }), 'reference_inactive');
      assert.equal((await done(patch(customer.id, { address: '还是黄金', tier: 'gold' }))).body.tier, 'gold', 'who has it keeps it');
      assert.deepEqual((await get('/customer-tiers')).items.map((tier: { key: string; active: boolean }) => [tier.key, tier.active]), [['VIP', true], ['重要', true], ['普通', true], ['gold', false]]);
    });

    test('the organization says which tiers are important, and their requests press more', async () => {
      const platinum = (await done(call('POST', '/customer-tiers', { key: 'platinum', name: '铂金' }))).body;
      assert.equal(platinum.important, false);
      const customer = await make({ name: '铂金客户', tier: 'platinum' });
      const factors = async () => (await done(call('POST', '/tickets', { subject: '换门铃', requester: { customerId: customer.id } }))).body.priorityExplanation.factors;
      assert.deepEqual(await factors(), []);
      const changed = (await done(call('PATCH', `/customer-tiers/${platinum.id}`, { important: true }, { headers: { 'if-match': '"1"' } }))).body;
      assert.equal(changed.important, true);
      assert.deepEqual(await factors(), [{ factor: 'customer_tier', points: 15, detail: 'platinum' }]);
    });
  });

  describe('contact points', () => {
    test('are added, changed, verified and removed; one belongs to one customer only', async () => {
      const [first, second] = [await make({ name: '甲' }), await make({ name: '乙' })];
      const phone = nextPhone();
      const added = (await done(call('POST', `/customers/${first.id}/contact-points`, { kind: 'phone', value: ` ${phone} `, label: '手机' }))).body;
      assert.deepEqual([added.value, added.label, added.verifiedAt], [`138****${phone.slice(-4)}`, '手机', null]);
      const taken = await call('POST', `/customers/${second.id}/contact-points`, { kind: 'phone', value: `+86${phone}` });
      assertProblem(taken, 'name_taken');
      assert.deepEqual(taken.body.customer, { id: first.id, name: '甲' });
      for (const [kind, value] of [['wechat_openid', 'oAb3xyzXYZ12349k'], ['wecom_external_id', 'wmAbcdefgh0123456789'], ['email', 'JIA@Example.com']]) await done(call('POST', `/customers/${first.id}/contact-points`, { kind, value }));
      assert.deepEqual((await get(`/customers/${first.id}`)).contactPoints.map((one: { kind: string; value: string }) => [one.kind, one.value]), [['phone', `138****${phone.slice(-4)}`], ['email', 'j***@example.com'], ['wechat_openid', 'oAb3****9k'], ['wecom_external_id', 'wmAb****89']]);
      for (const [kind, value] of [['phone', 'call me'], ['phone', '--'], ['email', 'nobody'], ['email', 'a@b']]) assertProblem(await call('POST', `/customers/${first.id}/contact-points`, { kind, value }), 'invalid_input', `${kind} ${value}`);
      const verified = (await done(call('POST', `/customers/${first.id}/contact-points/${added.id}/verify`, { note: '回拨' }))).body;
      assert.notEqual(verified.verifiedAt, null);
      const { token } = await newSession(program, first.id, { customer: true });
      await done(program.call('GET', '/portal/first/tickets', { as: { token } }));
      const other = nextPhone();
      const changed = (await done(call('PATCH', `/customers/${first.id}/contact-points/${added.id}`, { value: other }, { headers: { 'if-match': '"2"' } }))).body;
      assert.deepEqual([changed.value, changed.verifiedAt], [`138****${other.slice(-4)}`, null], 'a changed one has to be proven anew');
      assertProblem(await program.call('GET', '/portal/first/tickets', { as: { token } }), 'session_expired', 'and what the old one opened is closed');
      await done(call('POST', `/customers/${second.id}/contact-points`, { kind: 'phone', value: phone }));
      await done(call('DELETE', `/customers/${first.id}/contact-points/${added.id}`));
      assertProblem(await call('DELETE', `/customers/${first.id}/contact-points/${added.id}`), 'not_found');
      assertProblem(await call('DELETE', `/customers/${second.id}/contact-points/${added.id}`), 'not_found');
      const log = JSON.stringify(await facts(first.id));
      for (const secret of [phone, other, 'oAb3xyzXYZ12349k', 'jia@example.com']) assert.ok(!log.includes(secret), `${secret} stands in the log`);
    });

    test('the same one added by many at once becomes one', { timeout: 60_000 }, async () => {
      const customers = await Promise.all(Array.from({ length: 8 }, (_, index) => make({ name: `抢号${index}` })));
      const phone = nextPhone();
      const answers = await Promise.all(customers.map((customer) => call('POST', `/customers/${customer.id}/contact-points`, { kind: 'phone', value: phone })));
      assert.equal(answers.filter((answer) => answer.status === 201).length, 1);
      for (const answer of answers) if (answer.status !== 201) assertProblem(answer, 'name_taken');
    });

    test('have a limit', async () => {
      const made = await make({ name: '联系方式很多' });
      for (let count = 0; count < 50; count += 1) await done(call('POST', `/customers/${made.id}/contact-points`, { kind: 'other', value: `id ${count}` }));
      assertProblem(await call('POST', `/customers/${made.id}/contact-points`, { kind: 'other', value: 'one more' }), 'too_many_contact_points');
    });
  });

  describe('are found', () => {
    test('by name, address, account, whole number, last four digits, whole e-mail', async () => {
      const account = (await done(call('POST', '/accounts', { name: '望江医院' }))).body;
      await make({ name: '欧阳明日', phone: '13911112222', email: 'sun@example.org', address: '望江门外12号', accountId: account.id });
      for (const q of ['欧阳', '明', '明日', '望江门', '门外 欧阳', '13911112222', '+86 139 1111 2222', '2222', 'SUN@example.org', '望江医院', '医院']) {
        assert.deepEqual(await namesOf(`q=${encodeURIComponent(q)}`), ['欧阳明日'], q);
      }
      for (const q of ['欧阳 月', '%', '_', '1391111222', 'sun@', '望江医院东区']) assert.ok(!(await namesOf(`q=${encodeURIComponent(q)}`, { as: 'manager' })).includes('欧阳明日'), q);
    });

    test('by any three digits only by those who may have every number revealed', async () => {
      await make({ name: '号码在中间', phone: '13977778888' });
      for (const q of ['9777', '977778', '139777788']) {
        assert.deepEqual(await namesOf(`q=${q}`), ['号码在中间'], q);
        assert.deepEqual(await namesOf(`q=${q}`, { as: 'manager' }), [], `${q}: a manager reveals in the department only`);
      }
    });

    test('newest first, page by page, each once, by tier and tag and account', async () => {
      const account = (await done(call('POST', '/accounts', { name: '分页单位' }))).body;
      for (let count = 0; count < 23; count += 1) {
        clock.advance({ seconds: count % 3 });
        await make({ name: `分页客户${count}`, accountId: account.id, ...(count % 2 === 0 ? { tier: 'VIP', tags: ["O'Brien\\n"] } : {}) });
      }
      const pages = async (query: string) => {
        const found: string[] = [];
        for (let cursor: string | null = ''; cursor !== null;) {
          const page: { items: { name: string }[]; nextCursor: string | null } = await get(`/customers?limit=4&${query}${cursor === '' ? '' : `&cursor=${cursor}`}`);
          assert.ok(page.items.length <= 4);
          found.push(...page.items.map((one) => one.name));
          cursor = page.nextCursor;
        }
        return found;
      };
      const all = Array.from({ length: 23 }, (_, count) => `分页客户${22 - count}`);
      const even = all.filter((name) => Number(name.slice(4)) % 2 === 0);
      for (const round of ['before', 'after']) {
        assert.deepEqual(await pages(`q=${encodeURIComponent('分页客户')}`), all, round);
        assert.deepEqual(await pages(`account=${account.id}`), all);
        assert.deepEqual(await pages(`account=${account.id}&tier=VIP`), even);
        assert.deepEqual(await pages(`tag=${encodeURIComponent("O'Brien\\n")}`), even);
        assert.deepEqual(await pages(`q=${encodeURIComponent('分页')}&tag=${encodeURIComponent("O'Brien\\n")}`), even);
        assert.deepEqual(await pages(`q=${encodeURIComponent('分页单位')}`), all);
        // Numbers in names count by their value.
        for (const [order, expected] of [['createdAt', all.toReversed()], ['name', all.toReversed()], ['-name', all]] as const) {
          assert.deepEqual(await pages(`account=${account.id}&sort=${order}`), expected, order);
          assert.deepEqual(await pages(`q=${encodeURIComponent('分页客户')}&sort=${order}`), expected, `${order} ${round}`);
        }
        assert.deepEqual(await pages(`account=${account.id}&tier=VIP&sort=name`), even.toReversed());
        // Now the index of words knows them, too: nothing is there twice.
        await index();
      }
    });

    test('names go by pinyin, behind them those in Latin letters; a cursor belongs to its order', async () => {
      const account = (await done(call('POST', '/accounts', { name: '排序单位' }))).body;
      for (const name of ['张伟', 'Emma', '沈斌', '阿福', '3号楼', '王芳', '12号楼', '陈静']) await make({ name, accountId: account.id });
      const within = `account=${account.id}`;
      assert.deepEqual(await namesOf(`${within}&sort=name`), ['3号楼', '12号楼', '阿福', '陈静', '沈斌', '王芳', '张伟', 'Emma']);
      const { nextCursor } = await get(`/customers?${within}&sort=name&limit=2`);
      await namesOf(`${within}&sort=name&cursor=${nextCursor}`);
      for (const order of ['-name', 'createdAt', '-createdAt']) assertProblem(await call('GET', `/customers?${within}&sort=${order}&cursor=${nextCursor}`), 'invalid_cursor', order);
      for (const value of [['customers:name', null, newId()], ['customers:name', 'x\0', newId()], ['customers:name', '\ud800', newId()], ['customers:name', 'x', 'y'], ['customers:createdAt', '2026-02-30T00:00:00.000Z', newId()]]) {
        assertProblem(await call('GET', `/customers?sort=${value[0]!.startsWith('customers:n') ? 'name' : '-createdAt'}&cursor=${Buffer.from(JSON.stringify(value)).toString('base64url')}`), 'invalid_cursor', JSON.stringify(value));
      }
      assertProblem(await call('GET', '/customers?sort=phone'), 'invalid_input');
    });
  });

  describe('history and notes', () => {
    test('holds tickets, messages, notes and changes over all channels, newest first, as far as the reader may see', async () => {
      const made = await make({ name: '往来', phone: nextPhone() });
      clock.advance({ minutes: 1 });
      const visible = await newTicket(program, { subject: '电梯异响', requester: { customerId: made.id }, team: program.organization.teamId }, 'administrator');
      clock.advance({ minutes: 1 });
      const hidden = await newTicket(program, { subject: '投诉收费', requester: { customerId: made.id }, team: program.organization.otherTeamId }, 'administrator');
      clock.advance({ minutes: 1 });
      await done(call('POST', `/tickets/${visible.id}/comments`, { body: '师傅已出发', visibility: 'public' }));
      clock.advance({ minutes: 1 });
      await done(call('POST', `/customers/${made.id}/notes`, { body: '白天在家 <script>alert(1)</script>' }));
      clock.advance({ minutes: 1 });
      await done(patch(made.id, { address: '新地址' }));
      await index();
      const shown = async (query = '', as: Parameters<TestProgram['call']>[2] = {}) => (await get(`/customers/${made.id}/timeline${query}`, as)).items.map((one: Shown) => `${one.kind} ${one.change?.kind ?? one.note?.body ?? one.message?.body ?? one.ticket?.subject}`);
      const all = ['change customer.changed', 'note 白天在家 <script>alert(1)</script>', 'message 师傅已出发', 'ticket 投诉收费', 'ticket 电梯异响', 'change customer.created'];
      assert.deepEqual(await shown(), all);
      assert.deepEqual(await shown('', { as: 'manager' }), all.filter((line) => line !== 'ticket 投诉收费'), 'the manager sees the department’s');
      assert.deepEqual(await shown('?kinds=ticket,note'), all.filter((line) => /^(ticket|note)/.test(line)));
      assertProblem(await call('GET', `/customers/${made.id}/timeline?kinds=ticket,gossip`), 'invalid_input');
      const paged: string[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const page: { items: { id: string }[]; nextCursor: string | null } = await get(`/customers/${made.id}/timeline?limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`);
        paged.push(...page.items.map((one) => one.id));
        cursor = page.nextCursor;
      }
      assert.deepEqual(paged, (await get(`/customers/${made.id}/timeline`)).items.map((one: { id: string }) => one.id));
      for (const cursor of ['x', Buffer.from('["history","yesterday",1,"x"]').toString('base64url'), Buffer.from(`["history","2026-02-30T00:00:00.000Z",4,"${newId()}"]`).toString('base64url')]) assertProblem(await call('GET', `/customers/${made.id}/timeline?cursor=${cursor}`), 'invalid_cursor', cursor);
      assert.equal((await get(`/tickets/${hidden.id}`)).requester.customerId, made.id);
    });

    test('many things at the same moment stand in one order, however the pages fall', async () => {
      const made = await make({ name: '同一时刻' });
      for (let count = 0; count < 5; count += 1) {
        await newTicket(program, { subject: `工单${count}`, requester: { customerId: made.id } });
        await done(call('POST', `/customers/${made.id}/notes`, { body: `备注${count}` }));
      }
      const whole = (await get(`/customers/${made.id}/timeline?limit=200`)).items.map((one: { id: string }) => one.id);
      assert.equal(whole.length, 11);
      for (const limit of [1, 2, 3, 4, 10]) {
        const paged: string[] = [];
        for (let cursor: string | null = ''; cursor !== null;) {
          const page: { items: { id: string }[]; nextCursor: string | null } = await get(`/customers/${made.id}/timeline?limit=${limit}${cursor === '' ? '' : `&cursor=${cursor}`}`);
          paged.push(...page.items.map((one) => one.id));
          cursor = page.nextCursor;
        }
        assert.deepEqual(paged, whole, `${limit} a page`);
      }
    });

    test('notes are edited by who wrote them, and say so', async () => {
      const made = await make({ name: '备注' });
      const note = (await done(call('POST', `/customers/${made.id}/notes`, { body: '先打电话' }, { as: 'agent' }))).body;
      assert.deepEqual([note.author.id, note.editedAt], [program.organization.staff.agent, null]);
      const change = (body: unknown, as: 'agent' | 'dispatcher', version = 1) => call('PATCH', `/customers/${made.id}/notes/${note.id}`, body, { as, headers: { 'if-match': `"${version}"` } });
      assertProblem(await change({ body: '不是我写的' }, 'dispatcher'), 'forbidden');
      assert.equal((await done(change({ pinned: true }, 'dispatcher'))).body.editedAt, null, 'pinning is no editing');
      const edited = (await done(change({ body: '先发短信' }, 'agent', 2))).body;
      assert.deepEqual([edited.body, edited.editedAt !== null, edited.pinned], ['先发短信', true, true]);
      assertProblem(await call('DELETE', `/customers/${made.id}/notes/${note.id}`, undefined, { as: 'dispatcher' }), 'forbidden');
      await done(call('DELETE', `/customers/${made.id}/notes/${note.id}`, undefined, { as: 'agent' }));
      assert.deepEqual((await get(`/customers/${made.id}/notes`)).items, []);
      assert.deepEqual((await facts(made.id)).map((fact) => fact.kind), ['customer.created', 'customer_note.added', 'customer_note.changed', 'customer_note.changed', 'customer_note.removed']);
    });
  });

  describe('merging', () => {
    test('shows together what belongs to both, and comes apart exactly as it was', async () => {
      const [phone, other] = [nextPhone(), nextPhone()];
      const source = await make({ name: '王小芳', phone, address: '旧地址' });
      const target = await make({ name: '王芳', phone: other, tier: 'VIP' });
      await newTicket(program, { subject: '旧工单', requester: { phone } });
      await newTicket(program, { subject: '新工单', requester: { phone: other } });
      await done(call('POST', `/customers/${source.id}/notes`, { body: '小芳的备注' }));
      await index();
      const before = await contentOf(program);
      const merged = (await done(call('POST', `/customers/${source.id}/merge`, { into: target.id, reason: '同一个人' }))).body;
      assert.deepEqual([merged.id, merged.ticketCount, merged.noteCount, merged.merged.map((one: { name: string }) => one.name)], [target.id, 2, 1, ['王小芳']]);
      assert.deepEqual(merged.contactPoints.map((point: { value: string; customer: { name: string } }) => [point.value, point.customer.name]), [[`138****${other.slice(-4)}`, '王芳'], [`138****${phone.slice(-4)}`, '王小芳']]);
      await index();
      const history = (await get(`/customers/${target.id}/timeline`)).items;
      assert.deepEqual(history.filter((one: { kind: string }) => one.kind === 'ticket').map((one: { ticket: { subject: string } }) => one.ticket.subject).sort(), ['新工单', '旧工单'].sort());
      assert.ok(history.some((one: { kind: string }) => one.kind === 'note'));
      assert.deepEqual(await namesOf(`q=${phone}`), ['王芳'], 'by the number of the one that was merged');
      assert.deepEqual(await namesOf(`q=${encodeURIComponent('王小芳')}`), ['王芳'], 'and by their name');
      assert.deepEqual((await get(`/customers/${source.id}`)).mergedInto, { id: target.id, name: '王芳' });
      const later = await newTicket(program, { subject: '合并之后', requester: { phone } });
      assert.deepEqual([later.requester.customerId, later.requester.tier], [target.id, 'VIP'], 'what comes in by their number is the other’s');
      assert.equal((await newTicket(program, { requester: { customerId: source.id } })).requester.customerId, target.id);
      for (const [method, path, body] of [['PATCH', '', { name: 'x' }], ['POST', '/contact-points', { kind: 'phone', value: nextPhone() }], ['POST', '/notes', { body: 'x' }]] as const) {
        assertProblem(await call(method, `/customers/${source.id}${path}`, body, { headers: { 'if-match': '"2"' } }), 'customer_merged', path);
      }
      await done(call('POST', `/customers/${source.id}/unmerge`, {}));
      const apart = await get(`/customers/${source.id}`);
      assert.deepEqual([apart.mergedInto, apart.phone, apart.address, apart.ticketCount, apart.noteCount], [null, `138****${phone.slice(-4)}`, '旧地址', 1, 1]);
      const alone = await get(`/customers/${target.id}`);
      assert.deepEqual([alone.merged, alone.contactPoints.length, alone.ticketCount], [[], 1, 3], 'what came in meanwhile stays');
      const afterwards = await contentOf(program);
      for (const table of ['contact_point', 'customer_note', 'message']) assert.equal(afterwards[table], before[table], `${table} is as it was`);
      assert.deepEqual((await facts(target.id)).map((fact) => fact.kind).filter((kind) => kind.includes('merged')), ['customer.merged', 'customer.unmerged']);
    });

    test('goes into nobody who is archived: lists would show neither', async () => {
      const [source, target] = [await make({ name: '在用', phone: nextPhone() }), await make({ name: '停用', phone: nextPhone() })];
      await done(call('PATCH', `/customers/${target.id}`, { archived: true }, { headers: { 'if-match': `"${target.version}"` } }));
      await writesNothing(program, async () => assertProblem(await call('POST', `/customers/${source.id}/merge`, { into: target.id }), 'reference_inactive'));
    });

    test('of a kind one contact point is preferred among all that are shown together', async () => {
      const [phone, other] = [nextPhone(), nextPhone()];
      const [source, target] = [await make({ name: '首选甲', phone }), await make({ name: '首选乙', phone: other })];
      for (const customer of [source, target]) await done(call('PATCH', `/customers/${customer.id}/contact-points/${customer.contactPoints[0].id}`, { preferred: true }, { headers: { 'if-match': '"1"' } }));
      await done(call('POST', `/customers/${source.id}/merge`, { into: target.id }));
      const preferred = async (id: string) => (await get(`/customers/${id}`)).contactPoints.filter((point: { preferred: boolean }) => point.preferred).map((point: { id: string }) => point.id);
      assert.deepEqual(await preferred(target.id), [target.contactPoints[0].id], 'the customer’s own');
      await done(call('PATCH', `/customers/${target.id}/contact-points/${source.contactPoints[0].id}`, { preferred: true }, { headers: { 'if-match': '"2"' } }));
      assert.deepEqual(await preferred(target.id), [source.contactPoints[0].id]);
      assert.equal((await get(`/customers/${target.id}`)).phone, `138****${phone.slice(-4)}`, 'lists show the first choice');
    });

    test('goes by chains, and refuses circles', async () => {
      const [a, b, c] = [await make({ name: '链一', phone: nextPhone() }), await make({ name: '链二', phone: nextPhone() }), await make({ name: '链三', phone: nextPhone() })];
      await done(call('POST', `/customers/${a.id}/merge`, { into: b.id }));
      await done(call('POST', `/customers/${b.id}/merge`, { into: c.id }));
      assert.equal((await get(`/customers/${c.id}`)).contactPoints.length, 3);
      await writesNothing(program, async () => {
        assertProblem(await call('POST', `/customers/${c.id}/merge`, { into: a.id }), 'customer_merge_circle');
        assertProblem(await call('POST', `/customers/${c.id}/merge`, { into: c.id }), 'customer_merge_circle');
        assertProblem(await call('POST', `/customers/${a.id}/merge`, { into: c.id }), 'customer_already_merged');
        assertProblem(await call('POST', `/customers/${c.id}/unmerge`, {}), 'customer_not_merged');
        assertProblem(await call('POST', `/customers/${c.id}/merge`, { into: newId() }), 'unknown_reference');
      });
      const d = await make({ name: '链四' });
      await done(call('POST', `/customers/${d.id}/merge`, { into: a.id }));
      assert.equal((await get(`/customers/${d.id}`)).mergedInto.id, c.id, 'into whoever stands for the target');
      await done(call('POST', `/customers/${b.id}/unmerge`, {}));
      assert.deepEqual([(await get(`/customers/${b.id}`)).contactPoints.length, (await get(`/customers/${c.id}`)).contactPoints.length], [2, 1], 'b takes along what was merged into it');
    });

    test('at the same moment never ends in a circle', { timeout: 60_000 }, async () => {
      for (let round = 0; round < 5; round += 1) {
        const ids = await Promise.all(['甲', '乙', '丙'].map(async (name) => (await make({ name: `${name}${round}` })).id as string));
        const answers = await Promise.all(ids.flatMap((from) => ids.filter((into) => into !== from).map((into) => call('POST', `/customers/${from}/merge`, { into }))));
        for (const answer of answers) if (answer.status !== 200) assert.ok(['customer_already_merged', 'customer_merge_circle'].includes(answer.body.code), answer.text);
        const shown = await Promise.all(ids.map((id) => get(`/customers/${id}`)));
        assert.equal(shown.filter((one) => one.mergedInto === null).length, 1, 'one stands for all three');
      }
    });

    test('lets the customer at the portal see all that is theirs', async () => {
      const [phone, other] = [nextPhone(), nextPhone()];
      const [source, target] = [await make({ name: '门户一', phone }), await make({ name: '门户二', phone: other })];
      await newTicket(program, { subject: '一的', requester: { phone } });
      await newTicket(program, { subject: '二的', requester: { phone: other } });
      const { token } = await newSession(program, source.id, { customer: true });
      const subjects = async () => (await done(program.call('GET', '/portal/first/tickets', { as: { token } }))).body.items.map((one: { subject: string }) => one.subject).sort();
      assert.deepEqual(await subjects(), ['一的']);
      await done(call('POST', `/customers/${source.id}/merge`, { into: target.id }));
      assert.deepEqual(await subjects(), ['一的', '二的']);
      await done(call('POST', `/customers/${source.id}/unmerge`, {}));
      assert.deepEqual(await subjects(), ['一的']);
    });

    test('is proposed, with reasons that give no number away', async () => {
      const phone = '057188887777';
      const first = await make({ name: '赵敏敏', address: '紫薇公寓5幢302室', idNumber: '330105198801011230' });
      await newTicket(program, { subject: '留了电话', requester: { customerId: first.id, phone } });
      const second = await make({ name: '赵女士', phone });
      const third = await make({ name: '赵敏敏', address: '紫薇公寓 5 幢 302 室' });
      const fourth = await make({ name: '同证', idNumber: '330105198801011230' });
      await make({ name: '赵敏', address: '紫薇公寓6幢302室' });
      await make({ name: '不相干', address: '别处' });
      for (const round of ['before', 'after']) {
        const { items } = await get(`/customers/${first.id}/duplicates`);
        const found = Object.fromEntries(items.map((one: { customer: { id: string }; reasons: { reason: string }[] }) => [one.customer.id, one.reasons.map((reason) => reason.reason)]));
        assert.deepEqual(found[second.id], ['same_phone'], round);
        assert.deepEqual(found[third.id], ['similar_name', 'similar_address'], round);
        assert.deepEqual(found[fourth.id], ['same_id_number'], round);
        assert.equal(items[0].customer.id, fourth.id, 'the likeliest first');
        assert.ok(!JSON.stringify(items).includes(phone) && JSON.stringify(items).includes('0571****7777'));
        assert.ok(!items.some((one: { customer: { name: string } }) => one.customer.name === '不相干'));
        await index();
      }
      await done(call('POST', `/customers/${third.id}/merge`, { into: first.id }));
      assert.ok(!(await get(`/customers/${first.id}/duplicates`)).items.some((one: { customer: { id: string } }) => one.customer.id === third.id), 'who was merged is no duplicate');
    });
  });

  test('names in every script, with markup and emoji, are text', async () => {
    assert.equal((await make({ name: '\u202Eevil\u200B', address: 'x' })).name, 'evil', 'what turns words around, or cannot be seen, is left out');
    for (const name of ['<script>alert(1)</script>', '=HYPERLINK("http://x")', 'محمد علي', '👨‍👩‍👧 一家', "Robert'); DROP TABLE customer;--", '𠮷野家']) {
      const made = await make({ name, address: name });
      assert.deepEqual([made.name, made.address], [name, name]);
      await index();
      assert.equal((await get(`/customers/${made.id}`)).name, name);
      await get(`/customers?q=${encodeURIComponent(name)}`);
    }
  });

  async function contentTextOf(table: 'customer'): Promise<string> {
    return JSON.stringify(await program.database.transact(program.organization.tenantId, (transaction) => transaction.run(build.selectFrom(table).selectAll())));
  }
});
