import type { CalendarDefinition } from '../../contract/calendar.ts';
import { weekdays } from '../../rules/calendar/calendar.ts';
import { build, type Transaction } from '../platform/db/database.ts';
import { newId } from '../platform/db/uuid.ts';
import { raiseCalendarsVersion } from '../records/calendar/active-calendars.ts';

/** The calendars every organization begins with (标准日历): round the clock, and weekdays 9–12 and 13:30–18, which is the default. */
export async function insertStandardCalendars(transaction: Transaction, timeZone: string, now: Date): Promise<{ always: string; workingHours: string }> {
  const always: CalendarDefinition = { timeZone, windows: weekdays.map((weekday) => ({ weekday, startsMinute: 0, endsMinute: 1_440 })), sources: [], exceptions: {} };
  const workingHours: CalendarDefinition = {
    timeZone, sources: timeZone === 'Asia/Shanghai' ? ['cn'] : [], exceptions: {},
    windows: weekdays.slice(0, 5).flatMap((weekday) => [{ weekday, startsMinute: 540, endsMinute: 720 }, { weekday, startsMinute: 810, endsMinute: 1_080 }]),
  };
  const ids = { always: newId(now.getTime()), workingHours: newId(now.getTime()) };
  await insertCalendar(transaction, { id: ids.always, key: 'always', name: '7×24 小时', nameEn: 'Around the clock', isDefault: false }, always, now);
  await insertCalendar(transaction, { id: ids.workingHours, key: 'working_hours', name: '工作时间', nameEn: 'Working hours', isDefault: true }, workingHours, now);
  await raiseCalendarsVersion(transaction);
  return ids;
}

/** A calendar that is published as it is made. */
export async function insertCalendar(transaction: Transaction, { id, key, name, nameEn, isDefault }: { id: string; key: string; name: string; nameEn: string; isDefault: boolean }, definition: CalendarDefinition, now: Date): Promise<void> {
  const tenant = transaction.tenantId;
  await transaction.run(build.insertInto('business_calendar').values({
    tenant_id: tenant, id, key, name, name_en: nameEn, is_default: isDefault, definition: JSON.stringify(definition), published_version: 1, created_at: now, updated_at: now,
  }));
  await transaction.run(build.insertInto('business_calendar_version').values({ tenant_id: tenant, calendar_id: id, number: 1, definition: JSON.stringify(definition), published_at: now }));
}
