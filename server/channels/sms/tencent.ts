import { createHmac, hash } from 'node:crypto';

/**
 * Signs a call of Tencent Cloud (腾讯云 API 签名 v3, TC3-HMAC-SHA256): POST with a JSON body, whose content type is signed as well.
 * https://cloud.tencent.com/document/api/382/52071
 *
 * @returns the headers to send
 */
export function signTencent({ host, service, action, body, at, contentType = 'application/json; charset=utf-8' }: { host: string; service: string; action: string; body: string; at: Date; contentType?: string }, key: { id: string; secret: string }): Record<string, string> {
  const timestamp = Math.floor(at.getTime() / 1_000);
  const day = at.toISOString().slice(0, 10);
  const signed = 'content-type;host';
  const canonical = ['POST', '/', '', `content-type:${contentType}`, `host:${host}`, '', signed, hash('sha256', body)].join('\n');
  const scope = `${day}/${service}/tc3_request`;
  const text = ['TC3-HMAC-SHA256', String(timestamp), scope, hash('sha256', canonical)].join('\n');
  const signingKey = [day, service, 'tc3_request'].reduce<Buffer>((from, part) => createHmac('sha256', from).update(part).digest(), Buffer.from(`TC3${key.secret}`));
  const signature = createHmac('sha256', signingKey).update(text).digest('hex');
  return {
    host, 'content-type': contentType, 'x-tc-action': action, 'x-tc-timestamp': String(timestamp),
    authorization: `TC3-HMAC-SHA256 Credential=${key.id}/${scope}, SignedHeaders=${signed}, Signature=${signature}`,
  };
}
