import { useCallback, useEffect, useRef, useState } from 'react';

type Word = { is: 'asking' } | { is: 'standing'; busy: boolean };

/**
 * Which of somebody's tabs is their telephone (单标签页登录): one alone, the others wait until it is closed, or take it over.
 *
 * @param name of what there is one of
 * @param busy whether it must not be taken from this tab now
 * @returns whether it is here, whether the tab that has it is busy, and how to take it over
 */
export function useOneTab(name: string, busy: boolean): { here: boolean; busyElsewhere: boolean; take: () => void } {
  const [here, setHere] = useState(false);
  const [busyElsewhere, setBusyElsewhere] = useState(false);
  const standing = useRef({ here, busy });
  const channel = useRef<BroadcastChannel | null>(null);
  const hold = useRef<(steal: boolean) => void>(() => undefined);
  useEffect(() => {
    let gone = false;
    let release = (): void => undefined;
    const leaving = new AbortController();
    const request = (steal: boolean): void => {
      navigator.locks.request(name, steal ? { steal: true } : { signal: leaving.signal }, () => {
        if (gone) return undefined;
        setHere(true);
        return new Promise<void>((resolve) => {
          release = resolve;
        });
      }).catch(() => {
        // Another tab took it over: this one is next when that is closed.
        if (gone) return;
        setHere(false);
        request(false);
      });
    };
    hold.current = request;
    const own = new BroadcastChannel(name);
    channel.current = own;
    own.addEventListener('message', ({ data }: MessageEvent<Word>) => {
      if (data.is === 'standing') setBusyElsewhere(data.busy);
      else if (standing.current.here) own.postMessage({ is: 'standing', busy: standing.current.busy });
    });
    own.postMessage({ is: 'asking' });
    request(false);
    return () => {
      gone = true;
      leaving.abort();
      release();
      own.close();
      channel.current = null;
    };
  }, [name]);
  useEffect(() => {
    standing.current = { here, busy };
    if (here) channel.current?.postMessage({ is: 'standing', busy });
  }, [here, busy]);
  return { here, busyElsewhere, take: useCallback(() => hold.current(true), []) };
}
