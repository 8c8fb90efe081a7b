import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useState } from 'react';
import { useDebounced } from '../parts/debounced.ts';
import { sitesOf } from '../customers/data.ts';
import { assetOf, assets } from './data.ts';
import { useAssetTexts } from './texts.ts';

type Props = { id?: string; value?: string | undefined; onChange?: (id: string | undefined) => void; name?: string | undefined };

/** Chooses an asset by name or code (选择设备). */
export function AssetPick({ id, value, onChange, name, without }: Props & { without?: string | undefined }) {
  const { t: say } = useAssetTexts();
  const [typed, setTyped] = useState('');
  const [opened, setOpened] = useState(false);
  const q = useDebounced(typed.trim());
  const found = useInfiniteQuery({ ...assets(q === '' ? {} : { q }), enabled: opened });
  const chosen = useQuery({ ...assetOf(value ?? ''), enabled: value !== undefined && name === undefined });
  const options = (found.data?.pages[0]?.items ?? []).filter((one) => one.id !== without).slice(0, 50).map((one) => ({ value: one.id, label: `${one.name} · ${one.code}` }));
  if (value !== undefined && !options.some((one) => one.value === value)) options.unshift({ value, label: name ?? (chosen.data === undefined ? '…' : `${chosen.data.name} · ${chosen.data.code}`) });
  return (
    <Select
      {...(id === undefined ? {} : { id })}
      allowClear
      showSearch={{ filterOption: false, onSearch: setTyped }}
      placeholder={say('asset.parentPlaceholder')}
      loading={found.isFetching}
      onOpenChange={(open) => {
        if (open) setOpened(true);
      }}
      value={value}
      options={options}
      onChange={(next: string | undefined) => onChange?.(next)}
    />
  );
}

/** Chooses a site of an account (选择地点). */
export function SitePick({ id, value, onChange, name, accountId }: Props & { accountId: string | undefined }) {
  const { t: say } = useAssetTexts();
  const found = useInfiniteQuery({ ...sitesOf(accountId ?? ''), enabled: accountId !== undefined });
  const options = (found.data?.pages[0]?.items ?? []).map((one) => ({ value: one.id, label: one.name }));
  if (value !== undefined && accountId !== undefined && !options.some((one) => one.value === value)) options.unshift({ value, label: name ?? '…' });
  return (
    <Select
      {...(id === undefined ? {} : { id })}
      allowClear
      showSearch={{ optionFilterProp: 'label' }}
      disabled={accountId === undefined}
      placeholder={accountId === undefined ? say('asset.sitePlaceholder') : undefined}
      loading={found.isFetching}
      value={value}
      options={options}
      onChange={(next: string | undefined) => onChange?.(next)}
    />
  );
}
