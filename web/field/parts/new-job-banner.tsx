import { BellOutline, CloseOutline } from 'antd-mobile-icons';
import { useEffect, useState } from 'react';
import type { Visit } from '../../../contract/visit.ts';
import { useTexts } from '../i18n.ts';
import { onNewJobs } from '../notices.ts';
import { hrefTo, useRoute } from '../router.ts';

const shownFor = 10_000;

/**
 * Says that a job has come in, whatever is on the screen, and leads to it (新任务提醒). It stands below, above the
 * buttons: no title is ever covered. Whoever has opened the job knows.
 */
export function NewJobBanner() {
  const { t } = useTexts();
  const [visits, setVisits] = useState<Visit[]>([]);

  useEffect(() => onNewJobs((arrived) => setVisits((before) => [...arrived, ...before])), []);
  useEffect(() => {
    if (visits.length === 0) return;
    const timer = setTimeout(() => setVisits([]), shownFor);
    return () => clearTimeout(timer);
  }, [visits]);

  const route = useRoute();
  const opened = 'visitId' in route ? route.visitId : null;
  useEffect(() => setVisits((before) => (before.some(({ id }) => id === opened) ? before.filter(({ id }) => id !== opened) : before)), [opened, visits]);

  const first = visits[0];
  return (
    <div className="new-job" role="status">
      {first !== undefined && first.id !== opened && (
        <div className="new-job-box">
          <a className="new-job-link" href={visits.length === 1 ? hrefTo({ screen: 'job', visitId: first.id }) : hrefTo({ screen: 'today' })} onClick={() => setVisits([])}>
            <BellOutline aria-hidden="true" />
            <span>
              <strong>{visits.length === 1 ? t('notice.newJob') : t('notice.newJobs', { count: visits.length })}</strong>
              {first.ticket.subject}
            </span>
          </a>
          <button type="button" className="icon-button" aria-label={t('common.close')} onClick={() => setVisits([])}>
            <CloseOutline aria-hidden="true" />
          </button>
        </div>
      )}
    </div>
  );
}
