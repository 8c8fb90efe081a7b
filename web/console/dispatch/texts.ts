import { ownTexts } from '../texts/own-texts.ts';
import { phrases } from '../texts/phrases.ts';

const dispatchPhrases = phrases({
  'weights.title': ['派单设置', 'Dispatch'],
  'weights.intro': ['每个班组的工单怎样找到处理人：派单方式，以及推荐派给谁时各项算多少。', 'How tickets of each team find whoever does them: the way they are given out, and what counts when somebody is proposed.'],
  'weights.part': ['推荐权重', 'Weights of proposals'],
  'weights.hint': ['推荐派给谁时，各项各算多少。每个班组可以有自己的权重；下面用该班组最近的工单试算，保存前就能看到推荐会怎么变。', 'How much each factor counts when somebody is proposed. A team may weigh in its own way; its newest tickets below show what would change, before anything is saved.'],
  'weights.team': ['班组', 'Team'],
  'weights.own': ['本班组自己的权重', 'The team’s own'],
  'weights.usual': ['通用权重', 'The usual ones'],
  'weights.back': ['恢复通用权重', 'Back to the usual'],
  'weights.undo': ['放弃修改', 'Discard changes'],
  'weights.save': ['保存', 'Save'],
  'weights.saved': ['权重已保存', 'The weights were saved'],
  'weights.none': ['至少一项大于 0', 'At least one must be above 0'],
  'weights.previewTitle': ['最近的工单会推荐给谁', 'Whom the newest tickets would be proposed to'],
  'weights.previewHint': ['按今天在岗的人和他们今天的安排计算。', 'Reckoned with the people at work now and what they have to do.'],
  'weights.changed': ['{{count}} 张会改变', '{{count}} would change'],
  'weights.same': ['推荐不变', 'Nothing would change'],
  'weights.nobody': ['没有可派的人', 'Nobody'],
  'weights.ticket': ['工单', 'Ticket'],
  'weights.assignee': ['实际处理人', 'Has it'],
  'weights.now': ['现在推荐', 'Proposed now'],
  'weights.draft': ['改后推荐', 'With the draft'],
  'weights.noTickets': ['这个班组还没有工单', 'This team has no tickets yet'],
  'factor.travel': ['路程', 'Travel'],
  'factor.promptness': ['最早到达', 'How soon'],
  'factor.skill': ['技能匹配', 'Skill'],
  'factor.load': ['当前负荷', 'Load'],
  'factor.familiarity': ['熟悉程度', 'Knows it'],
  'factor.fairness': ['派单均衡', 'Fair share'],
  'factor.travel.what': ['多走的路越少越好', 'The less travel, the better'],
  'factor.promptness.what': ['越早能到越好', 'The sooner, the better'],
  'factor.skill.what': ['够用即可，高手留给难的', 'Enough is best: experts stay free'],
  'factor.load.what': ['当天上门越少越好', 'The fewer visits that day, the better'],
  'factor.familiarity.what': ['去过这个客户或设备', 'Has been at this customer or asset'],
  'factor.fairness.what': ['最近一周做得少的优先', 'Whoever did less in the last week'],
});

/** The texts of dispatching (派单文案). */
export const { useTexts: useDispatchTexts } = ownTexts(dispatchPhrases);
