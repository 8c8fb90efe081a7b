import type { Filter, FilterOperator, FilterTest, FilterValue, Properties, PropertyKind, Span } from '../../../../rules/conditions/filter.ts';
import { isObject, type Json, type Rule } from '../../../../rules/conditions/json.ts';

/**
 * Conditions of flows are JsonLogic rules (流程条件); people build them as filters. These two translate: every filter the builder
 * makes has a rule, and the rule is read back as that filter. Properties are the variables of a rule: `fields.amount`, `ticket.status`.
 */

const comparisons = { more: '>', at_least: '>=', less: '<', at_most: '<=', after: '>', before: '<' } as const;

/** What a test reads: of money the amount, in minor units. */
function readOf(property: string, kind: PropertyKind): Rule {
  return { var: kind === 'money' ? `${property}.amount` : property };
}

/** The rule of a filter; null while it is incomplete, or when it compares in a way only views can. */
export function ruleFromFilter(filter: Filter, properties: Properties): Rule | null {
  if ('all' in filter || 'any' in filter) {
    const parts = ('all' in filter ? filter.all : filter.any).map((part) => ruleFromFilter(part, properties));
    if (parts.some((part) => part === null)) return null;
    if (parts.length === 0) return 'all' in filter;
    return parts.length === 1 ? parts[0]! : { ['all' in filter ? 'and' : 'or']: parts as Rule[] };
  }
  if ('not' in filter) {
    const part = ruleFromFilter(filter.not, properties);
    return part === null ? null : { '!': [part] };
  }
  const kind = Object.hasOwn(properties, filter.property) ? properties[filter.property]?.kind : undefined;
  return kind === undefined ? null : ruleFromTest(filter, kind);
}

function ruleFromTest({ property, operator, value }: FilterTest, kind: PropertyKind): Rule | null {
  const read = readOf(property, kind);
  const list = Array.isArray(value) ? (value as readonly Json[]) : null;
  const single = value === undefined || list !== null || isObject(value) ? null : (value as Json);
  // Nothing is neither less nor more than anything.
  const guarded = (test: Rule): Rule => ({ and: [{ '!==': [read, null] }, test] });
  switch (operator) {
    case 'empty': return { '!': [read] };
    case 'not_empty': return { '!!': [read] };
    case 'is': return single === null ? null : kind === 'text' ? { equals_text: [read, single] } : { '===': [read, single] };
    case 'is_not': return single === null ? null : kind === 'text' ? { '!': [{ equals_text: [read, single] }] } : { '!==': [read, single] };
    case 'in': case 'not_in': {
      if (list === null || list.length === 0) return null;
      const test: Rule = kind === 'set' ? { some: [read, { in: [{ var: '' }, list] }] } : { in: [read, list] };
      return operator === 'in' ? test : { '!': [test] };
    }
    case 'contains': case 'not_contains': {
      if (single === null) return null;
      const test: Rule = kind === 'set' ? { in: [single, read] } : { includes_text: [read, single] };
      return operator === 'contains' ? test : { '!': [test] };
    }
    case 'contains_all': return list === null || list.length === 0 ? null : { and: list.map((one) => ({ in: [one, read] })) };
    case 'starts_with': return single === null ? null : { starts_with_text: [read, single] };
    case 'more': case 'at_least': case 'less': case 'at_most': case 'after': case 'before':
      return single === null ? null : guarded({ [comparisons[operator]]: [read, single] });
    case 'between': return list?.length === 2 && list.every((one) => one !== null && one !== undefined) ? guarded({ '<=': [list[0]!, read, list[1]!] }) : null;
    case 'within_last': case 'older_than': case 'within_next': {
      const days = isObject(value) ? daysOf(value as unknown as Span) : null;
      if (days === null) return null;
      const edge: Rule = { add_days: [{ var: 'today' }, operator === 'within_next' ? days : -days] };
      return guarded(operator === 'within_last' ? { '>=': [read, edge] } : operator === 'older_than' ? { '<': [read, edge] } : { '<=': [read, edge] });
    }
    default: return null;
  }
}

/** A span in days, where it is one; hours and minutes are none. */
function daysOf({ n, unit }: Span): number | null {
  return unit === 'day' ? n : unit === 'week' ? n * 7 : unit === 'month' ? n * 30 : null;
}

/** The filter of a rule; null when it says more than the builder can show. */
export function filterFromRule(rule: unknown, properties: Properties): Filter | null {
  if (rule === true) return { all: [] };
  const [operator, given] = soleOf(rule);
  if (operator === null) return null;
  if (operator === 'and' || operator === 'or') {
    if (!Array.isArray(given)) return null;
    const guarded = operator === 'and' && given.length === 2 && variableOf(soleOf(given[0])[0] === '!==' ? argument(given[0], 0) : null, properties) !== null && argument(given[0], 1) === null ? testFromRule(given[1], properties) : null;
    if (guarded !== null) return guarded;
    const every = operator === 'and' && given.length > 1 ? containsAll(given, properties) : null;
    if (every !== null) return every;
    const parts = given.map((part) => filterFromRule(part, properties));
    if (parts.some((part) => part === null)) return null;
    return operator === 'and' ? { all: parts as Filter[] } : { any: parts as Filter[] };
  }
  const test = testFromRule(rule, properties);
  if (test !== null || operator !== '!') return test;
  const inner = filterFromRule(Array.isArray(given) ? given[0] : given, properties);
  return inner === null ? null : { not: inner };
}

function soleOf(rule: unknown): [string | null, unknown] {
  if (!isObject(rule)) return [null, undefined];
  const [name, ...others] = Object.keys(rule);
  return name === undefined || others.length > 0 ? [null, undefined] : [name, rule[name]];
}
function argument(rule: unknown, at: number): unknown {
  const [, given] = soleOf(rule);
  return Array.isArray(given) ? (given as unknown[])[at] : at === 0 ? given : undefined;
}

/** The property a rule reads, and of which kind it is. */
function variableOf(rule: unknown, properties: Properties): { property: string; kind: PropertyKind } | null {
  const [operator, given] = soleOf(rule);
  const path = Array.isArray(given) && given.length === 1 ? (given as unknown[])[0] : given;
  if (operator !== 'var' || typeof path !== 'string') return null;
  const property = path.endsWith('.amount') && Object.hasOwn(properties, path.slice(0, -7)) ? path.slice(0, -7) : path;
  const kind = Object.hasOwn(properties, property) ? properties[property]?.kind : undefined;
  return kind === undefined || (kind === 'money') !== (property !== path) ? null : { property, kind };
}

const isPlain = (value: unknown): value is string | number | boolean => ['string', 'number', 'boolean'].includes(typeof value);
const bySign: Readonly<Record<string, FilterOperator | undefined>> = { '>': 'more', '>=': 'at_least', '<': 'less', '<=': 'at_most' };
const mirrored: Readonly<Record<string, string | undefined>> = { '>': '<', '>=': '<=', '<': '>', '<=': '>=', '===': '===', '==': '==', '!==': '!==', '!=': '!=' };
const isDated = (kind: PropertyKind): boolean => kind === 'date' || kind === 'date_time' || kind === 'time';

function testFromRule(rule: unknown, properties: Properties): FilterTest | null {
  const [operator, given] = soleOf(rule);
  if (operator === null) return null;
  const parts: unknown[] = Array.isArray(given) ? (given as unknown[]) : [given];
  const [first, second, third] = parts;
  if (operator === '!' || operator === '!!') {
    const read = parts.length === 1 ? variableOf(first, properties) : null;
    if (read !== null) return { property: read.property, operator: operator === '!' ? 'empty' : 'not_empty' };
    if (operator === '!!') return null;
    const inner = testFromRule(first, properties);
    const opposite = inner === null ? undefined : opposites[inner.operator];
    return inner === null || opposite === undefined ? null : { ...inner, operator: opposite };
  }
  if (parts.length === 3 && operator === '<=') {
    const read = variableOf(second, properties);
    return read !== null && isPlain(first) && isPlain(third) && typeof first === typeof third ? { property: read.property, operator: 'between', value: [first, third] as (string | number)[] } : null;
  }
  if (parts.length !== 2) return null;
  const read = variableOf(first, properties);
  if (read === null) {
    const turned = mirrored[operator];
    if (turned !== undefined && variableOf(second, properties) !== null && !Object.hasOwn((isObject(first) ? first : {}) as object, 'var')) return testFromRule({ [turned]: [second, first] } as unknown, properties);
    const set = operator === 'in' ? variableOf(second, properties) : null;
    return set?.kind === 'set' && isPlain(first) ? { property: set.property, operator: 'contains', value: first } : null;
  }
  return compared(operator, read, second);
}

function compared(operator: string, { property, kind }: { property: string; kind: PropertyKind }, value: unknown): FilterTest | null {
  const values = Array.isArray(value) && value.length > 0 && (value as unknown[]).every((one) => typeof one === 'string' || typeof one === 'number') ? (value as (string | number)[]) : null;
  switch (operator) {
    case '===': case '==':
      if (value === null) return { property, operator: 'empty' };
      return isPlain(value) && kind !== 'set' ? { property, operator: 'is', value } : null;
    case '!==': case '!=':
      if (value === null) return { property, operator: 'not_empty' };
      return isPlain(value) && kind !== 'set' ? { property, operator: 'is_not', value } : null;
    case 'equals_text': return typeof value === 'string' && kind === 'text' ? { property, operator: 'is', value } : null;
    case 'includes_text': return typeof value === 'string' && kind === 'text' ? { property, operator: 'contains', value } : null;
    case 'starts_with_text': return typeof value === 'string' && kind === 'text' ? { property, operator: 'starts_with', value } : null;
    case 'in': return values !== null && kind !== 'set' ? { property, operator: 'in', value: values } : null;
    case 'some': {
      const [inner, given] = soleOf(value);
      const list = inner === 'in' && Array.isArray(given) && argument(given[0], 0) === '' ? (given[1] as unknown) : null;
      return kind === 'set' && Array.isArray(list) && list.length > 0 && list.every((one) => typeof one === 'string' || typeof one === 'number') ? { property, operator: 'in', value: list as string[] } : null;
    }
    case '>': case '>=': case '<': case '<=': {
      if (isDated(kind)) return dated(operator, property, value);
      return typeof value === 'number' && (kind === 'number' || kind === 'money') ? { property, operator: bySign[operator]!, value } : null;
    }
    default: return null;
  }
}

function dated(operator: string, property: string, value: unknown): FilterTest | null {
  if (typeof value === 'string') return operator === '>' ? { property, operator: 'after', value } : operator === '<' ? { property, operator: 'before', value } : null;
  const [name] = soleOf(value);
  const [day, by] = [argument(value, 0), argument(value, 1)];
  if (name !== 'add_days' || argument(day, 0) !== 'today' || typeof by !== 'number') return null;
  const spanned = (chosen: FilterOperator): FilterTest => ({ property, operator: chosen, value: { n: Math.abs(by), unit: 'day' } as FilterValue });
  if (by < 0) return operator === '>=' ? spanned('within_last') : operator === '<' ? spanned('older_than') : null;
  return operator === '<=' && by > 0 ? spanned('within_next') : null;
}

const opposites: Partial<Record<FilterOperator, FilterOperator>> = { is: 'is_not', in: 'not_in', contains: 'not_contains', empty: 'not_empty' };

function containsAll(given: readonly unknown[], properties: Properties): FilterTest | null {
  const tests = given.map((part) => testFromRule(part, properties));
  const [first] = tests;
  return first?.operator === 'contains' && properties[first.property]?.kind === 'set' && tests.every((test) => test?.operator === 'contains' && test.property === first.property)
    ? { property: first.property, operator: 'contains_all', value: tests.map((test) => test!.value as string) } : null;
}
