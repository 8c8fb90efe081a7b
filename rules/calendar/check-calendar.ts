import { isDay } from '../conditions/days.ts';
import { isObject, pointer, type DefinitionProblem } from '../conditions/json.ts';
import { calendarLimits, exceptionKinds, minutesADay, weekdays, type BusinessCalendar, type DayWindow } from './calendar.ts';
import { prepareCalendar } from './prepare.ts';
import { isZone } from './zone.ts';

export const calendarProblems = {
  not_a_calendar: { zh: '不是工作日历', en: 'is not a business calendar' },
  unknown_zone: { zh: '没有这个时区，请选择 Asia/Shanghai 这样的地区时区', en: 'is no known time zone; choose one by place, such as Asia/Shanghai' },
  window: { zh: '时段应写明开始和结束的分钟数（0 到 1440 的整数）', en: 'needs the minutes it starts and ends at, whole numbers from 0 to 1440' },
  beyond_midnight: { zh: '时段不能超过 24:00；跨午夜的请拆成两天的两个时段', en: 'goes beyond 24:00; write it as two windows on two days' },
  order: { zh: '时段的结束必须晚于开始', en: 'must end after it starts' },
  weekday: { zh: '星期应为 1（周一）到 7（周日）', en: 'must be a weekday from 1 (Monday) to 7 (Sunday)' },
  overlap: { zh: '与同一天的另一个时段重叠', en: 'overlaps another window of the same day' },
  no_working_time: { zh: '全年没有任何工作时间', en: 'leaves no working time at all' },
  day: { zh: '没有这一天（应为 YYYY-MM-DD）', en: 'is no day; write YYYY-MM-DD' },
  exception: { zh: '例外应为假日、调休上班、部分停工或加班', en: 'must be a holiday, a workday, closed or open' },
  windows_needed: { zh: '请写明是哪些时段', en: 'needs its windows' },
  name: { zh: '名称应为不超过 {limit} 个字的文字', en: 'must be a text of at most {limit} characters' },
  year: { zh: '年份应为 {first} 到 {last} 的整数，且先后有序', en: 'must be years from {first} to {last}, in order' },
  key: { zh: '来源需要一个不重复的标识', en: 'needs a key that no other source has' },
  too_many: { zh: '最多 {limit} 项', en: 'takes at most {limit} entries' },
} as const satisfies Record<string, { zh: string; en: string }>;
type Code = keyof typeof calendarProblems;

/**
 * Whether a calendar is well formed (日历检查). Nothing is too strange to be checked: it may be any value of JSON.
 * Windows that touch are fine and read as one; windows that overlap are refused, as nobody can have meant both.
 *
 * @returns problems beside what they concern; without problems it is a {@link BusinessCalendar}. Codes: {@link calendarProblems}
 */
export function checkCalendar(calendar: unknown): DefinitionProblem[] {
  const problems: DefinitionProblem[] = [];
  const report = (path: string, code: Code, params?: Record<string, string | number>) => void problems.push({ path, code, ...(params ? { params } : {}) });
  if (!isObject(calendar)) return [{ path: '', code: 'not_a_calendar' }];
  if (!isZone(calendar['timeZone'])) report('/timeZone', 'unknown_zone');
  checkWeek(calendar['windows'], report);
  const { makeUpWeekday, sources, exceptions } = calendar;
  if (makeUpWeekday !== undefined && !isWeekday(makeUpWeekday)) report('/makeUpWeekday', 'weekday');
  if (sources !== undefined) checkSources(sources, report);
  if (exceptions !== undefined) checkExceptions(exceptions, '/exceptions', report);
  if (problems.length === 0 && !hasWorkingTime(calendar as unknown as BusinessCalendar)) report('/windows', 'no_working_time');
  return problems;
}

/** What is wrong, in a sentence (日历问题说明). */
export function describeCalendarProblem(problem: DefinitionProblem, language: 'zh' | 'en'): string {
  const words = calendarProblems[problem.code as Code] ?? calendarProblems.not_a_calendar;
  return words[language].replace(/\{(\w+)\}/g, (_, name: string) => String(problem.params?.[name] ?? ''));
}

type Report = (path: string, code: Code, params?: Record<string, string | number>) => void;

function isWeekday(value: unknown): boolean {
  return (weekdays as readonly unknown[]).includes(value);
}

function checkWeek(windows: unknown, report: Report): void {
  if (!Array.isArray(windows)) return report('/windows', 'windows_needed');
  if (windows.length > calendarLimits.windows) return report('/windows', 'too_many', { limit: calendarLimits.windows });
  const ofWeekday = new Map<unknown, { window: DayWindow; path: string }[]>();
  for (const [index, window] of (windows as unknown[]).entries()) {
    const path = pointer('/windows', index);
    if (!checkWindow(window, path, report)) continue;
    const { weekday } = window as DayWindow & { weekday?: unknown };
    if (!isWeekday(weekday)) report(pointer(path, 'weekday'), 'weekday');
    else ofWeekday.set(weekday, [...ofWeekday.get(weekday) ?? [], { window, path }]);
  }
  for (const group of ofWeekday.values()) checkOverlap(group, report);
}

function checkWindow(window: unknown, path: string, report: Report): window is DayWindow {
  if (!isObject(window) || !Number.isInteger(window['startsMinute']) || !Number.isInteger(window['endsMinute'])) report(path, 'window');
  else {
    const [starts, ends] = [window['startsMinute'] as number, window['endsMinute'] as number];
    if (ends > minutesADay || starts >= minutesADay) report(path, 'beyond_midnight');
    else if (starts < 0) report(path, 'window');
    else if (starts >= ends) report(path, 'order');
    else return true;
  }
  return false;
}

function checkOverlap(group: { window: DayWindow; path: string }[], report: Report): void {
  const inOrder = [...group].sort((a, b) => a.window.startsMinute - b.window.startsMinute);
  let until = -1;
  for (const { window, path } of inOrder) {
    if (window.startsMinute < until) report(path, 'overlap');
    until = Math.max(until, window.endsMinute);
  }
}

function checkSources(sources: unknown, report: Report): void {
  if (!Array.isArray(sources)) return report('/sources', 'not_a_calendar');
  if (sources.length > calendarLimits.sources) return report('/sources', 'too_many', { limit: calendarLimits.sources });
  const keys = new Set<unknown>();
  for (const [index, source] of (sources as unknown[]).entries()) {
    const path = pointer('/sources', index);
    if (!isObject(source)) {
      report(path, 'not_a_calendar');
      continue;
    }
    const { key, knownFrom = calendarLimits.firstYear, knownUntil = calendarLimits.lastYear, days } = source;
    if (!isText(key) || key === '' || keys.has(key)) report(pointer(path, 'key'), 'key');
    keys.add(key);
    if (!isYear(knownFrom) || !isYear(knownUntil) || knownFrom > knownUntil) report(path, 'year', { first: calendarLimits.firstYear, last: calendarLimits.lastYear });
    checkExceptions(days, pointer(path, 'days'), report);
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= calendarLimits.text;
}

function isYear(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= calendarLimits.firstYear && (value as number) <= calendarLimits.lastYear;
}

function checkExceptions(exceptions: unknown, path: string, report: Report): void {
  if (!isObject(exceptions)) return report(path, 'exception');
  const days = Object.keys(exceptions);
  if (days.length > calendarLimits.days) return report(path, 'too_many', { limit: calendarLimits.days });
  for (const day of days) {
    const at = pointer(path, day);
    if (!isDay(day) || !isYear(Number(day.slice(0, 4)))) report(at, 'day');
    else checkException(exceptions[day], at, report);
  }
}

function checkException(exception: unknown, path: string, report: Report): void {
  if (!isObject(exception) || !(exceptionKinds as readonly unknown[]).includes(exception['kind'])) return report(path, 'exception');
  const { kind, name, windows, weekday } = exception;
  if (name !== undefined && !isText(name)) report(pointer(path, 'name'), 'name', { limit: calendarLimits.text });
  if (kind === 'workday' && weekday !== undefined && !isWeekday(weekday)) report(pointer(path, 'weekday'), 'weekday');
  if (kind === 'holiday') return;
  if (windows === undefined && kind === 'workday') return;
  const listed = pointer(path, 'windows');
  if (!Array.isArray(windows) || windows.length === 0) return report(listed, 'windows_needed');
  if (windows.length > calendarLimits.windowsADay) return report(listed, 'too_many', { limit: calendarLimits.windowsADay });
  const sound = (windows as unknown[]).map((window, index) => ({ window, path: pointer(listed, index) }))
    .filter((item): item is { window: DayWindow; path: string } => checkWindow(item.window, item.path, report));
  checkOverlap(sound, report);
}

/** On any day at all: an ordinary one, or one with an exception. */
function hasWorkingTime(calendar: BusinessCalendar): boolean {
  const { week, plans } = prepareCalendar(calendar);
  return week.some(({ total }) => total > 0) || plans.some(({ total }) => total > 0);
}
