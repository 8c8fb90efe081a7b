import { announceFacts, linkTicketFact, nextLink, withCause, writeTicketFacts, type LinkedFact, type NewFact } from '../../platform/facts/fact.ts';
import { sharedStatement } from '../../platform/db/database.ts';
import { held, type Writing } from './change.ts';
import { writeTicketKeys } from './keys.ts';
import type { TicketRow } from './row.ts';

/** The columns a new ticket starts with; the rest have their defaults. */
export type NewTicket = Pick<TicketRow,
  'id' | 'number' | 'type_id' | 'subject' | 'description' | 'status' | 'priority' | 'priority_explanation' | 'channel' | 'category_id'
  | 'department_id' | 'team_id' | 'assignee_id' | 'customer_id' | 'contact_name' | 'contact_phone' | 'contact_email' | 'asset_id'
  | 'address' | 'lat' | 'lng' | 'tags'> & { fields: Record<string, unknown>; /** 1 when absent. */ form_version?: number };

/** A new ticket and its first fact, as the statement takes them. */
interface Given extends NewTicket {
  created_by_kind: string;
  created_by_id: string | null;
  created_at: Date;
  /** As text of a bytea. */
  hash: string;
  actor_name: string | null;
  data: Record<string, unknown>;
  recorded_at: Date;
}

// The ticket and its first fact go in one statement, and tickets of one commit too: this is the hottest path.
const insertTicket = sharedStatement<Given, never>('ticket.insert', `
  WITH given AS MATERIALIZED (
    SELECT * FROM json_to_recordset($2) AS given (id uuid, number text, type_id uuid, subject text, description text, status text, priority smallint,
      priority_explanation jsonb, channel text, category_id uuid, department_id uuid, team_id uuid, assignee_id uuid, customer_id uuid, contact_name text,
      contact_phone text, contact_email text, asset_id uuid, address text, lat double precision, lng double precision, fields jsonb, tags text[],
      created_by_kind text, created_by_id uuid, created_at timestamptz, hash bytea, actor_name text, data jsonb, form_version integer, recorded_at timestamptz)
  ), ticket AS (
    INSERT INTO ticket (tenant_id, id, number, type_id, subject, description, status, priority, priority_explanation, channel,
      category_id, department_id, team_id, assignee_id, customer_id, contact_name, contact_phone, contact_email, asset_id,
      address, lat, lng, fields, tags, created_by_kind, created_by_id, created_at, updated_at, history_length, history_hash, form_version)
    SELECT $1, id, number, type_id, subject, description, status, priority, priority_explanation, channel,
      category_id, department_id, team_id, assignee_id, customer_id, contact_name, contact_phone, contact_email, asset_id,
      address, lat, lng, fields, tags, created_by_kind, created_by_id, created_at, created_at, 1, hash, form_version FROM given)
  INSERT INTO fact (tenant_id, kind, ticket_id, ticket_position, actor_kind, actor_id, actor_name, data, occurred_at, recorded_at, hash)
  SELECT $1, 'ticket.created', id, 1, created_by_kind, created_by_id, actor_name, data, created_at, recorded_at, hash FROM given`);

/** What is told of a new ticket. */
function toldOf(context: Writing, ticket: NewTicket): NewFact {
  const { actor, now } = context;
  return {
    kind: 'ticket.created', actor, occurredAt: now, recordedAt: context.imported?.recordedAt ?? now,
    data: withCause(context.transaction, {
      ...(context.imported ? { imported: true } : {}),
      number: ticket.number, subject: ticket.subject, channel: ticket.channel, priority: ticket.priority, categoryId: ticket.category_id,
      typeId: ticket.type_id,
      now: {
        status: ticket.status, teamId: ticket.team_id, departmentId: ticket.department_id, assigneeId: ticket.assignee_id,
        categoryId: ticket.category_id, priority: ticket.priority, channel: ticket.channel, createdAt: now.toISOString(),
      },
    }),
  };
}

/** A new ticket as it lies in the database. */
const rowOf = ({ actor, now, tenantId }: Writing, ticket: NewTicket, hash: Buffer): TicketRow => ({
  ...ticket, fields: ticket.fields as TicketRow['fields'], tenant_id: tenantId, form_version: ticket.form_version ?? 1, status_id: null, waiting_for: null, accepted_at: null, participant_ids: [], resolution: null, rating: null,
  reopened_count: 0, created_by_kind: actor.kind, created_by_id: actor.id, created_at: now, updated_at: now, resolved_at: null,
  closed_at: null, merged_into: null, parent_id: null, checklist_total: 0, checklist_done: 0, version: 1, history_length: 1, history_hash: hash,
});

/** Writes a new ticket together with the fact that tells of it, and returns it as it lies in the database. */
export async function insertNewTicket(context: Writing, ticket: NewTicket): Promise<TicketRow> {
  const { actor, now, tenantId } = context;
  const fact = toldOf(context, ticket);
  const link = nextLink(context.transaction.historyKey, tenantId, ticket.id, { length: 0, hash: null }, fact);
  announceFacts(context.transaction);
  await context.transaction.queryTogether(insertTicket, {
    ...ticket, form_version: ticket.form_version ?? 1, created_by_kind: actor.kind, created_by_id: actor.id, created_at: now,
    hash: `\\x${link.hash.toString('hex')}`, actor_name: actor.name, data: fact.data, recorded_at: fact.recordedAt,
  });
  if (ticket.tags.length > 0 || Object.keys(ticket.fields).length > 0) await writeTicketKeys(context.transaction, null, { ...ticket, created_at: now, participant_ids: [], fields: ticket.fields as TicketRow['fields'] });
  return rowOf(context, ticket, link.hash);
}

/** A new ticket that is written only once it has gone through all that it went through elsewhere, and the fact that tells of it. */
export function holdNewTicket(context: Writing, ticket: NewTicket): { row: TicketRow; fact: LinkedFact } {
  const { end, link } = linkTicketFact(context.transaction, ticket.id, { length: 0, hash: null }, toldOf(context, ticket));
  return { row: rowOf(context, ticket, end.hash), fact: link };
}

const whole: Readonly<Record<string, string>> = { id: 'uuid', number: 'text', channel: 'text', created_by_kind: 'text', created_by_id: 'uuid', created_at: 'timestamptz', ...held };
const insertHeld = sharedStatement<Record<string, unknown>, never>('ticket.insert_held', `
  INSERT INTO ticket (tenant_id, ${Object.keys(whole).join(', ')}) SELECT $1, ${Object.keys(whole).join(', ')}
  FROM json_to_recordset($2) AS given (${Object.entries(whole).map(([column, type]) => `${column} ${type}`).join(', ')})`);

/** Writes a held ticket as it stands now, with all its facts; those of one import go together. */
export async function insertHeldTicket({ transaction }: Pick<Writing, 'transaction'>, ticket: TicketRow, facts: readonly LinkedFact[]): Promise<void> {
  await Promise.all([
    transaction.queryTogether(insertHeld, { ...Object.fromEntries(Object.keys(whole).map((column) => [column, ticket[column as keyof TicketRow]])), history_hash: ticket.history_hash && `\\x${ticket.history_hash.toString('hex')}` }),
    writeTicketFacts(transaction, facts),
  ]);
  await writeTicketKeys(transaction, null, ticket);
}
