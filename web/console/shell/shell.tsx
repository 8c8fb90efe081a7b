import { useQueryClient } from '@tanstack/react-query';
import { Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect } from 'react';
import { ErrorBoundary } from '../../ui/react/index.ts';
import { forgetOldDrafts } from '../data/drafts.ts';
import { categories } from '../data/records.ts';
import { useTexts } from '../i18n.ts';
import { startLive } from '../live/live.ts';
import { startOutgoing } from '../live/outgoing.ts';
import { WatchCalls } from '../calls/watch-calls.tsx';
import { Popups } from '../notifications/popups.tsx';
import { useKeys } from '../parts/keys.ts';
import { useSession } from '../session/session.tsx';
import { ConnectionNotice } from './connection.tsx';
import { Navigation } from './navigation.tsx';
import { useOverlays } from './overlay-context.ts';
import { OverlayProvider } from './overlays.tsx';
import styles from './shell.module.css';

/** The frame of every page: navigation at the side (at the foot on a phone), what lies over the page, live changes. */
export function Shell() {
  return (
    <OverlayProvider>
      <Frame />
    </OverlayProvider>
  );
}

function Frame() {
  const { t } = useTexts();
  const session = useSession();
  const overlays = useOverlays();
  const queryClient = useQueryClient();
  const page = useRouterState({ select: (state) => state.location.pathname });

  useEffect(() => forgetOldDrafts(Date.now()), []);
  useEffect(() => startLive(queryClient, session.me), [queryClient, session.me]);
  useEffect(() => startOutgoing(queryClient, session.me), [queryClient, session.me]);
  useEffect(() => {
    // The tree tells which lists a ticket belongs on when it changes.
    if (session.may('ticket.read')) void queryClient.prefetchQuery(categories);
  }, [queryClient, session]);

  useEffect(() => {
    function onKeyDown(event: KeyboardEvent): void {
      if (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey) {
        event.preventDefault();
        overlays.open({ kind: 'commands' });
      }
    }
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [overlays]);

  useKeys({
    '?': () => overlays.open({ kind: 'keys' }),
    '/': () => overlays.open({ kind: 'commands' }),
    c: () => {
      if (session.may('ticket.create')) overlays.open({ kind: 'newTicket' });
    },
  });

  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#content">
        {t('nav.skip')}
      </a>
      <Navigation />
      <Popups />
      <main className={styles.main} id="content" tabIndex={-1}>
        <ConnectionNotice />
        <div className={styles.beside}>
          <div className={styles.page}>
            <ErrorBoundary resetKey={page}>
              <Outlet />
            </ErrorBoundary>
          </div>
          <WatchCalls />
        </div>
      </main>
    </div>
  );
}
