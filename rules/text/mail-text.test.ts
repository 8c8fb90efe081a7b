import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitMailText } from './mail-text.ts';

const cases: readonly [string, string, string, string, string][] = [
  ['Gmail', '好的，明天下午来吧。\n\nOn Sun, Nov 22, 2026 at 9:00 AM 服务台 <help@anju.example>\nwrote:\n> 什么时候方便？', '好的，明天下午来吧。', 'On Sun', ''],
  ['QQ', '已经修好了，谢谢\n\n------------------ 原始邮件 ------------------\n发件人: "服务台"<help@anju.example>;\n主题: 漏水', '已经修好了，谢谢', '-----', ''],
  ['163', '还是漏\n\n在 2026-11-22 09:00:00，"服务台" <help@anju.example> 写道：\n>什么时候方便？', '还是漏', '在 2026', ''],
  ['Outlook', '请尽快。\r\n\r\n发件人: 服务台\r\n发送时间: 2026年11月22日\r\n收件人: 王芳\r\n主题: 漏水\r\n\r\n您好', '请尽快。', '发件人', ''],
  ['signature', 'It still leaks.\n\n-- \nWang Fang\nTel 139', 'It still leaks.', '', '-- \nWang'],
  ['phone', '收到\n\n发自我的iPhone', '收到', '', '发自我的'],
];
for (const [name, text, fresh, quoted, signature] of cases) {
  test(`what is new is told from what is quoted and signed: ${name}`, () => {
    const split = splitMailText(text);
    assert.equal(split.fresh, fresh);
    assert.ok(quoted === '' ? split.quoted === '' : split.quoted.startsWith(quoted), split.quoted);
    assert.ok(signature === '' ? split.signature === '' : split.signature.startsWith(signature), split.signature);
  });
}

test('what is written between the lines stays whole, and so does a letter that only looks like one', () => {
  const between = '> 什么时候方便？\n明天下午\n> 家里有人吗？\n有';
  assert.deepEqual(splitMailText(between), { fresh: between, quoted: '', signature: '' });
  const letter = '地址: 文三路 291 号\n主题: 漏水\n请来看看。\n> 这一行不是引用\n谢谢';
  assert.equal(splitMailText(letter).fresh, letter);
  assert.equal(splitMailText('').fresh, '');
});
