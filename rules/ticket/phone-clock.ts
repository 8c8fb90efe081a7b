/** Milliseconds that a message may take: nearer than this to ours, a phone's clock counts as right. */
const toleratedMilliseconds = 60_000;

/**
 * How far the clock of a phone is behind (手机时钟偏差), by when it says that it sent something and when that came in: what it tells of moments is put
 * right by so much.
 *
 * @param sentAt by the clock of the phone, RFC 3339; undefined when it did not say
 * @param receivedAt milliseconds, by our clock
 * @returns milliseconds; below zero when it is ahead, 0 when it is right or nobody knows
 */
export function clockBehind(sentAt: string | undefined, receivedAt: number): number {
  const behind = sentAt === undefined ? 0 : receivedAt - Date.parse(sentAt);
  return Math.abs(behind) <= toleratedMilliseconds ? 0 : behind;
}
