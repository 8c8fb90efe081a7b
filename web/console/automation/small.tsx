import { InputNumber, Select } from 'antd';
import type { Stretch } from '../../../rules/automation/definition.ts';
import { useAutomationTexts } from './texts.ts';
import styles from './automation.module.css';

/** A stretch of time (时长): so many of a unit. */
export function StretchInput({ value, onChange, label, units = ['minute', 'hour', 'day', 'week'] }: { value: Stretch; onChange: (stretch: Stretch) => void; label: string; units?: readonly Stretch['unit'][] }) {
  const { t: say } = useAutomationTexts();
  return (
    <span className={styles.stretch} role="group" aria-label={label}>
      <InputNumber aria-label={say('amount')} className={styles.amount} min={1} max={100_000} precision={0} value={value.n} onChange={(n) => onChange({ ...value, n: n ?? 1 })} />
      <Select aria-label={say('unit')} className={styles.unit} value={value.unit} options={units.map((unit) => ({ value: unit, label: say(`unit.${unit}`) }))} onChange={(unit: Stretch['unit']) => onChange({ ...value, unit })} />
    </span>
  );
}

/** What is wrong at a place of the rule, said beside it. */
export function Told({ problems, at }: { problems: readonly { path: string; message: string }[]; at: string }) {
  const own = problems.filter((problem) => problem.path === at || problem.path.startsWith(`${at}/`));
  if (own.length === 0) return null;
  return <ul className={styles.told}>{[...new Set(own.map((problem) => problem.message))].map((message) => <li key={message}>{message}</li>)}</ul>;
}
