import { lazy, Suspense } from 'react';
import type { FileSummary } from '../../../contract/file.ts';
import type { VisitSummary } from '../../../contract/visit.ts';
import { farCheckInMetres } from '../../../rules/places/track.ts';
import { formatDate, formatTime } from '../../ui/time.ts';
import { Ago } from '../../ui/react/index.ts';
import { useTexts, type TextKey } from '../i18n.ts';
import { obstacleTexts } from '../parts/names.ts';
import { Attachments } from './attachments.tsx';
import { ReportButton } from './report-button.tsx';
import styles from './visit-progress.module.css';

const VisitCrew = lazy(async () => ({ default: (await import('./visit-crew.tsx')).VisitCrew }));

const VisitNotes = lazy(async () => ({ default: (await import('./visit-notes.tsx')).VisitNotes }));

type Step = { text: TextKey; at: string | null; detail?: string; ended?: true };

/** How a visit goes (上门进度), drawn as a line: offered, accepted, on the way, on site, done; with photos and signature. */
export function VisitProgress({ visit, number, files }: { visit: VisitSummary; number: string; files: readonly FileSummary[] }) {
  const { t, language } = useTexts();
  const photos = files.filter((file) => file.visitId === visit.id && file.purpose !== 'signature');
  const signatures = files.filter((file) => file.visitId === visit.id && file.purpose === 'signature');
  const { obstacle } = visit;
  const { checkInDistance } = visit;
  const checkIn = [...(checkInDistance === null ? [] : [t(checkInDistance > farCheckInMetres ? 'fact.far' : 'fact.distance', { metres: checkInDistance })]), visit.checkInReason].filter((part) => part !== null).join(t('common.colon'));
  const all: Step[] = [
    { text: 'visit.accepted', at: visit.acceptedAt },
    // Who is on the spot already skips the way.
    ...(visit.travelStartedAt === null && visit.checkedInAt !== null ? [] : [{ text: 'visit.travelling' as const, at: visit.travelStartedAt }]),
    { text: 'visit.onSite', at: visit.checkedInAt, ...(checkIn === '' ? {} : { detail: checkIn }) },
    { text: 'visit.completed', at: visit.completedAt },
  ];
  // Of a visit that an obstacle ended, what did not come about is no step any more.
  const steps = obstacle === null ? all : [...all.filter((step) => step.at !== null), { text: 'visit.obstacle' as const, at: obstacle.at, detail: [t(obstacleTexts[obstacle.kind]), obstacle.note].filter((part) => part !== null).join(t('common.colon')), ended: true as const }];
  const current = steps.findIndex((step) => step.at === null);
  const window = visit.windowStart === null ? null : `${formatDate(visit.windowStart, Date.now(), language)} ${formatTime(visit.windowStart, language)}${visit.windowEnd === null ? '' : `–${formatTime(visit.windowEnd, language)}`}`;
  return (
    <div className={styles.visit}>
      <p className={styles.who}>
        {visit.technician.name}
        {window !== null && <span>{window}</span>}
      </p>
      <Suspense fallback={null}><VisitCrew visit={visit} /></Suspense>
      <ol className={styles.line}>
        {steps.map((step, index) => (
          <li key={step.text} data-done={step.at !== null || undefined} data-current={index === current || undefined} data-ended={step.ended}>
            <span>{t(step.text)}</span>
            {step.at !== null && <Ago className={styles.time} value={step.at} />}
            {step.detail !== undefined && <span className={styles.detail}>{step.detail}</span>}
          </li>
        ))}
      </ol>
      {(visit.needs.length > 0 || visit.parts.length > 0 || visit.conflicts.length > 0) && <Suspense fallback={null}><VisitNotes visit={visit} /></Suspense>}
      {visit.workSummary !== null && <p className={`prose ${styles.work}`}>{visit.workSummary}</p>}
      <Attachments files={photos} small />
      {signatures.length > 0 && (
        <div className={styles.signature}>
          <p>{visit.signedBy === null ? t('visit.signature') : t('timeline.signedBy', { name: visit.signedBy })}</p>
          <Attachments files={signatures} small />
        </div>
      )}
      {(visit.status === 'completed' || visit.status === 'incomplete') && <ReportButton visit={visit} number={number} />}
    </div>
  );
}
