import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, test } from 'node:test';
import { openSecrets } from '../secrets.ts';
import { isOfAnotherKey, isUnkeyed, openHistoryKey, seal } from './history-key.ts';

const [secrets, others] = [openSecrets('a secret key for tests, of forty letters'), openSecrets('another secret key, of forty letters too')];
const [key, other] = [openHistoryKey(secrets), openHistoryKey(others)];

describe('the key of the fact log', () => {
  test('makes HMAC-SHA-256', () => {
    // RFC 2104: the key, one block long, is what gives text when it is joined with the inner pad.
    const whole = Buffer.from(Buffer.from(secrets.key('fact log').toString('hex')).map((byte) => byte ^ 0x36));
    for (const text of ['', 'x', '工单🙂', '{"a":1}', 'x'.repeat(10_000)]) assert.deepEqual(key.mac(text), createHmac('sha256', whole).update(text).digest());
  });

  test('is told from others, and what it sealed from plain hashes', () => {
    assert.ok(!seal(key, 'x').equals(seal(other, 'x')));
    assert.deepEqual([isOfAnotherKey(key, seal(key, 'x')), isOfAnotherKey(key, seal(other, 'x')), isUnkeyed(seal(key, 'x')), isUnkeyed(Buffer.alloc(32)), isOfAnotherKey(key, Buffer.alloc(32))], [false, true, false, true, false]);
    assert.deepEqual(openHistoryKey(openSecrets('a secret key for tests, of forty letters')).id, key.id);
  });
});
