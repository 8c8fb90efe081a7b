import { infiniteQueryOptions, useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import type { Static } from 'typebox';
import type { AuditEntry } from '../../../contract/organization.ts';
import { api } from '../../ui/api.ts';
import { EmptyState, ProblemAlert } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { Delayed } from '../parts/delayed.tsx';
import { RowSkeleton } from '../parts/row-skeleton.tsx';
import { Section } from './section.tsx';
import { Ago } from '../parts/ago.tsx';
import styles from './section.module.css';

type Entry = Static<typeof AuditEntry>;

const audit = infiniteQueryOptions({
  queryKey: ['audit'],
  queryFn: async ({ pageParam, signal }) => (await api.get<{ items: Entry[]; nextCursor: string | null }>('/audit', { query: { limit: 100, cursor: pageParam }, signal })).data,
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (last) => last.nextCursor ?? undefined,
});

/** What an entry is about, in one line: the number or name its data carries. */
function subjectOf(entry: Entry): string {
  const value = entry.data.number ?? entry.data.name ?? entry.data.email ?? entry.data.address ?? '';
  return typeof value === 'string' ? value : '';
}

/** The audit trail (审计日志): who did what, newest first; nothing in it can be changed. */
export function AuditSection() {
  const { t } = useTexts();
  const list = useInfiniteQuery(audit);
  const entries = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Section title={t('settings.audit')} hint={t('settings.auditHint')}>
      {list.isPending && <Delayed><RowSkeleton rows={8} height={44} /></Delayed>}
      {list.isError && list.data === undefined && <ProblemAlert error={list.error} onRetry={() => void list.refetch()} />}
      {list.data !== undefined && entries.length === 0 && <EmptyState title={t('settings.empty')} />}
      {entries.length > 0 && (
        <div className={styles.card}>
          {entries.map((entry) => (
            <div key={entry.id} className={styles.row}>
              <span className={styles.main}>
                <span className={styles.name}>{entry.actor.name ?? (entry.actor.kind === 'system' ? t('timeline.system') : t('timeline.customer'))}</span> {entry.title}{' '}
                {entry.ticketId === null ? (
                  <span className={styles.muted}>{subjectOf(entry)}</span>
                ) : (
                  <Link to="/tickets/$number" params={{ number: subjectOf(entry) || entry.ticketId }}>{subjectOf(entry) || t('settings.theTicket')}</Link>
                )}
              </span>
              <Ago className={styles.muted} value={entry.at} />
            </div>
          ))}
        </div>
      )}
      {list.hasNextPage && <Button block type="text" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t('common.loadMore')}</Button>}
    </Section>
  );
}
