import { useSyncExternalStore } from 'react';
import { language, onPreferencesChange, theme, themeChoice, wantsLessMotion, type Language, type Theme, type ThemeChoice } from '../preferences.ts';

/** The language in use; renders again when it changes. */
export function useLanguage(): Language {
  return useSyncExternalStore(onPreferencesChange, language);
}

/** Whether the device asks for less motion; renders again when that changes. */
export function useLessMotion(): boolean {
  return useSyncExternalStore(onPreferencesChange, wantsLessMotion);
}

/** The theme as shown; renders again when it changes. */
export function useTheme(): Theme {
  return useSyncExternalStore(onPreferencesChange, theme);
}

/** The theme as chosen, for the switch in the settings. */
export function useThemeChoice(): ThemeChoice {
  return useSyncExternalStore(onPreferencesChange, themeChoice);
}
