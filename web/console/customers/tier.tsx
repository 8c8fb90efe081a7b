import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useTexts } from '../i18n.ts';
import { Badge } from '../parts/badge.tsx';
import { localName } from '../parts/names.ts';
import { tiers } from './data.ts';

/** How important a customer or an account is (客户等级). Those that the organization calls important stand out. */
export function Tier({ tier }: { tier: string | null }) {
  const { language } = useTexts();
  const list = useQuery(tiers);
  if (tier === null) return null;
  const found = list.data?.find((one) => one.key === tier);
  return <Badge tone={found?.important === true ? 'warning' : 'neutral'}>{found === undefined ? tier : localName(found, language)}</Badge>;
}

/** The name of a tier, as words alone. */
export function TierName({ tier }: { tier: string | null }) {
  const nameOf = useTierName();
  return tier === null ? null : nameOf(tier);
}

/** The names of tiers by their keys, for sentences. */
export function useTierName(): (key: string) => string {
  const { language } = useTexts();
  const list = useQuery(tiers);
  return (key) => {
    const found = list.data?.find((one) => one.key === key);
    return found === undefined ? key : localName(found, language);
  };
}

type Props = { id?: string; value?: string | undefined; onChange?: (key: string | undefined) => void; placeholder?: string; label?: string; className?: string | undefined; variant?: 'filled' | 'outlined' };

/** Chooses a tier (选择等级); those out of use are offered only where they are held. */
export function TierSelect({ id, value, onChange, placeholder, label, className, variant }: Props) {
  const { language } = useTexts();
  const list = useQuery(tiers);
  const options = (list.data ?? []).filter((one) => one.active || one.key === value).map((one) => ({ value: one.key, label: localName(one, language) }));
  return (
    <Select
      {...(id === undefined ? {} : { id })}
      allowClear
      className={className}
      variant={variant}
      placeholder={placeholder}
      aria-label={label}
      popupMatchSelectWidth={false}
      loading={list.isPending}
      value={value}
      options={options}
      onChange={(key: string | undefined) => onChange?.(key)}
    />
  );
}
