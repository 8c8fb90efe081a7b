import type { Filter, Properties } from '../conditions/filter.ts';
import { priorities, ticketStatuses } from '../ticket/lifecycle.ts';
import type { Count, Definition } from './definition.ts';

/** Columns of a ticket whose change a condition can name, as facts spell them. */
export const changeable = ['subject', 'description', 'status', 'statusId', 'waitingFor', 'priority', 'categoryId', 'departmentId', 'teamId', 'assigneeId', 'assetId', 'address', 'tags', 'resolution', 'rating', 'fields', 'parentId', 'participantIds'] as const;

/** What conditions can ask of the fact that a rule listens to (事件属性). */
export const eventProperties = {
  'event.actor': { kind: 'key', keys: ['staff', 'api_key', 'customer', 'system', 'rule'], always: true },
  'event.person': { kind: 'person' },
  'event.changed': { kind: 'set', keys: [...changeable] },
  'event.text': { kind: 'text' },
  'event.visibility': { kind: 'key', keys: ['public', 'internal'] },
  'event.direction': { kind: 'key', keys: ['inbound', 'outbound', 'internal'] },
  'event.statusBefore': { kind: 'key', keys: [...ticketStatuses] },
  'event.priorityBefore': { kind: 'key', keys: [...priorities] },
  'event.teamBefore': { kind: 'team' },
  'event.assigneeBefore': { kind: 'person' },
} as const satisfies Properties;

export const isOfEvent = (property: string): boolean => Object.hasOwn(eventProperties, property);

/** The property by which conditions name a count. */
export const countProperty = (count: Pick<Count, 'key'>): string => `count.${count.key}`;

/** All that the conditions of a rule can ask (规则可用的条件): of the ticket, of the counts it makes, and of the fact where there is one. */
export function ruleProperties(ofTickets: Properties, { trigger, counts = [] }: Pick<Definition, 'trigger' | 'counts'>): Properties {
  if (counts.length > 0) return { ...commonProperties(ofTickets, trigger), ...Object.fromEntries(counts.map((count) => [countProperty(count), { kind: 'number', always: true } as const])) };
  return commonProperties(ofTickets, trigger);
}

const withEvents = new WeakMap<Properties, Properties>();

/** What rules without counts can ask, made once for all of them. */
function commonProperties(ofTickets: Properties, trigger: Definition['trigger']): Properties {
  if (trigger.kind !== 'facts') return ofTickets;
  let properties = withEvents.get(ofTickets);
  if (!properties) withEvents.set(ofTickets, properties = { ...ofTickets, ...eventProperties });
  return properties;
}

/**
 * A filter without the tests of what happened (去掉事件条件), so that tickets that are there can be looked through: it holds for
 * every ticket for which the whole could hold.
 *
 * @returns the filter, and the properties that were left out
 */
export function withoutEvent(filter: Filter): { filter: Filter; left: string[] } {
  const left = new Set<string>();
  const visit = (part: Filter, negated: boolean): Filter => {
    if ('all' in part) return { all: part.all.map((inner) => visit(inner, negated)) };
    if ('any' in part) return { any: part.any.map((inner) => visit(inner, negated)) };
    if ('not' in part) return { not: visit(part.not, !negated) };
    if (!isOfEvent(part.property)) return part;
    left.add(part.property);
    return negated ? { any: [] } : { all: [] };
  };
  return { filter: visit(filter, false), left: [...left] };
}
