import type { Insight, InsightQuery } from '../../../contract/insight.ts';
import type { Language } from '../../../contract/refusals.ts';
import { channels, type Channel } from '../../../contract/ticket.ts';
import { priorities, statusNames, type Priority, type TicketStatus } from '../../../rules/ticket/lifecycle.ts';
import type { Configuration } from '../../records/organization/configuration.ts';
import { priorityName } from '../../records/ticket/row.ts';
import { none } from './deltas.ts';

export type By = NonNullable<InsightQuery['by']>;
export type Row = Insight['rows'][number];

/** One cell of a roll-up, summed. */
export interface Sum {
  key: string;
  count: number;
  total: number;
}

const priorityNames: Record<Priority, { zh: string; en: string }> = {
  urgent: { zh: '紧急', en: 'Urgent' }, high: { zh: '高', en: 'High' }, normal: { zh: '中', en: 'Normal' }, low: { zh: '低', en: 'Low' },
};
const channelNames: Record<Channel, { zh: string; en: string }> = {
  console: { zh: '坐席台', en: 'Console' }, portal: { zh: '客户门户', en: 'Portal' }, phone: { zh: '电话', en: 'Phone' },
  email: { zh: '邮件', en: 'E-mail' }, web: { zh: '网页', en: 'Web' }, chat: { zh: '在线会话', en: 'Chat' }, wechat: { zh: '微信', en: 'WeChat' },
  mini_program: { zh: '小程序', en: 'Mini program' }, wecom: { zh: '企业微信', en: 'WeCom' }, dingtalk: { zh: '钉钉', en: 'DingTalk' },
  feishu: { zh: '飞书', en: 'Feishu' }, sms: { zh: '短信', en: 'Text message' }, social: { zh: '社交媒体', en: 'Social media' }, qr: { zh: '扫码', en: 'QR code' }, app: { zh: 'App', en: 'App' },
  alarm: { zh: '设备告警', en: 'Alarm' }, hotline: { zh: '热线', en: 'Hotline' }, api: { zh: '接口', en: 'API' },
};
const withoutTeam = { zh: '未分派班组', en: 'No team' };
const withoutCategory = { zh: '未分类', en: 'No category' };

/**
 * The rows of an answer: cells gathered by what is shown, named in the reader's language. What has an order of its own
 * (`always`, priorities) keeps it, the rest stands from the largest value down.
 *
 * @param always keys that have a row also when nothing was counted
 */
export function rowsOf(by: By, sums: readonly Sum[], always: readonly string[], value: (sum: Omit<Sum, 'key'>) => number | null, configuration: Configuration, language: Language): Row[] {
  const cells = new Map<string, { count: number; total: number }>(always.map((key) => [key, { count: 0, total: 0 }]));
  for (const { key, count, total } of sums) {
    const shown = by === 'category' ? topCategory(configuration, key) : by === 'priority' ? priorityName(Number(key)) : key;
    const cell = cells.get(shown) ?? { count: 0, total: 0 };
    cells.set(shown, { count: cell.count + count, total: cell.total + total });
  }
  const rows = [...cells]
    .filter(([key, cell]) => cell.count !== 0 || always.includes(key))
    .map(([key, cell]): Row => ({ ...label(by, key, configuration, language), value: value(cell) ?? 0 }));
  if (by === 'day' || by === 'status') return rows;
  if (by === 'priority') return rows.sort((a, b) => priorities.indexOf(a.key as Priority) - priorities.indexOf(b.key as Priority));
  return rows.sort((a, b) => b.value - a.value || (a.key < b.key ? -1 : 1));
}

function label(by: By, key: string, configuration: Configuration, language: Language): Pick<Row, 'key' | 'id' | 'name'> {
  const inLanguage = (name: { zh: string; en: string }) => (language === 'en' ? name.en : name.zh);
  switch (by) {
    case 'day': return { key, id: null, name: key };
    case 'status': return { key, id: null, name: inLanguage(statusNames[key as TicketStatus]) };
    case 'priority': return { key, id: null, name: inLanguage(priorityNames[key as Priority]) };
    case 'channel': return { key, id: null, name: (channels as readonly string[]).includes(key) ? inLanguage(channelNames[key as Channel]) : key };
    case 'team': return record(key, configuration.teams.get(key), withoutTeam);
    case 'category': return record(key, configuration.categories.get(key), withoutCategory);
  }

  function record(id: string, known: { name: string; nameEn: string | null } | undefined, without: { zh: string; en: string }): Pick<Row, 'key' | 'id' | 'name'> {
    if (id === none) return { key: 'none', id: null, name: inLanguage(without) };
    return { key: id, id, name: known ? inLanguage({ zh: known.name, en: known.nameEn ?? known.name }) : id };
  }
}

/** The first-level category above a category (一级分类). */
function topCategory(configuration: Configuration, id: string): string {
  let top = configuration.categories.get(id);
  while (top?.parentId) top = configuration.categories.get(top.parentId);
  return top?.id ?? id;
}
