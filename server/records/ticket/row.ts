import type { Selectable } from 'kysely';
import type { TicketTable } from '../../platform/db/tables.ts';
import type { TicketAccess } from '../../../rules/access/policy.ts';
import { priorities, type Priority, type TicketStatus } from '../../../rules/ticket/lifecycle.ts';

/** A ticket as it lies in the database. */
export type TicketRow = Selectable<TicketTable>;

/** Priorities are stored as 1 (urgent) to 4 (low), so that they sort. */
export const priorityRank = (priority: Priority): number => priorities.indexOf(priority) + 1;
export const priorityName = (rank: number): Priority => priorities[rank - 1] ?? 'normal';

/** What access to a ticket depends on. */
export function accessOf(ticket: TicketRow): TicketAccess {
  return {
    typeId: ticket.type_id, departmentId: ticket.department_id, teamId: ticket.team_id, assigneeId: ticket.assignee_id,
    creatorId: ticket.created_by_kind === 'staff' || ticket.created_by_kind === 'api_key' ? ticket.created_by_id : null,
    participantIds: ticket.participant_ids,
  };
}

export const statusOf = (ticket: Pick<TicketRow, 'status'>): TicketStatus => ticket.status as TicketStatus;
