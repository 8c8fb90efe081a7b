import { InputNumber, Select } from 'antd';
import { useState } from 'react';
import { joinMinutes, splitMinutes, timeUnits, type TimeUnit } from './time-words.ts';
import { useSlaTexts } from './texts.ts';
import styles from './sla.module.css';

/** A length of working time (时长), typed in the unit one chose: 120 minutes stay 120 minutes. What is no length is said beside it, not put right. */
export function DurationInput({ minutes, onChange }: { minutes: number; onChange: (minutes: number) => void }) {
  const { t: say } = useSlaTexts();
  // As it was typed, for as long as it is what was typed: a version that is taken back has its own unit.
  const [typed, setTyped] = useState<{ minutes: number; n: number | null; unit: TimeUnit } | null>(null);
  const { n, unit } = typed !== null && typed.minutes === minutes ? typed : splitMinutes(minutes);
  const become = (next: number | null, of: TimeUnit): void => {
    const made = joinMinutes(next ?? 0, of);
    setTyped({ minutes: made, n: next, unit: of });
    onChange(made);
  };
  return (
    <span className={styles.pair}>
      <InputNumber aria-label={say('amount')} {...(unit === 'minute' ? { precision: 0 } : {})} maxLength={9} value={n} {...(minutes > 0 ? {} : { status: 'error' as const })} onChange={(value) => become(value, unit)} />
      <Select aria-label={say('unit')} value={unit} options={timeUnits.map((one) => ({ value: one, label: say(`unit.${one}`) }))} onChange={(next: TimeUnit) => become(n, next)} />
    </span>
  );
}
