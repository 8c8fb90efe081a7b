import { languages, setLanguage } from '../../ui/preferences.ts';
import { useLanguage } from '../../ui/react/preferences.ts';
import { t } from '../i18n.ts';
import { Choice } from './choice.tsx';

const names = { 'zh-CN': '中文', en: 'English' } as const;

/** Chinese or English (语言). */
export function LanguageSwitch() {
  const language = useLanguage();
  return <Choice label={t('me.language')} options={languages.map((value) => ({ value, label: names[value] }))} value={language} onChange={setLanguage} />;
}
