import { lazy, Suspense, useEffect, useState } from 'react';
import { EmptyState } from '../../ui/react/empty-state.tsx';
import { PriorityMark } from '../../ui/react/priority-mark.tsx';
import { Ago, RemainingTime } from '../../ui/react/relative-time.tsx';
import { farCheckInMetres } from '../../../rules/places/track.ts';
import { useJob } from '../data/live.ts';
import { fetchTimeline, fetchVisit } from '../data/sync.ts';
import { useTexts } from '../i18n.ts';
import { isOver, type Job } from '../jobs.ts';
import { ChecklistCard } from '../parts/checklist-card.tsx';
import { CallButton, NavigateButton } from '../parts/contact.tsx';
import { ConflictBox } from '../parts/conflict-box.tsx';
import { DeclineSheet } from '../parts/decline-sheet.tsx';
import { Messages } from '../parts/messages.tsx';
import { PhotoStrip } from '../parts/photo-strip.tsx';
import { RefusedBox } from '../parts/refused-box.tsx';
import { ScreenHead } from '../parts/screen-head.tsx';
import { CrewLine } from '../parts/crew-line.tsx';
import { StepButton } from '../parts/step-button.tsx';
import { StepsLine } from '../parts/steps-line.tsx';
import { SyncLine } from '../parts/sync-line.tsx';
import { TrackingLine } from '../parts/tracking-line.tsx';
import { PendingMark, VisitStatusTag } from '../parts/visit-status.tsx';
import { WindowLine } from '../parts/window-line.tsx';
import { formatDistance } from '../places.ts';
import { hrefTo } from '../router.ts';

const OwnFields = lazy(async () => ({ default: (await import('../parts/own-fields.tsx')).OwnFields }));

/** One job: what, where, who, and the next step in reach of the thumb (任务). */
export function JobScreen({ visitId }: { visitId: string }) {
  const { t } = useTexts();
  const job = useJob(visitId);
  const ticketId = job == null || job.visit.ticket.withheld ? undefined : job.visit.ticket.id;
  const over = job != null && isOver(job);

  useEffect(() => void fetchVisit(visitId), [visitId]);
  useEffect(() => {
    if (ticketId !== undefined) void fetchTimeline(ticketId);
  }, [ticketId]);

  if (job === undefined) return <ScreenHead title="" back={{ screen: 'today' }} />;
  if (job === null) {
    return (
      <>
        <ScreenHead title="" back={{ screen: 'today' }} />
        <main className="screen">
          <SyncLine />
          <EmptyState title={t('job.notFound')} hint={t('job.notFoundHint')} action={<a className="secondary-button" href={hrefTo({ screen: 'today' })}>{t('job.toToday')}</a>} />
        </main>
      </>
    );
  }
  return (
    <>
      <ScreenHead title={job.visit.ticket.number} back={{ screen: over ? 'history' : 'today' }} />
      <main className={over ? 'screen' : 'screen with-actions'}>
        <SyncLine />
        {job.visit.ticket.withheld ? <WithheldFacts job={job} /> : <JobFacts job={job} />}
      </main>
      {!over && <JobActions job={job} />}
    </>
  );
}

/** A job that went to somebody else: what was done here, and nothing of the ticket. */
function WithheldFacts({ job: { visit } }: { job: Job }) {
  const { t } = useTexts();
  return (
    <>
      <section className="job-title">
        <h1 tabIndex={-1}>{t('job.withheld')}</h1>
        <div className="job-tags">
          <VisitStatusTag status={visit.status} />
        </div>
      </section>
      <section className="card">
        <p className="prose">{t('job.withheldHint')}</p>
        {visit.workSummary !== null && (
          <>
            <h2 className="card-title">{t('job.work')}</h2>
            <p className="prose">{visit.workSummary}</p>
          </>
        )}
      </section>
    </>
  );
}

function JobFacts({ job }: { job: Job }) {
  const { t, language } = useTexts();
  const { visit } = job;
  const { ticket } = visit;
  const address = visit.location?.address ?? null;
  const photos = visit.files.filter((file) => file.visitId !== visit.id);
  const workPhotos = visit.files.filter((file) => file.visitId === visit.id);
  return (
    <>
      <section className="job-title">
        <h1 tabIndex={-1}>{ticket.subject}</h1>
        <div className="job-tags">
          {ticket.priority !== null && <PriorityMark priority={ticket.priority} withLabel />}
          <VisitStatusTag status={visit.status} />
          {job.pending.length > 0 && job.refused === null && <PendingMark />}
        </div>
        <WindowLine visit={visit} long />
        <CrewLine visit={visit} />
      </section>
      <RefusedBox job={job} />
      <TrackingLine visitId={visit.id} />
      <ConflictBox visit={visit} />
      {visit.note !== null && (
        <p className="card job-note"><strong>{t('job.note')}</strong>{visit.note}</p>
      )}
      {visit.status !== 'declined' && visit.status !== 'cancelled' && (
        <section className="card">
          <StepsLine visit={visit} />
        </section>
      )}
      <section className="card">
        {address !== null && <p className="job-address">{address}</p>}
        <p className="job-customer">
          {ticket.requesterName ?? t('job.unnamed')}
          {ticket.requesterPhone !== null && <span className="job-phone">{ticket.requesterPhone}</span>}
        </p>
        {!isOver(job) && (
          <div className="tile-row">
            <CallButton visit={visit} />
            <NavigateButton visit={visit} />
          </div>
        )}
      </section>
      <section className="card" aria-labelledby="job-what">
        <h2 id="job-what" className="card-title">{t('job.what')}</h2>
        <p className="prose job-description">{ticket.description === '' ? ticket.subject : ticket.description}</p>
        {photos.length > 0 && <PhotoStrip files={photos} />}
        <dl className="facts">
          {ticket.category !== null && <><dt>{t('job.category')}</dt><dd>{ticket.category.join(' / ')}</dd></>}
          {ticket.asset !== null && <><dt>{t('job.asset')}</dt><dd><a className="asset-link" href={hrefTo({ screen: 'asset', code: ticket.asset.code })}>{ticket.asset.name}<span className="job-code">{ticket.asset.code}</span></a></dd></>}
          <dt>{t('job.reported')}</dt>
          <dd><Ago value={ticket.createdAt} /></dd>
          {typeof ticket.dueAt === 'string' && !isOver(job) && <><dt>{t('job.due')}</dt><dd><RemainingTime deadline={ticket.dueAt} /></dd></>}
        </dl>
      </section>
      <ChecklistCard job={job} />
      <Suspense fallback={null}>
        <OwnFields job={job} />
      </Suspense>
      {visit.obstacle?.kind !== undefined && (
        <section className="card obstacle-told" aria-labelledby="job-obstacle">
          <h2 id="job-obstacle" className="card-title">{t('obstacle.told')}</h2>
          <p className="obstacle-name">{t(`obstacle.${visit.obstacle.kind}`)}</p>
          {visit.obstacle.note !== null && <p className="prose">{visit.obstacle.note}</p>}
          {visit.needs.length > 0 && (
            <>
              <h3 className="card-subtitle">{t('obstacle.needs')}</h3>
              <ul className="needs">{visit.needs.map((line) => <li key={line}>{line}</li>)}</ul>
            </>
          )}
          <p className="card-note"><Ago value={visit.obstacle.at} /></p>
        </section>
      )}
      {(visit.workSummary !== null || visit.checkInDistance !== null || workPhotos.length > 0) && (
        <section className="card" aria-labelledby="job-work">
          <h2 id="job-work" className="card-title">{t('job.work')}</h2>
          {visit.workSummary !== null && <p className="prose">{visit.workSummary}</p>}
          {visit.parts.length > 0 && (
            <>
              <h3 className="card-subtitle">{t('job.parts')}</h3>
              <ul className="needs">{visit.parts.map((line) => <li key={line}>{line}</li>)}</ul>
            </>
          )}
          {workPhotos.length > 0 && <PhotoStrip files={workPhotos} />}
          {visit.signedBy !== null && <p className="card-note">{t('job.signedBy', { name: visit.signedBy })}</p>}
          {visit.checkInDistance !== null && <p className="card-note">{t(visit.checkInDistance > farCheckInMetres ? 'job.farDistance' : 'job.distance', { distance: formatDistance(visit.checkInDistance, language) })}{visit.checkInReason !== null && ` · ${visit.checkInReason}`}</p>}
        </section>
      )}
      <Messages ticketId={ticket.id} toldObstacle={visit.obstacle?.at ?? null} />
    </>
  );
}

function JobActions({ job }: { job: Job }) {
  const { t } = useTexts();
  const [declining, setDeclining] = useState(false);
  const { visit } = job;
  const blocked = job.refused !== null;
  return (
    <div className="action-bar">
      {!blocked && visit.actions.includes('decline') && (
        <button type="button" className="secondary-button" onClick={() => setDeclining(true)}>
          {t('step.decline')}
        </button>
      )}
      {!blocked && visit.actions.includes('report_obstacle') && (
        <a className="secondary-button" href={hrefTo({ screen: 'obstacle', visitId: visit.id })}>
          {t('step.obstacle')}
        </a>
      )}
      {!blocked && visit.actions.includes('log_work') && (
        <a className="secondary-button" href={hrefTo({ screen: 'log', visitId: visit.id })}>
          {t('step.log_work')}
        </a>
      )}
      <StepButton job={job} />
      <DeclineSheet job={job} open={declining} onClose={() => setDeclining(false)} />
    </div>
  );
}
