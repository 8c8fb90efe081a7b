import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useLayoutEffect, useRef, useState, type ReactNode } from 'react';
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

/** Milliseconds for which a row that came by itself stays marked. */
const freshFor = 2500;

/**
 * A long list of rows of one height. Rows that come or go above what is being read leave the reader's place as it
 * is; those that came are offered as “n new” at the top edge.
 */
export function VirtualList<Item>({ items, rowHeight, keyOf, renderRow, label, cursor, onEndReached, footer }: Props<Item>) {
  const { t } = useTexts();
  const scroller = useRef<HTMLDivElement>(null);
  const before = useRef<{ keys: string[]; index: Map<string, number> } | null>(null);
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
      (range: Parameters<typeof defaultRangeExtractor>[0]) => {
        const shown = defaultRangeExtractor(range);
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
    const keys = items.map(keyOf);
    const index = new Map(keys.map((key, at) => [key, at]));
    const earlier = before.current;
    before.current = { keys, index };
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

  const shown = virtualizer.getVirtualItems();
  const last = shown.at(-1)?.index ?? -1;
  useEffect(() => {
    if (last >= 0 && last >= items.length - 15) onEndReached?.();
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
          {shown.map((row) => (
            <div
              key={row.key}
              role="listitem"
              aria-setsize={items.length}
              aria-posinset={row.index + 1}
              className={styles.row}
              data-fresh={fresh.has(String(row.key)) || undefined}
              style={{ height: rowHeight, transform: `translateY(${row.start}px)` }}
            >
              {renderRow(items[row.index] as Item, row.index)}
            </div>
          ))}
        </div>
        {footer}
      </div>
    </div>
  );
}
