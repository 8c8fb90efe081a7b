import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { newId } from './db/uuid.ts';
import { hashToken, idBytes, idFromBytes, openSecrets } from './secrets.ts';

const secrets = openSecrets('a secret key of at least thirty-two letters');
const others = openSecrets('another secret key of thirty-two letters');
const now = new Date('2026-02-28T08:00:00Z');
const hour = 3_600_000;

/** Every way to change one bit of some bytes. */
function* tampered(bytes: Buffer): Generator<Buffer> {
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const changed = Buffer.from(bytes);
    changed[bit >> 3]! ^= 1 << (bit & 7);
    yield changed;
  }
}

describe('sealing', () => {
  test('gives back what was sealed, text or bytes, also nothing at all', () => {
    for (const plaintext of ['验证码 246810', '', Buffer.from([0, 255, 10])]) {
      assert.deepEqual(secrets.open('sms', secrets.seal('sms', plaintext)), Buffer.from(plaintext));
    }
  });

  test('shows nothing of it, and never looks the same twice', () => {
    const [one, other] = [secrets.seal('sms', '246810'), secrets.seal('sms', '246810')];
    assert.notDeepEqual(one, other);
    assert.equal(one.includes('246810'), false);
  });

  test('opens nothing that was changed, cut, sealed for another purpose or under another key', () => {
    const sealed = secrets.seal('sms', '246810');
    for (const changed of tampered(sealed)) assert.equal(secrets.open('sms', changed), null);
    for (let length = 0; length < sealed.length; length += 1) assert.equal(secrets.open('sms', sealed.subarray(0, length)), null);
    assert.equal(secrets.open('sms', Buffer.concat([sealed, Buffer.alloc(1)])), null);
    assert.equal(secrets.open('totp', sealed), null);
    assert.equal(others.open('sms', sealed), null);
  });

  test('a program started again with the same key opens it', () => {
    const again = openSecrets('a secret key of at least thirty-two letters');
    assert.deepEqual(again.open('sms', secrets.seal('sms', 'x')), Buffer.from('x'));
  });
});

describe('signed links', () => {
  const payload = Buffer.concat([idBytes(newId()), idBytes(newId())]);

  test('carry their bytes, in letters that fit an address', () => {
    const token = secrets.sign('ticket', payload, null);
    assert.match(token, /^[A-Za-z0-9_-]+$/);
    assert.deepEqual(secrets.verify('ticket', token, now), payload);
  });

  test('hold until their moment and not an hour longer; without one they hold for ever', () => {
    const token = secrets.sign('ticket', payload, new Date(now.getTime() + 36 * hour));
    assert.deepEqual(secrets.verify('ticket', token, now), payload);
    assert.deepEqual(secrets.verify('ticket', token, new Date(now.getTime() + 36 * hour - 1)), payload);
    assert.equal(secrets.verify('ticket', token, new Date(now.getTime() + 37 * hour)), null);
    assert.deepEqual(secrets.verify('ticket', secrets.sign('ticket', payload, null), new Date('2999-01-01')), payload);
  });

  test('are worth nothing when anything was changed: payload, expiry, signature, or the spelling', () => {
    const token = secrets.sign('ticket', payload, new Date(now.getTime() + hour));
    const bytes = Buffer.from(token, 'base64url');
    for (const changed of tampered(bytes)) assert.equal(secrets.verify('ticket', changed.toString('base64url'), now), null);
    for (const wrong of ['', 'x', token.slice(1), token.slice(0, -1), `${token}A`, `${token}=`, `${token}\n`, ` ${token}`, token.toLowerCase(), 'A'.repeat(64), 'A'.repeat(5_000), bytes.toString('base64')]) {
      // The same letters in both alphabets would be the same token.
      if (wrong !== token) assert.equal(secrets.verify('ticket', wrong, now), null, wrong.slice(0, 80));
    }
  });

  test('have one spelling: bits that decoding passes over may not be set', () => {
    // 20 + 21 bytes leave four unused bits in the last letter.
    const token = secrets.sign('ticket', Buffer.alloc(21, 7), null);
    const last = token.at(-1)!;
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const others = [...alphabet].filter((letter) => letter !== last && Buffer.from(token.slice(0, -1) + letter, 'base64url').equals(Buffer.from(token, 'base64url')));
    assert.ok(others.length > 0, 'other letters decode to the same bytes');
    for (const letter of others) assert.equal(secrets.verify('ticket', token.slice(0, -1) + letter, now), null);
    assert.ok(secrets.verify('ticket', token, now));
  });

  test('are for one purpose and under one key', () => {
    const token = secrets.sign('ticket', payload, null);
    assert.equal(secrets.verify('asset', token, now), null);
    assert.equal(others.verify('ticket', token, now), null);
  });
});

describe('hashes', () => {
  test('of codes depend on the purpose and the key', () => {
    const digest = secrets.digest('phone-code', '246810');
    assert.equal(digest.length, 32);
    assert.deepEqual(secrets.digest('phone-code', '246810'), digest);
    for (const other of [secrets.digest('csrf', '246810'), others.digest('phone-code', '246810'), secrets.digest('phone-code', '246811')]) assert.notDeepEqual(other, digest);
  });

  test('of tokens are plain SHA-256', () => {
    assert.equal(hashToken('abc').toString('hex'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});

test('an id goes into sixteen bytes and back', () => {
  const id = newId();
  assert.equal(idBytes(id).length, 16);
  assert.equal(idFromBytes(idBytes(id)), id);
});
