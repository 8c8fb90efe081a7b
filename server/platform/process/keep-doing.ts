import { setTimeout as wait } from 'node:timers/promises';

/** Work that goes on in the background of a process. */
export interface Ongoing {
  /** Ends the pause it is in, or the one that would come next. */
  wake: () => void;
  /** Lets the turn under way end, and no other begin. */
  stop: () => Promise<void>;
}

/**
 * Does something again and again until stopped (循环执行). Whoever wakes it while a turn is under way is not forgotten: the next turn
 * follows at once, as that one may have looked too early.
 *
 * @param turn does what there is to do; answers how many milliseconds to pause, 0 for none
 * @param failed is told what a turn threw, unless it is stopping; answers how long to pause then
 */
export function keepDoing(turn: (isStopping: () => boolean) => Promise<number>, failed: (error: unknown) => number): Ongoing {
  let stopping = false;
  let woken = false;
  let endPause = (): void => {};
  const pause = (milliseconds: number) => new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    endPause = () => {
      clearTimeout(timer);
      resolve();
    };
  });
  const wake = (): void => {
    woken = true;
    endPause();
  };
  const running = (async () => {
    while (!stopping) {
      woken = false;
      let milliseconds: number;
      try {
        milliseconds = await turn(() => stopping);
      } catch (error) {
        milliseconds = stopping ? 0 : failed(error);
      }
      if (milliseconds > 0 && !woken && !stopping) await pause(milliseconds);
    }
  })();
  return {
    wake,
    stop: async () => {
      stopping = true;
      wake();
      await running;
    },
  };
}

/** The same work, but who stops it waits only so long (限时停止): for work that others may keep from ending, and that is taken up again by itself. */
export const stoppedWithin = (work: Ongoing, milliseconds: number): Ongoing => ({
  ...work,
  stop: async () => {
    await Promise.race([work.stop(), wait(milliseconds, undefined, { ref: false })]);
  },
});
