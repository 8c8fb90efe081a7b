import type { TimelineEntry } from '../../../contract/ticket.ts';
import { formatTime } from '../../ui/time.ts';
import { useOfferTexts } from './offer-texts.ts';
import styles from '../ticket/fact-detail.module.css';

/** What a step of an offer says (派单事件): in which mode, to whom and until when, or why it ended. */
export function OfferFact({ entry: { data, actor } }: { entry: TimelineEntry }) {
  const { t: say, language } = useOfferTexts();
  const english = language === 'en';
  const mode = data.modeName as { zh: string; en: string } | undefined;
  const names = Array.isArray(data.staffNames) ? data.staffNames as string[] : [];
  const people = typeof data.people === 'number' ? data.people : 0;
  const list = names.join(english ? ', ' : '、');
  const lines = [
    mode === undefined ? '' : english ? mode.en : mode.zh,
    data.wholeTeam === true ? say('fact.team') : '',
    people > names.length ? say('fact.people', { names: list, count: people }) : list,
    typeof data.staffName === 'string' && data.staffName !== actor.name ? data.staffName : '',
    typeof data.until === 'string' ? say('fact.until', { time: formatTime(data.until, language) }) : '',
    data.because === 'given' || data.because === 'moved' || data.because === 'settled' || data.because === 'window_over' ? say(`fact.${data.because}`) : '',
  ].filter((part) => part !== '');
  return (
    <div className={styles.detail}>
      <p>{lines.join(' · ')}</p>
      {typeof data.reason === 'string' && <p className={`prose ${styles.said}`}>{data.reason}</p>}
    </div>
  );
}
