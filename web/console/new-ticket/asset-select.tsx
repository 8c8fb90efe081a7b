import { useInfiniteQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useState } from 'react';
import { assetList } from '../data/records.ts';
import { useTexts } from '../i18n.ts';
import { useDebounced } from '../parts/debounced.ts';
import { FieldItem } from '../parts/field-item.tsx';
import { useSession } from '../session/session.tsx';

type Chosen = { id: string; code: string; name: string };

/** Which asset it is about (选择设备), found by name or code. */
export function AssetSelect({ value, error, onChange }: { value: Chosen | undefined; error?: string; onChange: (asset: Chosen | undefined) => void }) {
  const { t } = useTexts();
  const { may } = useSession();
  const [typed, setTyped] = useState('');
  const [opened, setOpened] = useState(false);
  const q = useDebounced(typed.trim());
  const found = useInfiniteQuery({ ...assetList(q === '' ? {} : { q }), enabled: opened && may('asset.read') });
  if (!may('asset.read')) return null;
  const assets = (found.data?.pages[0]?.items ?? []).slice(0, 30);
  const options = assets.map((asset) => ({ value: asset.id, label: `${asset.name} · ${asset.code}` }));
  if (value !== undefined && !options.some((option) => option.value === value.id)) options.unshift({ value: value.id, label: `${value.name} · ${value.code}` });
  return (
    <FieldItem id="ticket-asset" label={t('ticket.asset')} error={error}>
      <Select
        id="ticket-asset"
        allowClear
        showSearch={{ filterOption: false, onSearch: setTyped }}
        placeholder={t('newTicket.assetHint')}
        loading={found.isFetching}
        onOpenChange={(open) => {
          if (open) setOpened(true);
        }}
        value={value?.id}
        options={options}
        onChange={(id: string | undefined) => {
          const asset = assets.find((one) => one.id === id);
          onChange(asset === undefined ? undefined : { id: asset.id, code: asset.code, name: asset.name });
        }}
      />
    </FieldItem>
  );
}
