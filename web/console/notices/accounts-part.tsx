import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Input, Switch } from 'antd';
import { useState } from 'react';
import type { NoticeAccount, NoticeDelivery } from '../../../contract/notice.ts';
import { api, asProblem } from '../../ui/api.ts';
import { Ago, ProblemAlert } from '../../ui/react/index.ts';
import { Badge } from '../parts/badge.tsx';
import { Delayed } from '../parts/delayed.tsx';
import { RowSkeleton } from '../parts/row-skeleton.tsx';
import { AccountForm } from './account-form.tsx';
import { noticeAccounts, watchedDelivery } from './data.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { ProblemLine } from './problem-line.tsx';
import { channelTexts, useNoticeTexts, whyTexts } from './texts.ts';
import styles from './notices.module.css';

const aboutTexts = { wecom: 'about.wecom', dingtalk: 'about.dingtalk', feishu: 'about.feishu', web_push: 'about.web_push', email: 'about.email', sms: 'about.sms' } as const;
const healthTexts = { unused: 'state.unused', well: 'state.well', failing: 'state.failing', resting: 'state.resting' } as const;
const healthTones = { unused: 'neutral', well: 'success', failing: 'danger', resting: 'warning' } as const;

/** The channels, each with whether it works (渠道账号). */
export function AccountsPart() {
  const list = useQuery(noticeAccounts);
  if (list.isPending) return <Delayed><RowSkeleton rows={6} height={72} /></Delayed>;
  if (list.data === undefined) return <ProblemAlert error={list.error} onRetry={() => void list.refetch()} />;
  return list.data.map((account) => <Account key={account.channel} account={account} />);
}

function Account({ account }: { account: NoticeAccount }) {
  const { t } = useNoticeTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const [open, setOpen] = useState(false);
  const name = t(channelTexts[account.channel]);
  const { health } = account;
  const toggle = useMutation({
    mutationFn: (active: boolean) => api.patch<NoticeAccount>(`/notice-accounts/${account.channel}`, { active }, { ifMatch: `"${account.version}"` }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: noticeAccounts.queryKey }),
    onError: (error) => void message.error(asProblem(error).title),
  });
  return (
    <section className={styles.card} aria-label={name}>
      <div className={styles.cardHead}>
        <div className={styles.cardName}>
          <h3>{name} {!account.configured ? <Badge tone="neutral">{t('state.off')}</Badge> : !account.active ? <Badge tone="neutral">{t('state.paused')}</Badge> : <Badge tone={healthTones[health.state]}>{t(healthTexts[health.state])}</Badge>}</h3>
          <p className={styles.muted}>{t(aboutTexts[account.channel])}</p>
        </div>
        {account.configured && <Switch aria-label={`${name} ${t('active')}`} checked={account.active} loading={toggle.isPending} onChange={(active) => toggle.mutate(active)} />}
        <Button onClick={() => setOpen(!open)} aria-expanded={open}>{open ? t('cancel') : account.configured ? t('change') : t('setUp')}</Button>
      </div>
      {account.configured && (
        <p className={styles.muted}>
          {health.lastSuccessAt !== null && <>{t('health.ok')} <Ago value={health.lastSuccessAt} />{' '}</>}
          {health.lastFailureAt !== null && <>{t('health.bad')} <Ago value={health.lastFailureAt} />{' '}</>}
          {health.failures > 0 && <>{t('health.row', { count: health.failures })}{' '}</>}
          {health.waiting > 0 && t('health.waiting', { count: health.waiting })}
        </p>
      )}
      {health.failures > 0 && health.lastFailureAt !== null && <ProblemLine code={health.lastFailureCode} said={health.lastFailure} />}
      {health.restsUntil !== null && <p className={styles.muted}>{t('health.rest', { time: new Date(health.restsUntil).toLocaleTimeString() })}</p>}
      {account.receiptUrl !== null && (
        <div className={styles.receipt}>
          <b>{t('receipt.title')}</b>
          <span><code>{account.receiptUrl}</code><CopyButton text={account.receiptUrl} label={t('receipt.copy')} /></span>
          <p className={styles.muted}>{t('receipt.hint')}</p>
        </div>
      )}
      {open && <AccountForm account={account} onDone={() => setOpen(false)} />}
      {account.configured && account.active && <TestLine account={account} />}
    </section>
  );
}

/** Sends a test, and shows what became of it. */
function TestLine({ account }: { account: NoticeAccount }) {
  const { t } = useNoticeTexts();
  const queryClient = useQueryClient();
  const [address, setAddress] = useState('');
  const send = useMutation({
    mutationFn: async () => (await api.post<NoticeDelivery>(`/notice-accounts/${account.channel}/test`, address.trim() === '' ? {} : { address: address.trim() })).data,
  });
  const watched = useQuery(watchedDelivery(send.data?.id ?? null));
  const state = watched.data?.state;
  const settled = state !== undefined && state !== 'waiting' && state !== 'sending';
  const known = account.health.lastSuccessAt ?? account.health.lastFailureAt;
  // The health beside it is of before the test.
  if (settled && (known === null || known < watched.data!.createdAt)) void queryClient.invalidateQueries({ queryKey: noticeAccounts.queryKey });
  return (
    <div style={{ marginTop: 12 }}>
      <div className={styles.actions}>
        {account.channel !== 'web_push' && <Input className={styles.testTo} maxLength={200} value={address} placeholder={t('test.to')} aria-label={`${t(channelTexts[account.channel])} ${t('test.to')}`} onChange={(event) => setAddress(event.target.value)} />}
        <Button loading={send.isPending || (send.isSuccess && !settled)} onClick={() => send.mutate()} aria-label={`${t(channelTexts[account.channel])} ${t('test')}`}>{t('test')}</Button>
      </div>
      <div role="status">
        {send.isError && <p className={styles.problem}>{asProblem(send.error).errors?.[0]?.message ?? asProblem(send.error).title}</p>}
        {send.isSuccess && !settled && <p className={styles.muted}>{t('test.sending')}</p>}
        {(state === 'sent' || state === 'delivered') && <p className={styles.good}>{t('test.sent')}</p>}
        {(state === 'failed' || state === 'suppressed') && <ProblemLine code={watched.data!.problemCode} said={watched.data!.problem} lead={t('test.failed', { problem: watched.data!.problemCode !== null || watched.data!.reason === null ? '' : t(whyTexts[watched.data!.reason]) })} />}
      </div>
    </div>
  );
}
