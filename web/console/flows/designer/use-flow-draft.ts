import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { FlowDraft } from '../../../../contract/flow.ts';
import type { FlowDefinition } from '../../../../rules/workflow/definition.ts';
import { api, asProblem } from '../../../ui/api.ts';
import { placed } from './edit-flow.ts';
import { redo, startHistory, step, undo } from './history.ts';

export type SaveState = 'saved' | 'waiting' | 'saving' | 'failed' | 'conflict';

/** How long one rests before what one did is kept, in milliseconds. */
const rest = 700;

/** The flow being designed (流程草稿): changed here at once, kept on the server as one goes, with undo. */
export function useFlowDraft(flowId: string, initial: FlowDraft) {
  const queryClient = useQueryClient();
  const [server, setServer] = useState(initial);
  const [history, setHistory] = useState(() => startHistory(placed(initial.definition)));
  const [state, setState] = useState<SaveState>('saved');
  const [theirs, setTheirs] = useState<FlowDraft | null>(null);
  const definition = history.value;
  const kept = useRef(definition);

  const change = useCallback((next: (before: FlowDefinition) => FlowDefinition, about: string | null = null) => {
    setHistory((before) => step(before, next(before.value), about));
  }, []);
  const goBack = useCallback(() => setHistory(undo), []);
  const goForth = useCallback(() => setHistory(redo), []);

  const take = useCallback((draft: FlowDraft, alsoDefinition: boolean) => {
    setServer(draft);
    queryClient.setQueryData(['flow-draft', flowId], draft);
    if (!alsoDefinition) return;
    const fresh = placed(draft.definition);
    kept.current = fresh;
    setHistory((before) => step(before, fresh));
    setState('saved');
  }, [queryClient, flowId]);

  const { mutate } = useMutation({
    mutationFn: async ({ sent, version }: { sent: FlowDefinition; version: number }) => (await api.patch<FlowDraft>(`/flows/${flowId}/draft`, { definition: sent }, { ifMatch: `"${version}"` })).data,
    onMutate: () => setState('saving'),
    onSuccess: (draft, { sent }) => {
      kept.current = sent;
      take(draft, false);
      setState((before) => (before === 'saving' ? 'saved' : before));
    },
    onError: async (error) => {
      if (asProblem(error).status !== 412) {
        setState('failed');
        return;
      }
      try {
        setTheirs((await api.get<FlowDraft>(`/flows/${flowId}/draft`)).data);
        setState('conflict');
      } catch {
        setState('failed');
      }
    },
  });

  useEffect(() => {
    if (state === 'saving' || state === 'conflict' || state === 'failed') return undefined;
    if (definition === kept.current) {
      // Undone before it was sent: there is nothing to keep.
      setState('saved');
      return undefined;
    }
    setState('waiting');
    const timer = setTimeout(() => mutate({ sent: definition, version: server.version }), rest);
    return () => clearTimeout(timer);
  }, [definition, mutate, server.version, state]);

  // Whoever leaves at once is asked, for the last steps are not kept yet.
  useEffect(() => {
    if (state === 'saved') return undefined;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [state]);

  return {
    definition, change, undo: goBack, redo: goForth, canUndo: history.past.length > 0, canRedo: history.future.length > 0, state, server, theirs, take,
    retry: () => setState('waiting'),
    takeTheirs: () => {
      if (theirs === null) return;
      take(theirs, true);
      setTheirs(null);
    },
    keepMine: () => {
      if (theirs === null) return;
      setServer(theirs);
      setTheirs(null);
      setState('waiting');
    },
  };
}

export type FlowDraftInHand = ReturnType<typeof useFlowDraft>;
