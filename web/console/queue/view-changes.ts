import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { CreateView, UpdateView, View } from '../../../contract/view.ts';
import { api, asProblem } from '../../ui/api.ts';
import { postOnce } from '../../ui/post-once.ts';
import { views } from '../data/lines.ts';

/** Puts a view as it stands now among those that are known. */
function useKeep(): (view: View) => void {
  const queryClient = useQueryClient();
  return (view) => {
    queryClient.setQueryData(views.queryKey, (before) => (before === undefined ? before : before.some((one) => one.id === view.id) ? before.map((one) => (one.id === view.id ? view : one)) : [...before, view]));
    void queryClient.invalidateQueries({ queryKey: views.queryKey });
    void queryClient.invalidateQueries({ queryKey: ['view-counts'] });
  };
}

export function useCreateView() {
  const keep = useKeep();
  return useMutation({ mutationFn: (body: CreateView) => postOnce<View>('/views', body), onSuccess: keep });
}

/** Saves a view from the version that is on the screen; a stale one is refused with 412, and the newer one is read. */
export function useUpdateView(view: View) {
  const keep = useKeep();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async (body: UpdateView) => (await api.patch<View>(`/views/${view.id}`, body, { ifMatch: `"${view.version}"` })).data,
    onSuccess: keep,
    onError: (error) => {
      if (asProblem(error).status === 412) void queryClient.invalidateQueries({ queryKey: views.queryKey });
    },
  });
}

export function useRemoveView() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async (view: View) => {
      await api.delete(`/views/${view.id}`);
      return view;
    },
    onSuccess: (view) => {
      queryClient.setQueryData(views.queryKey, (before) => before?.filter((one) => one.id !== view.id));
      void queryClient.invalidateQueries({ queryKey: views.queryKey });
    },
  });
}

/** Puts the reader's star on a view or takes it away: shown at once, taken back when it is refused. */
export function useStar() {
  const queryClient = useQueryClient();
  const keep = useKeep();
  return useMutation({
    mutationFn: async ({ view, favourite }: { view: View; favourite: boolean }) => (await api.post<View>(`/views/${view.id}/favourite`, { favourite })).data,
    onMutate: ({ view, favourite }) => {
      queryClient.setQueryData(views.queryKey, (before) => before?.map((one) => (one.id === view.id ? { ...one, favourite } : one)));
    },
    onSuccess: keep,
    onError: () => void queryClient.invalidateQueries({ queryKey: views.queryKey }),
  });
}

/**
 * Puts views into another order (视图排序): favourites for the reader alone, the others for everybody who sees them. Shown at
 * once; only those whose place is another are told to the server.
 */
export function useOrderViews() {
  const queryClient = useQueryClient();
  const placed = (ordered: readonly View[], favourites: boolean): View[] => ordered.map((view, at) => (favourites ? { ...view, favouritePosition: at } : { ...view, position: at }));
  return useMutation({
    mutationFn: async ({ ordered, favourites }: { ordered: readonly View[]; favourites: boolean }) => {
      // One after the other: each is a change of its own, and the last answer is the order that stands.
      for (const [at, view] of ordered.entries()) {
        if (favourites && view.favouritePosition !== at) await api.post<View>(`/views/${view.id}/favourite`, { favourite: true, position: at });
        if (!favourites && view.position !== at) await api.patch<View>(`/views/${view.id}`, { position: at } satisfies UpdateView, { ifMatch: `"${view.version}"` });
      }
    },
    onMutate: ({ ordered, favourites }) => {
      const now = new Map(placed(ordered, favourites).map((view) => [view.id, view]));
      queryClient.setQueryData(views.queryKey, (before) => before?.map((view) => now.get(view.id) ?? view));
    },
    onSettled: () => void queryClient.invalidateQueries({ queryKey: views.queryKey }),
  });
}
