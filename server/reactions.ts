import { factKinds, type FactKind } from '../contract/facts.ts';
import { rollUp } from './journey/insight/roll-up.ts';
import { hearFacts } from './journey/process/flow/hear-facts.ts';
import { tellParents } from './journey/process/tell-parents.ts';
import type { Services } from './platform/context.ts';
import type { Fact } from './platform/facts/fact.ts';
import type { Reader } from './platform/facts/readers.ts';
import type { Transaction } from './platform/db/database.ts';
import type { Jobs } from './platform/jobs/jobs.ts';
import { askRules } from './reactions/automation/ask-rules.ts';
import { askForCompletion } from './reactions/completion/ask-for-completion.ts';
import { openNews } from './reactions/news/plan-news.ts';
import { watchTickets } from './reactions/offers/watch-tickets.ts';
import { openNotices } from './reactions/notices/write-notices.ts';
import { indexTickets } from './reactions/search/index-tickets.ts';
import { indexRecords } from './reactions/search/index-records.ts';
import { keepCustomerMessages } from './reactions/search/keep-customer-messages.ts';
import { keepClocks } from './reactions/sla/keep-clocks.ts';
import { learnTravel } from './reactions/travel/learn-travel.ts';
import { handOn } from './reactions/hand-on.ts';

/** One effect of facts beyond the timeline, the audit trail and the live feed, which show every fact. */
export interface Reaction {
  name: string;
  /** What it knows to deal with; the table has to say the same. */
  kinds: ReadonlySet<FactKind>;
  react(transaction: Transaction, facts: readonly Fact[]): Promise<void>;
}

/** Every fact and who reacts to it: the system's flow chart (反应表). Nobody beyond the timeline: []. */
export function reactionsTo(services: Pick<Services, 'clock'>, jobs: Jobs): Record<FactKind, readonly Reaction[]> {
  const search: Reaction = indexTickets;
  const insight: Reaction = rollUp;
  const records: Reaction = indexRecords;
  const messages: Reaction = keepCustomerMessages;
  const jobsOf: Reaction = handOn(jobs);
  const children: Reaction = tellParents;
  const flows: Reaction = hearFacts;
  const notices: Reaction = openNotices(services.clock);
  const automation: Reaction = askRules(services.clock);
  const sla: Reaction = keepClocks;
  const offers: Reaction = watchTickets;
  const completion: Reaction = askForCompletion(services.clock);
  const news: Reaction = openNews(services.clock);
  const travel: Reaction = learnTravel;
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
    'staff.changed': [flows],
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
    'customer.changed': [records, jobsOf],
    'customer.archived': [],
    'customer.restored': [],
    'customer.merged': [records, jobsOf],
    'customer.unmerged': [records, jobsOf],
    'customer.kept_apart': [],
    'contact_point.added': [records],
    'contact_point.changed': [records],
    'contact_point.verified': [],
    'contact_point.removed': [records],
    'customer_note.added': [],
    'customer_note.changed': [],
    'customer_note.removed': [],
    'skill.created': [],
    'skill.changed': [],
    'dispatch.rules_changed': [],
    'territory.created': [],
    'territory.changed': [],
    'territory.archived': [],
    'technician_preference.set': [],
    'technician_preference.removed': [],
    'dispatch.modes_changed': [],
    'dispatch.weights_changed': [],
    'dispatch.plan_requested': [jobsOf],
    'dispatch.plan_ended': [],
    'dispatch.plan_applied': [],
    'dispatch.plan_withdrawn': [],
    'shifts.changed': [],
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

    'ticket.created': [search, insight, automation, notices, sla, news, jobsOf, completion, offers],
    'ticket.changed': [search, messages, insight, automation, flows, sla, completion, offers],
    'ticket.status_changed': [insight, notices, automation, flows, sla, offers],
    'ticket.assigned': [insight, notices, automation, flows, sla, offers],
    'ticket.transferred': [insight, notices, automation, flows, sla, offers],
    'ticket.accepted': [insight, automation, flows, sla, news],
    'ticket.declined': [insight, notices, automation, flows, sla, offers],
    'ticket.returned': [insight, notices, automation, flows, sla, offers],
    'ticket.waiting_started': [insight, notices, automation, flows, sla],
    'ticket.waiting_ended': [insight, notices, automation, flows, sla],
    'ticket.resolved': [search, insight, jobsOf, children, notices, automation, flows, sla, news, offers],
    'ticket.confirmed': [insight, children, notices, automation, flows, sla, news, offers],
    'ticket.reopened': [insight, children, notices, automation, flows, sla],
    'ticket.closed': [insight, children, notices, automation, flows, sla, news, offers],
    'ticket.cancelled': [insight, children, notices, automation, flows, sla, news, offers],
    'ticket.rated': [insight, notices, automation, flows],
    'ticket.delegated': [notices],
    'ticket.delegation_ended': [],
    'watcher.added': [],
    'watcher.removed': [],
    'macro.applied': [],
    'comment.added': [search, jobsOf, children, notices, messages, automation, flows, sla, completion],
    'comment.copied': [],
    'ticket.merged': [insight, children, notices, flows, sla, offers],
    'ticket.unmerged': [insight, children, notices, sla],
    'merge.received': [automation],
    'merge.undone': [],
    'ticket.split': [automation],
    'link.added': [automation, flows],
    'link.removed': [],
    'ticket.kept_apart': [],
    'children.progressed': [flows],
    'children.carried': [],
    'checklist.added': [notices],
    'checklist.changed': [notices],
    'checklist.item_done': [automation, flows],
    'checklist.item_reopened': [],
    'checklist.item_removed': [],
    'side_conversation.opened': [search, notices],
    'side_conversation.replied': [search, notices, automation, flows],
    'side_conversation.closed': [notices, flows],
    'side_conversation.reopened': [],

    'visit.scheduled': [automation, flows, news],
    'visit.planned': [notices],
    'visit.accepted': [automation, flows],
    'visit.declined': [automation],
    'visit.travel_started': [automation, flows, news],
    'visit.near': [news],
    'visit.checked_in': [automation, flows, sla, travel],
    'visit.work_logged': [],
    'visit.completed': [automation, flows],
    'visit.obstacle_reported': [automation, flows],
    'visit.cancelled': [automation, travel],
    'calendar_feed.created': [],
    'calendar_feed.revoked': [],
    'appointment.promised': [notices],
    'appointment.withdrawn': [notices],
    'appointment.setting_changed': [],
    'visit.members_changed': [notices],
    'visit.moved': [],

    'offer.opened': [notices],
    'offer.widened': [notices],
    'offer.passed_on': [notices],
    'offer.declined': [notices],
    'offer.taken': [notices],
    'offer.withdrawn': [notices],
    'offer.lapsed': [notices],

    'news.told': [],
    'news.left_out': [],
    'news.chosen': [],
    'news_setting.changed': [],
    'reply.sent': [],
    'reply.received': [],
    'reply.failed': [notices],
    'reply.retried': [],
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

    'automation_rule.created': [],
    'automation_rule.changed': [],
    'automation_rule.published': [],
    'automation_rule.archived': [],
    'automation_rule.suspended': [notices],
    'automation_rules.ordered': [],
    'automation.notified': [notices],
    'automation.call_requested': [jobsOf],
    'automation.call_failed': [],
    'automation.failed': [],

    'business_calendar.created': [],
    'business_calendar.changed': [],
    'business_calendar.published': [jobsOf],
    'business_calendar.archived': [],
    'sla_policy.created': [],
    'sla_policy.changed': [],
    'sla_policy.published': [jobsOf],
    'sla_policy.archived': [],
    'sla_policies.ordered': [],
    'sla.warned': [notices],
    'sla.breached': [notices],
    'sla.escalated': [notices],
    'sla.breach_explained': [],
    'sla.simulation_requested': [jobsOf],
    'sla.simulation_ended': [],

    'automation_signing.changed': [],
    'call.linked': [search],
    'call.unlinked': [search],
    'call.ended': [],
    'call.recorded': [],
    'call.transcribed': [search, completion],
    'call.dialled': [],
    'call.changed': [],
    'call.listened': [],
    'call.forgotten': [search],
    'call.purged': [],
    'phone_line.changed': [],
    'speech_setting.changed': [],
    'hotline.dispatched': [],
    'hotline.urged': [notices],
    'hotline.extension_decided': [],
    'hotline.revisited': [],
    'hotline.reported': [],
    'hotline.report_failed': [notices],
    'hotline.codes_changed': [],
    'channel.created': [],
    'channel.changed': [],
    'inbox_message.reprocessed': [],
    'inbox_message.discarded': [],

    'notice_account.changed': [],
    'notice_template.changed': [],
    'notice_policy.changed': [],
    'matching_setting.changed': [],
    'notice_delivery.retried': [],

    'view.created': [],
    'view.changed': [],
    'view.removed': [],
    'export.started': [],
    'export.ended': [],
    'audit.exported': [],
    'bulk_run.started': [jobsOf],
    'bulk_run.ended': [],
    'bulk_run.cancelled': [],

    'intake_setting.changed': [],
    'connector.created': [],
    'connector.changed': [],
    'guess.confirmed': [],
    'inbox_message.downloaded': [],

    'travel_setting.changed': [],
    'llm_setting.changed': [],
    'flow.created': [],
    'flow.changed': [],
    'flow.archived': [],
    'flow.published': [],
    'flow.started': [],
    'flow.ended': [],
    'flow.held': [notices],
    'flow.resumed': [],
    'flow.moved': [],
    'flow.notified': [notices],
    'flow.call_requested': [jobsOf],
    'flow.parts_requested': [],
    'task.opened': [notices, sla, offers],
    'task.claimed': [],
    'task.released': [],
    'task.completed': [sla],
    'task.handed_over': [notices],
    'task.reassigned': [notices],
    'task.returned': [sla],
    'task.withdrawn': [sla],
    'task.cancelled': [sla],
    'task.overdue': [notices],
    'approval.voted': [notices],
    'approval.signer_added': [notices],
    'approval.decided': [sla],

    'file.uploaded': [jobsOf],
    'file.attached': [flows],
  };
}

/**
 * The readers of the fact log that the table amounts to; throws when the table and the list of kinds differ, or the table
 * and what a reaction deals with.
 */
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
  for (const { reaction, kinds } of readers.values()) {
    const differing = [...[...kinds].filter((kind) => !reaction.kinds.has(kind)), ...[...reaction.kinds].filter((kind) => !kinds.has(kind))];
    if (differing.length > 0) throw new Error(`server/reactions.ts and the reaction ${reaction.name} differ about: ${differing.join(', ')}`);
  }
  return [...readers.values()].map(({ reaction, kinds }) => ({ name: reaction.name, kinds, react: (transaction, facts) => reaction.react(transaction, facts) }));
}
