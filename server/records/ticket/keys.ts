import { statement, type Transaction } from '../../platform/db/database.ts';
import { writeFieldEntries } from './indexed-fields.ts';
import type { TicketRow } from './row.ts';

type Keyed = Pick<TicketRow, 'id' | 'type_id' | 'created_at' | 'tags' | 'participant_ids' | 'fields'>;

const writeTags = statement<never>('ticket_tag.write', `
  WITH gone AS (DELETE FROM ticket_tag WHERE tenant_id = $1 AND tag = ANY($4::text[]) AND created_at = $2 AND ticket_id = $3)
  INSERT INTO ticket_tag (tenant_id, tag, created_at, ticket_id) SELECT DISTINCT $1::uuid, tag, $2::timestamptz, $3::uuid FROM unnest($5::text[]) tag ON CONFLICT DO NOTHING`);
const writeParticipants = statement<never>('ticket_participant.write', `
  WITH gone AS (DELETE FROM ticket_participant WHERE tenant_id = $1 AND staff_id = ANY($4::uuid[]) AND created_at = $2 AND ticket_id = $3)
  INSERT INTO ticket_participant (tenant_id, staff_id, created_at, ticket_id) SELECT DISTINCT $1::uuid, staff_id, $2::timestamptz, $3::uuid FROM unnest($5::uuid[]) staff_id ON CONFLICT DO NOTHING`);

/** The columns of a ticket that lists go by in tables of their own. */
export const keyedColumns = ['tags', 'participant_ids', 'fields'] as const;
export type KeyedColumn = (typeof keyedColumns)[number];

/**
 * Keeps the tables by which lists find tickets through what they have several of (列表索引表): tags, participants and
 * indexed fields, in the transaction that changes the ticket. Only what differs is written.
 *
 * @param before the ticket as it was, or null for a new one
 */
export async function writeTicketKeys(transaction: Transaction, before: Keyed | null, after: Keyed, columns: readonly KeyedColumn[] = keyedColumns): Promise<void> {
  const written: Promise<unknown>[] = [];
  for (const [column, statementOf] of [['tags', writeTags], ['participant_ids', writeParticipants]] as const) {
    if (!columns.includes(column)) continue;
    const old = before?.[column] ?? [];
    const gone = old.filter((one) => !after[column].includes(one));
    const fresh = after[column].filter((one) => !old.includes(one));
    if (gone.length + fresh.length > 0) written.push(transaction.query(statementOf, [transaction.tenantId, after.created_at, after.id, gone, fresh]));
  }
  if (columns.includes('fields')) written.push(writeFieldEntries(transaction, after, (before?.fields ?? {}) as Record<string, unknown>));
  await Promise.all(written);
}
