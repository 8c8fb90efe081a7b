import { asText } from './json.ts';

/** Stable reasons of a failure: those of the shared suites, and ours. A rule's own `throw` may name any other. */
export const logicErrors = ['NaN', 'Invalid Arguments', 'Unknown Operator', 'Too Many Steps', 'Too Deep', 'Too Large', 'Missing'] as const;

/** A rule that could not be evaluated (条件求值失败). `type` is stable; `reason` says more where there is more to say. */
export class LogicError extends Error {
  readonly type: string;
  readonly reason: string;
  /** What a `try` sees of it. */
  readonly value: unknown;
  constructor(type: string, reason: string = type, value: unknown = { type }) {
    super(reason);
    this.name = 'LogicError';
    this.type = type;
    this.reason = reason;
    this.value = value;
  }
}

/** A running evaluation, as operators see it. */
export interface Run {
  /** Evaluates a rule in the innermost scope. */
  readonly evaluate: (rule: unknown) => unknown;
  readonly exact: boolean;
  readonly refuseBlanks: boolean;
  /** Data by scope: the whole first, then the element of each iteration one is inside of. */
  readonly frames: { data: unknown; index?: number }[];
  /** What is left of the budget. */
  steps: number;
  /** What is left of the budget that several evaluations share. */
  readonly shared: Budget | undefined;
  depth: number;
}

/** What counts as true: not false, null, 0, '', [] or {} (but '0' does). */
export function truthy(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}

/** null, absent, or a text without anything in it. */
export function isBlank(value: unknown): boolean {
  return value === null || value === undefined || value === '';
}

/** The data of the innermost scope. */
export function current(run: Run): unknown {
  return run.frames.at(-1)!.data;
}

/** Steps that several evaluations take from together. It may end below nothing. */
export interface Budget { left: number }

/** Takes steps off the budget. */
export function spend(run: Run, steps = 1): void {
  run.steps -= steps;
  if (run.shared) run.shared.left -= steps;
  if (run.steps < 0 || (run.shared && run.shared.left < 0)) throw new LogicError('Too Many Steps');
}

const charactersPerStep = 128;
const itemsPerStep = 8;

/** Pays for what an operator reads or makes, by its length. */
export function pay(value: unknown, run: Run): void {
  if (typeof value === 'string') {
    if (value.length >= charactersPerStep) spend(run, Math.floor(value.length / charactersPerStep));
  } else if (Array.isArray(value) && value.length > 0) {
    spend(run, Math.ceil(value.length / itemsPerStep));
    for (const item of value) if (typeof item === 'string' || Array.isArray(item)) pay(item, run);
  }
}

/** Evaluates a rule on each element in turn, in a scope of its own; `visit` ends it by answering true. */
export function forEach(items: readonly unknown[], rule: unknown, run: Run, visit: (value: unknown, item: unknown) => boolean | void): void {
  const frame: { data: unknown; index: number } = { data: null, index: 0 };
  run.frames.push(frame);
  for (const [index, item] of items.entries()) {
    spend(run);
    frame.data = item;
    frame.index = index;
    if (visit(run.evaluate(rule), item) === true) break;
  }
  run.frames.pop();
}

/** Evaluates a rule in a scope of its own. */
export function within(data: unknown, rule: unknown, run: Run): unknown {
  spend(run);
  run.frames.push({ data });
  const value = run.evaluate(rule);
  run.frames.pop();
  return value;
}

/** Follows a path through own properties only; undefined when it leads nowhere. Texts have no properties. */
export function follow(value: unknown, path: readonly unknown[]): unknown {
  let found = value;
  for (const step of path) {
    const name = String(step);
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined;
    found = (found as Record<string, unknown>)[name];
  }
  return found;
}

/** What `var` finds under a dotted path in the innermost scope; the whole scope for null and ''. */
export function lookUp(path: unknown, run: Run): unknown {
  if (path === null || path === undefined || path === '') return current(run);
  return follow(current(run), Array.isArray(path) ? path : asText(path).split('.'));
}
