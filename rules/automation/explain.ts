import { checkFilter } from '../conditions/check-filter.ts';
import type { Filter, FilterContext, FilterOperator, FilterValue, Properties } from '../conditions/filter.ts';
import { predicateToLogic, type FilterRecord } from '../conditions/filter-to-logic.ts';
import { evaluate } from '../conditions/json-logic.ts';
import { resolveFilter } from '../conditions/resolve-filter.ts';
import { follow, LogicError, truthy } from '../conditions/run.ts';

/** What became of conditions, part by part (条件解释). Every part was looked at, also where the outcome was clear before. */
export type Explained =
  | { readonly mode: 'all' | 'any' | 'not'; readonly holds: boolean; readonly parts: readonly Explained[] }
  | { readonly property: string; readonly operator: FilterOperator; readonly value?: FilterValue; readonly found: unknown; readonly holds: boolean };

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
  const [problem] = checkFilter(filter, properties);
  if (problem) {
    const named = problem.params?.['property'];
    throw new UnreadableCondition(typeof named === 'string' ? named : null, problem.code);
  }
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
    let holds: boolean;
    try {
      holds = truthy(evaluate(predicateToLogic(resolveFilter(part, properties, context), properties), record, { steps: 500_000 }));
    } catch (error) {
      if (error instanceof LogicError) throw new UnreadableCondition(part.property, error.type);
      throw error;
    }
    const { property, operator, value } = part;
    return { property, operator, ...(value === undefined ? {} : { value }), found: shortened(follow(record, property.split('.'))), holds };
  }
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
