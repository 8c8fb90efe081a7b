import assert from 'node:assert/strict';
import { test } from 'node:test';
import { storable } from '../../../rules/text/storable.ts';
import { phone } from '../phone/read-call-events.ts';
import { hotline } from '../hotline/read-cases.ts';
import { alertmanager } from '../alertmanager/read-alerts.ts';
import { CallRefused, type InboundAdapter, type OpenInboundAccount } from '../inbound.ts';
import { envelope, mqtt } from '../mqtt/read-alarm.ts';
import { packetMeter } from '../mqtt/connect.ts';
import { sms } from '../sms/inbound.ts';
import { douyin } from './douyin.ts';
import { line } from './line.ts';
import { messenger } from './messenger.ts';
import { telegram } from './telegram.ts';
import { weibo } from './weibo.ts';
import { whatsapp } from './whatsapp.ts';

const now = new Date('2026-11-22T08:00:00Z');
const account = (mode = ''): OpenInboundAccount => ({ id: 'a', identity: 'a 1', mode, mapping: [], values: { pageId: '1', phoneNumberId: '1', clientKey: 'k', signName: '安居里' } });

/** One call of each, whole and right. */
const samples: readonly (readonly [string, InboundAdapter, string, unknown])[] = [
  ['telegram', telegram, '', { update_id: 1, message: { message_id: 1, date: 1_790_000_000, chat: { id: 1 }, from: { id: 1, first_name: 'a' }, text: 'a', photo: [{ file_id: 'a' }], location: { latitude: 1, longitude: 1 }, contact: { phone_number: '1' } } }],
  ['whatsapp', whatsapp, '', { object: 'whatsapp_business_account', entry: [{ changes: [{ field: 'messages', value: { metadata: { phone_number_id: '1' }, contacts: [{ wa_id: '1', profile: { name: 'a' } }], messages: [{ from: '1', id: 'a', timestamp: '1790000000', type: 'image', image: { id: 'a', caption: 'a' } }], statuses: [{ id: 'a', status: 'failed', timestamp: '1', errors: [{ code: 1, title: 'a' }] }] } }] }] }],
  ['messenger', messenger, '', { object: 'page', entry: [{ id: '1', messaging: [{ sender: { id: '1' }, timestamp: 1_790_000_000_000, message: { mid: 'a', text: 'a', attachments: [{ type: 'image', payload: { url: 'https://a' } }] } }, { delivery: { mids: ['a'] } }] }] }],
  ['line', line, '', { events: [{ type: 'message', webhookEventId: 'a', timestamp: 1, source: { userId: 'u', groupId: 'g' }, message: { type: 'sticker', id: '1', keywords: ['a'] } }] }],
  ['douyin', douyin, '', { event: 'im_receive_msg', client_key: 'k', from_user_id: 'u', to_user_id: 'o', content: { server_message_id: 'a', create_time: 1, message_type: 'image', resource_url: 'https://a', user_infos: [{ open_id: 'u', nick_name: 'a' }] } }],
  ['weibo', weibo, '', { type: 'position', sender_id: 1, created_at: 'Mon Jul 16 18:09:20 +0800 2012', text: '我在这里: a', data: { latitude: '30', longitude: '120', tovfid: 1 } }],
  ['sms of Alibaba Cloud', sms, 'aliyun', [{ phone_number: '13900010011', content: 'a', send_time: '2017-09-01 00:00:00', dest_code: '1', sequence_id: 1 }]],
  ['sms of Tencent Cloud', sms, 'tencent', { mobile: '13900010011', nationcode: '86', text: 'a', time: 1_790_000_000, extend: '1', sign: '安居里' }],
  ['sms of a gateway', sms, 'gateway', { id: 'a', from: '13900010011', text: 'a', at: '2026-11-22T08:00:00Z' }],
  ['mqtt', mqtt, '', { alarmId: 'a', code: 'b', state: 'raised', ts: 1_790_000_000_000, value: 1, device: 'd' }],
];
const strange: readonly unknown[] = [null, 0, -1, 1e308, '', '\u0000', '\ud800', 'x'.repeat(5_000), true, [], [null], [[]], {}, { __proto__: null, toString: 1 }, [{ a: 1 }]];

// What no text of the database holds: NUL and half of a surrogate pair, as JSON writes them.
const unstorable = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;

/** All values with one place replaced. */
function* withOneReplaced(value: unknown, by: unknown): Generator<unknown> {
  yield by;
  if (typeof value !== 'object' || value === null) return;
  for (const key of Object.keys(value)) {
    for (const inner of withOneReplaced((value as Record<string, unknown>)[key], by)) {
      yield Array.isArray(value) ? value.map((one: unknown, index) => (String(index) === key ? inner : one)) : { ...value, [key]: inner };
    }
  }
}

for (const [name, adapter, mode, sample] of samples) {
  test(`${name}: what is strange is read or refused, and its names fit where they are kept`, () => {
    assert.ok(adapter.decode(account(mode), call(sample), now).length > 0);
    for (const by of strange) {
      for (const changed of withOneReplaced(sample, by)) {
        try {
          for (const message of adapter.decode(account(mode), call(changed), now)) {
            const { externalId, thread, occurredAt, sender, parts } = message;
            const said = JSON.stringify(changed).slice(0, 300);
            assert.doesNotMatch(JSON.stringify(storable(message)), unstorable, said);
            assert.ok(storable(externalId) !== '' && storable(thread) !== '', said);
            assert.ok(externalId.length >= 1 && externalId.length <= 200 && thread.length >= 1 && thread.length <= 200, said);
            assert.ok(!Number.isNaN(occurredAt.getTime()), said);
            for (const { kind, value } of sender?.ids ?? []) assert.ok(kind.length <= 40 && value.length >= 1 && value.length <= 320, said);
            for (const part of parts) if (part.kind === 'location') assert.ok(Number.isFinite(part.lat) && Number.isFinite(part.lng), said);
          }
        } catch (error) {
          if (!(error instanceof CallRefused)) throw error;
        }
      }
    }
  });
}

const call = (body: unknown) => ({ method: 'POST' as const, query: {}, headers: {}, body: Buffer.from(JSON.stringify(body) ?? '') });

test('weibo’s way of writing a time is understood, and a number of a company is no sender', () => {
  assert.equal(weibo.decode(account(), call(samples[5]![3]), now)[0]!.occurredAt.toISOString(), '2012-07-16T10:09:20.000Z');
  const [machine] = sms.decode(account('gateway'), call({ id: 'a', from: '10086', text: '您的话费余额' }), now);
  assert.deepEqual([machine!.kind, machine!.sender], ['event', undefined]);
});

test('what no database holds in a text is left out, however deep it lies, and the rest stays', () => {
  const content = storable({ parts: [{ kind: 'text', text: 'a\0b\ud800c😀 \\u0000' }], values: { 'fields.x\0': ['\udc00'] }, sender: { ids: [{ kind: 'line', value: 'u' }] } });
  assert.deepEqual(content, { parts: [{ kind: 'text', text: 'ab\ufffdc😀 \\u0000' }], values: { 'fields.x': ['\ufffd'] }, sender: { ids: [{ kind: 'line', value: 'u' }] } });
});

test('one line that cannot be read keeps none of the others out, and stands in its own place; where none can, the call is refused', () => {
  const called = (number: number, more = {}) => ({ specversion: '1.0', type: 'call.ringing', data: { call_id: 'c', seq: number, ...more } });
  const batches: readonly (readonly [string, InboundAdapter, string, (list: readonly unknown[]) => unknown, readonly [unknown, unknown, unknown]])[] = [
    ['sms', sms, 'aliyun', (list) => list, [{ phone_number: '13900010011', content: 'a' }, { phone_number: '13900010011', content: '' }, { phone_number: '13900010011', content: 'b' }]],
    ['line', line, '', (events) => ({ events }), [{ type: 'message', webhookEventId: 'a' }, { type: 'message' }, { type: 'message', webhookEventId: 'b' }]],
    ['whatsapp', whatsapp, '', (messages) => ({ object: 'whatsapp_business_account', entry: [{ changes: [{ field: 'messages', value: { metadata: { phone_number_id: '1' }, messages } }] }] }), [{ from: '1', id: 'a', type: 'text' }, { from: '1' }, { from: '1', id: 'b', type: 'text' }]],
    ['phone', phone, '', (list) => list, [called(0), { specversion: '0.3' }, called(1)]],
    ['hotline', hotline, '', (list) => list, [{ type: 'case.dispatched', case_no: '1' }, { type: 'case.dispatched' }, { type: 'case.dispatched', case_no: '2' }]],
    ['alertmanager', alertmanager, '', (alerts) => ({ version: '4', alerts }), [{ fingerprint: 'a', status: 'firing', startsAt: '2026-11-22T08:00:00Z' }, {}, { fingerprint: 'b', status: 'firing', startsAt: '2026-11-22T08:00:00Z' }]],
  ];
  for (const [name, adapter, mode, whole, items] of batches) {
    const messages = adapter.decode(account(mode), call(whole(items)), now);
    assert.deepEqual(messages.map(({ unreadable }) => unreadable ?? false), [false, true, false], name);
    assert.equal(new Set(messages.map(({ externalId }) => externalId)).size, 3, name);
    assert.throws(() => adapter.decode(account(mode), call(whole([items[1]])), now), CallRefused, name);
    // What is cut off would be acknowledged and lost.
    assert.throws(() => adapter.decode(account(mode), call(whole(Array.from({ length: 1_001 }, () => items[0]))), now), CallRefused, name);
  }
});

test('an update of Telegram is known by its bot too, as each counts from its own beginning', () => {
  const [message] = telegram.decode({ ...account(), values: { botToken: '4711:secret' } }, call(samples[0]![3]), now);
  assert.equal(message!.externalId, '4711:1');
});

test('in a group of LINE only what is said to the bot is for it, and each person there has a conversation of their own', () => {
  const said = (mention?: unknown, source: unknown = { userId: 'u', groupId: 'g' }) => line.decode(account(), call({ events: [{ type: 'message', webhookEventId: 'a', source, message: { type: 'text', id: '1', text: '@bot a', ...(mention === undefined ? {} : { mention }) } }] }), now)[0]!;
  for (const other of [undefined, { mentionees: [{ type: 'user', userId: 'x' }] }, { mentionees: [{ type: 'all' }] }, { mentionees: 1 }]) assert.equal(said(other).kind, 'event');
  const meant = said({ mentionees: [{ type: 'user', userId: 'x', isSelf: false }, { type: 'user', isSelf: true }] });
  assert.deepEqual([meant.kind, meant.thread, meant.replyContext, meant.sender?.ids], [undefined, 'g u', { to: 'g' }, [{ kind: 'line', value: 'u' }]]);
  assert.deepEqual([said(undefined, { userId: 'u' }).kind, said(undefined, { userId: 'u' }).thread], [undefined, 'u']);
});

test('what a device says without a time is told apart by when it came; what is too large is kept as far as it goes, with its size', () => {
  const read = (state: string, at: number) => mqtt.decode(account(), { ...call(null), body: envelope('t', 'd', false, Buffer.from(JSON.stringify({ code: 'x', state })), new Date(at)) }, now)[0]!;
  assert.equal(new Set([read('raised', 0), read('cleared', 1_000), read('raised', 2_000)].map(({ externalId }) => externalId)).size, 3);
  const large = envelope('t', 'd', false, Buffer.alloc(300_000, 'a'), now);
  const kept = JSON.parse(large.toString('utf8')) as { bytes: number; unreadable: string };
  assert.deepEqual([kept.bytes, Buffer.from(kept.unreadable, 'base64').length], [300_000, 262_144]);
  assert.equal(mqtt.decode(account(), { ...call(null), body: large }, now)[0]!.unreadable, true);
});

test('how long a packet of MQTT is, is known from its head, however its bytes come', () => {
  const packet = (length: number) => {
    const head = [0x32];
    for (let left = length; ; left = Math.floor(left / 128)) {
      head.push(left >= 128 ? (left % 128) | 128 : left);
      if (left < 128) break;
    }
    return Buffer.concat([Buffer.from(head), Buffer.alloc(length, 0xff)]);
  };
  const lengths = [0, 5, 127, 128, 16_384, 2_097_152, 2];
  const bytes = Buffer.concat(lengths.map(packet));
  for (const step of [1, 1_000, bytes.length]) {
    const measure = packetMeter();
    const longest: number[] = [];
    for (let at = 0; at < bytes.length; at += step) {
      const length = measure(bytes.subarray(at, at + step));
      if (length > 0) longest.push(length);
    }
    assert.equal(Math.max(...longest), 2_097_152, String(step));
    if (step === 1) assert.deepEqual(longest, lengths.slice(1));
  }
});
