import type { FlowNode } from '../../../../rules/workflow/definition.ts';
import { holdSentence } from '../../../../rules/workflow/explain.ts';
import { prepareFlow } from '../../../../rules/workflow/prepare.ts';
import type { FlowEvent, FlowState, FlowView } from '../../../../rules/workflow/state.ts';
import { localDay } from '../../../platform/clock/clock.ts';
import type { Context } from '../../../platform/context.ts';
import type { FactActor } from '../../../platform/facts/fact.ts';
import { configurationOf, type ConfiguredType } from '../../organization/configuration.ts';
import { changeTicket, tellOnTicket, type TicketFact, type TicketPatch } from '../../ticket/change.ts';
import { ticketVariables } from '../../ticket/fill-form.ts';
import type { TicketRow } from '../../ticket/row.ts';
import type { LoadedFlow } from './bundle.ts';
import type { InstanceRow } from './rows.ts';
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
  /** Who did what the event says; everything that follows from it the flow does itself. */
  by: FactActor;
  comment: string | null;
  /** Starts the flow of a ticket that this one makes. */
  startChild(context: Context, ticket: TicketRow, type: Pick<ConfiguredType, 'flow'>): Promise<TicketRow>;
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

/** Tells of something on the ticket; its row is written once, at the end. */
export async function tell(driving: Driving, fact: TicketFact): Promise<void> {
  driving.ticket = await tellOnTicket({ ...driving.context, holdRow: true }, driving.ticket, { ...fact, data: { flow: driving.loaded.name, instanceId: driving.instance.id, visibility: 'internal', ...fact.data } });
  driving.untold = true;
}

/** Changes the ticket, and with it writes what was told of before. */
export async function change(driving: Driving, patch: TicketPatch, fact: TicketFact): Promise<void> {
  driving.ticket = await changeTicket(driving.context, driving.ticket, patch, { ...fact, data: { flow: driving.loaded.name, instanceId: driving.instance.id, visibility: 'internal', ...fact.data } });
  driving.untold = false;
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
