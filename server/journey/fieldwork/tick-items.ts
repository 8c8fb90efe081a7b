import type { TakeVisitAction, VisitConflict } from '../../../contract/visit.ts';
import type { Context } from '../../platform/context.ts';
import { statement } from '../../platform/db/database.ts';
import { refuseInput } from '../../platform/errors/refusal.ts';
import { ensureChecklistOpen, itemsOf, tellOfChecklist, writeItem } from '../../records/ticket/checklist/items.ts';
import type { TicketRow } from '../../records/ticket/row.ts';

interface Told {
  item_id: string;
  kind: string;
  actor_id: string | null;
  actor_name: string | null;
  occurred_at: Date;
  text: string | null;
}
// What became of each item last.
const findTold = statement<Told>('visit.checklist_changes', `
  SELECT DISTINCT ON (subject_id) subject_id AS item_id, kind, actor_id, actor_name, occurred_at, data->>'text' AS text FROM fact
  WHERE tenant_id = $1 AND ticket_id = $2 AND subject_id = ANY($3::uuid[]) AND kind IN ('checklist.item_done', 'checklist.item_reopened', 'checklist.item_removed')
  ORDER BY subject_id, ticket_position DESC`);

const words = {
  checklist: { zh: '检查项', en: 'Checklist item' }, done: { zh: '已完成', en: 'Done' }, open: { zh: '未完成', en: 'Not done' }, removed: { zh: '已删除', en: 'Removed' },
} as const;

/**
 * Takes what a technician ticked (勾选检查项), perhaps hours ago. What an item says already is no change; where a colleague said otherwise later than the
 * technician, that holds, and what was taken off the list meanwhile stays off: both are told as conflicts, never dropped without a word.
 *
 * @throws Refusal unknown_reference for what was never on the list
 */
export async function tickItems(
  context: Context, ticket: TicketRow, ticks: NonNullable<TakeVisitAction['items']>, { at, stepId, technicianId }: { at: Date; stepId: string | undefined; technicianId: string },
): Promise<{ ticket: TicketRow; conflicts: VisitConflict[] }> {
  ensureChecklistOpen(ticket);
  const items = new Map((await itemsOf(context, ticket.id)).map((item) => [item.id, item]));
  const told = new Map((await context.transaction.query(findTold, [context.tenantId, ticket.id, ticks.map(({ id }) => id)])).map((row) => [row.item_id, row]));
  const conflicts: VisitConflict[] = [];
  let current = ticket;
  for (const [index, { id, done }] of ticks.entries()) {
    const item = items.get(id);
    const last = told.get(id);
    const conflict = (text: string, office: VisitConflict['office'], rule: VisitConflict['rule']): void => {
      conflicts.push({
        field: `checklist.${id}`, label: { zh: `${words.checklist.zh}：${text}`, en: `${words.checklist.en}: ${text}` }, technician: done ? words.done : words.open, office, kept: 'office', rule,
        by: last?.actor_name ?? null, own: last?.actor_id === technicianId, at: at.toISOString(),
      });
    };
    if (!item) {
      if (last?.kind !== 'checklist.item_removed') throw refuseInput(`/items/${index}/id`, 'unknown_reference', { field: 'items' });
      conflict(last.text ?? '', words.removed, 'item_removed');
      continue;
    }
    if ((item.done_at !== null) === done) continue;
    if (last !== undefined && last.occurred_at > at) {
      conflict(item.text, item.done_at === null ? words.open : words.done, 'office_later');
      continue;
    }
    const next = await writeItem(context, { ...item, ...(done ? { done_at: at, done_by_id: context.actor.id, done_by_name: context.actor.name } : { done_at: null, done_by_id: null, done_by_name: null }) });
    items.set(id, next);
    current = await tellOfChecklist(context, current, { kind: done ? 'checklist.item_done' : 'checklist.item_reopened', subjectId: id, occurredAt: at, data: { text: item.text, ...(stepId === undefined ? {} : { stepId }) } });
  }
  return { ticket: current, conflicts };
}
