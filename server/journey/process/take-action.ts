import { Type } from 'typebox';
import { TakeAction, Ticket } from '../../../contract/ticket.ts';
import { OneOf, Closed } from '../../../contract/common.ts';
import type { OverrideRule } from '../../../contract/dispatch.ts';
import { actsFor, permits, reachOf } from '../../../rules/access/policy.ts';
import { isOpen, lifecycle, statusNames, ticketActions, type TicketAction, type TicketStatus } from '../../../rules/ticket/lifecycle.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { Refusal, missingInput } from '../../platform/errors/refusal.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { configurationOf, type ConfiguredStatus } from '../../records/organization/configuration.ts';
import { namesOfStaff } from '../../records/staff/names.ts';
import { overrideNeeded, rulesAgainstChoice, rulesAgainstMember, rulesHeld } from '../../records/dispatch/against.ts';
import { assignTicket, type Assignment } from '../../records/ticket/assign.ts';
import { callOffVisits } from '../../records/ticket/call-off-visits.ts';
import { changeTicket } from '../../records/ticket/change.ts';
import { childrenFor } from '../../records/ticket/family.ts';
import { ensureVersion, lockTicketFor } from '../../records/ticket/find.ts';
import { chooseStatus, ensureLeadsTo, findStatus } from '../../records/ticket/own-status.ts';
import { answerForStep } from '../../records/ticket/refill.ts';
import { findTeam } from '../../records/ticket/references.ts';
import { accessOf, statusOf, type TicketRow } from '../../records/ticket/row.ts';
import { closeTicket, reopenTicket, resolveTicket } from '../../records/ticket/settle.ts';
import { viewTicket } from '../../records/ticket/view.ts';
import { techniciansWhoCame } from '../../records/visit/queries.ts';
import { acceptCurrentVisit, declineCurrentVisit } from '../../records/visit/answer.ts';

type Body = TakeAction;

/** Takes one step in a ticket's life (工单操作): accept, assign, wait, resolve, close and so on. */
export const takeAction = useCase({
  summary: 'Take an action on a ticket',
  params: Closed({ id: Type.String({ maxLength: 64 }), action: OneOf([...ticketActions, 'set_status']) }),
  body: TakeAction,
  answer: Ticket,
  // It holds the link by which the customer follows the ticket.
  secret: true,
  async run(context, { params, body, ifMatch }) {
    if (params.action === 'set_status') return viewTicket(context, await setStatus(context, params.id, body, ifMatch));
    const rule = lifecycle[params.action];
    const ticket = await lockTicketFor(context, params.id, rule.permission);
    ensureVersion(ticket, ifMatch);
    const state = { status: statusOf(ticket), assigneeId: ticket.assignee_id, acceptedAt: ticket.accepted_at };
    if (!isOpen(params.action, state)) throw new Refusal('action_not_open', { status: statusNames[state.status], action: rule });
    if (rule.assigneeOnly && !actsFor(staffOf(context), ticket.assignee_id)) throw new Refusal('forbidden');
    const configuration = await configurationOf(context);
    if (body.status === undefined) {
      const answered = await answer(context, ticket, rule.to ?? state.status, null, body);
      return viewTicket(context, await steps[params.action](context, answered, body));
    }
    const wanted = findStatus(configuration, body.status);
    ensureLeadsTo(rule.to, wanted);
    return viewTicket(context, await stepInto(context, ticket, params.action, wanted.own, body));
  },
});

/** Gives a ticket a status that was chosen (设置状态): by the step that leads into its class, or within the class. */
async function setStatus(context: Context, id: string, body: Body, ifMatch: number | null): Promise<TicketRow> {
  const ticket = await lockTicketFor(context, id, 'ticket.read');
  ensureVersion(ticket, ifMatch);
  const { step, own } = chooseStatus(ticket, await configurationOf(context), body.status, (permission) => permits(reachOf(staffOf(context), permission), accessOf(ticket)));
  if (step.action === 'keep' || step.action === 'start') {
    const status = step.action === 'start' ? 'open' : statusOf(ticket);
    return keepStatus(context, await answer(context, ticket, status, own, body), own, status);
  }
  return stepInto(context, ticket, step.action, own, body);
}

async function stepInto(context: Context, ticket: TicketRow, action: TicketAction, own: ConfiguredStatus | null, body: Body): Promise<TicketRow> {
  const leading = own ? { ...context, ownStatus: { id: own.id, class: own.class, name: own.name } } : context;
  const answered = await answer(context, ticket, lifecycle[action].to ?? statusOf(ticket), own, body);
  const stepped = await steps[action](leading, answered, own?.waitingFor ? { ...body, for: own.waitingFor } : body);
  // A step that left the ticket in the class it was in has not set it.
  return own && stepped.status_id !== own.id && stepped.status === own.class ? keepStatus(context, stepped, own, own.class) : stepped;
}

/** The answers that the step brings along, and those that the form wants in the state it leads to. */
async function answer(context: Context, ticket: TicketRow, status: TicketStatus, own: ConfiguredStatus | null, body: Body): Promise<TicketRow> {
  const state = { status, statusId: own?.id ?? (status === ticket.status ? ticket.status_id : null), waitingFor: status === 'waiting' ? own?.waitingFor ?? body.for ?? ticket.waiting_for : null };
  return answerForStep(context, await configurationOf(context), ticket, state, body.fields);
}

function keepStatus(context: Context, ticket: TicketRow, own: ConfiguredStatus | null, status: TicketStatus): TicketRow | Promise<TicketRow> {
  // Saving what is there already is no change and leaves no trace.
  if (ticket.status === status && ticket.status_id === (own?.id ?? null)) return ticket;
  return changeTicket(context, ticket, { status, status_id: own?.id ?? null, ...(own?.waitingFor ? { waiting_for: own.waitingFor } : {}) }, { kind: 'ticket.status_changed', data: { ownStatus: own?.name ?? null } });
}

const steps: Record<TicketAction, (context: Context, ticket: TicketRow, body: Body) => Promise<TicketRow>> = {
  async accept(context, ticket) {
    const accepted = await changeTicket(context, ticket, { status: 'open', accepted_at: context.now }, { kind: 'ticket.accepted' });
    return acceptCurrentVisit(context, accepted, staffOf(context).staffId);
  },
  async decline(context, ticket, body) {
    const reason = needed(body.reason, '/reason');
    const declined = await changeTicket(context, ticket, { assignee_id: null, status: 'new', participant_ids: await techniciansWhoCame(context, ticket.id) }, { kind: 'ticket.declined', data: { reason } });
    return declineCurrentVisit(context, declined, staffOf(context).staffId, reason);
  },
  async assign(context, ticket, body) {
    if (body.assignee === undefined && body.team === undefined) throw missingInput('/assignee');
    if (body.expectedAssignee !== undefined && body.expectedAssignee !== ticket.assignee_id && body.assignee !== ticket.assignee_id) throw await assignedMeanwhile(context, ticket);
    if (body.assignee === undefined) return transfer(context, ticket, body);
    return assignTicket(context, ticket, { assigneeId: body.assignee, teamId: body.team, note: body.note ?? body.reason, visit: body.visit, override: await overrideFor(context, ticket, body) });
  },
  transfer,
  wait(context, ticket, body) {
    const waitingFor = needed(body.for, '/for');
    return changeTicket(context, ticket, { status: 'waiting', waiting_for: waitingFor }, { kind: 'ticket.waiting_started', data: { for: waitingFor, ...(body.reason ? { reason: body.reason } : {}) } });
  },
  resume: (context, ticket) => changeTicket(context, ticket, { status: 'open', waiting_for: null }, { kind: 'ticket.waiting_ended' }),
  async resolve(context, ticket, body) {
    const resolution = needed(body.resolution ?? body.note, '/resolution');
    // Its fact carries it to them, each by itself.
    const children = body.children === 'resolve' ? { childIds: await childrenFor(context, ticket.id, 'ticket.resolve', ['new', 'open', 'waiting']) } : {};
    const resolved = await resolveTicket(context, ticket, resolution, undefined, children);
    // What is solved already needs nobody to drive there.
    return callOffVisits(context, resolved, 'resolved');
  },
  // The customer said so to a colleague: it is the colleague who closes.
  confirm: (context, ticket) => closeTicket(context, ticket, 'ticket.closed', { reason: 'confirmed' }),
  reopen: (context, ticket, body) => reopenTicket(context, ticket, needed(body.reason, '/reason')),
  close: (context, ticket, body) => closeTicket(context, ticket, 'ticket.closed', body.reason ? { reason: body.reason } : {}),
  async cancel(context, ticket, body) {
    const reason = needed(body.reason, '/reason');
    const cancelled = await changeTicket(context, ticket, { status: 'cancelled', waiting_for: null, closed_at: context.now }, { kind: 'ticket.cancelled', data: { reason } });
    return callOffVisits(context, cancelled, reason);
  },
};

/** Why something is done against a rule, and against which (违规派单): without a reason it is not. */
async function overrideFor(context: Context, ticket: TicketRow, { assignee, override, visit }: Pick<Body, 'assignee' | 'override' | 'visit'>): Promise<Assignment['override']> {
  const configuration = await configurationOf(context);
  const held = await rulesHeld(context, ticket.id, assignee ?? null, visit);
  const against = new Map<string, readonly OverrideRule[]>();
  if (assignee !== undefined && assignee !== null) against.set(assignee, [...await rulesAgainstChoice(context, configuration, ticket, assignee), ...held]);
  for (const id of visit?.members ?? []) if (id !== assignee) against.set(id, await rulesAgainstMember(context, configuration, ticket, id));
  const rules = [...new Set([...held, ...[...against.values()].flat()])];
  if (override !== undefined && override.trim() !== '') return { reason: override.trim(), rules };
  if (rules.length === 0) return undefined;
  const who = [...against].find(([, own]) => own.length > 0);
  throw await overrideNeeded(context, who ? { staffId: who[0] } : { zh: '收回或转派', en: 'taking it away' }, who ? who[1] : rules);
}

/** Somebody else gave the ticket away, or took it back, while the caller was choosing (刚被别人派过). */
async function assignedMeanwhile(context: Context, ticket: TicketRow): Promise<Refusal> {
  if (ticket.assignee_id === null) return new Refusal('taken_back_meanwhile');
  const name = (await namesOfStaff(context, [ticket.assignee_id])).get(ticket.assignee_id) ?? '';
  return new Refusal('assigned_meanwhile', { name });
}

/** To another team (转派): whoever had it has it no longer. */
async function transfer(context: Context, ticket: TicketRow, body: Body): Promise<TicketRow> {
  const teamId = needed(body.team, '/team');
  const team = findTeam(await configurationOf(context), teamId);
  const override = await overrideFor(context, ticket, { assignee: null, override: body.override ?? body.reason });
  const moved = await changeTicket(context, ticket, { team_id: team.id, department_id: team.departmentId, assignee_id: null, accepted_at: null, participant_ids: await techniciansWhoCame(context, ticket.id) },
    { kind: 'ticket.transferred', data: { teamName: team.name, ...(body.reason ? { reason: body.reason } : {}), ...(override && override.rules.length > 0 ? { override } : {}) } });
  return callOffVisits(context, moved, 'transferred');
}

function needed<Value>(value: Value | undefined, path: string): Value {
  if (value === undefined || (typeof value === 'string' && value.trim() === '')) throw missingInput(path);
  return value;
}
