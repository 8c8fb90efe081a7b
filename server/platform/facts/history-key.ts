import { createHmac, hash } from 'node:crypto';
import type { Secrets } from '../secrets.ts';

/** What the links of the fact log are sealed with (历史密钥): whoever has the database only cannot make one. */
export interface HistoryKey {
  /** Tells keys apart without saying anything of them. */
  readonly id: Buffer;
  /** HMAC-SHA-256 (RFC 2104) of a text. */
  mac(text: string): Buffer;
}

/** Stands before what is sealed; what is as long as a plain SHA-256 was written before there were keys. */
const version = 1;
const idBytes = 4;
const macBytes = 32;
const plainBytes = 32;
const blockBytes = 64;

/**
 * The key of the fact log, as SECRET_KEY has it (派生密钥). HMAC is taken apart into its two hashes, as each of them is one
 * call and a MAC is made for each fact: 0.7 µs more than a plain hash, where `createHmac` takes 1.5 µs more. For that the
 * key is chosen so that its first block is text.
 */
export function openHistoryKey(secrets: Pick<Secrets, 'key'>): HistoryKey {
  const inner = secrets.key('fact log').toString('hex');
  // RFC 2104: H(K ⊕ opad ‖ H(K ⊕ ipad ‖ text)), where K ⊕ ipad is `inner`.
  const outer = Buffer.concat([Buffer.from(Buffer.from(inner).map((byte) => byte ^ 0x36 ^ 0x5c)), Buffer.alloc(macBytes)]);
  const mac = (text: string): Buffer => {
    hash('sha256', inner + text, 'buffer').copy(outer, blockBytes);
    return hash('sha256', outer, 'buffer');
  };
  return { mac, id: createHmac('sha256', secrets.key('fact log id')).update('id').digest().subarray(0, idBytes) };
}

/** What a key says of a text, with the mark of version and key before it. */
export function seal(key: HistoryKey, text: string): Buffer {
  return Buffer.concat([Buffer.of(version), key.id, key.mac(text)]);
}

/** Whether some bytes are a plain hash, of before there were keys. */
export const isUnkeyed = (stored: Buffer): boolean => stored.length === plainBytes;

/** Whether some bytes were sealed with a key, but not with this one. */
export function isOfAnotherKey(key: HistoryKey, stored: Buffer): boolean {
  return stored.length === 1 + idBytes + macBytes && stored[0] === version && !stored.subarray(1, 1 + idBytes).equals(key.id);
}
