import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useState } from 'react';
import { useColleagues } from '../data/colleagues.ts';
import { staffMember } from '../data/records.ts';
import { useTexts } from '../i18n.ts';
import { useDebounced } from './debounced.ts';
import { jobTexts } from './names.ts';
import { soundsLike } from '../../../rules/text/pinyin.ts';

type Props = {
  value: string | undefined;
  onChange: (id: string | undefined) => void;
  placeholder: string;
  /** Choices that are nobody in particular. */
  extra?: { value: string; label: string }[];
  className?: string;
  variant?: 'outlined' | 'filled';
  id?: string;
  autoFocus?: boolean;
};

/** Chooses a colleague (选择员工) by searching as one types. */
export function StaffSelect({ value, onChange, placeholder, extra = [], className, variant, id, autoFocus }: Props) {
  const { t } = useTexts();
  const [typed, setTyped] = useState('');
  const [opened, setOpened] = useState(false);
  const q = useDebounced(typed.trim());
  const found = useColleagues(q, { enabled: opened });
  const isPerson = value !== undefined && !extra.some((choice) => choice.value === value);
  const { people } = found;
  const chosen = useQuery({ ...staffMember(value ?? ''), enabled: isPerson && !people.some((person) => person.id === value) });
  // What is typed narrows at once what is there; the search follows.
  const words = typed.trim().toLowerCase();
  const fitting = q === typed.trim() ? people : people.filter((person) => person.name.toLowerCase().includes(words) || soundsLike(person.name, words));
  const options = fitting.map((person) => ({ value: person.id, label: person.name, hint: person.absent === null ? t(jobTexts[person.job]) : t('absent.now') }));
  if (words === '' && chosen.data !== undefined && isPerson && !options.some((option) => option.value === value)) {
    options.unshift({ value: chosen.data.id, label: chosen.data.name, hint: t(jobTexts[chosen.data.job]) });
  }
  return (
    <Select
      id={id}
      autoFocus={autoFocus}
      className={className}
      variant={variant}
      placeholder={placeholder}
      aria-label={placeholder}
      allowClear
      showSearch={{ filterOption: false, onSearch: setTyped }}
      popupMatchSelectWidth={200}
      loading={found.isFetching}
      onOpenChange={(open) => {
        if (open) setOpened(true);
      }}
      value={value}
      options={[...(words === '' ? extra.map((choice) => ({ ...choice, hint: '' })) : []), ...options]}
      optionRender={(option) => (
        <span style={{ display: 'flex', justifyContent: 'space-between', gap: 12 }}>
          <span>{option.label}</span>
          <span style={{ color: 'var(--text-muted)', fontSize: 12 }}>{option.data.hint}</span>
        </span>
      )}
      onChange={(id: string | undefined) => onChange(id)}
    />
  );
}
