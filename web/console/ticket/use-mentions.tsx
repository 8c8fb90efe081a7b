import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useColleagues } from '../data/colleagues.ts';
import { teams } from '../data/records.ts';
import { useTexts } from '../i18n.ts';
import { useDebounced } from '../parts/debounced.ts';
import { Icon } from '../parts/icon.tsx';
import { jobTexts, localName } from '../parts/names.ts';
import { soundsLike } from '../../../rules/text/pinyin.ts';
import styles from './composer.module.css';

export type Mentioned = { id: string; name: string; team?: true };
const mostPeople = 20;

/** Whom “@” offers in a note (提到同事): by name, pinyin or initials, people first and teams after them. */
export function useMentions(onMention: (who: Mentioned) => void) {
  const { t, language } = useTexts();
  const [sought, setSought] = useState<string | null>(null);
  const typed = useDebounced((sought ?? '').trim(), 120);
  const colleagues = useColleagues(typed, { enabled: sought !== null });
  const teamList = useQuery({ ...teams, enabled: sought !== null });
  const people = colleagues.people.filter((person) => person.active).slice(0, mostPeople);
  const found = (teamList.data ?? []).filter((team) => typed === '' || `${team.name} ${team.nameEn ?? ''}`.toLowerCase().includes(typed.toLowerCase()) || soundsLike(team.name, typed)).slice(0, typed === '' ? 3 : 10);
  const stillPointer = usePointerStill(sought !== null);
  // The space behind a mention is there already: whoever types one out of habit does not get two.
  const spaced = useRef(false);

  return {
    props: {
      // Whoever is there already can be taken while others are still looked for.
      loading: colleagues.isFetching && people.length === 0 && found.length === 0,
      filterOption: false as const,
      notFoundContent: <span className={styles.nobody}>{t(colleagues.isFetching ? 'mention.looking' : 'mention.nobody')}</span>,
      classNames: { popup: styles.mentions },
      onSearch: setSought,
      onSelect: (option: { key?: string | undefined }) => {
        const team = found.find((one) => one.id === option.key);
        const who = team === undefined ? people.find((one) => one.id === option.key) : { ...team, name: localName(team, language) };
        spaced.current = true;
        if (who !== undefined) onMention({ id: who.id, name: who.name, ...(team === undefined ? {} : { team: true as const }) });
      },
      options: [
        ...people.map((person) => ({
          key: person.id, value: person.name,
          label: <span className={styles.colleague}>{person.name}<span>{[t(jobTexts[person.job]), ...person.teams.map((team) => team.name)].join(' · ')}</span></span>,
        })),
        ...found.map((team) => ({
          key: team.id, value: localName(team, language),
          label: <span className={styles.colleague}><b><Icon name="team" size={14} /> {localName(team, language)}</b><span>{t('mention.team')}</span></span>,
        })),
      ],
    },
    /** Tells whether a stroke is dealt with. */
    onKeyDown(event: KeyboardEvent): boolean {
      stillPointer();
      const area = event.target as HTMLTextAreaElement;
      const doubled = spaced.current && event.key === ' ' && area.selectionStart === area.selectionEnd && area.value[area.selectionStart - 1] === ' ';
      if (event.key.length === 1 || event.key === 'Enter' || event.key === 'Backspace') spaced.current = false;
      if (doubled) event.preventDefault();
      return doubled;
    },
  };
}

/**
 * A row that comes to lie beneath a pointer that rests is not chosen by that (静止的指针): only one that the pointer moves to.
 * What is returned says that one types: from then on the pointer counts as resting until it moves.
 */
function usePointerStill(open: boolean): () => void {
  const still = useRef(true);
  useEffect(() => {
    if (!open) return;
    still.current = true;
    const onMove = (event: MouseEvent): void => {
      if (event.movementX !== 0 || event.movementY !== 0) still.current = false;
    };
    // React tells of entering a row by what the pointer leaves, too.
    const onOver = (event: MouseEvent): void => {
      const entered = event.type.endsWith('out') ? event.relatedTarget : event.target;
      if (still.current && entered instanceof Element && entered.closest(`.${styles.mentions}`) !== null) event.stopPropagation();
    };
    const kinds = ['mouseover', 'mouseout', 'pointerover', 'pointerout'] as const;
    addEventListener('mousemove', onMove, true);
    for (const kind of kinds) addEventListener(kind, onOver, true);
    return () => {
      removeEventListener('mousemove', onMove, true);
      for (const kind of kinds) removeEventListener(kind, onOver, true);
    };
  }, [open]);
  return () => {
    still.current = true;
  };
}
