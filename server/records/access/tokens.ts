import { randomBytes } from 'node:crypto';
import { idBytes, idFromBytes } from '../../platform/secrets.ts';

/**
 * A new bearer token (令牌): what it is for, its organization, 256 random bits. Naming the organization lets every
 * look-up stay within it. Only the token's hash is stored.
 */
export function newToken(kind: 'session' | 'api_key', tenantId: string): string {
  return `${kind === 'session' ? 'bhs' : 'bhk'}_${idBytes(tenantId).toString('base64url')}_${randomBytes(32).toString('base64url')}`;
}

/** What a token says of itself; null for one chosen by the operator, which names no organization. */
export function readToken(token: string): { kind: 'session' | 'api_key'; tenantId: string } | null {
  const parts = /^(bhs|bhk)_([A-Za-z0-9_-]{22})_[A-Za-z0-9_-]{43}$/.exec(token);
  if (!parts) return null;
  const bytes = Buffer.from(parts[2]!, 'base64url');
  if (bytes.length !== 16) return null;
  return { kind: parts[1] === 'bhs' ? 'session' : 'api_key', tenantId: idFromBytes(bytes) };
}
