import { Calendar, CalendarPage, CalendarVersionPage, HolidaySources, ListCalendars, ReadIcalendar, ReadIcalendarAnswer, type CalendarDefinition } from '../../../contract/calendar.ts';
import { Closed, Id, PageQuery, limits } from '../../../contract/common.ts';
import { calendarLimits } from '../../../rules/calendar/calendar.ts';
import { icalProblems, readIcalendar } from '../../../rules/calendar/icalendar.ts';
import { isZone } from '../../../rules/calendar/zone.ts';
import { build } from '../../platform/db/database.ts';
import { invalidInput } from '../../platform/errors/refusal.ts';
import { readCursor, writeCursor } from '../../platform/http/cursor.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { expandRecurrence } from './expand-recurrence.ts';
import { holidaySources } from './holiday-sources.ts';
import { findCalendar, viewCalendar, type CalendarRow } from './view-calendars.ts';

const params = Closed({ id: Id });

/** The business calendars by their names (日历列表). */
export const listCalendars = useCase({
  summary: 'List business calendars',
  query: ListCalendars,
  answer: CalendarPage,
  async run(context, { query }) {
    const limit = query.limit ?? limits.page;
    let wanted = build.selectFrom('business_calendar').selectAll().where('tenant_id', '=', context.tenantId).where('archived', '=', query.archived ?? false);
    if (query.cursor !== undefined) wanted = wanted.where('key', '>', readCursor(query.cursor, 'business_calendar')[0]);
    const rows = await context.transaction.run(wanted.orderBy('key').limit(limit + 1)) as unknown as CalendarRow[];
    const last = rows[limit - 1];
    return { items: rows.slice(0, limit).map((row) => viewCalendar(context, row)), nextCursor: rows.length > limit && last ? writeCursor('business_calendar', [last.key, last.id]) : null };
  },
});

/** One calendar (日历详情). */
export const showCalendar = useCase({
  summary: 'Show a business calendar',
  params,
  answer: Calendar,
  run: async (context, { params: { id } }) => viewCalendar(context, await findCalendar(context, id)),
});

/** What a calendar said before, newest first (日历历史版本). */
export const listCalendarVersions = useCase({
  summary: 'List the versions of a business calendar',
  params,
  query: PageQuery,
  answer: CalendarVersionPage,
  async run(context, { params: { id }, query }) {
    const calendar = await findCalendar(context, id);
    const limit = query.limit ?? limits.defaultPage;
    let wanted = build.selectFrom('business_calendar_version').selectAll().where('tenant_id', '=', context.tenantId).where('calendar_id', '=', id);
    if (query.cursor !== undefined) wanted = wanted.where('number', '<', Number(readCursor(query.cursor, 'business_calendar_version')[0]) || 0);
    const rows = await context.transaction.run(wanted.orderBy('number', 'desc').limit(limit + 1));
    return {
      items: rows.slice(0, limit).map((row) => ({
        number: row.number, definition: row.definition as unknown as CalendarDefinition, note: row.note, restored: row.restored,
        publishedBy: row.published_by === null ? null : { id: row.published_by, name: row.published_by_name ?? '' }, publishedAt: row.published_at.toISOString(), current: row.number === calendar.published_version,
      })),
      nextCursor: rows.length > limit ? writeCursor('business_calendar_version', [String(rows[limit - 1]!.number), id]) : null,
    };
  },
});

/** The published lists that calendars may go by (节假日来源列表). */
export const listHolidaySources = useCase({
  summary: 'List the published lists of holidays',
  answer: HolidaySources,
  run: async (context) => ({
    items: [...holidaySources].map(([key, { name, nameEn, source }]) => ({
      key, name: context.language === 'en' ? nameEn : name, knownFrom: source.knownFrom ?? null, knownUntil: source.knownUntil ?? null, days: { ...source.days },
    })),
  }),
});

/** Reads an iCalendar file into exceptions, and keeps nothing (日历导入预览): ten years back and ten years ahead. */
export const readIcalendarFile = useCase({
  summary: 'Read an iCalendar file into exceptions of a calendar',
  body: ReadIcalendar,
  answer: ReadIcalendarAnswer,
  async run(context, { body }) {
    if (!isZone(body.timeZone)) throw invalidInput('/timeZone', 'unknown_zone', { zh: '没有这个时区', en: 'is no time zone' });
    const year = context.now.getUTCFullYear();
    const { days, events, problems } = readIcalendar(body.text, { timeZone: body.timeZone, meaning: body.meaning, from: `${year - 10}-01-01`, to: `${year + 10}-12-31`, expandRecurrence });
    return {
      days: Object.fromEntries(Object.entries(days).slice(0, calendarLimits.days)) as unknown as ReadIcalendarAnswer['days'], events,
      problems: problems.map((problem) => ({ ...problem, message: icalProblems[problem.code][context.language === 'en' ? 'en' : 'zh'].replace('{limit}', '') })),
    };
  },
});
