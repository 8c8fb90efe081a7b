/** What Chromium gives a page that may be installed (not in the DOM's types). */
interface InstallOffer extends Event {
  prompt: () => Promise<{ outcome: 'accepted' | 'dismissed' }>;
}

let offer: InstallOffer | null = null;
const listeners = new Set<() => void>();

function announce(): void {
  for (const listener of listeners) listener();
}

// The offer comes once, soon after loading, and has to be caught then.
addEventListener('beforeinstallprompt', (event) => {
  event.preventDefault();
  offer = event as InstallOffer;
  announce();
});
addEventListener('appinstalled', () => {
  offer = null;
  announce();
});

/** Whether the browser offers to install the app now. */
export function canInstall(): boolean {
  return offer !== null;
}

export function onInstallChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** Asks the browser to install the app. */
export async function install(): Promise<void> {
  const asked = offer;
  offer = null;
  await asked?.prompt();
  announce();
}

/** Whether the app runs on its own, from the home screen. */
export function isInstalled(): boolean {
  return matchMedia('(display-mode: standalone)').matches || (navigator as { standalone?: boolean }).standalone === true;
}
