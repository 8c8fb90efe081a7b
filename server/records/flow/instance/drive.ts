import { step } from '../../../../rules/workflow/step.ts';
import type { Effect, FlowEvent, FlowState, StepRefusal, StepResult } from '../../../../rules/workflow/state.ts';
import type { Context } from '../../../platform/context.ts';
import { newId } from '../../../platform/db/uuid.ts';
import type { FactActor } from '../../../platform/facts/fact.ts';
import type { ConfiguredType } from '../../organization/configuration.ts';
import { tellOnTicket } from '../../ticket/change.ts';
import type { TicketRow } from '../../ticket/row.ts';
import { loadFlow, type LoadedFlow } from './bundle.ts';
import { carryOut } from './carry-out.ts';
import { flowContext } from './context.ts';
import { nothingPending, viewOf, writeStep, type Driving, type KnownTask } from './driving.ts';
import { insertInstance, type InstanceRow } from './rows.ts';
import type { ClosedTask } from './task-rows.ts';

export interface Driven {
  answer: StepResult['answer'];
  reason?: StepRefusal;
  ticket: TicketRow;
  instance: InstanceRow;
  /** The tasks that ended, as they are now. */
  closed: readonly ClosedTask[];
}

export interface DrivenBy {
  actor?: FactActor;
  comment?: string | null;
  isNew?: boolean;
  /** Open tasks of the run that need not be looked up. */
  known?: readonly KnownTask[];
  /** In a commit shared with others, what reaches beyond the ticket and its run throws NeedsOwnTransaction, as nothing was written before. */
  leavesGroup?: boolean;
}

/**
 * Applies events to a run and carries out what comes of them, all in this transaction (流程执行): instructions are answered
 * as they come, until everything waits for somebody, a moment, a fact or a job. Events that do not apply change nothing.
 */
export async function drive(context: Context, loaded: LoadedFlow, ticket: TicketRow, instance: InstanceRow, events: readonly FlowEvent[], by: DrivenBy = {}): Promise<Driven> {
  const driving: Driving = {
    context, loaded, instance, state: by.isNew ? null : instance.state, ticket, untold: by.isNew ?? false, by: by.actor ?? context.actor, comment: by.comment ?? null, startChild: startFlow,
    pending: nothingPending(), closed: [], known: by.known ?? [], leavesGroup: by.leavesGroup ?? false,
  };
  let last: StepResult | null = null;
  let changed = false;
  for (const event of events) {
    last = await apply(driving, event);
    changed ||= last.answer === 'applied';
  }
  if (last === null) throw new Error('nothing happened to the flow');
  const verdict = { answer: last.answer, ...(last.reason === undefined ? {} : { reason: last.reason }) };
  if (!changed) return { ...verdict, ticket, instance, closed: [] };
  const saved = await writeStep(driving);
  return { ...verdict, ticket: driving.ticket, instance: saved, closed: driving.closed };
}

async function apply(driving: Driving, event: FlowEvent): Promise<StepResult> {
  const result = step(driving.loaded.bundle, driving.state, event, await viewOf(driving));
  if (result.answer !== 'applied') return result;
  driving.state = result.state;
  await follow(driving, result.effects);
  return result;
}

/** Carries effects out in the order they came about; what an answer brings is done after what was there before it. */
async function follow(driving: Driving, effects: readonly Effect[]): Promise<void> {
  const waiting: Effect[] = [...effects];
  const first = new Set(effects);
  for (let effect = waiting.shift(); effect; effect = waiting.shift()) {
    const answer = await carryOut(driving, effect, first.has(effect));
    if (!answer || !('ask' in effect)) continue;
    const answered = step(driving.loaded.bundle, driving.state, { ...answer, id: `answer ${effect.activation} ${effect.ask}`, kind: 'answer', activation: effect.activation, ask: effect.ask } as FlowEvent, await viewOf(driving));
    if (answered.answer !== 'applied') continue;
    driving.state = answered.state;
    waiting.push(...answered.effects);
  }
}

/** Puts a run onto another version of its flow, as the move was reckoned (迁移). */
export async function moveRun(context: Context, loaded: LoadedFlow, ticket: TicketRow, instance: InstanceRow, number: number, moved: { state: FlowState; effects: readonly Effect[] }, actor: FactActor): Promise<void> {
  const told = await tellOnTicket({ ...context, holdRow: true }, ticket, { kind: 'flow.moved', actor, data: { flow: loaded.name, before: { number: instance.number }, after: { number }, visibility: 'internal' } });
  const driving: Driving = {
    context, loaded, instance: { ...instance, number }, state: moved.state, ticket: told, untold: true, by: context.actor, comment: null, startChild: startFlow, pending: nothingPending(), closed: [], known: [], leavesGroup: false,
  };
  await follow(driving, moved.effects);
  await writeStep(driving);
}

/** Starts the flow of a new ticket's type in the transaction that makes the ticket (启动流程). Types without one cost nothing. */
export async function startFlow(context: Context, ticket: TicketRow, type: Pick<ConfiguredType, 'flow'>): Promise<TicketRow> {
  if (!type.flow) return ticket;
  return (await beginFlow(context, ticket, type.flow)).ticket;
}

/** Begins a run of a published flow on a ticket that is locked, or new, and has none under way. */
export async function beginFlow(context: Context, ticket: TicketRow, flow: { id: string; number: number }): Promise<Driven> {
  const loaded = await loadFlow(context.transaction, flow.id, flow.number);
  const own = flowContext(context, loaded.name);
  const instance: InstanceRow = {
    id: newId(context.now.getTime()), ticket_id: ticket.id, flow_id: flow.id, number: flow.number, status: 'running', held: 0, version: 1, started_at: context.now, ended_at: null,
    state: { status: 'running', sequence: 0, burst: 0, tokens: [], scopes: [], forks: [], vars: {}, steps: {}, seen: [] },
  };
  const told = await tellOnTicket({ ...own, holdRow: true }, ticket, { kind: 'flow.started', subjectId: instance.id, data: { flow: loaded.name, flowVersion: flow.number, visibility: 'internal' } });
  // Tasks refer to the run: its row has to be there before them.
  await insertInstance(own.transaction, instance);
  return drive(own, loaded, told, instance, [{ id: 'start', kind: 'start' }], { actor: context.actor, isNew: true });
}
