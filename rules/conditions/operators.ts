import { compare, difference, equals, extreme, finite, product, quotient, remainder, rounded, sum, toNumber } from './arithmetic.ts';
import { addDays, daysBetween } from './days.ts';
import { foldCase } from './filter.ts';
import { asText } from './json.ts';
import { LogicError, current, follow, forEach, isBlank, lookUp, pay, truthy, within, type Run } from './run.ts';

/** An operator of JsonLogic. Exactly one of `lazy` (evaluates its arguments itself) and `eager` is there. */
export interface Operator {
  lazy?: (given: readonly unknown[], run: Run) => unknown;
  eager?: (values: readonly unknown[], run: Run) => unknown;
  /** Takes its arguments as a written list only. */
  list?: true;
  /** Costs the same however long its arguments are. */
  constant?: true;
  /** A single computed list is the list of arguments. */
  spread?: true;
  /** How many arguments make sense, for checkRule. */
  arity: readonly [least: number, most: number];
  /** Its second argument is evaluated on each element of the first one. */
  iterates?: true;
}

// What is longer is refused: texts and lists could otherwise double with each step.
const longestText = 100_000;
const longestList = 100_000;
const any = Number.MAX_SAFE_INTEGER;

/** Chains of comparisons, evaluated only as far as needed: {"<": [1, 2, 3]} is 1 < 2 and 2 < 3. */
function chain(holds: (a: unknown, b: unknown) => boolean): Operator {
  return {
    arity: [2, any], list: true,
    lazy: (given, run) => {
      if (given.length < 2) throw new LogicError('Invalid Arguments');
      let before = run.evaluate(given[0]);
      pay(before, run);
      for (let index = 1; index < given.length; index += 1) {
        const value = run.evaluate(given[index]);
        pay(value, run);
        if (!holds(before, value)) return false;
        before = value;
      }
      return true;
    },
  };
}

type Items = readonly unknown[];

/** Goes over the first argument; what is no list has nothing in it. */
function iteration(body: (items: Items, rule: unknown, run: Run) => unknown): Operator {
  return { arity: [2, 2], list: true, iterates: true, lazy: (given, run) => body(itemsOf(given, run), given[1], run) };
}

function itemsOf(given: readonly unknown[], run: Run): Items {
  if (given.length === 0) throw new LogicError('Invalid Arguments');
  const items = run.evaluate(given[0]);
  return Array.isArray(items) ? items : [];
}

function map(items: Items, rule: unknown, run: Run): unknown[] {
  const mapped: unknown[] = [];
  forEach(items, rule, run, (value) => { mapped.push(value); });
  return mapped;
}

function filter(items: Items, rule: unknown, run: Run): unknown[] {
  const kept: unknown[] = [];
  forEach(items, rule, run, (value, item) => { if (truthy(value)) kept.push(item); });
  return kept;
}

function some(items: Items, rule: unknown, run: Run): boolean {
  let found = false;
  forEach(items, rule, run, (value) => { found = truthy(value); return found; });
  return found;
}

/** Of nothing, not all. */
function all(items: Items, rule: unknown, run: Run): boolean {
  let every = items.length > 0;
  forEach(items, rule, run, (value) => { every = truthy(value); return !every; });
  return every;
}

function reduce(given: readonly unknown[], run: Run): unknown {
  const items = itemsOf(given, run);
  let accumulator = given.length > 2 ? run.evaluate(given[2]) : null;
  for (const item of items) accumulator = within({ current: item, accumulator }, given[1], run);
  return accumulator;
}

function textOf(value: unknown, depth = 0): string {
  if (value === null || value === undefined) return '';
  if (depth > 20) throw new LogicError('Too Deep');
  if (Array.isArray(value)) return value.map((item) => textOf(item, depth + 1)).join(',');
  return asText(value);
}

function limited(text: string): string {
  if (text.length > longestText) throw new LogicError('Too Large');
  return text;
}

function merge(values: readonly unknown[]): unknown[] {
  const merged = values.flat();
  if (merged.length > longestList) throw new LogicError('Too Large');
  return merged;
}

/** Counted in characters (code points); a negative length leaves so many off the end. */
function substring(values: readonly unknown[]): string {
  const characters = [...textOf(values[0])];
  const start = Math.trunc(toNumber(values[1]));
  const from = start < 0 ? Math.max(0, characters.length + start) : start;
  if (isBlank(values[2])) return characters.slice(from).join('');
  const length = Math.trunc(toNumber(values[2]));
  return characters.slice(from, length < 0 ? Math.max(from, characters.length + length) : from + length).join('');
}

function isIn([needle, place]: readonly unknown[]): boolean {
  if (typeof place === 'string') return place.includes(String(needle));
  return Array.isArray(place) && place.includes(needle);
}

function variable(given: readonly unknown[], run: Run): unknown {
  const found = lookUp(run.evaluate(given[0]), run);
  if (found !== undefined) return found;
  return given.length > 1 ? run.evaluate(given[1]) : null;
}

/**
 * `val`: a path as a list of steps. A list as its first step climbs out of iterations first: two levels an iteration (the
 * odd one is the iteration itself, which knows its `index`), up to the whole data.
 */
function value(given: readonly unknown[], run: Run): unknown {
  const steps = given.map(run.evaluate);
  const [first, ...rest] = steps;
  if (!Array.isArray(first)) return follow(current(run), steps) ?? null;
  if (given.length === 1 && !Array.isArray(given[0])) return follow(current(run), first) ?? null;
  const level = Math.abs(toNumber(first[0]));
  const { frames } = run;
  if ((level === 0 || level % 2 === 1) && rest.length === 1 && rest[0] === 'index') return frames[frames.length - 1 - Math.floor(level / 2)]?.index ?? null;
  return follow((frames[frames.length - 1 - Math.ceil(level / 2)] ?? frames[0]!).data, rest) ?? null;
}

function missing(keys: readonly unknown[], run: Run): unknown[] {
  return keys.filter((key) => isBlank(lookUp(key, run)));
}

function missingSome([least, keys]: readonly unknown[], run: Run): unknown[] {
  const wanted = Array.isArray(keys) ? keys : [keys];
  const absent = missing(wanted, run);
  return wanted.length - absent.length >= toNumber(least) ? [] : absent;
}

/** The first argument that can be evaluated; each after a failure sees that as its data. */
function attempt(given: readonly unknown[], run: Run): unknown {
  let failure: LogicError | null = null;
  const [depth, frames] = [run.depth, run.frames.length];
  for (const rule of given) {
    try {
      return failure ? within(failure.value, rule, run) : run.evaluate(rule);
    } catch (error) {
      // Having used up what an evaluation may use is nothing a rule can mend.
      if (!(error instanceof LogicError) || error.type === 'Too Many Steps' || error.type === 'Too Deep') throw error;
      failure = error;
      run.depth = depth;
      run.frames.length = frames;
    }
  }
  throw failure ?? new LogicError('Invalid Arguments');
}

function raise([thrown]: readonly unknown[]): never {
  const isObject = typeof thrown === 'object' && thrown !== null;
  const type = String(isObject ? follow(thrown, ['type']) : thrown);
  throw new LogicError(type, type, isObject ? thrown : { type });
}

const choice: Operator = {
  arity: [1, any], list: true,
  lazy: (given, run) => {
    for (let index = 0; index + 1 < given.length; index += 2) {
      if (truthy(run.evaluate(given[index]))) return run.evaluate(given[index + 1]);
    }
    return given.length % 2 === 1 ? run.evaluate(given.at(-1)) : null;
  },
};

function firstThat(stop: (value: unknown) => boolean) {
  return (given: readonly unknown[], run: Run): unknown => {
    let found: unknown = null;
    for (const rule of given) {
      found = run.evaluate(rule);
      if (stop(found)) break;
    }
    return found;
  };
}

/** One number in, one number out. */
function number(reckon: (value: number) => number): Operator {
  return {
    arity: [1, 1],
    eager: ([given, ...more], run) => {
      if (run.refuseBlanks && isBlank(given)) throw new LogicError('Missing');
      if (more.length > 0 || typeof given !== 'number') throw new LogicError('Invalid Arguments');
      return finite(reckon(given));
    },
  };
}

function text(reckon: (value: string) => string): Operator {
  return {
    arity: [1, 1],
    eager: ([given]) => {
      if (typeof given !== 'string') throw new LogicError('Invalid Arguments');
      return limited(reckon(given));
    },
  };
}

/** Of two texts; nothing counts as a text without anything in it. */
function texts(holds: (value: string, other: string) => boolean): Operator {
  return {
    arity: [2, 2],
    eager: ([given, other]) => {
      const first = isBlank(given) ? '' : given;
      if (typeof first !== 'string' || typeof other !== 'string') throw new LogicError('Invalid Arguments');
      return holds(first, other);
    },
  };
}

function days(reckon: (first: string, second: unknown) => unknown): Operator {
  return {
    arity: [2, 2],
    eager: ([first, second]) => {
      if (isBlank(first) || isBlank(second)) throw new LogicError('Missing');
      const result = reckon(String(first), second);
      if (result === null) throw new LogicError('Invalid Arguments');
      return result;
    },
  };
}

const isHigh = (code: number): boolean => code >= 0xd800 && code <= 0xdbff;
const isLow = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff;

function length([value]: readonly unknown[]): number {
  if (Array.isArray(value)) return value.length;
  if (typeof value !== 'string') throw new LogicError('Invalid Arguments');
  let count = value.length;
  // Of two halves of one character the first is not counted.
  for (let index = 0; index < value.length - 1; index += 1) if (isHigh(value.charCodeAt(index)) && isLow(value.charCodeAt(index + 1))) count -= 1;
  return count;
}

/** Every operator there is: JsonLogic's own, those of its newer drafts from `val` on, ours from `round` on. */
export const operators: Readonly<Record<string, Operator>> = {
  var: { arity: [0, 2], lazy: variable },
  missing: { arity: [0, any], eager: (values, run) => missing(Array.isArray(values[0]) ? values[0] : values, run) },
  missing_some: { arity: [2, 2], eager: missingSome },
  if: choice,
  '?:': choice,
  and: { arity: [1, any], list: true, lazy: firstThat((value) => !truthy(value)) },
  or: { arity: [1, any], list: true, lazy: firstThat(truthy) },
  '!': { arity: [1, 1], constant: true, eager: ([given]) => !truthy(given) },
  '!!': { arity: [1, 1], constant: true, eager: ([given]) => truthy(given) },
  '==': chain(equals),
  '!=': chain((a, b) => !equals(a, b)),
  '===': chain((a, b) => a === b),
  '!==': chain((a, b) => a !== b),
  '<': chain((a, b) => compare(a, b, (sign) => sign < 0)),
  '<=': chain((a, b) => compare(a, b, (sign) => sign <= 0)),
  '>': chain((a, b) => compare(a, b, (sign) => sign > 0)),
  '>=': chain((a, b) => compare(a, b, (sign) => sign >= 0)),
  '+': { arity: [1, any], spread: true, eager: sum },
  '*': { arity: [1, any], spread: true, eager: product },
  '-': { arity: [1, any], spread: true, eager: difference },
  '/': { arity: [1, any], spread: true, eager: quotient },
  '%': { arity: [2, any], spread: true, eager: remainder },
  min: { arity: [1, any], spread: true, eager: extreme(Math.min) },
  max: { arity: [1, any], spread: true, eager: extreme(Math.max) },
  cat: { arity: [0, any], spread: true, eager: (values) => limited(values.map((given) => textOf(given)).join('')) },
  substr: { arity: [2, 3], eager: substring },
  in: { arity: [2, 2], eager: isIn },
  merge: { arity: [0, any], eager: merge },
  map: iteration(map),
  filter: iteration(filter),
  all: iteration(all),
  some: iteration(some),
  none: iteration((items, rule, run) => !some(items, rule, run)),
  reduce: { arity: [2, 3], list: true, iterates: true, lazy: reduce },
  log: { arity: [1, 1], constant: true, eager: ([given]) => given ?? null },
  val: { arity: [0, any], lazy: value },
  exists: { arity: [1, any], eager: (path, run) => follow(current(run), path.flat()) !== undefined },
  '??': { arity: [0, any], lazy: firstThat((given) => given !== null) },
  throw: { arity: [1, 1], constant: true, eager: raise },
  try: { arity: [1, any], lazy: attempt },
  preserve: { arity: [1, any], lazy: (given) => (given.length === 1 ? given[0] : given) },
  length: { arity: [1, 1], eager: length },
  abs: number(Math.abs),
  ceil: number(Math.ceil),
  floor: number(Math.floor),
  upper: text((given) => given.toUpperCase()),
  lower: text((given) => given.toLowerCase()),
  trim: text((given) => given.trim()),
  starts_with: texts((given, start) => given.startsWith(start)),
  ends_with: texts((given, end) => given.endsWith(end)),
  round: { arity: [1, 2], eager: rounded },
  add_days: days((day, count) => addDays(day, toNumber(count))),
  days_between: days((from, to) => daysBetween(from, String(to))),
  equals_text: texts((given, other) => foldCase(given) === foldCase(other)),
  includes_text: texts((given, part) => foldCase(given).includes(foldCase(part))),
  starts_with_text: texts((given, start) => foldCase(given).startsWith(foldCase(start))),
};
