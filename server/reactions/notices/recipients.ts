import type { NotificationReason } from '../../../contract/desk.ts';
import type { FactKind } from '../../../contract/facts.ts';
import type { Fact } from '../../platform/facts/fact.ts';

/** Somebody a fact may concern, and why. */
export interface Candidate {
  staffId: string;
  reason: NotificationReason;
  /** The absent colleague in whose place they are told. */
  forId?: string | undefined;
}

/** What has to be looked up to know whom a batch of facts concerns. */
export interface Known {
  /** By ticket: those who watch it or one that was merged into it. */
  watchers: ReadonlyMap<string, readonly string[]>;
  members: ReadonlyMap<string, readonly string[]>;
  leads: ReadonlyMap<string, string>;
  /** By fact position of a declined assignment: who had made it. */
  assigners: ReadonlyMap<number, string>;
}

/** Facts of which those who watch a ticket hear. */
const ofInterest: ReadonlySet<FactKind> = new Set(['comment.added', 'ticket.assigned', 'ticket.transferred', 'ticket.declined', 'ticket.returned', 'ticket.status_changed', 'ticket.waiting_started',
  'ticket.waiting_ended', 'ticket.resolved', 'ticket.confirmed', 'ticket.reopened', 'ticket.closed', 'ticket.cancelled', 'ticket.rated', 'ticket.merged', 'ticket.unmerged']);

/** All facts that somebody may be told of. */
export const noticeKinds: ReadonlySet<FactKind> = new Set([...ofInterest, 'ticket.delegated', 'held_reply.failed']);

/**
 * Whom a fact concerns (通知对象), in the order of reasons: of several, the first is told. Not whether they may see it, nor
 * whether they want to be told.
 */
export function candidatesOf(fact: Fact, known: Known): Candidate[] {
  const { data } = fact;
  const now = (data['now'] ?? {}) as { assigneeId?: string | null; teamId?: string | null };
  const found: Candidate[] = [];
  const add = (reason: NotificationReason, ...ids: (string | null | undefined)[]) => {
    for (const staffId of ids) if (staffId && !found.some((other) => other.staffId === staffId)) found.push({ staffId, reason });
  };
  if (fact.kind === 'held_reply.failed') add('held_failed', data['staffId'] as string);
  if (fact.kind === 'comment.added') {
    add('mentioned', ...(data['mentions'] as string[] | undefined) ?? []);
    for (const team of (data['mentionTeams'] as { id: string }[] | undefined) ?? []) add('team_mentioned', ...known.members.get(team.id) ?? []);
    add(data['direction'] === 'inbound' ? 'replied' : 'watching', now.assigneeId);
  }
  if (fact.kind === 'ticket.assigned') add('assigned', now.assigneeId);
  if (fact.kind === 'ticket.delegated') add('delegated', data['helperId'] as string);
  if (fact.kind === 'ticket.declined') add('returned', known.assigners.get(fact.position), known.leads.get(now.teamId ?? ''));
  if (fact.kind === 'ticket.returned') add('returned', known.leads.get(now.teamId ?? ''));
  if (fact.kind === 'ticket.reopened') add('returned', (data['before'] as { assigneeId?: string | null } | undefined)?.assigneeId ?? now.assigneeId);
  if (ofInterest.has(fact.kind)) add('watching', ...known.watchers.get(fact.ticketId ?? '') ?? []);
  return isStaff(fact) ? found.filter((candidate) => candidate.staffId !== fact.actor.id) : found;
}

const isStaff = (fact: Fact) => fact.actor.kind === 'staff' || fact.actor.kind === 'api_key';

/** Reasons that come with having a ticket: whoever covers for an absent colleague is told in their place, too. */
const handedOn: ReadonlySet<NotificationReason> = new Set(['mentioned', 'assigned', 'delegated', 'replied', 'returned']);

/** The same with those who cover for somebody who is away. */
export function withCovers(candidates: readonly Candidate[], coverOf: ReadonlyMap<string, string>, fact: Fact): Candidate[] {
  const all = [...candidates];
  for (const { staffId, reason } of candidates) {
    const cover = handedOn.has(reason) ? coverOf.get(staffId) : undefined;
    if (!cover || (isStaff(fact) && cover === fact.actor.id)) continue;
    const present = all.findIndex((other) => other.staffId === cover);
    if (present < 0) all.push({ staffId: cover, reason, forId: staffId });
    // Whoever only watches hears the stronger reason.
    else if (all[present]!.reason === 'watching') all[present] = { staffId: cover, reason, forId: staffId };
  }
  return all;
}
