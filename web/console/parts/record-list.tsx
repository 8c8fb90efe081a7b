import { useInfiniteQuery, type UseInfiniteQueryOptions, type InfiniteData } from '@tanstack/react-query';
import { useCallback, useMemo, type ReactNode } from 'react';
import { EmptyState, ProblemAlert } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { Delayed } from './delayed.tsx';
import { RowSkeleton } from './row-skeleton.tsx';
import { VirtualList } from './virtual-list.tsx';
import styles from './record-page.module.css';

type Page<Item> = { items: Item[]; nextCursor: string | null };

type Props<Item> = {
  query: UseInfiniteQueryOptions<Page<Item>, Error, InfiniteData<Page<Item>, unknown>, readonly unknown[], string | undefined>;
  label: string;
  renderRow: (item: Item) => ReactNode;
  /** The names of the columns, in the class that lays out the rows. */
  columns: readonly (string | { name: string; optional?: true; end?: true })[];
  rowClass: string | undefined;
  emptyTitle: string;
  emptyHint?: ReactNode;
  emptyAction?: ReactNode;
};

const rowHeight = 44;
const keyOf = (item: { id: string }): string => item.id;

/** A list of records (档案列表), page after page, with its states. */
export function RecordList<Item extends { id: string }>({ query, label, renderRow, columns, rowClass, emptyTitle, emptyHint, emptyAction }: Props<Item>) {
  const { t } = useTexts();
  const list = useInfiniteQuery(query);
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = list;
  const items = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetchingNextPage]);

  if (list.isPending) return <Delayed><RowSkeleton rows={12} height={rowHeight} /></Delayed>;
  if (list.data === undefined) return <div className={styles.problem}><ProblemAlert error={list.error} onRetry={() => void list.refetch()} /></div>;
  if (items.length === 0) return <EmptyState title={emptyTitle} hint={emptyHint} action={emptyAction} />;
  return (
    <div className={styles.list}>
      <div className={`${styles.columns} ${rowClass}`} aria-hidden="true">
        {columns.map((column) => {
          const { name, optional, end }: { name: string; optional?: true; end?: true } = typeof column === 'string' ? { name: column } : column;
          return <span key={name} className={end === true ? styles.number : undefined} data-optional={optional}>{name}</span>;
        })}
      </div>
      <VirtualList
        items={items}
        rowHeight={rowHeight}
        keyOf={keyOf}
        label={label}
        onEndReached={more}
        renderRow={renderRow}
        footer={list.isFetchNextPageError ? <div className={styles.problem}><ProblemAlert error={list.error} onRetry={() => void fetchNextPage()} /></div> : isFetchingNextPage ? <p className={styles.problem}>{t('common.loading')}…</p> : null}
      />
    </div>
  );
}
