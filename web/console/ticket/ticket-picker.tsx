import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useState } from 'react';
import type { TicketPage } from '../../../contract/ticket.ts';
import { api } from '../../ui/api.ts';
import { StatusTag } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { useDebounced } from '../parts/debounced.ts';
import styles from './together.module.css';

/** Finds another ticket by its number or words (选择工单); its value is the number. */
export function TicketPicker({ value, onChange, except, id }: { value?: string; onChange?: (number: string) => void; except: string; id?: string }) {
  const { t } = useTexts();
  const [typed, setTyped] = useState('');
  const q = useDebounced(typed.trim());
  const found = useQuery({
    queryKey: ['tickets', 'picked', q],
    queryFn: async ({ signal }) => (await api.get<TicketPage>('/tickets', { query: { limit: 12, ...(q === '' ? { sort: '-updatedAt' } : { q }) }, signal })).data.items,
    staleTime: 20_000,
    placeholderData: (before) => before,
  });
  return (
    <Select
      id={id}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      autoFocus
      placeholder={t('related.search')}
      aria-label={t('related.ticket')}
      loading={found.isFetching}
      value={value}
      onChange={onChange}
      optionLabelProp="title"
      options={(found.data ?? []).filter((one) => one.number !== except).map((one) => ({
        value: one.number,
        title: `${one.number} ${one.subject}`,
        label: (
          <span className={styles.option}>
            <span className={styles.optionNumber}>{one.number}</span>
            <span className={styles.optionSubject}>{one.subject}</span>
            <StatusTag status={one.status} />
          </span>
        ),
      }))}
    />
  );
}
