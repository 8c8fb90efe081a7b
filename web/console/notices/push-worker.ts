import { openOnClick, showPushes } from '../../ui/push-worker.ts';

declare const self: ServiceWorkerGlobalScope;

// Only for pushes: it answers no requests, and keeps nothing.
self.addEventListener('install', () => void self.skipWaiting());
showPushes(self, { home: '/notifications', within: '/', icon: '/favicon.svg' });
openOnClick(self);
