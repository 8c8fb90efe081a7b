import { clientsClaim } from 'workbox-core';
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';

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
