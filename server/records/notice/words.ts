import type { NotificationReason } from '../../../contract/desk.ts';
import { noticeLimits, type NoticeChannel, type TemplateKind } from '../../../contract/notice.ts';
import type { Language } from '../../../contract/refusals.ts';
import { shorten } from '../../channels/escape.ts';

/** What a notice says: one line, and some more. */
export interface NoticeWords {
  title: string;
  body: string;
}

/** What templates of notices can say (通知变量): values by name, in both languages what they mean. */
export const noticeVariables = {
  reason: { zh: '为什么通知', en: 'Why it is told' },
  actor: { zh: '谁做的', en: 'Who did it' },
  recipient: { zh: '收件人', en: 'Who is told' },
  'ticket.number': { zh: '工单编号', en: 'Number of the ticket' },
  'ticket.subject': { zh: '工单标题', en: 'Subject of the ticket' },
  preview: { zh: '内容摘要', en: 'Beginning of what was said' },
  for: { zh: '代谁接收', en: 'The absent colleague it was meant for' },
  count: { zh: '一共几条', en: 'How many there are' },
  lines: { zh: '前几条，每行一条', en: 'The first few, one a line' },
  organization: { zh: '企业名称', en: 'Name of the organization' },
  link: { zh: '链接', en: 'Link' },
} as const satisfies Record<string, { zh: string; en: string }>;
export type NoticeVariable = keyof typeof noticeVariables;

/** Why somebody is told, in words. */
export const reasonWords: Record<NotificationReason, { zh: string; en: string }> = {
  mentioned: { zh: '提到您', en: 'You were mentioned' },
  team_mentioned: { zh: '提到您的班组', en: 'Your team was mentioned' },
  assigned: { zh: '派给您', en: 'Assigned to you' },
  delegated: { zh: '请您协办', en: 'You are asked to help' },
  replied: { zh: '客户回复', en: 'The customer replied' },
  watching: { zh: '关注的工单有变化', en: 'A watched ticket changed' },
  returned: { zh: '工单被退回', en: 'Came back to you' },
  held_failed: { zh: '回复没有发出', en: 'Your reply was not sent' },
  rule: { zh: '规则提醒', en: 'A rule tells you' },
  rule_suspended: { zh: '自动化规则已关闭', en: 'A rule was switched off' },
  side_conversation: { zh: '旁路会话找您', en: 'Side conversation' },
  checklist: { zh: '检查项交给您', en: 'A checklist item is yours' },
  urgent: { zh: '紧急工单待派', en: 'Urgent and nobody has it' },
  sla_warned: { zh: '时限快到了', en: 'Deadline near' },
  sla_breached: { zh: '已超时', en: 'Deadline missed' },
  sla_escalated: { zh: '超时升级', en: 'Deadline missed, escalated to you' },
  unanswered: { zh: '紧急通知无人响应', en: 'Urgent and nobody answered' },
  offered: { zh: '有单可接', en: 'Work is offered to you' },
  unclaimed: { zh: '派单无人接', en: 'Nobody took an offer' },
  hurried: { zh: '热线催办', en: 'The hotline asks to hurry' },
  rescheduled: { zh: '上门时间有变', en: 'A visit was moved' },
};

const one = { zh: { title: '{{reason}}：{{ticket.number}} {{ticket.subject}}', body: '{{actor}}：{{preview}}' }, en: { title: '{{reason}}: {{ticket.number}} {{ticket.subject}}', body: '{{actor}}: {{preview}}' } };
const several = { zh: { title: '{{count}} 条通知：{{reason}}等', body: '{{lines}}' }, en: { title: '{{count}} notifications: {{reason}} and more', body: '{{lines}}' } };
const special: Partial<Record<TemplateKind, typeof one>> = {
  several,
  // Whoever it is offered to does not see the ticket before it is theirs.
  offered: { zh: { title: '{{reason}}：{{preview}}', body: '先到先得或有时限，请尽快查看。' }, en: { title: '{{reason}}: {{preview}}', body: 'Whoever is first has it, or there is a time to answer: have a look soon.' } },
  unanswered: { zh: { title: '{{reason}}：{{ticket.number}} {{ticket.subject}}', body: '原本通知 {{for|您的同事}}，一直没有响应，请您处理或安排。\n{{preview}}' }, en: { title: '{{reason}}: {{ticket.number}} {{ticket.subject}}', body: '{{for|Your colleague}} was told and has not answered. Please take it up or see to it.\n{{preview}}' } },
};

/** What is said where an organization says nothing else (标准模板): a text message and a push are short by themselves. */
export function standardWords(kind: TemplateKind, channel: NoticeChannel, language: Language): NoticeWords {
  const words = (special[kind] ?? one)[language === 'en' ? 'en' : 'zh'];
  return channel === 'sms' ? { title: words.title, body: '' } : words;
}

const pattern = /\{\{([^{}]*)\}\}/g;
const nameOf = (inside: string) => inside.split('|')[0]!.trim();

/** The names in a text that stand for nothing (未知变量). */
export const unknownNoticeVariables = (text: string): string[] => [...new Set([...text.matchAll(pattern)].map((match) => nameOf(match[1]!)).filter((name) => !Object.hasOwn(noticeVariables, name)))];

/**
 * Fills a template (填写通知模板): each value is put in as it is, once, and nothing in it is read as a template. Marks around a value that is
 * missing go with it: a colon at the end or the beginning of a line stands for nothing.
 */
export function fillWords(words: NoticeWords, values: Readonly<Partial<Record<NoticeVariable, string | null>>>): NoticeWords {
  const fill = (text: string) => text.split('\n').map((line) => line.replace(pattern, (whole, inside: string) => {
    const name = nameOf(inside);
    if (!Object.hasOwn(noticeVariables, name)) return whole;
    const otherwise = inside.includes('|') ? inside.slice(inside.indexOf('|') + 1).trim() : '';
    return values[name as NoticeVariable] || otherwise;
  }).replace(/^[：:]\s*|[：:\s]+$/g, '')).filter((line, index, all) => line !== '' || (index > 0 && all[index - 1] !== '')).join('\n').trim();
  return { title: shorten(fill(words.title), noticeLimits.title) || (values.reason ?? ''), body: shorten(fill(words.body), noticeLimits.body) };
}

/** Values to show a template with. */
export function sampleValues(kind: TemplateKind, language: Language, organization: string, link: string): Record<NoticeVariable, string> {
  const zh = language !== 'en';
  const reason = reasonWords[kind === 'several' ? 'assigned' : kind][zh ? 'zh' : 'en'];
  const [number, subject] = ['20261122-00042', zh ? '厨房水管爆裂' : 'Burst pipe in the kitchen'];
  return {
    reason, actor: zh ? '赵敏' : 'Zhao Min', recipient: zh ? '李工' : 'Li Gong', 'ticket.number': number, 'ticket.subject': subject, preview: zh ? '水漫到客厅了，请尽快上门。' : 'Water is running into the living room.',
    for: zh ? '周强' : 'Zhou Qiang', count: '3', lines: [1, 2, 3].map((place) => `${reason}${zh ? '：' : ': '}20261122-0004${place} ${subject}`).join('\n'), organization, link,
  };
}
