import { setTimeout as wait } from 'node:timers/promises';

/** What came and is not kept yet (待保存队列). */
export interface Kept {
  /** False when there is no room for more: whoever brings it has to be stopped. */
  add(name: string, work: () => Promise<void>): boolean;
  /** Until all of it was kept; after that many milliseconds the rest is given up. @returns how many were */
  end(milliseconds: number): Promise<number>;
}

/**
 * Does what comes one after another of each name, and what has different names beside each other (按名排队); each again and again until it was done, as nobody brings it
 * a second time.
 *
 * @param most how many may wait
 * @param failed is told what a turn threw; answers how many milliseconds to pause then, or null to let it be
 */
export function keepInOrder(most: number, failed: (error: unknown, attempt: number) => number | null): Kept {
  const last = new Map<string, Promise<void>>();
  const over = new AbortController();
  let waiting = 0;
  const doIt = async (work: () => Promise<void>): Promise<void> => {
    for (let attempt = 1; !over.signal.aborted; attempt += 1) {
      try {
        return await work();
      } catch (error) {
        const milliseconds = failed(error, attempt);
        if (milliseconds === null) return;
        await wait(milliseconds, undefined, { signal: over.signal }).catch(() => {});
      }
    }
  };
  return {
    add(name, work) {
      if (waiting >= most) return false;
      waiting += 1;
      const done: Promise<void> = (last.get(name) ?? Promise.resolve()).then(() => doIt(work)).finally(() => {
        if (!over.signal.aborted) waiting -= 1;
        if (last.get(name) === done) last.delete(name);
      });
      last.set(name, done);
      return true;
    },
    async end(milliseconds) {
      const late = setTimeout(() => over.abort(), milliseconds);
      while (last.size > 0) await Promise.all(last.values());
      clearTimeout(late);
      return waiting;
    },
  };
}
