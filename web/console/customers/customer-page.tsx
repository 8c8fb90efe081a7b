import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { App, Button, Dropdown, Tabs, type MenuProps } from 'antd';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { contactKinds, type ContactKind, type CustomerDetail } from '../../../contract/customer.ts';
import { api, asProblem } from '../../ui/api.ts';
import { Ago, Avatar, EmptyState, ProblemAlert } from '../../ui/react/index.ts';
import { formatAgo } from '../../ui/time.ts';
import { AssetsOf } from '../assets/assets-of.tsx';
import { useTexts } from '../i18n.ts';
import { Badge } from '../parts/badge.tsx';
import { Delayed } from '../parts/delayed.tsx';
import { FactsTable } from '../parts/facts-table.tsx';
import { Icon } from '../parts/icon.tsx';
import { useKeys } from '../parts/keys.ts';
import { RelatedTickets } from '../parts/related-tickets.tsx';
import { RowSkeleton } from '../parts/row-skeleton.tsx';
import { useTitle } from '../parts/title.ts';
import { useSession } from '../session/session.tsx';
import { useOverlays } from '../shell/overlay-context.ts';
import { Forbidden } from '../shell/page-states.tsx';
import { SitesOf } from '../accounts/sites-of.tsx';
import { ContactPoints, type Revealed } from './contact-points.tsx';
import { Conversations } from './conversations.tsx';
import { CustomerForm } from './customer-form.tsx';
import { counted, customerOf, duplicatesOf, masks, outdate } from './data.ts';
import { History } from './history.tsx';
import { Duplicates, MergeDialog, useUnmerge } from './merge.tsx';
import { Notes } from './notes.tsx';
import { Position } from './position.tsx';
import { RevealDialog, useRevealed } from './reveal.tsx';
import type { customerTabs } from './search.ts';
import { useCustomerTexts } from './texts.ts';
import { Tier } from './tier.tsx';
import styles from './record.module.css';

const Preferences = lazy(async () => ({ default: (await import('../dispatch/preferences-card.tsx')).Preferences }));

type Tab = (typeof customerTabs)[number];

/** A customer on a page of their own (客户页): who they are, how to reach them, and all that passed between them and us. */
export function CustomerPage() {
  const { t: say } = useCustomerTexts();
  const { may } = useSession();
  const navigate = useNavigate();
  const { id } = useParams({ from: '/customers/$id' });
  const { data, error, isPending, refetch } = useQuery({ ...customerOf(id), enabled: may('customer.read') });
  useTitle(data?.name ?? say('list.customers'));
  if (!may('customer.read')) return <Forbidden />;
  if (data !== undefined) return <Customer key={id} customer={data} />;
  if (isPending) return <div className={styles.state}><Delayed><RowSkeleton rows={8} height={44} /></Delayed></div>;
  const missing = asProblem(error).status === 404 || asProblem(error).status === 400;
  return (
    <div className={styles.state}>
      {missing ? <EmptyState title={say('page.notFound')} action={<Button onClick={() => void navigate({ to: '/customers' })}>{say('page.toList')}</Button>} /> : <ProblemAlert error={error} onRetry={() => void refetch()} />}
    </div>
  );
}

function Customer({ customer }: { customer: CustomerDetail }) {
  const { t, language } = useTexts();
  const { t: say } = useCustomerTexts();
  const { may } = useSession();
  const { message, modal } = App.useApp();
  const queryClient = useQueryClient();
  const overlays = useOverlays();
  const navigate = useNavigate();
  const unmerge = useUnmerge();
  const { tab = 'history' } = useSearch({ from: '/customers/$id' });
  const [editing, setEditing] = useState(false);
  const [merging, setMerging] = useState<{ other: string | undefined } | null>(null);
  const [revealing, setRevealing] = useState(false);
  const [revealed, setRevealed] = useRevealed<{ contacts: Record<string, string>; idNumber: string | null }>();
  const policy = useQuery(masks);
  const merged = customer.mergedInto !== null;
  const writable = may('customer.write') && !merged;
  const duplicates = useQuery({ ...duplicatesOf(customer.id), enabled: writable && customer.archivedAt === null });
  const whole = (kind: ContactKind): boolean => policy.data?.mine[contactKinds[kind].datum] === 'raw';
  const hidden = customer.contactPoints.some((contact) => !whole(contact.kind)) || (customer.idNumber !== null && policy.data?.mine.id_number !== 'raw');

  const archive = useMutation({
    mutationFn: (archived: boolean) => api.patch(`/customers/${customer.id}`, { archived }, { ifMatch: `"${customer.version}"` }),
    onSuccess: (_answer, archived) => void message.success(archived ? say('page.archived') : say('page.restored')),
    onError: (error) => void message.error(asProblem(error).title),
    onSettled: () => outdate(queryClient, 'customers', 'accounts'),
  });

  const show = (next: Tab): void => void navigate({ to: '/customers/$id', params: { id: customer.id }, search: { tab: next === 'history' ? undefined : next }, replace: true });
  const canCreate = may('ticket.create') && customer.archivedAt === null;
  const newTicket = (): void => overlays.open({ kind: 'newTicket', customer: customer.mergedInto ?? { id: customer.id, name: customer.name } });
  useKeys({
    e: () => writable && setEditing(true), m: () => writable && setMerging({ other: undefined }), n: () => canCreate && newTicket(),
    Escape: () => void navigate({ to: '/customers' }),
  });

  const items: NonNullable<MenuProps['items']> = [
    { key: 'merge', icon: <Icon name="transfer" size={14} />, label: say('merge.with') },
    { type: 'divider' as const },
    customer.archivedAt === null ? { key: 'archive', icon: <Icon name="trash" size={14} />, label: say('page.archive'), danger: true } : { key: 'restore', icon: <Icon name="reopen" size={14} />, label: say('page.restore') },
  ];
  const deeds: Record<string, () => void> = {
    merge: () => setMerging({ other: undefined }),
    restore: () => archive.mutate(false),
    archive: () => void modal.confirm({ title: say('page.archiveAsk', { name: customer.name }), content: say('page.archiveHint'), okText: say('page.archive'), onOk: () => archive.mutateAsync(true).catch(() => undefined) }),
  };
  const label = (text: string, count?: number) => <>{text}{count !== undefined && count > 0 && <span className={styles.count}>{counted(count)}</span>}</>;
  const panes: { key: Tab; label: ReactNode; children: ReactNode; shown?: boolean }[] = [
    { key: 'history', label: say('page.history'), children: <History of="customers" id={customer.id} writable={writable} /> },
    { key: 'tickets', label: label(say('page.tickets'), customer.ticketCount), shown: may('ticket.read'), children: <RelatedTickets title={say('page.tickets')} filter={{ customer: customer.id, sort: '-createdAt' }} /> },
    { key: 'assets', label: label(say('page.assets'), customer.assetCount), shown: may('asset.read'), children: <AssetsOf filter={{ customer: customer.id }} empty={say('page.noAssets')} {...(writable ? { create: { customer: { id: customer.id, name: customer.name } } } : {})} /> },
    { key: 'sites', label: say('page.sites'), shown: customer.account !== null, children: customer.account === null ? null : <SitesOf accountId={customer.account.id} writable={false} /> },
    { key: 'notes', label: label(say('page.notes'), customer.noteCount), children: <Notes customerId={customer.id} writable={writable} /> },
    { key: 'duplicates', label: label(say('page.duplicates'), duplicates.data?.length), shown: writable && (duplicates.data?.length ?? 0) > 0, children: <Duplicates customer={customer} onCompare={(other) => setMerging({ other })} /> },
  ];
  const open = panes.filter(({ shown }) => shown !== false);

  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <Button type="text" icon={<Icon name="arrowLeft" />} aria-label={say('page.toList')} onClick={() => void navigate({ to: '/customers' })} />
        <Avatar name={customer.name} size={40} />
        <div className={styles.names}>
          <h1 className={styles.title}>
            <span dir="auto">{customer.name}</span>
            <Tier tier={customer.tier} />
            {customer.archivedAt !== null && <Badge>{say('page.archived')}</Badge>}
          </h1>
          <p className={styles.subtitle}>
            {customer.account !== null && <Link to="/accounts/$id" params={{ id: customer.account.id }}>{customer.account.name}</Link>}
            {customer.accountRole !== null && <span>{customer.accountRole}</span>}
            {customer.address !== null && <span dir="auto">{customer.address}</span>}
          </p>
        </div>
        <div className={styles.actions}>
          {canCreate && <Button type="primary" icon={<Icon name="plus" />} onClick={newTicket}>{t('nav.newTicket')}</Button>}
          {writable && <Button icon={<Icon name="edit" />} onClick={() => setEditing(true)}>{say('page.edit')}</Button>}
          {writable && (
            <Dropdown trigger={['click']} menu={{ items, onClick: ({ key }) => deeds[key]?.() }}>
              <Button icon={<Icon name="more" />} aria-label={say('page.actions')} />
            </Dropdown>
          )}
        </div>
      </header>

      {customer.mergedInto !== null && (
        <div className={styles.banner} role="status">
          <Icon name="transfer" />
          <p>
            {say('merge.banner')} <Link to="/customers/$id" params={{ id: customer.mergedInto.id }}><bdi>{customer.mergedInto.name}</bdi></Link>
            <small>{say('merge.bannerHint')}</small>
          </p>
          {may('customer.write') && <Button onClick={() => unmerge(customer)}>{say('merge.undo')}</Button>}
        </div>
      )}
      {customer.archivedAt !== null && !merged && (
        <div className={styles.banner} role="status">
          <Icon name="info" />
          <p>{say('page.archivedBanner', { time: formatAgo(customer.archivedAt, Date.now(), language) })}</p>
          {may('customer.write') && <Button loading={archive.isPending} onClick={() => archive.mutate(false)}>{say('page.restore')}</Button>}
        </div>
      )}

      <div className={styles.columns}>
        <aside className={styles.side} aria-label={say('page.profile')}>
          <section className={styles.card}>
            <div className={styles.cardHead}>
              <h2>{say('contact.title')}</h2>
              {hidden && customer.mayReveal && (
                revealed === null ? (
                  <Button type="link" size="small" icon={<Icon name="eye" size={14} />} onClick={() => setRevealing(true)}>{say('reveal.all')}</Button>
                ) : (
                  <Button type="link" size="small" title={say('reveal.until')} onClick={() => setRevealed(null)}>{say('reveal.hide')}</Button>
                )
              )}
            </div>
            <ContactPoints
              customer={customer}
              revealed={revealed?.contacts ?? {}}
              whole={whole}
              onRevealed={(values) => setRevealed({ contacts: { ...revealed?.contacts, ...values }, idNumber: revealed?.idNumber ?? null })}
            />
          </section>
          <Conversations customerId={customer.id} />
          <section className={styles.card}>
            <div className={styles.cardHead}><h2>{say('page.technicians')}</h2></div>
            <Suspense fallback={null}><Preferences of="customer" id={customer.id} writable={writable && customer.archivedAt === null} /></Suspense>
          </section>
          <section className={styles.card}>
            <div className={styles.cardHead}><h2>{say('page.profile')}</h2></div>
            <FactsTable
              rows={[
                [say('profile.account'), customer.account === null ? null : <Link key="account" to="/accounts/$id" params={{ id: customer.account.id }}>{customer.account.name}</Link>],
                [say('profile.accountRole'), customer.accountRole],
                [say('profile.address'), customer.address],
                [say('profile.location'), customer.location === null ? null : <Position key="location" {...customer.location} />],
                [say('profile.idNumber'), revealed?.idNumber ?? customer.idNumber],
                [say('profile.language'), customer.language === null ? null : customer.language === 'en' ? say('profile.english') : say('profile.chinese')],
                [say('profile.news'), customer.news === 'all' ? null : say(`profile.news.${customer.news}`)],
                [say('profile.tags'), customer.tags.length === 0 ? null : <span key="tags" className={styles.tags}>{customer.tags.map((tag) => <Badge key={tag}>{tag}</Badge>)}</span>],
                [say('profile.externalId'), customer.externalId],
                [say('profile.since'), <Ago key="since" value={customer.createdAt} />],
              ]}
            />
          </section>
          {customer.merged.length > 0 && (
            <section className={styles.card}>
              <div className={styles.cardHead}><h2>{say('merge.contains', { count: customer.merged.length })}</h2></div>
              <ul className={styles.list}>
                {customer.merged.map((one) => (
                  <li key={one.id}>
                    <span className={styles.grow}>
                      <Link to="/customers/$id" params={{ id: one.id }}><bdi>{one.name}</bdi></Link>
                      <span className={styles.muted}>{say('merge.at', { name: one.mergedBy ?? say('history.system'), time: formatAgo(one.mergedAt, Date.now(), language) })}</span>
                    </span>
                    {writable && <Button size="small" onClick={() => unmerge(one)}>{say('merge.undo')}</Button>}
                  </li>
                ))}
              </ul>
            </section>
          )}
        </aside>
        <div className={styles.main}>
          <Tabs
            activeKey={open.some(({ key }) => key === tab) ? tab : 'history'}
            onChange={(key) => show(key as Tab)}
            destroyOnHidden
            items={open.map(({ shown: _shown, ...pane }) => pane)}
          />
        </div>
      </div>

      {editing && <CustomerForm customer={customer} onClose={() => setEditing(false)} />}
      {merging !== null && <MergeDialog customer={customer} otherId={merging.other} onClose={() => setMerging(null)} />}
      {revealing && (
        <RevealDialog<Revealed>
          path={`/customers/${customer.id}/reveal`}
          onClose={() => setRevealing(false)}
          onRevealed={(answer) => setRevealed({ contacts: Object.fromEntries(answer.contactPoints.map((contact) => [contact.id, contact.value])), idNumber: answer.idNumber })}
        />
      )}
    </div>
  );
}
