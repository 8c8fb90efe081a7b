import { useEffect, useState } from 'react';

/** How long something new under the thumb takes no tap: the second tap of a hurried hand was meant for what was there before. */
export const settlingMilliseconds = 500;

/**
 * Whether what `key` names appeared only just now (防误触): true from the rendering in which it is new until the hand had
 * time to see it.
 *
 * @param first whether also what is there from the beginning has to settle
 */
export function useSettling(key: string, { first = true } = {}): boolean {
  const [settled, setSettled] = useState<string | null>(first ? null : key);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(key), settlingMilliseconds);
    return () => clearTimeout(timer);
  }, [key]);
  return settled !== key;
}
