import { useRef, type RefObject } from 'react';
import { useKeys } from '../parts/keys.ts';

/** Lets J and K go from row to row of a list, and `/` to its search (列表快捷键). */
export function useRowKeys(searchId: string): RefObject<HTMLDivElement | null> {
  const frame = useRef<HTMLDivElement>(null);
  function move(by: 1 | -1): void {
    const rows = [...(frame.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [])];
    const at = rows.findIndex((row) => row === document.activeElement);
    rows[at < 0 ? (by === 1 ? 0 : rows.length - 1) : Math.max(0, Math.min(rows.length - 1, at + by))]?.focus();
  }
  useKeys({ '/': () => document.getElementById(searchId)?.focus(), j: () => move(1), k: () => move(-1) });
  return frame;
}
