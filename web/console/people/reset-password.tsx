import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Input, Modal } from 'antd';
import { useState } from 'react';
import type { Staff } from '../../../contract/organization.ts';
import { api } from '../../ui/api.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { oneTimePassword } from './one-time-password.ts';
import { usePeopleTexts } from './texts.ts';
import styles from './people.module.css';

/** Gives a colleague a new password (重设密码) that is shown once, for somebody who forgot theirs. */
export function ResetPassword({ person, onClose }: { person: Staff; onClose: () => void }) {
  const { t } = useTexts();
  const { t: say } = usePeopleTexts();
  const queryClient = useQueryClient();
  const [password, setPassword] = useState(oneTimePassword);
  const reset = useMutation({
    mutationFn: () => api.patch<Staff>(`/staff/${person.id}`, { password }, { ifMatch: `"${person.version}"` }),
    onSettled: () => void queryClient.invalidateQueries({ queryKey: ['staff'] }),
    gcTime: 0,
  });
  return (
    <Modal
      open
      title={reset.isSuccess ? say('reset.done', { name: person.name }) : say('reset.title', { name: person.name })}
      onCancel={onClose}
      mask={{ closable: false }}
      footer={
        <div className={styles.foot}>
          {reset.isSuccess ? <Button type="primary" onClick={onClose}>{t('common.close')}</Button> : (
            <>
              <Button onClick={onClose}>{t('common.cancel')}</Button>
              <Button type="primary" danger loading={reset.isPending} disabled={password.trim() === ''} onClick={() => reset.mutate()}>{say('reset.do')}</Button>
            </>
          )}
        </div>
      }
    >
      {reset.isError && <ProblemAlert error={reset.error} />}
      {reset.isSuccess ? (
        <>
          <p className={styles.told}><code>{password}</code> <CopyButton text={password} label={t('common.copy')} /></p>
          <p className={styles.hint}>{say('reset.once')}</p>
        </>
      ) : (
        <>
          <p className={styles.hint}>{say('reset.hint')}</p>
          <div className={styles.password}>
            <Input value={password} maxLength={200} aria-label={say('reset.password')} autoComplete="off" spellCheck={false} onChange={(event) => setPassword(event.target.value)} />
            <Button onClick={() => setPassword(oneTimePassword())}>{say('reset.generate')}</Button>
          </div>
        </>
      )}
    </Modal>
  );
}
