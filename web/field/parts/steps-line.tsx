import type { Visit } from '../../../contract/visit.ts';
import { formatDate, formatTime } from '../../ui/time.ts';
import { useTexts } from '../i18n.ts';
import { nextStep } from '../jobs.ts';

const steps = [
  { step: 'accept', at: 'acceptedAt' },
  { step: 'start_travel', at: 'travelStartedAt' },
  { step: 'check_in', at: 'checkedInAt' },
  { step: 'complete', at: 'completedAt' },
] as const;

/** The four steps of a visit with the time each was taken (上门进度). */
export function StepsLine({ visit }: { visit: Visit }) {
  const { t, language } = useTexts();
  const next = nextStep(visit);
  // Who is on the spot already may have left out the travel.
  const furthest = steps.reduce((found, { at }, index) => (visit[at] === null ? found : index), -1);
  const today = new Date().toDateString();
  return (
    <ol className="steps-line" aria-label={t('step.progress')}>
      {steps.map(({ step, at }, index) => {
        const time = visit[at];
        const state = index <= furthest ? 'done' : step === next ? 'next' : 'open';
        return (
          <li key={step} className={`steps-step steps-${state}`}>
            <span className="steps-dot" aria-hidden="true" />
            <span className="steps-name">{t(`step.short.${step}`)}</span>
            <span className="visually-hidden">{state === 'done' ? t('step.done') : state === 'next' ? t('step.current') : ''}</span>
            <span className="steps-time">{time === null ? '' : formatTime(time, language)}</span>
            {/* A step of another day would otherwise read as one of today. */}
            {time !== null && new Date(time).toDateString() !== today && <span className="steps-time">{formatDate(time, Date.now(), language)}</span>}
          </li>
        );
      })}
    </ol>
  );
}
