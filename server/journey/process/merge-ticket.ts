import { Type } from 'typebox';
import { MergeResult, MergeTickets } from '../../../contract/collaboration.ts';
import { Closed } from '../../../contract/common.ts';
import { describeRefusal } from '../../../contract/refusals.ts';
import { permits, reachOf } from '../../../rules/access/policy.ts';
import { statusNames } from '../../../rules/ticket/lifecycle.ts';
import { refuseMerge } from '../../../rules/ticket/merge.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { Refusal, invalidInput, missingInput, refuseInput } from '../../platform/errors/refusal.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { endOfWay, lockTickets, mergedInto, mostMerged, oneAtATime, reaches } from '../../records/ticket/alias.ts';
import { findReadableTicket, findTicket } from '../../records/ticket/find.ts';
import { mergeTicket as merge } from '../../records/ticket/merge.ts';
import { viewLinked } from '../../records/ticket/relations.ts';
import { accessOf, statusOf, type TicketRow } from '../../records/ticket/row.ts';

/**
 * Merges tickets that are one matter (合并工单): this one into another, or several others into this one. Merges of an
 * organization go one after another, so that of two that would lead in a circle the second sees the first.
 */
export const mergeTickets = useCase({
  summary: 'Merge a ticket into another, or others into it',
  params: Closed({ id: Type.String({ maxLength: 64 }) }),
  body: MergeTickets,
  answer: MergeResult,
  async run(context, { params, body }) {
    if (body.into === undefined && body.sources === undefined) throw missingInput('/into');
    if (body.into !== undefined && body.sources !== undefined) throw invalidInput('/sources', 'exclusive', { zh: 'into 与 sources 只能给一个', en: 'into and sources exclude each other' });
    await oneAtATime(context);
    const named = await findReadableTicket(context, params.id);
    const other = body.into === undefined ? undefined : await readable(context, body.into);
    if (body.into !== undefined && !other) throw refuseInput('/into', 'unknown_reference', { field: 'into' });
    const sources = other ? [{ ticket: params.id, row: named }] : await Promise.all(body.sources!.map(async (ticket) => ({ ticket, row: await readable(context, ticket) })));
    const targetId = await endOfWay(context, (other ?? named).id);
    const locked = await lockTickets(context, [targetId, ...sources.flatMap(({ row }) => (row ? [row.id] : []))]);
    let target = locked.get(targetId)!;
    ensureTarget(context, target);

    const results: MergeResult['results'] = [];
    let room = mostMerged - (await mergedInto(context, targetId)).length;
    for (const { ticket, row } of sources) {
      const source = row && locked.get(row.id)!;
      try {
        if (!source) throw refuseInput('/sources', 'unknown_reference', { field: 'ticket' });
        const joining = 1 + (await mergedInto(context, source.id)).length;
        await ensureMergeable(context, source, target, ticket);
        if (joining > room) throw new Refusal('too_many_merged', { limit: mostMerged });
        const merged = await merge(context, source, target, body.note?.trim() || null);
        locked.set(source.id, merged.source);
        target = merged.target;
        room -= joining;
        results.push({ ticket, id: source.id, number: source.number, merged: true, problem: null });
      } catch (error) {
        // Nothing has been written for this one. Asked for by itself, it is the answer; of several each has its own.
        if (!(error instanceof Refusal) || other) throw error;
        results.push({ ticket, id: source?.id ?? null, number: source?.number ?? null, merged: false, problem: { code: error.code, title: describeRefusal(error.code, error.parameters, context.language) } });
      }
    }
    return { target: viewLinked(context, target), results };
  },
});

async function readable(context: Context, idOrNumber: string): Promise<TicketRow | undefined> {
  const row = await findTicket(context, idOrNumber);
  return row && permits(reachOf(staffOf(context), 'ticket.read'), accessOf(row)) ? row : undefined;
}

function ensureTarget(context: Context, target: TicketRow): void {
  if (!permits(reachOf(staffOf(context), 'ticket.update'), accessOf(target))) throw new Refusal('forbidden');
  const status = statusOf(target);
  // Nobody would look at what comes there.
  if (status === 'closed' || status === 'cancelled') throw new Refusal('action_not_open', { status: statusNames[status], action: { zh: '并入其他工单', en: 'merged into' } });
}

async function ensureMergeable(context: Context, source: TicketRow, target: TicketRow, named: string): Promise<void> {
  const subject = staffOf(context);
  for (const permission of ['ticket.update', 'ticket.close'] as const) if (!permits(reachOf(subject, permission), accessOf(source))) throw new Refusal('forbidden');
  const refusal = refuseMerge({ sourceId: source.id, sourceMergedInto: source.merged_into, targetId: target.id, targetReachesSource: await reaches(context, target.id, source.id) });
  if (refusal) throw new Refusal(refusal, { number: refusal === 'merge_into_descendant' ? target.number : source.number || named });
}
