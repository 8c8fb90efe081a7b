import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hash, hkdfSync, randomBytes, timingSafeEqual, type KeyObject } from 'node:crypto';

/** What the program keeps secret: sealing at rest, signed links, hashes of tokens (密钥服务). All derive from SECRET_KEY. */
export interface Secrets {
  /** AES-256-GCM; `purpose` is bound in, so that one kind of secret cannot be passed off as another. */
  seal(purpose: string, plaintext: Buffer | string): Buffer;
  /** The plaintext, or null when it was tampered with or sealed under another key. */
  open(purpose: string, sealed: Buffer): Buffer | null;
  /** A link token over some bytes, valid until a moment (or for ever when null). */
  sign(purpose: string, payload: Buffer, expiresAt: Date | null): string;
  /** The bytes of a genuine, unexpired token, or null. */
  verify(purpose: string, token: string, now: Date): Buffer | null;
  /** A keyed hash for codes that are short enough to be guessed from a plain hash. */
  digest(purpose: string, text: string): Buffer;
  /** A key of 32 bytes for what makes its own MACs. */
  key(purpose: string): Buffer;
}

const macBytes = 16;

export function openSecrets(secretKey: string): Secrets {
  const keys = new Map<string, KeyObject>();
  const keyFor = (purpose: string): KeyObject => {
    let key = keys.get(purpose);
    if (!key) {
      key = createSecretKey(Buffer.from(hkdfSync('sha256', secretKey, 'bihuan', purpose, 32)));
      keys.set(purpose, key);
    }
    return key;
  };
  const mac = (purpose: string, data: Buffer) => createHmac('sha256', keyFor(`sign:${purpose}`)).update(data).digest().subarray(0, macBytes);
  return {
    seal(purpose, plaintext) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', keyFor(`seal:${purpose}`), nonce);
      const body = Buffer.concat([cipher.update(plaintext), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]);
    },
    open(purpose, sealed) {
      if (sealed.length < 28) return null;
      try {
        const decipher = createDecipheriv('aes-256-gcm', keyFor(`seal:${purpose}`), sealed.subarray(0, 12));
        decipher.setAuthTag(sealed.subarray(12, 28));
        return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]);
      } catch {
        return null;
      }
    },
    sign(purpose, payload, expiresAt) {
      const head = Buffer.alloc(4);
      // Hours since 1970 fit four bytes for long after anybody cares; 0 means for ever.
      head.writeUInt32BE(expiresAt ? Math.ceil(expiresAt.getTime() / 3_600_000) : 0);
      const data = Buffer.concat([head, payload]);
      return Buffer.concat([data, mac(purpose, data)]).toString('base64url');
    },
    verify(purpose, token, now) {
      if (!/^[A-Za-z0-9_-]{28,400}$/.test(token)) return null;
      const bytes = Buffer.from(token, 'base64url');
      // Another spelling of the same bytes is not the token that was given out.
      if (bytes.toString('base64url') !== token || bytes.length < 4 + macBytes) return null;
      const data = bytes.subarray(0, bytes.length - macBytes);
      if (!timingSafeEqual(bytes.subarray(bytes.length - macBytes), mac(purpose, data))) return null;
      const expires = data.readUInt32BE(0);
      if (expires !== 0 && expires * 3_600_000 <= now.getTime()) return null;
      return data.subarray(4);
    },
    key: (purpose) => keyFor(`key:${purpose}`).export(),
    digest: (purpose, text) => createHmac('sha256', keyFor(`digest:${purpose}`)).update(text).digest(),
  };
}

/** The hash under which a random token of 256 bits is stored; a plain hash is enough for what cannot be guessed. */
export function hashToken(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}

/** The 16 bytes of a UUID, and back. */
export const idBytes = (id: string): Buffer => Buffer.from(id.replaceAll('-', ''), 'hex');
export function idFromBytes(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}
