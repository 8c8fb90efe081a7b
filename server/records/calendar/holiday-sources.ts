import lists from 'chinese-days/dist/chinese-days.json' with { type: 'json' };
import type { CalendarDefinition } from '../../../contract/calendar.ts';
import type { BusinessCalendar, HolidaySource } from '../../../rules/calendar/calendar.ts';
import { sourceFromDays } from '../../../rules/calendar/holidays.ts';

/**
 * The published lists that calendars may go by (节假日来源). China's is that of the State Council as the package chinese-days has
 * it; years it does not know yet are flagged and never guessed, and an upgrade of the package brings them.
 */
export const holidaySources: ReadonlyMap<string, { name: string; nameEn: string; source: HolidaySource }> = new Map([
  ['cn', { name: '中国法定节假日与调休', nameEn: 'China: public holidays and make-up workdays', source: sourceFromDays('cn', lists).source }],
]);

/** A definition as rules/calendar reckons with it; a source that is not known any more counts as none. */
export function businessCalendar({ timeZone, windows, makeUpWeekday, sources, exceptions }: CalendarDefinition): BusinessCalendar {
  const known = sources.flatMap((key) => holidaySources.get(key)?.source ?? []);
  return { timeZone, windows, exceptions, ...(makeUpWeekday === undefined ? {} : { makeUpWeekday }), ...(known.length > 0 ? { sources: known } : {}) };
}
