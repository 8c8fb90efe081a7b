import { Link } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { useTexts } from '../i18n.ts';
import { useOutgoing } from '../live/outgoing.ts';
/** What one has written and is not sent yet, wherever one has gone since (未发出的回复); null when there is nothing to say. */
export function useOutgoingNotice(): { refused: boolean; words: ReactNode; putAside: (() => void) | null } | null {
  const { t } = useTexts();
  const messages = useOutgoing();
  // Until the page is loaded anew; what was refused later is told again.
  const [aside, setAside] = useState<ReadonlySet<string>>(new Set());
  const refused = messages.filter(({ state, key }) => state === 'refused' && !aside.has(key));
  const open = messages.filter(({ state }) => state === 'waiting' || state === 'sending');
  // What goes out at the first attempt needs no word.
  const stuck = open.some(({ attempts }) => attempts > 0) ? open : [];
  const [first] = refused.length > 0 ? refused : stuck;
  if (first === undefined) return null;
  return {
    refused: refused.length > 0,
    putAside: refused.length === 0 ? null : () => setAside((before) => new Set([...before, ...refused.map(({ key }) => key)])),
    words: (
      <>
        {refused.length > 0 ? t('outgoing.refusedCount', { count: refused.length }) : t('outgoing.waitingCount', { count: stuck.length })}{' '}
        <Link to="/tickets/$number" params={{ number: first.number }}>
          {first.number}
        </Link>
      </>
    ),
  };
}
