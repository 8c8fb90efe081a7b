import type { Selectable } from 'kysely';
import { collaborationLimits, type Checklist, type ChecklistItem } from '../../../../contract/collaboration.ts';
import { statusNames } from '../../../../rules/ticket/lifecycle.ts';
import type { Context } from '../../../platform/context.ts';
import { build, statement } from '../../../platform/db/database.ts';
import type { ChecklistItemTable } from '../../../platform/db/tables.ts';
import { newId } from '../../../platform/db/uuid.ts';
import { Refusal, refuseInput } from '../../../platform/errors/refusal.ts';
import { namesOfStaff } from '../../staff/names.ts';
import { tellOnTicket, type TicketFact, type Writing } from '../change.ts';
import { statusOf, type TicketRow } from '../row.ts';

export type ItemRow = Selectable<ChecklistItemTable>;
type Reading = Pick<Context, 'tenantId' | 'transaction'>;

/** Something to be put on a ticket's checklist. */
export interface NewItem {
  text: string;
  assigneeId?: string | null | undefined;
  dueAt?: Date | null | undefined;
  required?: boolean;
  templateId?: string;
}

const count = statement<{ total: number; done: number }>('checklist_item.count', `
  SELECT count(*)::int AS total, count(done_at)::int AS done FROM checklist_item WHERE tenant_id = $1 AND ticket_id = $2`);
const keepCounts = statement<never>('ticket.keep_checklist', 'UPDATE ticket SET checklist_total = $3, checklist_done = $4 WHERE tenant_id = $1 AND id = $2');

/** The items of a ticket's checklist (检查清单), in their order. */
export function itemsOf(context: Reading, ticketId: string): Promise<ItemRow[]> {
  return context.transaction.run(build.selectFrom('checklist_item').selectAll().where('tenant_id', '=', context.tenantId).where('ticket_id', '=', ticketId).orderBy('position').orderBy('id'));
}

/** The items of some tickets, by ticket, each in their order. */
export async function itemsOfTickets(context: Reading, ticketIds: readonly string[]): Promise<Map<string, ItemRow[]>> {
  if (ticketIds.length === 0) return new Map();
  const rows = await context.transaction.run(build.selectFrom('checklist_item').selectAll().where('tenant_id', '=', context.tenantId).where('ticket_id', 'in', [...new Set(ticketIds)]).orderBy('position').orderBy('id'));
  return Map.groupBy(rows, (row) => row.ticket_id);
}

/**
 * Puts items at the end of a ticket's checklist and tells of them. The ticket has to be locked.
 *
 * @throws Refusal too_many_checklist_items
 */
export async function addItems(context: Writing, ticket: TicketRow, items: readonly NewItem[], template?: { id: string; name: string }): Promise<TicketRow> {
  const present = ticket.checklist_total === 0 ? [] : await itemsOf(context, ticket.id);
  if (present.length + items.length > collaborationLimits.checklistItems) throw new Refusal('too_many_checklist_items', { limit: collaborationLimits.checklistItems });
  const first = (present.at(-1)?.position ?? 0) + 1;
  const rows = items.map((item, index) => ({
    tenant_id: context.tenantId, ticket_id: ticket.id, id: newId(context.now.getTime()), position: first + index, text: item.text.trim(), required: item.required ?? false,
    assignee_id: item.assigneeId ?? null, due_at: item.dueAt ?? null, template_id: item.templateId ?? null, created_at: context.now,
  }));
  await context.transaction.run(build.insertInto('checklist_item').values(rows));
  return tellOfChecklist(context, ticket, { kind: 'checklist.added', data: { items: rows.map((row) => ({ id: row.id, text: row.text, ...(row.assignee_id === null ? {} : { assigneeId: row.assignee_id }) })), ...(template ? { template } : {}) } });
}

/** Tells of a change of the checklist, with how much of it is done now; the counts on the ticket follow. */
export async function tellOfChecklist(context: Writing, ticket: TicketRow, fact: TicketFact): Promise<TicketRow> {
  const [counted] = await context.transaction.query(count, [context.tenantId, ticket.id]);
  const { total, done } = counted!;
  await context.transaction.query(keepCounts, [context.tenantId, ticket.id, total, done]);
  return tellOnTicket(context, { ...ticket, checklist_total: total, checklist_done: done }, { ...fact, data: { ...fact.data, done, total, visibility: 'internal' } });
}

/** Writes an item as it is to be and returns it (修改检查项); telling is the caller's business, as one change may be two facts. */
export async function writeItem(context: Pick<Writing, 'tenantId' | 'transaction'>, item: ItemRow): Promise<ItemRow> {
  const next = { ...item, version: item.version + 1 };
  await context.transaction.run(build.updateTable('checklist_item')
    .set({ text: next.text, assignee_id: next.assignee_id, due_at: next.due_at, done_at: next.done_at, done_by_id: next.done_by_id, done_by_name: next.done_by_name, version: next.version })
    .where('tenant_id', '=', context.tenantId).where('ticket_id', '=', item.ticket_id).where('id', '=', item.id));
  return next;
}

/** Takes an item off the checklist and tells of it (删除检查项). */
export async function removeItem(context: Writing, ticket: TicketRow, item: ItemRow): Promise<TicketRow> {
  await context.transaction.run(build.deleteFrom('checklist_item').where('tenant_id', '=', context.tenantId).where('ticket_id', '=', ticket.id).where('id', '=', item.id));
  return tellOfChecklist(context, ticket, { kind: 'checklist.item_removed', subjectId: item.id, data: { text: item.text, wasDone: item.done_at !== null } });
}

/** Puts all items into an order, and tells of it where somebody sees a difference (调整检查项顺序). */
export async function orderItems(context: Writing, ticket: TicketRow, items: readonly ItemRow[], order: readonly string[]): Promise<void> {
  for (const item of items) {
    const position = order.indexOf(item.id) + 1;
    if (position === item.position) continue;
    await context.transaction.run(build.updateTable('checklist_item').set({ position }).where('tenant_id', '=', context.tenantId).where('ticket_id', '=', ticket.id).where('id', '=', item.id));
  }
  if (items.some((item, index) => item.id !== order[index])) await tellOfChecklist(context, ticket, { kind: 'checklist.changed', data: { order } });
}

/** Refuses to change the checklist of a ticket that is over. */
export function ensureChecklistOpen(ticket: TicketRow): void {
  const status = statusOf(ticket);
  if (status === 'closed' || status === 'cancelled') throw new Refusal('action_not_open', { status: statusNames[status], action: { zh: '修改检查清单', en: 'given another checklist' } });
}

/** Refuses people who are not there or do not work here any more. */
export async function ensureAssignees(context: Reading, wanted: readonly { id: string; path: string }[]): Promise<void> {
  if (wanted.length === 0) return;
  const rows = await context.transaction.run(build.selectFrom('staff').select(['id', 'active']).where('tenant_id', '=', context.tenantId).where('id', 'in', wanted.map(({ id }) => id)));
  for (const { id, path } of wanted) {
    const row = rows.find((candidate) => candidate.id === id);
    if (!row?.active) throw refuseInput(path, row ? 'reference_inactive' : 'unknown_reference', { field: 'assignee' });
  }
}

/** The checklist as its readers see it (检查清单视图). */
export async function viewChecklist(context: Context, ticketId: string): Promise<Checklist> {
  const rows = await itemsOf(context, ticketId);
  return { items: await viewItems(context, rows), done: rows.filter((row) => row.done_at !== null).length, total: rows.length };
}

export async function viewItems(context: Context, rows: readonly ItemRow[]): Promise<ChecklistItem[]> {
  const templateIds = [...new Set(rows.map((row) => row.template_id).filter((id) => id !== null))];
  const [staff, templates] = await Promise.all([
    namesOfStaff(context, rows.map((row) => row.assignee_id)),
    templateIds.length === 0 ? [] : context.transaction.run(build.selectFrom('checklist_template').select(['id', 'name', 'name_en']).where('tenant_id', '=', context.tenantId).where('id', 'in', templateIds)),
  ]);
  return rows.map((row) => {
    const template = templates.find((candidate) => candidate.id === row.template_id);
    return {
      id: row.id, text: row.text, required: row.required,
      done: row.done_at === null ? null : { at: row.done_at.toISOString(), by: { id: row.done_by_id, name: row.done_by_name } },
      assignee: row.assignee_id === null ? null : { id: row.assignee_id, name: staff.get(row.assignee_id) ?? '' },
      dueAt: row.due_at?.toISOString() ?? null,
      template: template ? { id: template.id, name: context.language === 'en' ? template.name_en ?? template.name : template.name } : null,
      version: row.version,
    };
  });
}
