import { useTexts } from '../i18n.ts';
import { Icon } from './icon.tsx';
import styles from './sort-heading.module.css';

type Props<Sort extends string> = {
  name: string;
  /** The orders this column offers, the first of them first; none where a list cannot go by it. */
  sorts: readonly Sort[];
  /** The order the list is in. */
  sort: string;
  /** The order after the last of them; the first again where there is none. */
  then?: Sort | undefined;
  onSort: (sort: Sort) => void;
  className?: string | undefined;
  optional?: true | undefined;
};

/** The heading of a column (列标题): where the list can go by it, a button that puts it in that order, and then in the other. */
export function SortHeading<Sort extends string>({ name, sorts, sort, then, onSort, className, optional }: Props<Sort>) {
  const { t } = useTexts();
  const [first] = sorts;
  if (first === undefined) return <span role="columnheader" className={className} data-optional={optional}>{name}</span>;
  const at = sorts.findIndex((one) => one === sort);
  const label = t(at < 0 ? 'sort.by' : 'sort.byNow', { column: name });
  // Of priorities the urgent come first, which are the smallest: what stands on top is the highest nevertheless.
  const falling = sort.startsWith('-') || sort === 'priority';
  const next = at < 0 ? first : sorts[at + 1] ?? then ?? first;
  return (
    <span role="columnheader" className={`${styles.column} ${className ?? ''}`} data-optional={optional} aria-sort={at < 0 ? 'none' : falling ? 'descending' : 'ascending'}>
      <button type="button" className={styles.heading} data-sorted={at >= 0 || undefined} aria-label={label} title={label} onClick={() => onSort(next)}>
        <span>{name}</span>
        {at >= 0 && <Icon name={falling ? 'chevronDown' : 'chevronUp'} size={12} />}
      </button>
    </span>
  );
}
