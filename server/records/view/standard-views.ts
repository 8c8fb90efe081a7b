import type { Grouping, ViewSort } from '../../../contract/view.ts';
import type { Filter } from '../../../rules/conditions/filter.ts';

/** A view that comes with the program (标准视图). */
export interface StandardView {
  key: string;
  name: string;
  nameEn: string;
  icon: string;
  filter: Filter;
  columns: readonly string[];
  sort: ViewSort;
  grouping: Grouping | null;
}

const unfinished: Filter = { property: 'status', operator: 'in', value: ['new', 'open', 'waiting'] };
const usual = ['number', 'subject', 'status', 'priority', 'requester', 'category', 'team', 'assignee', 'updatedAt'];
const settled = ['number', 'subject', 'status', 'requester', 'team', 'assignee', 'resolvedAt', 'rating'];

const view = (key: string, name: string, nameEn: string, icon: string, filters: readonly Filter[], more: Partial<Pick<StandardView, 'columns' | 'sort' | 'grouping'>> = {}): StandardView => ({
  key, name, nameEn, icon, filter: { all: filters }, columns: usual, sort: '-createdAt', grouping: null, ...more,
});

/** In the order in which they are shown. Each is served by an index of its own, for whoever asks (schema/migrations/0007_views.sql). */
export const standardViews: readonly StandardView[] = [
  view('my_open', '我的待办', 'My open tickets', 'user', [{ property: 'assignee', operator: 'is', value: 'me' }, unfinished], { sort: 'priority' }),
  view('unassigned', '待分派', 'Unassigned', 'inbox', [{ property: 'assignee', operator: 'is', value: 'none' }, unfinished], { sort: 'priority' }),
  view('my_team', '我的班组', 'My team’s', 'team', [{ property: 'team', operator: 'is', value: 'mine' }, unfinished]),
  view('my_team_unassigned', '班组待分派', 'My team’s unassigned', 'inbox', [{ property: 'team', operator: 'is', value: 'mine' }, { property: 'assignee', operator: 'is', value: 'none' }, unfinished]),
  view('urgent', '紧急', 'Urgent', 'fire', [{ property: 'priority', operator: 'is', value: 'urgent' }, unfinished]),
  view('waiting', '等待中', 'Waiting', 'clock', [{ property: 'status', operator: 'is', value: 'waiting' }], { columns: ['number', 'subject', 'waitingFor', 'priority', 'requester', 'team', 'assignee', 'updatedAt'] }),
  view('open', '未完成', 'All open', 'list', [unfinished]),
  view('reopened', '重新打开', 'Reopened', 'redo', [{ property: 'reopenedCount', operator: 'at_least', value: 1 }, unfinished]),
  view('created_by_me', '我创建的', 'Created by me', 'edit', [{ property: 'createdBy', operator: 'is', value: 'me' }]),
  view('watching', '我关注的', 'Watching', 'eye', [{ property: 'watcher', operator: 'contains', value: 'me' }]),
  view('taking_part', '我参与的', 'Taking part', 'link', [{ property: 'participant', operator: 'contains', value: 'me' }]),
  view('recently_updated', '最近更新', 'Recently updated', 'sync', [], { sort: '-updatedAt' }),
  view('recently_resolved', '最近解决', 'Recently resolved', 'check', [{ property: 'resolvedAt', operator: 'within_last', value: { n: 7, unit: 'day' } }], { sort: '-resolvedAt', columns: settled }),
  view('all', '全部', 'All', 'database', []),
];

/** A standard view by its key. */
export function findStandardView(key: string): StandardView | undefined {
  return standardViews.find((one) => one.key === key);
}
