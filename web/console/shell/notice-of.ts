import type { FeedFact } from '../live/activity.ts';

type NoticeKind = 'mention' | 'assigned' | 'urgent';

/**
 * Whether a fact calls for one person's attention (提醒), and why; null when it does not. Nobody is called to what
 * they did themselves.
 *
 * @param handsOut whether the person hands out work, and so is told of urgent requests
 */
export function noticeOf(fact: FeedFact, staffId: string, handsOut: boolean): NoticeKind | null {
  if (fact.actor.id === staffId) return null;
  const { data } = fact;
  if (fact.kind === 'comment.added' && Array.isArray(data.mentions) && data.mentions.includes(staffId)) return 'mention';
  if (fact.kind === 'ticket.assigned' && (data.after as { assigneeId?: unknown } | undefined)?.assigneeId === staffId) return 'assigned';
  if (fact.kind === 'ticket.created' && data.priority === 'urgent' && handsOut) return 'urgent';
  return null;
}
