import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ProblemAlert } from '../../ui/react/index.ts';
import { words } from '../../ui/words.ts';
import { useTexts } from '../i18n.ts';
import { unfinishedStatuses } from '../parts/names.ts';
import { insight, type Period } from './insight.ts';
import styles from './status-chart.module.css';

/** How what is unfinished stands now (状态分布), as one bar in parts. */
export function StatusChart({ period }: { period: Period }) {
  const { t, language } = useTexts();
  const query = useQuery(insight('backlog', period, 'status'));
  if (query.isError && query.data === undefined) return <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />;
  const parts = unfinishedStatuses.map((status) => ({ status, value: query.data?.rows.find((row) => row.key === status)?.value ?? 0 })).filter((part) => part.value > 0);
  const total = parts.reduce((sum, part) => sum + part.value, 0);
  if (query.data !== undefined && total === 0) return <p className={styles.nothing}>{t('board.nothing')}</p>;
  return (
    <>
      <div className={styles.bar} aria-hidden="true">
        {parts.map((part) => (
          <span key={part.status} style={{ flexGrow: part.value, background: `var(--status-${part.status})` }} />
        ))}
      </div>
      <ul>
        {parts.map((part) => (
          <li key={part.status}>
            <Link to="/queue" search={{ view: 'all', status: part.status }} className={styles.row} preload={false}>
              <span className={styles.dot} style={{ background: `var(--status-${part.status})` }} />
              <span className={styles.name}>{words(`status.${part.status}`)}</span>
              <span className={styles.share}>{Math.round((part.value / total) * 100)}%</span>
              <span className={styles.value}>{part.value.toLocaleString(language)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}
