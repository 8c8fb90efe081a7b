import type { TimelineEntry } from '../../../contract/ticket.ts';
import { formatExact } from '../../ui/time.ts';
import { useHotlineTexts } from './texts.ts';
import styles from './hotline.module.css';

const reports = ['accepted', 'returned', 'extension_asked', 'finished', 'revisited'] as const;

/** What the hotline told, or was told, in the timeline of the ticket (热线往来). */
export function HotlineFact({ entry }: { entry: TimelineEntry }) {
  const { t: say, language } = useHotlineTexts();
  const { data } = entry;
  const text = (name: string): string | null => (typeof data[name] === 'string' && data[name] !== '' ? data[name] : null);
  const report = reports.find((one) => one === data['report']);
  const deadline = text('deadlineAt') ?? text('until');
  const told = [
    text('from'), text('caseNumber'), report === undefined ? null : say(`report.${report}`), typeof data['granted'] === 'boolean' ? say(data['granted'] ? 'extension.granted' : 'extension.refused') : null,
    deadline === null ? null : `${say('case.deadline')} ${formatExact(deadline, language)}`, typeof data['satisfaction'] === 'number' ? say('case.stars', { count: data['satisfaction'] }) : null, data['byHand'] === true ? say('reported.by_hand') : null,
  ].filter((one) => one !== null);
  const said = text('words') ?? text('failure');
  return (
    <>
      <p className={styles.muted}>{told.join(' · ')}</p>
      {said !== null && <p className={styles.told}>{said}</p>}
    </>
  );
}
