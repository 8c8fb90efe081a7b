import { useQuery } from '@tanstack/react-query';
import { Button, Select } from 'antd';
import { useState } from 'react';
import { priorities, ticketStatuses } from '../../../rules/ticket/lifecycle.ts';
import { words } from '../../ui/words.ts';
import { teams } from '../data/records.ts';
import type { TicketFilter } from '../data/tickets.ts';
import { useTexts } from '../i18n.ts';
import { CategorySelect } from '../parts/category-select.tsx';
import { Icon } from '../parts/icon.tsx';
import { channelTexts, localName } from '../parts/names.ts';
import { SearchField } from '../parts/search-field.tsx';
import { StaffSelect } from '../parts/staff-select.tsx';
import { useWide } from '../parts/wide.ts';
import { useSession } from '../session/session.tsx';
import { isNarrowed, type QueueSearch } from './queue-search.ts';
import styles from './filter-bar.module.css';

const sortTexts = { '-createdAt': 'sort.newest', createdAt: 'sort.oldest', '-updatedAt': 'sort.changed', updatedAt: 'sort.unchanged', priority: 'sort.priority' } as const;
const nothing = { status: undefined, priority: undefined, team: undefined, assignee: undefined, category: undefined, channel: undefined, q: undefined };

/** What narrows a view (筛选): words, state, people, kind, and the order; all of it lives in the address. */
export function FilterBar({ search, sort, onChange }: { search: QueueSearch; sort: TicketFilter['sort']; onChange: (next: Partial<QueueSearch>) => void }) {
  const { t, language } = useTexts();
  const { me } = useSession();
  const wide = useWide(768);
  const [unfolded, setUnfolded] = useState(false);
  const teamList = useQuery(teams);

  const list = (value: string | undefined): string[] => (value === undefined ? [] : value.split(','));
  const join = (values: string[]): string | undefined => (values.length === 0 ? undefined : values.join(','));
  return (
    <div className={styles.bar} role="search" aria-label={t('filter.label')}>
      <SearchField id="queue-words" className={styles.words} placeholder={t('filter.words')} value={search.q} onChange={(q) => onChange({ q })} />
      {!wide && (
        <Button icon={<Icon name="filter" />} aria-expanded={unfolded} onClick={() => setUnfolded(!unfolded)}>
          {t('filter.label')}
        </Button>
      )}
      {(wide || unfolded) && (
        <>
          <Select
            className={styles.choice}
            variant="filled"
            mode="multiple"
            maxTagCount="responsive"
            placeholder={t('filter.status')}
            aria-label={t('filter.status')}
            allowClear
            value={list(search.status)}
            options={ticketStatuses.map((status) => ({ value: status, label: words(`status.${status}`) }))}
            onChange={(values: string[]) => onChange({ status: join(values) })}
          />
          <Select
            className={styles.choice}
            variant="filled"
            mode="multiple"
            maxTagCount="responsive"
            placeholder={t('filter.priority')}
            aria-label={t('filter.priority')}
            allowClear
            value={list(search.priority)}
            options={priorities.map((priority) => ({ value: priority, label: words(`priority.${priority}`) }))}
            onChange={(values: string[]) => onChange({ priority: join(values) })}
          />
          <Select
            className={styles.choice}
            variant="filled"
            placeholder={t('filter.team')}
            aria-label={t('filter.team')}
            allowClear
            showSearch={{ optionFilterProp: 'label' }}
            value={search.team}
            options={[
              ...(me.teams.length > 0 ? [{ value: 'mine', label: t('filter.mineTeams') }] : []),
              { value: 'none', label: t('common.noTeam') },
              ...(teamList.data ?? []).map((team) => ({ value: team.id, label: localName(team, language) })),
            ]}
            onChange={(team: string | undefined) => onChange({ team })}
          />
          <StaffSelect
            className={styles.choice}
            variant="filled"
            placeholder={t('filter.assignee')}
            extra={[{ value: 'me', label: t('common.me') }, { value: 'none', label: t('common.nobody') }]}
            value={search.assignee}
            onChange={(assignee) => onChange({ assignee })}
          />
          <CategorySelect
            className={styles.choice}
            variant="filled"
            placeholder={t('filter.category')}
            value={search.category}
            onChange={(category) => onChange({ category })}
          />
          <Select
            className={styles.choice}
            variant="filled"
            placeholder={t('filter.channel')}
            aria-label={t('filter.channel')}
            allowClear
            value={search.channel}
            options={Object.entries(channelTexts).map(([value, key]) => ({ value, label: t(key) }))}
            onChange={(channel: string | undefined) => onChange({ channel })}
          />
          {isNarrowed(search) && (
            <Button type="link" onClick={() => onChange(nothing)}>
              {t('filter.clear')}
            </Button>
          )}
          <Select
            className={styles.sort}
            variant="borderless"
            aria-label={t('sort.label')}
            popupMatchSelectWidth={false}
            value={sort ?? '-createdAt'}
            options={Object.entries(sortTexts).map(([value, key]) => ({ value, label: t(key) }))}
            onChange={(value) => onChange({ sort: value })}
          />
        </>
      )}
    </div>
  );
}
