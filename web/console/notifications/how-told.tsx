import { useQuery, useQueryClient, useMutation } from '@tanstack/react-query';
import { Button, Popover } from 'antd';
import type { Notification } from '../../../contract/desk.ts';
import { api } from '../../ui/api.ts';
import { Ago, ProblemAlert } from '../../ui/react/index.ts';
import { deskKeys } from '../data/desk.ts';
import { notificationDeliveries } from '../notices/data.ts';
import { DeliveryLine } from '../notices/delivery-line.tsx';
import own from '../notices/notices.module.css';
import { useNoticeTexts } from '../notices/texts.ts';
import { Badge } from '../parts/badge.tsx';
import { Icon } from '../parts/icon.tsx';

/** How one was told of something (怎么通知的): where it went and when, what failed and why, who was told in one's place. */
export function HowTold({ told }: { told: Notification }) {
  const { t } = useNoticeTexts();
  return (
    <Popover trigger="click" placement="bottomRight" destroyOnHidden content={<Ways told={told} />} styles={{ content: { width: 'min(420px, 90vw)', padding: 0 } }}>
      <Button size="small" type="text" icon={<Icon name="globe" size={14} />} aria-label={t('delivery.how')} title={t('delivery.how')} />
    </Popover>
  );
}

function Ways({ told }: { told: Notification }) {
  const { t } = useNoticeTexts();
  const queryClient = useQueryClient();
  const query = useQuery({ ...notificationDeliveries(told.id), refetchInterval: 3_000 });
  const acknowledge = useMutation({
    mutationFn: () => api.post(`/notifications/${told.id}/acknowledge`, {}),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: deskKeys.notifications });
      void queryClient.invalidateQueries({ queryKey: deskKeys.notificationCount });
    },
  });
  return (
    <>
      <ul className={own.list} style={{ border: 0 }} aria-label={t('delivery.how')}>
        <li className={own.delivery}>
          <span className={own.who}>{t('delivery.inbox')}</span>
          <Badge tone="success">{t(told.readAt === null ? 'delivery.inboxUnread' : 'delivery.inboxRead')}</Badge>
          <Ago className={own.time!} value={told.readAt ?? told.createdAt} />
        </li>
        {query.data?.map((delivery) => <DeliveryLine key={delivery.id} delivery={delivery} />)}
      </ul>
      {query.isError && query.data === undefined && <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />}
      {told.readAt === null && told.urgency === 'urgent' && <div style={{ padding: '8px 16px 12px' }}><Button type="primary" size="small" loading={acknowledge.isPending} onClick={() => acknowledge.mutate()}>{t('delivery.acknowledge')}</Button></div>}
    </>
  );
}
