import { build, statement } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import { clearTimer, setTimer } from '../../platform/timers/timers.ts';
import { moveCurrentVisits, type MovedVisit } from '../visit/move.ts';
import { changeTicket, tellOnTicket, type TicketPatch, type Writing } from './change.ts';
import type { TicketRow } from './row.ts';

/** What a merge changed on other records, so that it can be undone. */
interface Moved {
  /** Visits that went to the target. */
  visits: string[];
  /** People who take part in the target since. */
  participants: string[];
  /** Milliseconds that were left until silence would have closed the source; null when no such timer ran. */
  silence: number | null;
}

interface MergeRow {
  id: string;
  target_id: string;
  before: { status: string; waiting_for: string | null; closed_at: string | null; status_id?: string | null };
  moved: Moved;
}

const findSilence = statement<{ due_at: Date }>('ticket.silence', "SELECT due_at FROM timer WHERE tenant_id = $1 AND kind = 'ticket.close_after_silence' AND subject_id = $2");
const findMerge = statement<MergeRow>('ticket_merge.current', 'SELECT id, target_id, before, moved FROM ticket_merge WHERE tenant_id = $1 AND source_id = $2 AND undone_at IS NULL FOR UPDATE');
const findWorkers = statement<{ technician_id: string }>('visit.workers', `
  SELECT DISTINCT technician_id FROM visit WHERE tenant_id = $1 AND ticket_id = $2 AND status NOT IN ('declined', 'cancelled')`);

/**
 * Merges a ticket into another (合并工单); both are locked and `refuseMerge` has nothing against it. The source is closed
 * and leads to the target from now on; its history, requester and files stay with it. Visits under way go to the target,
 * and whoever took part in the source takes part in the target, so that nobody loses sight of the matter.
 */
export async function mergeTicket(context: Writing, source: TicketRow, target: TicketRow, note: string | null): Promise<{ source: TicketRow; target: TicketRow }> {
  const { transaction, tenantId, now } = context;
  const [timer] = await transaction.query(findSilence, [tenantId, source.id]);
  if (timer) await clearTimer(transaction, 'ticket.close_after_silence', source.id);
  const { moved, calledOff } = await moveCurrentVisits(context, [source.id], target.id);
  const involved = [...new Set([...source.participant_ids, ...source.assignee_id === null ? [] : [source.assignee_id]])];
  const participants = involved.filter((id) => !target.participant_ids.includes(id));
  const because = note === null ? {} : { note };

  let left = await changeTicket(context, source, { status: 'closed', waiting_for: null, closed_at: source.closed_at ?? now, merged_into: target.id },
    { kind: 'ticket.merged', data: { into: { number: target.number }, ...because } });
  for (const visit of moved) left = await tellOfVisit(context, left, 'visit.moved', visit, { to: target.number });
  for (const visit of calledOff) left = await tellOfVisit(context, left, 'visit.cancelled', visit, { reason: 'merged' });
  let joined = await changeTicket(context, target, { participant_ids: [...target.participant_ids, ...participants] },
    { kind: 'merge.received', data: { from: { number: source.number, subject: source.subject }, ...because } });
  for (const visit of moved) joined = await tellOfVisit(context, joined, 'visit.moved', visit, { from: source.number });

  const before: MergeRow['before'] = { status: source.status, waiting_for: source.waiting_for, closed_at: source.closed_at?.toISOString() ?? null, status_id: source.status_id };
  const changed: Moved = { visits: moved.map((visit) => visit.id), participants, silence: timer ? Math.max(0, timer.due_at.getTime() - now.getTime()) : null };
  await transaction.run(build.insertInto('ticket_merge').values({
    tenant_id: tenantId, id: newId(now.getTime()), source_id: source.id, target_id: target.id, before: JSON.stringify(before), moved: JSON.stringify(changed), merged_at: now,
  }));
  return { source: left, target: joined };
}

/**
 * Undoes a merge (撤销合并): the source stands as it stood before, and what the merge took elsewhere comes back as far as
 * it is still there. What came meanwhile stays where it landed: visits that took place, messages (`sharedWith` shows them
 * on both).
 *
 * @param source merged, and locked as are the other two
 * @param target the one it was merged into
 * @param end where the way over the target leads: the target itself, or what that was merged into
 */
export async function unmergeTicket(context: Writing, { source, target, end }: { source: TicketRow; target: TicketRow; end: TicketRow }, note: string | null): Promise<TicketRow> {
  const { transaction, tenantId, now } = context;
  const [merge] = await transaction.query(findMerge, [tenantId, source.id]);
  if (!merge) throw new Error(`ticket ${source.number} is merged, but how is not known`);
  await transaction.run(build.updateTable('ticket_merge').set({ undone_at: now }).where('tenant_id', '=', tenantId).where('id', '=', merge.id));
  const { before, moved } = merge;
  const because = note === null ? {} : { note };
  const back = await moveCurrentVisits(context, [...new Set([target.id, end.id])], source.id, moved.visits);

  const patch: TicketPatch & { status_id?: string | null } = { status: before.status, waiting_for: before.waiting_for, closed_at: before.closed_at === null ? null : new Date(before.closed_at), merged_into: null };
  if (before.status_id !== undefined && before.status_id !== null) patch.status_id = before.status_id;
  let freed = await changeTicket(context, source, patch, { kind: 'ticket.unmerged', data: { from: { number: target.number }, ...because } });
  if (moved.silence !== null) await setTimer(transaction, { kind: 'ticket.close_after_silence', subjectId: source.id, dueAt: new Date(now.getTime() + moved.silence) });
  for (const visit of back.moved) freed = await tellOfVisit(context, freed, 'visit.moved', visit, { from: target.number });

  // Whoever has worked on the target meanwhile stays with it.
  const workers = new Set((await transaction.query(findWorkers, [tenantId, target.id])).map((row) => row.technician_id));
  const leaving = new Set(moved.participants.filter((id) => id !== target.assignee_id && !workers.has(id)));
  let left = await changeTicket(context, target, { participant_ids: target.participant_ids.filter((id) => !leaving.has(id)) },
    { kind: 'merge.undone', data: { ticket: { number: source.number }, ...because } });
  if (end.id === target.id) for (const visit of back.moved) left = await tellOfVisit(context, left, 'visit.moved', visit, { to: source.number });
  else for (const visit of back.moved) end = await tellOfVisit(context, end, 'visit.moved', visit, { to: source.number });
  return freed;
}

function tellOfVisit(context: Writing, ticket: TicketRow, kind: 'visit.moved' | 'visit.cancelled', visit: MovedVisit, data: Record<string, unknown>): Promise<TicketRow> {
  return tellOnTicket(context, ticket, { kind, subjectId: visit.id, data: { technicianId: visit.technician_id, ...data } });
}
