import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { test } from 'node:test';
import { Aedes } from 'aedes';
import { openFakeDingtalk } from '../support/fake-dingtalk.ts';
import { messageXml, openFakeWechat, sealedCallback } from '../support/fake-wechat.ts';
import { robotMessage } from '../support/office-kinds.ts';
import { ensureWhole } from './invariants.ts';
import { call, makeStartedDirectory, openEmbedded, startProgram, until, type ProgramProcess } from './program-process.ts';

const messages = 1_000;
const streamed = 100;
const atOnce = 32;
const alarms = 100;

interface Channel { url: string; kind: string; made: { token: string; encodingAesKey: string } }
const appId = 'wx5823bf96d3bd56c7';
// Nobody is asked who they are, and nothing goes out.
const settings = { appId, appSecret: 'secret', baseUrl: 'http://127.0.0.1:1' };

/** Sends a message; true when the program said that it has it. */
async function send(channel: Channel, program: ProgramProcess, body: unknown): Promise<boolean> {
  const sealed = channel.kind === 'wechat_official_account' ? sealedCallback({ ...channel.made, id: appId }, body as string) : null;
  const answer = await fetch(`${program.url}${new URL(channel.url).pathname}${sealed ? `?${sealed.query}` : ''}`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${channel.made.token}` }, body: sealed?.body ?? JSON.stringify(body) })
    .then(async (response) => ({ status: response.status, text: await response.text() }), () => null);
  // Killed on the way.
  if (answer === null) return false;
  assert.equal(answer.status, 200, answer.text);
  return true;
}

/** What the platform of each channel sends. */
function bodyOf(index: number): unknown {
  const what = `message ${index}`;
  if (index % 4 === 3) return messageXml({ ToUserName: 'gh', FromUserName: `openid_${index}`, CreateTime: 1_790_000_000 + index, MsgType: 'text', Content: what, MsgId: index });
  if (index % 4 === 0) return { no: what, what };
  if (index % 4 === 2) return { eventId: what, value: '1', host: 'message', name: String(index), severity: '2', time: 1_790_000_000 + index };
  return { version: '4', alerts: [{ status: 'firing', fingerprint: what, startsAt: '2026-11-22T08:00:00Z', labels: { alertname: 'x' }, annotations: { summary: what } }] };
}

test('kill -9 in the middle of 1,000 messages over six channels: what was answered becomes a ticket, once, and what is sent again no second one', { skip: process.platform === 'win32' && 'no signals', timeout: 300_000 }, async (context) => {
  const dataDirectory = await makeStartedDirectory();
  const broker = await Aedes.createBroker();
  const sockets = createServer(broker.handle).listen(0, '127.0.0.1');
  await once(sockets, 'listening');
  context.after(() => {
    broker.close();
    sockets.close();
  });
  const brokerPort = (sockets.address() as AddressInfo).port;
  const platform = await openFakeDingtalk();
  context.after(() => platform.close());
  const environment = { DATA_DIR: dataDirectory, OUTGOING_PRIVATE_HOSTS: '127.0.0.1' };
  let program = await startProgram(environment);
  const channels: Channel[] = [];
  for (const kind of ['webhook', 'alertmanager', 'zabbix', 'wechat_official_account']) {
    const mapping = kind === 'webhook' ? [{ target: 'externalId', from: 'no' }, { target: 'subject', from: 'what' }] : [];
    const made = await call(program, 'POST', '/api/v1/channels', { body: { kind, name: kind, mapping, ...(kind === 'wechat_official_account' ? { settings } : {}) } });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    channels.push(made.body as Channel);
  }
  const subscribed = once(broker, 'subscribe');
  const devices = await call(program, 'POST', '/api/v1/channels', { body: { kind: 'mqtt', name: 'mqtt', settings: { url: `mqtt://127.0.0.1:${brokerPort}` } } });
  assert.equal(devices.status, 201, JSON.stringify(devices.body));
  const stream = await call(program, 'POST', '/api/v1/channels', { body: { kind: 'dingtalk', mode: 'stream', name: 'stream', settings: { clientId: 'dingapp06', clientSecret: 'client-secret', baseUrl: platform.url } } });
  assert.equal(stream.status, 201, JSON.stringify(stream.body));
  await subscribed;
  await until(() => platform.gateway.of('dingapp06').length === 2);
  /** What the gateway gets no answer to it hands over again to whoever connects next. */
  const push = () => Promise.all(Array.from({ length: streamed }, (_, index) => platform.gateway.push('dingapp06', robotMessage({ from: `staff_${index}`, id: String(index), at: new Date(1_790_000_000_000), text: `message ${messages + index}` }))));
  /** What devices say goes on, whether anybody hears it or not. */
  const speak = async (): Promise<void> => {
    for (let index = 0; index < alarms; index += 1) {
      const payload = Buffer.from(JSON.stringify({ alarmId: `a${index}`, code: `c${index}`, state: 'raised', ts: 1_790_000_000_000 + index, message: `alarm ${index}` }));
      await new Promise<void>((resolve, reject) => broker.publish({ cmd: 'publish', topic: 'wo/v1/main/pump/alarm', payload, qos: 1, retain: false, dup: false }, (error) => (error ? reject(error) : resolve())));
    }
  };
  /** Sends all; the numbers of those that were answered. */
  const sendAll = async (killAfter: number | null): Promise<Set<number>> => {
    const answered = new Set<number>();
    let next = 0;
    await Promise.all(Array.from({ length: atOnce }, async () => {
      for (let at = next++; at < messages; at = next++) {
        if (!await send(channels[at % 4]!, program, bodyOf(at))) return;
        answered.add(at);
        if (answered.size === killAfter) program.kill('SIGKILL');
      }
    }));
    return answered;
  };
  const pushed = push();
  const [answered] = await Promise.all([sendAll(400), speak()]);
  assert.equal((await program.ended).signal, 'SIGKILL');
  program = await startProgram(environment);
  const client = await openEmbedded(dataDirectory);
  try {
    // As if its time had passed: whoever held the connection is dead.
    await client.query('UPDATE channel_hold SET held_until = now()');
    const { rows: kept } = await client.query<{ count: number }>('SELECT count(*)::int AS count FROM inbox_message');
    context.diagnostic(`${answered.size} of ${messages} were answered before the end, ${kept[0]!.count} were kept`);
    assert.ok(kept[0]!.count >= answered.size);
    // The platforms know nothing of all this, and send everything once more.
    assert.equal((await sendAll(null)).size, messages);
    await pushed;
    await until(async () => (await client.query<{ count: number }>("SELECT count(*)::int AS count FROM inbox_message WHERE state = 'waiting'")).rows[0]!.count === 0);
    const { rows: tickets } = await client.query<{ subject: string; count: number }>("SELECT subject, count(*)::int AS count FROM ticket WHERE subject LIKE 'message %' GROUP BY subject");
    assert.deepEqual(tickets.filter(({ count }) => count !== 1), []);
    assert.deepEqual(tickets.map(({ subject }) => Number(subject.slice(8))).sort((one, other) => one - other), Array.from({ length: messages + streamed }, (_, index) => index));
    await until(async () => (await client.query<{ count: number }>("SELECT count(*)::int AS count FROM ticket WHERE subject LIKE 'alarm %'")).rows[0]!.count >= alarms);
    const { rows: raised } = await client.query<{ subject: string; count: number }>("SELECT t.subject, sum(a.count)::int AS count FROM ticket t JOIN alarm_standing a ON a.tenant_id = t.tenant_id AND a.ticket_id = t.id WHERE t.subject LIKE 'alarm %' GROUP BY t.id, t.subject");
    assert.equal(raised.length, alarms);
    assert.deepEqual(raised.filter(({ count }) => count !== 1), []);
    await ensureWhole(client, { customersAreRequesters: false, dataDirectory });
  } finally {
    await client.end();
  }
  program.kill('SIGTERM');
  assert.equal((await program.ended).code, 0);
});

test('kill -9 while answers go out: none is lost; by a platform that drops repetitions none goes out twice, and by one that does not nobody guesses', { skip: process.platform === 'win32' && 'no signals', timeout: 300_000 }, async (context) => {
  const platform = await openFakeWechat();
  const dataDirectory = await makeStartedDirectory();
  const environment = { DATA_DIR: dataDirectory, OUTGOING_PRIVATE_HOSTS: platform.host };
  let program = await startProgram(environment);
  const client = await openEmbedded(dataDirectory);
  const people = 20;
  try {
    const made = async (kind: string, more: object) => {
      const answer = await call(program, 'POST', '/api/v1/channels', { body: { kind, name: kind, settings: { ...more, baseUrl: platform.url } } });
      assert.equal(answer.status, 201, JSON.stringify(answer.body));
      return answer.body as Channel;
    };
    const account = await made('wechat_official_account', { appId, appSecret: 'secret' });
    const service = await made('wechat_kf', { corpId: appId, secret: 'secret' });
    platform.pages.push(Array.from({ length: people }, (_, index) => ({ msgid: `m${index}`, open_kfid: 'wk', external_userid: `external_${index}`, send_time: 1_790_000_000, origin: 3, msgtype: 'text', text: { content: `service ${index}` } })));
    for (let index = 0; index < people; index += 1) assert.ok(await send(account, program, messageXml({ FromUserName: `openid_${index}`, CreateTime: 1_790_000_000, MsgType: 'text', Content: `account ${index}`, MsgId: index })));
    assert.ok(await send({ ...service, kind: 'wechat_official_account' }, program, messageXml({ MsgType: 'event', Event: 'kf_msg_or_event', Token: 'hint', OpenKfId: 'wk' })));
    await until(async () => (await client.query<{ count: number }>('SELECT count(*)::int AS count FROM conversation')).rows[0]!.count === 2 * people);
    // What was written long ago can be answered no more.
    await client.query('UPDATE conversation SET last_inbound_at = now()');
    const tickets = (await client.query<{ id: string; subject: string }>("SELECT id, subject FROM ticket WHERE subject LIKE 'account %' OR subject LIKE 'service %'")).rows;
    assert.equal(tickets.length, 2 * people);
    platform.pause = 1_500;
    for (const { id, subject } of tickets) {
      const answer = await call(program, 'POST', `/tickets/${id}/comments`, { body: { body: `answer to ${subject}`, visibility: 'public' } });
      assert.equal(answer.status, 201, JSON.stringify(answer.body));
    }
    await until(() => platform.sent.length >= 10);
    program.kill('SIGKILL');
    await program.ended;
    platform.pause = 0;
    const before = platform.sent.length;
    program = await startProgram(environment);
    const again = await openEmbedded(dataDirectory);
    try {
      // As if its time had passed: whoever had taken it up is dead.
      await again.query("UPDATE outgoing_message SET due_at = now() WHERE state = 'sending'");
      await until(async () => (await again.query("SELECT 1 FROM outgoing_message WHERE state IN ('queued', 'sending')")).rows.length === 0);
      const states = (await again.query<{ channel: string; state: string; body: string }>('SELECT o.channel, o.state, m.body FROM outgoing_message o JOIN message m ON m.tenant_id = o.tenant_id AND m.id = o.message_id')).rows;
      assert.equal(states.length, 2 * people);
      const times = (body: string) => platform.sent.filter((sent) => (sent['text'] as { content: string }).content === body).length;
      context.diagnostic(`${before} had gone out before the end; ${states.filter(({ state }) => state === 'held').length} are held`);
      for (const { channel, state, body } of states) {
        if (channel === 'wechat_kf') assert.deepEqual([state, times(body)], ['sent', 1], body);
        else assert.ok(state === 'sent' ? times(body) === 1 : state === 'held' && times(body) <= 1, `${body}: ${state}, ${times(body)} times`);
      }
      await ensureWhole(again, { customersAreRequesters: false, dataDirectory });
    } finally {
      await again.end();
    }
  } finally {
    await client.end().catch(() => {});
    await platform.close();
  }
  program.kill('SIGTERM');
  assert.equal((await program.ended).code, 0);
});
