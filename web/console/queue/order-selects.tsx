import { Select } from 'antd';
import type { Grouping, SearchSort, ViewSort } from '../../../contract/view.ts';
import { groupings, viewSorts } from '../data/columns.ts';
import { useTexts } from '../i18n.ts';
import { propertyTexts } from '../parts/property-texts.ts';

const sortTexts = {
  '-createdAt': 'sort.newest', createdAt: 'sort.oldest', '-updatedAt': 'sort.changed', updatedAt: 'sort.unchanged', '-resolvedAt': 'sort.resolved', priority: 'sort.priority', relevance: 'sort.relevance',
} as const satisfies Record<SearchSort, string>;

type Looks = { variant?: 'borderless' };

/** The order of a list (排序). */
export function SortSelect<Sort extends SearchSort = ViewSort>({ value, onChange, more = [], variant }: { value: Sort; onChange: (sort: Sort) => void; more?: readonly Sort[] } & Looks) {
  const { t } = useTexts();
  return (
    <Select
      variant={variant} aria-label={t('sort.label')} popupMatchSelectWidth={false} value={value}
      options={([...more, ...viewSorts] as Sort[]).map((sort) => ({ value: sort, label: t(sortTexts[sort as SearchSort]) }))}
      onChange={(sort: Sort) => onChange(sort)}
    />
  );
}

/** By what the lines stand together (分组). */
export function GroupingSelect({ value, onChange, variant }: { value: Grouping | null; onChange: (grouping: Grouping | null) => void } & Looks) {
  const { t } = useTexts();
  return (
    <Select<Grouping | 'none'>
      variant={variant} aria-label={t('group.label')} popupMatchSelectWidth={false} value={value ?? 'none'}
      options={[{ value: 'none', label: t('group.none') }, ...groupings.map((grouping) => ({ value: grouping, label: t('group.by', { property: t(propertyTexts[grouping]) }) }))]}
      onChange={(grouping) => onChange(grouping === 'none' ? null : grouping)}
    />
  );
}
