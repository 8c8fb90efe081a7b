import { Tooltip } from 'antd';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Presence } from '../../../contract/desk.ts';
import { api } from '../../ui/api.ts';
import { feed } from '../../ui/feed.ts';
import { Avatar } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { useSession } from '../session/session.tsx';
import styles from './presence.module.css';

const beat = 10_000;
/** So long after the last key somebody counts as writing. */
const typingLasts = 5_000;

type Person = Presence['people'][number];

/** Says that one is on a ticket and hears who else is (在看与输入中); `onTyping` is called as one writes. */
export function usePresence(ticketId: string): { people: readonly Person[]; onTyping: (note: boolean) => void } {
  const { me } = useSession();
  const [people, setPeople] = useState<readonly Person[]>([]);
  const typed = useRef(0);
  const note = useRef(false);
  const tell = useRef<(state?: 'left') => void>(() => {});

  useEffect(() => {
    const tab = crypto.getRandomValues(new Uint32Array(2)).join('-');
    let gone = false;
    const send = (state?: 'left'): void => {
      const said = state ?? (Date.now() - typed.current < typingLasts ? 'typing' : 'viewing');
      if (said !== 'left' && document.visibilityState === 'hidden') return;
      void api.post<Presence>(`/tickets/${ticketId}/presence`, { state: said, tab, ...(said === 'typing' && note.current ? { note: true } : {}) }, { timeout: 8000 }).then(
        ({ data }) => {
          if (!gone) setPeople(data.people);
        },
        () => {
          // Who is here is known a moment later; nothing depends on it.
        },
      );
    };
    tell.current = send;
    send();
    const timer = setInterval(send, beat);
    const onVisibility = (): void => send(document.visibilityState === 'hidden' ? 'left' : undefined);
    document.addEventListener('visibilitychange', onVisibility);
    const unsubscribe = feed.subscribe((event) => {
      if (event.type !== 'presence') return;
      const heard = event.data as Presence;
      // It names everybody, for it goes to all windows of all who are there.
      if (heard.ticketId === ticketId) setPeople(heard.people.filter((person) => person.id !== me.id));
    });
    return () => {
      gone = true;
      clearInterval(timer);
      document.removeEventListener('visibilitychange', onVisibility);
      unsubscribe();
      send('left');
    };
  }, [ticketId, me.id]);

  const onTyping = useCallback((internal: boolean) => {
    const fresh = Date.now() - typed.current > typingLasts || internal !== note.current;
    note.current = internal;
    typed.current = Date.now();
    if (!fresh) return;
    tell.current();
    setTimeout(() => tell.current(), typingLasts + 200);
  }, []);
  return { people, onTyping };
}

/** Who else is on the ticket, at its head. */
export function PresenceLine({ people }: { people: readonly Person[] }) {
  const { t } = useTexts();
  if (people.length === 0) return null;
  const typing = people.filter(({ state }) => state === 'typing');
  const shown = typing.length > 0 ? typing : people;
  const said = t(typing.length > 0 ? 'presence.typing' : 'presence.viewing', { names: shown.slice(0, 3).map(({ name }) => name).join(t('common.listSeparator')) });
  return (
    <span className={styles.presence} role="status" aria-label={said}>
      <span className={styles.pictures}>
        {people.slice(0, 4).map((person) => (
          <Tooltip key={person.id} title={person.name}>
            <span className={styles.picture} data-typing={person.state === 'typing' || undefined}><Avatar name={person.name} size={20} /></span>
          </Tooltip>
        ))}
      </span>
      <span className={styles.said}>{said}</span>
    </span>
  );
}
