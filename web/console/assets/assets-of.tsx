import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';
import { EmptyState, ProblemAlert } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { Badge } from '../parts/badge.tsx';
import { Delayed } from '../parts/delayed.tsx';
import { Icon } from '../parts/icon.tsx';
import { RowSkeleton } from '../parts/row-skeleton.tsx';
import { useSession } from '../session/session.tsx';
import { AssetForm, type AssetAt } from './asset-form.tsx';
import { assets, type AssetFilter } from './data.ts';
import { LabelDialog } from './label-dialog.tsx';
import { useAssetTexts } from './texts.ts';
import { Warranty } from './warranty.tsx';
import styles from '../customers/record.module.css';

/** The assets of a customer, an account, a site or another asset (名下设备), with their labels. */
export function AssetsOf({ filter, empty, create }: { filter: AssetFilter; empty: string; create?: AssetAt }) {
  const { t } = useTexts();
  const { t: say } = useAssetTexts();
  const { may } = useSession();
  const [adding, setAdding] = useState(false);
  const [printing, setPrinting] = useState(false);
  const list = useInfiniteQuery(assets(filter));
  const found = list.data?.pages.flatMap((page) => page.items) ?? [];
  const usable = found.filter((asset) => asset.archivedAt === null);
  return (
    <>
      <div className={styles.tools}>
        {create !== undefined && may('asset.write') && <Button icon={<Icon name="plus" />} onClick={() => setAdding(true)}>{create.parent === undefined ? say('asset.addHere') : say('asset.addPart')}</Button>}
        {usable.length > 0 && <Button icon={<Icon name="print" />} onClick={() => setPrinting(true)}>{say('list.print')}</Button>}
      </div>
      {list.isPending && <Delayed><RowSkeleton rows={3} height={44} /></Delayed>}
      {list.isError && list.data === undefined && <ProblemAlert error={list.error} onRetry={() => void list.refetch()} />}
      {list.data !== undefined && found.length === 0 && <EmptyState title={empty} />}
      <ul className={styles.list}>
        {found.map((asset) => (
          <li key={asset.id}>
            <Icon name="assets" />
            <span className={styles.grow}>
              <Link to="/assets/$id" params={{ id: asset.id }}><bdi>{asset.name}</bdi></Link>{' '}
              {asset.criticality === 'high' && <Badge tone="danger">{say('asset.high')}</Badge>}
              <span className={styles.muted} dir="auto">{[asset.code, asset.model, asset.address].filter(Boolean).join(' · ')}</span>
            </span>
            <Warranty until={asset.warrantyUntil} />
          </li>
        ))}
      </ul>
      {list.hasNextPage && <Button block type="text" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t('common.loadMore')}</Button>}
      {adding && create !== undefined && <AssetForm at={create} onClose={() => setAdding(false)} />}
      {printing && <LabelDialog assets={usable.slice(0, 200)} onClose={() => setPrinting(false)} />}
    </>
  );
}
