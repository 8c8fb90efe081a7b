import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import type { FlowDraft } from '../../../../contract/flow.ts';
import type { FlowDefinition } from '../../../../rules/workflow/definition.ts';
import { api, asProblem } from '../../../ui/api.ts';
import { useKeptDraft } from '../../data/use-kept-draft.ts';
import { useRetry } from '../../data/use-retry.ts';
import { placed } from './edit-flow.ts';
import { redo, startHistory, step, undo } from './history.ts';

/** The flow being designed (流程草稿): changed here at once, kept on the server as one goes, with undo. */
export function useFlowDraft(flowId: string, initial: FlowDraft) {
  const queryClient = useQueryClient();
  const [history, setHistory] = useState(() => startHistory(placed(initial.definition)));
  const definition = history.value;
  const { server, state, problem, theirs, keeping } = useKeptDraft<FlowDefinition, FlowDraft>({
    text: definition,
    server: initial,
    send: async (sent, base) => (await api.patch<FlowDraft>(`/flows/${flowId}/draft`, { definition: sent }, { ifMatch: `"${base.version}"` })).data,
    fetch: async () => (await api.get<FlowDraft>(`/flows/${flowId}/draft`)).data,
    isConflict: (problem) => asProblem(problem).status === 412,
  });
  const isCutOff = useRetry(state, problem, keeping.retry);
  useEffect(() => keeping.change(() => definition), [keeping, definition]);
  useEffect(() => void queryClient.setQueryData(['flow-draft', flowId], server), [queryClient, flowId, server]);

  const change = useCallback((next: (before: FlowDefinition) => FlowDefinition, about: string | null = null) => {
    setHistory((before) => step(before, next(before.value), about));
  }, []);
  const goBack = useCallback(() => setHistory(undo), []);
  const goForth = useCallback(() => setHistory(redo), []);

  const take = useCallback((draft: FlowDraft, alsoDefinition: boolean) => {
    if (!alsoDefinition) return keeping.adopt(draft);
    const fresh = placed(draft.definition);
    keeping.adopt(draft, fresh);
    setHistory((before) => step(before, fresh));
  }, [keeping]);

  return {
    definition, change, undo: goBack, redo: goForth, canUndo: history.past.length > 0, canRedo: history.future.length > 0, state, isCutOff, server, theirs, take,
    save: keeping.save,
    retry: keeping.retry,
    keepMine: keeping.keepMine,
    takeTheirs: () => {
      if (theirs !== null) take(theirs, true);
    },
  };
}

export type FlowDraftInHand = ReturnType<typeof useFlowDraft>;
