import type { Filter, FilterOperator, FilterTest, Period, Span, TimeUnit } from './filter.ts';

/** Names for what a filter mentions; a name that is not known is shown as it stands. */
export interface FilterLabels {
  property: (property: string) => string | undefined;
  /** The name of a key or id as the value of a property. */
  value: (property: string, value: string) => string | undefined;
}

type Language = 'zh' | 'en';

interface Words {
  operators: Record<FilterOperator, (property: string, value: string) => string>;
  units: Record<TimeUnit, (n: number) => string>;
  periods: Record<Period, string>;
  specials: Record<'me' | 'mine' | 'none' | 'true' | 'false', string>;
  and: string; either: string; or: string; to: string; all: string;
  not: (words: string) => string;
  group: (words: string) => string;
  quote: (words: string) => string;
  everything: string; nothing: string;
}

const plural = (unit: string) => (n: number) => `${n} ${unit}${n === 1 ? '' : 's'}`;

const words: Record<Language, Words> = {
  zh: {
    operators: {
      is: (p, v) => `${p}是${v}`, is_not: (p, v) => `${p}不是${v}`, in: (p, v) => `${p}是${v}`, not_in: (p, v) => `${p}不是${v}`,
      contains: (p, v) => `${p}包含${v}`, not_contains: (p, v) => `${p}不包含${v}`, contains_all: (p, v) => `${p}同时包含${v}`, starts_with: (p, v) => `${p}以${v}开头`,
      under: (p, v) => `${p}属于${v}`, not_under: (p, v) => `${p}不属于${v}`, empty: (p) => `${p}为空`, not_empty: (p) => `${p}不为空`,
      less: (p, v) => `${p}小于${v}`, at_most: (p, v) => `${p}不大于${v}`, more: (p, v) => `${p}大于${v}`, at_least: (p, v) => `${p}不小于${v}`,
      between: (p, v) => `${p}在${v}之间`, before: (p, v) => `${p}早于${v}`, after: (p, v) => `${p}晚于${v}`, during: (p, v) => `${p}在${v}`,
      within_last: (p, v) => `${p}在最近${v}内`, older_than: (p, v) => `${p}在${v}以前`, within_next: (p, v) => `${p}在未来${v}内`,
    },
    units: { minute: (n) => `${n}分钟`, hour: (n) => `${n}小时`, day: (n) => `${n}天`, week: (n) => `${n}周`, month: (n) => `${n}个月` },
    periods: { today: '今天', yesterday: '昨天', this_week: '本周', last_week: '上周', this_month: '本月', last_month: '上月', this_year: '今年' },
    specials: { me: '我', mine: '我的班组', none: '无', true: '是', false: '否' },
    and: '，且', either: '，或', or: '或', to: '到', all: '、', not: (text) => `并非（${text}）`, group: (text) => `（${text}）`, quote: (text) => `“${text}”`, everything: '全部', nothing: '没有任何工单',
  },
  en: {
    operators: {
      is: (p, v) => `${p} is ${v}`, is_not: (p, v) => `${p} is not ${v}`, in: (p, v) => `${p} is ${v}`, not_in: (p, v) => `${p} is not ${v}`,
      contains: (p, v) => `${p} contains ${v}`, not_contains: (p, v) => `${p} does not contain ${v}`, contains_all: (p, v) => `${p} contains all of ${v}`, starts_with: (p, v) => `${p} starts with ${v}`,
      under: (p, v) => `${p} is under ${v}`, not_under: (p, v) => `${p} is not under ${v}`, empty: (p) => `${p} is empty`, not_empty: (p) => `${p} is not empty`,
      less: (p, v) => `${p} is less than ${v}`, at_most: (p, v) => `${p} is at most ${v}`, more: (p, v) => `${p} is more than ${v}`, at_least: (p, v) => `${p} is at least ${v}`,
      between: (p, v) => `${p} is between ${v}`, before: (p, v) => `${p} is before ${v}`, after: (p, v) => `${p} is after ${v}`, during: (p, v) => `${p} is ${v}`,
      within_last: (p, v) => `${p} is within the last ${v}`, older_than: (p, v) => `${p} is more than ${v} ago`, within_next: (p, v) => `${p} is within the next ${v}`,
    },
    units: { minute: plural('minute'), hour: plural('hour'), day: plural('day'), week: plural('week'), month: plural('month') },
    periods: { today: 'today', yesterday: 'yesterday', this_week: 'this week', last_week: 'last week', this_month: 'this month', last_month: 'last month', this_year: 'this year' },
    specials: { me: 'me', mine: 'my teams', none: 'none', true: 'yes', false: 'no' },
    and: ' and ', either: ' or ', or: ' or ', to: ' and ', all: ' and ', not: (text) => `not (${text})`, group: (text) => `(${text})`, quote: (text) => `“${text}”`, everything: 'everything', nothing: 'nothing',
  },
};

/** A filter in a sentence (条件说明): 状态是“处理中”，且（优先级是“紧急”或负责人是“我”）. */
export function describeFilter(filter: Filter, labels: FilterLabels, language: Language): string {
  const say = words[language];
  if ('all' in filter) return filter.all.length === 0 ? say.everything : joined(filter.all, say.and, labels, language);
  if ('any' in filter) return filter.any.length === 0 ? say.nothing : joined(filter.any, say.either, labels, language);
  if ('not' in filter) return say.not(describeFilter(filter.not, labels, language));
  return say.operators[filter.operator](labels.property(filter.property) ?? filter.property, valueInWords(filter, labels, language));
}

function joined(parts: readonly Filter[], between: string, labels: FilterLabels, language: Language): string {
  if (parts.length === 1) return describeFilter(parts[0]!, labels, language);
  return parts.map((part) => {
    const sentence = describeFilter(part, labels, language);
    const several = ('all' in part && part.all.length > 1) || ('any' in part && part.any.length > 1);
    return several ? words[language].group(sentence) : sentence;
  }).join(between);
}

function valueInWords({ property, operator, value }: FilterTest, labels: FilterLabels, language: Language): string {
  const say = words[language];
  if (value === undefined) return '';
  if (operator === 'during') return say.periods[value as Period];
  if (typeof value === 'object' && !Array.isArray(value)) return say.units[(value as Span).unit]((value as Span).n);
  const word = (item: string | number | boolean): string => {
    if (typeof item === 'number') return String(item);
    const text = String(item);
    return say.quote(labels.value(property, text) ?? say.specials[text as 'me'] ?? text);
  };
  const items = Array.isArray(value) ? value as readonly (string | number)[] : [value as string | number | boolean];
  if (operator === 'between') return items.map(word).join(say.to);
  return items.map(word).join(operator === 'contains_all' ? say.all : say.or);
}
