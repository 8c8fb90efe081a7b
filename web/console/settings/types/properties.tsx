import { Button, Collapse, Dropdown, Input, Segmented, Select } from 'antd';
import { useState } from 'react';
import type { FormProblem } from '../../../../contract/form.ts';
import { columnKinds, type Column, type Condition, type FieldDefinition, type Form } from '../../../../rules/forms/form.ts';
import { wordsIn } from '../../../ui/form/answers.ts';
import { useTexts } from '../../i18n.ts';
import { Icon } from '../../parts/icon.tsx';
import { useSettingsTexts } from '../settings-texts.ts';
import { ConditionEditor, startLine, useVariables } from './condition-editor.tsx';
import { changeField, changeSection, freeKey, kindName, newColumn, optionKeys, patched, renameField } from './edit-form.ts';
import { KindProperties } from './kind-properties.tsx';
import { Property, SwitchProperty, WordsProperty, type Setter } from './property-controls.tsx';
import { toRule } from './simple-condition.ts';
import styles from './designer.module.css';

export type Chosen = { kind: 'field' | 'section'; key: string } | null;
type Change = (next: (before: Form) => Form) => void;
type Props = { chosen: Chosen; form: Form; published: Form; problems: readonly FormProblem[]; onChange: Change; onChoose: (chosen: Chosen) => void };

/** Kinds whose answers can be looked up by an index. */
const indexable: ReadonlySet<FieldDefinition['kind']> = new Set(['text', 'number', 'money', 'date', 'time', 'date_time', 'boolean', 'choice', 'choices', 'tree', 'person', 'customer', 'asset']);

/** What is wrong below one path, by the rest of it. */
function errorsBelow(problems: readonly FormProblem[], path: string): Record<string, string> {
  return Object.fromEntries(problems.flatMap((problem) => (problem.path === path ? [['', problem.message]] : problem.path.startsWith(`${path}/`) ? [[problem.path.slice(path.length + 1), problem.message]] : [])).toReversed());
}

/** The properties of what is chosen in the designer (属性面板). */
export function Properties({ chosen, form, published, problems, onChange, onChoose }: Props) {
  const { t: say } = useSettingsTexts();
  if (chosen?.kind === 'section') {
    const index = (form.sections ?? []).findIndex((section) => section.key === chosen.key);
    const section = form.sections?.[index];
    if (section === undefined) return <p className={styles.nothing}>{say('property.nothing')}</p>;
    const errors = errorsBelow(problems, `/sections/${index}`);
    const set: Setter = (patch) => onChange((before) => changeSection(before, section.key, patch));
    return (
      <div className={styles.properties} key={section.key}>
        <WordsProperty text="property.labelZh" textEn="property.labelEn" name="label" value={section.label} errors={errors} set={set} required />
        <WordsProperty text="property.help" textEn="property.helpEn" name="help" value={section.help} errors={errors} set={set} long />
        <ConditionProperty name="visible" value={section.visible} isUsual={true} form={form} errors={errors} set={set} />
      </div>
    );
  }
  const index = form.fields.findIndex((field) => field.key === chosen?.key);
  const field = form.fields[index];
  if (chosen === null || field === undefined) return <p className={styles.nothing}>{say('property.nothing')}</p>;
  return <FieldProperties key={index} index={index} field={field} form={form} published={published} problems={problems} onChange={onChange} onChoose={onChoose} />;
}

function FieldProperties({ index, field, form, published, problems, onChange, onChoose }: Omit<Props, 'chosen'> & { index: number; field: FieldDefinition }) {
  const { language } = useTexts();
  const { t: say } = useSettingsTexts();
  const errors = errorsBelow(problems, `/fields/${index}`);
  const set: Setter = (patch) => onChange((before) => changeField(before, field.key, patch));
  const old = published.fields.find((one) => one.key === field.key);
  const isReference = field.kind === 'person' || field.kind === 'customer' || field.kind === 'asset';
  const publishedOptions = new Set(old !== undefined && 'options' in old ? optionKeys(old.options) : []);
  return (
    <div className={styles.properties}>
      <p className={styles.kindLine}>{wordsIn(kindName(field.kind), language)}{old !== undefined && <span className={styles.hint}>{say('property.keyFixed')}</span>}</p>
      {errors[''] !== undefined && <p className={styles.error} role="alert">{errors['']}</p>}
      {errors['kind'] !== undefined && <p className={styles.error} role="alert">{errors['kind']}</p>}
      <WordsProperty text="property.labelZh" textEn="property.labelEn" name="label" value={field.label} errors={errors} set={set} required />
      <KeyProperty key={field.key} value={field.key} error={errors['key']} taken={form.fields.map(({ key }) => key).filter((key) => key !== field.key)} onChange={(key) => {
        onChange((before) => renameField(before, field.key, key));
        onChoose({ kind: 'field', key });
      }} />
      <KindProperties field={field} form={form} errors={errors} published={publishedOptions} set={set} />
      {field.kind === 'table' && <Columns columns={field.columns} form={form} errors={errors} onChange={(columns) => set({ columns })} />}
      <h3 className={styles.propertiesTitle}>{say('property.rules')}</h3>
      {field.kind !== 'formula' && <ConditionProperty name="required" value={field.required} isUsual={false} form={form} errors={errors} set={set} />}
      <ConditionProperty name="visible" value={field.visible} isUsual={true} form={form} errors={errors} set={set} />
      {field.kind !== 'formula' && <ConditionProperty name="readOnly" value={field.readOnly} isUsual={false} form={form} errors={errors} set={set} />}
      <h3 className={styles.propertiesTitle}>{say('property.more')}</h3>
      <WordsProperty text="property.help" textEn="property.helpEn" name="help" value={field.help} errors={errors} set={set} long />
      <Property label={say('property.section')} error={errors['section']}>
        <Select size="small" className={styles.wide} aria-label={say('property.section')} value={field.section ?? ''} options={[{ value: '', label: say('designer.noSection') }, ...(form.sections ?? []).map((section) => ({ value: section.key, label: wordsIn(section.label, language) }))]} onChange={(section) => set({ section: section === '' ? undefined : section })} />
      </Property>
      <div className={styles.property}>
        <span className={styles.propertyLabel}>{say('property.width')}</span>
        <Segmented size="small" block aria-label={say('property.width')} value={field.width ?? 'full'} options={(['full', 'half'] as const).map((width) => ({ value: width, label: say(`property.${width}`) }))} onChange={(width) => set({ width: width === 'full' ? undefined : width })} />
      </div>
      <div className={styles.property}>
        <span className={styles.propertyLabel}>{say('property.audience')}</span>
        <Segmented size="small" block aria-label={say('property.audience')} disabled={isReference && field.audience !== 'everyone'} value={field.audience ?? 'staff'} options={(['staff', 'everyone'] as const).map((audience) => ({ value: audience, label: say(`property.${audience}`) }))} onChange={(audience) => set({ audience: audience === 'staff' ? undefined : audience })} />
        {isReference && <span className={styles.hint}>{say('property.audienceNot')}</span>}
      </div>
      {(field.kind === 'text' || field.kind === 'long_text') && <SwitchProperty text="property.masked" name="masked" value={field.masked} errors={errors} set={set} />}
      {indexable.has(field.kind) && <SwitchProperty text="property.indexed" name="indexed" value={field.indexed} errors={errors} set={set} />}
    </div>
  );
}

/** A key is taken over when the field is left: half a key is none. */
function KeyProperty({ value, error, taken, onChange }: { value: string; error: string | undefined; taken: readonly string[]; onChange: (key: string) => void }) {
  const { t: say } = useSettingsTexts();
  const [typed, setTyped] = useState(value);
  const settle = (): void => {
    const key = typed.trim();
    if (key === value) return;
    if (key === '' || taken.includes(key)) setTyped(value);
    else onChange(key);
  };
  return (
    <Property label={say('property.key')} error={error} hint={say('property.keyHint')}>
      <Input size="small" className={styles.mono} maxLength={63} spellCheck={false} value={typed} status={error === undefined ? undefined : 'error'} onChange={(event) => setTyped(event.target.value)} onBlur={settle} onPressEnter={settle} />
    </Property>
  );
}

function ConditionProperty({ name, value, isUsual, form, columns, errors, set }: { name: 'required' | 'visible' | 'readOnly'; value: Condition | undefined; isUsual: boolean; form: Form; columns?: readonly Column[]; errors: Readonly<Record<string, string>>; set: Setter }) {
  const { t: say } = useSettingsTexts();
  const variables = useVariables(form, columns ?? []);
  const current = value ?? isUsual;
  const way = current === true ? 'always' : current === false ? 'never' : 'when';
  const messages = Object.entries(errors).filter(([path]) => path === name || path.startsWith(`${name}/`)).map(([, message]) => message);
  return (
    <div className={styles.property}>
      <span className={styles.ruleLine}>
        <span className={styles.propertyLabel}>{say(`property.${name}`)}</span>
        <Segmented size="small" aria-label={say(`property.${name}`)} value={way} options={(['always', 'never', 'when'] as const).map((one) => ({ value: one, label: say(`property.${one}`) }))} onChange={(next) => set({ [name]: next === 'when' ? toRule({ join: 'all', lines: [startLine(variables)] }) : (next === 'always') === isUsual ? undefined : next === 'always' })} />
      </span>
      {way === 'when' && <ConditionEditor rule={current} form={form} columns={columns} onChange={(rule) => set({ [name]: rule })} />}
      {messages.map((message) => <span key={message} className={styles.error} role="alert">{message}</span>)}
    </div>
  );
}

/** The columns of a table (明细列), each with the properties its kind has. */
function Columns({ columns, form, errors, onChange }: { columns: readonly Column[]; form: Form; errors: Readonly<Record<string, string>>; onChange: (columns: Column[]) => void }) {
  const { language } = useTexts();
  const { t: say } = useSettingsTexts();
  const keys = columns.map(({ key }) => key);
  const move = (index: number, by: -1 | 1): void => {
    const next = [...columns];
    [next[index], next[index + by]] = [next[index + by]!, next[index]!];
    onChange(next);
  };
  return (
    <fieldset className={styles.group}>
      <legend>{say('property.columns')}</legend>
      {errors['columns'] !== undefined && <p className={styles.error} role="alert">{errors['columns']}</p>}
      <Collapse
        collapsible="header"
        size="small"
        items={columns.map((column, index) => {
          const below = Object.fromEntries(Object.entries(errors).flatMap(([path, message]) => (path.startsWith(`columns/${index}/`) ? [[path.slice(`columns/${index}/`.length), message]] : [])));
          const set: Setter = (patch) => onChange(columns.map((one, at) => (at === index ? patched(one, patch) : one)));
          return {
            key: index,
            label: <span className={styles.columnLabel} data-wrong={Object.keys(below).length > 0 || undefined}>{wordsIn(column.label, language) || column.key}<span className={styles.hint}>{wordsIn(kindName(column.kind), language)}</span></span>,
            extra: (
              <span onClick={(event) => event.stopPropagation()} role="presentation">
                <Button type="text" size="small" disabled={index === 0} icon={<Icon name="chevronUp" size={14} />} aria-label={say('designer.moveUp')} onClick={() => move(index, -1)} />
                <Button type="text" size="small" disabled={index === columns.length - 1} icon={<Icon name="chevronDown" size={14} />} aria-label={say('designer.moveDown')} onClick={() => move(index, 1)} />
                <Button type="text" size="small" icon={<Icon name="trash" size={14} />} aria-label={say('designer.remove')} onClick={() => onChange(columns.filter((_, at) => at !== index))} />
              </span>
            ),
            children: (
              <div className={styles.properties}>
                <WordsProperty text="property.labelZh" textEn="property.labelEn" name="label" value={column.label} errors={below} set={set} required />
                <KeyProperty key={column.key} value={column.key} error={below['key']} taken={keys.filter((key) => key !== column.key)} onChange={(key) => set({ key })} />
                <KindProperties field={column} form={form} columns={columns} errors={below} published={new Set()} set={set} />
                {column.kind !== 'formula' && <ConditionProperty name="required" value={column.required} isUsual={false} form={form} columns={columns} errors={below} set={set} />}
              </div>
            ),
          };
        })}
      />
      <Dropdown trigger={['click']} menu={{ items: columnKinds.map((kind) => ({ key: kind, label: wordsIn(kindName(kind), language) })), onClick: ({ key }) => onChange([...columns, { ...newColumn(key as Column['kind'], keys), key: freeKey(key === 'long_text' ? 'longText' : key === 'date_time' ? 'dateTime' : key, keys) }]) }}>
        <Button type="text" size="small" icon={<Icon name="plus" size={14} />} disabled={columns.length >= 20}>{say('property.newColumn')}</Button>
      </Dropdown>
    </fieldset>
  );
}
