import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { receiveMail } from '../../server/journey/intake/receive-mail.ts';
import { findChannels } from '../../server/records/channel/accounts.ts';
import { forgetChats } from '../../server/records/chat/forget-chats.ts';
import { takeInDue } from '../../server/journey/intake/take-in.ts';
import { build } from '../../server/platform/db/database.ts';
import { sendDueReplies } from '../../server/reactions/replies/send-replies.ts';
import { eventually } from '../browser/eventually.ts';
import { openFakeSmtp } from '../support/fake-smtp.ts';
import { openTestProgram, testClock, type Answer } from '../support/program.ts';
import { openEventSource } from './event-source.ts';
import { assertProblem, multipart, photoOf } from './scene.ts';

const clock = testClock();
const program = await openTestProgram({ clock });
const as = 'administrator' as const;
const site = 'https://www.anju.example';
const secret = 'a-secret-of-the-site-known-to-nobody-else';
let channel: { id: string; version: number };
let address: string;
let baseURL: string;

before(async () => {
  // Months pass here.
  await program.database.transact(program.organization.tenantId, (transaction) => transaction.run(build.updateTable('session').set({ expires_at: new Date('2099-01-01'), last_seen_at: new Date('2098-12-01') })));
  const made = await program.call('POST', '/channels', { as, body: { kind: 'web_chat', name: '官网聊天', settings: { origins: `${site}, http://127.0.0.1:4000`, greeting: '您好', secret } } });
  assert.equal(made.status, 201, made.text);
  channel = made.body;
  address = made.body.url.slice(made.body.url.lastIndexOf('/') + 1);
  assert.match(made.body.url, /\/chat\/[\w-]+$/);
  baseURL = await program.app.listen({ port: 0, host: '127.0.0.1' });
});
after(() => program.close());

const settle = async (): Promise<void> => {
  for (let left = 1; left > 0;) left = await takeInDue(program.services) + await sendDueReplies(program.services);
};
const come = (body: object = {}, headers: Record<string, string> = {}): Promise<Answer> => program.call('POST', `/chat/${address}/visits`, { body: { origin: site, ...body }, headers });
const visit = async (body: object = {}) => {
  const answer = await come(body);
  assert.equal(answer.status, 201, answer.text);
  const { token } = answer.body as { token: string };
  const at = `/chat-visits/${token}`;
  return {
    token, at, opened: answer.body,
    async write(body: string, more: object = {}) {
      const sent = await program.call('POST', `${at}/messages`, { body: { key: randomUUID(), body, ...more } });
      assert.equal(sent.status, 201, sent.text);
      await settle();
      return sent.body;
    },
    async state(after?: number) {
      const state = await program.call('GET', `${at}${after === undefined ? '' : `?after=${after}`}`);
      assert.equal(state.status, 200, state.text);
      return state.body;
    },
  };
};
const inbox = async (): Promise<{ thread: string; ticket: { id: string } | null; outcome: string }[]> => (await program.call('GET', `/channels/${channel.id}/messages?limit=200`, { as })).body.items;
const ticketOf = async (): Promise<any> => { // oxlint-disable-line typescript/no-explicit-any -- tests look into answers of every shape
  const row = (await inbox()).find((one) => one.ticket && one.outcome !== 'receipt')!;
  return (await program.call('GET', `/tickets/${row.ticket!.id}`, { as })).body;
};
const comments = async (ticketId: string) => (await program.call('GET', `/tickets/${ticketId}/timeline`, { as })).body.items.flatMap((entry: { comment?: object }) => entry.comment ?? []);
const answer = async (ticketId: string, body: string, more: object = {}) => {
  const sent = await program.call('POST', `/tickets/${ticketId}/comments`, { as, body: { body, visibility: 'public', ...more } });
  assert.equal(sent.status, 201, sent.text);
  await settle();
  return (await comments(ticketId)).find((comment: { id: string }) => comment.id === sent.body.id).deliveries[0];
};

test('what a visitor writes becomes a ticket, once; an answer lies on their page at once, is delivered when it was fetched and read when it was seen', async () => {
  const visitor = await visit({ name: '王芳', page: { url: `${site}/lift`, title: '电梯维保', referrer: '' } });
  const key = randomUUID();
  const sent = await Promise.all([1, 2].map(() => program.call('POST', `${visitor.at}/messages`, { body: { key, body: '你好，三号楼电梯异响！' }, headers: { 'idempotency-key': key } })));
  assert.ok(sent.some(({ status }) => status === 201), sent[0]!.text);
  const again = await program.call('POST', `${visitor.at}/messages`, { body: { key, body: '你好，三号楼电梯异响！' } });
  assert.deepEqual([again.status, again.body.seq], [201, 1]);
  await settle();
  await visitor.write('越来越响了');
  const ticket = await ticketOf();
  assert.deepEqual([ticket.subject, ticket.channel, ticket.requester.name], ['三号楼电梯异响', 'chat', '王芳']);
  assert.deepEqual((await comments(ticket.id)).map((one: { body: string }) => one.body), ['越来越响了']);
  const { body: { visitor: seen } } = await program.call('GET', `/tickets/${ticket.id}/visitor`, { as });
  assert.deepEqual([seen.online, seen.proven, seen.site, seen.page.url], [true, false, site, `${site}/lift`]);

  assert.equal((await answer(ticket.id, '师傅十分钟后到')).state, 'sent');
  const state = await visitor.state(2);
  assert.deepEqual(state.messages.map((one: { seq: number; direction: string; body: string }) => [one.seq, one.direction, one.body]), [[3, 'out', '师傅十分钟后到']]);
  const delivery = async () => {
    await settle();
    return (await comments(ticket.id)).find((one: { direction: string }) => one.direction === 'outbound').deliveries[0].state;
  };
  assert.equal(await delivery(), 'delivered');
  assert.equal((await program.call('POST', `${visitor.at}/seen`, { body: { upTo: 3 } })).status, 204);
  assert.equal(await delivery(), 'read');
  assert.deepEqual((await (await visit({ token: visitor.token })).state()).messages.map((one: { body: string }) => one.body), ['你好，三号楼电梯异响！', '越来越响了', '师傅十分钟后到'], 'it is there when they come again');
});

test('pages of no other origin are let in, at any call; a closed channel takes nothing more', async () => {
  assertProblem(await come({ origin: 'https://evil.example' }), 'origin_not_allowed');
  assertProblem(await come({}, { origin: 'https://evil.example' }), 'origin_not_allowed');
  assertProblem(await come({}, { origin: 'null' }), 'origin_not_allowed');
  const direct = await come({ origin: undefined }, { origin: site });
  assert.deepEqual([direct.status, direct.headers['access-control-allow-origin']], [201, site]);
  const visitor = await visit();
  assertProblem(await program.call('POST', `${visitor.at}/messages`, { body: { key: randomUUID(), body: 'x' }, headers: { origin: 'https://evil.example' } }), 'origin_not_allowed');
  const asked = (origin: string) => program.inject({ method: 'OPTIONS', url: `/api/v1${visitor.at}/messages`, headers: { origin, 'access-control-request-method': 'POST' } });
  assert.deepEqual([(await asked(site)).status, (await asked(site)).headers['access-control-allow-origin']], [204, site]);
  assertProblem(await asked('https://evil.example'), 'origin_not_allowed');
  // Taken off the list, its pages are shut out with the visits they began.
  const set = (body: object) => program.call('PATCH', `/channels/${channel.id}`, { as, body, headers: { 'if-match': '*' } });
  assert.equal((await set({ settings: { origins: 'http://127.0.0.1:4000' } })).status, 200);
  assertProblem(await program.call('GET', visitor.at), 'origin_not_allowed');
  assert.equal((await set({ settings: { origins: `${site} http://127.0.0.1:4000` }, active: false })).status, 200);
  assertProblem(await program.call('POST', `${visitor.at}/messages`, { body: { key: randomUUID(), body: 'x' } }), 'chat_closed');
  assertProblem(await come(), 'chat_closed');
  assert.equal((await program.call('GET', `/chat/${address}`)).body.open, false);
  assert.equal((await set({ active: true })).status, 200);
  const called = await program.inject({ method: 'POST', url: `/hooks/web_chat/${address}`, payload: '{}', headers: { 'content-type': 'application/json' } });
  assertProblem(called, 'call_method');
});

test('tokens that are forged, changed, expired or of another channel open nothing; too much, too fast or too large is refused', async () => {
  const visitor = await visit();
  for (const token of ['x'.repeat(91), `${visitor.token.slice(0, -1)}${visitor.token.endsWith('A') ? 'B' : 'A'}`, address]) assertProblem(await program.call('GET', `/chat-visits/${token}`), 'link_invalid');
  assertProblem(await program.call('GET', `/chat/${visitor.token}`), 'link_invalid');
  assertProblem(await program.call('POST', `${visitor.at}/messages`, { body: { key: randomUUID(), body: 'x'.repeat(4_001) } }), 'invalid_input');
  assertProblem(await program.call('POST', `${visitor.at}/messages`, { body: { key: randomUUID(), body: '  ' } }), 'invalid_input');
  assertProblem(await program.call('POST', `${visitor.at}/messages`, { body: { key: randomUUID(), body: '\u200b\u202e' } }), 'invalid_input');
  for (let time = 0; time < 30; time += 1) assert.equal((await program.call('POST', `${visitor.at}/messages`, { body: { key: randomUUID(), body: `${time}` } })).status, 201);
  const slowed = await program.call('POST', `${visitor.at}/messages`, { body: { key: randomUUID(), body: 'one more' } });
  assertProblem(slowed, 'chat_too_fast');
  const wait = Number(slowed.headers['retry-after']);
  assert.ok(wait > 0 && wait <= 60, `it says when it goes on: ${wait}`);
  clock.advance({ seconds: wait });
  assert.equal((await program.call('POST', `${visitor.at}/messages`, { body: { key: randomUUID(), body: 'one more' } })).status, 201);
  await settle();
  clock.advance({ days: 91 });
  assertProblem(await program.call('GET', visitor.at), 'link_invalid');
  assert.notDeepEqual((await come({ token: visitor.token })).body.chat.last, 30, 'an expired token goes on with nothing');
});

const user = (id: string, { key = secret, ago = 0 } = {}) => {
  const at = Math.floor(clock.now().getTime() / 1000) - ago;
  return { id, at, signature: createHmac('sha256', key).update(`${id}.${at}`).digest('hex') };
};

test('whom the site vouches for has one chat on every device; nobody else has it, and who signs out leaves nothing behind', async () => {
  const phone = await visit({ user: user('u-42'), name: '李雷' });
  await phone.write('发票怎么开');
  const ticket = await ticketOf();
  const desk = await visit({ user: user('u-42') });
  assert.deepEqual(desk.opened.chat.messages.map((one: { body: string }) => one.body), ['发票怎么开']);
  await desk.write('开给公司');
  assert.equal((await ticketOf()).id, ticket.id);
  const { body: { visitor: seen } } = await program.call('GET', `/tickets/${ticket.id}/visitor`, { as });
  assert.deepEqual([seen.proven, seen.user, seen.name], [true, 'u-42', '李雷'], 'what is confirmed stands apart from what is said');
  assertProblem(await come({ user: user('u-42', { key: 'another-secret-of-somebody' }) }), 'user_not_proven');
  assert.deepEqual((await visit({ token: phone.token })).opened.chat.messages, []);
  assert.deepEqual((await visit({ user: user('u-43'), token: phone.token })).opened.chat.messages, []);
  // Whoever wrote before they signed in goes on as themselves.
  const before = await visit();
  await before.write('灯不亮');
  const owner = (await ticketOf()).requester.customerId;
  const after = await visit({ token: before.token, user: user('u-44') });
  assert.equal(after.opened.chat.messages.length, 1);
  await after.write('还是不亮');
  assert.equal((await ticketOf()).requester.customerId, owner);
});

test('that somebody is there is written down now and then, and what a page fetches is told of at once', { timeout: 20_000 }, async () => {
  const visitor = await visit({ name: '何敏' });
  await visitor.write('围墙倒了');
  const ticket = await ticketOf();
  await answer(ticket.id, '收到');
  await answer(ticket.id, '马上派人');
  const onlineUntil = async () => (await program.database.transact(program.organization.tenantId, (transaction) => transaction.run(build.selectFrom('chat_visitor').select('online_until').where('name', '=', '何敏'))))[0]!.online_until;
  const before = await onlineUntil();
  clock.advance({ seconds: 10 });
  await visitor.state();
  const receipts = await program.database.transact(program.organization.tenantId, (transaction) => transaction.run(build.selectFrom('inbox_message').select(['call_id', 'raw']).where('thread', 'like', 'receipt:%').orderBy('received_at', 'desc').orderBy('place').limit(2)));
  assert.deepEqual([new Set(receipts.map((one) => one.call_id)).size, JSON.parse(receipts.find((one) => one.raw)!.raw!.toString()).length], [1, 2]);
  assert.deepEqual(await onlineUntil(), before);
  clock.advance({ seconds: 20 });
  await visitor.state();
  while (Number(await onlineUntil()) === Number(before)) await setImmediate();
  await settle();
});

test('the site vouches for somebody for a day', async () => {
  assert.equal((await come({ user: user('u-45', { ago: 86_000 }) })).status, 201);
  assert.equal((await come({ user: user('u-45', { ago: -290 }) })).status, 201, 'its clock is ahead');
  assertProblem(await come({ user: user('u-45', { ago: 86_500 }) }), 'user_not_proven');
  assertProblem(await come({ user: user('u-45', { ago: -400 }) }), 'user_not_proven');
  assertProblem(await come({ user: { ...user('u-45'), at: user('u-45').at - 1 } }), 'user_not_proven');
  assertProblem(await come({ user: { id: 'u-45', signature: createHmac('sha256', secret).update('u-45').digest('hex') } }), 'invalid_input');
});

test('tokens that were given out before somebody signed in show nothing of them, nor do theirs once they signed out, or some hours later', { timeout: 20_000 }, async () => {
  const before = await visit();
  const kept = await program.inject({ method: 'POST', url: `/api/v1${before.at}/files`, ...multipart({ name: '现场.jpg', content: await photoOf() }) });
  assert.equal(kept.status, 201, kept.text);
  const { files: [file] } = await before.write('门禁坏了', { uploads: [kept.body.uploadToken] });
  const feed = await openEventSource(`${baseURL}/api/v1${before.at}/feed?after=1`);
  const shut = async (at: string) => {
    for (const path of ['', `/files/${file.id}`, `/files/${file.id}/thumbnail`, '/feed']) assertProblem(await program.call('GET', `${at}${path}`), 'link_invalid');
    for (const [path, body] of [['messages', { key: randomUUID(), body: 'x' }], ['contact', { name: 'x' }], ['seen', { upTo: 1 }], ['presence', { state: 'here' }]] as const) assertProblem(await program.call('POST', `${at}/${path}`, { body }), 'link_invalid');
    assertProblem(await program.inject({ method: 'POST', url: `/api/v1${at}/files`, ...multipart({ content: await photoOf() }) }), 'link_invalid');
  };
  const signedIn = await visit({ token: before.token, user: user('u-46') });
  assert.equal(signedIn.opened.chat.messages.length, 1);
  await feed.ended;
  await shut(before.at);
  assert.deepEqual((await visit({ token: before.token })).opened.chat.messages, []);
  assert.equal((await program.call('GET', `${signedIn.at}/files/${file.id}`)).status, 200);

  assert.equal((await program.call('POST', `${signedIn.at}/presence`, { body: { state: 'signed_out' } })).status, 204);
  await shut(signedIn.at);
  const again = await visit({ user: user('u-46') });
  assert.equal((await again.state()).messages.length, 1);
  clock.advance({ minutes: 14 * 60 });
  await shut(again.at);
  assert.equal((await visit({ user: user('u-46') })).opened.chat.messages.length, 1);
});

test('what somebody says of themselves stands on their ticket, and joins them with nobody', async () => {
  const first = await visit({ name: '王芳', email: 'wang@example.com', phone: '13800001111' });
  await first.write('水管漏水');
  const one = await ticketOf();
  assert.deepEqual([one.requester.name, one.requester.email, one.requester.phone], ['王芳', 'w***@example.com', '138****1111']);
  const second = await visit();
  await second.write('阀门坏了');
  assert.equal((await program.call('POST', `${second.at}/contact`, { body: { name: '假王芳', email: 'wang@example.com' } })).status, 200);
  await second.write('什么时候来');
  const other = await ticketOf();
  assert.deepEqual([other.requester.name, other.requester.email], ['假王芳', 'w***@example.com']);
  assert.notEqual(other.requester.customerId, one.requester.customerId);
  // However short the name is by which the site knows them, and whether they signed in before they wrote or afterwards.
  const [short, later] = [await visit({ user: user('7') }), await visit()];
  await short.write('七号门不开');
  const seven = await ticketOf();
  assert.equal(seven.requester.name, 'Website visitor 7');
  await later.write('八号门不开');
  const eight = await ticketOf();
  const signedIn = await visit({ token: later.token, user: user('u-47') });
  await short.write('还没开');
  await ticketOf();
  for (const [language, name] of [['zh-CN', '网页访客 7'], ['en', 'Website visitor 7']] as const) {
    assert.equal((await program.call('GET', `/progress/${seven.progressUrl.split('/').at(-1)}`, { headers: { 'accept-language': language } })).body.messages[0]?.author, name);
  }
  for (const [at, id, name] of [[short.at, seven.id, '陈七'], [signedIn.at, eight.id, '郑八']]) {
    assert.equal((await program.call('POST', `${at}/contact`, { body: { name } })).status, 200);
    assert.equal((await program.call('GET', `/tickets/${id}`, { as })).body.requester.name, name);
  }
});

test('pictures are judged by their content, hang on the ticket, and only their visitor has them', async () => {
  const visitor = await visit();
  const send = (form: ReturnType<typeof multipart>) => program.inject({ method: 'POST', url: `/api/v1${visitor.at}/files`, payload: form.payload, headers: form.headers });
  assert.equal((await send(multipart({ name: 'a.jpg', content: Buffer.from('<html><script>') }))).status, 415);
  const kept = await send(multipart({ name: '现场.jpg', content: await photoOf() }));
  assert.equal(kept.status, 201, kept.text);
  const sent = await visitor.write('', { uploads: [kept.body.uploadToken] });
  const [file] = sent.files;
  assert.equal(file.mediaType, 'image/jpeg');
  const ticket = await ticketOf();
  assert.deepEqual(ticket.files.map((one: { id: string; visibility: string }) => [one.id, one.visibility]), [[file.id, 'public']]);
  const other = await visit();
  assert.equal((await program.call('GET', `${visitor.at}/files/${file.id}`)).status, 200);
  assert.equal((await program.call('GET', `${visitor.at}/files/${file.id}/thumbnail`)).status, 200);
  assertProblem(await program.call('GET', `${other.at}/files/${file.id}`), 'not_found');
  assertProblem(await program.call('POST', `${other.at}/messages`, { body: { key: randomUUID(), body: '', uploads: [kept.body.uploadToken] } }), 'unknown_reference');
});

test('a page that follows hears of answers and of who writes, and misses nothing when it was away; colleagues see that it is there', { timeout: 20_000 }, async () => {
  const visitor = await visit();
  await visitor.write('水压低');
  const ticket = await ticketOf();
  const feed = await openEventSource(`${baseURL}/api/v1${visitor.at}/feed?after=1`);
  assert.equal(feed.status, 200);
  const there = await program.call('POST', `/tickets/${ticket.id}/presence`, { as, body: { state: 'typing' } });
  assert.deepEqual(there.body.people.map((one: { visitor?: boolean; state: string }) => [one.visitor, one.state]), [[true, 'viewing']]);
  await feed.next(({ event, data }) => event === 'state' && data.typing === true);
  await feed.next(({ event, data }) => event === 'state' && data.seen === 1);
  // A note for colleagues is none of theirs.
  assert.equal((await program.call('POST', `/tickets/${ticket.id}/presence`, { as, body: { state: 'typing', note: true } })).status, 200);
  await feed.until(() => feed.events.findLast(({ event }) => event === 'state')!.data.typing === false);
  assert.equal((await program.call('POST', `${visitor.at}/presence`, { body: { state: 'typing' } })).status, 204);
  assert.deepEqual((await program.call('POST', `/tickets/${ticket.id}/presence`, { as, body: { state: 'viewing' } })).body.people.map((one: { state: string }) => one.state), ['typing']);
  await answer(ticket.id, '正在检查');
  assert.equal((await feed.next(({ event }) => event === 'message')).data.body, '正在检查');
  feed.cut();
  await answer(ticket.id, '已经修好');
  const resumed = await openEventSource(`${baseURL}/api/v1${visitor.at}/feed`, { 'last-event-id': feed.place });
  assert.deepEqual([(await resumed.next(({ event }) => event === 'message')).data.body, resumed.events.filter(({ event }) => event === 'message').length], ['已经修好', 1]);
  resumed.cut();
});

test('whose page is closed is answered by mail at the address they left, and finds it on the page as well; what they write back comes to the ticket', { timeout: 20_000 }, async () => {
  const smtp = await openFakeSmtp();
  program.services.privateHosts = ['127.0.0.1'];
  try {
    const visitor = await visit();
    await visitor.write('暖气不热');
    const ticket = await ticketOf();
    clock.advance({ minutes: 5 });
    const route = async () => (await program.call('GET', `/tickets/${ticket.id}/reply-route`, { as })).body;
    // A chat has no templates: none is missed.
    assert.deepEqual([(await route()).route, (await route()).skips.map((skip: { route: string; reason: string }) => `${skip.route} ${skip.reason}`)], ['page', ['conversation visitor_away', 'other no_other', 'email no_address', 'sms no_sms']]);
    assert.equal((await answer(ticket.id, '今天下午上门')).route, 'page');
    assert.equal((await program.call('POST', `${visitor.at}/contact`, { body: { email: 'Han@Example.com' } })).body.email, 'han@example.com');
    const mailbox = await program.call('POST', '/channels', { as, body: { kind: 'email', mode: 'smtp', name: '服务邮箱', settings: { address: 'help@anju.example', smtpHost: '127.0.0.1', smtpPort: String(smtp.port), smtpSecurity: 'none' } } });
    assert.equal(mailbox.status, 201, mailbox.text);
    clock.advance({ minutes: 5 });
    const sent = await answer(ticket.id, '改到三点');
    assert.deepEqual([sent.route, sent.state], ['email', 'sent']);
    assert.match(smtp.mails[0]!.raw, /han@example\.com/);
    assert.deepEqual((await visitor.state()).messages.map((one: { body: string }) => one.body), ['暖气不热', '今天下午上门', '改到三点']);
    // Back on the page, they are answered there.
    while ((await program.call('GET', `/tickets/${ticket.id}/visitor`, { as })).body.visitor.online !== true) await setImmediate();
    assert.equal((await answer(ticket.id, '师傅到了')).route, 'conversation');
    assert.equal(smtp.mails.length, 1);
    const [row] = await program.database.transact(program.organization.tenantId, (transaction) => findChannels(transaction, [mailbox.body.id]));
    const ours = /^Message-ID:\s*(<[^>]+>)/im.exec(smtp.mails[0]!.raw)![1]!;
    await receiveMail(program.services, row!, program.organization.tenantId, Buffer.from(`From: han@example.com\r\nTo: help@anju.example\r\nSubject: Re: x\r\nMessage-ID: <back@example.com>\r\nIn-Reply-To: ${ours}\r\nReferences: ${ours}\r\n\r\n三点可以\r\n`), {
      origin: null, resolver: async () => {
        throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
      },
    });
    await settle();
    assert.ok((await comments(ticket.id)).some((one: { body: string; direction: string }) => one.body === '三点可以' && one.direction === 'inbound'), 'what is written back to the mail comes to the ticket');
  } finally {
    await smtp.close();
  }
});

test('what passed is forgotten after as many days as the organization says, whoever wrote nothing a day after they left; the ticket keeps it', async () => {
  clock.advance({ days: 2 });
  assert.equal((await forgetChats(program.services, clock.now())).messages, 0);
  const [silent, wrote] = [await visit(), await visit()];
  await wrote.write('车库进水');
  const ticket = await ticketOf();
  assert.equal((await forgetChats(program.services, clock.now())).visitors, 0);
  const { body: setting } = await program.call('GET', '/intake-setting', { as });
  assert.equal(setting.chatDays, 365);
  const changed = await program.call('PATCH', '/intake-setting', { as, body: { chatDays: 30 }, headers: { 'if-match': `"${setting.version}"` } });
  assert.deepEqual([changed.status, changed.body.chatDays], [200, 30], changed.text);
  clock.advance({ days: 2 });
  assert.ok((await forgetChats(program.services, clock.now())).visitors > 0);
  assertProblem(await program.call('GET', silent.at), 'link_invalid');
  assert.equal((await wrote.state()).messages.length, 1);
  clock.advance({ days: 29 });
  assert.ok((await forgetChats(program.services, clock.now())).messages > 0);
  // Whom a request of theirs still holds at this moment is left to the next time.
  await eventually(async () => {
    await forgetChats(program.services, clock.now());
    return (await program.call('GET', wrote.at)).body.code === 'link_invalid';
  }, 'the visitor is forgotten');
  assert.equal((await program.call('GET', `/tickets/${ticket.id}/visitor`, { as })).status, 200);
  assert.match(JSON.stringify((await program.call('GET', `/tickets/${ticket.id}`, { as })).body), /车库进水/);
});
