import { useSyncExternalStore } from 'react';

const second = 1000;
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

function tick(): void {
  now = Date.now();
  for (const listener of listeners) listener();
}

// One timer for all the times on a page, and none while nobody looks.
function listen(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    if (document.visibilityState === 'visible') tick();
  }, 15 * second);
  if (listeners.size === 1) {
    now = Date.now();
    document.addEventListener('visibilitychange', tick);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
    document.removeEventListener('visibilitychange', tick);
  };
}

/** The present moment in milliseconds, renewed every fifteen seconds and when the page is looked at again. */
export function useNow(): number {
  return useSyncExternalStore(listen, () => now);
}
