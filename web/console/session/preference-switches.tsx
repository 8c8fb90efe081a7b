import { setLanguage, setTheme, type ThemeChoice } from '../../ui/preferences.ts';
import { useThemeChoice } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { Icon } from '../parts/icon.tsx';
import styles from './preference-switches.module.css';

const nextTheme: Record<ThemeChoice, ThemeChoice> = { system: 'light', light: 'dark', dark: 'system' };
const themeIcons = { system: 'monitor', light: 'sun', dark: 'moon' } as const;

/** Language and theme (语言与主题) as two small buttons. */
export function PreferenceSwitches() {
  const { t, language } = useTexts();
  const theme = useThemeChoice();
  const themeName = { system: t('preferences.system'), light: t('preferences.light'), dark: t('preferences.dark') }[theme];
  return (
    <div className={styles.switches}>
      <button
        type="button"
        className={styles.switch}
        onClick={() => setLanguage(language === 'en' ? 'zh-CN' : 'en')}
        title={language === 'en' ? t('preferences.toChinese') : t('preferences.toEnglish')}
      >
        <Icon name="globe" />
        {language === 'en' ? '中文' : 'English'}
      </button>
      <button type="button" className={styles.switch} onClick={() => setTheme(nextTheme[theme])} title={t('preferences.theme', { theme: themeName })}>
        <Icon name={themeIcons[theme]} />
        {themeName}
      </button>
    </div>
  );
}
