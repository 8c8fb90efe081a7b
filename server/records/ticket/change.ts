import type { FactKind } from '../../../contract/facts.ts';
import { withMasks, type MaskedFields } from '../../../rules/forms/masked-fields.ts';
import { masked, type PersonalDatum } from '../../../rules/privacy/masks.ts';
import type { Context } from '../../platform/context.ts';
import { build, sharedStatement } from '../../platform/db/database.ts';
import { announceFacts, canonicalJson, linkedColumns, linkedRecord, linkTicketFact, recordTicketFact, type ChainEnd, type FactActor, type LinkedFact, type NewFact } from '../../platform/facts/fact.ts';
import { keyedColumns, writeTicketKeys } from './keys.ts';
import type { TicketRow } from './row.ts';

/** Columns that a step of the ticket's life may set. */
export type TicketPatch = Partial<Pick<TicketRow,
  'subject' | 'description' | 'status' | 'waiting_for' | 'priority' | 'category_id' | 'department_id' | 'team_id' | 'assignee_id'
  | 'accepted_at' | 'participant_ids' | 'asset_id' | 'address' | 'lat' | 'lng' | 'tags' | 'resolution' | 'rating' | 'reopened_count'
  | 'resolved_at' | 'closed_at' | 'fields' | 'priority_explanation' | 'status_id' | 'form_version' | 'merged_into' | 'parent_id'
  | 'type_id' | 'customer_id' | 'contact_name' | 'contact_phone' | 'contact_email'>>;

/** The part of a Context that writing a fact needs; timers and readers make their own. */
export interface Writing extends Pick<Context, 'tenantId' | 'transaction' | 'now' | 'actor'> {
  /**
   * Given by work that takes one ticket through many steps in one transaction (seeding, imports): facts are written
   * as they come, the row is kept back, and whoever gave this writes it once with `writeTicketRow`.
   */
  holdRow?: true;
  /** Given beside `holdRow` by whoever writes the facts as well: they are kept here, in their order. */
  heldFacts?: LinkedFact[];
  /** Given by imports: what is written happened elsewhere, long ago. Its facts say so, and that they were recorded at this moment. */
  imported?: { recordedAt: Date };
  /** Whose link a customer's step came by, where a colleague had been shown it. */
  handedOn?: { id: string; name: string };
  /** The organization's own status that the step under way leads to, where its class is the one the ticket comes into. */
  ownStatus?: { id: string; class: string; name: string };
}

export interface TicketFact {
  kind: FactKind;
  data?: Record<string, unknown>;
  subjectId?: string;
  occurredAt?: Date;
  actor?: FactActor;
  /** Fields whose answers are shown masked: what they were and are is nobody's to read in the history either. */
  maskedFields?: MaskedFields;
  /** It was only looked at: it does not count as an update. */
  quiet?: true;
}

// Documents travel as text.
const documents = new Set(['fields', 'priority_explanation']);
// What readers need in order to tell, without asking again, whom a change concerns and where it is counted.
const always = ['status', 'team_id', 'department_id', 'assignee_id', 'category_id', 'priority', 'channel', 'created_at', 'parent_id'] as const;

/**
 * The only way a ticket changes (工单变更): writes the patch to the locked row, raises its version when anything
 * changed, and tells of it by a fact with before and after as the next link of the ticket's chain. Without a patch it
 * only tells. Returns the row as it is now.
 */
export async function changeTicket(context: Writing, ticket: TicketRow, wanted: TicketPatch, fact: TicketFact): Promise<TicketRow> {
  // A status of the organization's own goes with its class: in another one the ticket has none, or the one chosen.
  const entersClass = wanted.status !== undefined && wanted.status !== ticket.status && wanted.status_id === undefined;
  const chosen = entersClass && context.ownStatus?.class === wanted.status ? context.ownStatus : null;
  const patch = entersClass ? { ...wanted, status_id: chosen?.id ?? null } : wanted;
  const changed = (Object.keys(patch) as (keyof TicketPatch)[]).filter((column) => !same(patch[column], ticket[column]));
  const next: TicketRow = { ...ticket };
  const before: Record<string, unknown> = {};
  const after: Record<string, unknown> = {};
  for (const column of changed) {
    Object.assign(next, { [column]: patch[column] });
    const [was, is] = column === 'fields' ? changedFields(ticket.fields as Record<string, unknown>, patch.fields as unknown as Record<string, unknown>, fact.maskedFields) : [shown(column, ticket[column]), shown(column, patch[column])];
    before[camelCase(column)] = was;
    after[camelCase(column)] = is;
  }
  const concerned = Object.fromEntries(always.map((column) => [camelCase(column), plain(next[column])]));
  const data = { number: ticket.number, ...(context.imported ? { imported: true } : {}), ...(context.handedOn ? { handedOn: context.handedOn } : {}), ...fact.data, ...(chosen ? { ownStatus: chosen.name } : {}), ...(changed.length > 0 ? { before, after } : {}), now: concerned };
  const told: NewFact = {
    kind: fact.kind, actor: fact.actor ?? context.actor, data,
    occurredAt: fact.occurredAt ?? context.now, recordedAt: context.imported?.recordedAt ?? context.now, subjectId: fact.subjectId,
  };
  // What is only told goes in one statement, with that of others who share the commit.
  if (changed.length === 0 && context.transaction.shared && !context.holdRow && !context.heldFacts) {
    const { end, link } = linkTicketFact(context.transaction, ticket.id, { length: ticket.history_length, hash: ticket.history_hash }, told);
    Object.assign(next, { history_length: end.length, history_hash: end.hash }, fact.quiet ? {} : { updated_at: context.now });
    await writeToldTicket(context, next, [link], []);
    return next;
  }
  const end = await record(context, ticket, told);
  next.history_length = end.length;
  next.history_hash = end.hash;
  if (!fact.quiet) next.updated_at = context.now;
  if (changed.length > 0) next.version = ticket.version + 1;
  if (!context.holdRow) await writeTicketRow(context, next, changed);
  // Who takes part may change at every step: of a row that is kept back they are written with it.
  const keyed = keyedColumns.filter((column) => (changed.includes(column) || (column === 'fields' && changed.includes('type_id'))) && !(context.holdRow && column === 'participant_ids'));
  if (keyed.length > 0) await writeTicketKeys(context.transaction, ticket, next, keyed);
  return next;
}

async function record(context: Writing, ticket: TicketRow, fact: NewFact): Promise<ChainEnd> {
  const end = { length: ticket.history_length, hash: ticket.history_hash };
  if (!context.heldFacts) return recordTicketFact(context.transaction, ticket.id, end, fact, context.imported !== undefined);
  const linked = linkTicketFact(context.transaction, ticket.id, end, fact);
  context.heldFacts.push(linked.link);
  return linked.end;
}

/** Every column a patch may set. */
const patchable: readonly (keyof TicketPatch)[] = ['subject', 'description', 'status', 'waiting_for', 'priority', 'category_id', 'department_id', 'team_id', 'assignee_id',
  'accepted_at', 'participant_ids', 'asset_id', 'address', 'lat', 'lng', 'tags', 'resolution', 'rating', 'reopened_count', 'resolved_at', 'closed_at', 'fields', 'priority_explanation', 'status_id', 'form_version', 'merged_into', 'parent_id',
  'type_id', 'customer_id', 'contact_name', 'contact_phone', 'contact_email'];

/** The columns of a held row, with their types. */
export const held: Readonly<Record<keyof TicketPatch | 'version' | 'updated_at' | 'history_length' | 'history_hash', string>> = {
  subject: 'text', description: 'text', status: 'text', waiting_for: 'text', priority: 'smallint', category_id: 'uuid', department_id: 'uuid', team_id: 'uuid', assignee_id: 'uuid', accepted_at: 'timestamptz', participant_ids: 'uuid[]',
  asset_id: 'uuid', address: 'text', lat: 'double precision', lng: 'double precision', tags: 'text[]', resolution: 'text', rating: 'smallint', reopened_count: 'integer', resolved_at: 'timestamptz', closed_at: 'timestamptz', fields: 'jsonb',
  priority_explanation: 'jsonb', status_id: 'uuid', form_version: 'integer', merged_into: 'uuid', parent_id: 'uuid',
  type_id: 'uuid', customer_id: 'uuid', contact_name: 'text', contact_phone: 'text', contact_email: 'text', version: 'integer', updated_at: 'timestamptz', history_length: 'integer', history_hash: 'bytea',
};
const writeHeld = sharedStatement<Record<string, unknown>, never>('ticket.write_held', `
  UPDATE ticket SET ${Object.keys(held).map((column) => `${column} = given.${column}`).join(', ')}
  FROM json_to_recordset($2) AS given (id uuid, ${Object.entries(held).map(([column, type]) => `${column} ${type}`).join(', ')}) WHERE ticket.tenant_id = $1 AND ticket.id = given.id`);

/** Writes some columns of a ticket (all that can change when not told which), its version and the end of its chain. */
export async function writeTicketRow(context: Pick<Writing, 'tenantId' | 'transaction'>, ticket: TicketRow, columns: readonly (keyof TicketPatch)[] = patchable): Promise<void> {
  if (columns === patchable) {
    await context.transaction.queryTogether(writeHeld, {
      id: ticket.id, ...Object.fromEntries(Object.keys(held).map((column) => [column, ticket[column as keyof TicketRow]])), history_hash: ticket.history_hash && `\\x${ticket.history_hash.toString('hex')}`,
    });
    return writeTicketKeys(context.transaction, null, ticket, ['participant_ids']);
  }
  await context.transaction.run(build.updateTable('ticket')
    .set({
      ...Object.fromEntries(columns.map((column) => [column, documents.has(column) ? JSON.stringify(ticket[column]) : ticket[column]])),
      version: ticket.version, updated_at: ticket.updated_at, history_length: ticket.history_length, history_hash: ticket.history_hash,
    })
    .where('tenant_id', '=', context.tenantId).where('id', '=', ticket.id));
}

type Told = Pick<TicketRow, 'id' | 'participant_ids' | 'version' | 'updated_at' | 'history_length'> & { history_hash: string | null; facts: readonly LinkedFact[] };
// By a list, as the planner takes a recordset for a hundred rows and would read a small table as a whole.
const writeTold = sharedStatement<Told, never>('ticket.write_told', `
  WITH given AS MATERIALIZED (
    SELECT * FROM json_to_recordset($2) AS given (place integer, id uuid, participant_ids uuid[], version integer, updated_at timestamptz, history_length integer, history_hash bytea, facts json)
  ), told AS (
    INSERT INTO fact (tenant_id, ${linkedColumns})
    SELECT $1, ${linkedColumns} FROM given CROSS JOIN json_to_recordset(facts) AS link (${linkedRecord}) ORDER BY place, ticket_position)
  UPDATE ticket SET participant_ids = given.participant_ids, version = given.version, updated_at = given.updated_at, history_length = given.history_length, history_hash = given.history_hash
  FROM given WHERE ticket.tenant_id = $1 AND ticket.id = given.id AND ticket.id = ANY (ARRAY(SELECT id FROM given))`);

/** Writes a held row on which things were only told of, with the held facts and whom they brought to take part. */
export async function writeToldTicket(context: Pick<Writing, 'transaction'>, ticket: TicketRow, facts: readonly LinkedFact[], joined: readonly string[]): Promise<void> {
  const { id, participant_ids, version, updated_at, history_length, history_hash } = ticket;
  announceFacts(context.transaction);
  await Promise.all([
    context.transaction.queryTogether(writeTold, { id, participant_ids, version, updated_at, history_length, history_hash: history_hash && `\\x${history_hash.toString('hex')}`, facts }),
    writeTicketKeys(context.transaction, null, { ...ticket, participant_ids: [...joined] }, ['participant_ids']),
  ]);
}

/** Of a form's answers only those that changed, null where there was or is none. */
function changedFields(before: Record<string, unknown>, after: Record<string, unknown>, hidden: MaskedFields | undefined): [Record<string, unknown>, Record<string, unknown>] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((key) => !same(before[key], after[key]));
  const shown = (values: Record<string, unknown>) => {
    const some = Object.fromEntries(keys.map((key) => [key, plain(values[key])]));
    return hidden ? withMasks(some, hidden, (value) => (typeof value === 'string' ? masked('sensitive', value) : null)) : some;
  };
  return [shown(before), shown(after)];
}

/** Tells of something that happened on a ticket without changing it: a comment, a step of a visit. */
export function tellOnTicket(context: Writing, ticket: TicketRow, fact: TicketFact): Promise<TicketRow> {
  return changeTicket(context, ticket, {}, fact);
}

// The history is read by more people than may see a number.
const contacts: Readonly<Partial<Record<keyof TicketRow, PersonalDatum>>> = { contact_phone: 'phone', contact_email: 'email' };

function shown(column: keyof TicketPatch, value: unknown): unknown {
  const datum = contacts[column];
  return datum !== undefined && typeof value === 'string' ? masked(datum, value) : plain(value);
}

function plain(value: unknown): unknown {
  return value instanceof Date ? value.toISOString() : value ?? null;
}

function same(a: unknown, b: unknown): boolean {
  return a === b || canonicalJson(plain(a)) === canonicalJson(plain(b));
}

export const camelCase = (column: string): string => column.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
