import type { Priority } from '../ticket/lifecycle.ts';
import type { Language } from './explain-words.ts';
import { slaMetricNames, type SlaMetric } from './policy.ts';

interface Phrases {
  readonly metric: (metric: SlaMetric, step: string | null, team: string | null) => string;
  /** What is to be done in time. */
  readonly deeds: Readonly<Record<SlaMetric, string>>;
  readonly promise: (of: { what: string; time: string; policy: string; calendar: string; week: string }) => string;
  readonly changed: (of: { when: string; reasons: readonly string[]; from: string; to: string; calendar: string | null; used: string | null }) => string;
  readonly priorityChanged: (from: string, to: string) => string;
  readonly typeChanged: (from: string, to: string) => string;
  readonly tierChanged: (from: string | null, to: string | null) => string;
  readonly policyChanged: string;
  readonly otherCalendar: (name: string, zone: string) => string;
  readonly started: (when: string) => string;
  readonly running: (range: string, counted: string, used: string) => string;
  readonly several: (range: string, count: number, counted: string, used: string) => string;
  readonly outside: (range: string, why: string) => string;
  readonly paused: (range: string, cause: string) => string;
  readonly due: (when: string, deed: string) => string;
  readonly breached: (when: string) => string;
  readonly met: (when: string, used: string) => string;
  /** `over` is null where no working time passed since: due on Friday at six, done on Saturday. */
  readonly metLate: (when: string, used: string, over: string | null) => string;
  readonly cancelled: (when: string) => string;
  readonly dueIn: (when: string, deed: string, rest: string) => string;
  readonly late: (when: string, over: string | null) => string;
  readonly standsStill: (cause: string, rest: string) => string;
  readonly standsStillLate: (cause: string, over: string | null) => string;
  readonly neverDue: Readonly<Record<'no_working_time' | 'too_far' | 'unknown_calendar', string>>;
  readonly unpublished: (years: readonly number[]) => string;
  readonly incomplete: string;
  readonly unknownCalendar: string;
  readonly holiday: string;
  readonly list: string;
}

export const priorityNames: Record<Language, Record<Priority, string>> = {
  zh: { urgent: '紧急', high: '高', normal: '中', low: '低' },
  en: { urgent: 'urgent', high: 'high', normal: 'normal', low: 'low' },
};

const priorityName = (language: Language, priority: string) => priorityNames[language][priority as Priority] ?? priority;
/** A gap of years is told by its ends. */
const years = (list: readonly number[]) => (list.length > 2 ? `${list[0]}–${list.at(-1)}` : list.join('、'));

/** The sentences of explanations (explain.ts), in both languages. */
export const explainPhrases: Readonly<Record<Language, Phrases>> = {
  zh: {
    metric: (metric, step, team) => `${team === null ? '' : `班组“${team}”内部`}${step === null ? slaMetricNames[metric].zh : `环节“${step}”`}时限`,
    deeds: { acceptance: '接单', first_response: '首次回复客户', next_response: '回复客户', arrival: '到场', step: '完成该环节', resolution: '解决' },
    promise: ({ what, time, policy, calendar, week }) => `${what} ${time}，依据策略“${policy}”，按日历“${calendar}”（${week}）计算。`,
    changed: ({ when, reasons, from, to, calendar, used }) => `${when} ${reasons.join('，')}，时限${from === to ? `仍为 ${to}` : `由 ${from}改为 ${to}`}${calendar === null ? '' : `，${calendar}`}，${used === null ? '从此重新计时' : `已用 ${used}计入`}。`,
    priorityChanged: (from, to) => `优先级由${priorityName('zh', from)}改为${priorityName('zh', to)}`,
    typeChanged: (from, to) => `工单类型由“${from}”改为“${to}”`,
    tierChanged: (from, to) => `客户等级由${from ?? '无'}变为${to ?? '无'}`,
    policyChanged: '适用的策略有变化',
    otherCalendar: (name, zone) => `改按日历“${name}”${zone === '' ? '' : `（${zone}）`}计算`,
    started: (when) => `${when} 开始计时。`,
    running: (range, counted, used) => `${range} 计时 ${counted}，累计 ${used}。`,
    several: (range, count, counted, used) => `${range} 其间 ${count} 段工作时间，共计时 ${counted}，累计 ${used}。`,
    outside: (range, why) => `${range} 非工作时间${why === '' ? '' : `（${why}）`}，不计时。`,
    paused: (range, cause) => `${range} 暂停：${cause}。`,
    due: (when, deed) => `应在 ${when} 前${deed}。`,
    breached: (when) => `${when} 超时。`,
    met: (when, used) => `${when} 按时达成，用时 ${used}。`,
    metLate: (when, used, over) => `${when} 完成，用时 ${used}，${over === null ? '期限已过' : `超时 ${over}`}。`,
    cancelled: (when) => `${when} 不再需要，计时作废。`,
    dueIn: (when, deed, rest) => `应在 ${when} 前${deed}，还剩 ${rest}工作时间。`,
    late: (when, over) => `${when} 已超时${over === null ? '' : `，超出 ${over}工作时间`}。`,
    standsStill: (cause, rest) => `已暂停：${cause}，恢复后还剩 ${rest}工作时间。`,
    standsStillLate: (cause, over) => `已暂停：${cause}，时间已用完${over === null ? '' : `，超出 ${over}工作时间`}。`,
    neverDue: { no_working_time: '日历里没有剩余的工作时间，无法得出期限。', too_far: '期限在一百年以后，无法得出。', unknown_calendar: '日历已不存在，无法得出期限。' },
    unpublished: (list) => `${years(list)} 年的节假日尚未公布，期限可能变化。`,
    incomplete: '区间太多，其余从略。',
    unknownCalendar: '日历已不存在',
    holiday: '假日',
    list: '、',
  },
  en: {
    metric: (metric, step, team) => `${team === null ? '' : `Team “${team}”: `}${step === null ? slaMetricNames[metric].en : `step “${step}”`}`,
    deeds: { acceptance: 'Accept it', first_response: 'Give the customer a first answer', next_response: 'Answer the customer', arrival: 'Be on the spot', step: 'Finish the step', resolution: 'Resolve it' },
    promise: ({ what, time, policy, calendar, week }) => `${what} within ${time}, by policy “${policy}” and calendar “${calendar}” (${week}).`,
    changed: ({ when, reasons, from, to, calendar, used }) => `${when}: ${reasons.join(', ')}; the time ${from === to ? `stays ${to}` : `changed from ${from} to ${to}`}${calendar === null ? '' : `, ${calendar}`}; ${used === null ? 'counting begins anew' : `the ${used} already used count`}.`,
    priorityChanged: (from, to) => `priority changed from ${from} to ${to}`,
    typeChanged: (from, to) => `type changed from “${from}” to “${to}”`,
    tierChanged: (from, to) => `customer tier changed from ${from ?? 'none'} to ${to ?? 'none'}`,
    policyChanged: 'another policy or version applies',
    otherCalendar: (name, zone) => `now by calendar “${name}”${zone === '' ? '' : ` (${zone})`}`,
    started: (when) => `${when}: the clock starts.`,
    running: (range, counted, used) => `${range}: ${counted} counted, ${used} in all.`,
    several: (range, count, counted, used) => `${range}: ${counted} counted in ${count} stretches of working time, ${used} in all.`,
    outside: (range, why) => `${range}: outside working hours${why === '' ? '' : ` (${why})`}, not counted.`,
    paused: (range, cause) => `${range}: paused, ${cause}.`,
    due: (when, deed) => `${deed} by ${when}.`,
    breached: (when) => `${when}: the time is over.`,
    met: (when, used) => `${when}: met in time, after ${used}.`,
    metLate: (when, used, over) => `${when}: done after ${used}, ${over === null ? 'past its time' : `${over} late`}.`,
    cancelled: (when) => `${when}: no longer needed, the clock is void.`,
    dueIn: (when, deed, rest) => `${deed} by ${when}; ${rest} of working time left.`,
    late: (when, over) => `Late since ${when}${over === null ? '' : `, by ${over} of working time`}.`,
    standsStill: (cause, rest) => `Paused, ${cause}; ${rest} of working time left once it goes on.`,
    standsStillLate: (cause, over) => `Paused, ${cause}; its time is used up${over === null ? '' : `, and ${over} more`}.`,
    neverDue: { no_working_time: 'The calendar has no working time left, so there is no deadline.', too_far: 'The deadline is more than a hundred years away.', unknown_calendar: 'The calendar no longer exists, so there is no deadline.' },
    unpublished: (list) => `The holidays of ${years(list).replace('、', ' and ')} are not published yet; the deadline may change.`,
    incomplete: 'There are too many intervals to show; the rest is left out.',
    unknownCalendar: 'the calendar no longer exists',
    holiday: 'holiday',
    list: ', ',
  },
};
