import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { App, Button, Segmented } from 'antd';
import { useState } from 'react';
import type { Notification } from '../../../contract/desk.ts';
import { api, asProblem } from '../../ui/api.ts';
import { Ago, EmptyState, ProblemAlert } from '../../ui/react/index.ts';
import { deskKeys, notificationList } from '../data/desk.ts';
import { useTexts } from '../i18n.ts';
import { Delayed } from '../parts/delayed.tsx';
import { Icon } from '../parts/icon.tsx';
import { RowSkeleton } from '../parts/row-skeleton.tsx';
import { HowTold } from './how-told.tsx';
import { partOf, pathOf } from './how-to-tell.ts';
import { reasonIcons, reasonTexts } from './notification-words.ts';
import styles from './notifications-page.module.css';

/** What one was told of (收件箱), newest first; opening one marks it as read. */
export function Inbox() {
  const { t } = useTexts();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [filter, setFilter] = useState<'all' | 'unread'>('all');
  const list = useInfiniteQuery(notificationList(filter === 'unread'));
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const renew = (): void => {
    void queryClient.invalidateQueries({ queryKey: deskKeys.notifications });
    void queryClient.invalidateQueries({ queryKey: deskKeys.notificationCount });
  };
  const failed = (error: unknown): void => void message.error(asProblem(error).title);
  const readAll = useMutation({ mutationFn: (upTo: string) => api.post('/notifications/read', { upTo }), onSuccess: renew, onError: failed });
  const readOne = useMutation({ mutationFn: (id: string) => api.post(`/notifications/${id}/read`, {}), onSuccess: renew, onError: failed });

  function open(told: Notification): void {
    if (told.readAt === null) readOne.mutate(told.id);
    if (told.ticket !== null || told.sideConversation !== null) void navigate({ to: pathOf(told), hash: partOf(told) ?? '' });
  }
  const newest = items[0];
  return (
    <>
      <div className={styles.bar}>
        <Segmented size="small" value={filter} onChange={setFilter} aria-label={t('notifications.filter')} options={[{ value: 'all', label: t('notifications.all') }, { value: 'unread', label: t('notifications.unread') }]} />
        <Button size="small" disabled={newest === undefined || items.every(({ readAt }) => readAt !== null)} loading={readAll.isPending} onClick={() => newest !== undefined && readAll.mutate(newest.id)}>
          {t('notifications.markAll')}
        </Button>
      </div>
      {list.isPending && <Delayed><RowSkeleton rows={6} height={56} /></Delayed>}
      {list.isError && list.data === undefined && <ProblemAlert error={list.error} onRetry={() => void list.refetch()} />}
      {list.data !== undefined && items.length === 0 && <EmptyState title={filter === 'unread' ? t('notifications.noneUnread') : t('notifications.none')} hint={t('notifications.noneHint')} />}
      <ul className={styles.list}>
        {items.map((told) => (
          <li key={told.id} className={styles.row} data-unread={told.readAt === null || undefined}>
            <button type="button" className={styles.open} onClick={() => open(told)}>
              <span className={styles.icon} data-alarm={told.reason === 'held_failed' || told.urgency === 'urgent' || undefined}><Icon name={reasonIcons[told.reason]} /></span>
              <span className={styles.words}>
                <span className={styles.first}>
                  {told.actor !== null && <b>{told.actor}</b>} {t(reasonTexts[told.reason])}
                  {told.for !== null && <span className={styles.for}>{t('notifications.for', { name: told.for.name })}</span>}
                </span>
                {(told.ticket !== null || told.sideConversation !== null) && <span className={styles.ticket}>{[told.ticket?.number, told.sideConversation?.subject ?? told.ticket?.subject].filter((one) => one !== undefined).join(' · ')}</span>}
                {told.preview !== null && <span className={styles.preview}>{told.preview}</span>}
              </span>
              <Ago className={styles.time} value={told.createdAt} />
            </button>
            {told.carried && <HowTold told={told} />}
            {told.readAt === null && <Button size="small" type="text" icon={<Icon name="check" size={14} />} aria-label={t('notifications.markOne')} title={t('notifications.markOne')} onClick={() => readOne.mutate(told.id)} />}
          </li>
        ))}
      </ul>
      {list.hasNextPage && <Button block type="text" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t('common.loadMore')}</Button>}
    </>
  );
}
