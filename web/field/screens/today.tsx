import { PullToRefresh } from 'antd-mobile';
import { ScanCodeOutline } from 'antd-mobile-icons';
import { useNow } from '../../ui/react/now.ts';
import { EmptyState } from '../../ui/react/empty-state.tsx';
import { useBoard } from '../data/live.ts';
import { refresh } from '../data/sync.ts';
import { useTexts } from '../i18n.ts';
import { JobRow, NextJobCard } from '../parts/job-card.tsx';
import { SyncLine } from '../parts/sync-line.tsx';
import { hrefTo } from '../router.ts';

/** What is to be done, the next job on top (今天). */
export function TodayScreen() {
  const { t, language } = useTexts();
  const now = useNow();
  const board = useBoard();
  const today = new Date(now).toDateString();
  const [next, ...rest] = board?.current ?? [];
  const running = board?.current.filter(({ visit }) => visit.status === 'travelling' || visit.status === 'on_site').length ?? 0;
  const doneToday = board?.done.filter(({ visit }) => visit.completedAt !== null && new Date(visit.completedAt).toDateString() === today).length ?? 0;
  const counts = [
    { name: t('today.toDo'), count: (board?.current.length ?? 0) - running },
    { name: t('today.running'), count: running },
    { name: t('today.doneToday'), count: doneToday },
  ];
  const date =
    language === 'en'
      ? new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'long' }).format(now)
      : new Intl.DateTimeFormat('zh-CN', { month: 'long', day: 'numeric', weekday: 'long' }).format(now);

  return (
    <main>
      <PullToRefresh onRefresh={refresh} pullingText={t('today.pull')} canReleaseText={t('today.release')} refreshingText={t('common.loading')} completeText={t('today.refreshed')}>
        <div className="screen">
          <header className="today-head">
            <div>
              <h1 tabIndex={-1}>{t('today.title')}</h1>
              <p className="today-date">{date}</p>
            </div>
            <dl className="today-counts">
              {counts.map(({ name, count }) => (
                <div key={name}>
                  <dd>{board === undefined ? '–' : count}</dd>
                  <dt>{name}</dt>
                </div>
              ))}
            </dl>
          </header>
          <SyncLine />
          <a className="scan-link" href={hrefTo({ screen: 'scan' })}><ScanCodeOutline aria-hidden="true" />{t('scan.title')}</a>
          {next !== undefined && (
            <section aria-labelledby="next-title">
              <h2 id="next-title" className="section-title">
                {t(next.visit.status === 'travelling' || next.visit.status === 'on_site' ? 'today.now' : 'today.next')}
              </h2>
              <NextJobCard job={next} />
            </section>
          )}
          {rest.length > 0 && (
            <section aria-labelledby="rest-title">
              <h2 id="rest-title" className="section-title">
                {t('today.rest')}
                <span className="section-count">{rest.length}</span>
              </h2>
              <div className="job-list">
                {rest.map((job) => (
                  <JobRow key={job.visit.id} job={job} />
                ))}
              </div>
            </section>
          )}
          {board !== undefined && next === undefined && <EmptyState title={t('today.empty')} hint={t('today.emptyHint')} />}
        </div>
      </PullToRefresh>
    </main>
  );
}
