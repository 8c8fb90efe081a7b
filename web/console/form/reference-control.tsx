import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useState } from 'react';
import type { AssetField, CustomerField, PersonField } from '../../../rules/forms/form.ts';
import { asset, assetList, customer, customerList, staffList, staffMember } from '../data/records.ts';
import { useTexts } from '../i18n.ts';
import { useDebounced } from '../parts/debounced.ts';
import { jobTexts } from '../parts/names.ts';
import type { ControlProps } from './control-props.ts';
import { useNames } from './answer-names.ts';
import styles from './form-view.module.css';

type Choice = { value: string; label: string; hint: string };

/** Chooses a colleague, a customer or an asset (选择人员、客户、设备) by searching as one types. */
export function ReferenceControl({ field, id, value, required, invalid, onChange, onLeave, said }: ControlProps<PersonField | CustomerField | AssetField> & { said: object }) {
  const { t } = useTexts();
  const names = useNames();
  const [typed, setTyped] = useState('');
  const [opened, setOpened] = useState(false);
  const q = useDebounced(typed.trim());
  const query = q === '' ? {} : { q };
  const people = useInfiniteQuery({ ...staffList({ ...query, ...(field.kind === 'person' && field.teams?.length === 1 ? { team: field.teams[0] } : {}) }), enabled: opened && field.kind === 'person' });
  const customers = useInfiniteQuery({ ...customerList(query), enabled: opened && field.kind === 'customer' });
  const assets = useInfiniteQuery({ ...assetList(query), enabled: opened && field.kind === 'asset' });
  const held = typeof value === 'string' && value !== '' ? value : undefined;

  const choices: Choice[] =
    field.kind === 'person' ? (people.data?.pages[0]?.items ?? []).filter((one) => field.teams === undefined || field.teams.length === 0 || one.teams.some((team) => field.teams?.includes(team.id))).map((one) => ({ value: one.id, label: one.name, hint: t(jobTexts[one.job]) }))
    : field.kind === 'customer' ? (customers.data?.pages[0]?.items ?? []).map((one) => ({ value: one.id, label: one.name, hint: one.phone ?? '' }))
    : (assets.data?.pages[0]?.items ?? []).map((one) => ({ value: one.id, label: one.name, hint: one.code }));
  const found = choices.slice(0, 50);
  const unnamed = held !== undefined && names[held] === undefined && !found.some((one) => one.value === held);
  const person = useQuery({ ...staffMember(held ?? ''), enabled: unnamed && field.kind === 'person' });
  const one = useQuery({ ...customer(held ?? ''), enabled: unnamed && field.kind === 'customer' });
  const device = useQuery({ ...asset(held ?? ''), enabled: unnamed && field.kind === 'asset' });
  if (held !== undefined && !found.some((choice) => choice.value === held)) {
    found.unshift({ value: held, label: names[held] ?? person.data?.name ?? one.data?.name ?? device.data?.name ?? t('form.unknownReference'), hint: '' });
  }
  return (
    <Select
      id={id}
      className={styles.full}
      status={invalid ? 'error' : undefined}
      allowClear={!required}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      placeholder={field.kind === 'person' ? t('form.choosePerson') : field.kind === 'customer' ? t('form.chooseCustomer') : t('form.chooseAsset')}
      loading={people.isFetching || customers.isFetching || assets.isFetching}
      onOpenChange={(open) => {
        if (open) setOpened(true);
      }}
      value={held}
      options={found}
      optionRender={(option) => (
        <span className={styles.choice}>
          <span>{option.label}</span>
          <span>{option.data.hint}</span>
        </span>
      )}
      onChange={(chosen: string | undefined) => onChange(chosen ?? null)}
      onBlur={onLeave}
      {...said}
    />
  );
}
