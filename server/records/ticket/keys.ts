import { sharedStatement, statement, type Transaction } from '../../platform/db/database.ts';
import { writeFieldEntries } from './indexed-fields.ts';
import type { TicketRow } from './row.ts';

type Keyed = Pick<TicketRow, 'id' | 'type_id' | 'created_at' | 'tags' | 'participant_ids' | 'fields'>;

const writeTags = statement<never>('ticket_tag.write', `
  WITH gone AS (DELETE FROM ticket_tag WHERE tenant_id = $1 AND tag = ANY($4::text[]) AND created_at = $2 AND ticket_id = $3)
  INSERT INTO ticket_tag (tenant_id, tag, created_at, ticket_id) SELECT DISTINCT $1::uuid, tag, $2::timestamptz, $3::uuid FROM unnest($5::text[]) tag ON CONFLICT DO NOTHING`);
const writeParticipants = statement<never>('ticket_participant.write', `
  WITH gone AS (DELETE FROM ticket_participant WHERE tenant_id = $1 AND staff_id = ANY($4::uuid[]) AND created_at = $2 AND ticket_id = $3)
  INSERT INTO ticket_participant (tenant_id, staff_id, created_at, ticket_id) SELECT DISTINCT $1::uuid, staff_id, $2::timestamptz, $3::uuid FROM unnest($5::uuid[]) staff_id ON CONFLICT DO NOTHING`);

interface NewKeys {
  ticket_id: string;
  created_at: Date;
  keys: readonly string[];
}
// Of new tickets there is nothing to take away: those of one commit or one import go together.
const insertTags = sharedStatement<NewKeys, never>('ticket_tag.insert', `
  INSERT INTO ticket_tag (tenant_id, tag, created_at, ticket_id)
  SELECT DISTINCT $1::uuid, tag, given.created_at, given.ticket_id FROM json_to_recordset($2) AS given (ticket_id uuid, created_at timestamptz, keys text[]) CROSS JOIN unnest(given.keys) tag ON CONFLICT DO NOTHING`);
const insertParticipants = sharedStatement<NewKeys, never>('ticket_participant.insert', `
  INSERT INTO ticket_participant (tenant_id, staff_id, created_at, ticket_id)
  SELECT DISTINCT $1::uuid, staff_id, given.created_at, given.ticket_id FROM json_to_recordset($2) AS given (ticket_id uuid, created_at timestamptz, keys uuid[]) CROSS JOIN unnest(given.keys) staff_id ON CONFLICT DO NOTHING`);

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
  for (const [column, statementOf, ofNew] of [['tags', writeTags, insertTags], ['participant_ids', writeParticipants, insertParticipants]] as const) {
    if (!columns.includes(column)) continue;
    if (before === null) {
      if (after[column].length > 0) written.push(transaction.queryTogether(ofNew, { ticket_id: after.id, created_at: after.created_at, keys: after[column] }));
      continue;
    }
    const old = before[column];
    const gone = old.filter((one) => !after[column].includes(one));
    const fresh = after[column].filter((one) => !old.includes(one));
    if (gone.length + fresh.length > 0) written.push(transaction.query(statementOf, [transaction.tenantId, after.created_at, after.id, gone, fresh]));
  }
  if (columns.includes('fields')) {
    const old = (before?.fields ?? {}) as Record<string, unknown>;
    // The fields of another type are entries of that type.
    const moved = before !== null && before.type_id !== after.type_id;
    if (moved) written.push(writeFieldEntries(transaction, { ...before, fields: {} as Keyed['fields'] }, old));
    written.push(writeFieldEntries(transaction, after, moved ? {} : old));
  }
  await Promise.all(written);
}
