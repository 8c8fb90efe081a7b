import type { FlowNode } from '../../../../rules/workflow/definition.ts';
import { holdSentence } from '../../../../rules/workflow/explain.ts';
import { prepareFlow } from '../../../../rules/workflow/prepare.ts';
import type { FlowEvent, FlowState, FlowView } from '../../../../rules/workflow/state.ts';
import { localDay } from '../../../platform/clock/clock.ts';
import type { Context } from '../../../platform/context.ts';
import { NeedsOwnTransaction } from '../../../platform/db/database.ts';
import { writeTicketFacts, type FactActor, type LinkedFact } from '../../../platform/facts/fact.ts';
import { configurationOf, type ConfiguredType } from '../../organization/configuration.ts';
import { changeTicket, tellOnTicket, writeToldTicket, type TicketFact, type TicketPatch } from '../../ticket/change.ts';
import { ticketVariables } from '../../ticket/fill-form.ts';
import type { TicketRow } from '../../ticket/row.ts';
import type { LoadedFlow } from './bundle.ts';
import { instanceIn, setNextDue, type InstanceRow } from './rows.ts';
import { writeTasks, type ClosedTask, type OpenedTask, type TaskContent } from './task-rows.ts';
import { workingTimeOf } from './working-time.ts';

/** What an instruction of a flow is answered with. */
export type Answer = Pick<Extract<FlowEvent, { kind: 'answer'; ok: true }>, 'ok' | 'seats' | 'vars'> | Pick<Extract<FlowEvent, { kind: 'answer'; ok: false }>, 'ok' | 'reason' | 'code'>;

/** A run under way in one transaction: the ticket is locked, and so is the run unless it is new. */
export interface Driving {
  /** What the flow does, it does as the program. */
  context: Context;
  loaded: LoadedFlow;
  instance: InstanceRow;
  state: FlowState | null;
  ticket: TicketRow;
  /** Facts were told of that the ticket's row does not show yet. */
  untold: boolean;
  pending: Pending;
  /** The tasks this step has ended, and of those it may end what is known already. */
  closed: ClosedTask[];
  known: readonly KnownTask[];
  /** Only what concerns the ticket and its run alone is done in a commit shared with others. */
  leavesGroup: boolean;
  /** Who did what the event says; everything that follows from it the flow does itself. */
  by: FactActor;
  comment: string | null;
  /** Starts the flow of a ticket that this one makes. */
  startChild(context: Context, ticket: TicketRow, type: Pick<ConfiguredType, 'flow'>): Promise<TicketRow>;
}

/** What came of a step so far and is written at once with the rest of it. */
export interface Pending {
  facts: LinkedFact[];
  opened: OpenedTask[];
  closed: ClosedTask[];
  /** Who takes part in the ticket since. */
  joined: string[];
}
export const nothingPending = (): Pending => ({ facts: [], opened: [], closed: [], joined: [] });

/** An open task as far as closing it takes. */
export interface KnownTask {
  id: string;
  activation: string;
  content: TaskContent;
}

/** What conditions of a flow read of a ticket. */
export async function viewOf({ context, ticket, loaded }: Pick<Driving, 'context' | 'ticket' | 'loaded'>): Promise<FlowView> {
  const { organization } = await configurationOf(context);
  return {
    fields: ticket.fields as Record<string, unknown>,
    ticket: { ...ticketVariables(ticket), id: ticket.id, number: ticket.number, createdAt: ticket.created_at.toISOString() },
    now: context.now.toISOString(), today: localDay(context.now, organization.timeZone),
    ...(loaded.usesWorkingTime ? { addWorkingTime: await workingTimeOf(context.transaction) } : {}),
  };
}

/** Tells of something on the ticket; fact and row are written at the end. */
export async function tell(driving: Driving, fact: TicketFact): Promise<void> {
  driving.ticket = await tellOnTicket(holding(driving), driving.ticket, ofFlow(driving, fact));
  driving.untold = true;
}

/** Tells of something that brings people to take part in the ticket; as `tell`, and that they do. */
export async function tellWith(driving: Driving, people: readonly string[], fact: TicketFact): Promise<void> {
  const participants = driving.ticket.participant_ids;
  const fresh = people.filter((id) => !participants.includes(id) && id !== driving.ticket.assignee_id);
  if (fresh.length === 0) return tell(driving, fact);
  driving.ticket = await changeTicket(holding(driving), driving.ticket, { participant_ids: [...participants, ...fresh] }, ofFlow(driving, fact));
  driving.pending.joined.push(...fresh);
  driving.untold = true;
}

/** Changes the ticket, and with it writes what was told of before. */
export async function change(driving: Driving, patch: TicketPatch, fact: TicketFact): Promise<void> {
  await writePending(driving);
  driving.ticket = await changeTicket(driving.context, driving.ticket, patch, ofFlow(driving, fact));
  driving.untold = false;
}

const holding = (driving: Driving) => ({ ...driving.context, holdRow: true as const, heldFacts: driving.pending.facts });
const ofFlow = (driving: Driving, fact: TicketFact): TicketFact => ({ ...fact, data: { flow: driving.loaded.name, instanceId: driving.instance.id, visibility: 'internal', ...fact.data } });

/** Writes what is pending, before something that writes for itself; the ticket's row is left to it. */
export async function writePending(driving: Driving): Promise<void> {
  await writeOut(driving, driving.pending.joined.length > 0);
}

/** Writes all that came of a step: what is pending, the ticket's row and the run, by statements that travel together. */
export async function writeStep(driving: Driving): Promise<InstanceRow> {
  const { context, instance, state } = driving;
  const saved = instanceIn(instance, state!, context.now);
  await Promise.all([writeOut(driving, driving.untold, saved), setNextDue(context.transaction, instance, state!)]);
  return saved;
}

async function writeOut(driving: Driving, withTicket: boolean, saved?: InstanceRow): Promise<void> {
  const { context, ticket, pending: { facts, joined, ...tasks } } = driving;
  driving.pending = nothingPending();
  if (withTicket) driving.untold = false;
  await Promise.all([writeTasks(context.transaction, tasks, saved), withTicket ? writeToldTicket(context, ticket, facts, joined) : writeTicketFacts(context.transaction, facts)]);
}

/** Before what reaches beyond the ticket and its run: others who share the commit may be at it as well. */
export function needOwnTransaction(driving: Driving): void {
  if (driving.leavesGroup && driving.context.transaction.shared) throw new NeedsOwnTransaction();
}

/** The node at which something happens. */
export function nodeAt(driving: Pick<Driving, 'loaded' | 'state'>, node: string, scope: string): FlowNode | undefined {
  const flow = scope === '' ? undefined : driving.state?.scopes.find((one) => one.id === scope)?.flow;
  const definition = scope === '' ? driving.loaded.bundle.definition : flow === undefined ? undefined : driving.loaded.bundle.subflows?.[flow];
  return definition && prepareFlow(definition).nodes.get(node);
}

/** The name of a node for facts. */
export function nameAt(driving: Driving, node: string, scope: string): { zh: string; en?: string } {
  return nodeAt(driving, node, scope)?.name ?? anyName(driving.loaded, node);
}

// A sub-flow that has just ended is no longer among the scopes.
function anyName(loaded: LoadedFlow, node: string): { zh: string; en?: string } {
  for (const definition of [loaded.bundle.definition, ...Object.values(loaded.bundle.subflows ?? {})]) {
    const found = prepareFlow(definition).nodes.get(node);
    if (found) return found.name;
  }
  return { zh: node };
}

export const holdText = (hold: Parameters<typeof holdSentence>[0]) => ({ zh: holdSentence(hold, 'zh-CN'), en: holdSentence(hold, 'en') });
