import type { DefinitionProblem } from '../rules/conditions/json.ts';

type Sentence = (params: Readonly<Record<string, string | number>>) => { zh: string; en: string };

const sentences: Readonly<Record<string, Sentence>> = {
  not_a_filter: () => ({ zh: '这里应是一个条件', en: 'this should be a condition' }),
  too_deep: ({ limit }) => ({ zh: `条件嵌套太深，最多 ${limit} 层`, en: `conditions may be nested ${limit} deep at most` }),
  too_many_tests: ({ limit }) => ({ zh: `条件太多，最多 ${limit} 个`, en: `there may be ${limit} conditions at most` }),
  unknown_property: ({ property }) => ({ zh: `没有“${property}”这个字段，它可能已被删除`, en: `there is no field “${property}”; it may have been removed` }),
  unknown_operator: ({ operator }) => ({ zh: `不认识比较方式“${operator}”`, en: `“${operator}” is no comparison` }),
  operator: ({ operator, property }) => ({ zh: `字段“${property}”不能用“${operator}”比较`, en: `“${property}” cannot be compared by “${operator}”` }),
  value: () => ({ zh: '比较的值不对', en: 'the value to compare with is not right' }),
  too_many_values: ({ limit }) => ({ zh: `值太多，最多 ${limit} 个`, en: `there may be ${limit} values at most` }),
  too_long: ({ limit }) => ({ zh: `文字太长，最多 ${limit} 个字`, en: `a text may have ${limit} characters at most` }),
  unknown_key: ({ key }) => ({ zh: `没有“${key}”这个选项`, en: `there is no option “${key}”` }),
  order: () => ({ zh: '前一个值不能大于后一个', en: 'the first value must not be more than the second' }),
  not_sortable: ({ property }) => ({ zh: `不能再按“${property}”排序：它已被删除，或不再建立索引；列表改按最新创建排序`, en: `the list can no longer be sorted by “${property}”: it was removed or is not indexed any more; the newest come first instead` }),
  unknown_reference: ({ property }) => ({ zh: `“${property}”指向的内容已不存在`, en: `what “${property}” points at is no longer there` }),
};

/** What is wrong with a filter, in a sentence (条件问题说明). */
export function describeFilterProblem({ code, params = {} }: Pick<DefinitionProblem, 'code' | 'params'>): { zh: string; en: string } {
  return (sentences[code] ?? sentences['not_a_filter']!)(params);
}
