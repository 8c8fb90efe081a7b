import type { ExplainedClock } from '../../../contract/sla.ts';
import type { Language } from '../../ui/preferences.ts';
import { formatDate, formatExact, formatTime } from '../../ui/time.ts';
import { useSlaTexts, type SlaSay } from './texts.ts';
import styles from './clocks.module.css';

type Clock = Pick<ExplainedClock, 'picture' | 'name' | 'summary'>;
type Mark = ExplainedClock['picture']['marks'][number];

/** A clock's life as a small bar (计时图): what counted, what stood still, what is ahead; with marks for what happens when. */
export function ClockBar({ clock }: { clock: Clock }) {
  const { t: say, language } = useSlaTexts();
  const { segments, marks } = clock.picture;
  const percent = (part: number) => `${Math.round(part * 10_000) / 100}%`;
  return (
    <div className={styles.bar} role="img" aria-label={say('clocks.bar', { name: clock.name, summary: clock.summary })}>
      {segments.map((segment) => (
        <span key={segment.from} className={styles.segment} data-kind={segment.kind} data-overdue={segment.overdue || undefined} data-ahead={segment.ahead || undefined} style={{ insetInlineStart: percent(segment.start), inlineSize: percent(segment.width) }} />
      ))}
      {marks.map((mark) => <span key={keyOf(mark)} className={styles.mark} data-kind={mark.kind} title={`${nameOf(say, mark)} ${formatExact(mark.at, language)}`} style={{ insetInlineStart: percent(mark.position) }} />)}
    </div>
  );
}

/** What the marks of the bar mean, and when each is (图例). */
export function ClockLegend({ clock }: { clock: Clock }) {
  const { t: say, language } = useSlaTexts();
  const { marks } = clock.picture;
  return (
    <ul className={styles.legend}>
      {marks.map((mark) => <li key={keyOf(mark)}><span className={styles.sample} data-kind={mark.kind} aria-hidden="true" />{nameOf(say, mark)} <time dateTime={mark.at} title={formatExact(mark.at, language)}>{formatShort(mark.at, language)}</time></li>)}
    </ul>
  );
}

const formatShort = (moment: string, language: Language): string => `${formatDate(moment, undefined, language)} ${formatTime(moment, language)}`;
const keyOf = (mark: Mark): string => `${mark.kind} ${mark.at} ${mark.percent ?? ''}`;

function nameOf(say: SlaSay, mark: Mark): string {
  const name = say(`mark.${mark.kind}`);
  return mark.percent === undefined ? name : `${name} ${mark.percent}%`;
}
