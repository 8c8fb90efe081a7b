import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { AutomationRule, AutomationRun, AutomationRuleVersion, RulePreview } from '../../../contract/automation.ts';
import type { Definition } from '../../../rules/automation/definition.ts';
import { api } from '../../ui/api.ts';
import { whole } from '../data/records.ts';

type Page<Item> = { items: Item[]; nextCursor: string | null };

export const automationRules = { ...whole<AutomationRule>('automation-rules'), staleTime: 10_000 };
export const archivedRules = whole<AutomationRule>('automation-rules?archived=true');
export const automationRule = (id: string) => queryOptions({ queryKey: ['automation-rule', id], queryFn: async ({ signal }) => (await api.get<AutomationRule>(`/automation-rules/${id}`, { signal })).data, staleTime: 0 });

/** The log, of one rule or of all, page by page. */
export const automationRuns = (query: { rule?: string | undefined; ticket?: string | undefined; outcome?: string | undefined }) => infiniteQueryOptions({
  queryKey: ['automation-runs', query] as readonly unknown[],
  queryFn: async ({ pageParam, signal }) => (await api.get<Page<AutomationRun>>('/automation-runs', { query: { ...query, limit: 30, cursor: pageParam }, signal })).data,
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (last) => last.nextCursor ?? undefined,
  refetchInterval: 5_000,
});

export const ruleVersions = (id: string) => queryOptions({ queryKey: ['automation-rule-versions', id], queryFn: async ({ signal }) => (await api.get<Page<AutomationRuleVersion>>(`/automation-rules/${id}/versions`, { signal })).data.items });

/** Which tickets a rule would act on now; asked anew whenever the rule changes. */
export const rulePreview = (definition: Definition) => infiniteQueryOptions({
  queryKey: ['automation-preview', JSON.stringify(definition)] as readonly unknown[],
  queryFn: async ({ pageParam, signal }) => (await api.post<RulePreview>('/automation-rules/preview', { definition, limit: 8, ...(pageParam === undefined ? {} : { cursor: pageParam }) }, { signal })).data,
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (last) => last.nextCursor ?? undefined,
  staleTime: 5_000,
  retry: false,
  placeholderData: (before) => before,
});
