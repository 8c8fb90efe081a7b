import { draggable } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { useEffect, useState, type RefObject } from 'react';
import { paletteItems, type PaletteItem } from '../designer/node-kinds.ts';

/** What hangs on the pointer, from the data it carries. */
export function paletteItemFrom(data: Readonly<Record<string | symbol, unknown>>): PaletteItem | null {
  return paletteItems.find((item) => item === data['flowItem']) ?? null;
}

/** Makes an element something to drag onto the canvas (可拖动). */
export function usePaletteDrag(element: RefObject<HTMLElement | null>, item: PaletteItem): boolean {
  const [dragging, setDragging] = useState(false);
  useEffect(() => (element.current === null ? undefined : draggable({
    element: element.current, getInitialData: () => ({ flowItem: item }), onDragStart: () => setDragging(true), onDrop: () => setDragging(false),
  })), [element, item]);
  return dragging;
}
