import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import type { BulkResult, BulkRun } from '../../../../contract/view.ts';
import { ProblemAlert } from '../../../ui/react/index.ts';
import { useTexts } from '../../i18n.ts';
import { Icon } from '../../parts/icon.tsx';
import { bulkResults } from './bulk-run.ts';
import styles from './bulk.module.css';

/** What became of each ticket, or would (逐张结果): what was refused stands first, with the reason. */
export function ResultList({ results, preview = false }: { results: readonly BulkResult[]; preview?: boolean }) {
  const { t } = useTexts();
  const rank = { refused: 0, failed: 0, pending: 1, done: 2, unchanged: 3 } as const;
  const sorted = [...results].sort((a, b) => rank[a.outcome] - rank[b.outcome]);
  return (
    <ul className={styles.results} aria-label={t('bulk.results')} tabIndex={0}>
      {sorted.map((result) => (
        <li key={result.ticketId} className={styles.result} data-outcome={result.outcome}>
          <Icon name={result.outcome === 'done' ? 'check' : result.outcome === 'unchanged' || result.outcome === 'pending' ? 'more' : 'close'} size={14} />
          <span className={styles.resultNumber}>{result.number ?? ''}</span>
          <span className={styles.resultSubject} title={result.subject ?? undefined}>{result.subject ?? t('bulk.unreadable')}</span>
          <span className={styles.resultWhy}>{result.message ?? t(preview && result.outcome === 'done' ? 'bulk.outcome.possible' : `bulk.outcome.${result.outcome}`)}</span>
        </li>
      ))}
    </ul>
  );
}

/** The same of a run in the background, page by page: those that were not done. */
export function RefusedOfRun({ run }: { run: BulkRun & { id: string } }) {
  const { t } = useTexts();
  const refused = useInfiniteQuery({ ...bulkResults(run.id, 'refused'), enabled: run.counts.refused > 0 });
  const failed = useInfiniteQuery({ ...bulkResults(run.id, 'failed'), enabled: run.counts.failed > 0 });
  const lists = [refused, failed];
  const results = lists.flatMap((list) => list.data?.pages.flatMap((page) => page.items) ?? []);
  const broken = lists.find((list) => list.isError);
  if (broken !== undefined) return <ProblemAlert error={broken.error} onRetry={() => void broken.refetch()} />;
  if (results.length === 0) return null;
  return (
    <>
      <ResultList results={results} />
      {lists.filter((list) => list.hasNextPage).slice(0, 1).map((list) => (
        <Button key="more" size="small" type="link" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t('bulk.moreResults')}</Button>
      ))}
    </>
  );
}
