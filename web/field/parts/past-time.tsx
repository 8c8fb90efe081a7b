import { useNow } from '../../ui/react/now.ts';
import { RelativeTime } from '../../ui/react/relative-time.tsx';

/** When something happened. Clocks of phone and server differ a little, and nothing of the past is "in a moment". */
export function PastTime({ value, className }: { value: string; className?: string }) {
  return <RelativeTime value={Math.min(new Date(value).getTime(), useNow())} className={className} />;
}
