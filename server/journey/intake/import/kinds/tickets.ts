import { ImportedTicket } from '../../../../../contract/import.ts';
import { channels } from '../../../../../contract/ticket.ts';
import { fromText } from '../../../../../rules/forms/from-text.ts';
import { holds } from '../../../../../rules/access/policy.ts';
import { listIn, momentIn, numberIn, withoutEmpty, wordIn, type Value } from '../../../../../rules/imports/values.ts';
import { reckonPriority } from '../../../../../rules/priority/priority.ts';
import { oneLine } from '../../../../../rules/text/one-line.ts';
import { ticketStatuses, type TicketStatus, type WaitingFor } from '../../../../../rules/ticket/lifecycle.ts';
import { localDay } from '../../../../platform/clock/clock.ts';
import { staffOf, type Context } from '../../../../platform/context.ts';
import { build } from '../../../../platform/db/database.ts';
import { newId } from '../../../../platform/db/uuid.ts';
import { invalidInput, refuseInput } from '../../../../platform/errors/refusal.ts';
import { findImported, nextPastNumber, rememberImported } from '../../../../records/import/store.ts';
import { matchRequester } from '../../../../records/customer/match.ts';
import { isImportantTier } from '../../../../records/customer/tiers.ts';
import { configurationOf, type Configuration, type ConfiguredStatus, type ConfiguredType } from '../../../../records/organization/configuration.ts';
import { fillForm } from '../../../../records/ticket/fill-form.ts';
import { holdNewTicket, insertHeldTicket, insertNewTicket } from '../../../../records/ticket/insert.ts';
import { nextNumber } from '../../../../records/ticket/numbers.ts';
import { findCategory, toStoredPlace } from '../../../../records/ticket/references.ts';
import { priorityRank } from '../../../../records/ticket/row.ts';
import { only, staffSaid } from '../find.ts';
import { checked, said, saidPlain, tiesTo, type ImportedRow, type KindHandler } from '../kind.ts';
import { isPlain, liveThrough } from '../ticket-life.ts';

const priorityWords = { urgent: ['紧急', '特急', '加急', 'critical', 'p1'], high: ['高', '重要', 'p2'], normal: ['普通', '一般', '中', 'medium', 'p3'], low: ['低', 'p4'] };
const statusWords: Readonly<Record<TicketStatus, readonly string[]>> = {
  new: ['待受理', '新建', '未处理', '待派单'], open: ['处理中', '进行中', '已派单', '已受理', 'in progress', 'assigned'], waiting: ['等待中', '挂起', '待料', 'pending', 'on hold'], resolved: ['已解决', '已完成', '待验收', 'solved', 'done'],
  closed: ['已关闭', '已结单', '完结', '已归档', 'archived'], cancelled: ['已取消', '作废', '已作废', 'canceled', 'void'],
};
const channelWords: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(channels.map((channel) => [channel, []])), phone: ['电话', '来电', '热线电话'], portal: ['门户', '客户门户'], email: ['邮件', '邮箱', 'mail'], web: ['网页', '网站'], chat: ['在线客服', '在线'], wechat: ['微信', '公众号'],
  mini_program: ['小程序'], wecom: ['企业微信'], dingtalk: ['钉钉'], feishu: ['飞书'], sms: ['短信'], social: ['社交', '社交媒体', '抖音', '微博'], qr: ['扫码', '二维码'], app: ['应用'], alarm: ['告警', '报警'], hotline: ['热线', '12345'], console: ['人工', '前台', '坐席'], api: ['接口'],
};
const fieldPrefix = 'fields.';
/** Numbers of days as recent as this come from the leases that all new tickets take theirs from. */
const leasedDays = 6;

/**
 * Tickets with their history (导入工单): known by the id they had elsewhere, else by the very row; one that is there already
 * stays as it is. What happened keeps its time and its author; nobody is told of it.
 */
export const tickets: KindHandler = {
  kind: 'tickets',
  permission: 'ticket.create',
  ties: (row) => ({ own: [row.key], shared: tiesTo(row, 'contact', 'requester.phone', 'requester.email') }),
  async take(context, row) {
    if (await findImported(context, 'tickets', row.key) !== null) return 'present';
    const configuration = await configurationOf(context);
    const type = typeSaid(configuration, said(row, 'type'));
    const status = statusSaid(configuration, said(row, 'status'));
    const request = checked<ImportedTicket>(context, ImportedTicket, await requestOf(context, row, configuration, type));
    const times = timesOf(context, request);
    const category = request.category === undefined ? null : findCategory(configuration, request.category);
    const teamId = request.team ?? category?.teamId ?? null;
    const place = toStoredPlace(request.location);
    const [requester, asset] = await Promise.all([
      matchRequester(context, request.requester, holds(staffOf(context), 'customer.read')),
      request.assetId === undefined ? null : context.transaction.first(build.selectFrom('asset').select(['id', 'customer_id', 'address', 'lat', 'lng', 'criticality']).where('tenant_id', '=', context.tenantId).where('id', '=', request.assetId)),
    ]);
    const description = request.description ?? '';
    const reckoned = reckonPriority({ text: `${request.subject}\n${description}`, customerTier: requester.tier, isImportantTier: await isImportantTier(context, requester.tier), assetCriticality: (asset?.criticality ?? null) as 'low' | 'normal' | 'high' | null });
    const priority = request.priority ?? reckoned.priority;
    const departmentId = teamId === null ? null : configuration.teams.get(teamId)?.departmentId ?? null;
    const customerId = requester.customerId ?? asset?.customer_id ?? null;
    const given = request.fields ?? {};
    const { values: fields } = await fillForm(context, configuration, {
      type, form: type.form, mode: 'import', given, touched: Object.keys(given),
      ticket: {
        status: status?.class ?? 'new', statusId: status?.id ?? null, priority, type: type.id, category: category?.id ?? null, channel: request.channel ?? 'console', team: teamId, department: departmentId, assignee: request.assignee ?? null,
        waitingFor: status?.waitingFor ?? null, tags: request.tags ?? [], subject: request.subject, customer: customerId, customerTier: requester.tier, asset: asset?.id ?? null,
      },
    });
    const imported = { recordedAt: context.now };
    const entry = {
      id: newId(context.now.getTime()), number: await numberFor(context, row, times.createdAt, configuration.organization.timeZone), type_id: type.id, form_version: type.formVersion,
      subject: oneLine(request.subject), description, status: 'new', priority: priorityRank(priority), priority_explanation: { score: reckoned.score, overridden: request.priority !== undefined, factors: reckoned.factors },
      channel: request.channel ?? 'console', category_id: category?.id ?? null, team_id: teamId, department_id: departmentId, assignee_id: null, customer_id: customerId,
      contact_name: requester.name, contact_phone: requester.phone, contact_email: requester.email, asset_id: asset?.id ?? null,
      address: place.address ?? asset?.address ?? null, lat: place.lat ?? asset?.lat ?? null, lng: place.lng ?? asset?.lng ?? null, fields, tags: request.tags ?? [],
    };
    const life = { ...request, ...times, status: status?.class ?? 'new' as const, statusId: status?.id ?? null, waitingFor: status?.waitingFor ?? 'other' as const };
    const beginning = { ...context, now: times.createdAt, imported };
    if (isPlain(life)) {
      const { row: begun, fact } = holdNewTicket(beginning, entry);
      const facts = [fact];
      const lived = await liveThrough(context, begun, life, facts);
      await Promise.all([insertHeldTicket(context, lived, facts), rememberImported(context, 'tickets', row.key, lived.id, row.importId)]);
      return 'created';
    }
    const ticket = await insertNewTicket(beginning, entry);
    // Before its life, which takes as many steps as it has: up to here all rows of a wave go together.
    await rememberImported(context, 'tickets', row.key, ticket.id, row.importId);
    await liveThrough(context, ticket, life);
    return 'created';
  },
};

/** What a row says, as the request it amounts to: words as keys, names as ids, moments in UTC. */
async function requestOf(context: Context, row: ImportedRow, configuration: Configuration, type: ConfiguredType): Promise<Record<string, unknown>> {
  const value = (target: string, read: (value: Value) => unknown) => (row.said.has(target) ? read(row.said.get(target)!) : undefined);
  const [asset, team, assignee, externalId] = ['asset', 'team', 'assignee', 'requester.externalId'].map((target) => said(row, target));
  const fields = Object.fromEntries([...row.said].filter(([target]) => target.startsWith(fieldPrefix)).map(([target, given]) => fieldIn(type, target.slice(fieldPrefix.length), given, row.timeZone)));
  const requester = withoutEmpty({ name: said(row, 'requester.name'), phone: saidPlain(row, 'requester.phone'), email: saidPlain(row, 'requester.email')?.toLowerCase(), customerId: externalId === undefined ? undefined : await customerIdOf(context, externalId) });
  const location = withoutEmpty({ address: said(row, 'address'), lat: value('lat', numberIn), lng: value('lng', numberIn) });
  return withoutEmpty({
    subject: said(row, 'subject'), description: said(row, 'description'), category: said(row, 'category'), priority: value('priority', (one) => wordIn(one, priorityWords)),
    requester: Object.keys(requester).length > 0 ? requester : undefined, location: Object.keys(location).length > 0 ? location : undefined,
    assetId: asset === undefined ? undefined : await assetSaid(context, asset), team: team === undefined ? undefined : teamSaid(configuration, team),
    assignee: assignee === undefined ? undefined : only(await staffSaid(context, assignee), '/assignee', 'assignee').id,
    tags: value('tags', listIn), channel: value('channel', (one) => wordIn(one, channelWords)),
    createdAt: value('createdAt', (one) => momentIn(one, row.timeZone)), resolvedAt: value('resolvedAt', (one) => momentIn(one, row.timeZone)), closedAt: value('closedAt', (one) => momentIn(one, row.timeZone)),
    resolution: said(row, 'resolution'), rating: value('rating', numberIn), externalId: said(row, 'externalId'), fields: Object.keys(fields).length > 0 ? fields : undefined,
    comments: value('comments', (one) => commentsIn(one, row.timeZone)),
  });
}

/** A list of comments; in a cell it is JSON. */
function commentsIn(value: Value, timeZone: string): unknown {
  let list: unknown = value;
  if (typeof value === 'string') {
    try {
      list = JSON.parse(value);
    } catch {
      throw invalidInput('/comments', 'type', { zh: '应为 JSON 列表', en: 'has to be a JSON list' });
    }
  }
  if (!Array.isArray(list)) return list;
  return list.map((one: unknown) => (one !== null && typeof one === 'object' && 'at' in one ? { ...one, at: momentIn(one.at as Value, timeZone) } : one));
}

function fieldIn(type: ConfiguredType, key: string, value: Value, timeZone: string): [string, unknown] {
  const field = type.form.fields.find((one) => one.key === key);
  return [key, field && typeof value === 'string' ? fromText(field, value, timeZone) : value];
}

function typeSaid(configuration: Configuration, text: string | undefined): ConfiguredType {
  if (text === undefined) return configuration.defaultType;
  const wanted = text.toLowerCase();
  const found = [...configuration.types.values()].find((type) => type.id === text || type.key === text) ?? [...configuration.types.values()].find((type) => type.name.toLowerCase() === wanted || type.nameEn?.toLowerCase() === wanted);
  if (!found) throw refuseInput('/type', 'unknown_reference', { field: 'type' });
  return found;
}

/** A status by its word or, where it is one of the organization's own, by its name. */
function statusSaid(configuration: Configuration, text: string | undefined): { class: TicketStatus; id: string | null; waitingFor: WaitingFor | null } | null {
  if (text === undefined) return null;
  const wanted = text.toLowerCase();
  const own: ConfiguredStatus | undefined = [...configuration.statuses.values()].find((status) => status.name.toLowerCase() === wanted || status.nameEn?.toLowerCase() === wanted);
  if (own) return { class: own.class, id: own.id, waitingFor: own.waitingFor };
  const word = wordIn(text, statusWords);
  if (!(ticketStatuses as readonly unknown[]).includes(word)) throw invalidInput('/status', 'enum', { zh: '没有这个状态', en: 'there is no such status' });
  return { class: word as TicketStatus, id: null, waitingFor: null };
}

function teamSaid(configuration: Configuration, text: string): string {
  const wanted = text.toLowerCase();
  return only([...configuration.teams.values()].filter((team) => team.id === text || team.name.toLowerCase() === wanted || team.nameEn?.toLowerCase() === wanted), '/team', 'team').id;
}

async function assetSaid({ transaction, tenantId }: Context, code: string): Promise<string> {
  return only(await transaction.run(build.selectFrom('asset').select('id').where('tenant_id', '=', tenantId).where('code', '=', code)), '/assetId', 'assetId').id;
}

async function customerIdOf({ transaction, tenantId }: Context, externalId: string): Promise<string> {
  return only(await transaction.run(build.selectFrom('customer').select('id').where('tenant_id', '=', tenantId).where('external_id', '=', externalId)), '/requester/customerId', 'customerId').id;
}

/** When it was made, resolved and closed; refused where that cannot be. */
function timesOf(context: Context, request: ImportedTicket): { createdAt: Date; resolvedAt: Date | null; closedAt: Date | null } {
  const at = (text: string | undefined) => (text === undefined ? null : new Date(text));
  const [resolvedAt, closedAt] = [at(request.resolvedAt), at(request.closedAt)];
  const createdAt = at(request.createdAt) ?? new Date(Math.min(...[resolvedAt, closedAt, ...(request.comments ?? []).map((comment) => new Date(comment.at)), context.now].filter((time) => time !== null).map((time) => time.getTime())));
  const parts: [path: string, time: Date | null][] = [['/createdAt', createdAt], ['/resolvedAt', resolvedAt], ['/closedAt', closedAt], ...(request.comments ?? []).map((comment, index): [string, Date] => [`/comments/${index}/at`, new Date(comment.at)])];
  for (const [path, time] of parts) {
    if (time === null) continue;
    if (time > context.now) throw invalidInput(path, 'maximum', { zh: '在将来', en: 'lies in the future' });
    if (time < createdAt) throw invalidInput(path, 'minimum', { zh: '早于创建时间', en: 'lies before it was created' });
  }
  if (resolvedAt && closedAt && closedAt < resolvedAt) throw invalidInput('/closedAt', 'minimum', { zh: '早于解决时间', en: 'lies before it was resolved' });
  return { createdAt, resolvedAt, closedAt };
}

async function numberFor(context: Context, row: ImportedRow, createdAt: Date, timeZone: string): Promise<string> {
  // A rehearsal takes no numbers: they would be gone.
  if (row.dryRun) return `rehearsal-${newId()}`;
  const recent = context.now.getTime() - createdAt.getTime() < leasedDays * 86_400_000;
  return recent ? nextNumber(context.services.database, context.tenantId, createdAt, timeZone) : nextPastNumber(context.transaction, localDay(createdAt, timeZone));
}
