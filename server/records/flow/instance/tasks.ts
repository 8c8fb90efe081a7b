import type { HumanNode } from '../../../../rules/workflow/definition.ts';
import type { Effect, Seat, Token } from '../../../../rules/workflow/state.ts';
import { isTurn } from '../../../../rules/workflow/votes.ts';
import { newId } from '../../../platform/db/uuid.ts';
import { Refusal } from '../../../platform/errors/refusal.ts';
import type { FactActor } from '../../../platform/facts/fact.ts';
import { rulesHeld } from '../../dispatch/against.ts';
import { assignTicket } from '../../ticket/assign.ts';
import { needOwnTransaction, nodeAt, tell, tellWith, writePending, type Driving, type KnownTask } from './driving.ts';
import { findTaskOf, writeChangedTask, type TaskContent } from './task-rows.ts';

/** Who may act on a task now: of a claimed one who claimed it, of an approval those whose turn it is. */
export function actorsOf(token: Pick<Token, 'seats' | 'claimedBy'>, kind: HumanNode['kind']): string[] {
  const seats = token.seats ?? [];
  if (token.claimedBy !== undefined) return [token.claimedBy];
  const open = kind === 'approval' ? seats.filter((seat) => isTurn(seat, seats)) : seats;
  return [...new Set(open.map((seat) => seat.who.id))];
}

const tokenOf = (driving: Driving, activation: string) => driving.state!.tokens.find((one) => one.id === activation);

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
  const actors = actorsOf(token, node.kind);
  driving.pending.opened.push({
    id, instance_id: instance.id, ticket_id: instance.ticket_id, activation: effect.activation, node: effect.node, scope: effect.scope, kind: node.kind, content, seats, created_at: context.now, due_at: token.limitAt ?? null, actors,
  });
  await tellOpened(driving, id, content, seats, actors);
  await sendOut(driving, node, seats);
}

/** Whoever has a task takes part in the ticket, so that they can read what it is about. */
async function tellOpened(driving: Driving, taskId: string, content: TaskContent, seats: readonly Seat[], actors: readonly string[]): Promise<void> {
  const people = seats.filter((seat) => seat.who.kind === 'person').map((seat) => seat.who.id);
  await tellWith(driving, people, {
    kind: 'task.opened', subjectId: taskId,
    data: { step: content.name, taskKind: content.kind, staffIds: people.filter((id) => actors.includes(id)), teamIds: seats.filter((seat) => seat.who.kind === 'team').map((seat) => seat.who.id) },
  });
}

/** A step on site is the ticket of whoever drives there. */
async function sendOut(driving: Driving, node: HumanNode, seats: readonly Seat[]): Promise<void> {
  const [seat] = seats;
  if (node.kind !== 'onsite_task' || seats.length !== 1 || seat?.who.kind !== 'person' || driving.ticket.assignee_id === seat.who.id) return;
  if (driving.ticket.status !== 'new' && driving.ticket.status !== 'open' && driving.ticket.status !== 'waiting') return;
  needOwnTransaction(driving);
  // What a colleague holds no flow gives away: whoever has the task sees that somebody else comes.
  if ((await rulesHeld(driving.context, driving.ticket.id, seat.who.id)).length > 0) return;
  try {
    await writePending(driving);
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
  await writePending(driving);
  const row = await writeChangedTask(context.transaction, instance.id, effect.activation, { seats, claimedBy: token.claimedBy ?? null, dueAt: token.limitAt ?? null, overdue: token.overdue ?? false }, (content) => actorsOf(token, content.kind));
  if (!row) return;
  const actors = actorsOf(token, row.content.kind);
  const vote = effect.change === 'voted' ? seats.filter((seat) => seat.vote).sort((a, b) => (a.at! < b.at! ? 1 : -1))[0]?.vote : undefined;
  await tellWith(driving, seats.filter((seat) => seat.who.kind === 'person').map((seat) => seat.who.id).concat(token.claimedBy ?? []), {
    kind: kinds[effect.change], actor, subjectId: row.id,
    data: { step: row.content.name, staffIds: effect.change === 'claimed' || effect.change === 'released' || (effect.change === 'voted' && row.content.mode !== 'sequence') ? [] : actors, ...(vote === undefined ? {} : { vote }), ...(driving.comment === null ? {} : { comment: driving.comment }) },
  });
}

const endings = { completed: 'task.completed', returned: 'task.returned', withdrawn: 'task.withdrawn', interrupted: 'task.cancelled', superseded: 'task.cancelled' } as const;

export async function closeTask(driving: Driving, effect: Extract<Effect, { do: 'close_task' }>, actor: FactActor): Promise<void> {
  const { context } = driving;
  const row = await taskAt(driving, effect.activation);
  if (!row) return;
  const ended = { id: row.id, state: effect.how === 'completed' ? 'completed' as const : 'cancelled' as const, seats: effect.seats, outcome: effect.outcome, completed_by: effect.by, completed_at: context.now };
  driving.pending.closed.push(ended);
  driving.closed.push(ended);
  const decided = effect.how === 'completed' && row.content.kind === 'approval';
  const isPersons = effect.how === 'completed' || effect.how === 'returned' || effect.how === 'withdrawn';
  await tell(driving, {
    kind: decided ? 'approval.decided' : endings[effect.how], actor: isPersons ? actor : context.actor, subjectId: row.id,
    data: { step: row.content.name, how: effect.how, ...(effect.outcome === null ? {} : { outcome: effect.outcome, outcomeName: row.content.outcomes?.find((one) => one.key === effect.outcome)?.name ?? null }), ...(isPersons && driving.comment !== null ? { comment: driving.comment } : {}) },
  });
}

async function taskAt(driving: Driving, activation: string): Promise<Pick<KnownTask, 'id' | 'content'> | undefined> {
  const known = driving.known.find((task) => task.activation === activation);
  if (known) return known;
  // It may have been opened in this very step.
  await writePending(driving);
  return findTaskOf(driving.context.transaction, driving.instance.id, activation);
}
