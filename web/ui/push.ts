import type { Static } from 'typebox';
import type { NoticeDevice } from '../../contract/notice.ts';
import { api } from './api.ts';

type Device = Static<typeof NoticeDevice>;

/** Whether this browser can take pushes here (能否接收推送): it needs service workers, a secure page and a push service. */
export const takesPushes = (): boolean => 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window && isSecureContext;

/** What this browser calls itself to its person. */
function deviceName(): string {
  const agent = navigator.userAgent;
  const browser = /MicroMessenger/.test(agent) ? 'WeChat' : /Edg\//.test(agent) ? 'Edge' : /Firefox\//.test(agent) ? 'Firefox' : /Chrome\//.test(agent) ? 'Chrome' : /Safari\//.test(agent) ? 'Safari' : 'Browser';
  const system = /Android/.test(agent) ? 'Android' : /iPhone|iPad/.test(agent) ? 'iOS' : /Windows/.test(agent) ? 'Windows' : /Mac OS/.test(agent) ? 'macOS' : /Linux/.test(agent) ? 'Linux' : '';
  return [browser, system].filter((part) => part !== '').join(' · ');
}

function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(text, (sign) => sign.charCodeAt(0));
}

/** Lets this browser take pushes for whoever is signed in (订阅推送); throws when the browser or the server says no. */
export async function subscribeToPushes(registration: ServiceWorkerRegistration, key: string, face: 'console' | 'field'): Promise<Device> {
  const present = await registration.pushManager.getSubscription();
  const known = present?.options.applicationServerKey;
  // One made for another key can be used by nobody any more.
  if (present && known && !sameBytes(new Uint8Array(known), bytesOf(key))) await present.unsubscribe();
  const subscription = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytesOf(key) });
  const { endpoint, keys } = subscription.toJSON();
  return (await api.post<Device>('/notice-devices', { name: deviceName(), face, endpoint, keys: { p256dh: keys!['p256dh'], auth: keys!['auth'] } })).data;
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, index) => byte === b[index]);

/** By what the server knows this browser: the SHA-256 of its endpoint, base64url; null when it takes none. */
export async function ownEndpointDigest(registration: ServiceWorkerRegistration | undefined): Promise<string | null> {
  const subscription = await registration?.pushManager.getSubscription();
  if (!subscription) return null;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(subscription.endpoint)));
  return btoa(String.fromCharCode(...digest)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
