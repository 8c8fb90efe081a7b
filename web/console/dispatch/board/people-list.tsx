import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import { Avatar } from '../../../ui/react/index.ts';
import { useBoard } from './board-context.ts';
import { isOver, type BoardRow } from './board-model.ts';
import { shortly } from './clock.ts';
import { useBoardTexts } from './texts.ts';
import styles from './people-list.module.css';

/** The day of each person as a list (手机上的人员安排), where a time axis has no room. */
export function PeopleList({ rows }: { rows: readonly BoardRow[] }) {
  const { t } = useBoardTexts();
  const { time, language, choose } = useBoard();
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, getItemKey: (index) => rows[index]!.id, estimateSize: (index) => 57 + rows[index]!.stops.length * 48, overscan: 4 });
  return (
    <div ref={scroller} className={styles.scroller}>
      <div role="list" aria-label={t('people')} style={{ height: virtualizer.getTotalSize(), position: 'relative' }}>
        {virtualizer.getVirtualItems().map(({ index, key, start }) => {
          const row = rows[index]!;
          return (
            <div key={key} ref={virtualizer.measureElement} data-index={index} role="listitem" aria-setsize={rows.length} aria-posinset={index + 1} className={styles.person} style={{ transform: `translateY(${start}px)` }}>
              <button type="button" className={styles.head} onClick={() => choose({ kind: 'technician', id: row.id })}>
                <Avatar name={row.name} size={28} />
                <span className={styles.name}>{row.name}</span>
                <span className={styles.load}>{row.absences.length > 0 && !row.onDuty ? t('row.absent') : !row.onDuty && row.shiftsKnown ? t('row.off') : row.stops.length === 0 ? t('row.free') : `${t('row.visits', { count: row.stops.length })} · ${t('stop.travel', { time: shortly(row.figures.travelSeconds * 1_000, language) })}`}</span>
              </button>
              {row.stops.map((stop) => (
                <button key={stop.key} type="button" className={styles.stop} disabled={stop.ticketId === null} data-over={isOver(stop) || undefined} data-late={stop.late > 0 || undefined} onClick={() => choose({ kind: 'stop', stop, technicianId: row.id })}>
                  <span className={styles.time}>{time(stop.start)}<span>{time(stop.end)}</span></span>
                  <span className={styles.words}><span>{stop.ticketId === null ? t('stop.withheld') : stop.subject}</span><span className={styles.place}>{stop.late > 0 ? <em>{t('stop.late', { time: shortly(stop.late, language) })} </em> : null}{stop.place}</span></span>
                </button>
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}
