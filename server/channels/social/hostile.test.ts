import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CallRefused, type InboundAdapter, type OpenInboundAccount } from '../inbound.ts';
import { mqtt } from '../mqtt/read-alarm.ts';
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
          for (const { externalId, thread, occurredAt, sender, parts } of adapter.decode(account(mode), call(changed), now)) {
            const said = JSON.stringify(changed).slice(0, 300);
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
