import { isDay, isTime, normaliseInstant } from './days.ts';
import { filterLimits, operatorsOf, periods, type Filter, type FilterOperator, type Properties, type PropertyDefinition, type Span } from './filter.ts';
import { isObject, own, pointer, type DefinitionProblem } from './json.ts';

const units = ['minute', 'hour', 'day', 'week', 'month'];

/**
 * Whether a filter is well formed and can be read with these properties (筛选条件检查). Nothing is too strange to be checked:
 * `filter` may be any value of JSON.
 *
 * @returns problems beside what they concern; a filter without problems is a {@link Filter}. Codes: not_a_filter, too_deep,
 *   too_many_tests, unknown_property, unknown_operator, operator (not of this kind), value (of the wrong shape), too_many_values,
 *   too_long, unknown_key, order (between: the first is more than the second)
 */
export function checkFilter(filter: unknown, properties: Properties, at = ''): DefinitionProblem[] {
  const problems: DefinitionProblem[] = [];
  const walk = { problems, tests: 0, properties };
  visit(filter, at, 1, walk);
  return problems;
}

/** Whether it is one; narrows the type. */
export function isFilter(filter: unknown, properties: Properties): filter is Filter {
  return checkFilter(filter, properties).length === 0;
}

interface Walk { problems: DefinitionProblem[]; tests: number; properties: Properties }

function visit(filter: unknown, at: string, depth: number, walk: Walk): void {
  const { problems } = walk;
  if (depth > filterLimits.depth) {
    problems.push({ path: at, code: 'too_deep', params: { limit: filterLimits.depth } });
    return;
  }
  if (!isObject(filter)) {
    problems.push({ path: at, code: 'not_a_filter' });
    return;
  }
  const names = Object.keys(filter);
  const [name] = names;
  if (names.length === 1 && (name === 'all' || name === 'any') && Array.isArray(filter[name])) {
    for (const [index, part] of filter[name].entries()) {
      if (walk.tests > filterLimits.tests) return;
      visit(part, pointer(pointer(at, name), index), depth + 1, walk);
    }
  } else if (names.length === 1 && name === 'not') {
    visit(filter['not'], pointer(at, 'not'), depth + 1, walk);
  } else if (typeof filter['property'] === 'string' && typeof filter['operator'] === 'string' && names.every((given) => given === 'property' || given === 'operator' || given === 'value')) {
    checkTest(filter as { property: string; operator: string; value?: unknown }, at, walk);
  } else {
    problems.push({ path: at, code: 'not_a_filter' });
  }
  // An empty `all` costs nothing to look at, but thousands of them are no filter anybody made.
  walk.tests += 1;
  if (walk.tests === filterLimits.tests + 1) problems.push({ path: at, code: 'too_many_tests', params: { limit: filterLimits.tests } });
}

function checkTest(test: { property: string; operator: string; value?: unknown }, at: string, walk: Walk): void {
  const definition = own(walk.properties, test.property);
  if (!definition) {
    walk.problems.push({ path: pointer(at, 'property'), code: 'unknown_property', params: { property: test.property.slice(0, 100) } });
    return;
  }
  const offered = operatorsFor(definition);
  if (!(offered as readonly string[]).includes(test.operator)) {
    const code = Object.values(operatorsOf).some((list) => (list as readonly string[]).includes(test.operator)) ? 'operator' : 'unknown_operator';
    walk.problems.push({ path: pointer(at, 'operator'), code, params: { operator: test.operator.slice(0, 100), property: test.property } });
    return;
  }
  const problem = valueProblem(test.operator as FilterOperator, test.value, definition);
  if (problem) walk.problems.push({ path: pointer(at, 'value'), ...problem });
}

/** The operators one may use on a property, in the order they are offered. */
export function operatorsFor(definition: PropertyDefinition): readonly FilterOperator[] {
  const all = operatorsOf[definition.kind];
  return definition.always ? all.filter((operator) => operator !== 'empty' && operator !== 'not_empty') : all;
}

type Problem = Omit<DefinitionProblem, 'path'>;
const wrongValue: Problem = { code: 'value' };

function valueProblem(operator: FilterOperator, value: unknown, definition: PropertyDefinition): Problem | null {
  switch (operator) {
    case 'empty': case 'not_empty':
      return value === undefined ? null : wrongValue;
    case 'in': case 'not_in': case 'contains_all':
      if (!Array.isArray(value) || value.length === 0) return wrongValue;
      if (value.length > filterLimits.values) return { code: 'too_many_values', params: { limit: filterLimits.values } };
      return value.map((item) => singleProblem(item, definition)).find((problem) => problem !== null) ?? null;
    case 'between': {
      if (!Array.isArray(value) || value.length !== 2) return wrongValue;
      const problem = value.map((item) => singleProblem(item, definition)).find((found) => found !== null);
      if (problem) return problem;
      return inOrder(value[0] as string | number, value[1] as string | number) ? null : { code: 'order' };
    }
    case 'during':
      return (periods as readonly unknown[]).includes(value) ? null : wrongValue;
    case 'within_last': case 'older_than': case 'within_next':
      return isSpan(value, definition) ? null : { code: 'value', params: { limit: filterLimits.span } };
    default:
      return singleProblem(value, definition);
  }
}

function inOrder(first: string | number, second: string | number): boolean {
  if (typeof first === 'number') return first <= (second as number);
  // A day and an instant, or two instants in different notation, are left to the resolving of the filter.
  return first.length !== (second as string).length || first.endsWith('Z') !== (second as string).endsWith('Z') || first <= second;
}

function isSpan(value: unknown, { kind }: PropertyDefinition): value is Span {
  if (!isObject(value) || Object.keys(value).length !== 2) return false;
  const { n, unit } = value;
  if (!Number.isInteger(n) || (n as number) < 1 || (n as number) > filterLimits.span || typeof unit !== 'string' || !units.includes(unit)) return false;
  return kind === 'date_time' || (unit !== 'minute' && unit !== 'hour');
}

function singleProblem(value: unknown, { kind, keys }: PropertyDefinition): Problem | null {
  switch (kind) {
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? null : wrongValue;
    case 'money':
      return Number.isSafeInteger(value) ? null : wrongValue;
    case 'boolean':
      return typeof value === 'boolean' ? null : wrongValue;
    case 'date':
      return isDay(value) ? null : wrongValue;
    case 'time':
      return isTime(value) ? null : wrongValue;
    case 'date_time':
      return isDay(value) || normaliseInstant(value) !== null ? null : wrongValue;
    default:
      if (typeof value !== 'string' || value === '') return wrongValue;
      if (value.length > filterLimits.text) return { code: 'too_long', params: { limit: filterLimits.text } };
      return keys && !keys.includes(value) ? { code: 'unknown_key', params: { key: value.slice(0, 100) } } : null;
  }
}
