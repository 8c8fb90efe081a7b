import { useEffect } from 'react';
import { asProblem } from '../../ui/api-problem.ts';
import type { SaveState } from './kept-draft.ts';

/** Between two attempts while the server can't be reached, in milliseconds. */
const pause = 10_000;

/**
 * Tries again by itself what could not be kept for want of a connection (断网后自动重试): as soon as there is one, and every now and
 * then. What the server refused waits for whoever typed it.
 *
 * @returns whether it is cut off and will be tried again
 */
export function useRetry(state: SaveState, problem: unknown, retry: () => void): boolean {
  const isCutOff = state === 'failed' && !(asProblem(problem).status >= 400 && asProblem(problem).status < 500);
  useEffect(() => {
    if (!isCutOff) return undefined;
    const timer = setInterval(retry, pause);
    addEventListener('online', retry);
    return () => {
      clearInterval(timer);
      removeEventListener('online', retry);
    };
  }, [isCutOff, retry]);
  return isCutOff;
}
