import type { FactKind } from './facts.ts';

/** Facts of a ticket that a flow can wait for (可等待的事件). */
export const awaitableFacts = [
  'ticket.changed', 'ticket.status_changed', 'ticket.assigned', 'ticket.transferred', 'ticket.accepted', 'ticket.declined', 'ticket.returned', 'ticket.waiting_started', 'ticket.waiting_ended', 'ticket.resolved',
  'ticket.confirmed', 'ticket.reopened', 'ticket.closed', 'ticket.cancelled', 'ticket.rated', 'comment.added', 'children.progressed', 'checklist.item_done', 'side_conversation.replied', 'side_conversation.closed',
  'visit.scheduled', 'visit.accepted', 'visit.travel_started', 'visit.checked_in', 'visit.completed', 'visit.obstacle_reported', 'file.attached', 'link.added',
] as const satisfies readonly FactKind[];
