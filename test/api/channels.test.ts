import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, test } from 'node:test';
import { gatherStorm } from '../../server/journey/intake/gather-storm.ts';
import { takeInDue } from '../../server/journey/intake/take-in.ts';
import { build } from '../../server/platform/db/database.ts';
import { openTestProgram, testClock, type Answer } from '../support/program.ts';
import { eventually } from '../browser/eventually.ts';
import { assertProblem, done } from './scene.ts';

const clock = testClock();
const program = await openTestProgram({ clock });
after(() => program.close());
const { organization } = program;

interface Channel { id: string; url: string; version: number; made: Record<string, string>; health: { state: string; waiting: number; quarantined: number; lastRefusedAt: string | null; lastRefusal: string | null } }

async function setUp(kind: string, more: object = {}): Promise<Channel> {
  const answer = await program.call('POST', '/channels', { as: 'administrator', body: { kind, name: kind, ...more } });
  assert.equal(answer.status, 201, answer.text);
  return answer.body as Channel;
}
const call = (channel: Channel, body: unknown, headers: Record<string, string> = {}): Promise<Answer> => program.inject({
  method: 'POST', url: new URL(channel.url).pathname, headers: { 'content-type': 'application/json', ...(channel.made['token'] ? { authorization: `Bearer ${channel.made['token']}` } : {}), ...headers },
  payload: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
});
const takeIn = async () => { while (await takeInDue(program.services) > 0); };
const inbox = async (channel: Channel, state = '') => (await program.call('GET', `/channels/${channel.id}/messages${state && `?state=${state}`}`, { as: 'administrator' })).body.items as { id: string; state: string; outcome: string | null; failure: string | null; externalId: string; ticket: { id: string; number: string } | null }[];
const ticketOf = async (id: string) => (await program.call('GET', `/tickets/${id}`, { as: 'administrator' })).body;

const mapping = [
  { target: 'externalId', from: 'no' }, { target: 'subject', text: '{{what}} {{where.room}}', cleanse: ['one_line'] }, { target: 'description', from: 'html', cleanse: ['plain_text'] },
  { target: 'requester.name', from: 'who' }, { target: 'requester.phone', from: 'phone', cleanse: ['digits'] }, { target: 'priority', from: 'level', table: { A: 'urgent' }, otherwise: 'normal' },
  { target: 'location.address', from: 'where.address' }, { target: 'category', from: 'kind' },
];

test('what another program sends becomes a ticket by the mapping, once, however often it comes', async () => {
  const channel = await setUp('webhook', { mapping });
  const sent = { no: 'R-1', what: '漏水', where: { room: '3-1201', address: '杭州市西湖区文三路 291 号' }, html: '<p>卫生间&nbsp;漏水</p><script>alert(1)</script>', who: '王芳', phone: '１３９ ０００１ ００１１', level: 'a', kind: '没有这一类' };
  for (let time = 0; time < 3; time += 1) assert.deepEqual((await call(channel, sent)).body, { received: 1 });
  await takeIn();
  const [message, ...more] = await inbox(channel);
  assert.deepEqual(more, []);
  assert.equal(message!.state, 'done');
  const ticket = await ticketOf(message!.ticket!.id);
  assert.equal(ticket.subject, '漏水 3-1201');
  assert.equal(ticket.description, '卫生间 漏水\nalert(1)');
  assert.equal(ticket.priority, 'urgent');
  assert.equal(ticket.requester.name, '王芳');
  assert.equal(ticket.location.address, '杭州市西湖区文三路 291 号');
  const timeline = await program.call('GET', `/tickets/${ticket.id}/timeline`, { as: 'administrator' });
  assert.match(timeline.text, /category: 没有这一类/);
});

test('a call without the token, with another’s, or to an address nobody was given is not taken, and nothing is written', async () => {
  const channel = await setUp('webhook');
  const other = await setUp('webhook');
  assert.equal((await call({ ...channel, made: {} }, {})).status, 401);
  assert.equal((await call(channel, {}, { authorization: `Bearer ${other.made['token']}` })).status, 401);
  assert.equal((await call({ ...channel, url: channel.url.replace('/webhook/', '/zabbix/') }, {})).status, 404);
  // Turned round, so that it is another whatever it ends with.
  const signed = channel.url.split('/').at(-1)!;
  assert.equal((await call({ ...channel, url: channel.url.replace(signed, [...signed].reverse().join('')) }, {})).status, 404);
  assert.equal((await call({ ...channel, url: channel.url.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')) }, {})).status, 404);
  assert.equal((await call(channel, '{"a":')).status, 400);
  assert.equal((await call(channel, Buffer.from([0x7b, 0xff, 0x7d]))).status, 400);
  assert.equal((await call(channel, '7')).status, 400);
  const tooLarge = await call(channel, { pad: 'x'.repeat(2_200_000) });
  assertProblem(tooLarge, 'body_too_large');
  assert.match(tooLarge.body.title, /2 MB/, 'the limit that holds here');
  assert.deepEqual(await inbox(channel), []);
  const shown = (await program.call('GET', `/channels/${channel.id}`, { as: 'administrator' })).body as Channel;
  assert.equal(shown.health.state, 'refusing');
  assert.match(shown.health.lastRefusal!, /^malformed/, 'why the last one was not taken');
  assert.doesNotMatch(JSON.stringify(shown), new RegExp(channel.made['token']!));
});

test('until it is mapped, things are taken for what they are called, and all that came can be read', async () => {
  const channel = await setUp('webhook');
  await call(channel, { id: 'D1', subject: '马桶堵了', contact: { name: '王芳', phone: '13900010011' }, extra: { floor: 3 } });
  await takeIn();
  const [message] = await inbox(channel);
  const ticket = await ticketOf(message!.ticket!.id);
  assert.deepEqual([message!.externalId, ticket.subject, ticket.requester.name], ['D1', '马桶堵了', '王芳']);
  assert.match(ticket.description, /extra\.floor: 3/);
  assert.doesNotMatch(ticket.description, /马桶堵了/, 'what is its subject is not said again');
  // What says nothing is called after where it came by, so that nothing is read out of that.
  await call(channel, { nothing: '' });
  await takeIn();
  assert.match((await ticketOf((await inbox(channel))[0]!.ticket!.id)).subject, /^\[.+\]$/);
  // A call that cannot be one says nothing of a channel that works.
  assert.equal((await program.inject({ method: 'GET', url: new URL(channel.url).pathname, headers: { authorization: `Bearer ${channel.made['token']}` } })).status, 405);
  const shown = (await program.call('GET', `/channels/${channel.id}`, { as: 'administrator' })).body as Channel;
  assert.equal(shown.health.state, 'well');
  // One stranger’s call says nothing of it either; two in a row do, and a good one says that it works again, however soon.
  const health = async () => (await done(program.call('GET', `/channels/${channel.id}`, { as: 'administrator' }))).body.health as Channel['health'];
  const stranger = async () => assert.equal((await call(channel, {}, { authorization: 'Bearer of-nobody' })).status, 401);
  for (let round = 0; round < 2; round += 1) {
    await stranger();
    assert.deepEqual([(await health()).state, (await health()).lastRefusedAt], ['well', null]);
    clock.advance({ seconds: 2 });
    await stranger();
    await eventually(async () => (await health()).state === 'refusing', 'two in a row are told');
    clock.advance({ seconds: 1 });
    assert.equal((await call(channel, { id: `again-${round}`, subject: '马桶又堵了' })).status, 200);
    await eventually(async () => (await health()).state === 'well', 'a good one clears it');
    clock.advance({ seconds: 1 });
  }
});

test('with another address, the secrets that would go there are to be given anew', async () => {
  const settings = { appId: 'wx5823bf96d3bd56c7', appSecret: 'secret', baseUrl: 'https://one.example' };
  const made = await program.call('POST', '/channels', { as: 'administrator', body: { kind: 'wechat_official_account', name: '公众号', settings } });
  assert.equal(made.status, 201, made.text);
  const change = (body: object) => program.call('PATCH', `/channels/${made.body.id}`, { as: 'administrator', body: { settings: body }, headers: { 'if-match': '*' } });
  const { appSecret: _appSecret, ...open } = settings;
  assertProblem(await change({ ...open, baseUrl: 'https://two.example' }), 'invalid_input');
  assert.equal((await change({ ...open, baseUrl: 'https://one.example/' })).status, 200);
  const moved = await change({ ...settings, baseUrl: 'https://two.example' });
  assert.equal(moved.status, 200, moved.text);
  assert.deepEqual(moved.body.secrets.sort(), ['appSecret', 'encodingAesKey', 'token']);
});

test('signatures are those of Standard Webhooks: the published vector holds, what was changed or is old does not', async () => {
  const channel = await setUp('webhook', { mode: 'signature', settings: { secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' } });
  // Vector of the specification; signed in 2021, so all but its age is right.
  const vector = { 'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek', 'webhook-timestamp': '1614265330', 'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=' };
  assert.equal((await call(channel, '{"test": 2432232314}', vector)).body.code, 'call_stale');
  assert.equal((await call(channel, '{"test": 2432232315}', vector)).body.code, 'call_signature');
  const seconds = String(Math.floor(clock.now().getTime() / 1_000));
  const sign = (body: string) => `v1,${createHmac('sha256', Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64')).update(`msg_1.${seconds}.${body}`).digest('base64')}`;
  const body = '{"what":"门禁"}';
  assert.equal((await call(channel, body, { 'webhook-id': 'msg_1', 'webhook-timestamp': seconds, 'webhook-signature': `v1,AAAA ${sign(body)}` })).status, 200);
  assert.equal((await call(channel, body, { 'webhook-id': 'msg_2', 'webhook-timestamp': seconds, 'webhook-signature': sign(body) })).status, 401);
});

const alerts = (status: 'firing' | 'resolved', startsAt = '2026-11-22T08:00:00.000Z', fingerprint = 'f00d') => ({
  version: '4', groupKey: '{}', status, receiver: 'bihuan', groupLabels: {}, commonLabels: {}, commonAnnotations: {}, externalURL: 'http://am', truncatedAlerts: 0,
  alerts: [{ status, labels: { alertname: 'PumpPressure', instance: 'pump-2', severity: 'critical' }, annotations: { summary: '2号泵压力过高', description: '超过 1.2 MPa' }, startsAt, endsAt: status === 'resolved' ? '2026-11-22T08:30:00.000Z' : '0001-01-01T00:00:00Z', generatorURL: 'http://p', fingerprint }],
});

test('an alert opens one urgent ticket, repetitions are counted on it, and its end withdraws it when nobody has begun', async () => {
  const channel = await setUp('alertmanager');
  assert.equal((await call(channel, alerts('firing'))).status, 200);
  await takeIn();
  for (let minutes = 0; minutes < 10; minutes += 5) {
    clock.advance({ minutes: 5 });
    await call(channel, alerts('firing'));
    await takeIn();
  }
  const opened = (await inbox(channel)).at(-1)!.ticket!;
  assert.equal((await ticketOf(opened.id)).priority, 'urgent');
  assert.deepEqual((await inbox(channel)).map((message) => message.outcome), ['alarm_counted', 'alarm_counted', 'ticket_opened']);
  await call(channel, alerts('resolved'));
  await takeIn();
  assert.equal((await ticketOf(opened.id)).status, 'cancelled');
});

test('an alert that ends while somebody is at it asks them to confirm; back soon, it goes on with the same ticket', async () => {
  const channel = await setUp('alertmanager');
  await call(channel, alerts('firing'));
  await takeIn();
  const { id } = (await inbox(channel))[0]!.ticket!;
  const assigned = await program.call('POST', `/tickets/${id}/actions/assign`, { as: 'administrator', body: { assignee: organization.staff.technician } });
  assert.equal(assigned.status, 200, assigned.text);
  await call(channel, alerts('resolved'));
  await takeIn();
  assert.equal((await inbox(channel))[0]!.outcome, 'alarm_recovered');
  assert.notEqual((await ticketOf(id)).status, 'cancelled');
  await call(channel, alerts('firing', '2026-11-22T08:40:00.000Z'));
  await takeIn();
  assert.deepEqual((await inbox(channel))[0]!.ticket!.id, id);
  assert.equal((await inbox(channel))[0]!.outcome, 'alarm_again');
});

test('a problem of Zabbix and its recovery, out of order, lead to no ticket; in order, to one', async () => {
  const channel = await setUp('zabbix');
  const event = (eventId: string, value: number, time: number) => ({ eventId, triggerId: '77', value: String(value), updated: '0', host: 'lift-3', name: '困人', severity: '5', message: '轿厢内有人', time });
  await call(channel, event('9', 0, 1_790_000_100));
  await call(channel, event('9', 1, 1_790_000_000));
  await takeIn();
  assert.deepEqual((await inbox(channel)).map((message) => message.outcome), ['alarm_older', 'alarm_over']);
  await call(channel, event('10', 1, 1_790_000_200));
  await call(channel, { ...event('10', 1, 1_790_000_200), updated: '1' });
  await takeIn();
  assert.equal((await ticketOf((await inbox(channel))[0]!.ticket!.id)).subject, 'lift-3 困人');
});

test('what cannot be taken in is put aside with its reason, what comes behind it goes on, and it can be taken up again by another mapping', async () => {
  const as = 'administrator';
  const type = (await program.call('POST', '/ticket-types', { as, body: { key: 'repair', name: '报修' } })).body as { id: string };
  const draft = await program.call('GET', `/ticket-types/${type.id}/draft`, { as });
  const form = { fields: [{ key: 'building', kind: 'text', label: { zh: '楼栋', en: 'Building' }, required: true }] };
  const saved = await program.call('PATCH', `/ticket-types/${type.id}/draft`, { as, body: { form }, headers: { 'if-match': `"${draft.body.version}"` } });
  assert.equal(saved.status, 200, saved.text);
  const published = await program.call('POST', `/ticket-types/${type.id}/publish`, { as, body: {}, headers: { 'if-match': `"${saved.body.version}"` } });
  assert.equal(published.status, 200, published.text);
  const subject = { target: 'subject', from: 'what' };
  const channel = await setUp('webhook', { mapping: [{ target: 'type', from: 'type' }, subject] });
  await call(channel, { what: '空调不冷', type: 'repair' });
  await call(channel, { what: '灯不亮' });
  await takeIn();
  const [aside, ...more] = await inbox(channel, 'quarantined');
  assert.deepEqual(more, []);
  assert.equal(aside?.failure, 'invalid_input');
  assert.equal((await inbox(channel, 'done')).length, 1);
  const words = (await program.call('GET', `/inbox-messages/${aside!.id}`, { as, headers: { 'accept-language': 'en' } })).body.failureWords;
  assert.match(words, /^[A-Z][^{}]+$/, 'why, in words');
  const changed = await program.call('PATCH', `/channels/${channel.id}`, { as, body: { mapping: [{ target: 'type', from: 'type' }, subject, { target: 'fields.building', value: '3 栋' }] }, headers: { 'if-match': `"${channel.version}"` } });
  assert.equal(changed.status, 200, changed.text);
  const again = await program.call('POST', `/inbox-messages/${aside!.id}/actions/reprocess`, { as, body: {} });
  assert.equal(again.status, 200, again.text);
  await takeIn();
  const [done] = (await inbox(channel)).filter((message) => message.id === aside!.id);
  assert.equal(done!.state, 'done');
  assert.deepEqual((await ticketOf(done!.ticket!.id)).fields, { building: '3 栋' });
  assert.equal((await program.call('POST', `/inbox-messages/${aside!.id}/actions/discard`, { as, body: {} })).body.code, 'message_not_quarantined');
});

test('fields that a form does not take are said on the ticket and do not keep it out', async () => {
  const channel = await setUp('webhook', { mapping: [{ target: 'subject', from: 'what' }, { target: 'fields.nowhere', from: 'x' }] });
  await call(channel, { what: '水压低', x: '0.1' });
  await takeIn();
  const [message] = await inbox(channel);
  const timeline = await program.call('GET', `/tickets/${message!.ticket!.id}/timeline`, { as: 'administrator' });
  assert.match(timeline.text, /fields.nowhere: 0.1/);
});

test('who may not change settings sets nothing up and sees no message; another organization finds nothing', async () => {
  const channel = await setUp('webhook');
  for (const [method, path] of [['POST', '/channels'], ['GET', `/channels/${channel.id}`], ['GET', `/channels/${channel.id}/messages`], ['POST', '/channels/try-mapping']] as const) {
    const body = method === 'POST' ? (path === '/channels' ? { kind: 'webhook', name: 'x' } : { kind: 'webhook', mapping: [], body: '{}' }) : undefined;
    assert.equal((await program.call(method, path, { as: 'agent', ...(body ? { body } : {}) })).status, 403, path);
  }
  const other = await program.foundAnother('elsewhere');
  assert.equal((await program.call('GET', `/channels/${channel.id}`, { as: 'administrator', of: other })).status, 404);
});

test('a mapping is tried on a sample and writes nothing', async () => {
  const tried = await program.call('POST', '/channels/try-mapping', { as: 'administrator', body: { kind: 'webhook', each: 'list', mapping: [{ target: 'subject', from: 'a' }, { target: 'category', from: 'b' }], body: '{"list":[{"a":"甲","b":"没有"},{"a":"乙"}]}' } });
  assert.equal(tried.status, 200, tried.text);
  assert.equal(tried.body.total, 2);
  assert.deepEqual(tried.body.messages[0].unclear, [{ target: 'category', value: '没有' }]);
  // A device greets nobody: Hi is a limit it went above.
  const limit = await program.call('POST', '/channels/try-mapping', { as: 'administrator', body: { kind: 'webhook', each: 'list', mapping: [{ target: 'subject', from: 'a' }, { target: 'description', from: 'b' }], body: '{"list":[{"a":"Hi temp in server room"},{"a":"Hi: 85 C, pump 3"},{"b":"Hi level tank 2"}]}' } });
  assert.deepEqual(limit.body.messages.map((one: { request: { subject: string } }) => one.request.subject), ['Hi temp in server room', 'Hi: 85 C, pump 3', 'Hi level tank 2']);
  assert.equal((await program.call('POST', '/channels/try-mapping', { as: 'administrator', body: { kind: 'webhook', mapping: [{ target: 'nothing', from: 'a' }], body: '{}' } })).status, 422);
  assert.equal((await program.call('POST', '/channels/try-mapping', { as: 'administrator', body: { kind: 'alertmanager', mapping: [], body: '[]' } })).status, 422);
});

test('messages are found by a part of their name, many are settled at once, with a reason; what is done can be replayed; what is removed answers no more', async () => {
  const as = 'administrator';
  const channel = await setUp('webhook', { mapping: [{ target: 'externalId', from: 'no' }, { target: 'subject', from: 'what' }, { target: 'type', value: 'nothing' }, { target: 'fields.x', value: '' }] });
  for (const no of ['A-100%', 'A-101', 'B-200']) await call(channel, { no, what: no });
  await takeIn();
  const found = async (query: string) => ((await program.call('GET', `/channels/${channel.id}/messages?${query}`, { as })).body.items as { externalId: string }[]).map((one) => one.externalId);
  assert.deepEqual(await found('q=a-1'), ['A-101', 'A-100%']);
  assert.deepEqual(await found('q=100%25'), ['A-100%']);
  assert.deepEqual(await found('q=a-1&state=quarantined'), []);
  const page = (await program.call('GET', `/channels/${channel.id}/messages?q=-&limit=2`, { as })).body;
  assert.deepEqual(await found(`q=-&limit=2&cursor=${page.nextCursor}`), ['A-100%']);
  const ids = (await inbox(channel)).map((one) => one.id);
  const settle = (action: string, body: object) => program.call('POST', `/inbox-messages/actions/${action}`, { as, body });
  assert.deepEqual((await settle('discard', { ids, reason: 'x' })).body, { settled: 0, skipped: 3 });
  const before = (await inbox(channel))[0]!.ticket!.id;
  assert.deepEqual((await settle('replay', { ids: ids.slice(0, 1) })).body, { settled: 1, skipped: 0 });
  await takeIn();
  assert.notEqual((await inbox(channel))[0]!.ticket!.id, before);
  await program.database.transact(organization.tenantId, (transaction) => transaction.run(build.updateTable('inbox_message').set({ state: 'quarantined', failure: 'invalid_input' }).where('id', 'in', ids)));
  assert.equal((await program.call('POST', `/inbox-messages/${ids[0]}/actions/replay`, { as, body: {} })).body.code, 'message_not_settled');
  assert.deepEqual((await settle('discard', { ids, reason: ' 测试误发 ' })).body, { settled: 3, skipped: 0 });
  const shown = (await program.call('GET', `/inbox-messages/${ids[0]}`, { as })).body;
  assert.deepEqual([shown.state, shown.outcome, shown.note, shown.values.subject], ['passed_over', 'discarded', '测试误发', 'B-200']);
  const health = ((await program.call('GET', '/channels', { as })).body.items as { id: string; health: { lastDay: number; quarantined: number } | null }[]).find((one) => one.id === channel.id)!.health!;
  assert.deepEqual([health.lastDay, health.quarantined], [3, 0]);
  assert.equal(((await program.call('GET', '/channels', { as: 'manager' })).body.items as { health: unknown }[]).every((one) => one.health === null), true, 'how channels fare is for those who look after them');
  assert.equal((await program.call('PATCH', `/channels/${channel.id}`, { as, body: { archived: true }, headers: { 'if-match': `"${channel.version}"` } })).status, 200);
  assert.equal((await call(channel, { no: 'C' })).status, 404);
  assert.equal((await program.call('GET', `/channels/${channel.id}`, { as })).status, 404);
});

test('alarms that come thick and fast are gathered below one ticket, and those that follow join it; nothing is gathered twice', async () => {
  const settings = await program.call('PATCH', '/matching-settings', { as: 'administrator', body: { storm: { alarms: 3, minutes: 10 } }, headers: { 'if-match': '*' } });
  assert.equal(settings.status, 200, settings.text);
  const channel = await setUp('alertmanager');
  const raise = async (name: string) => {
    assert.equal((await call(channel, alerts('firing', clock.now().toISOString(), name))).status, 200);
    await takeIn();
    const id = (await inbox(channel))[0]!.ticket!.id;
    await gatherStorm(program.services, { tenantId: organization.tenantId, ticketId: id });
    return id;
  };
  const [first, second] = [await raise('s1'), await raise('s2')];
  assert.equal((await ticketOf(second)).parent, null);
  const third = await raise('s3');
  const { parent } = await ticketOf(third);
  assert.match(parent.subject, /alertmanager/);
  assert.match((await ticketOf(parent.id)).description, /3/);
  assert.deepEqual([(await ticketOf(first)).parent.id, (await ticketOf(second)).parent.id], [parent.id, parent.id]);
  clock.advance({ minutes: 5 });
  const fourth = await raise('s4');
  await gatherStorm(program.services, { tenantId: organization.tenantId, ticketId: fourth });
  assert.equal((await ticketOf(fourth)).parent.id, parent.id);
  assert.equal((await ticketOf(parent.id)).children.total, 4);
  // The one that gathers them stands for all from the beginning, as pressing as any; they are found as before.
  const ledNow = async () => ((await program.call('GET', `/tickets?q=${encodeURIComponent((await ticketOf(first)).number)}`, { as: 'administrator' })).body.items as { id: string; led?: boolean }[]).map(({ id, led }) => [id, led ?? false]);
  assert.deepEqual([(await ticketOf(first)).led, (await ticketOf(parent.id)).led, await ledNow()], [true, undefined, [[first, true]]]);
  assert.equal((await program.call('PATCH', `/tickets/${parent.id}`, { as: 'administrator', body: { priority: 'low' }, headers: { 'if-match': `"${(await ticketOf(parent.id)).version}"` } })).status, 200);
  assert.equal((await ticketOf(await raise('s4b'))).parent.id, parent.id);
  assert.equal((await ticketOf(parent.id)).priority, (await ticketOf(first)).priority);
  assert.equal((await program.call('POST', `/tickets/${parent.id}/actions/assign`, { as: 'administrator', body: { assignee: organization.staff.technician } })).status, 200);
  assert.deepEqual([(await ticketOf(first)).led, (await ticketOf(parent.id)).led, await ledNow()], [true, undefined, [[first, true]]]);
  clock.advance({ minutes: 11 });
  assert.equal((await ticketOf(await raise('s5'))).parent, null, 'the storm was over');
});
