import type { Filter } from '../../../rules/conditions/filter.ts';

/** Views that everybody in the demonstration company has. */
export interface DemoView {
  name: string;
  nameEn: string;
  icon: string;
  filter: Filter;
  columns: string[];
  sort: string;
  grouping: string | null;
}

const unfinished: Filter = { property: 'status', operator: 'in', value: ['new', 'open', 'waiting'] };

export const demoViews: readonly DemoView[] = [
  {
    name: '今天进来、还没人接', nameEn: 'Came in today, nobody has it', icon: 'inbox', sort: 'priority', grouping: 'team',
    filter: { all: [{ property: 'createdAt', operator: 'during', value: 'today' }, { property: 'assignee', operator: 'is', value: 'none' }, unfinished] },
    columns: ['number', 'subject', 'priority', 'category', 'requester', 'location', 'createdAt'],
  },
  {
    name: '超过三天未完成', nameEn: 'Open for more than three days', icon: 'clock', sort: 'createdAt', grouping: 'assignee',
    filter: { all: [{ property: 'createdAt', operator: 'older_than', value: { n: 3, unit: 'day' } }, unfinished] },
    columns: ['number', 'subject', 'status', 'waitingFor', 'priority', 'team', 'assignee', 'createdAt', 'updatedAt'],
  },
  {
    name: '评价两星以下', nameEn: 'Rated two stars or fewer', icon: 'fire', sort: '-resolvedAt', grouping: null,
    filter: { property: 'rating', operator: 'at_most', value: 2 },
    columns: ['number', 'subject', 'rating', 'requester', 'team', 'assignee', 'resolvedAt'],
  },
];
