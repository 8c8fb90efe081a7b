import { sql } from 'kysely';
import { build, type Transaction } from '../platform/db/database.ts';
import { newId } from '../platform/db/uuid.ts';
import type { FactActor } from '../platform/facts/fact.ts';
import { recordFact } from '../platform/facts/fact.ts';
import { openSideConversation, postSideMessage } from '../records/conversation/side/post.ts';
import type { Writing } from '../records/ticket/change.ts';
import { addItems } from '../records/ticket/checklist/items.ts';
import { linkTickets } from '../records/ticket/link.ts';
import { mergeTicket } from '../records/ticket/merge.ts';
import type { TicketRow } from '../records/ticket/row.ts';

const checklist = ['确认停水停电范围并告知住户', '现场拍照', '更换损坏部件', '通水通电测试', '清理现场'];

/**
 * Lets colleagues of the demonstration company work together on some of its latest tickets (演示协作): one customer's two
 * reports merged, a fault with its children, a checklist half done, and another team asked beside a ticket.
 */
export async function insertCollaboration(transaction: Transaction, now: Date): Promise<void> {
  const tenantId = transaction.tenantId;
  const staff = await transaction.run(build.selectFrom('staff').select(['id', 'name', 'job']).where('tenant_id', '=', tenantId).where('job', 'in', ['agent', 'dispatcher']).orderBy('id'));
  const agent = staff.find((person) => person.job === 'agent') ?? staff[0];
  if (!agent) return;
  const actor: FactActor = { kind: 'staff', id: agent.id, name: agent.name };
  const context: Writing = { tenantId, transaction, now, actor };
  const open = await transaction.run(build.selectFrom('ticket').selectAll().where('tenant_id', '=', tenantId).where('status', 'in', ['new', 'open', 'waiting']).orderBy('created_at', 'desc').orderBy('id').limit(200)) as TicketRow[];
  const used = new Set<string>();
  const take = (tickets: readonly TicketRow[]) => tickets.forEach((ticket) => used.add(ticket.id));
  /** The largest of the groups that some tickets fall into, oldest first within it. */
  const together = (key: (ticket: TicketRow) => string | null, least: number): TicketRow[] => {
    const groups = [...Map.groupBy(open.filter((ticket) => !used.has(ticket.id) && key(ticket) !== null), key).values()].filter((group) => group.length >= least);
    return (groups.sort((a, b) => b.length - a.length)[0] ?? []).toReversed();
  };

  // The same matter at the same place, reported twice.
  const [earlier, later] = together((ticket) => (ticket.category_id && ticket.address ? `${ticket.category_id} ${ticket.address}` : null), 2);
  if (earlier && later) {
    take([earlier, later]);
    await mergeTicket(context, later, earlier, '同一处的重复报修');
  }
  const [parent, ...children] = together((ticket) => ticket.category_id, 3).slice(0, 4);
  if (parent) {
    take([parent, ...children]);
    let current = parent;
    for (const child of children) current = (await linkTickets(context, 'parent', child, current)).other;
  }
  const [listed, asked] = open.filter((ticket) => !used.has(ticket.id) && ticket.status === 'open');
  if (listed) await insertChecklist(context, listed);
  if (asked) await askBeside(context, asked);
}

async function insertChecklist(context: Writing, ticket: TicketRow): Promise<void> {
  const { transaction, tenantId, now, actor } = context;
  const template = { id: newId(), name: '抢修检查单' };
  await transaction.run(build.insertInto('checklist_template').values({ tenant_id: tenantId, id: template.id, name: template.name, name_en: 'Repair checklist', items: checklist, created_at: now }));
  await recordFact(transaction, { kind: 'checklist_template.created', actor, occurredAt: now, recordedAt: now, subjectId: template.id, data: { name: template.name, items: checklist, ticketTypeIds: [], requiredBeforeResolve: false } });
  // Two are done already; the counts on the ticket and the fact come with the rows.
  await addItems(context, ticket, checklist.map((text) => ({ text, templateId: template.id })), template);
  await transaction.run(build.updateTable('checklist_item').set({ done_at: now, done_by_id: actor.id, done_by_name: actor.name }).where('tenant_id', '=', tenantId).where('ticket_id', '=', ticket.id).where('position', '<=', 2));
  await transaction.run(build.updateTable('ticket').set({ checklist_done: 2 }).where('tenant_id', '=', tenantId).where('id', '=', ticket.id));
}

async function askBeside(context: Writing, ticket: TicketRow): Promise<void> {
  const { transaction, tenantId } = context;
  const team = await transaction.first(build.selectFrom('team_member').innerJoin('staff', (join) => join.onRef('staff.tenant_id', '=', 'team_member.tenant_id').onRef('staff.id', '=', 'team_member.staff_id'))
    .select(['team_member.team_id', 'staff.id', 'staff.name']).where('team_member.tenant_id', '=', tenantId).where('staff.job', '=', 'technician')
    .where(sql<boolean>`team_member.team_id IS DISTINCT FROM ${ticket.team_id}::uuid`).orderBy('staff.id').limit(1));
  if (!team) return;
  const nothing = { quotes: [], fileIds: [], attachedIds: [] };
  const conversation = await openSideConversation(context, ticket, { subject: '现场需要协助', team_id: team.team_id, department_id: null, address: null, address_name: null },
    { body: '这张单现场情况比预想的复杂，你们下午能抽一个人过去一起看看吗？', ...nothing });
  const told = await transaction.first(build.selectFrom('ticket').selectAll().where('tenant_id', '=', tenantId).where('id', '=', ticket.id)) as TicketRow;
  const answering: Writing = { ...context, actor: { kind: 'staff', id: team.id, name: team.name } };
  await postSideMessage(answering, conversation, told, { body: '可以，三点以后有人，先把现场照片发过来。', direction: 'internal', ...nothing });
}
