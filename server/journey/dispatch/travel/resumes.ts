import type { RouterProblem } from '../../../../contract/travel.ts';

const minute = 60_000;
/** What the other side has to mend, or whoever set it up, is asked again after an hour; what passes by itself, sooner. */
const pauses: Readonly<Record<RouterProblem, number>> = {
  unreachable: 5 * minute, timeout: 5 * minute, busy: 2 * minute, malformed: 15 * minute, address: 60 * minute, private_address: 60 * minute, key: 60 * minute, too_big: 60 * minute, redirected: 60 * minute, refused: 15 * minute, quota: 60 * minute,
};
/** The quotas of 高德 begin anew at midnight there, wherever its customer is. */
const chinaOffset = 8 * 60 * minute;
const day = 24 * 60 * minute;

/** Until when a provider is left in peace after a failure (恢复时间). */
export function resumesAfter(code: RouterProblem, now: Date): Date {
  if (code !== 'quota') return new Date(now.getTime() + pauses[code]);
  return new Date((Math.floor((now.getTime() + chinaOffset) / day) + 1) * day - chinaOffset);
}
