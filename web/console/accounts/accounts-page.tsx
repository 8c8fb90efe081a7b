import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Button, Segmented, Select } from 'antd';
import { useState } from 'react';
import type { Account, AccountKind } from '../../../contract/customer.ts';
import { EmptyState } from '../../ui/react/index.ts';
import { accounts, counted } from '../customers/data.ts';
import { RecordTabs } from '../customers/record-tabs.tsx';
import { useRowKeys } from '../customers/row-keys.ts';
import type { AccountsSearch } from '../customers/search.ts';
import { useCustomerTexts } from '../customers/texts.ts';
import { Tier, TierSelect } from '../customers/tier.tsx';
import { useTexts } from '../i18n.ts';
import { Icon } from '../parts/icon.tsx';
import { RecordList } from '../parts/record-list.tsx';
import { SearchField } from '../parts/search-field.tsx';
import { useTitle } from '../parts/title.ts';
import { useSession } from '../session/session.tsx';
import { Forbidden } from '../shell/page-states.tsx';
import { AccountForm, useKindOptions } from './account-form.tsx';
import { AccountTree } from './account-tree.tsx';
import page from '../parts/record-page.module.css';
import styles from './accounts-page.module.css';

/** Accounts (客户单位): companies, communities and households, as a tree or as a list. */
export function AccountsPage() {
  const { t } = useTexts();
  const { t: say } = useCustomerTexts();
  useTitle(say('list.accounts'));
  const { may } = useSession();
  const navigate = useNavigate();
  const search = useSearch({ from: '/accounts' });
  const [creating, setCreating] = useState(false);
  const kinds = useKindOptions();
  const frame = useRowKeys('record-words');
  if (!may('customer.read')) return <Forbidden />;

  const go = (part: Partial<AccountsSearch>): void => void navigate({ to: '/accounts', search: { ...search, ...part }, replace: true });
  const filter = { q: search.q, kind: search.kind, tier: search.tier, archived: search.archived };
  const filtered = Object.values(filter).some((value) => value !== undefined);
  // What is looked for stands anywhere in the tree.
  const asTree = !filtered && search.flat !== true;
  const create = may('customer.write') && <Button type="primary" icon={<Icon name="plus" />} onClick={() => setCreating(true)}>{say('account.new')}</Button>;
  const empty = (
    <EmptyState
      title={filtered ? t('record.noMatch') : say('list.noneAccounts')}
      hint={filtered ? undefined : say('list.noneAccountsHint')}
      action={filtered ? <Button onClick={() => void navigate({ to: '/accounts', search: {}, replace: true })}>{say('list.clear')}</Button> : create || undefined}
    />
  );

  return (
    <div className={page.page} ref={frame}>
      <header className={page.head}>
        <h1 className="visually-hidden">{say('list.accounts')}</h1>
        <RecordTabs />
        <SearchField id="record-words" className={page.search} value={search.q} placeholder={say('list.searchAccounts')} onChange={(q) => go({ q })} />
        <Select<AccountKind>
          className={page.filter}
          variant="filled"
          allowClear
          placeholder={say('account.kind')}
          aria-label={say('account.kind')}
          value={search.kind as AccountKind | undefined}
          options={kinds}
          onChange={(kind: AccountKind | undefined) => go({ kind })}
        />
        <TierSelect className={page.filter} variant="filled" placeholder={say('list.tier')} label={say('list.tier')} value={search.tier} onChange={(tier) => go({ tier })} />
        <Select
          className={page.filter}
          variant="filled"
          aria-label={say('list.archived')}
          value={search.archived === true}
          options={[{ value: false, label: say('list.inUse') }, { value: true, label: say('list.archived') }]}
          onChange={(archived: boolean) => go({ archived: archived || undefined })}
        />
        <span className={`${page.end} ${styles.deeds}`}>
          {!filtered && <Segmented value={asTree ? 'tree' : 'flat'} aria-label={say('account.layout')} options={[{ value: 'tree', label: say('account.tree') }, { value: 'flat', label: say('account.flat') }]} onChange={(layout) => go({ flat: layout === 'flat' || undefined })} />}
          {may('import.run') && may('customer.write') && <Button icon={<Icon name="upload" />} onClick={() => void navigate({ to: '/imports/new', search: { kind: 'accounts' } })}>{say('list.import')}</Button>}
          {create}
        </span>
      </header>
      {asTree ? (
        <div className={styles.tree}><AccountTree filter={{ parent: 'none' }} empty={empty} /></div>
      ) : (
        <RecordList
          key={JSON.stringify(filter)}
          query={accounts({ ...filter, sort: search.sort })}
          order={{ sort: search.sort ?? '-createdAt', usual: '-createdAt', onSort: (sort) => go({ sort: sort === '-createdAt' ? undefined : (sort as AccountsSearch['sort']) }) }}
          label={say('list.accounts')}
          emptyTitle={t('record.noMatch')}
          emptyAction={<Button onClick={() => void navigate({ to: '/accounts', search: {}, replace: true })}>{say('list.clear')}</Button>}
          columns={[{ name: say('account.name'), sorts: ['name', '-name'] }, say('account.kind'), { name: say('account.parent'), optional: true }, { name: say('profile.address'), optional: true }, { name: say('account.people'), end: true }]}
          rowClass={styles.row}
          renderRow={(account: Account) => (
            <Link to="/accounts/$id" params={{ id: account.id }} className={`${page.row} ${styles.row}`} data-row="">
              <span className={page.name}><span className={styles.name} dir="auto">{account.name}</span><Tier tier={account.tier} /></span>
              <span className={page.muted}>{kinds.find((kind) => kind.value === account.kind)?.label}</span>
              <span className={page.muted} data-optional dir="auto">{account.parent?.name}</span>
              <span className={page.muted} data-optional dir="auto">{account.address}</span>
              <span className={page.number}>{account.memberCount === 0 ? '' : counted(account.memberCount)}</span>
            </Link>
          )}
        />
      )}
      {creating && <AccountForm onClose={() => setCreating(false)} onDone={(made) => void navigate({ to: '/accounts/$id', params: { id: made.id } })} />}
    </div>
  );
}
