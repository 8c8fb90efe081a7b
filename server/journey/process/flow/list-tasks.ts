import { sql } from 'kysely';
import { Closed, Id, limits } from '../../../../contract/common.ts';
import { ListTasks, Task, TaskCounts, TaskPage, flowServiceLimits } from '../../../../contract/flow.ts';
import { actsFor, permits, reachOf, type Subject } from '../../../../rules/access/policy.ts';
import { returnTargets, takeBackable } from '../../../../rules/workflow/standing.ts';
import { staffOf, type Context } from '../../../platform/context.ts';
import { build, statement } from '../../../platform/db/database.ts';
import { Refusal } from '../../../platform/errors/refusal.ts';
import { readCursor, writeCursor } from '../../../platform/http/cursor.ts';
import { useCase } from '../../../platform/http/use-case.ts';
import { reachCondition } from '../../../records/access/reach-condition.ts';
import { loadFlow, type LoadedFlow } from '../../../records/flow/instance/bundle.ts';
import type { InstanceRow } from '../../../records/flow/instance/rows.ts';
import { findTicket } from '../../../records/ticket/find.ts';
import { accessOf, type TicketRow } from '../../../records/ticket/row.ts';
import { findTask, isTheirs, viewTasks, type TaskOffers, type TaskRow } from './view-task.ts';

/** Tasks (任务列表): mine to act on, my teams', or those of all tickets I may read. Open ones the newest first, ended ones as they ended, the latest first. */
export const listTasks = useCase({
  summary: 'List tasks',
  query: ListTasks,
  answer: TaskPage,
  async run(context, { query }) {
    const subject = staffOf(context);
    const limit = query.limit ?? limits.defaultPage;
    const state = query.state ?? 'open';
    const sort = state === 'open' ? 'tasks' : 'tasks.completedAt';
    const [endedAt, after] = query.cursor === undefined ? [null, null] : readCursor(query.cursor, sort);
    const people = peopleFor(subject);
    const scope = query.scope ?? 'mine';
    const acting = (ids: readonly string[]) => actingOn(context, ids);
    const whose = scope === 'all' ? reachCondition(reachOf(subject, 'ticket.read'), 't')
      : scope === 'team' ? (state === 'open' ? acting(subject.teamIds) : sql<boolean>`k.seats @> ANY(ARRAY(SELECT jsonb_build_array(jsonb_build_object('who', jsonb_build_object('id', id))) FROM unnest(${subject.teamIds}::text[]) AS id))`)
        : state === 'open' ? acting(people) : sql<boolean>`k.completed_by = ANY(${people}::uuid[])`;
    const rows = await context.transaction.run(sql<TaskRow>`
      SELECT k.id, k.instance_id, k.ticket_id, k.activation, k.node, k.scope, k.kind, k.content, k.state, k.seats, k.claimed_by, k.outcome, k.completed_by, k.created_at, k.due_at, k.overdue, k.completed_at, k.version,
        t.number, t.subject, t.priority, t.status
      FROM task k JOIN ticket t ON t.tenant_id = k.tenant_id AND t.id = k.ticket_id
      WHERE k.tenant_id = ${context.tenantId} AND k.state = ${state} AND ${whose}
        AND ${after === null ? sql`TRUE` : state === 'open' ? sql`k.id < ${after}` : sql`(k.completed_at, k.id) < (${endedAt}::timestamptz, ${after}::uuid)`} AND (${query.ticket ?? null}::uuid IS NULL OR k.ticket_id = ${query.ticket ?? null}) AND (${query.kind ?? null}::text IS NULL OR k.kind = ${query.kind ?? null})
      ORDER BY ${state === 'open' ? sql`k.id` : sql`k.completed_at DESC, k.id`} DESC LIMIT ${limit + 1}`);
    const last = rows[limit - 1];
    return { items: await viewFully(context, rows.slice(0, limit)), nextCursor: rows.length > limit && last ? writeCursor(sort, [state === 'open' ? '' : last.completed_at!.toISOString(), last.id]) : null };
  },
});

/** The caller and those they stand in for. */
const peopleFor = (subject: Subject): string[] => [subject.staffId, ...(subject.coversFor ?? [])];
const actingOn = (context: Context, ids: readonly string[]) => sql<boolean>`EXISTS (SELECT FROM task_actor a WHERE a.tenant_id = ${context.tenantId} AND a.task_id = k.id AND a.who_id = ANY(${ids}::uuid[]))`;

const countOpen = statement<{ mine: number; team: number }>('task.count_open', `
  SELECT (SELECT count(*)::int FROM (SELECT DISTINCT task_id FROM task_actor WHERE tenant_id = $1 AND who_id = ANY($2::uuid[]) LIMIT $4) AS capped) AS mine,
    (SELECT count(*)::int FROM (SELECT DISTINCT task_id FROM task_actor WHERE tenant_id = $1 AND who_id = ANY($3::uuid[]) LIMIT $4) AS capped) AS team`);

/** How many open tasks wait for the caller and for their teams (待办数), as the navigation shows it. */
export const countTasks = useCase({
  summary: 'Count the open tasks that wait for the caller',
  answer: TaskCounts,
  async run(context) {
    const subject = staffOf(context);
    const [counted] = await context.transaction.query(countOpen, [context.tenantId, peopleFor(subject), subject.teamIds, flowServiceLimits.counted]);
    return counted!;
  },
});

/** One task, with all that one may do with it (任务详情). */
export const showTask = useCase({
  summary: 'Show a task',
  params: Closed({ id: Id }),
  answer: Task,
  run: async (context, { params }) => viewTask(context, params.id),
});

/** A task in full; who neither acts on it nor reads its ticket does not see it. */
export async function viewTask(context: Context, id: string): Promise<Task> {
  const [row] = await context.transaction.query(findTask, [context.tenantId, id]);
  if (!row || !(concerns(context, row) || await mayRead(context, row))) throw new Refusal('not_found');
  return (await viewFully(context, [row]))[0]!;
}

export function concerns(context: Context, row: TaskRow): boolean {
  const subject = staffOf(context);
  return row.seats.some((seat) => isTheirs(subject, seat)) || actsFor(subject, row.claimed_by) || actsFor(subject, row.completed_by);
}

async function mayRead(context: Context, row: TaskRow): Promise<boolean> {
  const ticket = await findTicket(context, row.ticket_id);
  return ticket !== undefined && permits(reachOf(staffOf(context), 'ticket.read'), accessOf(ticket));
}

/** Tasks with the steps they may be sent back to, and whether they can be taken back. */
export async function viewFully(context: Context, rows: readonly TaskRow[]): Promise<Task[]> {
  if (rows.length === 0) return [];
  const of = (id: 'instance_id' | 'ticket_id') => [...new Set(rows.map((row) => row[id]))];
  const [instances, tickets] = await Promise.all([
    context.transaction.run(build.selectFrom('flow_instance').selectAll().where('tenant_id', '=', context.tenantId).where('id', 'in', of('instance_id'))) as Promise<unknown> as Promise<InstanceRow[]>,
    context.transaction.run(build.selectFrom('ticket').selectAll().where('tenant_id', '=', context.tenantId).where('id', 'in', of('ticket_id'))),
  ]);
  const ticketOf = new Map(tickets.map((ticket) => [ticket.id, ticket as TicketRow]));
  const runs = new Map(await Promise.all(instances.map(async (instance) => [instance.id, { instance, loaded: await loadFlow(context.transaction, instance.flow_id, instance.number) }] as const)));
  return viewTasks(context, rows, (row) => offersOf(context, row, ticketOf.get(row.ticket_id), runs.get(row.instance_id)));
}

/** The same of a task whose ticket and run are at hand. */
export async function viewStanding(context: Context, row: TaskRow, { ticket, ...run }: Run & { ticket: TicketRow }): Promise<Task> {
  return (await viewTasks(context, [row], () => offersOf(context, row, ticket, run)))[0]!;
}

interface Run { instance: InstanceRow; loaded: LoadedFlow }

function offersOf(context: Context, row: TaskRow, ticket: TicketRow | undefined, run: Run | undefined): TaskOffers {
  const subject = staffOf(context);
  const mayAssign = ticket !== undefined && permits(reachOf(subject, 'ticket.assign'), accessOf(ticket));
  if (run?.instance.status !== 'running') return { returnTargets: [], mayTakeBack: false, mayAssign };
  const { bundle } = run.loaded;
  const { state } = run.instance;
  const targets = row.state === 'open' && row.content.mayReturn !== false ? returnTargets(bundle, state, row.activation) : [];
  return {
    returnTargets: targets.map((target) => ({ node: target.node, name: context.language === 'en' ? target.name.en || target.name.zh : target.name.zh })), mayAssign,
    mayTakeBack: row.state === 'completed' && takeBackable(bundle, state).some((step) => step.activation === row.activation && step.by !== null && actsFor(subject, step.by)),
  };
}
