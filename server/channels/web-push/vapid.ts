import { createECDH, createPrivateKey, sign } from 'node:crypto';

/** A key pair by which a push service knows who sends (VAPID 密钥): base64url, the public one uncompressed. */
export interface VapidKeys {
  publicKey: string;
  privateKey: string;
}

export function newVapidKeys(): VapidKeys {
  const pair = createECDH('prime256v1');
  const publicKey = pair.generateKeys().toString('base64url');
  // A key that begins with zeros comes out shorter.
  return { publicKey, privateKey: Buffer.concat([Buffer.alloc(32), pair.getPrivateKey()]).subarray(-32).toString('base64url') };
}

/** The Authorization of a push (RFC 8292): a JWT for the service's origin, signed with ES256, good for twelve hours. */
export function vapidAuthorization(endpoint: string, subject: string, keys: VapidKeys, now: Date): string {
  const point = Buffer.from(keys.publicKey, 'base64url');
  const key = createPrivateKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', d: keys.privateKey, x: point.subarray(1, 33).toString('base64url'), y: point.subarray(33, 65).toString('base64url') } });
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = `${encode({ typ: 'JWT', alg: 'ES256' })}.${encode({ aud: new URL(endpoint).origin, exp: Math.floor(now.getTime() / 1_000) + 12 * 3_600, sub: subject })}`;
  const signature = sign('sha256', Buffer.from(claims), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
  return `vapid t=${claims}.${signature}, k=${keys.publicKey}`;
}
