import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPlaceholderName, nameFor, placeholderName, standsFor, wordsFor } from './placeholders.ts';

test('who never said a name is called by how they came, told apart by the end of what is known, in the language of whoever reads', () => {
  for (const [kind, value, zh, en] of [
    ['caller', '13900010011', '来电客户 0011', 'Caller 0011'], ['phone', '13900010011', '客户 0011', 'Customer 0011'], ['openid', 'oAbC_d-eF12-', '微信用户 eF12', 'WeChat user eF12'], ['unionid', 'u', '微信用户 u', 'WeChat user u'],
    ['visitor', '0195f3a2-0000-7000-8000-00000000ab12', '网页访客 ab12', 'Website visitor ab12'], ['site_user', '0195f3a2-0000-7000-8000-00000000ab12 7', '网页访客 7', 'Website visitor 7'], ['site_user', '0195f3a2-0000-7000-8000-00000000ab12 王', '网页访客', 'Website visitor'], ['telegram', '99887766', 'Telegram 用户 7766', 'Telegram user 7766'],
    ['line_user', 'U1234', 'LINE 用户 1234', 'LINE user 1234'], ['whatever', '——', '未留名客户', 'Unnamed customer'],
  ] as const) {
    assert.equal(placeholderName(kind, value, 'zh-CN'), zh);
    assert.equal(placeholderName(kind, value, 'en'), en);
    assert.deepEqual([nameFor(zh, 'en'), nameFor(en, 'zh-CN'), nameFor(zh, 'zh-CN')], [en, zh, zh]);
    assert.ok(isPlaceholderName(zh) && isPlaceholderName(en));
    assert.ok(standsFor(zh, [{ kind, value }]) && standsFor(en, [{ kind, value }]) && !standsFor(`${zh} VIP`, [{ kind, value }]) && !standsFor(en, []));
  }
  for (const before of ['openid …3f2a1c', 'Visitor 0ab12c', '访客 0ab12c', '139****0011']) assert.ok(isPlaceholderName(before), before);
  for (const name of ['王小明', 'Caller ID Ltd', '客户经理', '客户 王', '客户 VIP', 'Customer 12', 'Customer', 'Caller', '客户', 'Visitor Centre', '微信用户群主']) assert.ok(!isPlaceholderName(name) && nameFor(name, 'en') === name, name);
});

test('pictures and recordings among the words are named in the language of whoever reads; what was written stays', () => {
  assert.equal(wordsFor('漏水了\n[图片]\n[文件] 报价.pdf\n[位置] 文三路 291 号', 'en'), '漏水了\n[Picture]\n[File] 报价.pdf\n[Place] 文三路 291 号');
  assert.equal(wordsFor('[Voice message]', 'zh-CN'), '[语音]');
  for (const said of ['见[图片]', '[图片]在下面', '[工单]', '[[图片]']) assert.equal(wordsFor(said, 'en'), said);
});
