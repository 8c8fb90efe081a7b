import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, type CSSProperties, type ReactNode, type RefObject } from 'react';
import { useNow } from '../../../ui/react/index.ts';
import { useBoard } from './board-context.ts';
import { togetherOf, type BoardRow } from './board-model.ts';
import { CarryLayer } from './carry-layer.tsx';
import { leftOf, linesOf, momentAt } from './scale.ts';
import type { Target } from './carry.ts';
import { headHeight, namesWidth, rowHeight, TechnicianRow } from './technician-row.tsx';
import { useBoardTexts } from './texts.ts';
import styles from './timeline.module.css';

/** Where the timeline lies, for whoever drags over it. */
export type TimelineHandle = { targetAt: (x: number, y: number, grabbed: number) => Target | null };
type Props = { rows: readonly BoardRow[]; handle: RefObject<TimelineHandle | null>; /** Stands above the names. */ corner: ReactNode };

/** The day of all people side by side (时间轴): rows come and go as one scrolls, however many there are. */
export function Timeline({ rows, handle, corner }: Props) {
  const { t } = useBoardTexts();
  const { scale, zone, date, time, chosen } = useBoard();
  const scroller = useRef<HTMLDivElement>(null);
  const now = useNow();
  const virtualizer = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, getItemKey: (index) => rows[index]!.id, overscan: 6, paddingStart: headHeight });
  const shownNow = now >= scale.start && now <= scale.end;

  // The day begins to be read an hour before now, or before anybody begins.
  const placed = useRef('');
  useLayoutEffect(() => {
    const element = scroller.current;
    const key = `${date} ${scale.step}`;
    if (element === null || placed.current === key || rows.length === 0) return;
    placed.current = key;
    const begin = shownNow ? now - 3_600_000 : Math.min(...rows.flatMap(({ stops, shifts }) => [...stops.map(({ start }) => start), ...shifts.map(({ from }) => Math.max(from, scale.start + 21_600_000))]), scale.end);
    element.scrollLeft = leftOf(scale, begin) - 24;
  });

  const targetAt = useCallback((x: number, y: number, grabbed: number): Target | null => {
    const element = scroller.current;
    if (element === null) return null;
    const area = element.getBoundingClientRect();
    if (x < area.left || x > area.right || y < area.top + headHeight || y > area.bottom) return null;
    const row = rows[Math.floor((y - area.top + element.scrollTop - headHeight) / rowHeight)];
    if (row === undefined) return null;
    // Over the names it stays at the first moment in sight.
    const left = Math.max(x - area.left - namesWidth - grabbed, 0) + element.scrollLeft;
    return { technicianId: row.id, start: momentAt(scale, left) };
  }, [rows, scale]);
  useEffect(() => {
    handle.current = { targetAt };
    return () => {
      handle.current = null;
    };
  }, [handle, targetAt]);

  const hours = useMemo(() => linesOf(scale).map(({ at, left, hour }) => (hour || scale.step < 60 ? (
    <span key={at} className={styles.hour} data-hour={hour || undefined} style={{ left: namesWidth + left }}>{hour ? time(at) : time(at).slice(3)}</span>
  ) : null)), [scale, time]);
  const stopKey = chosen?.kind === 'stop' ? togetherOf(chosen.stop) : null;
  const person = chosen?.kind === 'technician' ? chosen.id : chosen?.kind === 'stop' ? chosen.technicianId : null;
  return (
    <div ref={scroller} className={styles.scroller} data-timeline style={{ '--hour': `${scale.rate * 3_600_000}px`, '--step': `${scale.rate * scale.step * 60_000}px` } as CSSProperties}>
      <div className={styles.sheet} style={{ width: namesWidth + scale.width, height: Math.max(virtualizer.getTotalSize(), 1) }}>
        <div className={styles.head} style={{ height: headHeight, width: namesWidth + scale.width }}>
          <div className={styles.corner} style={{ width: namesWidth }}>{corner}</div>
          {hours}
          {shownNow && <span className={styles.nowLabel} style={{ left: namesWidth + leftOf(scale, now) }}>{time(now)}</span>}
        </div>
        <div role="list" aria-label={t('timeline')}>
          {virtualizer.getVirtualItems().map(({ index, key, start }) => {
            const row = rows[index]!;
            return (
              <div key={key} className={styles.place} style={{ height: rowHeight, transform: `translateY(${start}px)` }}>
                <TechnicianRow row={row} index={index} count={rows.length} chosen={person === row.id} chosenStop={stopKey !== null && row.stops.some((stop) => togetherOf(stop) === stopKey) ? stopKey : null} />
              </div>
            );
          })}
        </div>
        {shownNow && <span className={styles.now} title={t('timeline.now', { time: time(now) })} style={{ left: namesWidth + leftOf(scale, now), top: headHeight }} />}
        <CarryLayer rows={rows} scroller={scroller} zone={zone} />
      </div>
    </div>
  );
}
