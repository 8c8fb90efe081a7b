import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import type { NoticeSettings } from '../../../contract/notice.ts';
import { api } from '../../ui/api.ts';
import { ownEndpointDigest, subscribeToPushes, takesPushes } from '../../ui/push.ts';
import { Ago } from '../../ui/react/index.ts';
import { noticeSettings } from '../notices/data.ts';
import own from '../notices/notices.module.css';
import { pushRegistration, registerPushWorker } from '../notices/push.ts';
import { useNoticeTexts } from '../notices/texts.ts';
import { PushDenied, whyNoPushes } from './why-no-pushes.ts';
import styles from './notifications-page.module.css';

/** The browsers that take pushes for one (推送设备), this one among them. */
export function DevicesPart({ settings }: { settings: NoticeSettings }) {
  const { t } = useNoticeTexts();
  const queryClient = useQueryClient();
  const able = takesPushes();
  const here = useQuery({ queryKey: ['push-here'], queryFn: async () => ownEndpointDigest(await pushRegistration()), enabled: able, staleTime: 0 });
  const renew = () => Promise.all([queryClient.invalidateQueries({ queryKey: noticeSettings.queryKey }), queryClient.invalidateQueries({ queryKey: ['push-here'] })]);
  const turnOn = useMutation({
    mutationFn: async () => {
      if (await Notification.requestPermission() !== 'granted') throw new PushDenied();
      return subscribeToPushes(await registerPushWorker(), settings.pushKey!, 'console');
    },
    onSuccess: renew,
  });
  const remove = useMutation({
    mutationFn: async (device: NoticeSettings['devices'][number]) => {
      await api.delete(`/notice-devices/${device.id}`);
      if (device.endpointDigest === here.data) await (await (await pushRegistration())?.pushManager.getSubscription())?.unsubscribe();
    },
    onSuccess: renew,
  });
  const failed = turnOn.error ?? remove.error;
  const why = failed === null ? null : whyNoPushes(failed);
  const isHere = settings.devices.some((device) => device.endpointDigest === here.data);
  return (
    <section>
      <div className={styles.line}>
        <div>
          <h2 className={styles.part}>{t('own.devices')}</h2>
          {why === null && <p className={styles.hint}>{settings.pushKey === null ? t('own.pushOff') : !able ? t('own.pushUnsupported') : Notification.permission === 'denied' ? t('own.pushDenied') : t('own.devicesHint')}</p>}
          {why !== null && <p className={own.problem} role="alert">{'text' in why ? t(why.text) : why.sentence}</p>}
        </div>
        {settings.pushKey !== null && able && !isHere && <Button loading={turnOn.isPending} onClick={() => { remove.reset(); turnOn.mutate(); }}>{t('own.push')}</Button>}
      </div>
      {settings.devices.map((device) => (
        <div key={device.id} className={own.addressLine}>
          <span className={own.addressText}>{device.name} <span className={own.muted}>{t(device.face === 'field' ? 'own.field' : 'own.console')}{device.endpointDigest === here.data ? ` · ${t('own.thisBrowser')}` : ''}</span></span>
          <Ago className={own.time!} value={device.lastSentAt ?? device.createdAt} />
          <Button size="small" loading={remove.isPending && remove.variables.id === device.id} onClick={() => { turnOn.reset(); remove.mutate(device); }}>{t('own.remove')}</Button>
        </div>
      ))}
    </section>
  );
}
