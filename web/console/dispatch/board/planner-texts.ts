import type { Language } from '../../../ui/preferences.ts';
import { ownTexts } from '../../texts/own-texts.ts';
import { phrases } from '../../texts/phrases.ts';

const plannerPhrases = phrases({
  'open': ['智能排程', 'Planner'], 'title': ['智能排程', 'Plan the day'], 'of': ['{{day}} 的排程', 'Plan of {{day}}'],
  'intro': ['在你给的时间里找出路程少、不迟到、不违反规则的安排。先看结果，再决定是否应用。', 'Looks for a plan with little travel, nobody late and no rule broken, for as long as you give it. See the result first, then apply it or not.'],
  'teams': ['班组', 'Teams'], 'teams.none': ['至少选一个班组', 'Choose at least one team'],
  'tickets': ['排哪些工单', 'Which tickets'], 'tickets.all': ['全部待排的', 'All that are unplanned'], 'tickets.some': ['只排选中的', 'Only those chosen'], 'tickets.choose': ['选择工单', 'Choose tickets'], 'tickets.count': ['已选 {{count}} 张', '{{count}} chosen', '1 chosen'],
  'keep': ['已有的安排', 'What is planned already'],
  'seconds': ['计算时间', 'Time to search'], 'seconds.value': ['{{count}} 秒', '{{count}} s'],
  'promise': ['给客户承诺时段', 'Promise customers a window'], 'promise.none': ['不承诺', 'Promise nothing'], 'promise.minutes': ['{{count}} 分钟的时段', 'A window of {{count}} min'],
  'start': ['开始计算', 'Work it out'], 'earlier': ['今天算过的', 'Worked out before'],
  'running': ['正在计算', 'Working it out'], 'waiting': ['排队等待计算', 'Waiting its turn'], 'runningHint': ['可以关上这里继续工作，算好后再回来看。', 'You may close this and go on working; the result waits for you.'],
  'failed': ['没有算出结果', 'No plan came about'], 'again': ['重新设置', 'Change the settings'],
  'figure': ['项目', 'Figure'], 'before': ['现在', 'Now'], 'after': ['排程后', 'After'], 'difference': ['变化', 'Change'],
  'planned': ['新安排 {{count}}', '{{count}} newly planned'], 'moved': ['改动 {{count}}', '{{count}} moved'], 'keptCount': ['不变 {{count}}', '{{count}} unchanged'], 'left': ['未排 {{count}}', '{{count}} left out'],
  'movedOf': ['{{count}} 个已有安排中改动了 {{moved}} 个', '{{moved}} of {{count}} bookings were moved'],
  'item.to': ['{{name}} {{time}}', '{{name}} {{time}}'], 'item.choose': ['选择 {{number}}', 'Choose {{number}}'], 'item.none': ['没有', 'None'],
  'left.relax': ['可以这样放宽', 'What would do'], 'left.none': ['没有一处放宽就能排下', 'No single exception would do'],
  'apply': ['应用全部', 'Apply all'], 'apply.some': ['应用 {{count}} 项', 'Apply {{count}}', 'Apply 1'], 'withdraw': ['放弃', 'Give up'], 'close': ['完成', 'Done'],
  'event.absent': ['这里只重排当天的上门。请同时登记请假，推荐派人、抢单和客户预约才不会再算上此人。', 'This plans the visits of the day anew and nothing else. Enter the absence as well, so that proposals, offers and appointments leave them out.'],
  'applied.returned': ['{{count}} 项已退回待排', '{{count}} were given back', '1 was given back'],
  'aside.beyond': ['还有 {{count}} 张工单超出一次能排的数量，没有参与', '{{count}} more tickets were not looked at: a plan takes the most pressing 1,000', '1 more ticket was not looked at: a plan takes the most pressing 1,000'],
  'aside.gone': ['选中的 {{count}} 张工单已不在待排，没有参与', '{{count}} of those chosen wait no longer and were not looked at', '1 of those chosen waits no longer and was not looked at'],
  'aside.later': ['{{count}} 张工单已承诺以后的日子，没有参与', '{{count}} tickets are promised for a later day and were not looked at', '1 ticket is promised for a later day and was not looked at'],
  'applied': ['已应用：{{count}} 项已安排', 'Applied: {{count}} are planned', 'Applied: 1 is planned'], 'applied.skipped': ['{{count}} 项未改动，原因见下', '{{count}} were left alone; see why below', '1 was left alone; see why below'],
  'preview': ['计划已显示在时间轴和地图上（虚线）。', 'The plan is shown on the timeline and the map, dashed.'],
  'total.visits': ['上门', 'Visits'], 'total.travelSeconds': ['路程', 'Travel'], 'total.travelMetres': ['里程', 'Distance'], 'total.workSeconds': ['工时', 'Work'], 'total.idleSeconds': ['空闲', 'Idle'], 'total.overtimeSeconds': ['加班', 'Overtime'], 'total.late': ['迟到', 'Late'],
  'late': ['会迟到', 'Late'], 'event': ['事由', 'Because of'], 'kilometres': ['{{count}} 公里', '{{count}} km'],
});

const texts = ownTexts(plannerPhrases);

/** The texts of the planner (智能排程文案). */
export function usePlannerTexts(): { t: typeof texts.t; language: Language } {
  const { language } = texts.useTexts();
  // The same function always: what is drawn anew by hundreds must not think that its words have changed.
  return { t: texts.t, language };
}
