import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { formatDuration } from '../../ui/time.ts';
import { useTexts, type TextKey } from '../i18n.ts';
import type { QueueSearch } from '../queue/queue-search.ts';
import { insight, type Measure, type Period } from './insight.ts';
import styles from './kpi-tile.module.css';

const names: Partial<Record<Measure, TextKey>> = {
  created: 'board.created', resolved: 'board.resolved', closed: 'board.closed', backlog: 'board.backlog', rating: 'board.rating', resolution_time: 'board.resolutionTime',
};

type Props = {
  measure: Measure;
  period: Period;
  /** Which direction is welcome, and so coloured. */
  good: 'up' | 'down' | 'neither';
  /** The tickets behind the number. */
  to: QueueSearch;
};

/** One number of the board (指标卡) with its change against the period before. */
export function KpiTile({ measure, period, good, to }: Props) {
  const { t, language } = useTexts();
  const { data } = useQuery(insight(measure, period));
  const total = data?.total ?? null;
  const previous = data?.previousTotal ?? null;

  function shown(value: number): string {
    if (data?.unit === 'seconds') return formatDuration(value * 1000, language);
    if (data?.unit === 'stars') return value.toFixed(2);
    return Math.round(value).toLocaleString(language);
  }

  const change = total === null || previous === null || previous === 0 ? null : (total - previous) / previous;
  const direction = change === null || Math.abs(change) < 0.0005 ? 'flat' : change > 0 ? 'up' : 'down';
  const welcome = direction === 'flat' || good === 'neither' ? undefined : direction === good;
  const arrow = { up: '↑', down: '↓', flat: '→' }[direction];
  return (
    <Link to="/queue" search={to} className={styles.tile}>
      <span className={styles.name}>{t(names[measure] ?? 'board.created')}</span>
      <span className={styles.value} data-known={total !== null || undefined}>{total === null ? '–' : shown(total)}</span>
      <span className={styles.change} data-welcome={welcome}>
        {change === null ? (measure === 'backlog' ? t('board.rightNow') : t('board.noComparison')) : `${arrow} ${Math.abs(change * 100).toFixed(Math.abs(change) < 0.1 ? 1 : 0)}%`}
        {previous !== null && <span className={styles.before}>{t('board.before', { value: shown(previous) })}</span>}
      </span>
    </Link>
  );
}
