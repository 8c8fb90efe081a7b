import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button, Segmented } from 'antd';
import { useState } from 'react';
import type { SideConversation } from '../../../contract/collaboration.ts';
import { Ago, EmptyState, ProblemAlert } from '../../ui/react/index.ts';
import { sideBox, sideConversation } from '../data/desk.ts';
import { useTexts } from '../i18n.ts';
import { Badge } from '../parts/badge.tsx';
import { Delayed } from '../parts/delayed.tsx';
import { Icon } from '../parts/icon.tsx';
import { RowSkeleton } from '../parts/row-skeleton.tsx';
import { useSession } from '../session/session.tsx';
import { SideThread, partner } from '../ticket/side-thread.tsx';
import styles from './notifications-page.module.css';

type Box = 'awaiting' | 'asked' | 'opened';

/** The conversations beside tickets in which one takes part (旁路会话收件箱): those that wait for an answer first. */
export function SideInbox({ id }: { id: string | null }) {
  const { t } = useTexts();
  const { me } = useSession();
  const navigate = useNavigate();
  const [box, setBox] = useState<Box>('awaiting');
  const list = useInfiniteQuery(sideBox(box));
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const known = items.find((one) => one.id === id);
  const wanted = useQuery({ ...sideConversation(id ?? ''), enabled: id !== null && known === undefined });
  const open = id === null ? undefined : (known ?? wanted.data);
  const go = (to: string | null): void => void navigate({ to: '/notifications/{-$part}', params: { part: to === null ? 'side' : `side-${to}` }, replace: true });
  const mine = (side: SideConversation): boolean => (side.awaits === 'asker') === (side.openedBy.id === me.id);
  return (
    <>
      <div className={styles.bar}>
        <Segmented<Box> size="small" value={box} onChange={setBox} aria-label={t('side.title')} options={[{ value: 'awaiting', label: t('side.awaiting') }, { value: 'asked', label: t('side.asked') }, { value: 'opened', label: t('side.opened') }]} />
      </div>
      {list.isPending && <Delayed><RowSkeleton rows={5} height={56} /></Delayed>}
      {list.isError && list.data === undefined && <ProblemAlert error={list.error} onRetry={() => void list.refetch()} />}
      {wanted.isError && <ProblemAlert error={wanted.error} />}
      {list.data !== undefined && items.length === 0 && <EmptyState title={t(box === 'awaiting' ? 'side.noneAwaiting' : 'side.none')} hint={t('side.inboxHint')} />}
      <ul className={styles.list}>
        {items.map((side) => (
          <li key={side.id} className={styles.row} data-unread={(side.awaits !== null && mine(side)) || undefined}>
            <button type="button" className={styles.open} onClick={() => go(side.id)}>
              <span className={styles.icon}><Icon name={side.kind === 'email' ? 'mail' : 'team'} /></span>
              <span className={styles.words}>
                <span className={styles.first}><b>{side.subject}</b> {side.state === 'closed' ? <Badge>{t('side.closed')}</Badge> : side.awaits !== null && <Badge tone={mine(side) ? 'warning' : 'neutral'}>{t(mine(side) ? 'side.awaits' : 'side.awaitsOther')}</Badge>}</span>
                <span className={styles.ticket}>{side.ticket.number} · {side.openedBy.name} → {partner(side)}</span>
                {side.lastMessage !== null && <span className={styles.preview}>{side.lastMessage.author}{t('common.colon')}{side.lastMessage.preview}</span>}
              </span>
              <Ago className={styles.time} value={side.lastMessageAt} />
            </button>
          </li>
        ))}
      </ul>
      {list.hasNextPage && <Button block type="text" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t('common.loadMore')}</Button>}
      {open !== undefined && <SideThread key={open.id} side={open} linked onClose={() => go(null)} />}
    </>
  );
}
