import { signal } from '@preact/signals';
import { readAddress, type Address } from './read-address.ts';

/** Where one is now. */
export const address = signal<Address>(readAddress(location));

function reread(): void {
  address.value = readAddress(location);
  scrollTo(0, 0);
}

addEventListener('hashchange', reread);
addEventListener('popstate', reread);

/** Goes to a page inside the organization's portal. */
export function goTo(hash: string, options: { replace?: boolean } = {}): void {
  if (options.replace === true) {
    history.replaceState(null, '', `${location.pathname}${location.search}${hash}`);
    reread();
  } else {
    location.hash = hash;
  }
}

/** Goes on to another of the portal's addresses without loading the page again. */
export function moveTo(path: string): void {
  history.replaceState(null, '', path);
  reread();
}
