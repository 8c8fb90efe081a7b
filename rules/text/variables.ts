/**
 * Variables in texts (变量): {{customer.name}} stands for a value of the ticket; {{customer.name|您}} says what stands there
 * when it has none. Nothing is evaluated: a value is put in as it is, once, whatever it holds.
 */

/** Every variable, with what it means. `fields.<key>`, a field of the ticket’s form, is known beside them. */
export const variables = {
  'ticket.number': { zh: '工单编号', en: 'Number of the ticket' },
  'ticket.subject': { zh: '工单标题', en: 'Subject of the ticket' },
  'ticket.status': { zh: '工单状态', en: 'Status of the ticket' },
  'ticket.priority': { zh: '优先级', en: 'Priority of the ticket' },
  'ticket.type': { zh: '工单类型', en: 'Type of the ticket' },
  'ticket.category': { zh: '工单分类', en: 'Category of the ticket' },
  'ticket.team': { zh: '负责班组', en: 'Team of the ticket' },
  'ticket.assignee': { zh: '受理人', en: 'Assignee of the ticket' },
  'ticket.resolution': { zh: '处理结果', en: 'Resolution of the ticket' },
  'ticket.address': { zh: '地址', en: 'Address of the ticket' },
  'ticket.createdOn': { zh: '建单日期', en: 'Day on which the ticket was made' },
  'customer.name': { zh: '客户姓名', en: 'Name of the customer' },
  'customer.phone': { zh: '客户电话（隐藏部分号码）', en: 'Phone of the customer, masked' },
  'customer.email': { zh: '客户邮箱（隐藏部分地址）', en: 'E-mail address of the customer, masked' },
  'asset.name': { zh: '设备名称', en: 'Name of the asset' },
  'asset.code': { zh: '设备编号', en: 'Code of the asset' },
  'agent.name': { zh: '坐席姓名', en: 'Name of who writes' },
  'organization.name': { zh: '企业名称', en: 'Name of the organization' },
  'progress.url': { zh: '进度查询链接', en: 'Link by which the customer follows the ticket' },
  today: { zh: '今天的日期', en: 'Today’s date' },
} as const satisfies Record<string, { zh: string; en: string }>;
export type Variable = keyof typeof variables;

const pattern = /\{\{([^{}]*)\}\}/g;
const fieldPattern = /^fields\.[a-z][a-zA-Z0-9_]{0,62}$/;

interface Placeholder {
  name: string;
  otherwise: string | null;
}

function read(inside: string): Placeholder {
  const bar = inside.indexOf('|');
  return bar < 0 ? { name: inside.trim(), otherwise: null } : { name: inside.slice(0, bar).trim(), otherwise: inside.slice(bar + 1).trim() };
}

const isKnown = (name: string): boolean => Object.hasOwn(variables, name) || fieldPattern.test(name);

/** The names in a text that stand for nothing (未知变量), each once, as they were written. */
export function unknownVariables(text: string): string[] {
  return [...new Set([...text.matchAll(pattern)].map((match) => read(match[1]!).name).filter((name) => !isKnown(name)))];
}

/**
 * A text with its variables filled in (变量替换).
 *
 * @param values by name; what is absent, null or empty has no value
 * @returns the text, and the known variables that had neither value nor substitute and were left out. Unknown ones stay as they stand.
 */
export function renderText(text: string, values: Readonly<Record<string, string | null | undefined>>): { text: string; missing: string[] } {
  const missing = new Set<string>();
  const rendered = text.replace(pattern, (whole, inside: string) => {
    const { name, otherwise } = read(inside);
    if (!isKnown(name)) return whole;
    const value = Object.hasOwn(values, name) ? values[name] : null;
    if (value !== null && value !== undefined && value !== '') return value;
    if (otherwise === null) missing.add(name);
    return otherwise ?? '';
  });
  return { text: rendered, missing: [...missing] };
}
