import { useState } from 'react';
import { useTexts } from '../i18n.ts';
import { nextStep, type Job } from '../jobs.ts';
import { goTo } from '../router.ts';
import { CheckInSheet } from './check-in-sheet.tsx';
import { take } from './take.ts';

/** The one button that carries the job on: 接单 → 出发 → 签到 → 完工. */
export function StepButton({ job }: { job: Job }) {
  const { t } = useTexts();
  const [checkingIn, setCheckingIn] = useState(false);
  const step = nextStep(job.visit);
  if (step === null || job.refused !== null) return null;

  function go(): void {
    if (step === 'check_in') setCheckingIn(true);
    else if (step === 'complete') goTo({ screen: 'complete', visitId: job.visit.id });
    else if (step !== null) void take(job.visit.id, step);
  }

  return (
    <>
      <button type="button" className="primary-button" onClick={go}>
        {t(`step.${step}`)}
      </button>
      <CheckInSheet job={job} open={checkingIn} onClose={() => setCheckingIn(false)} />
    </>
  );
}
