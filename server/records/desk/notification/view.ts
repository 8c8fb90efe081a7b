import type { Notification } from '../../../../contract/desk.ts';
import { statement } from '../../../platform/db/database.ts';

/** A notification with what it is about. */
export interface NotificationLine {
  id: string;
  staff_id: string;
  reason: Notification['reason'];
  fact_kind: string;
  ticket_id: string | null;
  number: string | null;
  subject: string | null;
  side_conversation_id: string | null;
  side_subject: string | null;
  actor_name: string | null;
  preview: string | null;
  for_id: string | null;
  for_name: string | null;
  urgency: Notification['urgency'];
  bundle_id: string | null;
  created_at: Date;
  read_at: Date | null;
}

export const notificationColumns = `n.id, n.staff_id, n.reason, n.fact_kind, n.ticket_id, ticket.number, ticket.subject, n.side_conversation_id, side.subject AS side_subject, n.actor_name, n.preview, n.for_id, s.name AS for_name, n.urgency, n.bundle_id, n.created_at, n.read_at`;
export const notificationTables = `notification n
  LEFT JOIN ticket ON ticket.tenant_id = n.tenant_id AND ticket.id = n.ticket_id
  LEFT JOIN side_conversation side ON side.tenant_id = n.tenant_id AND side.id = n.side_conversation_id
  LEFT JOIN staff s ON s.tenant_id = n.tenant_id AND s.id = n.for_id`;

/** Some notifications of some people. */
export const findNotifications = statement<NotificationLine>('notification.find', `
  SELECT ${notificationColumns} FROM ${notificationTables} WHERE n.tenant_id = $1 AND n.staff_id = ANY($2::uuid[]) AND n.id = ANY($3::uuid[]) ORDER BY n.id`);

/** A notification as its reader sees it (通知视图). */
export function viewNotification(line: NotificationLine): Notification {
  return {
    id: line.id, reason: line.reason, factKind: line.fact_kind, ticket: line.ticket_id === null ? null : { id: line.ticket_id, number: line.number ?? '', subject: line.subject ?? '' },
    sideConversation: line.side_conversation_id === null ? null : { id: line.side_conversation_id, subject: line.side_subject ?? '' },
    actor: line.actor_name, preview: line.preview, for: line.for_id === null ? null : { id: line.for_id, name: line.for_name ?? '' },
    urgency: line.urgency, carried: line.bundle_id !== null,
    createdAt: line.created_at.toISOString(), readAt: line.read_at?.toISOString() ?? null,
  };
}
