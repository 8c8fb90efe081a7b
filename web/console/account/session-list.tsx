import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import type { Static } from 'typebox';
import type { SessionSummary } from '../../../contract/session.ts';
import { api, asProblem } from '../../ui/api.ts';
import { Ago, ProblemAlert } from '../../ui/react/index.ts';
import { whole } from '../data/records.ts';
import { useTexts } from '../i18n.ts';
import { deviceOf } from './device.ts';
import { Badge } from '../parts/badge.tsx';
import styles from './account-drawer.module.css';

const sessions = { ...whole<Static<typeof SessionSummary>>('sessions'), staleTime: 0 };

/** Where one is signed in (登录设备), each of which can be signed out from here. */
export function SessionList() {
  const { t } = useTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const list = useQuery(sessions);
  const revoke = useMutation({
    mutationFn: (id: string) => api.delete(`/sessions/${id}`),
    onSuccess: () => void queryClient.invalidateQueries({ queryKey: ['sessions'] }),
    onError: (error) => void message.error(asProblem(error).title),
  });
  return (
    <section>
      <h3 className={styles.title}>{t('account.sessions')}</h3>
      {list.isError && list.data === undefined && <ProblemAlert error={list.error} onRetry={() => void list.refetch()} />}
      <ul className={styles.sessions}>
        {list.data?.map((session) => (
          <li key={session.id}>
            <span className={styles.session}>
              {deviceOf(session.userAgent) ?? t('account.unknownDevice')}
              <span className={styles.muted}>
                {session.address} · {t('account.lastSeen')} <Ago value={session.lastSeenAt} />
              </span>
            </span>
            {session.current ? (
              <Badge tone="success">{t('account.thisDevice')}</Badge>
            ) : (
              <Button size="small" loading={revoke.isPending && revoke.variables === session.id} onClick={() => revoke.mutate(session.id)}>
                {t('account.signOutThere')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
