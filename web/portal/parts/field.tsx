import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { say } from '../texts/say.ts';

interface FieldProps {
  label: string;
  name: string;
  value: string;
  onInput: (value: string) => void;
  hint?: string;
  error?: string;
  placeholder?: string;
  optional?: boolean;
  /** Takes several lines, at least this many. */
  rows?: number;
  maxLength: number;
  type?: 'text' | 'tel';
  inputMode?: 'text' | 'tel' | 'numeric';
  autoComplete?: string;
  autoFocus?: boolean;
  /** Below the field, as part of it. */
  children?: ComponentChildren;
}

/** A labelled field; what is wrong stands right beside it (输入框). */
export function Field({ label, name, value, onInput, hint, error, placeholder, optional = false, rows, maxLength, type = 'text', inputMode, autoComplete, autoFocus = false, children }: FieldProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  const input = useRef<HTMLInputElement>(null);

  // A box that grows with its text keeps everything in sight.
  useLayoutEffect(() => {
    if (area.current === null) return;
    area.current.style.height = 'auto';
    area.current.style.height = `${area.current.scrollHeight + 2}px`;
  }, [value]);

  const begins = useRef(autoFocus);
  useLayoutEffect(() => {
    if (begins.current) (area.current ?? input.current)?.focus();
  }, []);

  const described = [hint === undefined ? '' : `${name}-hint`, error === undefined ? '' : `${name}-error`].filter((id) => id !== '').join(' ');
  const shared = {
    id: name,
    name,
    class: 'input',
    value,
    placeholder,
    // What is cut off silently is lost: a long text is said to be too long instead.
    maxLength: rows === undefined ? maxLength : undefined,
    'aria-invalid': error !== undefined,
    'aria-describedby': described === '' ? undefined : described,
  };
  return (
    <div class={error === undefined ? 'field' : 'field field-wrong'}>
      <label for={name}>
        {label}
        {optional && <span class="field-optional">{say('report.optional')}</span>}
      </label>
      {hint !== undefined && <p class="field-hint" id={`${name}-hint`}>{hint}</p>}
      {rows === undefined ? (
        <input {...shared} ref={input} list={undefined} type={type} inputMode={inputMode} autoComplete={autoComplete} onInput={(event) => onInput(event.currentTarget.value)} />
      ) : (
        <textarea {...shared} ref={area} rows={rows} onInput={(event) => onInput(event.currentTarget.value)} />
      )}
      {error !== undefined && <p class="field-error" id={`${name}-error`}>{error}</p>}
      {children}
    </div>
  );
}

/** Sets the focus on a field by its name, in sight. */
export function focusField(name: string): void {
  const element = document.getElementById(name);
  element?.scrollIntoView({ block: 'center' });
  element?.focus({ preventScroll: true });
}
