import { build, statement } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import { clearTimer, setTimer } from '../../platform/timers/timers.ts';
import { moveCurrentVisits, restoreVisits, type MovedVisit } from '../visit/move.ts';
import { mergedInto } from './alias.ts';
import { changeTicket, tellOnTicket, type TicketPatch, type Writing } from './change.ts';
import { keepMoved, mergesInto, mergesOf, type LiveMerge, type Moved } from './merge-record.ts';
import type { TicketRow } from './row.ts';

const findSilence = statement<{ due_at: Date }>('ticket.silence', "SELECT due_at FROM timer WHERE tenant_id = $1 AND kind = 'ticket.close_after_silence' AND subject_id = $2");
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
  // Whoever another merge brought takes part because of both, until both are undone.
  const brought = new Set((await mergesInto(context, target.id)).flatMap((merge) => merge.moved.participants));
  const participants = involved.filter((id) => !target.participant_ids.includes(id) || brought.has(id));
  const because = note === null ? {} : { note };

  let left = await changeTicket(context, source, { status: 'closed', waiting_for: null, closed_at: source.closed_at ?? now, merged_into: target.id },
    { kind: 'ticket.merged', data: { into: { number: target.number }, ...because } });
  for (const visit of moved) left = await tellOfVisit(context, left, 'visit.moved', visit, { to: target.number });
  for (const visit of calledOff) left = await tellOfVisit(context, left, 'visit.cancelled', visit, { reason: 'merged' });
  let joined = await changeTicket(context, target, { participant_ids: [...new Set([...target.participant_ids, ...participants])] },
    { kind: 'merge.received', data: { from: { number: source.number, subject: source.subject }, ...because } });
  for (const visit of moved) joined = await tellOfVisit(context, joined, 'visit.moved', visit, { from: source.number });

  const before: LiveMerge['before'] = { status: source.status, waiting_for: source.waiting_for, closed_at: source.closed_at?.toISOString() ?? null, status_id: source.status_id };
  const changed: Moved = {
    visits: moved.map((visit) => visit.id), calledOff: calledOff.map((visit) => ({ id: visit.id, technicianId: visit.technician_id, status: visit.status })),
    participants, silence: timer ? Math.max(0, timer.due_at.getTime() - now.getTime()) : null,
  };
  await transaction.run(build.insertInto('ticket_merge').values({
    tenant_id: tenantId, id: newId(now.getTime()), source_id: source.id, target_id: target.id, before: JSON.stringify(before), moved: JSON.stringify(changed), merged_at: now,
  }));
  return { source: left, target: joined };
}

/**
 * Undoes a merge (撤销合并): the source stands as it stood before, and what the merge took elsewhere comes back as far as
 * it is still there, whatever else was merged or undone since. What came meanwhile stays where it landed: visits that
 * took place, messages (`sharedWith` shows them on both), and whoever was asked to help since.
 *
 * @param source merged, and locked as are all of `way`
 * @param way the one it was merged into, and what that leads to, up to the end
 */
export async function unmergeTicket(context: Writing, { source, way }: { source: TicketRow; way: readonly TicketRow[] }, note: string | null): Promise<TicketRow> {
  const { transaction, tenantId, now } = context;
  const [target, end] = [way[0]!, way.at(-1)!];
  const family = await mergedInto(context, end.id);
  const live = await mergesOf(context, family.map((ticket) => ticket.id));
  const merge = live.find((one) => one.source_id === source.id);
  if (!merge) throw new Error(`ticket ${source.number} is merged, but how is not known`);
  await transaction.run(build.updateTable('ticket_merge').set({ undone_at: now }).where('tenant_id', '=', tenantId).where('id', '=', merge.id));
  const leaving = new Set([source.id, ...(await mergedInto(context, source.id)).map((ticket) => ticket.id)]);
  const kept = new Kept(live.filter((one) => one !== merge));
  const { before, moved } = merge;
  const because = note === null ? {} : { note };

  const back = await moveCurrentVisits(context, [...new Set([target.id, end.id])], source.id, moved.visits);
  // A merge further on may have called off what this one had taken along.
  const calledOffSince = kept.all.flatMap((one) => calledOffBy(one).filter((visit) => moved.visits.includes(visit.id)));
  const restored = await restoreVisits(context, source.id, [...moved.calledOff ?? [], ...calledOffSince]);
  for (const visit of calledOffSince) kept.forget(visit.id);
  // Whoever was to come for several, and goes back with this one, comes for the others all the same.
  const gone = new Set(back.moved.map((visit) => visit.technician_id));
  const staying = kept.all.filter((one) => !leaving.has(one.source_id));
  const others = await restoreVisits(context, end.id, staying.flatMap(calledOffBy).filter((visit) => gone.has(visit.technicianId)));

  const patch: TicketPatch & { status_id?: string | null } = { status: before.status, waiting_for: before.waiting_for, closed_at: before.closed_at === null ? null : new Date(before.closed_at), merged_into: null };
  if (before.status_id !== undefined && before.status_id !== null) patch.status_id = before.status_id;
  let freed = await changeTicket(context, source, patch, { kind: 'ticket.unmerged', data: { from: { number: target.number }, ...because } });
  if (moved.silence !== null) await setTimer(transaction, { kind: 'ticket.close_after_silence', subjectId: source.id, dueAt: new Date(now.getTime() + moved.silence) });
  for (const visit of [...back.moved, ...restored]) freed = await tellOfVisit(context, freed, 'visit.moved', visit, { from: target.number });

  let parting = moved.participants;
  for (const ticket of way) {
    const by = kept.all.filter((one) => one.target_id === ticket.id);
    if (ticket !== target) {
      // Who has left the one before takes part here only as far as somebody else brought them, or they came themselves.
      const onward = by.find((one) => one.source_id === way[way.indexOf(ticket) - 1]!.id)!;
      const came = parting.filter((id) => onward.moved.participants.includes(id));
      kept.change(onward, { participants: onward.moved.participants.filter((id) => !came.includes(id)) });
      parting = came;
    }
    parting = await whoParts(context, ticket, parting, by);
    let left = ticket;
    if (ticket === target || parting.length > 0) {
      left = await changeTicket(context, ticket, { participant_ids: ticket.participant_ids.filter((id) => !parting.includes(id)) },
        { kind: 'merge.undone', data: { ticket: { number: source.number }, ...because } });
    }
    if (ticket !== end) continue;
    for (const visit of back.moved) left = await tellOfVisit(context, left, 'visit.moved', visit, { to: source.number });
    for (const visit of others) {
      const from = kept.comesAlong(visit.id, end.id);
      left = await tellOfVisit(context, left, 'visit.moved', visit, { from: family.find((one) => one.id === from)!.number });
    }
  }
  await kept.save(context);
  return freed;
}

const calledOffBy = (merge: LiveMerge) => merge.moved.calledOff ?? [];

/** Of those a merge brought to a ticket, who has nothing else to do with it. */
async function whoParts(context: Writing, ticket: TicketRow, ids: readonly string[], merges: readonly LiveMerge[]): Promise<string[]> {
  if (ids.length === 0) return [];
  // Whoever has worked on it meanwhile stays with it.
  const workers = new Set((await context.transaction.query(findWorkers, [context.tenantId, ticket.id])).map((row) => row.technician_id));
  return ids.filter((id) => id !== ticket.assignee_id && !workers.has(id) && !merges.some(({ moved }) => moved.participants.includes(id)));
}

/** What is kept of the merges that stand while one of them is undone. */
class Kept {
  readonly all: LiveMerge[];
  readonly #changed = new Set<LiveMerge>();

  constructor(merges: LiveMerge[]) {
    this.all = merges;
  }

  change(merge: LiveMerge, moved: Partial<Moved>): void {
    Object.assign(merge.moved, moved);
    this.#changed.add(merge);
  }

  /** A visit that was called off is made again elsewhere. */
  forget(visitId: string): LiveMerge | undefined {
    const merge = this.all.find((one) => calledOffBy(one).some((visit) => visit.id === visitId));
    if (merge) this.change(merge, { calledOff: calledOffBy(merge).filter((visit) => visit.id !== visitId) });
    return merge;
  }

  /** A visit that a merge called off is made at the end of the way after all: undone, each merge on the way takes it back. Returns the ticket it came from. */
  comesAlong(visitId: string, endId: string): string {
    const first = this.forget(visitId)!;
    for (let merge = first; ; merge = this.all.find((one) => one.source_id === merge.target_id)!) {
      this.change(merge, { visits: [...merge.moved.visits, visitId] });
      if (merge.target_id === endId) return first.source_id;
    }
  }

  async save(context: Writing): Promise<void> {
    for (const merge of this.#changed) await keepMoved(context, merge);
  }
}

function tellOfVisit(context: Writing, ticket: TicketRow, kind: 'visit.moved' | 'visit.cancelled', visit: MovedVisit, data: Record<string, unknown>): Promise<TicketRow> {
  return tellOnTicket(context, ticket, { kind, subjectId: visit.id, data: { technicianId: visit.technician_id, ...data } });
}
