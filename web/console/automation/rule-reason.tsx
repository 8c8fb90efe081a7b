import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { AutomationRun } from '../../../contract/automation.ts';
import { api } from '../../ui/api.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { useSession } from '../session/session.tsx';
import { useTaskTexts } from '../ticket-flow/texts.ts';
import { ExplainedView } from './explained.tsx';
import { blankRule, loggedRule, useRuleVocabulary } from './vocabulary.ts';
import styles from './automation.module.css';

/** The conditions that held when a rule acted on a ticket (为什么执行), from its log, and the way to the rule. */
export function RuleReason({ ruleId, number, at }: { ruleId: string; number: string; at: string }) {
  const { t } = useTaskTexts();
  const { may } = useSession();
  const runs = useQuery({
    queryKey: ['automation-runs', 'of-ticket', ruleId, number],
    queryFn: async ({ signal }) => (await api.get<{ items: AutomationRun[] }>('/automation-runs', { query: { rule: ruleId, ticket: number, outcome: 'matched', limit: 50 }, signal })).data.items,
  });
  // What a rule does is told of at the moment it was asked.
  const run = runs.data?.find((one) => one.at === at);
  const definition = useMemo(() => (run === undefined ? blankRule : loggedRule(run)), [run]);
  const vocabulary = useRuleVocabulary(definition);
  if (runs.isError) return <ProblemAlert error={runs.error} onRetry={() => void runs.refetch()} />;
  if (runs.data === undefined) return null;
  return (
    <div className={styles.reason}>
      {run?.conditions == null ? <p className={styles.muted}>{t('rule.gone')}</p> : <ExplainedView explained={run.conditions} vocabulary={vocabulary} />}
      {may('automation.manage') && <Link to="/settings/automation/$ruleId" params={{ ruleId }}>{t('rule.open')}</Link>}
    </div>
  );
}
