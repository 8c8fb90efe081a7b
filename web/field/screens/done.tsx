import { CheckCircleFill, ClockCircleFill, ExclamationCircleFill } from 'antd-mobile-icons';
import { formatDuration } from '../../ui/time.ts';
import { useBoard, useJob } from '../data/live.ts';
import { useTexts } from '../i18n.ts';
import { JobRow } from '../parts/job-card.tsx';
import { SyncLine } from '../parts/sync-line.tsx';
import { hrefTo } from '../router.ts';

/** The job is done (已完工): whether the server knows, and what comes next. */
export function DoneScreen({ visitId }: { visitId: string }) {
  const { t, language } = useTexts();
  const job = useJob(visitId);
  const board = useBoard();
  if (job == null) return null;
  const { visit } = job;
  const state = job.refused !== null ? 'refused' : job.pending.length > 0 ? 'waiting' : 'sent';
  const Icon = { refused: ExclamationCircleFill, waiting: ClockCircleFill, sent: CheckCircleFill }[state];
  const onSite = visit.checkedInAt !== null && visit.completedAt !== null ? new Date(visit.completedAt).getTime() - new Date(visit.checkedInAt).getTime() : null;
  const next = board?.current[0];
  return (
    <main className="screen done-screen with-actions">
      <SyncLine />
      <div className="done-head" role="status">
        <Icon className={`done-icon done-${state}`} aria-hidden="true" />
        <h1 tabIndex={-1}>{t('done.title')}</h1>
        <p className="done-subject">{visit.ticket.subject}</p>
        <p className="done-note">{t(`done.${state}`)}</p>
        {state === 'sent' && <p className="done-note">{t('done.receipt')}</p>}
      </div>
      <dl className="done-facts">
        <div>
          <dt>{t('done.onSite')}</dt>
          <dd>{onSite === null || onSite < 0 ? '–' : formatDuration(onSite, language)}</dd>
        </div>
        <div>
          <dt>{t('complete.signature')}</dt>
          <dd>{visit.signedBy ?? t('complete.online')}</dd>
        </div>
      </dl>
      {next !== undefined && (
        <section>
          <h2 className="section-title">{t('done.next')}</h2>
          <div className="job-list">
            <JobRow job={next} />
          </div>
        </section>
      )}
      <div className="action-bar">
        <a className="secondary-button" href={hrefTo({ screen: 'job', visitId })}>
          {t('done.see')}
        </a>
        <a className="primary-button" href={hrefTo({ screen: 'today' })}>
          {t('done.today')}
        </a>
      </div>
    </main>
  );
}
