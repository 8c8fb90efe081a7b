import { useEffect } from 'react';
import { useTexts } from '../i18n.ts';

/** Names the page in the browser's tab (页面标题). */
export function useTitle(page: string): void {
  const { t } = useTexts();
  const title = `${page} · ${t('app.name')}`;
  useEffect(() => {
    document.title = title;
  }, [title]);
}
