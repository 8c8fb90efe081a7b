import type { FilterProblem, SearchSort } from '../../../contract/view.ts';
import { describeFilterProblem } from '../../../contract/filter-problems.ts';
import { checkFilter } from '../../../rules/conditions/check-filter.ts';
import type { Filter, FilterTest, Properties } from '../../../rules/conditions/filter.ts';
import { isObject, pointer, type DefinitionProblem } from '../../../rules/conditions/json.ts';
import type { Context } from '../../platform/context.ts';
import { isId } from '../../platform/db/uuid.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import type { Configuration } from '../organization/configuration.ts';
import { fieldOrderOf, isFieldSort } from './field-order.ts';

const nothing: Filter = { any: [] };
const everything: Filter = { all: [] };

/** Refuses a filter that is not well formed, naming each wrong place (条件校验). `at`: where it stands in the request. */
export function ensureFilter(filter: unknown, properties: Properties, at = '/filter'): asserts filter is Filter {
  const problems = checkFilter(filter, properties, at);
  if (problems.length === 0) return;
  throw new Refusal('invalid_input', {}, { errors: problems.slice(0, 20).map((problem) => ({ path: problem.path || '/', code: problem.code, message: describeFilterProblem(problem) })) });
}

/**
 * What of a stored filter can still be applied (失效条件). A condition whose field is gone, or that no longer fits it, is
 * left out in such a way that the filter never lets more through than it did: where it stood for itself it holds for
 * nothing, and under a NOT for everything. What points at a team, category, type or status that is gone stays as it is,
 * as it finds nothing by itself, but is named as well.
 */
export function applicableFilter(filter: unknown, properties: Properties, configuration: Configuration): { filter: Filter; problems: DefinitionProblem[] } {
  const problems: DefinitionProblem[] = [];
  const whole = checkFilter(filter, properties);
  // Too deep or too long to be gone through: nothing of it is believed.
  const beyond = whole.filter((problem) => problem.code === 'too_deep' || problem.code === 'too_many_tests');
  if (beyond.length > 0) return { filter: nothing, problems: beyond };
  return { filter: visit(filter, '', false), problems };

  function visit(part: unknown, at: string, negated: boolean): Filter {
    if (isObject(part)) {
      if (Array.isArray(part['all'])) return { all: part['all'].map((inner, index) => visit(inner, pointer(pointer(at, 'all'), index), negated)) };
      if (Array.isArray(part['any'])) return { any: part['any'].map((inner, index) => visit(inner, pointer(pointer(at, 'any'), index), negated)) };
      if ('not' in part) return { not: visit(part['not'], pointer(at, 'not'), !negated) };
    }
    const wrong = checkFilter(part, properties, at);
    if (wrong.length > 0) {
      problems.push(...wrong.map((problem) => ({ ...problem, params: { property: isObject(part) ? String(part['property']).slice(0, 100) : '', ...problem.params } })));
      return negated ? everything : nothing;
    }
    const test = part as unknown as FilterTest;
    if (pointsNowhere(test, configuration)) problems.push({ path: pointer(at, 'value'), code: 'unknown_reference', params: { property: test.property } });
    return test;
  }
}

/** Why lists cannot be put in an order, when that is by a field which is gone, masked, not indexed or not among the properties one may ask for (失效排序). */
export function sortProblem(sort: SearchSort, configuration: Configuration, properties?: Properties): DefinitionProblem | null {
  if (!isFieldSort(sort) || (fieldOrderOf(sort, configuration) !== null && (!properties || Object.hasOwn(properties, sort.replace(/^-/, ''))))) return null;
  return { path: '/sort', code: 'not_sortable', params: { property: sort.replace(/^-/, '') } };
}

/** Problems as the answer shows them. */
export function viewFilterProblems(problems: readonly DefinitionProblem[], language: Context['language']): FilterProblem[] {
  return problems.slice(0, 50).map((problem) => {
    const sentence = describeFilterProblem(problem);
    const property = problem.params?.['property'];
    return { path: problem.path || '/', property: typeof property === 'string' && property !== '' ? property : null, code: problem.code, message: language === 'en' ? sentence.en : sentence.zh };
  });
}

function pointsNowhere({ property, value }: FilterTest, configuration: Configuration): boolean {
  const known: ReadonlyMap<string, unknown> | undefined = {
    team: configuration.teams, department: configuration.departments, category: configuration.categories, type: configuration.types, statusId: configuration.statuses,
  }[property];
  if (!known) return false;
  return (Array.isArray(value) ? value : [value]).some((id) => typeof id === 'string' && isId(id) && !known.has(id));
}
