import { Input, Segmented } from 'antd';
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import type { Staff } from '../../../contract/organization.ts';
import type { Ticket } from '../../../contract/ticket.ts';
import { Avatar, ProblemAlert } from '../../ui/react/index.ts';
import { useQuery } from '@tanstack/react-query';
import type { TechnicianProposal } from '../../../contract/dispatch.ts';
import { soundsLike } from '../../../rules/text/pinyin.ts';
import { useColleagues } from '../data/colleagues.ts';
import { technicianProposals } from '../data/proposals.ts';
import { useTexts } from '../i18n.ts';
import { useDebounced } from '../parts/debounced.ts';
import { AbsentNote } from '../parts/absent-note.tsx';
import { Delayed } from '../parts/delayed.tsx';
import { Icon } from '../parts/icon.tsx';
import { jobTexts } from '../parts/names.ts';
import { RowSkeleton } from '../parts/row-skeleton.tsx';
import { ProposalBasis, ProposalWords, RuledOut } from './proposal-list.tsx';
import type { VisitWindow } from './visit-windows.ts';
import styles from './staff-picker.module.css';

/** So many open tickets fill the bar of somebody's load. */
const fullLoad = 10;

/** Somebody who can be given a ticket, with their score where they were proposed. */
export type Candidate = Pick<Staff, 'id' | 'name' | 'absent'> & { proposal?: TechnicianProposal };
type Props = { ticket: Ticket; window: VisitWindow | null; chosen: Candidate | null; onChoose: (person: Candidate | null) => void; onConfirm: (person: Candidate) => void };

/**
 * Whom to give it to (选择处理人): whom to send, where the ticket has a place; else the ticket's team first, technicians first,
 * the least loaded first.
 */
export function StaffPicker({ ticket, window, chosen, onChoose, onConfirm }: Props) {
  const { t } = useTexts();
  const [scope, setScope] = useState<'suggested' | 'team' | 'everyone'>(ticket.location !== null || ticket.asset !== null ? 'suggested' : ticket.team === null ? 'everyone' : 'team');
  const suggesting = scope === 'suggested';
  const [typed, setTyped] = useState('');
  const q = useDebounced(typed.trim(), 160);
  const listId = useId();
  const list = useRef<HTMLDivElement>(null);
  const found = useColleagues(q, { team: scope === 'team' ? ticket.team?.id : undefined, enabled: !suggesting || q !== '' });
  const proposed = useQuery({ ...technicianProposals(ticket.id, window), enabled: suggesting && (window === null || window.end > window.start) });
  const colleagues = found.people
    .filter((person) => person.active)
    .sort((a, b) => Number(b.job === 'technician') - Number(a.job === 'technician') || a.openTickets - b.openTickets);
  const items = (proposed.data?.items ?? []).filter(({ technician: { name } }) => q === '' || name.toLowerCase().includes(q.toLowerCase()) || soundsLike(name, q));
  // Whoever is looked for by name is found, proposed or not: the choice is the dispatcher's.
  const others = !suggesting ? colleagues : q === '' ? [] : colleagues.filter(({ id }) => !items.some(({ technician }) => technician.id === id));
  const reasons = new Map((suggesting ? proposed.data?.ruledOut ?? [] : []).map(({ technician, title, detail }) => [technician.id, detail === null ? title : `${title} · ${detail}`]));
  const people: readonly Candidate[] = [...(suggesting ? items.map((proposal) => ({ ...proposal.technician, absent: null, proposal })) : []), ...others];
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
      <Segmented
        block
        className={styles.scope}
        size="small"
        aria-label={t('assign.scope')}
        value={scope}
        onChange={setScope}
        options={[{ value: 'suggested', label: t('propose.suggested') }, ...(ticket.team === null ? [] : [{ value: 'team' as const, label: ticket.team.name }]), { value: 'everyone', label: t('assign.everyone') }]}
      />
      <div id={listId} ref={list} role="listbox" aria-label={t('assign.people')} className={styles.people}>
        {suggesting && items.map((proposal, index) => (
          <div
            key={proposal.technician.id}
            id={`${listId}-${proposal.technician.id}`}
            role="option"
            tabIndex={-1}
            onKeyDown={onKeyDown}
            aria-selected={proposal.technician.id === chosen?.id}
            className={styles.person}
            onClick={() => onChoose(people[index] ?? null)}
            onDoubleClick={() => onConfirm(people[index]!)}
          >
            <ProposalWords proposal={proposal} best={index === 0 && q === ''} current={proposal.technician.id === ticket.assignee?.id} />
          </div>
        ))}
        {others.map((person) => (
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
                {reasons.get(person.id) ?? ([...person.skills].sort((a, b) => b.level - a.level).slice(0, 3).map((skill) => `${skill.skill} ${skill.level}`).join(' · ') || person.teams.map((team) => team.name).join(' · '))}
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
      {suggesting && proposed.isSuccess && people.length === 0 && !(q !== '' && found.isPending) && <p className={styles.nobody}>{t(q === '' ? 'propose.nobody' : 'assign.nobodyFound')}</p>}
      {suggesting && proposed.data !== undefined && <><ProposalBasis proposals={proposed.data} /><RuledOut proposals={proposed.data} /></>}
      {(suggesting ? proposed.isLoading : found.isPending) && <Delayed><RowSkeleton rows={5} height={52} /></Delayed>}
      {!suggesting && found.isError && <ProblemAlert error={found.error} onRetry={() => void found.refetch()} />}
      {suggesting && proposed.isError && <ProblemAlert error={proposed.error} onRetry={() => void proposed.refetch()} />}
      {!suggesting && !found.isPending && people.length === 0 && !found.isError && <p className={styles.nobody}>{t('assign.nobodyFound')}</p>}
    </div>
  );
}
