import type { HumanNode } from '../../../../rules/workflow/definition.ts';
import type { Effect, Seat, Token } from '../../../../rules/workflow/state.ts';
import { isTurn } from '../../../../rules/workflow/votes.ts';
import { statement } from '../../../platform/db/database.ts';
import { newId } from '../../../platform/db/uuid.ts';
import { Refusal } from '../../../platform/errors/refusal.ts';
import type { FactActor } from '../../../platform/facts/fact.ts';
import { assignTicket } from '../../ticket/assign.ts';
import { change, nodeAt, tell, type Driving } from './driving.ts';

/** The rows of tasks follow what the flow says; nothing else writes them. */

/** What a task keeps of its node. */
export type TaskContent = Pick<HumanNode, 'name' | 'kind' | 'instructions' | 'fields' | 'mayReturn'> & Partial<Pick<Extract<HumanNode, { kind: 'approval' }>, 'mode' | 'quorum' | 'mayAddSigner' | 'mayHandOver'>> & { outcomes?: { key: string; name: { zh: string; en?: string } }[] };

const insertTask = statement<never>('task.insert', `
  WITH task AS (
    INSERT INTO task (tenant_id, id, instance_id, ticket_id, activation, node, scope, kind, content, state, seats, created_at, due_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'open', $10, $11, $12))
  INSERT INTO task_actor (tenant_id, who_id, task_id) SELECT $1, who, $2 FROM unnest($13::uuid[]) AS who`);
const closeRow = statement<{ id: string; content: TaskContent }>('task.close', `
  WITH gone AS (DELETE FROM task_actor a USING task t WHERE t.tenant_id = $1 AND t.instance_id = $2 AND t.activation = $3 AND a.tenant_id = $1 AND a.task_id = t.id)
  UPDATE task SET state = $4, seats = $5, outcome = $6, completed_by = $7, completed_at = $8, claimed_by = NULL, version = version + 1
  WHERE tenant_id = $1 AND instance_id = $2 AND activation = $3 RETURNING id, content`);
const changeRow = statement<{ id: string; content: TaskContent }>('task.change', `
  UPDATE task SET seats = $4, claimed_by = $5, due_at = $6, overdue = $7, version = version + 1 WHERE tenant_id = $1 AND instance_id = $2 AND activation = $3 RETURNING id, content`);
const clearActors = statement<never>('task_actor.clear', 'DELETE FROM task_actor WHERE tenant_id = $1 AND task_id = $2 AND who_id <> ALL($3::uuid[])');
const addActors = statement<never>('task_actor.add', 'INSERT INTO task_actor (tenant_id, who_id, task_id) SELECT $1, who, $2 FROM unnest($3::uuid[]) AS who ON CONFLICT DO NOTHING');

/** Who may act on a task now: of a claimed one who claimed it, of an approval those whose turn it is. */
export function actorsOf(token: Pick<Token, 'seats' | 'claimedBy'>, kind: HumanNode['kind']): string[] {
  const seats = token.seats ?? [];
  if (token.claimedBy !== undefined) return [token.claimedBy];
  const open = kind === 'approval' ? seats.filter((seat) => isTurn(seat, seats)) : seats;
  return [...new Set(open.map((seat) => seat.who.id))];
}

const tokenOf = (driving: Driving, activation: string) => driving.state!.tokens.find((one) => one.id === activation);
const newest = (dates: (string | undefined)[]) => dates.find((date) => date !== undefined) ?? null;

export async function openTask(driving: Driving, effect: Extract<Effect, { do: 'open_task' }>): Promise<void> {
  const token = tokenOf(driving, effect.activation);
  const node = nodeAt(driving, effect.node, effect.scope) as HumanNode | undefined;
  // It may be over already, by what was carried out before it.
  if (!token || !node || token.phase !== 'open') return;
  const { context, instance } = driving;
  const id = newId(context.now.getTime());
  const content: TaskContent = {
    name: node.name, kind: node.kind,
    ...(node.instructions ? { instructions: node.instructions } : {}), ...(node.fields ? { fields: node.fields } : {}), ...(node.mayReturn === false ? { mayReturn: false } : {}),
    ...(node.kind === 'approval' ? { mode: node.mode, ...(node.quorum ? { quorum: node.quorum } : {}), ...(node.mayAddSigner === false ? { mayAddSigner: false } : {}), ...(node.mayHandOver === false ? { mayHandOver: false } : {}) } : node.outcomes ? { outcomes: node.outcomes } : {}),
  };
  const seats = token.seats ?? [];
  await context.transaction.query(insertTask, [
    context.tenantId, id, instance.id, instance.ticket_id, effect.activation, effect.node, effect.scope, node.kind, JSON.stringify(content), JSON.stringify(seats), context.now, newest([token.limitAt]), actorsOf(token, node.kind),
  ]);
  await tellOpened(driving, id, content, seats, actorsOf(token, node.kind));
  await sendOut(driving, node, seats);
}

/** Whoever has a task takes part in the ticket, so that they can read what it is about. */
async function tellOpened(driving: Driving, taskId: string, content: TaskContent, seats: readonly Seat[], actors: readonly string[]): Promise<void> {
  const people = seats.filter((seat) => seat.who.kind === 'person').map((seat) => seat.who.id);
  const fact = { kind: 'task.opened' as const, subjectId: taskId, data: { step: content.name, taskKind: content.kind, staffIds: people.filter((id) => actors.includes(id)), teamIds: seats.filter((seat) => seat.who.kind === 'team').map((seat) => seat.who.id) } };
  await takePart(driving, people, fact);
}

async function takePart(driving: Driving, people: readonly string[], fact: Parameters<typeof tell>[1]): Promise<void> {
  const participants = driving.ticket.participant_ids;
  const fresh = people.filter((id) => !participants.includes(id) && id !== driving.ticket.assignee_id);
  if (fresh.length === 0) return tell(driving, fact);
  await change(driving, { participant_ids: [...participants, ...fresh] }, fact);
}

/** A step on site is the ticket of whoever drives there. */
async function sendOut(driving: Driving, node: HumanNode, seats: readonly Seat[]): Promise<void> {
  const [seat] = seats;
  if (node.kind !== 'onsite_task' || seats.length !== 1 || seat?.who.kind !== 'person' || driving.ticket.assignee_id === seat.who.id) return;
  if (driving.ticket.status !== 'new' && driving.ticket.status !== 'open' && driving.ticket.status !== 'waiting') return;
  try {
    driving.ticket = await assignTicket(driving.context, driving.ticket, { assigneeId: seat.who.id });
    driving.untold = false;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
}

const kinds = { claimed: 'task.claimed', released: 'task.released', voted: 'approval.voted', signer_added: 'approval.signer_added', handed_over: 'task.handed_over', reassigned: 'task.reassigned' } as const;

export async function changeTask(driving: Driving, effect: Extract<Effect, { do: 'change_task' }>, actor: FactActor): Promise<void> {
  const token = tokenOf(driving, effect.activation);
  if (!token) return;
  const { context, instance } = driving;
  const seats = token.seats ?? [];
  const [row] = await context.transaction.query(changeRow, [context.tenantId, instance.id, effect.activation, JSON.stringify(seats), token.claimedBy ?? null, newest([token.limitAt]), token.overdue ?? false]);
  if (!row) return;
  const actors = actorsOf(token, row.content.kind);
  await context.transaction.query(clearActors, [context.tenantId, row.id, actors]);
  await context.transaction.query(addActors, [context.tenantId, row.id, actors]);
  const vote = effect.change === 'voted' ? seats.filter((seat) => seat.vote).sort((a, b) => (a.at! < b.at! ? 1 : -1))[0]?.vote : undefined;
  await takePart(driving, seats.filter((seat) => seat.who.kind === 'person').map((seat) => seat.who.id).concat(token.claimedBy ?? []), {
    kind: kinds[effect.change], actor, subjectId: row.id,
    data: { step: row.content.name, staffIds: effect.change === 'claimed' || effect.change === 'released' || (effect.change === 'voted' && row.content.mode !== 'sequence') ? [] : actors, ...(vote === undefined ? {} : { vote }), ...(driving.comment === null ? {} : { comment: driving.comment }) },
  });
}

const endings = { completed: 'task.completed', returned: 'task.returned', withdrawn: 'task.withdrawn', interrupted: 'task.cancelled', superseded: 'task.cancelled' } as const;

export async function closeTask(driving: Driving, effect: Extract<Effect, { do: 'close_task' }>, actor: FactActor): Promise<void> {
  const { context, instance } = driving;
  const [row] = await context.transaction.query(closeRow, [
    context.tenantId, instance.id, effect.activation, effect.how === 'completed' ? 'completed' : 'cancelled', JSON.stringify(effect.seats), effect.outcome, effect.by, context.now,
  ]);
  if (!row) return;
  const decided = effect.how === 'completed' && row.content.kind === 'approval';
  const isPersons = effect.how === 'completed' || effect.how === 'returned' || effect.how === 'withdrawn';
  await tell(driving, {
    kind: decided ? 'approval.decided' : endings[effect.how], actor: isPersons ? actor : context.actor, subjectId: row.id,
    data: { step: row.content.name, how: effect.how, ...(effect.outcome === null ? {} : { outcome: effect.outcome, outcomeName: row.content.outcomes?.find((one) => one.key === effect.outcome)?.name ?? null }), ...(isPersons && driving.comment !== null ? { comment: driving.comment } : {}) },
  });
}
