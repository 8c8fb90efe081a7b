import type { BusinessCalendar } from '../calendar/calendar.ts';
import type { ClockRecord } from './clock-record.ts';
import { clockState, type ClockState } from './clock-state.ts';
import { clockIntervals, type ClockInterval } from './intervals.ts';
import { ledgerOf, prepareRules, type SlaEvent } from './ledger.ts';
import type { SlaTarget } from './policy.ts';

/**
 * One promise over one ticket's history (试算一个时限): each clock it had, as of `now`. For tickets as they run, where policies
 * are chosen and change, see ledger.ts; this is what an editor shows of a target, and a test asks of it.
 */
export function clocksOfTarget(target: SlaTarget, calendar: BusinessCalendar, history: readonly SlaEvent[], now: number): { record: ClockRecord; state: ClockState; intervals: ClockInterval[] }[] {
  const policy = { id: 'only', version: 1, name: 'only', active: true, targets: [target] };
  const ledger = ledgerOf(history.filter(({ at }) => at <= now), prepareRules([policy], { properties: {}, timeZone: calendar.timeZone }));
  const calendars = { [target.calendar]: calendar };
  return (ledger?.clocks ?? []).map((record) => ({ record, state: clockState(record, calendars, now), intervals: clockIntervals(record, calendars, now).intervals }));
}
