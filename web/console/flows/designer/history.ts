/** How many steps can be undone. */
const mostSteps = 200;

/** What is edited, with the steps back and forth (撤销与重做). */
export interface History<Value> {
  readonly past: readonly Value[];
  readonly value: Value;
  readonly future: readonly Value[];
  /** What the last step was about; a step about the same soon after is one with it. */
  readonly about: string | null;
}

export function startHistory<Value>(value: Value): History<Value> {
  return { past: [], value, future: [], about: null };
}

/**
 * Takes a step. With `about`, further steps about the same thing are taken together with it: a name typed letter by letter
 * is undone at once.
 */
export function step<Value>(history: History<Value>, value: Value, about: string | null = null): History<Value> {
  if (value === history.value) return history;
  const joined = about !== null && about === history.about && history.past.length > 0;
  return { past: joined ? history.past : [...history.past.slice(1 - mostSteps), history.value], value, future: [], about };
}

export function undo<Value>(history: History<Value>): History<Value> {
  const before = history.past.at(-1);
  return before === undefined ? history : { past: history.past.slice(0, -1), value: before, future: [history.value, ...history.future], about: null };
}

export function redo<Value>(history: History<Value>): History<Value> {
  const [next, ...future] = history.future;
  return next === undefined ? history : { past: [...history.past, history.value], value: next, future, about: null };
}
