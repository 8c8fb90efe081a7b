import { useLayoutEffect, useRef, useState } from 'react';
import type { Insight } from '../../../contract/insight.ts';
import { formatDate } from '../../ui/time.ts';
import { useTexts } from '../i18n.ts';
import { Delayed } from '../parts/delayed.tsx';
import { niceTicks } from './ticks.ts';
import styles from './day-chart.module.css';

const height = 268;
const around = { top: 8, bottom: 24, left: 34 };

type Rows = Insight['rows'];

/** What came in and what was done, day by day (每日新建与解决), as pairs of bars; a table says the same to those who listen. */
export function DayChart({ created, resolved }: { created: Rows | undefined; resolved: Rows | undefined }) {
  const { t, language } = useTexts();
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(600);
  const [pointed, setPointed] = useState<number | null>(null);

  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const days = (created ?? []).map((row) => ({ day: row.key, created: row.value, resolved: resolved?.find((one) => one.key === row.key)?.value ?? 0 }));
  // Narrow bars have dates that reach beyond them.
  const margin = { ...around, right: width < 480 ? 18 : 4 };
  const ticks = niceTicks(Math.max(0, ...days.flatMap((day) => [day.created, day.resolved])));
  const highest = ticks.at(-1) as number;
  const inner = { width: Math.max(0, width - margin.left - margin.right), height: height - margin.top - margin.bottom };
  const slot = days.length === 0 ? 0 : inner.width / days.length;
  const bar = Math.max(1, Math.min(14, slot * 0.34));
  const y = (value: number): number => margin.top + inner.height * (1 - value / highest);
  const every = Math.max(1, Math.ceil(52 / Math.max(1, slot)));
  const date = (day: string): string => formatDate(`${day}T12:00:00`, Date.now(), language);
  const shown = pointed === null ? undefined : days[pointed];

  return (
    <div ref={frame} className={styles.frame}>
      <ul className={styles.legend}>
        <li data-series="created">{t('board.created')}</li>
        <li data-series="resolved">{t('board.resolved')}</li>
        {shown !== undefined && (
          <li className={styles.pointed}>{t('board.dayValues', { day: date(shown.day), created: shown.created, resolved: shown.resolved })}</li>
        )}
      </ul>
      {created === undefined && <Delayed><div className={styles.waiting} /></Delayed>}
      {days.length > 0 && (
        <>
          <svg width={width} height={height} className={styles.chart} aria-hidden="true" onPointerLeave={() => setPointed(null)}>
            {ticks.map((tick) => (
              <g key={tick}>
                <line x1={margin.left} x2={width - margin.right} y1={y(tick)} y2={y(tick)} className={styles.grid} />
                <text x={margin.left - 8} y={y(tick)} dy="0.32em" textAnchor="end" className={styles.label}>{tick}</text>
              </g>
            ))}
            {days.map((day, index) => {
              const middle = margin.left + slot * (index + 0.5);
              return (
                <g key={day.day} onPointerEnter={() => setPointed(index)} data-pointed={index === pointed || undefined} className={styles.day}>
                  <rect x={margin.left + slot * index} y={margin.top} width={slot} height={inner.height} className={styles.hit} />
                  <rect x={middle - bar - 0.5} y={y(day.created)} width={bar} height={Math.max(0, margin.top + inner.height - y(day.created))} rx="1.5" data-series="created" />
                  <rect x={middle + 0.5} y={y(day.resolved)} width={bar} height={Math.max(0, margin.top + inner.height - y(day.resolved))} rx="1.5" data-series="resolved" />
                  {(days.length - 1 - index) % every === 0 && (
                    <text x={middle} y={height - 6} textAnchor="middle" className={styles.label}>{date(day.day)}</text>
                  )}
                </g>
              );
            })}
          </svg>
          <table className="visually-hidden">
            <caption>{t('board.flow')}</caption>
            <thead>
              <tr><th scope="col">{t('board.day')}</th><th scope="col">{t('board.created')}</th><th scope="col">{t('board.resolved')}</th></tr>
            </thead>
            <tbody>
              {days.map((day) => (
                <tr key={day.day}><th scope="row">{date(day.day)}</th><td>{day.created}</td><td>{day.resolved}</td></tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </div>
  );
}
