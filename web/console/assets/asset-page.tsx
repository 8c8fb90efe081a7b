import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { App, Button, Dropdown, QRCode, Tabs } from 'antd';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import type { Asset } from '../../../contract/asset.ts';
import { api, asProblem } from '../../ui/api.ts';
import { Ago, EmptyState, ProblemAlert } from '../../ui/react/index.ts';
import { formatDay } from '../../ui/time.ts';
import { counted, outdate } from '../customers/data.ts';
import { History } from '../customers/history.tsx';
import { Position } from '../customers/position.tsx';
import type { assetTabs } from '../customers/search.ts';
import { useTexts } from '../i18n.ts';
import { Badge } from '../parts/badge.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
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
import { AssetForm } from './asset-form.tsx';
import { AssetsOf } from './assets-of.tsx';
import { assetOf } from './data.ts';
import { LabelDialog } from './label-dialog.tsx';
import { useAssetTexts } from './texts.ts';
import { Warranty } from './warranty.tsx';
import styles from '../customers/record.module.css';
import own from './asset-page.module.css';

const Preferences = lazy(async () => ({ default: (await import('../dispatch/preferences-card.tsx')).Preferences }));

type Tab = (typeof assetTabs)[number];

/** An asset on a page of its own (设备页): what it is, where it stands, its label, and all that was done to it. */
export function AssetPage() {
  const { t: say } = useAssetTexts();
  const { may } = useSession();
  const navigate = useNavigate();
  const { id } = useParams({ from: '/assets/$id' });
  const { data, error, isPending, refetch } = useQuery({ ...assetOf(id), enabled: may('asset.read') });
  useTitle(data === undefined ? say('list.title') : `${data.code} ${data.name}`);
  if (!may('asset.read')) return <Forbidden />;
  if (data !== undefined) return <AssetView key={id} asset={data} />;
  if (isPending) return <div className={styles.state}><Delayed><RowSkeleton rows={8} height={44} /></Delayed></div>;
  const missing = asProblem(error).status === 404 || asProblem(error).status === 400;
  return (
    <div className={styles.state}>
      {missing ? <EmptyState title={say('asset.notFound')} action={<Button onClick={() => void navigate({ to: '/assets' })}>{say('asset.toList')}</Button>} /> : <ProblemAlert error={error} onRetry={() => void refetch()} />}
    </div>
  );
}

function AssetView({ asset }: { asset: Asset }) {
  const { t, language } = useTexts();
  const { t: say } = useAssetTexts();
  const { may } = useSession();
  const { message, modal } = App.useApp();
  const queryClient = useQueryClient();
  const overlays = useOverlays();
  const navigate = useNavigate();
  const { tab = 'history' } = useSearch({ from: '/assets/$id' });
  const [editing, setEditing] = useState(false);
  const [printing, setPrinting] = useState(false);
  const writable = may('asset.write');
  const usable = asset.archivedAt === null;
  const canReport = usable && may('ticket.create');
  const newTicket = (): void => overlays.open({ kind: 'newTicket', asset: { id: asset.id, code: asset.code, name: asset.name } });
  const seesCustomers = may('customer.read');

  const retire = useMutation({
    mutationFn: (archived: boolean) => api.patch(`/assets/${asset.id}`, { archived }, { ifMatch: `"${asset.version}"` }),
    onSuccess: (_answer, archived) => void message.success(archived ? say('asset.retired') : say('asset.broughtBack')),
    onError: (error) => void message.error(asProblem(error).title),
    onSettled: () => outdate(queryClient, 'assets', 'accounts', 'customers'),
  });
  const renewCode = useMutation({
    mutationFn: () => api.patch(`/assets/${asset.id}`, { renewCode: true }, { ifMatch: `"${asset.version}"` }),
    onSuccess: () => void message.success(say('asset.codeRenewed')),
    onError: (error) => void message.error(asProblem(error).title),
    onSettled: () => outdate(queryClient, 'assets'),
  });
  useKeys({ e: () => writable && setEditing(true), p: () => usable && setPrinting(true), n: () => canReport && newTicket(), Escape: () => void navigate({ to: '/assets' }) });

  const panes: { key: Tab; label: ReactNode; children: ReactNode; shown?: boolean }[] = [
    { key: 'history', label: say('asset.history'), children: <History of="assets" id={asset.id} kinds={['ticket', 'visit', 'change']} /> },
    { key: 'tickets', label: say('asset.tickets'), shown: may('ticket.read'), children: <RelatedTickets title={say('asset.tickets')} filter={{ asset: asset.id, sort: '-createdAt' }} /> },
    {
      key: 'parts', label: <>{say('asset.parts')}{asset.childCount > 0 && <span className={styles.count}>{counted(asset.childCount)}</span>}</>,
      children: <AssetsOf filter={{ parent: asset.id }} empty={say('asset.noParts')} {...(usable ? { create: { parent: { id: asset.id, name: asset.name }, ...(asset.account === null ? {} : { account: asset.account }), ...(asset.site === null ? {} : { site: asset.site }), ...(asset.customer === null ? {} : { customer: asset.customer }) } } : {})} />,
    },
  ];
  const shown = panes.filter((pane) => pane.shown !== false);
  const named = (to: '/customers/$id' | '/accounts/$id', one: { id: string; name: string } | null): ReactNode => one && (seesCustomers ? <Link key={one.id} to={to} params={{ id: one.id }}><bdi>{one.name}</bdi></Link> : one.name);

  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <Button type="text" icon={<Icon name="arrowLeft" />} aria-label={say('asset.toList')} onClick={() => void navigate({ to: '/assets' })} />
        <Icon name="assets" size={28} />
        <div className={styles.names}>
          <h1 className={styles.title}>
            <span dir="auto">{asset.name}</span>
            {asset.criticality === 'high' && <Badge tone="danger">{say('asset.high')}</Badge>}
            {!usable && <Badge>{say('asset.retired')}</Badge>}
          </h1>
          <p className={styles.subtitle}>
            <span dir="auto">{asset.code}</span>
            {asset.model !== null && <span dir="auto">{asset.model}</span>}
            {asset.parent !== null && <span>{say('asset.parent')}{t('common.colon')}<Link to="/assets/$id" params={{ id: asset.parent.id }}><bdi>{asset.parent.name}</bdi></Link></span>}
          </p>
        </div>
        <div className={styles.actions}>
          {canReport && <Button type="primary" icon={<Icon name="plus" />} onClick={newTicket}>{t('nav.newTicket')}</Button>}
          {usable && <Button icon={<Icon name="print" />} onClick={() => setPrinting(true)}>{say('list.print')}</Button>}
          {writable && <Button icon={<Icon name="edit" />} onClick={() => setEditing(true)}>{say('asset.edit')}</Button>}
          {writable && (
            <Dropdown
              trigger={['click']}
              menu={{
                items: usable ? [{ key: 'renewCode', label: say('asset.renewCode') }, { key: 'retire', label: say('asset.retire'), danger: true }] : [{ key: 'bringBack', label: say('asset.bringBack') }],
                onClick: ({ key }) => (key === 'bringBack' ? retire.mutate(false) : key === 'renewCode' ? void modal.confirm({ title: say('asset.renewCodeAsk'), content: say('asset.renewCodeHint'), okText: say('asset.renewCode'), onOk: () => renewCode.mutateAsync().catch(() => undefined) }) : void modal.confirm({ title: say('asset.retireAsk', { name: asset.name }), content: say('asset.retireHint'), okText: say('asset.retire'), onOk: () => retire.mutateAsync(true).catch(() => undefined) })),
              }}
            >
              <Button icon={<Icon name="more" />} aria-label={say('asset.actions')} />
            </Dropdown>
          )}
        </div>
      </header>
      {!usable && (
        <div className={styles.banner} role="status">
          <Icon name="info" />
          <p>{say('asset.retiredBanner')}</p>
          {writable && <Button loading={retire.isPending} onClick={() => retire.mutate(false)}>{say('asset.bringBack')}</Button>}
        </div>
      )}
      <div className={styles.columns}>
        <aside className={styles.side} aria-label={say('asset.profile')}>
          <section className={styles.card}>
            <div className={styles.cardHead}><h2>{say('list.warranty')}</h2></div>
            <p className={own.warranty}><Warranty until={asset.warrantyUntil} withDay /></p>
          </section>
          <section className={styles.card}>
            <div className={styles.cardHead}><h2>{say('asset.profile')}</h2></div>
            <FactsTable
              rows={[
                [say('asset.code'), asset.code],
                [say('asset.model'), asset.model],
                [say('asset.serialNumber'), asset.serialNumber],
                [say('asset.customer'), named('/customers/$id', asset.customer)],
                [say('asset.account'), named('/accounts/$id', asset.account)],
                [say('asset.site'), asset.site?.name],
                [say('asset.address'), asset.address],
                [say('asset.location'), asset.location === null ? null : <Position key="location" {...asset.location} />],
                [say('asset.criticality'), say(`asset.${asset.criticality}`)],
                [say('asset.installedOn'), asset.installedOn === null ? null : formatDay(`${asset.installedOn}T12:00:00`, language)],
                ...Object.entries(asset.attributes).map(([name, value]) => [name, String(value)] as const),
                [say('asset.externalId'), asset.externalId],
                [say('asset.since'), <Ago key="since" value={asset.createdAt} />],
              ]}
            />
          </section>
          {may('customer.read') && (
            <section className={styles.card}>
              <div className={styles.cardHead}><h2>{say('asset.technicians')}</h2></div>
              <Suspense fallback={null}><Preferences of="asset" id={asset.id} writable={may('customer.write') && usable} /></Suspense>
            </section>
          )}
          {usable && (
            <section className={styles.card}>
              <div className={styles.cardHead}>
                <h2>{say('asset.label')}</h2>
                <CopyButton text={asset.scanUrl} label={say('asset.copyScan')} />
              </div>
              <figure className={own.code}>
                <span><QRCode type="canvas" aria-label={say('asset.label')} value={asset.scanUrl} size={148} bordered={false} color="#10141c" bgColor="#ffffff" /></span>
                <figcaption>{say('asset.scanHint')}{asset.scans.lastAt !== null && <> · {say('asset.scans', { count: asset.scans.count })} <Ago value={asset.scans.lastAt} /></>}</figcaption>
              </figure>
            </section>
          )}
        </aside>
        <div className={styles.main}>
          <Tabs
            activeKey={shown.some(({ key }) => key === tab) ? tab : 'history'}
            onChange={(key) => void navigate({ to: '/assets/$id', params: { id: asset.id }, search: { tab: key === 'history' ? undefined : (key as Tab) }, replace: true })}
            destroyOnHidden
            items={shown.map(({ shown: _shown, ...pane }) => pane)}
          />
        </div>
      </div>
      {editing && <AssetForm asset={asset} onClose={() => setEditing(false)} />}
      {printing && <LabelDialog assets={[asset]} onClose={() => setPrinting(false)} />}
    </div>
  );
}
