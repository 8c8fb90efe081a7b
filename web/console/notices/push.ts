// oxlint-disable-next-line import/default -- Vite makes it: the address of the built worker
import workerUrl from './push-worker.ts?worker&url';

// It lies among the built files, whose folder is its scope; it needs no page of its own to be woken.
const scope = '/assets/';

/** The worker that shows pushes while no page is open (推送服务线程); undefined where there is none yet. */
export const pushRegistration = (): Promise<ServiceWorkerRegistration | undefined> => navigator.serviceWorker.getRegistration(scope);

/** Registers it, or this build's in place of an older one, and waits until it is there. */
export async function registerPushWorker(): Promise<ServiceWorkerRegistration> {
  const registration = await navigator.serviceWorker.register(workerUrl, { scope, updateViaCache: 'none' });
  const worker = registration.active ?? registration.waiting ?? registration.installing;
  if (worker && worker.state !== 'activated') {
    await new Promise<void>((resolve) => worker.addEventListener('statechange', () => worker.state === 'activated' && resolve()));
  }
  return registration;
}
