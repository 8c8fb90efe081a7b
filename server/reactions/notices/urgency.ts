import type { NotificationReason } from '../../../contract/desk.ts';
import { urgencies, type Urgency } from '../../../contract/notice.ts';
import type { Fact } from '../../platform/facts/fact.ts';

const pressing: ReadonlySet<NotificationReason> = new Set(['urgent', 'sla_escalated', 'unanswered', 'hurried']);
const idle: ReadonlySet<NotificationReason> = new Set(['watching', 'team_mentioned']);
// With a ticket of the first priority these call for somebody now.
const mine: ReadonlySet<NotificationReason> = new Set(['assigned', 'delegated', 'returned', 'offered', 'unclaimed', 'rescheduled']);

/** How pressing it is that somebody is told (通知紧急程度): as the fact says, else by why they are told and the ticket's priority (1 is urgent). */
export function urgencyOf(fact: Pick<Fact, 'data'>, reason: NotificationReason, priority: number | null): Urgency {
  const said = fact.data['urgency'];
  // Broken, but nobody is called from sleep for it: what follows on the ladder may be urgent.
  if (said === 'high') return 'normal';
  if ((urgencies as readonly unknown[]).includes(said) && !idle.has(reason)) return said as Urgency;
  if (pressing.has(reason) || (mine.has(reason) && priority === 1)) return 'urgent';
  return idle.has(reason) ? 'low' : 'normal';
}
