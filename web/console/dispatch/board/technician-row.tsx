import { memo } from 'react';
import { Avatar, useNow } from '../../../ui/react/index.ts';
import { Icon } from '../../parts/icon.tsx';
import { useBoard } from './board-context.ts';
import { togetherOf, type BoardRow } from './board-model.ts';
import { useCarryPart } from './carry.ts';
import { shortly } from './clock.ts';
import { leftOf, tracksOf, widthOf } from './scale.ts';
import { useBoardTexts } from './texts.ts';
import { VisitBlock } from './visit-block.tsx';
import styles from './technician-row.module.css';

/** Pixels of a row, of the names beside the axis, and of the hours above it. */
export const rowHeight = 60;
export const namesWidth = 188;
export const headHeight = 32;
const padding = 7;

type Props = { row: BoardRow; index: number; count: number; chosen: boolean; chosenStop: string | null };

/** Somebody’s day as one row (人员时间轴): when they work, what they have to do, how they come there. */
export const TechnicianRow = memo(function TechnicianRow({ row, index, count, chosen, chosenStop }: Props) {
  const { t } = useBoardTexts();
  const { scale, language, choose, time } = useBoard();
  const aimed = useCarryPart((carrying) => (carrying?.target != null && carrying.target !== 'lane' ? carrying.target.technicianId === row.id : false));
  const carriedKey = useCarryPart((carrying) => (carrying === null ? null : togetherOf(carrying.carried.stop)));
  const { track, count: tracks } = tracksOf(row.stops);
  const shown = Math.min(tracks, 3);
  const height = Math.floor((rowHeight - 2 * padding - (shown - 1) * 2) / shown);
  const shifts = row.shiftsKnown ? row.shifts : [{ from: scale.start, to: scale.end }];
  const away = row.absences.length > 0 && !row.onDuty;
  const busy = row.stops.length;
  const now = useNow();
  const calledNow = row.onCall.some(({ from, to }) => from <= now && now < to) && !row.shifts.some(({ from, to }) => from <= now && now < to);
  const idle = away ? t('row.absent') : calledNow ? t('row.onCall') : !row.onDuty && row.onCall.length > 0 ? t('row.onCallLater') : !row.onDuty && row.shiftsKnown ? t('row.off') : t('row.free');
  return (
    <div role="listitem" aria-setsize={count} aria-posinset={index + 1} className={styles.row} data-aimed={aimed || undefined} data-chosen={chosen || undefined} data-off={(!row.onDuty && busy === 0) || undefined} data-technician={row.id}>
      <button
        type="button"
        className={styles.name}
        aria-pressed={chosen}
        onClick={() => choose(chosen ? null : { kind: 'technician', id: row.id })}
      >
        <span className="visually-hidden">{t('row.label', { name: row.name, count: busy, travel: shortly(row.figures.travelSeconds * 1_000, language) })}</span>
        <span className={styles.avatar} aria-hidden="true">
          <Avatar name={row.name} size={28} />
          <span className={styles.route} style={{ background: `var(--route-${row.colour + 1})` }} aria-hidden="true" />
        </span>
        <span className={styles.words} aria-hidden="true">
          <span className={styles.person}>
            <span className={styles.who}>{row.name}</span>{row.position !== null && <Icon name="place" size={12} className={styles.live} />}
            {row.figures.late > 0 ? <span className={styles.late}>{t('row.late', { count: row.figures.late })}</span> : row.figures.overtimeSeconds >= 60 && <span className={styles.over}>{t('figure.overtime')}</span>}
          </span>
          <span className={styles.load}>
            {busy === 0 ? idle : t('row.visits', { count: busy })}
            {busy > 0 && calledNow && <span className={styles.called}>{t('row.onCall')}</span>}
            {busy > 0 && <span className={styles.way}><Icon name="car" size={12} />{shortly(row.figures.travelSeconds * 1_000, language)}</span>}
          </span>
        </span>
      </button>
      <div className={styles.axis} style={{ width: scale.width }}>
        {shifts.map((shift) => <span key={shift.from} className={styles.shift} style={{ left: leftOf(scale, shift.from), width: widthOf(scale, shift.from, shift.to) }} />)}
        {row.onCall.map((call) => <span key={`call ${call.from}`} className={styles.onCall} title={`${t('row.onCall')} ${time(call.from)}–${time(call.to)}`} style={{ left: leftOf(scale, call.from), width: widthOf(scale, call.from, call.to) }} />)}
        {row.breaks.map((rest) => <span key={rest.from} className={styles.break} title={`${t('row.break')} ${time(rest.from)}–${time(rest.to)}`} style={{ left: leftOf(scale, rest.from), width: widthOf(scale, rest.from, rest.to) }} />)}
        {row.absences.map((absence) => {
          const width = widthOf(scale, absence.from, absence.to);
          return width === 0 ? null : <span key={absence.from} className={styles.absence} style={{ left: leftOf(scale, absence.from), width }}><span>{t('row.absent')}</span></span>;
        })}
        {row.stops.map((stop) => (stop.window.from === null || stop.window.to === null || stop.status === 'completed' ? null : (
          <span key={`window ${stop.key}`} className={styles.window} data-late={stop.late > 0 || undefined} style={{ left: leftOf(scale, stop.window.from), width: widthOf(scale, stop.window.from, stop.window.to) }} />
        )))}
        {row.stops.map((stop, at) => (
          <VisitBlock
            key={stop.key} stop={stop} technicianId={row.id} chosen={chosenStop === togetherOf(stop)} carried={carriedKey === togetherOf(stop)}
            top={padding + Math.min(track[at] ?? 0, shown - 1) * (height + 2)} height={height}
          />
        ))}
      </div>
    </div>
  );
});
