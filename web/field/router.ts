import { useSyncExternalStore } from 'react';

/**
 * Where in the app one is. Addresses live behind the `#`, so that every one of them opens from the single page the
 * service worker keeps.
 */
export type Route =
  | { screen: 'today' | 'pool' | 'history' | 'me' }
  | { screen: 'unsent' | 'scan' }
  | { screen: 'asset'; code: string }
  | { screen: 'job' | 'log' | 'obstacle' | 'complete' | 'done'; visitId: string };

const tabs = ['today', 'pool', 'history', 'me'] as const;
const forms = ['log', 'obstacle', 'complete', 'done'] as const;

function read(hash: string): Route {
  const parts = hash.replace(/^#\/?/, '').split('/');
  const [first = '', visitId, form] = parts;
  if (first === 'visits' && visitId !== undefined && visitId !== '') {
    const screen = forms.find((name) => name === form) ?? 'job';
    return { screen, visitId };
  }
  if (first === 'assets' && visitId !== undefined && visitId !== '') return { screen: 'asset', code: decoded(visitId) };
  if (first === 'unsent' || first === 'scan') return { screen: first };
  return { screen: tabs.find((name) => name === first) ?? 'today' };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Whether a place is one of those that the bar below leads to. */
export const isTab = (route: Route): route is Extract<Route, { screen: (typeof tabs)[number] }> => tabs.some((name) => name === route.screen);

/** The address of a place in the app, for links. */
export function hrefTo(route: Route): string {
  if (route.screen === 'asset') return `#/assets/${encodeURIComponent(route.code)}`;
  if (!('visitId' in route)) return route.screen === 'today' ? '#/' : `#/${route.screen}`;
  return route.screen === 'job' ? `#/visits/${route.visitId}` : `#/visits/${route.visitId}/${route.screen}`;
}

// How many steps inside the app lie behind this one: with none, "back" leads to Today instead of out of the app.
let depth = (history.state as { depth?: number } | null)?.depth ?? 0;
history.replaceState({ depth }, '');
let current = read(location.hash);
const listeners = new Set<() => void>();

addEventListener('hashchange', () => {
  const next = read(location.hash);
  if (JSON.stringify(next) === JSON.stringify(current)) return;
  depth = (history.state as { depth?: number } | null)?.depth ?? depth + 1;
  history.replaceState({ depth }, '');
  current = next;
  for (const listener of listeners) listener();
});

export function goTo(route: Route, options: { replace?: boolean } = {}): void {
  if (options.replace === true) {
    history.replaceState({ depth }, '', hrefTo(route));
    current = route;
    for (const listener of listeners) listener();
  } else {
    location.hash = hrefTo(route);
  }
}

/** One step back inside the app, or to `otherwise` when one came from outside. */
export function goBack(otherwise: Route = { screen: 'today' }): void {
  if (depth > 0) history.back();
  else goTo(otherwise, { replace: true });
}

export function useRoute(): Route {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    () => current,
  );
}
