import assert from 'node:assert/strict';
import { createCipheriv, createHmac, hash } from 'node:crypto';
import { test } from 'node:test';
import { mappingOf, openDraft, readTable, stepDraft, tableText } from './mapping-draft.ts';
import { leavesOf, propose } from '../../../rules/intake/propose-mapping.ts';
import { signatureOf } from '../../../server/channels/feishu/events.ts';
import { inboundAdapters } from '../../../server/channels/inbound-adapters.ts';
import { CallRefused, type HookCall, type InboundAdapter, type OpenInboundAccount } from '../../../server/channels/inbound.ts';
import { addressToCall, reachOf } from './kinds.ts';
import { refusalWords } from './refusal-words.ts';
import { itemsOf } from './sample.ts';
import type { sayChannel } from './texts.ts';

test('typing on in one place is one step back, and what was undone can be done again', () => {
  let draft = openDraft([{ target: 'subject', from: 'a' }], '');
  draft = stepDraft(draft, { do: 'change', key: 0, line: { target: 'subject', from: 'ab' }, part: 'from' });
  draft = stepDraft(draft, { do: 'change', key: 0, line: { target: 'subject', from: 'abc' }, part: 'from' });
  draft = stepDraft(draft, { do: 'add', lines: [{ target: 'tags', value: 'x' }] });
  draft = stepDraft(draft, { do: 'move', key: 1, by: -1 });
  assert.deepEqual(mappingOf(draft.now).map((line) => line.target), ['tags', 'subject']);
  for (let step = 0; step < 3; step += 1) draft = stepDraft(draft, { do: 'undo' });
  assert.deepEqual(mappingOf(draft.now), [{ target: 'subject', from: 'a' }]);
  assert.equal(stepDraft(draft, { do: 'undo' }), draft);
  draft = stepDraft(draft, { do: 'redo' });
  assert.deepEqual(mappingOf(draft.now), [{ target: 'subject', from: 'abc' }]);
  draft = stepDraft(draft, { do: 'remove', key: 0 });
  assert.deepEqual(draft.future, []);
});

test('a sample is taken apart as the adapter would, and says which fields it seems to hold', () => {
  assert.equal(itemsOf('webhook', '', '{"a":'), null);
  assert.equal(itemsOf('webhook', 'list', '{"a":1}'), null);
  assert.equal(itemsOf('webhook', '', '7'), null);
  assert.deepEqual(itemsOf('webhook', 'list', '{"list":[1,2]}'), [1, 2]);
  assert.deepEqual(itemsOf('alertmanager', '', '{"alerts":[{"x":1}]}'), [{ x: 1 }]);
  assert.deepEqual(leavesOf({ a: { b: [1, null] }, 'c.d': 2 }), [{ path: 'a.b.0', value: 1 }, { path: 'a.b.1', value: null }]);
  const lines = propose({ 编号: 'R-1', info: { title: '漏水', 电话: '139' }, phone: '' }, new Set(['externalId']));
  assert.deepEqual(lines.map(({ target, from }) => [target, from]), [['subject', 'info.title'], ['requester.phone', 'info.电话']]);
});

test('a table of words is written and read as pairs', () => {
  assert.deepEqual(readTable('A = urgent\n b＝normal\n\n= x\nno pair'), { A: 'urgent', b: 'normal' });
  assert.equal(readTable(''), undefined);
  assert.equal(tableText({ A: 'urgent', b: 'normal' }), 'A = urgent\nb = normal');
});

test('an address says who can call it', () => {
  const reach = (url: string) => reachOf(`${url}/hooks/webhook/x`);
  for (const own of ['http://127.0.0.1:8080', 'http://localhost', 'https://[::1]:8443']) assert.equal(reach(own), 'self', own);
  for (const inner of ['http://10.1.2.3', 'https://192.168.1.5', 'https://172.20.0.1:8443', 'https://service', 'https://help.lan', 'https://[fd00::1]']) assert.equal(reach(inner), 'private', inner);
  assert.deepEqual([reach('http://service.example.cn'), reach('https://service.example.cn'), reach('https://172.32.0.1')], ['plain', 'public', 'public']);
  assert.equal(addressToCall({ kind: 'sms', mode: 'aliyun', url: 'https://a/b' }, undefined), 'https://a/b?token=…');
});

test('what a platform’s call is refused for is told as far as it is known: which secret differs, whose call it was, what is to be set', () => {
  const say = ((key: string, values: object = {}) => [key, ...Object.values(values)].join(' ')) as unknown as typeof sayChannel;
  const now = new Date('2026-11-22T00:00:00Z');
  const seconds = String(now.getTime() / 1_000);
  /** By what the adapters themselves find wrong. */
  const words = (adapter: InboundAdapter, values: Record<string, string>, call: Partial<HookCall>): string => {
    try {
      const [account, given] = [{ id: 'a', mode: 'callback', values } as unknown as OpenInboundAccount, { method: 'POST' as const, query: {}, headers: {}, body: Buffer.alloc(0), ...call }];
      adapter.verify(account, given, now);
      adapter.decode(account, given, now);
    } catch (error) {
      assert.ok(error instanceof CallRefused, String(error));
      return refusalWords(say, error.kept);
    }
    return 'taken';
  };
  const body = (value: object) => Buffer.from(JSON.stringify(value));
  const [encryptKey, appId] = ['key', 'cli_1'];
  const toFeishu = (value: object, key = encryptKey, signedBy = encryptKey) => {
    const cipher = createCipheriv('aes-256-cbc', hash('sha256', key, 'buffer'), Buffer.alloc(16));
    const sealed = body({ encrypt: Buffer.concat([Buffer.alloc(16), cipher.update(JSON.stringify(value)), cipher.final()]).toString('base64') });
    return { body: sealed, headers: { 'x-lark-request-timestamp': seconds, 'x-lark-request-nonce': 'n', 'x-lark-signature': signatureOf(seconds, 'n', signedBy, sealed) } };
  };
  const feishu = (call: Partial<HookCall>, more: Record<string, string> = {}) => words(inboundAdapters.feishu!, { encryptKey, appId, ...more }, call);
  assert.equal(feishu({ body: body({ schema: '2.0' }) }), 'check.plainSet Encrypt Key');
  assert.equal(feishu(toFeishu({}, encryptKey, 'other')), 'check.compare Encrypt Key');
  assert.equal(feishu(toFeishu({}, 'other')), 'check.key Encrypt Key');
  assert.equal(feishu(toFeishu({ header: { app_id: 'cli_2', token: 'x' } })), 'check.otherApp cli_2');
  assert.equal(feishu(toFeishu({ header: {} })), 'check.otherAppUnnamed');
  assert.equal(feishu(toFeishu({ header: { app_id: appId, token: 'x' } }), { verificationToken: 'y' }), 'check.compare Verification Token');
  const wechat = inboundAdapters.wechat_official_account!;
  assert.equal(words(wechat, { token: 't', encodingAesKey: 'k'.repeat(43), appId: 'wx1' }, { body: Buffer.from('<xml><Encrypt>x</Encrypt></xml>') }), 'check.compare Token');
  assert.equal(words(wechat, { token: 't', encodingAesKey: 'k'.repeat(43), appId: 'wx1' }, { body: Buffer.from('<xml><Content>x</Content></xml>') }), 'check.plain');
  const clientSecret = 'secret';
  const toRobot = (robotCode: string) => ({ headers: { timestamp: String(now.getTime()), sign: createHmac('sha256', clientSecret).update(`${now.getTime()}\n${clientSecret}`).digest('base64') }, body: body({ robotCode, msgId: 'm', msgtype: 'text', senderStaffId: 's' }) });
  assert.equal(words(inboundAdapters.dingtalk!, { clientSecret, robotCode: 'ding-1' }, toRobot('ding-2')), 'check.otherApp ding-2');
  assert.equal(words(inboundAdapters.dingtalk!, { clientSecret: 'other' }, toRobot('ding-1')), 'check.compare Client Secret');
  const fromDouyin = body({ client_key: 'tt2', event: 'x' });
  assert.equal(words(inboundAdapters.douyin!, { clientSecret, clientKey: 'tt1' }, { body: fromDouyin, headers: { 'x-douyin-signature': hash('sha1', Buffer.concat([Buffer.from(clientSecret), fromDouyin])) } }), 'check.otherApp tt2');
  assert.equal(words(inboundAdapters.webhook!, { token: 't' }, {}), 'check.signature');
  assert.equal(refusalWords(say, 'account: 192.168.1.5 lies within an internal network'), 'check.private 192.168.1.5');
  assert.equal(refusalWords(say, 'account: Not authorized'), 'check.account Not authorized');
});
