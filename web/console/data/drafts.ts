import { useCallback, useState } from 'react';

const prefix = 'bihuan.draft.';
/** Drafts untouched for so long are let go. */
const keptFor = 30 * 86_400_000;

type Kept<Value> = { value: Value; at: number };

/** What is kept under a name, with the drafts and let go of with them. */
export function read<Value>(key: string): Value | undefined {
  try {
    const text = localStorage.getItem(prefix + key);
    return text === null ? undefined : (JSON.parse(text) as Kept<Value>).value;
  } catch {
    return undefined;
  }
}

/** Keeps something with the drafts; nothing when undefined. */
export function write<Value>(key: string, value: Value | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(prefix + key);
    else localStorage.setItem(prefix + key, JSON.stringify({ value, at: Date.now() } satisfies Kept<Value>));
  } catch {
    // Storage is full or forbidden: the draft then lasts as long as the page.
  }
}

/** Lets go of drafts that nobody has touched for a month. */
export function forgetOldDrafts(now: number): void {
  try {
    for (const key of Object.keys(localStorage).filter((one) => one.startsWith(prefix))) {
      const at = (JSON.parse(localStorage.getItem(key) ?? '{}') as Partial<Kept<unknown>>).at ?? 0;
      if (now - at > keptFor) localStorage.removeItem(key);
    }
  } catch {
    // Nothing can be kept, so nothing can be forgotten.
  }
}

/**
 * What somebody is writing (草稿), kept as they type, across reload and merge.
 *
 * @param key what it belongs to, with the person's id: browsers are shared
 * @param isEmpty whether there is nothing worth keeping
 * @returns the value, a function that changes it, and one that lets go of it
 */
export function useDraft<Value>(key: string, initial: Value, isEmpty: (value: Value) => boolean): [Value, (change: (before: Value) => Value) => void, () => void] {
  const [value, setValue] = useState<Value>(() => ({ ...initial, ...read<Value>(key) }));
  const change = useCallback(
    (next: (before: Value) => Value) =>
      setValue((before) => {
        const after = next(before);
        write(key, isEmpty(after) ? undefined : after);
        return after;
      }),
    [key, isEmpty],
  );
  const discard = useCallback(() => {
    write(key, undefined);
    setValue(initial);
  }, [key, initial]);
  return [value, change, discard];
}
