import { formatExact, formatRelative, type Moment } from '../../ui/time.ts';
import { useLanguage, useNow } from '../../ui/react/index.ts';

/**
 * When something happened (多久以前). Clocks differ by seconds and the page's own moves in steps, so what happened
 * never reads as still to come.
 */
export function Ago({ value, className }: { value: Moment; className?: string }) {
  const language = useLanguage();
  const now = useNow();
  const at = new Date(value).getTime();
  return (
    <time className={className} dateTime={new Date(at).toISOString()} title={formatExact(at, language)}>
      {formatRelative(at, Math.max(now, at), language)}
    </time>
  );
}
