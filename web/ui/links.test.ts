import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stretchesOf } from './links.ts';

const links = (text: string): string[] => stretchesOf(text).flatMap(({ href }) => (href === undefined ? [] : [href]));

test('addresses end where the sentence goes on', () => {
  assert.deepEqual(links('请看 https://example.com/a?b=1，再回复。'), ['https://example.com/a?b=1']);
  assert.deepEqual(links('(see http://example.com/x_(y)), ok? https://example.com.'), ['http://example.com/x_(y)', 'https://example.com']);
  assert.deepEqual(links('“https://example.com/路径”'), ['https://example.com/路径']);
  assert.deepEqual(links('https://a.example\nhttps://b.example'), ['https://a.example', 'https://b.example']);
});

test('nothing else becomes a link', () => {
  for (const text of ['javascript:alert(1)', 'data:text/html,x', 'ftp://example.com', 'example.com', 'https://', 'https:// x', 'https://real.example@evil.example/', `https://example.com/${'a'.repeat(3_000)}`, '<a href="x">y</a>']) assert.deepEqual(links(text), [], text.slice(0, 60));
});

test('all of the text is there, in order', () => {
  for (const text of ['', 'a', 'https://example.com', 'a https://example.com. b http://x.example/)', '\u202Ehttps://example.com\u200Bx', '换\n行 https://example.com\n\n完']) assert.equal(stretchesOf(text).map(({ text: one }) => one).join(''), text);
});
