import { useMemo } from 'react';
import { ruleProperties, changeable, countProperty } from '../../../rules/automation/properties.ts';
import type { AutomationRun } from '../../../contract/automation.ts';
import type { Definition } from '../../../rules/automation/definition.ts';
import type { Explained } from '../../../rules/automation/explain.ts';
import type { Filter } from '../../../rules/conditions/filter.ts';
import { priorities, ticketStatuses } from '../../../rules/ticket/lifecycle.ts';
import type { FilterChoice, FilterVocabulary } from '../../ui/filter/vocabulary.ts';
import { words } from '../../ui/words.ts';
import { useFilterVocabulary } from '../parts/filter-vocabulary.ts';
import { useAutomationTexts, type Say } from './texts.ts';

const eventNames = ['event.actor', 'event.person', 'event.changed', 'event.text', 'event.visibility', 'event.direction', 'event.statusBefore', 'event.priorityBefore', 'event.teamBefore', 'event.assigneeBefore'] as const;

/** A rule that says nothing yet, or is no longer known. */
export const blankRule: Definition = { trigger: { kind: 'facts', facts: [] }, conditions: { all: [] }, actions: [] };

/** A rule as its log knows it (运行记录中的规则): what it counted, and its conditions as they were asked. */
export const loggedRule = ({ rule, conditions }: Pick<AutomationRun, 'rule' | 'conditions'>): Definition => ({ ...blankRule, counts: rule.counts, ...(conditions === null ? {} : { conditions: filterOf(conditions) }) });

function filterOf(explained: Explained): Filter {
  if ('property' in explained) {
    const { property, operator, value } = explained;
    return { property, operator, ...(value === undefined ? {} : { value }) };
  }
  const parts = explained.parts.map(filterOf);
  return explained.mode === 'any' ? { any: parts } : explained.mode === 'all' ? { all: parts } : { not: parts[0]! };
}

/** Nobody asks a rule: it has no self and no teams. */
const withoutSelf = (choices: readonly FilterChoice[] | undefined) => choices?.filter((choice) => choice.value !== 'me' && choice.value !== 'mine');

/** How a count is called, in conditions and beside them. */
export function countLabel(say: Say, { same, within }: NonNullable<Definition['counts']>[number]): string {
  return say('counts.label', { what: say(`counts.${same}`), n: within.n, unit: say(`unit.${within.unit}`) });
}

/** What the conditions of a rule can ask (规则的筛选词汇): what views can, its counts, and what happened. */
export function useRuleVocabulary(definition: Definition): FilterVocabulary {
  const base = useFilterVocabulary(definition.conditions);
  const { t: say } = useAutomationTexts();
  const { trigger, counts = [] } = definition;
  return useMemo((): FilterVocabulary => {
    const properties = ruleProperties(base.properties, { trigger, counts });
    const labels = new Map<string, string>([...counts.map((count) => [countProperty(count), countLabel(say, count)] as const), ...eventNames.map((name) => [name, say(name)] as const)]);
    const options = new Map<string, readonly FilterChoice[]>([
      ['event.actor', (['staff', 'customer', 'api_key', 'system', 'rule'] as const).map((value) => ({ value, label: say(`actor.${value}`) }))],
      ['event.visibility', (['public', 'internal'] as const).map((value) => ({ value, label: say(`visibility.${value}`) }))],
      ['event.direction', (['inbound', 'outbound', 'internal'] as const).map((value) => ({ value, label: say(`direction.${value}`) }))],
      ['event.changed', changeable.map((value) => ({ value, label: say(`changed.${value}`) }))],
      ['event.statusBefore', ticketStatuses.map((value) => ({ value, label: words(`status.${value}`) }))],
      ['event.priorityBefore', priorities.map((value) => ({ value, label: words(`priority.${value}`) }))],
      ['event.teamBefore', withoutSelf(base.options('team')) ?? []],
    ]);
    // A person is searched for and named as the assignee is.
    const like = (property: string) => (property === 'event.person' || property === 'event.assigneeBefore' ? 'assignee' : property);
    const optionsOf = (property: string) => options.get(property) ?? withoutSelf(base.options(like(property)));
    return {
      properties,
      sections: [
        ...(counts.length > 0 ? [{ label: say('counts'), properties: counts.map((count) => ({ property: countProperty(count), label: countLabel(say, count) })) }] : []),
        ...(trigger.kind === 'facts' ? [{ label: say('event.section'), properties: eventNames.map((property) => ({ property, label: say(property) })) }] : []),
        ...base.sections,
      ],
      options: optionsOf,
      find: (property) => base.find(like(property)),
      label: (property) => labels.get(property) ?? base.label(property),
      name: (property, value) => optionsOf(property)?.find((one) => one.value === value)?.label ?? base.name(like(property), value),
    };
  }, [base, say, trigger, counts]);
}
