import { Type } from 'typebox';
import { TakeAction, Ticket } from '../../../contract/ticket.ts';
import { OneOf, Closed } from '../../../contract/common.ts';
import { isOpen, lifecycle, statusNames, ticketActions, type TicketAction } from '../../../rules/ticket/lifecycle.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { Refusal, missingInput, refuseInput } from '../../platform/errors/refusal.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { configurationOf } from '../../records/organization/configuration.ts';
import { assignTicket } from '../../records/ticket/assign.ts';
import { changeTicket, tellOnTicket } from '../../records/ticket/change.ts';
import { ensureVersion, lockTicketFor } from '../../records/ticket/find.ts';
import { statusOf, type TicketRow } from '../../records/ticket/row.ts';
import { closeTicket, reopenTicket, resolveTicket } from '../../records/ticket/settle.ts';
import { viewTicket } from '../../records/ticket/view.ts';
import { techniciansWhoCame } from '../../records/visit/queries.ts';
import { cancelCurrentVisits } from '../../records/visit/schedule.ts';
import { acceptCurrentVisit, declineCurrentVisit } from '../../records/visit/answer.ts';

type Body = TakeAction;

/** Takes one step in a ticket's life (工单操作): accept, assign, wait, resolve, close and so on. */
export const takeAction = useCase({
  summary: 'Take an action on a ticket',
  params: Closed({ id: Type.String({ maxLength: 64 }), action: OneOf(ticketActions) }),
  body: TakeAction,
  answer: Ticket,
  // It holds the link by which the customer follows the ticket.
  secret: true,
  async run(context, { params, body, ifMatch }) {
    const rule = lifecycle[params.action];
    const ticket = await lockTicketFor(context, params.id, rule.permission);
    ensureVersion(ticket, ifMatch);
    const state = { status: statusOf(ticket), assigneeId: ticket.assignee_id, acceptedAt: ticket.accepted_at };
    if (!isOpen(params.action, state)) throw new Refusal('action_not_open', { status: statusNames[state.status], action: rule });
    if (rule.assigneeOnly && ticket.assignee_id !== staffOf(context).staffId) throw new Refusal('forbidden');
    return viewTicket(context, await steps[params.action](context, ticket, body));
  },
});

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
  assign(context, ticket, body) {
    if (body.assignee === undefined && body.team === undefined) throw missingInput('/assignee');
    if (body.assignee === undefined) return transfer(context, ticket, body);
    return assignTicket(context, ticket, { assigneeId: body.assignee, teamId: body.team, note: body.note ?? body.reason, visit: body.visit });
  },
  transfer,
  wait(context, ticket, body) {
    const waitingFor = needed(body.for, '/for');
    return changeTicket(context, ticket, { status: 'waiting', waiting_for: waitingFor }, { kind: 'ticket.waiting_started', data: { for: waitingFor, ...(body.reason ? { reason: body.reason } : {}) } });
  },
  resume: (context, ticket) => changeTicket(context, ticket, { status: 'open', waiting_for: null }, { kind: 'ticket.waiting_ended' }),
  async resolve(context, ticket, body) {
    const resolved = await resolveTicket(context, ticket, needed(body.resolution ?? body.note, '/resolution'));
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

/** To another team (转派): whoever had it has it no longer. */
async function transfer(context: Context, ticket: TicketRow, body: Body): Promise<TicketRow> {
  const teamId = needed(body.team, '/team');
  const team = (await configurationOf(context)).teams.get(teamId);
  if (!team) throw refuseInput('/team', 'unknown_reference', { field: 'team' });
  const moved = await changeTicket(context, ticket, { team_id: team.id, department_id: team.departmentId, assignee_id: null, accepted_at: null, participant_ids: await techniciansWhoCame(context, ticket.id) },
    { kind: 'ticket.transferred', data: { teamName: team.name, ...(body.reason ? { reason: body.reason } : {}) } });
  return callOffVisits(context, moved, 'transferred');
}

async function callOffVisits(context: Context, ticket: TicketRow, reason: string): Promise<TicketRow> {
  let current = ticket;
  for (const visit of await cancelCurrentVisits(context, ticket.id)) {
    current = await tellOnTicket(context, current, { kind: 'visit.cancelled', subjectId: visit.id, data: { technicianId: visit.technician_id, reason } });
  }
  return current;
}

function needed<Value>(value: Value | undefined, path: string): Value {
  if (value === undefined || (typeof value === 'string' && value.trim() === '')) throw missingInput(path);
  return value;
}
