import { createHmac, hash, randomUUID } from 'node:crypto';

/** A request as it is signed: the query is sorted and encoded by the signature. */
export interface AliyunRequest {
  host: string;
  action: string;
  version: string;
  query: Readonly<Record<string, string>>;
  at: Date;
  nonce?: string;
}

const encode = (text: string): string => encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/**
 * Signs a call of an RPC interface of Alibaba Cloud (阿里云 V3 签名, ACS3-HMAC-SHA256), without a body: parameters travel in the query.
 * https://help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature
 *
 * @returns the query text and the headers to send
 */
export function signAliyun({ host, action, version, query, at, nonce = randomUUID() }: AliyunRequest, key: { id: string; secret: string }): { query: string; headers: Record<string, string> } {
  const canonicalQuery = Object.entries(query).map(([name, value]) => `${encode(name)}=${encode(value)}`).sort().join('&');
  const bodyHash = hash('sha256', '');
  const headers: Record<string, string> = {
    host, 'x-acs-action': action, 'x-acs-content-sha256': bodyHash, 'x-acs-date': `${at.toISOString().slice(0, 19)}Z`, 'x-acs-signature-nonce': nonce, 'x-acs-version': version,
  };
  const names = Object.keys(headers).sort();
  const canonical = ['POST', '/', canonicalQuery, ...names.map((name) => `${name}:${headers[name]!.trim()}`), '', names.join(';'), bodyHash].join('\n');
  const signature = createHmac('sha256', key.secret).update(`ACS3-HMAC-SHA256\n${hash('sha256', canonical)}`).digest('hex');
  return { query: canonicalQuery, headers: { ...headers, authorization: `ACS3-HMAC-SHA256 Credential=${key.id},SignedHeaders=${names.join(';')},Signature=${signature}` } };
}
