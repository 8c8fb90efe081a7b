import { mappingLimits, type FieldMapping } from './mapping.ts';

/** A value in a sample and the path that leads to it. */
export interface Leaf {
  path: string;
  value: string | number | boolean | null;
}

const mostLeaves = 300;

/** All values in a thing with their paths. Names that hold a dot cannot be named by a path, and are left out. */
export function leavesOf(thing: unknown, prefix = ''): Leaf[] {
  // No path leads deeper.
  if (prefix.length > mappingLimits.path) return [];
  if (typeof thing !== 'object' || thing === null) return prefix === '' ? [] : [{ path: prefix.slice(0, -1), value: thing as Leaf['value'] }];
  const leaves: Leaf[] = [];
  for (const [name, value] of Object.entries(thing)) {
    if (name === '' || name.includes('.') || leaves.length >= mostLeaves) continue;
    leaves.push(...leavesOf(value, `${prefix}${name}.`));
  }
  return leaves.slice(0, mostLeaves).filter(({ path }) => path.length <= mappingLimits.path);
}

/** By what names things often go, in order of how sure that is. */
const names: readonly [string, RegExp, Partial<FieldMapping>?][] = [
  ['externalId', /^(id|no|number|code|order_?(id|no)|ticket_?(id|no)|event_?id|uuid|编号|单号|工单号)$/i],
  ['subject', /^(subject|title|summary|what|problem|topic|标题|主题|问题)$/i, { cleanse: ['one_line'] }],
  ['description', /^(description|desc|content|message|body|text|detail|details|remark|html|描述|内容|详情|备注)$/i, { cleanse: ['plain_text'] }],
  ['requester.phone', /^(phone|mobile|tel|telephone|cell|contact_?phone|phone_?number|电话|手机|手机号|联系电话)$/i, { cleanse: ['narrow', 'trim'] }],
  ['requester.name', /^(name|contact|contact_?name|user_?name|customer|customer_?name|reporter|who|姓名|联系人|客户|报修人)$/i, { cleanse: ['one_line'] }],
  ['requester.email', /^(e_?mail|mail|email_?address|邮箱|电子邮件)$/i, { cleanse: ['trim', 'lower'] }],
  ['location.address', /^(address|addr|location|place|room|地址|位置|房号)$/i, { cleanse: ['one_line'] }],
  ['location.lat', /^(lat|latitude|纬度)$/i], ['location.lng', /^(lng|lon|long|longitude|经度)$/i],
  ['priority', /^(priority|level|severity|urgency|紧急程度|优先级|等级)$/i],
  ['category', /^(category|kind|class|类别|分类)$/i], ['assetCode', /^(asset|asset_?(code|no)|device|device_?(id|code|no)|设备|设备编号|资产编号)$/i],
  ['occurredAt', /^(time|timestamp|created_?at|occurred_?at|date|时间|发生时间)$/i], ['tags', /^(tags?|labels?|标签)$/i],
];

/** Lines for what a sample seems to hold and no line fills yet (自动对应). */
export function propose(thing: unknown, filled: ReadonlySet<string>): FieldMapping[] {
  const leaves = leavesOf(thing);
  return names.flatMap(([target, pattern, more]) => {
    if (filled.has(target)) return [];
    const found = leaves.filter(({ value }) => value !== null && value !== '').sort((one, other) => one.path.split('.').length - other.path.split('.').length).find(({ path }) => pattern.test(path.split('.').at(-1)!));
    return found ? [{ target, from: found.path, ...more }] : [];
  });
}
