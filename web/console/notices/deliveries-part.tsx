import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { App, Button, Select } from 'antd';
import { useState } from 'react';
import { deliveryStates, noticeChannels, type NoticeDelivery } from '../../../contract/notice.ts';
import { api, asProblem } from '../../ui/api.ts';
import { EmptyState, ProblemAlert } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { Delayed } from '../parts/delayed.tsx';
import { RowSkeleton } from '../parts/row-skeleton.tsx';
import { noticeDeliveries } from './data.ts';
import { DeliveryLine } from './delivery-line.tsx';
import { channelTexts, stateTexts, useNoticeTexts } from './texts.ts';
import styles from './notices.module.css';

/** What became of each message (投递记录), with what failed to be sent once more. */
export function DeliveriesPart() {
  const { t } = useNoticeTexts();
  const { t: say } = useTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const [state, setState] = useState<string>();
  const [channel, setChannel] = useState<string>();
  const list = useInfiniteQuery({ ...noticeDeliveries({ state, channel }), refetchInterval: 10_000 });
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const retry = useMutation({
    mutationFn: (delivery: NoticeDelivery) => api.post(`/notice-deliveries/${delivery.id}/retry`, {}),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ['notice-deliveries'] });
      void message.success(t('delivery.retried'));
    },
    onError: (error) => void message.error(asProblem(error).title),
  });
  return (
    <>
      <div className={styles.bar}>
        <Select allowClear className={styles.pick} value={state} placeholder={t('delivery.all')} aria-label={t('delivery.all')} options={deliveryStates.map((value) => ({ value, label: t(stateTexts[value]) }))} onChange={setState} />
        <Select allowClear className={styles.pick} value={channel} placeholder={t('delivery.allChannels')} aria-label={t('delivery.allChannels')} options={noticeChannels.map((value) => ({ value, label: t(channelTexts[value]) }))} onChange={setChannel} />
      </div>
      {list.isPending && <Delayed><RowSkeleton rows={6} height={56} /></Delayed>}
      {list.isError && list.data === undefined && <ProblemAlert error={list.error} onRetry={() => void list.refetch()} />}
      {list.data !== undefined && items.length === 0 && <EmptyState title={t('delivery.none')} hint={t('delivery.noneHint')} />}
      {items.length > 0 && (
        <ul className={styles.list} aria-label={t('tab.deliveries')}>
          {items.map((delivery) => (
            <DeliveryLine key={delivery.id} delivery={delivery} who>
              {delivery.ticket !== null && <Link to="/tickets/$number" params={{ number: delivery.ticket.number }}>{delivery.ticket.number}</Link>}
              {(delivery.state === 'failed' || delivery.state === 'suppressed') && delivery.purpose === 'notice' && <Button size="small" loading={retry.isPending && retry.variables.id === delivery.id} onClick={() => retry.mutate(delivery)}>{t('delivery.retry')}</Button>}
            </DeliveryLine>
          ))}
        </ul>
      )}
      {list.hasNextPage && <Button block type="text" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{say('common.loadMore')}</Button>}
    </>
  );
}
