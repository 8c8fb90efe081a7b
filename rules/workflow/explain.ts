import { reasonIn } from './reasons.ts';
import { holdWords, type Explanation, type Hold, type HoldCode } from './state.ts';

/** What a flow did and why, in words (流程说明). {name} is replaced by a parameter. */
export const explanationWords: Readonly<Record<string, { zh: string; en: string }>> = {
  entered: { zh: '进入', en: 'Entered' },
  held: { zh: '停住', en: 'Held' },
  no_instances: { zh: '没有需要处理的条目，直接通过', en: 'There is nothing to do it for: passed' },
  instances: { zh: '要做 {count} 次', en: 'Is done {count} times' },
  done: { zh: '完成', en: 'Done' },
  done_with: { zh: '完成，结果：{outcome}', en: 'Done, with the outcome {outcome}' },
  condition_held: { zh: '条件成立，走连线 {edge}', en: 'The condition holds: takes {edge}' },
  condition_failed: { zh: '条件不成立：连线 {edge}', en: 'The condition does not hold: {edge}' },
  default_taken: { zh: '其余条件都不成立，走默认连线 {edge}', en: 'No other condition holds: takes the default {edge}' },
  joined: { zh: '{count} 条分支已汇合', en: '{count} ways have joined' },
  ended: { zh: '到达结束', en: 'Reached an end' },
  terminated: { zh: '到达终止，其余分支全部结束', en: 'Terminated: all other ways end' },
  refused_all: { zh: '审批不同意，流程终止', en: 'Refused: the whole flow ends' },
  voted: { zh: '投票：{vote}', en: 'Voted: {vote}' },
  decided: { zh: '审批结论：{decision}', en: 'Decided: {decision}' },
  timer_fired: { zh: '定时器 {timer} 到点', en: 'The timer {timer} fired' },
  overdue: { zh: '超过时限', en: 'Its time limit has passed' },
  no_limit: { zh: '日历里没有工作时间，未设时限', en: 'The calendar has no working time: no limit was set' },
  nobody_else: { zh: '找不到可以接手的人，保持不变', en: 'There is nobody to take over: it stays as it is' },
};

const put = (text: string, params: Explanation['params'] | Readonly<Record<string, string>>) => text.replace(/\{(\w+)\}/g, (_whole, name: string) => String(params?.[name] ?? ''));

/** An explanation as a sentence. */
export function explanationSentence(explanation: Pick<Explanation, 'code' | 'params'>, language: 'zh-CN' | 'en'): string {
  const { code, params } = explanation;
  if (code === 'held') {
    const held = params?.['hold'];
    if (typeof held === 'string' && Object.hasOwn(holdWords, held)) return holdSentence({ code: held as HoldCode, ...(params?.['detail'] === undefined ? {} : { detail: String(params['detail']) }) }, language);
  }
  const words = explanationWords[code];
  if (!words) return code;
  return put(language === 'en' ? words.en : words.zh, params);
}

/** Why something is held, as a sentence (停住原因的文字). */
export function holdSentence(hold: Pick<Hold, 'code' | 'detail'>, language: 'zh-CN' | 'en'): string {
  const words = holdWords[hold.code];
  return put(language === 'en' ? words.en : words.zh, { detail: hold.code === 'action_failed' ? reasonIn(hold.detail ?? '', language) : hold.detail ?? '' });
}
