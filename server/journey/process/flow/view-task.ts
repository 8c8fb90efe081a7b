import type { Task } from '../../../../contract/flow.ts';
import { taskActions, type TaskAction } from '../../../../contract/task-actions.ts';
import { actsFor, type Subject } from '../../../../rules/access/policy.ts';
import type { Seat } from '../../../../rules/workflow/state.ts';
import { isTurn, votesNeeded } from '../../../../rules/workflow/votes.ts';
import { staffOf, type Context } from '../../../platform/context.ts';
import { statement } from '../../../platform/db/database.ts';
import { configurationOf, nameIn } from '../../../records/organization/configuration.ts';
import type { TaskContent } from '../../../records/flow/instance/task-rows.ts';
import { namesOfStaff } from '../../../records/staff/names.ts';
import { priorityName } from '../../../records/ticket/row.ts';

/** A task with what is shown of its ticket. */
export interface TaskRow {
  id: string; instance_id: string; ticket_id: string; activation: string; node: string; scope: string; kind: Task['kind']; content: TaskContent; state: Task['state']; seats: Seat[]; claimed_by: string | null;
  outcome: string | null; completed_by: string | null; created_at: Date; due_at: Date | null; overdue: boolean; completed_at: Date | null; version: number;
  number: string; subject: string; priority: number; status: string;
}

export const taskColumns = `k.id, k.instance_id, k.ticket_id, k.activation, k.node, k.scope, k.kind, k.content, k.state, k.seats, k.claimed_by, k.outcome, k.completed_by, k.created_at, k.due_at, k.overdue, k.completed_at, k.version,
  t.number, t.subject, t.priority, t.status`;
export const findTask = statement<TaskRow>('task.show', `SELECT ${taskColumns} FROM task k JOIN ticket t ON t.tenant_id = k.tenant_id AND t.id = k.ticket_id WHERE k.tenant_id = $1 AND k.id = $2`);

/** Whether a seat is the caller's to use: their own, an absent colleague's they stand in for, or one of their teams'. */
export function isTheirs(subject: Subject, seat: Pick<Seat, 'who'>): boolean {
  return seat.who.kind === 'person' ? actsFor(subject, seat.who.id) : subject.teamIds.includes(seat.who.id);
}

/** The seats of a task that the caller may use now. */
export function openSeats(subject: Subject, task: Pick<TaskRow, 'seats' | 'kind' | 'claimed_by' | 'state'>): Seat[] {
  if (task.state !== 'open') return [];
  return task.seats.filter((seat) => isTheirs(subject, seat) && (task.kind !== 'approval' || isTurn(seat, task.seats)));
}

/** What a person may do with a task now. */
export function actionsOf(subject: Subject, task: TaskRow, more: { mayReturn: boolean; mayTakeBack: boolean; mayAssign: boolean }): TaskAction[] {
  const mine = openSeats(subject, task).length > 0;
  const claimedByOther = task.claimed_by !== null && !actsFor(subject, task.claimed_by);
  const hasIt = (mine || (task.claimed_by !== null && actsFor(subject, task.claimed_by))) && !claimedByOther && task.state === 'open';
  const isApproval = task.kind === 'approval';
  const offers: Record<TaskAction, boolean> = {
    claim: mine && !isApproval && task.claimed_by === null && (task.seats.length > 1 || task.seats[0]?.who.kind === 'team'),
    release: task.state === 'open' && task.claimed_by !== null && (actsFor(subject, task.claimed_by) || more.mayAssign),
    complete: hasIt && !isApproval,
    approve: hasIt && isApproval, reject: hasIt && isApproval,
    add_signer: hasIt && isApproval && task.content.mayAddSigner !== false,
    hand_over: task.state === 'open' && (hasIt || more.mayAssign) && (!isApproval || task.content.mayHandOver !== false),
    return: hasIt && task.content.mayReturn !== false && more.mayReturn,
    withdraw: task.state === 'completed' && more.mayTakeBack,
  };
  return taskActions.filter((action) => offers[action]);
}

/** What may be done with a task beside what its row says. */
export interface TaskOffers { returnTargets: Task['returnTargets']; mayTakeBack: boolean; mayAssign: boolean }

/** Tasks as lists and pages show them (任务). */
export async function viewTasks(context: Context, rows: readonly TaskRow[], more: (row: TaskRow) => TaskOffers): Promise<Task[]> {
  const { teams } = await configurationOf(context);
  const people = rows.flatMap((row) => [row.claimed_by, row.completed_by, ...row.seats.flatMap((seat) => [seat.who.kind === 'person' ? seat.who.id : null, seat.by ?? null, seat.addedBy ?? null, seat.from ?? null])]);
  const names = await namesOfStaff(context, people);
  const person = (id: string | null | undefined) => (id === null || id === undefined ? null : { id, name: names.get(id) ?? '' });
  const words = (text: { zh: string; en?: string } | undefined) => (text === undefined ? '' : context.language === 'en' ? text.en || text.zh : text.zh);
  const subject = staffOf(context);
  return rows.map((row): Task => {
    const { content, seats } = row;
    const found = more(row);
    return {
      id: row.id, kind: row.kind, node: row.node, name: words(content.name), instructions: words(content.instructions) || null,
      ticket: { id: row.ticket_id, number: row.number, subject: row.subject, priority: priorityName(row.priority), status: row.status },
      state: row.state, mode: content.mode ?? null, quorum: content.mode === 'quorum' ? votesNeeded({ mode: 'quorum', ...(content.quorum ? { quorum: content.quorum } : {}) }, seats.filter((seat) => !seat.addedBy).length) : null,
      seats: seats.map((seat) => {
        const team = seat.who.kind === 'team' ? teams.get(seat.who.id) : undefined;
        return {
          id: seat.id, kind: seat.who.kind, who: seat.who.kind === 'person' ? person(seat.who.id)! : { id: seat.who.id, name: team ? nameIn(context.language, team) : '' },
          vote: seat.vote ?? null, at: seat.at ?? null, by: person(seat.by), comment: seat.comment ?? null, open: row.state === 'open' && (row.kind !== 'approval' || isTurn(seat, seats)), addedBy: person(seat.addedBy), from: person(seat.from),
        };
      }),
      claimedBy: person(row.claimed_by), outcome: row.outcome, completedBy: person(row.completed_by),
      outcomes: (content.outcomes ?? []).map((outcome) => ({ key: outcome.key, name: words(outcome.name) })),
      fields: (content.fields ?? []).map((field) => ({ key: field.key, required: field.required ?? false, readOnly: field.readOnly ?? false })),
      createdAt: row.created_at.toISOString(), dueAt: row.due_at?.toISOString() ?? null, completedAt: row.completed_at?.toISOString() ?? null,
      overdue: row.overdue || (row.state === 'open' && row.due_at !== null && row.due_at <= context.now),
      actions: actionsOf(subject, row, { mayReturn: found.returnTargets.length > 0, mayTakeBack: found.mayTakeBack, mayAssign: found.mayAssign }), returnTargets: found.returnTargets, version: row.version,
    };
  });
}
