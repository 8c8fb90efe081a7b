import { PullToRefresh } from 'antd-mobile';
import { RightOutline } from 'antd-mobile-icons';
import { useEffect } from 'react';
import { useNow } from '../../ui/react/now.ts';
import { EmptyState } from '../../ui/react/empty-state.tsx';
import { formatTime } from '../../ui/time.ts';
import { useBoard } from '../data/live.ts';
import { fetchDone } from '../data/sync.ts';
import { useTexts } from '../i18n.ts';
import { endOf, type Job } from '../jobs.ts';
import { SyncLine } from '../parts/sync-line.tsx';
import { PendingMark, VisitStatusTag } from '../parts/visit-status.tsx';
import { hrefTo } from '../router.ts';
import { formatDay } from '../windows.ts';

/** What is over, day by day (记录). */
export function HistoryScreen() {
  const { t, language } = useTexts();
  const now = useNow();
  const board = useBoard();
  useEffect(() => void fetchDone(), []);

  const days = new Map<string, Job[]>();
  for (const job of board?.done ?? []) {
    const day = formatDay(endOf(job), now, language);
    days.set(day, [...(days.get(day) ?? []), job]);
  }

  return (
    <main>
      <PullToRefresh onRefresh={fetchDone} pullingText={t('today.pull')} canReleaseText={t('today.release')} refreshingText={t('common.loading')} completeText={t('today.refreshed')}>
        <div className="screen">
          <header className="plain-head">
            <h1 tabIndex={-1}>{t('history.title')}</h1>
          </header>
          <SyncLine />
          {[...days].map(([day, jobs]) => (
            <section key={day}>
              <h2 className="section-title">
                {day}
                <span className="section-count">{jobs.length}</span>
              </h2>
              <div className="job-list">
                {jobs.map((job) => (
                  <a key={job.visit.id} className="job-row" href={hrefTo({ screen: 'job', visitId: job.visit.id })}>
                    <span className="history-time">{formatTime(endOf(job), language)}</span>
                    <span className="job-row-body">
                      <span className="job-row-title">{job.visit.ticket.withheld ? t('job.withheld') : job.visit.ticket.subject}</span>
                      <span className="job-row-place">{job.visit.location?.address ?? job.visit.ticket.number}</span>
                      <span className="card-tags">
                        <VisitStatusTag status={job.visit.status} />
                        {job.pending.length > 0 && <PendingMark />}
                      </span>
                    </span>
                    <RightOutline className="job-row-arrow" aria-hidden="true" />
                  </a>
                ))}
              </div>
            </section>
          ))}
          {board !== undefined && days.size === 0 && <EmptyState title={t('history.empty')} hint={t('history.emptyHint')} />}
        </div>
      </PullToRefresh>
    </main>
  );
}
