import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { after, test } from 'node:test';
import { holdMilliseconds, runStreams } from '../../server/journey/intake/run-streams.ts';
import { sendDueGreetings } from '../../server/journey/intake/welcome.ts';
import { build } from '../../server/platform/db/database.ts';
import { holdChannels } from '../../server/records/channel/holds.ts';
import { eventually } from '../browser/eventually.ts';
import { channelContract, openKit, type KitMessage } from '../support/channel-kit.ts';
import { openFakeDingtalk, openedAnswer, robotHeaders, sealedEvent } from '../support/fake-dingtalk.ts';
import { openFakeFeishu, sealedFeishu } from '../support/fake-feishu.ts';
import { messageXml, openFakeWechat, sealedCallback } from '../support/fake-wechat.ts';
import { dingtalkHttp, dingtalkStream, feishu, feishuEvent, robotMessage, session } from '../support/office-kinds.ts';
import { openTestProgram, testClock } from '../support/program.ts';
import { callbackAccount, wechatKf, wecom, xmlCall } from '../support/wechat-kinds.ts';
import { photoOf, upload } from './scene.ts';

const clock = testClock();
const program = await openTestProgram({ clock });
const [dingtalk, larks, wechat] = [await openFakeDingtalk(), await openFakeFeishu(), await openFakeWechat()];
program.services.privateHosts = ['127.0.0.1'];
// Hours pass here.
await program.database.transact(program.organization.tenantId, (transaction) => transaction.run(build.updateTable('session').set({ expires_at: new Date('2099-01-01'), last_seen_at: new Date('2098-12-01') })));
let streams = runStreams(program.services);
after(async () => {
  await streams.stop();
  await program.close();
  await Promise.all([dingtalk.close(), larks.close(), wechat.close()]);
});

/** Until both connections of an app are open. */
async function listening(clientId: string): Promise<void> {
  if (dingtalk.gateway.of(clientId).length < 2) streams.wake();
  await eventually(async () => dingtalk.gateway.of(clientId).length === 2, async () => `${dingtalk.gateway.of(clientId).length} connections`);
}

channelContract(() => Promise.resolve({ program, clock, platform: dingtalk }), dingtalkHttp);
channelContract(() => Promise.resolve({ program, clock, platform: dingtalk }), dingtalkStream(listening));
channelContract(() => Promise.resolve({ program, clock, platform: larks }), feishu);

const said = (from: string, text: string): KitMessage => ({ from, id: randomUUID(), at: clock.now(), text });

test('DingTalk asks whether the address is ours, and wants every event answered in its cipher', async () => {
  const kit = openKit(program, clock, dingtalk, dingtalkHttp);
  const { made } = await kit.setUp();
  const account = { token: made['token']!, encodingAesKey: made['encodingAesKey']!, clientId: 'dingapp01' };
  for (const event of [{ EventType: 'check_url' }, { EventType: 'user_add_org', UserId: ['1'], TimeStamp: String(clock.now().getTime()) }]) {
    const answer = await kit.send(sealedEvent(account, event, clock.now()));
    assert.equal(answer.status, 200, answer.text);
    const { message, id } = openedAnswer(account, answer.body);
    assert.deepEqual([message, id], ['success', 'dingapp01']);
  }
  // Where the robot's messages are encrypted as well, they are signed as robots sign.
  const { body } = sealedEvent(account, robotMessage(said('staff_sealed', '打印机卡纸')), clock.now());
  assert.equal((await kit.send({ body, headers: robotHeaders('client-secret', clock.now()) })).text, '{}');
  await kit.settle();
  assert.deepEqual((await kit.inbox()).map((row) => row.outcome), ['ticket_opened', 'event']);
});

test('all that one can say to the robot of DingTalk comes in: words with pictures, recordings with what was heard, files by their names', async () => {
  const kit = openKit(program, clock, dingtalk, dingtalkHttp);
  await kit.setUp();
  const photo = await photoOf();
  for (const code of ['rich', 'amr', 'doc']) dingtalk.media.set(code, { contentType: 'image/jpeg', bytes: photo });
  dingtalk.people.set('staff_li', { name: '李雷', unionid: 'union_li' });
  const say = async (more: object) => {
    assert.equal((await kit.send({ body: JSON.stringify(robotMessage(said('staff_li', ''), more as Record<string, unknown>)), headers: robotHeaders('client-secret', clock.now()) })).status, 200);
    await kit.settle();
  };
  await say({ msgtype: 'richText', content: { richText: [{ text: '会议室投影' }, { text: '不亮\n' }, { type: 'picture', downloadCode: 'rich', pictureDownloadCode: 'x' }, { text: '第二个插座也没电' }] } });
  await say({ msgtype: 'audio', content: { downloadCode: 'amr', recognition: '下午两点要用', duration: 4_000 } });
  await say({ msgtype: 'file', content: { downloadCode: 'doc', fileName: '照片.jpg', fileId: '1', spaceId: '2' } });
  const ticket = await kit.ticketOf('staff_li');
  assert.equal(ticket.channel, 'dingtalk');
  assert.equal(ticket.requester.name, '李雷');
  assert.match(ticket.description, /会议室投影不亮\n[\s\S]*第二个插座也没电/);
  assert.ok((await kit.comments(ticket.id)).some((comment) => comment.body.includes('下午两点要用')));
  const names = (await kit.timeline(ticket.id)).filter((entry) => entry.kind === 'file.attached').flatMap((entry) => entry.data.names as string[]);
  assert.equal(names.length, 3);
  assert.ok(names.some((name) => name.startsWith('照片')), names.join());
});

test('in a group each person has a conversation of their own; it is answered there, by the session while it lives, else by the robot', async () => {
  const kit = openKit(program, clock, dingtalk, dingtalkHttp);
  await kit.setUp();
  const group = { conversationType: '2', conversationId: 'cidGroup==', conversationTitle: '三号楼', isInAtList: true };
  const say = async (from: string, text: string, more: object = {}) => {
    const message = said(from, ` ${text}`);
    assert.equal((await kit.send({ body: JSON.stringify(robotMessage(message, { ...group, ...session(dingtalk, { from: `${from}-session`, at: message.at }), ...more })), headers: robotHeaders('client-secret', clock.now()) })).status, 200);
    await kit.settle();
  };
  await say('group_a', '门禁坏了');
  await say('group_b', '电梯慢');
  const [first, second] = [await kit.ticketOf('group_a'), await kit.ticketOf('group_b')];
  assert.notEqual(first.id, second.id);
  assert.equal(first.subject, '门禁坏了');
  assert.equal((await kit.answer(first.id, '十分钟到')).state, 'sent');
  assert.deepEqual(dingtalk.said('group_a-session'), ['十分钟到']);
  assert.deepEqual(dingtalk.sent.at(-1)!.body['at'], { atUserIds: ['group_a'], isAtAll: false });
  // The session ends before its time, as DingTalk may have it.
  dingtalk.next.push({ path: '/robot/sendBySession', answer: () => ({ body: { errcode: 300001, errmsg: 'session 不存在' } }) });
  assert.equal((await kit.answer(first.id, '修好了')).state, 'sent');
  clock.advance({ seconds: 7_200 });
  assert.equal((await kit.answer(second.id, '明天检修')).state, 'sent');
  assert.deepEqual(dingtalk.said('cidGroup=='), ['修好了', '明天检修']);
  // Somebody of another organization has no name the robot could write to: only the session, and only DingTalk's own address.
  await say('', '我是访客', { senderStaffId: undefined, senderId: 'visitor', conversationType: '1', sessionWebhook: 'http://127.0.0.1:9/robot/sendBySession?session=x' });
  const third = await kit.ticketOf('visitor');
  const delivery = await kit.answer(third.id, '请到前台');
  assert.deepEqual([delivery.state, delivery.skips[0].reason], ['failed', 'window_closed']);
});

test('pictures and papers go along as DingTalk takes them, the rest is linked; whom it does not reach is said', async () => {
  const kit = openKit(program, clock, dingtalk, dingtalkHttp);
  await kit.setUp();
  await kit.say('staff_files', { text: '要报价' });
  const ticket = await kit.ticketOf('staff_files');
  const [photo, paper, text] = [
    await upload(program, 'administrator', { content: await photoOf() }), await upload(program, 'administrator', { content: Buffer.from('%PDF-1.4\n%%EOF'), name: '报价.pdf', type: 'application/pdf' }), await upload(program, 'administrator', { content: Buffer.from('x'), name: '说明.txt', type: 'text/plain' }),
  ].map((answer) => answer.body.id as string);
  assert.equal((await kit.answer(ticket.id, '见附件', { attachments: [photo, paper, text] })).state, 'sent');
  const sent = dingtalk.sent.filter((one) => one.to === 'staff_files');
  assert.deepEqual(sent.map((one) => one.type), ['text', 'image', 'file']);
  assert.match(sent[0]!.text, /^见附件\n(另有 1 个附件|1 more file)/);
  assert.deepEqual(JSON.parse(sent[2]!.body['msgParam'] as string).fileType, 'pdf');
  dingtalk.next.push({ path: '/v1.0/robot/oToMessages/batchSend', answer: () => ({ body: { processQueryKey: 'k', invalidStaffIdList: ['staff_files'] } }) });
  const failed = await kit.answer(ticket.id, '在吗');
  assert.deepEqual([failed.state, failed.skips[0].reason], ['failed', 'address']);
});

test('the stream: two connections, questions answered, told and broken ends mended, each message once whatever is not heard', { timeout: 60_000 }, async () => {
  const kit = openKit(program, clock, dingtalk, { ...dingtalkStream(listening), settings: { clientId: 'dingapp04', clientSecret: 'client-secret' } });
  await kit.setUp();
  await listening('dingapp04');
  const { gateway } = dingtalk;
  const [first] = gateway.of('dingapp04');
  const answer = await gateway.ask(first!, 'ping', { opaque: 'dda1-4ab2' });
  assert.deepEqual([(answer as { code: number }).code, (answer as { data: string }).data], [200, '{"opaque":"dda1-4ab2"}']);
  const push = (from: string, text: string, to = undefined as typeof first) => gateway.push('dingapp04', robotMessage({ ...said(from, text), id: text }), to);
  // Answered, but the answer is lost with the connection, again and again.
  gateway.deaf = 3;
  const kept = await push('stream_a', '灯坏了');
  assert.deepEqual(JSON.parse(kept.data), { response: {} });
  await listening('dingapp04');
  // Told that it will be closed, another is opened first; what comes on the old one meanwhile is taken.
  const opened = gateway.opened;
  const [old] = gateway.of('dingapp04');
  void gateway.ask(old!, 'disconnect', { reason: 'persistent connection is timeout' });
  await eventually(async () => gateway.opened === opened + 1, 'another one is opened');
  await push('stream_a', '还是不亮', old);
  old!.close();
  await listening('dingapp04');
  // The same on both, while all breaks.
  const many = Array.from({ length: 40 }, (_, index) => index);
  const pushed = many.map((index) => {
    const sockets = gateway.of('dingapp04');
    if (index % 13 === 5) gateway.drop();
    return Promise.all([push(`many_${index}`, `第 ${index} 条`, sockets[0]), push(`many_${index}`, `第 ${index} 条`, sockets[1])]);
  });
  await Promise.all(pushed);
  await kit.settle();
  const rows = await program.database.transact(program.organization.tenantId, (transaction) => transaction.run(build.selectFrom('inbox_message').select(['external_id', 'state', 'outcome']).where('account_id', '=', kit.channel.id)));
  assert.equal(rows.length, 42);
  assert.ok(rows.every((row) => row.state === 'done'), JSON.stringify(rows.find((row) => row.state !== 'done')));
  assert.equal(rows.filter((row) => row.outcome === 'ticket_opened').length, 41);
});

test('one node listens to an account; when it has died another takes over; a wrong secret is said', { timeout: 60_000 }, async () => {
  await streams.stop();
  const dead = randomUUID();
  const kit = openKit(program, clock, dingtalk, { ...dingtalkStream(listening), settings: { clientId: 'dingapp05', clientSecret: 'client-secret' } });
  await kit.setUp();
  const held = async (holder: string) => (await holdChannels(program.database, [{ tenantId: program.organization.tenantId, id: kit.channel.id }], holder, clock.now(), holdMilliseconds)).has(kit.channel.id);
  assert.equal(await held(dead), true);
  assert.equal(await held(randomUUID()), false);
  assert.equal(await held(dead), true, 'held on');
  const until = async () => (await program.database.transact(program.organization.tenantId, (transaction) => transaction.run(build.selectFrom('channel_hold').select('held_until').where('account_id', '=', kit.channel.id))))[0]?.held_until.getTime();
  const first = await until();
  clock.advance({ seconds: holdMilliseconds / 4_000 });
  assert.deepEqual([await held(dead), await until()], [true, first], 'nothing is written before half of it is over');
  clock.advance({ seconds: holdMilliseconds / 2_000 });
  assert.deepEqual([await held(dead), await until()], [true, clock.now().getTime() + holdMilliseconds]);
  assert.deepEqual(dingtalk.gateway.of('dingapp05'), []);
  clock.advance({ seconds: holdMilliseconds / 1_000 + 1 });
  streams = runStreams(program.services);
  await listening('dingapp05');
  assert.equal(await held(dead), false, 'what was thought dead finds it taken');
  const shown = async () => (await program.call('GET', `/channels/${kit.channel.id}`, { as: 'administrator' })).body;
  const changed = await program.call('PATCH', `/channels/${kit.channel.id}`, { as: 'administrator', body: { settings: { ...(await shown()).settings, clientSecret: 'wrong' } }, headers: { 'if-match': '*' } });
  assert.equal(changed.status, 200, changed.text);
  streams.wake();
  await eventually(async () => (await shown()).health.state === 'refusing', 'it is said');
  assert.match((await shown()).health.lastRefusal, /^account: DingTalk invalidClientIdOrSecret/);
  assert.deepEqual(dingtalk.gateway.of('dingapp05'), [], 'the old connections are closed');
  // Switched off, it is nobody's.
  assert.notEqual(await until(), undefined);
  assert.equal((await program.call('PATCH', `/channels/${kit.channel.id}`, { as: 'administrator', body: { active: false }, headers: { 'if-match': '*' } })).status, 200);
  streams.wake();
  await eventually(async () => await until() === undefined, 'the lease is given back');
});

const require = createRequire(import.meta.url);
const lark = require('@larksuiteoapi/node-sdk') as {
  AESCipher: new (key: string) => { decrypt(sealed: string): string };
  EventDispatcher: new (options: object) => { register(handles: Record<string, (event: Record<string, unknown>) => unknown>): { invoke(data: object): Promise<unknown> } };
  Client: new (options: object) => { im: { v1: { message: { create(request: object): Promise<unknown>; reply(request: object): Promise<unknown> }; image: { create(request: object): Promise<unknown> } } } };
  LoggerLevel: { error: number };
};

test('Feishu’s own SDK takes the events these tests make for genuine, and makes the calls that go out from here', async () => {
  const kit = openKit(program, clock, larks, feishu);
  const { made } = await kit.setUp();
  const key = made['encryptKey']!;
  const heard: unknown[] = [];
  const dispatcher = new lark.EventDispatcher({ encryptKey: key, verificationToken: 'verification', loggerLevel: lark.LoggerLevel.error }).register({ 'im.message.receive_v1': (event) => heard.push((event['message'] as { content: string }).content) });
  const { body, headers } = sealedFeishu(key, feishuEvent(said('ou_sdk', '投影仪坏了')), clock.now());
  await dispatcher.invoke(Object.assign(Object.create({ headers }) as object, JSON.parse(body)));
  assert.deepEqual(heard, ['{"text":"投影仪坏了"}']);
  await kit.say('ou_sdk', { text: '投影仪坏了' });
  const ticket = await kit.ticketOf('ou_sdk');
  await kit.answer(ticket.id, '马上到');
  const ours = larks.calls.findLast((call) => call.path === '/open-apis/im/v1/messages')!;
  const client = new lark.Client({ appId: 'cli_a0001', appSecret: 'secret', domain: larks.url, loggerLevel: lark.LoggerLevel.error });
  await client.im.v1.message.create({ params: { receive_id_type: 'open_id' }, data: { receive_id: 'ou_sdk', msg_type: 'text', content: JSON.stringify({ text: '马上到' }), uuid: ours.json.uuid } });
  const theirs = larks.calls.findLast((call) => call.path === '/open-apis/im/v1/messages')!;
  assert.notEqual(theirs, ours);
  assert.deepEqual([theirs.method, theirs.query.toString(), theirs.json], [ours.method, ours.query.toString(), ours.json]);
  assert.deepEqual(larks.said('ou_sdk'), ['马上到'], 'taken once, being the same');
});

test('Feishu asks whether the address is ours, unsigned, and is answered what it sealed', async () => {
  const kit = openKit(program, clock, larks, feishu);
  const { made } = await kit.setUp();
  const question = (token: string) => kit.send(sealedFeishu(made['encryptKey']!, { challenge: 'ajls384kdjx98XX', token, type: 'url_verification' }, clock.now(), { signed: false }));
  const answer = await question('verification');
  assert.deepEqual([answer.status, answer.body], [200, { challenge: 'ajls384kdjx98XX' }]);
  assert.equal((await question('another')).status, 401);
});

test('in Feishu too a group is a conversation for each; rich texts come whole, and what was read is said', async () => {
  const kit = openKit(program, clock, larks, feishu);
  const { made } = await kit.setUp();
  larks.people.set('ou_han', '韩梅梅');
  larks.media.set('img_1', { contentType: 'image/jpeg', bytes: await photoOf() });
  const mentions = [{ key: '@_user_1', id: { open_id: 'ou_bot' }, name: '报修助手', tenant_key: 't1' }, { key: '@_user_2', id: { open_id: 'ou_wang' }, name: '王芳', tenant_key: 't1' }];
  const hear = async (event: object) => {
    assert.equal((await kit.send(sealedFeishu(made['encryptKey']!, event, clock.now()))).status, 200);
    await kit.settle();
  };
  const group = { chat_type: 'group', chat_id: 'oc_group', mentions };
  const post = { title: '茶水间', content: [[{ tag: 'at', user_id: '@_user_1', user_name: '报修助手' }, { tag: 'text', text: ' 饮水机漏水，' }, { tag: 'at', user_id: '@_user_2', user_name: '王芳' }, { tag: 'text', text: ' 看到的' }], [{ tag: 'img', image_key: 'img_1' }], [{ tag: 'a', text: '说明', href: 'https://example.com/m' }]] };
  await hear(feishuEvent(said('ou_han', ''), { message: { ...group, message_id: 'om_post', message_type: 'post', content: JSON.stringify(post) } }));
  await hear(feishuEvent(said('ou_other', '@_user_1 空调不冷'), { message: group }));
  // People among themselves, and another program, are not speaking to us.
  await hear(feishuEvent(said('ou_other', '中午吃什么'), { message: { ...group, mentions: [] } }));
  const ticket = await kit.ticketOf('ou_han');
  assert.equal(ticket.requester.name, '韩梅梅');
  assert.equal(ticket.channel, 'feishu');
  assert.equal(ticket.description, '茶水间\n饮水机漏水，@王芳 看到的\n[Picture]\n说明 https://example.com/m');
  assert.equal((await kit.ticketOf('ou_other')).subject, '空调不冷');
  assert.equal((await kit.inbox()).filter((row) => row.outcome === 'event').length, 1);
  larks.writers.set('om_post', 'ou_han');
  assert.equal((await kit.answer(ticket.id, '已派人 <at user_id="all"></at>')).state, 'sent');
  const sent = larks.sent.at(-1)!;
  assert.deepEqual([sent.path, sent.content['text']], ['/open-apis/im/v1/messages/om_post/reply', '已派人 ＜at user_id="all">＜/at>']);
  // What they wrote was taken back meanwhile: they are written to all the same.
  larks.next.push({ path: /\/reply$/, answer: () => ({ status: 400, body: { code: 230011, msg: 'The message was withdrawn.' } }) });
  assert.equal((await kit.answer(ticket.id, '修好了')).state, 'sent');
  assert.deepEqual(larks.said('oc_group'), ['修好了']);
  const read = { schema: '2.0', header: { event_id: randomUUID(), token: 'verification', create_time: String(clock.now().getTime()), event_type: 'im.message.message_read_v1', app_id: 'cli_a0001' }, event: { reader: { reader_id: { open_id: 'ou_han' }, read_time: String(clock.now().getTime()) }, message_id_list: [sent.id, larks.sent.at(-1)!.id] } };
  await hear(read);
  await hear(read);
  assert.deepEqual((await kit.comments(ticket.id)).flatMap((comment) => comment.deliveries?.map((one: { state: string }) => one.state) ?? []), ['read', 'read']);
});

test('a customer who added a colleague in WeCom is welcomed within seconds, and known when they write elsewhere', async () => {
  const kit = openKit(program, clock, wechat, wecom);
  await kit.setUp({ welcome: '您好，我是您的管家。报修请点下面。' });
  wechat.people.set('wm_zhao', { name: '赵敏', unionid: 'union_zhao' });
  const change = (type: string, code: string, contact = 'wm_zhao') => xmlCall(sealedCallback(callbackAccount(kit.channel, wecom), messageXml({
    ToUserName: 'ww', FromUserName: 'sys', CreateTime: Math.floor(clock.now().getTime() / 1_000), MsgType: 'event', Event: 'change_external_contact', ChangeType: type, UserID: 'zhangsan', ExternalUserID: contact, ...(code === '' ? {} : { WelcomeCode: code }),
  }), { at: clock.now(), by: '@wecom/crypto' }));
  const welcomes = () => wechat.calls.filter((call) => call.path === '/cgi-bin/externalcontact/send_welcome_msg');
  for (let time = 0; time < 2; time += 1) assert.equal((await kit.send(change('add_external_contact', 'code-1'))).status, 200);
  await kit.settle();
  assert.equal((await kit.inbox())[0].outcome, 'contact_added');
  await sendDueGreetings(program.services);
  await sendDueGreetings(program.services);
  assert.equal(welcomes().length, 1);
  const { text, attachments, welcome_code: code } = welcomes()[0]!.json;
  assert.deepEqual([code, text.content, attachments[0].link.url], ['code-1', '您好，我是您的管家。报修请点下面。', `${program.services.publicUrl}/portal/${program.organization.slug}`]);
  // While the platform does not say who they are, they are welcomed all the same.
  wechat.people.set('wm_qian', { name: '钱进' });
  wechat.next.push({ path: '/externalcontact/get', answer: () => ({ status: 503, body: 'busy' }) });
  assert.equal((await kit.send(change('add_external_contact', 'code-slow', 'wm_qian'))).status, 200);
  await kit.settle();
  await sendDueGreetings(program.services);
  assert.deepEqual([welcomes().length, (await kit.inbox())[0].state], [2, 'waiting']);
  clock.advance({ seconds: 15 });
  await kit.settle();
  await sendDueGreetings(program.services);
  assert.deepEqual([welcomes().length, (await kit.inbox())[0].outcome], [2, 'contact_added']);
  // The same person writes to customer service, and is no stranger.
  const service = openKit(program, clock, wechat, wechatKf);
  wechat.pages.length = 0;
  await service.setUp();
  await service.say('wm_zhao', { text: '下水堵了' });
  const ticket = await service.ticketOf('wm_zhao');
  assert.equal(ticket.requester.name, '赵敏');
  const customer = await program.call('GET', `/customers/${ticket.requester.customerId}`, { as: 'administrator' });
  assert.equal(customer.status, 200, customer.text);
  assert.equal((await program.database.transact(program.organization.tenantId, (transaction) => transaction.run(build.selectFrom('channel_identity').select('account_id').distinct().where('customer_id', '=', ticket.requester.customerId)))).length, 2);
  // Too late there is none; refused by a right that is missing, whoever looks after the account is told.
  assert.equal((await kit.send(change('add_half_external_contact', 'code-2'))).status, 200);
  await kit.settle();
  clock.advance({ seconds: 21 });
  await sendDueGreetings(program.services);
  assert.equal(welcomes().length, 2);
  wechat.next.push({ path: '/send_welcome_msg', answer: () => ({ body: { errcode: 60011, errmsg: 'no privilege' } }) });
  assert.equal((await kit.send(change('add_external_contact', 'code-3'))).status, 200);
  await kit.settle();
  await sendDueGreetings(program.services);
  assert.match((await program.call('GET', `/channels/${kit.channel.id}`, { as: 'administrator' })).body.health.lastRefusal, /60011/);
  for (const type of ['del_external_contact', 'del_follow_user', 'edit_external_contact']) assert.equal((await kit.send(change(type, ''))).status, 200);
  await kit.settle();
  assert.deepEqual((await kit.inbox()).slice(0, 3).map((row) => row.outcome), ['event', 'event', 'event']);
});
