import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine';
import { draggable, dropTargetForElements, monitorForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { useEffect, useRef, useState, type RefObject } from 'react';
import { fieldKinds, type FieldKind } from '../../../../rules/forms/form.ts';

/** What is being dragged: a kind from the palette, or a field of the form. */
export type Dragged = { kind: FieldKind } | { key: string };

/** What hangs on the pointer, from the data it carries. */
export function draggedFrom(data: Readonly<Record<string | symbol, unknown>>): Dragged | null {
  if (typeof data.field === 'string') return { key: data.field };
  const kind = fieldKinds.find((one) => one === data.fieldKind);
  return kind === undefined ? null : { kind };
}

/** Where something would fall: beside a field, or at the end of a section. */
export type Drop = { section: string | null; field: string | null; edge: 'top' | 'bottom' };

export function dropFrom(data: Readonly<Record<string | symbol, unknown>>): Drop | null {
  if (data.dropOnForm !== true) return null;
  return { section: typeof data.section === 'string' ? data.section : null, field: typeof data.field === 'string' ? data.field : null, edge: data.edge === 'top' ? 'top' : 'bottom' };
}

/** Makes an element something to drag (可拖动). */
export function useDraggable(element: RefObject<HTMLElement | null>, dragged: Dragged): boolean {
  const [dragging, setDragging] = useState(false);
  const carried = 'key' in dragged ? dragged.key : dragged.kind;
  const isField = 'key' in dragged;
  useEffect(() => {
    if (element.current === null) return undefined;
    return draggable({
      element: element.current,
      getInitialData: () => (isField ? { field: carried } : { fieldKind: carried }),
      onDragStart: () => setDragging(true),
      onDrop: () => setDragging(false),
    });
  }, [element, carried, isField]);
  return dragging;
}

/** Whether something of the form is being dragged, wherever it is. */
export function useDraggingAny(): boolean {
  const [dragging, setDragging] = useState(false);
  useEffect(() => monitorForElements({
    canMonitor: ({ source }) => draggedFrom(source.data) !== null,
    onDragStart: () => setDragging(true),
    onDrop: () => setDragging(false),
  }), []);
  return dragging;
}

/** Makes an element something to drop on (可放置); tells at which edge it would fall, null when nothing hangs above it. */
export function useDrop(element: RefObject<HTMLElement | null>, section: string | null, field: string | null): 'top' | 'bottom' | null {
  const [edge, setEdge] = useState<'top' | 'bottom' | null>(null);
  const target = useRef({ section, field });
  useEffect(() => {
    target.current = { section, field };
  });
  useEffect(() => {
    const place = element.current;
    if (place === null) return undefined;
    const edgeAt = (y: number): 'top' | 'bottom' => {
      if (target.current.field === null) return 'bottom';
      const box = place.getBoundingClientRect();
      return y < box.top + box.height / 2 ? 'top' : 'bottom';
    };
    return combine(
      dropTargetForElements({
        element: place,
        canDrop: ({ source }) => draggedFrom(source.data) !== null,
        getData: ({ input }) => ({ dropOnForm: true, ...target.current, edge: edgeAt(input.clientY) }),
        onDrag: ({ location }) => setEdge(location.current.dropTargets[0]?.element === place ? edgeAt(location.current.input.clientY) : null),
        onDragLeave: () => setEdge(null),
        onDrop: () => setEdge(null),
      }),
    );
  }, [element]);
  return edge;
}
