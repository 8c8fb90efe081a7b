import type { ReactNode } from 'react';
import type { NoticeDelivery } from '../../../contract/notice.ts';
import { Ago } from '../../ui/react/index.ts';
import { Badge } from '../parts/badge.tsx';
import { ProblemLine } from './problem-line.tsx';
import { channelTexts, stateTexts, stateTones, useNoticeTexts, whyTexts } from './texts.ts';
import styles from './notices.module.css';

/** One message on one channel: to whom, where, when, and why it did not get there (投递状态). */
export function DeliveryLine({ delivery, who = false, children }: { delivery: NoticeDelivery; who?: boolean; children?: ReactNode }) {
  const { t } = useNoticeTexts();
  const { channel, state, reason, problem, problemCode, address, count, attempts, insteadOf, escalatedFrom, step } = delivery;
  const notes = [
    address, delivery.urgency === 'urgent' && delivery.purpose === 'notice' ? t('delivery.urgent') : null, delivery.purpose === 'notice' ? null : t(delivery.purpose === 'test' ? 'delivery.test' : 'delivery.code'),
    count > 1 ? t('delivery.count', { count }) : null, insteadOf === null ? null : t('delivery.instead', { channel: t(channelTexts[insteadOf]) }), step > 0 ? t('delivery.step', { count: step }) : null,
    escalatedFrom === null ? null : t('delivery.for', { name: escalatedFrom.name }), attempts > 1 ? t('delivery.attempts', { count: attempts }) : null,
  ].filter((note) => note !== null);
  return (
    <li className={styles.delivery}>
      <span className={styles.who}>
        {who || escalatedFrom !== null ? <><b>{delivery.staff.name}</b> · </> : null}{t(channelTexts[channel])} <span className={styles.muted}>{notes.join(' · ')}</span>
        {reason !== null && (state === 'failed' || state === 'suppressed' || state === 'waiting') && <ProblemLine code={problemCode} said={problem} lead={problemCode === null ? t(whyTexts[reason]) : ''} quiet={state !== 'failed'} />}
      </span>
      {children}
      <Badge tone={stateTones[state]}>{t(stateTexts[state])}</Badge>
      <Ago className={styles.time!} value={delivery.sentAt ?? delivery.settledAt ?? delivery.createdAt} />
    </li>
  );
}
