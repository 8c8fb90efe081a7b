import { CountGroups, GroupCounts, type Grouping } from '../../../contract/view.ts';
import type { Filter } from '../../../rules/conditions/filter.ts';
import { channels } from '../../../contract/ticket.ts';
import { priorities, ticketStatuses } from '../../../rules/ticket/lifecycle.ts';
import { isId } from '../../platform/db/uuid.ts';
import { invalidInput } from '../../platform/errors/refusal.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { countFilters } from './counts.ts';
import { openList } from './open-list.ts';

const fixed: Partial<Record<Grouping, readonly string[]>> = { status: ticketStatuses, priority: priorities, channel: channels };
const mayBeNone: readonly Grouping[] = ['assignee', 'team', 'department'];

/** How many tickets the groups of a list hold now (分组计数): those that somebody has before them, each counted like a view. */
export const countGroups = useCase({
  summary: 'Count the groups of a list',
  body: CountGroups,
  answer: GroupCounts,
  async run(context, { body }) {
    const { grouping, groups, ...asked } = body;
    const known = fixed[grouping];
    for (const [index, group] of groups.entries()) {
      const right = known ? known.includes(group) : isId(group) || (group === 'none' && mayBeNone.includes(grouping));
      if (!right) throw invalidInput(`/groups/${index}`, 'unknown_group', { zh: '没有这样的分组', en: 'there is no such group' });
    }
    const { filter } = await openList(context, asked);
    const ofGroup = (group: string): Filter => (group === 'none' ? { property: grouping, operator: 'empty' } : { property: grouping, operator: 'is', value: group });
    const counted = await countFilters(context, groups.map((group) => ({ all: [filter, ofGroup(group)] })));
    return { items: groups.map((group, index) => ({ group, ...counted[index]! })) };
  },
});
