import { priorityName } from './row.ts';

/** What a fact of a ticket says in the words of the API (事件内容): without what only readers need, priorities by name. */
export function presentFact({ now: _concerned, ...data }: Record<string, unknown>): Record<string, unknown> {
  const named = withPriorityName(data);
  for (const side of ['before', 'after']) {
    const change = named[side];
    if (change !== null && typeof change === 'object') named[side] = withPriorityName(change as Record<string, unknown>);
  }
  return named;
}

function withPriorityName(record: Record<string, unknown>): Record<string, unknown> {
  const { priority } = record;
  return typeof priority === 'number' ? { ...record, priority: priorityName(priority) } : { ...record };
}
