import type { TimelineEntry } from '../../../contract/ticket.ts';
import { dayRules } from '../../../rules/day-plan/broken-rules.ts';
import { formatDate, formatTime } from '../../ui/time.ts';
import { ownTexts } from '../texts/own-texts.ts';
import { phrases } from '../texts/phrases.ts';
import styles from '../ticket/fact-detail.module.css';

const { useTexts: usePlanTexts } = ownTexts(phrases({
  'planned': ['计划 {{time}}', 'planned for {{time}}'],
  'before': ['原计划 {{time}}', 'was planned for {{time}}'],
  'locked': ['已锁定', 'held'],
  'override': ['破例：{{rules}}', 'Against the rules: {{rules}}'],
}));

/** When a visit is planned to begin, and why somebody was sent against the rules (计划与破例). */
export function PlanFact({ entry: { kind, data } }: { entry: TimelineEntry }) {
  const { t: say, language } = usePlanTexts();
  const moment = (value: unknown) => (typeof value === 'string' ? `${formatDate(value, Date.now(), language)} ${formatTime(value, language)}` : undefined);
  const [planned, before] = [moment(data.plannedStart), moment(data.plannedBefore)];
  const override = data.override as { reason?: unknown; rules?: unknown } | undefined;
  const rules = Array.isArray(override?.rules) ? override.rules.map((rule) => nameOf(String(rule), language === 'en' ? 'en' : 'zh')).join(language === 'en' ? ', ' : '、') : '';
  const lines = [planned === undefined ? '' : say('planned', { time: planned }), kind === 'visit.planned' && before !== undefined && before !== planned ? say('before', { time: before }) : '', kind === 'visit.planned' && data.locked ? say('locked') : ''].filter((line) => line !== '');
  return (
    <div className={styles.detail}>
      {lines.length > 0 && <p>{lines.join(' · ')}</p>}
      {rules !== '' && <p>{say('override', { rules })}</p>}
      {typeof override?.reason === 'string' && <p className={`prose ${styles.said}`}>{override.reason}</p>}
    </div>
  );
}

function nameOf(rule: string, language: 'zh' | 'en'): string {
  const names: Readonly<Record<string, { zh: string; en: string }>> = dayRules;
  return names[rule]?.[language] ?? rule;
}
