import { Type } from 'typebox';
import { SplitTicket } from '../../../contract/collaboration.ts';
import { Closed } from '../../../contract/common.ts';
import { Ticket } from '../../../contract/ticket.ts';
import type { Form, TicketVariables } from '../../../rules/forms/form.ts';
import { maskedFields } from '../../../rules/forms/masked-fields.ts';
import { oneLine } from '../../../rules/text/one-line.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { isId, newId } from '../../platform/db/uuid.ts';
import { missingInput, refuseInput } from '../../platform/errors/refusal.ts';
import { useCase } from '../../platform/http/use-case.ts';
import type { MessageRow } from '../../records/conversation/add-message.ts';
import { shareConversations } from '../../records/conversation/channel/threads.ts';
import { copyMessages } from '../../records/conversation/copy-messages.ts';
import { copyFiles } from '../../records/file/copy-files.ts';
import { filesByIds } from '../../records/file/queries.ts';
import type { FileRow } from '../../records/file/row.ts';
import { configurationOf, type Configuration, type ConfiguredType } from '../../records/organization/configuration.ts';
import { formOf } from '../../records/organization/forms.ts';
import { oneAtATime } from '../../records/ticket/alias.ts';
import { tellOnTicket, writeTicketRow } from '../../records/ticket/change.ts';
import { addStandingChecklists } from '../../records/ticket/checklist/templates.ts';
import { withMerged } from '../../records/ticket/family.ts';
import { referencesIn } from '../../records/ticket/field-values.ts';
import { fillForm, ticketVariables, type Filling } from '../../records/ticket/fill-form.ts';
import { lockTicketFor } from '../../records/ticket/find.ts';
import { insertNewTicket } from '../../records/ticket/insert.ts';
import { linkTickets } from '../../records/ticket/link.ts';
import { nextNumber } from '../../records/ticket/numbers.ts';
import { findCategory, findTeam, findType } from '../../records/ticket/references.ts';
import { priorityRank, type TicketRow } from '../../records/ticket/row.ts';
import { closedOf, maskedIn } from '../../records/ticket/shown-fields.ts';
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
    if (body.messageIds.length === 0 && !body.description?.trim()) throw missingInput('/messageIds');
    await oneAtATime(context);
    const original = await lockTicketFor(context, params.id, 'ticket.update');
    const ticketIds = await withMerged(context, original.id);
    const messages = await named<MessageRow>(context, 'message', ticketIds, body.messageIds, 'messageIds');
    const files = await named<FileRow>(context, 'file', ticketIds, body.fileIds ?? [], 'fileIds');
    const made = await newTicket(context, original, ticketIds, body);
    const opened = await insertNewTicket(context, made.ticket);
    await shareConversations(context.transaction, [original.id], opened.id);
    // Many steps at once: the row is written when they are all told of.
    let ticket = await copyMessages({ ...context, holdRow: true }, messages, opened, original.number);
    const taken = [...made.files, ...files.filter((file) => !made.ids.has(file.id))];
    if (taken.length > 0) {
      const copies = await copyFiles(context, taken, { ticketId: ticket.id, ids: made.ids });
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
async function newTicket(context: Context, original: TicketRow, ticketIds: readonly string[], body: SplitTicket): Promise<{ ticket: Parameters<typeof insertNewTicket>[1] } & CarriedFiles> {
  const configuration = await configurationOf(context);
  const type = findType(configuration, body.type ?? original.type_id);
  const same = type.id === original.type_id;
  const category = body.category === undefined ? original.category_id : body.category === null ? null : findCategory(configuration, body.category).id;
  if (body.team) findTeam(configuration, body.team);
  const teamOfCategory = body.category ? configuration.categories.get(category!)?.teamId ?? null : null;
  const teamId = body.team === undefined ? teamOfCategory ?? original.team_id : body.team;
  const state: TicketVariables = { ...ticketVariables(original), status: 'new', statusId: null, type: type.id, category, team: teamId, assignee: null, waitingFor: null };
  const { values, files, ids } = await answersFor(context, configuration, original, ticketIds, type, state, body);
  const ticket = {
    id: newId(context.now.getTime()),
    number: await nextNumber(context.services.database, context.tenantId, context.now, configuration.organization.timeZone),
    type_id: type.id, form_version: same ? original.form_version : type.formVersion, fields: values,
    subject: oneLine(body.subject), description: body.description ?? '', status: 'new',
    priority: body.priority === undefined ? original.priority : priorityRank(body.priority),
    priority_explanation: body.priority === undefined ? original.priority_explanation : { ...original.priority_explanation, overridden: true },
    channel: original.channel, category_id: category, team_id: teamId, department_id: teamId === null ? null : configuration.teams.get(teamId)?.departmentId ?? null, assignee_id: null,
    customer_id: original.customer_id, contact_name: original.contact_name, contact_phone: original.contact_phone, contact_email: original.contact_email,
    asset_id: original.asset_id, address: original.address, lat: original.lat, lng: original.lng, tags: original.tags,
  };
  return { ticket, files, ids };
}

/** Files that answers name: the new ticket's are copies, under other ids. */
interface CarriedFiles {
  files: FileRow[];
  ids: ReadonlyMap<string, string>;
}

/**
 * The answers that go along (随拆分带走的字段), as the form has them: what it requires of what was answered cannot be left
 * behind, formulas are reckoned anew. Into another type goes what its form has the like of, and of masked answers what is
 * masked there too.
 */
async function answersFor(
  context: Context, configuration: Configuration, original: TicketRow, ticketIds: readonly string[], type: ConfiguredType, state: TicketVariables, { fieldKeys }: SplitTicket,
): Promise<{ values: Record<string, unknown> } & CarriedFiles> {
  const present = original.fields as Record<string, unknown>;
  const form = await formOf(context, configuration, original.type_id, original.form_version);
  const closed = (await closedOf(context, configuration, [{ ticket: original, form }])).get(original.id) ?? [];
  const unknown = (fieldKeys ?? []).findIndex((key) => present[key] === undefined || present[key] === null || closed.includes(key));
  if (unknown >= 0) throw refuseInput(`/fieldKeys/${unknown}`, 'unknown_reference', { field: 'fieldKeys' });
  const same = type.id === original.type_id;
  const chosen = fieldKeys === undefined ? same ? present : {} : pick(present, fieldKeys);
  const fill = async (filling: Pick<Filling, 'form' | 'mode' | 'given' | 'previous' | 'touched'>) => (await fillForm(context, configuration, { ...filling, carried: Object.keys(filling.given), type, ticket: state })).values;
  if (same) {
    const values = await fill({ form, mode: 'update', given: {}, previous: chosen, touched: Object.keys(present).filter((key) => present[key] !== null && !Object.hasOwn(chosen, key)) });
    return withCopies(context, form, values, ticketIds);
  }
  const [was, is] = [maskedIn(configuration, original, form), maskedFields(type.form)];
  const kinds = new Map(form.fields.map((field) => [field.key, field.kind]));
  const alike = type.form.fields.filter(({ key, kind }) => Object.hasOwn(chosen, key) && kind === kinds.get(key) && (!was.fields.has(key) || is.fields.has(key)) && !was.columns.has(key));
  // What hangs on the original is nobody's to send anew.
  const keysOf = (files: boolean) => alike.filter(({ kind }) => (kind === 'file' || kind === 'signature') === files).map(({ key }) => key);
  return withCopies(context, type.form, await fill({ form: type.form, mode: 'create', given: pick(chosen, keysOf(false)), previous: pick(chosen, keysOf(true)), touched: alike.map(({ key }) => key) }), ticketIds);
}

const pick = (values: Readonly<Record<string, unknown>>, keys: readonly string[]): Record<string, unknown> => Object.fromEntries(keys.map((key) => [key, values[key]]));

/** Answers with the ids that copies of their files will have. */
async function withCopies(context: Context, form: Form, values: Record<string, unknown>, ticketIds: readonly string[]): Promise<{ values: Record<string, unknown> } & CarriedFiles> {
  const named = referencesIn(form, values).filter(({ kind }) => kind === 'file' || kind === 'signature').map(({ id }) => id);
  const files = (await filesByIds(context, [...new Set(named)].filter(isId))).filter((file) => file.ticket_id !== null && ticketIds.includes(file.ticket_id));
  if (files.length === 0) return { values, files: [], ids: new Map() };
  const ids = new Map(files.map((file) => [file.id, newId(context.now.getTime())]));
  const renamed = (value: unknown): unknown => (Array.isArray(value) ? value.map(renamed) : typeof value === 'string' ? ids.get(value) ?? value : value);
  const holding = new Set(form.fields.filter(({ kind }) => kind === 'file' || kind === 'signature').map(({ key }) => key));
  return { values: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, holding.has(key) ? renamed(value) : value])), files, ids };
}

/** The rows of a ticket, or of one merged into it, that a request names, oldest first; refuses what is none of them. */
async function named<Row extends { id: string }>(context: Context, table: 'message' | 'file', ticketIds: readonly string[], ids: readonly string[], field: string): Promise<Row[]> {
  if (ids.length === 0) return [];
  const rows = await context.transaction.run(build.selectFrom(table).selectAll().where('tenant_id', '=', context.tenantId).where('ticket_id', 'in', ticketIds).where('id', 'in', ids).orderBy('id')) as unknown as Row[];
  const unknown = ids.findIndex((id) => !rows.some((row) => row.id === id));
  if (unknown >= 0) throw refuseInput(`/${field}/${unknown}`, 'unknown_reference', { field });
  return rows;
}
