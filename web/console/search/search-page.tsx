import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Button, Select } from 'antd';
import { useCallback, useMemo, useState } from 'react';
import type { SearchSort, TicketLine } from '../../../contract/view.ts';
import { describeFilter } from '../../../rules/conditions/describe-filter.ts';
import type { Filter } from '../../../rules/conditions/filter.ts';
import { priorities, ticketStatuses } from '../../../rules/ticket/lifecycle.ts';
import { FilterBuilder } from '../../ui/filter/filter-builder.tsx';
import { filterProblems } from '../../ui/filter/problems.ts';
import { testsOf } from '../../ui/filter/vocabulary.ts';
import { EmptyState, ProblemAlert } from '../../ui/react/index.ts';
import { words } from '../../ui/words.ts';
import { lineList, type LineRequest } from '../data/lines.ts';
import { useTexts } from '../i18n.ts';
import { Delayed } from '../parts/delayed.tsx';
import { useFilterVocabulary } from '../parts/filter-vocabulary.ts';
import { Icon } from '../parts/icon.tsx';
import { useKeys } from '../parts/keys.ts';
import { rememberReadingList } from '../parts/reading-list.ts';
import { RowSkeleton } from '../parts/row-skeleton.tsx';
import { SearchField } from '../parts/search-field.tsx';
import { useTitle } from '../parts/title.ts';
import { VirtualList } from '../parts/virtual-list.tsx';
import { SortSelect } from '../queue/order-selects.tsx';
import { FoundRecords } from './found-records.tsx';
import { hitHeight, SearchHit } from './search-hit.tsx';
import type { SearchAddress } from './search-address.ts';
import groups from './found-records.module.css';
import styles from './search-page.module.css';

const everything: Filter = { all: [] };
const keyOf = (line: TicketLine): string => line.id;
const list = (value: string | undefined): string[] => (value === undefined ? [] : value.split(','));
const joined = (values: string[]): string | undefined => (values.length === 0 ? undefined : values.join(','));

/** Searches all the tickets the reader may see (搜索): best and freshest first, with what was found marked. */
export function SearchPage() {
  const { t, language } = useTexts();
  useTitle(t('search.title'));
  const navigate = useNavigate();
  const search = useSearch({ from: '/search' });
  const [building, setBuilding] = useState(search.filter !== undefined);
  const [written, setWritten] = useState<Filter>(search.filter ?? everything);
  const vocabulary = useFilterVocabulary(written);
  const [cursor, setCursor] = useState(-1);

  const request = useMemo((): LineRequest | null => {
    const tests: Filter[] = [
      ...(search.status === undefined ? [] : [{ property: 'status', operator: 'in', value: list(search.status) } as const]),
      ...(search.priority === undefined ? [] : [{ property: 'priority', operator: 'in', value: list(search.priority) } as const]),
      ...(search.filter === undefined ? [] : [search.filter]),
    ];
    if (search.q === undefined && tests.length === 0) return null;
    return { ...(tests.length === 0 ? {} : { filter: { all: tests } }), ...(search.q === undefined ? {} : { q: search.q }), sort: search.sort ?? (search.q === undefined ? '-createdAt' : 'relevance'), grouping: null, fields: [], whole: { all: tests } };
  }, [search]);
  const found = useInfiniteQuery({ ...lineList(request ?? { sort: '-createdAt', grouping: null, fields: [], whole: null }), enabled: request !== null });
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = found;
  const lines = useMemo(() => found.data?.pages.flatMap((page) => page.items) ?? [], [found.data]);
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetchingNextPage]);

  const change = (next: Partial<SearchAddress>): void => void navigate({ to: '/search', search: { ...search, ...next }, replace: true });
  const open = useCallback((line: TicketLine) => {
    rememberReadingList(lines.map((one) => one.number));
    void navigate({ to: '/tickets/$number', params: { number: line.number } });
  }, [lines, navigate]);
  const move = (by: 1 | -1): void => {
    const next = Math.max(0, Math.min(lines.length - 1, cursor + by));
    setCursor(next);
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-number="${lines[next]?.number ?? ''}"]`)?.focus({ preventScroll: true }));
  };
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    Enter: () => {
      const line = lines[cursor];
      if (line !== undefined) open(line);
    },
    '/': () => document.getElementById('search-words')?.focus(),
  });

  function write(filter: Filter): void {
    setWritten(filter);
    if (filterProblems(filter, vocabulary.properties).length === 0) change({ filter: testsOf(filter).length === 0 ? undefined : filter });
  }
  const clear = (): void => {
    setWritten(everything);
    change({ status: undefined, priority: undefined, filter: undefined });
  };
  const narrowed = search.status !== undefined || search.priority !== undefined || search.filter !== undefined;
  const tests = testsOf(written).length;
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <h1 className={styles.title}>{t('search.title')}</h1>
        <div className={styles.bar} role="search">
          <SearchField id="search-words" className={styles.words} placeholder={t('search.placeholder')} value={search.q} onChange={(q) => change({ q })} />
          <Select className={styles.choice} mode="multiple" maxTagCount="responsive" allowClear aria-label={t('filter.status')} placeholder={t('filter.status')} value={list(search.status)} options={ticketStatuses.map((status) => ({ value: status, label: words(`status.${status}`) }))} onChange={(values: string[]) => change({ status: joined(values) })} />
          <Select className={styles.choice} mode="multiple" maxTagCount="responsive" allowClear aria-label={t('filter.priority')} placeholder={t('filter.priority')} value={list(search.priority)} options={priorities.map((priority) => ({ value: priority, label: words(`priority.${priority}`) }))} onChange={(values: string[]) => change({ priority: joined(values) })} />
          <Button icon={<Icon name="filter" />} aria-expanded={building} onClick={() => setBuilding(!building)}>{tests > 0 ? `${t('filter.label')} · ${tests}` : t('filter.label')}</Button>
          <SortSelect<SearchSort> value={request?.sort ?? (search.q === undefined ? '-createdAt' : 'relevance')} more={search.q === undefined ? [] : ['relevance']} onChange={(sort) => change({ sort: sort === 'relevance' ? undefined : sort })} />
          {narrowed && <Button type="link" onClick={clear}>{t('filter.clear')}</Button>}
        </div>
        {building && (
          <div className={styles.builder}>
            <FilterBuilder value={written} onChange={write} vocabulary={vocabulary} />
            {tests > 0 && filterProblems(written, vocabulary.properties).length === 0 && <p className={styles.said}>{describeFilter(written, { property: vocabulary.label, value: vocabulary.name }, language === 'en' ? 'en' : 'zh')}</p>}
          </div>
        )}
      </header>
      {search.q !== undefined && !narrowed && <FoundRecords words={search.q} />}
      <section className={styles.results} aria-label={t('search.results')}>
        {lines.length > 0 && search.q !== undefined && (
          <h2 className={groups.tickets}><Icon name="queue" size={14} />{t('command.tickets')}<span className={groups.count}>{hasNextPage ? `${lines.length}+` : lines.length}</span></h2>
        )}
        {request === null ? (
          <EmptyState title={t('search.start')} hint={t('search.startHint')} />
        ) : found.isPending ? (
          <Delayed><RowSkeleton rows={8} height={hitHeight} /></Delayed>
        ) : found.data === undefined ? (
          <div className={styles.problem}><ProblemAlert error={found.error} onRetry={() => void found.refetch()} /></div>
        ) : lines.length === 0 ? (
          <EmptyState title={search.q === undefined ? t('queue.noMatch') : t('search.noTicket', { words: search.q })} hint={t('search.noneHint')} action={narrowed ? <Button onClick={clear}>{t('filter.clear')}</Button> : undefined} />
        ) : (
          <VirtualList
            key={JSON.stringify(request)}
            items={lines} rowHeight={hitHeight} keyOf={keyOf} label={t('search.results')} cursor={cursor} onEndReached={more}
            renderRow={(line, index) => <SearchHit line={line} current={index === cursor} onOpen={open} />}
            footer={found.isFetchNextPageError ? <div className={styles.problem}><ProblemAlert error={found.error} onRetry={() => void fetchNextPage()} /></div> : isFetchingNextPage ? <p className={styles.more}>{t('common.loading')}…</p> : null}
          />
        )}
      </section>
    </div>
  );
}
