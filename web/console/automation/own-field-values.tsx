import { Button, Input, InputNumber, Select, Space, TimePicker, TreeSelect } from 'antd';
import dayjs from 'dayjs';
import type { FieldDefinition, FieldKind, Money, TreeOption } from '../../../rules/forms/form.ts';
import { wordsIn } from '../../ui/form/answers.ts';
import type { Language } from '../../ui/preferences.ts';
import { useTicketFields } from '../parts/filter-vocabulary.ts';
import { Icon } from '../parts/icon.tsx';
import { StaffSelect } from '../parts/staff-select.tsx';
import { useAutomationTexts } from './texts.ts';
import styles from './automation.module.css';

/** Kinds whose answers are one value that can be said in advance. */
export const settable: readonly FieldKind[] = ['text', 'long_text', 'number', 'money', 'date', 'time', 'boolean', 'choice', 'choices', 'tree', 'person'];

type Values = Readonly<Record<string, unknown>>;

/** The answers a rule gives to fields of the ticket's own form (设置自定义字段), one a line. */
export function OwnFieldValues({ values, onChange }: { values: Values; onChange: (values: Values) => void }) {
  const { t: say, language } = useAutomationTexts();
  const known = useTicketFields();
  const free = [...known.values()].filter((field) => settable.includes(field.kind) && field.readOnly !== true && !Object.hasOwn(values, field.key));
  const name = (field: FieldDefinition | undefined, key: string): string => wordsIn(field?.label, language) || key;
  const without = (key: string): Values => Object.fromEntries(Object.entries(values).filter(([one]) => one !== key));
  return (
    <div className={styles.stack}>
      {Object.entries(values).map(([key, value]) => {
        const field = known.get(key);
        return (
          <div key={key} className={styles.ownField}>
            <span className={styles.ownFieldName}>{name(field, key)}</span>
            {field === undefined ? <span className={styles.muted}>{say('own.gone')}</span> : <ValueControl field={field} label={name(field, key)} value={value} language={language} onChange={(next) => onChange({ ...values, [key]: next })} />}
            <Button type="text" size="small" icon={<Icon name="close" size={14} />} aria-label={say('own.remove', { name: name(field, key) })} onClick={() => onChange(without(key))} />
          </div>
        );
      })}
      {free.length > 0 && (
        <Select<string, { value: string; label: string }>
          aria-label={say('own.add')} placeholder={say('own.add')} showSearch={{ optionFilterProp: 'label' }} value={null as unknown as string} options={free.map((field) => ({ value: field.key, label: name(field, field.key) }))}
          onChange={(key) => onChange({ ...values, [key]: empty(known.get(key)!) })}
        />
      )}
    </div>
  );
}

/** What a field is set to before somebody says otherwise; null empties it. */
export function empty(field: FieldDefinition): unknown {
  return field.kind === 'boolean' ? true : null;
}

/** One value for a field, said in advance by the kind of the field (字段值); null empties it. */
export function ValueControl({ field, label, value, language, onChange }: { field: FieldDefinition; label: string; value: unknown; language: Language; onChange: (value: unknown) => void }) {
  const { t: say } = useAutomationTexts();
  const text = typeof value === 'string' ? value : '';
  const common = { 'aria-label': label, placeholder: say('own.empties'), className: styles.grow };
  switch (field.kind) {
    case 'number': return <InputNumber {...common} precision={field.decimals ?? 0} value={typeof value === 'number' ? value : null} onChange={(next) => onChange(next)} />;
    case 'money': {
      const money = (value ?? null) as Money | null;
      const currency = money?.currency ?? field.currencies[0] ?? 'CNY';
      return (
        <Space.Compact className={styles.grow}>
          <InputNumber {...common} precision={2} value={money === null ? null : money.amount / 100} onChange={(next) => onChange(next === null ? null : { amount: Math.round(next * 100), currency })} />
          <Select aria-label={say('own.currency')} className={styles.short} value={currency} disabled={money === null} options={field.currencies.map((one) => ({ value: one, label: one }))} onChange={(next: string) => onChange({ amount: money?.amount ?? 0, currency: next })} />
        </Space.Compact>
      );
    }
    case 'boolean': return <Select<string> aria-label={label} className={styles.grow} value={value === true ? 'yes' : value === false ? 'no' : 'empty'} options={[{ value: 'yes', label: say('own.yes') }, { value: 'no', label: say('own.no') }, { value: 'empty', label: say('own.empties') }]} onChange={(next) => onChange(next === 'empty' ? null : next === 'yes')} />;
    case 'choice': return <Select {...common} allowClear value={text === '' ? undefined : text} options={field.options.filter((option) => option.retired !== true).map((option) => ({ value: option.key, label: wordsIn(option.label, language) }))} onChange={(next: string | undefined) => onChange(next ?? null)} />;
    case 'choices': return <Select {...common} mode="multiple" allowClear value={Array.isArray(value) ? (value as string[]) : []} options={field.options.filter((option) => option.retired !== true).map((option) => ({ value: option.key, label: wordsIn(option.label, language) }))} onChange={(next: string[]) => onChange(next.length === 0 ? null : next)} />;
    case 'tree': return <TreeSelect {...common} allowClear showSearch treeNodeFilterProp="title" value={text === '' ? undefined : text} treeData={branches(field.options, language, field.leavesOnly === true)} onChange={(next: string | undefined) => onChange(next ?? null)} />;
    case 'person': return <StaffSelect className={styles.grow} placeholder={say('own.empties')} value={text === '' ? undefined : text} onChange={(id) => onChange(id ?? null)} />;
    case 'date': return <Input {...common} type="date" value={text} onChange={(event) => onChange(event.target.value || null)} />;
    case 'time': return <TimePicker {...common} format="HH:mm" needConfirm={false} value={text === '' ? null : dayjs(`2026-01-01T${text}`)} onChange={(time) => onChange(time?.format('HH:mm') ?? null)} />;
    case 'long_text': return <Input.TextArea {...common} autoSize={{ minRows: 1, maxRows: 6 }} maxLength={field.maxLength ?? 20_000} value={text} onChange={(event) => onChange(event.target.value || null)} />;
    default: return <Input {...common} maxLength={500} value={text} onChange={(event) => onChange(event.target.value || null)} />;
  }
}

interface Branch { value: string; title: string; selectable: boolean; children?: Branch[] }

function branches(options: readonly TreeOption[], language: Language, leavesOnly: boolean): Branch[] {
  return options.filter((option) => option.retired !== true).map((option) => ({
    value: option.key, title: wordsIn(option.label, language), selectable: !leavesOnly || (option.children?.length ?? 0) === 0,
    ...(option.children === undefined ? {} : { children: branches(option.children, language, leavesOnly) }),
  }));
}
