import type { HumanNode } from '../../../../rules/workflow/definition.ts';
import type { Seat } from '../../../../rules/workflow/state.ts';
import { sharedStatement, statement, type Transaction } from '../../../platform/db/database.ts';
import type { InstanceRow } from './rows.ts';

/** The rows of runs and their tasks follow what the flow says; nothing else writes them. */

/** What a task keeps of its node. */
export type TaskContent = Pick<HumanNode, 'name' | 'kind' | 'instructions' | 'fields' | 'mayReturn'> & Partial<Pick<Extract<HumanNode, { kind: 'approval' }>, 'mode' | 'quorum' | 'mayAddSigner' | 'mayHandOver'>> & { outcomes?: { key: string; name: { zh: string; en?: string } }[] };

export interface OpenedTask {
  id: string;
  instance_id: string;
  ticket_id: string;
  activation: string;
  node: string;
  scope: string;
  kind: HumanNode['kind'];
  content: TaskContent;
  seats: readonly Seat[];
  created_at: Date;
  due_at: string | null;
  /** Who may act on it now. */
  actors: readonly string[];
}

export interface ClosedTask {
  id: string;
  state: 'completed' | 'cancelled';
  seats: Seat[];
  outcome: string | null;
  completed_by: string | null;
  completed_at: Date;
}

interface Written extends Partial<Pick<InstanceRow, 'id' | 'status' | 'state' | 'held' | 'number' | 'ended_at'>> {
  opened: readonly OpenedTask[];
  closed: readonly ClosedTask[];
}

// Existing rows are found by lists, as the planner takes a recordset for a hundred rows and would read a small table as a whole.
const write = sharedStatement<Written, never>('flow_instance.write', `
  WITH given AS MATERIALIZED (
    SELECT * FROM json_to_recordset($2) AS given (id uuid, status text, state jsonb, held int, number int, ended_at timestamptz, opened json, closed json)
  ), closed AS MATERIALIZED (
    SELECT task.* FROM given CROSS JOIN json_to_recordset(given.closed) AS task (id uuid, state text, seats jsonb, outcome text, completed_by uuid, completed_at timestamptz)
  ), opened AS MATERIALIZED (
    SELECT task.* FROM given CROSS JOIN json_to_recordset(given.opened) AS task (id uuid, instance_id uuid, ticket_id uuid, activation text, node text, scope text, kind text, content jsonb, seats jsonb,
      created_at timestamptz, due_at timestamptz, actors uuid[])
  ), gone AS (
    DELETE FROM task_actor WHERE tenant_id = $1 AND task_id = ANY (ARRAY(SELECT id FROM closed))
  ), ended AS (
    UPDATE task SET state = closed.state, seats = closed.seats, outcome = closed.outcome, completed_by = closed.completed_by, completed_at = closed.completed_at, claimed_by = NULL, version = version + 1
    FROM closed WHERE task.tenant_id = $1 AND task.id = closed.id AND task.id = ANY (ARRAY(SELECT id FROM closed))
  ), begun AS (
    INSERT INTO task (tenant_id, id, instance_id, ticket_id, activation, node, scope, kind, content, state, seats, created_at, due_at)
    SELECT $1, id, instance_id, ticket_id, activation, node, scope, kind, content, 'open', seats, created_at, due_at FROM opened
  ), acting AS (
    INSERT INTO task_actor (tenant_id, who_id, task_id) SELECT $1, who, id FROM opened CROSS JOIN unnest(actors) AS who)
  UPDATE flow_instance i SET status = given.status, state = given.state, held = given.held, number = given.number, ended_at = given.ended_at, version = version + 1
  FROM given WHERE i.tenant_id = $1 AND i.id = given.id AND i.id = ANY (ARRAY(SELECT id FROM given))`);
const findTask = statement<{ id: string; content: TaskContent }>('task.of_activation', 'SELECT id, content FROM task WHERE tenant_id = $1 AND instance_id = $2 AND activation = $3');
const changeRow = statement<{ id: string; content: TaskContent }>('task.change', `
  UPDATE task SET seats = $4, claimed_by = $5, due_at = $6, overdue = $7, version = version + 1 WHERE tenant_id = $1 AND instance_id = $2 AND activation = $3 RETURNING id, content`);
const clearActors = statement<never>('task_actor.clear', 'DELETE FROM task_actor WHERE tenant_id = $1 AND task_id = $2 AND who_id <> ALL($3::uuid[])');
const addActors = statement<never>('task_actor.add', 'INSERT INTO task_actor (tenant_id, who_id, task_id) SELECT $1, who, $2 FROM unnest($3::uuid[]) AS who ON CONFLICT DO NOTHING');

/** Writes tasks that were opened and tasks that ended, and where their run stands unless it goes on, by one statement with those of others who share the commit. */
export async function writeTasks(transaction: Transaction, tasks: Pick<Written, 'opened' | 'closed'>, saved?: InstanceRow): Promise<void> {
  if (!saved && tasks.opened.length + tasks.closed.length === 0) return;
  const run = saved && { id: saved.id, status: saved.status, state: saved.state, held: saved.held, number: saved.number, ended_at: saved.ended_at };
  await transaction.queryTogether(write, { ...run, ...tasks });
}

/** The task of an activation, whatever became of it. */
export async function findTaskOf(transaction: Transaction, instanceId: string, activation: string): Promise<{ id: string; content: TaskContent } | undefined> {
  return (await transaction.query(findTask, [transaction.tenantId, instanceId, activation]))[0];
}

/** Writes who has an open task by now, by the actors its content tells. */
export async function writeChangedTask(
  transaction: Transaction, instanceId: string, activation: string, now: { seats: readonly Seat[]; claimedBy: string | null; dueAt: string | null; overdue: boolean }, actorsOf: (content: TaskContent) => readonly string[],
): Promise<{ id: string; content: TaskContent } | undefined> {
  const [row] = await transaction.query(changeRow, [transaction.tenantId, instanceId, activation, JSON.stringify(now.seats), now.claimedBy, now.dueAt, now.overdue]);
  if (!row) return undefined;
  const actors = actorsOf(row.content);
  await transaction.query(clearActors, [transaction.tenantId, row.id, actors]);
  await transaction.query(addActors, [transaction.tenantId, row.id, actors]);
  return row;
}
