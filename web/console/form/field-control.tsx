import { Button, Cascader, DatePicker, Input, Radio, Select, Space, TimePicker } from 'antd';
import dayjs from 'dayjs';
import type { TreeOption } from '../../../rules/forms/form.ts';
import { dayLimit } from '../../../rules/forms/field-values.ts';
import { moneyText, numberText, wordsIn } from '../../ui/form/answers.ts';
import type { Language } from '../../ui/preferences.ts';
import { useTexts } from '../i18n.ts';
import { AnswerText } from './answer-text.tsx';
import type { ControlProps } from './control-props.ts';
import { FileControl } from './file-control.tsx';
import { PlaceControl } from './place-control.tsx';
import { ReferenceControl } from './reference-control.tsx';
import { SignatureControl } from './signature-control.tsx';
import { TableControl } from './table-control.tsx';
import styles from './form-view.module.css';

const relative = (limit: string | undefined): dayjs.Dayjs | undefined => {
  const day = limit === undefined ? null : dayLimit(limit, dayjs().format('YYYY-MM-DD'));
  return day === null ? undefined : dayjs(day);
};

type TreeChoice = { value: string; label: string; disabled?: boolean; children?: TreeChoice[] };

function treeChoices(options: readonly TreeOption[], language: Language, held: unknown): TreeChoice[] {
  return options.flatMap((option) => {
    const children = treeChoices(option.children ?? [], language, held);
    if (option.retired === true && option.key !== held && children.length === 0) return [];
    return [{ value: option.key, label: wordsIn(option.label, language), ...(option.retired === true && option.key !== held ? { disabled: true } : {}), ...(children.length > 0 ? { children } : {}) }];
  });
}

function pathTo(options: readonly TreeOption[], key: string): string[] {
  for (const option of options) {
    if (option.key === key) return [key];
    const below = pathTo(option.children ?? [], key);
    if (below.length > 0) return [option.key, ...below];
  }
  return [];
}

/** The control of one field (字段控件), by its kind. */
export function FieldControl(props: ControlProps) {
  const { t, language } = useTexts();
  const { field, id, value, required, invalid, describedBy, label, onChange, onLeave } = props;
  const status = invalid ? ('error' as const) : undefined;
  const said = { 'aria-invalid': invalid || undefined, 'aria-describedby': describedBy, 'aria-required': required || undefined, ...(label === undefined ? {} : { 'aria-label': label }) };
  const text = typeof value === 'string' ? value : '';
  switch (field.kind) {
    case 'text':
      return <Input id={id} value={text} status={status} maxLength={1_000} placeholder={wordsIn(field.placeholder, language) || field.mask} inputMode={field.format === 'digits' || field.format === 'cn_postcode' ? 'numeric' : field.format === 'phone' ? 'tel' : undefined} onChange={(event) => onChange(event.target.value)} onBlur={onLeave} {...said} />;
    case 'long_text':
      return <Input.TextArea id={id} value={text} status={status} autoSize={{ minRows: 3, maxRows: 14 }} maxLength={40_000} placeholder={wordsIn(field.placeholder, language)} onChange={(event) => onChange(event.target.value)} onBlur={onLeave} {...said} />;
    case 'number':
      return <Input id={id} value={numberText(value)} status={status} inputMode="decimal" maxLength={40} suffix={field.unit === undefined ? undefined : <span className={styles.unit}>{wordsIn(field.unit, language)}</span>} onChange={(event) => onChange(event.target.value)} onBlur={onLeave} {...said} />;
    case 'money': {
      const typed = moneyText(value, field.currencies);
      const amount = <Input id={id} value={typed.text} status={status} inputMode="decimal" maxLength={40} prefix={field.currencies.length === 1 ? <span className={styles.unit}>{typed.currency}</span> : undefined} onChange={(event) => onChange({ text: event.target.value, currency: typed.currency })} onBlur={onLeave} {...said} />;
      if (field.currencies.length === 1) return amount;
      return (
        <Space.Compact block>
          <Select className={styles.currency} aria-label={t('form.currency')} value={typed.currency} options={field.currencies.map((currency) => ({ value: currency, label: currency }))} onChange={(currency: string) => onChange({ text: typed.text, currency })} />
          {amount}
        </Space.Compact>
      );
    }
    case 'date':
      return <DatePicker id={id} className={styles.full} status={status} value={text === '' ? null : dayjs(text)} minDate={relative(field.min)} maxDate={relative(field.max)} onChange={(day) => onChange(day === null ? null : day.format('YYYY-MM-DD'))} onBlur={onLeave} {...said} />;
    case 'time':
      return <TimePicker id={id} className={styles.full} status={status} format="HH:mm" needConfirm={false} minuteStep={(field.step !== undefined && 60 % field.step === 0 ? field.step : 1) as 1} value={text === '' ? null : dayjs(`2026-01-01T${text}`)} onChange={(time) => onChange(time === null ? null : time.format('HH:mm'))} onBlur={onLeave} {...said} />;
    case 'date_time':
      return <DatePicker id={id} className={styles.full} status={status} showTime={{ format: 'HH:mm' }} format="YYYY-MM-DD HH:mm" value={text === '' ? null : dayjs(text)} minDate={relative(field.min)} maxDate={relative(field.max)} onChange={(time) => onChange(time === null ? null : time.second(0).millisecond(0).toISOString())} onBlur={onLeave} {...said} />;
    case 'boolean':
      return (
        <span className={styles.yesNo}>
          <Radio.Group id={id} size="middle" optionType="button" value={value ?? null} aria-labelledby={`${id}-label`} options={[{ value: true, label: t('form.yes') }, { value: false, label: t('form.no') }]} onChange={(event) => onChange(event.target.value as boolean)} {...said} />
          {!required && (value === true || value === false) && <Button type="link" size="small" onClick={() => onChange(null)}>{t('form.clear')}</Button>}
        </span>
      );
    case 'choice':
      return <Select id={id} className={styles.full} status={status} allowClear={!required} showSearch={field.options.length > 8 ? { optionFilterProp: 'title' } : false} placeholder={t('form.choose')} value={text === '' ? undefined : text} options={choices(field.options, [value], language)} optionRender={(option) => <OptionLine label={String(option.data.title)} color={option.data.color as string | undefined} />} onChange={(key: string | undefined) => onChange(key ?? null)} onBlur={onLeave} {...said} />;
    case 'choices': {
      const keys = Array.isArray(value) ? value.map(String) : [];
      return <Select id={id} className={styles.full} mode="multiple" status={status} allowClear showSearch={{ optionFilterProp: 'title' }} placeholder={t('form.chooseSome')} value={keys} options={choices(field.options, keys, language)} optionRender={(option) => <OptionLine label={String(option.data.title)} color={option.data.color as string | undefined} />} onChange={(next: string[]) => onChange(next)} onBlur={onLeave} {...said} />;
    }
    case 'tree':
      return <Cascader id={id} className={styles.full} status={status} changeOnSelect={field.leavesOnly !== true} allowClear={!required} showSearch placeholder={t('form.choose')} value={text === '' ? undefined : pathTo(field.options, text)} options={treeChoices(field.options, language, value)} onChange={(path) => onChange(path?.at(-1)?.toString() ?? null)} onBlur={onLeave} {...said} />;
    case 'person': case 'customer': case 'asset':
      return <ReferenceControl {...props} field={field} said={said} />;
    case 'place':
      return <PlaceControl {...props} field={field} />;
    case 'file':
      return <FileControl {...props} field={field} />;
    case 'signature':
      return <SignatureControl {...props} field={field} />;
    case 'table':
      return <TableControl {...props} field={field} Cell={FieldControl} />;
    case 'formula':
      return <AnswerText field={field} value={value} />;
  }
}

/** Options that may be chosen; a retired one only where it was chosen before. */
function choices(options: readonly { key: string; label: { zh: string; en?: string }; retired?: boolean; color?: string }[], held: readonly unknown[], language: Language) {
  return options.filter((option) => option.retired !== true || held.includes(option.key)).map((option) => ({ value: option.key, title: wordsIn(option.label, language), label: <OptionLine label={wordsIn(option.label, language)} color={option.color} />, color: option.color }));
}

function OptionLine({ label, color }: { label: string; color?: string }) {
  return <span className={styles.option}>{color !== undefined && <span className={styles.dot} style={{ background: color }} />}{label}</span>;
}
