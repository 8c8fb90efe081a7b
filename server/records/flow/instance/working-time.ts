import { minuteMilliseconds, minutesADay, type BusinessCalendar } from '../../../../rules/calendar/calendar.ts';
import { addWorkingTime } from '../../../../rules/calendar/working-time.ts';
import { minutesOf, type TimeSpan } from '../../../../rules/workflow/definition.ts';
import type { FlowView } from '../../../../rules/workflow/state.ts';
import type { Transaction } from '../../../platform/db/database.ts';
import { activeCalendars } from '../../calendar/active-calendars.ts';

/** The working minutes of a day, on the average of the weekdays on which something is worked (一个工作日的分钟数). */
export function minutesOfWorkingDay({ windows }: Pick<BusinessCalendar, 'windows'>): number {
  const days = new Set(windows.map((window) => window.weekday)).size;
  return days === 0 ? minutesADay : windows.reduce((sum, window) => sum + window.endsMinute - window.startsMinute, 0) / days;
}

/** The instant at which a span of working time has passed; null when that never comes. */
export function afterWorkingTime(calendar: BusinessCalendar, from: string, span: TimeSpan): string | null {
  const minutes = span.unit === 'days' ? span.amount * minutesOfWorkingDay(calendar) : minutesOf(span);
  const { at } = addWorkingTime(calendar, Date.parse(from), minutes * minuteMilliseconds);
  return at === null ? null : new Date(at).toISOString();
}

/**
 * How a flow reckons with working time (工作时间): by the organization's default calendar. Undefined where it has none: elapsed time
 * counts then.
 */
export async function workingTimeOf(transaction: Transaction): Promise<FlowView['addWorkingTime']> {
  const calendar = (await activeCalendars(transaction)).default?.calendar;
  return calendar && ((from, span) => afterWorkingTime(calendar, from, span));
}
