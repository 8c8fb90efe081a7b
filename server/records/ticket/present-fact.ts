import { factKinds, type FactKind } from '../../../contract/facts.ts';
import { isObject } from '../../../rules/conditions/json.ts';
import { priorityName } from './row.ts';
import type { ShowAnswers } from './shown-fields.ts';

/**
 * What a fact of a ticket says in the words of the API (事件内容): without what only readers need, priorities by name, answers as
 * `show` shows them to the one who asks; without it, none.
 */
export function presentFact({ now: _concerned, childIds: _carriedTo, stepId: _step, ...data }: Record<string, unknown>, show?: ShowAnswers): Record<string, unknown> {
  const named = withPriorityName(data);
  for (const side of ['before', 'after']) {
    const change = named[side];
    if (change !== null && typeof change === 'object') {
      // Which other ticket, the fact says by its number: not everybody who reads this one reads that one.
      const { parentId: _parent, mergedInto: _merged, fields, ...shown } = change as Record<string, unknown>;
      const answers = !isObject(fields) ? fields === undefined ? {} : { fields } : show ? { fields: show(fields) } : {};
      named[side] = withPriorityName({ ...shown, ...answers });
    }
  }
  return named;
}

/** What a fact is called in the reader's language (事件名称), with the reason where nobody did it to the ticket itself: whose leaving it was. */
export function titleOf(kind: FactKind, data: Record<string, unknown>, language: string): string {
  const title = factKinds[kind][language === 'en' ? 'en' : 'zh'];
  const name = data['staffName'];
  if (data['cause'] !== 'staff_left' || typeof name !== 'string') return title;
  return language === 'en' ? `${title} (${name} was deactivated)` : `${title}（停用了 ${name}）`;
}

function withPriorityName(record: Record<string, unknown>): Record<string, unknown> {
  const { priority } = record;
  return typeof priority === 'number' ? { ...record, priority: priorityName(priority) } : { ...record };
}
