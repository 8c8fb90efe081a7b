import { isDay } from '../conditions/days.ts';
import { round } from '../conditions/decimal.ts';
import { LogicError, evaluate, truthy, type Budget, type EvaluateOptions, type Rule } from '../conditions/json-logic.ts';
import { formLimits, type Condition, type FormVariables, type FormulaFailure, type FormulaField, type Money } from './form.ts';

const options: EvaluateOptions = { exact: true, steps: 20_000 };
const formulaOptions: EvaluateOptions = { ...options, blanks: 'refuse' };
const longestText = 5_000;

export type Reckoned = { value: string | number | boolean | Money; failure?: undefined } | { value: null; failure: FormulaFailure };

const failures: Readonly<Record<string, FormulaFailure>> = {
  Missing: 'missing', 'Division By Zero': 'division_by_zero', NaN: 'not_a_number', 'Too Large': 'too_large', 'Too Many Steps': 'too_long', 'Too Deep': 'too_long', 'Invalid Arguments': 'wrong_type',
};

/**
 * Reckons a formula (公式计算): in decimals, rounded half away from zero at the end, money in minor units. An empty operand
 * of − × ÷ makes the whole empty; + and max pass over it. `budget`: what all rules of the form have together. Never throws: what cannot be reckoned is null, with the reason.
 */
export function reckon(field: FormulaField, variables: FormVariables, budget?: Budget): Reckoned {
  let value: unknown;
  try {
    value = evaluate(field.formula, variables, { ...formulaOptions, budget });
  } catch (error) {
    return { value: null, failure: error instanceof LogicError ? failures[error.reason] ?? 'bad_rule' : 'bad_rule' };
  }
  return inResult(field, value);
}

function inResult(field: FormulaField, value: unknown): Reckoned {
  const failed = (failure: FormulaFailure): Reckoned => ({ value: null, failure });
  if (field.result === 'boolean') return { value: truthy(value) };
  if (value === null || value === '') return failed('missing');
  switch (field.result) {
    case 'number': case 'money': {
      if (typeof value !== 'number') return failed('wrong_type');
      const rounded = round(value, field.result === 'money' ? 0 : field.decimals ?? 2);
      if (Math.abs(rounded) > formLimits.magnitude) return failed('too_large');
      return { value: field.result === 'money' ? { amount: rounded, currency: field.currency ?? 'CNY' } : rounded };
    }
    case 'text': {
      if (typeof value !== 'string' && typeof value !== 'number') return failed('wrong_type');
      return String(value).length > longestText ? failed('too_large') : { value: String(value) };
    }
    case 'date': return isDay(value) ? { value } : failed('wrong_type');
  }
}

/** Whether a condition holds; `otherwise`, when it cannot be evaluated. */
export function holds(condition: Condition | undefined, variables: FormVariables, absent: boolean, otherwise: boolean, budget?: Budget): boolean {
  if (condition === undefined) return absent;
  if (typeof condition === 'boolean') return condition;
  try {
    return truthy(evaluate(condition as Rule, variables, { ...options, budget }));
  } catch {
    return otherwise;
  }
}
