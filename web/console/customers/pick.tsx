import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useState } from 'react';
import { useDebounced } from '../parts/debounced.ts';
import { accountOf, accounts, customerOf, customers } from './data.ts';
import { useCustomerTexts } from './texts.ts';
import styles from './pick.module.css';

type Choice = { value: string; label: string; hint: string };
type Props = {
  id?: string;
  value?: string | undefined;
  onChange?: (id: string | undefined) => void;
  /** The name of what is chosen, where it is known already. */
  name?: string | undefined;
  /** Not to be chosen. */
  without?: readonly string[];
  placeholder?: string;
  label?: string;
  className?: string | undefined;
  variant?: 'filled' | 'outlined';
  autoFocus?: boolean;
};

/** Chooses an account by its name or code (选择客户单位). */
export function AccountPick(props: Props) {
  const { t: say } = useCustomerTexts();
  const [typed, setTyped] = useState('');
  const [opened, setOpened] = useState(false);
  const q = useDebounced(typed.trim());
  const found = useInfiniteQuery({ ...accounts(q === '' ? {} : { q }), enabled: opened });
  const chosen = useQuery({ ...accountOf(props.value ?? ''), enabled: props.value !== undefined && props.name === undefined });
  const choices = (found.data?.pages[0]?.items ?? []).map((one) => ({ value: one.id, label: one.name, hint: one.code ?? '' }));
  return <Pick {...props} placeholder={props.placeholder ?? say('profile.chooseAccount')} name={props.name ?? chosen.data?.name} choices={choices} busy={found.isFetching} onSearch={setTyped} onOpen={() => setOpened(true)} />;
}

/** Chooses a customer by name or phone (选择客户). */
export function CustomerPick(props: Props) {
  const { t: say } = useCustomerTexts();
  const [typed, setTyped] = useState('');
  const [opened, setOpened] = useState(false);
  const q = useDebounced(typed.trim());
  const found = useInfiniteQuery({ ...customers(q === '' ? {} : { q }), enabled: opened });
  const chosen = useQuery({ ...customerOf(props.value ?? ''), enabled: props.value !== undefined && props.name === undefined });
  const choices = (found.data?.pages[0]?.items ?? []).map((one) => ({ value: one.id, label: one.name, hint: one.phone ?? one.email ?? '' }));
  return <Pick {...props} placeholder={props.placeholder ?? say('profile.chooseCustomer')} name={props.name ?? chosen.data?.name} choices={choices} busy={found.isFetching} onSearch={setTyped} onOpen={() => setOpened(true)} />;
}

function Pick({ id, value, onChange, name, without = [], placeholder, label, className, variant, autoFocus, choices, busy, onSearch, onOpen }: Props & { choices: Choice[]; busy: boolean; onSearch: (words: string) => void; onOpen: () => void }) {
  const options = choices.filter((one) => !without.includes(one.value)).slice(0, 50);
  if (value !== undefined && !options.some((one) => one.value === value)) options.unshift({ value, label: name ?? '…', hint: '' });
  return (
    <Select
      {...(id === undefined ? {} : { id })}
      {...(autoFocus === true ? { autoFocus: true } : {})}
      allowClear
      className={className}
      variant={variant}
      showSearch={{ filterOption: false, onSearch }}
      placeholder={placeholder}
      aria-label={label ?? placeholder}
      loading={busy}
      onOpenChange={(open) => {
        if (open) onOpen();
      }}
      popupMatchSelectWidth={280}
      value={value}
      options={options}
      optionRender={(option) => (
        <span className={styles.choice}>
          <bdi>{option.label}</bdi>
          <span>{option.data.hint}</span>
        </span>
      )}
      onChange={(chosen: string | undefined) => onChange?.(chosen)}
    />
  );
}
