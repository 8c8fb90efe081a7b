export type WarrantyState = 'none' | 'valid' | 'ending' | 'expired';

/** So many days before its end a warranty is said to be ending. */
const soon = 30;
const day = 86_400_000;

/**
 * How a warranty stands (保修状态) on the day it is in the organization's time zone; its last day still counts.
 *
 * @param until YYYY-MM-DD
 * @param timeZone IANA name
 */
export function warrantyOf(until: string | null, now: Date, timeZone: string): { state: WarrantyState; daysLeft: number } {
  if (until === null) return { state: 'none', daysLeft: 0 };
  const today = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(now);
  const daysLeft = Math.round((Date.parse(`${until}T00:00:00Z`) - Date.parse(`${today}T00:00:00Z`)) / day);
  return { state: daysLeft < 0 ? 'expired' : daysLeft <= soon ? 'ending' : 'valid', daysLeft };
}
