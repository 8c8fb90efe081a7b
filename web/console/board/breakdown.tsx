import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Insight } from '../../../contract/insight.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { Delayed } from '../parts/delayed.tsx';
import { RowSkeleton } from '../parts/row-skeleton.tsx';
import type { QueueSearch } from '../queue/queue-search.ts';
import { insight, type Measure, type Period } from './insight.ts';
import styles from './breakdown.module.css';

type Dimension = 'team' | 'channel' | 'priority' | 'category';
const most = 8;

/** A measure by one dimension (分组统计) as bars, longest first; each leads to its tickets. */
export function Breakdown({ title, measure, by, period }: { title: string; measure: Measure; by: Dimension; period: Period }) {
  const { t, language } = useTexts();
  const query = useQuery(insight(measure, period, by));
  const rows = [...(query.data?.rows ?? [])].filter((row) => row.value > 0);
  if (by !== 'priority') rows.sort((a, b) => b.value - a.value);
  const highest = Math.max(1, ...rows.map((row) => row.value));

  function ticketsOf(row: Insight['rows'][number]): QueueSearch {
    const view = measure === 'backlog' ? 'unfinished' : 'all';
    if (by === 'team') return { view, team: row.id ?? 'none' };
    if (by === 'category') return row.id === null ? { view } : { view, category: row.id };
    return { view, [by]: row.key };
  }

  return (
    <section className={styles.card}>
      <h2 className={styles.title}>{title}</h2>
      {query.isError && query.data === undefined && <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Delayed><RowSkeleton rows={5} height={30} /></Delayed>}
      {query.data !== undefined && rows.length === 0 && <p className={styles.nothing}>{t('board.nothing')}</p>}
      <ul>
        {rows.slice(0, most).map((row) => (
          <li key={row.key}>
            <Link to="/queue" search={ticketsOf(row)} className={styles.row} preload={false}>
              <span className={styles.name} title={row.name}>{row.name}</span>
              <span className={styles.track}>
                <span className={styles.bar} data-priority={by === 'priority' ? row.key : undefined} style={{ width: `${(row.value / highest) * 100}%` }} />
              </span>
              <span className={styles.value}>{row.value.toLocaleString(language)}</span>
            </Link>
          </li>
        ))}
      </ul>
      {rows.length > most && <p className={styles.rest}>{t('board.rest', { count: rows.length - most, value: rows.slice(most).reduce((sum, row) => sum + row.value, 0) })}</p>}
    </section>
  );
}
