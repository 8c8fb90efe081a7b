import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useState } from 'react';
import type { NoticeAddress, NoticeSettings } from '../../../contract/notice.ts';
import { api, asProblem } from '../../ui/api.ts';
import { noticeSettings } from '../notices/data.ts';
import own from '../notices/notices.module.css';
import { channelTexts, useNoticeTexts } from '../notices/texts.ts';
import styles from './notifications-page.module.css';

/** Where one is reached on each channel (联系地址); another one counts once the code that was sent there came back. */
export function AddressesPart({ settings }: { settings: NoticeSettings }) {
  const { t } = useNoticeTexts();
  const shown = settings.addresses.filter(({ channel }) => settings.available.includes(channel));
  if (shown.length === 0) return null;
  return (
    <section>
      <h2 className={styles.part}>{t('own.addresses')}</h2>
      {shown.map((address) => <AddressLine key={address.channel} address={address} />)}
    </section>
  );
}

function AddressLine({ address }: { address: NoticeAddress }) {
  const { t } = useNoticeTexts();
  const queryClient = useQueryClient();
  const [typing, setTyping] = useState(false);
  const [typed, setTyped] = useState('');
  const [code, setCode] = useState('');
  const name = t(channelTexts[address.channel]);
  const renew = () => queryClient.invalidateQueries({ queryKey: noticeSettings.queryKey });
  const ask = useMutation({
    mutationFn: () => api.post('/notice-addresses', { channel: address.channel, address: typed }),
    onSuccess: () => {
      setTyping(false);
      setCode('');
      return renew();
    },
  });
  const confirm = useMutation({ mutationFn: () => api.post(`/notice-addresses/${address.channel}/confirm`, { code }), onSuccess: renew });
  const forget = useMutation({ mutationFn: () => api.delete(`/notice-addresses/${address.channel}`), onSuccess: renew });
  const problem = [ask, confirm, forget].find((one) => one.isError);
  const said = problem === undefined ? null : asProblem(problem.error);
  return (
    <div className={own.addressLine}>
      <span className={own.addressName}>{name}</span>
      <span className={own.addressText}>
        {address.address ?? <span className={own.muted}>{t('own.missing')}</span>} {address.address !== null && <span className={own.muted}>{t(address.source === 'own' ? 'own.own' : 'own.record')}</span>}
        {address.pending !== null && <div className={own.muted}>{t('own.codeSent', { address: address.pending.address })}</div>}
        {said !== null && <div className={own.problem} role="alert">{said.errors?.[0]?.message ?? said.title}</div>}
      </span>
      {address.pending !== null && !typing && (
        <form
          className={own.actions}
          onSubmit={(event) => {
            event.preventDefault();
            confirm.mutate();
          }}
        >
          <Input style={{ width: 110 }} value={code} maxLength={6} inputMode="numeric" autoComplete="one-time-code" placeholder={t('own.code')} aria-label={`${name} ${t('own.code')}`} onChange={(event) => setCode(event.target.value.replace(/\D/g, ''))} />
          <Button type="primary" htmlType="submit" disabled={code.length !== 6} loading={confirm.isPending}>{t('own.confirm')}</Button>
        </form>
      )}
      {typing ? (
        <form
          className={own.actions}
          onSubmit={(event) => {
            event.preventDefault();
            ask.mutate();
          }}
        >
          <Input autoFocus style={{ width: 220 }} value={typed} maxLength={200} placeholder={t('own.newAddress')} aria-label={`${name} ${t('own.newAddress')}`} onChange={(event) => setTyped(event.target.value)} />
          <Button type="primary" htmlType="submit" disabled={typed.trim() === ''} loading={ask.isPending}>{t('own.sendCode')}</Button>
          <Button onClick={() => setTyping(false)}>{t('cancel')}</Button>
        </form>
      ) : (
        <span className={own.actions}>
          <Button size="small" aria-label={`${name} ${t('own.changeAddress')}`} onClick={() => setTyping(true)}>{t('own.changeAddress')}</Button>
          {(address.source === 'own' || address.pending !== null) && <Button size="small" type="text" loading={forget.isPending} onClick={() => forget.mutate()}>{t('own.forget')}</Button>}
        </span>
      )}
    </div>
  );
}
