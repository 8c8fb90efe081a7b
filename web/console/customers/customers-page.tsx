import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import type { Customer } from '../../../contract/organization.ts';
import { Ago, Avatar, ProblemAlert } from '../../ui/react/index.ts';
import { customer as customerQuery, customerList } from '../data/records.ts';
import { useTexts } from '../i18n.ts';
import { Badge } from '../parts/badge.tsx';
import { CreateForm } from '../parts/create-form.tsx';
import { FactsTable } from '../parts/facts-table.tsx';
import { phoneRule } from '../parts/field-words.ts';
import { Icon } from '../parts/icon.tsx';
import { useKeys } from '../parts/keys.ts';
import { RecordDrawer } from '../parts/record-drawer.tsx';
import { RecordList } from '../parts/record-list.tsx';
import { RelatedTickets } from '../parts/related-tickets.tsx';
import { SearchField } from '../parts/search-field.tsx';
import { useTitle } from '../parts/title.ts';
import { useSession } from '../session/session.tsx';
import { useOverlays } from '../shell/overlay-context.ts';
import { Forbidden } from '../shell/page-states.tsx';
import page from '../parts/record-page.module.css';
import styles from './customers-page.module.css';

/** Customers (客户): found by name or number, each with the tickets they asked for. */
export function CustomersPage() {
  const { t } = useTexts();
  useTitle(t('nav.customers'));
  const { may } = useSession();
  const navigate = useNavigate();
  const { q, id } = useSearch({ from: '/customers' });
  const [creating, setCreating] = useState(false);
  const open = (next: string | undefined): void => void navigate({ to: '/customers', search: { q, id: next }, replace: next === undefined });
  useKeys({ '/': () => document.getElementById('record-words')?.focus() });
  if (!may('customer.read')) return <Forbidden />;

  return (
    <div className={page.page}>
      <header className={page.head}>
        <h1 className={page.title}>{t('nav.customers')}</h1>
        <SearchField id="record-words" className={page.search} value={q} placeholder={t('customer.search')} onChange={(words) => void navigate({ to: '/customers', search: { q: words }, replace: true })} />
        {may('customer.write') && (
          <Button className={page.end} type="primary" icon={<Icon name="plus" />} onClick={() => setCreating(true)}>
            {t('customer.new')}
          </Button>
        )}
      </header>
      <RecordList
        key={q ?? ''}
        query={customerList(q === undefined ? {} : { q })}
        label={t('nav.customers')}
        emptyTitle={q === undefined ? t('customer.none') : t('record.noMatch')}
        columns={[t('record.person'), t('record.phone'), { name: t('customer.account'), optional: true }, { name: t('record.address'), optional: true }, { name: t('record.tickets'), end: true }]}
        rowClass={styles.row}
        renderRow={(customer: Customer) => (
          <button type="button" className={`${page.row} ${styles.row}`} data-current={customer.id === id || undefined} onClick={() => open(customer.id)}>
            <span className={page.name}>
              <Avatar name={customer.name} />
              <span>{customer.name}</span>
              <Tier tier={customer.tier} />
            </span>
            <span>{customer.phone}</span>
            <span className={page.muted} data-optional>{customer.account?.name}</span>
            <span className={page.muted} data-optional>{customer.address}</span>
            <span className={page.number}>{customer.ticketCount > 0 ? customer.ticketCount : ''}</span>
          </button>
        )}
      />
      {id !== undefined && <CustomerDrawer id={id} onClose={() => open(undefined)} />}
      {creating && (
        <CreateForm
          title={t('customer.new')}
          path="/customers"
          outdates={['customers']}
          fields={['name', 'phone', 'email', 'tier', 'address']}
          onClose={() => setCreating(false)}
          onDone={(made: Customer) => open(made.id)}
        >
          <Form.Item name="name" label={t('record.name')} rules={[{ required: true, whitespace: true, message: t('common.required') }]}>
            <Input autoFocus maxLength={100} />
          </Form.Item>
          <Form.Item name="phone" label={t('record.phone')} rules={[phoneRule]}>
            <Input inputMode="tel" maxLength={30} />
          </Form.Item>
          <Form.Item name="email" label={t('record.email')} rules={[{ type: 'email', message: t('record.emailWrong') }]}>
            <Input inputMode="email" maxLength={254} />
          </Form.Item>
          <Form.Item name="tier" label={t('customer.tier')} extra={t('customer.tierHint')}>
            <Input maxLength={40} />
          </Form.Item>
          <Form.Item name="address" label={t('record.address')}>
            <Input maxLength={300} />
          </Form.Item>
        </CreateForm>
      )}
    </div>
  );
}

function Tier({ tier }: { tier: string | null }) {
  const { t } = useTexts();
  if (tier === null || tier === 'normal') return null;
  return <Badge tone="warning">{tier === 'vip' ? t('tier.vip') : tier}</Badge>;
}

function CustomerDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTexts();
  const { may } = useSession();
  const overlays = useOverlays();
  const { data, error, refetch } = useQuery(customerQuery(id));
  return (
    <RecordDrawer
      title={data?.name ?? t('nav.customers')}
      onClose={onClose}
      extra={
        data !== undefined &&
        may('ticket.create') && (
          <Button icon={<Icon name="plus" />} onClick={() => overlays.open({ kind: 'newTicket', customer: { id: data.id, name: data.name } })}>
            {t('nav.newTicket')}
          </Button>
        )
      }
    >
      {data === undefined && <ProblemAlert error={error} onRetry={() => void refetch()} />}
      {data !== undefined && (
        <FactsTable
          rows={[
            [t('record.phone'), data.phone],
            [t('record.email'), data.email],
            [t('customer.tier'), data.tier === null || data.tier === 'normal' ? null : <Tier key="tier" tier={data.tier} />],
            [t('customer.account'), data.account?.name],
            [t('record.address'), data.address],
            [t('record.since'), <Ago key="since" value={data.createdAt} />],
          ]}
        />
      )}
      {may('ticket.read') && <RelatedTickets title={t('record.tickets')} filter={{ customer: id, sort: '-createdAt' }} />}
    </RecordDrawer>
  );
}
