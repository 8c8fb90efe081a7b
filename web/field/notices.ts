import type { Visit } from '../../contract/visit.ts';
import { api } from '../ui/api.ts';
import { takesPushes, subscribeToPushes } from '../ui/push.ts';
import { t } from './i18n.ts';
import { hrefTo } from './router.ts';

const listeners = new Set<(visits: Visit[]) => void>();

/** Calls back when new jobs have come in. */
export function onNewJobs(listener: (visits: Visit[]) => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

export type NoticePermission = 'granted' | 'denied' | 'default' | 'unsupported';

/** Whether the phone lets this app show notices (系统通知). */
export function noticePermission(): NoticePermission {
  return 'Notification' in window ? Notification.permission : 'unsupported';
}

export async function askForNotices(): Promise<NoticePermission> {
  if (!('Notification' in window)) return 'unsupported';
  const permission = await Notification.requestPermission();
  if (permission === 'granted') await takePushes();
  return permission;
}

/** Lets the phone be told while the app is closed (接收推送), where the organization has set that up; what fails is tried when it is asked for again. */
async function takePushes(): Promise<void> {
  if (!takesPushes()) return;
  try {
    const { data } = await api.get<{ pushKey: string | null }>('/notice-settings');
    if (data.pushKey !== null) await subscribeToPushes(await navigator.serviceWorker.ready, data.pushKey, 'field');
  } catch {
    // Notices while the app is open work all the same.
  }
}

/** Tells the technician of new jobs (新任务提醒): the phone shakes, and a notice shows when the app is not being looked at. */
export function announceJobs(visits: Visit[]): void {
  if (visits.length === 0) return;
  navigator.vibrate?.([120, 80, 120]);
  for (const listener of listeners) listener(visits);
  if (document.visibilityState === 'visible' || noticePermission() !== 'granted') return;
  void navigator.serviceWorker?.ready.then((registration) => {
    for (const visit of visits) {
      void registration.showNotification(t('notice.newJob'), {
        body: [visit.ticket.subject, visit.location?.address].filter((part) => part != null && part !== '').join('\n'),
        tag: visit.id,
        icon: '/field/icons/icon-192.png',
        data: { url: `/field/${hrefTo({ screen: 'job', visitId: visit.id })}` },
      });
    }
  });
}
