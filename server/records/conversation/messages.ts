import type { Selectable } from 'kysely';
import type { Comment, ReplyDelivery } from '../../../contract/ticket.ts';
import { nameFor, wordsFor } from '../../../rules/intake/placeholders.ts';
import type { Context } from '../../platform/context.ts';
import { statement } from '../../platform/db/database.ts';
import type { FileTable } from '../../platform/db/tables.ts';
import { viewFile, type FileAudience } from '../file/view.ts';
import type { MessageRow } from './add-message.ts';
import { shownSkips, type DeliveryRow, type Skip } from './channel/outbox.ts';

/** A message as its readers see it (沟通记录视图); `origin` when it was not simply written on its ticket. */
export function viewMessage(row: MessageRow, files: readonly Selectable<FileTable>[], audience: FileAudience, language: Context['language'], origin: Comment['origin'] = null, deliveries: readonly DeliveryRow[] = []): Comment {
  return {
    id: row.id, ticketId: row.ticket_id, visibility: row.visibility as Comment['visibility'], direction: row.direction as Comment['direction'],
    author: { kind: row.author_kind, id: row.author_id, name: row.author_name && nameFor(row.author_name, language) },
    body: row.direction === 'inbound' ? wordsFor(row.body, language) : row.body, files: files.map((file) => viewFile(file, audience)), createdAt: row.created_at.toISOString(), origin, deliveries: deliveries.map(viewDelivery),
  };
}

/** What became of an answer, as colleagues see it (送达视图). */
export function viewDelivery(row: DeliveryRow): ReplyDelivery {
  return {
    id: row.id, channel: row.channel, account: row.account_name, contact: row.contact_name, state: row.state as ReplyDelivery['state'], route: (row.route?.split(' ', 1)[0] ?? null) as ReplyDelivery['route'],
    skips: shownSkips(row.skips as unknown as Skip[]) as ReplyDelivery['skips'], reason: row.failure, said: row.failure_detail, at: (row.settled_at ?? row.sent_at ?? row.created_at).toISOString(),
  };
}

const findOrigins = statement<{ id: string; from_number: string | null; copied_number: string | null; parent_number: string | null }>('message.origins', `
  SELECT m.id, f.number AS from_number, o.number AS copied_number, p.number AS parent_number
  FROM message m
    LEFT JOIN ticket f ON f.tenant_id = $1 AND f.id = m.from_ticket_id
    LEFT JOIN message c ON c.tenant_id = $1 AND c.id = m.copied_from
    LEFT JOIN ticket o ON o.tenant_id = $1 AND o.id = c.ticket_id
    LEFT JOIN ticket p ON p.tenant_id = $1 AND p.id = m.parent_ticket_id
  WHERE m.tenant_id = $1 AND m.id = ANY($2::uuid[])`);

/** Where those of some messages come from that were not simply written on their ticket, by message (沟通记录来源). */
export async function originsOf(context: Pick<Context, 'tenantId' | 'transaction'>, messages: readonly MessageRow[]): Promise<Map<string, NonNullable<Comment['origin']>>> {
  const wanted = messages.filter((message) => message.from_ticket_id !== null || message.copied_from !== null || message.parent_ticket_id !== null);
  if (wanted.length === 0) return new Map();
  const rows = await context.transaction.query(findOrigins, [context.tenantId, wanted.map((message) => message.id)]);
  return new Map(rows.map((row) => [row.id, row.copied_number !== null ? { kind: 'copied', number: row.copied_number }
    : row.parent_number !== null ? { kind: 'parent', number: row.parent_number } : { kind: 'merged', number: row.from_number ?? '' }]));
}
