import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isGreeting, saysNothingYet, subjectOf, wordsOf } from './conversation.ts';

test('the subject is the first sentence that says something', () => {
  assert.equal(subjectOf('您好，在吗？\n我家卫生间水管爆了！快来人。'), '我家卫生间水管爆了');
  assert.equal(subjectOf('你好，请问，电梯什么时候修？'), '电梯什么时候修');
  assert.equal(subjectOf('你好'), '你好');
  for (const greeting of ['你好，', '您好：', '你好 ', '物业你好，', '师傅好，', '喂，你好，', '亲，在吗，', '您好，打扰一下，', '早上好，请问一下，']) {
    assert.equal(subjectOf(`${greeting}我家水管漏水了`), '我家水管漏水了', greeting);
  }
  for (const greeting of ['Hello, ', 'Hi there, ', 'Hi team - ', 'Good morning! ', 'Dear Sir or Madam, ', 'Hello ']) assert.equal(subjectOf(`${greeting}our pipe is leaking`), 'our pipe is leaking', greeting);
  assert.deepEqual(['哈喽~ 我想投诉', '请问在吗，家里水管爆了', '早上好！谢谢'].map((text) => subjectOf(text)), ['我想投诉', '家里水管爆了', '早上好']);
  // What only begins like one is none.
  for (const said of ['你好小区停水', '亲子乐园的滑梯坏了', '请问题库在哪', 'Hello Kitty lamp is broken', 'Highway lamp is out', '好像漏水了']) assert.equal(subjectOf(said), said);
  // A device greets nobody: Hi is a limit it went above.
  for (const said of ['Hi temp in server room', 'Hi level tank 2', 'Hi: 85 C, pump 3']) assert.equal(subjectOf(said, { written: false }), said);
  assert.equal(subjectOf('漏'.repeat(60)), `${'漏'.repeat(39)}…`);
  assert.equal(subjectOf(''), '');
  assert.equal(subjectOf('厨房漏水，电话13900010011或0571-88880000'), '厨房漏水，电话139****0011或0571-****0000');
  assert.equal(subjectOf('There is a leak in the kitchen of the second building'), 'There is a leak in the kitchen of the…');
});

test('a greeting is told from a matter', () => {
  for (const said of ['你好', '您好，在吗？', 'Hello!', '转人工', '谢谢', '谢谢您！', 'thank you', 'Hi there, is anyone here?', '哈喽~', '【收到不支持的消息类型，暂无法显示】']) assert.equal(isGreeting(said), true, said);
  for (const said of ['你好，水管爆了', '电梯困人', '']) assert.equal(isGreeting(said), false, said);
  assert.deepEqual(['[图片]', '您好', '[位置] 文三路 291 号', '1', '[图片] 漏水', '301'].map(saysNothingYet), [true, true, true, true, false, false]);
});

test('what has no words is named in brackets', () => {
  assert.equal(wordsOf([{ kind: 'text', text: '\u202E人工\n\u200B3幢' }], 'zh-CN'), '人工\n3幢', 'nothing turns around what was said');
  assert.equal(wordsOf([{ kind: 'text', text: ' 漏水 ' }, { kind: 'image' }, { kind: 'file', name: '报价.pdf' }, { kind: 'location', lat: 30.2, lng: 120.1, address: '文三路 291 号' }], 'zh-CN'), '漏水\n[图片]\n[文件] 报价.pdf\n[位置] 文三路 291 号');
  assert.deepEqual([wordsOf([{ kind: 'location', lat: 0, lng: 0 }], 'zh-CN'), wordsOf([{ kind: 'location', lat: 30.2, lng: 120.1 }], 'en')], ['[位置]', '[Place] 30.2, 120.1']);
  assert.equal(wordsOf([{ kind: 'voice' }], 'en'), '[Voice message]');
});
