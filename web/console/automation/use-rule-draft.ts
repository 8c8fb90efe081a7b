import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import type { AutomationRule } from '../../../contract/automation.ts';
import type { Definition } from '../../../rules/automation/definition.ts';
import { api, asProblem } from '../../ui/api.ts';
import { automationRule, automationRules } from './data.ts';

export type SaveState = 'saved' | 'waiting' | 'saving' | 'failed' | 'conflict';
export interface RuleInHand { name: string; description: string | null; stopAfterMatch: boolean; definition: Definition }

const rest = 700;
const inHand = (rule: AutomationRule): RuleInHand => ({ name: rule.name, description: rule.description, stopAfterMatch: rule.stopAfterMatch, definition: (rule.draft ?? rule.definition)! });
/** What the server keeps: a name is never empty, so an empty one waits for the next letter. */
const bodyOf = ({ name, description, stopAfterMatch, definition }: RuleInHand, server: AutomationRule) => ({ ...(name.trim() === '' ? {} : { name: name.trim() }), description: description?.trim() || null, stopAfterMatch, draft: definition, enabled: server.enabled });

/** The rule being edited (规则草稿): changed here at once, kept on the server as one goes. */
export function useRuleDraft(initial: AutomationRule) {
  const queryClient = useQueryClient();
  const [server, setServer] = useState(initial);
  const [rule, setRule] = useState(() => inHand(initial));
  const [kept, setKept] = useState(rule);
  const [state, setState] = useState<SaveState>('saved');
  const [problem, setProblem] = useState<string | null>(null);
  const [theirs, setTheirs] = useState<AutomationRule | null>(null);

  const take = useCallback((next: AutomationRule, alsoText: boolean) => {
    setServer(next);
    queryClient.setQueryData(automationRule(next.id).queryKey, next);
    queryClient.setQueryData(automationRules.queryKey, (list) => list?.map((one) => (one.id === next.id ? next : one)));
    void queryClient.invalidateQueries({ queryKey: automationRules.queryKey });
    if (!alsoText) return;
    const text = inHand(next);
    setRule(text);
    setKept(text);
    setState('saved');
  }, [queryClient]);

  const { mutate } = useMutation({
    mutationFn: async ({ sent, base }: { sent: RuleInHand; base: AutomationRule }) => (await api.patch<AutomationRule>(`/automation-rules/${base.id}`, bodyOf(sent, base), { ifMatch: `"${base.version}"` })).data,
    onMutate: () => setState('saving'),
    onSuccess: (next, { sent }) => {
      setKept(sent);
      take(next, false);
      setState((before) => (before === 'saving' ? 'saved' : before));
      setProblem(null);
    },
    onError: async (error) => {
      const refused = asProblem(error);
      if (refused.status !== 412) {
        setProblem(refused.errors[0]?.message ?? refused.title);
        setState('failed');
        return;
      }
      setTheirs((await api.get<AutomationRule>(`/automation-rules/${initial.id}`)).data);
      setState('conflict');
    },
  });

  useEffect(() => {
    if (rule === kept || state === 'saving' || state === 'conflict') return undefined;
    setState('waiting');
    const timer = setTimeout(() => mutate({ sent: rule, base: server }), rest);
    return () => clearTimeout(timer);
    // The state is left out: what failed is sent again with the next change.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [rule, kept, server, mutate]);

  return {
    rule, server, state, problem, theirs, take,
    change: (patch: Partial<RuleInHand>) => setRule((before) => ({ ...before, ...patch })),
    define: (patch: Partial<Definition>) => setRule((before) => ({ ...before, definition: withoutUndefined({ ...before.definition, ...patch }) })),
    save: async () => {
      if (rule === kept) return server;
      const next = (await api.patch<AutomationRule>(`/automation-rules/${server.id}`, bodyOf(rule, server), { ifMatch: `"${server.version}"` })).data;
      setKept(rule);
      take(next, false);
      setState('saved');
      return next;
    },
    retry: () => mutate({ sent: rule, base: server }),
    takeTheirs: () => {
      if (theirs !== null) take(theirs, true);
      setTheirs(null);
    },
    keepMine: () => {
      if (theirs !== null) mutate({ sent: rule, base: theirs });
      setTheirs(null);
    },
  };
}

function withoutUndefined(definition: Definition & { once?: Definition['once'] | undefined; counts?: Definition['counts'] | undefined }): Definition {
  return Object.fromEntries(Object.entries(definition).filter(([, value]) => value !== undefined)) as unknown as Definition;
}
