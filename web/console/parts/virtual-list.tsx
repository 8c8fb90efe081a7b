import { useVirtualizer, type Range } from '@tanstack/react-virtual';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useTexts } from '../i18n.ts';
import { Icon } from './icon.tsx';
import styles from './virtual-list.module.css';

type Props<Item> = {
  items: readonly Item[];
  /** Pixels; every row has the same height. */
  rowHeight: number;
  keyOf: (item: Item) => string;
  renderRow: (item: Item, index: number) => ReactNode;
  /** Names the list for those who hear it. */
  label: string;
  /** The row the keyboard stands on; it is brought into view when it changes. */
  cursor?: number;
  onEndReached?: () => void;
  /** Stands after the last row: what is loading, what failed. */
  footer?: ReactNode;
};

/** So many rows before the end the next page is asked for: it is there before one gets so far. */
const ahead = 80;

/** Rows come and go in steps of so many: while one scrolls within a step, nothing is rendered at all. */
const step = 6;

function inSteps({ startIndex, endIndex, overscan, count }: Range): number[] {
  const first = Math.max(0, Math.floor((startIndex - overscan) / step) * step);
  const end = Math.min(count, Math.ceil((endIndex + 1 + overscan) / step) * step);
  return Array.from({ length: Math.max(0, end - first) }, (_, at) => first + at);
}

function beginsWith(items: readonly unknown[], earlier: readonly unknown[]): boolean {
  if (items.length < earlier.length) return false;
  for (let at = 0; at < earlier.length; at += 1) if (items[at] !== earlier[at]) return false;
  return true;
}

/** Milliseconds for which a row that came by itself stays marked. */
const freshFor = 2500;

/**
 * A long list of rows of one height. Rows that come or go above what is being read leave the reader's place as it
 * is; those that came are offered as “n new” at the top edge.
 */
export function VirtualList<Item>({ items, rowHeight, keyOf, renderRow, label, cursor, onEndReached, footer }: Props<Item>) {
  const { t } = useTexts();
  const scroller = useRef<HTMLDivElement>(null);
  const before = useRef<{ items: readonly Item[]; keys: string[]; index: Map<string, number> } | null>(null);
  const [arrived, setArrived] = useState(0);
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());

  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => keyOf(items[index] as Item),
    overscan: 8,
    // The row with the focus stays in the document while others scroll by.
    rangeExtractor: useCallback(
      (range: Range) => {
        const shown = inSteps(range);
        if (cursor === undefined || cursor < 0 || cursor >= range.count || shown.includes(cursor)) return shown;
        return [...shown, cursor].sort((a, b) => a - b);
      },
      [cursor],
    ),
  });

  useLayoutEffect(() => {
    virtualizer.measure();
  }, [rowHeight, virtualizer]);

  useLayoutEffect(() => {
    const earlier = before.current;
    if (earlier !== null && beginsWith(items, earlier.items)) {
      // The next page came, which is what happens most: nothing above it has moved.
      for (let at = earlier.items.length; at < items.length; at += 1) {
        const key = keyOf(items[at] as Item);
        earlier.keys.push(key);
        earlier.index.set(key, at);
      }
      earlier.items = items;
      return;
    }
    const keys = items.map(keyOf);
    const index = new Map(keys.map((key, at) => [key, at]));
    before.current = { items, keys, index };
    const element = scroller.current;
    if (earlier === null || element === null || earlier.keys.length === 0) return;
    const lastKept = earlier.keys.reduce((last, key) => Math.max(last, index.get(key) ?? -1), -1);
    const came = keys.filter((key, at) => at < lastKept && !earlier.index.has(key));
    const reading = element.scrollTop > rowHeight / 2;
    if (reading) {
      const anchor = earlier.keys.slice(Math.floor(element.scrollTop / rowHeight)).find((key) => index.has(key));
      if (anchor !== undefined) {
        const moved = (index.get(anchor) as number) - (earlier.index.get(anchor) as number);
        if (moved !== 0) element.scrollTop += moved * rowHeight;
        const above = came.filter((key) => (index.get(key) as number) < (index.get(anchor) as number)).length;
        if (above > 0) setArrived((count) => count + above);
      }
    }
    if (came.length > 0 && came.length < 20) {
      setFresh((marked) => new Set([...marked, ...came]));
      setTimeout(() => setFresh((marked) => new Set([...marked].filter((key) => !came.includes(key)))), freshFor);
    }
  }, [items, keyOf, rowHeight]);

  const shown = virtualizer.getVirtualItems().map((row) => row.index);
  const last = shown.at(-1) ?? -1;
  const indexes = shown.join();
  const rows = useMemo(
    () => (indexes === '' ? [] : indexes.split(',').map(Number)).filter((index) => index < items.length).map((index) => {
      const item = items[index] as Item;
      const key = keyOf(item);
      return (
        <div
          key={key}
          role="listitem"
          aria-setsize={items.length}
          aria-posinset={index + 1}
          className={styles.row}
          data-fresh={fresh.has(key) || undefined}
          style={{ height: rowHeight, transform: `translateY(${index * rowHeight}px)` }}
        >
          {renderRow(item, index)}
        </div>
      );
    }),
    [indexes, items, keyOf, renderRow, rowHeight, fresh],
  );
  useEffect(() => {
    if (last >= 0 && last >= items.length - ahead) onEndReached?.();
  }, [last, items.length, onEndReached]);

  useEffect(() => {
    if (cursor !== undefined && cursor >= 0) virtualizer.scrollToIndex(cursor, { align: 'auto' });
  }, [cursor, virtualizer]);

  return (
    <div className={styles.frame}>
      {arrived > 0 && (
        <button
          type="button"
          className={styles.pill}
          onClick={() => {
            setArrived(0);
            scroller.current?.scrollTo({ top: 0 });
          }}
        >
          <Icon name="chevronUp" size={14} />
          {t('list.arrived', { count: arrived })}
        </button>
      )}
      <div
        ref={scroller}
        className={styles.scroller}
        onScroll={(event) => {
          if (event.currentTarget.scrollTop < rowHeight / 2) setArrived(0);
        }}
      >
        <div role="list" aria-label={label} className={styles.rows} style={{ height: virtualizer.getTotalSize() }}>
          {rows}
        </div>
        {footer}
      </div>
    </div>
  );
}
