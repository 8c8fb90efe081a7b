import { factKinds, type FactKind } from '../contract/facts.ts';
import { rollUp } from './journey/insight/roll-up.ts';
import type { Services } from './platform/context.ts';
import type { Fact } from './platform/facts/fact.ts';
import type { Reader } from './platform/facts/readers.ts';
import type { Transaction } from './platform/db/database.ts';
import type { Jobs } from './platform/jobs/jobs.ts';
import { indexTickets } from './reactions/search/index-tickets.ts';
import { handOn } from './reactions/hand-on.ts';

/** One effect of facts beyond the timeline, the audit trail and the live feed, which show every fact. */
export interface Reaction {
  name: string;
  react(transaction: Transaction, facts: readonly Fact[]): Promise<void>;
}

/** Every fact and who reacts to it: the system's flow chart (反应表). Nobody beyond the timeline: []. */
export function reactionsTo(services: Pick<Services, 'log'>, jobs: Jobs): Record<FactKind, readonly Reaction[]> {
  const search: Reaction = indexTickets;
  const insight: Reaction = rollUp;
  const jobsOf = handOn(jobs, services.log);
  return {
    'organization.created': [],
    'organization.changed': [],
    'department.created': [],
    'department.changed': [],
    'team.created': [],
    'team.changed': [],
    'staff.created': [],
    'staff.changed': [],
    'role.created': [],
    'role.changed': [],
    'category.created': [],
    'category.changed': [],
    'ticket_type.created': [],
    'customer.created': [],
    'customer.changed': [],
    'customer.signed_in': [],
    'asset.created': [],
    'asset.changed': [],
    'personal_data.revealed': [],

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
    'ticket.assigned': [insight],
    'ticket.transferred': [insight],
    'ticket.accepted': [insight],
    'ticket.declined': [insight],
    'ticket.waiting_started': [insight],
    'ticket.waiting_ended': [insight],
    'ticket.resolved': [insight],
    'ticket.confirmed': [insight],
    'ticket.reopened': [insight],
    'ticket.closed': [insight],
    'ticket.cancelled': [insight],
    'ticket.rated': [insight],
    'comment.added': [search],

    'visit.scheduled': [],
    'visit.accepted': [],
    'visit.declined': [],
    'visit.travel_started': [],
    'visit.checked_in': [],
    'visit.work_logged': [],
    'visit.completed': [],
    'visit.cancelled': [],

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
