import { Input, InputNumber, Segmented, Select, Space, Switch } from 'antd';
import { useId, type ReactNode } from 'react';
import type { Words } from '../../../../rules/forms/form.ts';
import { flowLimits, type TimeSpan } from '../../../../rules/workflow/definition.ts';
import { useFlowTexts } from '../flow-texts.ts';
import styles from './properties.module.css';

/** A labelled property; a hint below says what it does. */
export function Field({ label, hint, children }: { label: string; hint?: string; children: ReactNode }) {
  return (
    <label className={styles.field}>
      <span className={styles.label}>{label}</span>
      {children}
      {hint !== undefined && <span className={styles.hint}>{hint}</span>}
    </label>
  );
}

/** Several controls under one name. */
export function Group({ label, hint, action, children }: { label: string; hint?: string; action?: ReactNode; children: ReactNode }) {
  const id = useId();
  return (
    <div className={styles.group} role="group" aria-labelledby={id}>
      <div className={styles.groupHead}><span id={id} className={styles.label}>{label}</span>{action}</div>
      {children}
      {hint !== undefined && <span className={styles.hint}>{hint}</span>}
    </div>
  );
}

/** What belongs together (属性分组); what is seldom needed stays folded. */
export function Part({ title, open = true, children }: { title: string; open?: boolean; children: ReactNode }) {
  return (
    <details className={styles.part} open={open}>
      <summary>{title}</summary>
      <div className={styles.partBody}>{children}</div>
    </details>
  );
}

export function Toggle({ label, checked, onChange }: { label: string; checked: boolean; onChange: (checked: boolean) => void }) {
  return (
    <label className={styles.toggle}>
      <span>{label}</span>
      <Switch size="small" checked={checked} onChange={onChange} />
    </label>
  );
}

/** Words in both languages (中英文). Without any they are none, unless something has to be called by them. */
export function WordsField({ label, labelEn, value, onChange, long = false, most = flowLimits.name, required = false }: { label: string; labelEn: string; value: Words | undefined; onChange: (words: Words | undefined) => void; long?: boolean; most?: number; required?: boolean }) {
  const take = (zh: string, en: string): void => onChange(!required && zh === '' && en === '' ? undefined : { zh, ...(en === '' ? {} : { en }) });
  const more = long ? { autoSize: { minRows: 2, maxRows: 8 } } : {};
  const Control = long ? Input.TextArea : Input;
  return (
    <>
      <Field label={label}><Control size="small" {...more} maxLength={most} value={value?.zh ?? ''} onChange={(event: { target: { value: string } }) => take(event.target.value, value?.en ?? '')} /></Field>
      <Field label={labelEn}><Control size="small" {...more} maxLength={most} value={value?.en ?? ''} onChange={(event: { target: { value: string } }) => take(value?.zh ?? '', event.target.value)} /></Field>
    </>
  );
}

const units = ['minutes', 'hours', 'days'] as const;

/** A length of time (时长): how much, of what, by which calendar. */
export function SpanField({ label, value, onChange }: { label: string; value: TimeSpan; onChange: (span: TimeSpan) => void }) {
  const { t: say } = useFlowTexts();
  return (
    <Group label={label}>
      <Space.Compact block>
        <InputNumber size="small" aria-label={label} className={styles.amount} min={1} max={99_999} precision={0} value={value.amount} onChange={(amount) => onChange({ ...value, amount: amount ?? 1 })} />
        <Select size="small" aria-label={say('span.unit')} className={styles.grow} value={value.unit} options={units.map((unit) => ({ value: unit, label: say(`span.name_${unit}`) }))} onChange={(unit: TimeSpan['unit']) => onChange({ ...value, unit })} />
      </Space.Compact>
      <Segmented<'elapsed' | 'working'>
        size="small" block aria-label={say('span.calendar')} value={value.calendar ?? 'elapsed'} options={[{ value: 'elapsed', label: say('span.elapsed') }, { value: 'working', label: say('span.workingTime') }]}
        onChange={(calendar) => onChange(calendar === 'working' ? { ...value, calendar } : { amount: value.amount, unit: value.unit })}
      />
    </Group>
  );
}
