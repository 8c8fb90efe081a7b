import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { build } from '../../server/platform/db/database.ts';
import { advance, registerReader } from '../../server/platform/facts/readers.ts';
import { runDueTimers } from '../../server/platform/timers/timers.ts';
import { openNews } from '../../server/reactions/news/plan-news.ts';
import { tellDueNews } from '../../server/reactions/news/tell-news.ts';
import { chooseNews, newsChoiceOf } from '../../server/records/news/choices.ts';
import { timerHandlers } from '../../server/timers.ts';
import { channelContract, openKit } from '../support/channel-kit.ts';
import { messageXml, openFakeWechat, sealedCallback } from '../support/fake-wechat.ts';
import { openTestProgram, testClock } from '../support/program.ts';
import { callbackAccount, miniProgram, officialAccount as wechat, textOf, wechatKf as kf, wecom, xmlCall } from '../support/wechat-kinds.ts';
import { photoOf, upload } from './scene.ts';

const clock = testClock();
const program = await openTestProgram({ clock });
const platform = await openFakeWechat();
program.services.privateHosts = ['127.0.0.1'];
// Days pass here.
await program.database.transact(program.organization.tenantId, (transaction) => transaction.run(build.updateTable('session').set({ expires_at: new Date('2099-01-01'), last_seen_at: new Date('2098-12-01') })));
after(async () => {
  await program.close();
  await platform.close();
});

const seconds = (at: Date) => Math.floor(at.getTime() / 1_000);
const desk = 'wk0001';
const open = () => Promise.resolve({ program, clock, platform });

for (const kind of [wechat, miniProgram, wecom, kf]) channelContract(open, kind);

test('the address is checked by the platform before it is used: plainly by WeChat, encrypted by WeCom', async () => {
  const kit = openKit(program, clock, platform, wechat);
  await kit.setUp();
  const { query } = sealedCallback(callbackAccount(kit.channel, wechat), 'x', { at: clock.now() });
  const plain = await kit.send({ method: 'GET', query: `${query}&echostr=8091347823`, body: '' });
  assert.deepEqual([plain.status, plain.text], [200, '8091347823']);
  assert.equal((await kit.send({ method: 'GET', query: `${query.replace(/signature=[^&]+/, 'signature=0')}&echostr=1`, body: '' })).status, 401);
  const other = openKit(program, clock, platform, kf);
  await other.setUp();
  const sealed = sealedCallback(callbackAccount(other.channel, kf), '5927782489442352469', { at: clock.now(), by: '@wecom/crypto' });
  const echo = /Encrypt><!\[CDATA\[(.+?)\]\]/.exec(sealed.body)![1]!;
  const answer = await other.send({ method: 'GET', query: `${sealed.query}&echostr=${encodeURIComponent(echo)}`, body: '' });
  assert.deepEqual([answer.status, answer.text], [200, '5927782489442352469']);
});

test('whoever the platform says is the same person is one customer; a like name is none', async () => {
  const account = openKit(program, clock, platform, wechat);
  await account.setUp();
  const service = openKit(program, clock, platform, kf);
  platform.pages.length = 0;
  await service.setUp();
  platform.people.set('openid_wang', { unionid: 'union_wang', nickname: '王芳' });
  platform.people.set('external_wang', { unionid: 'union_wang', nickname: '芳芳' });
  platform.people.set('external_other', { nickname: '王芳' });
  await account.say('openid_wang', { text: '水管漏水' });
  await service.say('external_wang', { text: '再问一下' });
  await service.say('external_other', { text: '灯坏了' });
  const [first, second, third] = [await account.ticketOf('openid_wang'), await service.ticketOf('external_wang'), await service.ticketOf('external_other')];
  assert.equal(first.requester.name, '王芳');
  assert.equal(second.requester.customerId, first.requester.customerId);
  assert.notEqual(third.requester.customerId, first.requester.customerId);
  // Two days on, the account is closed to free messages; the service desk they wrote to later is open.
  clock.advance({ days: 1 });
  await service.say('external_wang', { text: '在吗' });
  clock.advance({ days: 1, seconds: 5 });
  const delivery = await account.answer(first.id, '已经修好');
  assert.deepEqual([delivery.state, delivery.route], ['sent', 'other']);
  assert.deepEqual(delivery.skips, [{ route: 'conversation', reason: 'window_closed' }, { route: 'template', reason: 'no_template' }]);
  assert.equal(platform.sent.at(-1)!['touser'], 'external_wang');
});

test('a finished matter is over: what is written then is another ticket; one that greets says later what it is', async () => {
  const kit = openKit(program, clock, platform, wechat);
  await kit.setUp();
  await kit.say('o_greets', { text: '你好' });
  const first = await kit.ticketOf('o_greets');
  assert.equal(first.subject, '你好');
  await kit.say('o_greets', { text: '三号楼门禁坏了。进不去' });
  assert.deepEqual([(await kit.ticketOf('o_greets')).subject, (await kit.ticketOf('o_greets')).description], ['三号楼门禁坏了', '你好\n三号楼门禁坏了。进不去']);
  await kit.say('o_nowhere', { place: { lat: 0, lng: 0, label: '' } });
  assert.deepEqual([(await kit.ticketOf('o_nowhere')).subject, (await kit.ticketOf('o_nowhere')).location?.lat ?? null], ['[Place]', null]);
  const resolved = await program.call('POST', `/tickets/${first.id}/actions/resolve`, { as: 'administrator', body: { resolution: '已修' } });
  assert.equal(resolved.status, 200, resolved.text);
  await kit.say('o_greets', { text: '谢谢' });
  assert.equal((await kit.ticketOf('o_greets')).id, first.id);
  assert.equal((await kit.ticketOf('o_greets')).status, 'resolved');
  const closed = await program.call('POST', `/tickets/${first.id}/actions/close`, { as: 'administrator', body: {} });
  assert.equal(closed.status, 200, closed.text);
  await kit.say('o_greets', { text: '走廊灯坏了' });
  const next = await kit.ticketOf('o_greets');
  assert.notEqual(next.id, first.id);
  assert.equal(next.requester.customerId, first.requester.customerId);
});

test('what a receipt says moves only forward, also where it comes twice or too early', async () => {
  const kit = openKit(program, clock, platform, wechat);
  await kit.setUp({ templateId: 'template_0001' });
  await kit.say('o_receipt', { text: '水表不走' });
  const ticket = await kit.ticketOf('o_receipt');
  clock.advance({ days: 3 });
  const sent = await kit.answer(ticket.id, '已派工');
  assert.deepEqual([sent.state, sent.route], ['sent', 'template']);
  const receipt = async (status: string, at: number) => {
    const { query, body } = sealedCallback(callbackAccount(kit.channel, wechat), messageXml({ ToUserName: 'gh_1', FromUserName: 'o_receipt', CreateTime: at, MsgType: 'event', Event: 'TEMPLATESENDJOBFINISH', MsgID: `sent-${platform.sent.length}`, Status: status }), { at: clock.now() });
    assert.equal((await kit.send(xmlCall({ query, body }))).status, 200);
    await kit.settle();
  };
  await receipt('success', 1);
  await receipt('failed:user block', 2);
  const [delivery] = (await kit.comments(ticket.id)).find((comment) => comment.direction === 'outbound').deliveries;
  assert.equal(delivery.state, 'delivered');
});

test('an answer that failed for good is told of to who wrote it and can be sent again; files go along or are linked', async () => {
  const kit = openKit(program, clock, platform, wechat);
  await kit.setUp();
  await kit.say('o_fails', { text: '暖气不热' });
  const ticket = await kit.ticketOf('o_fails');
  platform.next.push({ path: '/custom/send', answer: () => ({ body: { errcode: 87014, errmsg: 'risky content' } }) });
  const failed = await kit.answer(ticket.id, '今天下午');
  assert.deepEqual([failed.state, failed.reason], ['failed', 'content']);
  assert.match(failed.said, /87014/);
  const again = await program.call('POST', `/tickets/${ticket.id}/deliveries/${failed.id}/actions/send_again`, { as: 'administrator', body: {} });
  assert.equal(again.status, 200, again.text);
  await kit.settle();
  assert.equal(platform.sent.filter((sent) => textOf(sent) === '今天下午').length, 1);
  assert.ok((await kit.timeline(ticket.id)).some((entry) => entry.kind === 'reply.failed'));
  const long = await kit.answer(ticket.id, '长'.repeat(1_500));
  assert.equal(long.state, 'sent');
  assert.ok(Buffer.byteLength(textOf(platform.sent.at(-1))) <= 2_048);
  assert.match(textOf(platform.sent.at(-1)), /\/t\//);
  const refused = await program.call('POST', `/tickets/${ticket.id}/deliveries/${failed.id}/actions/send_again`, { as: 'agent', body: {} });
  assert.ok([403, 404, 409].includes(refused.status), refused.text);
});

test('a customer who takes nothing from us any more is reached by no other means unless there is one, and a person is asked', async () => {
  const kit = openKit(program, clock, platform, wechat);
  await kit.setUp();
  await kit.say('o_left', { text: '下水堵了' });
  const ticket = await kit.ticketOf('o_left');
  platform.next.push({ path: '/custom/send', answer: () => ({ body: { errcode: 43004, errmsg: 'require subscribe' } }) });
  const delivery = await kit.answer(ticket.id, '师傅已出发');
  assert.deepEqual([delivery.state, delivery.reason], ['failed', 'no_way']);
  assert.deepEqual(delivery.skips.map((skip: { route: string; reason: string }) => `${skip.route} ${skip.reason}`), ['conversation consent', 'template no_template', 'other no_other', 'sms no_sms']);
  // The channel is sound all the same.
  const { replies } = (await program.call('GET', `/channels/${kit.channel.id}`, { as: 'administrator' })).body.health;
  assert.deepEqual([replies.failed, replies.failing, replies.failingSince], [0, 0, null]);
});

test('answers to one person go out in the order they were written', async () => {
  const kit = openKit(program, clock, platform, wechat);
  await kit.setUp();
  await kit.say('o_order', { text: '信报箱坏了' });
  const ticket = await kit.ticketOf('o_order');
  platform.next.push({ path: '/custom/send', answer: () => ({ body: { errcode: -1, errmsg: 'busy' } }) });
  await kit.answer(ticket.id, '一');
  await kit.answer(ticket.id, '二');
  assert.deepEqual(platform.sent.filter((sent) => sent['touser'] === 'o_order'), []);
  clock.advance({ seconds: 10 });
  await kit.settle();
  assert.deepEqual(platform.sent.filter((sent) => sent['touser'] === 'o_order').map(textOf), ['一', '二']);
});

test('what was merged is answered to each who reported it, by a link of their own; what is split off, the way it came', async () => {
  const kit = openKit(program, clock, platform, wechat);
  await kit.setUp();
  await kit.say('o_first', { text: '小区停水' });
  await kit.say('o_second', { text: '家里没有水' });
  const [target, source] = [await kit.ticketOf('o_first'), await kit.ticketOf('o_second')];
  const merged = await program.call('POST', `/tickets/${source.id}/merge`, { as: 'administrator', body: { into: target.id } });
  assert.equal(merged.status, 200, merged.text);
  await kit.say('o_second', { text: '什么时候来水' });
  assert.ok((await kit.comments(target.id)).some((comment) => comment.body === '什么时候来水'));
  await kit.answer(target.id, '水'.repeat(800));
  const sent = platform.sent.filter((one) => textOf(one).startsWith('水水水'));
  assert.deepEqual(sent.map((one) => one['touser']).sort(), ['o_first', 'o_second']);
  assert.notEqual(/\/t\/(\S+)/.exec(textOf(sent[0]))![1], /\/t\/(\S+)/.exec(textOf(sent[1]))![1]);
  const undone = await program.call('POST', `/tickets/${source.id}/unmerge`, { as: 'administrator', body: {} });
  assert.equal(undone.status, 200, undone.text);
  await kit.answer(source.id, '已经来水');
  assert.deepEqual(platform.sent.filter((one) => textOf(one) === '已经来水').map((one) => one['touser']), ['o_second']);
  const split = await program.call('POST', `/tickets/${target.id}/split`, { as: 'administrator', body: { subject: '水压', description: '水压低', messageIds: [] } });
  assert.equal(split.status, 201, split.text);
  await kit.answer(split.body.id, '明天看水压');
  assert.equal(platform.sent.at(-1)!['touser'], 'o_first');
});

test('a reply that can still be taken back has not gone out; one with a picture and a paper brings the one and leads to the other', async () => {
  const kit = openKit(program, clock, platform, wechat);
  await kit.setUp();
  await kit.say('o_held', { text: '地漏堵了' });
  const ticket = await kit.ticketOf('o_held');
  const [photo, paper] = [await upload(program, 'administrator', { content: await photoOf() }), await upload(program, 'administrator', { content: Buffer.from('报价 100 元'), name: '报价.txt', type: 'text/plain' })].map((answer) => answer.body.id as string);
  const held = await program.call('POST', `/tickets/${ticket.id}/held-replies`, { as: 'administrator', body: { body: '见图', visibility: 'public', attachments: [photo, paper], seconds: 15 } });
  assert.equal(held.status, 201, held.text);
  await kit.settle();
  const to = () => platform.sent.filter((one) => one['touser'] === 'o_held');
  assert.deepEqual(to(), []);
  clock.advance({ seconds: 16 });
  await runDueTimers(program.database, timerHandlers, clock.now(), program.services.log);
  await kit.settle();
  assert.deepEqual(to().map((one) => one['msgtype']), ['text', 'image']);
  assert.match(textOf(to()[0]), /^见图\n(另有 1 个附件|1 more file)：?:? ?http.*\/t\//);
  assert.deepEqual((await kit.route(ticket.id)).conversation.quota, { left: 3, of: 5 });
});

test('what the platform says later of a message that failed stands on it; sent again it is a message of its own', async () => {
  const kit = openKit(program, clock, platform, kf);
  platform.pages.length = 0;
  await kit.setUp();
  await kit.say('external_fails', { text: '热水器不热' });
  const ticket = await kit.ticketOf('external_fails');
  const sent = await kit.answer(ticket.id, '请先重启');
  assert.equal(sent.state, 'sent');
  platform.pages.push([{ msgid: 'event-1', open_kfid: desk, send_time: seconds(clock.now()), origin: 4, msgtype: 'event', event: { event_type: 'msg_send_fail', open_kfid: desk, external_userid: 'external_fails', fail_msgid: platform.sent.at(-1)!['msgid'], fail_type: 10 } }]);
  const { query, body } = sealedCallback(callbackAccount(kit.channel, kf), messageXml({ MsgType: 'event', Event: 'kf_msg_or_event', Token: 'later', OpenKfId: desk }), { at: clock.now(), by: '@wecom/crypto' });
  assert.equal((await kit.send(xmlCall({ query, body }))).status, 200);
  await kit.settle();
  const failed = (await kit.comments(ticket.id)).find((comment) => comment.direction === 'outbound').deliveries[0];
  assert.deepEqual([failed.state, failed.reason, failed.said], ['failed', 'refused', '用户拒收消息']);
  assert.equal((await program.call('POST', `/tickets/${ticket.id}/deliveries/${failed.id}/actions/send_again`, { as: 'administrator', body: {} })).status, 200);
  await kit.settle();
  const again = platform.sent.filter((one) => textOf(one) === '请先重启');
  assert.equal(again.length, 2);
  assert.notEqual(again[0]!['msgid'], again[1]!['msgid']);
});

test('an answer of somebody in between is none of the platform’s: nothing counts as sent', async () => {
  const kit = openKit(program, clock, platform, wechat);
  await kit.setUp();
  await kit.say('o_proxy', { text: '对讲机没声音' });
  const ticket = await kit.ticketOf('o_proxy');
  platform.next.push({ path: '/custom/send', answer: () => ({ status: 403, body: { message: 'forbidden' } }) }, { path: '/custom/send', answer: () => ({ body: { ok: true } }) });
  for (const words of ['一次', '二次']) {
    const { state, reason } = await kit.answer(ticket.id, words);
    assert.deepEqual([state, reason], ['failed', 'account'], words);
  }
  // Whoever looks after the channel sees it, since when, and what the platform said; until one gets through again.
  const replies = async () => (await program.call('GET', `/channels/${kit.channel.id}`, { as: 'administrator' })).body.health.replies;
  const failing = await replies();
  assert.deepEqual([failing.sent, failing.failed, failing.failing, failing.failure], [0, 2, 2, 'account']);
  assert.ok(failing.failureDetail !== null && failing.failingSince !== null && failing.failingSince <= failing.lastFailedAt);
  clock.advance({ seconds: 1 });
  assert.equal((await kit.answer(ticket.id, '三次')).state, 'sent');
  assert.deepEqual(await replies(), { ...failing, sent: 1, failing: 0, failingSince: null });
  clock.advance({ seconds: 1 });
  platform.next.push({ path: '/custom/send', answer: () => ({ status: 403, body: { message: 'forbidden' } }) });
  assert.equal((await kit.answer(ticket.id, '四次')).state, 'failed');
  assert.deepEqual([(await replies()).failed, (await replies()).failing], [3, 1], 'what failed before one got through is over');
});

test('what is genuine and cannot be read is put aside with its bytes, and what comes behind it goes on; a page of messages is never taken from a call', async () => {
  const kit = openKit(program, clock, platform, wechat);
  await kit.setUp();
  const { query, body } = sealedCallback(callbackAccount(kit.channel, wechat), messageXml({ ToUserName: 'gh_1', Something: 'new' }), { at: clock.now() });
  assert.equal((await kit.send(xmlCall({ query, body }))).status, 200);
  await kit.say('o_behind', { text: '门铃坏了' });
  const [, aside] = await kit.inbox();
  assert.deepEqual([aside.state, aside.failure, aside.ticket], ['quarantined', 'call_malformed', null]);
  assert.equal((await kit.ticketOf('o_behind')).subject, '门铃坏了');
  const service = openKit(program, clock, platform, kf);
  await service.setUp();
  const sealed = sealedCallback(callbackAccount(service.channel, kf), messageXml({ MsgType: 'event', Event: 'kf_msg_or_event', Token: 'x', OpenKfId: desk }), { at: clock.now(), by: '@wecom/crypto' });
  const forged = JSON.stringify({ Encrypt: /CDATA\[([^\]]+)\]\]><\/Encrypt/.exec(sealed.body)![1], msg_list: [{ msgid: 'forged', open_kfid: desk, external_userid: 'victim', send_time: 1, origin: 3, msgtype: 'text', text: { content: 'forged' } }] });
  assert.equal((await service.send(xmlCall({ query: sealed.query, body: forged }))).status, 400);
  await service.settle();
  assert.deepEqual((await service.inbox()).filter((row) => row.externalId === 'forged'), []);
});

// What customers are told without asking.

const news = openNews(clock);
await registerReader(program.database, news.name);
const as = 'administrator' as const;
const daytime = { quietHours: null };
const settings = async (body: object) => {
  const answer = await program.call('PATCH', '/news-settings', { as, body, headers: { 'if-match': '*' } });
  assert.equal(answer.status, 200, answer.text);
};
const step = async (id: string, action: string, body: object = {}) => {
  const answer = await program.call('POST', `/tickets/${id}/actions/${action}`, { as, body });
  assert.equal(answer.status, 200, answer.text);
};
/** Everything that is due by now goes out. */
async function tell(kit: { settle(): Promise<void> }, seconds = 10): Promise<void> {
  while (await advance(program.database, news) > 0);
  clock.advance({ seconds });
  // Several nodes look at once, and each thing is told once.
  for (let left = 1; left > 0;) left = Math.max(...await Promise.all([1, 2, 3].map(() => tellDueNews(program.services))));
  await kit.settle();
}

test('customers are told of each step once, by the way they came; of what they did themselves they are not; the last of several steps says the others', async () => {
  const kit = openKit(program, clock, platform, wechat);
  await kit.setUp();
  await settings(daytime);
  await kit.say('o_news', { text: '洗手间漏水' });
  const ticket = await kit.ticketOf('o_news');
  await step(ticket.id, 'assign', { assignee: program.organization.staff.technician, visit: { windowStart: new Date(clock.now().getTime() + 3_600_000).toISOString(), windowEnd: new Date(clock.now().getTime() + 7_200_000).toISOString() } });
  const visit = (await program.call('GET', `/tickets/${ticket.id}`, { as })).body.visits[0];
  await tell(kit);
  assert.equal(platform.said('o_news').length, 1);
  assert.match(platform.said('o_news')[0]!, /已安排technician first上门|technician first will come/);
  for (const action of ['accept', 'start_travel']) assert.equal((await program.call('POST', `/visits/${visit.id}/actions/${action}`, { as: 'technician', body: {} })).status, 200);
  await tell(kit);
  await tell(kit);
  assert.deepEqual(platform.said('o_news').slice(1).map((said) => /出发|on the way/.test(said)), [true]);
  // Whoever comes near is told of once, however often the phone says where it is.
  assert.equal((await program.call('PATCH', `/tickets/${ticket.id}`, { as, body: { location: { lat: 30.2741, lng: 120.1551 } }, headers: { 'if-match': '*' } })).status, 200);
  for (let time = 0; time < 2; time += 1) {
    const sent = await program.call('POST', '/positions', { as: 'technician', body: { visitId: visit.id, points: [{ lat: 30.2751, lng: 120.1551, accuracy: 10, at: clock.now().toISOString() }] } });
    assert.deepEqual([sent.status, sent.body.near], [200, true], sent.text);
    await tell(kit);
  }
  await step(ticket.id, 'resolve', { resolution: '换了角阀' });
  await tell(kit);
  const [, , near, done, survey, ...none] = platform.said('o_news');
  assert.match(near!, /快到了|almost there/);
  assert.match(done!, /换了角阀/);
  assert.match(survey!, /1 (到|to) 5/);
  assert.deepEqual(none, []);
  const told = (await kit.timeline(ticket.id)).filter((entry) => entry.kind === 'news.told');
  assert.deepEqual(told.map((entry) => [entry.data.event, entry.comment.deliveries[0].state]), [['scheduled', 'sent'], ['travelling', 'sent'], ['near', 'sent'], ['resolved', 'sent'], ['survey', 'sent']]);
  assert.equal(told.at(-1)!.comment.author.kind, 'system');
  // The portal shows the steps by itself, and the customer closes it there.
  const token = (await program.call('GET', `/tickets/${ticket.id}`, { as })).body.progressUrl.split('/t/')[1];
  const seen = await program.call('GET', `/progress/${token}`);
  assert.deepEqual([seen.body.messages, seen.body.news], [[], 'all']);
  assert.equal((await program.call('POST', `/progress/${token}/confirm`, { body: {} })).status, 200);
  await tell(kit);
  assert.equal(platform.said('o_news').length, 5);
});

test('a number or a word after the survey is the rating, the first one; what follows is its comment; later it is another matter', async () => {
  const kit = openKit(program, clock, platform, kf);
  platform.pages.length = 0;
  await kit.setUp();
  await settings(daytime);
  await kit.say('external_rates', { text: '空调漏水' });
  const ticket = await kit.ticketOf('external_rates');
  await kit.say('external_rates', { text: '满意' });
  assert.equal((await kit.ticketOf('external_rates')).rating ?? null, null, 'nobody has asked yet');
  await step(ticket.id, 'resolve', { resolution: '清了管子' });
  await tell(kit);
  const menu = platform.sent.at(-1)! as { msgtype: string; msgmenu: { list: { click: { id: string; content: string } }[] } };
  assert.equal(menu.msgtype, 'msgmenu');
  assert.deepEqual(menu.msgmenu.list.map((one) => one.click.id), ['5', '4', '3', '2', '1']);
  await step(ticket.id, 'close');
  await tell(kit);
  await kit.say('external_rates', { text: menu.msgmenu.list[1]!.click.content });
  await kit.say('external_rates', { text: '师傅很细心' });
  await kit.say('external_rates', { text: '5' });
  const rated = (await program.call('GET', `/tickets/${ticket.id}`, { as })).body;
  assert.deepEqual([rated.survey.rating, rated.survey.comment], [4, '师傅很细心\n5']);
  assert.match(platform.said('external_rates').at(-1)!, /谢谢|Thank/);
  const link = await program.call('POST', `/progress/${rated.progressUrl.split('/t/')[1]}/rating`, { body: { rating: 1 } });
  assert.equal(link.body.code, 'already_rated');
  clock.advance({ minutes: 40 });
  await kit.say('external_rates', { text: '楼道灯坏了' });
  assert.notEqual((await kit.ticketOf('external_rates')).id, ticket.id);
});

test('customers choose what they hear, by a word or on their page; at night it waits for the morning, but not that somebody is on the way', async () => {
  const kit = openKit(program, clock, platform, wechat);
  await kit.setUp();
  await settings(daytime);
  await kit.say('o_quiet', { text: '燃气灶打不着火' });
  const ticket = await kit.ticketOf('o_quiet');
  await kit.say('o_quiet', { text: '退订' });
  assert.equal((await kit.ticketOf('o_quiet')).id, ticket.id, 'that is no request');
  assert.match(platform.said('o_quiet')[0]!, /退订|by itself/);
  await step(ticket.id, 'assign', { assignee: program.organization.staff.technician });
  await tell(kit);
  assert.equal(platform.said('o_quiet').length, 1);
  assert.ok((await kit.timeline(ticket.id)).some((entry) => entry.kind === 'news.left_out' && entry.data.reason === 'chosen'));
  await kit.answer(ticket.id, '明早到');
  assert.equal(platform.said('o_quiet').length, 2, 'what a person writes comes all the same');
  const token = (await program.call('GET', `/tickets/${ticket.id}`, { as })).body.progressUrl.split('/t/')[1];
  assert.equal((await program.call('POST', `/progress/${token}/news`, { body: { choice: 'results' } })).body.news, 'results');
  const hour = (add: number) => new Date(clock.now().getTime() + add * 3_600_000).toLocaleTimeString('en-GB', { timeZone: 'Asia/Shanghai', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  await settings({ quietHours: { from: hour(-1), to: hour(2) } });
  await step(ticket.id, 'resolve', { resolution: '换了电池' });
  await tell(kit);
  assert.equal(platform.said('o_quiet').length, 2);
  await tell(kit, 7_300);
  assert.match(platform.said('o_quiet').slice(2).join(), /换了电池/);
});

test('who asked not to be told stays untold once they are known, and once they are merged, until they choose anew', async () => {
  const kit = openKit(program, clock, platform, wechat);
  await kit.setUp();
  await settings(daytime);
  const { tenantId } = program.organization;
  await kit.say('o_stranger', { text: '窗户关不上' });
  const ticket = await kit.ticketOf('o_stranger');
  const own = (await program.call('GET', `/tickets/${ticket.id}`, { as })).body.requester.customerId as string;
  const conversations = build.updateTable('conversation').where('tenant_id', '=', tenantId).where('customer_id', '=', own);
  const { id: conversationId } = (await program.database.transact(tenantId, (transaction) => transaction.first(build.selectFrom('conversation').select('id').where('tenant_id', '=', tenantId).where('customer_id', '=', own))))!;
  const choiceOf = (customerId: string | null, ticketId: string | null) => program.database.transact(tenantId, (transaction) => newsChoiceOf({ tenantId, transaction }, { customerId, ticketId }));
  await program.database.transact(tenantId, async (transaction) => {
    await transaction.run(conversations.set({ customer_id: null }));
    assert.equal(await chooseNews({ tenantId, transaction, actor: { kind: 'customer', id: null, name: null }, now: clock.now() }, { customerId: null, ticketId: null, conversationId }, 'answers'), true);
    await transaction.run(build.updateTable('conversation').set({ customer_id: own }).where('tenant_id', '=', tenantId).where('id', '=', conversationId));
  });
  assert.deepEqual([await choiceOf(own, null), await choiceOf(null, ticket.id), await choiceOf(own, ticket.id)], ['answers', 'answers', 'answers']);
  const known = await program.call('POST', '/customers', { as, body: { name: '沈窗' } });
  assert.equal(known.status, 201, known.text);
  assert.equal((await program.call('POST', `/customers/${own}/merge`, { as, body: { into: known.body.id } })).status, 200);
  await step(ticket.id, 'assign', { assignee: program.organization.staff.administrator });
  await step(ticket.id, 'accept');
  await tell(kit);
  assert.deepEqual([await choiceOf(known.body.id, null), platform.said('o_stranger')], ['answers', []]);
  const before = (await program.call('GET', `/customers/${known.body.id}`, { as })).body.version;
  const token = (await program.call('GET', `/tickets/${ticket.id}`, { as })).body.progressUrl.split('/t/')[1];
  assert.equal((await program.call('POST', `/progress/${token}/news`, { body: { choice: 'all' } })).body.news, 'all');
  assert.deepEqual([await choiceOf(own, null), (await program.call('GET', `/customers/${known.body.id}`, { as })).body.version], ['all', before + 1]);
});

test('who cannot be reached is called by a person, where it was wanted so; words of an organization’s own stand in place of the program’s', async () => {
  const kit = openKit(program, clock, platform, wechat);
  await kit.setUp();
  await settings({ ...daytime, events: { cancelled: { told: true, reach: 'person', zh: '工单{{ticket.number}}取消：{{reason}}', en: 'Off: {{reason}}' } } });
  const wrong = await program.call('PATCH', '/news-settings', { as, body: { events: { cancelled: { told: true, reach: 'person', zh: '{{nobody}}', en: '' } } }, headers: { 'if-match': '*' } });
  assert.deepEqual([wrong.status, wrong.body.errors[0].path], [422, '/events/cancelled/zh']);
  await kit.say('o_away', { text: '门禁卡丢了' });
  const ticket = await kit.ticketOf('o_away');
  clock.advance({ days: 3 });
  await step(ticket.id, 'assign', { assignee: program.organization.staff.administrator });
  await step(ticket.id, 'accept');
  await tell(kit);
  await step(ticket.id, 'cancel', { reason: '重复' });
  await tell(kit);
  const [accepted, cancelled] = (await kit.timeline(ticket.id)).filter((entry) => entry.kind === 'news.told').map((entry) => entry.comment);
  assert.deepEqual([accepted.deliveries[0].state, accepted.deliveries[0].reason], ['failed', 'no_way']);
  assert.deepEqual(accepted.deliveries[0].skips.map((skip: { reason: string }) => skip.reason), ['window_closed', 'no_template', 'no_other', 'no_sms']);
  assert.match(cancelled.body, /取消：重复|Off: 重复/);
  const failed = (await kit.timeline(ticket.id)).filter((entry) => entry.kind === 'reply.failed');
  assert.equal(failed.length, 1, 'somebody is asked to call about the second, as the organization wants');
  assert.match(failed[0]!.data.preview, /致电|call the customer/);
});

test('of subscription messages they agreed to, one goes for each time, until none is left or the platform says so', async () => {
  const kit = openKit(program, clock, platform, miniProgram);
  await kit.setUp({ templateId: 'template_0009', templatePage: 'pages/ticket?number={number}' });
  await settings({ ...daytime, events: { accepted: { told: false, reach: 'chat', zh: '', en: '' } } });
  await kit.say('o_grants', { text: '水压太低' });
  const ticket = await kit.ticketOf('o_grants');
  clock.advance({ days: 3 });
  assert.deepEqual((await kit.route(ticket.id)).skips.slice(0, 2).map((skip: { reason: string }) => skip.reason), ['window_closed', 'no_grant']);
  const agree = async (status: string, at: number) => {
    const xml = messageXml({ ToUserName: 'gh_1', FromUserName: 'o_grants', CreateTime: at, MsgType: 'event', Event: 'subscribe_msg_popup_event' }).replace('</xml>', `<SubscribeMsgPopupEvent><List><TemplateId><![CDATA[template_0009]]></TemplateId><SubscribeStatusString><![CDATA[${status}]]></SubscribeStatusString></List></SubscribeMsgPopupEvent></xml>`);
    for (let time = 0; time < 2; time += 1) assert.equal((await kit.send(xmlCall(sealedCallback(callbackAccount(kit.channel, miniProgram), xml, { at: clock.now() })))).status, 200);
    await kit.settle();
  };
  await agree('accept', 1);
  const more = await program.call('POST', `/channels/${kit.channel.id}/grants`, { as, body: { identity: 'o_grants', templates: ['template_0009'] } });
  assert.deepEqual(more.body, { items: [{ templateId: 'template_0009', remaining: 2 }] });
  assert.equal((await kit.route(ticket.id)).route, 'template');
  assert.equal((await kit.route(ticket.id)).conversation.grants, 2);
  const sent = await kit.answer(ticket.id, '水泵已修好');
  assert.deepEqual([sent.state, sent.route], ['sent', 'template']);
  const wire = platform.sent.at(-1)!;
  assert.deepEqual([wire['path'], wire['touser'], wire['page']], ['/cgi-bin/message/subscribe/send', 'o_grants', `pages/ticket?number=${ticket.number}`]);
  platform.next.push({ path: '/subscribe/send', answer: () => ({ body: { errcode: 43101, errmsg: 'user refuse to accept the msg' } }) });
  const refused = await kit.answer(ticket.id, '请验收');
  assert.deepEqual([refused.state, refused.reason, refused.skips[1]], ['failed', 'no_way', { route: 'conversation', reason: 'window_closed' }]);
  assert.equal((await kit.route(ticket.id)).conversation.grants, 0);
  await agree('accept', 2);
  await agree('reject', 3);
  assert.equal((await kit.route(ticket.id)).conversation.grants, 0);
});

test('a text message to a proven number says what it is about, to who came by no conversation too, as far as the day’s allowance goes', async () => {
  const kit = openKit(program, clock, platform, wechat);
  const account = await program.call('PATCH', '/notice-accounts/sms', { as, body: { mode: 'gateway', settings: { url: `${platform.url}/sms` } }, headers: { 'if-match': '*' } });
  assert.equal(account.status, 200, account.text);
  await settings({ ...daytime, textsADay: { customer: 1, organization: 500 }, events: { resolved: { told: true, reach: 'sms', zh: '', en: '' }, survey: { told: true, reach: 'chat', zh: '', en: '' } } });
  const texts: { phone?: string; text?: string }[] = [];
  const answer = () => platform.next.push({ path: '/sms', answer: (call) => (texts.push(call.json), { body: {} }) });
  const customer = (await program.call('POST', '/customers', { as, body: { name: '老赵', phone: '13700008888' } })).body;
  const [contact] = (await program.call('GET', `/customers/${customer.id}`, { as })).body.contactPoints;
  assert.equal((await program.call('POST', `/customers/${customer.id}/contact-points/${contact.id}/verify`, { as, body: {} })).status, 200);
  const resolve = async (subject: string) => {
    const ticket = (await program.call('POST', '/tickets', { as, body: { subject, requester: { customerId: customer.id } } })).body;
    await step(ticket.id, 'resolve', { resolution: '已处理' });
    answer();
    await tell(kit);
    return (await kit.timeline(ticket.id)).filter((entry) => entry.kind === 'news.told').map((entry) => entry.comment.deliveries[0]);
  };
  const [first, survey] = await resolve('车位被占');
  assert.deepEqual([first.state, first.route], ['sent', 'sms']);
  assert.match(JSON.stringify(texts[0]), /13700008888.*已处理/);
  assert.deepEqual([survey.state, survey.skips.at(-1)], ['failed', { route: 'sms', reason: 'not_so_far' }]);
  platform.next.length = 0;
  const [second] = await resolve('门口有积水');
  assert.deepEqual([second.state, second.skips.at(-1)], ['failed', { route: 'sms', reason: 'sms_spent' }]);
  platform.next.length = 0;
  // Two at once are counted one after the other.
  const other = (await program.call('POST', '/customers', { as, body: { name: '老钱', phone: '13700009999' } })).body;
  const [own] = (await program.call('GET', `/customers/${other.id}`, { as })).body.contactPoints;
  assert.equal((await program.call('POST', `/customers/${other.id}/contact-points/${own.id}/verify`, { as, body: {} })).status, 200);
  const both = [];
  for (const subject of ['东门灯坏', '西门灯坏']) {
    const { id } = (await program.call('POST', '/tickets', { as, body: { subject, requester: { customerId: other.id } } })).body;
    await step(id, 'resolve', { resolution: '换灯' });
    answer();
    both.push(id);
  }
  await tell(kit);
  const routes = await Promise.all(both.map(async (id) => (await kit.timeline(id)).find((entry) => entry.kind === 'news.told' && entry.data.event === 'resolved')!.comment.deliveries[0].state as string));
  assert.deepEqual(routes.sort(), ['failed', 'sent']);
  platform.next.length = 0;
  assert.equal((await program.call('PATCH', '/notice-accounts/sms', { as, body: { active: false }, headers: { 'if-match': '*' } })).status, 200);
});

test('who names a number of somebody known is proposed as them, never linked by it; two people stay two for good; their page has all their channels', async () => {
  const kit = openKit(program, clock, platform, wechat);
  await kit.setUp();
  const known = await program.call('POST', '/customers', { as, body: { name: '孙丽', phone: '13700007777' } });
  assert.equal(known.status, 201, known.text);
  await kit.say('o_named', { text: '玻璃碎了，联系我 137-0000-7777' });
  const ticket = await kit.ticketOf('o_named');
  const own = ticket.requester.customerId as string;
  assert.notEqual(own, known.body.id);
  const proposed = async () => (await program.call('GET', `/customers/${own}/duplicates`, { as })).body.items as { customer: { id: string }; reasons: { reason: string }[] }[];
  assert.deepEqual((await proposed()).map((one) => [one.customer.id, one.reasons.map(({ reason }) => reason)]), [[known.body.id, ['said_phone']]]);
  const { items } = (await program.call('GET', `/customers/${own}/conversations`, { as })).body;
  assert.deepEqual(items.map((one: { channel: string; ticket: { number: string } }) => [one.channel, one.ticket.number]), [['wechat_official_account', ticket.number]]);
  // Merged, their conversations are one customer's; taken apart again, and said to be two, they are proposed no more.
  assert.equal((await program.call('POST', `/customers/${own}/merge`, { as, body: { into: known.body.id } })).status, 200);
  assert.equal((await program.call('GET', `/customers/${known.body.id}/conversations`, { as })).body.items.length, 1);
  assert.equal((await program.call('POST', `/customers/${own}/unmerge`, { as, body: {} })).status, 200);
  assert.equal((await program.call('POST', `/customers/${known.body.id}/duplicates/${own}/dismiss`, { as })).status, 204);
  assert.deepEqual(await proposed(), []);
  // What they say on the phone they want to hear, a colleague writes down.
  const told = await program.call('PATCH', `/customers/${own}`, { as, body: { news: 'results' }, headers: { 'if-match': '*' } });
  assert.deepEqual([told.status, told.body.news], [200, 'results']);
  const same = await program.call('PATCH', `/customers/${known.body.id}`, { as, body: { news: 'all' }, headers: { 'if-match': '*' } });
  assert.equal(same.body.version, (await program.call('GET', `/customers/${known.body.id}`, { as })).body.version);
});
