import type { Filter, Properties } from '../../../rules/conditions/filter.ts';

/** A value one can choose, with a word more where names are alike. */
export interface FilterChoice { value: string; label: string; hint?: string }

/** What a builder needs to know of the records that are filtered (筛选词汇): what there is to ask for, and how it is called. */
export interface FilterVocabulary {
  properties: Properties;
  /** The properties as they are offered, section by section. */
  sections: readonly { label: string; properties: readonly { property: string; label: string }[] }[];
  /** All the values of a property, where they are few enough to be listed. */
  options: (property: string) => readonly FilterChoice[] | undefined;
  /** The values of a property that is searched in; undefined where there is nothing to search. */
  find: (property: string) => ((words: string, signal: AbortSignal) => Promise<readonly FilterChoice[]>) | undefined;
  /** How a property, or a value of one, is called. */
  label: (property: string) => string | undefined;
  name: (property: string, value: string) => string | undefined;
}

/** The tests in a filter, however deep they stand. */
export function testsOf(filter: Filter): { property: string; value?: unknown }[] {
  if ('all' in filter) return filter.all.flatMap(testsOf);
  if ('any' in filter) return filter.any.flatMap(testsOf);
  return 'not' in filter ? testsOf(filter.not) : [filter];
}
