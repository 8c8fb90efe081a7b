import { useId } from 'react';

/** A choice of one among few, side by side (单选). */
export function Choice<Value extends string>({ label, options, value, onChange }: { label: string; options: { value: Value; label: string }[]; value: Value; onChange: (value: Value) => void }) {
  const name = useId();
  return (
    <div className="choice" role="radiogroup" aria-label={label}>
      {options.map((option) => (
        <label key={option.value} className="choice-option">
          <input type="radio" className="visually-hidden" name={name} checked={option.value === value} onChange={() => onChange(option.value)} />
          <span>{option.label}</span>
        </label>
      ))}
    </div>
  );
}
