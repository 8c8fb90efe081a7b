import { checkFilter } from '../conditions/check-filter.ts';
import type { Filter, FilterContext, FilterOperator, FilterTest, FilterValue, Properties, PropertyKind } from '../conditions/filter.ts';
import { predicateToLogic, type FilterRecord } from '../conditions/filter-to-logic.ts';
import { evaluate } from '../conditions/json-logic.ts';
import { own, type DefinitionProblem, type Rule } from '../conditions/json.ts';
import { resolveFilter } from '../conditions/resolve-filter.ts';
import { follow, LogicError, truthy } from '../conditions/run.ts';

/** What became of conditions, part by part (条件解释). Every part was looked at, also where the outcome was clear before. */
export type Explained =
  | { readonly mode: 'all' | 'any' | 'not'; readonly holds: boolean; readonly parts: readonly Explained[] }
  | { readonly property: string; readonly operator: FilterOperator; readonly value?: FilterValue; readonly found: unknown; readonly holds: boolean; /** What was asked for and what was found are not the reader's to see. */ readonly hidden?: boolean };

/** Conditions that cannot be evaluated: a property is gone, a value is none. */
export class UnreadableCondition extends Error {
  readonly property: string | null;
  readonly code: string;
  constructor(property: string | null, code: string) {
    super(`the conditions cannot be evaluated: ${code}${property === null ? '' : ` (${property})`}`);
    this.name = 'UnreadableCondition';
    this.property = property;
    this.code = code;
  }
}

const longestFound = 200;

/**
 * Whether conditions hold for a record, and why (条件为何成立或不成立): each test with the value that was found.
 *
 * @throws UnreadableCondition where a condition means nothing any more. It must not pass for a no
 */
export function explainConditions(filter: Filter, record: FilterRecord, properties: Properties, context: FilterContext): Explained {
  ensureReadable(filter, properties);
  return visit(filter);

  function visit(part: Filter): Explained {
    if ('all' in part) {
      const parts = part.all.map(visit);
      return { mode: 'all', holds: parts.every((one) => one.holds), parts };
    }
    if ('any' in part) {
      const parts = part.any.map(visit);
      return { mode: 'any', holds: parts.some((one) => one.holds), parts };
    }
    if ('not' in part) {
      const inner = visit(part.not);
      return { mode: 'not', holds: !inner.holds, parts: [inner] };
    }
    const { property, operator, value } = part;
    return { property, operator, ...(value === undefined ? {} : { value }), found: foundFor(property, record), holds: testHolds(part, record, properties, context) };
  }
}

/** What conditions came to, as short as it can be kept: the answers of their tests in the order they are written, `1` for yes. */
export interface Answered {
  readonly holds: boolean;
  readonly answers: string;
}

/**
 * The same, kept short (条件答案): what was found is put into `found`, by property, once for all rules that look at the record. Together
 * with the filter that was asked, {@link retellConditions} tells the whole of it.
 *
 * @throws UnreadableCondition
 */
export function askConditions(filter: Filter, record: FilterRecord, properties: Properties, context: FilterContext, found: Record<string, unknown>): Answered {
  ensureReadable(filter, properties);
  let answers = '';
  const holds = visit(filter);
  return { holds, answers };

  function visit(part: Filter): boolean {
    // Every test is asked, also where the outcome is clear before.
    if ('all' in part) return part.all.reduce((so, one) => visit(one) && so, true);
    if ('any' in part) return part.any.reduce((so, one) => visit(one) || so, false);
    if ('not' in part) return !visit(part.not);
    const held = testHolds(part, record, properties, context);
    answers += held ? '1' : '0';
    found[part.property] ??= foundFor(part.property, record);
    return held;
  }
}

/** What {@link askConditions} kept, part by part. */
export function retellConditions(filter: Filter, answers: string, found: Readonly<Record<string, unknown>>): Explained {
  let place = 0;
  return visit(filter);

  function visit(part: Filter): Explained {
    if ('all' in part || 'any' in part) {
      const mode = 'all' in part ? 'all' : 'any';
      const parts = ('all' in part ? part.all : part.any).map(visit);
      return { mode, holds: mode === 'all' ? parts.every((one) => one.holds) : parts.some((one) => one.holds), parts };
    }
    if ('not' in part) {
      const inner = visit(part.not);
      return { mode: 'not', holds: !inner.holds, parts: [inner] };
    }
    const { property, operator, value } = part;
    return { property, operator, ...(value === undefined ? {} : { value }), found: found[property] ?? null, holds: answers[place++] === '1' };
  }
}

const foundFor = (property: string, record: FilterRecord): unknown => shortened(follow(record, property.split('.')));

function testHolds(test: FilterTest, record: FilterRecord, properties: Properties, context: FilterContext): boolean {
  try {
    return truthy(evaluate(logicOf(test, properties, context), record, { steps: 500_000 }));
  } catch (error) {
    if (error instanceof LogicError) throw new UnreadableCondition(test.property, error.type);
    throw error;
  }
}

// What is asked of these means the same whoever asks, and at any time.
const timeless: ReadonlySet<PropertyKind | undefined> = new Set<PropertyKind>(['text', 'key', 'number', 'money', 'boolean', 'presence']);
const compiled = new WeakMap<FilterTest, { properties: Properties; logic: Rule }>();

function logicOf(test: FilterTest, properties: Properties, context: FilterContext): Rule {
  const known = compiled.get(test);
  if (known?.properties === properties) return known.logic;
  const logic = predicateToLogic(resolveFilter(test, properties, context), properties);
  if (timeless.has(own(properties, test.property)?.kind)) compiled.set(test, { properties, logic });
  return logic;
}

function ensureReadable(filter: Filter, properties: Properties): void {
  const problem = problemOf(filter, properties);
  if (!problem) return;
  const named = problem.params?.['property'];
  throw new UnreadableCondition(typeof named === 'string' ? named : null, problem.code);
}

const checked = new WeakMap<Properties, WeakMap<Filter, DefinitionProblem | null>>();

/** What makes a filter unreadable; the same filter is asked about again and again. */
function problemOf(filter: Filter, properties: Properties): DefinitionProblem | null {
  let known = checked.get(properties);
  if (!known) checked.set(properties, known = new WeakMap());
  let problem = known.get(filter);
  if (problem === undefined) known.set(filter, problem = checkFilter(filter, properties)[0] ?? null);
  return problem;
}

/** A value as it is kept in a log: long texts by their beginning. */
function shortened(value: unknown): unknown {
  if (typeof value === 'string') return value.length > longestFound ? `${[...value.slice(0, longestFound)].join('').toWellFormed()}…` : value;
  if (Array.isArray(value)) return value.slice(0, 20).map(shortened);
  return value ?? null;
}

/** The tests that decided (关键条件): of what does not hold, those because of which it does not. */
export function decidingTests(explained: Explained): Extract<Explained, { property: string }>[] {
  if ('property' in explained) return [explained];
  return explained.parts.filter((part) => explained.mode === 'not' || part.holds === explained.holds).flatMap(decidingTests);
}
