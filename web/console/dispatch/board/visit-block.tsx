import { memo, type KeyboardEvent } from 'react';
import { PriorityMark } from '../../../ui/react/index.ts';
import { Icon } from '../../parts/icon.tsx';
import { useBoard } from './board-context.ts';
import { isOver, type BoardStop } from './board-model.ts';
import { shortly } from './clock.ts';
import { leftOf, widthOf } from './scale.ts';
import { useBoardTexts } from './texts.ts';
import styles from './visit-block.module.css';

type Props = { stop: BoardStop; technicianId: string; top: number; height: number; chosen: boolean; carried: boolean };

/** Narrower than this a block shows nothing, or but the beginning of what it is about. */
const [least, readable] = [24, 50];

/** A visit on the time axis (上门块), with the way there just before it. */
export const VisitBlock = memo(function VisitBlock({ stop, technicianId, top, height, chosen, carried }: Props) {
  const { t } = useBoardTexts();
  const { scale, time, language, choose, pickUp, press, mayMove } = useBoard();
  const left = leftOf(scale, stop.start);
  const width = Math.max(widthOf(scale, stop.start, stop.end), 10);
  const travel = widthOf(scale, stop.start - stop.travel, stop.start);
  const movable = mayMove && !stop.fixed;
  const withheld = stop.ticketId === null;
  const state = withheld ? 'withheld' : isOver(stop) ? stop.status : stop.status === 'travelling' || stop.status === 'on_site' ? 'running' : stop.status === 'accepted' ? 'accepted' : 'planned';
  const words = withheld ? t('stop.withheld') : t('stop.label', { number: stop.number, subject: stop.subject, from: time(stop.start), to: time(stop.end) });
  const more = [
    ...(stop.late > 0 ? [t('stop.late', { time: shortly(stop.late, language) })] : []),
    ...(stop.travel > 0 ? [t('stop.travel', { time: shortly(stop.travel, language) }), ...(stop.travelFrom === null ? [] : [stop.travelFrom])] : []),
    ...(stop.window.from !== null && stop.window.to !== null ? [t('stop.window', { from: time(stop.window.from), to: time(stop.window.to) })] : []),
    ...(stop.missingSkills.length > 0 ? [t('stop.missing', { names: stop.missingSkills.join(language === 'en' ? ', ' : '、') })] : []),
    ...(stop.members.length > 0 ? [t('stop.crew', { count: stop.members.length + 1 })] : []),
    ...(stop.lock !== null ? [t('stop.locked')] : []),
    ...(stop.draft ? [t('stop.draft')] : []),
    ...(stop.place === null ? [] : [stop.place]),
  ];
  const from = { technicianId, start: stop.start };

  function onKeyDown(event: KeyboardEvent): void {
    // Enter picks up, as in the lane; the space bar opens, as a click does.
    if (event.key !== 'Enter' || !movable) return;
    event.preventDefault();
    event.stopPropagation();
    pickUp({ stop, from });
  }

  return (
    <>
      {travel >= 2 && <span className={styles.travel} data-late={stop.late > 0 || undefined} style={{ left: left - travel, width: travel, top: top + height / 2 - 2 }} aria-hidden="true" />}
      <button
        type="button"
        className={styles.block}
        data-stop={stop.key}
        data-number={stop.number || undefined}
        data-state={state}
        data-late={stop.late > 0 || undefined}
        data-draft={stop.draft || undefined}
        data-chosen={chosen || undefined}
        data-carried={carried || undefined}
        data-movable={movable || undefined}
        data-low={height < 20 || undefined}
        data-narrow={width < readable || undefined}
        style={{ left, width, top, height }}
        title={[words, ...more].join('\n')}
        aria-disabled={withheld || undefined}
        onClick={() => {
          if (!withheld) choose({ kind: 'stop', stop, technicianId });
        }}
        onKeyDown={onKeyDown}
        onPointerDown={(event) => {
          if (!movable || event.button !== 0 || event.pointerType === 'touch') return;
          press(event.nativeEvent, { stop, from }, event.clientX - event.currentTarget.getBoundingClientRect().left);
        }}
      >
        <span className="visually-hidden">{[words, ...more].join(language === 'en' ? ', ' : '，')}</span>
        {width >= least && (
          <span className={styles.words} aria-hidden="true">
            <span className={styles.first}>
              {width >= readable && (stop.priority === 'urgent' || stop.priority === 'high') && !isOver(stop) && <PriorityMark priority={stop.priority} />}
              <span className={styles.subject}>{withheld ? t('stop.withheld') : stop.subject}</span>
              {width >= readable && stop.status === 'completed' && <Icon name="check" size={12} />}
              {width >= readable && stop.members.length > 0 && <span className={styles.crew}><Icon name="people" size={12} />{stop.members.length + 1}</span>}
              {width >= readable && stop.lock !== null && <Icon name="lock" size={12} />}
            </span>
            {height >= 34 && (
              <span className={styles.second}>
                {stop.late > 0 && width >= readable && <span className={styles.late}>{t('stop.late', { time: shortly(stop.late, language) })}</span>}
                {stop.missingSkills.length > 0 && <Icon name="tool" size={11} className={styles.warn} />}
                <span className={styles.place}>{time(stop.start)}{stop.place === null || width < readable ? '' : ` · ${stop.place}`}</span>
              </span>
            )}
          </span>
        )}
      </button>
    </>
  );
});
