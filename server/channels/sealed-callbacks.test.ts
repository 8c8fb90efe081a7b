import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { openSealed, seal, SealedWrong, signatureOf } from './sealed-callbacks.ts';

const require = createRequire(import.meta.url);
const wecom = require('@wecom/crypto') as { encrypt(key: string, message: string, id: string): string; getSignature(token: string, timestamp: string, nonce: string, encrypted: string): string; decrypt(key: string, sealed: string): { message: string; id: string } };
const WechatCrypto = require('wechat-crypto') as new (token: string, key: string, id: string) => { encrypt(text: string): string; getSignature(timestamp: string, nonce: string, encrypted: string): string };

// The sample account of the vendor's own example programs.
const sample = { token: 'QDG6eK', key: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C', corpId: 'wx5823bf96d3bd56c7' };

test('the vendor’s example of the check of an address holds', () => {
  const echo = 'P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==';
  assert.equal(signatureOf(sample.token, '1409659589', '263014780', echo), '5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3');
  assert.deepEqual(openSealed(sample.key, echo), { message: '1616140317555161061', receiver: sample.corpId });
});

test('the vendor’s example of a message holds', () => {
  const sealed = 'RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q==';
  assert.equal(signatureOf(sample.token, '1409659813', '1372623149', sealed), '477715d11cdb4164915debcba66cb864d751f3e6');
  const { message, receiver } = openSealed(sample.key, sealed);
  assert.match(message, /<Content><!\[CDATA\[hello\]\]><\/Content>/);
  assert.equal(receiver, sample.corpId);
});

test('what two implementations of others seal is opened, at every length of padding, and signed as they sign', () => {
  const foreign = new WechatCrypto(sample.token, sample.key, sample.corpId);
  for (let length = 0; length < 70; length += 1) {
    const text = `水${'a'.repeat(length)}🔧`;
    for (const sealed of [foreign.encrypt(text), wecom.encrypt(sample.key, text, sample.corpId)]) assert.deepEqual(openSealed(sample.key, sealed), { message: text, receiver: sample.corpId });
  }
  const sealed = foreign.encrypt('x');
  assert.equal(signatureOf(sample.token, '1', '2', sealed), foreign.getSignature('1', '2', sealed));
  assert.equal(signatureOf(sample.token, '1', '2', sealed), wecom.getSignature(sample.token, '1', '2', sealed));
});

test('what was changed, cut off or sealed with another key is not opened', () => {
  const sealed = wecom.encrypt(sample.key, 'hello', sample.corpId);
  const bytes = Buffer.from(sealed, 'base64');
  const changed = Buffer.from(bytes);
  changed[changed.length - 1]! ^= 1;
  for (const wrong of ['', 'AAAA', bytes.subarray(0, 16).toString('base64'), changed.toString('base64'), Buffer.alloc(64, 7).toString('base64')]) assert.throws(() => openSealed(sample.key, wrong), SealedWrong, wrong);
  assert.throws(() => openSealed(sample.key.replace('j', 'k').slice(0, 42), sealed), SealedWrong);
});

test('DingTalk’s published example of a callback holds', () => {
  const sealed = '1a3NBxmCFwkCJvfoQ7WhJHB+iX3qHPsc9JbaDznE1i03peOk1LaOQoRz3+nlyGNhwmwJ3vDMG+OzrHMeiZI7gTRWVdUBmfxjZ8Ej23JVYa9VrYeJ5as7XM/ZpulX8NEQis44w53h1qAgnC3PRzM7Zc/D6Ibr0rgUathB6zRHP8PYrfgnNOS9PhSBdHlegK+AGGanfwjXuQ9+0pZcy0w9lQ==';
  assert.equal(signatureOf('123456', '1445827045067', 'nEXhMP4r', sealed), '5a65ceeef9aab2d149439f82dc191dd6c5cbe2c0');
  assert.deepEqual(openSealed('4g5j64qlyl3zvetqxz5jiocdr586fn2zvjpa8zls3ij', sealed), { message: '{"EventType":"check_create_suite_url","Random":"LPIdSnlF","TestSuiteKey":"suite4xxxxxxxxxxxxxxx"}', receiver: 'suite4xxxxxxxxxxxxxxx' });
});

test('what is sealed here is opened by an implementation of others', () => {
  for (let length = 0; length < 40; length += 1) {
    const text = 'success'.repeat(length);
    const { message, id } = wecom.decrypt(sample.key, seal(sample.key, text, sample.corpId));
    assert.deepEqual([message, id], [text, sample.corpId]);
  }
});
