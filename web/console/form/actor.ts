import type { Me } from '../../../contract/session.ts';
import type { Ticket } from '../../../contract/ticket.ts';
import type { ActorVariables, TicketVariables } from '../../../rules/forms/form.ts';

/** What the rules of a form may look at of whoever is signed in. */
export function actorVariables(me: Me): ActorVariables {
  return { kind: 'staff', id: me.id, teams: me.teams.map(({ id }) => id), departments: me.department === null ? [] : [me.department.id], roles: me.roles };
}

/** What the rules of a form may look at of a ticket. */
export function ticketVariables(ticket: Ticket): TicketVariables {
  return {
    status: ticket.status, statusId: ticket.ownStatus?.id ?? null, priority: ticket.priority, type: ticket.type.id, category: ticket.category?.id ?? null, channel: ticket.channel,
    team: ticket.team?.id ?? null, department: ticket.department?.id ?? null, assignee: ticket.assignee?.id ?? null, waitingFor: ticket.waitingFor, tags: ticket.tags,
    subject: ticket.subject, customer: ticket.requester.customerId, customerTier: ticket.requester.tier, asset: ticket.asset?.id ?? null,
  };
}
