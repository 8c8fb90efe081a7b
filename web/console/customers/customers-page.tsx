import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Button, Checkbox, Popover, Select } from 'antd';
import { useState, type CSSProperties, type ReactNode } from 'react';
import type { Customer } from '../../../contract/customer.ts';
import { Ago, Avatar } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { Icon } from '../parts/icon.tsx';
import { RecordList } from '../parts/record-list.tsx';
import { SearchField } from '../parts/search-field.tsx';
import { useTitle } from '../parts/title.ts';
import { useSession } from '../session/session.tsx';
import { Forbidden } from '../shell/page-states.tsx';
import { CustomerForm } from './customer-form.tsx';
import { counted, customers } from './data.ts';
import { AccountPick } from './pick.tsx';
import { RecordTabs } from './record-tabs.tsx';
import { useRowKeys } from './row-keys.ts';
import type { CustomersSearch } from './search.ts';
import { useShownColumns } from './shown-columns.ts';
import { useCustomerTexts } from './texts.ts';
import { Tier, TierSelect } from './tier.tsx';
import page from '../parts/record-page.module.css';
import styles from './customers-page.module.css';

const columns = ['phone', 'email', 'account', 'address', 'tags', 'tickets', 'since'] as const;
type Column = (typeof columns)[number];
const widths: Record<Column, string> = { phone: '128px', email: 'minmax(0, 2fr)', account: 'minmax(0, 2fr)', address: 'minmax(0, 3fr)', tags: 'minmax(0, 2fr)', tickets: '72px', since: '140px' };
/** What stays where there is little room. */
const narrow: readonly Column[] = ['phone', 'tickets'];

/** Customers (客户): found by name, number or account, filtered, with the columns one wants. */
export function CustomersPage() {
  const { t } = useTexts();
  const { t: say } = useCustomerTexts();
  useTitle(say('list.customers'));
  const { may } = useSession();
  const navigate = useNavigate();
  const search = useSearch({ from: '/customers' });
  const [creating, setCreating] = useState(false);
  const [shown, setShown] = useShownColumns<Column>('customers', columns, ['phone', 'account', 'address', 'tickets', 'since']);
  const frame = useRowKeys('record-words');
  if (!may('customer.read')) return <Forbidden />;

  const go = (part: Partial<CustomersSearch>): void => void navigate({ to: '/customers', search: { ...search, ...part, id: undefined }, replace: true });
  const filter = { q: search.q, tier: search.tier, account: search.account, tag: search.tag, archived: search.archived };
  const filtered = Object.values(filter).some((value) => value !== undefined);
  const names: Record<Column, string> = {
    phone: t('record.phone'), email: say('list.email'), account: say('list.account'), address: t('record.address'), tags: say('list.tags'), tickets: t('record.tickets'), since: say('list.since'),
  };
  const cell = (customer: Customer, column: Column): ReactNode => {
    switch (column) {
      case 'phone': return customer.phone;
      case 'email': return customer.email;
      case 'account': return customer.account?.name;
      case 'address': return customer.address;
      case 'tags': return customer.tags.join(t('common.listSeparator'));
      case 'tickets': return customer.ticketCount === 0 ? null : counted(customer.ticketCount);
      case 'since': return <Ago value={customer.createdAt} />;
    }
  };
  const template = (list: readonly Column[]): string => ['minmax(0, 3fr)', ...list.map((column) => widths[column])].join(' ');

  return (
    <div className={page.page} ref={frame} style={{ '--columns': template(shown), '--narrow': template(narrow.filter((column) => shown.includes(column))) } as CSSProperties}>
      <header className={page.head}>
        <h1 className="visually-hidden">{say('list.customers')}</h1>
        <RecordTabs />
        <SearchField id="record-words" className={page.search} value={search.q} placeholder={say('list.search')} onChange={(q) => go({ q })} />
        <TierSelect className={page.filter} variant="filled" placeholder={say('list.tier')} label={say('list.tier')} value={search.tier} onChange={(tier) => go({ tier })} />
        <AccountPick className={styles.account} variant="filled" placeholder={say('list.account')} label={say('list.account')} value={search.account} onChange={(account) => go({ account })} />
        <Select
          className={page.filter}
          variant="filled"
          aria-label={say('list.archived')}
          value={search.archived === true}
          options={[{ value: false, label: say('list.inUse') }, { value: true, label: say('list.archived') }]}
          onChange={(archived: boolean) => go({ archived: archived || undefined })}
        />
        {search.tag !== undefined && <Button size="small" icon={<Icon name="close" size={12} />} onClick={() => go({ tag: undefined })}>{say('list.tag')}: {search.tag}</Button>}
        <span className={`${page.end} ${styles.deeds}`}>
          <Popover
            trigger="click"
            placement="bottomRight"
            content={<Checkbox.Group className={styles.chooser} value={[...shown]} options={columns.map((column) => ({ value: column, label: names[column] }))} onChange={(chosen) => setShown(chosen as Column[])} />}
          >
            <Button icon={<Icon name="columns" />} aria-label={say('list.columns')} title={say('list.columns')} />
          </Popover>
          {may('import.run') && may('customer.write') && <Button icon={<Icon name="upload" />} onClick={() => void navigate({ to: '/imports/new', search: { kind: 'customers' } })}>{say('list.import')}</Button>}
          {may('customer.write') && <Button type="primary" icon={<Icon name="plus" />} onClick={() => setCreating(true)}>{say('page.new')}</Button>}
        </span>
      </header>
      <RecordList
        key={JSON.stringify(filter)}
        query={customers({ ...filter, sort: search.sort })}
        order={{ sort: search.sort ?? '-createdAt', usual: '-createdAt', onSort: (sort) => go({ sort: sort === '-createdAt' ? undefined : (sort as CustomersSearch['sort']) }) }}
        label={say('list.customers')}
        emptyTitle={filtered ? t('record.noMatch') : say('list.none')}
        emptyHint={filtered ? say('list.noMatchHint') : say('list.noneHint')}
        emptyAction={filtered ? <Button onClick={() => void navigate({ to: '/customers', search: {}, replace: true })}>{say('list.clear')}</Button> : may('customer.write') && <Button type="primary" onClick={() => setCreating(true)}>{say('page.new')}</Button>}
        columns={[{ name: t('record.person'), sorts: ['name', '-name'] }, ...shown.map((column) => ({ name: names[column], ...(column === 'since' ? { sorts: ['-createdAt', 'createdAt'] } : {}), ...(narrow.includes(column) ? {} : { optional: true as const }), ...(column === 'tickets' ? { end: true as const } : {}) }))]}
        rowClass={styles.row}
        renderRow={(customer: Customer) => (
          <Link to="/customers/$id" params={{ id: customer.id }} className={`${page.row} ${styles.row}`} data-row="">
            <span className={page.name}>
              <Avatar name={customer.name} />
              <span className={styles.name} dir="auto">{customer.name}</span>
              <Tier tier={customer.tier} />
            </span>
            {shown.map((column) => (
              <span key={column} className={column === 'tickets' ? page.number : page.muted} data-optional={narrow.includes(column) ? undefined : ''} dir="auto">{cell(customer, column)}</span>
            ))}
          </Link>
        )}
      />
      {creating && <CustomerForm onClose={() => setCreating(false)} onDone={(made) => void navigate({ to: '/customers/$id', params: { id: made.id } })} />}
    </div>
  );
}
