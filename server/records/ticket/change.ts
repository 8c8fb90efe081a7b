import type { FactKind } from '../../../contract/facts.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import type { FactActor } from '../../platform/facts/fact.ts';
import { recordTicketFact } from '../../platform/facts/fact.ts';
import type { TicketRow } from './row.ts';

/** Columns that a step of the ticket's life may set. */
export type TicketPatch = Partial<Pick<TicketRow,
  'subject' | 'description' | 'status' | 'waiting_for' | 'priority' | 'category_id' | 'department_id' | 'team_id' | 'assignee_id'
  | 'accepted_at' | 'participant_ids' | 'asset_id' | 'address' | 'lat' | 'lng' | 'tags' | 'resolution' | 'rating' | 'reopened_count'
  | 'resolved_at' | 'closed_at' | 'fields' | 'priority_explanation'>>;

/** The part of a Context that writing a fact needs; timers and readers make their own. */
export interface Writing extends Pick<Context, 'tenantId' | 'transaction' | 'now' | 'actor'> {
  /**
   * Given by work that takes one ticket through many steps in one transaction (seeding, imports): facts are written
   * as they come, the row is kept back, and whoever gave this writes it once with `writeTicketRow`.
   */
  holdRow?: true;
}

export interface TicketFact {
  kind: FactKind;
  data?: Record<string, unknown>;
  subjectId?: string;
  occurredAt?: Date;
  actor?: FactActor;
  /** It was only looked at: it does not count as an update. */
  quiet?: true;
}

// Documents travel as text.
const documents = new Set(['fields', 'priority_explanation']);
// What readers need in order to tell, without asking again, whom a change concerns and where it is counted.
const always = ['status', 'team_id', 'department_id', 'assignee_id', 'category_id', 'priority', 'channel', 'created_at'] as const;

/**
 * The only way a ticket changes (工单变更): writes the patch to the locked row, raises its version when anything
 * changed, and tells of it by a fact with before and after as the next link of the ticket's chain. Without a patch it
 * only tells. Returns the row as it is now.
 */
export async function changeTicket(context: Writing, ticket: TicketRow, patch: TicketPatch, fact: TicketFact): Promise<TicketRow> {
  const changed = (Object.keys(patch) as (keyof TicketPatch)[]).filter((column) => !same(patch[column], ticket[column]));
  const next: TicketRow = { ...ticket };
  const before: Record<string, unknown> = {};
  const after: Record<string, unknown> = {};
  for (const column of changed) {
    Object.assign(next, { [column]: patch[column] });
    before[camelCase(column)] = plain(ticket[column]);
    after[camelCase(column)] = plain(patch[column]);
  }
  const concerned = Object.fromEntries(always.map((column) => [camelCase(column), plain(next[column])]));
  const data = { number: ticket.number, ...fact.data, ...(changed.length > 0 ? { before, after } : {}), now: concerned };
  const end = await recordTicketFact(context.transaction, ticket.id, { length: ticket.history_length, hash: ticket.history_hash }, {
    kind: fact.kind, actor: fact.actor ?? context.actor, data,
    occurredAt: fact.occurredAt ?? context.now, recordedAt: context.now, subjectId: fact.subjectId,
  });
  next.history_length = end.length;
  next.history_hash = end.hash;
  if (!fact.quiet) next.updated_at = context.now;
  if (changed.length > 0) next.version = ticket.version + 1;
  if (!context.holdRow) await writeTicketRow(context, next, changed);
  return next;
}

/** Every column a patch may set. */
const patchable: readonly (keyof TicketPatch)[] = ['subject', 'description', 'status', 'waiting_for', 'priority', 'category_id', 'department_id', 'team_id', 'assignee_id',
  'accepted_at', 'participant_ids', 'asset_id', 'address', 'lat', 'lng', 'tags', 'resolution', 'rating', 'reopened_count', 'resolved_at', 'closed_at', 'fields', 'priority_explanation'];

/** Writes some columns of a ticket (all that can change when not told which), its version and the end of its chain. */
export async function writeTicketRow(context: Pick<Writing, 'tenantId' | 'transaction'>, ticket: TicketRow, columns: readonly (keyof TicketPatch)[] = patchable): Promise<void> {
  await context.transaction.run(build.updateTable('ticket')
    .set({
      ...Object.fromEntries(columns.map((column) => [column, documents.has(column) ? JSON.stringify(ticket[column]) : ticket[column]])),
      version: ticket.version, updated_at: ticket.updated_at, history_length: ticket.history_length, history_hash: ticket.history_hash,
    })
    .where('tenant_id', '=', context.tenantId).where('id', '=', ticket.id));
}

/** Tells of something that happened on a ticket without changing it: a comment, a step of a visit. */
export function tellOnTicket(context: Writing, ticket: TicketRow, fact: TicketFact): Promise<TicketRow> {
  return changeTicket(context, ticket, {}, fact);
}

function plain(value: unknown): unknown {
  return value instanceof Date ? value.toISOString() : value ?? null;
}

function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(plain(a)) === JSON.stringify(plain(b));
}

export const camelCase = (column: string): string => column.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
