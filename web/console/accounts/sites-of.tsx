import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Dropdown, Form, Input, Switch } from 'antd';
import { lazy, Suspense, useState } from 'react';
import type { Static } from 'typebox';
import type { RevealedValue, Site } from '../../../contract/customer.ts';
import type { WeeklyWindow } from '../../../rules/calendar/calendar.ts';
import { api, asProblem } from '../../ui/api.ts';
import { Ago, EmptyState, ProblemAlert } from '../../ui/react/index.ts';
import { accessText, readAccess } from './access-hours.ts';
import { AssetForm } from '../assets/asset-form.tsx';
import { AssetsOf } from '../assets/assets-of.tsx';
import { LabelDialog } from '../assets/label-dialog.tsx';
import { outdate, sitesOf, type Page } from '../customers/data.ts';
import { EditForm } from '../customers/edit-form.tsx';
import { Position } from '../customers/position.tsx';
import { RevealDialog, useRevealed } from '../customers/reveal.tsx';
import { useCustomerTexts } from '../customers/texts.ts';
import { useTexts } from '../i18n.ts';
import { Badge } from '../parts/badge.tsx';
import { Delayed } from '../parts/delayed.tsx';
import { phoneRule } from '../parts/field-words.ts';
import { Icon } from '../parts/icon.tsx';
import { RowSkeleton } from '../parts/row-skeleton.tsx';
import { useSession } from '../session/session.tsx';
import styles from './sites-of.module.css';

const Preferences = lazy(async () => ({ default: (await import('../dispatch/preferences-card.tsx')).Preferences }));

/** The places of an account (地点): where they are, whom to ask for, how one gets in, and what stands there. */
export function SitesOf({ accountId, accountName, writable }: { accountId: string; accountName?: string; writable: boolean }) {
  const { t } = useTexts();
  const { t: say } = useCustomerTexts();
  const { may } = useSession();
  const [archived, setArchived] = useState(false);
  const [editing, setEditing] = useState<Site | 'new' | null>(null);
  const list = useInfiniteQuery(sitesOf(accountId, archived));
  const sites = list.data?.pages.flatMap((page) => page.items) ?? [];
  const mayWrite = writable && may('customer.write');
  return (
    <div className={styles.sites}>
      {mayWrite && (
        <div className={styles.tools}>
          <Button icon={<Icon name="plus" />} onClick={() => setEditing('new')}>{say('site.add')}</Button>
          <label className={styles.switch}>
            <Switch size="small" checked={archived} onChange={setArchived} />
            {say('site.showArchived')}
          </label>
        </div>
      )}
      {list.isPending && <Delayed><RowSkeleton rows={3} height={62} /></Delayed>}
      {list.isError && list.data === undefined && <ProblemAlert error={list.error} onRetry={() => void list.refetch()} />}
      {list.data !== undefined && sites.length === 0 && <EmptyState title={say('site.none')} hint={mayWrite ? say('site.noneHint') : undefined} />}
      {sites.map((site) => (
        <SiteCard key={site.id} site={site} mayWrite={mayWrite} accountName={accountName} onEdit={() => setEditing(site)} />
      ))}
      {list.hasNextPage && <Button block type="text" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t('common.loadMore')}</Button>}
      {editing !== null && <SiteForm accountId={accountId} site={editing === 'new' ? undefined : editing} onClose={() => setEditing(null)} />}
    </div>
  );
}

function SiteCard({ site, mayWrite, accountName, onEdit }: { site: Site; mayWrite: boolean; accountName: string | undefined; onEdit: () => void }) {
  const { language } = useTexts();
  const { t: say } = useCustomerTexts();
  const { may } = useSession();
  const { message, modal } = App.useApp();
  const queryClient = useQueryClient();
  const [open, setOpen] = useState(false);
  const [wishes, setWishes] = useState(false);
  const [addingAsset, setAddingAsset] = useState(false);
  const [printing, setPrinting] = useState(false);
  const [revealing, setRevealing] = useState(false);
  const [phone, setPhone] = useRevealed<string>();
  const archive = useMutation({
    mutationFn: (archived: boolean) => api.patch(`/accounts/${site.account.id}/sites/${site.id}`, { archived }, { ifMatch: `"${site.version}"` }),
    onSuccess: (_answer, archived) => void message.success(archived ? say('page.archived') : say('page.restored')),
    onError: (error) => void message.error(asProblem(error).title),
    onSettled: () => outdate(queryClient, 'accounts'),
  });
  const renewCode = useMutation({
    mutationFn: () => api.patch(`/accounts/${site.account.id}/sites/${site.id}`, { renewCode: true }, { ifMatch: `"${site.version}"` }),
    onSuccess: () => void message.success(say('site.codeRenewed')),
    onError: (error) => void message.error(asProblem(error).title),
    onSettled: () => outdate(queryClient, 'accounts'),
  });
  const askRenewal = (): void => void modal.confirm({ title: say('site.renewCodeAsk'), content: say('site.renewCodeHint'), okText: say('site.renewCode'), onOk: () => renewCode.mutateAsync().catch(() => undefined) });
  return (
    <section className={styles.card} aria-label={site.name}>
      <div className={styles.head}>
        <h3 dir="auto">{site.name}</h3>
        {site.archivedAt !== null && <Badge>{say('page.archived')}</Badge>}
        {site.archivedAt === null && <Button type="text" size="small" className={styles.print} icon={<Icon name="print" />} onClick={() => setPrinting(true)}>{say('site.print')}</Button>}
        {mayWrite && (
          <Dropdown
            trigger={['click']}
            menu={{
              items: [{ key: 'edit', label: say('site.edit') }, ...(site.archivedAt === null ? [{ key: 'asset', label: say('site.addAsset') }, { key: 'renewCode', label: say('site.renewCode') }, { key: 'archive', label: say('page.archive'), danger: true }] : [{ key: 'restore', label: say('page.restore') }])],
              onClick: ({ key }) => (key === 'edit' ? onEdit() : key === 'asset' ? setAddingAsset(true) : key === 'renewCode' ? askRenewal() : archive.mutate(key === 'archive')),
            }}
          >
            <Button type="text" size="small" className={styles.more} icon={<Icon name="more" />} aria-label={say('site.actionsOf', { name: site.name })} />
          </Dropdown>
        )}
      </div>
      <dl className={styles.facts}>
        {site.address !== null && <div><dt>{say('site.address')}</dt><dd dir="auto">{site.address}</dd></div>}
        {site.location !== null && <div><dt>{say('profile.location')}</dt><dd><Position {...site.location} /></dd></div>}
        {(site.contactName !== null || site.contactPhone !== null) && (
          <div>
            <dt>{say('site.contactName')}</dt>
            <dd>
              <bdi>{site.contactName}</bdi>{' '}
              {phone === null ? site.contactPhone : <a href={`tel:${phone}`}>{phone}</a>}
              {site.contactPhone !== null && phone === null && may('personal_data.reveal') && /\*/.test(site.contactPhone) && <Button type="link" size="small" onClick={() => setRevealing(true)}>{say('reveal.one')}</Button>}
            </dd>
          </div>
        )}
        {site.accessHours !== null && <div><dt>{say('site.accessHours')}</dt><dd className={styles.notes}>{accessText(site.accessHours as WeeklyWindow[], language === 'en' ? 'en' : 'zh')}</dd></div>}
        {site.accessNotes !== null && <div><dt>{say('site.accessNotes')}</dt><dd className={styles.notes} dir="auto">{site.accessNotes}</dd></div>}
        {site.scans.lastAt !== null && <div><dt>{say('site.scans')}</dt><dd>{say('site.scanned', { count: site.scans.count })} <Ago value={site.scans.lastAt} /></dd></div>}
      </dl>
      <button type="button" className={styles.unfold} aria-expanded={wishes} onClick={() => setWishes(!wishes)}>
        <Icon name={wishes ? 'chevronDown' : 'chevronRight'} size={14} />
        {say('page.technicians')}
      </button>
      {wishes && <Suspense fallback={null}><Preferences of="site" id={site.id} writable={mayWrite && site.archivedAt === null} /></Suspense>}
      {may('asset.read') && (
        <>
          <button type="button" className={styles.unfold} aria-expanded={open} onClick={() => setOpen(!open)}>
            <Icon name={open ? 'chevronDown' : 'chevronRight'} size={14} />
            {say('site.assets')}
          </button>
          {open && <AssetsOf filter={{ site: site.id }} empty={say('site.noAssets')} />}
        </>
      )}
      {printing && <LabelDialog of="sites" assets={[site]} onClose={() => setPrinting(false)} />}
      {addingAsset && <AssetForm at={{ account: { id: site.account.id, name: accountName ?? site.account.name }, site: { id: site.id, name: site.name } }} onClose={() => setAddingAsset(false)} />}
      {revealing && <RevealDialog<Static<typeof RevealedValue>> path={`/accounts/${site.account.id}/sites/${site.id}/reveal`} onClose={() => setRevealing(false)} onRevealed={({ value }) => setPhone(value)} />}
    </section>
  );
}

type Values = { name?: string; address?: string; lat?: string; lng?: string; contactName?: string; contactPhone?: string; accessNotes?: string; accessHours?: string };

const valuesOf = (site: Site, language: 'zh' | 'en'): Values => ({
  accessHours: accessText(site.accessHours as WeeklyWindow[] | null, language),
  name: site.name, address: site.address ?? '', lat: site.location === null ? '' : String(site.location.lat), lng: site.location === null ? '' : String(site.location.lng), contactName: site.contactName ?? '', contactPhone: '', accessNotes: site.accessNotes ?? '',
});

function SiteForm({ accountId, site, onClose }: { accountId: string; site: Site | undefined; onClose: () => void }) {
  const { t, language } = useTexts();
  const { t: say } = useCustomerTexts();
  const isNew = site === undefined;
  const spoken = language === 'en' ? 'en' : 'zh';
  const degree = (most: number, other: 'lat' | 'lng') => ({ getFieldValue }: { getFieldValue: (name: string) => unknown }) => ({
    validator: (_rule: unknown, typed: string | undefined) => {
      const [text, others] = [(typed ?? '').trim(), ((getFieldValue(other) as string | undefined) ?? '').trim()];
      const right = text === '' ? others === '' : Number.isFinite(Number(text)) && Math.abs(Number(text)) <= most;
      return right ? Promise.resolve() : Promise.reject(new Error(say('site.coordinatesWrong')));
    },
  });
  return (
    <EditForm<Values, Site>
      title={isNew ? say('site.add') : say('site.edit')}
      path={isNew ? `/accounts/${accountId}/sites` : `/accounts/${accountId}/sites/${site.id}`}
      version={site?.version}
      values={isNew ? {} : valuesOf(site, spoken)}
      fields={[
        { name: 'name', label: say('site.name') }, { name: 'address', label: say('site.address') }, { name: 'lat', label: say('site.lat') }, { name: 'lng', label: say('site.lng') },
        { name: 'contactName', label: say('site.contactName') }, { name: 'contactPhone', label: say('site.contactPhone') }, { name: 'accessNotes', label: say('site.accessNotes') }, { name: 'accessHours', label: say('site.accessHours') },
      ]}
      toBody={(values) => Object.fromEntries(Object.entries(values).flatMap(([name, value]): [string, unknown][] => {
        const text = value.trim();
        if (text === '' && (isNew || name === 'contactPhone')) return [];
        if (name === 'accessHours') {
          const read = readAccess(text);
          return 'line' in read ? [] : [[name, read.access]];
        }
        if (name === 'lat' || name === 'lng') return [[name, text === '' ? null : Number(text)]];
        return [[name, text === '' ? null : text]];
      }))}
      reload={async () => {
        const { data } = await api.get<Page<Site>>(`/accounts/${accountId}/sites`, { query: { limit: 200, ...(site?.archivedAt == null ? {} : { archived: true }) } });
        const now = data.items.find((one) => one.id === site?.id) ?? site;
        return { version: now?.version ?? 0, values: now === undefined ? {} : valuesOf(now, spoken) };
      }}
      outdates={['accounts']}
      onClose={onClose}
    >
      <Form.Item name="name" label={say('site.name')} rules={[{ required: true, whitespace: true, message: t('common.required') }]}>
        <Input autoFocus maxLength={100} />
      </Form.Item>
      <Form.Item name="address" label={say('site.address')}>
        <Input.TextArea maxLength={300} autoSize={{ minRows: 1, maxRows: 4 }} />
      </Form.Item>
      <div className={styles.pair}>
        <Form.Item name="lat" label={say('site.lat')} dependencies={['lng']} rules={[degree(90, 'lng')]}><Input inputMode="decimal" maxLength={20} /></Form.Item>
        <Form.Item name="lng" label={say('site.lng')} dependencies={['lat']} rules={[degree(180, 'lat')]}><Input inputMode="decimal" maxLength={20} /></Form.Item>
      </div>
      <Form.Item name="contactName" label={say('site.contactName')}>
        <Input maxLength={100} />
      </Form.Item>
      <Form.Item name="contactPhone" label={say('site.contactPhone')} rules={[phoneRule]} extra={site?.contactPhone == null ? undefined : say('site.contactPhoneKeep', { masked: site.contactPhone })}>
        <Input inputMode="tel" maxLength={30} autoComplete="off" />
      </Form.Item>
      <Form.Item
        name="accessHours" label={say('site.accessHours')} extra={say('site.accessHoursHint')}
        rules={[{ validator: (_rule, typed: string | undefined) => {
          const read = readAccess(typed ?? '');
          return 'line' in read ? Promise.reject(new Error(say('site.accessHoursWrong', { line: read.line }))) : Promise.resolve();
        } }]}
      >
        <Input.TextArea maxLength={1000} autoSize={{ minRows: 1, maxRows: 8 }} placeholder={say('site.accessHoursPlaceholder')} />
      </Form.Item>
      <Form.Item name="accessNotes" label={say('site.accessNotes')}>
        <Input.TextArea maxLength={2000} autoSize={{ minRows: 2, maxRows: 8 }} placeholder={say('site.accessNotesPlaceholder')} />
      </Form.Item>
    </EditForm>
  );
}
