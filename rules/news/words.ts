import type { NewsEvent } from './events.ts';

/** What the words of news can say (通报变量), in both languages what they mean. */
export const newsVariables = {
  name: { zh: '客户姓名', en: 'Name of the customer' },
  'ticket.number': { zh: '工单编号', en: 'Number of the ticket' },
  'ticket.subject': { zh: '工单标题', en: 'Subject of the ticket' },
  technician: { zh: '上门工程师', en: 'Technician' },
  window: { zh: '上门时间', en: 'Time of the visit' },
  resolution: { zh: '处理结果', en: 'What was done' },
  reason: { zh: '取消原因', en: 'Why it was cancelled' },
  organization: { zh: '企业名称', en: 'Name of the organization' },
  link: { zh: '进度链接', en: 'Link to follow it' },
} as const satisfies Record<string, { zh: string; en: string }>;
export type NewsVariable = keyof typeof newsVariables;

/** What is said where an organization says nothing else (标准文案). */
export const standardNews: Readonly<Record<NewsEvent, { zh: string; en: string }>> = {
  received: { zh: '已收到您反映的“{{ticket.subject}}”，工单号 {{ticket.number}}。随时可看进度：{{link}}', en: 'We have your request “{{ticket.subject}}”, number {{ticket.number}}. Follow it at {{link}}' },
  accepted: { zh: '您的工单 {{ticket.number}}“{{ticket.subject}}”已受理，我们正在处理。', en: 'Your request {{ticket.number}} “{{ticket.subject}}” is being worked on.' },
  scheduled: { zh: '您的工单 {{ticket.number}} 已安排{{technician|工程师}}上门。\n时间：{{window|稍后与您确认}}\n进度：{{link}}', en: '{{technician|A technician}} will come for your request {{ticket.number}}.\nWhen: {{window|to be agreed with you}}\nFollow it at {{link}}' },
  travelling: { zh: '{{technician|工程师}}已出发，正在前往您处（工单 {{ticket.number}}）。', en: '{{technician|The technician}} is on the way to you (request {{ticket.number}}).' },
  near: { zh: '{{technician|工程师}}快到了，请留意（工单 {{ticket.number}}）。', en: '{{technician|The technician}} is almost there (request {{ticket.number}}).' },
  resolved: { zh: '您的工单 {{ticket.number}}“{{ticket.subject}}”已处理完成。\n处理结果：{{resolution}}\n如果还有问题，直接回复即可。', en: 'Your request {{ticket.number}} “{{ticket.subject}}” is done.\nWhat was done: {{resolution}}\nIf something is still wrong, just reply.' },
  closed: { zh: '您的工单 {{ticket.number}} 已关闭，感谢您的配合。', en: 'Your request {{ticket.number}} is closed. Thank you.' },
  cancelled: { zh: '您的工单 {{ticket.number}}“{{ticket.subject}}”已取消。\n原因：{{reason}}', en: 'Your request {{ticket.number}} “{{ticket.subject}}” was cancelled.\nWhy: {{reason}}' },
  survey: { zh: '请为工单 {{ticket.number}} 的服务打分：直接回复 1 到 5（5 为非常满意）。\n也可以在这里评价：{{link}}', en: 'How was our service for request {{ticket.number}}? Reply with a number from 1 to 5 (5: very good).\nOr rate it at {{link}}' },
};

const pattern = /\{\{([^{}]*)\}\}/g;
const nameOf = (inside: string) => inside.split('|')[0]!.trim();

/** The names in a text that stand for nothing (未知变量). */
export const unknownNewsVariables = (text: string): string[] => [...new Set([...text.matchAll(pattern)].map((match) => nameOf(match[1]!)).filter((name) => !Object.hasOwn(newsVariables, name)))];

/**
 * Fills the words of news (填写通报): each value is put in as it is, and nothing in it is read as a variable. A line whose only variables are missing
 * says nothing and goes with them.
 */
export function fillNews(words: string, values: Readonly<Partial<Record<NewsVariable, string | null>>>): string {
  return words.split('\n').flatMap((line) => {
    let [asked, filled] = [0, 0];
    const said = line.replace(pattern, (_whole, inside: string) => {
      const name = nameOf(inside);
      const value = values[name as NewsVariable] || (inside.includes('|') ? inside.slice(inside.indexOf('|') + 1).trim() : '');
      asked += 1;
      if (value !== '') filled += 1;
      return value;
    }).trimEnd();
    return asked > 0 && filled === 0 ? [] : [said];
  }).join('\n').trim();
}
