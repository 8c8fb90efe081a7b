import type { Language } from '../../../contract/refusals.ts';
import { slaMetricNames, type SlaMetric } from '../../../rules/sla/policy.ts';

/** What a clock is called (计时名称): its metric, the step it is for, and of a team's clock the team. */
export function clockName(clock: { metric: SlaMetric; team: string | null; step: string | null }, teamName: (id: string) => string, language: Language): string {
  const reader = language === 'en' ? 'en' : 'zh';
  const metric = slaMetricNames[clock.metric][reader];
  const what = clock.step ? `${metric} ${clock.step}` : metric;
  return clock.team === null ? what : `${what} · ${teamName(clock.team)}`;
}
