import type { PooledOffer } from '../../contract/offer.ts';
import type { Visit } from '../../contract/visit.ts';
import { api, asProblem } from '../ui/api.ts';
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

/** Why the phone is not told while the app is closed, though notices may be shown: the push service cannot be reached, there is no network, or something else. */
export type PushProblem = 'unreachable' | 'offline' | 'failed';

/** Asks for notices, and lets the phone be told while the app is closed (开启通知); it can be asked again where that failed. */
export async function askForNotices(): Promise<{ permission: NoticePermission; problem: PushProblem | null }> {
  if (!('Notification' in window)) return { permission: 'unsupported', problem: null };
  const permission = await Notification.requestPermission();
  return permission === 'granted' ? takePushes() : { permission, problem: null };
}

/** Takes pushes (接收推送), where the organization has set that up. Notices while the app is open work all the same. */
async function takePushes(): Promise<{ permission: NoticePermission; problem: PushProblem | null }> {
  if (!takesPushes()) return { permission: 'granted', problem: null };
  try {
    const { data } = await api.get<{ pushKey: string | null }>('/notice-settings');
    if (data.pushKey !== null) await subscribeToPushes(await navigator.serviceWorker.ready, data.pushKey, 'field');
    return { permission: 'granted', problem: null };
  } catch (error) {
    return pushRefusal(error);
  }
}

/** What a refusal of the browser comes to: by the Push API one that may not answers NotAllowedError, one that cannot reach its push service AbortError. */
export function pushRefusal(error: unknown): { permission: NoticePermission; problem: PushProblem | null } {
  if (error instanceof DOMException && (error.name === 'NotAllowedError' || /permission/i.test(error.message))) return { permission: 'denied', problem: null };
  if (error instanceof DOMException) return { permission: 'granted', problem: error.name === 'AbortError' ? 'unreachable' : 'failed' };
  return { permission: 'granted', problem: asProblem(error).status === 0 ? 'offline' : 'failed' };
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

/** Tells the technician that something is offered to them (有单可接): a notice shows when the app is not being looked at, the count on the tab otherwise. */
export function announceOffers(offers: readonly PooledOffer[]): void {
  const [first] = offers;
  if (first === undefined) return;
  navigator.vibrate?.([80, 60, 80]);
  if (document.visibilityState === 'visible' || noticePermission() !== 'granted') return;
  void navigator.serviceWorker?.ready.then((registration) => registration.showNotification(offers.length === 1 ? t('notice.newOffer') : t('notice.newOffers', { count: offers.length }), {
    body: [first.subject, first.place?.text].filter((part) => part != null && part !== '').join('\n'), tag: 'offers', icon: '/field/icons/icon-192.png', data: { url: `/field/${hrefTo({ screen: 'pool' })}` },
  }));
}
