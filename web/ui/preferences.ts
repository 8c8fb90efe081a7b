/** Chinese first, English second; both complete. */
export type Language = 'zh-CN' | 'en';
/** What was chosen; `system` follows the device. */
export type ThemeChoice = 'light' | 'dark' | 'system';
/** What is shown. */
export type Theme = 'light' | 'dark';

export const languages: readonly Language[] = ['zh-CN', 'en'];

const languageKey = 'bihuan.language';
const themeKey = 'bihuan.theme';
const listeners = new Set<() => void>();
const asked = (query: string): MediaQueryList | null => (typeof matchMedia === 'function' ? matchMedia(query) : null);
const systemDark = asked('(prefers-color-scheme: dark)');
const systemStill = asked('(prefers-reduced-motion: reduce)');

// A browser may forbid storage (private windows, WeChat's cleared profile): choices then last as long as the page.
const unstored = new Map<string, string>();

function read(key: string): string | null {
  try {
    return localStorage.getItem(key) ?? unstored.get(key) ?? null;
  } catch {
    return unstored.get(key) ?? null;
  }
}

function write(key: string, value: string): void {
  unstored.set(key, value);
  try {
    localStorage.setItem(key, value);
  } catch {
    // Kept in `unstored`.
  }
}

/** The language (语言) in use: the one chosen before, else the browser's, else Chinese. */
export function language(): Language {
  const chosen = read(languageKey);
  if (chosen === 'zh-CN' || chosen === 'en') return chosen;
  const wished = typeof navigator === 'object' ? (navigator.languages ?? [navigator.language]) : [];
  for (const tag of wished) {
    if (/^zh\b/i.test(tag)) return 'zh-CN';
    if (/^en\b/i.test(tag)) return 'en';
  }
  return 'zh-CN';
}

export function setLanguage(next: Language): void {
  write(languageKey, next);
  applyPreferences();
}

/** The theme (主题) as it was chosen. */
export function themeChoice(): ThemeChoice {
  const chosen = read(themeKey);
  return chosen === 'light' || chosen === 'dark' ? chosen : 'system';
}

/** The theme as it is shown. */
export function theme(): Theme {
  const choice = themeChoice();
  if (choice !== 'system') return choice;
  return systemDark?.matches === true ? 'dark' : 'light';
}

export function setTheme(next: ThemeChoice): void {
  write(themeKey, next);
  applyPreferences();
}

/** Whether the device asks for less motion (减少动态效果). */
export function wantsLessMotion(): boolean {
  return systemStill?.matches === true;
}

/** Calls back whenever language, theme or the wish for less motion changed; returns the function that ends it. */
export function onPreferencesChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** Writes language and theme onto the document; every face calls it once before it mounts. */
export function applyPreferences(): void {
  const root = document.documentElement;
  root.lang = language();
  root.setAttribute('data-theme', theme());
  // The bar of a phone's browser takes the colour of the page.
  const page = getComputedStyle(root).getPropertyValue('--page').trim();
  if (page !== '') document.querySelector('meta[name="theme-color"]')?.setAttribute('content', page);
  for (const listener of listeners) listener();
}

for (const system of [systemDark, systemStill]) {
  // Safari before 14 has only the older way of listening.
  if (typeof system?.addEventListener === 'function') system.addEventListener('change', applyPreferences);
  else system?.addListener(applyPreferences);
}
if (systemDark !== null) {
  // Another tab of the same browser chose differently.
  addEventListener('storage', (event) => {
    if (event.key === languageKey || event.key === themeKey || event.key === null) applyPreferences();
  });
}
