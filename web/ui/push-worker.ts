interface Payload {
  title?: string;
  body?: string;
  url?: string | null;
  tag?: string;
  urgent?: boolean;
}

/**
 * Shows what is pushed (显示推送). A repetition has the tag of the first and takes its place; nothing of the payload is read as anything but text, and an address of
 * elsewhere leads nowhere.
 *
 * @param home where a notification leads that says nothing, and in place of pages of another face
 * @param within only addresses below it are opened
 */
export function showPushes(scope: ServiceWorkerGlobalScope, { home, within, icon }: { home: string; within: string; icon: string }): void {
  scope.addEventListener('push', (event) => {
    let payload: Payload = {};
    try {
      payload = event.data?.json() as Payload ?? {};
    } catch {
      // A browser wants something shown for every push.
    }
    const address = typeof payload.url === 'string' && URL.canParse(payload.url) ? new URL(payload.url) : null;
    const path = address === null ? home : address.pathname + address.search;
    event.waitUntil(scope.registration.showNotification(String(payload.title ?? 'Bihuan 闭环').slice(0, 200), {
      body: String(payload.body ?? '').slice(0, 1_000), icon, requireInteraction: payload.urgent === true,
      ...(payload.tag === undefined ? {} : { tag: String(payload.tag) }), data: { url: path.startsWith(within) ? path : home },
    }));
  });
}

/** A notification leads to what it is about, in a window that is open or in a new one (点开通知). */
export function openOnClick(scope: ServiceWorkerGlobalScope): void {
  scope.addEventListener('notificationclick', (event) => {
    event.notification.close();
    const { url } = event.notification.data as { url: string };
    event.waitUntil(scope.clients.matchAll({ type: 'window', includeUncontrolled: true }).then(async (windows) => {
      const open = windows.find((window) => !new URL(window.url).pathname.startsWith('/field') && !new URL(window.url).pathname.startsWith('/portal'));
      if (open === undefined) return void await scope.clients.openWindow(url);
      await open.focus();
      // A worker that controls no window cannot lead it anywhere: the page does.
      open.postMessage({ kind: 'open', url });
    }));
  });
}
