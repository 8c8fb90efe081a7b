import assert from 'node:assert/strict';
import { test } from 'node:test';
import { oneTimePassword } from './one-time-password.ts';

test('a password to be told has four groups without letters that look alike', () => {
  const made = new Set(Array.from({ length: 200 }, () => oneTimePassword()));
  assert.equal(made.size, 200);
  for (const password of made) assert.match(password, /^([a-km-np-zA-HJ-NP-Z2-9]{4}-){3}[a-km-np-zA-HJ-NP-Z2-9]{4}$/);
});

test('bytes that would make some letters likelier are left out', () => {
  let round = 0;
  const password = oneTimePassword((bytes) => {
    round += 1;
    return bytes.fill(round === 1 ? 255 : 0);
  });
  assert.equal(password, 'aaaa-aaaa-aaaa-aaaa');
  assert.ok(round > 1, 'the first round was all too large');
});
