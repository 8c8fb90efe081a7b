import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { sealedFeishu } from '../../../test/support/fake-feishu.ts';
import { openSealedEvent, signatureOf } from './events.ts';

const { AESCipher } = createRequire(import.meta.url)('@larksuiteoapi/node-sdk') as { AESCipher: new (key: string) => { decrypt(sealed: string): string } };

test('Feishu’s published example of an encrypted event holds', () => {
  assert.equal(openSealedEvent('test key', 'P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk='), 'hello world');
});

test('what is sealed is opened as Feishu’s own SDK opens it, and what was changed is not', () => {
  const cipher = new AESCipher('kudryavka');
  for (let length = 0; length < 40; length += 1) {
    const { body, headers } = sealedFeishu('kudryavka', { text: '水'.repeat(length) }, new Date('2026-11-22T08:00:00Z'));
    const { encrypt } = JSON.parse(body) as { encrypt: string };
    assert.equal(openSealedEvent('kudryavka', encrypt), cipher.decrypt(encrypt));
    assert.equal(signatureOf(headers['x-lark-request-timestamp']!, headers['x-lark-request-nonce']!, 'kudryavka', Buffer.from(body)), headers['x-lark-signature']);
    assert.throws(() => openSealedEvent('another', encrypt), /Encrypt Key/);
  }
  for (const wrong of ['', 'AAAA', 'P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzgh==']) assert.throws(() => openSealedEvent('test key', wrong), /Encrypt Key/);
});
