import type { FileSummary } from '../../../contract/file.ts';
import type { VisitSummary } from '../../../contract/visit.ts';
import { formatDate, formatTime } from '../../ui/time.ts';
import { useTexts, type TextKey } from '../i18n.ts';
import { Attachments } from './attachments.tsx';
import { Ago } from '../parts/ago.tsx';
import styles from './visit-progress.module.css';

type Step = { text: TextKey; at: string | null; detail?: string };

/** How a visit goes (上门进度), drawn as a line: offered, accepted, on the way, on site, done; with photos and signature. */
export function VisitProgress({ visit, files }: { visit: VisitSummary; files: readonly FileSummary[] }) {
  const { t, language } = useTexts();
  // The customer's own photos came before anybody had accepted.
  const photos = files.filter((file) => file.purpose === 'photo' && visit.acceptedAt !== null && file.createdAt >= visit.acceptedAt);
  const signatures = files.filter((file) => file.purpose === 'signature');
  const steps: Step[] = [
    { text: 'visit.accepted', at: visit.acceptedAt },
    // Who is on the spot already skips the way.
    ...(visit.travelStartedAt === null && visit.checkedInAt !== null ? [] : [{ text: 'visit.travelling' as const, at: visit.travelStartedAt }]),
    { text: 'visit.onSite', at: visit.checkedInAt, ...(visit.checkInDistance === null ? {} : { detail: t('fact.distance', { metres: visit.checkInDistance }) }) },
    { text: 'visit.completed', at: visit.completedAt },
  ];
  const current = steps.findIndex((step) => step.at === null);
  const window = visit.windowStart === null ? null : `${formatDate(visit.windowStart, Date.now(), language)} ${formatTime(visit.windowStart, language)}${visit.windowEnd === null ? '' : `–${formatTime(visit.windowEnd, language)}`}`;
  return (
    <div className={styles.visit}>
      <p className={styles.who}>
        {visit.technician.name}
        {window !== null && <span>{window}</span>}
      </p>
      <ol className={styles.line}>
        {steps.map((step, index) => (
          <li key={step.text} data-done={step.at !== null || undefined} data-current={index === current || undefined}>
            <span>{t(step.text)}</span>
            {step.at !== null && <Ago className={styles.time} value={step.at} />}
            {step.detail !== undefined && <span className={styles.detail}>{step.detail}</span>}
          </li>
        ))}
      </ol>
      {visit.workSummary !== null && <p className={`prose ${styles.work}`}>{visit.workSummary}</p>}
      <Attachments files={photos} small />
      {signatures.length > 0 && (
        <div className={styles.signature}>
          <p>{visit.signedBy === null ? t('visit.signature') : t('timeline.signedBy', { name: visit.signedBy })}</p>
          <Attachments files={signatures} small />
        </div>
      )}
    </div>
  );
}
