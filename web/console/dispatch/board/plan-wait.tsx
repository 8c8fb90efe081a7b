import { Progress } from 'antd';
import { useEffect, useState } from 'react';
import type { DayPlan } from '../../../../contract/day-plan.ts';
import { usePlannerTexts } from './planner-texts.ts';
import styles from './planner.module.css';

/** A plan that is being worked out (计算中): how much of its time is over. */
export function PlanWait({ plan }: { plan: DayPlan | undefined }) {
  const { t } = usePlannerTexts();
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, []);
  const begun = plan?.startedAt == null ? null : Date.parse(plan.startedAt);
  // Reading the day and writing the result take a moment beside the search.
  const share = plan === undefined || begun === null ? 0 : Math.min(97, Math.max(2, ((now - begun) / ((plan.seconds + 1) * 1_000)) * 100));
  return (
    <div className={styles.body} role="status">
      <div className={styles.wait}>
        <Progress type="circle" percent={Math.round(share)} size={96} strokeWidth={7} status="active" aria-label={t('running')} />
        <strong>{begun === null ? t('waiting') : t('running')}</strong>
        <p className={styles.muted}>{t('runningHint')}</p>
      </div>
    </div>
  );
}
