import { useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useState } from 'react';
import type { ReplyDelivery } from '../../../contract/ticket.ts';
import { api, asProblem } from '../../ui/api.ts';
import { ticketKeys } from '../data/tickets.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import { useSession } from '../session/session.tsx';
import { reasonKey, replyTexts } from './reply-texts.ts';
import styles from './delivery-lines.module.css';

const icons: Record<ReplyDelivery['state'], IconName> = { queued: 'clock', sending: 'clock', sent: 'check', delivered: 'checkCircle', read: 'checkCircle', failed: 'info', held: 'info' };

/** What became of an answer on its way to the customer (送达情况), and what can be done about one that did not get through. */
export function DeliveryLines({ ticketId, number, deliveries }: { ticketId: string; number: string; deliveries: readonly ReplyDelivery[] }) {
  return <ul className={styles.lines}>{deliveries.map((delivery) => <Line key={delivery.id} ticketId={ticketId} number={number} delivery={delivery} />)}</ul>;
}

function Line({ ticketId, number, delivery }: { ticketId: string; number: string; delivery: ReplyDelivery }) {
  const { t } = replyTexts.useTexts();
  const { message } = App.useApp();
  const { may } = useSession();
  const queryClient = useQueryClient();
  const [busy, setBusy] = useState<'send_again' | 'mark_arrived' | null>(null);
  const { state, route, reason, said, skips, account } = delivery;
  const stuck = state === 'failed' || state === 'held';
  // No way is left: a person has to reach them.
  const call = state === 'failed' && reason === 'no_way';
  const way = route === 'template' ? t('viaTemplate', { account }) : route === 'other' ? t('viaOther') : route === 'email' ? t('viaEmail') : route === 'page' ? t('viaPage') : route === 'sms' ? t('viaSms') : t('via', { account });

  async function settle(action: 'send_again' | 'mark_arrived'): Promise<void> {
    setBusy(action);
    try {
      await api.post(`/tickets/${ticketId}/deliveries/${delivery.id}/actions/${action}`, {});
      void message.success(t(action === 'send_again' ? 'sentAgain' : 'marked'));
    } catch (error) {
      void message.error(asProblem(error).title);
    } finally {
      await queryClient.invalidateQueries({ queryKey: ticketKeys.timeline(number) });
      setBusy(null);
    }
  }

  return (
    <li className={styles.line} data-state={state}>
      <Icon name={icons[state]} size={12} />
      <div className={styles.words} role={stuck ? 'alert' : undefined}>
        <p>
          <b>{call ? t('call') : t(`state.${state}`)}</b>
          {' · '}
          {state === 'held' ? t('why.unknown') : stuck && reason !== null ? t(reasonKey(reason)) : state === 'queued' && reason !== null ? t('retrying', { reason: t(reasonKey(reason)) }) : way}
        </p>
        {state === 'held' && <p>{t('heldHint')}</p>}
        {stuck && said !== null && <p>{t('said', { said })}</p>}
        {skips.length > 0 && <p>{t('skipped')}{skips.map((skip) => t('skip', { route: t(`route.${skip.route}`), reason: t(reasonKey(skip.reason)) })).join(t('separator'))}</p>}
        {stuck && may('ticket.reply') && (
          <div className={styles.deeds}>
            <Button size="small" loading={busy === 'send_again'} icon={<Icon name="reopen" size={14} />} onClick={() => void settle('send_again')}>{t('sendAgain')}</Button>
            <Button size="small" type="text" loading={busy === 'mark_arrived'} icon={<Icon name="check" size={14} />} onClick={() => void settle('mark_arrived')}>{t(call ? 'called' : 'arrived')}</Button>
          </div>
        )}
      </div>
    </li>
  );
}
