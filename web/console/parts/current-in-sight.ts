import { useEffect, useRef } from 'react';

/**
 * For a strip that scrolls sideways: keeps the entry that is current in sight whenever another one becomes it, and while
 * its neighbours still grow (counts that arrive), until somebody scrolls by hand.
 */
export function useCurrentInSight<Element extends HTMLElement>(current: string | undefined) {
  const strip = useRef<Element>(null);
  useEffect(() => {
    const element = strip.current;
    if (element === null) return;
    const show = (): void => element.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
    show();
    const observer = new ResizeObserver(show);
    for (const child of element.children) observer.observe(child);
    const stop = (): void => observer.disconnect();
    element.addEventListener('pointerdown', stop, { once: true });
    element.addEventListener('wheel', stop, { once: true, passive: true });
    return () => {
      stop();
      element.removeEventListener('pointerdown', stop);
      element.removeEventListener('wheel', stop);
    };
  }, [current]);
  return strip;
}
