import { useEffect, useState } from 'react';

const secondsUntil = (until: string): number => Math.max(0, Math.ceil((new Date(until).getTime() - Date.now()) / 1_000));

/** How long it is until a moment (剩余时间), in seconds and as `4:05`, renewed every second until it has come. */
export function useTimeLeft(until: string): { seconds: number; text: string } {
  const [seconds, setSeconds] = useState(() => secondsUntil(until));
  useEffect(() => {
    setSeconds(secondsUntil(until));
    const timer = setInterval(() => {
      const left = secondsUntil(until);
      setSeconds(left);
      if (left === 0) clearInterval(timer);
    }, 1_000);
    return () => clearInterval(timer);
  }, [until]);
  return { seconds, text: `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}` };
}
