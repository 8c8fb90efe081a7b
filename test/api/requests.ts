import assert from 'node:assert/strict';
import { Secret, TOTP } from 'otpauth';
import { usualModes } from '../../contract/offer.ts';
import { permissions, type Permission } from '../../rules/access/permissions.ts';
import { localDay } from '../../server/platform/clock/clock.ts';
import { build } from '../../server/platform/db/database.ts';
import { newId } from '../../server/platform/db/uuid.ts';
import type { Route } from '../../server/platform/http/use-case.ts';
import type { Answer, TestOrganization, TestProgram } from '../support/program.ts';
import { act, done, linkOf, multipart, newSession, newTicket, phoneCode, photoOf, upload } from './scene.ts';

/** A request to a route that is right in every respect: whoever is entitled gets what they ask for. */
export interface Case {
  params?: Record<string, string>;
  query?: string;
  body?: unknown;
  headers?: Record<string, string>;
  /** An upload instead of a body. */
  form?: ReturnType<typeof multipart>;
  /** Bytes that are no JSON. */
  piece?: Buffer;
  /** The token of somebody entitled; the administrator's when absent. */
  token?: string;
  /** Server-sent events: an answer to those who may have it never ends. */
  endless?: true;
}

const noticeTemplate = { kind: 'assigned', channel: 'email', language: 'zh-CN' };

/** A process as another designer writes it. */
const bpmnFile = '<?xml version="1.0" encoding="UTF-8"?><definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="http://example.com"><process id="p" name="外来流程"><startEvent id="s"/><userTask id="t" name="核实"/><endEvent id="e"/><sequenceFlow id="f1" sourceRef="s" targetRef="t"/><sequenceFlow id="f2" sourceRef="t" targetRef="e"/></process></definitions>';

export const name = (route: Route) => `${route.method} ${route.path}`;
export const needsCredentials = (route: Route) => !['public', 'portal', 'link', 'scan', 'chat', 'visit', 'maybe_signed_in'].includes(route.access);
/** A read that is written down: who took what out stands in the audit trail. */
export const leavesTrace = (route: Route) => ['GET /api/v1/tickets/export', 'GET /api/v1/audit/export', 'GET /api/v1/calls/{id}/recording', 'GET /api/v1/inbox-messages/{id}/raw'].includes(name(route));
export const needsPermission = (route: Route): route is Route & { access: Permission } => route.access in permissions;

/** A day of next week with something to plan, and plans of it that are ready. */
async function furnishPlans(program: TestProgram, of: TestOrganization) {
  const now = program.services.clock.now();
  const planDate = localDay(new Date(now.getTime() + 7 * 86_400_000), 'Asia/Shanghai');
  const [appliablePlan, withdrawablePlan] = [newId(), newId()];
  const figures = { visits: 0, travel: 0, metres: 0, work: 0, idle: 0, overtime: 0, late: 0 };
  await program.database.transact(of.tenantId, (transaction) => transaction.run(build.insertInto('day_plan').values([appliablePlan, withdrawablePlan].map((id) => ({
    tenant_id: of.tenantId, id, state: 'ready', day: planDate, team_ids: [of.teamId], request: JSON.stringify({ keep: 'promises', seconds: 5, promiseMinutes: null }), digest: '0', requested_at: now, requested_by: of.staff.administrator, requested_via: 'session',
    result: JSON.stringify({ items: [], leftOut: [], before: figures, after: figures, moved: 0, bookings: 0, travel: 'straight_line' }), ready_at: now,
  })))));
  return { planDate, appliablePlan, withdrawablePlan, plannable: (await newTicket(program, { subject: '待排' }, 'administrator', of)).id as string };
}

/** An organization with one record of every kind, and for each route a request that works. */
export async function furnish(program: TestProgram, of: TestOrganization) {
  const call = (method: 'GET' | 'POST' | 'PATCH', path: string, body?: unknown, headers: Record<string, string> = {}) => done(program.call(method, path, { as: 'administrator', of, headers, ...(body === undefined ? {} : { body }) }));
  const customer = (await call('POST', '/customers', { name: '王芳', phone: '13800001111', email: 'wang@example.com' })).body.id as string;
  const asset = (await call('POST', '/assets', { code: 'LIFT-1', name: '1号电梯', customerId: customer })).body as { id: string; scanUrl: string };
  const twin = (await call('POST', '/customers', { name: '王芳', address: '西畔花园3幢501室' })).body.id as string;
  const [mergeableCustomer, mergedCustomer] = await Promise.all(['王方', '王小芳'].map(async (name) => (await call('POST', '/customers', { name })).body.id as string)) as [string, string];
  await call('POST', `/customers/${mergedCustomer}/merge`, { into: twin });
  const contact = async (value: string) => (await call('POST', `/customers/${customer}/contact-points`, { kind: 'phone', value })).body.id as string;
  const [contactPoint, spareContactPoint] = [await contact('13800004444'), await contact('13800005555')];
  const note = async (body: string) => (await call('POST', `/customers/${customer}/notes`, { body })).body.id as string;
  const [customerNote, spareNote] = [await note('上门前先打电话'), await note('家里有狗')];
  const account = (await call('POST', '/accounts', { name: '西畔花园业委会', kind: 'community' })).body.id as string;
  const site = (await call('POST', `/accounts/${account}/sites`, { name: '3幢', contactPhone: '13800006666' })).body.id as string;
  const calendar = (await done(program.call('POST', '/calendar-feed', { as: 'dispatcher', of }))).body.url.split('/').at(-1) as string;
  const territory = (await call('POST', '/territories', { name: '城东', shape: [[[[121, 30], [121.1, 30], [121.1, 30.1]]]] })).body.id as string;
  const preference = (await call('POST', '/technician-preferences', { of: 'customer', subjectId: customer, staffId: of.staff.technician, kind: 'preferred', reason: '去过' })).body.id as string;
  const skill = (await call('POST', '/skills', { name: '瓦工' })).body.id as string;
  const tier = (await call('GET', '/customer-tiers')).body.items[0].id as string;
  const importFile = multipart({ name: '客户.csv', type: 'text/csv', content: '姓名,电话\n钱多,13800007777\n', fields: { kind: 'customers' } });
  const importing = (await done(program.inject({ method: 'POST', url: '/api/v1/imports', payload: importFile.payload, headers: { ...importFile.headers, authorization: `Bearer ${of.tokens.administrator}` } }))).body.id as string;
  const key = (await call('POST', '/api-keys', { name: 'for programs' })).body as { id: string; key: string };
  const photo = await photoOf();
  const send = async (visibility: string) => (await done(upload(program, 'administrator', { content: photo, fields: { visibility, purpose: 'photo' } }, { of }))).body.id as string;
  const ticket = await newTicket(program, { requester: { customerId: customer }, attachments: [await send('public')], category: of.categoryId }, 'administrator', of);
  await done(program.call('POST', `/tickets/${ticket.id}/comments`, { as: 'administrator', of, body: { body: '内部照片', visibility: 'internal', attachments: [await send('internal')] } }));
  const shown = (await call('GET', `/tickets/${ticket.id}`)).body;
  const file = shown.files.find((one: { visibility: string }) => one.visibility === 'public').id as string;
  const internalFile = shown.files.find((one: { visibility: string }) => one.visibility === 'internal').id as string;
  const assigned = await act(program, ticket.id, 'assign', { assignee: of.staff.technician }, 'administrator', of);
  const before = await newTicket(program, { subject: '已上门' }, 'administrator', of);
  const former = await act(program, before.id, 'assign', { assignee: of.staff.technician }, 'administrator', of);
  for (const action of ['accept', 'check_in', 'complete']) await done(program.call('POST', `/visits/${former.visits[0].id}/actions/${action}`, { as: 'technician', of, body: action === 'complete' ? { workSummary: '已修好' } : {} }));
  const travelled = await act(program, (await newTicket(program, { subject: '在路上' }, 'administrator', of)).id, 'assign', { assignee: of.staff.technician }, 'administrator', of);
  const travelVisit = travelled.visits[0].id as string;
  for (const action of ['accept', 'start_travel']) await done(program.call('POST', `/visits/${travelVisit}/actions/${action}`, { as: 'technician', of, body: {} }));
  const begun = await program.inject({ method: 'POST', url: '/api/v1/uploads', headers: { authorization: `Bearer ${of.tokens.administrator}`, 'tus-resumable': '1.0.0', 'upload-length': '100' } });
  const begunUpload = String(begun.headers['location']).split('/').at(-1)!;
  const resolved = await Promise.all(['one', 'two', 'three'].map(async (subject) => {
    const other = await newTicket(program, { subject }, 'administrator', of);
    return act(program, other.id, 'resolve', { resolution: '已修好' }, 'administrator', of);
  }));
  const spare = await newSession(program, of.staff.administrator, { of });
  const leaving = await newSession(program, of.staff.stranger, { of });
  const customerSession = await newSession(program, customer, { of, customer: true });
  const leavingCustomer = await newSession(program, customer, { of, customer: true });
  const otherTicket = await newTicket(program, { subject: '另一件' }, 'administrator', of);
  const spareFile = await send('internal');
  const view = (await call('POST', '/views', { kind: 'shared', name: '大家的', filter: { all: [] } })).body.id as string;
  const spareView = (await call('POST', '/views', { kind: 'shared', name: '多余的', filter: { all: [] } })).body.id as string;
  // More than is done within the request, so that it can be called off.
  const bulkRun = (await call('POST', '/tickets/bulk', { selection: { ids: Array.from({ length: 60 }, () => newId()) }, action: { kind: 'close' } })).body.id as string;
  const [mergeable, merged, linked, linkable, gatherable] = await Promise.all(['并入', '已并入', '已关联', '待关联', '待归并'].map((subject) => newTicket(program, { subject }, 'administrator', of)));
  await call('POST', `/tickets/${merged.id}/merge`, { into: ticket.id });
  await call('POST', `/tickets/${ticket.id}/links`, { kind: 'blocks', ticket: linked.number });
  const checklist = (await call('POST', `/tickets/${ticket.id}/checklist`, { items: [{ text: '关总阀' }, { text: '拍照' }] })).body.items as { id: string }[];
  const template = (await call('POST', '/checklist-templates', { name: '到场检查', items: ['出示工牌'] })).body.id as string;
  const desk = {
    held: (await call('POST', `/tickets/${ticket.id}/held-replies`, { body: '等等', visibility: 'internal', seconds: 60 })).body.id as string,
    macro: (await call('POST', '/macros', { kind: 'shared', name: '先关总阀', steps: [{ kind: 'tag', tags: ['漏水'] }] })).body.id as string,
    cannedReply: (await call('POST', '/canned-replies', { kind: 'shared', name: '已派工', body: '{{customer.name|您好}}，{{ticket.number}} 已派工。' })).body.id as string,
    absence: (await call('POST', '/absences', { from: '2099-01-01T00:00:00Z', to: '2099-01-08T00:00:00Z' })).body.id as string,
    notification: newId(),
  };
  const notices = await furnishNotices(program, of);
  await call('POST', '/drafts', { place: `ticket:${ticket.id}:reply`, content: { body: '写了一半' } });
  await program.database.transact(of.tenantId, (transaction) => transaction.run(build.insertInto('notification').values({
    tenant_id: of.tenantId, staff_id: of.staff.administrator, id: desk.notification, reason: 'assigned', ticket_id: ticket.id, fact_position: 1, fact_kind: 'ticket.assigned', actor_name: null, preview: null,
    for_id: null, created_at: program.services.clock.now(), read_at: null,
  })));
  const message = (await call('GET', `/tickets/${ticket.id}/timeline`)).body.items.find((entry: { comment: unknown }) => entry.comment !== null).comment.id as string;
  const [side, closedSide] = await Promise.all(['问水电班', '已问过'].map(async (subject) => (await call('POST', `/tickets/${ticket.id}/side-conversations`, { subject, team: of.teamId, body: '有备件吗' })).body.id as string)) as [string, string];
  await call('POST', `/side-conversations/${closedSide}/close`);
  const status = (await call('POST', '/ticket-statuses', { class: 'waiting', waitingFor: 'supplier', name: '等厂家' })).body.id as string;
  const type = (await call('POST', '/ticket-types', { key: 'inspection', name: '巡检' })).body.id as string;
  const ticketTemplate = (await call('POST', '/ticket-templates', { name: '困人', subject: '电梯困人' })).body.id as string;
  const role = (await call('POST', '/roles', { name: '临时', grants: [] })).body.id as string;
  const ruleDefinition = { trigger: { kind: 'facts', facts: ['ticket.rated'] }, conditions: { all: [] }, actions: [{ kind: 'tag', tags: ['x'] }] };
  const rules = await Promise.all(['一', '二'].map(async (named) => (await call('POST', '/automation-rules', { name: named, definition: ruleDefinition })).body as { id: string })) as [{ id: string }, { id: string }];
  const publishRule = (id: string, version: number) => done(program.call('POST', `/automation-rules/${id}/publish`, { as: 'administrator', of, body: { enable: true }, headers: { 'if-match': `"${version}"` } }));
  await publishRule(rules[0].id, 1);
  await done(program.call('PATCH', `/automation-rules/${rules[0].id}`, { as: 'administrator', of, body: { draft: { ...ruleDefinition, actions: [{ kind: 'tag', tags: ['y'] }] } }, headers: { 'if-match': '"2"' } }));
  await publishRule(rules[0].id, 3);
  const parkedRun = newId();
  await program.database.transact(of.tenantId, (transaction) => transaction.run(build.insertInto('automation_run').values({
    tenant_id: of.tenantId, id: parkedRun, rule_id: rules[0].id, rule_version: 1, ticket_id: ticket.id, fact_position: null, fact_kind: null, outcome: 'parked', reason: null,
    explanation: JSON.stringify({ conditions: null, effects: [], failure: { code: 'unexpected', parameters: {}, action: null }, chain: [] }), at: program.services.clock.now(),
  })));
  const flows = await furnishFlows(call, of);
  const promises = await furnishPromises(call, program, of, ticket.id);
  const channels = { ...await furnishChannels(program, of), ...await furnishReply(program, of, ticket.id), ...await furnishCalls(program, of, ticket.id) };
  const offered = async (): Promise<string> => (await call('POST', `/tickets/${(await newTicket(program, { subject: '待接', team: of.teamId }, 'administrator', of)).id}/offers`, { mode: 'grab' })).body.id;
  await call('PATCH', '/appointment-setting', { offered: true, windows: [{ startsMinute: 540, endsMinute: 1_020 }], days: 14, leadMinutes: 0 }, { 'if-match': '"0"' });
  const toAppoint = () => newTicket(program, { subject: '待约', location: { address: '3幢', lat: 30.27, lng: 120.15 } }, 'administrator', of);
  const [appointable, appointableByLink] = [(await toAppoint()).id as string, await toAppoint()];
  const plans = await furnishPlans(program, of);
  const offers = { ...plans, appointable, appointableLink: linkOf(appointableByLink), appointableByLink: appointableByLink.id as string, offerable: (await newTicket(program, { subject: '待派', team: of.teamId }, 'administrator', of)).id as string, acceptable: await offered(), declinable: await offered(), withdrawable: await offered() };
  return {
    ...flows, ...promises, ...channels,
    rules, ruleDefinition, parkedRun,
    /** The secret of the administrator's authenticator app, once it was set up. */
    authenticator: undefined as string | undefined,
    view, spareView, bulkRun, ...offers, ...desk, notices, mergeable, gatherable, merged, linkable, linked, checklist, template, message, side, closedSide,
    status, role, type, ticketTemplate, importing, of, customer, twin, mergeableCustomer, mergedCustomer, contactPoint, spareContactPoint, customerNote, spareNote, account, site, calendar, territory, preference, skill, tier, asset, key, photo, ticket, file, internalFile, spareFile, spare, leaving, customerSession, leavingCustomer, otherTicket,
    visit: assigned.visits[0].id as string, formerVisit: former.visits[0].id as string, formerLink: linkOf(former), travelVisit, begunUpload, link: linkOf(ticket), resolvedLinks: resolved.map(linkOf) as [string, string, string],
    scan: asset.scanUrl.slice(asset.scanUrl.lastIndexOf('/') + 1),
  };
}
export type Scene = Awaited<ReturnType<typeof furnish>>;

/** A channel of notices, an address that waits for its code, a browser, and a message that failed. */
async function furnishNotices(program: TestProgram, of: TestOrganization) {
  const call = (method: 'POST' | 'PATCH', path: string, body: unknown) => done(program.call(method, path, { as: 'administrator', of, body, headers: method === 'PATCH' ? { 'if-match': '*' } : {} }));
  await call('PATCH', '/notice-accounts/email', { mode: 'smtp', settings: { host: 'mail.example.com', port: '465', security: 'tls', from: 'notices@example.com' } });
  await call('PATCH', '/notice-accounts/sms', { mode: 'gateway', settings: { url: 'https://sms.example.com/send' } });
  await call('PATCH', '/notice-accounts/web_push', { settings: { subject: 'mailto:admin@example.com' } });
  await call('POST', '/notice-addresses', { channel: 'sms', address: '13912345678' });
  const device = (await call('POST', '/notice-devices', { name: 'Firefox', face: 'console', endpoint: 'https://push.example.com/spare', keys: { p256dh: 'B'.repeat(87), auth: 'a'.repeat(22) } })).body.id as string;
  const delivery = (await call('POST', '/notice-accounts/email/test', {})).body.id as string;
  await call('PATCH', '/notice-templates/mentioned/email/zh-CN', { draft: { title: '{{actor}}找您', body: '' } });
  const [bundle, failed] = [newId(), newId()];
  const now = program.services.clock.now();
  await program.database.transact(of.tenantId, async (transaction) => {
    // Confirmed already: once more does no harm.
    await transaction.run(build.updateTable('notice_address').set({ confirmed_at: now }).where('tenant_id', '=', of.tenantId));
    await transaction.run(build.insertInto('notice_bundle').values({ tenant_id: of.tenantId, id: bundle, staff_id: of.staff.administrator, urgency: 'normal', due_at: now, created_at: now, closed_at: now }));
    await transaction.run(build.insertInto('notice_delivery').values({ tenant_id: of.tenantId, id: failed, staff_id: of.staff.administrator, bundle_id: bundle, purpose: 'notice', channel: 'email', state: 'failed', reason: 'temporary', due_at: now, created_at: now, settled_at: now }));
  });
  return { device, delivery, failed };
}

/** An answer that did not get through, of a conversation that a ticket came by. */
async function furnishReply(program: TestProgram, of: TestOrganization, ticketId: string): Promise<{ undelivered: string }> {
  const [account, conversation, message, undelivered] = [newId(), newId(), newId(), newId()];
  const [tenant_id, now] = [of.tenantId, program.services.clock.now()];
  await program.database.transact(tenant_id, async (transaction) => {
    await transaction.run(build.insertInto('channel_account').values({ tenant_id, id: account, kind: 'wechat_official_account', name: 'x', active: false, created_at: now, settings: '{}', mapping: '[]' }));
    await transaction.run(build.insertInto('conversation').values({ tenant_id, id: conversation, account_id: account, thread: 'x', ticket_id: ticketId, created_at: now }));
    await transaction.run(build.insertInto('conversation_ticket').values({ tenant_id, ticket_id: ticketId, conversation_id: conversation, last_at: now }));
    await transaction.run(build.insertInto('message').values({ tenant_id, id: message, ticket_id: ticketId, direction: 'outbound', visibility: 'public', author_kind: 'staff', body: 'x', channel: 'wechat', created_at: now }));
    await transaction.run(build.insertInto('outgoing_message').values({ tenant_id, id: undelivered, channel: 'wechat_official_account', ticket_id: ticketId, message_id: message, conversation_id: conversation, state: 'failed', failure: 'no_way', created_at: now, due_at: now, settled_at: now }));
  });
  return { undelivered };
}

/** A chat on a website, a visit there, and a picture that was sent in it. */
async function furnishChat(program: TestProgram, of: TestOrganization): Promise<{ channel: string; visit: string; file: string }> {
  const { url } = (await done(program.call('POST', '/channels', { as: 'administrator', of, body: { kind: 'web_chat', name: '官网聊天' } }))).body as { url: string };
  const channel = url.slice(url.lastIndexOf('/') + 1);
  const visit = (await done(program.call('POST', `/chat/${channel}/visits`, { body: {} }))).body.token as string;
  const form = multipart({ content: await photoOf() });
  const { uploadToken } = (await done(program.inject({ method: 'POST', url: `/api/v1/chat-visits/${visit}/files`, payload: form.payload, headers: form.headers }))).body as { uploadToken: string };
  const sent = (await done(program.call('POST', `/chat-visits/${visit}/messages`, { body: { key: 'furnished', body: '', uploads: [uploadToken] } }))).body as { files: { id: string }[] };
  return { channel, visit, file: sent.files[0]!.id };
}

/** A channel by which requests come in, and a message of it that was put aside. */
async function furnishChannels(program: TestProgram, of: TestOrganization) {
  const { id: channel } = (await done(program.call('POST', '/channels', { as: 'administrator', of, body: { kind: 'webhook', name: '楼宇控制' } }))).body as { id: string };
  const quarantined = newId();
  const now = program.services.clock.now();
  await program.database.transact(of.tenantId, (transaction) => transaction.run(build.insertInto('inbox_message').values({
    tenant_id: of.tenantId, id: quarantined, account_id: channel, external_id: 'x', thread: 'x', content: JSON.stringify({ parts: [], values: { subject: 'x' } }), call_id: quarantined, place: 0, raw: Buffer.from('{}'),
    occurred_at: now, received_at: now, due_at: now, state: 'quarantined', failure: 'invalid_input', settled_at: now,
  })));
  const { id: miniProgram } = (await done(program.call('POST', '/channels', { as: 'administrator', of, body: { kind: 'wechat_mini_program', name: '小程序', settings: { appId: 'wx0000000000000001', appSecret: 'secret' } } }))).body as { id: string };
  const { id: connector } = (await done(program.call('POST', '/connectors', { as: 'administrator', of, body: { kind: 'http', name: 'ERP', settings: { url: 'https://erp.example.com/orders/{{fields.order}}' } } }))).body as { id: string };
  return { channel, quarantined, miniProgram, connector, chat: await furnishChat(program, of) };
}

/** Calls with and without a ticket, and a case of a hotline that did not take a report. */
async function furnishCalls(program: TestProgram, of: TestOrganization, ticketId: string) {
  const account = async (kind: string): Promise<string> => (await done(program.call('POST', '/channels', { as: 'administrator', of, body: { kind, name: kind } }))).body.id as string;
  const [exchange, hotline] = [await account('phone'), await account('hotline')];
  const recording = (await done(upload(program, 'administrator', { content: await photoOf(), fields: { visibility: 'internal', purpose: 'photo' } }, { of }))).body.id as string;
  await done(program.call('POST', '/channels', { as: 'administrator', of, body: { kind: 'phone', name: 'ari', mode: 'ari', settings: { baseUrl: 'https://pbx.example.com/ari', user: 'x', password: 'y', softphoneUrl: 'wss://pbx.example.com/ws' } } }));
  await done(program.call('PATCH', `/staff/${of.staff.administrator}/phone-line`, { as: 'administrator', of, body: { extension: '2001', sipUser: '2001', sipPassword: 'of-sip' }, headers: { 'if-match': '*' } }));
  const [phoneCall, spareCall, hotlineCase, hotlineReport, skippedHotlineReport] = [newId(), newId(), newId(), newId(), newId()];
  const [tenant_id, now] = [of.tenantId, program.services.clock.now()];
  const call = { tenant_id, account_id: exchange, events: '[]', direction: 'inbound', state: 'ended', number: '13800002222', started_at: now, created_at: now };
  await program.database.transact(tenant_id, async (transaction) => {
    await transaction.run(build.insertInto('call').values([{ ...call, id: phoneCall, external_id: 'a', ticket_id: ticketId, recording_state: 'kept', recording_file_id: recording }, { ...call, id: spareCall, external_id: 'b' }]));
    await transaction.run(build.insertInto('hotline_case').values({ tenant_id, id: hotlineCase, account_id: hotline, case_number: '1', ticket_id: ticketId, state: 'dispatched', dispatched_at: now, created_at: now }));
    await transaction.run(build.insertInto('hotline_report').values([hotlineReport, skippedHotlineReport].map((id) => ({ tenant_id, id, case_id: hotlineCase, kind: 'accepted', body: '{}', state: 'failed', created_at: now, settled_at: now }))));
  });
  return { phoneCall, spareCall, hotline, hotlineCase, hotlineReport, skippedHotlineReport };
}

type Call = (method: 'GET' | 'POST' | 'PATCH', path: string, body?: unknown, headers?: Record<string, string>) => Promise<{ body: { id: string; version: number; items: { id: string }[]; instance: { id: string } } }>;

/** A calendar and policies in two versions, a broken promise, a simulation that waits. */
async function furnishPromises(given: unknown, program: TestProgram, of: TestOrganization, ticketId: string) {
  const call = given as Call;
  const calendarDefinition = { timeZone: 'Asia/Shanghai', windows: [{ weekday: 1, startsMinute: 540, endsMinute: 720 }], sources: [], exceptions: {} };
  const longer = { ...calendarDefinition, windows: [{ weekday: 1, startsMinute: 540, endsMinute: 1_080 }] };
  const calendars = await Promise.all(['one', 'two'].map(async (key) => (await call('POST', '/calendars', { key, name: key, definition: calendarDefinition })).body.id)) as [string, string];
  const publish = (path: string, version: number) => call('POST', `${path}/publish`, {}, { 'if-match': `"${version}"` });
  const drafted = (path: string, version: number, draft: object) => call('PATCH', path, { draft }, { 'if-match': `"${version}"` });
  await publish(`/calendars/${calendars[0]}`, 1);
  await drafted(`/calendars/${calendars[0]}`, 2, longer);
  await publish(`/calendars/${calendars[0]}`, 3);
  const policyDefinition = { targets: [{ key: 'a', metric: 'acceptance', party: 'customer', minutes: 15, calendar: calendars[0], pauses: [], warnings: [], ladder: [] }] };
  const policies = [(await call('POST', '/sla-policies', { name: '一', definition: policyDefinition })).body.id, (await call('POST', '/sla-policies', { name: '二', definition: policyDefinition })).body.id] as [string, string];
  await publish(`/sla-policies/${policies[0]}`, 1);
  await drafted(`/sla-policies/${policies[0]}`, 2, { targets: [{ ...policyDefinition.targets[0], minutes: 30 }] });
  await publish(`/sla-policies/${policies[0]}`, 3);
  const now = program.services.clock.now();
  const simulation = newId();
  await program.database.transact(of.tenantId, async (transaction) => {
    await transaction.run(build.insertInto('sla_clock').values({
      tenant_id: of.tenantId, ticket_id: ticketId, key: 'acceptance#1', metric: 'acceptance', cycle: 1, policy_id: policies[0], target_key: 'a', started_at: now, due_at: now, breached_at: now,
      record: JSON.stringify({ phases: [{ at: now.getTime(), paused: null }], promises: [{ at: now.getTime(), policy: { id: policies[0], version: 1 }, target: 'a', anew: false, because: { type: 'x', priority: 'normal', tier: null } }] }),
    }));
    await transaction.run(build.insertInto('sla_simulation').values({ tenant_id: of.tenantId, id: simulation, state: 'waiting', request: JSON.stringify({ from: now.toISOString(), to: now.toISOString(), policies: [] }), created_at: new Date(now.getTime() - 7_200_000) }));
  });
  return { calendars, calendarDefinition, policies, policyDefinition, simulation };
}

/** A flow of one step that holds, one that waits for the administrator, and a ticket in each. */
async function furnishFlows(given: unknown, of: TestOrganization) {
  const call = given as Call;
  const definition = (id: string, condition?: unknown) => ({
    nodes: [{ id: 'start', kind: 'start', name: { zh: '开始' } }, { id: 'x', kind: 'exclusive', name: { zh: '分支' } }, { id, kind: 'task', name: { zh: '处理' }, performers: [{ kind: 'person', id: of.staff.administrator }] }, { id: 'end', kind: 'end', name: { zh: '结束' } }],
    edges: [{ id: 'e1', from: 'start', to: 'x' }, { id: 'e2', from: 'x', to: id, ...(condition === undefined ? { isDefault: true } : { condition }) }, { id: 'e3', from: id, to: 'end' }],
  });
  const made = async (name: string, condition?: unknown) => {
    const { id } = (await call('POST', '/flows', { name, definition: definition('a', condition) })).body;
    await call('POST', `/flows/${id}/publish`, {}, { 'if-match': '"1"' });
    const ticket = (await call('POST', '/tickets', { subject: name })).body.id;
    const instance = (await call('POST', `/tickets/${ticket}/flow`, { flowId: id })).body.id;
    return { id, ticket, instance };
  };
  const flow = await made('走流程');
  const heldFlow = await made('停住的流程', { '>': [{ '/': [1, 0] }, 0] });
  const spareFlow = await made('要取消的流程');
  await call('PATCH', `/flows/${flow.id}/draft`, { definition: definition('b') }, { 'if-match': '"2"' });
  const task = (await call('GET', `/tasks?ticket=${flow.ticket}`)).body.items[0]!.id;
  const flowless = (await call('POST', '/tickets', { subject: '还没有流程' })).body.id;
  return { flow, heldFlow, spareFlow, task, flowless, flowDefinition: definition('c') };
}

/** The code an authenticator app shows, so many periods from now. */
export const codeOf = (secret: string | undefined, periods: number, now = Date.now()): string => (secret === undefined ? '000000'
  : new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: now + periods * 30_000 }));

/** A form of one text. */
const formWith = (key: string) => ({ fields: [{ key, kind: 'text', label: { zh: key } }] });

/** What has to be said to each route; those that need nothing said are not here. A route that is missing fails a test. */
export function casesOf(program: TestProgram, scene: Scene): Record<string, () => Case | Promise<Case>> {
  const { of } = scene;
  const version = async (path: string) => ({ 'if-match': String((await program.call('GET', path, { as: 'administrator', of })).headers['etag']) });
  const openWindow = async (ticket: string) => (await program.call('GET', `/tickets/${ticket}/appointment?windows=true`, { as: 'administrator', of })).body.windows[0];
  const id = scene.ticket.id as string;
  const org = { org: of.slug };
  const link = { token: scene.link };
  return {
    'POST /api/v1/session': () => ({ body: { email: `agent@${of.slug}.example`, password: 'correct horse battery' } }),
    'DELETE /api/v1/session': () => ({ token: scene.leaving.token }),
    'DELETE /api/v1/sessions/{id}': () => ({ params: { id: scene.spare.id } }),
    'POST /api/v1/session/second-factor': () => ({ body: {} }),
    'POST /api/v1/session/second-factor/confirm': () => ({ body: { code: codeOf(scene.authenticator, -1) } }),
    'POST /api/v1/session/second-factor/disable': () => ({ body: { code: codeOf(scene.authenticator, 0) } }),
    'POST /api/v1/session/password': () => ({ body: { currentPassword: 'correct horse battery', newPassword: 'another horse battery' }, token: of.tokens.manager }),
    'POST /api/v1/api-keys': () => ({ body: { name: 'another', permissions: ['ticket.read'] } }),
    'DELETE /api/v1/api-keys/{id}': () => ({ params: { id: scene.key.id } }),

    'POST /api/v1/tickets': () => ({ body: { subject: '灯不亮', requester: { name: '李雷', phone: '13800002222' } } }),
    'POST /api/v1/tickets/group-counts': () => ({ body: { filter: { all: [] }, grouping: 'status', groups: ['new', 'open'] } }),
    'POST /api/v1/tickets/search': () => ({ body: { q: '灯', filter: { all: [] }, sort: '-createdAt', limit: 10 } }),
    'GET /api/v1/search': () => ({ query: '?q=水' }),
    'GET /api/v1/tickets/export': () => ({ query: '?format=csv' }),
    'POST /api/v1/tickets/bulk': () => ({ body: { selection: { ids: [id] }, action: { kind: 'note', body: '批量备注' } } }),
    'GET /api/v1/bulk-runs/{id}': () => ({ params: { id: scene.bulkRun } }),
    'GET /api/v1/bulk-runs/{id}/results': () => ({ params: { id: scene.bulkRun } }),
    'POST /api/v1/bulk-runs/{id}/cancel': () => ({ params: { id: scene.bulkRun } }),
    'POST /api/v1/views': () => ({ body: { kind: 'personal', name: '我的视图', filter: { all: [{ property: 'status', operator: 'is', value: 'open' }] } } }),
    'GET /api/v1/views/{id}': () => ({ params: { id: scene.view } }),
    'PATCH /api/v1/views/{id}': async () => ({ params: { id: scene.view }, body: { name: '改了名' }, headers: await version(`/views/${scene.view}`) }),
    'DELETE /api/v1/views/{id}': () => ({ params: { id: scene.spareView } }),
    'POST /api/v1/views/{id}/favourite': () => ({ params: { id: scene.view }, body: { favourite: true } }),
    'GET /api/v1/tickets/{id}': () => ({ params: { id } }),
    'PATCH /api/v1/tickets/{id}': async () => ({ params: { id }, body: { subject: '厨房水管爆裂，已关总阀' }, headers: await version(`/tickets/${id}`) }),
    'GET /api/v1/tickets/{id}/timeline': () => ({ params: { id } }),
    'POST /api/v1/tickets/{id}/comments': () => ({ params: { id }, body: { body: '马上到', visibility: 'public' } }),
    'GET /api/v1/tickets/{id}/actions': () => ({ params: { id } }),
    'POST /api/v1/tickets/{id}/actions/{action}': () => ({ params: { id: scene.otherTicket.id, action: 'close' }, body: { reason: '重复' } }),
    'POST /api/v1/tickets/{id}/reveal': () => ({ params: { id }, body: { reason: '回访' } }),

    'GET /api/v1/tickets/{id}/merge-candidates': () => ({ params: { id } }),
    'GET /api/v1/tickets/{id}/proposals': () => ({ params: { id } }),
    'GET /api/v1/tickets/{id}/offers': () => ({ params: { id } }),
    'POST /api/v1/tickets/{id}/offers': () => ({ params: { id: scene.offerable }, body: { mode: 'grab' } }),
    'GET /api/v1/tickets/{id}/appointment': () => ({ params: { id }, query: '?windows=true' }),
    'POST /api/v1/tickets/{id}/appointment': async () => ({ params: { id: scene.appointable }, body: await openWindow(scene.appointable) }),
    'DELETE /api/v1/tickets/{id}/appointment': () => ({ params: { id: scene.appointable } }),
    'GET /api/v1/offers': () => ({}),
    'GET /api/v1/dispatch/offers': () => ({ query: '?state=open' }),
    'GET /api/v1/dispatch/day': () => ({ query: `?date=${scene.planDate}` }),
    'GET /api/v1/dispatch/unplanned': () => ({ query: '?limit=5&priority=high' }),
    'POST /api/v1/dispatch/evaluations': () => ({ body: { date: scene.planDate, technicians: [{ technicianId: of.staff.technician, stops: [] }] } }),
    'POST /api/v1/dispatch/schedules': () => ({ body: { date: scene.planDate, technicians: [{ technicianId: of.staff.technician, stops: [{ ticketId: scene.plannable }] }], promiseMinutes: 120, reason: '客户急等' } }),
    'GET /api/v1/dispatch/plans': () => ({ query: `?date=${scene.planDate}` }),
    'POST /api/v1/dispatch/plans': () => ({ body: { date: scene.planDate, teamIds: [of.teamId], ticketIds: [], seconds: 1, keep: 'people' } }),
    'POST /api/v1/dispatch/replans': () => ({ body: { date: scene.planDate, teamIds: [of.teamId], event: 'technician_absent', technicianId: of.staff.technician }, token: of.tokens.dispatcher }),
    'GET /api/v1/dispatch/plans/{id}': () => ({ params: { id: scene.appliablePlan } }),
    'POST /api/v1/dispatch/plans/{id}/actions/apply': () => ({ params: { id: scene.appliablePlan }, body: {} }),
    'POST /api/v1/dispatch/plans/{id}/actions/withdraw': () => ({ params: { id: scene.withdrawablePlan } }),
    'POST /api/v1/offers/{id}/actions/accept': () => ({ params: { id: scene.acceptable }, token: of.tokens.technician }),
    'POST /api/v1/offers/{id}/actions/decline': () => ({ params: { id: scene.declinable }, body: { reason: '今天排满了' }, token: of.tokens.technician }),
    'POST /api/v1/offers/{id}/actions/withdraw': () => ({ params: { id: scene.withdrawable }, body: { reason: '改为直接指派' } }),
    'POST /api/v1/tickets/{id}/merge-candidates/{other}/dismiss': () => ({ params: { id, other: scene.mergeable.id } }),
    'GET /api/v1/like-tickets': () => ({ query: `?subject=${encodeURIComponent('水管爆裂')}` }),
    'POST /api/v1/tickets/{id}/gather': () => ({ params: { id: scene.gatherable.id }, body: { tickets: [] } }),
    'POST /api/v1/tickets/{id}/merge': () => ({ params: { id: scene.mergeable.id }, body: { into: id, note: '同一件事' } }),
    'POST /api/v1/tickets/{id}/unmerge': () => ({ params: { id: scene.merged.id }, body: {} }),
    'GET /api/v1/tickets/{id}/links': () => ({ params: { id } }),
    'POST /api/v1/tickets/{id}/links': () => ({ params: { id }, body: { kind: 'related', ticket: scene.linkable.number } }),
    'DELETE /api/v1/tickets/{id}/links/{kind}/{other}': () => ({ params: { id, kind: 'blocks', other: scene.linked.number } }),
    'POST /api/v1/tickets/{id}/split': () => ({ params: { id }, body: { messageIds: [scene.message], subject: '另开一张' } }),
    'GET /api/v1/tickets/{id}/checklist': () => ({ params: { id } }),
    'POST /api/v1/tickets/{id}/checklist': () => ({ params: { id }, body: { items: [{ text: '复查' }] } }),
    'POST /api/v1/tickets/{id}/checklist/order': async () => ({
      params: { id }, body: { itemIds: (await program.call('GET', `/tickets/${id}/checklist`, { as: 'administrator', of })).body.items.map((item: { id: string }) => item.id).reverse() },
    }),
    'PATCH /api/v1/tickets/{id}/checklist/{item}': () => ({ params: { id, item: scene.checklist[0]!.id }, body: { done: true }, headers: { 'if-match': '"1"' } }),
    'DELETE /api/v1/tickets/{id}/checklist/{item}': () => ({ params: { id, item: scene.checklist[1]!.id } }),
    'GET /api/v1/tickets/{id}/watchers': () => ({ params: { id } }),
    'POST /api/v1/tickets/{id}/watchers/{staffId}': () => ({ params: { id, staffId: 'me' } }),
    'DELETE /api/v1/tickets/{id}/watchers/{staffId}': () => ({ params: { id, staffId: 'me' } }),
    'GET /api/v1/tickets/{id}/helpers': () => ({ params: { id } }),
    'POST /api/v1/tickets/{id}/helpers': () => ({ params: { id }, body: { staffId: of.staff.agent } }),
    'DELETE /api/v1/tickets/{id}/helpers/{staffId}': () => ({ params: { id, staffId: of.staff.agent } }),
    'POST /api/v1/tickets/{id}/presence': () => ({ params: { id }, body: { state: 'viewing' } }),
    'GET /api/v1/tickets/{id}/reply-route': () => ({ params: { id } }),
    'GET /api/v1/tickets/{id}/visitor': () => ({ params: { id } }),
    'POST /api/v1/tickets/{id}/deliveries/{deliveryId}/actions/{action}': () => ({ params: { id, deliveryId: scene.undelivered, action: 'mark_arrived' }, body: {} }),
    'GET /api/v1/tickets/{id}/held-replies': () => ({ params: { id } }),
    'POST /api/v1/tickets/{id}/held-replies': () => ({ params: { id }, body: { body: '稍等', visibility: 'public', seconds: 60 } }),
    'DELETE /api/v1/tickets/{id}/held-replies/{heldId}': () => ({ params: { id, heldId: scene.held } }),
    'POST /api/v1/tickets/{id}/macros/{macroId}': () => ({ params: { id, macroId: scene.macro }, body: {} }),
    'PATCH /api/v1/llm-setting': async () => ({ body: { baseUrl: 'https://llm.example/v1', model: 'small' }, headers: await version('/llm-setting') }),
    'POST /api/v1/calendars': () => ({ body: { key: 'three', name: '三', definition: scene.calendarDefinition } }),
    'POST /api/v1/calendars/read-icalendar': () => ({ body: { text: 'BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n', timeZone: 'Asia/Shanghai', meaning: 'closed' } }),
    'GET /api/v1/calendars/{id}': () => ({ params: { id: scene.calendars[0] } }),
    'PATCH /api/v1/calendars/{id}': async () => ({ params: { id: scene.calendars[0] }, body: { name: '上午' }, headers: await version(`/calendars/${scene.calendars[0]}`) }),
    'POST /api/v1/calendars/{id}/publish': async () => ({ params: { id: scene.calendars[1] }, body: {}, headers: await version(`/calendars/${scene.calendars[1]}`) }),
    'GET /api/v1/calendars/{id}/versions': () => ({ params: { id: scene.calendars[0] } }),
    'POST /api/v1/calendars/{id}/versions/{number}/restore': () => ({ params: { id: scene.calendars[0], number: '1' }, body: {} }),
    'POST /api/v1/sla-policies': () => ({ body: { name: '三', definition: scene.policyDefinition } }),
    'POST /api/v1/sla-policies/order': async () => ({ body: { ids: ((await done(program.call('GET', '/sla-policies', { as: 'administrator', of: scene.of }))).body.items as { id: string }[]).map((policy) => policy.id) } }),
    'GET /api/v1/sla-policies/{id}': () => ({ params: { id: scene.policies[0] } }),
    'PATCH /api/v1/sla-policies/{id}': async () => ({ params: { id: scene.policies[0] }, body: { nameEn: 'One' }, headers: await version(`/sla-policies/${scene.policies[0]}`) }),
    'POST /api/v1/sla-policies/{id}/publish': async () => ({ params: { id: scene.policies[1] }, body: {}, headers: await version(`/sla-policies/${scene.policies[1]}`) }),
    'GET /api/v1/sla-policies/{id}/versions': () => ({ params: { id: scene.policies[0] } }),
    'POST /api/v1/sla-policies/{id}/versions/{number}/restore': () => ({ params: { id: scene.policies[0], number: '1' }, body: {} }),
    'POST /api/v1/sla-simulations': () => ({ body: { from: '2026-11-01T00:00:00.000Z', to: '2026-11-02T00:00:00.000Z', policies: [{ name: '试', definition: scene.policyDefinition }] } }),
    'GET /api/v1/sla-simulations/{id}': () => ({ params: { id: scene.simulation } }),
    'POST /api/v1/sla-simulations/{id}/cancel': () => ({ params: { id: scene.simulation } }),
    'GET /api/v1/tickets/{id}/sla': () => ({ params: { id } }),
    'POST /api/v1/tickets/{id}/sla/reasons': () => ({ params: { id }, body: { clock: 'acceptance#1', reason: 'parts' } }),
    'POST /api/v1/automation-rules': () => ({ body: { name: '三', definition: scene.ruleDefinition } }),
    'POST /api/v1/automation-rules/order': async () => ({ body: { ids: ((await done(program.call('GET', '/automation-rules', { as: 'administrator', of: scene.of }))).body.items as { id: string }[]).map((rule) => rule.id) } }),
    'POST /api/v1/automation-rules/preview': () => ({ body: { definition: scene.ruleDefinition } }),
    'GET /api/v1/automation-rules/{id}': () => ({ params: { id: scene.rules[0].id } }),
    'PATCH /api/v1/automation-rules/{id}': async () => ({ params: { id: scene.rules[0].id }, body: { description: '评价之后' }, headers: await version(`/automation-rules/${scene.rules[0].id}`) }),
    'POST /api/v1/automation-rules/{id}/publish': async () => ({ params: { id: scene.rules[1].id }, body: {}, headers: await version(`/automation-rules/${scene.rules[1].id}`) }),
    'POST /api/v1/automation-rules/{id}/try': () => ({ params: { id: scene.rules[0].id }, body: { ticket: id } }),
    'GET /api/v1/automation-rules/{id}/versions': () => ({ params: { id: scene.rules[0].id } }),
    'POST /api/v1/automation-rules/{id}/versions/{number}/restore': () => ({ params: { id: scene.rules[0].id, number: '1' }, body: {} }),
    'GET /api/v1/automation-rules/{id}/calls': () => ({ params: { id: scene.rules[0].id } }),
    'POST /api/v1/channels': () => ({ body: { kind: 'webhook', name: 'Building control' } }),
    'GET /api/v1/intake-setting': () => ({}),
    'PATCH /api/v1/intake-setting': () => ({ body: { rawDays: 365 }, headers: { 'if-match': '*' } }),
    'POST /api/v1/text/extract': () => ({ body: { text: '水管漏水，电话 13800001111' } }),
    'POST /api/v1/tickets/{id}/guesses/confirm': () => ({ params: { id: scene.ticket.id }, body: { fields: ['category'] } }),
    'POST /api/v1/tickets/{id}/completions/{connector}/ask': () => ({ params: { id: scene.ticket.id, connector: scene.connector } }),
    'GET /api/v1/connectors': () => ({}),
    'POST /api/v1/connectors': () => ({ body: { kind: 'http', name: 'ERP', settings: { url: 'https://erp.example.com/orders/{{fields.order}}' } } }),
    'POST /api/v1/connectors/try': () => ({ body: { kind: 'http', settings: { url: 'https://erp.example.com/orders/{{fields.order}}' } } }),
    'GET /api/v1/connectors/{id}': () => ({ params: { id: scene.connector } }),
    'PATCH /api/v1/connectors/{id}': () => ({ params: { id: scene.connector }, body: { active: false }, headers: { 'if-match': '*' } }),
    'POST /api/v1/channels/try-mapping': () => ({ body: { kind: 'webhook', mapping: [{ target: 'subject', from: 'what' }], body: '{"what":"x"}' } }),
    'GET /api/v1/calls': () => ({}),
    'POST /api/v1/calls': () => ({ body: { customerId: scene.customer, contactPointId: scene.contactPoint } }),
    'GET /api/v1/calls/{id}': () => ({ params: { id: scene.phoneCall } }),
    'PATCH /api/v1/calls/{id}': async () => ({ params: { id: scene.phoneCall }, body: { note: '问进度' }, headers: await version(`/calls/${scene.phoneCall}`) }),
    'POST /api/v1/calls/{id}/ticket': () => ({ params: { id: scene.spareCall }, body: { subject: '来电报修' } }),
    'GET /api/v1/calls/{id}/recording': () => ({ params: { id: scene.phoneCall } }),
    'GET /api/v1/staff/{id}/phone-line': () => ({ params: { id: of.staff.agent } }),
    'PATCH /api/v1/staff/{id}/phone-line': async () => ({ params: { id: of.staff.agent }, body: { extension: '1001' }, headers: await version(`/staff/${of.staff.agent}/phone-line`) }),
    'GET /api/v1/telephone': () => ({}),
    'GET /api/v1/telephone/softphone': () => ({}),
    'GET /api/v1/telephone/wire.js': () => ({}),
    'GET /api/v1/telephone/colleagues': () => ({}),
    'GET /api/v1/speech-setting': () => ({}),
    'PATCH /api/v1/speech-setting': async () => ({ body: { baseUrl: 'https://speech.example.com/v1' }, headers: await version('/speech-setting') }),
    'GET /api/v1/tickets/{id}/hotline-cases': () => ({ params: { id: scene.ticket.id } }),
    'POST /api/v1/hotline-cases/{id}/actions/{action}': () => ({ params: { id: scene.hotlineCase, action: 'accept' }, body: {}, headers: { 'if-match': '*' } }),
    'POST /api/v1/hotline-reports/{id}/retry': () => ({ params: { id: scene.hotlineReport } }),
    'POST /api/v1/hotline-reports/{id}/skip': () => ({ params: { id: scene.skippedHotlineReport } }),
    'GET /api/v1/channels/{id}/hotline-codes': () => ({ params: { id: scene.hotline } }),
    'PATCH /api/v1/channels/{id}/hotline-codes': () => ({ params: { id: scene.hotline }, body: { codes: [{ code: '04', name: '城乡建设', category: of.categoryId }] }, headers: { 'if-match': '*' } }),
    'GET /api/v1/channels/{id}': () => ({ params: { id: scene.channel } }),
    'PATCH /api/v1/channels/{id}': () => ({ params: { id: scene.channel }, body: { name: 'Control of the building' }, headers: { 'if-match': '*' } }),
    'GET /api/v1/channels/{id}/messages': () => ({ params: { id: scene.channel } }),
    'POST /api/v1/inbox-messages/actions/{action}': () => ({ params: { action: 'replay' }, body: { ids: [scene.quarantined] } }),
    'GET /api/v1/inbox-messages/{id}': () => ({ params: { id: scene.quarantined } }),
    'GET /api/v1/inbox-messages/{id}/raw': () => ({ params: { id: scene.quarantined } }),
    'POST /api/v1/inbox-messages/{id}/actions/{action}': () => ({ params: { id: scene.quarantined, action: 'discard' }, body: { reason: 'x' } }),
    'POST /api/v1/automation-signing': async () => ({ body: {}, headers: await version('/automation-signing') }),
    'POST /api/v1/automation-runs/{id}/retry': () => ({ params: { id: scene.parkedRun } }),
    'POST /api/v1/macros': () => ({ body: { kind: 'personal', name: '标记加急', steps: [{ kind: 'tag', tags: ['加急'] }] } }),
    'GET /api/v1/macros/{id}': () => ({ params: { id: scene.macro } }),
    'PATCH /api/v1/macros/{id}': async () => ({ params: { id: scene.macro }, body: { description: '现场先关阀' }, headers: await version(`/macros/${scene.macro}`) }),
    'GET /api/v1/macros/{id}/versions': () => ({ params: { id: scene.macro } }),
    'POST /api/v1/canned-replies': () => ({ body: { kind: 'personal', name: '问候', body: '您好 {{customer.name|}}' } }),
    'GET /api/v1/canned-replies/{id}': () => ({ params: { id: scene.cannedReply } }),
    'PATCH /api/v1/canned-replies/{id}': async () => ({ params: { id: scene.cannedReply }, body: { shortcut: 'hi' }, headers: await version(`/canned-replies/${scene.cannedReply}`) }),
    'POST /api/v1/canned-replies/{id}/render': () => ({ params: { id: scene.cannedReply }, body: { ticketId: id } }),
    'POST /api/v1/drafts': () => ({ body: { place: 'new-ticket', content: { subject: '电梯' } } }),
    'DELETE /api/v1/drafts': () => ({ query: `?place=ticket:${id}:reply` }),
    'POST /api/v1/notifications/read': () => ({ body: { upTo: scene.notification } }),
    'POST /api/v1/notifications/{id}/read': () => ({ params: { id: scene.notification } }),
    'PATCH /api/v1/preferences': () => ({ body: { undoSeconds: 20 } }),
    'POST /api/v1/absences': () => ({ body: { from: '2098-01-01T00:00:00Z', to: '2098-01-08T00:00:00Z', coverId: of.staff.agent, note: '年假' } }),
    'GET /api/v1/absences/{id}': () => ({ params: { id: scene.absence } }),
    'PATCH /api/v1/absences/{id}': async () => ({ params: { id: scene.absence }, body: { note: '改期' }, headers: await version(`/absences/${scene.absence}`) }),
    'DELETE /api/v1/absences/{id}': () => ({ params: { id: scene.absence } }),
    'GET /api/v1/tickets/{id}/side-conversations': () => ({ params: { id } }),
    'POST /api/v1/tickets/{id}/side-conversations': () => ({ params: { id }, body: { subject: '请报价', email: { address: 'supplier@example.com' }, body: '请报角阀的价格' } }),
    'GET /api/v1/side-conversations/{id}': () => ({ params: { id: scene.side } }),
    'GET /api/v1/side-conversations/{id}/messages': () => ({ params: { id: scene.side } }),
    'POST /api/v1/side-conversations/{id}/messages': () => ({ params: { id: scene.side }, body: { body: '还有两个' } }),
    'POST /api/v1/side-conversations/{id}/close': () => ({ params: { id: scene.side } }),
    'POST /api/v1/side-conversations/{id}/reopen': () => ({ params: { id: scene.closedSide } }),
    'GET /api/v1/tickets/{id}/history/verification': () => ({ params: { id } }),
    'POST /api/v1/checklist-templates': () => ({ body: { name: '完工检查', items: ['清理现场', '客户签字'], ticketTypeIds: [of.typeId], requiredBeforeResolve: true } }),
    'GET /api/v1/checklist-templates/{id}': () => ({ params: { id: scene.template } }),
    'PATCH /api/v1/checklist-templates/{id}': async () => ({ params: { id: scene.template }, body: { nameEn: 'On arrival' }, headers: await version(`/checklist-templates/${scene.template}`) }),

    'GET /api/v1/visits/{id}': () => ({ params: { id: scene.visit } }),
    'PATCH /api/v1/visits/{id}/members': async () => ({ params: { id: scene.visit }, body: { members: [of.staff.stranger] }, headers: await version(`/visits/${scene.visit}`) }),
    'GET /api/v1/visits/{id}/report': () => ({ params: { id: scene.formerVisit } }),
    'POST /api/v1/visits/{id}/actions/{action}': () => ({ params: { id: scene.visit, action: 'accept' }, body: {}, token: of.tokens.technician }),

    'GET /api/v1/visits/{id}/track': () => ({ params: { id: scene.visit } }),
    'POST /api/v1/field/sync': () => ({ body: { deviceId: newId(), commands: [{ sequence: 1, visitId: scene.visit, action: 'accept', body: {} }] }, token: of.tokens.technician }),
    'GET /api/v1/field/figures': () => ({ token: of.tokens.technician }),
    'GET /api/v1/field/assets': () => ({ query: '?code=LIFT-1', token: of.tokens.technician }),
    'POST /api/v1/positions': () => ({ body: { visitId: scene.travelVisit, points: [{ lat: 30.27, lng: 120.15, accuracy: 10, at: new Date().toISOString() }] }, token: of.tokens.technician }),
    'GET /api/v1/positions': () => ({}),
    'POST /api/v1/uploads': () => ({ headers: { 'tus-resumable': '1.0.0', 'upload-length': '100' } }),
    'GET /api/v1/uploads/{id}': () => ({ params: { id: scene.begunUpload } }),
    'PATCH /api/v1/uploads/{id}': () => ({ params: { id: scene.begunUpload }, piece: Buffer.from('abc'), headers: { 'tus-resumable': '1.0.0', 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' } }),
    'DELETE /api/v1/uploads/{id}': () => ({ params: { id: scene.begunUpload }, headers: { 'tus-resumable': '1.0.0' } }),

    'POST /api/v1/files': () => ({ form: multipart({ content: scene.photo }) }),
    'GET /api/v1/files/{id}': () => ({ params: { id: scene.file } }),
    'GET /api/v1/files/{id}/thumbnail': () => ({ params: { id: scene.file } }),

    'POST /api/v1/departments': () => ({ body: { name: '保洁部', parentId: of.departmentId } }),
    'POST /api/v1/teams': () => ({ body: { name: '电梯班', departmentId: of.departmentId, memberIds: [of.staff.technician] } }),
    'POST /api/v1/staff': () => ({ body: { name: '新来的', job: 'agent', email: `new@${of.slug}.example` } }),
    'GET /api/v1/staff/{id}': () => ({ params: { id: of.staff.agent } }),
    'PATCH /api/v1/staff/{id}': async () => ({ params: { id: of.staff.agent }, body: { name: '改了名' }, headers: await version(`/staff/${of.staff.agent}`) }),
    'GET /api/v1/shifts': () => ({ query: '?from=2026-11-23&to=2026-11-30' }),
    'GET /api/v1/staff/{id}/duties': () => ({ params: { id: of.staff.agent } }),
    'GET /api/v1/staff/{id}/shifts': () => ({ params: { id: of.staff.agent } }),
    'PATCH /api/v1/staff/{id}/shifts': async () => ({ params: { id: of.staff.agent }, body: { windows: [{ weekday: 1, startsMinute: 540, endsMinute: 1080 }] }, headers: await version(`/staff/${of.staff.agent}/shifts`) }),
    'GET /api/v1/teams/{id}/dispatch-modes': () => ({ params: { id: of.teamId } }),
    'PATCH /api/v1/teams/{id}/dispatch-modes': async () => ({ params: { id: of.teamId }, body: { settings: { ...usualModes, acceptMinutes: 10 } }, headers: await version(`/teams/${of.teamId}/dispatch-modes`) }),
    'GET /api/v1/calendar-feed': () => ({}),
    'POST /api/v1/calendar-feed': () => ({}),
    'DELETE /api/v1/calendar-feed': () => ({}),
    'GET /api/v1/calendar-feeds/{token}': () => ({ params: { token: scene.calendar } }),
    'GET /api/v1/appointment-setting': () => ({}),
    'PATCH /api/v1/appointment-setting': async () => ({ body: { offered: true, windows: [{ startsMinute: 540, endsMinute: 1_020 }], days: 10, leadMinutes: 0 }, headers: await version('/appointment-setting') }),
    'GET /api/v1/travel-setting': () => ({}),
    'PATCH /api/v1/travel-setting': async () => ({ body: { roadFactor: 1.4 }, headers: await version('/travel-setting') }),
    'POST /api/v1/travel-setting/try': () => ({ body: { provider: 'osrm', baseUrl: 'http://127.0.0.1:1', from: { lat: 31.2, lng: 121.4 }, to: { lat: 31.3, lng: 121.5 } } }),
    'GET /api/v1/territories': () => ({}),
    'POST /api/v1/territories': () => ({ body: { name: '城西', shape: [[[[120, 30], [120.1, 30], [120.1, 30.1]]]], teamIds: [of.teamId] } }),
    'PATCH /api/v1/territories/{id}': () => ({ params: { id: scene.territory }, body: { color: 'green' }, headers: { 'if-match': '"1"' } }),
    'GET /api/v1/teams/{id}/dispatch-rules': () => ({ params: { id: of.teamId } }),
    'PATCH /api/v1/teams/{id}/dispatch-rules': async () => ({ params: { id: of.teamId }, body: { rules: { reservePercent: 10, withinTerritory: false } }, headers: await version(`/teams/${of.teamId}/dispatch-rules`) }),
    'GET /api/v1/teams/{id}/dispatch-weights': () => ({ params: { id: of.teamId } }),
    'PATCH /api/v1/teams/{id}/dispatch-weights': async () => ({ params: { id: of.teamId }, body: { weights: { travel: 50, promptness: 20, skill: 10, load: 10, familiarity: 5, fairness: 5 } }, headers: await version(`/teams/${of.teamId}/dispatch-weights`) }),
    'POST /api/v1/teams/{id}/dispatch-weights/preview': () => ({ params: { id: of.teamId }, body: { weights: { travel: 50, promptness: 20, skill: 10, load: 10, familiarity: 5, fairness: 5 } } }),
    'GET /api/v1/teams/{id}/shifts': () => ({ params: { id: of.teamId } }),
    'PATCH /api/v1/teams/{id}/shifts': async () => ({ params: { id: of.teamId }, body: { windows: [{ weekday: 1, startsMinute: 540, endsMinute: 1080 }] }, headers: await version(`/teams/${of.teamId}/shifts`) }),
    'POST /api/v1/skills': () => ({ body: { name: '焊接', nameEn: 'Welding' } }),
    'GET /api/v1/skills/{id}': () => ({ params: { id: scene.skill } }),
    'PATCH /api/v1/skills/{id}': async () => ({ params: { id: scene.skill }, body: { nameEn: 'Masonry' }, headers: await version(`/skills/${scene.skill}`) }),
    'POST /api/v1/roles': () => ({ body: { name: '只读', grants: [{ permission: 'ticket.read', scope: 'team' }] } }),
    'PATCH /api/v1/organization': async () => ({ body: { settings: { acceptanceDays: 5 } }, headers: await version('/organization') }),
    'GET /api/v1/departments/{id}': () => ({ params: { id: of.departmentId } }),
    'PATCH /api/v1/departments/{id}': async () => ({ params: { id: of.departmentId }, body: { nameEn: 'Engineering' }, headers: await version(`/departments/${of.departmentId}`) }),
    'GET /api/v1/teams/{id}': () => ({ params: { id: of.teamId } }),
    'PATCH /api/v1/teams/{id}': async () => ({ params: { id: of.teamId }, body: { leadId: of.staff.technician }, headers: await version(`/teams/${of.teamId}`) }),
    'GET /api/v1/roles/{id}': () => ({ params: { id: scene.role } }),
    'PATCH /api/v1/roles/{id}': async () => ({ params: { id: scene.role }, body: { grants: [{ permission: 'ticket.read', scope: 'own' }] }, headers: await version(`/roles/${scene.role}`) }),
    'GET /api/v1/categories/{id}': () => ({ params: { id: of.categoryId } }),
    'PATCH /api/v1/categories/{id}': async () => ({ params: { id: of.categoryId }, body: { nameEn: 'Water and power' }, headers: await version(`/categories/${of.categoryId}`) }),
    'POST /api/v1/categories/import': () => ({ body: { text: '水电,漏水,水管' } }),
    'POST /api/v1/flows': () => ({ body: { name: '新流程', definition: scene.flowDefinition } }),
    'POST /api/v1/flows/import-bpmn': () => ({ body: { xml: bpmnFile } }),
    'GET /api/v1/flows/{id}/bpmn': () => ({ params: { id: scene.flow.id } }),
    'GET /api/v1/flows/{id}': () => ({ params: { id: scene.flow.id } }),
    'PATCH /api/v1/flows/{id}': async () => ({ params: { id: scene.flow.id }, body: { description: '走一走' }, headers: await version(`/flows/${scene.flow.id}`) }),
    'GET /api/v1/flows/{id}/draft': () => ({ params: { id: scene.flow.id } }),
    'PATCH /api/v1/flows/{id}/draft': async () => ({ params: { id: scene.flow.id }, body: { definition: scene.flowDefinition }, headers: await version(`/flows/${scene.flow.id}/draft`) }),
    'DELETE /api/v1/flows/{id}/draft': () => ({ params: { id: scene.spareFlow.id } }),
    'POST /api/v1/flows/{id}/draft/check': () => ({ params: { id: scene.flow.id }, body: { definition: scene.flowDefinition } }),
    'POST /api/v1/flows/{id}/publish': async () => ({ params: { id: scene.flow.id }, body: {}, headers: await version(`/flows/${scene.flow.id}/draft`) }),
    'POST /api/v1/flows/{id}/test': () => ({ params: { id: scene.flow.id }, body: { events: [] } }),
    'GET /api/v1/flows/{id}/versions': () => ({ params: { id: scene.flow.id } }),
    'GET /api/v1/flows/{id}/versions/{number}': () => ({ params: { id: scene.flow.id, number: '1' } }),
    'POST /api/v1/flows/{id}/versions/{number}/restore': () => ({ params: { id: scene.flow.id, number: '1' }, body: {} }),
    'POST /api/v1/flows/{id}/migration/preview': () => ({ params: { id: scene.flow.id }, body: {} }),
    'POST /api/v1/flows/{id}/migration': () => ({ params: { id: scene.flow.id }, body: {} }),
    'GET /api/v1/tickets/{id}/flow': () => ({ params: { id: scene.flow.ticket } }),
    'POST /api/v1/tickets/{id}/flow': () => ({ params: { id: scene.flowless }, body: { flowId: scene.spareFlow.id } }),
    'GET /api/v1/tasks/{id}': () => ({ params: { id: scene.task } }),
    'POST /api/v1/tasks/{id}/actions/{action}': () => ({ params: { id: scene.task, action: 'hand_over' }, body: { staffIds: [of.staff.administrator] } }),
    'GET /api/v1/flow-instances/{id}': () => ({ params: { id: scene.flow.instance } }),
    'POST /api/v1/flow-instances/{id}/retry': () => ({ params: { id: scene.heldFlow.instance }, body: {} }),
    'POST /api/v1/flow-instances/{id}/cancel': () => ({ params: { id: scene.spareFlow.instance }, body: { reason: '不用了' } }),
    'POST /api/v1/ticket-statuses': () => ({ body: { class: 'open', name: '已联系客户' } }),
    'GET /api/v1/ticket-statuses/{id}': () => ({ params: { id: scene.status } }),
    'PATCH /api/v1/ticket-statuses/{id}': async () => ({ params: { id: scene.status }, body: { color: 'teal' }, headers: await version(`/ticket-statuses/${scene.status}`) }),
    'GET /api/v1/ticket-types/{id}': () => ({ params: { id: of.typeId } }),
    'POST /api/v1/ticket-types': () => ({ body: { key: 'complaint', name: '投诉' } }),
    'PATCH /api/v1/ticket-types/{id}': async () => ({ params: { id: of.typeId }, body: { description: '一般报修' }, headers: await version(`/ticket-types/${of.typeId}`) }),
    'GET /api/v1/ticket-types/{id}/draft': () => ({ params: { id: of.typeId } }),
    'PATCH /api/v1/ticket-types/{id}/draft': async () => ({ params: { id: of.typeId }, body: { form: formWith('floor') }, headers: await version(`/ticket-types/${of.typeId}/draft`) }),
    'DELETE /api/v1/ticket-types/{id}/draft': () => ({ params: { id: scene.type } }),
    'POST /api/v1/ticket-types/{id}/draft/check': () => ({ params: { id: of.typeId }, body: { form: formWith('room') } }),
    'POST /api/v1/ticket-types/{id}/publish': async () => ({ params: { id: of.typeId }, body: {}, headers: await version(`/ticket-types/${of.typeId}/draft`) }),
    'GET /api/v1/ticket-types/{id}/versions': () => ({ params: { id: of.typeId } }),
    'GET /api/v1/ticket-types/{id}/versions/{number}': () => ({ params: { id: of.typeId, number: '1' } }),
    'POST /api/v1/ticket-types/{id}/versions/{number}/restore': () => ({ params: { id: of.typeId, number: '1' }, body: {} }),
    'GET /api/v1/ticket-types/{id}/compare': () => ({ params: { id: of.typeId }, query: '?from=1&to=draft' }),
    'POST /api/v1/ticket-templates': () => ({ body: { name: '水管爆裂', subject: '水管爆裂', priority: 'urgent', categoryId: of.categoryId } }),
    'GET /api/v1/ticket-templates/{id}': () => ({ params: { id: scene.ticketTemplate } }),
    'PATCH /api/v1/ticket-templates/{id}': async () => ({ params: { id: scene.ticketTemplate }, body: { nameEn: 'Lift' }, headers: await version(`/ticket-templates/${scene.ticketTemplate}`) }),
    'POST /api/v1/categories': () => ({ body: { name: '漏水', parentId: of.categoryId } }),
    'POST /api/v1/customers': () => ({ body: { name: '赵强' } }),
    'GET /api/v1/customers/{id}': () => ({ params: { id: scene.customer } }),
    'PATCH /api/v1/customers/{id}': async () => ({ params: { id: scene.customer }, body: { tags: ['老客户'], idNumber: '330105199001011234' }, headers: await version(`/customers/${scene.customer}`) }),
    'GET /api/v1/customers/{id}/timeline': () => ({ params: { id: scene.customer } }),
    'POST /api/v1/customers/{id}/duplicates/{other}/dismiss': () => ({ params: { id: scene.customer, other: scene.twin } }),
    'GET /api/v1/customers/{id}/conversations': () => ({ params: { id: scene.customer } }),
    'GET /api/v1/customers/{id}/duplicates': () => ({ params: { id: scene.customer } }),
    'POST /api/v1/customers/{id}/merge': () => ({ params: { id: scene.mergeableCustomer }, body: { into: scene.twin, reason: '同一个人' } }),
    'POST /api/v1/customers/{id}/unmerge': () => ({ params: { id: scene.mergedCustomer }, body: {} }),
    'POST /api/v1/customers/{id}/reveal': () => ({ params: { id: scene.customer }, body: { reason: '回访' } }),
    'POST /api/v1/customers/{id}/contact-points': () => ({ params: { id: scene.customer }, body: { kind: 'wechat_openid', value: 'oAb3xyzXYZ12349k', label: '公众号' } }),
    'PATCH /api/v1/customers/{id}/contact-points/{contactId}': () => ({ params: { id: scene.customer, contactId: scene.contactPoint }, body: { label: '女儿' }, headers: { 'if-match': '"1"' } }),
    'DELETE /api/v1/customers/{id}/contact-points/{contactId}': () => ({ params: { id: scene.customer, contactId: scene.spareContactPoint } }),
    'POST /api/v1/customers/{id}/contact-points/{contactId}/verify': () => ({ params: { id: scene.customer, contactId: scene.contactPoint }, body: { note: '回拨核实' } }),
    'POST /api/v1/customers/{id}/contact-points/{contactId}/reveal': () => ({ params: { id: scene.customer, contactId: scene.contactPoint }, body: { reason: '回访' } }),
    'GET /api/v1/customers/{id}/notes': () => ({ params: { id: scene.customer } }),
    'POST /api/v1/customers/{id}/notes': () => ({ params: { id: scene.customer }, body: { body: '喜欢上午上门' } }),
    'PATCH /api/v1/customers/{id}/notes/{noteId}': () => ({ params: { id: scene.customer, noteId: scene.customerNote }, body: { pinned: true }, headers: { 'if-match': '"1"' } }),
    'DELETE /api/v1/customers/{id}/notes/{noteId}': () => ({ params: { id: scene.customer, noteId: scene.spareNote } }),
    'POST /api/v1/customer-tiers': () => ({ body: { key: '白金', name: '白金客户' } }),
    'PATCH /api/v1/customer-tiers/{id}': () => ({ params: { id: scene.tier }, body: { name: '贵宾' }, headers: { 'if-match': '"1"' } }),
    'POST /api/v1/accounts': () => ({ body: { name: '安居物业', kind: 'company', code: 'C-1' } }),
    'GET /api/v1/accounts/{id}': () => ({ params: { id: scene.account } }),
    'PATCH /api/v1/accounts/{id}': async () => ({ params: { id: scene.account }, body: { address: '西畔路1号' }, headers: await version(`/accounts/${scene.account}`) }),
    'GET /api/v1/accounts/{id}/timeline': () => ({ params: { id: scene.account } }),
    'GET /api/v1/technician-preferences': () => ({ query: `?of=customer&subjectId=${scene.customer}` }),
    'POST /api/v1/technician-preferences': () => ({ body: { of: 'site', subjectId: scene.site, staffId: of.staff.technician, kind: 'preferred', reason: '熟悉门禁' } }),
    'DELETE /api/v1/technician-preferences/{id}': () => ({ params: { id: scene.preference } }),
    'GET /api/v1/accounts/{id}/sites': () => ({ params: { id: scene.account } }),
    'POST /api/v1/accounts/{id}/sites': () => ({ params: { id: scene.account }, body: { name: '4幢', lat: 30.27, lng: 120.15 } }),
    'PATCH /api/v1/accounts/{id}/sites/{siteId}': () => ({ params: { id: scene.account, siteId: scene.site }, body: { accessNotes: '门岗登记' }, headers: { 'if-match': '"1"' } }),
    'POST /api/v1/accounts/{id}/sites/{siteId}/reveal': () => ({ params: { id: scene.account, siteId: scene.site }, body: { reason: '联系门岗' } }),
    'PATCH /api/v1/masks': async () => ({ body: { revealsPerHour: 500 }, headers: await version('/masks') }),
    'POST /api/v1/assets': () => ({ body: { code: 'PUMP-7', name: '水泵' } }),
    'GET /api/v1/assets/{id}': () => ({ params: { id: scene.asset.id } }),

    'PATCH /api/v1/assets/{id}': async () => ({ params: { id: scene.asset.id }, body: { model: 'TKJ1000' }, headers: await version(`/assets/${scene.asset.id}`) }),
    'GET /api/v1/assets/{id}/timeline': () => ({ params: { id: scene.asset.id } }),
    'GET /api/v1/assets/{id}/label.svg': () => ({ params: { id: scene.asset.id } }),
    'POST /api/v1/assets/labels': () => ({ body: { ids: [scene.asset.id] } }),
    'POST /api/v1/sites/labels': () => ({ body: { ids: [scene.site] } }),

    'GET /api/v1/import-kinds/{kind}/template.csv': () => ({ params: { kind: 'tickets' } }),
    'POST /api/v1/imports/preview': () => ({ form: multipart({ name: 'a.csv', type: 'text/csv', content: '姓名\n钱多\n', fields: { kind: 'customers' } }) }),
    'POST /api/v1/imports': () => ({ form: multipart({ name: 'a.csv', type: 'text/csv', content: '姓名\n钱多\n', fields: { kind: 'customers' } }) }),
    'GET /api/v1/imports/{id}': () => ({ params: { id: scene.importing } }),
    'POST /api/v1/imports/{id}/cancel': () => ({ params: { id: scene.importing } }),
    'GET /api/v1/imports/{id}/issues': () => ({ params: { id: scene.importing } }),
    'GET /api/v1/imports/{id}/result.csv': () => ({ params: { id: scene.importing } }),

    'GET /api/v1/notifications/{id}/deliveries': () => ({ params: { id: scene.notification } }),
    'POST /api/v1/notifications/{id}/acknowledge': () => ({ params: { id: scene.notification }, body: {} }),
    'PATCH /api/v1/notice-settings': () => ({ body: { digest: { every: 'hour', at: '09:00' } }, headers: { 'if-match': '*' } }),
    'POST /api/v1/notice-addresses': () => ({ body: { channel: 'email', address: 'other@example.com' } }),
    'POST /api/v1/notice-addresses/{channel}/confirm': () => ({ params: { channel: 'sms' }, body: { code: '123456' } }),
    'DELETE /api/v1/notice-addresses/{channel}': () => ({ params: { channel: 'sms' } }),
    'POST /api/v1/notice-devices': () => ({ body: { name: 'Chrome', face: 'console', endpoint: 'https://push.example.com/abc', keys: { p256dh: 'B'.repeat(87), auth: 'a'.repeat(22) } } }),
    'DELETE /api/v1/notice-devices/{id}': () => ({ params: { id: scene.notices.device } }),
    'GET /api/v1/notice-accounts/{channel}': () => ({ params: { channel: 'email' } }),
    'PATCH /api/v1/notice-accounts/{channel}': () => ({ params: { channel: 'email' }, body: { active: true }, headers: { 'if-match': '*' } }),
    'POST /api/v1/notice-accounts/{channel}/test': () => ({ params: { channel: 'email' }, body: {} }),
    'GET /api/v1/notice-deliveries/{id}': () => ({ params: { id: scene.notices.delivery } }),
    'POST /api/v1/notice-deliveries/{id}/retry': () => ({ params: { id: scene.notices.failed }, body: {} }),
    'POST /api/v1/channels/{id}/grants': () => ({ params: { id: scene.miniProgram }, body: { identity: 'o_1', templates: ['template_0001'] } }),
    'PATCH /api/v1/matching-settings': () => ({ body: { hours: 48 }, headers: { 'if-match': '*' } }),
    'PATCH /api/v1/news-settings': () => ({ body: { surveyHours: 48 }, headers: { 'if-match': '*' } }),
    'PATCH /api/v1/notice-policy': () => ({ body: { escalateAfterMinutes: 15 }, headers: { 'if-match': '*' } }),
    'GET /api/v1/notice-templates/{kind}/{channel}/{language}': () => ({ params: noticeTemplate }),
    'PATCH /api/v1/notice-templates/{kind}/{channel}/{language}': () => ({ params: noticeTemplate, body: { draft: { title: '{{reason}}', body: '{{preview}}' } }, headers: { 'if-match': '*' } }),
    'POST /api/v1/notice-templates/{kind}/{channel}/{language}/publish': () => ({ params: { ...noticeTemplate, kind: 'mentioned' } }),
    'POST /api/v1/notice-templates/{kind}/{channel}/{language}/preview': () => ({ params: noticeTemplate, body: { title: '{{reason}}', body: '' } }),

    'GET /api/v1/insight/{measure}': () => ({ params: { measure: 'created' } }),
    'GET /api/v1/feed': () => ({ endless: true }),

    'GET /api/v1/portal/{org}': () => ({ params: org }),
    'GET /api/v1/portal/{org}/categories/{category}': () => ({ params: { ...org, category: of.categoryId } }),
    'POST /api/v1/portal/{org}/files': () => ({ params: org, form: multipart({ content: scene.photo }) }),
    'POST /api/v1/portal/{org}/reports': () => ({ params: org, body: { description: '电梯里灯坏了', contact: { name: '韩梅', phone: '13800003333' } } }),
    'POST /api/v1/portal/{org}/codes': () => ({ params: org, body: { phone: '13800001111' } }),
    'POST /api/v1/portal/{org}/session': async () => ({ params: org, body: await phoneCode(program, of).catch(() => ({ phone: '13800001111', code: '000000' })) }),
    'DELETE /api/v1/portal/{org}/session': () => ({ params: org, token: scene.leavingCustomer.token }),
    'GET /api/v1/portal/{org}/tickets': () => ({ params: org, token: scene.customerSession.token }),
    'GET /api/v1/scan/{token}': () => ({ params: { token: scene.scan } }),
    'GET /api/v1/progress/{token}': () => ({ params: link }),
    'POST /api/v1/progress/{token}/comments': () => ({ params: link, body: { body: '还在漏' } }),
    'POST /api/v1/progress/{token}/confirm': () => ({ params: { token: scene.resolvedLinks[0] }, body: {} }),
    'POST /api/v1/progress/{token}/reopen': () => ({ params: { token: scene.resolvedLinks[1] }, body: { reason: '又漏了' } }),
    'GET /api/v1/progress/{token}/report': () => ({ params: { token: scene.formerLink } }),
    'POST /api/v1/progress/{token}/rating': () => ({ params: { token: scene.resolvedLinks[2] }, body: { rating: 5 } }),
    'GET /api/v1/progress/{token}/appointment': () => ({ params: link }),
    'POST /api/v1/progress/{token}/appointment': async () => ({ params: { token: scene.appointableLink }, body: await openWindow(scene.appointableByLink) }),
    'POST /api/v1/progress/{token}/news': () => ({ params: link, body: { choice: 'results' } }),
    'POST /api/v1/progress/{token}/files': () => ({ params: link, form: multipart({ content: scene.photo }) }),
    'GET /api/v1/progress/{token}/files/{id}': () => ({ params: { ...link, id: scene.file } }),
    'GET /api/v1/progress/{token}/files/{id}/thumbnail': () => ({ params: { ...link, id: scene.file } }),
    'GET /api/v1/progress/{token}/feed': () => ({ params: link, endless: true }),
    'GET /api/v1/chat/{channel}': () => ({ params: { channel: scene.chat.channel } }),
    'POST /api/v1/chat/{channel}/visits': () => ({ params: { channel: scene.chat.channel }, body: { name: '韩梅' } }),
    'GET /api/v1/chat-visits/{token}': () => ({ params: { token: scene.chat.visit } }),
    'POST /api/v1/chat-visits/{token}/messages': () => ({ params: { token: scene.chat.visit }, body: { key: newId(), body: '门锁坏了' } }),
    'POST /api/v1/chat-visits/{token}/contact': () => ({ params: { token: scene.chat.visit }, body: { email: 'han@example.com' } }),
    'POST /api/v1/chat-visits/{token}/seen': () => ({ params: { token: scene.chat.visit }, body: { upTo: 1 } }),
    'POST /api/v1/chat-visits/{token}/presence': () => ({ params: { token: scene.chat.visit }, body: { state: 'typing' } }),
    'POST /api/v1/chat-visits/{token}/files': () => ({ params: { token: scene.chat.visit }, form: multipart({ content: scene.photo }) }),
    'GET /api/v1/chat-visits/{token}/files/{id}': () => ({ params: { token: scene.chat.visit, id: scene.chat.file } }),
    'GET /api/v1/chat-visits/{token}/files/{id}/thumbnail': () => ({ params: { token: scene.chat.visit, id: scene.chat.file } }),
    'GET /api/v1/chat-visits/{token}/feed': () => ({ params: { token: scene.chat.visit }, endless: true }),
  };
}


/** Sends the request of a case, or one that differs from it in what is given. */
export async function ask(program: TestProgram, cases: ReturnType<typeof casesOf>, route: Route, different: {
  token?: string | undefined; cookie?: string; headers?: Record<string, string>; params?: Record<string, string>; query?: string; body?: unknown; payload?: string | Buffer;
} = {}): Promise<Answer> {
  const one: Case = await cases[name(route)]?.() ?? {};
  const { token, cookie, headers = {}, query = one.query ?? '' } = different;
  const body = 'body' in different ? different.body : one.body;
  const url = route.path.replaceAll(/\{(\w+)\}/g, (_, part: string) => encodeURIComponent({ ...one.params, ...different.params }[part] ?? assert.fail(`no {${part}} for ${name(route)}`)));
  const payload = different.payload ?? (one.form ? one.form.payload : one.piece ? one.piece : body === undefined ? undefined : JSON.stringify(body));
  return program.inject({
    method: route.method, url: `${url}${query}`,
    headers: {
      'accept-language': 'en', ...(one.form ? one.form.headers : payload === undefined ? {} : { 'content-type': 'application/json' }), ...one.headers,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...(cookie === undefined ? {} : { cookie: `bihuan_session=${cookie}` }), ...headers,
    },
    ...(payload === undefined ? {} : { payload }),
  });
}

/** The token of somebody who may call a route; none where none is needed. */
export async function entitled(program: TestProgram, cases: ReturnType<typeof casesOf>, route: Route): Promise<string | undefined> {
  if (!needsCredentials(route) && route.access !== 'maybe_signed_in') return undefined;
  return (await cases[name(route)]?.())?.token ?? program.organization.tokens.administrator;
}
