import { useCallback, useMemo } from 'react';
import type { View } from '../../../contract/view.ts';
import { useDraft } from '../data/drafts.ts';
import type { ViewShape } from '../data/columns.ts';

const parts = ['filter', 'columns', 'sort', 'grouping'] as const;
type Part = (typeof parts)[number];
type Changes = Partial<ViewShape>;

/** Which parts of a view differ from what is saved. */
export function changedParts(view: ViewShape, changes: Changes): Part[] {
  return parts.filter((part) => changes[part] !== undefined && JSON.stringify(changes[part]) !== JSON.stringify(view[part]));
}

const unchanged: Changes = {};
const isEmpty = (changes: Changes): boolean => parts.every((part) => changes[part] === undefined);

/**
 * What somebody changed of a view and has not saved (未保存的更改): kept in the browser as they go, by person and view.
 * What is the same as the view's own is no change.
 */
export function useViewDraft(view: View, staffId: string): { shape: ViewShape; changed: Part[]; change: (changes: Changes) => void; discard: () => void } {
  const [changes, update, discard] = useDraft<Changes>(`view.${staffId}.${view.id}`, unchanged, isEmpty);
  const { changed, shape } = useMemo(() => {
    const differing = changedParts(view, changes);
    const saved: ViewShape = { filter: view.filter, columns: view.columns, sort: view.sort, grouping: view.grouping };
    return { changed: differing, shape: { ...saved, ...Object.fromEntries(differing.map((part) => [part, changes[part]])) } as ViewShape };
  }, [view, changes]);
  const change = useCallback(
    (next: Changes) => update((before) => {
      const all = { ...before, ...next };
      const kept = changedParts(view, all);
      return Object.fromEntries(parts.map((part) => [part, kept.includes(part) ? all[part] : undefined])) as Changes;
    }),
    [update, view],
  );
  return { shape, changed, change, discard };
}
