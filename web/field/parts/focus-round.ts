import { useEffect, useRef, type KeyboardEvent, type RefObject } from 'react';

/**
 * Keeps the focus inside what covers the page, and gives it back afterwards (焦点管理).
 *
 * @returns what the covering element needs: a ref, and a handler of keys
 */
export function useFocusRound<Box extends HTMLElement>(): { box: RefObject<Box | null>; onKeyDown: (event: KeyboardEvent) => void } {
  const box = useRef<Box>(null);

  useEffect(() => {
    const opener = document.activeElement;
    box.current?.focus();
    // The page behind stays where it is.
    document.documentElement.classList.add('covered');
    return () => {
      document.documentElement.classList.remove('covered');
      if (opener instanceof HTMLElement) opener.focus();
    };
  }, []);

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'Tab' || box.current === null) return;
    const reachable = [...box.current.querySelectorAll<HTMLElement>('button:not(:disabled):not([tabindex="-1"]), a[href], input, textarea')];
    const [first, last] = [reachable[0], reachable[reachable.length - 1]];
    const focused = document.activeElement;
    const leaving = event.shiftKey ? focused === first || focused === box.current : focused === last;
    if (!leaving) return;
    event.preventDefault();
    (event.shiftKey ? last : first)?.focus();
  }

  return { box, onKeyDown };
}
