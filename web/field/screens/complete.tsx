import { lazy, Suspense, useEffect } from 'react';
import { useJob } from '../data/live.ts';
import { useTexts } from '../i18n.ts';
import { ScreenHead } from '../parts/screen-head.tsx';
import { SyncLine } from '../parts/sync-line.tsx';
import { goTo, hrefTo } from '../router.ts';
import { EmptyState } from '../../ui/react/empty-state.tsx';

// What draws and checks the form of a ticket's type is fetched with it; kept for when there is no network.
const CompleteForm = lazy(async () => ({ default: (await import('./complete-form.tsx')).CompleteForm }));

/** Completes a job (完工): result, photos, signature; then a look over everything before it is sent. */
export function CompleteScreen({ visitId }: { visitId: string }) {
  const { t } = useTexts();
  const job = useJob(visitId);
  const done = job != null && job.visit.status === 'completed';
  useEffect(() => {
    if (done) goTo({ screen: 'done', visitId }, { replace: true });
  }, [done, visitId]);
  const open = job != null && job.visit.actions.includes('complete') && job.refused === null;
  return (
    <>
      <ScreenHead title={t('complete.title')} back={{ screen: 'job', visitId }} />
      <main className="screen with-actions">
        <SyncLine />
        {open && (
          <Suspense fallback={null}>
            <CompleteForm job={job} />
          </Suspense>
        )}
        {job === null || (job !== undefined && !open && !done) ? (
          <EmptyState title={t('job.notFound')} action={<a className="secondary-button" href={hrefTo({ screen: 'job', visitId })}>{t('done.see')}</a>} />
        ) : null}
      </main>
    </>
  );
}
