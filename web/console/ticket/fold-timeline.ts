import type { TimelineEntry } from '../../../contract/ticket.ts';
import { otherTicket } from '../parts/fact-words.ts';

/** What the timeline can be narrowed to. */
export type TimelineFilter = 'all' | 'talk' | 'changes';

/** Facts of one deed stand at the same moment, one after the other. */
const together = (a: TimelineEntry | undefined, b: TimelineEntry): boolean => a !== undefined && a.at === b.at && a.actor.id === b.actor.id;

const isChild = ({ kind, data }: TimelineEntry): boolean => kind === 'link.added' && data.link === 'child' && otherTicket(data) !== undefined;

/** Of children that were told of one after the other, those after the first. */
export const otherChildren = ({ data }: Pick<TimelineEntry, 'data'>): string[] => (Array.isArray(data.others) ? data.others.map(String) : []);

/** A fact → the fact of the same deed that says it already. */
const echoes: Record<string, string> = { 'visit.accepted': 'ticket.accepted', 'visit.declined': 'ticket.declined' };

/**
 * A timeline as people read it: where one deed left several facts (assigned and visit scheduled; visit completed and
 * ticket resolved; visit ended by an obstacle and ticket waiting), it stands once, with what the others add.
 */
export function foldTimeline(entries: readonly TimelineEntry[]): TimelineEntry[] {
  const folded: TimelineEntry[] = [];
  entries.forEach((entry, index) => {
    const before = folded.at(-1);
    const neighbours = [entries[index - 1], entries[index + 1]].filter((one) => one !== undefined && together(one, entry));
    if (neighbours.some((one) => one?.kind === echoes[entry.kind])) return;
    // What became of an answer stands with it, and so do the pictures that came after the words.
    if (entry.kind.startsWith('reply.') || (entry.kind === 'file.attached' && typeof entry.data.messageId === 'string')) return;
    // What became of a call stands with it.
    if (['call.ended', 'call.recorded', 'call.transcribed'].includes(entry.kind)) return;
    // The deed that called the visit off is told beside it.
    if (entry.kind === 'visit.cancelled' && ['reassigned', 'transferred', 'resolved', 'closed'].includes(String(entry.data.reason))) return;
    if (entry.kind === 'visit.scheduled' && before?.kind === 'ticket.assigned' && together(before, entry)) {
      folded[folded.length - 1] = { ...before, data: { ...before.data, windowStart: entry.data.windowStart, windowEnd: entry.data.windowEnd } };
      return;
    }
    if (entry.kind === 'ticket.resolved' && before?.kind === 'visit.completed' && together(before, entry)) {
      folded.push({ ...entry, data: { ...entry.data, resolution: undefined } });
      return;
    }
    if (['ticket.waiting_started', 'ticket.returned'].includes(entry.kind) && before?.kind === 'visit.obstacle_reported' && together(before, entry)) {
      folded.push({ ...entry, data: { ...entry.data, reason: undefined } });
      return;
    }
    // Of a storm, or of many who reported the same, each child is one of a list.
    if (before && isChild(entry) && isChild(before) && before.actor.kind === entry.actor.kind && before.actor.id === entry.actor.id && before.ticketNumber === entry.ticketNumber) {
      folded[folded.length - 1] = { ...before, data: { ...before.data, others: [...otherChildren(before), otherTicket(entry.data)].filter((number) => number !== undefined) } };
      return;
    }
    folded.push(entry);
  });
  return folded;
}

/** Whether an entry shows under a filter; what was said or done in words counts as conversation. */
export function showsUnder(entry: TimelineEntry, filter: TimelineFilter): boolean {
  if (filter === 'all') return true;
  const isTalk = entry.comment !== null || entry.kind === 'ticket.created' || entry.kind === 'visit.work_logged' || entry.kind === 'visit.completed' || entry.kind === 'ticket.rated' || entry.kind === 'call.linked';
  return (filter === 'talk') === isTalk;
}
