import type { DefinitionProblem } from '../rules/conditions/json.ts';
import { describeFilterProblem } from './filter-problems.ts';

type Sentence = (params: Readonly<Record<string, string | number>>) => { zh: string; en: string };

const sentences: Readonly<Record<string, Sentence>> = {
  no_facts: () => ({ zh: '请选择至少一个触发事件', en: 'choose at least one event that starts it' }),
  no_days: () => ({ zh: '请选择至少一天', en: 'choose at least one day' }),
  interval: () => ({ zh: '间隔应在 1 分钟到 24 小时之间', en: 'an interval lies between a minute and 24 hours' }),
  time: () => ({ zh: '时间应写作 HH:MM', en: 'a time is written HH:MM' }),
  once_needed: () => ({ zh: '按时间运行的规则要设“最多一次”，否则每次都会重复处理同一批工单', en: 'a rule that runs by the clock has to say “at most once”, or it would do the same to the same tickets every time' }),
  key_taken: ({ key }) => ({ zh: `计数名“${key}”重复`, en: `there are two counts “${key}”` }),
  stretch: ({ limit }) => ({ zh: `时长应在 1 分钟到 ${limit} 天之间`, en: `a stretch of time lies between a minute and ${limit} days` }),
  no_actions: () => ({ zh: '请添加至少一个动作', en: 'add at least one action' }),
  sets_nothing: () => ({ zh: '请选择要修改的内容', en: 'choose what is to be set' }),
  required: () => ({ zh: '请填写', en: 'is required' }),
  unknown_variable: ({ names }) => ({ zh: `没有这个变量：${names}`, en: `holds unknown variables: ${names}` }),
  url: () => ({ zh: '网址要以 http:// 或 https:// 开头', en: 'an address begins with http:// or https://' }),
  header_again: ({ name }) => ({ zh: `请求头“${name}”不是为现在的地址填写的，请重新填写`, en: `the header “${name}” was not written for the present address: write it anew` }),
  no_body: () => ({ zh: 'GET 请求没有正文', en: 'a GET has no body' }),
  flow_unknown: ({ key }) => ({ zh: `没有已发布的流程“${key}”`, en: `there is no published flow “${key}”` }),
  address_private: () => ({ zh: '不能调用内部网络的地址', en: 'addresses of internal networks cannot be called' }),
  unknown_reference: ({ property }) => ({ zh: `${property} 指向的内容不存在或已停用`, en: `what ${property} points at is not there or no longer in use` }),
};

/** What is wrong with a rule, in a sentence (规则问题说明). */
export function describeRuleProblem(problem: Pick<DefinitionProblem, 'path' | 'code' | 'params'>): { zh: string; en: string } {
  const sentence = problem.path.startsWith('/conditions') ? undefined : sentences[problem.code];
  return sentence ? sentence(problem.params ?? {}) : describeFilterProblem(problem);
}
