import { Type, type Static } from 'typebox';
import { calendarLimits, exceptionKinds, weekdays, type DayException, type Weekday, type WeeklyWindow } from '../rules/calendar/calendar.ts';
import { Closed, Id, Nullable, OneOf, Page, Reference, Timestamp, limits, pageQuery, visible } from './common.ts';

/** What a business calendar says (工作日历定义): sources of holidays by key, all else as rules/calendar has it. */
export interface CalendarDefinition {
  readonly timeZone: string;
  readonly windows: readonly WeeklyWindow[];
  readonly makeUpWeekday?: Weekday;
  /** Keys of published lists: `GET /holiday-sources`. */
  readonly sources: readonly string[];
  /** The organization's own, by day `YYYY-MM-DD`. */
  readonly exceptions: Readonly<Record<string, DayException>>;
}

const Weekday = Type.Unsafe<Weekday>({ type: 'integer', enum: [...weekdays], description: 'Monday is 1' });
// Wide on purpose: what is wrong with a window is said by the check, beside it.
const minute = Type.Integer({ minimum: -1, maximum: 10_000, description: 'Minutes from midnight; 1440 is 24:00' });
const Window = Closed({ startsMinute: minute, endsMinute: minute });
const dayName = Type.Optional(Type.String({ maxLength: calendarLimits.text }));
const Exception = Type.Unsafe<DayException>(Closed({ kind: OneOf(exceptionKinds), name: dayName, windows: Type.Optional(Type.Array(Window, { maxItems: calendarLimits.windowsADay })), weekday: Type.Optional(Weekday) }));
export const CalendarDefinition = Type.Unsafe<CalendarDefinition>(Closed({
  timeZone: Type.String({ minLength: 1, maxLength: 64, description: 'IANA, Asia/Shanghai' }),
  windows: Type.Array(Closed({ weekday: Weekday, startsMinute: minute, endsMinute: minute }), { maxItems: calendarLimits.windows }),
  makeUpWeekday: Type.Optional(Weekday),
  sources: Type.Array(Type.String({ maxLength: 40 }), { maxItems: calendarLimits.sources, uniqueItems: true }),
  exceptions: Type.Record(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }), Exception, { maxProperties: calendarLimits.days }),
}, { title: 'CalendarDefinition' }));

/** What keeps a calendar or a policy from being published, with its place in the definition. */
export const DefinitionProblem = Closed({ path: Type.String(), code: Type.String(), message: Type.String() }, { title: 'DefinitionProblem' });
export type DefinitionProblem = Static<typeof DefinitionProblem>;

/** A business calendar (工作日历). `definition` is what holds, `draft` what is being worked on. */
export const Calendar = Closed({
  id: Id, key: Type.String(), name: Type.String(), nameEn: Nullable(Type.String()), default: Type.Boolean(), archived: Type.Boolean(),
  definition: Nullable(CalendarDefinition), draft: Nullable(CalendarDefinition), publishedVersion: Nullable(Type.Integer()),
  problems: Type.Array(DefinitionProblem, { description: 'Of the draft, or of what was published where there is none' }),
  week: Type.String({ description: 'Its week in words, in the language of Accept-Language' }),
  unpublishedYears: Type.Array(Type.Integer(), { description: 'Of this year and the next, those whose holidays are not published yet: they are not guessed' }),
  updatedAt: Timestamp, version: Type.Integer(),
}, { title: 'BusinessCalendar' });
export type Calendar = Static<typeof Calendar>;
export const CalendarPage = Page(Calendar);
export const ListCalendars = Closed({ ...pageQuery, archived: Type.Optional(Type.Boolean()) });

const name = Type.String({ minLength: 1, maxLength: limits.name, pattern: visible });
const nameEn = Type.Optional(Nullable(Type.String({ maxLength: limits.name })));
export const CreateCalendar = Closed({ key: Type.String({ pattern: '^[a-z][a-z0-9_]{0,39}$' }), name, nameEn, definition: CalendarDefinition }, { title: 'CreateBusinessCalendar', description: 'It begins as a draft' });
export const UpdateCalendar = Closed({
  name: Type.Optional(name), nameEn, default: Type.Optional(Type.Literal(true, { description: 'Makes it the one that counts where none is named' })),
  archived: Type.Optional(Type.Boolean()), draft: Type.Optional(Nullable(CalendarDefinition)),
}, { title: 'UpdateBusinessCalendar', minProperties: 1 });
export const PublishDefinition = Closed({ note: Type.Optional(Type.String({ maxLength: 500 })) }, { title: 'PublishDefinition' });

/** What a calendar said at one of its versions (日历历史版本). */
export const CalendarVersion = Closed({
  number: Type.Integer(), definition: CalendarDefinition, note: Nullable(Type.String()), restored: Nullable(Type.Integer()),
  publishedBy: Nullable(Reference), publishedAt: Timestamp, current: Type.Boolean(),
}, { title: 'BusinessCalendarVersion' });
export type CalendarVersion = Static<typeof CalendarVersion>;
export const CalendarVersionPage = Page(CalendarVersion);

/** A published list of holidays and make-up workdays (节假日来源). */
export const HolidaySource = Closed({
  key: Type.String(), name: Type.String(), knownFrom: Nullable(Type.Integer()), knownUntil: Nullable(Type.Integer({ description: 'Of later years nothing is known yet' })),
  days: Type.Record(Type.String(), Exception),
}, { title: 'HolidaySource' });
export const HolidaySources = Closed({ items: Type.Array(HolidaySource) });
export type HolidaySources = Static<typeof HolidaySources>;

export const ReadIcalendar = Closed({
  text: Type.String({ minLength: 1, maxLength: 1_000_000, description: 'An iCalendar file (RFC 5545)' }),
  timeZone: Type.String({ minLength: 1, maxLength: 64 }),
  meaning: OneOf(['closed', 'open'], { description: 'What its events stand for, unless the file says it itself' }),
}, { title: 'ReadIcalendar' });
/** The exceptions in an iCalendar file, to be taken into a draft (日历导入预览). */
export const ReadIcalendarAnswer = Closed({
  days: Type.Record(Type.String(), Exception), events: Type.Integer(),
  problems: Type.Array(Closed({ line: Type.Integer(), code: Type.String(), summary: Type.String(), message: Type.String() })),
}, { title: 'ReadIcalendarAnswer' });
export type ReadIcalendarAnswer = Static<typeof ReadIcalendarAnswer>;
