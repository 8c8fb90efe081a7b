import { keepPreviousData, useInfiniteQuery, type UseInfiniteQueryOptions, type InfiniteData } from '@tanstack/react-query';
import { useCallback, useMemo, type ReactNode } from 'react';
import { EmptyState, ProblemAlert } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { Delayed } from './delayed.tsx';
import { RowSkeleton } from './row-skeleton.tsx';
import { SortHeading } from './sort-heading.tsx';
import { VirtualList } from './virtual-list.tsx';
import styles from './record-page.module.css';

type Page<Item> = { items: Item[]; nextCursor: string | null };

export type RecordColumn = string | {
  name: string;
  optional?: true;
  end?: true;
  /** The orders the list can be put in by this column; what it offers first stands first. */
  sorts?: readonly string[];
};

type Props<Item> = {
  query: UseInfiniteQueryOptions<Page<Item>, Error, InfiniteData<Page<Item>, unknown>, readonly unknown[], string | undefined>;
  label: string;
  renderRow: (item: Item) => ReactNode;
  /** The names of the columns, in the class that lays out the rows. */
  columns: readonly RecordColumn[];
  /** The order it is in, that it is in when nobody chose one, and what is done when one is chosen. */
  order?: { sort: string; usual: string; onSort: (sort: string) => void };
  rowClass: string | undefined;
  emptyTitle: string;
  emptyHint?: ReactNode;
  emptyAction?: ReactNode;
};

const rowHeight = 44;
const keyOf = (item: { id: string }): string => item.id;

/** A list of records (档案列表), page after page, with its states. */
export function RecordList<Item extends { id: string }>({ query, label, renderRow, columns, order, rowClass, emptyTitle, emptyHint, emptyAction }: Props<Item>) {
  const { t } = useTexts();
  // While it is read in another order the headings stay, and with them the place of the keyboard.
  const list = useInfiniteQuery({ ...query, placeholderData: keepPreviousData });
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
      <div role="table" aria-label={t('sort.headings')}>
        <div className={`${styles.columns} ${rowClass}`} role="row">
          {columns.map((column) => {
            const { name, optional, end, sorts }: Exclude<RecordColumn, string> = typeof column === 'string' ? { name: column } : column;
            return <SortHeading key={name} name={name} sorts={order === undefined ? [] : sorts ?? []} sort={order?.sort ?? ''} then={order?.usual} onSort={(next) => order?.onSort(next)} className={end === true ? styles.number : undefined} optional={optional} />;
          })}
        </div>
      </div>
      <VirtualList
        key={order?.sort}
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
