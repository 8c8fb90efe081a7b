import { formatAgo, formatExact, formatRelative, formatRemaining, type Moment } from '../time.ts';
import { useNow } from './now.ts';
import { useLanguage } from './preferences.ts';
import './react.css';

/** A moment before or after now as one would say it (相对时间), with the exact one on hover. */
export function RelativeTime({ value, className }: { value: Moment; className?: string }) {
  const language = useLanguage();
  const now = useNow();
  return (
    <time className={className} dateTime={new Date(value).toISOString()} title={formatExact(value, language)}>
      {formatRelative(value, now, language)}
    </time>
  );
}

/** When something happened (多久以前), with the exact moment on hover: never still to come, however the clocks differ. */
export function Ago({ value, className }: { value: Moment; className?: string }) {
  const language = useLanguage();
  const now = useNow();
  return (
    <time className={className} dateTime={new Date(value).toISOString()} title={formatExact(value, language)}>
      {formatAgo(value, now, language)}
    </time>
  );
}

/**
 * What is left until a deadline (时限), coloured by urgency.
 *
 * @param warnAt the moment from which it counts as close; a quarter of an hour before the deadline when absent
 * @param paused the clock stands still: shown without colour
 */
export function RemainingTime({ deadline, warnAt, paused = false }: { deadline: Moment; warnAt?: Moment; paused?: boolean }) {
  const language = useLanguage();
  const now = useNow();
  const { text, overdue } = formatRemaining(deadline, now, language);
  const warning = warnAt === undefined ? new Date(deadline).getTime() - 900_000 : new Date(warnAt).getTime();
  const state = paused ? 'paused' : overdue ? 'breached' : now >= warning ? 'warning' : 'running';
  return (
    <time
      className={`bh-remaining bh-remaining-${state}`}
      dateTime={new Date(deadline).toISOString()}
      title={formatExact(deadline, language)}
    >
      {text}
    </time>
  );
}
