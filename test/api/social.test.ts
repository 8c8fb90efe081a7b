import assert from 'node:assert/strict';
import { createHmac, hash } from 'node:crypto';
import { once, type EventEmitter } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { Aedes } from 'aedes';
import { connectAsync } from 'mqtt';
import { connectDevices, type DeviceMessage } from '../../server/channels/mqtt/connect.ts';
import { runDevices } from '../../server/journey/intake/run-devices.ts';
import { takeInDue } from '../../server/journey/intake/take-in.ts';
import { newId } from '../../server/platform/db/uuid.ts';
import { holdChannels } from '../../server/records/channel/holds.ts';
import { keepMessages } from '../../server/records/channel/inbox.ts';
import { build } from '../../server/platform/db/database.ts';
import { channelContract, openKit } from '../support/channel-kit.ts';
import { openTestProgram, testClock } from '../support/program.ts';
import { douyin, line, messenger, openFakeSocial, telegram, weibo, whatsapp } from '../support/social-kinds.ts';
import { aliyunTexts, gatewayCall, gatewayTexts, openFakeCarrier, tencentTexts } from '../support/sms-kinds.ts';
import { photoOf, upload } from './scene.ts';

const clock = testClock();
const program = await openTestProgram({ clock });
program.services.privateHosts = ['127.0.0.1'];
// Days pass here.
await program.database.transact(program.organization.tenantId, (transaction) => transaction.run(build.updateTable('session').set({ expires_at: new Date('2099-01-01'), last_seen_at: new Date('2098-12-01') })));
const fakes = {
  telegram: await openFakeSocial('telegram'), whatsapp: await openFakeSocial('whatsapp'), messenger: await openFakeSocial('messenger'), line: await openFakeSocial('line'), douyin: await openFakeSocial('douyin'), weibo: await openFakeSocial('weibo'),
};
const carriers = { aliyun: await openFakeCarrier('aliyun'), tencent: await openFakeCarrier('tencent'), gateway: await openFakeCarrier('gateway') };
after(async () => {
  await program.close();
  for (const fake of [...Object.values(fakes), ...Object.values(carriers)]) await fake.close();
});

for (const form of [telegram, whatsapp, messenger, line, douyin, weibo]) channelContract(() => Promise.resolve({ program, clock, platform: fakes[form.kind as keyof typeof fakes] }), form);
for (const form of [aliyunTexts, tencentTexts, gatewayTexts]) channelContract(() => Promise.resolve({ program, clock, platform: carriers[form.mode as keyof typeof carriers] }), form);

test('before they call, platforms ask whether the address is ours, each in its own way', async () => {
  const meta = openKit(program, clock, fakes.whatsapp, whatsapp);
  const { made } = await meta.setUp();
  const asked = (token: string) => meta.send({ method: 'GET', query: new URLSearchParams({ 'hub.mode': 'subscribe', 'hub.verify_token': token, 'hub.challenge': '1158201444' }).toString(), body: '' });
  const answered = await asked(made['token']!);
  assert.deepEqual([answered.status, answered.text], [200, '1158201444']);
  assert.equal((await asked('another')).status, 401);
  const video = openKit(program, clock, fakes.douyin, douyin);
  await video.setUp();
  const body = JSON.stringify({ event: 'verify_webhook', client_key: 'tt0123456789', content: { challenge: 12345 } });
  assert.deepEqual((await video.send({ body, headers: { 'x-douyin-signature': hash('sha1', `douyin-secret${body}`) } })).body, { challenge: 12345 });
  const foreign = body.replace('tt0123456789', 'tt9876543210');
  assert.equal((await video.send({ body: foreign, headers: { 'x-douyin-signature': hash('sha1', `douyin-secret${foreign}`) } })).status, 401);
  const blog = openKit(program, clock, fakes.weibo, weibo);
  await blog.setUp();
  const { query } = weibo.call(blog.channel, fakes.weibo, { from: 'x', id: 'x', at: clock.now() }, clock.now());
  assert.equal((await blog.send({ method: 'GET', query: `${query}&echostr=4719`, body: '' })).text, '4719');
  const chat = openKit(program, clock, fakes.line, line);
  await chat.setUp();
  const none = '{"destination":"U0","events":[]}';
  assert.equal((await chat.send({ body: none, headers: { 'x-line-signature': createHmac('sha256', 'line-secret').update(none).digest('base64') } })).status, 200);
});

test('what WhatsApp says of an answer moves it on, also where it says it early; the window closed by WhatsApp leads to the template', async () => {
  const kit = openKit(program, clock, fakes.whatsapp, whatsapp);
  await kit.setUp({ templateName: 'ticket_answered' });
  await kit.say('8613900088001', { text: '水表不走' });
  const ticket = await kit.ticketOf('8613900088001');
  assert.equal(ticket.channel, 'social');
  assert.equal(ticket.requester.name, '王芳');
  const sent = await kit.answer(ticket.id, '明天上门');
  const status = async (id: string, state: string, more: object = {}) => {
    const body = JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id: '1', changes: [{ field: 'messages', value: { metadata: { phone_number_id: '4401' }, statuses: [{ id, status: state, timestamp: '1790000000', recipient_id: '8613900088001', ...more }] } }] }] });
    assert.equal((await kit.send({ body, headers: { 'x-hub-signature-256': `sha256=${createHmac('sha256', 'app-secret').update(body).digest('hex')}` } })).status, 200);
    await kit.settle();
    return (await kit.comments(ticket.id)).find((comment) => comment.body === '明天上门').deliveries[0].state;
  };
  const name = fakes.whatsapp.names.at(-1)!;
  assert.equal(sent.state, 'sent');
  assert.equal(await status(name, 'read'), 'read');
  assert.equal(await status(name, 'delivered'), 'read');
  assert.equal(await status(name, 'failed', { errors: [{ code: 131026, title: 'Message undeliverable' }] }), 'read');
  // Who proved the number there is the customer who proved it here.
  const customer = (await program.call('GET', `/customers/${ticket.requester.customerId}`, { as: 'administrator' })).body;
  assert.match(JSON.stringify(customer), /8001/);
});

test('files go along where the platform takes them, and as a link where it does not', async () => {
  for (const [form, path, marks] of [[telegram, '/bot123:abcdef/sendPhoto', /name="photo"/], [whatsapp, '/4401/media', /name="messaging_product"/], [messenger, '/5501/message_attachments', /name="filedata"/]] as const) {
    const kit = openKit(program, clock, fakes[form.kind as keyof typeof fakes], form);
    await kit.setUp();
    await kit.say(`file_${form.kind}`, { text: '看看图' });
    const ticket = await kit.ticketOf(`file_${form.kind}`);
    const photo = (await upload(program, 'administrator', { content: await photoOf() })).body.id as string;
    await kit.answer(ticket.id, '见图', { attachments: [photo] });
    const call = fakes[form.kind as keyof typeof fakes].calls.find((one) => one.path === path)!;
    assert.match(call.body.toString('latin1'), marks);
  }
  const kit = openKit(program, clock, fakes.line, line);
  await kit.setUp();
  await kit.say('file_line', { text: '看看图' });
  const ticket = await kit.ticketOf('file_line');
  await kit.answer(ticket.id, '见图', { attachments: [(await upload(program, 'administrator', { content: await photoOf() })).body.id] });
  assert.match(fakes.line.said('file_line')[0]!, /^见图\n.*\/t\//);
});

test('what became of a text message is heard from whoever carried it', async () => {
  for (const [form, receipt, shown] of [
    [aliyunTexts, (id: string) => [{ phone_number: '13800000001', success: false, err_code: 'UNDELIV', err_msg: '未送达', biz_id: id }], ['failed', 'UNDELIV: 未送达']],
    [tencentTexts, (id: string) => [{ mobile: '13800000001', report_status: 'SUCCESS', errmsg: 'DELIVRD', sid: id }], ['delivered', null]],
    [gatewayTexts, (id: string) => [{ reference: id, delivered: true }], ['delivered', null]],
  ] as const) {
    const carrier = carriers[form.mode as keyof typeof carriers];
    const kit = openKit(program, clock, carrier, form);
    const channel = await kit.setUp();
    const from = form.who!();
    await kit.say(from, { text: '门禁坏了' });
    const ticket = await kit.ticketOf(from);
    assert.equal(ticket.channel, 'sms');
    assert.equal((await kit.answer(ticket.id, '下午修')).state, 'sent');
    const said = receipt(carrier.names.at(-1)!);
    const answer = await kit.send(form === gatewayTexts ? gatewayCall(channel, clock.now(), said) : { ...form.call(channel, carrier, { from, id: 'x', at: clock.now() }, clock.now()), body: JSON.stringify(said) });
    assert.deepEqual([answer.status, answer.body.code ?? answer.body.result], [200, 0]);
    await kit.settle();
    const delivery = (await kit.comments(ticket.id)).find((comment) => comment.body === '下午修').deliveries[0];
    assert.deepEqual([delivery.state, delivery.said], shown, form.mode);
  }
});

test('who texts a stop gets no text message any more, which colleagues are told; a start lifts it; another signature’s answers are not ours', async () => {
  const kit = openKit(program, clock, carriers.aliyun, aliyunTexts);
  const channel = await kit.setUp();
  const from = aliyunTexts.who!();
  await kit.say(from, { text: '井盖松动' });
  const ticket = await kit.ticketOf(from);
  // What answers a question is no stop.
  for (const text of ['取消', 'n', 'N']) {
    await kit.say(from, { text });
    assert.notEqual((await kit.inbox())[0].outcome, 'opted_out', text);
  }
  await kit.say(from, { text: 'TD' });
  const note = (await kit.comments(ticket.id)).at(-1);
  assert.equal(note.visibility, 'internal');
  assert.match(note.body, /TD/);
  assert.doesNotMatch(note.body, new RegExp(from));
  assert.equal((await kit.inbox())[0].outcome, 'opted_out');
  assert.deepEqual((await kit.route(ticket.id)).skips[0], { route: 'conversation', reason: 'consent' });
  const refused = await kit.answer(ticket.id, '已安排');
  assert.deepEqual([refused.state, refused.reason], ['failed', 'no_way']);
  assert.deepEqual(carriers.aliyun.said(from), []);
  await kit.say(from, { text: 'START' });
  assert.equal((await kit.answer(ticket.id, '已修好')).state, 'sent');
  const elsewhere = aliyunTexts.call(channel, carriers.aliyun, { from, id: 'promo', at: clock.now(), text: '1' }, clock.now());
  assert.equal((await kit.send({ ...elsewhere, body: String(elsewhere.body).replace('安居里', '别家') })).status, 200);
  await kit.settle();
  assert.equal((await kit.inbox())[0].outcome, 'event');
});

test('of a batch of texts all that can be read come in, whatever else is in it; its bytes stay where one of them was known; what no text holds is left out', async () => {
  const kit = openKit(program, clock, carriers.aliyun, aliyunTexts);
  const channel = await kit.setUp();
  const from = aliyunTexts.who!();
  const raw = async (id: string) => (await program.call('GET', `/inbox-messages/${id}/raw`, { as: 'administrator' })).text;
  const textOf = (id: string, text: string) => ({ from, id, at: clock.now(), text });
  const one = aliyunTexts.call(channel, carriers.aliyun, textOf('1', '漏水'), clock.now());
  const [line] = JSON.parse(String(one.body)) as [Record<string, unknown>];
  const push = async (lines: readonly object[]) => {
    const answer = await kit.send({ ...one, body: JSON.stringify(lines) });
    assert.equal(answer.status, 200, answer.text);
    await kit.settle();
    return kit.inbox();
  };
  await push([line]);
  const second = { ...line, sequence_id: 'second', content: '厨房\0\ud800' };
  const [more] = await push([line, second]);
  assert.equal(more.preview, '厨房\ufffd');
  assert.deepEqual(JSON.parse(await raw(more.id)), [line, second]);
  const [third, empty] = [{ ...line, sequence_id: 'third', content: '阳台' }, { ...line, sequence_id: 'empty', content: '' }];
  const after = await push([empty, third]);
  assert.deepEqual([after.length, after[0].preview, after[0].state, after[1].state], [4, '阳台', 'done', 'quarantined']);
  assert.deepEqual(JSON.parse(await raw(after[0].id)), [empty, third]);
  // A call that could not be read as a whole comes in as a whole once it can, what was known already but once.
  const bytes = Buffer.from(JSON.stringify([third, { ...line, sequence_id: 'fourth', content: '书房' }, { ...line, sequence_id: 'fifth', content: '客厅' }]));
  await program.database.transact(program.organization.tenantId, (transaction) => keepMessages(transaction, channel.id, [{ externalId: hash('sha256', bytes), thread: 'unread', occurredAt: clock.now(), parts: [], values: {}, unreadable: true }], bytes, clock.now()));
  await kit.settle();
  const [aside] = await kit.inbox();
  assert.equal(aside.state, 'quarantined');
  const again = await program.call('POST', `/inbox-messages/${aside.id}/actions/reprocess`, { as: 'administrator', body: {} });
  assert.equal(again.status, 200, again.text);
  await kit.settle();
  const all = await kit.inbox();
  assert.deepEqual([all.length, all.filter(({ state }) => state === 'quarantined').length], [7, 1]);
  for (const text of ['书房', '客厅']) assert.deepEqual(all.filter(({ preview }) => preview === text).map(({ state, thread }) => [state, thread]), [['done', from]]);
  assert.equal(all.find(({ id }) => id === aside.id).outcome, 'event');
});

test('what is answered to a text message that went out in place of another way comes onto its ticket, from whom it went to; who merely calls from a number is nobody known', async () => {
  const wide = openKit(program, clock, fakes.whatsapp, whatsapp);
  await wide.setUp();
  const phone = '13700008002';
  await wide.say(`86${phone}`, { text: '热水不热' });
  const ticket = await wide.ticketOf(`86${phone}`);
  await program.database.transact(program.organization.tenantId, (transaction) => transaction.run(build.updateTable('contact_point').set({ verified_at: clock.now() }).where('kind', '=', 'phone').where('value', '=', phone)));
  const account = await program.call('PATCH', '/notice-accounts/sms', { as: 'administrator', body: { mode: 'gateway', settings: { url: carriers.gateway.url }, active: true }, headers: { 'if-match': '*' } });
  assert.equal(account.status, 200, account.text);
  const texts = openKit(program, clock, carriers.aliyun, aliyunTexts);
  await texts.setUp();
  await texts.say(phone, { text: '先问一句' });
  const stranger = await texts.ticketOf(phone);
  assert.notEqual(stranger.requester.customerId, ticket.requester.customerId);
  clock.advance({ days: 2 });
  const sent = await wide.answer(ticket.id, '师傅明早到');
  assert.deepEqual([sent.state, sent.route], ['sent', 'sms']);
  assert.match(carriers.gateway.said(phone)[0]!, new RegExp(ticket.number));
  await texts.say(phone, { text: '好的，九点以后' });
  assert.equal((await texts.ticketOf(phone)).id, ticket.id);
  assert.deepEqual((await texts.comments(ticket.id)).at(-1).body, '好的，九点以后');
  // Somebody who writes there only now, in answer to ours, is who it went to.
  const other = '13700008003';
  await wide.say(`86${other}`, { text: '水压低' });
  const second = await wide.ticketOf(`86${other}`);
  await program.database.transact(program.organization.tenantId, (transaction) => transaction.run(build.updateTable('contact_point').set({ verified_at: clock.now() }).where('kind', '=', 'phone').where('value', '=', other)));
  clock.advance({ days: 2 });
  assert.equal((await wide.answer(second.id, '已派工')).route, 'sms');
  const closed = await program.call('POST', `/tickets/${second.id}/actions/cancel`, { as: 'administrator', body: { reason: '误报' } });
  assert.equal(closed.status, 200, closed.text);
  await texts.say(other, { text: '还是低' });
  const third = await texts.ticketOf(other);
  assert.notEqual(third.id, second.id);
  assert.equal(third.requester.customerId, second.requester.customerId);
});

test('a device’s alarm is acknowledged once it is kept, opens a ticket and ends it; what is old stays out; what is said while nobody listens is heard later', { timeout: 60_000 }, async () => {
  // Its events are of many shapes.
  const broker: Omit<Aedes, 'on' | 'off'> & Pick<EventEmitter, 'on' | 'off'> = await Aedes.createBroker();
  const server = createServer(broker.handle);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`;
  /** Until the program has acknowledged a message that says so. */
  const acknowledged = (words: string) => new Promise<void>((resolve) => {
    const look = (packet: { payload?: Buffer | string } | undefined, client: { id: string }): void => {
      if (!client.id.startsWith('bihuan-') || !String(packet?.payload ?? '').includes(words)) return;
      broker.off('ack', look);
      resolve();
    };
    broker.on('ack', look);
  });
  const made = await program.call('POST', '/channels', { as: 'administrator', body: { kind: 'mqtt', name: '泵房', settings: { url } } });
  assert.equal(made.status, 201, made.text);
  const inbox = async () => (await program.call('GET', `/channels/${made.body.id}/messages`, { as: 'administrator' })).body.items as { id: string; outcome: string | null; state: string; ticket: { id: string } | null }[];
  // What could not be kept is not acknowledged: the connection ends, and the broker brings it to the next one.
  const account = { id: 'spare', identity: 'spare 1', mode: 'broker', mapping: [], values: { url, topic: 'spare/{tenant}/{device}' } };
  const failing = await connectDevices(account, 'first', ['127.0.0.1'], () => Promise.reject(new Error('the database is down')));
  broker.publish({ cmd: 'publish', topic: 'spare/first/pump-9', payload: Buffer.from('{"state":"raised"}'), qos: 1, retain: false, dup: false }, () => {});
  await assert.rejects(failing.ended, /the database is down/);
  const brought = Promise.withResolvers<DeviceMessage>();
  const working = await connectDevices(account, 'first', ['127.0.0.1'], (message) => Promise.resolve(brought.resolve(message)));
  assert.deepEqual([(await brought.promise).device, String((await brought.promise).payload)], ['pump-9', '{"state":"raised"}']);
  await working.close();
  // One that is too large is not put together before somebody looks at it.
  let larger = 0;
  const bounded = await connectDevices({ ...account, id: 'bounded' }, 'first', ['127.0.0.1'], () => Promise.resolve(void (larger += 1)));
  broker.publish({ cmd: 'publish', topic: 'spare/first/pump-9', payload: Buffer.alloc(1_500_000, 'a'), qos: 1, retain: false, dup: false }, () => {});
  await assert.rejects(bounded.ended, /more than 1048576 bytes/);
  assert.equal(larger, 0);
  await assert.rejects(connectDevices(account, 'first', [], () => Promise.resolve()), /internal network/);
  const device = await connectAsync(url, { clientId: 'pump-1', will: { topic: 'wo/v1/first/pump-1/status', payload: Buffer.from('offline'), qos: 1, retain: true } });
  await device.publishAsync('wo/v1/first/pump-1/alarm', JSON.stringify({ alarmId: 'old', code: 'P1', severity: 'major', state: 'raised', ts: clock.now().getTime() - 3_600_000 }), { qos: 1, retain: true });
  const subscribed = once(broker, 'subscribe');
  let devices = runDevices(program.services);
  await subscribed;
  const say = async (alarm: object) => {
    const kept = acknowledged(JSON.stringify(alarm));
    await device.publishAsync('wo/v1/first/pump-1/alarm', JSON.stringify(alarm), { qos: 1 });
    await kept;
  };
  const at = clock.now().getTime();
  const raised = { alarmId: 'a1', code: 'P1', severity: 'critical', state: 'raised', ts: at, value: 1.3, message: '出口压力过高' };
  await say(raised);
  assert.equal((await inbox()).length, 1, 'kept before it was acknowledged, and what the broker had kept for an hour is none');
  await say(raised);
  while (await takeInDue(program.services) > 0);
  const [only, ...more] = await inbox();
  assert.deepEqual(more, []);
  const ticket = (await program.call('GET', `/tickets/${only!.ticket!.id}`, { as: 'administrator' })).body;
  assert.deepEqual([ticket.subject, ticket.priority, ticket.channel], ['出口压力过高', 'urgent', 'alarm']);
  // One connection of one node: nobody else gets it meanwhile.
  const free = async (milliseconds: number) => (await holdChannels(program.database, [{ tenantId: program.organization.tenantId, id: made.body.id }], newId(), clock.now(), milliseconds)).size > 0;
  assert.equal(await free(1_000), false);
  await devices.stop();
  assert.equal(await free(1), true);
  clock.advance({ seconds: 5 });
  await device.publishAsync('wo/v1/first/pump-1/alarm', JSON.stringify({ ...raised, state: 'cleared', ts: at + 5_000 }), { qos: 1 });
  const cleared = acknowledged('"cleared"');
  devices = runDevices(program.services);
  await cleared;
  while (await takeInDue(program.services) > 0);
  assert.equal((await inbox())[0]!.outcome, 'alarm_withdrawn');
  const gone = acknowledged('offline');
  device.stream.destroy();
  await gone;
  device.end(true);
  while (await takeInDue(program.services) > 0);
  const [offline] = await inbox();
  assert.equal(offline!.outcome, 'ticket_opened');
  assert.equal((await program.call('GET', `/tickets/${offline!.ticket!.id}`, { as: 'administrator' })).body.subject, 'pump-1 offline');
  // What came is a sample for the mapping as it is.
  const raw = await program.call('GET', `/inbox-messages/${only!.id}/raw`, { as: 'administrator' });
  const tried = await program.call('POST', '/channels/try-mapping', { as: 'administrator', body: { kind: 'mqtt', mapping: [{ target: 'subject', text: '{{device}}：{{value}} MPa' }], body: raw.text } });
  assert.deepEqual([tried.status, tried.body.messages?.[0]?.values.subject], [200, 'pump-1：1.3 MPa'], tried.text);
  // What no text of the database holds blocks nothing, and what merely repeats itself is kept once.
  const before = (await inbox()).length;
  const spare = await connectAsync(url, { clientId: 'pump-2' });
  for (const [index, state] of ['raised', 'raised', 'cleared', 'raised'].entries()) {
    const kept = acknowledged(`"state":"${state}"`);
    clock.advance({ seconds: 1 });
    await spare.publishAsync('wo/v1/first/pump-2/alarm', JSON.stringify({ code: 'Q', message: 'a\0b\udc00', state }), { qos: 1 });
    await kept;
    assert.equal((await inbox()).length, before + [1, 1, 2, 3][index]!);
  }
  await spare.endAsync();
  await devices.stop();
  broker.close();
  server.close();
});
