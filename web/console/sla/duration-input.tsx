import { InputNumber, Select } from 'antd';
import { useState } from 'react';
import { joinMinutes, splitMinutes, timeUnits, wholeDay, type TimeUnit } from './time-words.ts';
import { useSlaTexts } from './texts.ts';
import styles from './sla.module.css';

/**
 * A length of working time (时长), typed in the unit one chose: 120 minutes stay 120 minutes. What is no length is said beside it, not put right.
 *
 * @param day how many minutes a day of the calendar has
 */
export function DurationInput({ minutes, day, onChange }: { minutes: number; day: number; onChange: (minutes: number) => void }) {
  const { t: say } = useSlaTexts();
  // As it was typed, for as long as it is what was typed: a version that is taken back, or another calendar, has its own unit.
  const [typed, setTyped] = useState<{ minutes: number; day: number; n: number | null; unit: TimeUnit } | null>(null);
  const { n, unit } = typed !== null && typed.minutes === minutes && (typed.day === day || typed.unit !== 'day') ? typed : splitMinutes(minutes, day);
  const become = (next: number | null, of: TimeUnit): void => {
    const made = joinMinutes(next ?? 0, of, day);
    setTyped({ minutes: made, day, n: next, unit: of });
    onChange(made);
  };
  const isWhole = day === wholeDay;
  const unitName = (one: TimeUnit): string => say(one === 'minute' ? 'unit.minute' : one === 'hour' ? (isWhole ? 'unit.hour' : 'unit.workHour') : isWhole ? 'unit.wholeDay' : 'unit.day');
  return (
    <span className={styles.pair}>
      <InputNumber aria-label={say('amount')} {...(unit === 'minute' ? { precision: 0 } : {})} maxLength={9} value={n} {...(minutes > 0 ? {} : { status: 'error' as const })} onChange={(value) => become(value, unit)} />
      <Select aria-label={say('unit')} value={unit} popupMatchSelectWidth={false} options={timeUnits.map((one) => ({ value: one, label: unitName(one) }))} optionRender={({ value, label }) => (value === 'day' && !isWhole ? say('unit.dayOf', { hours: Math.round(day / 6) / 10 }) : label)} onChange={(next: TimeUnit) => become(n, next)} />
    </span>
  );
}
