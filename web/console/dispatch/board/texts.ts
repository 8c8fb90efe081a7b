import type { Language } from '../../../ui/preferences.ts';
import { ownTexts } from '../../texts/own-texts.ts';
import { phrases } from '../../texts/phrases.ts';

const boardPhrases = phrases({
  'title': ['调度台', 'Dispatch'],
  'day.before': ['前一天', 'The day before'], 'day.after': ['后一天', 'The day after'], 'day.today': ['今天', 'Today'], 'day.choose': ['选择日期', 'Choose a day'],
  'team': ['班组', 'Team'], 'team.all': ['全部班组', 'All teams'],
  'zoom': ['时间刻度', 'Time scale'], 'zoom.15': ['15 分', '15 min'], 'zoom.30': ['30 分', '30 min'], 'zoom.60': ['1 小时', '1 h'],
  'map.show': ['显示地图', 'Show the map'], 'map.hide': ['收起地图', 'Hide the map'],
  'people.filter': ['筛选人员', 'Filter people'], 'onlyBusy': ['只看有安排的', 'Only those with visits'], 'onlyDuty': ['只看当班', 'Only those at work'], 'onlyCall': ['只看待命', 'Only those on call'], 'find.person': ['找人', 'Find somebody'], 'find.people': ['找人（{{count}}）', 'Find ({{count}})'],
  'figure.visits': ['上门', 'Visits'], 'figure.travel': ['路程', 'Travel'], 'figure.work': ['工时', 'Work'], 'figure.late': ['会迟到', 'Late'], 'figure.overtime': ['加班', 'Overtime'], 'figure.idle': ['空闲', 'Idle'],

  'lane': ['待排', 'Unplanned'], 'pool': ['抢单池', 'On offer'], 'people': ['人员', 'People'], 'map': ['地图', 'Map'],
  'lane.find': ['工单号、标题或地址', 'Number, subject or address'], 'lane.priority': ['优先级', 'Priority'], 'lane.anyPriority': ['全部优先级', 'Any priority'],
  'lane.empty': ['没有待排的工单', 'Nothing waits to be planned'], 'lane.emptyHint': ['新工单和退回的上门会出现在这里。', 'New tickets, and visits that are given back, appear here.'],
  'lane.none': ['没有符合条件的工单', 'Nothing matches'], 'lane.noneHint': ['换个词或清除筛选试试。', 'Try another word, or clear the filter.'], 'lane.clear': ['清除筛选', 'Clear the filter'],
  'lane.hint': ['拖到右侧的人员和时间上；或按 Enter 拿起，用方向键选择。', 'Drag one onto a person and a time; or press Enter to pick it up, and the arrow keys to choose.'],
  'lane.drop': ['放到这里，退回待排', 'Drop here to give it back'], 'lane.minutes': ['{{count}} 分钟', '{{count}} min'], 'lane.noPlace': ['没有位置', 'No place'], 'lane.promised': ['承诺 {{time}}', 'Promised {{time}}'], 'lane.due': ['时限 {{time}}', 'Due {{time}}'], 'lane.overdue': ['已超时', 'Overdue'], 'lane.skills': ['需要 {{names}}', 'Needs {{names}}'],
  'lane.who': ['推荐谁去', 'Who should go'],

  'row.label': ['{{name}}，{{count}} 次上门，路程 {{travel}}', '{{name}}, {{count}} visits, {{travel}} of travel', '{{name}}, 1 visit, {{travel}} of travel'],
  'row.off': ['不上班', 'Off'], 'row.onCall': ['待命中', 'On call'], 'row.onCallLater': ['当天待命', 'On call that day'], 'row.absent': ['请假', 'Away'], 'row.break': ['休息', 'Break'], 'row.allDay': ['未排班次', 'No shifts entered'],
  'row.visits': ['{{count}} 单', '{{count}} visits', '1 visit'], 'row.free': ['空闲', 'Free'], 'row.late': ['迟 {{count}}', '{{count}} late'], 'row.menu': ['{{name}} 的操作', 'What to do with {{name}}'],
  'row.absentReplan': ['今天不能来，重新排', 'Cannot work: plan anew'],
  'timeline': ['时间轴', 'Timeline'], 'timeline.more': ['共 {{total}} 人，显示前 {{count}} 人；按班组筛选可看到其余的人。', '{{total}} people, of whom the first {{count}} are shown; choose a team to see the others.'],
  'timeline.nobody': ['没有可派的人', 'Nobody to send'], 'timeline.nobodyHint': ['把技术人员加入你调度的班组，并排好班次。', 'Add technicians to the teams you dispatch, and enter their shifts.'],
  'timeline.noMatch': ['没有符合条件的人', 'Nobody matches'],
  'timeline.now': ['现在 {{time}}', 'Now {{time}}'],

  'stop.label': ['{{number}} {{subject}}，{{from}} 到 {{to}}', '{{number}} {{subject}}, {{from}} to {{to}}'], 'stop.withheld': ['其他班组的上门', 'A visit of another team'],
  'stop.late': ['迟 {{time}}', '{{time}} late'], 'stop.travel': ['路程 {{time}}', '{{time}} of travel'], 'stop.missing': ['缺技能：{{names}}', 'Lacks: {{names}}'], 'stop.draft': ['未保存', 'Not saved'], 'stop.open': ['打开工单', 'Open the ticket'], 'stop.window': ['承诺 {{from}}–{{to}}', 'Promised {{from}}–{{to}}'],
  'stop.release': ['退回待排', 'Give back'], 'stop.move': ['移动', 'Move'], 'stop.runsLate': ['延误，重新排', 'Runs late: plan anew'], 'stop.locked': ['已锁定', 'Held'], 'stop.crew': ['{{count}} 人同去', '{{count}} people together'],

  'carry.picked': ['已拿起 {{number}}。左右键改时间，上下键换人，Enter 放下，Esc 取消。', 'Picked up {{number}}. Left and right change the time, up and down the person, Enter drops it, Esc cancels.'],
  'carry.at': ['{{name}}，{{time}}', '{{name}}, {{time}}'], 'carry.cancelled': ['已取消', 'Cancelled'], 'carry.dropped': ['{{number}} 放到 {{name}}，{{time}}', '{{number}} goes to {{name}}, {{time}}'],
  'carry.keys': ['←→ 时间  ↑↓ 人员  Enter 放下  Esc 取消', '←→ time  ↑↓ person  Enter drop  Esc cancel'],
  'cost.begins': ['{{from}} 到 {{to}}', '{{from}} to {{to}}'], 'cost.travel': ['路程 {{time}}', 'Travel {{time}}'], 'cost.noTravel': ['不多跑路', 'No more travel'], 'cost.late': ['迟到 {{time}} 单', 'Late visits {{time}}'], 'cost.overtime': ['加班 {{time}}', 'Overtime {{time}}'], 'cost.fine': ['可以，不违反规则', 'Fine: breaks no rule'], 'cost.reckoning': ['计算中…', 'Reckoning…'], 'cost.unknown': ['暂时算不出', 'Could not be reckoned'],

  'reason.title': ['违反了规则，仍要安排？', 'This breaks a rule. Plan it all the same?'], 'reason.why': ['原因', 'Reason'], 'reason.hint': ['会写进工单的记录，所有人都能看到。', 'It is kept in the history of the ticket, for all to see.'], 'reason.do': ['仍然安排', 'Plan it all the same'],
  'saved': ['已安排 {{number}}：{{name}} {{time}}', '{{number}} is planned: {{name}}, {{time}}'], 'saved.released': ['{{number}} 已退回待排', '{{number}} was given back'], 'saved.many': ['已保存 {{count}} 处改动', '{{count}} changes were saved', '1 change was saved'], 'undo': ['撤销', 'Undo'], 'undone': ['已撤销', 'Undone'],
  'changed': ['有人刚改过这里，已显示最新安排，请再试一次。', 'Somebody has just changed this. The board shows it as it is now: please try again.'],

  'whatIf': ['试排', 'What if'], 'whatIf.hint': ['先试着排，不保存；看过总的变化再应用。', 'Try moves without saving; apply them once the sum of it looks right.'], 'whatIf.label': ['试排中', 'Trying out'], 'whatIf.count': ['{{count}} 处改动', '{{count}} moves', '1 move'], 'whatIf.none': ['拖动上门试试，不会保存。', 'Move visits around: nothing is saved.'], 'whatIf.apply': ['应用', 'Apply'], 'whatIf.discard': ['放弃', 'Throw away'], 'whatIf.broken': ['违反 {{count}} 条规则', 'Breaks {{count}} rules', 'Breaks 1 rule'], 'whatIf.sound': ['不违反规则', 'Breaks no rule'],

  'lock': ['锁定', 'Hold'], 'lock.none': ['不锁定', 'Not held'],
  'panel.proposals': ['推荐谁去', 'Who should go'], 'panel.place': ['地点', 'Place'], 'panel.work': ['工时', 'Work'], 'panel.window': ['承诺时段', 'Promised'], 'panel.due': ['时限', 'Due'], 'panel.skills': ['技能', 'Skills'], 'panel.members': ['同行', 'Together with'], 'panel.planned': ['安排', 'Planned'], 'panel.plan': ['安排到 {{time}}', 'Plan at {{time}}'], 'panel.planBlank': ['安排', 'Plan'], 'panel.day': ['日期', 'Day'], 'panel.moveDay': ['改到这天', 'Move to that day'], 'panel.dayTrying': ['试排只针对当天；结束试排后再改日期。', 'What is tried out is of one day: end it before you choose another.'], 'panel.when': ['时间', 'Time'], 'panel.nobody': ['没有可以派的人', 'Nobody can be sent'], 'panel.wait': ['仍在计算推荐', 'Reckoning'], 'panel.urgent': ['紧急插单，重新排', 'Squeeze it in: plan anew'], 'panel.close': ['关闭', 'Close'], 'panel.otherDay': ['推荐的是 {{day}}', 'Proposed for {{day}}'],
  'technician.onCall': ['待命 {{hours}}', 'On call {{hours}}'], 'technician.route': ['当天路线', 'The way of the day'], 'technician.none': ['这天没有安排', 'Nothing is planned that day'],

  'offers.empty': ['现在没有开放的抢单', 'Nothing is on offer'], 'offers.emptyHint': ['按抢单、依次等方式派出的工单，在有人接下之前显示在这里。', 'Tickets given out by grabbing or in turn are shown here until somebody takes them.'], 'offers.asked': ['问过 {{count}} 人', '{{count}} asked'], 'offers.until': ['到 {{time}}', 'until {{time}}'],

  'map.label': ['调度地图', 'Map of the day'], 'map.fit': ['显示全部', 'Show all'], 'map.heat': ['待办热力', 'Heat of open work'], 'map.routes': ['路线', 'Routes'], 'map.areas': ['服务区域', 'Territories'], 'map.in': ['放大', 'Zoom in'], 'map.out': ['缩小', 'Zoom out'], 'map.cluster': ['{{count}} 张工单', '{{count}} tickets'], 'map.person': ['{{name}}，位置更新于 {{time}}', '{{name}}, seen at {{time}}'], 'map.empty': ['还没有带位置的工单', 'No ticket has a place yet'], 'map.legend': ['待排', 'Unplanned'], 'map.failed': ['地图打不开', 'The map could not be opened'],
  'split': ['地图宽度', 'Width of the map'],
});

const texts = ownTexts(boardPhrases);

/** The texts of the dispatch board (调度台文案). */
export function useBoardTexts(): { t: typeof texts.t; language: Language } {
  const { language } = texts.useTexts();
  // The same function always: what is drawn anew by hundreds must not think that its words have changed.
  return { t: texts.t, language };
}
