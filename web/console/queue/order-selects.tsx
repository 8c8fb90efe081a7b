import { Select } from 'antd';
import type { Grouping, SearchSort, StandardSort, ViewSort } from '../../../contract/view.ts';
import type { FieldDefinition } from '../../../rules/forms/form.ts';
import { wordsIn } from '../../ui/form/answers.ts';
import { groupings, sortedField, viewSorts } from '../data/columns.ts';
import { useTexts } from '../i18n.ts';
import { propertyTexts } from '../parts/property-texts.ts';

const sortTexts = {
  '-createdAt': 'sort.newest', createdAt: 'sort.oldest', '-updatedAt': 'sort.changed', updatedAt: 'sort.unchanged', '-resolvedAt': 'sort.resolved', priority: 'sort.priority', dueAt: 'sort.due', relevance: 'sort.relevance',
} as const satisfies Record<StandardSort | 'relevance', string>;

type Looks = { variant?: 'borderless' };
type Props<Sort> = {
  value: Sort;
  onChange: (sort: Sort) => void;
  more?: readonly Sort[];
  /** The columns of the list: it can go by the fields among them. */
  columns?: readonly string[];
  sortable?: ReadonlyMap<string, FieldDefinition> | undefined;
};

/** The order of a list (排序). */
export function SortSelect<Sort extends SearchSort = ViewSort>({ value, onChange, more = [], columns = [], sortable, variant }: Props<Sort> & Looks) {
  const { t, language } = useTexts();
  const keys = [...new Set([...columns, value].flatMap((one) => sortedField(one) ?? []))].filter((key) => sortable?.has(key));
  const own = keys.flatMap((key) => [`fields.${key}`, `-fields.${key}`]) as Sort[];
  const nameOf = (sort: string): string => {
    const key = sortedField(sort);
    if (key === undefined) return t(sortTexts[sort as keyof typeof sortTexts]);
    const field = sortable?.get(key);
    const name = field === undefined ? key : wordsIn(field.label, language);
    return t(sort.startsWith('-') ? 'sort.falling' : 'sort.rising', { field: name });
  };
  const offered = [...more, ...viewSorts as readonly string[] as readonly Sort[], ...own];
  return (
    <Select
      variant={variant} aria-label={t('sort.label')} popupMatchSelectWidth={false} value={value}
      options={[...offered, ...(offered.includes(value) ? [] : [value])].map((sort) => ({ value: sort, label: nameOf(sort) }))}
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
