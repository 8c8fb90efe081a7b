import type { Context } from '../../platform/context.ts';
import { statement } from '../../platform/db/database.ts';
import { writeTicketFacts, type LinkedFact } from '../../platform/facts/fact.ts';
import type { TicketRow } from './row.ts';

/** A ticket that was assigned or told of with its row and its facts held back (`Writing`). */
export interface HeldTicket {
  before: TicketRow;
  after: TicketRow;
  facts: readonly LinkedFact[];
}

/** What an assignment may change, with what every fact changes. */
const columns = {
  status: 'text', waiting_for: 'text', status_id: 'uuid', team_id: 'uuid', department_id: 'uuid', assignee_id: 'uuid', accepted_at: 'timestamptz', participant_ids: 'uuid[]',
  version: 'integer', updated_at: 'timestamptz', history_length: 'integer', history_hash: 'bytea',
} as const satisfies Partial<Record<keyof TicketRow, string>>;
const names = Object.keys(columns) as (keyof typeof columns)[];

const writeRows = statement<never>('ticket.write_assigned', `
  WITH given AS MATERIALIZED (SELECT * FROM json_to_recordset($2) AS given (id uuid, ${names.map((name) => `${name} ${columns[name]}`).join(', ')}))
  UPDATE ticket SET ${names.map((name) => `${name} = given.${name}`).join(', ')} FROM given WHERE ticket.tenant_id = $1 AND ticket.id = given.id AND ticket.id = ANY (ARRAY(SELECT id FROM given))`);
const writeParticipants = statement<never>('ticket_participant.write_assigned', `
  WITH given AS MATERIALIZED (SELECT * FROM json_to_recordset($2) AS given (ticket_id uuid, created_at timestamptz, staff_id uuid, is_fresh boolean)),
  gone AS (DELETE FROM ticket_participant p USING given WHERE NOT given.is_fresh AND p.tenant_id = $1 AND p.staff_id = given.staff_id AND p.created_at = given.created_at AND p.ticket_id = given.ticket_id
    AND p.staff_id = ANY (ARRAY(SELECT staff_id FROM given WHERE NOT is_fresh)))
  INSERT INTO ticket_participant (tenant_id, staff_id, created_at, ticket_id) SELECT $1, staff_id, created_at, ticket_id FROM given WHERE is_fresh ON CONFLICT DO NOTHING`);

/** Writes tickets that were assigned with their rows held back (批量派单落库): rows, facts and participants by one statement each, however many there are. */
export async function writeAssigned({ transaction, tenantId }: Pick<Context, 'transaction' | 'tenantId'>, held: readonly HeldTicket[]): Promise<void> {
  if (held.length === 0) return;
  const rows = held.map(({ after }) => ({ id: after.id, ...Object.fromEntries(names.map((name) => [name, after[name]])), history_hash: after.history_hash && `\\x${after.history_hash.toString('hex')}` }));
  const participants = held.flatMap(({ before, after: { id: ticket_id, created_at, participant_ids: now } }) => [
    ...before.participant_ids.filter((one) => !now.includes(one)).map((staff_id) => ({ ticket_id, created_at, staff_id, is_fresh: false })),
    ...now.filter((one) => !before.participant_ids.includes(one)).map((staff_id) => ({ ticket_id, created_at, staff_id, is_fresh: true })),
  ]);
  await Promise.all([
    writeTicketFacts(transaction, held.flatMap(({ facts }) => facts)),
    transaction.query(writeRows, [tenantId, JSON.stringify(rows)]),
    ...(participants.length > 0 ? [transaction.query(writeParticipants, [tenantId, JSON.stringify(participants)])] : []),
  ]);
}
