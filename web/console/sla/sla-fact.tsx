import type { TimelineEntry } from '../../../contract/ticket.ts';
import { breachReasonNames, type BreachReason } from '../../../rules/sla/breach-reasons.ts';
import { slaMetrics, type SlaMetric, type SlaRecipient } from '../../../rules/sla/policy.ts';
import { formatExact } from '../../ui/time.ts';
import { useSlaTexts } from './texts.ts';
import styles from './clocks.module.css';

const plain = { staff: 'whom.staff', team: 'whom.aTeam', role: 'whom.aRole' } as const;

/** What a fact of a clock says (计时事件): which promise, how far it is, who is to be told, and why it was late. */
export function SlaFact({ entry: { data } }: { entry: TimelineEntry }) {
  const { t: say, language } = useSlaTexts();
  const metric = slaMetrics.find((one): one is SlaMetric => one === data.metric);
  const name = metric === undefined ? '' : say(`metric.${metric}`);
  const whom = (Array.isArray(data.whom) ? data.whom as SlaRecipient[] : []).map(({ kind }) => (kind === 'staff' || kind === 'team' || kind === 'role' ? say(plain[kind]) : say(`whom.${kind}`)));
  const reason = typeof data.reason === 'string' && data.reason in breachReasonNames ? breachReasonNames[data.reason as BreachReason][language === 'en' ? 'en' : 'zh'] : null;
  const lines = [
    typeof data.percent === 'number' ? say('fact.used', { name, percent: data.percent }) : typeof data.dueAt === 'string' ? say('fact.due', { name, when: formatExact(data.dueAt, language) }) : reason === null ? name : `${name} · ${reason}`,
    ...(typeof data.note === 'string' ? [data.note] : []), ...(whom.length > 0 ? [say('fact.told', { whom: [...new Set(whom)].join(language === 'en' ? ', ' : '、') })] : []),
  ];
  return <div className={styles.fact}>{lines.filter((line) => line !== '').map((line) => <p key={line}>{line}</p>)}</div>;
}
