import { LeftOutline } from 'antd-mobile-icons';
import type { ReactNode } from 'react';
import { useTexts } from '../i18n.ts';
import { goBack, type Route } from '../router.ts';

/** The bar above a screen that one goes back from. */
export function ScreenHead({ title, back, action }: { title: string; back: Route; action?: ReactNode }) {
  const { t } = useTexts();
  return (
    <header className="screen-head">
      <button type="button" className="icon-button" aria-label={t('common.back')} onClick={() => goBack(back)}>
        <LeftOutline aria-hidden="true" />
      </button>
      <span className="screen-head-title">{title}</span>
      <span className="screen-head-action">{action}</span>
    </header>
  );
}
