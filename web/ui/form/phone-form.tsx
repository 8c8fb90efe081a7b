import { describeFormulaFailure } from '../../../contract/form-problems.ts';
import { isObject } from '../../../rules/conditions/json.ts';
import { formLimits, type Column, type FieldDefinition, type Form, type Option, type Place, type PlaceField, type TableField, type TreeField, type TreeOption } from '../../../rules/forms/form.ts';
import { afterPress } from './after-press.ts';
import { faceWords, localMinute, instantOf, moneyText, numberText, wordsIn } from './answers.ts';
import { controlId, hold, leave, shownSections, type Filling, type FormState } from './filling.ts';
import { sayForm } from './phone-texts.ts';
import type { Language } from '../preferences.ts';

/*
 * The form on a phone (手机表单), made of the browser's own controls: the portal compiles this file for Preact, the field app
 * and the console for React, so nothing here may be peculiar to either. Kinds that need more than the browser has
 * (files, signatures, people, customers, assets) are drawn by the face that can; where none does, they are left out.
 */

const drawNothing = () => <></>;
/** What a component of either world gives back. */
type Drawn = ReturnType<typeof drawNothing>;

/** What the control of one field is given. */
export interface PhoneControlProps {
  field: FieldDefinition | Column;
  id: string;
  value: unknown;
  required: boolean;
  invalid: boolean;
  describedBy: string | undefined;
  /** Its name, where no label points at it. */
  label: string | undefined;
  language: Language;
  onChange: (value: unknown) => void;
  onLeave: () => void;
}

export type PhoneControls = { [Kind in FieldDefinition['kind']]?: (props: PhoneControlProps) => Drawn };

interface PhoneFormProps {
  form: Form;
  state: FormState;
  language: Language;
  onChange: (step: (before: Filling) => Filling) => void;
  controls?: PhoneControls;
  names?: Readonly<Record<string, string>>;
}

const kindsOfOthers: readonly string[] = ['file', 'signature', 'person', 'customer', 'asset'];

/** A form as it is filled in on a phone. */
export function PhoneForm({ form, state, language, onChange, controls = {}, names = {} }: PhoneFormProps) {
  const mayDraw = (field: FieldDefinition): boolean => state.applied.states[field.key]?.readOnly === true || !kindsOfOthers.includes(field.kind) || controls[field.kind] !== undefined;
  return (
    <div className="phone-form">
      {shownSections(form, state.applied.states).map(({ section, fields }) => (
        <div key={section === null ? '' : section.key} className="phone-section" role="group" aria-labelledby={section === null ? undefined : `section-${section.key}`}>
          {section !== null && <h2 id={`section-${section.key}`} className="phone-section-title">{wordsIn(section.label, language)}</h2>}
          {fields.filter(mayDraw).map((field) => (
            <PhoneField key={field.key} field={field} state={state} language={language} controls={controls} names={names} onHold={(value) => onChange((before) => hold(before, field.key, value))} onLeave={() => afterPress(() => onChange((before) => leave(before, field.key)))} />
          ))}
        </div>
      ))}
    </div>
  );
}

interface PhoneFieldProps {
  field: FieldDefinition;
  state: FormState;
  language: Language;
  controls: PhoneControls;
  names: Readonly<Record<string, string>>;
  onHold: (value: unknown) => void;
  onLeave: () => void;
}

function PhoneField({ field, state, language, controls, names, onHold, onLeave }: PhoneFieldProps) {
  const { key } = field;
  const { required, readOnly, failure } = state.applied.states[key]!;
  const id = controlId(key);
  const error = state.errors[key] ?? (field.kind === 'table' ? undefined : Object.entries(state.errors).find(([path]) => path.startsWith(`${key}/`))?.[1]);
  const help = wordsIn(field.help, language);
  const described = [help === '' ? '' : `${id}-help`, error === undefined ? '' : `${id}-error`].filter((one) => one !== '').join(' ');
  const value = state.shown(field);
  return (
    <div className={error === undefined ? 'phone-field' : 'phone-field phone-field-wrong'} data-field={key}>
      <label className="phone-label" htmlFor={id} id={`${id}-label`}>
        {wordsIn(field.label, language)}
        {required ? <span className="visually-hidden">{sayForm('required')}</span> : readOnly ? null : <span className="phone-optional">{sayForm('optional')}</span>}
      </label>
      {help !== '' && <p className="phone-help" id={`${id}-help`}>{help}</p>}
      {readOnly ? (
        <p className="phone-locked" id={id}>{failure === undefined ? answerWords(field, value, language, names) : describeFormulaFailure(failure)[language === 'en' ? 'en' : 'zh']}</p>
      ) : field.kind === 'table' ? (
        <PhoneTable field={field} id={id} path={key} value={value} state={state} language={language} onHold={onHold} onLeave={onLeave} />
      ) : (
        <PhoneControl field={field} id={id} value={value} required={required} invalid={error !== undefined} describedBy={described === '' ? undefined : described} label={undefined} language={language} onChange={onHold} onLeave={onLeave} controls={controls} />
      )}
      {error !== undefined && <p className="phone-error" id={`${id}-error`} role="alert">{error}</p>}
    </div>
  );
}

/** An answer in words; instants in the device's own zone. */
export function answerWords(field: FieldDefinition | Column, value: unknown, language: Language, names: Readonly<Record<string, string>>): string {
  if (field.kind === 'date_time') return localMinute(value).replace('T', ' ') || '—';
  return faceWords(field, value, language, (id) => names[id]) || '—';
}

function PhoneControl(props: PhoneControlProps & { controls: PhoneControls }) {
  const { field, id, value, required, invalid, describedBy, label, language, onChange, onLeave, controls } = props;
  const Own = controls[field.kind];
  if (Own !== undefined) return <Own field={field} id={id} value={value} required={required} invalid={invalid} describedBy={describedBy} label={label} language={language} onChange={onChange} onLeave={onLeave} />;
  const shared = { id, className: 'phone-input', 'aria-invalid': invalid, 'aria-describedby': describedBy, 'aria-required': required, 'aria-label': label, onBlur: onLeave };
  const text = typeof value === 'string' ? value : '';
  switch (field.kind) {
    case 'text':
      return <input {...shared} list={undefined} type={field.format === 'phone' ? 'tel' : 'text'} inputMode={field.format === 'digits' || field.format === 'cn_postcode' ? 'numeric' : field.format === 'email' ? 'email' : field.format === 'url' ? 'url' : undefined} maxLength={1_000} value={text} placeholder={wordsIn(field.placeholder, language) || field.mask} onInput={(event) => onChange(event.currentTarget.value)} />;
    case 'long_text':
      return <textarea {...shared} rows={4} maxLength={40_000} value={text} placeholder={wordsIn(field.placeholder, language)} onInput={(event) => onChange(event.currentTarget.value)} />;
    case 'number':
      return (
        <span className="phone-with-unit">
          <input {...shared} type="text" inputMode="decimal" maxLength={40} value={numberText(value)} onInput={(event) => onChange(event.currentTarget.value)} />
          {field.unit !== undefined && <span className="phone-unit">{wordsIn(field.unit, language)}</span>}
        </span>
      );
    case 'money': {
      const typed = moneyText(value, field.currencies);
      return (
        <span className="phone-with-unit">
          {field.currencies.length === 1 ? (
            <span className="phone-unit">{typed.currency}</span>
          ) : (
            <select className="phone-input phone-currency" aria-label={sayForm('currency')} value={typed.currency} onChange={(event) => onChange({ text: typed.text, currency: event.currentTarget.value })}>
              {field.currencies.map((currency) => <option key={currency} value={currency}>{currency}</option>)}
            </select>
          )}
          <input {...shared} type="text" inputMode="decimal" maxLength={40} value={typed.text} onInput={(event) => onChange({ text: event.currentTarget.value, currency: typed.currency })} />
        </span>
      );
    }
    case 'date':
      return <input {...shared} type="date" value={text} onInput={(event) => onChange(event.currentTarget.value || null)} />;
    case 'time':
      return <input {...shared} type="time" value={text} step={field.step === undefined ? undefined : field.step * 60} onInput={(event) => onChange(event.currentTarget.value || null)} />;
    case 'date_time':
      return <input {...shared} type="datetime-local" value={localMinute(value)} onInput={(event) => onChange(instantOf(event.currentTarget.value))} />;
    case 'boolean':
      return (
        <div className="phone-choices" role="radiogroup" aria-labelledby={`${id}-label`} aria-describedby={describedBy}>
          {[true, false].map((answer, index) => (
            <label key={String(answer)} className="phone-choice">
              <input type="radio" id={index === 0 ? id : undefined} name={id} checked={value === answer} onChange={() => onChange(answer)} />
              {sayForm(answer ? 'yes' : 'no')}
            </label>
          ))}
        </div>
      );
    case 'choice': {
      const open = openOptions(field.options, [value]);
      if (open.length > 5 || label !== undefined) {
        return (
          <select {...shared} value={text} onChange={(event) => onChange(event.currentTarget.value || null)}>
            <option value="">{sayForm('choose')}</option>
            {open.map((option) => <option key={option.key} value={option.key}>{wordsIn(option.label, language)}</option>)}
          </select>
        );
      }
      return (
        <div className="phone-choices" role="radiogroup" aria-labelledby={`${id}-label`} aria-describedby={describedBy}>
          {open.map((option, index) => (
            <label key={option.key} className="phone-choice">
              <input type="radio" id={index === 0 ? id : undefined} name={id} checked={value === option.key} onChange={() => onChange(option.key)} onClick={() => { if (value === option.key && !required) onChange(null); }} />
              {wordsIn(option.label, language)}
            </label>
          ))}
        </div>
      );
    }
    case 'choices': {
      const keys = Array.isArray(value) ? value.map(String) : [];
      return (
        <div className="phone-choices" role="group" aria-labelledby={`${id}-label`} aria-describedby={describedBy}>
          {openOptions(field.options, keys).map((option, index) => (
            <label key={option.key} className="phone-choice">
              <input type="checkbox" id={index === 0 ? id : undefined} checked={keys.includes(option.key)} onChange={(event) => onChange(event.currentTarget.checked ? [...keys, option.key] : keys.filter((key) => key !== option.key))} />
              {wordsIn(option.label, language)}
            </label>
          ))}
        </div>
      );
    }
    case 'tree':
      return <PhoneTree field={field} id={id} value={value} describedBy={describedBy} invalid={invalid} language={language} onChange={onChange} onLeave={onLeave} />;
    case 'place':
      return <PhonePlace field={field} id={id} value={value} describedBy={describedBy} invalid={invalid} onChange={onChange} onLeave={onLeave} />;
    default:
      return <p className="phone-locked" id={id}>{answerWords(field, value, language, {})}</p>;
  }
}

function openOptions(options: readonly Option[], held: readonly unknown[]): Option[] {
  return options.filter((option) => option.retired !== true || held.includes(option.key));
}

function pathTo(options: readonly TreeOption[], key: unknown): TreeOption[] {
  for (const option of options) {
    if (option.key === key) return [option];
    const below = pathTo(option.children ?? [], key);
    if (below.length > 0) return [option, ...below];
  }
  return [];
}

/** One select for each level of a tree; the next one appears when there is more below. */
function PhoneTree({ field, id, value, describedBy, invalid, language, onChange, onLeave }: { field: TreeField; id: string; value: unknown; describedBy: string | undefined; invalid: boolean; language: Language; onChange: (value: unknown) => void; onLeave: () => void }) {
  const path = pathTo(field.options, value);
  const levels: (readonly TreeOption[])[] = [field.options, ...path.map((option) => option.children ?? [])].filter((options) => options.length > 0);
  return (
    <div className="phone-tree">
      {levels.map((options, level) => (
        <select
          key={level}
          id={level === 0 ? id : undefined}
          className="phone-input"
          aria-label={level === 0 ? undefined : path[level - 1] === undefined ? undefined : wordsIn(path[level - 1]!.label, language)}
          aria-invalid={invalid}
          aria-describedby={describedBy}
          value={path[level]?.key ?? ''}
          onChange={(event) => onChange(event.currentTarget.value || path[level - 1]?.key || null)}
          onBlur={onLeave}
        >
          <option value="">{sayForm('choose')}</option>
          {openOptions(options, [path[level]?.key]).map((option) => <option key={option.key} value={option.key}>{wordsIn(option.label, language)}</option>)}
        </select>
      ))}
    </div>
  );
}

function PhonePlace({ field, id, value, describedBy, invalid, onChange, onLeave }: { field: PlaceField; id: string; value: unknown; describedBy: string | undefined; invalid: boolean; onChange: (value: unknown) => void; onLeave: () => void }) {
  const place: Place = isObject(value) ? value : {};
  const has = place.lat != null && place.lng != null;
  return (
    <div className="phone-place">
      <input id={id} className="phone-input" type="text" maxLength={300} value={place.address ?? ''} placeholder={sayForm('address')} aria-invalid={invalid} aria-describedby={describedBy} onInput={(event) => onChange({ ...place, address: event.currentTarget.value })} onBlur={onLeave} />
      <button
        type="button"
        className="phone-button"
        data-required={field.coordinates === 'required' || undefined}
        onClick={() => {
          navigator.geolocation.getCurrentPosition(
            ({ coords }) => onChange({ ...place, lat: Math.round(coords.latitude * 1e6) / 1e6, lng: Math.round(coords.longitude * 1e6) / 1e6 }),
            () => alert(sayForm('noPosition')),
            { enableHighAccuracy: true, timeout: 10_000 },
          );
        }}
      >
        {has ? `${sayForm('hereKept')} (${place.lat}, ${place.lng})` : sayForm('here')}
      </button>
    </div>
  );
}

/** Rows below each other, each with its cells below each other: a phone has no room for columns. */
function PhoneTable({ field, id, path, value, state, language, onHold, onLeave }: { field: TableField; id: string; path: string; value: unknown; state: FormState; language: Language; onHold: (value: unknown) => void; onLeave: () => void }) {
  const rows = Array.isArray(value) ? value.filter(isObject) : [];
  const reckoned = state.applied.values[field.key];
  const known = Array.isArray(reckoned) ? reckoned.filter(isObject) : [];
  return (
    <div className="phone-table" id={id} tabIndex={-1}>
      {rows.map((row, index) => (
        <fieldset key={index} className="phone-row">
          <legend>{sayForm('row', { number: index + 1 })}</legend>
          {field.columns.map((column) => {
            const cellId = `${id}-${index}-${column.key}`;
            const error = state.errors[`${path}/${index}/${column.key}`];
            return (
              <div key={column.key} className={error === undefined ? 'phone-field' : 'phone-field phone-field-wrong'}>
                <label className="phone-label" htmlFor={cellId} id={`${cellId}-label`}>{wordsIn(column.label, language)}</label>
                {column.kind === 'formula' ? (
                  <p className="phone-locked" id={cellId}>{answerWords(column, known[index]?.[column.key], language, {})}</p>
                ) : (
                  <PhoneControl field={column} id={cellId} value={row[column.key]} required={column.required === true} invalid={error !== undefined} describedBy={error === undefined ? undefined : `${cellId}-error`} label={undefined} language={language} controls={{}} onLeave={onLeave} onChange={(cell) => onHold(rows.map((one, at) => (at === index ? { ...one, [column.key]: cell } : one)))} />
                )}
                {error !== undefined && <p className="phone-error" id={`${cellId}-error`}>{error}</p>}
              </div>
            );
          })}
          <button type="button" className="phone-button phone-remove" onClick={() => onHold(rows.filter((_, at) => at !== index))}>{sayForm('removeRow', { number: index + 1 })}</button>
        </fieldset>
      ))}
      {rows.length < (field.maxRows ?? formLimits.rows) && (
        <button type="button" className="phone-button" onClick={() => onHold([...rows, {}])}>{sayForm('addRow')}</button>
      )}
    </div>
  );
}
