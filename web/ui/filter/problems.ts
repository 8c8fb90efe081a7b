import { describeFilterProblem } from '../../../contract/filter-problems.ts';
import { checkFilter } from '../../../rules/conditions/check-filter.ts';
import type { Filter, Properties } from '../../../rules/conditions/filter.ts';
import { language } from '../preferences.ts';
import { filterWords } from './filter-words.ts';

/** What is wrong with a filter (条件问题): a sentence by the JSON pointer of the test or group it concerns. */
export function filterProblems(filter: Filter, properties: Properties): { path: string; message: string }[] {
  return checkFilter(filter, properties).map((problem) => {
    const path = problem.path.replace(/\/(?:property|operator|value)(?:\/.*)?$/, '');
    const missing = (problem.code === 'value' && problem.path.endsWith('/value')) || (problem.code === 'unknown_property' && problem.params?.['property'] === '');
    return { path, message: missing ? filterWords('builder.incomplete') : describeFilterProblem(problem)[language() === 'en' ? 'en' : 'zh'] };
  });
}
