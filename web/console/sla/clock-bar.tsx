import type { ExplainedClock } from '../../../contract/sla.ts';
import { formatExact } from '../../ui/time.ts';
import { useSlaTexts } from './texts.ts';
import styles from './clocks.module.css';

/** A clock's life as a small bar (计时图): what counted, what stood still, what is ahead; with marks for what happens when. */
export function ClockBar({ clock }: { clock: Pick<ExplainedClock, 'picture' | 'name' | 'summary'> }) {
  const { t: say, language } = useSlaTexts();
  const { segments, marks } = clock.picture;
  const percent = (part: number) => `${Math.round(part * 10_000) / 100}%`;
  return (
    <div className={styles.bar} role="img" aria-label={say('clocks.bar', { name: clock.name, summary: clock.summary })}>
      {segments.map((segment) => (
        <span key={segment.from} className={styles.segment} data-kind={segment.kind} data-overdue={segment.overdue || undefined} data-ahead={segment.ahead || undefined} style={{ insetInlineStart: percent(segment.start), inlineSize: percent(segment.width) }} />
      ))}
      {marks.map((mark) => <span key={`${mark.kind} ${mark.at} ${mark.percent ?? ''}`} className={styles.mark} data-kind={mark.kind} title={formatExact(mark.at, language)} style={{ insetInlineStart: percent(mark.position) }} />)}
    </div>
  );
}
