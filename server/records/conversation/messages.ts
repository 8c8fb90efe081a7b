import type { Selectable } from 'kysely';
import type { Comment } from '../../../contract/ticket.ts';
import type { FileTable } from '../../platform/db/tables.ts';
import { viewFile, type FileAudience } from '../file/view.ts';
import type { MessageRow } from './add-message.ts';

/** A message as its readers see it (沟通记录视图). */
export function viewMessage(row: MessageRow, files: readonly Selectable<FileTable>[], audience: FileAudience): Comment {
  return {
    id: row.id, ticketId: row.ticket_id, visibility: row.visibility as Comment['visibility'], direction: row.direction as Comment['direction'],
    author: { kind: row.author_kind, id: row.author_id, name: row.author_name },
    body: row.body, files: files.map((file) => viewFile(file, audience)), createdAt: row.created_at.toISOString(),
  };
}
