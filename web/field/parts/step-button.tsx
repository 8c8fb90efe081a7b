import { useRef, useState } from 'react';
import { useTexts } from '../i18n.ts';
import { nextStep, type Job } from '../jobs.ts';
import { goTo } from '../router.ts';
import { CheckInSheet } from './check-in-sheet.tsx';
import { useSettling } from './settling.ts';
import { take } from './take.ts';

/** The one button that carries the job on: 接单 → 出发 → 签到 → 完工. A hurried second tap does not take the step after. */
export function StepButton({ job }: { job: Job }) {
  const { t } = useTexts();
  const [checkingIn, setCheckingIn] = useState(false);
  const step = nextStep(job.visit);
  const settling = useSettling(step ?? '');
  const busy = useRef(false);
  if (step === null || job.refused !== null) return null;

  async function go(): Promise<void> {
    if (settling || busy.current) return;
    if (step === 'check_in') setCheckingIn(true);
    else if (step === 'complete') goTo({ screen: 'complete', visitId: job.visit.id });
    else if (step !== null) {
      busy.current = true;
      await take(job.visit.id, step).finally(() => {
        busy.current = false;
      });
    }
  }

  return (
    <>
      <button type="button" className="primary-button" data-settling={settling || undefined} onClick={() => void go()}>
        {t(`step.${step}`)}
      </button>
      <CheckInSheet job={job} open={checkingIn && step === 'check_in'} onClose={() => setCheckingIn(false)} />
    </>
  );
}
