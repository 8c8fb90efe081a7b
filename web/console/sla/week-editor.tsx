import { Button, Input, Tooltip } from 'antd';
import { useState } from 'react';
import { weekdays, type Weekday, type WeeklyWindow } from '../../../rules/calendar/calendar.ts';
import { Icon } from '../parts/icon.tsx';
import { clockText, readClock } from './time-words.ts';
import { useSlaTexts } from './texts.ts';
import styles from './sla.module.css';

const latestOf = (own: readonly { window: WeeklyWindow }[]): number => Math.max(0, ...own.map(({ window }) => window.endsMinute));

/** The week of a calendar (每周工作时间): windows of each day, typed as times, drawn as bars. */
export function WeekEditor({ windows, problems, readOnly = false, onChange }: { windows: readonly WeeklyWindow[]; problems: readonly { path: string; message: string }[]; readOnly?: boolean; onChange: (windows: readonly WeeklyWindow[]) => void }) {
  const { t: say } = useSlaTexts();
  const add = (weekday: Weekday): void => {
    const last = windows.filter((window) => window.weekday === weekday).at(-1);
    const startsMinute = last ? (last.endsMinute + 60 < 1_440 ? last.endsMinute + 60 : last.endsMinute) : 540;
    onChange([...windows, { weekday, startsMinute, endsMinute: Math.min(startsMinute + (last ? 240 : 480), 1_440) }].toSorted((a, b) => a.weekday - b.weekday || a.startsMinute - b.startsMinute));
  };
  const copy = (from: Weekday): void => {
    const own = windows.filter((window) => window.weekday === from);
    onChange([...([1, 2, 3, 4, 5] as const).flatMap((weekday) => own.map((window) => ({ ...window, weekday }))), ...windows.filter((window) => window.weekday > 5)]);
  };
  return (
    <ul className={styles.week}>
      {weekdays.map((weekday) => {
        const own = windows.map((window, index) => ({ window, index })).filter(({ window }) => window.weekday === weekday);
        const day = say(`day.${weekday}`);
        return (
          <li key={weekday} className={styles.weekday}>
            <span className={styles.dayName}>{day}</span>
            <span className={styles.dayBar} aria-hidden="true">{own.map(({ window, index }) => <span key={index} style={{ insetInlineStart: `${window.startsMinute / 14.4}%`, inlineSize: `${Math.max(window.endsMinute - window.startsMinute, 0) / 14.4}%` }} />)}</span>
            <span className={styles.windows}>
              {own.length === 0 && <span className={styles.muted}>{say('week.closed')}</span>}
              {readOnly && own.map(({ window, index }) => <span key={index} className={styles.window}>{clockText(window.startsMinute)}–{clockText(window.endsMinute)}</span>)}
              {!readOnly && own.map(({ window, index }, number) => (
                <span key={index} className={styles.window}>
                  <TimeInput label={say('week.from', { day, number: number + 1 })} value={window.startsMinute} onChange={(startsMinute) => onChange(windows.map((one, at) => (at === index ? { ...one, startsMinute } : one)))} />
                  –
                  <TimeInput label={say('week.to', { day, number: number + 1 })} value={window.endsMinute} onChange={(endsMinute) => onChange(windows.map((one, at) => (at === index ? { ...one, endsMinute } : one)))} />
                  <Button type="text" size="small" icon={<Icon name="close" size={12} />} aria-label={say('week.remove', { day, number: number + 1 })} onClick={() => onChange(windows.filter((_, at) => at !== index))} />
                </span>
              ))}
              {!readOnly && latestOf(own) < 1_440 && <Button type="text" size="small" icon={<Icon name="plus" size={12} />} aria-label={say('week.add', { day })} onClick={() => add(weekday)} />}
              {!readOnly && weekday === 1 && own.length > 0 && <Button type="link" size="small" onClick={() => copy(1)}>{say('week.copy')}</Button>}
            </span>
            {own.flatMap(({ index }) => problems.filter((problem) => problem.path === `/windows/${index}` || problem.path.startsWith(`/windows/${index}/`))).map((problem) => <span key={problem.path + problem.message} className={styles.told}>{problem.message}</span>)}
          </li>
        );
      })}
    </ul>
  );
}

/** A time of day as people type it: 9, 930, 9:30; up to 24:00. What is no time stays as it was typed, and is said to be none; the time before it holds. */
export function TimeInput({ label, value, onChange }: { label: string; value: number; onChange: (minute: number) => void }) {
  const { t: say } = useSlaTexts();
  const [typed, setTyped] = useState<string | null>(null);
  const [left, setLeft] = useState(false);
  const bad = left && typed !== null ? say('week.unreadable', { typed }) : null;
  return (
    <Tooltip open={bad !== null} title={bad} placement="bottom">
      <Input
        className={styles.clock} size="small" inputMode="numeric" maxLength={5} aria-label={label} value={typed ?? clockText(value)} aria-invalid={bad !== null} {...(bad === null ? {} : { status: 'error' as const })}
        onChange={(event) => {
          setTyped(event.target.value);
          setLeft(false);
          const minute = /[:：.]\d{2}$|^\d{3,4}$/.test(event.target.value) ? readClock(event.target.value) : null;
          if (minute !== null) onChange(minute);
        }}
        onBlur={() => {
          const minute = typed === null ? null : readClock(typed);
          if (minute !== null) onChange(minute);
          // Nothing at all means: as it was.
          const isNone = typed !== null && typed.trim() !== '' && minute === null;
          setLeft(isNone);
          if (!isNone) setTyped(null);
        }}
      />
    </Tooltip>
  );
}
