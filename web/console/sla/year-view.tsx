import { Button } from 'antd';
import { useMemo, useRef } from 'react';
import { dayNumber, dayText, weekdayOf, weekdays, type BusinessCalendar } from '../../../rules/calendar/calendar.ts';
import { outlineOfDay, type DayOutline } from '../../../rules/calendar/holidays.ts';
import { windowsText } from '../../../rules/calendar/describe-calendar.ts';
import { Icon } from '../parts/icon.tsx';
import { useSlaTexts } from './texts.ts';
import styles from './sla.module.css';

type Look = 'open' | 'closed' | 'holiday' | 'workday' | 'part';

/** What a day looks like: a public or own holiday, a make-up workday, changed in part, or as its weekday says. */
function lookOf({ windows, exceptions }: DayOutline): Look {
  const last = exceptions.at(-1)?.exception;
  if (last?.kind === 'holiday') return 'holiday';
  if (last?.kind === 'workday') return 'workday';
  if (last) return 'part';
  return windows.length > 0 ? 'open' : 'closed';
}

/** A whole year of a calendar (全年视图), day by day; arrow keys go from day to day, Enter chooses one. */
export function YearView({ calendar, year, onYear, chosen, onChoose }: { calendar: BusinessCalendar; year: number; onYear: (year: number) => void; chosen: string | null; onChoose: (day: string) => void }) {
  const { t: say, language } = useSlaTexts();
  const grid = useRef<HTMLDivElement>(null);
  const reader = language === 'en' ? 'en' : 'zh';
  const months = useMemo(() => Array.from({ length: 12 }, (_, month) => {
    const first = Date.UTC(year, month, 1) / 86_400_000;
    const count = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
    return { month, offset: weekdayOf(first) - 1, days: Array.from({ length: count }, (__, day) => outlineOfDay(calendar, dayText(first + day))) };
  }), [calendar, year]);
  const unpublished = months[0]!.days[0]!.unpublished;
  const first = `${year}-01-01`;
  const current = chosen !== null && chosen.startsWith(String(year)) ? chosen : first;

  const go = (day: string, by: number): void => {
    const next = dayText(dayNumber(day) + by);
    grid.current?.querySelector<HTMLButtonElement>(`[data-day="${next}"]`)?.focus();
  };
  const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
  const monthName = (month: number) => new Intl.DateTimeFormat(language, { month: 'short', timeZone: 'UTC' }).format(Date.UTC(year, month, 1));
  return (
    <div className={styles.stack}>
      <div className={styles.inline}>
        <Button size="small" type="text" icon={<Icon name="chevronLeft" size={14} />} aria-label={say('year.before')} onClick={() => onYear(year - 1)} />
        <strong aria-live="polite">{year}</strong>
        <Button size="small" type="text" icon={<Icon name="chevronRight" size={14} />} aria-label={say('year.after')} onClick={() => onYear(year + 1)} />
        <span className={styles.legend}>{(['open', 'closed', 'holiday', 'workday', 'part'] as const).map((look) => <span key={look}><i data-look={look} />{say(`legend.${look}`)}</span>)}</span>
      </div>
      {unpublished && <p className={styles.note} role="note">{say('year.unpublished', { year })}</p>}
      <div ref={grid} className={styles.year} role="group" aria-label={`${say('year')} ${year}`}>
        {months.map(({ month, offset, days }) => (
          <div key={month} className={styles.month}>
            <span className={styles.monthName}>{monthName(month)}</span>
            <div className={styles.days}>
              {weekdays.map((weekday) => <span key={weekday} className={styles.head} aria-hidden="true">{say(`short.${weekday}`)}</span>)}
              {days.map((outline, index) => {
                const name = outline.exceptions.at(-1)?.exception.name;
                const look = lookOf(outline);
                return (
                  <button
                    key={outline.day} type="button" data-day={outline.day} data-look={look} data-own={outline.exceptions.some(({ source }) => source === null) || undefined} aria-pressed={chosen === outline.day}
                    tabIndex={outline.day === current ? 0 : -1} style={index === 0 ? { gridColumnStart: offset + 1 } : undefined}
                    aria-label={`${index + 1} · ${outline.day} ${say(`legend.${look}`)}${name ? ` ${name}` : ''}`} title={`${outline.day}${name ? ` ${name}` : ''} ${outline.windows.length === 0 ? say('week.closed') : windowsText(outline.windows, reader)}`}
                    onClick={() => onChoose(outline.day)}
                    onKeyDown={(event) => {
                      const by = steps[event.key];
                      if (by === undefined) return;
                      event.preventDefault();
                      go(outline.day, by);
                    }}
                  >
                    {index + 1}
                  </button>
                );
              })}
            </div>
          </div>
        ))}
      </div>
    </div>
  );
}
