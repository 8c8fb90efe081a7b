import type { Visit } from '../../../contract/visit.ts';
import { formatDuration } from '../../ui/time.ts';
import { useNow } from '../../ui/react/now.ts';
import { useTexts } from '../i18n.ts';
import { formatWindow } from '../windows.ts';

/** The promised window and, until the technician is there, how soon it is or how long it has passed. */
export function WindowLine({ visit, long = false }: { visit: Visit; long?: boolean }) {
  const { t, language } = useTexts();
  const now = useNow();
  const window = formatWindow(visit, now, language);
  const planned = window === null && visit.plannedStart ? formatWindow({ windowStart: visit.plannedStart, windowEnd: null }, now, language) : null;
  if (planned !== null) return <span className="window-line"><span className="window-times">{t('job.planned', { time: planned })}</span></span>;
  if (window === null) return <span className="window-line window-none">{t('job.noWindow')}</span>;
  const arrived = visit.checkedInAt !== null || visit.completedAt !== null;
  const late = visit.windowEnd === null ? -1 : now - new Date(visit.windowEnd).getTime();
  const early = visit.windowStart === null ? -1 : new Date(visit.windowStart).getTime() - now;
  return (
    <span className="window-line">
      <span className="window-times">{long ? t('job.window', { window }) : window}</span>
      {!arrived && late > 0 && <span className="window-late">{t('job.overdue', { length: formatDuration(late, language) })}</span>}
      {!arrived && early > 0 && early < 4 * 3_600_000 && <span className="window-soon">{t('job.inTime', { length: formatDuration(early, language) })}</span>}
    </span>
  );
}
