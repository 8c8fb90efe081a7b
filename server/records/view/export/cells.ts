import type { Language } from '../../../../contract/refusals.ts';
import type { StandardColumn, TicketLine } from '../../../../contract/view.ts';
import { inWords } from '../../../../rules/forms/in-words.ts';
import type { FieldDefinition } from '../../../../rules/forms/form.ts';
import { statusNames } from '../../../../rules/ticket/lifecycle.ts';
import { priorityNames } from '../../../../rules/ticket/priority-names.ts';
import type { Configuration } from '../../organization/configuration.ts';
import type { Cell } from './xlsx.ts';

interface Names { zh: string; en: string }

const headings: Record<StandardColumn, Names> = {
  number: { zh: '工单号', en: 'Number' }, subject: { zh: '主题', en: 'Subject' }, status: { zh: '状态', en: 'Status' }, waitingFor: { zh: '等待谁', en: 'Waiting for' },
  priority: { zh: '优先级', en: 'Priority' }, type: { zh: '类型', en: 'Type' }, category: { zh: '分类', en: 'Category' }, channel: { zh: '渠道', en: 'Channel' },
  department: { zh: '部门', en: 'Department' }, team: { zh: '班组', en: 'Team' }, assignee: { zh: '受理人', en: 'Assignee' }, requester: { zh: '报修人', en: 'Requester' },
  phone: { zh: '电话', en: 'Phone' }, tier: { zh: '客户等级', en: 'Tier' }, location: { zh: '地点', en: 'Location' }, tags: { zh: '标签', en: 'Tags' }, rating: { zh: '评价', en: 'Rating' },
  createdAt: { zh: '建单时间', en: 'Created' }, updatedAt: { zh: '更新时间', en: 'Updated' }, acceptedAt: { zh: '接单时间', en: 'Accepted' }, resolvedAt: { zh: '解决时间', en: 'Resolved' }, closedAt: { zh: '关闭时间', en: 'Closed' }, dueAt: { zh: '到期时间', en: 'Due' },
};
const waiting: Record<string, Names> = { customer: { zh: '客户', en: 'Customer' }, supplier: { zh: '供应商', en: 'Supplier' }, part: { zh: '备件', en: 'Part' }, other: { zh: '其他', en: 'Other' } };
const channelNames: Record<TicketLine['channel'], Names> = {
  console: { zh: '工作台', en: 'Console' }, portal: { zh: '客户门户', en: 'Portal' }, phone: { zh: '电话', en: 'Phone' }, email: { zh: '邮件', en: 'E-mail' }, web: { zh: '网页', en: 'Web' }, chat: { zh: '在线会话', en: 'Chat' },
  wechat: { zh: '微信', en: 'WeChat' }, mini_program: { zh: '小程序', en: 'Mini program' }, wecom: { zh: '企业微信', en: 'WeCom' }, dingtalk: { zh: '钉钉', en: 'DingTalk' }, feishu: { zh: '飞书', en: 'Feishu' }, sms: { zh: '短信', en: 'SMS' }, social: { zh: '社交媒体', en: 'Social media' },
  qr: { zh: '扫码', en: 'QR code' }, app: { zh: 'App', en: 'App' }, alarm: { zh: '告警', en: 'Alarm' }, hotline: { zh: '热线', en: 'Hotline' }, api: { zh: '接口', en: 'API' },
};

/** A column of an export: its heading, and what it says of a ticket. */
export interface ExportColumn {
  heading: string;
  cell(line: TicketLine): Cell;
}

/** The columns of an export by their names (导出列): as people read them, times in the organization's zone. */
export function exportColumns(columns: readonly string[], configuration: Configuration, language: Language): ExportColumn[] {
  const say = (names: Names) => (language === 'en' ? names.en : names.zh);
  const local = localTime(configuration.organization.timeZone);
  const moment = (text: string | null): Cell => (text === null ? null : { moment: local(Date.parse(text)) });
  const cells: Record<StandardColumn, (line: TicketLine) => Cell> = {
    number: (line) => line.number, subject: (line) => line.subject, status: (line) => line.ownStatus?.name ?? say(statusNames[line.status]),
    waitingFor: (line) => (line.waitingFor === null ? null : say(waiting[line.waitingFor]!)), priority: (line) => say(priorityNames[line.priority]), type: (line) => line.type.name,
    category: (line) => line.category?.path.join(' / ') ?? null, channel: (line) => say(channelNames[line.channel]), department: (line) => line.department?.name ?? null,
    team: (line) => line.team?.name ?? null, assignee: (line) => line.assignee?.name ?? null, requester: (line) => line.requester.name, phone: (line) => line.requester.phone, tier: (line) => line.requester.tier,
    location: (line) => line.location?.address ?? null, tags: (line) => line.tags.join(language === 'en' ? ', ' : '、'), rating: (line) => line.rating,
    createdAt: (line) => moment(line.createdAt), updatedAt: (line) => moment(line.updatedAt), acceptedAt: (line) => moment(line.acceptedAt), resolvedAt: (line) => moment(line.resolvedAt), closedAt: (line) => moment(line.closedAt), dueAt: (line) => moment(line.sla?.dueAt ?? null),
  };
  return columns.flatMap((column): ExportColumn[] => {
    if (Object.hasOwn(cells, column)) return [{ heading: say(headings[column as StandardColumn]), cell: cells[column as StandardColumn] }];
    const key = /^fields\.(.+)$/.exec(column)?.[1];
    // What is no longer there has no column.
    return key === undefined ? [] : fieldColumn(key, configuration, language, moment);
  });
}

function fieldColumn(key: string, configuration: Configuration, language: Language, moment: (text: string) => Cell): ExportColumn[] {
  const fields = new Map<string, FieldDefinition>();
  for (const type of configuration.types.values()) {
    const field = type.form.fields.find((one) => one.key === key);
    if (field) fields.set(type.id, field);
  }
  const [first] = fields.values();
  if (!first) return [];
  return [{
    heading: language === 'en' ? first.label.en ?? first.label.zh : first.label.zh,
    cell: (line) => {
      const field = fields.get(line.type.id);
      const value = line.fields?.[key];
      if (!field || value === undefined || value === null) return null;
      if (field.kind === 'number' && typeof value === 'number') return value;
      if (field.kind === 'date_time' && typeof value === 'string' && !Number.isNaN(Date.parse(value))) return moment(value);
      return inWords(field, value, language === 'en' ? 'en' : 'zh', (id) => line.fieldNames?.[id]);
    },
  }];
}

const hour = 3_600_000;

/** A moment as its zone's clocks show it, in milliseconds as if they were of UTC. Offsets change on the quarter of an hour at most. */
function localTime(timeZone: string): (moment: number) => number {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const offsets = new Map<number, number>();
  return (moment) => {
    const quarter = Math.floor(moment / (hour / 4));
    let offset = offsets.get(quarter);
    if (offset === undefined) {
      const whole = quarter * (hour / 4);
      offset = Date.parse(`${format.format(whole).replace(' ', 'T')}Z`) - whole;
      if (offsets.size > 100_000) offsets.clear();
      offsets.set(quarter, offset);
    }
    return moment + offset;
  };
}

/** A cell as CSV has it; times to the second. */
export function plainCell(cell: Cell): string | number | null {
  return cell !== null && typeof cell === 'object' ? new Date(cell.moment).toISOString().slice(0, 19).replace('T', ' ') : cell;
}
