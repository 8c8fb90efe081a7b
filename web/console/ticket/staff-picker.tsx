import { Input, Segmented } from 'antd';
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import type { Staff } from '../../../contract/organization.ts';
import type { Ticket } from '../../../contract/ticket.ts';
import { Avatar, ProblemAlert } from '../../ui/react/index.ts';
import { useColleagues } from '../data/colleagues.ts';
import { useTexts } from '../i18n.ts';
import { useDebounced } from '../parts/debounced.ts';
import { AbsentNote } from '../parts/absent-note.tsx';
import { Delayed } from '../parts/delayed.tsx';
import { Icon } from '../parts/icon.tsx';
import { jobTexts } from '../parts/names.ts';
import { RowSkeleton } from '../parts/row-skeleton.tsx';
import styles from './staff-picker.module.css';

/** So many open tickets fill the bar of somebody's load. */
const fullLoad = 10;

type Props = { ticket: Ticket; chosen: Staff | null; onChoose: (person: Staff | null) => void; onConfirm: (person: Staff) => void };

/** Whom to give it to (选择处理人): the ticket's team first, technicians first, the least loaded first. */
export function StaffPicker({ ticket, chosen, onChoose, onConfirm }: Props) {
  const { t } = useTexts();
  const [scope, setScope] = useState<'team' | 'everyone'>(ticket.team === null ? 'everyone' : 'team');
  const [typed, setTyped] = useState('');
  const q = useDebounced(typed.trim(), 160);
  const listId = useId();
  const list = useRef<HTMLDivElement>(null);
  const found = useColleagues(q, { team: scope === 'team' ? ticket.team?.id : undefined });
  const people = found.people
    .filter((person) => person.active)
    .sort((a, b) => Number(b.job === 'technician') - Number(a.job === 'technician') || a.openTickets - b.openTickets);
  const at = people.findIndex((person) => person.id === chosen?.id);

  useEffect(() => {
    if (at >= 0) list.current?.children[at]?.scrollIntoView({ block: 'nearest' });
  }, [at]);

  function onKeyDown(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const next = people[Math.max(0, Math.min(people.length - 1, at + (event.key === 'ArrowDown' ? 1 : -1)))];
      if (next !== undefined) onChoose(next);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      const person = people[at] ?? (people.length === 1 ? people[0] : undefined);
      if (person !== undefined) onConfirm(person);
    }
  }

  return (
    <div className={styles.picker}>
      <Input
        autoFocus
        prefix={<Icon name="search" />}
        placeholder={t('assign.search')}
        aria-label={t('assign.search')}
        role="combobox"
        aria-expanded
        aria-controls={listId}
        aria-activedescendant={chosen === null ? undefined : `${listId}-${chosen.id}`}
        value={typed}
        maxLength={100}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {ticket.team !== null && (
        <Segmented
          block
          className={styles.scope}
          size="small"
          aria-label={t('assign.scope')}
          value={scope}
          onChange={setScope}
          options={[{ value: 'team', label: ticket.team.name }, { value: 'everyone', label: t('assign.everyone') }]}
        />
      )}
      <div id={listId} ref={list} role="listbox" aria-label={t('assign.people')} className={styles.people}>
        {people.map((person) => (
          <div
            key={person.id}
            id={`${listId}-${person.id}`}
            role="option"
            tabIndex={-1}
            onKeyDown={onKeyDown}
            aria-selected={person.id === chosen?.id}
            className={styles.person}
            onClick={() => onChoose(person)}
            onDoubleClick={() => onConfirm(person)}
          >
            <Avatar name={person.name} size={28} />
            <span className={styles.words}>
              <span className={styles.name}>
                {person.name}
                <span className={styles.job}>{t(jobTexts[person.job])}</span>
                {person.id === ticket.assignee?.id && <span className={styles.current}>{t('assign.current')}</span>}
              </span>
              <AbsentNote absent={person.absent} />
              <span className={styles.skills}>
                {[...person.skills].sort((a, b) => b.level - a.level).slice(0, 3).map((skill) => `${skill.skill} ${skill.level}`).join(' · ') || person.teams.map((team) => team.name).join(' · ')}
              </span>
            </span>
            <span className={styles.load}>
              {t('assign.load', { count: person.openTickets })}
              <span className={styles.bar} data-full={person.openTickets >= fullLoad || undefined}>
                <span style={{ width: `${Math.min(100, (person.openTickets / fullLoad) * 100)}%` }} />
              </span>
            </span>
          </div>
        ))}
      </div>
      {found.isPending && <Delayed><RowSkeleton rows={5} height={52} /></Delayed>}
      {found.isError && <ProblemAlert error={found.error} onRetry={() => void found.refetch()} />}
      {!found.isPending && people.length === 0 && !found.isError && <p className={styles.nobody}>{t('assign.nobodyFound')}</p>}
    </div>
  );
}
