import ipaddr from 'ipaddr.js';
import type { Secrets } from '../../platform/secrets.ts';

/**
 * From where somebody without an account sends (来源), as a keyed hash: what is counted by it can be compared and not read.
 * Of an IPv6 address only the network counts, as one connection has all addresses of it.
 */
export function senderFrom(secrets: Secrets, address: string): Buffer {
  return secrets.digest('sender', networkOf(address)).subarray(0, 16);
}

function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  return parsed.kind() === 'ipv6' ? parsed.toByteArray().slice(0, 8).join('.') : parsed.toString();
}
