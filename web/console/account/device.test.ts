import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deviceOf } from './device.ts';

test('browsers that pretend to be others are told apart', () => {
  const chrome = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36';
  assert.equal(deviceOf(chrome), 'Chrome · Windows');
  assert.equal(deviceOf(`${chrome} Edg/140.0`), 'Edge · Windows');
  assert.equal(deviceOf('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1'), 'Safari · iOS');
  assert.equal(deviceOf('Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36 MicroMessenger/8.0'), '微信 WeChat · Android');
});

test('what is not known is shown as it is, briefly', () => {
  assert.equal(deviceOf('curl/8.5.0'), 'curl/8.5.0');
  assert.equal(deviceOf(null), null);
  assert.equal(deviceOf(''), null);
  assert.equal(deviceOf('x'.repeat(500))?.length, 60);
});
