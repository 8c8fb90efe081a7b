import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import { doCallWork } from '../../server/journey/intake/call-work.ts';
import { endSilentCalls } from '../../server/journey/intake/end-silent-calls.ts';
import { runImport } from '../../server/journey/intake/import/run-import.ts';
import { runExchanges } from '../../server/journey/intake/run-exchanges.ts';
import { takeInDue } from '../../server/journey/intake/take-in.ts';
import { sendDueReports } from '../../server/journey/process/send-hotline-reports.ts';
import type { Services } from '../../server/platform/context.ts';
import { build } from '../../server/platform/db/database.ts';
import { advance, registerReader } from '../../server/platform/facts/readers.ts';
import { followSignals } from '../../server/platform/realtime/signals.ts';
import { forgetCalls } from '../../server/records/call/forget-calls.ts';
import { failMessage } from '../../server/records/channel/inbox.ts';
import { openNotices } from '../../server/reactions/notices/write-notices.ts';
import { eventually } from '../browser/eventually.ts';
import { openFakeExchange, silentWav } from '../support/fake-speech.ts';
import { openTestProgram, testClock, type Person } from '../support/program.ts';
import { assertProblem, done, multipart } from './scene.ts';

// oxlint-disable-next-line typescript/no-explicit-any -- tests look into answers of every shape
type Any = any;

const clock = testClock();
const program = await openTestProgram({ clock });
const exchange = await openFakeExchange();
const notices = openNotices(clock);
await registerReader(program.database, notices.name);
program.services.privateHosts = ['127.0.0.1'];
const { organization } = program;
const told: { staffId: string; event: string; data: unknown }[] = [];
const leave = Object.values(organization.staff).map((staffId) => program.services.hub.join({ tenantId: organization.tenantId, staffId, take: () => {}, tell: (event, data) => told.push({ staffId, event, data }), end: () => {} }));
const signals = await followSignals(program.database, program.services.hub, program.services.log, () => {});
after(async () => {
  leave.forEach((go) => go());
  await signals.stop();
  await program.close();
  await exchange.close();
});

const as = (person: Person) => (method: 'GET' | 'POST' | 'PATCH', path: string, body?: unknown, version?: number) => program.call(method, path, { as: person, ...(body === undefined ? {} : { body }), ...(version === undefined ? {} : { headers: { 'if-match': `"${version}"` } }) });
const [administrator, agent, technician] = [as('administrator'), as('agent'), as('technician')];
const channel = (await done(administrator('POST', '/channels', { kind: 'phone', name: '呼叫中心', settings: { recordingAuthorization: 'Bearer of-recordings', recordingHost: new URL(exchange.url).host } }))).body as { id: string; url: string; made: Record<string, string> };
const settle = async (): Promise<void> => {
  for (let left = 1; left > 0;) left = await takeInDue(program.services) + await doCallWork(program.services) + await sendDueReports(program.services);
};
const hook = (url: string, body: unknown, headers: Record<string, string>) => program.inject({ method: 'POST', url: new URL(url).pathname, headers: { 'content-type': 'application/cloudevents+json', ...headers }, payload: typeof body === 'string' ? body : JSON.stringify(body) });
const event = (type: string, callId: string, seq: number, data: object = {}) => ({ specversion: '1.0', id: randomUUID(), source: '/pbx', type, time: new Date(clock.now().getTime() + seq * 1_000).toISOString(), data: { call_id: callId, seq, ...data } });
const tell = async (...events: object[]): Promise<void> => {
  const answer = await hook(channel.url, events.length === 1 ? events[0] : events, { authorization: `Bearer ${channel.made['token']}` });
  assert.equal(answer.status, 200, answer.text);
  await settle();
};
const ring = (callId: string, caller: string, more: object = {}) => event('call.ringing', callId, 1, { direction: 'inbound', caller, callee: '057188880000', agent: '1001', ...more });
const current = async (call = agent): Promise<Any> => (await done(call('GET', '/calls?mine=current'))).body.items[0];
const newest = async (): Promise<Any> => (await done(administrator('GET', '/calls?limit=1'))).body.items[0];
const card = async (id: string, call = agent): Promise<Any> => (await done(call('GET', `/calls/${id}`))).body;
const timeline = async (ticketId: string): Promise<string[]> => (await done(administrator('GET', `/tickets/${ticketId}/timeline`))).body.items.map((entry: Any) => entry.kind);

test('an extension is one person’s; whoever is no administrator gives none out', async () => {
  const path = `/staff/${organization.staff.agent}/phone-line`;
  assertProblem(await agent('PATCH', path, { extension: '1001' }, 1), 'forbidden');
  assert.deepEqual((await done(administrator('PATCH', path, { extension: '1001' }, 1))).body, { extension: '1001', sipUser: null, hasSipPassword: false, version: 2 });
  assertProblem(await administrator('PATCH', `/staff/${organization.staff.technician}/phone-line`, { extension: '1001' }, 1), 'name_taken');
  assert.equal((await done(administrator('PATCH', `/staff/${organization.staff.technician}/phone-line`, { extension: '1002' }, 1))).status, 200);
});

test('who may telephone by browser gets what it takes in their own session, and nobody else; the worker it runs in reaches that one server', async () => {
  const own = (path: string) => agent('GET', path);
  const path = `/staff/${organization.staff.agent}/phone-line`;
  assert.equal((await own('/telephone')).body.softphone, false);
  assertProblem(await own('/telephone/softphone'), 'not_found');
  assertProblem(await own('/telephone/wire.js'), 'not_found');
  assertProblem(await administrator('PATCH', path, { sipPassword: 'of-sip-1001' }, 2), 'invalid_input');
  assert.deepEqual((await done(administrator('PATCH', path, { sipUser: 'web1001', sipPassword: 'of-sip-1001' }, 2))).body, { extension: '1001', sipUser: 'web1001', hasSipPassword: true, version: 3 });
  const { id, version } = (await done(administrator('GET', `/channels/${channel.id}`))).body as { id: string; version: number };
  assertProblem(await administrator('PATCH', `/channels/${id}`, { settings: { softphoneUrl: 'ws://pbx.example.com/ws' } }, version), 'invalid_input');
  assert.equal((await done(administrator('PATCH', `/channels/${id}`, { settings: { softphoneUrl: 'wss://pbx.example.com:8089/ws', softphoneDomain: 'example.com', recordingHost: new URL(exchange.url).host } }, version))).status, 200);
  assert.equal((await own('/telephone')).body.softphone, true);
  const { name, ...rest } = (await own('/telephone/softphone')).body;
  assert.deepEqual([typeof name, rest], ['string', { server: 'wss://pbx.example.com:8089/ws', domain: 'example.com', stun: null, user: 'web1001', password: 'of-sip-1001' }]);
  const wire = await own('/telephone/wire.js');
  assert.equal(wire.headers['content-security-policy'], "default-src 'none';connect-src wss://pbx.example.com:8089");
  assert.deepEqual([wire.text.includes('"wss://pbx.example.com:8089/ws"'), wire.text.includes('of-sip')], [true, false]);
  // A colleague’s session gets nothing of it, and no list shows it.
  assertProblem(await administrator('GET', '/telephone/softphone'), 'not_found');
  assert.ok(!(await administrator('GET', path)).text.includes('of-sip'));
  const audited = (await done(administrator('GET', '/audit?kind=phone_line.changed'))).text;
  assert.deepEqual([audited.includes('"newPassword":true'), audited.includes('of-sip')], [true, false]);
  const kept = await program.database.transact(organization.tenantId, (transaction) => transaction.run(build.selectFrom('phone_line').select('sealed_sip_password').where('sealed_sip_password', 'is not', null)));
  assert.ok(kept.length === 1 && !kept[0]!.sealed_sip_password!.includes('of-sip'));
  assert.deepEqual((await own('/telephone/colleagues')).body.items.map((one: Any) => one.extension), ['1002']);
  // Another user does not have the password of the one before.
  assert.equal((await done(administrator('PATCH', path, { sipUser: 'web2' }, 3))).body.hasSipPassword, false);
  assertProblem(await own('/telephone/softphone'), 'not_found');
});

test('a call pops up for whose telephone rings, and for nobody else; a number is only a hint until it is proven', async () => {
  const wang = (await done(administrator('POST', '/customers', { name: '王芳', phone: '13800001111' }))).body;
  const open = (await done(administrator('POST', '/tickets', { subject: '电梯异响', requester: { customerId: wang.id } }))).body;
  await done(administrator('POST', `/tickets/${open.id}/comments`, { body: '师傅明天上午到', visibility: 'public' }));
  await program.catchUp();
  told.length = 0;
  await tell(ring('hint', '013800001111'));
  const call = await current();
  await eventually(async () => told.length > 0, 'it is told');
  assert.deepEqual(told, [{ staffId: organization.staff.agent, event: 'call', data: { id: call.id } }]);
  const shown = await card(call.id);
  assert.deepEqual([shown.state, shown.number, shown.line, shown.agent.staff.id, shown.customer], ['ringing', '138****1111', '057188880000', organization.staff.agent, null]);
  assert.deepEqual(shown.people.map((one: Any) => [one.name, one.verified, one.tickets.map((ticket: Any) => ticket.number)]), [['王芳', false, [open.number]]]);
  assert.ok(shown.contacts.some((one: Any) => one.kind === 'ticket' && one.text === '电梯异响'));
  assert.equal(await current(technician), undefined);
  // Whoever looks after the channel reads who it was and what happened, not a name of the program's.
  const row = (await done(administrator('GET', `/channels/${channel.id}/messages?limit=1`))).body.items[0];
  assert.deepEqual([row.who, row.preview], ['138****1111', 'Call · rings']);
  assertProblem(await technician('GET', `/calls/${call.id}`), 'not_found');
  // Proven, the number says who it is; the call of a while ago is a contact of theirs.
  await program.database.transact(organization.tenantId, (transaction) => transaction.run(build.updateTable('contact_point').set({ verified_at: clock.now() }).where('customer_id', '=', wang.id)));
  await tell(event('call.answered', 'hint', 2), event('call.ended', 'hint', 3));
  await tell(ring('known', '+8613800001111'));
  const known = await card((await current()).id);
  assert.deepEqual([known.customer.name, known.customer.by], ['王芳', 'number']);
  assert.equal(known.contacts[0].kind, 'call');
  // It stands among what passed with her, for whoever may see it.
  const passed = (await done(agent('GET', `/customers/${wang.id}/timeline?kinds=call,ticket`))).body.items;
  assert.deepEqual(passed.map((one: Any) => [one.kind, one.call?.state ?? null, one.call?.number ?? null]), [['call', 'ringing', '138****1111'], ['call', 'ended', '138****1111'], ['ticket', null, null]]);
  assert.ok(!(await done(as('manager')('GET', `/customers/${wang.id}/timeline`))).body.items.some((one: Any) => one.kind === 'call'));
  // One click, and it is a ticket of hers by telephone; another is not opened of the same call.
  const ticket = (await done(agent('POST', `/calls/${known.id}/ticket`, { subject: '三楼漏水' }))).body;
  assert.deepEqual([ticket.channel, ticket.requester.customerId, ticket.requester.phone, ticket.subject], ['phone', wang.id, '138****1111', '三楼漏水']);
  assertProblem(await agent('POST', `/calls/${known.id}/ticket`, {}), 'call_has_ticket');
  // Linked elsewhere instead, with a note.
  const noted = (await done(agent('PATCH', `/calls/${known.id}`, { note: '催问维修时间', ticketId: open.number }, (await card(known.id)).version))).body;
  assert.deepEqual([noted.ticket.number, noted.note], [open.number, '催问维修时间']);
  assert.ok((await timeline(open.id)).includes('call.linked'));
  assert.ok((await timeline(ticket.id)).includes('call.unlinked'));
  await program.catchUp();
  assert.equal((await done(administrator('GET', `/tickets?q=${encodeURIComponent('催问维修')}`))).body.items[0]?.id, open.id);
  // A number that nobody has, but that stands on what somebody left open: that is shown.
  await tell(event('call.ended', 'known', 9), ring('left', '13900005555'));
  const leaky = (await done(administrator('POST', '/tickets', { subject: '水管爆裂' }))).body;
  const left = await card((await current()).id);
  assert.deepEqual([left.people, left.tickets], [[], []]);
  await done(agent('PATCH', `/calls/${left.id}`, { ticketId: leaky.number }, left.version));
  await program.catchUp();
  await tell(event('call.ended', 'left', 9), ring('again', '013900005555'));
  const again = await card((await current()).id);
  assert.deepEqual([again.people, again.tickets.map((one: Any) => one.number)], [[], [leaky.number]]);
  await tell(event('call.ended', 'again', 9));
});

test('of calls somebody sees their own and those of tickets they read, also of ones merged into these; list and card agree', async () => {
  const seen = async (path = ''): Promise<string[]> => (await done(technician('GET', `/calls${path}`))).body.items.map((one: Any) => one.id);
  const [theirs, other, between] = await Promise.all([{ subject: '电梯异响', assignee: organization.staff.technician }, { subject: '电梯又响了' }, { subject: '电梯还在响' }].map(async (said) => (await done(administrator('POST', '/tickets', said))).body));
  const calls: string[] = [];
  for (const [name, extension, ticket] of [['seen-own', '1002', null], ['seen-theirs', '1001', theirs], ['seen-other', '1001', other]] as const) {
    await tell(ring(name, '13800002222', { agent: extension }), event('call.answered', name, 2), event('call.ended', name, 3));
    const { id, version } = await newest();
    calls.unshift(id);
    if (ticket) await done(administrator('PATCH', `/calls/${id}`, { ticketId: ticket.id }, version));
  }
  const [ofOther, ofTheirs, own] = calls as [string, string, string];
  assert.deepEqual(await seen(), [ofTheirs, own]);
  assertProblem(await technician('GET', `/calls/${ofOther}`), 'not_found');
  for (const [from, to] of [[other, between], [between, theirs]]) await done(administrator('POST', `/tickets/${from.id}/merge`, { into: to.id }));
  assert.deepEqual([await seen(), await seen(`?ticket=${other.id}`), (await card(ofOther, technician)).id], [[ofOther, ofTheirs, own], [ofOther], ofOther]);
  assert.deepEqual([await seen('?limit=2'), await seen('?mine=all')], [[ofOther, ofTheirs], [own]]);
});

test('events come in any order and more than once, transfer hands the call on, and strangers are refused', async () => {
  const [ringing, answered, transferred, ended] = [ring('order', '13900002222'), event('call.answered', 'order', 2), event('call.transferred', 'order', 3, { agent: 'technician@first.example' }), event('call.ended', 'order', 60)];
  await tell(ended);
  await tell(transferred, ringing);
  await tell(answered, ended, ringing);
  const call = await newest();
  assert.deepEqual([call.state, call.seconds, call.agent.staff.id, call.direction], ['ended', 57 + 1, organization.staff.technician, 'inbound']);
  assert.equal((await card(call.id, technician)).id, call.id);
  for (const [body, headers, status] of [
    [ringing, { authorization: 'Bearer wrong' }, 401], [ringing, {}, 401], ['{', { authorization: `Bearer ${channel.made['token']}` }, 400], [{ ...ringing, specversion: '0.3' }, { authorization: `Bearer ${channel.made['token']}` }, 400],
    [{ ...ringing, type: 'call.unknown' }, { authorization: `Bearer ${channel.made['token']}` }, 400], [{ ...ringing, data: { seq: 1 } }, { authorization: `Bearer ${channel.made['token']}` }, 400],
  ] as const) assert.equal((await hook(channel.url, body, headers)).status, status, JSON.stringify(headers));
});

test('a call nobody took is called back, once for a number within a while; should somebody have answered after all, nobody need', async () => {
  const before = (await done(administrator('GET', '/tickets'))).body.items.length;
  await tell(ring('missed1', '13700003333'), event('call.ended', 'missed1', 9));
  const first = await newest();
  assert.deepEqual([first.state, first.callsBack, first.ticket.subject], ['missed', true, '回拨：137****3333']);
  await tell(ring('missed2', '13700003333'), event('call.missed', 'missed2', 9));
  assert.equal((await newest()).ticket.id, first.ticket.id);
  clock.advance({ minutes: 300 });
  await tell(ring('missed3', '13700003333'), event('call.missed', 'missed3', 9));
  const third = await newest();
  assert.notEqual(third.ticket.id, first.ticket.id);
  await tell(event('call.answered', 'missed3', 5));
  assert.equal((await newest()).state, 'ended');
  assert.equal((await done(administrator('GET', `/tickets/${third.ticket.id}`))).body.status, 'cancelled');
  // A colleague who did not answer is called back by nobody.
  await tell(ring('inside', '1002'), event('call.missed', 'inside', 9));
  assert.equal((await newest()).ticket, null);
  assert.equal((await done(administrator('GET', '/tickets'))).body.items.length, before + 2);
  const numbered = (await done(administrator('GET', '/calls?number=3333&state=missed'))).body.items;
  assert.equal(numbered.length, 2);
});

test('a recording is fetched, played in pieces by whoever may hear it, audited, written down and found', async () => {
  exchange.recordings.set('/r/1.wav', { type: 'audio/x-wav', bytes: silentWav() });
  exchange.next.push({ path: '/r/1.wav', status: 404, body: '{}' });
  const setting = (await done(administrator('GET', '/speech-setting'))).body;
  assert.equal((await done(administrator('PATCH', '/speech-setting', { enabled: true, protocol: 'whisper', baseUrl: `${exchange.url}/v1`, key: 'speech-key' }, setting.version))).body.ready, true);
  await tell(ring('recorded', '13600004444'), event('call.answered', 'recorded', 2), event('call.ended', 'recorded', 30));
  const call = await newest();
  const ticket = (await done(agent('POST', `/calls/${call.id}/ticket`, { subject: '来电报修' }))).body;
  await tell(event('recording.ready', 'recorded', 31, { recording_url: `${exchange.url}/r/1.wav` }));
  assert.deepEqual([(await card(call.id)).recording.state, (await card(call.id)).recording.failure], ['waiting', 'HTTP 404']);
  clock.advance({ seconds: 10 });
  await settle();
  const done1 = await card(call.id);
  assert.deepEqual([done1.recording.state, done1.recording.mediaType, done1.transcript], ['kept', 'audio/wav', 'done']);
  assert.deepEqual(done1.segments.map((one: Any) => [one.t0, one.text, one.confidence]), [[0, '您好，我家厨房漏水。', 0.905], [1.5, '好的，马上安排。', 0.819]]);
  assert.equal(exchange.asked.filter(({ path }) => path === '/r/1.wav').at(-1)!.headers['authorization'], 'Bearer of-recordings');
  const whisper = exchange.asked.find(({ path }) => path === '/v1/audio/transcriptions')!;
  assert.equal(whisper.headers['authorization'], 'Bearer speech-key');
  assert.ok(whisper.body.includes('verbose_json') && whisper.body.includes('RIFF'));
  const piece = await program.call('GET', `/calls/${call.id}/recording`, { as: 'agent', headers: { range: 'bytes=0-3' } });
  assert.deepEqual([piece.status, piece.text, piece.headers['content-range']], [206, 'RIFF', `bytes 0-3/${silentWav().length}`]);
  assert.equal((await program.call('GET', `/calls/${call.id}/recording`, { as: 'agent', headers: { range: 'bytes=4-7' } })).status, 206);
  assertProblem(await program.call('GET', `/calls/${call.id}/recording`, { as: 'technician' }), 'not_found');
  const listened = (await done(administrator('GET', '/audit?kind=call.listened'))).body.items;
  assert.deepEqual(listened.map((one: Any) => one.actor.id), [organization.staff.agent]);
  await program.catchUp();
  assert.equal((await done(administrator('GET', `/tickets?q=${encodeURIComponent('厨房漏水')}`))).body.items[0]?.id, ticket.id);
  assert.deepEqual((await timeline(ticket.id)).filter((kind) => kind.startsWith('call.')).sort(), ['call.linked', 'call.recorded', 'call.transcribed']);
  // What is no sound is not kept.
  exchange.recordings.set('/r/2.wav', { type: 'audio/wav', bytes: Buffer.from('<html>sign in</html>') });
  await tell(ring('page', '13600004445'), event('recording.ready', 'page', 2, { recording_url: `${exchange.url}/r/2.wav` }));
  assert.equal((await newest()).recording.state, 'lost');
  // The password is for one host, which has to be named, and for no other that an event may name.
  const nameHost = async (recordingHost: string) => administrator('PATCH', `/channels/${channel.id}`, { settings: { recordingAuthorization: 'Bearer of-recordings', recordingHost } }, (await done(administrator('GET', `/channels/${channel.id}`))).body.version);
  assertProblem(await nameHost(''), 'invalid_input');
  assert.equal((await done(nameHost('recordings.example.com'))).status, 200);
  await tell(ring('elsewhere', '13600004446'), event('recording.ready', 'elsewhere', 2, { recording_url: `${exchange.url}/r/1.wav` }));
  assert.deepEqual([(await newest()).recording.state, exchange.asked.filter(({ path }) => path === '/r/1.wav').at(-1)!.headers['authorization']], ['kept', undefined]);
});

test('what is there already is neither written down again nor lost by what fails late', async () => {
  const asked = () => exchange.asked.filter(({ path }) => path === '/v1/audio/transcriptions').length;
  const words = event('asr.ready', 'twice', 9, { segments: [{ t0: 0, t1: 1, speaker: 'agent', text: '电话系统自己写的', confidence: 0.9 }] });
  for (const answer of [400, 503, 200]) {
    const before = asked();
    const callId = `twice-${answer}`;
    // The telephone system writes it down itself while it is asked for.
    exchange.meanwhile.set('/v1/audio/transcriptions', async () => {
      const heard = await hook(channel.url, { ...words, data: { ...words.data, call_id: callId } }, { authorization: `Bearer ${channel.made['token']}` });
      assert.equal(heard.status, 200);
      while (await takeInDue(program.services) > 0);
    });
    if (answer !== 200) exchange.next.push({ path: '/v1/audio/transcriptions', status: answer, body: '{}' });
    await tell(ring(callId, '13600004447'), event('recording.ready', callId, 2, { recording_url: `${exchange.url}/r/1.wav` }));
    const call = await newest();
    const stands = async () => [(await card(call.id)).transcript, (await card(call.id)).segments.map((one: Any) => one.text)];
    assert.deepEqual(await stands(), ['done', ['电话系统自己写的']], `answered ${answer}`);
    clock.advance({ minutes: 60 });
    assert.equal(await doCallWork(program.services), 0, 'nothing is left to be done');
    assert.deepEqual([asked() - before, await stands()], [1, ['done', ['电话系统自己写的']]]);
  }
  // A second node began on it when the first seemed dead: what the first comes to says nothing any more.
  exchange.recordings.set('/r/slow.wav', { type: 'audio/wav', bytes: silentWav() });
  exchange.meanwhile.set('/r/slow.wav', async () => {
    clock.advance({ minutes: 10 });
    assert.ok(await doCallWork(program.services) > 0);
    exchange.next.push({ path: '/r/slow.wav', status: 410, body: '{}' });
  });
  await tell(ring('slow', '13600004448'), event('recording.ready', 'slow', 2, { recording_url: `${exchange.url}/r/slow.wav` }));
  const slow = await card((await newest()).id);
  assert.deepEqual([slow.recording.state, slow.transcript], ['kept', 'done']);
});

test('a call goes from one ticket to another only where both may be noted on, whoever else does the like', async () => {
  const [one, two] = [(await done(administrator('POST', '/tickets', { subject: '一' }))).body, (await done(administrator('POST', '/tickets', { subject: '二' }))).body];
  const calls: string[] = [];
  for (const [name, ticket] of [['swap1', one], ['swap2', two]]) {
    await tell(ring(name, '13100009999', { agent: '1002' }));
    calls.push((await newest()).id);
    assert.equal((await done(administrator('PATCH', `/calls/${calls.at(-1)}`, { ticketId: ticket.id }, (await card(calls.at(-1)!, administrator)).version))).status, 200);
  }
  assertProblem(await technician('PATCH', `/calls/${calls[0]}`, { ticketId: null }, (await card(calls[0]!, technician)).version), 'forbidden');
  for (const [first, second] of [[two, one], [one, two], [two, one]]) {
    const versions = await Promise.all(calls.map(async (id) => (await card(id, administrator)).version));
    const moved = await Promise.all(calls.map((id, index) => administrator('PATCH', `/calls/${id}`, { ticketId: [first, second][index].id }, versions[index])));
    assert.deepEqual(moved.map(({ status }) => status), [200, 200]);
  }
});

test('FunASR writes down what it is sent over its WebSocket', async () => {
  const { version } = (await done(administrator('GET', '/speech-setting'))).body;
  assert.equal((await done(administrator('PATCH', '/speech-setting', { protocol: 'funasr', baseUrl: exchange.socketUrl }, version))).body.hasKey, false);
  await tell(ring('funasr', '13500005555'), event('recording.ready', 'funasr', 2, { recording_url: `${exchange.url}/r/1.wav` }));
  const { segments } = await card((await newest()).id);
  assert.deepEqual(segments, [{ t0: 0.43, t1: 1.85, speaker: null, text: '电梯停在三楼。', confidence: null }]);
  const [heard] = exchange.heard;
  assert.deepEqual([heard!.first['mode'], heard!.first['wav_format'], heard!.first['audio_fs'], heard!.bytes, heard!.last], ['offline', 'pcm', 8_000, silentWav().length - 44, { is_speaking: false }]);
});

test('Asterisk is listened to by one node at a time, on which calls ring, are answered, recorded and end', async () => {
  const { id } = (await done(administrator('POST', '/channels', { kind: 'phone', name: 'Asterisk', mode: 'ari', settings: { baseUrl: `${exchange.url}/ari`, user: 'bihuan', password: 'of-ari', record: 'record_yes' } }))).body;
  const nodes = [runExchanges(program.services), runExchanges(program.services)];
  try {
    await eventually(async () => exchange.listeners.size > 0, 'somebody listens');
    const [opened] = exchange.asked.filter(({ path }) => path.startsWith('/ari/events'));
    assert.deepEqual([opened!.path, opened!.headers['authorization']], ['/ari/events?app=bihuan&subscribeAll=true', `Basic ${Buffer.from('bihuan:of-ari').toString('base64')}`]);
    const at = (seconds: number) => new Date(clock.now().getTime() + seconds * 1_000).toISOString().replace('Z', '+0000');
    const caller = { id: '1795.1', name: 'PJSIP/trunk-00000001', caller: { number: '13200008888' }, dialplan: { exten: '057188880000' } };
    const peer = { id: '1795.2', name: 'PJSIP/1001-00000002', caller: { number: '1001' } };
    const kept = (thread: string) => program.database.transact(organization.tenantId, (transaction) => transaction.run(build.selectFrom('inbox_message').select('external_id').where('account_id', '=', id).where('thread', '=', thread)));
    const stands = async (state: string): Promise<Any> => {
      await eventually(async () => {
        await settle();
        const call = await newest();
        return call.channel.id === id && call.state === state;
      }, async () => `a call that is ${state}: ${JSON.stringify(await newest())}`);
      return newest();
    };
    // Two ring at the same moment.
    exchange.tell({ type: 'Dial', timestamp: at(0), dialstatus: '', caller, peer: { id: '1795.11', name: 'PJSIP/1010-00000003', caller: { number: '1010' } } });
    exchange.tell({ type: 'Dial', timestamp: at(0), dialstatus: '', caller, peer });
    await eventually(async () => (await kept('1795.1')).length === 2, 'both are kept');
    const call = await stands('ringing');
    assert.deepEqual([call.direction, call.agent.staff?.id, call.number, call.line], ['inbound', organization.staff.agent, '132****8888', '057188880000']);
    exchange.tell({ type: 'Dial', timestamp: at(3), dialstatus: 'ANSWER', caller, peer });
    await stands('answered');
    await eventually(async () => exchange.asked.some(({ path }) => path.startsWith('/ari/channels/1795.1/snoop/bihuan-rec-1795.1?spy=both')), 'it is listened in');
    exchange.tell({ type: 'StasisStart', timestamp: at(3), channel: { id: 'bihuan-rec-1795.1', name: 'Snoop/1795.1-00000001' } });
    await eventually(async () => exchange.asked.some(({ path }) => path.startsWith('/ari/channels/bihuan-rec-1795.1/record?name=bihuan-rec-1795.1')), 'it is recorded');
    exchange.recordings.set('/ari/recordings/stored/bihuan-rec-1795.1/file', { type: 'audio/x-wav', bytes: silentWav() });
    for (const channel of [peer, caller, { id: '1795.9', name: 'PJSIP/other-00000009' }]) exchange.tell({ type: 'ChannelDestroyed', timestamp: at(63), channel });
    exchange.tell({ type: 'RecordingFinished', timestamp: at(64), recording: { name: 'bihuan-rec-1795.1', target_uri: 'channel:bihuan-rec-1795.1', state: 'done' } });
    assert.equal((await stands('ended')).seconds, 60);
    await eventually(async () => {
      await settle();
      return (await newest()).recording.state === 'kept';
    }, 'the recording is kept');
    assert.equal(exchange.asked.filter(({ path }) => path.endsWith('/file')).at(-1)!.headers['authorization'], opened!.headers['authorization']);
    assert.equal((await done(administrator('GET', '/calls'))).body.items.filter((one: Any) => one.channel.id === id).length, 1);
    assert.equal(exchange.listeners.size, 1);
    // Somebody is called from one's own telephone, without their number being seen; only once, and what is told of it is that call.
    const ticket = (await done(agent('POST', `/calls/${call.id}/ticket`, { subject: '回访' }))).body;
    assertProblem(await as('manager')('POST', '/calls', { ticketId: ticket.id }), 'cannot_dial');
    const dialled = (await done(agent('POST', '/calls', { ticketId: ticket.id }))).body;
    assert.deepEqual([dialled.direction, dialled.state, dialled.number, dialled.ticket.id], ['outbound', 'ringing', '132****8888', ticket.id]);
    await settle();
    const [asked, ...more] = exchange.asked.filter(({ path }) => path.startsWith('/ari/channels?'));
    const own = `bihuan-${dialled.id}`;
    assert.equal(asked!.path, `/ari/channels?endpoint=PJSIP%2F1001&channelId=${own}&extension=13200008888&context=from-internal&priority=1&timeout=30`);
    assert.equal(more.length, 0);
    const mine = { id: own, name: 'PJSIP/1001-00000005', caller: { number: '1001' }, dialplan: { exten: '913200008888' } };
    exchange.tell({ type: 'Dial', timestamp: at(100), dialstatus: '', peer: mine });
    exchange.tell({ type: 'Dial', timestamp: at(104), dialstatus: 'ANSWER', peer: mine });
    exchange.tell({ type: 'Dial', timestamp: at(105), dialstatus: '', caller: mine, peer: { id: '1796.2', name: 'PJSIP/trunk-00000006' } });
    exchange.tell({ type: 'Dial', timestamp: at(110), dialstatus: 'ANSWER', caller: mine, peer: { id: '1796.2', name: 'PJSIP/trunk-00000006' } });
    await stands('answered');
    exchange.tell({ type: 'ChannelDestroyed', timestamp: at(130), channel: mine });
    const over = await stands('ended');
    assert.deepEqual([over.id, over.direction, over.number, over.seconds], [dialled.id, 'outbound', '132****8888', 20]);
    exchange.next.push({ path: '/ari/channels?', status: 400, body: '{"message":"Allocation failed"}' });
    const lost = (await done(agent('POST', '/calls', { ticketId: ticket.id }))).body;
    await settle();
    assert.deepEqual([(await card(lost.id)).state, (await card(lost.id)).recording.failure?.includes('Allocation failed')], ['ended', true]);
  } finally {
    await Promise.all(nodes.map((node) => node.stop()));
  }
});

test('what Asterisk tells while the database is away is kept later; what ended while nobody listened, or is told of by nobody, is over', async () => {
  const { id } = (await done(administrator('GET', '/channels'))).body.items.find((one: Any) => one.name === 'Asterisk');
  let away = false;
  const { database } = program.services;
  const reached = <Result>(work: () => Promise<Result>): Promise<Result> => (away ? Promise.reject(new Error('the database is away')) : work());
  const services: Services = { ...program.services, database: { ...database, transact: (...given) => reached(() => database.transact(...given)), look: (...given) => reached(() => database.look(...given)) } };
  const at = (seconds: number) => new Date(clock.now().getTime() + seconds * 1_000).toISOString().replace('Z', '+0000');
  const callOf = (name: string) => ({ caller: { id: name, name: 'PJSIP/trunk-00000011', caller: { number: '13200007777' }, dialplan: { exten: '057188880000' } }, peer: { id: `${name}b`, name: 'PJSIP/1001-00000012', caller: { number: '1001' } } });
  const own = async (name: string): Promise<Any> => (await program.database.transact(organization.tenantId, (transaction) => transaction.run(build.selectFrom('call').select(['id', 'state', 'recording_state', 'events']).where('account_id', '=', id).where('external_id', '=', name))))[0];
  const stands = (name: string, state: string, recording = 'none') => eventually(async () => {
    await settle();
    const row = await own(name);
    return row?.state === state && row.recording_state === recording;
  }, async () => `${name} ${state}: ${JSON.stringify(await own(name))}`);
  let node = runExchanges(services);
  try {
    await eventually(async () => exchange.listeners.size === 1, 'it listens');
    const [away1, left, silent] = ['1801.1', '1802.1', '1803.1'];
    away = true;
    exchange.tell({ type: 'Dial', timestamp: at(0), dialstatus: '', ...callOf(away1!) });
    exchange.tell({ type: 'Dial', timestamp: at(2), dialstatus: 'ANSWER', ...callOf(away1!) });
    exchange.tell({ type: 'ChannelDestroyed', timestamp: at(9), channel: callOf(away1!).caller });
    exchange.tell({ type: 'PlaybackStarted', timestamp: at(9) });
    const before = exchange.asked.length;
    exchange.tell({ type: 'StasisStart', timestamp: at(9), channel: { id: 'bihuan-rec-heard', name: 'Snoop/x' } });
    await eventually(async () => exchange.asked.slice(before).some(({ path }) => path.startsWith('/ari/channels/bihuan-rec-heard/record')), 'all that was told before it is heard');
    away = false;
    await stands(away1!, 'ended');
    assert.deepEqual((await own(away1!)).events.map((one: Any) => one.type), ['call.ringing', 'call.answered', 'call.ended']);
    for (const name of [left!, silent!]) {
      exchange.tell({ type: 'Dial', timestamp: at(20), dialstatus: '', ...callOf(name) });
      exchange.tell({ type: 'Dial', timestamp: at(21), dialstatus: 'ANSWER', ...callOf(name) });
      await stands(name, 'answered');
    }
    // One of them ends, with its recording, while nobody listens.
    await node.stop();
    await eventually(async () => exchange.listeners.size === 0, 'nobody listens');
    exchange.asterisk.channels = [{ id: silent! }];
    exchange.asterisk.recordings = [`bihuan-rec-${left}`, `bihuan-rec-${silent}`, 'of-somebody-else'].map((name) => ({ name, format: 'wav' }));
    exchange.recordings.set(`/ari/recordings/stored/bihuan-rec-${left}/file`, { type: 'audio/x-wav', bytes: silentWav() });
    node = runExchanges(services);
    await stands(left!, 'ended', 'kept');
    assert.deepEqual([(await own(silent!)).state, (await own(silent!)).recording_state], ['answered', 'none']);
    // Of the other one nothing is told any more.
    clock.advance({ minutes: 11 * 60 });
    await endSilentCalls(program.services, clock.now());
    await settle();
    assert.equal((await own(silent!)).state, 'answered');
    clock.advance({ minutes: 120 });
    await endSilentCalls(program.services, clock.now());
    await stands(silent!, 'ended');
  } finally {
    await node.stop();
  }
});

test('a hotline hands a case over, hears what is done with it, in order, once, and says what the citizen said', async () => {
  const hotline = (await done(administrator('POST', '/channels', { kind: 'hotline', name: '12345', settings: { reportUrl: `${exchange.url}/report` } }))).body;
  const codes = [{ code: '04', name: '城乡建设', category: null }, { code: '0403', name: '物业管理', category: organization.categoryId }];
  assert.equal((await done(administrator('PATCH', `/channels/${hotline.id}/hotline-codes`, { codes, note: '2026 版' }, 0))).body.version, 1);
  const push = async (body: Any, secret = hotline.made.secret): Promise<number> => {
    const [id, timestamp, text] = [randomUUID(), String(Math.floor(clock.now().getTime() / 1_000)), JSON.stringify(body)];
    const signature = createHmac('sha256', Buffer.from(secret.slice(6), 'base64')).update(`${id}.${timestamp}.${text}`).digest('base64');
    const { status } = await hook(hotline.url, text, { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` });
    await settle();
    return status;
  };
  const deadline = new Date(clock.now().getTime() + 3 * 86_400_000);
  const dispatched = { type: 'case.dispatched', event_id: 'e1', case_no: 'HZ-2026-001', title: '小区路灯不亮', content: '3 幢门口路灯坏了三天', code: '040302', code_name: '物业服务', citizen: { name: '李先生', phone: '13400006666' }, address: '西畔花园', deadline: deadline.toISOString() };
  // A hurry that comes before the case waits for it.
  assert.equal(await push({ type: 'case.urged', event_id: 'e2', case_no: 'HZ-2026-001', words: '市民再次来电' }), 200);
  assert.equal(await push(dispatched, `whsec_${Buffer.alloc(32, 7).toString('base64')}`), 401);
  for (let time = 0; time < 2; time += 1) assert.equal(await push(dispatched), 200);
  clock.advance({ seconds: 10 });
  await settle();
  const [ticket] = (await done(administrator('GET', '/tickets'))).body.items;
  assert.deepEqual([ticket.subject, ticket.channel, ticket.category.id], ['小区路灯不亮', 'hotline', organization.categoryId]);
  const cases = async (): Promise<Any> => (await done(administrator('GET', `/tickets/${ticket.id}/hotline-cases`))).body.items[0];
  const found = await cases();
  assert.deepEqual([found.caseNumber, found.state, found.deadlineAt, found.urged, found.codesVersion, found.actions], ['HZ-2026-001', 'dispatched', deadline.toISOString(), 1, 1, ['accept', 'return']]);
  const act = async (action: string, body: object) => administrator('POST', `/hotline-cases/${found.id}/actions/${action}`, body, (await cases()).version);
  assertProblem(await act('finish', { words: '已修' }), 'hotline_action_not_open');
  assert.equal((await done(act('accept', {}))).body.items[0].state, 'accepted');
  assertProblem(await act('ask_extension', { words: '等灯具到货', until: clock.now().toISOString() }), 'hotline_extension_not_later');
  // The hotline stumbles over the first report: the second waits behind it.
  exchange.next.push({ path: '/report', status: 503, body: '' });
  const later = new Date(deadline.getTime() + 86_400_000).toISOString();
  await settle();
  assert.equal((await done(act('ask_extension', { words: '等灯具到货', until: later }))).body.items[0].extension, 'asked');
  await settle();
  assert.deepEqual((await cases()).reports.map((one: Any) => one.state), ['waiting', 'waiting']);
  clock.advance({ seconds: 10 });
  await settle();
  assert.deepEqual((await cases()).reports.map((one: Any) => one.state), ['sent', 'sent']);
  const reports = exchange.asked.filter(({ path }) => path === '/report').map(({ body, headers }) => ({ ...JSON.parse(body.toString()), id: headers['webhook-id'] }));
  assert.deepEqual(reports.map((one) => one.type), ['case.accepted', 'case.accepted', 'case.extension_asked']);
  assert.equal(reports[0].id, reports[1].id);
  // The same once more undoes nothing; nor does what is older, whatever it says.
  for (const more of [{ event_id: 'e1b' }, { event_id: 'e0', content: '旧的内容', at: '2020-01-01T00:00:00Z' }]) assert.equal(await push({ ...dispatched, ...more }), 200);
  assert.deepEqual([(await cases()).state, (await timeline(ticket.id)).filter((kind: string) => kind === 'hotline.dispatched').length], ['accepted', 1]);
  assert.equal(await push({ type: 'case.extension_decided', event_id: 'e3', case_no: 'HZ-2026-001', granted: true, deadline: later }), 200);
  assert.deepEqual([(await cases()).extension, (await cases()).deadlineAt], ['granted', later]);
  // Decided is decided.
  assert.equal(await push({ type: 'case.extension_decided', event_id: 'e3b', case_no: 'HZ-2026-001', granted: false }), 200);
  assert.equal((await cases()).extension, 'granted');
  // A refusal inside a 200 is one; it is shown, and told again by hand.
  exchange.next.push({ path: '/report', status: 200, body: '{"code":4001,"message":"缺少办结依据"}' });
  assertProblem(await act('finish', {}), 'invalid_input');
  assert.equal((await done(act('finish', { words: '已更换路灯' }))).body.items[0].state, 'finished');
  await settle();
  const failed = (await cases()).reports[0];
  assert.deepEqual([failed.kind, failed.state, failed.failure.includes('4001')], ['finished', 'failed', true]);
  assert.ok((await timeline(ticket.id)).includes('hotline.report_failed'));
  while (await advance(program.database, notices) > 0);
  // Whoever did it hears of it; the hurry was pressing for those who could take it up.
  const heard = async (call: typeof agent, reason: string): Promise<Any> => (await done(call('GET', '/notifications'))).body.items.find((one: Any) => one.reason === reason && one.ticket?.id === ticket.id);
  assert.ok((await heard(administrator, 'held_failed')).preview.includes('4001'));
  assert.equal((await heard(as('dispatcher'), 'hurried')).preview, '市民再次来电');
  // What comes after it waits: nobody hears the end before the middle.
  const reported = () => exchange.asked.filter(({ path }) => path === '/report').map(({ body }) => JSON.parse(body.toString()).type);
  const states = async () => (await cases()).reports.slice(0, 2).map((one: Any) => one.state);
  assert.equal((await done(act('revisit', { satisfaction: 4 }))).status, 200);
  await settle();
  assert.deepEqual([await states(), reported().at(-1)], [['waiting', 'failed'], 'case.finished']);
  exchange.next.push({ path: '/report', status: 200, body: '{"code":0}' }, { path: '/report', status: 200, body: '{"code":4002,"message":"已回访"}' });
  assert.equal((await done(administrator('POST', `/hotline-reports/${failed.id}/retry`))).status, 200);
  for (let time = 0; time < 2; time += 1) await settle();
  assert.deepEqual([await states(), reported().slice(-2)], [['failed', 'sent'], ['case.finished', 'case.revisited']]);
  // Passed over, it is done by hand, and what comes after it goes on.
  const [second] = (await cases()).reports;
  assert.equal((await done(act('revisit', { satisfaction: 5 }))).status, 200);
  await settle();
  assert.deepEqual(await states(), ['waiting', 'failed']);
  assert.equal((await done(administrator('POST', `/hotline-reports/${second.id}/skip`))).status, 200);
  await settle();
  assert.deepEqual(await states(), ['sent', 'by_hand']);
  assertProblem(await administrator('POST', `/hotline-reports/${second.id}/skip`), 'hotline_report_not_failed');
  assertProblem(await administrator('POST', `/hotline-reports/${failed.id}/retry`), 'hotline_report_not_failed');
  // What is told of a case that has not come is kept for it, however often it is looked at; for a day, then it is put aside and says why.
  assert.equal(await push({ type: 'case.urged', event_id: 'e8', case_no: 'HZ-LATE', words: '还没派就催' }), 200);
  assert.equal(await push({ type: 'case.urged', event_id: 'e9', case_no: 'HZ-NEVER', words: '没有这张单' }), 200);
  for (let time = 0; time < 10; time += 1) {
    clock.advance({ minutes: 11 });
    await settle();
  }
  const waiting = async (caseNumber: string): Promise<Any> => ((await done(administrator('GET', `/channels/${hotline.id}/messages`))).body.items as Any[]).find((one) => one.thread === `${caseNumber}/told`);
  assert.deepEqual([(await waiting('HZ-LATE')).state, (await waiting('HZ-LATE')).failure], ['waiting', 'hotline_case_unknown']);
  // Waiting is no failing: one fault that passes, when it has waited for hours, does not put it aside.
  await failMessage(program.database, organization.tenantId, (await waiting('HZ-LATE')).id, { code: 'internal_error', detail: 'the database was away', lasting: false }, clock.now());
  assert.deepEqual([(await waiting('HZ-LATE')).state, (await waiting('HZ-LATE')).attempts], ['waiting', 1]);
  assert.equal(await push({ ...dispatched, event_id: 'e10', case_no: 'HZ-LATE' }), 200);
  await settle();
  assert.deepEqual([(await waiting('HZ-LATE')).state, (await waiting('HZ-LATE')).outcome], ['done', 'hotline_told']);
  await program.database.transact(organization.tenantId, (transaction) => transaction.run(build.updateTable('inbox_message').set({ received_at: new Date(clock.now().getTime() - 86_400_000) }).where('tenant_id', '=', organization.tenantId).where('thread', '=', 'HZ-NEVER/told')));
  clock.advance({ minutes: 11 });
  await settle();
  assert.deepEqual([(await waiting('HZ-NEVER')).state, (await waiting('HZ-NEVER')).failure], ['quarantined', 'hotline_case_unknown']);
  assert.equal(await push({ type: 'case.revisited', event_id: 'e4', case_no: 'HZ-2026-001', satisfaction: 4, words: '修得及时' }), 200);
  assert.deepEqual([(await cases()).satisfaction, (await cases()).satisfactionWords], [4, '修得及时']);
  assert.equal((await done(act('revisit', { satisfaction: 5 }))).body.items[0].reports[0].kind, 'revisited');
});

test('cases of a hotline also come as a file, each once; without an address to report to, that is done by hand', async () => {
  const name = '市长信箱';
  const { id } = (await done(administrator('POST', '/channels', { kind: 'hotline', name, mode: 'token' }))).body;
  assert.equal((await done(administrator('PATCH', `/channels/${id}/hotline-codes`, { codes: [{ code: '04', name: '城乡建设', category: organization.categoryId }] }, 0))).body.version, 1);
  const csv = `受理编号,诉求标题,诉求内容,分类代码,来电人,联系电话,办理期限,热线渠道\nSZ-1,楼道堆物,三楼堆满纸箱,0401,赵女士,13300007777,2026-12-01 18:00,${name}\nSZ-2,井盖缺失,,,,,下周,${name}\n`;
  const take = async (): Promise<Any> => {
    const form = multipart({ name: 'cases.csv', type: 'text/csv', content: csv, fields: { kind: 'hotline_cases' } });
    const created = await program.inject({ method: 'POST', url: '/api/v1/imports', payload: form.payload, headers: { ...form.headers, authorization: `Bearer ${organization.tokens.administrator}` } });
    assert.equal(created.status, 201, created.text);
    await runImport(program.services, { tenantId: organization.tenantId, importId: created.body.id });
    return (await done(administrator('GET', `/imports/${created.body.id}`))).body.counts;
  };
  const counts = await take();
  assert.deepEqual([counts.created, counts.failed], [1, 1]);
  const again = await take();
  assert.deepEqual([again.present, again.failed], [1, 1]);
  const [ticket] = (await done(administrator('GET', '/tickets'))).body.items;
  assert.deepEqual([ticket.subject, ticket.channel, ticket.category.id], ['楼道堆物', 'hotline', organization.categoryId]);
  const [found] = (await done(administrator('GET', `/tickets/${ticket.id}/hotline-cases`))).body.items;
  assert.equal(found.deadlineAt, '2026-12-01T10:00:00.000Z');
  assert.equal((await done(administrator('POST', `/hotline-cases/${found.id}/actions/accept`, {}, found.version))).body.items[0].reports[0].state, 'by_hand');
});

test('calls are forgotten once they were kept as long as the organization says: recording, words and all', async () => {
  const setting = (await done(administrator('GET', '/intake-setting'))).body;
  assert.equal(setting.callDays, 365);
  const recorded = (await done(administrator('GET', '/calls?limit=100'))).body.items.find((one: Any) => one.recording.state === 'kept' && one.ticket !== null);
  const count = async (): Promise<number> => (await done(administrator('GET', '/calls?limit=100'))).body.items.length;
  const keys = async (): Promise<string[]> => (await program.database.transact(organization.tenantId, (transaction) => transaction.run(build.selectFrom('file').select('storage_key').where('purpose', '=', 'recording')))).map((file) => file.storage_key);
  const [all, [key]] = [await count(), await keys()];
  const later = (days: number) => new Date(clock.now().getTime() + days * 86_400_000);
  assert.equal(await forgetCalls(program.services, later(364)), 0);
  assert.equal((await done(administrator('PATCH', '/intake-setting', { callDays: 30 }, setting.version))).body.callDays, 30);
  assert.equal(await forgetCalls(program.services, later(31)), all);
  assert.deepEqual([await count(), await keys()], [0, []]);
  await assert.rejects(program.services.blobs.get(key!));
  assertProblem(await administrator('GET', `/calls/${recorded.id}`), 'not_found');
  assert.ok((await timeline(recorded.ticket.id)).includes('call.forgotten'));
  await program.catchUp();
  assert.equal((await done(administrator('GET', `/tickets?q=${encodeURIComponent('厨房漏水')}`))).body.items.length, 0);
  assert.equal((await done(administrator('GET', '/audit?kind=call.purged'))).body.items.length, 1);
  assert.equal(await forgetCalls(program.services, later(31)), 0);
});
