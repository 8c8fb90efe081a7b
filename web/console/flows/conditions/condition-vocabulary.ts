import { useMemo } from 'react';
import { describeFilter } from '../../../../rules/conditions/describe-filter.ts';
import type { Filter, PropertyDefinition } from '../../../../rules/conditions/filter.ts';
import type { Rule } from '../../../../rules/conditions/json.ts';
import { outcomesOf, type FlowDefinition } from '../../../../rules/workflow/definition.ts';
import { wordsIn } from '../../../ui/form/answers.ts';
import type { FilterVocabulary } from '../../../ui/filter/vocabulary.ts';
import { useFilterVocabulary } from '../../parts/filter-vocabulary.ts';
import { useFlowTexts } from '../flow-texts.ts';
import { filterFromRule } from './rule-filter.ts';

/** What of a ticket a flow's conditions may look at, by the names of the filter language. */
const ofTicket: Readonly<Record<string, string>> = {
  status: 'status', statusId: 'statusId', priority: 'priority', type: 'type', category: 'category', channel: 'channel', team: 'team', department: 'department', assignee: 'assignee',
  waitingFor: 'waitingFor', tags: 'tag', subject: 'subject', customer: 'customer', asset: 'asset',
};

/** A rule has no one who asks, and no tree to look into. */
function plain(definition: PropertyDefinition): PropertyDefinition {
  return definition.kind === 'tree' || definition.kind === 'person' || definition.kind === 'team' ? { kind: 'reference' } : definition;
}

const special = new Set(['me', 'mine', 'none']);

/** All the filters that stand in a flow's conditions, as the names of the filter language. */
function mentioned(definition: FlowDefinition | null): Filter[] {
  const filters: Filter[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      const [first, second] = value as unknown[];
      const path = typeof first === 'object' && first !== null && 'var' in first ? first.var : null;
      if (typeof path === 'string' && (typeof second === 'string' || Array.isArray(second))) {
        const property = path.startsWith('ticket.') ? (ofTicket[path.slice(7)] ?? path) : path;
        filters.push({ property, operator: 'in', value: second as string[] });
      }
      for (const one of value as unknown[]) visit(one);
    } else if (typeof value === 'object' && value !== null) {
      for (const one of Object.values(value)) visit(one);
    }
  };
  for (const edge of definition?.edges ?? []) visit(edge.condition);
  return filters;
}

/** What the conditions of a flow may look at (流程条件词汇): the ticket, its fields, the flow's own variables, how steps ended. */
export function useConditionVocabulary(definition: FlowDefinition | null): FilterVocabulary {
  const { t: say, language } = useFlowTexts();
  const base = useFilterVocabulary(...mentioned(definition));
  const [variables, nodes] = [definition?.variables, definition?.nodes];
  return useMemo((): FilterVocabulary => {
    const properties: Record<string, PropertyDefinition> = {};
    const names = new Map<string, string>();
    const options = new Map<string, readonly { value: string; label: string }[]>();
    const sections: { label: string; properties: { property: string; label: string }[] }[] = [];
    const section = (label: string, paths: readonly string[]): void => {
      if (paths.length > 0) sections.push({ label, properties: paths.map((property) => ({ property, label: names.get(property) ?? property })) });
    };
    for (const offered of base.sections) {
      const fields = offered.properties.filter(({ property }) => property.startsWith('fields.') && base.properties[property]?.kind !== 'presence');
      for (const { property, label } of fields) {
        properties[property] = plain(base.properties[property]!);
        names.set(property, label);
      }
      section(offered.label, fields.map(({ property }) => property));
    }
    const steps = (nodes ?? []).filter((node) => outcomesOf(node).length > 0).map((node) => {
      const property = `steps.${node.id}.outcome`;
      properties[property] = { kind: 'key', keys: outcomesOf(node) };
      names.set(property, say('condition.outcomeOf', { step: wordsIn(node.name, language) || node.id }));
      const own = 'outcomes' in node ? (node.outcomes ?? []) : [];
      options.set(property, outcomesOf(node).map((key) => ({ value: key, label: wordsIn(own.find((one) => one.key === key)?.name, language) || (key === 'approved' || key === 'rejected' || key === 'done' || key === 'failed' ? say(`outcome.${key}`) : key) })));
      return property;
    });
    section(say('condition.steps'), steps);
    section(say('condition.variables'), (variables ?? []).map((variable) => {
      const property = `vars.${variable.key}`;
      properties[property] = { kind: variable.kind === 'number' || variable.kind === 'boolean' ? variable.kind : 'text' };
      names.set(property, wordsIn(variable.name, language) || variable.key);
      return property;
    }));
    section(say('condition.ticket'), Object.entries(ofTicket).map(([variable, property]) => {
      const path = `ticket.${variable}`;
      properties[path] = plain(base.properties[property]!);
      names.set(path, base.label(property) ?? variable);
      return path;
    }));
    const basic = (property: string): string => (property.startsWith('ticket.') ? (ofTicket[property.slice(7)] ?? property) : property);
    return {
      properties, sections,
      options: (property) => options.get(property) ?? base.options(basic(property))?.filter(({ value }) => !special.has(value)),
      find: (property) => (options.has(property) ? undefined : base.find(basic(property))),
      label: (property) => names.get(property),
      name: (property, value) => options.get(property)?.find((one) => one.value === value)?.label ?? base.name(basic(property), value),
    };
  }, [base, nodes, variables, say, language]);
}

/** A condition in a sentence (条件说明); null when it says more than can be put simply. */
export function conditionText(rule: Rule, vocabulary: FilterVocabulary, language: 'zh-CN' | 'en'): string | null {
  const filter = filterFromRule(rule, vocabulary.properties);
  if (filter === null) return null;
  return describeFilter(inMainUnits(filter, vocabulary), { property: vocabulary.label, value: vocabulary.name }, language === 'en' ? 'en' : 'zh');
}

/** Sums are kept in hundredths; people read the main unit. */
function inMainUnits(filter: Filter, vocabulary: FilterVocabulary): Filter {
  if ('all' in filter) return { all: filter.all.map((part) => inMainUnits(part, vocabulary)) };
  if ('any' in filter) return { any: filter.any.map((part) => inMainUnits(part, vocabulary)) };
  if ('not' in filter) return { not: inMainUnits(filter.not, vocabulary) };
  const { value } = filter;
  if (vocabulary.properties[filter.property]?.kind !== 'money' || value === undefined) return filter;
  return { ...filter, value: typeof value === 'number' ? value / 100 : Array.isArray(value) ? value.map((one) => (typeof one === 'number' ? one / 100 : (one as string))) : value };
}

