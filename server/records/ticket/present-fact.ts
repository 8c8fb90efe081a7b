import { priorityName } from './row.ts';

/** What a fact of a ticket says in the words of the API (事件内容): without what only readers need, priorities by name. */
export function presentFact({ now: _concerned, childIds: _carriedTo, stepId: _step, ...data }: Record<string, unknown>): Record<string, unknown> {
  const named = withPriorityName(data);
  for (const side of ['before', 'after']) {
    const change = named[side];
    if (change !== null && typeof change === 'object') {
      // Which other ticket, the fact says by its number: not everybody who reads this one reads that one.
      const { parentId: _parent, mergedInto: _merged, ...shown } = change as Record<string, unknown>;
      named[side] = withPriorityName(shown);
    }
  }
  return named;
}

function withPriorityName(record: Record<string, unknown>): Record<string, unknown> {
  const { priority } = record;
  return typeof priority === 'number' ? { ...record, priority: priorityName(priority) } : { ...record };
}
