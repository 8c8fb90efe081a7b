import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useImperativeHandle, useMemo, useRef, useState, type CSSProperties, type ReactNode, type Ref } from 'react';
import type { Grouping, TicketLine, ViewSort } from '../../../contract/view.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { words } from '../../ui/words.ts';
import { countText, groupCounts, lineList, type LinePages, type LineRequest } from '../data/lines.ts';
import { t as say, useTexts } from '../i18n.ts';
import { groupOf } from '../live/place-line.ts';
import { Delayed } from '../parts/delayed.tsx';
import { Icon } from '../parts/icon.tsx';
import { channelTexts } from '../parts/names.ts';
import { RowSkeleton } from '../parts/row-skeleton.tsx';
import { SortHeading } from '../parts/sort-heading.tsx';
import { rowHeights } from '../parts/ticket-row.tsx';
import { VirtualList } from '../parts/virtual-list.tsx';
import type { ShownColumn } from './columns.tsx';
import { LineRow } from './line-row.tsx';
import type { Selection } from './selection.ts';
import styles from './lines.module.css';

/** What keys may ask of the list. */
export type LineListHandle = {
  move: (by: 1 | -1) => void;
  openCurrent: () => void;
  /** Ticks the line under the keyboard; with `range`, all from the one ticked before. */
  tick: (range: boolean) => void;
  /** The line under the keyboard. */
  current: () => TicketLine | undefined;
};

type Props = {
  request: LineRequest;
  columns: readonly ShownColumn[];
  /** The orders that the heading of a column offers. */
  sorts: (column: string) => readonly ViewSort[];
  onSort: (sort: ViewSort) => void;
  shape: 'line' | 'card';
  label: string;
  selection: Selection;
  openNumber?: string;
  onOpen: (line: TicketLine, numbers: string[]) => void;
  empty: ReactNode;
  ref?: Ref<LineListHandle>;
};

type Row = { kind: 'group'; key: string; name: string; folded: boolean } | { kind: 'line'; line: TicketLine };

const keyOf = (row: Row): string => (row.kind === 'group' ? `group ${row.key}` : row.line.id);
const padding = 56;

function linesOf(pages: LinePages | undefined): TicketLine[] {
  return pages?.pages.flatMap((page) => page.items) ?? [];
}

function groupName(line: TicketLine, grouping: Grouping): string {
  switch (grouping) {
    case 'status': return words(`status.${line.status}`);
    case 'priority': return words(`priority.${line.priority}`);
    case 'channel': return say(channelTexts[line.channel]);
    case 'type': return line.type.name;
    case 'team': return line.team?.name ?? say('common.noTeam');
    default: return line[grouping]?.name ?? say(grouping === 'assignee' ? 'common.nobody' : 'common.none');
  }
}

// A line that did not change is the same row as before, so that a long list is told apart from itself at a glance.
const rowOfLine = new WeakMap<TicketLine, Row>();
function lineRow(line: TicketLine): Row {
  const known = rowOfLine.get(line);
  if (known !== undefined) return known;
  const row: Row = { kind: 'line', line };
  rowOfLine.set(line, row);
  return row;
}

/** The lines with a heading before each group; those of folded groups are left out. */
function rowsOf(lines: readonly TicketLine[], grouping: Grouping | null, folded: ReadonlySet<string>): Row[] {
  if (grouping === null) return lines.map(lineRow);
  const rows: Row[] = [];
  let last: string | undefined;
  for (const line of lines) {
    const key = groupOf(line, grouping);
    if (key !== last) rows.push({ kind: 'group', key, name: groupName(line, grouping), folded: folded.has(key) });
    last = key;
    if (!folded.has(key)) rows.push(lineRow(line));
  }
  return rows;
}

/** Where the next line stands now that came after one that has left; -1 where it was not known. */
function successorOf(number: string, seen: readonly TicketLine[], lines: readonly TicketLine[]): number {
  const was = seen.findIndex((line) => line.number === number);
  if (was < 0) return -1;
  const present = new Map(lines.map((line, index) => [line.number, index]));
  const next = seen.slice(was + 1).find((line) => present.has(line.number));
  return next === undefined ? lines.length - 1 : (present.get(next.number) as number);
}

/** The live list of a view (工单列表): columns, groups, a box at every line, one line under the keyboard. */
export function LineList({ request, columns, sorts, onSort, shape, label, selection, openNumber, onOpen, empty, ref }: Props) {
  const { t } = useTexts();
  const list = useInfiniteQuery(lineList(request));
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = list;
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const rows = useMemo(() => rowsOf(linesOf(list.data), request.grouping, folded), [list.data, request.grouping, folded]);
  const groups = useMemo(() => rows.flatMap((row) => (row.kind === 'group' ? [row.key] : [])), [rows]);
  const counts = useQuery(groupCounts(request, groups)).data;
  const lines = useMemo(() => rows.flatMap((row) => (row.kind === 'line' ? [row.line] : [])), [rows]);
  const frame = useRef<HTMLDivElement>(null);
  const [keyboardNumber, setKeyboardNumber] = useState<string>();
  // The lines as they were when the one under the keyboard was last among them.
  const [seen, setSeen] = useState(lines);
  const cursorNumber = openNumber ?? keyboardNumber;
  const found = cursorNumber === undefined ? -1 : lines.findIndex((line) => line.number === cursorNumber);
  if (found >= 0 && seen !== lines) setSeen(lines);
  // Of one that has left the list, the next that is still there stands in its place.
  const successor = useMemo(() => (found >= 0 || cursorNumber === undefined ? found : successorOf(cursorNumber, seen, lines)), [found, cursorNumber, seen, lines]);
  const at = openNumber === undefined ? successor : found;
  const current = lines[at];
  const cursor = current === undefined ? -1 : rows.findIndex((row) => row.kind === 'line' && row.line === current);

  const latest = useRef(lines);
  useEffect(() => {
    latest.current = lines;
  });
  const open = useCallback(
    (line: TicketLine) => {
      setKeyboardNumber(line.number);
      onOpen(line, latest.current.map((one) => one.number));
    },
    [onOpen],
  );
  const { toggle } = selection;
  const select = useCallback((id: string, range: boolean) => {
    const line = latest.current.find((one) => one.id === id);
    if (line !== undefined) setKeyboardNumber(line.number);
    toggle(id, range, latest.current.map((one) => one.id));
  }, [toggle]);

  useImperativeHandle(ref, () => ({
    move(by) {
      const from = at >= 0 ? at : by === 1 ? successor - 1 : successor;
      const next = lines[Math.max(0, Math.min(lines.length - 1, from + by))];
      if (next === undefined) return;
      setKeyboardNumber(next.number);
      if (openNumber !== undefined) open(next);
      else requestAnimationFrame(() => frame.current?.querySelector<HTMLElement>(`[data-number="${next.number}"]`)?.focus({ preventScroll: true }));
    },
    openCurrent() {
      if (current !== undefined) open(current);
    },
    tick(range) {
      if (current !== undefined) select(current.id, range);
    },
    current: () => current,
  }));

  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetchingNextPage]);

  const { ids, all } = selection;
  const renderRow = useCallback(
    (row: Row) => {
      if (row.kind === 'group') {
        return (
          <button
            type="button" className={styles.group} aria-expanded={!row.folded} title={row.folded ? t('group.unfold') : t('group.fold')}
            onClick={() => setFolded((before) => (before.has(row.key) ? new Set([...before].filter((key) => key !== row.key)) : new Set([...before, row.key])))}
          >
            <Icon name="chevronDown" size={14} />
            {row.name}
            {counts?.get(row.key)?.count != null && <span className={styles.groupCount} title={t(counts.get(row.key)?.capped ? 'view.countMore' : 'group.count', { count: counts.get(row.key)?.count ?? 0 })}>{countText(counts.get(row.key))}</span>}
          </button>
        );
      }
      const { line } = row;
      return (
        <LineRow
          line={line} columns={columns} shape={shape} time={request.sort.endsWith('updatedAt') ? 'updatedAt' : 'createdAt'}
          current={line.number === current?.number} selected={all || ids.has(line.id)} onOpen={open} onSelect={select}
        />
      );
    },
    [columns, shape, request.sort, current?.number, all, ids, open, select, counts, t],
  );

  if (list.isPending) return <Delayed><RowSkeleton rows={14} height={rowHeights[shape]} /></Delayed>;
  if (list.data === undefined) return <div className={styles.problem}><ProblemAlert error={list.error} onRetry={() => void list.refetch()} /></div>;
  if (linesOf(list.data).length === 0) return <div className={styles.empty}>{empty}</div>;

  const chosen = lines.filter((line) => ids.has(line.id)).length;
  const whole = all || (chosen > 0 && chosen === lines.length);
  const layout = {
    '--columns': columns.map((column) => column.width).join(' '),
    '--least': `${columns.reduce((sum, column) => sum + column.least + 12, padding)}px`,
  } as CSSProperties;
  return (
    <div className={styles.frame} ref={frame}>
      <div className={shape === 'line' ? styles.sideways : styles.table}>
        <div className={styles.table} style={shape === 'line' ? layout : undefined}>
          {shape === 'line' && (
            <div role="table" aria-label={t('sort.headings')}>
              <div className={styles.headings} role="row">
                <span role="columnheader" className={styles.all}>
                  <button
                    type="button" role="checkbox" className={styles.box} aria-checked={whole ? true : chosen > 0 ? 'mixed' : false} aria-label={t('queue.selectAll')}
                    onClick={() => (whole ? selection.clear() : selection.set(lines.map((line) => line.id)))}
                  >
                    <Icon name="check" size={12} />
                  </button>
                </span>
                {columns.map((column) => <SortHeading key={column.key} name={column.name} sorts={sorts(column.key)} sort={request.sort} onSort={onSort} />)}
              </div>
            </div>
          )}
          <VirtualList
            items={rows}
            rowHeight={rowHeights[shape]}
            keyOf={keyOf}
            label={label}
            cursor={cursor}
            onEndReached={more}
            renderRow={renderRow}
            footer={
              list.isFetchNextPageError ? (
                <div className={styles.problem}><ProblemAlert error={list.error} onRetry={() => void fetchNextPage()} /></div>
              ) : isFetchingNextPage ? (
                <p className={styles.more}>{t('common.loading')}…</p>
              ) : null
            }
          />
        </div>
      </div>
    </div>
  );
}
