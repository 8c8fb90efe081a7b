import { createInstance, type i18n as I18n } from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';
import type { Say, Translation } from './dictionary.ts';
import { language, onPreferencesChange, type Language } from './preferences.ts';

/** The texts of a face: the i18next instance, a hook for components, and a function for everywhere else. */
export type FaceTexts<Chinese extends Record<string, string>> = {
  i18n: I18n;
  /** Inside a component: renders again when the language changes. */
  useTexts: () => { t: Say<Chinese>; language: Language };
  /** Outside components. */
  t: Say<Chinese>;
};

/**
 * Sets up i18next for one face with flat keys (`'bench.title'`), `{{names}}` as parameters and `key_one` for an
 * English singular. The compiler refuses an unknown key, a missing parameter and a phrase without its English.
 */
export function createTexts<const Chinese extends Record<string, string>>(
  chinese: Chinese,
  english: Translation<Chinese>,
): FaceTexts<Chinese> {
  const i18n = createInstance();
  void i18n.use(initReactI18next).init({
    lng: language(),
    fallbackLng: 'zh-CN',
    supportedLngs: ['zh-CN', 'en'],
    resources: { 'zh-CN': { translation: chinese }, en: { translation: english as Record<string, string> } },
    keySeparator: false,
    nsSeparator: false,
    initAsync: false,
    // React escapes what it renders.
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
  });
  onPreferencesChange(() => {
    if (i18n.language !== language()) void i18n.changeLanguage(language());
  });
  // The keys and values were checked by `Say`; i18next would check them again against its global resources.
  type Untyped = (key: string, values: object) => string;
  const translate = i18n.t as Untyped;
  return {
    i18n,
    t: (key, ...[values]) => translate(key, values ?? {}),
    useTexts: () => {
      const bound = useTranslation(undefined, { i18n });
      const translateHere = bound.t as Untyped;
      return {
        t: (key, ...[values]) => translateHere(key, values ?? {}),
        language: bound.i18n.language as Language,
      };
    },
  };
}
