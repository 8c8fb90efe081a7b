import './field.css';
import { useEffect, useState } from 'react';
import { applyUpdate, onUpdateReady } from '../ui/pwa.ts';
import { ErrorBoundary } from '../ui/react/error-boundary.tsx';
import { startBoard, useSession } from './data/live.ts';
import { startSession } from './data/session.ts';
import { startSync } from './data/sync.ts';
import { useTexts } from './i18n.ts';
import { NewJobBanner } from './parts/new-job-banner.tsx';
import { useSettling } from './parts/settling.ts';
import { TabBar } from './parts/tab-bar.tsx';
import { useRoute, type Route } from './router.ts';
import { CompleteScreen } from './screens/complete.tsx';
import { DoneScreen } from './screens/done.tsx';
import { FirstPasswordScreen } from './screens/first-password.tsx';
import { HistoryScreen } from './screens/history.tsx';
import { JobScreen } from './screens/job.tsx';
import { MeScreen } from './screens/me.tsx';
import { ObstacleScreen } from './screens/obstacle.tsx';
import { PoolScreen } from './screens/pool.tsx';
import { SignInScreen } from './screens/sign-in.tsx';
import { TodayScreen } from './screens/today.tsx';
import { WorkLogScreen } from './screens/work-log.tsx';

/** The field app (现场端): the sign-in, or the screens behind it. */
export function App() {
  const session = useSession();
  useEffect(() => void startSession(), []);
  if (session.kind === 'starting') return null;
  if (session.kind === 'none') return <SignInScreen />;
  if (session.staff.passwordChangeDue && !session.ended) return <FirstPasswordScreen staff={session.staff} />;
  // Another person on the same phone starts from nothing.
  return <Screens key={session.staff.id} />;
}

function Screens() {
  const { t } = useTexts();
  const route = useRoute();
  const [ready, setReady] = useState(false);
  const settling = useSettling(JSON.stringify(route), { first: false });

  useEffect(() => {
    const endBoard = startBoard();
    const endSync = startSync();
    const endUpdates = onUpdateReady(() => setReady(true));
    return () => {
      endBoard();
      endSync();
      endUpdates();
    };
  }, []);

  // Screen readers and thumbs begin at the top of every new screen.
  useEffect(() => {
    if (route.screen !== 'today') scrollTo(0, 0);
    document.querySelector<HTMLElement>('h1[tabindex]')?.focus({ preventScroll: true });
  }, [route]);

  const isTab = !('visitId' in route);
  return (
    <div className={isTab ? 'app with-tabs' : 'app'} data-settling={settling || undefined}>
      <NewJobBanner />
      {ready && (
        <div className="banner banner-info" role="status">
          <span>{t('update.ready')}</span>
          <button type="button" className="banner-button" onClick={applyUpdate}>
            {t('update.apply')}
          </button>
        </div>
      )}
      <ErrorBoundary key={JSON.stringify(route)}>
        <Screen route={route} />
      </ErrorBoundary>
      {isTab && <TabBar active={route.screen} />}
    </div>
  );
}

function Screen({ route }: { route: Route }) {
  switch (route.screen) {
    case 'today':
      return <TodayScreen />;
    case 'pool':
      return <PoolScreen />;
    case 'history':
      return <HistoryScreen />;
    case 'me':
      return <MeScreen />;
    case 'job':
      return <JobScreen visitId={route.visitId} />;
    case 'log':
      return <WorkLogScreen visitId={route.visitId} />;
    case 'obstacle':
      return <ObstacleScreen visitId={route.visitId} />;
    case 'complete':
      return <CompleteScreen visitId={route.visitId} />;
    case 'done':
      return <DoneScreen visitId={route.visitId} />;
  }
}
