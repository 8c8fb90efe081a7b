import { networkOf } from '../../platform/http/network.ts';
import type { Secrets } from '../../platform/secrets.ts';

/**
 * From where somebody without an account sends (来源), as a keyed hash: what is counted by it can be compared and not read.
 * Of an IPv6 address only the network counts.
 *
 * @param matter what is counted: the same network's reports are no text messages
 */
export function senderFrom(secrets: Secrets, address: string, matter: 'sender' | 'text-sender' | 'visit-sender' = 'sender'): Buffer {
  return secrets.digest(matter, networkOf(address)).subarray(0, 16);
}
