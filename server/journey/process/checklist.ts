import { Type } from 'typebox';
import { AddChecklistItems, Checklist, ChecklistItem, OrderChecklist, UpdateChecklistItem } from '../../../contract/collaboration.ts';
import { Closed, Id } from '../../../contract/common.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { Refusal, invalidInput, missingInput, refuseInput } from '../../platform/errors/refusal.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { addItems, ensureAssignees, ensureChecklistOpen, itemsOf, orderItems, removeItem, tellOfChecklist, viewChecklist, viewItems, writeItem, type ItemRow } from '../../records/ticket/checklist/items.ts';
import { addFromTemplate, findTemplate } from '../../records/ticket/checklist/templates.ts';
import { ensureVersion, findReadableTicket, lockTicketFor } from '../../records/ticket/find.ts';
import type { TicketRow } from '../../records/ticket/row.ts';

const params = Closed({ id: Type.String({ maxLength: 64 }) });
const itemParams = Closed({ id: Type.String({ maxLength: 64 }), item: Id });

/** What is to be done on a ticket, point by point (检查清单). */
export const showChecklist = useCase({
  summary: 'Show the checklist of a ticket',
  params,
  answer: Checklist,
  run: async (context, { params }) => viewChecklist(context, (await findReadableTicket(context, params.id)).id),
});

/** Puts items onto the checklist (添加检查项), one by one or from a template. */
export const addChecklistItems = useCase({
  summary: 'Add items to the checklist of a ticket',
  params,
  body: AddChecklistItems,
  answer: Checklist,
  status: 201,
  async run(context, { params, body }) {
    const ticket = await lockWorkable(context, params.id);
    const { items, template } = body;
    if (items === undefined && template === undefined) throw missingInput('/items');
    if (items !== undefined && template !== undefined) throw invalidInput('/template', 'exclusive', { zh: '检查项与模板只能选一种', en: 'items and template exclude each other' });
    if (items) {
      await ensureAssignees(context, items.flatMap(({ assignee }, index) => (assignee === undefined ? [] : [{ id: assignee, path: `/items/${index}/assignee` }])));
      await addItems(context, ticket, items.map((item) => ({ text: item.text, assigneeId: item.assignee, dueAt: item.dueAt === undefined ? null : new Date(item.dueAt) })));
    } else await addFromTemplate(context, ticket, await findTemplate(context, template!));
    return viewChecklist(context, ticket.id);
  },
});

/** Changes an item, or says that it is done or is not (勾选检查项). */
export const updateChecklistItem = useCase({
  summary: 'Change an item of a checklist',
  params: itemParams,
  body: UpdateChecklistItem,
  answer: ChecklistItem,
  versioned: true,
  async run(context, { params, body, ifMatch }) {
    const ticket = await lockWorkable(context, params.id);
    const item = await findItem(context, ticket, params.item);
    ensureVersion(item, ifMatch);
    const text = body.text?.trim() ?? item.text;
    if (item.required && text !== item.text) throw new Refusal('checklist_item_required');
    if (body.assignee) await ensureAssignees(context, [{ id: body.assignee, path: '/assignee' }]);
    const next: ItemRow = {
      ...item, text, assignee_id: body.assignee === undefined ? item.assignee_id : body.assignee, due_at: body.dueAt === undefined ? item.due_at : body.dueAt === null ? null : new Date(body.dueAt),
      ...(body.done === undefined || body.done === (item.done_at !== null) ? {} : body.done
        ? { done_at: context.now, done_by_id: context.actor.id, done_by_name: context.actor.name } : { done_at: null, done_by_id: null, done_by_name: null }),
    };
    const worded = (row: ItemRow) => ({ text: row.text, assigneeId: row.assignee_id, dueAt: row.due_at?.toISOString() ?? null });
    const changed = JSON.stringify(worded(item)) !== JSON.stringify(worded(next));
    const turned = (item.done_at === null) !== (next.done_at === null);
    // Saving what is there already is no change and leaves no trace.
    if (!changed && !turned) return (await viewItems(context, [item]))[0]!;
    const written = await writeItem(context, next);
    let current = ticket;
    if (changed) current = await tellOfChecklist(context, current, { kind: 'checklist.changed', subjectId: item.id, data: { text: next.text, before: worded(item), after: worded(next) } });
    if (turned) await tellOfChecklist(context, current, { kind: next.done_at === null ? 'checklist.item_reopened' : 'checklist.item_done', subjectId: item.id, data: { text: next.text } });
    return (await viewItems(context, [written]))[0]!;
  },
});

/** Takes an item off the checklist (删除检查项); what the ticket's type demands stays. */
export const removeChecklistItem = useCase({
  summary: 'Remove an item of a checklist',
  params: itemParams,
  answer: null,
  async run(context, { params }) {
    const ticket = await lockWorkable(context, params.id);
    const item = await findItem(context, ticket, params.item);
    if (item.required) throw new Refusal('checklist_item_required');
    await removeItem(context, ticket, item);
  },
});

/** Puts the items into another order (调整检查项顺序). All have to be named, so that nobody orders what they did not see. */
export const orderChecklist = useCase({
  summary: 'Reorder the checklist of a ticket',
  params,
  body: OrderChecklist,
  answer: Checklist,
  async run(context, { params, body }) {
    const ticket = await lockWorkable(context, params.id);
    const items = await itemsOf(context, ticket.id);
    const unknown = body.itemIds.findIndex((id) => !items.some((item) => item.id === id));
    if (unknown >= 0) throw refuseInput(`/itemIds/${unknown}`, 'unknown_reference', { field: 'itemIds' });
    if (body.itemIds.length < items.length) throw new Refusal('checklist_changed');
    await orderItems(context, ticket, items, body.itemIds);
    return viewChecklist(context, ticket.id);
  },
});

async function lockWorkable(context: Context, idOrNumber: string): Promise<TicketRow> {
  const ticket = await lockTicketFor(context, idOrNumber, 'ticket.resolve');
  ensureChecklistOpen(ticket);
  return ticket;
}

async function findItem(context: Context, ticket: TicketRow, id: string): Promise<ItemRow> {
  const item = await context.transaction.first(build.selectFrom('checklist_item').selectAll().where('tenant_id', '=', context.tenantId).where('ticket_id', '=', ticket.id).where('id', '=', id));
  if (!item) throw new Refusal('not_found');
  return item;
}
