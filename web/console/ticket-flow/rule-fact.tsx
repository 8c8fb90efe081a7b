import { Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { factKinds, type FactKind } from '../../../contract/facts.ts';
import type { TimelineEntry } from '../../../contract/ticket.ts';
import { mayReadRuns } from '../automation/may-read-runs.ts';
import { useSession } from '../session/session.tsx';
import { useTaskTexts } from './texts.ts';
import styles from './flow-fact.module.css';

const RuleReason = lazy(async () => ({ default: (await import('../automation/rule-reason.tsx')).RuleReason }));

/** Why a rule acted (规则起因): what it answered, for everybody; and for those who read the log of rules, which conditions held. */
export function RuleFact({ entry, number }: { entry: TimelineEntry; number: string }) {
  const { t, language } = useTaskTexts();
  const mayAsk = mayReadRuns(useSession());
  const [open, setOpen] = useState(false);
  const kind = (entry.data.cause as { fact?: string } | undefined)?.fact;
  const title = kind !== undefined && kind in factKinds ? factKinds[kind as FactKind] : undefined;
  const ruleId = entry.actor.id;
  return (
    <div className={styles.detail}>
      <p>
        {title === undefined ? t('rule.byClock') : t('rule.because', { what: language === 'en' ? title.en : title.zh })}
        {mayAsk && ruleId !== null && <Button type="link" size="small" className={styles.why} aria-expanded={open} onClick={() => setOpen(!open)}>{t('rule.why')}</Button>}
      </p>
      {open && ruleId !== null && <Suspense fallback={null}><RuleReason ruleId={ruleId} at={entry.recordedAt} number={number} /></Suspense>}
    </div>
  );
}
