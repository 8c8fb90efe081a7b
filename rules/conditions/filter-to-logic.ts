import { checkFilter } from './check-filter.ts';
import type { Filter, FilterContext, Predicate, Properties } from './filter.ts';
import type { Rule } from './json.ts';
import { evaluate } from './json-logic.ts';
import { truthy } from './run.ts';
import { resolveFilter } from './resolve-filter.ts';

/**
 * A record as filters see it (被筛选的记录): values by property, those of fields under `fields`. Ids as they are (a tree
 * property: the id of its entry), sets as lists, money as {amount, currency}, instants as RFC 3339 in UTC with milliseconds.
 */
export interface FilterRecord { readonly [property: string]: unknown; readonly fields?: Readonly<Record<string, unknown>> }

/**
 * A plain filter as JsonLogic over a {@link FilterRecord}; only `equals_text`, `includes_text` and `starts_with_text` are
 * operators of our own (texts without regard to case).
 */
export function predicateToLogic(predicate: Predicate, properties: Properties): Rule {
  // JsonLogic's `and` and `or` of nothing are null.
  if ('all' in predicate) return predicate.all.length === 0 ? true : { and: predicate.all.map((part) => predicateToLogic(part, properties)) };
  if ('any' in predicate) return predicate.any.length === 0 ? false : { or: predicate.any.map((part) => predicateToLogic(part, properties)) };
  if ('not' in predicate) return { '!': [predicateToLogic(predicate.not, properties)] };
  const kind = properties[predicate.property]?.kind;
  const read: Rule = { var: kind === 'money' ? `${predicate.property}.amount` : predicate.property };
  // Nothing is neither less nor more; nor is what cannot be compared.
  const bound = (operator: string, value: string | number): Rule => ({ try: [{ and: [{ '!==': [read, null] }, { [operator]: [read, value] }] }, false] });
  switch (predicate.test) {
    case 'empty': return kind === 'text' || kind === 'set' || kind === 'presence' ? { '!': [read] } : { or: [{ '===': [read, null] }, { '===': [read, ''] }] };
    case 'one_of': return kind === 'set' ? { some: [read, { in: [{ var: '' }, predicate.values] }] } : { in: [read, predicate.values] };
    case 'has_all': return { and: predicate.values.map((value) => ({ in: [value, { '??': [read, []] }] })) };
    case 'less': return bound('<', predicate.value);
    case 'at_most': return bound('<=', predicate.value);
    case 'more': return bound('>', predicate.value);
    case 'at_least': return bound('>=', predicate.value);
    case 'equals_text': case 'includes_text': case 'starts_with_text': return { [predicate.test]: [read, predicate.value] };
  }
}

/** A filter as JsonLogic, as of now and for the one who asks (转换为 JsonLogic). The filter must be without problems. */
export function filterToLogic(filter: Filter, properties: Properties, context: FilterContext): Rule {
  return predicateToLogic(resolveFilter(filter, properties, context), properties);
}

/**
 * Prepares a filter for many records.
 *
 * @returns whether a record is meant; never throws. A filter with problems, and a record it cannot be read on, is a no.
 */
export function prepareFilter(filter: Filter, properties: Properties, context: FilterContext): (record: FilterRecord) => boolean {
  if (checkFilter(filter, properties).length > 0) return () => false;
  const rule = filterToLogic(filter, properties, context);
  return (record) => {
    try {
      return truthy(evaluate(rule, record, { steps: 500_000 }));
    } catch {
      return false;
    }
  };
}

/** Whether a filter means a record (是否匹配). */
export function matches(filter: Filter, record: FilterRecord, properties: Properties, context: FilterContext): boolean {
  return prepareFilter(filter, properties, context)(record);
}
