import { Select } from 'antd';
import { useState } from 'react';
import type { Reference } from '../../../contract/common.ts';
import { crewLimits } from '../../../contract/organization.ts';
import { useColleagues } from '../data/colleagues.ts';
import { usePreferenceTexts } from '../dispatch/preference-texts.ts';
import { useDebounced } from '../parts/debounced.ts';

/** Chooses several colleagues (选择多人), who come along as a rule, by searching as one types. */
export function CrewSelect({ id, value, except, most = crewLimits.others, placeholder, onChange }: { id?: string; most?: number; placeholder?: string; value: readonly Reference[]; except: string | null; onChange: (members: Reference[]) => void }) {
  const { t: say } = usePreferenceTexts();
  const [typed, setTyped] = useState('');
  const [opened, setOpened] = useState(false);
  const { people, isFetching } = useColleagues(useDebounced(typed.trim()), { enabled: opened });
  const known = [...value, ...people.filter((person) => person.active && person.id !== except && !value.some((one) => one.id === person.id))];
  return (
    <Select
      {...(id === undefined ? {} : { id })}
      mode="multiple"
      style={{ width: '100%' }}
      maxCount={most}
      placeholder={placeholder ?? say('crew.choose')}
      aria-label={placeholder ?? say('crew.choose')}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      loading={isFetching}
      onOpenChange={(open) => {
        if (open) setOpened(true);
      }}
      value={value.map((one) => one.id)}
      options={known.map((person) => ({ value: person.id, label: person.name }))}
      onChange={(ids: string[]) => onChange(ids.flatMap((one) => known.filter((person) => person.id === one).map((person) => ({ id: person.id, name: person.name }))))}
    />
  );
}
