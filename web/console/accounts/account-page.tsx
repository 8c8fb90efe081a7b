import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { App, Button, Dropdown, Tabs } from 'antd';
import { useState, type ReactNode } from 'react';
import { accountKinds, type Account } from '../../../contract/customer.ts';
import { api, asProblem } from '../../ui/api.ts';
import { Ago, Avatar, EmptyState, ProblemAlert } from '../../ui/react/index.ts';
import { formatAgo } from '../../ui/time.ts';
import { AssetsOf } from '../assets/assets-of.tsx';
import { CustomerForm } from '../customers/customer-form.tsx';
import { accountOf, counted, customers, outdate } from '../customers/data.ts';
import { History } from '../customers/history.tsx';
import type { accountTabs } from '../customers/search.ts';
import { useCustomerTexts } from '../customers/texts.ts';
import { Tier } from '../customers/tier.tsx';
import { useTexts } from '../i18n.ts';
import { Badge } from '../parts/badge.tsx';
import { Delayed } from '../parts/delayed.tsx';
import { FactsTable } from '../parts/facts-table.tsx';
import { Icon } from '../parts/icon.tsx';
import { useKeys } from '../parts/keys.ts';
import { RowSkeleton } from '../parts/row-skeleton.tsx';
import { useTitle } from '../parts/title.ts';
import { useSession } from '../session/session.tsx';
import { Forbidden } from '../shell/page-states.tsx';
import { AccountForm } from './account-form.tsx';
import { AccountTree } from './account-tree.tsx';
import { SitesOf } from './sites-of.tsx';
import styles from '../customers/record.module.css';

type Tab = (typeof accountTabs)[number];

/** An account on a page of its own (客户单位页): its people, places, assets, tickets, and the accounts below it. */
export function AccountPage() {
  const { t: say } = useCustomerTexts();
  const { may } = useSession();
  const navigate = useNavigate();
  const { id } = useParams({ from: '/accounts/$id' });
  const { data, error, isPending, refetch } = useQuery({ ...accountOf(id), enabled: may('customer.read') });
  useTitle(data?.name ?? say('list.accounts'));
  if (!may('customer.read')) return <Forbidden />;
  if (data !== undefined) return <AccountView key={id} account={data} />;
  if (isPending) return <div className={styles.state}><Delayed><RowSkeleton rows={8} height={44} /></Delayed></div>;
  const missing = asProblem(error).status === 404 || asProblem(error).status === 400;
  return (
    <div className={styles.state}>
      {missing ? <EmptyState title={say('account.notFound')} action={<Button onClick={() => void navigate({ to: '/accounts' })}>{say('page.toAccounts')}</Button>} /> : <ProblemAlert error={error} onRetry={() => void refetch()} />}
    </div>
  );
}

function AccountView({ account }: { account: Account }) {
  const { language } = useTexts();
  const { t: say } = useCustomerTexts();
  const { may } = useSession();
  const { message, modal } = App.useApp();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const { tab = 'people' } = useSearch({ from: '/accounts/$id' });
  const [open, setOpen] = useState<'edit' | 'person' | 'child' | null>(null);
  const writable = may('customer.write');
  const usable = writable && account.archivedAt === null;
  const self = { id: account.id, name: account.name };

  const archive = useMutation({
    mutationFn: (archived: boolean) => api.patch(`/accounts/${account.id}`, { archived }, { ifMatch: `"${account.version}"` }),
    onSuccess: (_answer, archived) => void message.success(archived ? say('page.archived') : say('page.restored')),
    onError: (error) => void message.error(asProblem(error).title),
    onSettled: () => outdate(queryClient, 'accounts'),
  });
  const show = (next: Tab): void => void navigate({ to: '/accounts/$id', params: { id: account.id }, search: { tab: next === 'people' ? undefined : next }, replace: true });
  useKeys({ e: () => writable && setOpen('edit'), Escape: () => void navigate({ to: '/accounts' }) });

  const label = (text: string, count?: number) => <>{text}{count !== undefined && count > 0 && <span className={styles.count}>{counted(count)}</span>}</>;
  const panes: { key: Tab; label: ReactNode; children: ReactNode; shown?: boolean }[] = [
    { key: 'people', label: label(say('account.people'), account.memberCount), children: <PeopleOf accountId={account.id} {...(usable ? { onAdd: () => setOpen('person') } : {})} /> },
    { key: 'sites', label: label(say('page.sites'), account.siteCount), children: <SitesOf accountId={account.id} accountName={account.name} writable={usable} /> },
    { key: 'assets', label: label(say('page.assets'), account.assetCount), shown: may('asset.read'), children: <AssetsOf filter={{ account: account.id }} empty={say('page.noAssets')} {...(usable ? { create: { account: self } } : {})} /> },
    { key: 'tickets', label: say('page.tickets'), shown: may('ticket.read'), children: <History of="accounts" id={account.id} kinds={['ticket']} /> },
    {
      key: 'children', label: label(say('account.children'), account.childCount),
      children: (
        <>
          {usable && <div className={styles.tools}><Button icon={<Icon name="plus" />} onClick={() => setOpen('child')}>{say('account.addChild')}</Button></div>}
          <AccountTree filter={{ parent: account.id }} empty={<EmptyState title={say('account.noChildren')} />} />
        </>
      ),
    },
    { key: 'history', label: say('page.history'), children: <History of="accounts" id={account.id} /> },
  ];
  const shown = panes.filter((pane) => pane.shown !== false);

  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <Button type="text" icon={<Icon name="arrowLeft" />} aria-label={say('page.toAccounts')} onClick={() => void navigate({ to: '/accounts' })} />
        <Icon name="building" size={28} />
        <div className={styles.names}>
          <h1 className={styles.title}>
            <span dir="auto">{account.name}</span>
            <Badge>{accountKinds[account.kind][language === 'en' ? 'en' : 'zh']}</Badge>
            <Tier tier={account.tier} />
            {account.archivedAt !== null && <Badge>{say('page.archived')}</Badge>}
          </h1>
          <p className={styles.subtitle}>
            {account.parent !== null && <Link to="/accounts/$id" params={{ id: account.parent.id }}>{account.parent.name}</Link>}
            {account.code !== null && <span>{account.code}</span>}
            {account.address !== null && <span dir="auto">{account.address}</span>}
          </p>
        </div>
        <div className={styles.actions}>
          {writable && <Button icon={<Icon name="edit" />} onClick={() => setOpen('edit')}>{say('page.edit')}</Button>}
          {writable && (
            <Dropdown
              trigger={['click']}
              menu={{
                items: account.archivedAt === null ? [{ key: 'archive', label: say('page.archive'), danger: true }] : [{ key: 'restore', label: say('page.restore') }],
                onClick: ({ key }) => (key === 'restore' ? archive.mutate(false) : void modal.confirm({ title: say('page.archiveAsk', { name: account.name }), content: say('page.archiveHint'), okText: say('page.archive'), onOk: () => archive.mutateAsync(true).catch(() => undefined) })),
              }}
            >
              <Button icon={<Icon name="more" />} aria-label={say('page.actions')} />
            </Dropdown>
          )}
        </div>
      </header>
      {account.archivedAt !== null && (
        <div className={styles.banner} role="status">
          <Icon name="info" />
          <p>{say('page.archivedBanner', { time: formatAgo(account.archivedAt, Date.now(), language) })}</p>
          {writable && <Button loading={archive.isPending} onClick={() => archive.mutate(false)}>{say('page.restore')}</Button>}
        </div>
      )}
      <div className={styles.columns}>
        <aside className={styles.side} aria-label={say('page.profile')}>
          <section className={styles.card}>
            <div className={styles.cardHead}><h2>{say('account.overview')}</h2></div>
            <FactsTable
              rows={[
                [say('account.kind'), accountKinds[account.kind][language === 'en' ? 'en' : 'zh']],
                [say('account.code'), account.code],
                [say('account.parent'), account.parent === null ? null : <Link key="parent" to="/accounts/$id" params={{ id: account.parent.id }}>{account.parent.name}</Link>],
                [say('profile.address'), account.address],
                [say('account.description'), account.description],
                [say('profile.externalId'), account.externalId],
                [say('profile.since'), <Ago key="since" value={account.createdAt} />],
              ]}
            />
          </section>
        </aside>
        <div className={styles.main}>
          <Tabs activeKey={shown.some(({ key }) => key === tab) ? tab : 'people'} onChange={(key) => show(key as Tab)} destroyOnHidden items={shown.map(({ shown: _shown, ...pane }) => pane)} />
        </div>
      </div>
      {open === 'edit' && <AccountForm account={account} onClose={() => setOpen(null)} />}
      {open === 'person' && <CustomerForm account={self} onClose={() => setOpen(null)} />}
      {open === 'child' && <AccountForm parent={self} onClose={() => setOpen(null)} />}
    </div>
  );
}

function PeopleOf({ accountId, onAdd }: { accountId: string; onAdd?: () => void }) {
  const { t } = useTexts();
  const { t: say } = useCustomerTexts();
  const list = useInfiniteQuery(customers({ account: accountId }));
  const people = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      {onAdd !== undefined && <div className={styles.tools}><Button icon={<Icon name="plus" />} onClick={onAdd}>{say('account.addPerson')}</Button></div>}
      {list.isPending && <Delayed><RowSkeleton rows={4} height={44} /></Delayed>}
      {list.isError && list.data === undefined && <ProblemAlert error={list.error} onRetry={() => void list.refetch()} />}
      {list.data !== undefined && people.length === 0 && <EmptyState title={say('account.noPeople')} />}
      <ul className={styles.list}>
        {people.map((person) => (
          <li key={person.id}>
            <Avatar name={person.name} />
            <span className={styles.grow}>
              <Link to="/customers/$id" params={{ id: person.id }}><bdi>{person.name}</bdi></Link> <Tier tier={person.tier} />
              <span className={styles.muted}>{[person.phone, person.email].filter(Boolean).join(' · ')}</span>
            </span>
            {person.ticketCount > 0 && <span className={styles.muted}>{say('page.tickets')} {counted(person.ticketCount)}</span>}
          </li>
        ))}
      </ul>
      {list.hasNextPage && <Button block type="text" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t('common.loadMore')}</Button>}
    </>
  );
}
