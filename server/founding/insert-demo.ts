import { hash } from '@node-rs/argon2';
import { teamFor } from '../../schema/seed/demo/company.ts';
import { makeDemoCalls } from '../../schema/seed/demo/calls.ts';
import { demoCannedReplies, demoMacros } from '../../schema/seed/demo/desk.ts';
import { roomIn } from '../../schema/seed/demo/forms.ts';
import { withEngineersDay } from '../../schema/seed/demo/engineer-day.ts';
import { makeDemoCompany, type DemoCompany, type DemoEvent, type DemoTicket } from '../../schema/seed/demo/index.ts';
import { demoViews } from '../../schema/seed/demo/views.ts';
import { reckonPriority } from '../../rules/priority/priority.ts';
import { distanceInMetres } from '../../rules/places/distance.ts';
import { weekOf } from '../../rules/shifts/shifts.ts';
import type { Priority } from '../../rules/ticket/lifecycle.ts';
import { localDay } from '../platform/clock/clock.ts';
import { systemActor } from '../platform/context.ts';
import { build, type Transaction } from '../platform/db/database.ts';
import { newId } from '../platform/db/uuid.ts';
import type { FactActor } from '../platform/facts/fact.ts';
import type { Secrets } from '../platform/secrets.ts';
import { insertMessage, tellOfMessage } from '../records/conversation/add-message.ts';
import { changeTicket, tellOnTicket, writeTicketRow, type Writing } from '../records/ticket/change.ts';
import { insertNewTicket } from '../records/ticket/insert.ts';
import { priorityRank, type TicketRow } from '../records/ticket/row.ts';
import { closeTicket, recordRating, reopenTicket, resolveTicket } from '../records/ticket/settle.ts';
import type { VisitRow } from '../records/visit/queries.ts';
import { changeVisit, scheduleVisit } from '../records/visit/schedule.ts';
import { foundOrganization, type Foundation } from './found-organization.ts';
import { insertAutomation } from './insert-automation.ts';
import { insertFlows } from './insert-flows.ts';
import { insertPromises } from './insert-promises.ts';
import { insertForms } from './insert-forms.ts';
import { insertPlaces } from './insert-places.ts';
import { insertCollaboration } from './insert-collaboration.ts';
import { insertTelephone, placeCalls, type PlacedCall } from './insert-telephone.ts';

/** The password of every account of the demonstration company. */
export const demoPassword = 'demo-bihuan-2026';

const livesAtOnce = 50;
const jobs = { admin: 'administrator', manager: 'manager', dispatcher: 'dispatcher', agent: 'agent', technician: 'technician' } as const;
const channels: Record<string, string> = { app: 'app', alarm: 'alarm' };

/** Ids by the keys of the demonstration company. */
type Ids = Map<string, string>;

/**
 * Fills an organization with the demonstration company (演示数据): people, customers, assets, and about 2,000 tickets,
 * each of which lives its life through the same functions that real ones do, so that its history is as whole.
 */
export async function insertDemo(transaction: Transaction, secrets: Secrets, foundationFor: (slug: string, name: string) => Foundation): Promise<void> {
  const probe = foundationFor('anju', '');
  const company = makeDemoCompany({ now: probe.now });
  const founded = await foundOrganization(transaction, foundationFor(company.organization.slug, company.organization.name));
  const ids: Ids = new Map();
  await insertPeople(transaction, company, founded.roleIds, ids, probe.now);
  await insertCustomers(transaction, company, ids, probe.now);
  await insertPlaces(transaction, company, (key) => ids.get(key), probe.now);
  await insertForms(transaction, founded.typeId, (key) => ids.get(`category ${key}`), probe.now);
  await insertDesk(transaction, probe.now);
  await insertAutomation(transaction, probe.now);
  await insertPromises(transaction, probe.now);
  await insertMany(transaction, 'ticket_view', demoViews.map(({ nameEn, filter, ...view }, position) => ({
    tenant_id: transaction.tenantId, id: newId(), kind: 'shared', ...view, name_en: nameEn, filter: JSON.stringify(filter), position, created_at: probe.now, updated_at: probe.now,
  })));
  const counts = new Map<string, number>();
  const numberOn = (at: Date) => {
    const day = localDay(at, company.organization.timeZone);
    const count = counts.get(day) ?? 1;
    counts.set(day, count + 1);
    return `${day.replaceAll('-', '')}-${String(count).padStart(5, '0')}`;
  };
  const numbered = withEngineersDay(company.tickets, probe.now.getTime()).map((ticket) => ({ ticket, number: numberOn(new Date(ticket.createdAt)) }));
  const calls = placeCalls(makeDemoCalls(numbered.map(({ ticket }) => ticket), probe.now.getTime()));
  const callOf = new Map(calls.flatMap((call) => (call.ticket !== null && call.direction === 'inbound' ? [[call.ticket.key, call] as const] : [])));
  // Lives do not touch each other, so many are lived at once on the one connection.
  for (let at = 0; at < numbered.length; at += livesAtOnce) {
    await Promise.all(numbered.slice(at, at + livesAtOnce).map(({ ticket, number }) => liveThrough(transaction, company, ids, founded.typeId, ticket, number, callOf.get(ticket.key))));
  }
  await insertTelephone(transaction, {
    secrets, calls, agentKeys: [...new Set(calls.map(({ agentKey }) => agentKey))].sort(), idFor: (key) => ids.get(key), phoneOf: (key) => company.customers.find((customer) => customer.key === key)?.phone ?? null, now: probe.now,
  });
  await insertFlows(transaction, (key) => ({ id: ids.get(`staff ${key}`)!, name: company.staff.find((person) => person.key === key)!.name }), numberOn, probe.now);
  await insertCollaboration(transaction, probe.now);
  await insertMany(transaction, 'number_block', [...counts].map(([day, next]) => ({ tenant_id: transaction.tenantId, day, next_value: next })));
}

async function insertMany(transaction: Transaction, table: Parameters<typeof build.insertInto>[0], rows: Record<string, unknown>[]): Promise<void> {
  for (let at = 0; at < rows.length; at += 200) await transaction.run(build.insertInto(table).values(rows.slice(at, at + 200) as never));
}

async function insertPeople(transaction: Transaction, company: DemoCompany, roleIds: Record<string, string>, ids: Ids, now: Date): Promise<void> {
  const tenant_id = transaction.tenantId;
  const id = (key: string) => {
    const known = ids.get(key) ?? newId();
    ids.set(key, known);
    return known;
  };
  const created_at = new Date(now.getTime() - 400 * 86_400_000);
  await insertMany(transaction, 'department', company.departments.map((department, position) => ({
    tenant_id, id: id(`department ${department.key}`), parent_id: department.parentKey === null ? null : id(`department ${department.parentKey}`), name: department.name, name_en: department.nameEn, position, created_at,
  })));
  await insertMany(transaction, 'team', company.teams.map((team) => ({ tenant_id, id: id(`team ${team.key}`), department_id: id(`department ${team.departmentKey}`), name: team.name, name_en: team.nameEn, created_at })));
  // One hash for all: the password is no secret, and hashing 45 times would take seconds.
  const password_hash = await hash(demoPassword, { memoryCost: 19_456, timeCost: 2, parallelism: 1 });
  await insertMany(transaction, 'staff', company.staff.map((person) => ({
    tenant_id, id: id(`staff ${person.key}`), name: person.name, email: person.email, phone: person.phone, job: jobs[person.role], department_id: id(`department ${person.departmentKey}`),
    password_hash, home_lat: person.home.lat, home_lng: person.home.lng, created_at,
  })));
  await insertMany(transaction, 'skill', company.skills.map((skill) => ({ tenant_id, id: id(`skill ${skill.key}`), name: skill.name, name_en: skill.nameEn, created_at })));
  const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
  await insertMany(transaction, 'staff_role', company.staff.map((person) => ({ tenant_id, staff_id: id(`staff ${person.key}`), role_id: roleIds[jobs[person.role]] })));
  await insertMany(transaction, 'team_member', company.staff.flatMap((person) => person.teamKeys.map((key) => ({ tenant_id, team_id: id(`team ${key}`), staff_id: id(`staff ${person.key}`) }))));
  await insertMany(transaction, 'staff_skill', company.staff.flatMap((person) => person.skills.map((skill) => ({ tenant_id, staff_id: id(`staff ${person.key}`), skill_id: id(`skill ${skill.skillKey}`), level: skill.level }))));
  const weekly = ({ shift }: Pick<DemoCompany['staff'][number], 'shift'>) => JSON.stringify(weekOf(shift.weekdays.map((weekday) => ({ weekday: weekday as 1, startsMinute: minutes(shift.start), endsMinute: minutes(shift.end) }))));
  // A team works as most of its members do; whoever works otherwise has a week of their own.
  const teamWeeks = new Map(company.teams.flatMap(({ key }) => {
    const weeks = Map.groupBy(company.staff.filter((person) => person.teamKeys[0] === key).map(weekly), (week) => week);
    const [most] = [...weeks].sort(([, one], [, other]) => other.length - one.length);
    return most ? [[key, most[0]] as const] : [];
  }));
  const schedule = (owner_id: string, owner_kind: 'staff' | 'team', windows: string) => ({ tenant_id, owner_id, owner_kind, windows, exceptions: '{}', updated_at: created_at });
  await insertMany(transaction, 'work_schedule', [
    ...[...teamWeeks].map(([key, windows]) => schedule(id(`team ${key}`), 'team', windows)),
    ...company.staff.filter((person) => person.teamKeys.length !== 1 || teamWeeks.get(person.teamKeys[0]!) !== weekly(person)).map((person) => schedule(id(`staff ${person.key}`), 'staff', weekly(person))),
  ]);
  for (const level of [1, 2, 3]) {
    await insertMany(transaction, 'category', company.categories.filter((category) => category.level === level).map((category, position) => ({
      tenant_id, id: id(`category ${category.key}`), parent_id: category.parentKey === null ? null : id(`category ${category.parentKey}`), level, name: category.name, name_en: category.nameEn,
      team_id: category.teamKey === null ? null : id(`team ${category.teamKey}`), position, created_at,
      service_minutes: category.serviceMinutes, skills: category.skillKey === null ? null : JSON.stringify([{ skillId: id(`skill ${category.skillKey}`), level: 1 }]),
    })));
  }
}

async function insertCustomers(transaction: Transaction, company: DemoCompany, ids: Ids, now: Date): Promise<void> {
  const tenant_id = transaction.tenantId;
  const created_at = (index: number) => new Date(now.getTime() - (380 - index % 300) * 86_400_000);
  for (const account of company.accounts) ids.set(`account ${account.key}`, newId());
  for (const customer of company.customers) ids.set(`customer ${customer.key}`, newId());
  for (const asset of company.assets) ids.set(`asset ${asset.code}`, newId());
  const tier = (text: string) => (text === 'vip' ? 'VIP' : null);
  await insertMany(transaction, 'account', company.accounts.map((account, index) => ({ tenant_id, id: ids.get(`account ${account.key}`), name: account.name, kind: account.kind, tier: tier(account.tier), created_at: created_at(index) })));
  await insertMany(transaction, 'customer', company.customers.map((customer, index) => ({
    tenant_id, id: ids.get(`customer ${customer.key}`), name: customer.name, account_id: customer.accountKey === null ? null : ids.get(`account ${customer.accountKey}`), tier: tier(customer.tier),
    address: customer.home.address, lat: customer.home.lat, lng: customer.home.lng, created_at: created_at(index),
  })));
  const contacts = company.customers.flatMap((customer, index) => (['phone', 'email'] as const).filter((kind) => customer[kind] !== null).map((kind) => ({
    tenant_id, kind, value: customer[kind]!, customer_id: ids.get(`customer ${customer.key}`), verified_at: kind === 'phone' && index % 3 > 0 ? created_at(index) : null, created_at: created_at(index),
  })));
  await insertMany(transaction, 'contact_point', [...new Map(contacts.map((contact) => [`${contact.kind} ${contact.value}`, contact])).values()]);
  await insertMany(transaction, 'asset', company.assets.map((asset, index) => ({
    tenant_id, id: ids.get(`asset ${asset.code}`), code: asset.code, name: asset.name, model: asset.model, serial_number: asset.serialNumber,
    address: `${company.places.find((place) => place.key === asset.placeKey)?.name ?? ''} ${asset.spot}`.trim(), lat: asset.lat, lng: asset.lng,
    criticality: asset.criticality === 'critical' ? 'high' : asset.criticality, warranty_until: asset.warrantyUntil, created_at: created_at(index),
  })));
}

/** Canned replies and macros that everybody may use. */
async function insertDesk(transaction: Transaction, now: Date): Promise<void> {
  const common = { tenant_id: transaction.tenantId, kind: 'shared', created_at: now, updated_at: now };
  await insertMany(transaction, 'canned_reply', demoCannedReplies.map((reply) => ({ ...common, id: newId(), ...reply })));
  const macros = demoMacros.map((macro) => ({ id: newId(), ...macro }));
  await insertMany(transaction, 'macro', macros.map(({ steps, condition, ...macro }) => ({ ...common, ...macro, steps: JSON.stringify(steps), condition: condition === null ? null : JSON.stringify(condition) })));
  await insertMany(transaction, 'macro_version', macros.map(({ id, ...definition }) => ({ tenant_id: transaction.tenantId, macro_id: id, version: 1, definition: JSON.stringify(definition), changed_at: now })));
}

/** Lets one ticket live its life up to now. */
async function liveThrough(transaction: Transaction, company: DemoCompany, ids: Ids, typeId: string, demo: DemoTicket, number: string, call: PlacedCall | undefined): Promise<void> {
  const customer = company.customers.find((candidate) => candidate.key === demo.requesterKey);
  const actor = (key: string): FactActor => {
    const staff = company.staff.find((person) => person.key === key);
    if (staff) return { kind: 'staff', id: ids.get(`staff ${key}`)!, name: staff.name };
    const who = company.customers.find((person) => person.key === key);
    return who ? { kind: 'customer', id: ids.get(`customer ${key}`)!, name: who.name } : systemActor;
  };
  const writing = (at: string, key: string): Writing => ({ tenantId: transaction.tenantId, transaction, now: new Date(at), actor: actor(key), holdRow: true });
  const category = ids.get(`category ${demo.categoryPath[2]}`)!;
  const team = teamFor(demo.categoryPath[2], demo.place.placeKey);
  const asset = demo.assetCode === null ? undefined : company.assets.find((candidate) => candidate.code === demo.assetCode);
  const reckoned = reckonPriority({ text: `${demo.subject}\n${demo.description}`, customerTier: customer?.tier === 'vip' ? 'VIP' : null, isImportantTier: customer?.tier === 'vip', assetCriticality: asset?.criticality === 'critical' ? 'high' : asset?.criticality ?? null });
  let ticket = await insertNewTicket(writing(demo.createdAt, demo.recordedByKey ?? demo.requesterKey), {
    id: newId(Date.parse(demo.createdAt)), number, type_id: typeId, subject: demo.subject, description: demo.description, status: 'new',
    priority: priorityRank(demo.priority as Priority), priority_explanation: { score: reckoned.score, overridden: reckoned.priority !== demo.priority, factors: reckoned.factors },
    channel: channels[demo.channel] ?? demo.channel, category_id: category, team_id: team ? ids.get(`team ${team.key}`)! : null, department_id: team ? ids.get(`department ${team.departmentKey}`)! : null,
    assignee_id: null, customer_id: customer ? ids.get(`customer ${customer.key}`)! : null, contact_name: customer?.name ?? null, contact_phone: customer?.phone ?? null, contact_email: customer?.email ?? null,
    asset_id: asset ? ids.get(`asset ${asset.code}`)! : null, address: demo.place.address, lat: demo.place.lat, lng: demo.place.lng, fields: roomIn(demo.place.address), tags: demo.tags,
  });
  ids.set(`ticket ${demo.key}`, ticket.id);
  if (call) ticket = await tellOnTicket(writing(demo.createdAt, demo.recordedByKey ?? demo.requesterKey), ticket, { kind: 'call.linked', data: { callId: call.id, direction: call.direction, state: 'ended' } });
  let visit: VisitRow | null = null;
  for (const event of demo.events) ({ ticket, visit } = await happen(writing(event.at, event.actorKey), company, ids, { ticket, visit }, event));
  await writeTicketRow({ tenantId: transaction.tenantId, transaction }, ticket);
}

/** A ticket with the visit that is under way. */
interface Life {
  ticket: TicketRow;
  visit: VisitRow | null;
}

async function happen(context: Writing, company: DemoCompany, ids: Ids, { ticket, visit }: Life, event: DemoEvent): Promise<Life> {
  const tell = (row: TicketRow, kind: 'visit.accepted' | 'visit.travel_started' | 'visit.checked_in' | 'visit.work_logged' | 'visit.completed', data: Record<string, unknown> = {}) =>
    tellOnTicket(context, row, { kind, subjectId: visit!.id, data: { technicianId: visit!.technician_id, technicianName: visit!.technician_name, ...data } });
  switch (event.kind) {
    case 'assigned': return assign(context, company, ids, { ticket, visit }, event);
    case 'accepted': {
      const accepted = await changeTicket(context, ticket, { accepted_at: context.now, ...(ticket.status === 'new' ? { status: 'open' } : {}) }, { kind: 'ticket.accepted' });
      if (visit?.status !== 'scheduled') return { ticket: accepted, visit };
      const answered = await changeVisit(context, visit, { status: 'accepted', accepted_at: context.now });
      return { ticket: await tell(accepted, 'visit.accepted'), visit: answered };
    }
    case 'travel_started':
      if (!visit) return { ticket, visit };
      return { ticket: await tell(ticket, 'visit.travel_started'), visit: await changeVisit(context, visit, { status: 'travelling', travel_started_at: context.now }) };
    case 'checked_in': {
      if (!visit) return { ticket, visit };
      const distance = ticket.lat === null || ticket.lng === null ? null : Math.round(distanceInMetres(event.location, { lat: ticket.lat, lng: ticket.lng }));
      const arrived = await changeVisit(context, visit, { status: 'on_site', checked_in_at: context.now, check_in_lat: event.location.lat, check_in_lng: event.location.lng, check_in_accuracy: event.accuracyMeters, check_in_distance: distance });
      return { ticket: await tell(ticket, 'visit.checked_in', { ...event.location, accuracy: event.accuracyMeters, distance }), visit: arrived };
    }
    case 'work_logged':
      if (!visit) return { ticket, visit };
      return { ticket: await tell(ticket, 'visit.work_logged', { workSummary: event.text, minutes: event.minutes }), visit: await changeVisit(context, visit, { work_summary: event.text }) };
    case 'waiting': return { ticket: await changeTicket(context, ticket, { status: 'waiting', waiting_for: event.waitingFor }, { kind: 'ticket.waiting_started', data: { for: event.waitingFor, reason: event.reason } }), visit };
    case 'resumed': return { ticket: await changeTicket(context, ticket, { status: 'open', waiting_for: null }, { kind: 'ticket.waiting_ended', data: { reason: event.reason } }), visit };
    case 'comment': return { ticket: await comment(context, ticket, event), visit };
    case 'resolved': {
      if (visit?.status !== 'on_site') return { ticket: await resolveTicket(context, ticket, event.solution), visit };
      const completed = await changeVisit(context, visit, { status: 'completed', completed_at: context.now, work_summary: event.solution });
      return { ticket: await resolveTicket(context, await tell(ticket, 'visit.completed', { workSummary: event.solution }), event.solution), visit: completed };
    }
    case 'confirmed': return { ticket: await closeTicket(context, ticket, 'ticket.confirmed', { by: event.by }), visit };
    case 'rated': return { ticket: await recordRating(context, ticket, event.rating, event.comment) ?? ticket, visit };
    case 'closed': return { ticket: ticket.status === 'closed' ? ticket : await closeTicket(context, ticket, 'ticket.closed', { reason: event.reason }), visit };
    case 'reopened': return { ticket: await reopenTicket(context, ticket, event.reason), visit: null };
    case 'cancelled': {
      const cancelled = await changeTicket(context, ticket, { status: 'cancelled', waiting_for: null, closed_at: context.now }, { kind: 'ticket.cancelled', data: { reason: event.reason } });
      return { ticket: await callOff(context, cancelled, visit, event.reason), visit: null };
    }
  }
}

async function assign(context: Writing, company: DemoCompany, ids: Ids, { ticket, visit }: Life, event: Extract<DemoEvent, { kind: 'assigned' }>): Promise<Life> {
  const team = company.teams.find((candidate) => candidate.key === event.teamKey)!;
  const moved = { team_id: ids.get(`team ${team.key}`)!, department_id: ids.get(`department ${team.departmentKey}`)! };
  const person = event.assigneeKey === null ? undefined : company.staff.find((candidate) => candidate.key === event.assigneeKey);
  if (!person) {
    const pooled = await changeTicket(context, ticket, { ...moved, assignee_id: null, accepted_at: null }, { kind: 'ticket.transferred', data: { teamName: team.name, ...(event.reason ? { reason: event.reason } : {}) } });
    return { ticket: await callOff(context, pooled, visit, 'transferred'), visit: null };
  }
  const staffId = ids.get(`staff ${person.key}`)!;
  const given = await callOff(context, await changeTicket(context, ticket, {
    ...moved, assignee_id: staffId, accepted_at: null, participant_ids: [...new Set([...ticket.participant_ids, staffId])], ...(ticket.status === 'new' ? { status: 'open' } : {}),
  }, { kind: 'ticket.assigned', data: { assigneeName: person.name, ...(event.reason ? { note: event.reason } : {}) } }), visit, 'reassigned');
  if (person.role !== 'technician') return { ticket: given, visit: null };
  const scheduled = await scheduleVisit(context, { ticketId: ticket.id, technicianId: staffId, windowStart: event.window?.start, windowEnd: event.window?.end });
  const told = await tellOnTicket(context, given, { kind: 'visit.scheduled', subjectId: scheduled.id, data: { technicianId: staffId, technicianName: person.name, windowStart: event.window?.start ?? null, windowEnd: event.window?.end ?? null } });
  return { ticket: told, visit: { ...scheduled, technician_name: person.name } };
}

/** A visit that is still under way is called off; one that is over stays as it was. */
async function callOff(context: Writing, ticket: TicketRow, visit: VisitRow | null, reason: string): Promise<TicketRow> {
  if (!visit || visit.status === 'completed' || visit.status === 'declined') return ticket;
  await changeVisit(context, visit, { status: 'cancelled' });
  return tellOnTicket(context, ticket, { kind: 'visit.cancelled', subjectId: visit.id, data: { technicianId: visit.technician_id, reason } });
}

async function comment(context: Writing, ticket: TicketRow, event: Extract<DemoEvent, { kind: 'comment' }>): Promise<TicketRow> {
  const row = await insertMessage(context, ticket, { body: event.body, visibility: event.visibility, direction: event.visibility === 'internal' ? 'internal' : event.direction, mentions: [], channel: event.channel ?? undefined });
  return tellOfMessage(context, ticket, row, []);
}
