import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect } from 'react';
import type { AutomationRule } from '../../../contract/automation.ts';
import type { Definition } from '../../../rules/automation/definition.ts';
import { api, asProblem } from '../../ui/api.ts';
import { useKeptDraft } from '../data/use-kept-draft.ts';
import { useRetry } from '../data/use-retry.ts';
import { archivedRules, automationRule, automationRules } from './data.ts';

export interface RuleInHand { name: string; description: string | null; stopAfterMatch: boolean; definition: Definition }

const inHand = (rule: AutomationRule): RuleInHand => ({ name: rule.name, description: rule.description, stopAfterMatch: rule.stopAfterMatch, definition: (rule.draft ?? rule.definition)! });
/** What the server keeps: a name is never empty, so an empty one waits for the next letter. */
const bodyOf = ({ name, description, stopAfterMatch, definition }: RuleInHand, server: AutomationRule) => ({ ...(name.trim() === '' ? {} : { name: name.trim() }), description: description?.trim() || null, stopAfterMatch, draft: definition, enabled: server.enabled });

/** The rule being edited (规则草稿): changed here at once, kept on the server as one goes. */
export function useRuleDraft(initial: AutomationRule) {
  const queryClient = useQueryClient();
  const { text: rule, server, state, problem, theirs, keeping } = useKeptDraft<RuleInHand, AutomationRule>({
    text: inHand(initial),
    server: initial,
    send: async (sent, base) => (await api.patch<AutomationRule>(`/automation-rules/${base.id}`, bodyOf(sent, base), { ifMatch: `"${base.version}"` })).data,
    fetch: async () => (await api.get<AutomationRule>(`/automation-rules/${initial.id}`)).data,
    isConflict: (refused) => asProblem(refused).status === 412,
  });
  useRetry(state, problem, keeping.retry);
  useEffect(() => {
    if (server === initial) return;
    queryClient.setQueryData(automationRule(server.id).queryKey, server);
    // Also those that are archived, and of another name in the log.
    for (const { queryKey } of [automationRules, archivedRules]) {
      queryClient.setQueryData(queryKey, (list) => list?.map((one) => (one.id === server.id ? server : one)));
      void queryClient.invalidateQueries({ queryKey });
    }
    if (server.name !== initial.name) void queryClient.invalidateQueries({ queryKey: ['automation-runs'] });
  }, [queryClient, server, initial]);

  const refused = problem === null ? null : asProblem(problem);
  return {
    rule, server, state, theirs, problem: refused === null ? null : (refused.errors[0]?.message ?? refused.title),
    change: useCallback((patch: Partial<RuleInHand>) => keeping.change((before) => ({ ...before, ...patch })), [keeping]),
    define: useCallback((patch: Partial<Definition>) => keeping.change((before) => ({ ...before, definition: withoutUndefined({ ...before.definition, ...patch }) })), [keeping]),
    save: keeping.save,
    retry: keeping.retry,
    keepMine: keeping.keepMine,
    take: (next: AutomationRule, alsoText: boolean) => (alsoText ? keeping.adopt(next, inHand(next)) : keeping.adopt(next)),
    takeTheirs: () => {
      if (theirs !== null) keeping.adopt(theirs, inHand(theirs));
    },
  };
}

function withoutUndefined(definition: Definition & { once?: Definition['once'] | undefined; counts?: Definition['counts'] | undefined }): Definition {
  return Object.fromEntries(Object.entries(definition).filter(([, value]) => value !== undefined)) as unknown as Definition;
}
