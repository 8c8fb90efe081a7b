import { useId, type HTMLAttributes, type ReactNode } from 'react';

interface TextFieldProps {
  label: string;
  name: string;
  value: string;
  onChange: (value: string) => void;
  hint?: string;
  error?: string;
  placeholder?: string;
  type?: 'text' | 'password';
  /** More than one line. */
  rows?: number;
  maxLength: number;
  autoComplete?: string;
  inputMode?: HTMLAttributes<HTMLElement>['inputMode'];
  /** Stands inside the field, at its end. */
  after?: ReactNode;
}

/** A labelled field with its hint and, beside it, what is wrong (输入框). */
export function TextField({ label, name, value, onChange, hint, error, placeholder, type = 'text', rows, maxLength, autoComplete, inputMode, after }: TextFieldProps) {
  const id = useId();
  const described = [hint === undefined ? '' : `${id}-hint`, error === undefined ? '' : `${id}-error`].filter(Boolean).join(' ');
  const shared = {
    id,
    name,
    value,
    placeholder,
    maxLength,
    'aria-invalid': error !== undefined,
    'aria-describedby': described === '' ? undefined : described,
    className: 'text-input',
  };
  return (
    <div className={error === undefined ? 'field' : 'field field-invalid'}>
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      {hint !== undefined && (
        <p id={`${id}-hint`} className="field-hint">
          {hint}
        </p>
      )}
      <div className="text-box">
        {rows === undefined ? (
          <input {...shared} type={type} autoComplete={autoComplete} inputMode={inputMode} autoCapitalize="none" onChange={(event) => onChange(event.target.value)} />
        ) : (
          <textarea {...shared} rows={rows} onChange={(event) => onChange(event.target.value)} />
        )}
        {after}
      </div>
      {error !== undefined && (
        <p id={`${id}-error`} className="field-error">
          {error}
        </p>
      )}
    </div>
  );
}
