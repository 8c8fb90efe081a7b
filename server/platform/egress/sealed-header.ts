import type { Secrets } from '../secrets.ts';

/**
 * A header's value that was sealed when it was kept (请求头密封): it goes to the origin it was written for, and to no other. What a
 * sealed text begins with says that it is one.
 */
export interface Sealer {
  seal: (origin: string, value: string) => string;
  /** What was sealed, and for which origin; null where it cannot be opened by this key. */
  unseal: (sealed: string) => { origin: string; value: string } | null;
}

/** @param purpose keeps what one organization, and one part of the program, sealed apart from all others */
export function sealerOf(secrets: Secrets, purpose: string, prefix: string): Sealer {
  return {
    seal: (origin, value) => prefix + secrets.seal(purpose, JSON.stringify([origin, value])).toString('base64url'),
    unseal: (sealed) => {
      const opened = secrets.open(purpose, Buffer.from(sealed.slice(prefix.length), 'base64url'));
      if (!opened) return null;
      const [origin, value] = JSON.parse(opened.toString()) as [string, string];
      return { origin, value };
    },
  };
}

/** Headers that are no secret, whatever they say. */
const open = new Set(['accept', 'accept-language', 'content-type', 'user-agent', 'prefer']);
export const isOpenHeader = (name: string): boolean => open.has(name.toLowerCase());

/** The origin of an address that may hold {{variables}} behind its host; empty where it is no address yet. */
export function originOf(url: unknown): string {
  try {
    return typeof url === 'string' ? new URL(url.replace(/\{\{[^{}]*\}\}/g, 'x')).origin : '';
  } catch {
    return '';
  }
}
