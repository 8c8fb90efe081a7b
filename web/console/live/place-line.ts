import type { Ticket } from '../../../contract/ticket.ts';
import type { TicketLine, TicketLinePage } from '../../../contract/view.ts';
import { matches, type FilterRecord } from '../../../rules/conditions/filter-to-logic.ts';
import { ticketProperties, type Filter, type FilterContext } from '../../../rules/conditions/filter.ts';
import { priorities, ticketStatuses } from '../../../rules/ticket/lifecycle.ts';
import type { LinePages, LineRequest } from '../data/lines.ts';
import type { Reader } from './matching.ts';

/** Also when a day begins for the organization. */
export type LineReader = Reader & { timeZone: string };

/** What a ticket itself does not say, or says in another manner than filters read it. */
// Of a customer not who was merged with them.
const untold = new Set(['watcher', 'participant', 'account', 'site', 'rating', 'customer']);

function mentions(filter: Filter): string[] {
  if ('all' in filter) return filter.all.flatMap(mentions);
  if ('any' in filter) return filter.any.flatMap(mentions);
  return 'not' in filter ? mentions(filter.not) : [filter.property];
}

function recordOf(ticket: Ticket): FilterRecord {
  return {
    number: ticket.number, subject: ticket.subject, description: ticket.description, status: ticket.status, statusId: ticket.ownStatus?.id ?? null, waitingFor: ticket.waitingFor, priority: ticket.priority,
    type: ticket.type.id, category: ticket.category?.id ?? null, channel: ticket.channel, department: ticket.department?.id ?? null, team: ticket.team?.id ?? null, assignee: ticket.assignee?.id ?? null,
    createdBy: ticket.createdBy.kind === 'staff' ? ticket.createdBy.id : null, customer: ticket.requester.customerId, asset: ticket.asset?.id ?? null, parent: ticket.parent?.id ?? null, tag: ticket.tags,
    reopenedCount: ticket.reopenedCount, createdAt: ticket.createdAt, updatedAt: ticket.updatedAt, acceptedAt: ticket.acceptedAt, resolvedAt: ticket.resolvedAt, closedAt: ticket.closedAt, dueAt: ticket.sla?.dueAt ?? null, breachedAt: ticket.sla?.breachedAt ?? null,
  };
}

/** Whether a ticket belongs on a list; null where the console cannot tell and the server must be asked. */
export function belongs(ticket: Ticket, request: LineRequest, reader: LineReader, now: string): boolean | null {
  const { whole, q } = request;
  // A merged ticket is an alias, and on no list.
  if (ticket.mergedInto !== null) return false;
  if (q !== undefined || whole === null) return null;
  const named = mentions(whole);
  if (named.some((property) => untold.has(property) || !Object.hasOwn(ticketProperties, property) || property === 'department')) return null;
  const context: FilterContext = { now, me: reader.id, myTeams: reader.teamIds, timeZone: reader.timeZone, below: (property, entry) => (property === 'category' && ticket.category !== null && reader.categoryLiesIn(ticket.category.id, entry) ? [entry, ticket.category.id] : [entry]) };
  return matches(whole, recordOf(ticket), ticketProperties, context);
}

/** The group of a line, as one word. */
export function groupOf(line: Pick<TicketLine, 'status' | 'ownStatus' | 'priority' | 'assignee' | 'team' | 'department' | 'type' | 'channel'>, grouping: NonNullable<LineRequest['grouping']>): string {
  switch (grouping) {
    case 'status': case 'priority': case 'channel': return line[grouping];
    case 'type': return line.type.id;
    default: return line[grouping]?.id ?? 'none';
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The order of two lines as the server has it; null where only the server knows. */
function order(a: TicketLine, b: TicketLine, { sort, grouping }: LineRequest): number | null {
  let first = 0;
  if (grouping === 'status') first = ticketStatuses.indexOf(a.status) - ticketStatuses.indexOf(b.status);
  else if (grouping === 'priority') first = priorities.indexOf(a.priority) - priorities.indexOf(b.priority);
  else if (grouping !== null && groupOf(a, grouping) !== groupOf(b, grouping)) return null;
  if (first !== 0) return first;
  switch (sort) {
    case 'createdAt': return compare(a.createdAt, b.createdAt) || compare(a.id, b.id);
    case 'updatedAt': return compare(a.updatedAt, b.updatedAt) || compare(a.id, b.id);
    case '-updatedAt': return compare(b.updatedAt, a.updatedAt) || compare(b.id, a.id);
    case '-resolvedAt': return compare(b.resolvedAt ?? '', a.resolvedAt ?? '') || compare(b.id, a.id);
    case 'priority': return priorities.indexOf(a.priority) - priorities.indexOf(b.priority) || compare(b.createdAt, a.createdAt) || compare(b.id, a.id);
    case 'relevance': return null;
    case '-createdAt': return compare(b.createdAt, a.createdAt) || compare(b.id, a.id);
    // By a field: as long as its value is the same the place is, too.
    default: return a.id === b.id && JSON.stringify(valueAt(a, sort)) === JSON.stringify(valueAt(b, sort)) ? 0 : null;
  }
}

const valueAt = (line: TicketLine, sort: string): unknown => line.fields?.[sort.replace(/^-?fields\./, '')] ?? null;

const withItems = (pages: LinePages, change: (items: TicketLine[]) => TicketLine[]): LinePages => ({ ...pages, pages: pages.pages.map((page): TicketLinePage => ({ ...page, items: change(page.items) })) });

/** A list without a ticket. */
const withoutLine = (pages: LinePages, ticketId: string): LinePages => withItems(pages, (items) => items.filter((item) => item.id !== ticketId));

/**
 * A list's pages with the ticket in its place, or without it (就地更新); the same object when nothing changes.
 *
 * @returns null where the list has to be read again
 */
export function placeLine(pages: LinePages, ticket: Ticket, request: LineRequest, reader: LineReader, now: string): LinePages | null {
  const items = pages.pages.flatMap((page) => page.items);
  const present = items.find((item) => item.id === ticket.id);
  if (present !== undefined && present.version > ticket.version) return pages;
  const wanted = belongs(ticket, request, reader, now);
  if (present === undefined) {
    if (wanted === false) return pages;
    return wanted === null ? null : insert(pages, lineOf(ticket, request), request);
  }
  if (wanted === false) return withoutLine(pages, ticket.id);
  const line = { ...lineOf(ticket, request), ...(present.highlights === undefined ? {} : { highlights: present.highlights }) };
  // What changes while somebody reads it stays where it is: an order by changes would make it jump.
  const moved = order(present, line, { ...request, sort: request.sort.endsWith('updatedAt') ? 'createdAt' : request.sort });
  if (moved === 0 || request.sort === 'relevance') return withItems(pages, (list) => list.map((item) => (item.id === ticket.id ? line : item)));
  return moved === null ? null : insert(withoutLine(pages, ticket.id), line, request);
}

function lineOf(ticket: Ticket, { fields }: LineRequest): TicketLine {
  return {
    id: ticket.id, number: ticket.number, subject: ticket.subject, status: ticket.status, ownStatus: ticket.ownStatus, waitingFor: ticket.waitingFor, priority: ticket.priority, channel: ticket.channel,
    type: ticket.type, category: ticket.category, department: ticket.department, team: ticket.team, assignee: ticket.assignee, acceptedAt: ticket.acceptedAt, requester: ticket.requester, location: ticket.location,
    tags: ticket.tags, createdAt: ticket.createdAt, updatedAt: ticket.updatedAt, resolvedAt: ticket.resolvedAt, closedAt: ticket.closedAt, rating: ticket.rating, mergedInto: ticket.mergedInto, checklist: ticket.checklist, sla: ticket.sla,
    version: ticket.version,
    ...(fields.length === 0 ? {} : { fields: Object.fromEntries(fields.filter((key) => Object.hasOwn(ticket.fields, key)).map((key) => [key, ticket.fields[key]])), fieldNames: ticket.fieldNames }),
  };
}

function insert(pages: LinePages, line: TicketLine, request: LineRequest): LinePages | null {
  let unsure = false;
  const before = (item: TicketLine): boolean => {
    const found = order(line, item, request);
    if (found === null) unsure = true;
    return found !== null && found < 0;
  };
  const at = pages.pages.findIndex((page) => page.items.some(before));
  if (unsure) return null;
  // After everything that is loaded it will come with a later page.
  if (at < 0 && pages.pages.at(-1)?.nextCursor != null) return pages;
  const target = at >= 0 ? at : pages.pages.length - 1;
  return {
    ...pages,
    pages: pages.pages.map((page, index) => {
      if (index !== target) return page;
      const place = page.items.findIndex(before);
      const items = [...page.items];
      items.splice(place < 0 ? items.length : place, 0, line);
      return { ...page, items };
    }),
  };
}
