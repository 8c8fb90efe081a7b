import { Type } from 'typebox';
import { SplitTicket } from '../../../contract/collaboration.ts';
import { Closed } from '../../../contract/common.ts';
import { Ticket } from '../../../contract/ticket.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import { refuseInput } from '../../platform/errors/refusal.ts';
import { useCase } from '../../platform/http/use-case.ts';
import type { MessageRow } from '../../records/conversation/add-message.ts';
import { copyMessages } from '../../records/conversation/copy-messages.ts';
import { copyFiles } from '../../records/file/copy-files.ts';
import type { FileRow } from '../../records/file/row.ts';
import { configurationOf, type Configuration, type ConfiguredType } from '../../records/organization/configuration.ts';
import { formOf } from '../../records/organization/forms.ts';
import { oneAtATime } from '../../records/ticket/alias.ts';
import { tellOnTicket, writeTicketRow } from '../../records/ticket/change.ts';
import { addStandingChecklists } from '../../records/ticket/checklist/templates.ts';
import { withMerged } from '../../records/ticket/family.ts';
import { fillForm } from '../../records/ticket/fill-form.ts';
import { lockTicketFor } from '../../records/ticket/find.ts';
import { insertNewTicket } from '../../records/ticket/insert.ts';
import { linkTickets } from '../../records/ticket/link.ts';
import { nextNumber } from '../../records/ticket/numbers.ts';
import { findCategory, findType } from '../../records/ticket/references.ts';
import { priorityRank, type TicketRow } from '../../records/ticket/row.ts';
import { viewTicket } from '../../records/ticket/view.ts';

/**
 * Makes a new ticket out of some messages of one (拆分工单), for the same customer and place. The messages are copied with
 * their files: what was said stays where it was said.
 */
export const splitTicket = useCase({
  summary: 'Split messages of a ticket off into a new one',
  params: Closed({ id: Type.String({ maxLength: 64 }) }),
  body: SplitTicket,
  answer: Ticket,
  status: 201,
  // It holds the link by which the customer follows the ticket.
  secret: true,
  async run(context, { params, body }) {
    await oneAtATime(context);
    const original = await lockTicketFor(context, params.id, 'ticket.update');
    const ticketIds = await withMerged(context, original.id);
    const messages = await named<MessageRow>(context, 'message', ticketIds, body.messageIds, 'messageIds');
    const files = await named<FileRow>(context, 'file', ticketIds, body.fileIds ?? [], 'fileIds');
    const opened = await insertNewTicket(context, await newTicket(context, original, body));
    // Many steps at once: the row is written when they are all told of.
    let ticket = await copyMessages({ ...context, holdRow: true }, messages, opened, original.number);
    if (files.length > 0) {
      const copies = await copyFiles(context, files, { ticketId: ticket.id });
      ticket = await tellOnTicket({ ...context, holdRow: true }, ticket, { kind: 'file.attached', data: { fileIds: copies.map((file) => file.id), names: copies.map((file) => file.name) } });
    }
    await writeTicketRow(context, ticket);
    ticket = await addStandingChecklists(context, ticket);
    const told = await tellOnTicket(context, original, { kind: 'ticket.split', data: { into: { number: ticket.number }, messageIds: body.messageIds, visibility: 'internal' } });
    const link = body.link ?? 'related';
    if (link !== 'none') ({ ticket } = await linkTickets(context, link === 'child' ? 'parent' : 'related', ticket, told));
    return viewTicket(context, ticket);
  },
});

/** The new ticket: as the original where nothing else was said. */
async function newTicket(context: Context, original: TicketRow, body: SplitTicket): Promise<Parameters<typeof insertNewTicket>[1]> {
  const configuration = await configurationOf(context);
  const type = findType(configuration, body.type ?? original.type_id);
  const same = type.id === original.type_id;
  const category = body.category === undefined ? original.category_id : body.category === null ? null : findCategory(configuration, body.category).id;
  if (body.team && !configuration.teams.has(body.team)) throw refuseInput('/team', 'unknown_reference', { field: 'team' });
  const teamOfCategory = body.category ? configuration.categories.get(category!)?.teamId ?? null : null;
  const teamId = body.team === undefined ? teamOfCategory ?? original.team_id : body.team;
  return {
    id: newId(context.now.getTime()),
    number: await nextNumber(context.services.database, context.tenantId, context.now, configuration.organization.timeZone),
    type_id: type.id, form_version: same ? original.form_version : type.formVersion, fields: await answersFor(context, configuration, original, type, body),
    subject: body.subject.trim(), description: body.description ?? '', status: 'new',
    priority: body.priority === undefined ? original.priority : priorityRank(body.priority),
    priority_explanation: body.priority === undefined ? original.priority_explanation : { ...original.priority_explanation, overridden: true },
    channel: original.channel, category_id: category, team_id: teamId, department_id: teamId === null ? null : configuration.teams.get(teamId)?.departmentId ?? null, assignee_id: null,
    customer_id: original.customer_id, contact_name: original.contact_name, contact_phone: original.contact_phone, contact_email: original.contact_email,
    asset_id: original.asset_id, address: original.address, lat: original.lat, lng: original.lng, tags: original.tags,
  };
}

/** The answers that go along (随拆分带走的字段). */
async function answersFor(context: Context, configuration: Configuration, original: TicketRow, type: ConfiguredType, { fieldKeys }: SplitTicket): Promise<Record<string, unknown>> {
  const present = original.fields as Record<string, unknown>;
  const same = type.id === original.type_id;
  if (fieldKeys === undefined) return same ? present : {};
  const unknown = fieldKeys.findIndex((key) => present[key] === undefined || present[key] === null);
  if (unknown >= 0) throw refuseInput(`/fieldKeys/${unknown}`, 'unknown_reference', { field: 'fieldKeys' });
  const chosen = Object.fromEntries(fieldKeys.map((key) => [key, present[key]]));
  if (same) return chosen;
  const kinds = new Map((await formOf(context, configuration, original.type_id, original.form_version)).fields.map((field) => [field.key, field.kind]));
  const alike = type.form.fields.filter((field) => Object.hasOwn(chosen, field.key) && field.kind === kinds.get(field.key)).map((field) => field.key);
  const given = Object.fromEntries(alike.map((key) => [key, chosen[key]]));
  const { values } = await fillForm(context, configuration, { type, form: type.form, mode: 'create', given, touched: alike, ticket: { status: 'new', type: type.id } });
  return values as Record<string, unknown>;
}

/** The rows of a ticket, or of one merged into it, that a request names, oldest first; refuses what is none of them. */
async function named<Row extends { id: string }>(context: Context, table: 'message' | 'file', ticketIds: readonly string[], ids: readonly string[], field: string): Promise<Row[]> {
  if (ids.length === 0) return [];
  const rows = await context.transaction.run(build.selectFrom(table).selectAll().where('tenant_id', '=', context.tenantId).where('ticket_id', 'in', ticketIds).where('id', 'in', ids).orderBy('id')) as unknown as Row[];
  const unknown = ids.findIndex((id) => !rows.some((row) => row.id === id));
  if (unknown >= 0) throw refuseInput(`/${field}/${unknown}`, 'unknown_reference', { field });
  return rows;
}
