import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Input } from 'antd';
import { useState } from 'react';
import type { Static } from 'typebox';
import type { SecondFactorSetup } from '../../../contract/session.ts';
import { api, asProblem } from '../../ui/api.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { Badge } from '../parts/badge.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { useSession } from '../session/session.tsx';
import styles from './account-drawer.module.css';

/** Two-factor sign-in (两步验证): set up by scanning a picture, proven by a code before it counts. */
export function SecondFactor() {
  const { t } = useTexts();
  const { me } = useSession();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const [code, setCode] = useState('');
  const [disabling, setDisabling] = useState(false);
  const [password, setPassword] = useState('');
  // Asked for when the sign-in is a while ago, and until it was right.
  const [asksPassword, setAsksPassword] = useState(false);
  const start = useMutation({
    mutationFn: async () => (await api.post<Static<typeof SecondFactorSetup>>('/session/second-factor', password === '' ? {} : { currentPassword: password })).data,
    gcTime: 0,
    onSuccess: () => {
      setPassword('');
      setAsksPassword(false);
    },
    onError: (error) => {
      if (asProblem(error).code === 'password_needed') setAsksPassword(true);
    },
  });
  const finish = useMutation({
    mutationFn: (step: 'confirm' | 'disable') => api.post(`/session/second-factor/${step}`, { code: code.replace(/\s/g, '') }),
    onSuccess: (_, step) => {
      setCode('');
      setDisabling(false);
      start.reset();
      void message.success(step === 'confirm' ? t('account.secondFactorOn') : t('account.secondFactorOff'));
      void queryClient.invalidateQueries({ queryKey: ['session'] });
    },
  });

  const codeField = (step: 'confirm' | 'disable') => (
    <form
      className={styles.code}
      onSubmit={(event) => {
        event.preventDefault();
        if (code.trim() !== '') finish.mutate(step);
      }}
    >
      <Input autoFocus inputMode="numeric" autoComplete="one-time-code" maxLength={10} value={code} aria-label={t('signIn.code')} placeholder={t('signIn.code')} onChange={(event) => setCode(event.target.value)} />
      <Button type="primary" danger={step === 'disable'} htmlType="submit" loading={finish.isPending} disabled={code.trim().length < 6}>
        {step === 'confirm' ? t('account.turnOn') : t('account.turnOff')}
      </Button>
    </form>
  );

  return (
    <section>
      <h3 className={styles.title}>{t('signIn.codeTitle')}</h3>
      <p className={styles.hint}>{t('account.secondFactorHint')}</p>
      {me.secondFactor ? (
        <>
          <div className={styles.state}>
            <Badge tone="success">{t('account.on')}</Badge>
            {!disabling && <Button onClick={() => setDisabling(true)}>{t('account.turnOff')}</Button>}
          </div>
          {disabling && codeField('disable')}
        </>
      ) : start.data === undefined && asksPassword ? (
        <form
          className={styles.code}
          onSubmit={(event) => {
            event.preventDefault();
            if (password !== '') start.mutate();
          }}
        >
          <Input.Password autoFocus autoComplete="current-password" maxLength={200} value={password} aria-label={t('account.currentPassword')} placeholder={t('account.currentPassword')} onChange={(event) => setPassword(event.target.value)} />
          <Button type="primary" htmlType="submit" loading={start.isPending} disabled={password === ''}>{t('account.setUp')}</Button>
        </form>
      ) : start.data === undefined ? (
        <div className={styles.state}>
          <Badge>{t('account.off')}</Badge>
          <Button type="primary" loading={start.isPending} onClick={() => start.mutate()}>{t('account.setUp')}</Button>
        </div>
      ) : (
        <div className={styles.setup}>
          <img className={styles.qr} src={`data:image/svg+xml;utf8,${encodeURIComponent(start.data.qrCode)}`} alt={t('account.qr')} width={148} height={148} />
          <div className={styles.steps}>
            <p>{t('account.scan')}</p>
            <p className={styles.secret}>
              <code>{start.data.secret}</code>
              <CopyButton text={start.data.secret} label={t('common.copy')} />
            </p>
            <p>{t('account.enterCode')}</p>
            {codeField('confirm')}
          </div>
        </div>
      )}
      {(start.isError || finish.isError) && <ProblemAlert error={finish.error ?? start.error} />}
    </section>
  );
}
