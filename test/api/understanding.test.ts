import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { sampleAccess, startSampleServices } from '../../server/connectors/sample/sample-services.ts';
import { completeDue } from '../../server/journey/intake/completion/run-completions.ts';
import { ownContext } from '../../server/journey/intake/own-context.ts';
import { build } from '../../server/platform/db/database.ts';
import { advance, registerReader } from '../../server/platform/facts/readers.ts';
import { askForCompletion } from '../../server/reactions/completion/ask-for-completion.ts';
import { forgetOldMessages } from '../../server/records/channel/forget-old-messages.ts';
import { forgetCompletions } from '../../server/records/completion/forget-completions.ts';
import { claimCompletions } from '../../server/records/completion/completions.ts';
import { learnCategories, weighingOf } from '../../server/records/completion/classifier.ts';
import { configurationOf } from '../../server/records/organization/configuration.ts';
import { openKit } from '../support/channel-kit.ts';
import { openFakeWechat } from '../support/fake-wechat.ts';
import { openTestProgram, testClock } from '../support/program.ts';
import { officialAccount } from '../support/wechat-kinds.ts';

// oxlint-disable-next-line typescript/no-explicit-any -- tests look into answers of every shape
type Any = any;

const clock = testClock();
const program = await openTestProgram({ clock });
const platform = await openFakeWechat();
const sample = await startSampleServices();
const { tenantId } = program.organization;
program.services.privateHosts = ['127.0.0.1'];
await program.database.transact(tenantId, (transaction) => transaction.run(build.updateTable('session').set({ expires_at: new Date('2099-01-01'), last_seen_at: new Date('2098-12-01') })));
const reader = askForCompletion(clock);
await registerReader(program.database, reader.name);
after(async () => {
  await program.close();
  await platform.close();
  await sample.stop();
});

const as = 'administrator' as const;
const call = async (method: 'GET' | 'POST' | 'PATCH', path: string, body?: unknown, status = method === 'POST' && !/\/(try|extract|confirm|ask|publish)$/.test(path) ? 201 : 200, headers?: Record<string, string>): Promise<Any> => {
  const answer = await program.call(method, path, { as, ...(body === undefined ? {} : { body }), ...(headers ? { headers } : {}) });
  assert.equal(answer.status, status, answer.text);
  return answer.body;
};
const ticket = (id: string): Promise<Any> => call('GET', `/tickets/${id}`);
const change = async (id: string, body: unknown): Promise<Any> => call('PATCH', `/tickets/${id}`, body, 200, { 'if-match': `"${(await ticket(id)).version}"` });
/** Lets everything that was said and entered be read, and the other systems be asked. */
async function complete(): Promise<void> {
  clock.advance({ seconds: 1 });
  for (let left = 1; left > 0;) {
    left = await advance(program.database, reader);
    left += await completeDue(program.services);
  }
}

const count = async (table: 'ticket_guess'): Promise<number> => (await program.database.transact(tenantId, (transaction) => transaction.run(build.selectFrom(table).select('field').where('tenant_id', '=', tenantId)))).length;

const leaves: Record<string, string> = {};
for (const name of ['给排水', '供配电', '门禁道闸', '保洁绿化']) leaves[name] = (await call('POST', '/categories', { name, teamId: program.organization.teamId })).id;
const types = (await call('GET', '/ticket-types')).items as Any[];
const type = types.find((one) => one.id === program.organization.typeId);
const draft = await call('GET', `/ticket-types/${type.id}/draft`);
const form = { fields: [
  { key: 'order_no', kind: 'text', label: { zh: '订单号' } }, { key: 'courier', kind: 'text', label: { zh: '快递公司代码' } }, { key: 'tracking_no', kind: 'text', label: { zh: '运单' } }, { key: 'product', kind: 'text', label: { zh: '商品' } },
  { key: 'warranty_until', kind: 'date', label: { zh: '保修至' } }, { key: 'parcel', kind: 'text', label: { zh: '物流' } }, { key: 'plate', kind: 'text', format: 'cn_plate', label: { zh: '车' } },
  { key: 'visit_at', kind: 'date_time', label: { zh: '预约上门时间' } }, { key: 'where', kind: 'choice', label: { zh: '部位' }, options: [{ key: 'kitchen', label: { zh: '厨房' } }, { key: 'bath', label: { zh: '卫生间' } }] },
] };
await call('PATCH', `/ticket-types/${type.id}/draft`, { form }, 200, { 'if-match': `"${draft.version}"` });
await call('POST', `/ticket-types/${type.id}/publish`, {}, 200, { 'if-match': `"${(await call('GET', `/ticket-types/${type.id}/draft`)).version}"` });
const asset = await call('POST', '/assets', { code: 'PUMP-0301', name: '3 号楼水泵' });
const kit = openKit(program, clock, platform, officialAccount);
await kit.setUp();

test('what somebody says on a channel fills what is empty, and each guess says from which words; a person’s word stays', { timeout: 120_000 }, async () => {
  await kit.say('guess_a', { text: '你好，我是龙湖花园3幢2单元501室的，我姓王，厨房给排水管子漏水，设备 PUMP-0301，电话13812345678，浙A12345 停在楼下，麻烦明天下午三点半尽快上门' });
  await complete();
  const first = await ticket((await kit.ticketOf('guess_a')).id);
  assert.equal(first.location.address, '龙湖花园3幢2单元501室');
  assert.equal(first.asset.id, asset.id);
  assert.equal(first.category.id, leaves['给排水']);
  assert.equal(first.team.id, program.organization.teamId);
  assert.equal(first.fields.plate, '浙A12345');
  assert.equal(first.fields.where, 'kitchen');
  assert.match(first.fields.visit_at, /T/);
  const guesses = new Map<string, Any>(first.guesses.map((guess: Any) => [guess.field, guess]));
  assert.deepEqual([...guesses.keys()].sort(), ['address', 'asset', 'category', 'fields.plate', 'fields.visit_at', 'fields.where', 'name', 'phone']);
  assert.equal(guesses.get('address').words, '龙湖花园3幢2单元501室');
  assert.equal(guesses.get('category').by, 'model');
  assert.equal(guesses.get('phone').words, '138****5678');
  // The timeline says that nobody entered it, and shows no number.
  const facts = await program.database.transact(tenantId, (transaction) => transaction.run(build.selectFrom('fact').select(['data', 'actor_kind']).where('tenant_id', '=', tenantId).where('ticket_id', '=', first.id).where('kind', '=', 'ticket.changed')));
  assert.ok(facts.some((fact) => fact.actor_kind === 'system' && (fact.data as Any).guessed.length === 8));
  assert.ok(!JSON.stringify(facts).includes('13812345678'));

  // What somebody puts right is theirs, whatever is said later; what nobody looked at may be replaced by something surer.
  await change(first.id, { category: leaves['供配电'], location: { address: '5 幢 101' } });
  const confirmed = await call('POST', `/tickets/${first.id}/guesses/confirm`, { fields: ['asset', 'fields.plate', 'category'] });
  assert.deepEqual(confirmed.guesses.map((guess: Any) => guess.field).sort(), ['fields.visit_at', 'fields.where', 'name', 'phone']);
  await kit.say('guess_a', { text: '给排水的管子，地址是云栖小区12号楼2单元301，车是浙B99999，订单号DD2026110101' });
  await complete();
  const later = await ticket(first.id);
  assert.deepEqual([later.category.id, later.location.address, later.fields.plate, later.fields.order_no], [leaves['供配电'], '5 幢 101', '浙A12345', 'DD2026110101']);
  assert.ok(later.guesses.some((guess: Any) => guess.field === 'fields.order_no'));
  // A danger that is told of later counts.
  assert.equal(later.priority, 'high');
  await kit.say('guess_a', { text: '有人触电了！' });
  await complete();
  assert.equal((await ticket(first.id)).priority, 'urgent');
});

test('what a category is called counts for the priority nobody set: surely recognized after the ticket was made, chosen by a person, and put right', { timeout: 120_000 }, async () => {
  const trapped = (await call('POST', '/categories', { name: '电梯困人' })).id as string;
  await kit.say('danger_a', { text: '3幢电梯困人' });
  await kit.say('danger_b', { text: '电梯停了，没有人被困，不急' });
  await kit.say('danger_c', { text: '麻烦看一下3幢的电梯' });
  await complete();
  const [told, denied, plain] = await Promise.all(['danger_a', 'danger_b', 'danger_c'].map(async (who) => ticket((await kit.ticketOf(who)).id)));
  assert.deepEqual([told.priority, told.category?.id, denied.priority, plain.priority], ['urgent', trapped, 'normal', 'normal']);
  const chosen = await change(plain.id, { category: trapped });
  assert.deepEqual([chosen.priority, chosen.priorityExplanation], ['urgent', { score: 60, overridden: false, factors: [{ factor: 'category', points: 60, detail: '电梯困人' }] }]);
  const right = await change(plain.id, { category: leaves['门禁道闸'] });
  assert.deepEqual([right.priority, right.priorityExplanation], ['normal', { score: 0, overridden: false, factors: [] }]);
  const made = await call('POST', '/tickets', { subject: '3幢电梯', category: trapped });
  assert.equal(made.priority, 'urgent');
});

test('where nothing was learned the names say it; an order is no asset, and a known asset no order; a pin gives coordinates and takes no word away', { timeout: 120_000 }, async () => {
  const setting = await call('GET', '/intake-setting');
  await call('PATCH', '/intake-setting', { orderMasks: ['AAAA-9999'] }, 200, { 'if-match': `"${setting.version}"` });
  await kit.say('names_a', { text: '你好，门禁刷不了卡，5幢的，订单A1001' });
  await kit.say('names_b', { text: 'Hello, PUMP-0301 又响了，在 3号楼' });
  await complete();
  const [first, second] = [await ticket((await kit.ticketOf('names_a')).id), await ticket((await kit.ticketOf('names_b')).id)];
  assert.deepEqual([first.subject, first.category?.id, first.location?.address, first.fields.order_no, first.asset], ['门禁刷不了卡，5幢的，订单A1001', leaves['门禁道闸'], '5幢', 'A1001', null]);
  assert.deepEqual([second.subject, second.asset?.id, second.fields.order_no ?? null, second.location?.address, second.category], ['PUMP-0301 又响了，在 3号楼', asset.id, null, '3号楼', null]);
  // What a map calls a place takes nothing away from what was said; where nothing was said it stands until something is.
  await kit.say('names_a', { place: { lat: 30.2741, lng: 120.1551, label: '杭州市西湖区文三路' } });
  await kit.say('names_c', { place: { lat: 30.2741, lng: 120.1551, label: '杭州市西湖区文三路' } });
  await complete();
  const pinned = await ticket(first.id);
  assert.equal(pinned.location.address, '5幢');
  assert.ok(Math.abs(pinned.location.lat - 30.2741) < 0.01);
  // Who never said a name is called so in the language of whoever reads, and a picture is named in it.
  const read = async (number: string, language: string): Promise<Any> => (await program.call('GET', `/tickets/${number}`, { as, headers: { 'accept-language': language } })).body;
  assert.deepEqual([(await read(first.id, 'zh-CN')).requester.name, (await read(first.id, 'en')).requester.name], ['微信用户 mesa', 'WeChat user mesa']);
  const { id } = await kit.ticketOf('names_c');
  assert.deepEqual([(await read(id, 'zh-CN')).subject, (await read(id, 'en')).subject], ['[位置] 杭州市西湖区文三路', '[Place] 杭州市西湖区文三路']);
  // Given back as it was read, it is no change, in whatever language it was read.
  const { version } = await ticket(id);
  const saved = await call('PATCH', `/tickets/${id}`, { subject: '[Place] 杭州市西湖区文三路', description: (await read(id, 'en')).description }, 200, { 'if-match': `"${version}"`, 'accept-language': 'en' });
  assert.deepEqual([saved.version, (await read(id, 'zh-CN')).subject], [version, '[位置] 杭州市西湖区文三路']);
  // What cannot be seen or turns words around does not come in with a name, by whatever door.
  const entered = await call('POST', '/tickets', { subject: '发票\u202Efdp.exe\u200B 👨‍👩‍👧', requester: { name: '王\u2066小\u200B明', phone: '13700009911' } });
  assert.deepEqual([entered.subject, entered.requester.name], ['发票fdp.exe 👨‍👩‍👧', '王小明']);
  await kit.say('names_d', { text: '\u202E\u200B' });
  assert.notEqual((await kit.ticketOf('names_d')).subject, '', 'a message of which nothing is seen is one nevertheless');
  assert.equal((await ticket(id)).location.address, '杭州市西湖区文三路');
  await kit.say('names_c', { text: '我在翠湖花园8幢2单元301室，停水了' });
  await complete();
  const said = await ticket(id);
  assert.deepEqual([said.location.address, said.subject], ['翠湖花园8幢2单元301室', '我在翠湖花园8幢2单元301室，停水了']);
  assert.ok(Math.abs(said.location.lat - 30.2741) < 0.01);
  // What is only called a number may be of a known asset; what somebody entered is a name, whatever it looks like, and what stands where none was said is not.
  await kit.say('names_e', { text: '单号 PUMP-0301 的设备坏了' });
  for (const who of ['names_f', 'names_g']) await kit.say(who, { text: '门卫不在' });
  await complete();
  const [unnamed, renamed] = [await ticket((await kit.ticketOf('names_f')).id), await ticket((await kit.ticketOf('names_g')).id)];
  await change(renamed.id, { requester: { customerId: renamed.requester.customerId, name: '微信用户 VIP' } });
  await kit.say('names_f', { text: '我叫赵小六' });
  await kit.say('names_g', { text: '我叫钱小七' });
  await complete();
  const fifth = await ticket((await kit.ticketOf('names_e')).id);
  assert.deepEqual([fifth.asset?.id, fifth.fields.order_no ?? null], [asset.id, null]);
  assert.deepEqual([(await read(unnamed.id, 'zh-CN')).requester.name, (await read(renamed.id, 'zh-CN')).requester.name], ['赵小六', '微信用户 VIP']);
  await call('PATCH', '/intake-setting', { orderMasks: [] }, 200, { 'if-match': `"${setting.version + 1}"` });
});

test('what was corrected is learned, and found again', { timeout: 120_000 }, async () => {
  const said: readonly (readonly [string, string])[] = [['车库道闸抬不起来', '门禁道闸'], ['门禁卡刷不开', '门禁道闸'], ['道闸不识别车牌', '门禁道闸'], ['楼道垃圾没人扫', '保洁绿化'], ['草坪枯死了', '保洁绿化'], ['垃圾桶满了发臭', '保洁绿化'], ['走廊灯管闪烁', '供配电'], ['配电箱跳闸', '供配电'], ['插座没电', '供配电'], ['马桶堵了', '给排水'], ['水龙头滴水', '给排水'], ['下水道反味', '给排水']];
  for (const round of ['', '麻烦看一下，', '昨天就这样，']) for (const [subject, name] of said) await call('POST', '/tickets', { subject: round + subject, category: leaves[name] });
  await learnCategories(program.services, clock.now());
  const setting = await call('GET', '/intake-setting');
  assert.ok(setting.classifier.tickets >= 36 && setting.classifier.heldOut > 0 && setting.classifier.right > 0, JSON.stringify(setting.classifier));
  await kit.say('guess_b', { text: '你们的道闸又不认我的车牌了' });
  await complete();
  const found = await ticket((await kit.ticketOf('guess_b')).id);
  assert.equal(found.category.id, leaves['门禁道闸']);
  const [guess] = found.guesses.filter((one: Any) => one.field === 'category');
  assert.ok(guess.confidence > 0.5 && guess.words.includes('道闸'), JSON.stringify(guess));
  const extracted = await call('POST', '/text/extract', { text: '道闸撞弯了，浙A12345，联系人：李小明 13900001111' });
  assert.equal(extracted.category.id, leaves['门禁道闸']);
  assert.deepEqual(extracted.found.map((one: Any) => one.kind), ['plate', 'name', 'phone']);
  assert.equal(extracted.fields.plate, '浙A12345');
  assert.deepEqual([extracted.address, extracted.priority.priority], [null, 'normal']);
  const pressing = await call('POST', '/text/extract', { text: '江畔国际中心西塔电梯困人了，快来' });
  assert.deepEqual([pressing.address.value, pressing.priority.priority], ['江畔国际中心西塔', 'urgent']);
  assert.ok(pressing.priority.words.length > 0);
  // Names are made ready once for as long as they are what they are.
  const names = () => program.database.transact(tenantId, async (transaction) => (await weighingOf(transaction, await configurationOf(await ownContext(program.services, transaction, clock.now())))).names);
  const before = await names();
  await call('POST', '/departments', { name: '夜班' });
  assert.equal(await names(), before);
  await call('POST', '/categories', { name: '公告栏' });
  assert.notEqual(await names(), before);
});

test('the language model says what rules could not, of words from which nobody can be known; a switch keeps it out', { timeout: 120_000 }, async () => {
  const prompts: string[] = [];
  const llm = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => (body += String(part))).on('end', () => {
      const prompt = (JSON.parse(body) as Any).messages[0].content as string;
      prompts.push(prompt);
      const wanted = /(\d+)\. 保洁绿化/.exec(prompt)?.[1];
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ choices: [{ message: { content: JSON.stringify({ category: Number(wanted), categoryWords: '野猫', fields: { product: { value: '给 [PHONE1] 回电', words: '野猫' }, courier: { value: '编造的', words: '没有说过的话' } } }) } }] }));
    });
  });
  await new Promise<void>((resolve) => llm.listen(0, '127.0.0.1', resolve));
  after(() => llm.close());
  const setting = await call('GET', '/llm-setting');
  await call('PATCH', '/llm-setting', { enabled: true, baseUrl: `http://127.0.0.1:${(llm.address() as AddressInfo).port}/v1`, model: 'test' }, 200, { 'if-match': `"${setting.version}"` });
  await kit.say('guess_c', { text: '楼下野猫太多，我叫王小明，住龙湖花园3幢501，请打13912345678' });
  await complete();
  const found = await ticket((await kit.ticketOf('guess_c')).id);
  assert.equal(prompts.length, 1);
  assert.ok(!/王小明|龙湖|13912345678/.test(prompts[0]!), prompts[0]);
  assert.match(prompts[0]!, /\[PHONE1\]/);
  assert.equal(found.category.id, leaves['保洁绿化']);
  assert.equal(found.guesses.find((guess: Any) => guess.field === 'category').by, 'llm');
  assert.equal(found.fields.product, '给 13912345678 回电');
  assert.equal(found.fields.courier ?? null, null);
  const intake = await call('GET', '/intake-setting');
  await call('PATCH', '/intake-setting', { askLlm: false }, 200, { 'if-match': `"${intake.version}"` });
  await kit.say('guess_d', { text: '楼下野狗太多' });
  await complete();
  assert.equal(prompts.length, 1);
  assert.equal((await program.call('PATCH', '/intake-setting', { as, body: { rawDays: 400, messageDays: 200 }, headers: { 'if-match': `"${intake.version + 1}"` } })).status, 422);
});

const orders = (url: string, more: Record<string, string> = {}): Any => ({
  kind: 'http', name: '订单系统', settings: { url: `${url}/orders/{{fields.order_no}}`, auth: 'oauth2', tokenUrl: `${url}/token`, clientId: sampleAccess.clientId, clientSecret: sampleAccess.clientSecret, succeeds: 'code=0', ...more },
  mapping: [{ target: 'fields.product', from: 'data.product.name' }, { target: 'fields.warranty_until', from: 'data.warrantyUntil' }, { target: 'fields.courier', from: 'data.shipment.courier' }, { target: 'fields.tracking_no', from: 'data.shipment.trackingNo' }, { target: 'location.address', from: 'data.receiver.address' }],
});
const parcels = (url: string): Any => ({ kind: 'kuaidi100', name: '快递', settings: { customer: sampleAccess.customer, key: sampleAccess.key, baseUrl: url }, mapping: [{ target: 'fields.parcel', from: 'data.0.context' }] });

test('order and logistics are filled in from other systems, one leading to the next; each is asked once for the same', { timeout: 120_000 }, async () => {
  const created = await call('POST', '/connectors', orders(sample.url));
  assert.deepEqual(created.asksFor, ['fields.order_no']);
  assert.ok(!JSON.stringify(created).includes(sampleAccess.clientSecret));
  await call('POST', '/connectors', parcels(sample.url));
  const tried = await call('POST', '/connectors/try', { connector: created.id, kind: 'http', values: { 'fields.order_no': 'DD2026110101' } });
  assert.equal(tried.outcome, 'answered', JSON.stringify(tried));
  assert.equal(typeof tried.values['fields.product'], 'string');
  assert.deepEqual((await call('POST', '/connectors/try', { connector: created.id, kind: 'http' })).missing, ['fields.order_no']);
  // With another address the secret is not handed over.
  assert.equal((await program.call('POST', '/connectors/try', { as, body: { connector: created.id, kind: 'http', settings: { ...created.settings, tokenUrl: 'http://127.0.0.1:1/token' } } })).status, 422);
  // Nor is a token that it was given for it.
  assert.equal((await program.call('POST', '/connectors/try', { as, body: { connector: created.id, kind: 'http', settings: { ...created.settings, url: 'http://127.0.0.1:1/{{fields.order_no}}' } } })).status, 422);
  assert.equal((await program.call('POST', '/connectors/try', { as, body: { kind: 'http', settings: { url: 'http://127.0.0.1:1/{{a.b.c}}' }, values: { a: '1', 'a.b.c': '2' } } })).status, 422);
  const path = '/orders/DD2026110101';
  const before = sample.asked.get(path) ?? 0;
  const made = await call('POST', '/tickets', { subject: '退货', fields: { order_no: 'DD2026110101', product: '客户说的名字' } });
  await complete();
  const done = await ticket(made.id);
  assert.equal(done.fields.product, '客户说的名字');
  assert.match(done.fields.warranty_until, /^2027-/);
  assert.ok(done.fields.parcel.length > 3);
  assert.deepEqual(done.completions.map((one: Any) => [one.name, one.state]), [['订单系统', 'filled'], ['快递', 'filled']]);
  assert.deepEqual(done.guesses, []);
  await call('POST', '/tickets', { subject: '再退', fields: { order_no: 'DD2026110101' } });
  await complete();
  assert.equal(sample.asked.get(path), before + 1);
  // Another number: what this system filled in before follows, what a person entered does not.
  await change(made.id, { fields: { order_no: 'DD2026110301' } });
  await complete();
  const moved = await ticket(made.id);
  assert.notEqual(moved.fields.tracking_no, done.fields.tracking_no);
  assert.equal(moved.fields.product, '客户说的名字');
  // Without a number nothing is asked, and nothing said of it.
  const other = await call('POST', '/tickets', { subject: '灯坏了' });
  await complete();
  assert.deepEqual((await ticket(other.id)).completions, []);
  const unknown = await call('POST', '/tickets', { subject: '查单', fields: { order_no: 'XX1' } });
  await complete();
  const [failed] = (await ticket(unknown.id)).completions;
  assert.deepEqual([failed.state, failed.reason], ['failed', 'said_no']);
  assert.match(failed.said, /没有这个订单/);
  const outside = await call('POST', '/tickets', { subject: '查单', fields: { order_no: '..' } });
  await complete();
  assert.deepEqual((await ticket(outside.id)).completions.map((one: Any) => [one.state, one.reason]), [['failed', 'address']]);
  // What was filled in once and cannot be asked any more is over, and not taken up for ever.
  await change(made.id, { fields: { order_no: null } });
  await complete();
  clock.advance({ minutes: 5 });
  await complete();
  assert.deepEqual((await ticket(made.id)).completions.map((one: Any) => [one.name, one.state, one.attempts]), [['订单系统', 'filled', 1], ['快递', 'filled', 1]]);
});

test('systems that fill in what others ask with end after a few rounds, and none feeds itself; a priority nobody set is theirs to set', { timeout: 120_000 }, async () => {
  let count = 0;
  const server = createServer((_request, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ n: `n${count += 1}`, priority: 'urgent' })));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => server.close());
  const connect = (name: string, path: string, mapping: Any[]): Any => ({ kind: 'http', name, settings: { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/?q=${path}`, cacheSeconds: '0' }, mapping });
  const own = await program.call('POST', '/connectors', { as, body: connect('自己', '{{fields.product}}', [{ target: 'fields.product', from: 'n' }]) });
  assert.deepEqual([own.status, own.body.errors[0].path], [422, '/mapping/0']);
  const made = [
    await call('POST', '/connectors', connect('甲', '{{fields.product|-}}', [{ target: 'fields.parcel', from: 'n' }, { target: 'priority', from: 'priority' }])),
    await call('POST', '/connectors', connect('乙', '{{fields.parcel}}', [{ target: 'fields.product', from: 'n' }])),
  ];
  const opened = await call('POST', '/tickets', { subject: '换滤芯' });
  await complete();
  const ended = await ticket(opened.id);
  assert.deepEqual([ended.priority, ended.priorityExplanation.overridden], ['urgent', true]);
  assert.ok(ended.completions.some((one: Any) => one.reason === 'loop'), JSON.stringify(ended.completions));
  assert.equal(count, 6);
  // One system with much to do is not all that is done.
  for (let at = 0; at < 6; at += 1) await call('POST', '/tickets', { subject: `换滤芯 ${at}` });
  while (await advance(program.database, reader) > 0);
  const taken = async (...busy: string[]) => (await claimCompletions(program.database, clock.now(), 16, 'connectors', busy)).filter(({ source }) => source === made[0].id).length;
  assert.deepEqual([await taken(`${tenantId} ${made[0].id}`), await taken(), await taken()], [0, 4, 2]);
  clock.advance({ minutes: 4 });
  await complete();
  for (const one of made) await call('PATCH', `/connectors/${one.id}`, { archived: true }, 200, { 'if-match': '"1"' });
});

test('a system that is down, slow, or pages is asked again and in pages; the own network stays closed', { timeout: 120_000 }, async () => {
  let down = 2;
  const server = createServer((request, response) => {
    if (down-- > 0) return void response.writeHead(503, { 'retry-after': '45' }).end();
    const from = Number(new URL(request.url!, 'http://x').searchParams.get('cursor') ?? 0) || 0;
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ list: [{ n: from }, { n: from + 1 }], next: from < 4 ? String(from + 2) : '', who: request.headers['x-token'] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const connector = await call('POST', '/connectors', { kind: 'http', name: '分页', settings: { url: `${url}/?q={{fields.plate}}&cursor={{cursor}}`, auth: 'header', headerName: 'x-token', headerValue: 't0ken', items: 'list', next: 'next', cacheSeconds: '0' }, mapping: [{ target: 'fields.parcel', text: '{{items.5.n}} {{who}}' }] });
  const made = await call('POST', '/tickets', { subject: '停车', fields: { plate: '浙C12345' } });
  await complete();
  const waiting = (await ticket(made.id)).completions.find((one: Any) => one.name === '分页');
  assert.deepEqual([waiting.state, waiting.reason], ['waiting', 'rate_limited']);
  for (const [seconds, attempts] of [[10, 1], [60, 2], [60, 3]] as const) {
    clock.advance({ seconds });
    await complete();
    assert.equal((await ticket(made.id)).completions.find((one: Any) => one.name === '分页').attempts, attempts, 'it says when to ask again');
  }
  assert.equal((await ticket(made.id)).fields.parcel, '5 t0ken');
  program.services.privateHosts = [];
  await call('POST', `/tickets/${made.id}/completions/${connector.id}/ask`);
  await complete();
  const closed = (await ticket(made.id)).completions.find((one: Any) => one.name === '分页');
  assert.deepEqual([closed.state, closed.reason], ['failed', 'address']);
  program.services.privateHosts = ['127.0.0.1'];
});

test('what came in long ago is forgotten, its bytes first; what is put aside keeps what it needs; a download is written down', { timeout: 120_000 }, async () => {
  await kit.say('guess_e', { text: '旧消息' });
  const [newest] = (await kit.inbox()).filter((row) => row.thread.endsWith('guess_e'));
  const raw = await program.call('GET', `/inbox-messages/${newest.id}/raw`, { as });
  assert.equal(raw.status, 200);
  const told = await program.database.transact(tenantId, (transaction) => transaction.run(build.selectFrom('fact').select('data').where('tenant_id', '=', tenantId).where('kind', '=', 'inbox_message.downloaded')));
  assert.equal(told.length, 1);
  await program.database.transact(tenantId, (transaction) => transaction.run(build.updateTable('inbox_message').set({ state: 'quarantined' }).where('tenant_id', '=', tenantId).where('id', '=', newest.id)));
  const days = (count: number) => new Date(clock.now().getTime() + count * 86_400_000);
  const rows = (await kit.inbox()).length;
  assert.deepEqual(await forgetOldMessages(program.services, days(100)), { bytes: 0, messages: 0, answers: 0 });
  const first = await forgetOldMessages(program.services, days(181));
  assert.equal(first.bytes, rows - 1);
  assert.equal(first.messages, 0);
  assert.equal((await program.call('GET', `/inbox-messages/${newest.id}/raw`, { as })).status, 200);
  assert.equal((await forgetOldMessages(program.services, days(401))).messages, rows - 1);
  assert.equal((await kit.inbox()).length, 1);
  // What was guessed of a ticket that is over goes as late; of one that is open it stays.
  await program.database.transact(tenantId, (transaction) => transaction.run(build.updateTable('ticket').set({ status: 'closed' }).where('tenant_id', '=', tenantId).where('id', '=', (build.selectFrom('ticket_guess').select('ticket_id').where('tenant_id', '=', tenantId).limit(1)))));
  const open = await count('ticket_guess');
  assert.deepEqual(await forgetCompletions(program.services, days(100)), { completions: 0, guesses: 0 });
  const forgotten = await forgetCompletions(program.services, days(401));
  assert.ok(forgotten.guesses > 0 && forgotten.completions > 0, JSON.stringify(forgotten));
  assert.equal(await count('ticket_guess'), open - forgotten.guesses);
  assert.ok(open > forgotten.guesses);
});

test('what a customer chose in the form is said more exactly by their words, and what a colleague gave is not', { timeout: 120_000 }, async () => {
  const inner = await call('POST', '/categories', { name: '雨棚渗漏', parentId: leaves['给排水'] });
  const report = async (): Promise<Any> => {
    const made = await program.call('POST', '/portal/first/reports', { body: { description: '雨棚渗漏，滴到车上了', category: leaves['给排水'], contact: {} } });
    assert.equal(made.status, 201, made.text);
    return ticket(made.body.number);
  };
  const [own, given, elsewhere] = [await report(), await report(), (await program.call('POST', '/portal/first/reports', { body: { description: '雨棚渗漏，滴到车上了', category: leaves['供配电'], contact: {} } })).body];
  await change(given.id, { category: leaves['门禁道闸'] });
  await change(given.id, { category: leaves['给排水'] });
  await complete();
  const [refined, kept, other] = [await ticket(own.id), await ticket(given.id), await ticket(elsewhere.number)];
  assert.deepEqual([refined.category.id, kept.category.id, other.category.id], [inner.id, leaves['给排水'], leaves['供配电']]);
  assert.equal(refined.guesses.find((one: Any) => one.field === 'category').words, '雨棚渗漏');
});
