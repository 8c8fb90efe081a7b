import { sql } from 'kysely';
import { Closed, Id, limits } from '../../../../contract/common.ts';
import { ListTasks, Task, TaskPage } from '../../../../contract/flow.ts';
import { actsFor, permits, reachOf } from '../../../../rules/access/policy.ts';
import { returnTargets, takeBackable } from '../../../../rules/workflow/standing.ts';
import { staffOf, type Context } from '../../../platform/context.ts';
import { build } from '../../../platform/db/database.ts';
import { Refusal } from '../../../platform/errors/refusal.ts';
import { readCursor, writeCursor } from '../../../platform/http/cursor.ts';
import { useCase } from '../../../platform/http/use-case.ts';
import { reachCondition } from '../../../records/access/reach-condition.ts';
import { loadFlow, type LoadedFlow } from '../../../records/flow/instance/bundle.ts';
import type { InstanceRow } from '../../../records/flow/instance/rows.ts';
import { findTicket } from '../../../records/ticket/find.ts';
import { accessOf, type TicketRow } from '../../../records/ticket/row.ts';
import { findTask, isTheirs, viewTasks, type TaskOffers, type TaskRow } from './view-task.ts';

/** Tasks (任务列表), the newest first: mine to act on, my teams', or those of all tickets I may read. */
export const listTasks = useCase({
  summary: 'List tasks',
  query: ListTasks,
  answer: TaskPage,
  async run(context, { query }) {
    const subject = staffOf(context);
    const limit = query.limit ?? limits.defaultPage;
    const state = query.state ?? 'open';
    const after = query.cursor === undefined ? null : readCursor(query.cursor, 'tasks')[1];
    const people = [subject.staffId, ...(subject.coversFor ?? [])];
    const scope = query.scope ?? 'mine';
    const acting = (ids: readonly string[]) => sql<boolean>`EXISTS (SELECT FROM task_actor a WHERE a.tenant_id = ${context.tenantId} AND a.task_id = k.id AND a.who_id = ANY(${ids}::uuid[]))`;
    const whose = scope === 'all' ? reachCondition(reachOf(subject, 'ticket.read'), 't')
      : scope === 'team' ? (state === 'open' ? acting(subject.teamIds) : sql<boolean>`k.seats @> ANY(ARRAY(SELECT jsonb_build_array(jsonb_build_object('who', jsonb_build_object('id', id))) FROM unnest(${subject.teamIds}::text[]) AS id))`)
        : state === 'open' ? acting(people) : sql<boolean>`k.completed_by = ANY(${people}::uuid[])`;
    const rows = await context.transaction.run(sql<TaskRow>`
      SELECT k.id, k.instance_id, k.ticket_id, k.activation, k.node, k.scope, k.kind, k.content, k.state, k.seats, k.claimed_by, k.outcome, k.completed_by, k.created_at, k.due_at, k.overdue, k.completed_at, k.version,
        t.number, t.subject, t.priority, t.status
      FROM task k JOIN ticket t ON t.tenant_id = k.tenant_id AND t.id = k.ticket_id
      WHERE k.tenant_id = ${context.tenantId} AND k.state = ${state} AND ${whose}
        AND (${after}::uuid IS NULL OR k.id < ${after}) AND (${query.ticket ?? null}::uuid IS NULL OR k.ticket_id = ${query.ticket ?? null}) AND (${query.kind ?? null}::text IS NULL OR k.kind = ${query.kind ?? null})
      ORDER BY k.id DESC LIMIT ${limit + 1}`);
    return { items: await viewTasks(context, rows.slice(0, limit)), nextCursor: rows.length > limit ? writeCursor('tasks', ['', rows[limit - 1]!.id]) : null };
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

/** Tasks of one ticket with the steps they may be sent back to, and whether they can be taken back. */
export async function viewFully(context: Context, rows: readonly TaskRow[]): Promise<Task[]> {
  const ids = [...new Set(rows.map((row) => row.instance_id))];
  const instances = ids.length === 0 ? [] : await context.transaction.run(build.selectFrom('flow_instance').selectAll().where('tenant_id', '=', context.tenantId).where('id', 'in', ids)) as unknown as InstanceRow[];
  const runs = new Map(await Promise.all(instances.map(async (instance) => [instance.id, { instance, loaded: await loadFlow(context.transaction, instance.flow_id, instance.number) }] as const)));
  const ticket = rows[0] ? await findTicket(context, rows[0].ticket_id) : undefined;
  return viewTasks(context, rows, (row) => offersOf(context, row, ticket, runs.get(row.instance_id)));
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
