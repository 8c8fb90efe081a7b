import { createDictionary } from './dictionary.ts';

/** Words that the shared parts of all faces need: states, priorities, what to do when something failed. */
const chinese = {
  'status.new': '待受理',
  'status.open': '处理中',
  'status.waiting': '等待中',
  'status.resolved': '已解决',
  'status.closed': '已关闭',
  'status.cancelled': '已取消',
  'priority.urgent': '紧急',
  'priority.high': '高',
  'priority.normal': '中',
  'priority.low': '低',
  'priority.label': '优先级：{{priority}}',
  'problem.retry': '重试',
  'problem.reload': '刷新页面',
  'problem.renewed': '有新版本，正在刷新页面…已写的内容会保留',
  'problem.broken': '这部分页面出错了',
  'problem.brokenHint': '其他部分不受影响。可以重试，或刷新页面。',
} as const;

const english = {
  'status.new': 'New',
  'status.open': 'Open',
  'status.waiting': 'Waiting',
  'status.resolved': 'Resolved',
  'status.closed': 'Closed',
  'status.cancelled': 'Cancelled',
  'priority.urgent': 'Urgent',
  'priority.high': 'High',
  'priority.normal': 'Normal',
  'priority.low': 'Low',
  'priority.label': 'Priority: {{priority}}',
  'problem.retry': 'Try again',
  'problem.reload': 'Reload the page',
  'problem.renewed': 'There is a new version: reloading… What you wrote is kept',
  'problem.broken': 'This part of the page failed',
  'problem.brokenHint': 'The rest still works. Try again, or reload the page.',
};

/** Says one of the shared words in the language in use. */
export const words = createDictionary(chinese, english);

/** The fixed classes every status belongs to (状态类别). */
export type StatusClass = 'new' | 'open' | 'waiting' | 'resolved' | 'closed' | 'cancelled';
/** Priority (优先级), most urgent first. */
export type Priority = 'urgent' | 'high' | 'normal' | 'low';
