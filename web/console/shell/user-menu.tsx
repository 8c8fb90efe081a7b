import { useNavigate } from '@tanstack/react-router';
import { App, type MenuProps } from 'antd';
import { api, asProblem } from '../../ui/api.ts';
import { setLanguage, setTheme, type ThemeChoice } from '../../ui/preferences.ts';
import { useThemeChoice } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { Icon } from '../parts/icon.tsx';
import { useSession } from '../session/session.tsx';
import { useOverlays } from './overlay-context.ts';
import type { pagesFor } from './pages.ts';
import styles from './user-menu.module.css';

const themes: readonly ThemeChoice[] = ['light', 'dark', 'system'];
const themeTexts = { light: 'preferences.light', dark: 'preferences.dark', system: 'preferences.system' } as const;

/** Signs out, and says so when the server could not be reached. */
export function useSignOut(): () => void {
  const { t } = useTexts();
  const { message } = App.useApp();
  return () => {
    api.signOut().catch((error: unknown) => message.error(t('user.signOutFailed', { reason: asProblem(error).title })));
  };
}

/** The menu behind one's own picture (个人菜单); `more` are the pages a phone's navigation has no room for. */
export function useUserMenu(more: ReturnType<typeof pagesFor> | null): MenuProps {
  const { t, language } = useTexts();
  const { me, may } = useSession();
  const overlays = useOverlays();
  const navigate = useNavigate();
  const theme = useThemeChoice();
  const signOut = useSignOut();
  return {
    selectedKeys: [`theme-${theme}`],
    items: [
      {
        key: 'who',
        type: 'group',
        label: (
          <span className={styles.who}>
            <strong>{me.name}</strong>
            <span>{me.email}</span>
            <span>{me.organization.name}</span>
          </span>
        ),
      },
      { type: 'divider' },
      ...(more === null ? [] : [{ key: 'search', icon: <Icon name="search" />, label: t('nav.search'), onClick: () => overlays.open({ kind: 'commands' }) }]),
      ...(more ?? []).map((page) => ({ key: page.to, icon: <Icon name={page.icon} />, label: t(page.text), onClick: () => void navigate({ to: page.to }) })),
      { key: 'security', icon: <Icon name="shield" />, label: t('user.security'), onClick: () => overlays.open({ kind: 'account' }) },
      // A phone has none.
      ...(more === null ? [{ key: 'keys', icon: <Icon name="keyboard" />, label: t('user.keys'), onClick: () => overlays.open({ kind: 'keys' }) }] : []),
      ...(may('api_key.manage') ? [{ key: 'apiDocs', icon: <Icon name="file" />, label: <a href="/api/docs" target="_blank" rel="noreferrer">{t('user.apiDocs')}</a> }] : []),
      { key: 'field', icon: <Icon name="external" />, label: <a href="/field">{t('user.field')}</a> },
      { type: 'divider' },
      {
        key: 'language', icon: <Icon name="globe" />, label: language === 'en' ? t('preferences.toChinese') : t('preferences.toEnglish'),
        onClick: () => setLanguage(language === 'en' ? 'zh-CN' : 'en'),
      },
      {
        key: 'theme', icon: <Icon name="sun" />, label: t('preferences.theme', { theme: t(themeTexts[theme]) }),
        children: themes.map((choice) => ({ key: `theme-${choice}`, label: t(themeTexts[choice]), onClick: () => setTheme(choice) })),
      },
      { type: 'divider' },
      { key: 'signOut', icon: <Icon name="logout" />, label: t('user.signOut'), onClick: signOut },
    ],
  };
}
