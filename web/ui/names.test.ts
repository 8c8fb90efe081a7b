import assert from 'node:assert/strict';
import { test } from 'node:test';
import { avatarHue, avatarHues, initials } from './names.ts';

test('initials follow the custom of the script', () => {
  assert.equal(initials('王建国'), '国');
  assert.equal(initials('欧阳 静（客服）'), '静');
  assert.equal(initials('Ann Marie Lee'), 'AL');
  assert.equal(initials('zoe'), 'Z');
  assert.equal(initials('  '), '?');
});

test('a name keeps its colour, and names spread over all colours', () => {
  assert.equal(avatarHue('王建国'), avatarHue('王建国'));
  const seen = new Set(Array.from({ length: 200 }, (_, at) => avatarHue(`技术员 ${at}`)));
  assert.equal(seen.size, avatarHues);
});
