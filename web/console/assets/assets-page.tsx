import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Button, DatePicker, Form, Input, QRCode, Segmented } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState } from 'react';
import type { Asset } from '../../../contract/organization.ts';
import { formatDay } from '../../ui/time.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { asset as assetQuery, assetList } from '../data/records.ts';
import { useTexts } from '../i18n.ts';
import { Badge } from '../parts/badge.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { CreateForm } from '../parts/create-form.tsx';
import { FactsTable } from '../parts/facts-table.tsx';
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
import styles from './assets-page.module.css';

const criticalities = ['low', 'normal', 'high'] as const;
const criticalityTexts = { low: 'asset.low', normal: 'asset.normal', high: 'asset.high' } as const;

type NewAsset = { code: string; name: string; model?: string; serialNumber?: string; address?: string; criticality: Asset['criticality']; warrantyUntil?: Dayjs };

/** Assets (设备): found by name or code, each with its QR code and its history. */
export function AssetsPage() {
  const { t, language } = useTexts();
  useTitle(t('nav.assets'));
  const { may } = useSession();
  const navigate = useNavigate();
  const { q, id } = useSearch({ from: '/assets' });
  const [creating, setCreating] = useState(false);
  const open = (next: string | undefined): void => void navigate({ to: '/assets', search: { q, id: next }, replace: next === undefined });
  useKeys({ '/': () => document.getElementById('record-words')?.focus() });
  if (!may('asset.read')) return <Forbidden />;
  const required = [{ required: true, whitespace: true, message: t('common.required') }];

  return (
    <div className={page.page}>
      <header className={page.head}>
        <h1 className={page.title}>{t('nav.assets')}</h1>
        <SearchField id="record-words" className={page.search} value={q} placeholder={t('asset.search')} onChange={(words) => void navigate({ to: '/assets', search: { q: words }, replace: true })} />
        {may('asset.write') && (
          <Button className={page.end} type="primary" icon={<Icon name="plus" />} onClick={() => setCreating(true)}>
            {t('asset.new')}
          </Button>
        )}
      </header>
      <RecordList
        key={q ?? ''}
        query={assetList(q === undefined ? {} : { q })}
        label={t('nav.assets')}
        emptyTitle={q === undefined ? t('asset.none') : t('record.noMatch')}
        columns={[t('asset.code'), t('record.name'), { name: t('asset.model'), optional: true }, { name: t('record.address'), optional: true }, { name: t('asset.warranty'), optional: true }]}
        rowClass={styles.row}
        renderRow={(asset: Asset) => (
          <button type="button" className={`${page.row} ${styles.row}`} data-current={asset.id === id || undefined} onClick={() => open(asset.id)}>
            <span className={page.muted}>{asset.code}</span>
            <span className={page.name}>
              <span>{asset.name}</span>
              {asset.criticality === 'high' && <Badge tone="danger">{t('asset.high')}</Badge>}
            </span>
            <span className={page.muted} data-optional>{asset.model}</span>
            <span className={page.muted} data-optional>{asset.address}</span>
            <span className={page.muted} data-optional>{asset.warrantyUntil === null ? '' : formatDay(`${asset.warrantyUntil}T12:00:00`, language)}</span>
          </button>
        )}
      />
      {id !== undefined && <AssetDrawer id={id} onClose={() => open(undefined)} />}
      {creating && (
        <CreateForm<NewAsset, Asset>
          title={t('asset.new')}
          path="/assets"
          outdates={['assets']}
          initialValues={{ criticality: 'normal' }}
          toBody={({ warrantyUntil, ...values }) => ({
            ...Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && String(value).trim() !== '')),
            ...(warrantyUntil == null ? {} : { warrantyUntil: warrantyUntil.format('YYYY-MM-DD') }),
          })}
          fields={['code', 'name', 'model', 'serialNumber', 'address', 'warrantyUntil']}
          onClose={() => setCreating(false)}
          onDone={(made) => open(made.id)}
        >
          <Form.Item name="code" label={t('asset.code')} rules={[...required, { pattern: /^\S+$/, message: t('asset.codeWrong') }]}>
            <Input autoFocus maxLength={64} />
          </Form.Item>
          <Form.Item name="name" label={t('record.name')} rules={required}>
            <Input maxLength={100} />
          </Form.Item>
          <Form.Item name="model" label={t('asset.model')}>
            <Input maxLength={100} />
          </Form.Item>
          <Form.Item name="serialNumber" label={t('asset.serialNumber')}>
            <Input maxLength={100} />
          </Form.Item>
          <Form.Item name="address" label={t('record.address')}>
            <Input maxLength={300} />
          </Form.Item>
          <Form.Item name="criticality" label={t('asset.criticality')}>
            <Segmented block options={criticalities.map((value) => ({ value, label: t(criticalityTexts[value]) }))} />
          </Form.Item>
          <Form.Item name="warrantyUntil" label={t('asset.warranty')}>
            <DatePicker className={styles.date} />
          </Form.Item>
        </CreateForm>
      )}
    </div>
  );
}

function AssetDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const { t, language } = useTexts();
  const { may } = useSession();
  const overlays = useOverlays();
  const { data, error, refetch } = useQuery(assetQuery(id));
  return (
    <RecordDrawer
      title={data?.name ?? t('nav.assets')}
      onClose={onClose}
      extra={
        data !== undefined &&
        may('ticket.create') && (
          <Button icon={<Icon name="plus" />} onClick={() => overlays.open({ kind: 'newTicket', asset: { id: data.id, code: data.code, name: data.name } })}>
            {t('nav.newTicket')}
          </Button>
        )
      }
    >
      {data === undefined && <ProblemAlert error={error} onRetry={() => void refetch()} />}
      {data !== undefined && (
        <div className={styles.detail}>
          <FactsTable
            rows={[
              [t('asset.code'), data.code],
              [t('asset.model'), data.model],
              [t('asset.serialNumber'), data.serialNumber],
              [t('asset.customer'), data.customer === null ? null : may('customer.read') ? <Link key="customer" to="/customers" search={{ id: data.customer.id }}>{data.customer.name}</Link> : data.customer.name],
              [t('record.address'), data.address],
              [t('asset.criticality'), t(criticalityTexts[data.criticality])],
              [t('asset.warranty'), data.warrantyUntil === null ? null : formatDay(`${data.warrantyUntil}T12:00:00`, language)],
            ]}
          />
          <figure className={styles.code}>
            <QRCode value={data.scanUrl} size={132} color="#10141c" bgColor="#ffffff" />
            <figcaption>
              {t('asset.scan')} <CopyButton text={data.scanUrl} label={t('asset.copyScan')} />
            </figcaption>
          </figure>
        </div>
      )}
      {may('ticket.read') && <RelatedTickets title={t('record.tickets')} filter={{ asset: id, sort: '-createdAt' }} />}
    </RecordDrawer>
  );
}
