import { Button, Dropdown } from 'antd';
import { Icon } from '../../parts/icon.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import { useBoardTexts } from './texts.ts';
import styles from './people-filter.module.css';

export type PeopleFilter = { words: string | undefined; only: 'all' | 'duty' | 'call' | 'busy' };
type Props = { people: PeopleFilter; count: number; onPeople: (people: PeopleFilter) => void };

/** Whom the timeline shows (人员筛选): somebody by name, those at work, those on call, those with visits. */
export function PeopleFilterField({ people, count, onPeople }: Props) {
  const { t } = useBoardTexts();
  const choices = [['all', 'people'], ['duty', 'onlyDuty'], ['call', 'onlyCall'], ['busy', 'onlyBusy']] as const;
  return (
    <>
      <SearchField className={styles.find} value={people.words} onChange={(words) => onPeople({ ...people, words })} placeholder={t('find.people', { count })} />
      <Dropdown trigger={['click']} menu={{ selectable: true, selectedKeys: [people.only], items: choices.map(([key, label]) => ({ key, label: t(label) })), onClick: ({ key }) => onPeople({ ...people, only: key as PeopleFilter['only'] }) }}>
        <Button type="text" size="small" className={styles.only} aria-label={t('people.filter')} data-on={people.only !== 'all' || undefined} icon={<Icon name="filter" size={14} />} />
      </Dropdown>
    </>
  );
}
