import { EnvironmentOutline, RightOutline, UserOutline } from 'antd-mobile-icons';
import { PriorityMark } from '../../ui/react/priority-mark.tsx';
import { useTexts } from '../i18n.ts';
import type { Job } from '../jobs.ts';
import { hrefTo } from '../router.ts';
import { CallButton, NavigateButton } from './contact.tsx';
import { CrewLine } from './crew-line.tsx';
import { StepButton } from './step-button.tsx';
import { PendingMark, VisitStatusTag } from './visit-status.tsx';
import { WindowLine } from './window-line.tsx';

/** The job that comes next, with all one needs to begin it. */
export function NextJobCard({ job }: { job: Job }) {
  const { t } = useTexts();
  const { visit } = job;
  const place = visit.location?.address ?? null;
  return (
    <article className={`next-card priority-edge-${visit.ticket.priority ?? 'normal'}`}>
      <a className="next-card-link" href={hrefTo({ screen: 'job', visitId: visit.id })}>
        <div className="card-line">
          <WindowLine visit={visit} />
          <span className="card-tags">
            {job.pending.length > 0 && <PendingMark />}
            <VisitStatusTag status={visit.status} />
          </span>
        </div>
        <h3 className="next-card-title">
          {(visit.ticket.priority === 'urgent' || visit.ticket.priority === 'high') && <PriorityMark priority={visit.ticket.priority} withLabel />}
          {visit.ticket.subject}
        </h3>
        {place !== null && (
          <p className="card-fact">
            <EnvironmentOutline aria-hidden="true" />
            {place}
          </p>
        )}
        <p className="card-fact">
          <UserOutline aria-hidden="true" />
          {visit.ticket.requesterName ?? t('job.unnamed')}
          {visit.ticket.category !== null && <span className="card-category">{visit.ticket.category.slice(-2).join(' / ')}</span>}
        </p>
        <CrewLine visit={visit} />
      </a>
      {job.refused !== null ? (
        <a className="refused-link" href={hrefTo({ screen: 'job', visitId: visit.id })}>
          {job.refused.problem?.title}
          <RightOutline aria-hidden="true" />
        </a>
      ) : (
        <div className="next-card-actions">
          <CallButton visit={visit} />
          <NavigateButton visit={visit} />
          <StepButton job={job} />
        </div>
      )}
    </article>
  );
}

/** One of the jobs after that. */
export function JobRow({ job }: { job: Job }) {
  const { t } = useTexts();
  const { visit } = job;
  return (
    <a className="job-row" href={hrefTo({ screen: 'job', visitId: visit.id })}>
      {visit.ticket.priority !== null && <PriorityMark priority={visit.ticket.priority} />}
      <span className="job-row-body">
        <span className="card-line">
          <WindowLine visit={visit} />
          <span className="card-tags">
            {job.refused !== null ? <span className="refused-mark">!</span> : job.pending.length > 0 && <PendingMark />}
            <VisitStatusTag status={visit.status} />
          </span>
        </span>
        <span className="job-row-title">{visit.ticket.subject}</span>
        <span className="job-row-place">{visit.location?.address ?? visit.ticket.requesterName ?? t('job.noPlace')}</span>
      </span>
      <RightOutline className="job-row-arrow" aria-hidden="true" />
    </a>
  );
}
