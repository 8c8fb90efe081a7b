import type { ListTickets } from '../../../contract/ticket.ts';
import type { Filter } from '../../../rules/conditions/filter.ts';
import { text } from '../parts/record-search.ts';

const narrowing = ['status', 'priority', 'team', 'assignee', 'category', 'channel', 'type', 'tag', 'customer', 'asset'] as const;

/** What the queue's address says: the view, what narrows it (links from the boards), words, and the ticket open beside it. */
export type QueueSearch = Partial<Pick<ListTickets, (typeof narrowing)[number] | 'q'>> & { view?: string; ticket?: string };

export function readQueueSearch(search: Record<string, unknown>): QueueSearch {
  const read: QueueSearch = { view: text(search.view), ticket: text(search.ticket), q: text(search.q) };
  for (const name of narrowing) read[name] = text(search[name]);
  return read;
}

const operators = { status: 'in', priority: 'in', channel: 'in', team: 'is', assignee: 'is', type: 'is', customer: 'is', asset: 'is', category: 'under', tag: 'contains' } as const;

/** What an address adds to the view's own conditions; undefined when it adds nothing. */
export function narrowingFilter(search: QueueSearch): Filter | undefined {
  const tests = narrowing.flatMap((property): Filter[] => {
    const given = search[property];
    if (given === undefined) return [];
    const operator = operators[property];
    return [{ property, operator, value: operator === 'in' ? given.split(',') : given }];
  });
  return tests.length === 0 ? undefined : { all: tests };
}

/** The address without what narrows the view. */
export function withoutNarrowing(search: QueueSearch): QueueSearch {
  return { view: search.view, ticket: search.ticket, q: search.q };
}
