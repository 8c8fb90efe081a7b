const listeners = new Set<() => void>();
let waiting: ServiceWorker | null = null;

function announce(worker: ServiceWorker | null): void {
  // On the very first visit nothing older is running: there is nothing to announce.
  if (worker === null || navigator.serviceWorker.controller === null) return;
  waiting = worker;
  for (const listener of listeners) listener();
}

/** Registers the service worker that keeps the field app usable without a network. */
export function registerServiceWorker(url: string, scope: string): void {
  if (!('serviceWorker' in navigator)) return;
  navigator.serviceWorker.register(url, { scope, updateViaCache: 'none' }).then(
    (registration) => {
      announce(registration.waiting);
      registration.addEventListener('updatefound', () => {
        const installing = registration.installing;
        installing?.addEventListener('statechange', () => {
          if (installing.state === 'installed') announce(installing);
        });
      });
      // An app that stays open for days looks for a new version whenever it is looked at.
      document.addEventListener('visibilitychange', () => {
        if (document.visibilityState === 'visible' && navigator.onLine) registration.update().catch(() => {});
      });
    },
    // Without it the app works all the same, as long as there is a network.
    () => {},
  );
}

/** Calls back when a new version waits, also when it has been waiting already. Returns the function that ends it. */
export function onUpdateReady(listener: () => void): () => void {
  listeners.add(listener);
  if (waiting !== null) listener();
  return () => {
    listeners.delete(listener);
  };
}

/** Changes over to the waiting version and loads the page again. */
export function applyUpdate(): void {
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
  waiting?.postMessage({ kind: 'skipWaiting' });
}
