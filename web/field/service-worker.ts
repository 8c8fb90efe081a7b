import { clientsClaim } from 'workbox-core';
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';
import { showPushes } from '../ui/push-worker.ts';

declare const self: ServiceWorkerGlobalScope & {
  __WB_MANIFEST: (string | { url: string; revision: string | null })[];
};

// The shell only. What comes from /api is never kept here: the app's own store knows what may be stale, and signing
// out must leave nothing behind.
cleanupOutdatedCaches();
precacheAndRoute(self.__WB_MANIFEST);
registerRoute(new NavigationRoute(createHandlerBoundToURL('index.html'), { allowlist: [/^\/field(\/|$)/] }));
clientsClaim();

// A new version waits until the person agrees: a reload in the middle of a signature would lose it.
self.addEventListener('message', (event) => {
  if ((event.data as { kind?: string } | null)?.kind === 'skipWaiting') void self.skipWaiting();
});

showPushes(self, { home: '/field/', within: '/field/', icon: '/field/icons/icon-192.png' });

// A notice of a new job leads to it, in the app that is open or in a new one.
self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const { url } = event.notification.data as { url: string };
  event.waitUntil(
    self.clients.matchAll({ type: 'window' }).then(async ([open]) => {
      if (open === undefined) {
        await self.clients.openWindow(url);
        return;
      }
      await open.focus();
      await open.navigate(url);
    }),
  );
});
