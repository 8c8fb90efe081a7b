import { useInfiniteQuery } from '@tanstack/react-query';
import { AutoComplete, Form, Input } from 'antd';
import type { Customer } from '../../../contract/organization.ts';
import { customerList } from '../data/records.ts';
import { useTexts } from '../i18n.ts';
import { useDebounced } from '../parts/debounced.ts';
import { useSession } from '../session/session.tsx';
import styles from './requester-fields.module.css';

export type RequesterDraft = { name: string; phone: string; customer?: { id: string; name: string } };

type Props = { value: RequesterDraft; onChange: (value: RequesterDraft) => void; onAddress: (address: string) => void };

/** Who asks (报修人): a customer found by name or number, or somebody new. */
export function RequesterFields({ value, onChange, onAddress }: Props) {
  const { t } = useTexts();
  const { may } = useSession();
  const q = useDebounced(value.customer === undefined ? (value.phone.replace(/\D/g, '').length >= 3 ? value.phone.trim() : value.name.trim()) : '');
  const found = useInfiniteQuery({ ...customerList({ q }), enabled: q !== '' && may('customer.read') });
  const customers = q === '' ? [] : (found.data?.pages[0]?.items ?? []).slice(0, 8);

  function choose(customer: Customer): void {
    onChange({ name: customer.name, phone: customer.phone ?? '', customer: { id: customer.id, name: customer.name } });
    if (customer.address !== null) onAddress(customer.address);
  }
  const options = customers.map((customer) => ({
    value: customer.id,
    label: (
      <span className={styles.customer}>
        <span>{customer.name}</span>
        <span>{[customer.phone, customer.address].filter((part) => part !== null).join(' · ')}</span>
      </span>
    ),
  }));
  const onSelect = (id: string): void => {
    const customer = customers.find((one) => one.id === id);
    if (customer !== undefined) choose(customer);
  };

  return (
    <div className={styles.pair}>
      <Form.Item label={t('newTicket.requesterName')} htmlFor="requester-name">
        <AutoComplete
          id="requester-name"
          options={options}
          value={value.name}
          popupMatchSelectWidth={360}
          onSelect={onSelect}
          // Typing over a chosen customer means somebody else.
          onChange={(name: string) => {
            if (!customers.some((customer) => customer.id === name)) onChange({ name, phone: value.customer === undefined ? value.phone : '' });
          }}
        >
          <Input autoFocus maxLength={100} />
        </AutoComplete>
      </Form.Item>
      <Form.Item label={t('record.phone')} htmlFor="requester-phone" extra={value.customer === undefined ? undefined : t('newTicket.knownCustomer')}>
        <AutoComplete
          id="requester-phone"
          options={options}
          value={value.phone}
          popupMatchSelectWidth={360}
          onSelect={onSelect}
          onChange={(phone: string) => {
            if (!customers.some((customer) => customer.id === phone)) onChange({ name: value.customer === undefined ? value.name : '', phone });
          }}
        >
          <Input inputMode="tel" maxLength={30} />
        </AutoComplete>
      </Form.Item>
    </div>
  );
}
