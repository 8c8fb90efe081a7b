import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useCallback, useEffect, useState } from 'react';
import { feed } from '../../ui/feed.ts';
import { useSession } from '../session/session.tsx';
import { currentCalls, telephone } from './data.ts';
import styles from './calls.module.css';

const CallPop = lazy(async () => ({ default: (await import('./call-pop.tsx')).CallPop }));

const Softphone = lazy(async () => ({ default: (await import('../softphone/softphone.tsx')).Softphone }));

/** More cards than this hide the page. */
const mostCards = 3;

/** Watches one's own telephone (来电监听): what rings pops up beside whatever page, so that it lies over nothing, and stays until it is closed. */
export function WatchCalls() {
  const { may } = useSession();
  const queryClient = useQueryClient();
  const standing = useQuery({ ...telephone, enabled: may('ticket.read') }).data;
  const [connected, softphone] = [standing?.connected === true, standing?.softphone === true];
  const ringing = useQuery({ ...currentCalls, enabled: connected });
  const [closed, setClosed] = useState<readonly string[]>([]);
  const [shown, setShown] = useState<readonly string[]>([]);
  const show = useCallback((id: string) => setShown((before) => (before.includes(id) ? before : [id, ...before])), []);
  const found = ringing.data;
  // They come with the newest first, and each is put before those that are shown.
  useEffect(() => found?.toReversed().forEach((call) => show(call.id)), [found, show]);
  useEffect(() => {
    if (!connected) return undefined;
    return feed.subscribe((event) => {
      // What was told while nobody listened is asked for; also what rang between the page's first question and the first connection.
      if (event.type === 'reset' || event.type === 'ready') void queryClient.invalidateQueries({ queryKey: ['calls'] });
      if (event.type !== 'call') return;
      const { id } = event.data as { id: string };
      void queryClient.invalidateQueries({ queryKey: ['calls', 'one', id] });
      void queryClient.invalidateQueries({ queryKey: ['calls', 'list'] });
      void queryClient.invalidateQueries({ queryKey: currentCalls.queryKey });
    });
  }, [connected, queryClient]);
  const cards = shown.filter((id) => !closed.includes(id)).slice(0, mostCards);
  const close = useCallback((id: string) => setClosed((before) => [...before, id]), []);
  if (cards.length === 0 && !softphone) return null;
  // The card of the call that goes on is where it is answered.
  const held = cards.find((id) => found?.some((call) => call.id === id)) ?? null;
  return (
    <div className={styles.pops} data-bare={cards.length === 0 || undefined}>
      {softphone && <Suspense><Softphone docked={held !== null} /></Suspense>}
      {cards.length > 0 && <Suspense><CallPop ids={cards} held={softphone ? held : null} onClose={close} /></Suspense>}
    </div>
  );
}
