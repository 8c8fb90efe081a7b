import { describeFilter } from '../../../rules/conditions/describe-filter.ts';
import type { Filter } from '../../../rules/conditions/filter.ts';
import type { Definition } from '../../../rules/automation/definition.ts';
import { isSame } from '../../../rules/forms/apply-form.ts';
import type { FilterVocabulary } from '../../ui/filter/vocabulary.ts';
import type { Language } from '../../ui/preferences.ts';
import type { Say } from './texts.ts';
import { triggerWords } from './words.ts';

export interface RuleDifference {
  part: 'when' | 'if' | 'then' | 'once' | 'counts';
  before: string[];
  after: string[];
}

/** What two versions of a rule say differently (版本对比), part by part, in words; lines both have are left out. */
export function compareRules(before: Definition, after: Definition, say: Say, language: Language, vocabulary: Pick<FilterVocabulary, 'label' | 'name'>): RuleDifference[] {
  const tests = (filter: Filter): string[] => {
    const parts = 'all' in filter ? filter.all : [filter];
    return parts.map((part) => describeFilter(part, { property: vocabulary.label, value: vocabulary.name }, language === 'en' ? 'en' : 'zh'));
  };
  const actions = ({ actions: list }: Definition): string[] => list.map(({ kind, ...rest }) => [say(`action.${kind}`), settingWords(rest, vocabulary)].filter((one) => one !== '').join(' '));
  const counts = (definition: Definition): string[] => (definition.counts ?? []).map((count) => say('counts.label', { what: say(`counts.${count.same}`), n: count.within.n, unit: say(`unit.${count.within.unit}`) }));
  const once = ({ once: limit }: Definition): string[] => (limit === undefined ? [] : [[say(`once.${limit.per}`), ...(limit.within === undefined ? [] : [`${limit.within.n} ${say(`unit.${limit.within.unit}`)}`])].join(' · ')]);
  const parts: [RuleDifference['part'], (definition: Definition) => string[]][] = [
    ['when', (definition) => [triggerWords(say, language, definition)]], ['counts', counts], ['if', (definition) => tests(definition.conditions)], ['then', actions], ['once', once],
  ];
  return parts.flatMap(([part, words]) => {
    const [was, is] = [words(before), words(after)];
    if (isSame(was, is)) return [];
    const [gone, come] = [was.filter((line) => !is.includes(line)), is.filter((line) => !was.includes(line))];
    // Only their order is another one.
    return gone.length + come.length === 0 ? [{ part, before: was, after: is }] : [{ part, before: gone, after: come }];
  });
}

/** What an action is set to, short enough for a line: texts and numbers as they stand, the rest as JSON. */
const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const referring = ['team', 'category', 'assignee', 'type', 'status'] as const;

function settingWords(settings: object, vocabulary: Pick<FilterVocabulary, 'name'>): string {
  return Object.values(settings).filter((value) => value !== undefined && value !== null && value !== '').map((value) => {
    const text = (typeof value === 'string' ? value : JSON.stringify(value)).replace(uuid, (id) => referring.map((property) => vocabulary.name(property, id)).find((name) => name !== undefined && name !== id) ?? '…');
    return text.length > 80 ? `${text.slice(0, 80)}…` : text;
  }).join(' · ');
}
