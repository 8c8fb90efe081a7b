import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { App, Button, Checkbox, Select } from 'antd';
import { useState } from 'react';
import { assetLimits, type Asset } from '../../../contract/asset.ts';
import { AccountPick } from '../customers/pick.tsx';
import { useRowKeys } from '../customers/row-keys.ts';
import type { AssetsSearch } from '../customers/search.ts';
import { useTexts } from '../i18n.ts';
import { Badge } from '../parts/badge.tsx';
import { Icon } from '../parts/icon.tsx';
import { useKeys } from '../parts/keys.ts';
import { RecordList } from '../parts/record-list.tsx';
import { SearchField } from '../parts/search-field.tsx';
import { useTitle } from '../parts/title.ts';
import { useSession } from '../session/session.tsx';
import { Forbidden } from '../shell/page-states.tsx';
import { AssetForm } from './asset-form.tsx';
import { assets } from './data.ts';
import { LabelDialog } from './label-dialog.tsx';
import { useAssetTexts } from './texts.ts';
import { Warranty } from './warranty.tsx';
import page from '../parts/record-page.module.css';
import styles from './assets-page.module.css';

/** Assets (设备): found and filtered; the labels of those that are ticked are printed together. */
export function AssetsPage() {
  const { t } = useTexts();
  const { t: say } = useAssetTexts();
  useTitle(say('list.title'));
  const { may } = useSession();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const search = useSearch({ from: '/assets' });
  const [creating, setCreating] = useState(false);
  const [chosen, setChosen] = useState<ReadonlyMap<string, Asset>>(new Map());
  const [printing, setPrinting] = useState(false);
  const frame = useRowKeys('record-words');
  useKeys({
    x: () => document.activeElement?.closest('[data-asset]')?.querySelector<HTMLInputElement>('input')?.click(),
    p: () => chosen.size > 0 && setPrinting(true),
    Escape: () => setChosen(new Map()),
  });
  if (!may('asset.read')) return <Forbidden />;

  const go = (part: Partial<AssetsSearch>): void => void navigate({ to: '/assets', search: { ...search, ...part, id: undefined }, replace: true });
  const filter = { q: search.q, warranty: search.warranty, criticality: search.criticality, account: search.account, customer: search.customer, archived: search.archived };
  const filtered = Object.values(filter).some((value) => value !== undefined);

  function choose(asset: Asset, on: boolean): void {
    if (on && chosen.size >= assetLimits.labels) {
      void message.warning(say('list.mostSelected', { count: assetLimits.labels }));
      return;
    }
    setChosen((before) => {
      const next = new Map(before);
      if (on) next.set(asset.id, asset);
      else next.delete(asset.id);
      return next;
    });
  }

  return (
    <div className={page.page} ref={frame}>
      <header className={page.head}>
        <h1 className={page.title}>{say('list.title')}</h1>
        <SearchField id="record-words" className={page.search} value={search.q} placeholder={say('list.search')} onChange={(q) => go({ q })} />
        <Select
          className={page.filter}
          variant="filled"
          allowClear
          placeholder={say('list.warranty')}
          aria-label={say('list.warranty')}
          value={search.warranty}
          options={(['valid', 'expired', 'none'] as const).map((value) => ({ value, label: say(`warranty.${value}`) }))}
          onChange={(warranty: AssetsSearch['warranty']) => go({ warranty })}
        />
        <Select
          className={page.filter}
          variant="filled"
          allowClear
          placeholder={say('list.criticality')}
          aria-label={say('list.criticality')}
          value={search.criticality}
          options={(['high', 'normal', 'low'] as const).map((value) => ({ value, label: say(`asset.${value}`) }))}
          onChange={(criticality: AssetsSearch['criticality']) => go({ criticality })}
        />
        {may('customer.read') && <AccountPick className={styles.account} variant="filled" placeholder={say('list.account')} label={say('list.account')} value={search.account} onChange={(account) => go({ account })} />}
        <Select
          className={page.filter}
          variant="filled"
          aria-label={say('list.archived')}
          value={search.archived === true}
          options={[{ value: false, label: say('list.inUse') }, { value: true, label: say('list.archived') }]}
          onChange={(archived: boolean) => go({ archived: archived || undefined })}
        />
        <span className={`${page.end} ${styles.deeds}`}>
          {may('import.run') && may('asset.write') && <Button icon={<Icon name="upload" />} onClick={() => void navigate({ to: '/imports/new', search: { kind: 'assets' } })}>{say('list.import')}</Button>}
          {may('asset.write') && <Button type="primary" icon={<Icon name="plus" />} onClick={() => setCreating(true)}>{say('list.new')}</Button>}
        </span>
      </header>
      {chosen.size > 0 && (
        <div className={styles.bar} role="toolbar" aria-label={say('list.selected', { count: chosen.size })}>
          <strong>{say('list.selected', { count: chosen.size })}</strong>
          <Button size="small" type="primary" icon={<Icon name="print" size={14} />} onClick={() => setPrinting(true)}>{say('list.print')}</Button>
          <Button size="small" type="text" onClick={() => setChosen(new Map())}>{say('list.clearSelection')}</Button>
        </div>
      )}
      <RecordList
        key={JSON.stringify(filter)}
        query={assets({ ...filter, sort: search.sort })}
        order={{ sort: search.sort ?? '-createdAt', usual: '-createdAt', onSort: (sort) => go({ sort: sort === '-createdAt' ? undefined : (sort as AssetsSearch['sort']) }) }}
        label={say('list.title')}
        emptyTitle={filtered ? t('record.noMatch') : say('list.none')}
        emptyHint={filtered ? undefined : say('list.noneHint')}
        emptyAction={filtered ? <Button onClick={() => void navigate({ to: '/assets', search: {}, replace: true })}>{say('list.clear')}</Button> : may('asset.write') && <Button type="primary" onClick={() => setCreating(true)}>{say('list.new')}</Button>}
        columns={[' ', { name: say('asset.code'), sorts: ['code', '-code'] }, { name: say('asset.name'), sorts: ['name', '-name'] }, { name: say('asset.model'), optional: true }, { name: say('asset.address'), optional: true }, { name: say('list.warranty'), sorts: ['warrantyUntil', '-warrantyUntil'] }]}
        rowClass={styles.row}
        renderRow={(asset: Asset) => (
          <div className={styles.line} data-asset="" data-chosen={chosen.has(asset.id) || undefined}>
            <Checkbox className={styles.tick} checked={chosen.has(asset.id)} disabled={asset.archivedAt !== null} aria-label={say('list.select', { name: asset.name })} onChange={(event) => choose(asset, event.target.checked)} />
            <Link to="/assets/$id" params={{ id: asset.id }} className={`${page.row} ${styles.row}`} data-row="">
              <span aria-hidden="true" />
              <span className={page.muted} dir="auto">{asset.code}</span>
              <span className={page.name}>
                <span className={styles.name} dir="auto">{asset.name}</span>
                {asset.criticality === 'high' && <Badge tone="danger">{say('asset.high')}</Badge>}
              </span>
              <span className={page.muted} data-optional dir="auto">{asset.model}</span>
              <span className={page.muted} data-optional dir="auto">{[asset.account?.name, asset.site?.name, asset.address].filter(Boolean).join(' · ')}</span>
              <span><Warranty until={asset.warrantyUntil} /></span>
            </Link>
          </div>
        )}
      />
      {creating && <AssetForm onClose={() => setCreating(false)} onDone={(made) => void navigate({ to: '/assets/$id', params: { id: made.id } })} />}
      {printing && <LabelDialog assets={[...chosen.values()]} onClose={() => setPrinting(false)} />}
    </div>
  );
}
