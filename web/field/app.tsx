import './field.css';
import { lazy, Suspense, useEffect, useState } from 'react';
import { applyUpdate, onUpdateReady } from '../ui/pwa.ts';
import { ErrorBoundary } from '../ui/react/error-boundary.tsx';
import { startBoard, useSession } from './data/live.ts';
import { startSession } from './data/session.ts';
import { startSync } from './data/sync.ts';
import { startTracking } from './data/tracking.ts';
import { useTexts } from './i18n.ts';
import { NewJobBanner } from './parts/new-job-banner.tsx';
import { useSettling } from './parts/settling.ts';
import { TabBar } from './parts/tab-bar.tsx';
import { isTab, useRoute, type Route } from './router.ts';
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
import { UnsentScreen } from './screens/unsent.tsx';
import { WorkLogScreen } from './screens/work-log.tsx';

const AssetScreen = lazy(async () => ({ default: (await import('./screens/asset.tsx')).AssetScreen }));
const ScanScreen = lazy(async () => ({ default: (await import('./screens/scan.tsx')).ScanScreen }));

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
    const endTracking = startTracking();
    const endUpdates = onUpdateReady(() => setReady(true));
    return () => {
      endBoard();
      endSync();
      endTracking();
      endUpdates();
    };
  }, []);

  // Screen readers and thumbs begin at the top of every new screen.
  useEffect(() => {
    if (route.screen !== 'today') scrollTo(0, 0);
    document.querySelector<HTMLElement>('h1[tabindex]')?.focus({ preventScroll: true });
  }, [route]);

  const tab = isTab(route) ? route.screen : null;
  return (
    <div className={tab === null ? 'app' : 'app with-tabs'} data-settling={settling || undefined}>
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
      {tab !== null && <TabBar active={tab} />}
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
    case 'unsent':
      return <UnsentScreen />;
    case 'scan':
      return <Suspense fallback={null}><ScanScreen /></Suspense>;
    case 'asset':
      return <Suspense fallback={null}><AssetScreen code={route.code} /></Suspense>;
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
