import { useQuery } from '@tanstack/react-query';
import type { DraftEvaluation } from '../../../../contract/day-plan.ts';
import { Icon } from '../../parts/icon.tsx';
import { useDebounced } from '../../parts/debounced.ts';
import { useBoard } from './board-context.ts';
import type { Carried, Target } from './carry.ts';
import { dayWords, signed } from './clock.ts';
import { evaluation } from './data.ts';
import { dayIn } from './scale.ts';
import { useBoardTexts } from './texts.ts';
import styles from './cost-card.module.css';

/** So long one stays at a place before it is reckoned, in milliseconds. */
const pause = 110;
const shownRules = 4;
/** It can only begin so much later than where it would be dropped. */
const later = 300_000;

type Props = { carried: Carried; target: Target | null; by: 'pointer' | 'keys'; name: string | null };

/** What it would cost to put it there (落点代价): travel, lateness, rules; the answer to the last place counts. */
export function CostCard({ carried: { stop, from }, target, by, name }: Props) {
  const { t } = useBoardTexts();
  const { draftWith, time: hour, language, date, zone } = useBoard();
  const time = (at: number): string => (dayIn(zone, at) === date ? hour(at) : `${dayWords(zone, at, language)} ${hour(at)}`);
  const wanted = target === null ? null : draftWith({ stop, from, to: target === 'lane' ? null : target });
  const text = JSON.stringify(wanted);
  const settled = useDebounced(text, pause);
  const asked = settled === text ? wanted : null;
  const answer = useQuery(evaluation(asked));
  const aim = target === null || target === 'lane' ? null : target;
  const reckoned = asked === null ? undefined : answer.data;
  const there = reckoned?.technicians.find(({ technicianId }) => technicianId === aim?.technicianId)?.stops.find(({ visitId, ticketId }) => (stop.visitId === null ? ticketId === stop.ticketId : visitId === stop.visitId));
  return (
    <div className={styles.card}>
      <p className={styles.subject}><span className={styles.number}>{stop.number}</span>{stop.subject}</p>
      {aim !== null && name !== null && (
        <p className={styles.where}>
          <strong>{name}</strong>
          <span data-later={(there !== undefined && Date.parse(there.startsAt) - aim.start > later) || undefined}>{there === undefined ? time(aim.start) : t('cost.begins', { from: time(Date.parse(there.startsAt)), to: time(Date.parse(there.endsAt)) })}</span>
        </p>
      )}
      {target === 'lane' && <p className={styles.where}><strong>{t('stop.release')}</strong></p>}
      {target !== null && wanted !== null && (
        reckoned === undefined
          ? <p className={styles.waiting}>{answer.isError ? t('cost.unknown') : t('cost.reckoning')}</p>
          : <Cost reckoned={reckoned} language={language} />
      )}
      {by === 'keys' && <p className={styles.keys}>{t('carry.keys')}</p>}
    </div>
  );
}

function Cost({ reckoned: { difference, broken }, language }: { reckoned: DraftEvaluation; language: 'zh-CN' | 'en' }) {
  const { t } = useBoardTexts();
  const fresh = broken.filter(({ isNew }) => isNew);
  return (
    <>
      <p className={styles.figures}>
        <Figure good={difference.travelSeconds <= 0} text={Math.abs(difference.travelSeconds) < 30 ? t('cost.noTravel') : t('cost.travel', { time: signed(difference.travelSeconds * 1_000, language) })} />
        {difference.late !== 0 && <Figure good={difference.late < 0} text={t('cost.late', { time: difference.late > 0 ? `+${difference.late}` : `−${-difference.late}` })} />}
        {Math.abs(difference.overtimeSeconds) >= 60 && <Figure good={difference.overtimeSeconds < 0} text={t('cost.overtime', { time: signed(difference.overtimeSeconds * 1_000, language) })} />}
      </p>
      {fresh.length === 0 ? difference.late > 0 ? null : <p className={styles.fine}><Icon name="check" size={14} />{t('cost.fine')}</p> : (
        <ul className={styles.rules}>
          {fresh.slice(0, shownRules).map(({ code, title, detail, hard, visitId, ticketId }) => (
            <li key={`${code} ${visitId ?? ticketId}`} data-hard={hard || undefined}><Icon name={hard ? 'cancel' : 'info'} size={14} /><span>{title}{detail === null ? '' : ` · ${detail}`}</span></li>
          ))}
          {fresh.length > shownRules && <li>+{fresh.length - shownRules}</li>}
        </ul>
      )}
    </>
  );
}

function Figure({ good, text }: { good: boolean; text: string }) {
  return <span className={styles.figure} data-good={good || undefined}>{text}</span>;
}
