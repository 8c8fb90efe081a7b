import { channels } from '../../../contract/ticket.ts';
import type { ListTicketLines } from '../../../contract/view.ts';
import type { Filter } from '../../../rules/conditions/filter.ts';
import { priorities, ticketStatuses } from '../../../rules/ticket/lifecycle.ts';
import { isId } from '../../platform/db/uuid.ts';
import { invalidInput, refuseInput } from '../../platform/errors/refusal.ts';
import type { Configuration } from '../organization/configuration.ts';

type Parameters = Pick<ListTicketLines, 'status' | 'assignee' | 'team' | 'type' | 'category' | 'priority' | 'tag' | 'channel' | 'customer' | 'asset'>;

/** The filter that the parameters of an address amount to (列表参数). */
export function filterOfParameters(query: Parameters, configuration: Configuration): Filter[] {
  const filters: Filter[] = [];
  const add = (property: string, operator: 'is' | 'in' | 'contains' | 'under', value: string | string[]) => filters.push({ property, operator, value });
  if (query.status !== undefined) add('status', 'in', words(query.status, ticketStatuses, '/status'));
  if (query.priority !== undefined) add('priority', 'in', words(query.priority, priorities, '/priority'));
  if (query.assignee !== undefined) add('assignee', 'is', ['me', 'none'].includes(query.assignee) ? query.assignee : identifier(query.assignee, '/assignee'));
  if (query.team !== undefined) add('team', 'is', ['mine', 'none'].includes(query.team) ? query.team : identifier(query.team, '/team'));
  if (query.type !== undefined) {
    const type = [...configuration.types.values()].find((candidate) => candidate.id === query.type || candidate.key === query.type);
    if (!type) throw refuseInput('/type', 'unknown_reference', { field: 'type' });
    add('type', 'is', type.id);
  }
  if (query.category !== undefined) {
    if (!configuration.categories.has(query.category)) throw refuseInput('/category', 'unknown_reference', { field: 'category' });
    add('category', 'under', query.category);
  }
  if (query.channel !== undefined) add('channel', 'in', words(query.channel, channels, '/channel'));
  // An empty tag is nobody's.
  if (query.tag !== undefined) filters.push(query.tag === '' ? { any: [] } : { property: 'tag', operator: 'contains', value: query.tag });
  if (query.customer !== undefined) add('customer', 'is', identifier(query.customer, '/customer'));
  if (query.asset !== undefined) add('asset', 'is', identifier(query.asset, '/asset'));
  return filters;
}

/** The filter that an address carries as JSON; not checked yet. */
export function filterInAddress(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalidInput('/filter', 'not_a_filter', { zh: '不是有效的 JSON', en: 'is not valid JSON' });
  }
}

function words<const Known extends readonly string[]>(text: string, known: Known, path: string): Known[number][] {
  return text.split(',').map((word) => {
    const trimmed = word.trim();
    if (!known.includes(trimmed)) throw invalidInput(path, 'enum', { zh: `应为其中之一：${known.join('、')}`, en: `must be one of: ${known.join(', ')}` });
    return trimmed;
  });
}

function identifier(text: string, path: string): string {
  if (!isId(text)) throw invalidInput(path, 'format', { zh: '不是有效的编号', en: 'is not an id' });
  return text;
}
