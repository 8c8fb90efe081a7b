import type { TimelineEntry } from '../../../contract/ticket.ts';
import type { VisitObstacle } from '../../../rules/ticket/visit-lifecycle.ts';
import { Ago } from '../../ui/react/relative-time.tsx';
import { database } from '../data/database.ts';
import { useLive } from '../data/live.ts';
import { useTexts } from '../i18n.ts';
import { PhotoStrip } from './photo-strip.tsx';

/** What a technician wants to read of a timeline: what people wrote, not every change. */
function written(entry: TimelineEntry, obstacleName: (kind: VisitObstacle) => string): { text: string; fromCustomer: boolean; internal: boolean } | null {
  if (entry.comment !== null) {
    return { text: entry.comment.body, fromCustomer: entry.comment.direction === 'inbound', internal: entry.comment.visibility === 'internal' };
  }
  if (entry.kind === 'visit.obstacle_reported') {
    const { obstacle, note } = entry.data as { obstacle: VisitObstacle; note: string | null };
    return { text: [obstacleName(obstacle), note].filter((part) => part !== null).join('\n'), fromCustomer: false, internal: true };
  }
  const text = entry.data['workSummary'];
  return entry.kind === 'visit.work_logged' && typeof text === 'string' ? { text, fromCustomer: false, internal: false } : null;
}

/** What customer and colleagues wrote, the latest first (沟通与记录). */
export function Messages({ ticketId, toldObstacle = null }: { ticketId: string; /** When the obstacle was met that stands above already. */ toldObstacle?: string | null }) {
  const { t } = useTexts();
  const kept = useLive(() => database().timelines.get(ticketId), [ticketId]);
  const entries = (kept?.entries ?? []).flatMap((entry) => {
    const message = written(entry, (kind) => t(`obstacle.${kind}`));
    const stands = entry.kind === 'visit.obstacle_reported' && toldObstacle !== null && new Date(entry.at).getTime() === new Date(toldObstacle).getTime();
    return message === null || stands ? [] : [{ entry, ...message }];
  });
  if (entries.length === 0) return null;
  return (
    <section className="card" aria-labelledby="job-messages">
      <h2 id="job-messages" className="card-title">{t('job.messages')}</h2>
      <ul className="messages">
        {entries.reverse().map(({ entry, text, fromCustomer, internal }) => (
          <li key={entry.id} className="message">
            <p className="message-head">
              <span className="message-author">{entry.actor.name ?? (fromCustomer ? t('job.fromCustomer') : entry.title)}</span>
              {internal && <span className="message-internal">{t('job.internal')}</span>}
              <Ago className="message-time" value={entry.at} />
            </p>
            <p className="prose">{text}</p>
            {entry.files.length > 0 && <PhotoStrip files={entry.files} />}
          </li>
        ))}
      </ul>
    </section>
  );
}
