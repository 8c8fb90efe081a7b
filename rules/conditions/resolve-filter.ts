import { addDays, addMonths, dayIn, instantOf, isDay, normaliseInstant, weekday } from './days.ts';
import type { Filter, FilterContext, FilterTest, Period, Predicate, Properties, PropertyDefinition, Span } from './filter.ts';
import { asText, own } from './json.ts';

const nothing: Predicate = { any: [] };
const not = (predicate: Predicate): Predicate => ({ not: predicate });

/**
 * Makes a filter plain (条件求解): `me`, `mine`, `today`, spans and trees become ids, instants and lists, so that the
 * in-memory reading and the SQL have only the tests of {@link Predicate} to agree on. The filter must be without problems
 * (checkFilter); a test of a property that is gone holds for no record.
 */
export function resolveFilter(filter: Filter, properties: Properties, context: FilterContext): Predicate {
  if ('all' in filter) return { all: filter.all.map((part) => resolveFilter(part, properties, context)) };
  if ('any' in filter) return { any: filter.any.map((part) => resolveFilter(part, properties, context)) };
  if ('not' in filter) return not(resolveFilter(filter.not, properties, context));
  const definition = own(properties, filter.property);
  return definition ? resolveTest(filter, definition, context) : nothing;
}

function resolveTest(test: FilterTest, definition: PropertyDefinition, context: FilterContext): Predicate {
  const { property, operator, value } = test;
  const { kind } = definition;
  const empty: Predicate = { property, test: 'empty' };
  const list = Array.isArray(value) ? value as readonly (string | number)[] : [value as string | number];
  const bound = (bounded: 'less' | 'at_most' | 'more' | 'at_least', limit: string | number): Predicate => ({ property, test: bounded, value: limit });
  const within = ([from, to]: readonly [string, string]): Predicate => ({ all: [bound('at_least', from), bound('less', to)] });
  const isOne = (): Predicate => {
    if (kind === 'text') return { property, test: 'equals_text', value: asText(value) };
    if (kind === 'date_time' && isDay(value)) return within(daysInZone(value, value, context));
    if (kind === 'date_time') return { property, test: 'one_of', values: [normaliseInstant(value)!] };
    if (kind === 'boolean') return { property, test: 'one_of', values: [value as boolean] };
    return oneOf(list, property, definition, context);
  };
  switch (operator) {
    case 'empty': return empty;
    case 'not_empty': return not(empty);
    case 'is': return isOne();
    case 'is_not': return not(isOne());
    case 'in': return oneOf(list, property, definition, context);
    case 'not_in': return not(oneOf(list, property, definition, context));
    case 'contains': case 'not_contains': {
      const contains: Predicate = kind === 'set' ? oneOf(list, property, definition, context) : { property, test: 'includes_text', value: asText(value) };
      return operator === 'contains' ? contains : not(contains);
    }
    case 'starts_with': return { property, test: 'starts_with_text', value: asText(value) };
    case 'contains_all': {
      const values = list.flatMap((item) => people(String(item), definition, context));
      return values.length < list.length ? nothing : { property, test: 'has_all', values };
    }
    case 'under': case 'not_under': {
      const under: Predicate = { property, test: 'one_of', values: context.below?.(property, asText(value)) ?? [asText(value)] };
      return operator === 'under' ? under : not(under);
    }
    case 'less': case 'at_most': case 'more': case 'at_least': return bound(operator, value as number);
    case 'before': return bound('less', kind === 'date_time' ? startOf(asText(value), context) : asText(value));
    case 'after': return kind === 'date_time' && isDay(value) ? bound('at_least', startOf(addDays(value, 1) ?? value, context)) : bound('more', normaliseFor(kind, asText(value)));
    case 'between': return between(list, kind, property, context);
    case 'during': {
      const [first, last] = daysOf(value as Period, dayIn(context.now, context.timeZone));
      return kind === 'date' ? { all: [bound('at_least', first), bound('at_most', last)] } : within(daysInZone(first, last, context));
    }
    case 'within_last': return { all: [bound('at_least', moved(value as Span, -1, kind, context)), bound('at_most', nowFor(kind, context))] };
    case 'older_than': return bound('less', moved(value as Span, -1, kind, context));
    case 'within_next': return { all: [bound('at_least', nowFor(kind, context)), bound('at_most', moved(value as Span, 1, kind, context))] };
  }
}

/** `me`, `mine` and a customer's family as ids; nobody's own, when nobody asks. */
function people(value: string, { kind, people, family }: PropertyDefinition, context: FilterContext): readonly string[] {
  if (value === 'me' && (kind === 'person' || people)) return context.me === null ? [] : [context.me];
  if (value === 'mine' && kind === 'team') return context.myTeams;
  if (family && context.family) return context.family(value);
  return [value];
}

/** Whether `none` means having none. Keys that people choose may be called so themselves. */
function takesNone({ kind, keys }: PropertyDefinition): boolean {
  return !keys && (kind === 'person' || kind === 'team' || kind === 'reference' || kind === 'tree');
}

function oneOf(list: readonly (string | number)[], property: string, definition: PropertyDefinition, context: FilterContext): Predicate {
  const hasNone = list.includes('none') && takesNone(definition);
  const values = [...new Set(list.filter((item) => !(hasNone && item === 'none')).flatMap((item): readonly (string | number)[] => (typeof item === 'string' ? people(item, definition, context) : [item])))];
  const among: Predicate = { property, test: 'one_of', values };
  return hasNone ? { any: [{ property, test: 'empty' }, ...(values.length > 0 ? [among] : [])] } : among;
}

/** Both ends included: days to their end, instants to the millisecond. */
function between(list: readonly (string | number)[], kind: string, property: string, context: FilterContext): Predicate {
  const [first, last] = list as [string | number, string | number];
  if (kind !== 'date_time') return { all: [{ property, test: 'at_least', value: first }, { property, test: 'at_most', value: last }] };
  const from: Predicate = { property, test: 'at_least', value: startOf(String(first), context) };
  const to: Predicate = isDay(last) ? { property, test: 'less', value: startOf(addDays(last, 1) ?? last, context) } : { property, test: 'at_most', value: normaliseInstant(last)! };
  return { all: [from, to] };
}

function normaliseFor(kind: string, value: string): string {
  return kind === 'date_time' ? normaliseInstant(value)! : value;
}

/** A day's first instant, or the instant itself. */
function startOf(value: string, { timeZone }: FilterContext): string {
  return isDay(value) ? instantOf(value, timeZone) : normaliseInstant(value)!;
}

/** From the beginning of the first day to the beginning of the one after the last. */
function daysInZone(first: string, last: string, context: FilterContext): readonly [string, string] {
  return [startOf(first, context), startOf(addDays(last, 1) ?? last, context)];
}

function nowFor(kind: string, { now, timeZone }: FilterContext): string {
  return kind === 'date' ? dayIn(now, timeZone) : normaliseInstant(now)!;
}

/** So long ago (or ahead). Minutes and hours by the clock; days, weeks, months by the calendar, at the same time of day. */
function moved({ n, unit }: Span, direction: 1 | -1, kind: string, { now, timeZone }: FilterContext): string {
  const instant = normaliseInstant(now)!;
  if (unit === 'minute' || unit === 'hour') return new Date(Date.parse(instant) + direction * n * (unit === 'hour' ? 3_600_000 : 60_000)).toISOString();
  const today = dayIn(instant, timeZone);
  const day = (unit === 'month' ? addMonths(today, direction * n) : addDays(today, direction * n * (unit === 'week' ? 7 : 1))) ?? today;
  if (kind === 'date') return day;
  const sinceMidnight = Date.parse(instant) - Date.parse(instantOf(today, timeZone));
  return new Date(Date.parse(instantOf(day, timeZone)) + sinceMidnight).toISOString();
}

/** First and last day of a stretch of the calendar; weeks begin on Monday. */
function daysOf(period: Period, today: string): readonly [string, string] {
  const day = (count: number, from = today) => addDays(from, count) ?? from;
  const firstOfMonth = `${today.slice(0, 8)}01`;
  const monday = day(-weekday(today));
  switch (period) {
    case 'today': return [today, today];
    case 'yesterday': return [day(-1), day(-1)];
    case 'this_week': return [monday, day(6, monday)];
    case 'last_week': return [day(-7, monday), day(-1, monday)];
    case 'this_month': return [firstOfMonth, day(-1, addMonths(firstOfMonth, 1) ?? firstOfMonth)];
    case 'last_month': return [addMonths(firstOfMonth, -1) ?? firstOfMonth, day(-1, firstOfMonth)];
    case 'this_year': return [`${today.slice(0, 4)}-01-01`, `${today.slice(0, 4)}-12-31`];
  }
}
