import type { ReactNode } from 'react';
import type { Column, FieldDefinition, Form } from '../../../rules/forms/form.ts';
import { afterPress } from '../../ui/form/after-press.ts';
import { wordsIn } from '../../ui/form/answers.ts';
import { controlId, hold, leave, shownSections, type Filling, type FormState } from '../../ui/form/filling.ts';
import type { Language } from '../../ui/preferences.ts';
import { useTexts } from '../i18n.ts';
import { NamesContext } from './answer-names.ts';
import { AnswerText } from './answer-text.tsx';
import { FieldControl } from './field-control.tsx';
import styles from './form-view.module.css';

type Props = {
  form: Form;
  filling: Filling;
  state: FormState;
  onChange: (change: (before: Filling) => Filling) => void;
  names?: Readonly<Record<string, string>>;
  /** Puts everything below each other, whatever widths the form asks for. */
  narrow?: boolean;
};

const none: Readonly<Record<string, string>> = {};

/** A form as it is filled in (动态表单): its fields by section, conditions followed as one types, what is wrong at its field. */
export function FormView({ form, filling, state, onChange, names = none, narrow = false }: Props) {
  const { language } = useTexts();
  return (
    <NamesContext value={names}>
      <div className={narrow ? `${styles.form} ${styles.narrow}` : styles.form}>
        {shownSections(form, state.applied.states).map(({ section, fields }) => (
          <div key={section?.key ?? ''} className={styles.section} role={section === null ? undefined : 'group'} aria-labelledby={section === null ? undefined : `section-${section.key}`}>
            {section !== null && (
              <header className={styles.sectionHead}>
                <h3 id={`section-${section.key}`}>{wordsIn(section.label, language)}</h3>
                {section.help !== undefined && <p>{wordsIn(section.help, language)}</p>}
              </header>
            )}
            {fields.map((field) => (
              <Field key={field.key} field={field} filling={filling} state={state} onChange={onChange} />
            ))}
          </div>
        ))}
      </div>
    </NamesContext>
  );
}

const wide: readonly FieldDefinition['kind'][] = ['table', 'long_text', 'file', 'signature', 'place'];

function Field({ field, filling, state, onChange }: { field: FieldDefinition } & Pick<Props, 'filling' | 'state' | 'onChange'>) {
  const { t, language } = useTexts();
  const { key } = field;
  const fieldState = state.applied.states[key]!;
  const id = controlId(key);
  const error = state.errors[key] ?? (field.kind === 'table' ? undefined : Object.entries(state.errors).find(([path]) => path.startsWith(`${key}/`))?.[1]);
  const help = wordsIn(field.help, language);
  const described = [help === '' ? '' : `${id}-help`, error === undefined ? '' : `${id}-error`].filter((one) => one !== '').join(' ') || undefined;
  const value = state.shown(field);
  const isHalf = field.width === 'half' && !wide.includes(field.kind);
  return (
    <div className={isHalf ? `${styles.field} ${styles.half}` : styles.field} data-field={key}>
      <Label id={id} field={field} required={fieldState.required} language={language} />
      {fieldState.readOnly ? (
        <div className={styles.locked} id={id} aria-describedby={described}>
          <AnswerText field={field} value={value} failure={field.kind === 'formula' ? fieldState.failure : undefined} />
        </div>
      ) : (
        <FieldControl
          field={field}
          id={id}
          path={key}
          value={value}
          required={fieldState.required}
          invalid={error !== undefined}
          describedBy={described}
          errors={state.errors}
          rows={state.applied.values[key]}
          onChange={(next) => onChange((before) => hold(before, key, next))}
          onLeave={() => afterPress(() => onChange((before) => leave(before, key)))}
        />
      )}
      {help !== '' && <p className={styles.help} id={`${id}-help`}>{help}</p>}
      {error !== undefined && <p className={styles.error} id={`${id}-error`} role="alert">{error}</p>}
      {filling.tried && fieldState.required && error === undefined && <span className="visually-hidden">{t('form.filled')}</span>}
    </div>
  );
}

function Label({ id, field, required, language }: { id: string; field: FieldDefinition | Column; required: boolean; language: Language }): ReactNode {
  const { t } = useTexts();
  return (
    <label className={styles.label} htmlFor={id} id={`${id}-label`}>
      {wordsIn(field.label, language)}
      {required && (
        <>
          <span className={styles.star} aria-hidden="true">*</span>
          <span className="visually-hidden">{t('form.required')}</span>
        </>
      )}
    </label>
  );
}
