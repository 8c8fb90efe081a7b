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
const systemDark: MediaQueryList | null = typeof matchMedia === 'function' ? matchMedia('(prefers-color-scheme: dark)') : null;

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

/** Calls back whenever language or theme changed; returns the function that ends it. */
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

if (systemDark !== null) {
  // Safari before 14 has only the older way of listening.
  if (typeof systemDark.addEventListener === 'function') systemDark.addEventListener('change', applyPreferences);
  else systemDark.addListener(applyPreferences);
  // Another tab of the same browser chose differently.
  addEventListener('storage', (event) => {
    if (event.key === languageKey || event.key === themeKey || event.key === null) applyPreferences();
  });
}
