import type { Context } from '../../platform/context.ts';
import { build, statement } from '../../platform/db/database.ts';
import type { CalledOffVisit } from '../visit/move.ts';

type Reading = Pick<Context, 'tenantId' | 'transaction'>;

/** What a merge changed on other records, so that it can be undone (合并留底). */
export interface Moved {
  /** Visits that went on with the target. */
  visits: string[];
  /** Visits that were called off, as their technician was to come for the target already; none is known of merges of old. */
  calledOff?: CalledOffVisit[];
  /** People who take part in the target because of this merge; each may be there because of several. */
  participants: string[];
  /** Milliseconds that were left until silence would have closed the source; null when no such timer ran. */
  silence: number | null;
}

/** A merge that has not been undone. */
export interface LiveMerge {
  id: string;
  source_id: string;
  target_id: string;
  before: { status: string; waiting_for: string | null; closed_at: string | null; status_id?: string | null };
  moved: Moved;
}

const findInto = statement<LiveMerge>('ticket_merge.into', `
  SELECT m.id, m.source_id, m.target_id, m.before, m.moved FROM ticket t JOIN ticket_merge m ON m.tenant_id = t.tenant_id AND m.source_id = t.id AND m.undone_at IS NULL
  WHERE t.tenant_id = $1 AND t.merged_into = $2 ORDER BY m.merged_at, m.id`);
const findOf = statement<LiveMerge>('ticket_merge.of', `
  SELECT id, source_id, target_id, before, moved FROM ticket_merge WHERE tenant_id = $1 AND source_id = ANY($2::uuid[]) AND undone_at IS NULL ORDER BY merged_at, id`);

/** The merges by which tickets came straight into one, oldest first. */
export function mergesInto(context: Reading, targetId: string): Promise<LiveMerge[]> {
  return context.transaction.query(findInto, [context.tenantId, targetId]);
}

/** The merges by which these tickets lead elsewhere, oldest first. */
export function mergesOf(context: Reading, sourceIds: readonly string[]): Promise<LiveMerge[]> {
  return context.transaction.query(findOf, [context.tenantId, [...sourceIds]]);
}

/** Keeps what of a merge is still to be undone. */
export async function keepMoved(context: Reading, merge: LiveMerge): Promise<void> {
  await context.transaction.run(build.updateTable('ticket_merge').set({ moved: JSON.stringify(merge.moved) }).where('tenant_id', '=', context.tenantId).where('id', '=', merge.id));
}

/**
 * Lets somebody take part in a ticket for their own sake from now on: no merge that is undone takes them away. The
 * ticket is locked.
 *
 * @returns whether they took part by merges
 */
export async function keepForTheirOwn(context: Reading, ticketId: string, staffId: string): Promise<boolean> {
  const bringing = (await mergesInto(context, ticketId)).filter(({ moved }) => moved.participants.includes(staffId));
  for (const merge of bringing) await keepMoved(context, { ...merge, moved: { ...merge.moved, participants: merge.moved.participants.filter((id) => id !== staffId) } });
  return bringing.length > 0;
}
