import * as decimals from './decimal.ts';
import { LogicError, isBlank, type Run } from './run.ts';

/** The number a value stands for: booleans are 0 and 1, null and '' are 0, text is read as JavaScript's Number does. */
export function toNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  if (value === null || value === undefined) return 0;
  const number = typeof value === 'string' || typeof value === 'boolean' ? Number(value) : NaN;
  if (!Number.isFinite(number)) throw new LogicError('NaN');
  return number;
}

/** Never NaN, never −0, never too large to be written as JSON. */
export function finite(value: number): number {
  if (!Number.isFinite(value)) throw new LogicError(Number.isNaN(value) ? 'NaN' : 'Too Large');
  return value + 0;
}

function nonZero(divisor: number): number {
  if (divisor === 0) throw new LogicError('NaN', 'Division By Zero');
  return divisor;
}

/** Numbers to reckon with; where blanks are refused, any blank ends the reckoning. */
export function numbers(values: readonly unknown[], run: Run): number[] {
  if (run.refuseBlanks && values.some(isBlank)) throw new LogicError('Missing');
  return values.map(toNumber);
}

/** Where blanks are refused, operators that take any number of values pass over some of them, but not over all. */
function present(values: readonly unknown[], run: Run): readonly unknown[] {
  if (!run.refuseBlanks) return values;
  const given = values.filter((value) => !isBlank(value));
  if (given.length === 0 && values.length > 0) throw new LogicError('Missing');
  return given;
}

function fold(values: readonly unknown[], run: Run, step: (a: number, b: number) => number): number {
  const [first, ...rest] = numbers(values, run);
  if (first === undefined) throw new LogicError('Invalid Arguments');
  return finite(rest.reduce(step, first));
}

export function sum(values: readonly unknown[], run: Run): number {
  return finite(present(values, run).map(toNumber).reduce((a, b) => (run.exact ? decimals.add(a, b) : a + b), 0));
}

export function product(values: readonly unknown[], run: Run): number {
  return values.length === 0 ? 1 : fold(values, run, run.exact ? decimals.multiply : (a, b) => a * b);
}

export function difference(values: readonly unknown[], run: Run): number {
  if (values.length === 1) return finite(-numbers(values, run)[0]!);
  return fold(values, run, run.exact ? decimals.subtract : (a, b) => a - b);
}

export function quotient(values: readonly unknown[], run: Run): number {
  const step = (a: number, b: number) => (run.exact ? decimals.divide(a, nonZero(b)) : a / nonZero(b));
  return fold(values.length === 1 ? [1, ...values] : values, run, step);
}

export function remainder(values: readonly unknown[], run: Run): number {
  if (values.length < 2) throw new LogicError('Invalid Arguments');
  return fold(values, run, (a, b) => (run.exact ? decimals.remainder(a, nonZero(b)) : a % nonZero(b)));
}

/** `min` and `max`, of numbers only. */
export function extreme(choose: (a: number, b: number) => number) {
  return (values: readonly unknown[], run: Run): number => {
    const given = present(values, run);
    if (given.length === 0 || given.some((value) => typeof value !== 'number')) throw new LogicError('Invalid Arguments');
    return finite((given as number[]).reduce((a, b) => choose(a, b)));
  };
}

/** Rounded to places, halves away from zero. */
export function rounded(values: readonly unknown[], run: Run): number {
  const [number, places = 0] = numbers(values, run);
  if (number === undefined || !Number.isInteger(places) || places < 0 || places > 15) throw new LogicError('Invalid Arguments');
  return decimals.round(number, places);
}

/** `<`, `>` and the like: texts by their letters, everything else by the numbers it stands for. Words never compare with nothing. */
export function compare(a: unknown, b: unknown, holds: (sign: number) => boolean): boolean {
  if (typeof a === 'string' && typeof b === 'string') return holds(a < b ? -1 : a > b ? 1 : 0);
  const text = a === null ? b : b === null ? a : null;
  if (typeof text === 'string' && Number.isNaN(Number(text))) return false;
  return holds(toNumber(a) - toNumber(b));
}

/** `==`: texts as they are, everything else by the numbers it stands for; nothing is no text, not even ''. */
export function equals(a: unknown, b: unknown): boolean {
  if (typeof a === 'string' && typeof b === 'string') return a === b;
  if ((a === null && typeof b === 'string') || (typeof a === 'string' && b === null)) return false;
  return toNumber(a) === toNumber(b);
}
