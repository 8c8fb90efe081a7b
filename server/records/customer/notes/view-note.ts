import type { Selectable } from 'kysely';
import type { CustomerNote } from '../../../../contract/customer.ts';
import type { CustomerNoteTable } from '../../../platform/db/tables.ts';

export type NoteRow = Selectable<CustomerNoteTable>;

/** A note about a customer as colleagues read it (客户备注视图). */
export function viewNote(row: NoteRow): CustomerNote {
  return {
    id: row.id, customerId: row.customer_id, body: row.body, author: { id: row.author_id, name: row.author_name }, pinned: row.pinned,
    createdAt: row.created_at.toISOString(), editedAt: row.edited_at?.toISOString() ?? null, version: row.version,
  };
}
