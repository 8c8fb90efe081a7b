import { createCipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto';

/** The keys of a subscription, as a browser gives them (base64url). */
export interface PushKeys {
  p256dh: string;
  auth: string;
}

const recordSize = 4_096;

/**
 * Encrypts a message for one browser (Web Push 加密, RFC 8291 with aes128gcm of RFC 8188): one record of at most 4,096 bytes.
 *
 * @param own the key pair and salt of this message; made at random when absent
 * @returns what is posted to the push service
 */
export function encryptPush(plaintext: Buffer, keys: PushKeys, own?: { privateKey: Buffer; salt: Buffer }): Buffer {
  const theirs = Buffer.from(keys.p256dh, 'base64url');
  const secret = Buffer.from(keys.auth, 'base64url');
  if (plaintext.length > recordSize - 17 - 86) throw new RangeError('a push takes no more than 3,993 bytes');
  const pair = createECDH('prime256v1');
  if (own) pair.setPrivateKey(own.privateKey);
  else pair.generateKeys();
  const salt = own?.salt ?? randomBytes(16);
  const ours = pair.getPublicKey();
  const shared = pair.computeSecret(theirs);
  const inputKey = Buffer.from(hkdfSync('sha256', shared, secret, Buffer.concat([Buffer.from('WebPush: info\0'), theirs, ours]), 32));
  const contentKey = Buffer.from(hkdfSync('sha256', inputKey, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16));
  const nonce = Buffer.from(hkdfSync('sha256', inputKey, salt, Buffer.from('Content-Encoding: nonce\0'), 12));
  const cipher = createCipheriv('aes-128-gcm', contentKey, nonce);
  // The last record is marked by a 2 (RFC 8188 §2).
  const body = Buffer.concat([cipher.update(Buffer.concat([plaintext, Buffer.from([2])])), cipher.final(), cipher.getAuthTag()]);
  const head = Buffer.alloc(21);
  salt.copy(head);
  head.writeUInt32BE(recordSize, 16);
  head[20] = ours.length;
  return Buffer.concat([head, ours, body]);
}
