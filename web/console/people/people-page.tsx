import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Button, Segmented, Select } from 'antd';
import { useState } from 'react';
import { Badge } from '../parts/badge.tsx';
import { jobTexts, localName } from '../parts/names.ts';
import type { Staff } from '../../../contract/organization.ts';
import { Avatar } from '../../ui/react/index.ts';
import { staffList, teams } from '../data/records.ts';
import { useTexts } from '../i18n.ts';
import { Icon } from '../parts/icon.tsx';
import { useKeys } from '../parts/keys.ts';
import { RecordList } from '../parts/record-list.tsx';
import { SearchField } from '../parts/search-field.tsx';
import { useTitle } from '../parts/title.ts';
import { useSession } from '../session/session.tsx';
import { Forbidden } from '../shell/page-states.tsx';
import { RosterView } from './roster-view.tsx';
import { StaffDrawer } from './staff-drawer.tsx';
import { Invitation } from './invitation.tsx';
import { StaffForm, type Invited } from './staff-form.tsx';
import { usePeopleTexts } from './texts.ts';
import page from '../parts/record-page.module.css';
import own from './people.module.css';
import styles from './people-page.module.css';

/** People (员工): who does what, in which teams, with which skills, and how much each has at hand. */
export function PeoplePage() {
  const { t, language } = useTexts();
  const { t: say } = usePeopleTexts();
  useTitle(t('nav.people'));
  const { may } = useSession();
  const navigate = useNavigate();
  const { q, sort, id } = useSearch({ from: '/people' });
  const [job, setJob] = useState<Staff['job']>();
  const [team, setTeam] = useState<string>();
  const [state, setState] = useState<'active' | 'left' | 'everybody'>('active');
  const [view, setView] = useState<'list' | 'shifts'>('list');
  const [creating, setCreating] = useState(false);
  const [invited, setInvited] = useState<Invited | null>(null);
  const teamList = useQuery({ ...teams, enabled: may('organization.read') });
  const open = (next: string | undefined): void => void navigate({ to: '/people', search: { q, sort, id: next }, replace: next === undefined });
  useKeys({ '/': () => document.getElementById('record-words')?.focus() });
  if (!may('organization.read')) return <Forbidden />;
  const chosenTeam = teamList.data?.find((one) => one.id === team);
  const query = { ...(q === undefined ? {} : { q }), ...(job === undefined ? {} : { job }), ...(team === undefined ? {} : { team }), ...(state === 'everybody' ? {} : { active: state === 'active' }) };

  return (
    <div className={page.page}>
      <header className={page.head}>
        <h1 className={page.title}>{t('nav.people')}</h1>
        <Segmented value={view} options={[{ value: 'list' as const, label: say('shifts.list') }, { value: 'shifts' as const, label: say('shifts.show') }]} onChange={setView} />
        {view === 'list' && <SearchField id="record-words" className={page.search} value={q} placeholder={say('people.search')} onChange={(words) => void navigate({ to: '/people', search: { q: words, sort }, replace: true })} />}
        {view === 'list' && <Select
          className={page.filter}
          variant="filled"
          allowClear
          placeholder={t('staff.job')}
          aria-label={t('staff.job')}
          value={job}
          options={Object.entries(jobTexts).map(([value, key]) => ({ value: value as Staff['job'], label: t(key) }))}
          onChange={(value: Staff['job'] | undefined) => setJob(value)}
        />}
        <Select
          className={page.filter}
          variant="filled"
          allowClear
          placeholder={t('filter.team')}
          aria-label={t('filter.team')}
          value={team}
          popupMatchSelectWidth={false}
          options={(teamList.data ?? []).map((one) => ({ value: one.id, label: localName(one, language) }))}
          onChange={(value: string | undefined) => setTeam(value)}
        />
        {view === 'list' && (
          <Select
            className={page.filter} variant="filled" aria-label={say('people.state')} value={state} onChange={setState}
            options={[{ value: 'active' as const, label: say('people.inUse') }, { value: 'left' as const, label: say('people.left') }, { value: 'everybody' as const, label: say('people.everybody') }]}
          />
        )}
        {may('organization.write') && (
          <span className={`${page.end} ${own.actions}`}>
            {may('import.run') && <Button icon={<Icon name="upload" />} onClick={() => void navigate({ to: '/imports/new', search: { kind: 'staff' } })}>{say('people.import')}</Button>}
            <Button type="primary" icon={<Icon name="plus" />} onClick={() => setCreating(true)}>
              {t('staff.new')}
            </Button>
          </span>
        )}
      </header>
      {view === 'shifts' && <RosterView team={chosenTeam && { id: chosenTeam.id, name: localName(chosenTeam, language) }} />}
      {view === 'list' && <RecordList
        key={JSON.stringify(query)}
        query={staffList({ ...query, sort })}
        order={{ sort: sort ?? 'createdAt', usual: 'createdAt', onSort: (next) => void navigate({ to: '/people', search: { q, sort: next === 'createdAt' ? undefined : next, id }, replace: true }) }}
        label={t('nav.people')}
        emptyTitle={t('record.noMatch')}
        emptyAction={state === 'active' && <Button onClick={() => setState('everybody')}>{say('people.searchLeft')}</Button>}
        columns={[{ name: t('record.person'), sorts: ['name', '-name'] }, t('staff.job'), { name: t('staff.teams'), optional: true }, { name: t('staff.skills'), optional: true }, { name: t('staff.atHand'), end: true }]}
        rowClass={styles.row}
        renderRow={(person: Staff) => (
          <button type="button" className={`${page.row} ${styles.row}`} data-current={person.id === id || undefined} onClick={() => open(person.id)}>
            <span className={page.name}>
              <Avatar name={person.name} />
              <span>{person.name}</span>
              {!person.active && <Badge>{t('staff.inactive')}</Badge>}
              {person.active && person.absent !== null && <Badge tone="warning">{say('people.absent')}</Badge>}
            </span>
            <span>{t(jobTexts[person.job])}</span>
            <span className={page.muted} data-optional>{person.teams.map((one) => one.name).join(t('common.listSeparator'))}</span>
            <span className={page.muted} data-optional>{person.skills.map((skill) => `${skill.skill} ${skill.level}`).join(' · ')}</span>
            <span className={page.number}>{person.openTickets > 0 ? person.openTickets : ''}</span>
          </button>
        )}
      />}
      {id !== undefined && <StaffDrawer id={id} onClose={() => open(undefined)} />}
      {creating && <StaffForm onClose={() => setCreating(false)} onInvite={setInvited} onDone={(made) => open(made.id)} />}
      {invited !== null && <Invitation {...invited} onClose={() => setInvited(null)} />}
    </div>
  );
}
