import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState, type ReactNode } from 'react';
import type { Account } from '../../../contract/customer.ts';
import { EmptyState, ProblemAlert } from '../../ui/react/index.ts';
import { accounts, type AccountFilter } from '../customers/data.ts';
import { useCustomerTexts } from '../customers/texts.ts';
import { Tier } from '../customers/tier.tsx';
import { useTexts } from '../i18n.ts';
import { Badge } from '../parts/badge.tsx';
import { Delayed } from '../parts/delayed.tsx';
import { Icon } from '../parts/icon.tsx';
import { RowSkeleton } from '../parts/row-skeleton.tsx';
import { useKindOptions } from './account-form.tsx';
import styles from './account-tree.module.css';

/** Accounts with those below them (单位树): a branch is read when it is unfolded. */
export function AccountTree({ filter, empty }: { filter: AccountFilter; empty: ReactNode }) {
  return <Branch filter={filter} empty={empty} level={0} />;
}

function Branch({ filter, empty, level }: { filter: AccountFilter; empty?: ReactNode; level: number }) {
  const { t } = useTexts();
  const list = useInfiniteQuery(accounts(filter));
  const found = list.data?.pages.flatMap((page) => page.items) ?? [];
  if (list.isPending) return <Delayed><RowSkeleton rows={level === 0 ? 8 : 2} height={44} /></Delayed>;
  if (list.data === undefined) return <div className={styles.problem}><ProblemAlert error={list.error} onRetry={() => void list.refetch()} /></div>;
  if (found.length === 0) return empty ?? <EmptyState title="" />;
  return (
    <ul className={styles.branch}>
      {found.map((account) => <Twig key={account.id} account={account} level={level} filter={filter} />)}
      {list.hasNextPage && <li><Button type="text" block loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t('common.loadMore')}</Button></li>}
    </ul>
  );
}

function Twig({ account, level, filter }: { account: Account; level: number; filter: AccountFilter }) {
  const { t: say } = useCustomerTexts();
  const kinds = useKindOptions();
  const [open, setOpen] = useState(false);
  const holds = [
    account.memberCount === 0 ? null : say('account.members', { count: account.memberCount }),
    account.siteCount === 0 ? null : say('account.sitesCount', { count: account.siteCount }),
    account.assetCount === 0 ? null : say('account.assetsCount', { count: account.assetCount }),
  ].filter((part) => part !== null);
  return (
    <li>
      <div className={styles.row} style={{ paddingInlineStart: 12 + level * 24 }}>
        {account.childCount === 0 ? (
          <span className={styles.toggle} />
        ) : (
          <button type="button" className={styles.toggle} aria-expanded={open} aria-label={say(open ? 'account.fold' : 'account.unfold', { name: account.name })} onClick={() => setOpen(!open)}>
            <Icon name={open ? 'chevronDown' : 'chevronRight'} size={14} />
          </button>
        )}
        <Link
          to="/accounts/$id"
          params={{ id: account.id }}
          className={styles.link}
          data-row=""
          onKeyDown={(event) => {
            if (account.childCount > 0 && (event.key === 'ArrowRight' || event.key === 'ArrowLeft')) setOpen(event.key === 'ArrowRight');
          }}
        >
          <Icon name="building" size={16} />
          <span className={styles.name} dir="auto">{account.name}</span>
          <Badge>{kinds.find((kind) => kind.value === account.kind)?.label}</Badge>
          <Tier tier={account.tier} />
          <span className={styles.code}>{account.code}</span>
          <span className={styles.address} dir="auto">{account.address}</span>
          <span className={styles.holds}>{holds.join(' · ')}</span>
        </Link>
      </div>
      {open && <Branch filter={{ ...(filter.archived === undefined ? {} : { archived: filter.archived }), parent: account.id }} level={level + 1} />}
    </li>
  );
}
