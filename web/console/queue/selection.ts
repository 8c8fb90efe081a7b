import { useCallback, useMemo, useRef, useState } from 'react';

/** What is chosen of a list (选择): tickets one by one, or all that the list holds. */
export type Selection = {
  ids: ReadonlySet<string>;
  /** All of the list, also what is not loaded. */
  all: boolean;
  empty: boolean;
  /** Adds or takes away one; with `range`, all from the one chosen last as far as here. */
  toggle: (id: string, range: boolean, order: readonly string[]) => void;
  set: (ids: readonly string[]) => void;
  chooseAll: () => void;
  clear: () => void;
};

const nothing: ReadonlySet<string> = new Set();

/** The ids after one was ticked: alone, or with all between it and the one ticked before. */
export function ticked(ids: ReadonlySet<string>, id: string, anchor: string | null, order: readonly string[]): ReadonlySet<string> {
  const next = new Set(ids);
  const [from, to] = [anchor === null ? -1 : order.indexOf(anchor), order.indexOf(id)];
  if (from >= 0 && to >= 0) for (const one of order.slice(Math.min(from, to), Math.max(from, to) + 1)) next.add(one);
  else if (!next.delete(id)) next.add(id);
  return next;
}

export function useSelection(): Selection {
  const [ids, setIds] = useState(nothing);
  const [all, setAll] = useState(false);
  const anchor = useRef<string | null>(null);
  const toggle = useCallback((id: string, range: boolean, order: readonly string[]) => {
    const from = range ? anchor.current : null;
    anchor.current = id;
    setAll(false);
    setIds((before) => ticked(before, id, from, order));
  }, []);
  const set = useCallback((next: readonly string[]) => {
    setAll(false);
    setIds(next.length === 0 ? nothing : new Set(next));
  }, []);
  const clear = useCallback(() => {
    anchor.current = null;
    setAll(false);
    setIds(nothing);
  }, []);
  const chooseAll = useCallback(() => setAll(true), []);
  return useMemo(() => ({ ids, all, empty: ids.size === 0 && !all, toggle, set, chooseAll, clear }), [ids, all, toggle, set, chooseAll, clear]);
}
