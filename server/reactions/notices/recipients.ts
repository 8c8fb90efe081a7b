import type { NotificationReason } from '../../../contract/desk.ts';
import type { FactKind } from '../../../contract/facts.ts';
import type { Fact } from '../../platform/facts/fact.ts';
import { isMoved } from './moved-visits.ts';

/** Somebody a fact may concern, and why. */
export interface Candidate {
  staffId: string;
  reason: NotificationReason;
  /** They take part in the conversation beside the ticket, whether or not they read the ticket. */
  takesPart?: boolean;
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
  /** Those who keep the automation rules; looked up when one was switched off. */
  ruleKeepers: readonly string[];
  /** By department: those who work in it. */
  departmentPeople: ReadonlyMap<string, readonly string[]>;
  /** By conversation beside a ticket: the staff who wrote in it. */
  sideAuthors: ReadonlyMap<string, readonly string[]>;
  /** By fact position of a promise: whom its policy says. */
  promised: ReadonlyMap<number, readonly string[]>;
  /** By fact position of an offer: those whom that step opened it to and who may still take it. */
  offered: ReadonlyMap<number, readonly string[]>;
  /** Those whose job it is to hand out work; looked up when something urgent came in, a hotline hurries, or nobody took an offer. */
  dispatchers: readonly string[];
}

/** Facts of which those who watch a ticket hear. */
const ofInterest: ReadonlySet<FactKind> = new Set(['comment.added', 'ticket.assigned', 'ticket.transferred', 'ticket.declined', 'ticket.returned', 'ticket.status_changed', 'ticket.waiting_started',
  'ticket.waiting_ended', 'ticket.resolved', 'ticket.confirmed', 'ticket.reopened', 'ticket.closed', 'ticket.cancelled', 'ticket.rated', 'ticket.merged', 'ticket.unmerged', 'appointment.promised', 'appointment.withdrawn']);

/** Why people are told of a promise (时限通知). */
const slaReasons: Partial<Record<FactKind, NotificationReason>> = { 'sla.warned': 'sla_warned', 'sla.breached': 'sla_breached', 'sla.escalated': 'sla_escalated' };

/** All facts that somebody may be told of. */
export const noticeKinds: ReadonlySet<FactKind> = new Set([...ofInterest, 'ticket.delegated', 'visit.members_changed', 'visit.planned', 'held_reply.failed', 'reply.failed', 'ticket.created', 'checklist.added', 'checklist.changed', 'side_conversation.opened', 'side_conversation.replied', 'side_conversation.closed', 'automation.notified', 'automation_rule.suspended',
  'flow.held', 'flow.notified', 'task.opened', 'task.handed_over', 'task.reassigned', 'task.overdue', 'approval.voted', 'approval.signer_added', 'hotline.urged', 'hotline.report_failed', 'sla.warned', 'sla.breached', 'sla.escalated',
  'offer.opened', 'offer.widened', 'offer.passed_on', 'offer.declined', 'offer.taken', 'offer.withdrawn', 'offer.lapsed']);

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
  // Who wrote it sees to it that the customer hears otherwise; where nobody did, whoever has the ticket.
  if (fact.kind === 'reply.failed' || fact.kind === 'hotline.report_failed') {
    add('held_failed', (data['staffId'] as string | null | undefined) ?? now.assigneeId);
    // Nobody wrote it, and nobody has the ticket: whoever leads its team, or any of them.
    const lead = known.leads.get(now.teamId ?? '');
    if (found.length === 0) add('held_failed', ...(lead === undefined ? known.members.get(now.teamId ?? '') ?? [] : [lead]));
  }
  // Whoever has it; else all who could take it up or hand it out.
  if (fact.kind === 'hotline.urged') add('hurried', ...(now.assigneeId ? [now.assigneeId] : [...known.members.get(now.teamId ?? '') ?? [], known.leads.get(now.teamId ?? ''), ...known.dispatchers]));
  const promise = slaReasons[fact.kind];
  if (promise) add(promise, ...known.promised.get(fact.position) ?? []);
  if (fact.kind === 'automation.notified') add('rule', ...(data['staffIds'] as string[] | undefined) ?? []);
  if (fact.kind === 'flow.notified' || fact.kind === 'task.overdue') add('rule', ...(data['staffIds'] as string[] | undefined) ?? []);
  // A step of a flow is theirs to do, or their turn to vote.
  if (fact.kind.startsWith('task.') || fact.kind.startsWith('approval.')) add('assigned', ...(data['staffIds'] as string[] | undefined) ?? []);
  if (fact.kind === 'flow.held') add('rule', now.assigneeId, known.leads.get(now.teamId ?? ''));
  if (fact.kind === 'automation_rule.suspended') add('rule_suspended', ...known.ruleKeepers);
  if (fact.kind === 'comment.added') {
    add('mentioned', ...(data['mentions'] as string[] | undefined) ?? []);
    for (const team of (data['mentionTeams'] as { id: string }[] | undefined) ?? []) add('team_mentioned', ...known.members.get(team.id) ?? []);
    add(data['direction'] === 'inbound' ? 'replied' : 'watching', now.assigneeId);
  }
  if (fact.kind.startsWith('side_conversation.')) found.push(...besideTicket(fact, known, now.assigneeId ?? null));
  if (fact.kind === 'checklist.added') add('checklist', ...((data['items'] as { assigneeId?: string }[] | undefined) ?? []).map((item) => item.assigneeId));
  if (fact.kind === 'checklist.changed') {
    const [before, after] = [data['before'], data['after']] as ({ assigneeId?: string | null } | undefined)[];
    if (after?.assigneeId !== before?.assigneeId) add('checklist', after?.assigneeId);
  }
  // Whoever has it knows already.
  if (isUrgentRequest(fact) && !now.assigneeId) add('urgent', ...known.dispatchers, known.leads.get(now.teamId ?? ''));
  if (fact.kind === 'ticket.assigned') add('assigned', now.assigneeId);
  add('offered', ...known.offered.get(fact.position) ?? []);
  if (fact.kind === 'offer.lapsed') {
    const lead = known.leads.get((data['teamId'] as string | null) ?? now.teamId ?? '');
    const { escalateTo } = data as { escalateTo?: string };
    // A team without a lead has nobody but the dispatchers; whoever opened it by hand waits for the outcome as well.
    add('unclaimed', data['openedById'] as string | null | undefined, ...(escalateTo === 'dispatchers' ? [] : [lead]), ...(escalateTo === 'lead' && lead !== undefined ? [] : known.dispatchers));
  }
  if (fact.kind === 'ticket.delegated') add('delegated', data['helperId'] as string);
  if (fact.kind === 'visit.members_changed') add('delegated', ...(data['addedIds'] as string[] | undefined) ?? []);
  // Whose app is closed would go by the time they know.
  if (isMoved(fact)) add('rescheduled', data['technicianId'] as string, ...(data['memberIds'] as string[] | undefined) ?? []);
  if (fact.kind === 'appointment.promised' || fact.kind === 'appointment.withdrawn') add('watching', now.assigneeId);
  if (fact.kind === 'ticket.declined') add('returned', known.assigners.get(fact.position), known.leads.get(now.teamId ?? ''));
  if (fact.kind === 'ticket.returned') add('returned', known.leads.get(now.teamId ?? ''));
  if (fact.kind === 'ticket.reopened') add('returned', (data['before'] as { assigneeId?: string | null } | undefined)?.assigneeId ?? now.assigneeId);
  if (ofInterest.has(fact.kind)) add('watching', ...known.watchers.get(fact.ticketId ?? '') ?? []);
  return isStaff(fact) ? found.filter((candidate) => candidate.staffId !== fact.actor.id) : found;
}

/** Something pressing that came in (紧急工单): of the first priority. */
export const isUrgentRequest = (fact: Fact): boolean => fact.kind === 'ticket.created' && fact.data['priority'] === 1;

/** Whom something said beside a ticket concerns (旁路会话通知): those whose answer is awaited. */
function besideTicket(fact: Fact, known: Known, assigneeId: string | null): Candidate[] {
  const { data } = fact;
  const { teamId, departmentId } = (data['audience'] ?? {}) as { teamId?: string | null; departmentId?: string | null };
  const asked = [...(teamId ? known.members.get(teamId) : departmentId ? known.departmentPeople.get(departmentId) : undefined) ?? []];
  const authors = known.sideAuthors.get(fact.subjectId ?? '') ?? [];
  // Once some of them have taken it up, the others are left in peace.
  const answering = asked.filter((id) => authors.includes(id));
  const opener = data['openedById'] as string | null | undefined;
  const concerned = fact.kind === 'side_conversation.opened' ? asked : fact.kind === 'side_conversation.closed' ? [opener, ...answering]
    : data['awaits'] === 'asked' ? (answering.length > 0 ? answering : asked) : [opener, assigneeId];
  return [...new Set(concerned)].filter((id) => typeof id === 'string').map((staffId) => ({ staffId, reason: 'side_conversation' as const, takesPart: asked.includes(staffId) }));
}

const isStaff = (fact: Fact) => fact.actor.kind === 'staff' || fact.actor.kind === 'api_key';

/** Reasons that come with having a ticket: whoever covers for an absent colleague is told in their place, too. */
const handedOn: ReadonlySet<NotificationReason> = new Set(['mentioned', 'assigned', 'delegated', 'replied', 'returned', 'side_conversation', 'checklist', 'sla_warned', 'sla_breached', 'hurried', 'rescheduled']);

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
