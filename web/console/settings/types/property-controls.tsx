import { Input, InputNumber, Select, Switch } from 'antd';
import { useState, type ReactNode } from 'react';
import type { Words } from '../../../../rules/forms/form.ts';
import { useSettingsTexts, type SettingsKey } from '../settings-texts.ts';
import styles from './designer.module.css';

/** A labelled property; what is wrong with it stands below. */
export function Property({ label, error, hint, children }: { label: string; error?: string; hint?: string; children: ReactNode }) {
  return (
    <label className={styles.property}>
      <span className={styles.propertyLabel}>{label}</span>
      {children}
      {hint !== undefined && <span className={styles.hint}>{hint}</span>}
      {error !== undefined && <span className={styles.error} role="alert">{error}</span>}
    </label>
  );
}

export type Setter = (patch: Readonly<Record<string, unknown>>) => void;
type Shared = { text: SettingsKey; name: string; value: unknown; errors: Readonly<Record<string, string>>; set: Setter; hint?: string };

export function NumberProperty({ text, name, value, errors, set, hint, min, max }: Shared & { min?: number; max?: number }) {
  const { t: say } = useSettingsTexts();
  return (
    <Property label={say(text)} error={errors[name]} hint={hint}>
      <InputNumber size="small" className={styles.wide} min={min} max={max} status={errors[name] === undefined ? undefined : 'error'} value={typeof value === 'number' ? value : null} onChange={(next) => set({ [name]: next ?? undefined })} />
    </Property>
  );
}

export function TextProperty({ text, name, value, errors, set, hint, mono = false }: Shared & { mono?: boolean }) {
  const { t: say } = useSettingsTexts();
  return (
    <Property label={say(text)} error={errors[name]} hint={hint}>
      <Input size="small" className={mono ? styles.mono : undefined} status={errors[name] === undefined ? undefined : 'error'} value={typeof value === 'string' ? value : ''} maxLength={500} onChange={(event) => set({ [name]: event.target.value === '' ? undefined : event.target.value })} />
    </Property>
  );
}

export function SwitchProperty({ text, name, value, errors, set, hint }: Shared) {
  const { t: say } = useSettingsTexts();
  return (
    <label className={styles.switchLine}>
      <span>
        {say(text)}
        {hint !== undefined && <span className={styles.hint}>{hint}</span>}
        {errors[name] !== undefined && <span className={styles.error}>{errors[name]}</span>}
      </span>
      <Switch size="small" checked={value === true} onChange={(checked) => set({ [name]: checked ? true : undefined })} />
    </label>
  );
}

export function SelectProperty({ text, name, value, errors, set, options, hint, multiple = false }: Shared & { options: { value: string; label: string }[]; multiple?: boolean }) {
  const { t: say } = useSettingsTexts();
  return (
    <Property label={say(text)} error={errors[name]} hint={hint}>
      <Select<string | string[]> size="small" className={styles.wide} aria-label={say(text)} allowClear mode={multiple ? 'multiple' : undefined} showSearch={options.length > 8 ? { optionFilterProp: 'label' } : false} value={multiple ? ((value as string[] | undefined) ?? []) : (value as string | undefined)} options={options} onChange={(next) => set({ [name]: next === undefined || (Array.isArray(next) && next.length === 0) ? undefined : next })} />
    </Property>
  );
}

/** Words in both languages; without any Chinese they are none. */
export function WordsProperty({ text, textEn, name, value, errors, set, long = false, required = false }: { text: SettingsKey; textEn: SettingsKey; name: string; value: Words | undefined; errors: Readonly<Record<string, string>>; set: Setter; long?: boolean; required?: boolean }) {
  const { t: say } = useSettingsTexts();
  // English is kept while the Chinese is being written anew.
  const [zh, setZh] = useState<string | null>(null);
  const take = (words: Words): void => set({ [name]: !required && words.zh === '' && !words.en ? undefined : { zh: words.zh, ...(words.en ? { en: words.en } : {}) } });
  const current: Words = value ?? { zh: zh ?? '' };
  const Control = long ? Input.TextArea : Input;
  const more = long ? { autoSize: { minRows: 1, maxRows: 5 } } : {};
  const error = errors[name] ?? errors[`${name}/zh`];
  return (
    <>
      <Property label={say(text)} error={error}>
        <Control size="small" {...more} status={error === undefined ? undefined : 'error'} value={current.zh} maxLength={long ? 1_000 : 100} onChange={(event: { target: { value: string } }) => { setZh(event.target.value); take({ ...current, zh: event.target.value }); }} />
      </Property>
      <Property label={say(textEn)} error={errors[`${name}/en`]}>
        <Control size="small" {...more} value={current.en ?? ''} maxLength={long ? 1_000 : 100} onChange={(event: { target: { value: string } }) => take({ ...current, en: event.target.value })} />
      </Property>
    </>
  );
}
