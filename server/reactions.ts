import { factKinds, type FactKind } from '../contract/facts.ts';
import { rollUp } from './journey/insight/roll-up.ts';
import { tellParents } from './journey/process/tell-parents.ts';
import type { Services } from './platform/context.ts';
import type { Fact } from './platform/facts/fact.ts';
import type { Reader } from './platform/facts/readers.ts';
import type { Transaction } from './platform/db/database.ts';
import type { Jobs } from './platform/jobs/jobs.ts';
import { openNotices } from './reactions/notices/write-notices.ts';
import { indexTickets } from './reactions/search/index-tickets.ts';
import { indexRecords } from './reactions/search/index-records.ts';
import { keepCustomerMessages } from './reactions/search/keep-customer-messages.ts';
import { handOn } from './reactions/hand-on.ts';

/** One effect of facts beyond the timeline, the audit trail and the live feed, which show every fact. */
export interface Reaction {
  name: string;
  react(transaction: Transaction, facts: readonly Fact[]): Promise<void>;
}

/** Every fact and who reacts to it: the system's flow chart (反应表). Nobody beyond the timeline: []. */
export function reactionsTo(services: Pick<Services, 'log' | 'clock'>, jobs: Jobs): Record<FactKind, readonly Reaction[]> {
  const search: Reaction = indexTickets;
  const insight: Reaction = rollUp;
  const records: Reaction = indexRecords;
  const messages: Reaction = keepCustomerMessages;
  const jobsOf = handOn(jobs, services.log);
  const children: Reaction = tellParents;
  const notices: Reaction = openNotices(services.clock);
  return {
    'organization.created': [],
    'organization.changed': [],
    'department.created': [],
    'department.changed': [],
    'department.archived': [],
    'team.created': [],
    'team.changed': [],
    'team.archived': [],
    'staff.created': [],
    'staff.changed': [],
    'role.created': [],
    'role.changed': [],
    'role.archived': [],
    'category.created': [],
    'category.changed': [],
    'category.archived': [],
    'categories.imported': [],
    'ticket_type.created': [jobsOf],
    'ticket_type.changed': [],
    'ticket_type.archived': [],
    'ticket_type.form_published': [jobsOf],
    'ticket_status.created': [],
    'ticket_status.changed': [],
    'ticket_status.archived': [],
    'ticket_template.created': [],
    'ticket_template.changed': [],
    'ticket_template.archived': [],
    'checklist_template.created': [],
    'checklist_template.changed': [],
    'customer.created': [records],
    'customer.changed': [records],
    'customer.archived': [],
    'customer.restored': [],
    'customer.merged': [records],
    'customer.unmerged': [records],
    'contact_point.added': [records],
    'contact_point.changed': [records],
    'contact_point.verified': [],
    'contact_point.removed': [records],
    'customer_note.added': [],
    'customer_note.changed': [],
    'customer_note.removed': [],
    'customer_tier.created': [],
    'customer_tier.changed': [],
    'account.created': [records],
    'account.changed': [records],
    'account.archived': [],
    'account.restored': [],
    'site.created': [],
    'site.changed': [],
    'customer.signed_in': [],
    'asset.created': [records],
    'asset.changed': [records],
    'asset.archived': [],
    'asset.restored': [],
    'mask_policy.changed': [],
    'personal_data.revealed': [],

    'import.requested': [jobsOf],
    'import.resumed': [jobsOf],
    'import.completed': [],
    'import.cancelled': [],
    'import.failed': [],

    'session.started': [],
    'session.refused': [],
    'session.ended': [],
    'session.revoked': [],
    'second_factor.enabled': [],
    'second_factor.disabled': [],
    'password.changed': [],
    'api_key.created': [],
    'api_key.revoked': [],
    'phone_code.requested': [jobsOf],

    'ticket.created': [search, insight],
    'ticket.changed': [search, insight],
    'ticket.status_changed': [insight, notices],
    'ticket.assigned': [insight, notices],
    'ticket.transferred': [insight, notices],
    'ticket.accepted': [insight],
    'ticket.declined': [insight, notices],
    'ticket.returned': [insight, notices],
    'ticket.waiting_started': [insight, notices],
    'ticket.waiting_ended': [insight, notices],
    'ticket.resolved': [insight, jobsOf, children, notices],
    'ticket.confirmed': [insight, children, notices],
    'ticket.reopened': [insight, children, notices],
    'ticket.closed': [insight, children, notices],
    'ticket.cancelled': [insight, children, notices],
    'ticket.rated': [insight, notices],
    'ticket.delegated': [notices],
    'ticket.delegation_ended': [],
    'watcher.added': [],
    'watcher.removed': [],
    'macro.applied': [],
    'comment.added': [search, jobsOf, children, notices, messages],
    'comment.copied': [],
    'ticket.merged': [insight, children, notices],
    'ticket.unmerged': [insight, children, notices],
    'merge.received': [],
    'merge.undone': [],
    'ticket.split': [],
    'link.added': [],
    'link.removed': [],
    'children.progressed': [],
    'children.carried': [],
    'checklist.added': [],
    'checklist.changed': [],
    'checklist.item_done': [],
    'checklist.item_reopened': [],
    'checklist.item_removed': [],
    'side_conversation.opened': [],
    'side_conversation.replied': [],
    'side_conversation.closed': [],
    'side_conversation.reopened': [],

    'visit.scheduled': [],
    'visit.accepted': [],
    'visit.declined': [],
    'visit.travel_started': [],
    'visit.checked_in': [],
    'visit.work_logged': [],
    'visit.completed': [],
    'visit.obstacle_reported': [],
    'visit.cancelled': [],
    'visit.moved': [],

    'held_reply.failed': [notices],
    'canned_reply.created': [],
    'canned_reply.changed': [],
    'canned_reply.archived': [],
    'macro.created': [],
    'macro.changed': [],
    'macro.archived': [],
    'absence.planned': [],
    'absence.changed': [],
    'absence.cancelled': [],

    'view.created': [],
    'view.changed': [],
    'view.removed': [],
    'export.started': [],
    'export.ended': [],
    'bulk_run.started': [jobsOf],
    'bulk_run.ended': [],
    'bulk_run.cancelled': [],

    'file.uploaded': [jobsOf],
    'file.attached': [],
  };
}

/** The readers of the fact log that the table amounts to; throws when the table and the list of kinds differ. */
export function readersOf(table: Record<string, readonly Reaction[]>): Reader[] {
  const known = Object.keys(factKinds);
  const orphans = known.filter((kind) => !(kind in table));
  const strangers = Object.keys(table).filter((kind) => !known.includes(kind));
  if (orphans.length > 0) throw new Error(`server/reactions.ts does not say who reacts to: ${orphans.join(', ')}`);
  if (strangers.length > 0) throw new Error(`server/reactions.ts names facts that contract/facts.ts does not: ${strangers.join(', ')}`);
  const readers = new Map<string, { reaction: Reaction; kinds: Set<FactKind> }>();
  for (const [kind, reactions] of Object.entries(table)) {
    for (const reaction of reactions) {
      const reader = readers.get(reaction.name) ?? { reaction, kinds: new Set() };
      if (reader.reaction !== reaction) throw new Error(`two reactions share the name ${reaction.name}`);
      reader.kinds.add(kind as FactKind);
      readers.set(reaction.name, reader);
    }
  }
  return [...readers.values()].map(({ reaction, kinds }) => ({ name: reaction.name, kinds, react: (transaction, facts) => reaction.react(transaction, facts) }));
}
