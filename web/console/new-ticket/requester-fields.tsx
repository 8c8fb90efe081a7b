import { useInfiniteQuery } from '@tanstack/react-query';
import { AutoComplete, Button, Checkbox, Input } from 'antd';
import { useState } from 'react';
import type { Customer } from '../../../contract/organization.ts';
import { customerList } from '../data/records.ts';
import { useTexts } from '../i18n.ts';
import { useDebounced } from '../parts/debounced.ts';
import { FieldItem, wrong } from '../parts/field-item.tsx';
import { useSession } from '../session/session.tsx';
import { numberOf, type RequesterDraft } from './requester-draft.ts';
import styles from './requester-fields.module.css';

type Props = {
  value: RequesterDraft;
  errors: { name?: string; phone?: string };
  onChange: (value: RequesterDraft) => void;
  onAddress: (address: string) => void;
  /** The number that stood there to begin with, as it is shown. */
  shownPhone?: string;
};

/** Who asks (报修人): a customer found by name or number, or somebody new. */
export function RequesterFields({ value, errors, onChange, onAddress, shownPhone = '' }: Props) {
  const { t } = useTexts();
  const { may } = useSession();
  const number = numberOf(value, shownPhone);
  const digits = (number ?? '').replace(/\D/g, '').length;
  const q = useDebounced(digits >= 3 ? (number ?? '') : value.customer === undefined ? value.name.trim() : '');
  const found = useInfiniteQuery({ ...customerList({ q }), enabled: q !== '' && may('customer.read') });
  const customers = q === '' ? [] : (found.data?.pages[0]?.items ?? []).slice(0, 8);

  function choose(customer: Customer): void {
    onChange({ name: customer.name, phone: customer.phone ?? '', customer: { id: customer.id, name: customer.name, phone: customer.phone } });
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
  // Suggestions come with typing, not with the focus: what stands below a field may have to be read.
  const [typing, setTyping] = useState<'name' | 'phone' | null>(null);
  const onSelect = (id: string): void => {
    const customer = customers.find((one) => one.id === id);
    if (customer !== undefined) choose(customer);
    setTyping(null);
  };
  const suggestions = (field: 'name' | 'phone') => ({
    options,
    onSelect,
    open: typing === field && options.length > 0,
    onOpenChange: (open: boolean) => {
      if (!open) setTyping(null);
    },
    onBlur: () => setTyping(null),
  });

  return (
    <div className={styles.pair}>
      <FieldItem id="requester-name" label={t('newTicket.requesterName')} error={errors.name}>
        <AutoComplete
          id="requester-name"
          {...suggestions('name')}
          value={value.name}
          popupMatchSelectWidth={360}
          // Typing over a chosen customer means somebody else.
          onChange={(name: string) => {
            if (customers.some((customer) => customer.id === name)) return;
            setTyping('name');
            onChange({ name, phone: value.customer === undefined ? value.phone : (number ?? '') });
          }}
        >
          <Input autoFocus maxLength={100} {...wrong('requester-name', errors.name)} />
        </AutoComplete>
      </FieldItem>
      <FieldItem id="requester-phone" label={t('record.phone')} error={errors.phone} extra={value.customer === undefined ? undefined : <Known value={value} number={number} onChange={onChange} />}>
        <AutoComplete
          id="requester-phone"
          {...suggestions('phone')}
          value={value.phone}
          popupMatchSelectWidth={360}
          // Somebody calls from another number: they are still who they are.
          onChange={(phone: string) => {
            if (customers.some((customer) => customer.id === phone)) return;
            setTyping('phone');
            onChange({ ...value, phone });
          }}
        >
          <Input
            inputMode="tel"
            maxLength={30}
            onFocus={(event) => {
              // What is shown masked is replaced as a whole.
              if (value.phone.includes('*')) event.target.select();
            }}
            {...wrong('requester-phone', errors.phone)}
          />
        </AutoComplete>
      </FieldItem>
    </div>
  );
}

/** That a customer is known, and what a number that is not theirs means. */
function Known({ value, number, onChange }: { value: RequesterDraft; number: string | undefined; onChange: (value: RequesterDraft) => void }) {
  const { t } = useTexts();
  const { may } = useSession();
  if (number === undefined) return t('newTicket.knownCustomer');
  return (
    <span className={styles.other}>
      <span>{t('newTicket.otherNumber', { name: value.customer?.name ?? '' })}</span>
      {may('customer.write') && (
        <Checkbox checked={value.saveNumber === true} onChange={(event) => onChange({ ...value, saveNumber: event.target.checked })}>{t('newTicket.saveNumber')}</Checkbox>
      )}
      <Button type="link" size="small" onClick={() => onChange({ name: '', phone: value.phone })}>{t('newTicket.somebodyElse')}</Button>
    </span>
  );
}
