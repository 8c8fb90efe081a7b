import type { FilterOperator, Period, PropertyKind, Span } from '../../../rules/conditions/filter.ts';
import { createDictionary } from '../dictionary.ts';
import type { GroupMode } from './filter-model.ts';

const chinese = {
  'builder.label': '筛选条件',
  'builder.mode': '条件关系',
  'mode.all': '全部满足',
  'mode.any': '任一满足',
  'mode.none': '均不满足',
  'builder.addTest': '添加条件',
  'builder.addGroup': '添加条件组',
  'builder.removeTest': '移除条件「{{property}}」',
  'builder.removeGroup': '移除这组条件',
  'builder.property': '字段',
  'builder.operator': '比较方式',
  'builder.value': '值',
  'builder.to': '到',
  'builder.chooseProperty': '选择字段',
  'builder.choose': '请选择',
  'builder.search': '输入以搜索',
  'builder.type': '请填写',
  'builder.nothing': '没有匹配项',
  'builder.everything': '没有条件：包含全部工单',
  'builder.incomplete': '请补全这个条件',
  'builder.group': '条件组',
  'is': '是', 'is_not': '不是', 'in': '是其中之一', 'not_in': '不在其中', 'contains': '包含', 'not_contains': '不包含', 'contains_all': '同时包含', 'starts_with': '开头是',
  'under': '属于（含下级）', 'not_under': '不属于（含下级）', 'empty': '为空', 'not_empty': '不为空', 'less': '小于', 'at_most': '不大于', 'more': '大于', 'at_least': '不小于', 'between': '介于',
  'before': '早于', 'after': '晚于', 'during': '在', 'within_last': '最近', 'older_than': '早于多久之前', 'within_next': '未来',
  'has_one': '包含其中之一', 'has_none': '都不包含',
  'unit.minute': '分钟', 'unit.hour': '小时', 'unit.day': '天', 'unit.week': '周', 'unit.month': '个月',
  'period.today': '今天', 'period.yesterday': '昨天', 'period.this_week': '本周', 'period.last_week': '上周', 'period.this_month': '本月', 'period.last_month': '上月', 'period.this_year': '今年',
  'yes': '是', 'no': '否',
} as const;

const english = {
  'builder.label': 'Conditions',
  'builder.mode': 'How the conditions go together',
  'mode.all': 'All of these',
  'mode.any': 'Any of these',
  'mode.none': 'None of these',
  'builder.addTest': 'Add condition',
  'builder.addGroup': 'Add group',
  'builder.removeTest': 'Remove the condition "{{property}}"',
  'builder.removeGroup': 'Remove this group',
  'builder.property': 'Field',
  'builder.operator': 'Comparison',
  'builder.value': 'Value',
  'builder.to': 'to',
  'builder.chooseProperty': 'Choose a field',
  'builder.choose': 'Choose',
  'builder.search': 'Type to search',
  'builder.type': 'Enter a value',
  'builder.nothing': 'Nothing found',
  'builder.everything': 'No conditions: every ticket',
  'builder.incomplete': 'Complete this condition',
  'builder.group': 'Group of conditions',
  'is': 'is', 'is_not': 'is not', 'in': 'is one of', 'not_in': 'is none of', 'contains': 'contains', 'not_contains': 'does not contain', 'contains_all': 'contains all of', 'starts_with': 'starts with',
  'under': 'is under', 'not_under': 'is not under', 'empty': 'is empty', 'not_empty': 'is not empty', 'less': 'is less than', 'at_most': 'is at most', 'more': 'is more than', 'at_least': 'is at least', 'between': 'is between',
  'before': 'is before', 'after': 'is after', 'during': 'is in', 'within_last': 'in the last', 'older_than': 'longer ago than', 'within_next': 'in the next',
  'has_one': 'contains one of', 'has_none': 'contains none of',
  'unit.minute': 'minutes', 'unit.hour': 'hours', 'unit.day': 'days', 'unit.week': 'weeks', 'unit.month': 'months',
  'period.today': 'today', 'period.yesterday': 'yesterday', 'period.this_week': 'this week', 'period.last_week': 'last week', 'period.this_month': 'this month', 'period.last_month': 'last month', 'period.this_year': 'this year',
  'yes': 'Yes', 'no': 'No',
};

/** The builder's own words. */
export const filterWords = createDictionary(chinese, english);

/** The name of an operator, as it reads between a property of this kind and a value. */
export function operatorName(operator: FilterOperator, kind: PropertyKind): string {
  if (kind === 'set' && operator === 'in') return filterWords('has_one');
  if (kind === 'set' && operator === 'not_in') return filterWords('has_none');
  return filterWords(operator);
}

export const unitName = (unit: Span['unit']): string => filterWords(`unit.${unit}`);
export const periodName = (period: Period): string => filterWords(`period.${period}`);
export const modeName = (mode: GroupMode): string => filterWords(`mode.${mode}`);
