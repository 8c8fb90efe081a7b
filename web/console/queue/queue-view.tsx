import { useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { lazy, Suspense, useCallback, useDeferredValue, useMemo, useRef, useState } from 'react';
import type { TicketLine, View, ViewSort } from '../../../contract/view.ts';
import type { Filter } from '../../../rules/conditions/filter.ts';
import { FilterBuilder } from '../../ui/filter/filter-builder.tsx';
import { filterProblems } from '../../ui/filter/problems.ts';
import { EmptyState, ErrorBoundary } from '../../ui/react/index.ts';
import { sortedField, sortsOf } from '../data/columns.ts';
import type { LineRequest } from '../data/lines.ts';
import { useTexts } from '../i18n.ts';
import { useFilterVocabulary, useSortableFields, useTicketFields } from '../parts/filter-vocabulary.ts';
import { useKeys } from '../parts/keys.ts';
import { rememberReadingList } from '../parts/reading-list.ts';
import { useWide } from '../parts/wide.ts';
import { useSession } from '../session/session.tsx';
import { TicketView } from '../ticket/ticket-view.tsx';
import { BulkBar } from './bulk/bulk-bar.tsx';
import { useBulkChoices, type BulkChoice } from './bulk/bulk-choices.ts';
import { shownColumns } from './columns.tsx';
import { LineList, type LineListHandle } from './line-list.tsx';
import type { Editing } from './queue-page.tsx';
import { narrowingFilter, withoutNarrowing, type QueueSearch } from './queue-search.ts';
import { useSelection } from './selection.ts';
import { useTakeLine } from './take-line.ts';
import { useViewDraft } from './view-draft.ts';
import { ViewHead } from './view-head.tsx';
import { ViewNotes } from './view-notes.tsx';
import styles from './queue-page.module.css';

const BulkDialog = lazy(async () => ({ default: (await import('./bulk/bulk-dialog.tsx')).BulkDialog }));

const emptyTitles = { my_open: 'queue.emptyMine', urgent: 'queue.emptyUrgent', unassigned: 'queue.emptyUnassigned' } as const;

type Props = { view: View; search: QueueSearch; onShowViews?: () => void; onEdit: (editing: Editing) => void };

/** One view, open (打开的视图): its head, its list, the ticket beside it, and what is done to many. */
export function QueueView({ view, search, onShowViews, onEdit }: Props) {
  const { t, language } = useTexts();
  const { me } = useSession();
  const navigate = useNavigate();
  const roomForPane = useWide(1100);
  const phone = !useWide(768);
  const list = useRef<LineListHandle>(null);
  const { shape, changed, change, discard } = useViewDraft(view, me.id);
  const [building, setBuilding] = useState(false);
  const [written, setWritten] = useState<Filter>(shape.filter);
  const [given, setGiven] = useState(shape.filter);
  // The view was changed by somebody else, saved, or the draft was let go of.
  if (JSON.stringify(given) !== JSON.stringify(shape.filter)) {
    setGiven(shape.filter);
    setWritten(shape.filter);
  }
  const narrowed = useMemo(() => narrowingFilter(search), [search]);
  const vocabulary = useFilterVocabulary(written, narrowed);
  const fields = useTicketFields();
  const sortable = useSortableFields();
  const selection = useSelection();
  const [acting, setActing] = useState<{ choice: BulkChoice; line?: TicketLine; ids: readonly string[]; all?: Pick<LineRequest, 'view' | 'filter'> } | null>(null);
  const choices = useBulkChoices();
  const takeLine = useTakeLine();
  const openNumber = roomForPane ? search.ticket : undefined;
  const lineShape = openNumber !== undefined || phone ? 'card' : 'line';

  // An order that was chosen here and whose field is gone since, or no longer indexed; the view's own is left to the server.
  const key = sortedField(shape.sort);
  const lost = key !== undefined && sortable !== undefined && !sortable.has(key);
  const sort = lost && changed.includes('sort') ? '-createdAt' : shape.sort;
  const request = useMemo((): LineRequest => {
    const own = changed.includes('filter');
    const filters = [...(own ? [shape.filter] : []), ...(narrowed === undefined ? [] : [narrowed])];
    return {
      ...(own ? {} : { view: view.id }),
      ...(filters.length === 0 ? {} : { filter: filters.length === 1 ? (filters[0] as Filter) : { all: filters } }),
      ...(search.q === undefined ? {} : { q: search.q }),
      sort, grouping: search.q === undefined ? shape.grouping : null,
      // By what the list is sorted is known of each line, so that one that changes stays in its place.
      fields: [...new Set([...shape.columns, sort].flatMap((one) => sortedField(one) ?? []))].sort(),
      whole: !own && view.problems.length > 0 ? null : { all: [shape.filter, ...(narrowed === undefined ? [] : [narrowed])] },
    };
  }, [shape, sort, changed, narrowed, search.q, view.id, view.problems.length]);
  const shownRequest = useDeferredValue(request);
  const columnKey = shape.columns.join(' ');
  const sorts = useCallback((column: string) => sortsOf(column, new Set(sortable?.keys())), [sortable]);
  const sortBy = useCallback((next: ViewSort) => change({ sort: next }), [change]);
  const columns = useMemo(() => shownColumns(columnKey.split(' '), fields, language), [columnKey, fields, language]);

  const go = useCallback((next: Partial<QueueSearch>) => void navigate({ to: '/queue', search: (before) => ({ ...before, ...next }), replace: true }), [navigate]);
  const open = useCallback(
    (line: TicketLine, numbers: string[]) => {
      if (roomForPane) {
        go({ ticket: line.number });
        return;
      }
      rememberReadingList(numbers);
      void navigate({ to: '/tickets/$number', params: { number: line.number } });
    },
    [go, navigate, roomForPane],
  );
  const closePane = useCallback(() => go({ ticket: undefined }), [go]);

  /** To what is chosen, else to the line under the keyboard. */
  function act(kind: BulkChoice['kind']): void {
    const choice = choices.find((one) => one.kind === kind);
    if (choice === undefined) return;
    if (!selection.empty) {
      actOnChosen(choice);
      return;
    }
    const line = list.current?.current();
    if (line !== undefined) setActing({ choice, line, ids: [line.id] });
  }
  /** What is chosen now: it stays so, whatever becomes of the selection meanwhile. */
  function actOnChosen(choice: BulkChoice): void {
    setActing({ choice, ids: [...selection.ids], ...(selection.all ? { all: { view: shownRequest.view, filter: shownRequest.filter } } : {}) });
  }
  useKeys({
    j: () => list.current?.move(1),
    k: () => list.current?.move(-1),
    Enter: () => list.current?.openCurrent(),
    x: () => list.current?.tick(false),
    X: () => list.current?.tick(true),
    i: () => {
      const line = list.current?.current();
      if (selection.empty && line !== undefined) takeLine(line);
    },
    a: () => act('assign'),
    t: () => act('transfer'),
    r: () => act('reply'),
    m: () => act('note'),
    e: () => act('resolve'),
    E: () => act('close'),
    g: () => act('set_category'),
    p: () => act('set_priority'),
    '#': () => act('tag'),
    '/': () => document.getElementById('queue-words')?.focus(),
    Escape: () => {
      if (!selection.empty) selection.clear();
      else if (openNumber !== undefined) closePane();
    },
  });

  const problems = filterProblems(written, vocabulary.properties);
  function write(filter: Filter): void {
    setWritten(filter);
    if (filterProblems(filter, vocabulary.properties).length > 0) return;
    setGiven(filter);
    change({ filter });
  }
  const searched = search.q !== undefined || narrowed !== undefined || changed.includes('filter');
  const clear = (): void => {
    if (changed.includes('filter')) change({ filter: view.filter });
    void navigate({ to: '/queue', search: { view: search.view }, replace: true });
  };
  return (
    <div className={styles.main}>
      <ViewHead
        view={view} shape={shape} request={shownRequest} fields={fields} words={search.q} building={building}
        onShowViews={onShowViews} onWords={(q) => go({ q })} onBuild={() => setBuilding(!building)} onChange={change}
        onEdit={() => onEdit({ view, shape, name: view.name, onSaved: discard })}
        onDuplicate={() => onEdit({ shape, name: t('view.copyOf', { name: view.name }) })}
      />
      {building && (
        <div className={styles.builder}>
          <FilterBuilder value={written} onChange={write} vocabulary={vocabulary} />
          {problems.length > 0 && <p className={styles.incomplete}>{t('filter.incomplete')}</p>}
        </div>
      )}
      <ViewNotes
        view={view} shape={shape} changed={changed} narrowed={narrowed} vocabulary={vocabulary}
        onWiden={() => void navigate({ to: '/queue', search: withoutNarrowing(search), replace: true })}
        onDiscard={discard} onSaved={discard}
        onSaveAs={() => onEdit({ shape, name: t('view.copyOf', { name: view.name }), onSaved: discard })}
      />
      <div className={styles.split}>
        <section className={styles.list} aria-label={t('queue.list')} data-pane={openNumber !== undefined || undefined}>
          <LineList
            key={JSON.stringify(shownRequest)}
            ref={list}
            request={shownRequest}
            columns={columns}
            sorts={sorts}
            onSort={sortBy}
            shape={lineShape}
            label={t('queue.list')}
            selection={selection}
            openNumber={openNumber}
            onOpen={open}
            empty={
              searched ? (
                <EmptyState title={t('queue.noMatch')} action={<Button onClick={clear}>{t('filter.clear')}</Button>} />
              ) : (
                <EmptyState title={t(emptyTitles[view.id as keyof typeof emptyTitles] ?? 'queue.empty')} hint={t('queue.emptyHint')} />
              )
            }
          />
          {!selection.empty && <BulkBar selection={selection} narrow={lineShape === 'card'} wholeOffered={search.q === undefined} onAct={actOnChosen} />}
        </section>
        {openNumber !== undefined && (
          <section className={styles.pane}>
            <ErrorBoundary resetKey={openNumber}>
              <TicketView key={openNumber} number={openNumber} onClose={closePane} />
            </ErrorBoundary>
          </section>
        )}
      </div>
      <Suspense>
        {acting !== null && (
          <BulkDialog
            choice={acting.choice}
            line={acting.line}
            ids={acting.ids}
            all={acting.all}
            onClose={() => setActing(null)}
            onDone={(refused) => {
              if (acting.line === undefined) selection.set(refused);
            }}
          />
        )}
      </Suspense>
    </div>
  );
}
