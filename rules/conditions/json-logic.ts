import type { Rule } from './json.ts';
import { operators } from './operators.ts';
import { LogicError, pay, spend, type Budget, type Run } from './run.ts';

/**
 * JsonLogic (条件求值): what https://jsonlogic.com describes and the shared suites of the json-logic organization test,
 * interpreted, without eval. A rule reads only own properties of its data, changes nothing, knows no clock, and stops at
 * a budget of steps and a depth.
 */

export { LogicError, logicErrors, truthy } from './run.ts';
export type { Budget } from './run.ts';
export type { Json, Rule } from './json.ts';

export interface EvaluateOptions {
  /** How many operators and elements may be gone through, a long text counting as many; 50,000 when absent. */
  steps?: number;
  /** Steps that several evaluations have together. */
  budget?: Budget | undefined;
  /** How deep operators may stand in each other; 100 when absent. */
  depth?: number;
  /** Arithmetic on decimals instead of binary fractions: 0.1 + 0.2 is 0.3 (decimal.ts). */
  exact?: boolean;
  /** What arithmetic makes of an empty operand: 0, as JsonLogic has it (when absent), or an error; `+`, `min` and `max` then pass over it. */
  blanks?: 'zero' | 'refuse';
}

/**
 * Evaluates a rule.
 *
 * @param rule as it came from JSON; what is no rule is its own value
 * @param data what `var` reads from
 * @returns a JSON value; never NaN, Infinity or undefined
 * @throws {LogicError} with a stable `type`
 */
export function evaluate(rule: Rule, data?: unknown, options: EvaluateOptions = {}): unknown {
  const run: Run = {
    evaluate: (inner) => evaluateIn(inner, run),
    exact: options.exact ?? false, refuseBlanks: options.blanks === 'refuse', frames: [{ data: data ?? null }],
    steps: options.steps ?? 50_000, shared: options.budget, depth: options.depth ?? 100,
  };
  return evaluateIn(rule, run);
}

const isPlain = (value: unknown) => typeof value !== 'object' || value === null;

function evaluateIn(rule: unknown, run: Run): unknown {
  if (typeof rule !== 'object' || rule === null) return rule ?? null;
  if (Array.isArray(rule) && rule.every(isPlain)) return rule;
  const names = Array.isArray(rule) ? null : Object.keys(rule);
  if (names?.length === 0) return rule;
  spend(run);
  run.depth -= 1;
  if (run.depth < 0) throw new LogicError('Too Deep');
  const value = names ? carryOut(rule as Record<string, unknown>, names, run) : (rule as unknown[]).map(run.evaluate);
  run.depth += 1;
  return value;
}

function carryOut(rule: Record<string, unknown>, names: readonly string[], run: Run): unknown {
  const name = names[0]!;
  const operator = names.length === 1 && Object.hasOwn(operators, name) ? operators[name] : undefined;
  if (!operator) throw new LogicError('Unknown Operator');
  const given = rule[name];
  if (operator.list && !Array.isArray(given)) throw new LogicError('Invalid Arguments');
  const list = Array.isArray(given) ? given : [given];
  if (operator.lazy) return operator.lazy(list, run);
  const values = list.map(run.evaluate);
  // {"+": rule} chains: a computed list is the list of arguments, but one that is written out is one argument.
  const chained = operator.spread && values.length === 1 && Array.isArray(values[0]) && !Array.isArray(list[0]);
  if (operator.constant) return operator.eager!(chained ? (values[0] as unknown[]) : values, run);
  pay(values, run);
  const made = operator.eager!(chained ? (values[0] as unknown[]) : values, run);
  pay(made, run);
  return made;
}
