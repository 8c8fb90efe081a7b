import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine';
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { useEffect, useRef, useState, type RefObject } from 'react';
import { useTexts } from '../i18n.ts';
import { Icon } from './icon.tsx';
import { landing, type Edge } from './reorder-places.ts';
import styles from './reorder.module.css';

/**
 * Lets an entry of a list be moved by its handle (拖动排序): dragged, or with the arrow keys.
 *
 * @param list tells entries of several lists on one page apart
 * @returns the refs of the row and of its handle, and at which edge something hanging above would fall
 */
export function useReorder<Row extends HTMLElement>(list: string, index: number, onMove: (from: number, to: number) => void): { row: RefObject<Row | null>; handle: RefObject<HTMLButtonElement | null>; edge: Edge | null; dragging: boolean } {
  const row = useRef<Row>(null);
  const handle = useRef<HTMLButtonElement>(null);
  const [edge, setEdge] = useState<Edge | null>(null);
  const [dragging, setDragging] = useState(false);
  const move = useRef(onMove);
  useEffect(() => {
    move.current = onMove;
  });
  useEffect(() => {
    const element = row.current;
    const dragHandle = handle.current;
    if (element === null || dragHandle === null) return undefined;
    const edgeAt = (y: number): Edge => {
      const box = element.getBoundingClientRect();
      return y < box.top + box.height / 2 ? 'top' : 'bottom';
    };
    return combine(
      draggable({ element, dragHandle, getInitialData: () => ({ reorder: list, index }), onDragStart: () => setDragging(true), onDrop: () => setDragging(false) }),
      dropTargetForElements({
        element,
        canDrop: ({ source }) => source.data.reorder === list,
        onDrag: ({ location, source }) => setEdge(source.data.index === index ? null : edgeAt(location.current.input.clientY)),
        onDragLeave: () => setEdge(null),
        onDrop: ({ location, source }) => {
          setEdge(null);
          const from = Number(source.data.index);
          const to = landing(from, index, edgeAt(location.current.input.clientY));
          if (to !== from) move.current(from, to);
        },
      }),
    );
  }, [list, index]);
  return { row, handle, edge, dragging };
}

/** The handle by which an entry is moved: held and drawn, or ↑ and ↓ while it has the focus. */
export function ReorderHandle({ handle, index, count, name, onMove }: { handle: RefObject<HTMLButtonElement | null>; index: number; count: number; name: string; onMove: (from: number, to: number) => void }) {
  const { t } = useTexts();
  return (
    <button
      ref={handle}
      type="button"
      className={styles.handle}
      aria-label={t('reorder.label', { name, at: index + 1, of: count })}
      title={t('reorder.hint')}
      aria-keyshortcuts="ArrowUp ArrowDown"
      onKeyDown={(event) => {
        const to = event.key === 'ArrowUp' ? index - 1 : event.key === 'ArrowDown' ? index + 1 : -1;
        if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
        event.preventDefault();
        if (to >= 0 && to < count) onMove(index, to);
      }}
    >
      <Icon name="grip" size={14} />
    </button>
  );
}
