import { useState } from 'react';

/** Which columns of a list one has chosen (列选择), kept on this device. */
export function useShownColumns<Column extends string>(list: string, all: readonly Column[], usual: readonly Column[]): [readonly Column[], (columns: readonly Column[]) => void] {
  const key = `bihuan.columns.${list}`;
  const [shown, setShown] = useState<readonly Column[]>(() => {
    try {
      const kept: unknown = JSON.parse(localStorage.getItem(key) ?? 'null');
      return Array.isArray(kept) ? all.filter((column) => kept.includes(column)) : usual;
    } catch {
      // The storage may be closed, or hold something else.
      return usual;
    }
  });
  return [
    shown,
    (columns) => {
      const ordered = all.filter((column) => columns.includes(column));
      setShown(ordered);
      try {
        localStorage.setItem(key, JSON.stringify(ordered));
      } catch {
        // It holds for this visit, then.
      }
    },
  ];
}
