import { createCipheriv, createDecipheriv, hash, randomBytes } from 'node:crypto';

/**
 * What callbacks of WeChat, WeCom and DingTalk are signed with (回调签名): SHA-1, in hex, over token, timestamp, nonce and what was encrypted, sorted and joined.
 * https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/Before_Develop/Technical_Plan.html
 */
export const signatureOf = (...parts: readonly string[]): string => hash('sha1', [...parts].sort().join(''));

/** Why something encrypted cannot be opened. */
export class SealedWrong extends Error {}

const blockBytes = 32;
const headBytes = 20;

/**
 * Opens what a callback holds (消息解密): AES-256-CBC with the account's EncodingAESKey (43 letters of base64, 32 bytes), whose first 16 bytes are the
 * vector, PKCS#7 to blocks of 32; within: 16 random bytes, the length in 4 bytes, the message, and whom it is for (appid or corpid).
 *
 * @throws SealedWrong
 */
export function openSealed(encodingAesKey: string, sealed: string): { message: string; receiver: string } {
  const key = Buffer.from(`${encodingAesKey}=`, 'base64');
  const bytes = Buffer.from(sealed, 'base64');
  if (key.length !== 32) throw new SealedWrong('the key has not 32 bytes');
  if (bytes.length === 0 || bytes.length % 16 !== 0) throw new SealedWrong('it is no whole number of blocks');
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16));
  // OpenSSL takes paddings of up to 16 bytes, and here they go up to 32.
  decipher.setAutoPadding(false);
  const plain = Buffer.concat([decipher.update(bytes), decipher.final()]);
  const padding = plain.at(-1)!;
  if (padding < 1 || padding > blockBytes || padding > plain.length || !plain.subarray(-padding).every((byte) => byte === padding)) throw new SealedWrong('the padding is wrong');
  const content = plain.subarray(0, -padding);
  const length = content.length < headBytes ? -1 : content.readUInt32BE(16);
  if (length < 0 || headBytes + length > content.length) throw new SealedWrong('the length is wrong');
  return { message: content.subarray(headBytes, headBytes + length).toString('utf8'), receiver: content.subarray(headBytes + length).toString('utf8') };
}

/** Seals an answer as callbacks are sealed (回包加密): DingTalk takes no other. */
export function seal(encodingAesKey: string, message: string, receiver: string): string {
  const key = Buffer.from(`${encodingAesKey}=`, 'base64');
  const text = Buffer.from(message);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  const content = Buffer.concat([randomBytes(16), length, text, Buffer.from(receiver)]);
  const padding = blockBytes - (content.length % blockBytes);
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  return Buffer.concat([cipher.update(Buffer.concat([content, Buffer.alloc(padding, padding)])), cipher.final()]).toString('base64');
}
